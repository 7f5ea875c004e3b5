"""Grounds that emoji stand on: a plain colour, a gradient, or a simple painted place. Pictures are u8 [128, 128, 3] RGB."""
from functools import lru_cache

import cv2
import numpy as np

SIDE = 128
VARIANTS = 24
# The middle of what a colour's word means, RGB.
SHADES = {"red": (205, 40, 45), "orange": (240, 130, 30), "yellow": (245, 205, 50), "green": (60, 155, 65), "blue": (50, 100, 215),
          "purple": (135, 60, 180), "pink": (245, 130, 180), "brown": (125, 78, 45), "black": (42, 42, 46), "white": (238, 238, 236)}
_ROWS = np.linspace(0, 1, SIDE, dtype=np.float32)[:, None, None]


def shade(rng: np.random.Generator, colour: str, pale: float = 0.0, spread: float = 14) -> np.ndarray:
    """[3] f32; `pale` goes towards white."""
    rgb = np.asarray(SHADES[colour], np.float32) + rng.uniform(-spread, spread, 3).astype(np.float32)
    return np.clip(rgb + (245 - rgb) * pale, 0, 255)


def _blend(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.broadcast_to(top + (bottom - top) * _ROWS, (SIDE, SIDE, 3)).copy()


def _flat(rng: np.random.Generator, colour: str, named: bool) -> np.ndarray:
    """Plain, or a gradient to a neighbouring shade, of rows or around the middle."""
    pale = 0.0 if colour in ("black", "white") else rng.uniform(0.15, 0.45) if named else rng.uniform(0.1, 0.8)
    one = shade(rng, colour, pale)
    kind = rng.integers(3)
    if kind == 0:
        return np.broadcast_to(one, (SIDE, SIDE, 3))
    two = np.clip(one * rng.uniform(0.72, 0.92) if kind == 1 else one + (255 - one) * rng.uniform(0.2, 0.5), 0, 255)
    return _blend(two, one) if kind == 1 else two + (one - two) * _around()


@lru_cache(1)
def _around() -> np.ndarray:
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32) / (SIDE - 1) - 0.5
    return np.minimum(1, np.hypot(x, y) * 1.6)[..., None]


def _hills(rng: np.random.Generator, picture: np.ndarray, horizon: int, colour: np.ndarray, height: float, rough: float) -> None:
    x = np.arange(SIDE)
    line = sum(np.sin(x * f * rng.uniform(0.7, 1.3) + rng.uniform(0, 6.3)) / f for f in (0.03, 0.07, *((0.2, 0.35) if rough else ())))
    line = horizon - height * (line - line.min()) / np.ptp(line)
    points = np.stack([x, line], 1).round().astype(np.int32)
    cv2.fillPoly(picture, [np.concatenate([points, [[SIDE, horizon + 1], [0, horizon + 1]]]).astype(np.int32)], colour.tolist(), cv2.LINE_AA)


def _place(rng: np.random.Generator, name: str) -> tuple[np.ndarray, int]:
    """-> picture f32, row of the horizon"""
    c = lambda r, g, b, spread=12: np.clip(np.array([r, g, b], np.float32) + rng.uniform(-spread, spread), 0, 255)
    horizon = int(rng.integers(58, 84))
    tops = {"meadow": c(90, 165, 235), "beach": c(110, 190, 240), "desert": c(120, 180, 225), "snow": c(150, 180, 215),
            "night": c(14, 18, 50, 8), "room": c(*rng.uniform(150, 225, 3)), "sea": c(120, 180, 235)}
    bottoms = {"meadow": c(205, 232, 250), "beach": c(225, 240, 248), "desert": c(250, 225, 185), "snow": c(225, 232, 242),
               "night": c(50, 50, 105, 10), "room": tops["room"] * 0.94, "sea": c(225, 238, 248)}
    grounds = {"meadow": (c(110, 185, 75), c(65, 140, 50)), "beach": (c(240, 218, 165), c(222, 190, 130)), "desert": (c(232, 180, 110), c(205, 140, 75)),
               "snow": (c(246, 249, 253, 4), c(220, 230, 243, 6)), "night": (c(32, 40, 62, 8), c(18, 22, 38, 6)),
               "room": (c(170, 120, 80, 25), c(130, 88, 55, 20)), "sea": (c(60, 140, 195), c(25, 85, 150))}
    picture = _blend(tops[name], bottoms[name])
    if name == "meadow":
        _hills(rng, picture, horizon, c(120, 185, 110), rng.uniform(6, 18), 0)
    if name == "snow":
        _hills(rng, picture, horizon, c(175, 192, 215), rng.uniform(14, 34), 1)
    if name == "desert":
        _hills(rng, picture, horizon, c(222, 165, 100), rng.uniform(6, 16), 0)
    near, far = grounds[name]
    rows = np.clip((np.arange(SIDE, dtype=np.float32)[:, None, None] - horizon) / (SIDE - horizon), 0, 1)
    picture[horizon:] = (near + (far - near) * rows)[horizon:]
    if name == "beach":
        picture[horizon:horizon + int(rng.integers(6, 14))] = c(70, 160, 205)
    if name == "room":
        picture[horizon - 3:horizon] = c(240, 238, 232, 6)
    if name == "night":
        for _ in range(int(rng.integers(14, 36))):
            x, y = int(rng.integers(SIDE)), int(rng.integers(horizon - 4))
            picture[y, x] = rng.uniform(170, 255)
    if name == "sea":
        for y in range(horizon + 3, SIDE, 7):
            x = np.arange(SIDE)
            wave = (y + 1.6 * np.sin(x * 0.25 + rng.uniform(0, 6))).astype(int).clip(0, SIDE - 1)
            picture[wave, x] += 22
    if name in ("meadow", "beach", "snow", "sea") and rng.random() < 0.6:
        for _ in range(int(rng.integers(1, 4))):
            x, y, r = rng.integers(SIDE), rng.integers(8, 34), rng.integers(6, 15)
            layer = picture.copy()
            for dx, size in ((-0.9, 0.6), (0, 1.0), (0.8, 0.7)):
                cv2.ellipse(layer, (int(x + dx * r), int(y - 0.3 * r * size)), (int(r * size), int(r * size * 0.7)), 0, 0, 360, (250, 250, 252), -1, cv2.LINE_AA)
            picture += 0.75 * (layer - picture)
    return np.clip(picture, 0, 255), horizon


@lru_cache(1024)
def _kept(name: str, variant: int) -> tuple[np.ndarray, int]:
    picture, horizon = _place(np.random.default_rng([variant, *name.encode()]), name)
    return picture.astype(np.uint8), horizon


def backdrop(rng: np.random.Generator, ground: str | None, places: list[str]) -> tuple[np.ndarray, int | None]:
    """-> picture (the caller's own), row of the horizon where there is one. `ground` is a place, a colour or free."""
    if ground is None and rng.random() < 0.4:
        ground = places[int(rng.integers(len(places)))]
    if ground in places:
        picture, horizon = _kept(ground, int(rng.integers(VARIANTS)))
        picture = picture[:, ::-1] if rng.random() < 0.5 else picture
        return cv2.convertScaleAbs(picture, alpha=float(rng.uniform(0.92, 1.06))), horizon
    colour = ground or list(SHADES)[int(rng.integers(len(SHADES)))]
    return np.ascontiguousarray(_flat(rng, colour, ground is not None), np.float32).astype(np.uint8), None

"""Pictures of scenes, made on the fly from the emoji's art: 128 px, u8 RGB.

    world = World("data/emoji.npz"); picture, masks = world.compose(rng, scene)
"""
import math
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np

from .backdrops import SHADES, SIDE, backdrop, shade
from .captions import NOUNS, PLACES, STYLES, Scene

CHANCES = [0.7, 0.1, 0.1, 0.1]          # of the styles where none is said
INDEX = {noun: i for i, noun in enumerate(NOUNS)}
cv2.setNumThreads(1)


@lru_cache(64)
def _pattern(material: str, variant: int) -> np.ndarray:
    """How much of the second colour there is: f32 [2 SIDE, 2 SIDE, 1]; a huge thing that is turned is wider than a picture."""
    rng = np.random.default_rng([variant, *material.encode()])
    y, x = np.mgrid[:2 * SIDE, :2 * SIDE].astype(np.float32)
    angle, period = rng.uniform(0, math.pi), rng.uniform(8, 15)
    u, v = x * math.cos(angle) + y * math.sin(angle), y * math.cos(angle) - x * math.sin(angle)
    wave = lambda t: np.sin(t * 2 * math.pi / period)
    on = wave(u) * 3 if material == "striped" else (np.abs(wave(u / 2) * wave(v / 2)) - 0.72) * 9
    return np.clip(0.5 + on, 0, 1)[..., None]


@lru_cache(1)
def _soft() -> np.ndarray:
    """A soft ellipse: f32 [16, 64]."""
    y, x = np.mgrid[-1:1:16j, -1:1:64j]
    return np.clip(1.15 - np.hypot(x, y) * 1.15, 0, 1).astype(np.float32)


class World:
    def __init__(self, art: str | Path):
        with np.load(art) as stored:
            self.levels = [stored["level0"], stored["level1"]]
        small = self.levels[1].astype(np.float32)
        luma, alpha = small[..., :3] @ np.float32([0.299, 0.587, 0.114]), small[..., 3]
        self.mean = luma.sum((2, 3)) / alpha.sum((2, 3)) * 255          # [nouns, styles]
        self.boxes = {}

    def patch(self, noun: str, style: str, longer: float, angle: float, flip: bool) -> np.ndarray:
        """The noun, its longer side so many pixels, turned by degrees: premultiplied RGBA, cut to what is visible."""
        index = INDEX[noun], STYLES.index(style)
        level = self.levels[0 if longer > 56 else 1][index]
        side = level.shape[0]
        key = *index, side
        if key not in self.boxes:
            self.boxes[key] = cv2.boundingRect(level[..., 3])
        x, y, w, h = self.boxes[key]
        scale = longer / max(w, h)
        cos, sin = math.cos(math.radians(angle)) * scale, math.sin(math.radians(angle)) * scale
        a, b = (-cos if flip else cos), (-sin if flip else sin)
        width, height = (math.ceil(abs(w * p) + abs(h * q)) + 2 for p, q in ((cos, sin), (sin, cos)))
        cx, cy = x + w / 2 - 0.5, y + h / 2 - 0.5
        matrix = np.float32([[a, -sin, width / 2 - 0.5 - a * cx + sin * cy], [b, cos, height / 2 - 0.5 - b * cx - cos * cy]])
        out = cv2.warpAffine(level, matrix, (width, height), flags=cv2.INTER_LINEAR)
        x, y, w, h = cv2.boundingRect(np.ascontiguousarray(out[..., 3]))
        return out[y:y + h, x:x + w]

    def recoloured(self, rng: np.random.Generator, patch: np.ndarray, noun: str, style: str, colour: str, material: str | None) -> np.ndarray:
        """Light and dark stay, the hue becomes the colour's; stripes and dots are of a second one."""
        mean = float(np.clip(self.mean[INDEX[noun], STYLES.index(style)], 60, 200))
        base = shade(rng, colour, spread=16)
        x = np.arange(256, dtype=np.float32)[:, None]
        if material == "metallic":
            x = np.clip(x + 55 * np.sin(x / 255 * 4 * math.pi), 0, 255)
        floor = 0.5 if colour == "white" else 0.12
        dark = base * (floor + (1 - floor) * np.minimum(1, x / mean))
        light = np.clip((x - mean) / (255 - mean), 0, 1) * (0.95 if material == "metallic" else 0.45 if colour == "black" else 0.7)
        table = dark + (255 - dark) * light
        if material == "glowing":
            table += (255 - table) * 0.25 * np.minimum(1, x / mean)
        alpha = patch[..., 3:].astype(np.float32) / 255
        straight = np.clip(patch[..., :3] / np.maximum(alpha, 1 / 255), 0, 255).astype(np.uint8)
        out = table[cv2.cvtColor(straight, cv2.COLOR_RGB2GRAY)]
        if material in ("striped", "dotted"):
            on = _pattern(material, int(rng.integers(32)))[:patch.shape[0], :patch.shape[1]]
            second = np.float32([60, 60, 66] if colour in ("white", "yellow") else [250, 246, 238])
            out += (second * (0.55 + 0.45 * out.mean(-1, keepdims=True) / max(1.0, base.mean())).clip(0, 1) - out) * on * 0.7
        out = np.clip(out, 0, 255) * alpha
        return np.dstack([out, patch[..., 3:]]).astype(np.uint8)

    def compose(self, rng: np.random.Generator, scene: Scene, masks: bool = False) -> tuple[np.ndarray, np.ndarray | None]:
        """-> picture [128, 128, 3]; where the first (1) and the second object (2) are seen [128, 128], if asked for"""
        canvas, horizon = backdrop(rng, scene.ground, list(PLACES))
        seen = np.zeros((SIDE, SIDE), np.uint8) if masks else None
        style = scene.style or STYLES[int(rng.choice(4, p=CHANCES))]
        feet = 128 * rng.uniform(max(0.8, (horizon or 0) / 128 + 0.1), 0.95)
        spots = self.spots(rng, scene, horizon is not None, feet)
        for number, (noun, longer, x, y, down, angle) in spots:
            patch = self.patch(noun, style, longer * SIDE, angle, bool(rng.random() < 0.5))
            height, width = patch.shape[:2]
            if scene.kind == 2:
                patch = self.recoloured(rng, patch, noun, style, scene.colour, scene.material)
            left = round(min(max(x * SIDE - width / 2, 0), max(0, SIDE - width)))
            top = round(min(max((feet if y is None else y * SIDE) - height * (1 if y is None else 0.5), 0), max(0, SIDE - height)))
            if scene.material == "glowing":
                self.glow(canvas, patch, left, top, shade(rng, scene.colour, 0.3))
            if down:
                self.shadow(canvas, left + width / 2, top + height, width)
            self.lay(canvas, patch, left, top)
            if masks:
                part = patch[:SIDE - top, :SIDE - left, 3] > 127
                seen[top:top + part.shape[0], left:left + part.shape[1]][part] = number
        return canvas, seen

    def spots(self, rng: np.random.Generator, scene: Scene, place: bool, feet: float):
        """Which noun stands where, in the order of painting: (number, (noun, longer side, x, y of the middle or None for on the
        feet's row, whether it casts a shadow, degrees)); lengths in pictures."""
        turn = {None: 0, "standing": 0, "lying": 90 if rng.random() < 0.5 else -90, "upside down": 180}[scene.pose]
        angle = lambda: turn + rng.uniform(-8, 8)
        u = rng.uniform
        if scene.kind == 3:
            one, two = u(0.36, 0.46), u(0.36, 0.46)
            if scene.relation in ("left", "right"):
                xs = (u(0.24, 0.29), u(0.71, 0.76))
                x, z = xs if scene.relation == "left" else xs[::-1]
                return [(1, (scene.noun, one, x, None, True, angle())), (2, (scene.other, two, z, None, True, angle()))]
            if scene.relation in ("above", "below"):
                high, low = u(0.24, 0.28), u(0.72, 0.76)
                y, z = (high, low) if scene.relation == "above" else (low, high)
                return [(1, (scene.noun, one, u(0.35, 0.65), y, y > z, angle())), (2, (scene.other, two, u(0.35, 0.65), z, z > y, angle()))]
            side = 1 if rng.random() < 0.5 else -1
            return [(2, (scene.other, u(0.5, 0.58), 0.5 - side * u(0.08, 0.15), u(0.38, 0.45), False, angle())),
                    (1, (scene.noun, u(0.4, 0.48), 0.5 + side * u(0.1, 0.18), u(0.68, 0.73), True, angle()))]
        count = {"double": 2, "triple": 3}.get(scene.size, 1)
        if count > 1:
            longer, gap = (u(0.38, 0.46), 0.48) if count == 2 else (u(0.27, 0.32), 0.325)
            return [(1, (scene.noun, longer, 0.5 + (i - (count - 1) / 2) * gap, None if place else 0.5 + u(-0.05, 0.05), True, angle())) for i in range(count)]
        longer = u(0.24, 0.34) if scene.size == "small" else u(0.84, 0.95) if scene.size == "huge" else u(0.48, 0.7)
        x = u(0.3, 0.7) if longer < 0.4 else u(0.42, 0.58)
        return [(1, (scene.noun, longer, x, None if place else u(0.42, 0.6), True, angle()))]

    def lay(self, canvas: np.ndarray, patch: np.ndarray, left: int, top: int) -> None:
        patch = patch[:SIDE - top, :SIDE - left]
        part = canvas[top:top + patch.shape[0], left:left + patch.shape[1]]
        behind = cv2.multiply(part, cv2.cvtColor(255 - patch[..., 3], cv2.COLOR_GRAY2RGB), scale=1 / 255)
        part[:] = cv2.add(behind, np.ascontiguousarray(patch[..., :3]))

    def shadow(self, canvas: np.ndarray, x: float, y: float, width: float) -> None:
        w, h = max(4, round(width * 0.95)), max(3, round(width * 0.14))
        left, top = round(x - w / 2), round(y - h * 0.6)
        x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + w, SIDE), min(top + h, SIDE)
        if x1 <= x0 or y1 <= y0:
            return
        dark = cv2.resize(_soft(), (w, h))[y0 - top:y1 - top, x0 - left:x1 - left, None]
        part = canvas[y0:y1, x0:x1]
        part[:] = part * (1 - 0.5 * dark)

    def glow(self, canvas: np.ndarray, patch: np.ndarray, left: int, top: int, colour: np.ndarray) -> None:
        alpha = np.zeros((SIDE, SIDE), np.uint8)
        part = patch[:SIDE - top, :SIDE - left, 3]
        alpha[top:top + part.shape[0], left:left + part.shape[1]] = part
        halo = cv2.resize(cv2.GaussianBlur(cv2.resize(alpha, (32, 32), interpolation=cv2.INTER_AREA), (0, 0), 2.6), (SIDE, SIDE))
        halo = halo[..., None].astype(np.float32) * (1.1 / 255)
        canvas[:] = np.clip(canvas + (colour - canvas) * np.minimum(1, halo), 0, 255)

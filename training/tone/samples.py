"""What the tone network learns from: things in a picture whose light is not theirs, and how they would look in its light.

A sample is a square about a thing, CONTEXT times as wide as its longer side, SIDE pixels a side:
picture u8 [SIDE, SIDE, 3]: the photo with the thing pasted in; alpha u8 [SIDE, SIDE]: the thing's; inside u8 [SIDE, SIDE]: 255 where
the square lies in the photo; truth u8 [SIDE, SIDE, 3]: the thing in the photo's light, defined where alpha is; whole u8 [WHOLE, WHOLE,
3]: the photo with the thing in it, squeezed. All encoded sRGB.

Rendered ones: a model under a panorama's light (light.py), over a view of that panorama, pasted as it looks under another
panorama. Photographed ones: a thing of a photograph, recoloured.
"""
import math
from dataclasses import dataclass

import cv2
import numpy as np

from geometry.appearance import repainted
from geometry.samples import SIDE as DRAWN, inside as in_box
from geometry.view import View, draw_view
from meshes.obj import Mesh
from meshes.zbuffer import Surface, draw as rasterise, empty, surface
from places.light import LUMA, headed
from places.panoramas import looked_up

from .light import coefficients, irradiance

SIDE, WHOLE, CONTEXT = 64, 32, 2.0
SMALLEST = 0.02  # share of the crop that a thing must fill


@dataclass
class World:
    """A panorama's radiance f32 [rows, columns, 3] and its light (light.coefficients)."""
    radiance: np.ndarray
    light: np.ndarray


def another(world: World, rng: np.random.Generator) -> World:
    """A world that might be: a panorama's with another contrast and other colours. There are few panoramas."""
    if rng.uniform() < 0.3:
        return world
    power = math.exp(rng.normal(0, 0.15))
    middle = np.median(world.radiance)
    radiance = (middle * (world.radiance / middle) ** power * np.exp(rng.normal(0, 0.15, 3))).astype(np.float32)
    return World(radiance, coefficients(radiance))


def encoded(linear: np.ndarray) -> np.ndarray:
    x = np.clip(linear, 0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def decoded(x: np.ndarray) -> np.ndarray:
    return np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def bytes_of(x: np.ndarray) -> np.ndarray:
    return np.round(255 * np.clip(x, 0, 1)).astype(np.uint8)


@dataclass
class Thing:
    """A model as it is seen, before any light: all of its pixels are those of mask."""
    mask: np.ndarray  # bool [DRAWN, DRAWN]
    found: Surface
    view: View
    open: np.ndarray  # f32 [pixels, 1]: how much of the sky and ground each pixel sees, roughly
    gloss: float


def thing_of(mesh: Mesh, size: tuple[float, float, float], rng: np.random.Generator) -> Thing | None:
    """A model seen from somewhere, at times in other colours; None where no view shows enough of it."""
    for _ in range(6):
        view = draw_view(mesh.points, size, rng, DRAWN)
        if view is None:
            return None
        buffers = empty(DRAWN, DRAWN)
        rasterise(mesh, view.matrix(), view.camera.focal, (view.camera.cx, view.camera.cy), buffers)
        mask = buffers.mask & in_box(view.box)
        if mask.mean() < SMALLEST:
            continue
        colour, texture = repainted(mesh, rng) if rng.uniform() < 0.4 else (mesh.colour, mesh.texture)
        found = surface(mesh, buffers, mask, view.eye(), colour, texture)
        height = found.point[:, 1:2] / max(size)
        crease = 1 - rng.uniform(0, 0.6) * np.exp(-height * rng.uniform(4, 15))  # darker near the ground
        return Thing(mask, found, view, (crease * rng.uniform(0.75, 1.0)).astype(np.float32), float(rng.uniform() < 0.4) * rng.uniform(0, 0.12))
    return None


def seen(thing: Thing, world: World, heading: float) -> np.ndarray:
    """The thing's radiance in a world seen along a heading (radians clockwise of the panorama's middle), f64 [pixels, 3]."""
    s, c = math.sin(thing.view.yaw), math.cos(thing.view.yaw)
    level = thing.found.normal @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T
    falls = irradiance(level @ headed(heading).T, world.light)
    even = irradiance(np.array([[0.0, 1, 0], [0, -1, 0]]), world.light).mean(0)
    return (thing.found.albedo * falls + thing.gloss * even) * thing.open / math.pi


def as_photographed(radiance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Linear, exposed for itself by somebody who keeps something of its being dark or light, balanced more or less."""
    mean = (radiance @ LUMA).mean()
    aim = rng.uniform(0.15, 0.5)
    keep = rng.uniform(0.3, 1)
    gain = aim / (keep * mean + (1 - keep) * aim) if mean < aim else aim / mean
    # In units in which a white thing in that light would be about 1.
    return radiance * gain * np.exp(rng.normal(0, 0.05, 3))


def curve_of(rng: np.random.Generator):
    """A camera's or a developer's way with tones, of encoded values."""
    bend, gamma = rng.normal(0, 0.12), math.exp(rng.normal(0, 0.06))
    return lambda x: np.clip(x + bend * np.sin(2 * math.pi * np.clip(x, 0, 1)) / (2 * math.pi) * -1, 0, 1) ** gamma


def rendered(thing: Thing, world: World, other: World, rng: np.random.Generator) -> dict[str, np.ndarray] | None:
    """A thing in a view of a world, pasted as it looks in another; None where the view shows too little light to be a photo."""
    heading = rng.uniform(0, 2 * math.pi)
    columns = int(rng.choice([144, 192, 192]))
    rows = 336 - columns if rng.uniform() < 0.7 else columns
    focal = max(rows, columns) / 2 / math.tan(math.radians(rng.uniform(40, 88)) / 2)
    pitch = math.radians(float(np.clip(rng.normal(9, 7), -8, 35)))
    s, c = math.sin(pitch), math.cos(pitch)
    turn = np.array([[1, 0, 0], [0, -c, -s], [0, -s, c]])
    v, u = np.mgrid[0:2 * rows, 0:2 * columns] / 2 + 0.25
    rays = np.stack([(u - columns / 2) / focal, (v - rows / 2) / focal, np.ones_like(u)], -1) @ turn
    plate = looked_up(world.radiance, rays @ headed(heading).T).reshape(rows, 2, columns, 2, 3).mean((1, 3))

    side = rng.uniform(0.2, 0.75) * min(rows, columns)  # of the thing's crop
    left = rng.uniform(-0.1, 1.1) * (columns - side)
    top = rng.uniform(0.35, 1.05) * (rows - side)
    there = plate[int(max(0, top + 0.8 * side)):int(top + 1.2 * side) + 1, int(max(0, left)):int(left + side) + 1]
    ground = float(np.median(there @ LUMA)) if there.size else float(np.median(plate @ LUMA))
    white = float(irradiance(np.array([[0.0, 1, 0]]), world.light)[0] @ LUMA / math.pi)
    bright = max(float(np.percentile(plate @ LUMA, 90)), 1e-6)
    exposed = min(math.sqrt(0.7 / bright * 0.2 / max(ground, 1e-6)), 1.8 / white) if rng.uniform() < 0.5 \
        else rng.uniform(0.45, 1.0) / max(float(np.percentile(plate.mean(-1), rng.uniform(90, 99))), 1e-6)
    exposed *= rng.uniform(0.85, 1.15)
    balance = np.exp(rng.normal(0, 0.06, 3))
    curve = curve_of(rng) if rng.uniform() < 0.5 else (lambda x: x)
    developed = lambda radiance: curve(encoded(radiance * exposed * balance))

    truth, given = np.zeros((2, DRAWN, DRAWN, 3), np.float32)
    truth[thing.mask] = developed(seen(thing, world, heading))
    given[thing.mask] = encoded(as_photographed(seen(thing, other, rng.uniform(0, 2 * math.pi)), rng))
    # A thing that is black or burnt out in its picture says nothing.
    if not 0.06 < truth[thing.mask].mean() < 0.95:
        return None
    photo = developed(plate).astype(np.float32)
    return composed(photo, given, truth, thing.mask.astype(np.float32), (left, top, side), rng)


def composed(photo: np.ndarray, given: np.ndarray, truth: np.ndarray, alpha: np.ndarray, square: tuple[float, float, float],
             rng: np.random.Generator) -> dict[str, np.ndarray] | None:
    """photo f32 [rows, columns, 3]; given, truth f32 [n, n, 3] and alpha f32 [n, n]: a thing's square crop, which lies with its
    left, top and side in the photo; encoded."""
    left, top, side = square
    rows, columns = photo.shape[:2]
    n = alpha.shape[0]
    ys, xs = np.nonzero(alpha > 0.5)
    if len(ys) == 0:
        return None
    across = side / n
    box = np.array([xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]) * across + [left, top, left, top]
    reach = CONTEXT * max(box[2] - box[0], box[3] - box[1])
    x0, y0 = (box[0] + box[2] - reach) / 2, (box[1] + box[3] - reach) / 2
    # Rows and columns of what is asked for, in the thing's crop and in the photo; three samples a pixel.
    fine = 3 * SIDE
    at = (np.arange(fine, dtype=np.float32) + 0.5) / fine * reach
    small = lambda x: cv2.resize(x, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    grid = lambda x, y: (np.broadcast_to(x, (fine, fine)).astype(np.float32), np.broadcast_to(y[:, None], (fine, fine)).astype(np.float32))
    own = grid((at + x0 - left) / across - 0.5, (at + y0 - top) / across - 0.5)
    cut = lambda x: cv2.remap(x, *own, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    cover = cut(alpha)
    put = grid(at + x0 - 0.5, at + y0 - 0.5)
    around = cv2.remap(photo, *put, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    lies = ((at + x0 > 0) & (at + x0 < columns))[None] & ((at + y0 > 0) & (at + y0 < rows))[:, None]
    cover = cover * lies
    alpha_small = small(cover)
    if alpha_small.mean() < 0.01:
        return None
    mean = lambda x: small(cut(x * alpha[..., None]) * lies[..., None]) / np.maximum(alpha_small, 1e-3)[..., None]
    picture = small(around) * (1 - alpha_small[..., None]) + mean(given) * alpha_small[..., None]
    # The whole, with the thing where it lies.
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) + 0.5
    spot = ((x - left) / across - 0.5, (y - top) / across - 0.5)
    there = cv2.remap(alpha, *spot, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)[..., None]
    pasted = photo * (1 - there) + cv2.remap(given * alpha[..., None], *spot, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    whole = cv2.resize(pasted, (WHOLE, WHOLE), interpolation=cv2.INTER_AREA)
    return {"picture": bytes_of(picture), "alpha": bytes_of(alpha_small), "inside": bytes_of(small(lies.astype(np.float32))),
            "truth": bytes_of(mean(truth)), "whole": bytes_of(whole)}


def recoloured(thing: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Encoded f32 [rows, columns, 3] as another photo, under another light, would have it."""
    rows, columns = thing.shape[:2]
    stops = rng.normal(0, 0.45) + np.array([1, 0, -1]) * rng.normal(0, 0.15) + rng.normal(0, 0.05, 3)
    y, x = np.mgrid[0:rows, 0:columns] / max(rows, columns)
    turn = rng.uniform(0, 2 * math.pi)
    side = rng.normal(0, 0.35) * ((x - x.mean()) * math.cos(turn) + (y - y.mean()) * math.sin(turn))
    lit = encoded(decoded(thing) * 2 ** (stops + side[..., None]))
    grey = lit @ np.array([0.299, 0.587, 0.114])
    coloured = grey[..., None] + (1 + rng.normal(0, 0.15)) * (lit - grey[..., None])
    haze = max(0.0, rng.normal(0, 0.03))
    return np.clip((1 - haze) * (0.5 + (1 + rng.normal(0, 0.12)) * (coloured - 0.5)) + haze, 0, 1).astype(np.float32)


def photographed(photo: np.ndarray, alpha: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray] | None:
    """A thing of a photograph in another tone. photo f32 [rows, columns, 3] encoded, alpha f32 [rows, columns] of its thing."""
    if rng.uniform() < 0.5:
        photo, alpha = photo[:, ::-1], alpha[:, ::-1]
    rows, columns = alpha.shape
    # What is done to the whole is in the truth, too: it is another photo.
    if rng.uniform() < 0.6:
        photo = recoloured(photo, rng)
    n = max(rows, columns)
    square = lambda x: np.pad(x, [(0, n - rows), (0, n - columns)] + [(0, 0)] * (x.ndim - 2))
    truth = square(photo)
    given = recoloured(truth, rng) if rng.uniform() < 0.93 else truth
    return composed(np.ascontiguousarray(photo), given, truth, np.ascontiguousarray(square(alpha)), (0, 0, n), rng)



"""Pictures cropped from HDR panoramas: the horizon and the light are known, the ground is not.

A panorama: f16 [rows, columns, 3] linear, the zenith above; middle column straight ahead, columns run clockwise seen from above.
"""
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geometry.view import Camera
from meshes.catalogue import held_out_names
from meshes.zbuffer import jit

from .light import Light, describe, headed
from .plan import picture_size
from .render import FINER, developed

MADE_UP_GROUND = ("aristea_wreck_puresky_1k", "pmndrs_sky")  # for these only the light is true
TWINS = ("venice_sunset_1k",)  # the same photograph as another of the folder
LIGHT_ROWS = 128  # a panorama is reduced to this many rows for its light


@dataclass
class Panorama:
    name: str
    radiance: np.ndarray  # f32 [rows, columns, 3]
    towards: np.ndarray  # [n, 3], of the upper half, reduced
    falls: np.ndarray  # [n, 3], irradiance that each gives to the ground


def names(folder: Path, held_out: bool) -> list[str]:
    """Panoramas whose ground is a photograph, each once."""
    found = [path.stem for path in sorted(folder.glob("*.npz"))]
    return [n for n in found if n not in MADE_UP_GROUND + TWINS and (n in held_out_names()) == held_out]


def read(folder: Path, name: str) -> Panorama:
    with np.load(folder / f"{name}.npz") as file:
        radiance = file["rgb"].astype(np.float32)
    block = radiance.shape[0] // LIGHT_ROWS
    small = radiance.reshape(LIGHT_ROWS, block, 2 * LIGHT_ROWS, block, 3).mean((1, 3))[:LIGHT_ROWS // 2]
    elevation = math.pi / 2 - (np.arange(LIGHT_ROWS // 2) + 0.5) / LIGHT_ROWS * math.pi
    turned = (0.5 - (np.arange(2 * LIGHT_ROWS) + 0.5) / (2 * LIGHT_ROWS)) * 2 * math.pi  # counter-clockwise from straight ahead
    up, flat = np.sin(elevation)[:, None] + 0 * turned, np.cos(elevation)[:, None]
    towards = np.stack([-flat * np.sin(turned), up, flat * np.cos(turned)], -1).reshape(-1, 3)
    area = (math.pi / LIGHT_ROWS) ** 2 * flat
    return Panorama(name, radiance, towards, (small * (area * np.sin(elevation)[:, None])[..., None]).reshape(-1, 3))


@dataclass
class Crop:
    colour: np.ndarray  # f32 [rows, columns, 3], encoded sRGB
    camera: Camera
    tilt: float
    light: Light


def crop(panorama: Panorama, rng: np.random.Generator) -> Crop:
    """A random view, at times mirrored; the light is given in the view's frame."""
    rows, columns = size = picture_size(rng)
    focal = max(size) / 2 / math.tan(math.radians(rng.uniform(35, 90)) / 2)
    camera = Camera(focal, columns / 2, rows / 2, math.radians(float(np.clip(rng.normal(6, 8), -12, 35))))
    tilt, heading = math.radians(rng.normal(0, 1.5)), rng.uniform(0, 2 * math.pi)
    fine = camera.windowed(FINER, 0, 0)
    s, c = math.sin(tilt), math.cos(tilt)
    turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ camera.turn()
    v, u = np.mgrid[0:rows * FINER, 0:columns * FINER] + 0.5
    rays = np.stack([(u - fine.cx) / fine.focal, (v - fine.cy) / fine.focal, np.ones_like(u)], -1) @ turn
    picture = looked_up(panorama.radiance, rays @ headed(heading).T)
    small = picture.reshape(rows, FINER, columns, FINER, 3).mean((1, 3))
    towards = panorama.towards @ headed(heading)
    if rng.uniform() < 0.5:
        small, tilt, towards = small[:, ::-1], -tilt, towards * [-1, 1, 1]
    return Crop(developed(small, rng), camera, tilt, describe(towards, panorama.falls))


def looked_up(radiance: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """Bilinear, f32 [..., 3]. Rays need not be unit."""
    out = np.empty((*rays.shape[:-1], 3), np.float32)
    _looked_up(radiance, rays.reshape(-1, 3), out.reshape(-1, 3))
    return out


@jit
def _looked_up(radiance, rays, out):
    rows, columns, _ = radiance.shape
    for i in range(len(rays)):
        x, y, z = rays[i]
        column = (0.5 + math.atan2(x, z) / (2 * math.pi)) * columns - 0.5
        row = (0.5 - math.atan2(y, math.hypot(x, z)) / math.pi) * rows - 0.5
        left, top = math.floor(column), math.floor(row)
        fx, fy = column - left, row - top
        a, b = int(left) % columns, (int(left) + 1) % columns
        upper, lower = min(max(int(top), 0), rows - 1), min(max(int(top) + 1, 0), rows - 1)
        for c in range(3):
            above = radiance[upper, a, c] * (1 - fx) + radiance[upper, b, c] * fx
            below = radiance[lower, a, c] * (1 - fx) + radiance[lower, b, c] * fx
            out[i, c] = above * (1 - fy) + below * fy

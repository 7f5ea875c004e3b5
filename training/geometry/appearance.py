"""Hard random looks for a model: materials repainted, patterns, lights, gloss, dirt near the ground. Nothing here is meant to be
true; a network that has seen it cannot rely on colour."""
import math

import numpy as np

from meshes.obj import Mesh
from meshes.zbuffer import Buffers, Surface, surface

from .view import View


def repainted(mesh: Mesh, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """-> colour f32 [materials, 3], texture i32 [materials]: some materials in new colours, some textures gone."""
    colour, texture = mesh.colour.copy(), mesh.texture.copy()
    chance = rng.choice([0.0, 0.15, 0.6, 1.0], p=[0.25, 0.25, 0.35, 0.15])
    for m in np.flatnonzero(rng.uniform(size=len(colour)) < chance):
        colour[m] = rng.uniform(0.03, 1, 3) if rng.uniform() < 0.5 else rng.uniform(0.05, 1)
        if rng.uniform() < 0.6:
            texture[m] = -1
    return colour, texture


def pattern(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Waves, stripes or blotches in space: f32 [pixels, 1], about 1. points: in units of the model's longest side."""
    strength = rng.uniform(0.05, 0.5)
    waves = rng.normal(0, rng.uniform(4, 45), (3, 4)).astype(np.float32)
    phase = rng.uniform(0, 2 * math.pi, 4).astype(np.float32)
    s = np.sin(points @ waves + phase)
    kind = rng.integers(4)
    if kind == 0:
        field = s[:, 0] * s[:, 1]
    elif kind == 1:
        field = np.sign(s[:, 0])
    elif kind == 2:
        field = np.sign(s[:, 0] * s[:, 1])
    else:
        field = s.sum(1) / 2
    return (1 + strength * field)[:, None]


def direction(rng: np.random.Generator, low: float, high: float) -> np.ndarray:
    """A unit vector with an elevation between two angles (degrees), any azimuth."""
    azimuth, elevation = rng.uniform(0, 2 * math.pi), math.radians(rng.uniform(low, high))
    return np.array([math.cos(elevation) * math.cos(azimuth), math.sin(elevation),
                     math.cos(elevation) * math.sin(azimuth)], np.float32)


def tint(rng: np.random.Generator, spread: float) -> np.ndarray:
    """A colour of light about white, from warm to cool."""
    warm = rng.normal(0, spread)
    return np.exp(np.array([warm, 0.2 * warm + rng.normal(0, spread / 4), -warm], np.float32))


def lit(found: Surface, eye: np.ndarray, size: tuple[float, float, float], rng: np.random.Generator) -> np.ndarray:
    """Encoded sRGB f32 [pixels, 3] of a surface under a sky, two lights and their gloss."""
    albedo, normal, point = found.albedo, found.normal, found.point
    if rng.uniform() < 0.5:
        albedo = albedo * pattern(point / max(size), rng)
    above = 0.5 + 0.5 * normal[:, 1:2]
    sky, floor = rng.uniform(0.1, 0.7) * tint(rng, 0.15), rng.uniform(0.05, 0.4) * tint(rng, 0.15)
    light = above * sky + (1 - above) * floor
    gloss = np.zeros((len(point), 1), np.float32)
    to_eye = eye.astype(np.float32) - point
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    shine = rng.uniform(0.05, 0.7) if rng.uniform() < 0.5 else 0.0
    power = float(rng.choice([6, 20, 60, 150]))
    for strength in (rng.uniform(0.1, 1.3), rng.uniform(0, 0.5)):
        towards = direction(rng, 5, 85)
        light = light + strength * np.maximum(normal @ towards, 0)[:, None] * tint(rng, 0.15)
        if shine:
            half = to_eye + towards
            half /= np.linalg.norm(half, axis=1, keepdims=True) + 1e-6
            gloss += strength * shine * np.maximum((normal * half).sum(1, keepdims=True), 0) ** power
    if rng.uniform() < 0.5:
        fall = np.exp(-point[:, 1:2] / size[1] * rng.uniform(3, 20))
        light = light * (1 - rng.uniform(0, 0.7) * fall)
    return np.clip((albedo * light + gloss) * rng.uniform(0.6, 1.6), 0, 1) ** (1 / 2.2)


def paint(mesh: Mesh, size: tuple[float, float, float], buffers: Buffers, mask: np.ndarray, view: View,
          rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """-> picture f32 [rows, columns, 3] (encoded, 0 outside), normals f32 [rows, columns, 3] in the camera of a level "sight"."""
    colour, texture = repainted(mesh, rng)
    eye = view.eye()
    found = surface(mesh, buffers, mask, eye, colour, texture)
    picture = np.zeros((*mask.shape, 3), np.float32)
    picture[mask] = lit(found, eye, size, rng)
    normals = np.zeros_like(picture)
    normals[mask] = found.normal @ sight_turn(view).T.astype(np.float32)
    return picture, normals


def sight_turn(view: View) -> np.ndarray:
    """Model to the frame of normals, [3, 3]: a camera with the view's heading that looks down by its sight."""
    s, c = math.sin(view.sight()), math.cos(view.sight())
    look = np.array([[1, 0, 0], [0, -c, -s], [0, -s, c]])
    s, c = math.sin(view.yaw), math.cos(view.yaw)
    return look @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])

"""New models out of those there are: stretched, sheared, laid on a side, two in one cut-out."""
import math

import numpy as np

from .obj import Mesh
from .shapes import turn_about


def size_of(mesh: Mesh) -> tuple[float, float, float]:
    """Width, height, depth."""
    return tuple(float(x) for x in mesh.points.max((0, 1)) - mesh.points.min((0, 1)))


def mapped(mesh: Mesh, matrix: np.ndarray) -> Mesh:
    """A mesh through a linear map [3, 3], set down on the floor, its plan centred."""
    points = mesh.points @ matrix.T.astype(np.float32)
    normals = mesh.normals @ np.linalg.inv(matrix).astype(np.float32)
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9)
    low, high = points.min((0, 1)), points.max((0, 1))
    points -= np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2], np.float32)
    return Mesh(points, normals, mesh.uv, mesh.material, mesh.colour, mesh.texture, mesh.textures)


def changed(mesh: Mesh, rng: np.random.Generator, lying: float = 0.1) -> Mesh:
    """Stretched along its axes, sometimes sheared, with a chance laid on a side."""
    matrix = np.diag(np.exp(rng.normal(0, rng.choice([0.0, 0.12, 0.3], p=[0.3, 0.4, 0.3]), 3)))
    if rng.uniform() < 0.1:
        shear = np.eye(3)
        shear[rng.integers(3), rng.integers(3)] += rng.uniform(-0.3, 0.3)
        matrix = shear @ matrix
    if rng.uniform() < lying:
        axis, quarters = (0, 2)[rng.integers(2)], rng.choice([1, 2, 3], p=[0.4, 0.2, 0.4])
        matrix = turn_about(axis, quarters * math.pi / 2) @ turn_about(1, rng.uniform(0, 2 * math.pi)) @ matrix
    return mapped(mesh, matrix)


def joined(first: Mesh, second: Mesh, by: np.ndarray) -> Mesh:
    """Both in one mesh, the second moved by [3]."""
    count, textures = len(first.colour), len(first.textures)
    texture = np.where(second.texture >= 0, second.texture + textures, -1).astype(np.int32)
    join = np.concatenate
    both = Mesh(join([first.points, second.points + by.astype(np.float32)]), join([first.normals, second.normals]),
                join([first.uv, second.uv]), join([first.material, second.material + np.int32(count)]),
                join([first.colour, second.colour]), join([first.texture, texture]), join([first.textures, second.textures]))
    return mapped(both, np.eye(3))


def paired(first: Mesh, second: Mesh, rng: np.random.Generator) -> Mesh:
    """Two things as one cut-out: the second on top of the first, or beside it, turned any way and of a size that goes with it."""
    a = size_of(first)
    turned = mapped(second, turn_about(1, rng.uniform(0, 2 * math.pi)))
    b = size_of(turned)
    plan = max(a[0], a[2])
    if rng.uniform() < 0.5 and min(a[0], a[2]) > 0.2 * plan:
        scale = min(rng.uniform(0.3, 0.9) * min(a[0], a[2]) / max(b[0], b[2]), 1.2 * max(a) / b[1])
        at = [a[k] * rng.uniform(-0.15, 0.15) for k in (0, 2)]
        scaled = mapped(turned, np.eye(3) * scale)
        reach = size_of(scaled)
        inside = (np.abs(first.points[..., 0] - at[0]) < reach[0] / 2) & (np.abs(first.points[..., 2] - at[1]) < reach[2] / 2)
        top = first.points[..., 1][inside].max() if inside.any() else a[1]
        return joined(first, scaled, np.array([at[0], top, at[1]]))
    scaled = mapped(turned, np.eye(3) * (max(a) / max(b) * rng.uniform(0.3, 1.1)))
    b, way = size_of(scaled), rng.uniform(0, 2 * math.pi)
    x, z = math.cos(way), math.sin(way)
    apart = min((a[0] + b[0]) / 2 / max(abs(x), 1e-3), (a[2] + b[2]) / 2 / max(abs(z), 1e-3))
    apart += rng.uniform(-0.1, 0.25) * plan
    return joined(first, scaled, np.array([x * apart, 0, z * apart]))

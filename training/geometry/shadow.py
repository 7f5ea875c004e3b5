"""Shadows of many triangles on the ground, fast: the same as layers.reference.shadow but for what reaches behind the camera,
which is left out."""
import math

import numpy as np

from layers.reference import Camera
from meshes.zbuffer import jit

NEAR = 0.02


def triangles(quads: np.ndarray) -> np.ndarray:
    """[n, 4, 3] -> [2 n, 3, 3]"""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def shadow(points: np.ndarray, camera: Camera, directions: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The share of directions blocked by triangles [n, 3, 3] of the world, per pixel: f32 [rows, columns]."""
    total = np.zeros(size, np.float32)
    row = np.array([camera.focal, camera.cx, camera.cy, math.sin(camera.pitch), math.cos(camera.pitch)])
    _shadow(points.astype(np.float64), row, directions, total, np.zeros(size, np.uint8))
    total[:max(0, math.ceil(camera.horizon_row - 0.5))] = 0
    return total / len(directions)


@jit
def _shadow(points, camera, directions, total, hit):
    focal, cx, cy, s, c = camera
    p = np.empty((3, 2))
    for towards in directions:
        hit[:] = 0
        for t in range(points.shape[0]):
            behind = False
            for k in range(3):
                reach = points[t, k, 1] / towards[1]
                x, z = points[t, k, 0] - reach * towards[0], points[t, k, 2] - reach * towards[2]
                depth = s + z * c
                if depth < NEAR:
                    behind = True
                    break
                p[k, 0], p[k, 1] = cx + focal * x / depth, cy + focal * (c - z * s) / depth
            if not behind:
                _fill(hit, p)
        total += hit


@jit
def _fill(hit, p):
    rows, columns = hit.shape
    top = max(0, int(math.ceil(min(p[0, 1], p[1, 1], p[2, 1]) - 0.5)))
    bottom = min(rows - 1, int(math.floor(max(p[0, 1], p[1, 1], p[2, 1]) - 0.5)))
    for row in range(top, bottom + 1):
        y = row + 0.5
        left, right = np.inf, -np.inf
        for k in range(3):
            a, b = p[k], p[(k + 1) % 3]
            if (a[1] <= y) != (b[1] <= y):
                x = a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
                left, right = min(left, x), max(right, x)
        if right < 0 or left > columns:
            continue
        for column in range(max(0, int(math.ceil(left - 0.5))), min(columns - 1, int(math.floor(right - 0.5))) + 1):
            hit[row, column] = 1

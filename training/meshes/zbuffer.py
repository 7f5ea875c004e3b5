"""A z-buffer on the CPU: the nearest and the farthest surface under every pixel, and what the nearest one is.

Camera frame: x right, y down (as rows), z into the picture. A pixel's centre is at +0.5. A mesh is seen through an affine map
"view" (f32 [3, 4]) from its own frame into the camera's: turn, place, look.
"""
import math
from dataclasses import dataclass

import numba
import numpy as np

from .obj import Mesh

NEAR = 0.01
jit = numba.njit(cache=True, nogil=True)


@dataclass
class Buffers:
    """What a picture shows. rows = height, columns = width."""
    front: np.ndarray  # f32 [rows, columns], depth of the nearest surface; inf: nothing
    back: np.ndarray  # f32 [rows, columns], depth of the farthest surface; 0: nothing
    triangle: np.ndarray  # i32 [rows, columns], of the nearest surface; -1: nothing
    corner: np.ndarray  # f32 [rows, columns, 2], its weights of the triangle's first two corners

    @property
    def mask(self) -> np.ndarray:
        return self.triangle >= 0


def empty(rows: int, columns: int) -> Buffers:
    return Buffers(np.full((rows, columns), np.inf, np.float32), np.zeros((rows, columns), np.float32),
                   np.full((rows, columns), -1, np.int32), np.zeros((rows, columns, 2), np.float32))


def draw(mesh: Mesh, view: np.ndarray, focal: float, centre: tuple[float, float], buffers: Buffers) -> None:
    """Draws a mesh into buffers, in front of or behind what is there. focal, centre: pixels, (x, y)."""
    _draw(mesh.points, view.astype(np.float32), np.float32(focal), np.float32(centre[0]), np.float32(centre[1]),
          buffers.front, buffers.back, buffers.triangle, buffers.corner)


@jit
def _draw(points, view, focal, cx, cy, front, back, triangle, corner):
    rows, columns = front.shape
    p = np.empty((3, 3), np.float32)  # column, row, 1 / depth of each corner
    for t in range(points.shape[0]):
        behind = False
        for k in range(3):
            x, y, z = points[t, k, 0], points[t, k, 1], points[t, k, 2]
            depth = view[2, 0] * x + view[2, 1] * y + view[2, 2] * z + view[2, 3]
            if depth < NEAR:
                behind = True
                break
            p[k, 0] = focal * (view[0, 0] * x + view[0, 1] * y + view[0, 2] * z + view[0, 3]) / depth + cx
            p[k, 1] = focal * (view[1, 0] * x + view[1, 1] * y + view[1, 2] * z + view[1, 3]) / depth + cy
            p[k, 2] = 1 / depth
        if behind:
            continue
        left = max(0, int(math.ceil(min(p[0, 0], p[1, 0], p[2, 0]) - 0.5)))
        right = min(columns - 1, int(math.floor(max(p[0, 0], p[1, 0], p[2, 0]) - 0.5)))
        top = max(0, int(math.ceil(min(p[0, 1], p[1, 1], p[2, 1]) - 0.5)))
        bottom = min(rows - 1, int(math.floor(max(p[0, 1], p[1, 1], p[2, 1]) - 0.5)))
        if left > right or top > bottom:
            continue
        area = (p[1, 0] - p[0, 0]) * (p[2, 1] - p[0, 1]) - (p[2, 0] - p[0, 0]) * (p[1, 1] - p[0, 1])
        if abs(area) < 1e-9:
            continue
        ax, ay = (p[1, 1] - p[2, 1]) / area, (p[2, 0] - p[1, 0]) / area  # gradient of the first corner's weight
        bx, by = (p[2, 1] - p[0, 1]) / area, (p[0, 0] - p[2, 0]) / area
        for row in range(top, bottom + 1):
            dy = row + 0.5 - p[2, 1]
            for column in range(left, right + 1):
                dx = column + 0.5 - p[2, 0]
                a, b = ax * dx + ay * dy, bx * dx + by * dy
                c = 1 - a - b
                if a < 0 or b < 0 or c < 0:
                    continue
                depth = 1 / (a * p[0, 2] + b * p[1, 2] + c * p[2, 2])
                if depth < front[row, column]:
                    front[row, column] = depth
                    triangle[row, column] = t
                    corner[row, column, 0] = a * p[0, 2] * depth
                    corner[row, column, 1] = b * p[1, 2] * depth
                if depth > back[row, column]:
                    back[row, column] = depth


@dataclass
class Surface:
    """What the nearest surface is like, for the pixels of a mask in row-major order."""
    albedo: np.ndarray  # f32 [pixels, 3], linear
    normal: np.ndarray  # f32 [pixels, 3], unit, in the mesh's frame, towards the camera
    point: np.ndarray  # f32 [pixels, 3], in the mesh's frame


def surface(mesh: Mesh, buffers: Buffers, mask: np.ndarray, eye: np.ndarray, colour: np.ndarray,
            texture: np.ndarray) -> Surface:
    """mask: pixels where the mesh is nearest. eye: the camera in the mesh's frame [3]. colour f32 [materials, 3] (encoded) and
    texture i32 [materials] take the place of the mesh's own."""
    shape = (int(mask.sum()), 3)
    out = Surface(*(np.empty(shape, np.float32) for _ in range(3)))
    textures = mesh.textures if len(mesh.textures) else np.zeros((1, 1, 1, 3), np.uint8)
    _surface(mesh.points, mesh.normals, mesh.uv, mesh.material, buffers.triangle[mask], buffers.corner[mask],
             eye.astype(np.float32), (colour ** 2.2).astype(np.float32), texture, textures, DECODED,
             out.albedo, out.normal, out.point)
    return out


DECODED = ((np.arange(256) / 255) ** 2.2).astype(np.float32)


@jit
def _surface(points, normals, uv, material, triangle, corner, eye, colour, texture, textures, decoded, albedo, normal, point):
    edge = textures.shape[1]
    for i in range(triangle.shape[0]):
        t, a, b = triangle[i], corner[i, 0], corner[i, 1]
        c = 1 - a - b
        length = np.float32(1e-12)
        facing = np.float32(0)
        for k in range(3):
            point[i, k] = a * points[t, 0, k] + b * points[t, 1, k] + c * points[t, 2, k]
            normal[i, k] = a * normals[t, 0, k] + b * normals[t, 1, k] + c * normals[t, 2, k]
            length += normal[i, k] ** 2
            facing += normal[i, k] * (eye[k] - point[i, k])
        length = math.sqrt(length) if facing >= 0 else -math.sqrt(length)
        for k in range(3):
            normal[i, k] /= length
        m = material[t]
        if texture[m] < 0:
            for k in range(3):
                albedo[i, k] = colour[m, k]
            continue
        u = a * uv[t, 0, 0] + b * uv[t, 1, 0] + c * uv[t, 2, 0]
        v = a * uv[t, 0, 1] + b * uv[t, 1, 1] + c * uv[t, 2, 1]
        x = min(edge - 1, int((u - math.floor(u)) * edge))
        y = min(edge - 1, int((1 - (v - math.floor(v))) * edge))
        for k in range(3):
            albedo[i, k] = decoded[textures[texture[m], y, x, k]]


def draw_along(mesh: Mesh, view: np.ndarray, depth: np.ndarray) -> None:
    """Draws a mesh as parallel light sees it: view [3, 4] maps its points to column, row and depth of a map that keeps the least
    depth, f32 [rows, columns]."""
    _draw_along(mesh.points, view.astype(np.float32), depth)


@jit
def _draw_along(points, view, depth):
    rows, columns = depth.shape
    p = np.empty((3, 3), np.float32)
    for t in range(points.shape[0]):
        for k in range(3):
            x, y, z = points[t, k, 0], points[t, k, 1], points[t, k, 2]
            for i in range(3):
                p[k, i] = view[i, 0] * x + view[i, 1] * y + view[i, 2] * z + view[i, 3]
        left = max(0, int(math.ceil(min(p[0, 0], p[1, 0], p[2, 0]) - 0.5)))
        right = min(columns - 1, int(math.floor(max(p[0, 0], p[1, 0], p[2, 0]) - 0.5)))
        top = max(0, int(math.ceil(min(p[0, 1], p[1, 1], p[2, 1]) - 0.5)))
        bottom = min(rows - 1, int(math.floor(max(p[0, 1], p[1, 1], p[2, 1]) - 0.5)))
        area = (p[1, 0] - p[0, 0]) * (p[2, 1] - p[0, 1]) - (p[2, 0] - p[0, 0]) * (p[1, 1] - p[0, 1])
        if left > right or top > bottom or abs(area) < 1e-9:
            continue
        for row in range(top, bottom + 1):
            dy = row + 0.5 - p[2, 1]
            for column in range(left, right + 1):
                dx = column + 0.5 - p[2, 0]
                a = ((p[1, 1] - p[2, 1]) * dx + (p[2, 0] - p[1, 0]) * dy) / area
                b = ((p[2, 1] - p[0, 1]) * dx + (p[0, 0] - p[2, 0]) * dy) / area
                if a < 0 or b < 0 or a + b > 1:
                    continue
                depth[row, column] = min(depth[row, column], a * p[0, 2] + b * p[1, 2] + (1 - a - b) * p[2, 2])

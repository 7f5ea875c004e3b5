"""One training sample of geometry: a model's picture as a cut-out, and its maps.

Maps are GRID x GRID over the padded square crop, values at cell centres; lengths are in extents (the longer side of the box):
front: the box's bottom less the foot row of the nearest surface, up positive; gap: how much higher the farthest surface's foot
is; contact: 1 where the nearest surface touches the ground, 0 from TOUCH of the model's longest side upwards; normals: see
view.View.sight; cover: the share of the cell that the cut-out fills.
"""
from dataclasses import dataclass

import numpy as np

from meshes.catalogue import Entry
from meshes.obj import Mesh
from meshes.zbuffer import draw, empty, jit

from .appearance import paint
from .view import BOX, GRID, View, draw_view

SIDE = 256  # what is drawn
PICTURE = 128  # what the network sees
TOUCH = 0.04
SMALLEST = 0.012  # share of the crop that a cut-out must fill
FARTHEST = 4.0  # feet beyond this many extents are clipped: they lie at the horizon


@dataclass
class Sample:
    view: View
    mask: np.ndarray  # bool [SIDE, SIDE]
    picture: np.ndarray  # f32 [SIDE, SIDE, 3], encoded, 0 outside
    feet: np.ndarray  # f32 [2, SIDE, SIDE], foot rows of the nearest and the farthest surface, pixels; 0 outside
    heights: np.ndarray  # f32 [SIDE, SIDE], of the nearest surface above the ground, in the model's unit
    normals: np.ndarray  # f32 [SIDE, SIDE, 3]


def draw_sample(mesh: Mesh, size: tuple[float, float, float], rng: np.random.Generator, whole: bool = False) -> Sample | None:
    """A random view of a model (see draw_view), or None where none shows enough of it."""
    for _ in range(10):
        view = draw_view(mesh.points, size, rng, SIDE, whole)
        if view is None:
            return None
        buffers = empty(SIDE, SIDE)
        draw(mesh, view.matrix(), view.camera.focal, (view.camera.cx, view.camera.cy), buffers)
        mask = buffers.mask & inside(view.box)
        if mask.mean() < SMALLEST:
            continue
        picture, normals = paint(mesh, size, buffers, mask, view, rng)
        rows = np.broadcast_to(np.arange(SIDE, dtype=np.float32)[:, None] + 0.5, mask.shape)
        feet = np.zeros((2, SIDE, SIDE), np.float32)
        for k, depth in enumerate((buffers.front, buffers.back)):
            feet[k][mask] = view.camera.foot_rows(rows[mask], depth[mask])
        heights = np.zeros((SIDE, SIDE), np.float32)
        heights[mask] = np.maximum(view.camera.height_at(rows[mask], buffers.front[mask]), 0)
        return Sample(view, mask, picture, feet, heights, normals)
    return None


def inside(box: tuple[float, float, float, float]) -> np.ndarray:
    """Pixels of the crop within a box, bool [SIDE, SIDE]."""
    left, top, right, bottom = box
    at = np.arange(SIDE) + 0.5
    return ((at > top) & (at < bottom))[:, None] & ((at > left) & (at < right))[None]


def maps(sample: Sample, size: tuple[float, float, float]) -> dict[str, np.ndarray]:
    """What is stored of a sample, small: see the module's text. picture and alpha u8 [PICTURE, PICTURE, ...]."""
    extent = BOX * SIDE
    front, back, height, normals, cover = _cells(sample.mask, sample.feet, sample.heights, sample.normals, GRID)
    covered = cover > 0
    front_up = np.where(covered, (sample.view.box[3] - front) / extent, 0).clip(-FARTHEST, FARTHEST)
    gap = np.where(covered, (front - back) / extent, 0).clip(0, FARTHEST)
    contact = np.where(covered, 1 - height / (TOUCH * max(size)), 0).clip(0, 1)
    normals /= np.maximum(np.linalg.norm(normals, axis=-1, keepdims=True), 1e-6)
    alpha, picture = reduced(sample.mask, sample.picture)
    return {"picture": np.round(picture * 255).astype(np.uint8), "alpha": np.round(alpha * 255).astype(np.uint8),
            "front": front_up.astype(np.float16), "gap": gap.astype(np.float16),
            "contact": np.round(contact * 255).astype(np.uint8),
            "normals": np.round(normals * 127).astype(np.int8), "cover": cover,
            "camera": camera_row(sample.view)}


@jit
def _cells(mask, feet, heights, normals, grid):
    """Per cell: the foot row of the nearest and of the farthest surface, the lowest height, the sum of normals, the pixels."""
    cell = mask.shape[0] // grid
    front, back = np.full((grid, grid), -np.inf, np.float32), np.full((grid, grid), np.inf, np.float32)
    height, total = np.full((grid, grid), np.inf, np.float32), np.zeros((grid, grid, 3), np.float32)
    cover = np.zeros((grid, grid), np.uint8)
    for row in range(mask.shape[0]):
        for column in range(mask.shape[1]):
            if not mask[row, column]:
                continue
            i, j = row // cell, column // cell
            cover[i, j] += 1
            front[i, j] = max(front[i, j], feet[0, row, column])
            back[i, j] = min(back[i, j], feet[1, row, column])
            height[i, j] = min(height[i, j], heights[row, column])
            for k in range(3):
                total[i, j, k] += normals[row, column, k]
    return front, back, height, total, cover


def reduced(mask: np.ndarray, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Alpha [PICTURE, PICTURE] and straight colour [PICTURE, PICTURE, 3], by averaging what the alpha covers."""
    halved = lambda x: (x[0::2, 0::2] + x[1::2, 0::2] + x[0::2, 1::2] + x[1::2, 1::2]) / 4
    alpha = halved(mask.astype(np.float32))
    return alpha, halved(picture) / np.maximum(alpha, 1e-3)[..., None]


CAMERA = ("left", "top", "right", "bottom", "focal", "cx", "cy", "pitch", "sight")


def camera_row(view: View) -> np.ndarray:
    """f32 [9], named by CAMERA: box, focal length and principal point over the crop's side; angles in radians."""
    camera = view.camera
    lengths = np.array([*view.box, camera.focal, camera.cx, camera.cy]) / SIDE
    return np.array([*lengths, camera.pitch, view.sight()], np.float32)


def weight(entry: Entry) -> float:
    """How often a model is drawn: what is rare and hard more often, what has no feet never."""
    if not entry.stands:
        return 0.0
    if entry.elevation > 0.3:
        return 0.3  # switches and shelves: on a wall as a rule
    if entry.person:
        return 3.0
    if entry.flat:
        return 0.7
    if entry.category in ("Vehicles", "Exterior"):
        return 1.5
    return 1.0

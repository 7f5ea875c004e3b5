"""Surfaces out of numbers, and meshes out of surfaces: what invented models are made of.

A surface is a pair of arrays, corners and their normals, f32 [triangles, 3, 3]; y is up.
"""

import math

import numpy as np

from .obj import TEXTURE, Mesh

Surface = tuple[np.ndarray, np.ndarray]


def sheet(grid: np.ndarray) -> Surface:
    """A curved sheet through points [rows, columns, 3], with smooth normals; points may coincide."""
    grid = grid.astype(np.float32)
    normals = np.cross(np.gradient(grid, axis=0), np.gradient(grid, axis=1))
    normals /= np.maximum(np.linalg.norm(normals, axis=2, keepdims=True), 1e-9)
    quads = lambda x: np.stack([x[:-1, :-1], x[1:, :-1], x[1:, 1:], x[:-1, 1:]], 2).reshape(-1, 4, 3)
    both = lambda q: np.concatenate([q[:, [0, 1, 2]], q[:, [0, 2, 3]]])
    return _kept(both(quads(grid)), both(quads(normals)))


def faceted(triangles: np.ndarray) -> Surface:
    """Triangles [n, 3, 3] with the normals of their faces."""
    triangles = triangles.astype(np.float32)
    flat = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    return _kept(triangles, np.repeat(flat[:, None], 3, 1))


def _kept(points: np.ndarray, normals: np.ndarray) -> Surface:
    area = np.linalg.norm(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0]), axis=1)
    keep = area > 1e-12
    return points[keep], normals[keep]


SIDES = np.array([(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)])


def box(size, at=(0, 0, 0)) -> Surface:
    """An upright box on a point, the middle of its underside; size: width, height, depth."""
    low = np.array(at) - np.array(size) * [0.5, 0, 0.5]
    corners = low + np.array(size) * [[i >> k & 1 for k in range(3)] for i in range(8)]
    quads = corners[SIDES]
    return faceted(np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]))


def lathe(heights, radii, at=(0, 0, 0), around: int = 24, faces: bool = False) -> Surface:
    """A profile turned about the upright line through a point; closed where its first and last radius are 0."""
    turn = np.linspace(0, 2 * math.pi, around + 1)
    heights, radii = np.asarray(heights)[:, None], np.asarray(radii)[:, None]
    grid = np.stack([radii * np.cos(turn), heights + 0 * turn, radii * np.sin(turn)], 2) + np.array(at)
    surface = sheet(grid)
    return faceted(surface[0]) if faces else surface


def tube(path, radii, around: int = 10) -> Surface:
    """A round tube along points [n, 3], open at its ends where the radius there is not 0."""
    path = np.asarray(path, float)
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    helper = np.eye(3)[np.abs(along).max(0).argmin()]
    side = np.cross(along, helper)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    other = np.cross(along, side)
    turn = np.linspace(0, 2 * math.pi, around + 1)[None, :, None]
    radii = np.broadcast_to(radii, len(path))[:, None, None]
    return sheet(path[:, None] + radii * (np.cos(turn) * side[:, None] + np.sin(turn) * other[:, None]))


def limb(start, end, first: float, last: float) -> Surface:
    """A tapered capsule between two points."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    length = max(float(np.linalg.norm(end - start)), 1e-6)
    turn = np.linspace(0, math.pi / 2, 5)
    shares = np.concatenate([-first * np.cos(turn), length + last * np.sin(turn)]) / length
    return tube(start + shares[:, None] * (end - start), np.concatenate([first * np.sin(turn), last * np.cos(turn)]))


def cushion(size, at=(0, 0, 0), square: float = 0.5) -> Surface:
    """A rounded box on a point; square 1: an ellipsoid, towards 0: its box."""
    bent = lambda x: np.sign(x) * np.abs(x) ** square
    up, turn = np.linspace(-math.pi / 2, math.pi / 2, 13)[:, None], np.linspace(0, 2 * math.pi, 25)[None]
    unit = np.stack(
        [bent(np.cos(up)) * bent(np.cos(turn)), bent(np.sin(up)) + 0 * turn, bent(np.cos(up)) * bent(np.sin(turn))], 2
    )
    return sheet((unit / 2 + [0, 0.5, 0]) * np.array(size) + np.array(at))


def slab(outline: np.ndarray, low: float, high: float) -> list[Surface]:
    """An outline [n, 2] (x, z; star-shaped about its mean) between two heights: its side, and both faces."""
    ring = np.concatenate([outline, outline[:1]])
    at = lambda y: np.stack([ring[:, 0], np.full(len(ring), y), ring[:, 1]], 1)
    middle = outline.mean(0)
    fans = []
    for y in (low, high):
        centre = np.broadcast_to([middle[0], y, middle[1]], (len(outline), 3))
        fans.append(faceted(np.stack([centre, at(y)[:-1], at(y)[1:]], 1)))
    return [sheet(np.stack([at(low), at(high)])), *fans]


def turned(surface: Surface, turn: np.ndarray) -> Surface:
    """A surface turned about the origin by a matrix [3, 3]."""
    return tuple((x @ turn.T).astype(np.float32) for x in surface)


def moved(surface: Surface, by) -> Surface:
    return surface[0] + np.asarray(by, np.float32), surface[1]


def turn_about(axis: int, angle: float) -> np.ndarray:
    """Rotation by radians about x, y or z (0, 1, 2), [3, 3]."""
    s, c = math.sin(angle), math.cos(angle)
    matrix = np.eye(3)
    a, b = [k for k in range(3) if k != axis]
    matrix[a, a] = matrix[b, b] = c
    matrix[a, b], matrix[b, a] = -s, s
    return matrix


def mesh_of(parts: list[tuple[Surface, int]], colours: np.ndarray) -> Mesh:
    """Surfaces with their material each. colours: encoded sRGB [materials, 3]"""
    points = np.concatenate([surface[0] for surface, _ in parts]).astype(np.float32)
    normals = np.concatenate([surface[1] for surface, _ in parts]).astype(np.float32)
    material = np.concatenate([np.full(len(surface[0]), which, np.int32) for surface, which in parts])
    return Mesh(
        points,
        normals,
        np.zeros((len(points), 3, 2), np.float32),
        material,
        colours.astype(np.float32),
        np.full(len(colours), -1, np.int32),
        np.zeros((0, TEXTURE, TEXTURE, 3), np.uint8),
    )

"""Shadow and contact of a cut-out on the ground, slowly and in f64: what the engine's renderers are held to.

Frames. Picture: pixels of B, u right, v down, centres at +0.5. World: x right, y up from the ground, z the camera's heading,
camera at (0, 1, 0), so lengths are camera heights. Lights: unit vectors towards them in the world; azimuth from +x towards +z.

The steps: `place` puts the maps of a cut-out (64 x 64, foot rows at cell centres) into B; `solid` makes of them a closed body of
quads; `shadow` throws that along one light's disc or a dome of directions onto a horizontal plane, and says per pixel which
share of the directions is blocked; `ratio` is what the pixels are multiplied by, in linear light.
"""
import math
from dataclasses import dataclass

import numpy as np

LOWEST_LIGHT = math.radians(8)  # elevation of a light, at least
LOWEST_SAMPLE = math.sin(math.radians(4))  # height of a direction of its disc, at least
LOWEST_DOME = math.radians(12)
DOME = 64
GOLDEN = math.pi * (3 - math.sqrt(5))
NEAR = 0.02  # of the camera's height: what is closer to the camera's plane is clipped
NOTHING = 0.25 / 255  # a smaller darkening is none


@dataclass(frozen=True)
class Camera:
    """The one camera of all layers: focal length in pixels, principal point, pitch in radians (down is positive)."""
    focal: float
    cx: float
    cy: float
    pitch: float

    @staticmethod
    def of(width: int, height: int, horizon_row: float, fov: float) -> "Camera":
        """From a picture's size, its horizon's row and its field of view over the longer side (radians)."""
        focal = 0.5 * max(width, height) / math.tan(fov / 2)
        return Camera(focal, width / 2, height / 2, math.atan((height / 2 - horizon_row) / focal))

    @property
    def horizon_row(self) -> float:
        return self.cy - self.focal * math.tan(self.pitch)

    def rays(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """Directions of pixels in the world, not unit, [..., 3]."""
        s, c = math.sin(self.pitch), math.cos(self.pitch)
        down = (v - self.cy) / self.focal
        return np.stack(np.broadcast_arrays((u - self.cx) / self.focal, -s - down * c, c - down * s), -1)

    def ground(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """The ground under pixels below the horizon: (X, Z), [..., 2]; nan where there is none."""
        d = self.rays(u, v)
        t = np.where(d[..., 1] < -1e-6, -1 / np.minimum(d[..., 1], -1e-6), np.nan)
        return d[..., [0, 2]] * t[..., None]

    def seen(self, points: np.ndarray) -> np.ndarray:
        """World points [..., 3] -> column, row and depth [..., 3]."""
        s, c = math.sin(self.pitch), math.cos(self.pitch)
        x, y, z = points[..., 0], points[..., 1] - 1, points[..., 2]
        depth = z * c - y * s
        safe = np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        return np.stack([self.cx + self.focal * x / safe, self.cy + self.focal * (-y * c - z * s) / safe, depth], -1)

    def lifted(self, u: np.ndarray, v: np.ndarray, foot: np.ndarray) -> np.ndarray:
        """The world point that pixel (u, v) shows, if its foot stands in row `foot`: [..., 3]; nan above the horizon."""
        h = np.maximum(foot - v, 0)
        column = u + 0 * h
        if abs(self.pitch) > 1e-9:
            vanishing = self.cy + self.focal / math.tan(self.pitch)  # where vertical lines meet
            column = u + (self.cx - u) * h / (vanishing - v)
        at = self.ground(column, v + h)
        d = self.rays(u, v)
        y = np.maximum(1 + at[..., 1] * d[..., 1] / d[..., 2], 0)
        return np.stack([at[..., 0], y, at[..., 1]], -1)


def upsampled(rows: np.ndarray, known: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Values of an n x n map, known in some cells, at the pixels of a finer mask over the same crop (a multiple of n a side).

    Bilinear between cell centres, weighted by what is known, which grows by two cells first; 0 outside the mask.
    """
    values, weight = np.where(known, rows, 0.0), known.astype(float)
    for _ in range(2):
        total, count = (sum(np.pad(x, 1)[1 + i:1 + i + len(x), 1 + j:1 + j + len(x)] for i in (-1, 0, 1) for j in (-1, 0, 1))
                        for x in (values * weight, weight))
        values = np.where(weight > 0, values, total / np.maximum(count, 1))
        weight = np.where(weight > 0, weight, (count > 0).astype(float))
    at = (np.arange(len(mask)) + 0.5) * len(rows) / len(mask) - 0.5
    low = np.floor(at).astype(int)
    part = at - low
    low, high = np.clip(low, 0, len(rows) - 1), np.clip(low + 1, 0, len(rows) - 1)

    def between(x: np.ndarray) -> np.ndarray:
        x = x[low] * (1 - part)[:, None] + x[high] * part[:, None]
        return x[:, low] * (1 - part) + x[:, high] * part

    return np.where(mask, between(values * weight) / np.maximum(between(weight), 1e-9), 0)


@dataclass(frozen=True)
class Placed:
    """Maps of a cut-out in B. Cell (i, j) of the n x n grid is the square of `cell` pixels whose corner is (left, top)."""
    mask: np.ndarray  # bool [n, n]
    front: np.ndarray  # f64 [n, n], foot rows in B
    back: np.ndarray
    left: float
    top: float
    cell: float


def place(mask: np.ndarray, front: np.ndarray, gap: np.ndarray, box: tuple[float, float, float, float], margin: float = 7 / 8,
          lift: float = 0.0) -> Placed:
    """Maps in extents of the cut-out -> foot rows in B.

    front: (bottom of the box - foot row) / extent; gap >= 0: how much higher the back's foot is; extent: the longer side of the
    box. box: left, top, right, bottom of the cut-out's alpha in B. margin: extent over the side of the crop that the maps cover,
    which is centred on the box. lift: in heights of the box.
    """
    left, top, right, bottom = box
    extent = max(right - left, bottom - top)
    side = extent / margin
    lowered = lift * (bottom - top)
    return Placed(mask, bottom - front * extent + lowered, bottom - (front + gap) * extent + lowered,
                  (left + right - side) / 2, (top + bottom - side) / 2, side / mask.shape[0])


CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))  # of a cell, clockwise, as steps in (row, column)


def corner_rows(placed: Placed, rows: np.ndarray) -> np.ndarray:
    """Foot rows at the corners of the grid [n + 1, n + 1]: the mean over the cells of the mask around each; nan elsewhere."""
    n = len(rows)
    total, count = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))
    for i, j in CORNERS:
        total[i:n + i, j:n + j] += np.where(placed.mask, rows, 0)
        count[i:n + i, j:n + j] += placed.mask
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def solid(placed: Placed, camera: Camera) -> np.ndarray:
    """Quads of the body between front and back, in the world: [quads, 4, 3]. Front, back, and walls along the outline."""
    n = placed.mask.shape[0]
    u = placed.left + np.arange(n + 1)[None] * placed.cell + np.zeros((n + 1, 1))
    v = placed.top + np.arange(n + 1)[:, None] * placed.cell + np.zeros((1, n + 1))
    sides = [camera.lifted(u, v, corner_rows(placed, rows)) for rows in (placed.front, placed.back)]  # each [n+1, n+1, 3]
    rows, columns = np.nonzero(placed.mask)
    quads = [np.stack([side[rows + i, columns + j] for i, j in CORNERS], 1) for side in sides]
    padded = np.pad(placed.mask, 1)
    for k, (di, dj) in enumerate(((-1, 0), (0, 1), (1, 0), (0, -1))):  # the edge between corners k and k + 1 faces this way
        open_edge = ~padded[rows + 1 + di, columns + 1 + dj]
        r, c = rows[open_edge], columns[open_edge]
        (ai, aj), (bi, bj) = CORNERS[k], CORNERS[(k + 1) % 4]
        quads.append(np.stack([sides[0][r + ai, c + aj], sides[0][r + bi, c + bj],
                               sides[1][r + bi, c + bj], sides[1][r + ai, c + aj]], 1))
    quads = np.concatenate(quads)
    return quads[np.isfinite(quads).all((1, 2))]


def direction(azimuth: float, elevation: float) -> np.ndarray:
    """Towards a light, [3]. Radians."""
    elevation = max(elevation, LOWEST_LIGHT)
    return np.array([math.cos(elevation) * math.cos(azimuth), math.sin(elevation), math.cos(elevation) * math.sin(azimuth)])


def disc(towards: np.ndarray, diameter: float, count: int) -> np.ndarray:
    """Directions spread evenly over a light's disc (a sunflower), unit, [count, 3]. diameter: radians."""
    k = np.arange(count) + 0.5
    radius, angle = np.sqrt(k / count) * math.tan(diameter / 2), k * GOLDEN
    across = np.array([-towards[2], 0, towards[0]])
    across = across / np.linalg.norm(across) if np.linalg.norm(across) > 1e-9 else np.array([1.0, 0, 0])
    up = np.cross(across, towards)
    found = towards + radius[:, None] * (np.cos(angle)[:, None] * across + np.sin(angle)[:, None] * up)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    found[:, 1] = np.maximum(found[:, 1], LOWEST_SAMPLE)
    return found


def dome(count: int = DOME) -> np.ndarray:
    """Directions of the sky above 12 degrees, as dense as their cosine with the zenith, [count, 3]: equal weights then."""
    k = np.arange(count) + 0.5
    flat = np.sqrt(k / count) * math.cos(LOWEST_DOME)
    return np.stack([flat * np.cos(k * GOLDEN), np.sqrt(1 - flat ** 2), flat * np.sin(k * GOLDEN)], 1)


def shadow(quads: np.ndarray, camera: Camera, directions: np.ndarray, size: tuple[int, int], plane: float = 0.0) -> np.ndarray:
    """The share of directions that a body blocks, per pixel of the horizontal plane at a height: f64 [rows, columns].

    quads [n, k, 3]: polygons of the body in the world (k corners each); where plane > 0, only their parts above it shade.
    size: rows, columns. Pixels at or above the plane's horizon get 0.
    """
    rows, columns = size
    total = np.zeros(size)
    for towards in directions:
        hit = np.zeros(size, bool)
        for quad in quads:
            above = clipped(quad, quad[:, 1] - plane) if plane > 0 else quad
            if len(above) < 3:
                continue
            reach = (above[:, 1] - plane) / towards[1]
            cast = np.stack([above[:, 0] - reach * towards[0], np.full(len(above), plane),
                             above[:, 2] - reach * towards[2]], 1)
            cast = clipped(cast, camera.seen(cast)[:, 2] - NEAR)
            if len(cast) >= 3:
                fill(hit, camera.seen(cast)[:, :2])
        total += hit
    v, u = np.mgrid[0:rows, 0:columns] + 0.5
    return np.where(camera.rays(u, v)[..., 1] < 0, total / len(directions), 0)


def clipped(polygon: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The part of a polygon [k, 3] where a linear function of it, known at the corners [k], is not negative."""
    if (inside >= 0).all():
        return polygon
    kept = []
    for i in range(len(polygon)):
        j = (i + 1) % len(polygon)
        if inside[i] >= 0:
            kept.append(polygon[i])
        if (inside[i] >= 0) != (inside[j] >= 0):
            kept.append(polygon[i] + (polygon[j] - polygon[i]) * inside[i] / (inside[i] - inside[j]))
    return np.array(kept).reshape(-1, 3)


def fill(hit: np.ndarray, corners: np.ndarray) -> None:
    """Marks the pixels whose centres a polygon [k, 2] (column, row) covers, by a fan of triangles."""
    for i in range(1, len(corners) - 1):
        a, b, c = corners[0], corners[i], corners[i + 1]
        low = np.maximum(np.ceil(np.minimum(np.minimum(a, b), c) - 0.5), 0).astype(int)
        high = np.minimum(np.floor(np.maximum(np.maximum(a, b), c) - 0.5), np.array(hit.shape[::-1]) - 1).astype(int)
        if (low > high).any():
            continue
        u, v = np.arange(low[0], high[0] + 1)[None] + 0.5, np.arange(low[1], high[1] + 1)[:, None] + 0.5
        side = lambda p, q: (q[0] - p[0]) * (v - p[1]) - (q[1] - p[1]) * (u - p[0])
        first, second, third = side(a, b), side(b, c), side(c, a)
        inside = ((first >= 0) & (second >= 0) & (third >= 0)) | ((first <= 0) & (second <= 0) & (third <= 0))
        if abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) > 1e-12:
            hit[low[1]:high[1] + 1, low[0]:high[0] + 1] |= inside


def ratio(shadows: list[np.ndarray], contact: np.ndarray, shares: np.ndarray, ambient: np.ndarray,
          opacities: tuple[float, ...], contact_opacity: float, ground: np.ndarray) -> np.ndarray:
    """What B's pixels are multiplied by in linear sRGB: f64 [rows, columns, 3].

    shadows: of each light; contact: of the dome. shares [lights, 3] and ambient [3]: each one's part of the ground's irradiance,
    per channel, together 1. ground: where the ground is, 0..1 [rows, columns].
    """
    dark = contact_opacity * contact[..., None] * ambient
    for blocked, share, opacity in zip(shadows, shares, opacities):
        dark = dark + opacity * blocked[..., None] * share
    dark = dark * ground[..., None]
    return 1 - np.where(dark.max(-1, keepdims=True) < NOTHING, 0, dark)

"""A camera above a ground plane: the one frame of all layers, and the drawing of random views of a model.

World: x right, y up from the ground, z the camera's heading along the ground; the camera stands above the origin. Heights and
distances may have any one unit; formulas that need the camera's height as unit say so. Pitch: radians, down is positive.
"""
import math
from dataclasses import dataclass, replace

import numpy as np

from meshes.zbuffer import jit

BOX = 7 / 8  # longer side of the alpha box over the side of the square crop
GRID = 64  # cells of a map, per side


@dataclass(frozen=True)
class Camera:
    """Focal length and principal point in pixels, pitch in radians, height above the ground."""
    focal: float
    cx: float
    cy: float
    pitch: float
    height: float = 1.0

    def turn(self) -> np.ndarray:
        """World to camera (x right, y down, z into the picture), [3, 3]."""
        s, c = math.sin(self.pitch), math.cos(self.pitch)
        return np.array([[1, 0, 0], [0, -c, -s], [0, -s, c]])

    def view(self, yaw: float = 0.0, at: tuple[float, float, float] = (0, 0, 0), scale: float = 1.0) -> np.ndarray:
        """Model to camera, [3, 4]: scaled, turned about its y axis (x towards z), placed at a point of the world."""
        s, c = math.sin(yaw), math.cos(yaw)
        spin = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) * scale
        place = np.array(at, float) - [0, self.height, 0]
        turn = self.turn()
        return np.concatenate([turn @ spin, (turn @ place)[:, None]], 1)

    def windowed(self, scale: float, left: float, top: float) -> "Camera":
        """The same camera for a picture whose pixel is (p - (left, top)) * scale of this one's p."""
        return replace(self, focal=self.focal * scale, cx=(self.cx - left) * scale, cy=(self.cy - top) * scale)

    def height_at(self, rows: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Height above the ground of points at a depth, in picture rows."""
        s, c = math.sin(self.pitch), math.cos(self.pitch)
        return self.height - depth * ((rows - self.cy) / self.focal * c + s)

    def foot_rows(self, rows: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """The row where the vertical line through a point meets the ground. rows, depth: of one shape."""
        s, c = math.sin(self.pitch), math.cos(self.pitch)
        z = depth * (c - (rows - self.cy) / self.focal * s)
        return self.cy + self.focal * (self.height * c - z * s) / (self.height * s + z * c)


@dataclass(frozen=True)
class View:
    """A model as a camera sees it: the crop's camera, and the model's turn and place."""
    camera: Camera
    yaw: float
    at: tuple[float, float, float]
    box: tuple[float, float, float, float]  # left, top, right, bottom in the crop; cut where the cut-out is

    def matrix(self) -> np.ndarray:
        return self.camera.view(self.yaw, self.at)

    def eye(self) -> np.ndarray:
        """The camera's place in the model's frame, [3]."""
        s, c = math.sin(self.yaw), math.cos(self.yaw)
        x, y, z = -self.at[0], self.camera.height - self.at[1], -self.at[2]
        return np.array([c * x - s * z, y, s * x + c * z])

    def sight(self) -> float:
        """How far below the horizontal the ray through the crop's centre goes, radians: the "pitch" that is learnt.

        A crop does not show where the principal point was, so its own camera is taken to look at the crop's centre.
        """
        return _sight(self.camera, (self.box[1] + self.box[3]) / 2)

    def focal_extents(self) -> float:
        """The focal length over the longer side of the box."""
        left, top, right, bottom = self.box
        return self.camera.focal / max(right - left, bottom - top)


def _sight(camera: Camera, row: float) -> float:
    return camera.pitch + math.atan((row - camera.cy) / camera.focal)


CUT = 0.1  # share of cut-outs that a picture's border cuts
LEAST = math.radians(3)


def draw_view(points: np.ndarray, size: tuple[float, float, float], rng: np.random.Generator, side: int,
              whole: bool = False) -> View | None:
    """A random view of a model (points f32 [n, 3, 3]), fitted to a square crop of a side; None where none was found.

    whole: nothing is cut off, and the view goes down by at least LEAST: what shadows can fairly be compared on.
    """
    radius = 0.5 * math.sqrt(sum(x * x for x in size))
    for _ in range(40):
        sight = math.radians(rng.uniform(-5, 24) if rng.uniform() < 0.65 else rng.uniform(10, 40))
        if whole and sight < LEAST:
            continue
        focal = 0.5 / math.tan(math.radians(rng.uniform(18, 75)) / 2)  # of the longer side of its picture
        share = rng.uniform(0.2, 0.95)  # of the picture that the object takes
        u, v = rng.uniform(-0.5, 0.5, 2) * (1 - 0.8 * share)
        pitch = sight - math.atan(v / focal)
        if not -math.radians(12) < pitch < math.radians(45):
            continue
        distance = max(2 * radius * focal / share, 1.5 * radius)
        s, c = math.sin(pitch), math.cos(pitch)
        ray = np.array([u / focal, -s - v / focal * c, c - v / focal * s])
        eye = np.array([0, size[1] / 2, 0]) - ray / np.linalg.norm(ray) * distance
        if eye[1] < max(0.15 * size[1], 0.06 * radius):
            continue
        camera = Camera(focal, 0.0, 0.0, pitch, eye[1])
        yaw, at = rng.uniform(0, 2 * math.pi), (-eye[0], 0.0, -eye[2])
        box = bounds(points, camera.view(yaw, at), focal)
        if box is None:
            continue
        box = cut(box, rng) if not whole and rng.uniform() < CUT else box
        scale = BOX * side / max(box[2] - box[0], box[3] - box[1])
        left, top = (box[0] + box[2] - side / scale) / 2, (box[1] + box[3] - side / scale) / 2
        moved = tuple((x - o) * scale for x, o in zip(box, (left, top, left, top)))
        return View(camera.windowed(scale, left, top), yaw, at, moved)
    return None


def bounds(points: np.ndarray, view: np.ndarray, focal: float) -> tuple[float, float, float, float] | None:
    """left, top, right, bottom of a model about the principal point; None where it reaches behind the camera."""
    left, top, right, bottom, nearest = _bounds(points, view.astype(np.float32))
    return (left * focal, top * focal, right * focal, bottom * focal) if nearest > 0.03 else None


@jit
def _bounds(points, view):
    left = top = nearest = np.inf
    right = bottom = -np.inf
    for t in range(points.shape[0]):
        for k in range(3):
            p = points[t, k]
            z = view[2, 0] * p[0] + view[2, 1] * p[1] + view[2, 2] * p[2] + view[2, 3]
            x = (view[0, 0] * p[0] + view[0, 1] * p[1] + view[0, 2] * p[2] + view[0, 3]) / z
            y = (view[1, 0] * p[0] + view[1, 1] * p[1] + view[1, 2] * p[2] + view[1, 3]) / z
            nearest = min(nearest, z)
            left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
    return left, top, right, bottom, nearest


def cut(box: tuple[float, float, float, float], rng: np.random.Generator) -> tuple[float, float, float, float]:
    """One side of a box moved inwards by up to two fifths, as a picture's border does."""
    sides = list(box)
    k = int(rng.integers(4))
    sides[k] += (box[(k + 2) % 4] - box[k]) * rng.uniform(0.05, 0.4)
    return tuple(sides)

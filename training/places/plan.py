"""Draws places: rooms, streets, yards and tables, furnished with models, with their camera, ground and light.

Lengths in metres. World as in geometry/view.py; the ground is the plane y = 0, on a table its top.
"""
import math
from dataclasses import dataclass

import numpy as np

from geometry.appearance import direction, tint
from geometry.view import Camera
from meshes.catalogue import Entry
from meshes.library import Library

from .light import headed

KINDS = ("room", "street", "yard", "table")
SHARES = (0.4, 0.25, 0.15, 0.2)
HEAVIEST = 20_000  # triangles of a model
SIGHTS = 4  # pictures of a place
LONGER = 192  # pixels of a picture's longer side


@dataclass(frozen=True)
class Item:
    """A model, or a block where model is None. hidden: it shades but is not seen (a window's wall)."""
    model: int | None
    size: tuple[float, float, float]
    yaw: float
    at: tuple[float, float, float]
    hidden: bool = False

    @property
    def radius(self) -> float:
        return 0.5 * math.hypot(self.size[0], self.size[2])


@dataclass(frozen=True)
class Plane:
    """Points p with p . normal = offset, seen from where p . normal is larger. half: extent of a table about its middle."""
    normal: tuple[float, float, float]
    offset: float
    half: tuple[float, float, float, float] | None = None  # middle x, middle z, half width, half depth
    ground: bool = False


@dataclass(frozen=True)
class Lamp:
    """A far light: towards it, its angular diameter (radians), and the irradiance of a surface that faces it [3]."""
    towards: np.ndarray
    diameter: float
    power: np.ndarray


@dataclass(frozen=True)
class Sight:
    """One picture of a place: from above a point of the ground, in a direction."""
    camera: Camera  # for a picture of `size` pixels
    tilt: float  # radians, the picture turned clockwise about its middle
    size: tuple[int, int]  # rows, columns
    at: tuple[float, float] = (0.0, 0.0)  # x, z
    heading: float = 0.0  # radians, clockwise from +z seen from above

    @property
    def eye(self) -> np.ndarray:
        return np.array([self.at[0], self.camera.height, self.at[1]])

    def turn(self) -> np.ndarray:
        """World to camera, [3, 3]."""
        s, c = math.sin(self.tilt), math.cos(self.tilt)
        return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ self.camera.turn() @ headed(self.heading).T

    def place(self, x: float, z: float) -> tuple[float, float]:
        """A point x to the right and z ahead, in the world."""
        s, c = math.sin(self.heading), math.cos(self.heading)
        return self.at[0] + c * x + s * z, self.at[1] - s * x + c * z


@dataclass(frozen=True)
class Place:
    kind: str
    sights: list[Sight]
    items: list[Item]
    planes: list[Plane]
    lamps: list[Lamp]
    zenith: np.ndarray  # radiance of the sky or ceiling [3]
    horizon: np.ndarray  # and of what is level with the eye
    haze: float  # metres after which the far is lost
    reflectance: float  # of the ground at a level view, 0..1
    roughness: float
    seed: int  # of the looks


def draw_place(models: Library, chosen: list[int], rng: np.random.Generator) -> Place:
    """chosen: the models that may stand in it."""
    kind = str(rng.choice(KINDS, p=SHARES))
    lamps, zenith, horizon = draw_light(kind, rng)
    planes, items = shell(kind, rng)
    sights = [draw_sight(kind, planes, rng) for _ in range(SIGHTS)]
    fitting = [i for i in chosen if fits(kind, models.entries[i]) and triangles_of(models, i) < HEAVIEST]
    items += furnish(kind, models, fitting, sights, planes, rng)
    gloss = rng.uniform() < (0.45 if kind in ("room", "table") else 0.12)
    return Place(kind, sights, items, planes, lamps, zenith, horizon,
                 float(rng.uniform(40, 400)) if kind in ("street", "yard") else 1e9,
                 float(rng.uniform(0.1, 0.9)) if gloss else 0.0, float(rng.uniform(0.02, 0.6)), int(rng.integers(1 << 31)))


def picture_size(rng: np.random.Generator) -> tuple[int, int]:
    aspect = float(rng.choice([1.0, 4 / 3, 3 / 2, 16 / 9]))
    other = round(LONGER / aspect)
    return (other, LONGER) if rng.uniform() < 0.75 else (LONGER, other)


def draw_sight(kind: str, planes: list[Plane], rng: np.random.Generator) -> Sight:
    size = picture_size(rng)
    focal = LONGER / 2 / math.tan(math.radians(rng.uniform(32, 85)) / 2)
    height = {"room": rng.uniform(0.8, 1.9), "street": rng.uniform(0.9, 3.0), "yard": rng.uniform(0.5, 2.2),
              "table": rng.uniform(0.12, 0.6)}[kind]
    pitch = math.radians({"room": rng.normal(10, 8), "street": rng.normal(4, 6), "yard": rng.normal(8, 8),
                          "table": rng.uniform(5, 45)}[kind])
    camera = Camera(focal, size[1] / 2, size[0] / 2, float(np.clip(pitch, -0.2, 0.8)), float(height))
    at, heading = draw_stand(kind, planes, rng)
    return Sight(camera, math.radians(rng.normal(0, 1.5)), size, at, heading)


def draw_stand(kind: str, planes: list[Plane], rng: np.random.Generator) -> tuple[tuple[float, float], float]:
    """Where the camera stands and where it looks: along a street, anywhere in a room, at a table from around it."""
    straight = rng.uniform() < 0.3  # as people like to: square to the walls
    heading = rng.integers(4) * math.pi / 2 + rng.normal(0, 0.03) if straight else rng.uniform(0, 2 * math.pi)
    if kind == "room":
        ahead, right, left, behind = (planes[k].offset for k in (1, 2, 3, 5))
        x, z = rng.uniform(right + 0.5, -left - 0.5), rng.uniform(behind + 0.5, -ahead - 0.5)
        deep = (math.sin(heading), math.cos(heading))  # rather from a side of the room than from its middle
        back = 0.6 * min(_until(x, -deep[0], right + 0.4, -left - 0.4), _until(z, -deep[1], behind + 0.4, -ahead - 0.4))
        return (float(x - deep[0] * back), float(z - deep[1] * back)), float(heading)
    if kind == "table":
        x, z, _, _ = planes[0].half
        away = rng.uniform(0.3, 0.8)
        return (float(x - away * math.sin(heading)), float(z - away * math.cos(heading))), float(heading)
    heading = rng.normal(0, 0.5) + math.pi * rng.integers(2)
    return (float(rng.uniform(-2.5, 2.5)), float(rng.uniform(-3, 25))), float(heading)


def _until(start: float, step: float, low: float, high: float) -> float:
    """How far one may go along a line before it leaves an interval."""
    return 10.0 if abs(step) < 1e-3 else max(0.0, ((high if step > 0 else low) - start) / step)


def draw_light(kind: str, rng: np.random.Generator) -> tuple[list[Lamp], np.ndarray, np.ndarray]:
    """-> lamps, radiance of the zenith and of the horizon. The sky alone gives the ground about pi times its radiance."""
    inside = kind in ("room", "table") and rng.uniform() < 0.85
    sky = np.array([0.85, 1.0, 1.3]) if not inside else tint(rng, 0.12)
    zenith = rng.uniform(0.4, 1.1) * sky * tint(rng, 0.05)
    horizon = rng.uniform(0.4, 1.3) * (1 + 0.6 * (sky - 1)) * tint(rng, 0.08)
    lamps = []
    strength = math.pi * math.exp(rng.normal(0.6, 0.9))
    if inside:
        for share in (1.0, rng.uniform(0.1, 0.8))[:int(rng.integers(1, 3))]:
            wide = math.radians(rng.uniform(6, 45))
            lamps.append(Lamp(direction(rng, 15, 80), wide, strength * share * tint(rng, 0.2)))
    elif rng.uniform() < 0.7:
        low = rng.uniform() < 0.25
        towards = direction(rng, 5, 20) if low else direction(rng, 20, 75)
        warm = np.array([1.35, 0.95, 0.6]) if low else np.array([1.08, 1.0, 0.88])
        lamps.append(Lamp(towards, math.radians(rng.choice([0.6, 3, 10])), 1.5 * strength * warm * tint(rng, 0.05)))
    return lamps, zenith, horizon


def shell(kind: str, rng: np.random.Generator) -> tuple[list[Plane], list[Item]]:
    """The ground, and the walls or blocks around."""
    ground = Plane((0, 1, 0), 0.0, ground=True)
    if kind == "room":
        back, left, right = rng.uniform(2.5, 7), rng.uniform(1.2, 4.5), rng.uniform(1.2, 4.5)
        walls = [Plane((0, 0, -1), -back), Plane((1, 0, 0), -left), Plane((-1, 0, 0), -right),
                 Plane((0, -1, 0), -rng.uniform(2.4, 3.4)), Plane((0, 0, 1), -rng.uniform(1.5, 4))]
        return [ground, *walls], []
    if kind == "table":
        half = (rng.uniform(-0.2, 0.2), rng.uniform(0.5, 0.9), rng.uniform(0.35, 0.9), rng.uniform(0.3, 0.7))
        top = Plane((0, 1, 0), 0.0, half=half, ground=True)
        return [top, Plane((0, 1, 0), -rng.uniform(0.45, 0.8)), Plane((0, 0, -1), -rng.uniform(1.2, 4)),
                Plane((1, 0, 0), -rng.uniform(1.0, 4)), Plane((-1, 0, 0), -rng.uniform(1.0, 4))], []
    blocks = []
    for side in (-1, 1):
        if rng.uniform() < (0.75 if kind == "street" else 0.35):
            z, away = rng.uniform(-6, 4), rng.uniform(4, 10)
            while z < 40 and len(blocks) < 12:
                width, depth, height = rng.uniform(4, 12), rng.uniform(4, 9), rng.uniform(2.5, 12 if kind == "street" else 5)
                blocks.append(Item(None, (depth, height, width), 0.0, (side * (away + depth / 2), 0.0, z + width / 2)))
                z += width + (0 if rng.uniform() < 0.6 else rng.uniform(1, 6))
    if rng.uniform() < 0.5:
        blocks.append(Item(None, (rng.uniform(6, 25), rng.uniform(2, 9), 3.0), rng.normal(0, 0.2),
                           (rng.uniform(-8, 8), 0.0, rng.uniform(10, 30))))
    return [ground], blocks


def fits(kind: str, entry: Entry) -> bool:
    if not entry.stands or entry.elevation > 0.3:
        return False
    largest = max(entry.size)
    if kind == "table":
        return largest < 0.45
    outside = entry.category in ("Vehicles", "Exterior", "Characters")
    if kind == "room":
        return largest > 0.25 and entry.category not in ("Vehicles", "Exterior") and largest < 3
    return outside and largest > 0.4


def triangles_of(models: Library, i: int) -> int:
    return models.starts["triangles"][i + 1] - models.starts["triangles"][i]


def furnish(kind: str, models: Library, fitting: list[int], sights: list[Sight], planes: list[Plane],
            rng: np.random.Generator) -> list[Item]:
    """Models on the ground where a camera sees them, none in another, in a wall or about a camera."""
    reach = {"room": 6.0, "street": 18.0, "yard": 10.0, "table": 1.4}[kind]
    placed: list[Item] = []
    wanted = int(rng.integers(3, 6 + 2 * len(sights)))
    for _ in range(80):
        if len(placed) == wanted:
            break
        entry = models.entries[i := int(rng.choice(fitting))]
        sight = sights[rng.integers(len(sights))]
        ahead = rng.uniform(0.25, 1) ** 1.5 * reach
        x, z = sight.place(rng.uniform(-0.6, 0.6) * sight.size[1] / sight.camera.focal * ahead, ahead)
        turn = rng.integers(4) * math.pi / 2 + rng.normal(0, 0.05) if kind == "room" else rng.uniform(0, 2 * math.pi)
        item = Item(i, entry.size, float(turn), (float(x), 0.0, float(z)))
        apart = all(math.hypot(x - o.at[0], z - o.at[2]) > 0.8 * (item.radius + o.radius) for o in placed)
        free = all(math.hypot(x - s.at[0], z - s.at[1]) > item.radius + 0.3 * s.camera.height for s in sights)
        if apart and free and all(clear(item, plane) for plane in planes):
            placed.append(item)
    return placed


def clear(item: Item, plane: Plane) -> bool:
    if plane.half:
        x, z, width, depth = plane.half
        return abs(item.at[0] - x) < width - 0.7 * item.radius and abs(item.at[2] - z) < depth - 0.7 * item.radius
    if plane.normal[1] != 0:
        return True
    return sum(a * n for a, n in zip(item.at, plane.normal)) - plane.offset > 0.7 * item.radius

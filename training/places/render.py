"""Draws a place: what the camera sees, the shadows of every light on it, a reflecting ground, and what is known of it.

All light is a set of beams, far directions with a power each: a lamp's disc gives some, the sky the others. One depth map along
each beam says what it reaches.
"""
import math
from dataclasses import dataclass

import numpy as np

from geometry.view import Camera
from layers.reference import disc
from meshes.library import Library
from meshes.obj import Mesh
from meshes.zbuffer import Buffers, draw, draw_along, empty, jit, surface
from world.textures import make_texture

from .light import Light, describe, headed, hemisphere
from .plan import Item, Place, Plane, Sight

FINER = 2  # samples per pixel and axis
SKY_BEAMS, LAMP_BEAMS = 24, 6
MAP = 320  # edge of a beam's depth map
TEXTURE = 128
GROUND_KINDS = {"room": ("planks", "tiles", "noise", "weave", "marble"), "table": ("planks", "marble", "noise", "stripes"),
                "street": ("gravel", "noise", "brick", "sand", "tiles"), "yard": ("grass", "grass", "gravel", "sand", "noise")}
WALL_KINDS = ("noise", "stripes", "brick", "tiles", "clouds", "planks", "marble")


@dataclass
class Shown:
    """Surface pixels of a view, in row-major order of `seen`."""
    seen: np.ndarray  # bool [rows, columns]
    point: np.ndarray  # f64 [pixels, 3], world
    normal: np.ndarray
    albedo: np.ndarray  # linear
    ground: np.ndarray  # bool [pixels]


@dataclass
class Picture:
    colour: np.ndarray  # f32 [rows, columns, 3], encoded sRGB
    ground: np.ndarray  # f32 [rows, columns], the share of the pixel that is ground
    light: Light


class Studio:
    """Models, blocks and textures at hand."""

    def __init__(self, models: Library, seed: int):
        import torch

        self.models, self.block = models, block_mesh()
        g = torch.Generator().manual_seed(seed)
        kinds = sorted({k for kinds in GROUND_KINDS.values() for k in kinds} | set(WALL_KINDS))
        self.textures = {kind: [mipped(make_texture(kind, TEXTURE, g).numpy()) for _ in range(3)] for kind in kinds}

    def mesh(self, item: Item) -> Mesh:
        return self.block if item.model is None else self.models.mesh(item.model)

    def draw(self, place: Place) -> list[Picture]:
        """A picture for each sight."""
        rng = np.random.default_rng(place.seed)
        looks = Looks(self, place, rng)
        beams, powers = beams_of(place)
        blocked = Blocked([(self.mesh(item), placed(item)) for item in place.items], beams)
        lit = lambda sight, mirrored: self.view(place, sight, looks, blocked, powers, mirrored)
        small = lambda x: x.reshape(x.shape[0] // FINER, FINER, x.shape[1] // FINER, FINER, -1).mean((1, 3))
        towards, sent = beams_of(place, 256, 64)
        pictures = []
        for sight in place.sights:
            colour, shown = lit(sight, False)
            ground = np.zeros(colour.shape[:2], np.float32)
            ground[shown.seen] = shown.ground
            if place.reflectance > 0:
                reflect(place, sight, colour, ground, lit(sight, True)[0])
            light = describe(towards @ headed(sight.heading), towards[:, 1:2] * sent)
            pictures.append(Picture(developed(small(colour), rng), small(ground)[..., 0], light))
        return pictures

    def view(self, place: Place, sight: Sight, looks: "Looks", blocked: "Blocked", powers: np.ndarray,
             mirrored: bool) -> tuple[np.ndarray, Shown]:
        """Radiance f32 [rows, columns, 3] (finer than the picture), and the surfaces."""
        shown, rays = self.look(place, sight, looks, mirrored)
        up = rays[..., 1] / np.linalg.norm(rays, axis=-1)
        level = np.clip(np.abs(up), 0, 1)[..., None] ** 0.6
        colour = place.horizon * (1 - level) + place.zenith * level
        irradiance = blocked.irradiance(shown.point, shown.normal, powers)
        bounce = 0.12 * (powers * blocked.beams[:, 1:2]).sum(0) * (0.75 - 0.25 * shown.normal[:, 1:2])
        lit = shown.albedo * (irradiance + bounce) / math.pi
        away = np.linalg.norm(shown.point - sight.eye, axis=1, keepdims=True)
        fade = np.exp(-away / place.haze)
        colour[shown.seen] = lit * fade + place.horizon * (1 - fade)
        return colour.astype(np.float32), shown

    def look(self, place: Place, sight: Sight, looks: "Looks", mirrored: bool) -> tuple[Shown, np.ndarray]:
        """The nearest surfaces, and all rays in the world [rows, columns, 3]."""
        camera = sight.camera.windowed(FINER, 0, 0)
        rows, columns = (n * FINER for n in sight.size)
        turn, eye = sight.turn(), sight.eye
        flip = np.diag([1.0, -1.0, 1.0]) if mirrored else np.eye(3)
        v, u = np.mgrid[0:rows, 0:columns] + 0.5
        rays = np.stack([(u - camera.cx) / camera.focal, (v - camera.cy) / camera.focal, np.ones_like(u)], -1) @ turn
        best = np.full((rows, columns), np.inf)
        point, normal, albedo = (np.zeros((rows, columns, 3)) for _ in range(3))
        ground = np.zeros((rows, columns), bool)
        for k, plane in enumerate(place.planes):
            if mirrored and plane.normal[1] != 0:
                continue
            t = meets(plane, eye, rays)
            hit = t < best
            best[hit] = t[hit]
            at = eye + rays[hit] * t[hit][:, None]
            footprint = t[hit] / camera.focal
            point[hit], normal[hit], albedo[hit], ground[hit] = at, plane.normal, looks.plane(k, plane, at, footprint), plane.ground
        for k, item in enumerate(place.items):
            if item.hidden:
                continue
            mesh, matrix = self.mesh(item), placed(item)
            view = np.concatenate([turn @ flip @ matrix[:, :3], (turn @ (flip @ matrix[:, 3] - eye))[:, None]], 1)
            buffers = Buffers(best.astype(np.float32), *[getattr(empty(rows, columns), n) for n in ("back", "triangle", "corner")])
            draw(mesh, view, camera.focal, (camera.cx, camera.cy), buffers)
            hit = buffers.mask
            if not hit.any():
                continue
            best[hit] = buffers.front[hit]
            inner = np.linalg.inv(matrix[:, :3])
            found = surface(mesh, buffers, hit, inner @ (flip @ eye - matrix[:, 3]), *looks.item(k, mesh))
            world = found.normal @ inner
            point[hit] = found.point @ matrix[:, :3].T + matrix[:, 3]
            normal[hit] = world / np.linalg.norm(world, axis=1, keepdims=True)
            albedo[hit], ground[hit] = found.albedo, False
        seen = np.isfinite(best)
        return Shown(seen, point[seen], normal[seen], albedo[seen], ground[seen]), rays


def meets(plane: Plane, eye: np.ndarray, rays: np.ndarray) -> np.ndarray:
    """How far along rays (in depths) a plane lies, inf where it does not or is seen from behind."""
    normal = np.array(plane.normal, float)
    towards = rays @ normal
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (plane.offset - eye @ normal) / towards
    t = np.where((towards < -1e-6) & (t > 0.01), t, np.inf)
    if plane.half:
        x, z, width, depth = plane.half
        at = eye + rays * np.where(np.isfinite(t), t, 0)[..., None]
        t = np.where((np.abs(at[..., 0] - x) < width) & (np.abs(at[..., 2] - z) < depth), t, np.inf)
    return t


def placed(item: Item) -> np.ndarray:
    """Model (a block: the unit cube on the floor) to world, [3, 4]."""
    s, c = math.sin(item.yaw), math.cos(item.yaw)
    spin = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    if item.model is None:
        spin = spin * np.array(item.size)
    return np.concatenate([spin, np.array(item.at)[:, None]], 1)


def block_mesh() -> Mesh:
    """A unit cube standing on the floor, with texture coordinates on its sides."""
    faces = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    corner = np.array([[(i & 1) - 0.5, i >> 1 & 1, (i >> 2 & 1) - 0.5] for i in range(8)], np.float32)
    order = np.array([[f[a], f[b], f[c]] for f in faces for a, b, c in ((0, 1, 2), (0, 2, 3))])
    points = corner[order]
    flat = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    outward = np.sign((flat * (points.mean(1) - [0, 0.5, 0])).sum(1, keepdims=True))
    normals = np.repeat((flat * outward / np.linalg.norm(flat, axis=1, keepdims=True))[:, None], 3, 1)
    uv = np.where((np.abs(normals[..., :1]) > 0.5), points[..., [2, 1]], points[..., [0, 1]])
    return Mesh(points, normals.astype(np.float32), (uv * 3).astype(np.float32), np.zeros(12, np.int32),
                np.full((1, 3), 0.6, np.float32), np.full(1, -1, np.int32), np.zeros((0, TEXTURE, TEXTURE, 3), np.uint8))


def beams_of(place: Place, of_sky: int = SKY_BEAMS, of_lamp: int = LAMP_BEAMS) -> tuple[np.ndarray, np.ndarray]:
    """-> directions [n, 3], unit, and the irradiance of what faces them [n, 3]: the sky's first, then the lamps'."""
    sky = hemisphere(of_sky)
    level = sky[:, 1:2] ** 0.6
    radiance = place.horizon * (1 - level) + place.zenith * level
    directions, powers = [sky], [radiance * 2 * math.pi / of_sky]
    for lamp in place.lamps:
        directions.append(disc(lamp.towards.astype(float), lamp.diameter, of_lamp))
        powers.append(np.repeat(lamp.power[None] / of_lamp, of_lamp, 0))
    return np.concatenate(directions), np.concatenate(powers)


class Blocked:
    """Depth maps of what casts shadows, along every beam."""

    def __init__(self, casters: list[tuple[Mesh, np.ndarray]], beams: np.ndarray):
        self.beams = beams
        spheres = [bound(mesh, matrix) for mesh, matrix in casters]
        count = len(beams) if casters else 0
        self.views = np.zeros((max(1, count), 3, 4), np.float32)  # world to column, row and depth of a map
        self.views[0, 0, 0] = 1
        self.depths = np.full((count, MAP, MAP), np.inf, np.float32)
        for k, towards in enumerate(beams[:count]):
            across = np.cross([0.0, 1.0, 0.0], towards)
            across = across / np.linalg.norm(across) if np.linalg.norm(across) > 1e-6 else np.array([1.0, 0, 0])
            axes = np.stack([across, np.cross(towards, across), -towards])
            low = np.min([axes[:2] @ middle - radius for middle, radius in spheres], 0)
            high = np.max([axes[:2] @ middle + radius for middle, radius in spheres], 0)
            scale = MAP / max(high - low)
            view = np.concatenate([axes * [[scale], [scale], [1]], np.array([*(-low * scale), 0])[:, None]], 1)
            self.views[k] = view
            for mesh, matrix in casters:
                seen = np.concatenate([view[:, :3] @ matrix[:, :3], (view[:, :3] @ matrix[:, 3] + view[:, 3])[:, None]], 1)
                draw_along(mesh, seen, self.depths[k])

    def irradiance(self, points: np.ndarray, normals: np.ndarray, powers: np.ndarray) -> np.ndarray:
        """What reaches surfaces, [points, 3]. powers [beams, 3]: the irradiance of what faces a beam."""
        out = np.zeros((len(points), 3), np.float32)
        _gather(points.astype(np.float32), normals.astype(np.float32), self.beams.astype(np.float32),
                powers.astype(np.float32), self.views, self.depths, out)
        return out


@jit
def _gather(points, normals, beams, powers, views, depths, out):
    for k in range(len(beams)):
        mapped = k < len(depths)
        view = views[min(k, len(views) - 1)]
        texel = 1 / math.sqrt(view[0, 0] ** 2 + view[0, 1] ** 2 + view[0, 2] ** 2)
        for i in range(len(points)):
            facing = normals[i, 0] * beams[k, 0] + normals[i, 1] * beams[k, 1] + normals[i, 2] * beams[k, 2]
            if facing <= 0:
                continue
            if mapped:
                x = points[i, 0] + normals[i, 0] * 1.5 * texel
                y = points[i, 1] + normals[i, 1] * 1.5 * texel
                z = points[i, 2] + normals[i, 2] * 1.5 * texel
                column = view[0, 0] * x + view[0, 1] * y + view[0, 2] * z + view[0, 3]
                row = view[1, 0] * x + view[1, 1] * y + view[1, 2] * z + view[1, 3]
                if column >= 0 and row >= 0 and column < depths.shape[2] and row < depths.shape[1]:
                    away = view[2, 0] * x + view[2, 1] * y + view[2, 2] * z + view[2, 3]
                    if depths[k, int(row), int(column)] < away - 1.5 * texel:
                        continue
            for c in range(3):
                out[i, c] += facing * powers[k, c]


def bound(mesh: Mesh, matrix: np.ndarray) -> tuple[np.ndarray, float]:
    """A sphere about a placed mesh: middle, radius."""
    low, high = mesh.points.min((0, 1)), mesh.points.max((0, 1))
    corners = np.array([[(low, high)[i >> k & 1][k] for k in range(3)] for i in range(8)]) @ matrix[:, :3].T + matrix[:, 3]
    middle = corners.mean(0)
    return middle, float(np.linalg.norm(corners - middle, axis=1).max())


class Looks:
    """The colours of a place: a texture, inks and a tile's size for each plane; paint for the models."""

    def __init__(self, studio: Studio, place: Place, rng: np.random.Generator):
        self.planes, self.items = [], []
        wall = self.draw(studio, WALL_KINDS, rng)
        for plane in place.planes:
            self.planes.append(self.draw(studio, GROUND_KINDS[place.kind], rng) if plane.normal[1] == 1 else wall)
        for item in place.items:
            self.items.append(int(rng.integers(1 << 31)))

    @staticmethod
    def draw(studio: Studio, kinds: tuple[str, ...], rng: np.random.Generator):
        copies = studio.textures[str(rng.choice(kinds))]
        warm = rng.normal(0.08, 0.16)
        base = np.exp(rng.normal(-1.4, 0.6)) * np.exp([warm, 0.25 * warm + rng.normal(0, 0.05), -1.2 * warm])
        inks = np.stack([base, base * np.exp(rng.normal(0, 0.35)) * np.exp(rng.normal(0, 0.1, 3)), base * rng.uniform(0.3, 1.2)])
        return copies[rng.integers(len(copies))], inks.clip(0.02, 0.9), float(np.exp(rng.uniform(-0.7, 1.2)))

    def plane(self, k: int, plane: Plane, at: np.ndarray, footprint: np.ndarray) -> np.ndarray:
        """Linear albedo of points on a plane. footprint: metres that a pixel covers, across the view."""
        texture, inks, tile = self.planes[k]
        across = {1: (0, 2), 0: (2, 1), 2: (0, 1)}[int(np.abs(plane.normal).argmax())]
        mix = sampled(texture, at[:, across[0]] / tile, at[:, across[1]] / tile, footprint / tile)
        first = inks[0] * (1 - mix[:, :1]) + inks[1] * mix[:, :1]
        return (first * (1 - mix[:, 1:2]) + inks[2] * mix[:, 1:2]) * (0.75 + 0.5 * mix[:, 2:3])

    def item(self, k: int, mesh: Mesh) -> tuple[np.ndarray, np.ndarray]:
        """-> encoded colours and textures of a model's materials: its own, at times repainted."""
        rng = np.random.default_rng(self.items[k])
        colour, texture = mesh.colour.copy(), mesh.texture.copy()
        if len(mesh.textures) == 0 or rng.uniform() < 0.3:
            for m in np.flatnonzero(rng.uniform(size=len(colour)) < 0.6):
                colour[m] = np.exp(rng.normal(-0.6, 0.4)) * np.exp(rng.normal(0, 0.2, 3))
        return colour.clip(0.02, 0.95), texture


def mipped(texture: np.ndarray) -> list[np.ndarray]:
    """[3, size, size] -> levels [size, size, 3], each half the last."""
    levels = [np.moveaxis(texture, 0, -1).astype(np.float32)]
    while len(levels[-1]) > 1:
        x = levels[-1]
        levels.append((x[0::2, 0::2] + x[1::2, 0::2] + x[0::2, 1::2] + x[1::2, 1::2]) / 4)
    return levels


def sampled(levels: list[np.ndarray], u: np.ndarray, v: np.ndarray, footprint: np.ndarray) -> np.ndarray:
    """A periodic texture at points (in tiles), from the level whose texels are about as large as the footprint: [points, 3]."""
    level = np.clip(np.log2(np.maximum(footprint * len(levels[0]), 1)).round().astype(int), 0, len(levels) - 1)
    out = np.zeros((len(u), 3), np.float32)
    for k, texture in enumerate(levels):
        chosen = level == k
        n = len(texture)
        out[chosen] = texture[((v[chosen] % 1) * n).astype(int) % n, ((u[chosen] % 1) * n).astype(int) % n]
    return out


def reflect(place: Place, sight: Sight, colour: np.ndarray, ground: np.ndarray, mirror: np.ndarray) -> None:
    """Adds the mirrored view to the ground, by Schlick's law, blurred by roughness."""
    rows, columns = ground.shape
    reach = max(1, round(place.roughness * 0.05 * rows))
    for axis in (0, 1):
        padded = np.pad(mirror, [(reach, reach) if a == axis else (0, 0) for a in range(3)], mode="edge")
        total = np.cumsum(np.insert(padded, 0, 0, axis), axis, dtype=np.float64)
        take = lambda lo, hi: total[lo:hi] if axis == 0 else total[:, lo:hi]
        n = mirror.shape[axis]
        mirror = ((take(2 * reach + 1, 2 * reach + 1 + n) - take(0, n)) / (2 * reach + 1)).astype(np.float32)
    camera = sight.camera.windowed(FINER, 0, 0)
    v, u = np.mgrid[0:rows, 0:columns] + 0.5
    s, c = math.sin(camera.pitch), math.cos(camera.pitch)
    down = (v - camera.cy) / camera.focal
    sine = (s + down * c) / np.sqrt(1 + ((u - camera.cx) / camera.focal) ** 2 + down ** 2)
    fresnel = 0.04 + 0.96 * (1 - sine.clip(0, 1)) ** 5
    strength = (place.reflectance * fresnel * ground)[..., None]
    colour += strength * (mirror - 0.3 * colour)


def developed(radiance: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Linear radiance as a camera's picture: exposed, balanced, bent, grainy; encoded sRGB f32."""
    bright = np.percentile(radiance.mean(-1), rng.uniform(90, 99))
    exposed = radiance / max(bright, 1e-6) * rng.uniform(0.45, 1.0) * np.exp(rng.normal(0, 0.05, 3))
    curve = 1 - np.exp(-exposed * 1.6) if rng.uniform() < 0.5 else exposed
    encoded = np.clip(curve, 0, 1) ** (1 / 2.2 * rng.uniform(0.9, 1.1))
    return np.clip(encoded + rng.normal(0, rng.uniform(0, 0.02), encoded.shape), 0, 1).astype(np.float32)

"""The reference of shadows against rays that are traced one by one.

    python -m layers.test
"""
import math
import unittest

import numpy as np

from . import reference
from .reference import Camera, Placed

FACES = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def box_quads(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """The six sides of an upright box, [6, 4, 3]."""
    corners = np.array([[(low, high)[i >> k & 1][k] for k in range(3)] for i in range(8)])
    return corners[np.array(FACES)]


def hits_box(origin: np.ndarray, towards: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Whether rays [..., 3] meet a box, by slabs."""
    with np.errstate(divide="ignore", invalid="ignore"):
        first, second = (low - origin) / towards, (high - origin) / towards
    near, far = np.minimum(first, second).max(-1), np.maximum(first, second).min(-1)
    return (near <= far) & (far > 0)


class ReferenceTest(unittest.TestCase):
    low, high = np.array([-0.3, 0.0, 2.0]), np.array([0.2, 0.5, 2.4])

    def shadow_and_rays(self, camera: Camera, towards: np.ndarray, size: tuple[int, int], plane: float = 0.0):
        v, u = np.mgrid[0:size[0], 0:size[1]] + 0.5
        rays = camera.rays(u, v)
        seen = rays[..., 1] < 0
        t = np.where(seen, (plane - 1) / np.where(seen, rays[..., 1], -1), 0)
        at = rays * t[..., None] + [0, 1, 0]
        truth = seen & hits_box(at + 1e-9 * towards, towards, np.maximum(self.low, [-9, plane, -9]), self.high)
        return reference.shadow(box_quads(self.low, self.high), camera, towards[None], size, plane), truth

    def test_is_what_rays_to_the_light_say(self):
        lights = [(0, 30), (90, 40), (200, 60), (270, 25), (45, 90), (130, 8)]
        for horizon in (-20.0, 10.0, 37.0):
            for azimuth, elevation in lights:
                camera = Camera.of(81, 61, horizon, math.radians(50))
                towards = reference.direction(math.radians(azimuth), math.radians(elevation))
                ours, truth = self.shadow_and_rays(camera, towards, (61, 81))
                off = np.abs(ours - truth).sum()
                self.assertLessEqual(off, 0.02 * max(truth.sum(), 100), (horizon, azimuth, elevation))

    def test_only_what_is_above_a_plane_shades_it(self):
        camera = Camera.of(81, 61, 10, math.radians(50))
        ours, truth = self.shadow_and_rays(camera, reference.direction(math.radians(20), math.radians(35)), (61, 81), 0.3)
        self.assertGreater(truth.sum(), 50)
        self.assertLessEqual(np.abs(ours - truth).sum(), 0.04 * truth.sum())

    def test_a_light_is_never_lower_than_eight_degrees(self):
        self.assertAlmostEqual(math.degrees(math.asin(reference.direction(1.0, -0.4)[1])), 8, places=9)

    def test_the_dome_is_dense_as_the_cosine(self):
        directions = reference.dome(4000)
        self.assertTrue(np.allclose(np.linalg.norm(directions, axis=1), 1))
        self.assertGreaterEqual(directions[:, 1].min(), math.sin(reference.LOWEST_DOME) - 1e-6)
        steep = (directions[:, 1] > math.sin(math.radians(45))).mean()
        self.assertAlmostEqual(steep, 0.5 / math.cos(reference.LOWEST_DOME) ** 2, places=2)

    def test_a_pixel_is_lifted_to_the_point_that_it_shows(self):
        for pitch in (-0.1, 0.0, 0.4):
            camera = Camera(300.0, 160.0, 120.0, pitch)
            point = np.array([0.4, 0.6, 3.0])
            u, v, _ = camera.seen(point)
            foot = camera.seen(point * [1, 0, 1])[1]
            self.assertTrue(np.allclose(camera.lifted(u, v, foot), point, atol=1e-9), pitch)

    def test_the_maps_of_a_wall_shade_as_the_wall(self):
        camera = Camera.of(160, 120, 20, math.radians(45))
        wall = np.array([[-0.4, 0, 3], [0.4, 0, 3], [0.4, 0.7, 3], [-0.4, 0.7, 3]])
        seen = camera.seen(wall)[:, :2]
        n, left, top = 64, seen[:, 0].min(), seen[:, 1].min()
        cell = max(seen.max(0) - seen.min(0)) / n
        u, v = left + (np.arange(n) + 0.5) * cell, top + (np.arange(n)[:, None] + 0.5) * cell
        mask = reference_mask(camera, u, v)
        rows = np.full((n, n), camera.seen(wall[0])[1])
        placed = Placed(mask, rows, rows, left, top, cell)
        towards = reference.disc(reference.direction(math.radians(110), math.radians(40)), 0.05, 4)
        ours = reference.shadow(reference.solid(placed, camera), camera, towards, (120, 160))
        truth = reference.shadow(wall[None], camera, towards, (120, 160))
        self.assertGreater(np.minimum(ours, truth).sum() / np.maximum(ours, truth).sum(), 0.93)

    def test_upsampling_keeps_what_a_plane_says_and_stays_in_the_mask(self):
        rows = np.add.outer(np.arange(16.0), 2 * np.arange(16.0))
        known = np.zeros((16, 16), bool)
        known[4:12, 4:12] = True
        mask = np.kron(known, np.ones((4, 4), bool))
        fine = reference.upsampled(rows, known, mask)
        at = (np.arange(64) + 0.5) / 4 - 0.5
        inner = np.zeros((64, 64), bool)
        inner[20:44, 20:44] = True
        self.assertTrue(np.allclose(fine[inner], np.add.outer(at, 2 * at)[inner]))
        self.assertTrue((fine[~mask] == 0).all())

    def test_a_faint_darkening_is_none(self):
        faint = reference.ratio([np.full((2, 2), 0.001)], np.zeros((2, 2)), np.full((1, 3), 0.9), np.full(3, 0.1), (1.0,), 1.0,
                                np.ones((2, 2)))
        self.assertTrue((faint == 1).all())
        dark = reference.ratio([np.ones((2, 2))], np.ones((2, 2)), np.full((1, 3), 0.9), np.full(3, 0.1), (1.0,), 0.5,
                               np.array([[1.0, 0.0], [0.5, 1.0]]))
        self.assertTrue(np.allclose(dark[..., 0], [[0.05, 1.0], [0.525, 0.05]]))


def reference_mask(camera: Camera, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Which pixels show the wall at z = 3 between x = -0.4 and 0.4, y = 0 and 0.7."""
    rays = camera.rays(u[None] + 0 * v, v + 0 * u[None])
    at = rays * (3 / rays[..., 2])[..., None] + [0, 1, 0]
    return (np.abs(at[..., 0]) <= 0.4) & (at[..., 1] >= 0) & (at[..., 1] <= 0.7)


if __name__ == "__main__":
    unittest.main()

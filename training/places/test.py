"""Places whose light is known agree with their pictures; needs no furniture.

    python -m places.test
"""
import math
import unittest
from dataclasses import replace
from unittest import mock

import numpy as np

from geometry.view import Camera
from layers import reference
from layers.test import box_quads
from meshes.library import Library

from . import panoramas
from .light import AZIMUTHS, describe, headed, hemisphere
from .plan import LONGER, Item, Lamp, Place, Plane, Sight
from .render import FINER, Studio
from .samples import GROUND, SCENE, sample, scene_row


def some_place(towards: np.ndarray, tilt: float = 0.0) -> Place:
    """One block on the ground under one hard light."""
    block = Item(None, (0.5, 0.5, 0.5), 0.0, (-0.1, 0.0, 2.6))
    return Place("yard", [Sight(Camera(110.0, 64.0, 48.0, 0.25, 1.0), tilt, (96, 128))], [block], [Plane((0, 1, 0), 0.0, ground=True)],
                 [Lamp(towards, 0.02, np.full(3, 12.0))], np.full(3, 0.2), np.full(3, 0.2), 1e9, 0.0, 0.1, 5)


class PlacesTest(unittest.TestCase):
    studio = Studio(Library([], {}, {}), 1)

    def test_shadows_fall_where_the_reference_says(self):
        for azimuth in (20, 150, 250):
            towards = reference.direction(math.radians(azimuth), math.radians(40))
            place = some_place(towards)
            picture, = self.studio.draw(place)
            camera = reference.Camera(110.0, 64.0, 48.0, 0.25)
            quads = box_quads(np.array([-0.35, 0, 2.35]), np.array([0.15, 0.5, 2.85]))
            dark = reference.shadow(quads, camera, towards[None], place.sights[0].size) > 0.5
            ground = picture.ground > 0.99
            near = ground & (np.arange(96)[:, None] > 40)
            luma = picture.colour.mean(-1)
            self.assertGreater((dark & near).sum(), 40)
            threshold = (luma[dark & near].mean() + luma[~dark & near].mean()) / 2
            ours = luma < threshold
            self.assertGreater((ours & dark & near).sum() / ((ours | dark) & near).sum(), 0.7, azimuth)

    def test_a_tilt_turns_the_picture_clockwise(self):
        ground = self.studio.draw(some_place(reference.direction(1.0, 0.8), tilt=0.15))[0].ground
        first = (ground > 0.5).argmax(0)  # the horizon's row in each column
        slope = (first[-8:].mean() - first[:8].mean()) / 120
        self.assertAlmostEqual(slope, math.tan(0.15), delta=0.02)

    def test_who_walks_around_sees_the_same_turned(self):
        towards = reference.direction(math.radians(70), math.radians(40))
        straight, = self.studio.draw(some_place(towards))
        quarter = headed(math.pi / 2)
        place = some_place(quarter @ towards)
        block = replace(place.items[0], at=tuple(quarter @ place.items[0].at))
        sight = replace(place.sights[0], heading=math.pi / 2)
        turned, = self.studio.draw(replace(place, items=[block], sights=[sight]))
        self.assertEqual(int(turned.light.histogram.argmax()), int(straight.light.histogram.argmax()))
        self.assertGreater((np.abs(turned.ground - straight.ground) < 0.01).mean(), 0.99)

    def test_one_light_fills_one_bin(self):
        for k in range(AZIMUTHS):
            azimuth = (k + 0.5) / AZIMUTHS * 2 * math.pi - math.pi
            light = describe(reference.direction(azimuth, math.radians(35))[None], np.array([[2.0, 1.0, 0.5]]))
            self.assertEqual(int(light.histogram.argmax()), AZIMUTHS + k)
            self.assertAlmostEqual(light.sharpness, 1)
            self.assertTrue(np.allclose(light.key / light.key[1], [2, 1, 0.5]))

    def test_an_even_sky_is_not_sharp(self):
        sky = hemisphere(2000)
        light = describe(sky, sky[:, 1:2] * np.ones(3))
        self.assertLess(light.sharpness, 0.15)
        self.assertAlmostEqual(light.histogram[0].sum(), math.sin(math.pi / 8) ** 2, places=2)

    def test_a_panorama_shows_its_sun_where_its_light_is(self):
        radiance = np.full((512, 1024, 3), 0.1, np.float32)
        radiance[200:206, 300:306] = 5000
        checked = 0
        rng = np.random.default_rng(2)
        elevation, turned = math.pi / 2 - 203 / 512 * math.pi, (0.5 - 303 / 1024) * 2 * math.pi
        sun = np.array([-math.cos(elevation) * math.sin(turned), math.sin(elevation), math.cos(elevation) * math.cos(turned)])
        panorama = panoramas.Panorama("sun", radiance, sun[None], np.ones((1, 3)))
        for _ in range(40):
            with mock.patch("places.panoramas.developed", lambda radiance, _: radiance):
                view = panoramas.crop(panorama, rng)
            bright = view.colour.mean(-1)
            row, column = np.unravel_index(bright.argmax(), bright.shape)
            if bright.max() < 100:
                continue  # the sun is not in the picture
            s, c = math.sin(view.tilt), math.cos(view.tilt)
            x, y = column + 0.5 - view.camera.cx, row + 0.5 - view.camera.cy
            camera = reference.Camera(view.camera.focal, view.camera.cx, view.camera.cy, view.camera.pitch)
            ray = camera.rays(np.array(view.camera.cx + c * x + s * y), np.array(view.camera.cy - s * x + c * y))
            azimuth = math.degrees(math.atan2(ray[2], ray[0]))
            best = (view.light.histogram.sum(0).argmax() + 0.5) / AZIMUTHS * 360 - 180
            self.assertLess(abs((azimuth - best + 180) % 360 - 180), 360 / AZIMUTHS / 2 + 3)
            checked += 1
        self.assertGreaterEqual(checked, 2)

    def test_a_sample_holds_the_picture_in_a_square(self):
        place = some_place(reference.direction(1.0, 0.8))
        picture, = self.studio.draw(place)
        kept = sample(picture.colour, picture.ground, scene_row(place.sights[0].camera, 0.0, picture.light))
        self.assertEqual(kept["scene"].shape, (SCENE,))
        self.assertEqual(kept["ground"].shape, (GROUND, GROUND))
        self.assertEqual(int((kept["inside"] > 0).sum()), 96 * 128)
        self.assertAlmostEqual(kept["scene"][0], 110 * math.tan(0.25) / LONGER, places=5)
        self.assertEqual(FINER, 2)


if __name__ == "__main__":
    unittest.main()

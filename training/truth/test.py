"""The truth's own arithmetic on scenes made by hand; needs no Blender, no panoramas and no furniture.

    python -m truth.test
"""
import math
import unittest

import numpy as np

from geometry.view import Camera
from layers import reference

from . import baselines, compose, plan, score

ROWS, COLUMNS = 96, 128
PLAN = {"albedo": [0.2, 0.25, 0.3], "white": [2.0, 2.0, 2.0], "pitch": 10.0, "focal": 100.0, "height": 1.5}
EMPTY = np.array(PLAN["albedo"]) * PLAN["white"]
BODY, SHADE = np.s_[40:70, 50:70], np.s_[60:90, 70:100]


def by_hand(noise: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Backplate, what Cycles would give (a red body; half the light to its right), and the body's alpha."""
    plate = np.full((ROWS, COLUMNS, 3), 0.3)
    lit = np.concatenate([np.broadcast_to(EMPTY, (ROWS, COLUMNS, 3)), np.ones((ROWS, COLUMNS, 1))], -1).copy()
    lit[SHADE][..., :3] *= 0.5
    lit[..., :3] *= 1 + noise * np.random.default_rng(1).normal(size=(ROWS, COLUMNS, 1))
    lit[:25] = 0  # sky
    alone = np.zeros((ROWS, COLUMNS))
    alone[BODY] = 1
    lit[BODY][..., :3] = [0.4, 0.1, 0.1]
    return plate, lit, alone


class ComposeTest(unittest.TestCase):
    def test_ground_loses_what_it_lost_and_the_body_is_the_renderers(self):
        plate, lit, alone = by_hand()
        truth, _ = compose.composed(plate, lit, alone, PLAN)
        self.assertTrue(np.allclose(truth[BODY], [0.4, 0.1, 0.1]))
        self.assertTrue(np.allclose(truth[75:85, 80:90], 0.15, atol=0.006))
        self.assertTrue(np.allclose(truth[80:, :40], 0.3, atol=0.003))
        self.assertTrue(np.array_equal(truth[:20], plate[:20]))

    def test_noise_of_the_ground_is_gone(self):
        truth, _ = compose.composed(*by_hand(0.05), PLAN)
        self.assertLess(truth[75:, 5:35].std(), 0.3 * 0.05 / 5)

    def test_an_edge_pixel_is_part_body_part_shaded_ground(self):
        plate, lit, alone = by_hand()
        alone[65, 70], lit[65, 70, :3] = 0.5, 0.5 * np.array([0.4, 0.1, 0.1]) + 0.5 * EMPTY * 0.5
        truth, _ = compose.composed(plate, lit, alone, PLAN)
        self.assertTrue(np.allclose(truth[65, 70], 0.5 * np.array([0.4, 0.1, 0.1]) + 0.5 * 0.15, atol=0.02))

    def test_pixels_are_object_effect_or_outside(self):
        plate, lit, alone = by_hand()
        truth, _ = compose.composed(plate, lit, alone, PLAN)
        parts = compose.masks(compose.encoded(truth), compose.encoded(plate), alone)
        self.assertTrue((sum(part.astype(int) for part in parts) == 1).all())
        self.assertTrue(parts[0][BODY].all() and parts[1][75:85, 75:95].all() and parts[2][:55].sum() > 0)


class ScoreTest(unittest.TestCase):
    def setUp(self):
        plate, lit, alone = by_hand()
        scene = self.scene = score.Scene.__new__(score.Scene)
        scene.background = compose.encoded(plate)
        scene.truth = compose.encoded(compose.composed(plate, lit, alone, PLAN)[0])
        scene.truth[BODY] *= 1 + 0.1 * np.random.default_rng(2).normal(size=(30, 20, 1))
        scene.object, scene.effects, scene.outside = compose.masks(scene.truth, scene.background, alone)
        scene.beside = scene.effects | scene.outside

    def test_the_truth_itself_is_perfect(self):
        found = score.figures(self.scene.truth, self.scene)
        self.assertGreater(min(found["object"], found["effects"]), 90)
        for name, value in {"iou": 1, "sharpness": 1, "depth": 1, "contact": 0, "tone": 0}.items():
            self.assertAlmostEqual(found[name], value, msg=name)

    def test_no_shadow_is_no_overlap(self):
        ours = self.scene.background.copy()
        ours[BODY] = self.scene.truth[BODY] + 0.1
        found = score.figures(ours, self.scene)
        self.assertEqual((found["iou"], found["outside"], found["depth"]), (0, 0, 0))
        self.assertAlmostEqual(found["object"], 20)
        self.assertAlmostEqual(found["tone"], 25.5)
        self.assertGreater(-found["contact"], 0.5)  # lighter than the truth

    def test_what_is_darker_elsewhere_counts_against_the_overlap(self):
        ours = self.scene.truth.copy()
        ours[30:60, 0:30] -= 0.1
        found = score.figures(ours, self.scene)
        area = self.scene.effects.sum()
        self.assertAlmostEqual(found["iou"], area / (area + 900))
        self.assertGreater(found["outside"], 0.5)

    def test_a_blurred_object_is_not_sharp(self):
        ours = self.scene.truth.copy()
        ours[BODY] = ours[BODY].mean((0, 1))
        self.assertAlmostEqual(score.figures(ours, self.scene)["sharpness"], 0)


class PlanTest(unittest.TestCase):
    def test_the_key_is_found_with_its_spread_and_share(self):
        rng = np.random.default_rng(3)
        towards = reference.direction(math.radians(200), math.radians(50))
        aside = rng.normal(size=(4000, 3))
        aside -= (aside @ towards)[:, None] * towards
        aside *= (math.radians(6) * np.sqrt(rng.uniform(size=4000)) / np.linalg.norm(aside, axis=1))[:, None]
        disc = towards + aside
        sky = plan.hemisphere(4000)
        falls = np.r_[np.full((4000, 3), 0.6 / 4000), sky[:, 1:2] * np.ones(3) / sky[:, 1].sum() * 0.4]
        light = plan.key_light(np.r_[disc / np.linalg.norm(disc, axis=1)[:, None], sky], falls)
        self.assertAlmostEqual(light["azimuth"], 200, delta=4)
        self.assertAlmostEqual(light["elevation"], 50, delta=3)
        self.assertAlmostEqual(light["certainty"], 0.6 + 0.4 * 0.09, delta=0.03)

    def test_a_backplate_has_its_horizon_where_the_plan_says(self):
        radiance = np.ones((512, 1024, 3), np.float32)
        radiance[256:] = 0
        camera = Camera(180.0, 100.0, 80.0, math.radians(12), 1.5)
        plate = plan.backplate(radiance, camera, 1.0, (160, 200))
        horizon = camera.cy - camera.focal * math.tan(camera.pitch)
        self.assertAlmostEqual(float(plate[:, 100, 0].sum()), horizon, delta=0.6)

    def test_the_renderers_world_and_the_backplate_look_the_same_way(self):
        radiance = np.zeros((512, 1024, 3), np.float32)
        radiance[250:262, 700:712] = 1
        ahead = plan.backplate(radiance, Camera(180.0, 100.0, 80.0, 0.0, 1.5), 2 * math.pi * (706 - 512) / 1024, (160, 200))
        self.assertAlmostEqual(np.nonzero(ahead[80, :, 0])[0].mean(), 99.5, delta=2)
        self.assertGreater(plan.turned(radiance, 706 - 512)[256, 256].max(), 0.9)


class BaselinesTest(unittest.TestCase):
    def test_the_cut_out_fills_its_box(self):
        cut = np.full((20, 10, 4), 255, np.uint8)
        box = {"x": 30, "y": 40, "width": 25, "height": 13}
        layer = baselines.placed(cut, box, (ROWS, COLUMNS))
        self.assertTrue((layer[40:53, 30:55] == 1).all())
        self.assertEqual(layer.sum(), 25 * 13 * 4)

    def test_colours_come_from_around(self):
        background = np.full((ROWS, COLUMNS, 3), [0.2, 0.4, 0.2], np.float32)
        cut = np.concatenate([np.random.default_rng(4).integers(0, 255, (20, 10, 3)), np.full((20, 10, 1), 255)], -1).astype(np.uint8)
        box = {"x": 30, "y": 40, "width": 10, "height": 20}
        layer = baselines.transferred(background, baselines.placed(cut, box, (ROWS, COLUMNS)), box)
        self.assertTrue(np.allclose(layer[40:60, 30:40, :3].mean((0, 1)), [0.2, 0.4, 0.2], atol=0.03))

    def test_the_ellipse_lies_under_the_feet(self):
        left = baselines.blob((ROWS, COLUMNS), {"x": 30, "y": 20, "width": 40, "height": 50})[..., 0]
        self.assertLess(left[68, 50], 0.6)
        self.assertGreater(left[30, 50], 0.99)


if __name__ == "__main__":
    unittest.main()

"""python -m tone.test"""
import math
import unittest

import numpy as np
import torch

from .export import layers, packed
from .light import coefficients, irradiance
from .model import ToneNet, affine, inputs, toned
from .samples import CONTEXT, SIDE, composed, recoloured
from .train import errors, varied


class Light(unittest.TestCase):
    def test_even_light_falls_alike_on_everything(self):
        lit = irradiance(np.eye(3), coefficients(np.full((128, 256, 3), 0.7, np.float32)))
        np.testing.assert_allclose(lit, 0.7 * math.pi, rtol=0.01)

    def test_a_sun_lights_what_faces_it(self):
        sky = np.zeros((128, 256, 3), np.float32)
        sky[30:34, 126:130] = 100  # straight ahead, 45 degrees high
        towards = np.array([[0, 1, 1], [0, 1, -1], [1, 0, 0]]) / np.array([[math.sqrt(2)], [math.sqrt(2)], [1]])
        lit = irradiance(towards, coefficients(sky))[:, 0]
        power = 100 * 16 * (math.pi / 128) ** 2 * math.cos(math.pi / 4)
        self.assertAlmostEqual(lit[0] / power, 1, delta=0.08)
        self.assertLess(lit[1], 0.2 * lit[0])


class Samples(unittest.TestCase):
    def test_a_square_lies_about_its_thing_and_ends_with_the_photo(self):
        photo = np.full((100, 200, 3), 0.2, np.float32)
        alpha = np.zeros((40, 40), np.float32)
        alpha[10:30, :] = 1  # 40 wide, 20 high
        given, truth = np.full((40, 40, 3), 0.8, np.float32), np.full((40, 40, 3), 0.5, np.float32)
        sample = composed(photo, given, truth, alpha, (0, 40, 40), np.random.default_rng(1))
        self.assertEqual(CONTEXT, 2)
        self.assertEqual(sample["picture"][SIDE // 2, SIDE // 2, 0], 204)
        self.assertAlmostEqual(int(sample["truth"][SIDE // 2, SIDE // 2, 0]), 128, delta=1)
        self.assertEqual(sample["picture"][SIDE // 2, -2, 0], 51)
        self.assertEqual((sample["inside"][SIDE // 2, 4], sample["inside"][SIDE // 2, -4]), (0, 255))
        self.assertAlmostEqual(sample["alpha"].mean() / 255, 0.25 * 0.5, delta=0.02)

    def test_another_tone_is_no_other_thing(self):
        thing = np.random.default_rng(2).uniform(0.2, 0.8, (20, 20, 3)).astype(np.float32)
        other = recoloured(thing, np.random.default_rng(3))
        self.assertGreater(np.corrcoef(thing.ravel(), other.ravel())[0, 1], 0.8)


class Network(unittest.TestCase):
    def batch(self) -> dict[str, torch.Tensor]:
        torch.manual_seed(1)
        return {"picture": torch.rand(4, 3, 64, 64), "truth": torch.rand(4, 3, 64, 64), "whole": torch.rand(4, 3, 32, 32),
                "alpha": (torch.rand(4, 64, 64) > 0.5).float(), "inside": torch.ones(4, 64, 64)}

    def test_at_first_it_leaves_everything(self):
        x = self.batch()
        by = affine(ToneNet()(*inputs(x["picture"], x["alpha"], x["inside"], x["whole"])))
        torch.testing.assert_close(toned(x["picture"], by), x["picture"], atol=1e-3, rtol=0)

    def test_it_learns(self):
        x, model = self.batch(), ToneNet()
        x["truth"] = x["picture"] * 0.5
        optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
        for _ in range(60):
            told, pasted = errors(model, x)
            optimiser.zero_grad()
            told.mean().backward()
            optimiser.step()
        self.assertLess(float(told.mean()), 0.3 * float(pasted.mean()))

    def test_another_camera_keeps_what_is_what(self):
        x = self.batch()
        other = varied(x)
        self.assertEqual(set(other), set(x))
        self.assertTrue(all(0 <= float(v.min()) and float(v.max()) <= 1 for v in other.values()))

    def test_eight_bits(self):
        model = ToneNet()
        count = sum(layer.weight.numel() + 8 * len(layer.weight) for layer in layers(model))
        before = model.convs[0].weight.detach().clone()
        self.assertEqual(len(packed(model)), count)
        self.assertLess(float((model.convs[0].weight.detach() - before).abs().max()), float(before.abs().max()) / 200)


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()

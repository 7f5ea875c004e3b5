"""The cut-out network on made-up cut-outs.

    python -m cutout.test
"""
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from packs import read_pack

from .data import Placing, composed, over, sources, warped
from .export import export
from .outlines import OUTLINES, alpha_of as outlined
from .model import SIDE, CutoutNet, alpha_of, inputs, logits_of
from .train import Run, loss_of, measure, overlap


def some_sources(folder: Path):
    """Discs of one colour, and even backgrounds."""
    rng = np.random.default_rng(2)
    at = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    disc = np.uint8(255 * (at[:, None] ** 2 + at ** 2 < 0.8))
    colours = lambda: np.broadcast_to(rng.integers(0, 256, (6, 1, 1, 3), np.uint8), (6, SIDE, SIDE, 3))
    for name in ("models", "icons", "places"):
        (folder / name).mkdir()
        np.savez(folder / name / "000001-0000.npz", picture=colours(), alpha=np.broadcast_to(disc, (6, SIDE, SIDE)))
    found = sources(folder / "models", folder / "icons", folder / "places", None)
    assert found.refresh() == 18
    return found


class OutlinesTest(unittest.TestCase):
    def test_polygons_within_others_are_holes_and_edges_are_even(self):
        square = lambda low, high: [(low, low), (high, low), (high, high), (low, high)]
        alpha = np.asarray(outlined([square(1.5, 7.5), square(3.5, 5.5)], 10, 9)) / 255
        self.assertEqual(alpha[0:2].max(), 0)
        self.assertEqual(alpha[4:6, 4:6].max(), 0)
        self.assertEqual(alpha[2:4, 2:7].min(), 1)
        self.assertAlmostEqual(alpha.sum(), 36 - 4, delta=3)

    def test_the_outlines_that_are_kept_are_polygons(self):
        kept = json.loads(OUTLINES.read_text())
        self.assertGreater(len(kept), 50)
        for polygons in kept.values():
            self.assertTrue(all(len(polygon) >= 3 and all(len(point) == 2 for point in polygon) for polygon in polygons))


class DataTest(unittest.TestCase):
    def test_what_is_placed_lies_where_it_is_put(self):
        torch.manual_seed(0)
        white = torch.ones(8, 4, SIDE, SIDE)
        extent, move = torch.full((8,), 0.4), torch.tensor([[0.3, -0.2]]).expand(8, 2)
        alpha = Placing.random(extent, move).draw(white)[:, 3]
        at = (torch.arange(SIDE) + 0.5) / SIDE * 2 - 1
        total = alpha.sum((1, 2))
        across, down = (alpha * at).sum((1, 2)) / total, (alpha * at[:, None]).sum((1, 2)) / total
        self.assertLess(float((across - 0.3).abs().max()), 0.02)
        self.assertLess(float((down + 0.2).abs().max()), 0.02)
        area = total * (2 / SIDE) ** 2
        self.assertLess(float((area - (2 * 0.4 / 0.875) ** 2).abs().max()), 0.02)

    def test_a_warp_that_moves_nothing_changes_nothing(self):
        x = torch.rand(2, 4, SIDE, SIDE)
        same = warped(x, torch.eye(2).expand(2, 2, 2), torch.zeros(2, 2))
        self.assertTrue(torch.allclose(same, x, atol=1e-5))

    def test_compositions_are_pictures_with_an_object(self):
        torch.manual_seed(1)
        with tempfile.TemporaryDirectory() as name:
            source = some_sources(Path(name))
            for seed in range(6):
                picture, alpha = composed(source, np.random.default_rng(seed), 8)
                self.assertEqual((picture.shape, alpha.shape), ((8, 3, SIDE, SIDE), (8, SIDE, SIDE)))
                self.assertTrue(bool(torch.isfinite(picture).all()) and 0 <= float(picture.min()) and float(picture.max()) <= 1)
                self.assertGreater(int((alpha.amax((1, 2)) > 0.9).sum()), 5)

    def test_over_is_that_of_premultiplied_colours(self):
        front = torch.tensor([0.25, 0.0, 0.0, 0.5]).view(1, 4, 1, 1)
        self.assertTrue(torch.equal(over(front, torch.ones(1, 3, 1, 1)).flatten(), torch.tensor([0.75, 0.5, 0.5])))


class LearningTest(unittest.TestCase):
    def test_learns_and_resumes(self):
        torch.manual_seed(0)
        with tempfile.TemporaryDirectory() as name:
            picture, alpha = composed(some_sources(Path(name)), np.random.default_rng(0), 8)
            run = Run(Path(name), 2e-3, resume=False)
            with torch.no_grad():
                before = float(loss_of(run.model(inputs(picture)), alpha))
            for _ in range(14):
                run.learn(picture, alpha, 2e-3)
            with torch.no_grad():
                after = float(loss_of(run.model(inputs(picture)), alpha))
            self.assertLess(after, 0.8 * before)
            run.save()
            again = Run(Path(name), 2e-3, resume=True)
            self.assertEqual(again.step, 14)
            for a, b in zip(run.model.parameters(), again.model.parameters()):
                self.assertTrue(torch.equal(a, b))
            self.assertTrue(0 <= measure(again.average, inputs(picture), alpha)["iou"] <= 1)

    def test_cells_hold_their_pixels_row_by_row(self):
        cells = torch.arange(4.0).view(1, 4, 1, 1)
        self.assertTrue(torch.equal(logits_of(cells), torch.tensor([[[0.0, 1], [2, 3]]])))
        self.assertEqual(float(overlap(torch.ones(1, 9, 9), torch.ones(1, 9, 9))), 1)

    def test_a_pack_says_what_the_network_said(self):
        torch.manual_seed(1)
        model = CutoutNet().eval()
        with tempfile.TemporaryDirectory() as name:
            cases = Path(name) / "cases" / "cases.safetensors"
            self.assertLess(export(model, Path(name), cases, {}), 0.02)
            _, tensors = read_pack(name)
            again = CutoutNet().eval()
            again.load_state_dict(tensors)
            case = load_file(cases)
            with torch.no_grad():
                said = again(inputs(case["picture"].permute(0, 3, 1, 2).float() / 255))
        self.assertTrue(torch.equal(said, case["cells"]))
        self.assertEqual(alpha_of(said).shape, (2, SIDE, SIDE))


if __name__ == "__main__":
    unittest.main()

"""python -m unet.test: the text-to-image model, its scorer, its pack and D-Fusion, in a few seconds."""
import tempfile
import unittest

import numpy as np
import torch

from world.captioned import caption, encode, prompts

from . import pack
from .align import align, otsu, seeded
from .data import ids_of
from .fixture import tiny
from .scorer import NEGATIVES, changed, loss_of as scorer_loss, surely_false
from .train import loss_of


def decreases(parameters, loss, steps=6, lr=3e-3):
    optimiser = torch.optim.AdamW(list(parameters), lr=lr)
    seen = []
    for _ in range(steps):
        value = loss()
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
        seen.append(float(value.detach()))
    return seen[-1] < seen[0]


class PainterTest(unittest.TestCase):
    def test_training(self):
        parts, g = tiny(), torch.Generator().manual_seed(1)
        ids = ids_of(["a red and matte ball", "the ball above the cube"] * 2)
        z, noise = (torch.randn(4, 16, 16, 16, generator=g) for _ in range(2))
        self.assertTrue(decreases(parts.painter.parameters(), lambda: loss_of(parts.painter, z, ids, torch.tensor([50, 300, 600, 900]), noise)))

    def test_scorer(self):
        parts, rng = tiny(), np.random.default_rng(0)
        labels = [prompts()[i] for i in rng.integers(len(prompts()), size=4)]
        hard = [[changed(rng, k) for _ in range(NEGATIVES)] for k in labels]
        self.assertTrue(all(caption(k) != caption(w) for k, row in zip(labels, hard) for w in row))
        x = torch.rand(4, 3, 64, 64) * 2 - 1
        self.assertTrue(decreases(parts.scorer.parameters(), lambda: scorer_loss(parts.scorer, x, labels, hard)))

    def test_what_is_surely_false(self):
        above = dict(template=3, object="ball", other="house", relation="above")
        below = dict(template=3, object="house", other="ball", relation="below")
        self.assertFalse(surely_false(above, below))
        self.assertTrue(surely_false(above, dict(above, relation="left")))
        self.assertFalse(surely_false(above, dict(template=1, object="ball", pose="floating")))
        self.assertTrue(surely_false(above, dict(template=1, object="mug", pose="lying")))

    def test_pack(self):
        parts = tiny()
        with tempfile.TemporaryDirectory() as folder:
            pack.write(parts, {}, folder)
            back = pack.read(folder)
        for name, t in parts.tensors().items():
            span = t.abs().max().clamp(min=1e-6)
            self.assertLess(float((back.tensors()[name] - t).abs().max() / span), 0.005, name)

    def test_latent(self):
        latent = tiny().latent
        z = torch.randn(2, 16, 16, 16)
        self.assertLess(float((latent.encode(latent.decode(z)) - z).abs().max()), 1e-3)

    def test_fusion(self):
        painter, ids = tiny().painter, torch.tensor([encode("the ball above the cube")])
        run = lambda seed: seeded([seed], (16, 16, 16), 4)
        made = lambda limit, **more: align(painter, ids, run(1), run(2), [[limit]], [[[2]]], 4, 3.0, fused=(1, 3), **more)
        nothing, whole = made(2.0), made(0.0)
        self.assertTrue(torch.equal(nothing["target"], nothing["base"]))
        self.assertFalse(torch.equal(whole["target"], whole["base"]))
        self.assertTrue(torch.equal(whole["target"], made(2.0, fusion="whole")["target"]))
        self.assertTrue(torch.equal(made(2.0, fusion="outputs")["target"], nothing["base"]))

    def test_otsu(self):
        self.assertAlmostEqual(otsu(torch.tensor([0.1, 0.1, 0.2, 0.8, 0.9])), 0.5, places=6)
        self.assertAlmostEqual(otsu(torch.full((4,), 0.3)), 0.3, places=6)


if __name__ == "__main__":
    unittest.main()

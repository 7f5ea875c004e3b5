"""A few minutes through everything: render two samples, train three steps, export, read back, compare; then the tests of the
text-to-image model, of preference training, and of what Place's layers are learnt from.

    python smoke.py
"""
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch

from cutout import test as cutout
from geometry import test as geometry
from layers import test as layers
from meshes import test as meshes
from mini.data import to_batch
from mini.metrics import fuse, measure
from mini.model import Config, Mini, bfl_state, load_bfl
from mini.pack import read_pack, write_pack
from places import test as places
from preferences import test as preferences
from render_data import render, renderer
from scene import test as scene
from train import loss_of
from unet import test as painter
from world import scenes
from world.words import WORDS


def main():
    torch.manual_seed(0)
    size, rng = 64, np.random.default_rng(5)
    options = SimpleNamespace(size=size, margin=0, ss=1)
    raw = render(scenes.draw, rng, renderer(fast=False, texture=64), 2, options)
    batch = to_batch(raw, size, rng)
    assert batch["paste"].shape == (2, 3, size, size) and all(torch.isfinite(v).all() for v in batch.values())

    config = Config(size=size, hidden=64, heads=2, doubleBlocks=1, singleBlocks=1)
    model = Mini(config, len(WORDS))
    assert torch.equal(fuse(model, batch), batch["paste"].clamp(-1, 1)), "an untrained head must leave the paste alone"
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for _ in range(3):
        loss, _ = loss_of(model, batch, levels=2)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    assert torch.isfinite(loss)

    with tempfile.TemporaryDirectory() as folder:
        seen = write_pack(folder, bfl_state(model), config.asdict(), WORDS, {})
        manifest, tensors = read_pack(Path(folder))
    assert manifest["config"] == config.asdict() and all(torch.equal(seen[k], tensors[k]) for k in seen)
    exact = fuse(model, batch)
    load_bfl(model, tensors)
    error = (fuse(model, batch) - exact).abs().max()
    assert error < 0.02, f"8-bit weights moved the result by {error}"
    for module in (painter, preferences, meshes, layers, geometry, places, scene, cutout):
        tests = unittest.defaultTestLoader.loadTestsFromModule(module)
        assert unittest.TextTestRunner().run(tests).wasSuccessful()
    print("smoke passed:", {k: round(v, 3) for k, v in measure(exact, batch).items()})


if __name__ == "__main__":
    main()

"""The scene network on random rows.

    python -m scene.test
"""
import copy
import tempfile
import unittest
from pathlib import Path

import torch
from safetensors.torch import load_file

from packs import read_pack
from places.plan import LONGER
from places.samples import GROUND, SCENE

from .data import inputs, mirrored, zoomed
from .export import LARGEST, export
from .model import START, Config, SceneNet, decoded, encoded, flowed, sampled
from .train import learn, strongest


def some_batch(count: int) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    scene = torch.rand(count, SCENE) * 0.5 + 0.2
    light = torch.rand(count, 64) ** 6
    scene[:, START["light"]:] = light / light.sum(1, keepdim=True)
    byte = lambda *shape: torch.randint(0, 256, (count, *shape), dtype=torch.uint8)
    return {"picture": byte(LONGER, LONGER, 3), "inside": torch.full((count, LONGER, LONGER), 255, dtype=torch.uint8),
            "ground": byte(GROUND, GROUND), "known": torch.ones(count, 2, dtype=torch.uint8), "scene": scene}


class SceneTest(unittest.TestCase):
    def test_nearer_the_horizon_lies_farther_from_the_middle(self):
        scene = torch.zeros(64, SCENE)
        scene[:, START["horizon"]] = 0.125
        ground = (torch.arange(GROUND) >= GROUND * 3 / 8).to(torch.uint8)[:, None].expand(GROUND, GROUND) * 255
        batch = {"scene": scene, "picture": torch.zeros(64, LONGER, LONGER, 3, dtype=torch.uint8),
                 "ground": ground.expand(64, -1, -1)}
        torch.manual_seed(0)
        seen = zoomed(batch)
        drawn = 0.5 - (seen["ground"].mean(2) < 128).float().mean(1)  # where the ground now begins, above the middle
        self.assertLess(float((drawn - seen["scene"][:, START["horizon"]]).abs().max()), 0.025)
        self.assertGreater(float(seen["scene"][:, START["horizon"]].max()), 0.17)

    def test_rows_survive_their_encoding(self):
        scene = some_batch(5)["scene"]
        self.assertTrue(torch.allclose(decoded(encoded(scene)), scene, atol=1e-4))

    def test_a_mirror_of_a_mirror_is_the_picture(self):
        batch = some_batch(3)
        once = mirrored(batch)
        self.assertTrue(all(torch.equal(mirrored(once)[k], batch[k]) for k in batch))
        total = strongest(batch["scene"][:, START["light"]:]) + strongest(once["scene"][:, START["light"]:])  # a and pi - a
        self.assertTrue(torch.allclose(torch.cos(total), torch.full_like(total, -1.0)))

    def test_learns_and_samples(self):
        batch = some_batch(4)
        model = SceneNet()
        average = copy.deepcopy(model)
        optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
        losses = [learn(model, average, optimiser, batch, step) for step in range(16)]
        self.assertLess(sum(losses[-4:]), 0.9 * sum(losses[:4]))
        draw = lambda seed: sampled(model, inputs(batch), 4, torch.Generator().manual_seed(seed))
        scene, ground = draw(1)
        self.assertEqual((scene.shape, ground.shape), ((4, SCENE), (4, GROUND, GROUND)))
        self.assertTrue(torch.allclose(scene[:, START["light"]:].sum(1), torch.ones(4), atol=1e-4))
        self.assertTrue(torch.equal(scene, draw(1)[0]))
        self.assertFalse(torch.allclose(scene, draw(2)[0]))

    def test_a_pack_holds_the_network_that_made_its_case(self):
        torch.manual_seed(3)
        with tempfile.TemporaryDirectory() as folder:
            out, case = Path(folder) / "pack", Path(folder) / "case.safetensors"
            error = export(SceneNet(), out, case, {}, some_batch(1))
            manifest, tensors = read_pack(out)
            said = load_file(case)
            size = (out / "model-00001.safetensors").stat().st_size
        self.assertLess(error, 0.1)
        self.assertLess(size, LARGEST)
        read = SceneNet(Config(**manifest["config"]))
        read.load_state_dict(tensors)
        with torch.no_grad():
            tokens, votes, ground = read.look(inputs({k: said[k][None] for k in ("picture", "inside")}))
            scene = flowed(read, said["noise"], tokens.expand(2, -1, -1), votes.expand(2, -1), 4)
        self.assertTrue(torch.allclose(votes, said["votes"], atol=1e-4))
        self.assertTrue(torch.allclose(tokens, said["tokens"], atol=1e-4) and torch.allclose(ground, said["ground"], atol=1e-4))
        self.assertTrue(torch.allclose(scene, said["scene"], atol=1e-4))
        self.assertTrue(torch.allclose(decoded(scene), said["decoded"], atol=1e-4))


if __name__ == "__main__":
    unittest.main()

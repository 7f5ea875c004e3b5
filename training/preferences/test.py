"""Tests of preference training on the golden case's tiny U-Net: python -m preferences.test"""
import json
import math
import os
import tempfile
import unittest
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save

from unet.golden import config_of
from unet.model import Ddim, Unet

from . import train
from .archive import Pairs
from .lora import Lora, Loras
from .objectives import Options, advantages, ddpo, distribution, divergence, dpok, loss_of

GOLDEN = Path(__file__).parents[2] / "src/conformance/golden"
FIXTURE = Path(__file__).parent / "fixtures/pairs.zip"
# What the studio's tests read; written here, with INLAY_WRITE_FIXTURES=1.
LORA = FIXTURE.with_name("lora.safetensors")
OBJECTIVES = {"dpo": Options("dpo", beta=1.0), "ddpo": Options("ddpo"), "dpok": Options("dpok", beta=0.01)}


def formula(shape, salt):
    """testPairs.ts's numbers."""
    return (((torch.arange(math.prod(shape)) * 37 + salt * 101) % 255 - 127) / 64).reshape(shape)


def tiny():
    unet = Unet(config_of(json.loads((GOLDEN / "sd-unet/config.json").read_text()))).eval()
    unet.load_state_dict(load_file(GOLDEN / "sd-unet/weights.safetensors"))
    return unet


def entry(n, steps, scores=(0.5, 0.25), size=16):
    settings = {"guidance": 5.0, "eta": 1.0, "steps": len(steps)}
    return {"id": f"pair-{n}", "recipe": {"prompt": "a red ball", "align": settings}, "timesteps": steps,
            "scores": {"target": scores[0], "reference": scores[0], "base": scores[1]}, "winner": "target", "loser": "base",
            "latent": {"channels": 4, "rows": size, "columns": size}}


@torch.no_grad()
def sampled(unet, n, steps=3, size=16):
    """A pair whose two runs the U-Net draws itself -> entry, tensors."""
    g = torch.Generator().manual_seed(n)
    ddim = Ddim(steps)
    embedding, negative = torch.randn(2, 12, 20, generator=g)
    context = torch.stack([negative, embedding])
    tensors = {"prompt.embedding": embedding, "prompt.negative": negative, "timesteps": torch.tensor(ddim.timesteps).int(),
               "masks": torch.zeros(steps, 2, 2, dtype=torch.uint8)}
    for run in ("winner", "loser"):
        x, latents, logs = torch.randn(1, 4, size, size, generator=g), [], []
        for t in ddim.timesteps:
            latents.append(x[0])
            without, given = unet(x.expand(2, -1, -1, -1), torch.full((2,), t), context).chunk(2)
            x, logp = ddim.step(x, without + 5 * (given - without), t, 1.0, torch.randn(x.shape, generator=g))
            logs.append(logp[0])
        tensors[f"{run}.latents"], tensors[f"{run}.log_probability"] = torch.stack([*latents, x[0]]), torch.stack(logs)
    return entry(n, ddim.timesteps, (0.5 + n / 10, 0.25), size), tensors


def archive_of(path, items):
    with zipfile.ZipFile(path, "w") as archive:
        index = {"schema": 1, "kind": "inlay-preferences", "pairs": [about for about, _ in items]}
        archive.writestr("preferences.json", json.dumps(index))
        for about, tensors in items:
            archive.writestr(f"pairs/{about['id']}.safetensors", save(tensors))


class Archive(unittest.TestCase):
    def test_reads_what_the_studio_writes(self):
        pairs = Pairs([FIXTURE])
        self.assertEqual(len(pairs), 3)
        self.assertEqual([pairs.about(k)["winner"] for k in range(3)], ["target", "reference", "target"])
        for k in range(3):
            pair, salt = pairs[k], 10 * (k + 1)
            self.assertEqual(pair.timesteps, [751, 501, 251, 1])
            self.assertEqual((pair.settings["guidance"], pair.settings["eta"]), (4, 1))
            for run, shift in ((pair.winner, 0), (pair.loser, 2)):
                self.assertTrue(torch.equal(run.latents, formula((5, 4, 4, 4), salt + shift)))
                self.assertTrue(torch.equal(run.log_probability, formula((4,), salt + shift + 1)))
            self.assertTrue(torch.equal(pair.embedding, formula((3, 8), salt + 4)))
            self.assertTrue(torch.equal(pair.negative, formula((3, 8), salt + 5)))
            self.assertTrue(torch.equal(pair.masks.flatten(), (torch.arange(16) + salt) % 2))
            self.assertTrue(pair.word_maps is None if k != 1 else
                            torch.equal(pair.word_maps, formula((4, 2, 2, 3), salt + 6)))

    def test_refuses_what_is_none(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.zip"
            path.write_bytes(FIXTURE.read_bytes()[:-30])
            self.assertRaises(SystemExit, Pairs, [path])
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("preferences.json", json.dumps({"schema": 3, "kind": "inlay-preferences", "pairs": []}))
            self.assertRaises(SystemExit, Pairs, [path])


class Probability(unittest.TestCase):
    @torch.no_grad()
    def test_is_that_of_the_golden_trajectories(self):
        """The base's steps drew known noise, so their density is known; the target's was logged while it was fused."""
        inputs, expected = (load_file(GOLDEN / f"dfusion/{name}.safetensors") for name in ("inputs", "expected"))
        unet, ddim = tiny(), Ddim(20)
        latents = {name: torch.cat([inputs["noise_base"][None], expected[f"latents_{name}"]]) for name in ("base", "target")}
        with tempfile.TemporaryDirectory() as folder:
            tensors = {"prompt.embedding": inputs["cond"][0], "prompt.negative": inputs["neg"][0],
                       "timesteps": torch.tensor(ddim.timesteps).int(), "masks": torch.zeros(20, 6, 6, dtype=torch.uint8),
                       "winner.latents": latents["target"][:, 0].contiguous(),
                       "loser.latents": latents["base"][:, 0].contiguous(),
                       "winner.log_probability": expected["logp_target"][:, 0].contiguous(),
                       "loser.log_probability": torch.zeros(20)}
            archive_of(Path(folder) / "x.zip", [(entry(0, ddim.timesteps, size=24), tensors)])
            pair = Pairs([Path(folder) / "x.zip"])[0]
        for i, t in enumerate(ddim.timesteps):
            _, sigma, logp = distribution(unet, pair, i)
            z = inputs["vnoise_base"][i, 0]
            density = float((-z ** 2 / 2 - sigma.log() - 0.5 * math.log(2 * math.pi)).mean())
            self.assertLess(abs(float(logp[1]) - density), 1e-5, f"base, step {i}")
            # Steps 0 and 1 are not fused; of the others the plain network thinks a little otherwise.
            gap = abs(float(logp[0] - pair.winner.log_probability[i]))
            self.assertLess(gap, 1e-5 if i < 2 else 0.02, f"target, step {i}")


class Objectives(unittest.TestCase):
    def setUp(self):
        self.unet = tiny()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pairs.zip"
            archive_of(path, [sampled(self.unet, n) for n in range(2)])
            pairs = Pairs([path])
            self.pairs = [pairs[k] for k in range(2)]
        self.frozen = {k: v.clone() for k, v in self.unet.state_dict().items()}
        self.loras = Loras(self.unet, 4)
        self.advantages = advantages([pair.about for pair in self.pairs])

    def total(self, options, backward=False):
        value, ratios = 0.0, []
        for pair, advantage in zip(self.pairs, self.advantages):
            for i in range(len(pair.timesteps)):
                loss, ratio = loss_of(self.unet, self.loras, pair, i, advantage, options)
                if backward:
                    loss.backward()
                value += loss.item()
                ratios.append(ratio)
        return value, torch.stack(ratios)

    def test_ratio_is_one_at_the_start(self):
        for options in OBJECTIVES.values():
            self.assertTrue(torch.equal(self.total(options)[1], torch.ones(6, 2)))
        _, ratios = self.total(Options("dpo", old="logged"))
        self.assertLess(float((ratios - 1).abs().max()), 1e-4)

    def test_losses_at_the_start(self):
        self.assertAlmostEqual(self.total(OBJECTIVES["dpo"])[0], 6 * math.log(2), 5)
        self.assertAlmostEqual(self.total(OBJECTIVES["ddpo"])[0], -3 * float(sum(a.sum() for a in self.advantages)), 5)

    def test_gradients_only_in_the_lora(self):
        for options in OBJECTIVES.values():
            self.total(options, backward=True)
            for name, lora in self.loras.modules.items():
                self.assertGreater(float(lora.b.grad.abs().max()), 0, name)
                # B is zero, so nothing reaches A yet.
                self.assertEqual(float(lora.a.grad.abs().max()), 0, name)
            own = {id(p) for p in self.loras.parameters()}
            self.assertTrue(all(p.grad is None for p in self.unet.parameters() if id(p) not in own))
            for p in self.loras.parameters():
                p.grad = None

    def test_loss_decreases(self):
        for name, options in OBJECTIVES.items():
            self.loras.load({k: torch.zeros_like(v) if "lora_B" in k else v for k, v in self.loras.tensors().items()})
            optimiser = torch.optim.AdamW(self.loras.parameters(), lr=1e-4)
            losses = []
            for _ in range(3):
                losses.append(self.total(options, backward=True)[0])
                optimiser.step()
                optimiser.zero_grad()
            after, ratios = self.total(options)
            self.assertLess(after, losses[0], name)
            self.assertLess(losses[2], losses[0], name)
            winner, loser = ratios.mean(0).tolist()
            self.assertGreater(winner, loser, name)
            now = {k.replace(".linear.", "."): v for k, v in self.unet.state_dict().items()}
            self.assertTrue(all(torch.equal(now[k], v) for k, v in self.frozen.items()), name)

    def test_clip_stops_a_ratio_that_has_moved_far_enough(self):
        ratio = torch.tensor([1.2, 0.8], requires_grad=True)
        ddpo(ratio, torch.tensor([1.0, -1.0]), 0.1).backward()
        self.assertEqual(ratio.grad.tolist(), [0, 0])
        ratio = torch.tensor([0.8, 1.2], requires_grad=True)
        ddpo(ratio, torch.tensor([1.0, -1.0]), 0.1).backward()
        self.assertEqual(ratio.grad.tolist(), [-1, 1])

    def test_dpok_weighs_reward_and_divergence(self):
        sigma = torch.tensor(0.5)
        kl = divergence(torch.ones(2, 4, 2, 2), torch.tensor([1.0, 0.5]).reshape(2, 1, 1, 1).expand(2, 4, 2, 2), sigma)
        self.assertEqual(kl.tolist(), [0, 0.5])
        logp = torch.tensor([-1.0, -2.0], requires_grad=True)
        loss = dpok(logp, torch.tensor([1.0, -0.5]), kl, 0.99, 0.01)
        loss.backward()
        self.assertAlmostEqual(loss.item(), 0.99 * (1 - 1) + 0.01 * 0.5, 6)
        self.assertTrue(torch.allclose(logp.grad, torch.tensor([-0.99, 0.495])))

    def test_advantages(self):
        known = [entry(0, [1], (0.4, 0.2)), entry(1, [1], (0.3, 0.1))]
        got = torch.stack(advantages(known))
        self.assertTrue(torch.allclose(got, (torch.tensor([[0.4, 0.2], [0.3, 0.1]]) - 0.25) / 0.0125 ** 0.5, atol=1e-5))
        older = advantages(known[:1], history=known[1:])
        self.assertTrue(torch.allclose(older[0], got[0]))
        self.assertLessEqual(float(advantages([entry(0, [1], (1e6, 0)), *[entry(9, [1], (0, 0))] * 40])[0][0]), 5)
        self.assertRaises(SystemExit, advantages, [{**known[0], "scores": None}])


class Saved(unittest.TestCase):
    def test_is_what_the_studio_reads_in_its_tests(self):
        loras = Loras(tiny(), 2)
        loras.load({k: formula(v.shape, 1 if "lora_A" in k else 2) for k, v in loras.tensors().items()})
        if os.environ.get("INLAY_WRITE_FIXTURES"):
            loras.save(LORA, {"objective": "dpo", "steps": "1"})
        known = load_file(LORA)
        self.assertEqual(known.keys(), loras.tensors().keys())
        self.assertTrue(all(torch.equal(known[k], v) for k, v in loras.tensors().items()))


class Training(unittest.TestCase):
    def test_can_be_put_down_and_taken_up(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            archive_of(folder / "pairs.zip", [sampled(tiny(), n) for n in range(2)])
            common = ["--data", str(folder / "pairs.zip"), "--weights", str(GOLDEN / "sd-unet/weights.safetensors"),
                      "--objective", "ddpo", "--accumulate", "3", "--lr", "1e-3"]
            train.main([*common, "--out", str(folder / "whole")])
            train.main([*common, "--out", str(folder / "parts"), "--steps", "2"])
            train.main([*common, "--out", str(folder / "parts"), "--resume"])
            whole, parts = (load_file(folder / name / "lora.safetensors") for name in ("whole", "parts"))
            self.assertTrue(all(torch.equal(whole[k], parts[k]) for k in whole))
            self.assertEqual(*((folder / name / "curve.csv").read_text() for name in ("whole", "parts")))
            self.assertEqual(len((folder / "whole/curve.csv").read_text().splitlines()), 1 + math.ceil(12 / 3))
            with self.assertRaises(SystemExit):
                train.main([*common, "--out", str(folder / "parts"), "--resume", "--epochs", "3"])

            # A second round starts where the first ended, with ratios of 1.
            train.main([*common, "--out", str(folder / "next"), "--lora", str(folder / "whole/lora.safetensors"),
                        "--accumulate", "1", "--steps", "1"])
            row = (folder / "next/curve.csv").read_text().splitlines()[1].split(",")
            self.assertEqual(row[3:5], ["1.0", "1.0"])

            unet = tiny()
            loras = Loras(unet, 4)
            loras.load(whole)
            self.assertEqual({k.removesuffix(".weight") for k in whole},
                             {f"unet.{path}.lora_{half}" for path in loras.modules for half in "AB"})
            plain = tiny()
            for path, lora in loras.modules.items():
                linear = plain.get_submodule(path)
                self.assertEqual(whole[f"unet.{path}.lora_A.weight"].shape, (4, linear.in_features))
                self.assertEqual(whole[f"unet.{path}.lora_B.weight"].shape, (linear.out_features, 4))
                self.assertIsInstance(lora, Lora)


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()

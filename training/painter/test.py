"""python -m painter.test: Painter 2's networks against the published ones' golden cases, its training and its packs, in a minute."""
import argparse
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

from emoji.captions import HELD_OBJECTS, HELD_PAIRS, NOUNS, Scene, caption, drawn, held_out
from emoji.compose import World
from emoji.test import plain_art
from unet.model import Unet, UnetConfig

from . import conditions, draft, loop, pack, train_autoencoder, train_dit, train_unet
from .autoencoder import Autoencoder, Decoder, Encoder, VaeConfig
from .dit import Flux, FluxConfig, PainterD, balanced, grid, packed, unpacked
from .pictures import batch, cells_of, ids_of, tensor
from .scorer import Judge, Scorer, ScorerConfig, named
from .train_scorer import NEGATIVES, changed, figures, loss_of as scorer_loss, surely_false

GOLDEN = Path(__file__).resolve().parents[2] / "src/conformance/golden"


def small_vae() -> VaeConfig:
    return VaeConfig(channels=[16, 16], decoderChannels=[16, 16])


def small_parts() -> pack.Parts:
    torch.manual_seed(1)
    config = ScorerConfig()
    config.image = VaeConfig(channels=[16, 16, 16], decoderChannels=[16, 16, 16], latentChannels=48)
    return pack.Parts(Autoencoder(small_vae()), Scorer(config), Unet(UnetConfig(channels=[16, 32], heads=[1, 2], attention=[True, True], contextDim=96)),
                      PainterD(FluxConfig(hidden=64, heads=2, doubleBlocks=1, singleBlocks=1), 96))


def decreases(model: nn.Module, loss, steps: int = 8, rate: float = 2e-3) -> bool:
    optimisers, seen = loop.optimisers_of(model, rate), []
    for _ in range(steps):
        torch.manual_seed(3)
        value = loss()
        value.backward()
        for optimiser in optimisers:
            optimiser.step()
            optimiser.zero_grad()
        seen.append(float(value.detach()))
    return seen[-1] < 0.98 * seen[0]


def bfl(weights: dict) -> dict:
    """FLUX's tensors by diffusers' names -> by BFL's (specs: FLUX §8.1)."""
    out = {}
    joined = lambda head, parts, tail: torch.cat([weights[f"{head}.{p}.{tail}"] for p in parts])
    for tail in ("weight", "bias"):
        for own, theirs in (("img_in", "x_embedder"), ("txt_in", "context_embedder"), ("final_layer.linear", "proj_out"),
                            *((f"{a}.{side}_layer", f"time_text_embed.{b}_embedder.linear_{n}") for a, b in (("time_in", "timestep"),
                              ("guidance_in", "guidance"), ("vector_in", "text")) for side, n in (("in", 1), ("out", 2)))):
            out[f"{own}.{tail}"] = weights[f"{theirs}.{tail}"]
        scale, shift = weights[f"norm_out.linear.{tail}"].chunk(2)       # the other way round there
        out[f"final_layer.adaLN_modulation.1.{tail}"] = torch.cat([shift, scale])
        for name in {k.split(".attn")[0] for k in weights if ".attn." in k}:
            n = name.split(".")[1]
            if name.startswith("single"):
                to = f"single_blocks.{n}"
                out[f"{to}.modulation.lin.{tail}"] = weights[f"{name}.norm.linear.{tail}"]
                out[f"{to}.linear1.{tail}"] = joined(name, ("attn.to_q", "attn.to_k", "attn.to_v", "proj_mlp"), tail)
                out[f"{to}.linear2.{tail}"] = weights[f"{name}.proj_out.{tail}"]
                for k in ("query", "key"):
                    out[f"{to}.norm.{k}_norm.scale"] = weights[f"{name}.attn.norm_{k[0]}.weight"]
                continue
            for side, norm, qkv, proj, ff, rms in (("img", "norm1", "to_{}", "to_out.0", "ff", "norm_{}"),
                                                   ("txt", "norm1_context", "add_{}_proj", "to_add_out", "ff_context", "norm_added_{}")):
                to = f"double_blocks.{n}.{side}"
                out[f"{to}_mod.lin.{tail}"] = weights[f"{name}.{norm}.linear.{tail}"]
                out[f"{to}_attn.qkv.{tail}"] = joined(f"{name}.attn", [qkv.format(k) for k in "qkv"], tail)
                out[f"{to}_attn.proj.{tail}"] = weights[f"{name}.attn.{proj}.{tail}"]
                out[f"{to}_mlp.0.{tail}"], out[f"{to}_mlp.2.{tail}"] = (weights[f"{name}.{ff}.net.{m}.{tail}"] for m in ("0.proj", "2"))
                for k in ("query", "key"):
                    out[f"{to}_attn.norm.{k}_norm.scale"] = weights[f"{name}.attn.{rms.format(k[0])}.weight"]
    return out


class Golden(unittest.TestCase):
    """Names, shapes and arithmetic are those that src/nets reads."""

    def near(self, a, b):
        self.assertLessEqual(float(((a - b).abs() - 5e-4 * b.abs()).max()), 5e-5)

    @torch.no_grad()
    def test_autoencoder(self):
        folder = GOLDEN / "vae-16ch"
        weights, inputs, wanted = (load_file(folder / f"{k}.safetensors") for k in ("weights", "inputs", "expected"))
        config = VaeConfig(imageChannels=3, channels=[8, 12, 16, 16], decoderChannels=[8, 12, 16, 16], resnets=2, groups=4)
        for side, make in (("encoder", Encoder), ("decoder", Decoder)):
            net = make(config)
            net.load_state_dict({k.removeprefix(f"{side}."): v.float() for k, v in weights.items() if k.startswith(f"{side}.")})
            if side == "encoder":
                self.near(net(inputs["image"]).chunk(2, 1)[0], wanted["mean"])
            else:
                self.near(net(wanted["decode_input"]), wanted["decoded"])

    @torch.no_grad()
    def test_transformer(self):
        folder = GOLDEN / "flux-dit"
        weights, i, wanted = (load_file(folder / f"{k}.safetensors") for k in ("weights", "inputs", "expected"))
        published = json.loads((folder / "config.json").read_text())
        shape = published["bfl"]
        net = Flux(FluxConfig(hidden=shape["hidden_size"], heads=published["num_attention_heads"], axesDim=shape["axes_dim"], theta=shape["theta"],
                              doubleBlocks=shape["depth"], singleBlocks=shape["depth_single_blocks"], mlpRatio=int(shape["mlp_ratio"]),
                              contextDim=published["joint_attention_dim"], inChannels=published["in_channels"], outChannels=published["in_channels"],
                              vectorDim=published["pooled_projection_dim"]))
        net.load_state_dict(bfl({k: v.float() for k, v in weights.items()}))
        said = net(i["hidden_states"], i["img_ids"].double(), i["encoder_hidden_states"], i["timestep"], i["guidance"], pooled=i["pooled_projections"])
        self.near(said, wanted["output_bfl"])

    def test_balanced(self):
        data, noise, sigma = torch.randn(5, 4, 3), torch.randn(5, 4, 3), torch.tensor([1, 0.7, 0.5, 0.1, 0])
        at = sigma[:, None, None]
        said = (at * data - (1 - at) * noise) / (at.square() + (1 - at).square()).sqrt()
        self.near(balanced((1 - at) * data + at * noise, said, sigma), noise - data)

    def test_packing(self):
        z = torch.randn(2, 16, 16, 16)
        tokens = packed(z)
        self.assertTrue(torch.equal(unpacked(tokens, 8), z))
        self.assertEqual(tokens[1, 8 * 3 + 5, 7 * 4 + 1 * 2 + 0], z[1, 7, 2 * 3 + 1, 2 * 5])
        self.assertEqual(grid(8, 8)[9].tolist(), [0, 9, 9])


class Training(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        torch.set_num_threads(1)
        cls.folder = tempfile.TemporaryDirectory()
        cls.art = World(plain_art(cls.folder.name))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def options(self, **more):
        folder = tempfile.mkdtemp(dir=self.folder.name)
        return argparse.Namespace(**{"out": Path(folder), "steps": 4, "batch": 2, "rate": 1e-3, "decay": 2, "ema": 0.99, "every": 2, "seed": 1,
                                     "threads": 1, "bf16": False, "resume": False, "until": None, **more})

    def test_autoencoder(self):
        model, x = Autoencoder(small_vae()), batch(self.art, np.random.default_rng(1), 4)[0]
        self.assertEqual(model.encode(x).shape, (4, 16, 16, 16))
        self.assertEqual(model.decode(model.encode(x)).shape, x.shape)
        model.measure(x)
        z = model.encode(x)
        self.assertLess(float(z.mean((0, 2, 3)).abs().max()), 1e-3)
        self.assertLess(float((z.std((0, 2, 3)) - 1).abs().max()), 1e-3)
        windows = train_autoencoder.windows(np.random.default_rng(1), x, 64)
        self.assertEqual(windows.shape, (12, 3, 64, 64))
        self.assertTrue(decreases(model, lambda: train_autoencoder.loss_of(model, windows)))

    def test_resuming_is_exact(self):
        def run(**more):
            torch.manual_seed(0)
            model = Autoencoder(small_vae())
            draw = lambda m, rng: train_autoencoder.loss_of(m, batch(self.art, rng, 2)[0])
            return loop.train(model, self.options(**more), draw, lambda m: {}, {})
        whole, out = run(), Path(tempfile.mkdtemp(dir=self.folder.name))
        run(out=out, until=2)
        again = run(out=out, resume=True)
        for a, b in zip(whole.model.parameters(), again.model.parameters()):
            self.assertTrue(torch.equal(a, b))
        for a, b in zip(whole.average.parameters(), again.average.parameters()):
            self.assertTrue(torch.equal(a, b))

    def test_scorers(self):
        rng = np.random.default_rng(1)
        scenes = [drawn(rng) for _ in range(4)]
        made, masks = zip(*(self.art.compose(rng, s, masks=True) for s in scenes))
        x, cells = tensor(made), cells_of(masks, scenes)
        hard = [[changed(rng, s) for _ in range(NEGATIVES)] for s in scenes]
        for model in (small_parts().scorer, Judge()):
            self.assertEqual(named(model, x).shape, (4, len(NOUNS)))
            self.assertTrue(decreases(model, lambda: scorer_loss(model, x, scenes, hard, cells), steps=5, rate=1e-3))
            self.assertTrue(all(0 <= v <= 1 for v in figures(model, x, scenes).values() if v == v))

    def test_what_cells_show(self):
        scene = Scene(3, NOUNS[7], other=NOUNS[2], relation="left")
        mask = np.zeros((128, 128), np.uint8)
        mask[32:48, 16:32], mask[64:96, 64:74] = 1, 2                    # one whole cell; two cells of 10 / 16
        cells = cells_of([mask], [scene])[0].unflatten(0, (8, 8))
        self.assertEqual(int(cells[2, 1]), 7)
        self.assertEqual(cells[4:6, 4].tolist(), [2, 2])
        self.assertEqual(int((cells >= 0).sum()), 3)

    def test_what_is_false(self):
        rng = np.random.default_rng(2)
        for _ in range(500):
            scene = drawn(rng)
            wrong = changed(rng, scene)
            self.assertNotEqual(caption(scene), caption(wrong))
            self.assertTrue(surely_false(scene, wrong), (caption(scene), caption(wrong)))
            self.assertFalse(surely_false(scene, scene))
        owl = Scene(3, "owl", other="teapot", relation="above")
        self.assertFalse(surely_false(owl, Scene(3, "teapot", other="owl", relation="below")))
        self.assertTrue(surely_false(owl, Scene(3, "teapot", other="owl", relation="above")))
        self.assertFalse(surely_false(owl, Scene(2, "owl", colour="red")))
        self.assertFalse(surely_false(Scene(2, "owl", colour="red"), Scene(1, "owl", pose="lying")))

    def test_conditions(self):
        rng = np.random.default_rng(3)
        for kind in conditions.KINDS:
            shown = conditions.batch(self.art, rng, 6, kind)
            self.assertFalse(kind != "hybrid" and any(held_out(s) for s in shown.scenes))
            if kind != "text":
                self.assertFalse(any(set(s.nouns) & HELD_OBJECTS or frozenset(s.nouns) in HELD_PAIRS for s in shown.scenes))
            self.assertEqual(len(shown.seen), {"image": 1, "two": 2, "hybrid": 2}.get(kind, 0))
            self.assertEqual(bool(shown.references), kind == "references")
            self.assertTrue(all(not torch.equal(p, shown.target) for p in (*shown.seen, *shown.references)))
        counts = set()
        for seed in range(12):
            shown = conditions.batch(self.art, np.random.default_rng(seed), 2, "references")
            counts.add(len(shown.references))
            self.assertFalse(any(torch.equal(p, q) for i, p in enumerate(shown.references) for q in shown.references[:i]))
        self.assertEqual(counts, {1, 2, 3})

    def test_mixing_words(self):
        # The released slerp's golden tokens (specs: VMDiff 5).
        a, b = torch.tensor([[[0.5, 0.2, -0.1], [3, 1, 2]]]), torch.tensor([[[0.1, 0.6, 0.3], [1, 4, -2]]])
        wanted = torch.tensor([[[0.4368, 0.4809, 0.0876], [2.2, 2.2, 0.4]]])
        self.assertLess(float((conditions.mixed(a, b, torch.tensor([0.4])) - wanted).abs().max()), 1e-4)
        a = (8 * a).bfloat16().requires_grad_()
        conditions.mixed(a, a.detach(), torch.tensor([0.4])).sum().backward()
        self.assertTrue(bool(a.grad.isfinite().all()))

    def test_every_condition_in_bf16(self):
        parts = small_parts()
        for kind in conditions.KINDS:
            shown, rng = conditions.batch(self.art, np.random.default_rng(6), 2, kind), np.random.default_rng(6)
            with torch.autocast("cpu", torch.bfloat16):
                data, *others = (packed(parts.autoencoder.encode(x)) for x in (shown.target, *shown.references))
                loss = train_dit.loss_of(parts.dit, data.detach(), conditions.context_of(parts.dit, parts, rng, shown), [z.detach() for z in others])
            loss.backward()
            self.assertTrue(all(p.grad is None or bool(p.grad.isfinite().all()) for p in parts.dit.parameters()), kind)

    def test_painters(self):
        parts, rng = small_parts(), np.random.default_rng(4)
        x, scenes = batch(self.art, rng, 4)
        with torch.no_grad():
            z, context = parts.autoencoder.encode(x), parts.scorer.words(ids_of(scenes))[0]
        noise = torch.randn_like(z)
        self.assertTrue(decreases(parts.unet, lambda: train_unet.loss_of(parts.unet, z, context, torch.tensor([50, 300, 600, 900]), noise)))
        self.assertEqual(train_unet.sample(parts.unet, parts, ["a red owl"], noise[:1], steps=2).shape, (1, 3, 128, 128))
        shown = conditions.batch(self.art, rng, 4, "two")
        words = lambda: conditions.context_of(parts.dit, parts, np.random.default_rng(1), shown)
        self.assertTrue(decreases(parts.dit, lambda: train_dit.loss_of(parts.dit, packed(z), words(), [packed(z)]), steps=20))
        with torch.no_grad():
            made = train_dit.sample(parts.dit, parts, words(), noise, [packed(z)], steps=2)
        self.assertEqual(made.shape, (4, 3, 128, 128))

    def test_seeing(self):
        model = small_parts().dit
        model.seeing = train_dit.Seeing(model, 96)
        x, tokens, one = torch.randn(2, 64, 64), torch.randn(2, 64, 96), torch.ones(2)

        def loss():
            model(x, torch.randn(2, 16, 96), one, one, [x])
            return model.seeing.loss(tokens)
        self.assertTrue(decreases(model, loss))
        state = {"average": model.state_dict(), "step": 1, "samples": 2, "seconds": 3.0}
        small_parts().dit.load_state_dict(pack.averaged(state))
        path = Path(tempfile.mkdtemp(dir=self.folder.name)) / "dit.npz.xz"
        draft.write({**state, "average": pack.averaged(state)}, path)
        self.assertEqual(draft.read(model, path)["step"], 1)             # one from before it had that

    def test_going_on_from_a_pack(self):
        parts = small_parts()
        parts.autoencoder.measure(batch(self.art, np.random.default_rng(1), 4)[0])
        folder = Path(tempfile.mkdtemp(dir=self.folder.name))
        pack.write(parts, {}, folder)
        back = pack.read(folder)
        for name, module in parts.named().items():
            for key, t in module.state_dict().items():
                span = t.abs().max().clamp(min=1e-6)
                self.assertLess(float((getattr(back, name).state_dict()[key] - t).abs().max() / span), 0.005, (name, key))
        model = pack.part(folder, "autoencoder")
        x = batch(self.art, np.random.default_rng(1), 2)[0]
        first = float(train_autoencoder.loss_of(model, x).detach())
        loop.train(model, self.options(steps=20, every=20, decay=0), lambda m, rng: train_autoencoder.loss_of(m, x), lambda m: {}, model.config.asdict())
        self.assertLess(float(train_autoencoder.loss_of(model, x).detach()), first)
        pack.write(pack.Parts(autoencoder=model), {}, folder)
        self.assertRaisesRegex(SystemExit, "no scorer", lambda: pack.shared(str(folder), None, None))
        self.assertRaisesRegex(SystemExit, "no unet", lambda: pack.part(folder, "unet"))

    def test_going_on_from_a_draft(self):
        model, other = small_parts().dit, small_parts().dit
        with torch.no_grad():
            for p in other.parameters():
                p.add_(1)
        path = Path(tempfile.mkdtemp(dir=self.folder.name)) / "dit.npz.xz"
        draft.write({"average": model.state_dict(), "step": 7, "samples": 14, "seconds": 1.5}, path)
        self.assertEqual(draft.read(other, path)["samples"], 14)
        for key, t in model.state_dict().items():
            self.assertLess(float((other.state_dict()[key] - t).norm()), 0.1 * float(t.norm()) + 1e-6, key)

    def test_the_kept_pack(self):
        kept = pack.part(pack.FOLDER, "autoencoder")
        x = torch.linspace(-1, 1, 128).expand(1, 3, 128, 128).contiguous()
        with torch.no_grad():
            self.assertGreater(float(train_autoencoder.psnr(kept.decode(kept.encode(x)), x)), 25)


if __name__ == "__main__":
    unittest.main()

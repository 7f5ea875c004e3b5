"""Test fixtures for the engine: inputs and PyTorch's f32 outputs with the shipped, dequantised weights.

    python fixtures.py tiny            src/pipelines/fixtures/mini-tiny: random weights, small sizes, own pack
    python fixtures.py mini --data D   src/pipelines/fixtures/mini: 8 held-out scenes, for the pack of public/models/mini
"""
import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file

from mini.model import Config, Mini, bfl_state, gated, load_bfl, sample
from mini.pack import read_pack, write_pack

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "src/pipelines/fixtures"


def run(model, inputs):
    """Runs the sampler in f32 and returns (trace, gated maps)."""
    trace = []
    maps, _ = sample(model, **{k: v if k == "words" else v.float() for k, v in inputs.items()}, trace=trace)
    return trace, gated(maps, inputs["paste"].float())


def save(path, tensors):
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, path)
    path.chmod(0o644)


def tiny():
    """A Mini small enough for software WebGPU, with weights that make every part matter."""
    torch.manual_seed(7)
    folder = FIXTURES / "mini-tiny"
    config = Config(size=32, patch=8, mapReduction=2, hidden=48, heads=3, axesDim=[4, 6, 6], theta=100.0,
                    doubleBlocks=1, singleBlocks=2, contextDim=16, textTokens=16)
    words = ["<pad>", "<unk>", "a", "red", "sphere", "on", "checker", "floor"]
    model = Mini(config, len(words)).eval()
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.endswith("scale"):
                p.normal_(1, 0.1)
            elif "final_layer.linear" in name:
                p.normal_(0, 0.02)
            elif name.endswith("bias"):
                p.normal_(0, 0.05)
            elif "embeddings" not in name:
                p.normal_(0, 1.2 / p.shape[1] ** 0.5)
    seen = write_pack(folder, bfl_state(model), config.asdict(), words,
                      {"what": "random weights, seed 7; a test fixture, not a model"}, "Inlay Mini, tiny fixture")
    load_bfl(model, seen)
    S, N = config.size, 2
    smooth = lambda c: torch.nn.functional.interpolate(torch.rand(N, c, 5, 5) * 2 - 1, (S, S), mode="bilinear")
    alpha = (smooth(1) > 0).float()
    inputs = {"background": smooth(3), "foreground": smooth(4), "alpha": alpha, "paste": smooth(3),
              "affine": torch.tensor([[0.5, 0.5, 7.25, 12.5], [0.8, 0.6, -3.0, 9.75]]),
              "words": torch.tensor([[2, 3, 4, 5, 6, 7] + [0] * 10, [0] * 16], dtype=torch.int32),
              "noise": torch.randn(N, 3, S, S)}
    trace, (g, o) = run(model, inputs)
    save(folder / "inputs.safetensors", inputs)
    expected = {"g_gated": g, "o_gated": o}
    for i, step in enumerate(trace):
        for key in ("x", "maps", "x_hat"):
            expected[f"step{i}.{key}"] = step[key]
        for b, h in enumerate(step["hidden"]):
            expected[f"step{i}.hidden{b}"] = h
    save(folder / "expected.safetensors", expected)


def shipped(data, count=8):
    """The shipped weights on held-out scenes. Inputs are stored in f16 and the outputs computed from what was stored."""
    from mini.data import Shards, to_batch
    manifest, tensors = read_pack(ROOT / "public/models/mini")
    model = Mini(Config(**manifest["config"]), len(manifest["words"])).eval()
    load_bfl(model, tensors)
    folder = FIXTURES / "mini"
    folder.mkdir(parents=True, exist_ok=True)
    batch = to_batch(Shards(data, model.config.size).fixed(count), model.config.size)
    keys = ("background", "foreground", "paste", "alpha", "affine", "words")
    inputs = {k: batch[k] if k in ("words", "affine") else batch[k].half() for k in keys}
    inputs["words"] = inputs["words"].int()
    inputs["noise"] = torch.randn(count, 3, model.config.size, model.config.size,
                                  generator=torch.Generator().manual_seed(11)).half()
    trace, _ = run(model, inputs)
    save(folder / "inputs.safetensors", inputs)
    # The maps decide everything that follows.
    save(folder / "expected.safetensors", {"maps": trace[-1]["maps"]})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["tiny", "mini"])
    parser.add_argument("--data", default="data/held-out")
    options = parser.parse_args()
    with torch.no_grad():
        tiny() if options.what == "tiny" else shipped(options.data)

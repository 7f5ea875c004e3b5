"""Writes a trained tone network as the module that the engine runs, and cases that it must equal.

    python -m tone.export --state runs/tone/state.pt --data data/tone-held-out

Weights are 8 bits, a scale for each row. Per layer: scales, biases (f32), bytes; convolutions as [out, 3, 3, in]. The cases: samples as
they are stored, in base64, and PyTorch's "numbers" [7] and "affine" [3, 4] on the weights that ship.
"""
import argparse
import base64
import json
from pathlib import Path

import numpy as np
import torch

from geometry.data import Shards

from .model import Config, ToneNet, affine, inputs
from .train import FIELDS, measure, tensors

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "src/layers/object/toneWeights.ts"
CASES = ROOT / "src/layers/fixtures/tone.json"
COUNT = 2


def layers(model: ToneNet) -> list[torch.nn.Module]:
    return [*model.convs, *model.overview, model.first, model.second, model.last]


@torch.no_grad()
def packed(model: ToneNet) -> bytes:
    """The weights as bytes; the model has what they mean afterwards."""
    out = b""
    for layer in layers(model):
        weight = layer.weight
        rows = (weight.permute(0, 2, 3, 1) if weight.ndim == 4 else weight).reshape(len(weight), -1)
        scale = (rows.abs().amax(1) / 127).clamp_min(1e-12)
        whole = (rows / scale[:, None]).round()
        out += scale.numpy().astype("<f4").tobytes() + layer.bias.numpy().astype("<f4").tobytes() + whole.numpy().astype(np.int8).tobytes()
        seen = whole * scale[:, None]
        if weight.ndim == 4:
            seen = seen.reshape(len(weight), 3, 3, -1).permute(0, 3, 1, 2)
        layer.weight.copy_(seen)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    o = parser.parse_args()
    torch.set_num_threads(1)
    state = torch.load(o.state, weights_only=False)
    model = ToneNet(Config(**state["config"]))
    model.load_state_dict(state["average"])
    model.eval()
    held = Shards(o.data, 20, FIELDS)
    held.refresh()
    test = tensors(held.all(1000))
    before = measure(model, test)
    text = base64.b64encode(packed(model)).decode()
    MODULE.write_text("/** Weights of the tone network, written by training/tone/export.py. */\n"
                      f"export const TONE_WEIGHTS =\n  '{text}'\n")
    batch = held.all(COUNT)
    cases = tensors(batch)
    with torch.no_grad():
        numbers = model(*inputs(cases["picture"], cases["alpha"], cases["inside"], cases["whole"]))
    stored = [{name: base64.b64encode(batch[name][i].numpy().tobytes()).decode() for name in ("picture", "alpha", "inside", "whole")}
              | {"numbers": [round(float(x), 6) for x in numbers[i]], "affine": [round(float(x), 6) for x in affine(numbers)[i].flatten()]}
              for i in range(COUNT)]
    CASES.write_text(json.dumps(stored, indent=2) + "\n")
    print(f"gained on held-out things {before[0]:.2f} dB, in 8 bits {measure(model, test)[0]:.2f} dB; "
          f"{MODULE.stat().st_size} bytes; steps {state['step']}, minutes {state['spent'] / 60:.0f}")


if __name__ == "__main__":
    main()

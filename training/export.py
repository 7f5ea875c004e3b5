"""Turns a training state into the pack that the studio loads; training can go on from it.

    python export.py --state runs/main/state.pt

Writes public/models/mini/: averaged weights, 8-bit linears, f32 for the rest.
"""
import argparse
import csv
import json
from pathlib import Path

import torch

from mini.model import Config, Mini, bfl_state, load_bfl
from mini.pack import read_pack, write_pack
from world.words import WORDS

ROOT = Path(__file__).resolve().parent.parent


def model_of(state):
    """The averaged weights of a training state as a model in f32."""
    model = Mini(Config(**state["config"]), len(WORDS)).eval()
    model.load_state_dict(state["ema"])
    return model


def packed_model(folder=ROOT / "public/models/mini"):
    """The model as the studio runs it: the pack's dequantised weights."""
    manifest, tensors = read_pack(folder)
    model = Mini(Config(**manifest["config"]), len(manifest["words"])).eval()
    load_bfl(model, tensors)
    return model


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--state", default="runs/main/state.pt")
    parser.add_argument("--pack", default=str(ROOT / "public/models/mini"))
    parser.add_argument("--figures", help="JSON of evaluate.py, copied into the manifest")
    o = parser.parse_args()
    state = torch.load(o.state, map_location="cpu", weights_only=True)
    model = model_of(state)
    provenance = {"data": "procedural world, training/world; no other pictures", "steps": state["step"],
                  "samples": state["samples"], "noiseLevelsPerSample": state["levels"],
                  "trainingMinutes": round(state["trained"] / 60, 1), "weights": "exponential moving average, 8-bit linears",
                  "seed": "render seeds 1-2; training draws from the clock"}
    curve = Path(o.state).parent / "curve.csv"
    if curve.exists():
        provenance["scenes"] = int(list(csv.DictReader(curve.open()))[-1]["scenes"])
    if o.figures:
        provenance["figures"] = json.loads(Path(o.figures).read_text())
    write_pack(o.pack, bfl_state(model), model.config.asdict(), WORDS, provenance)
    for path in sorted(Path(o.pack).iterdir()):
        path.chmod(0o644)
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()

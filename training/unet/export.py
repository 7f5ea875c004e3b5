"""Turns training states into the pack that the studio loads; the pack is also what the repo goes on from.

    python -m unet.export --unet runs/unet/state.pt --scorer runs/scorer/scorer.pt

Writes public/models/painter/: 8-bit linears and convolutions, f32 for the rest.
"""
import argparse
import csv
import json
from pathlib import Path

import torch

from . import pack


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--unet", default="runs/unet/state.pt")
    parser.add_argument("--scorer", default="runs/scorer/scorer.pt")
    parser.add_argument("--out", default=str(pack.FOLDER))
    parser.add_argument("--figures", help="JSON of unet.evaluate, copied into the manifest")
    o = parser.parse_args()
    state, scored = torch.load(o.unet, weights_only=True), torch.load(o.scorer, weights_only=True)
    provenance = {"data": "procedural world, training/world/captioned.py; no other pictures", "pictures": state["pictures"],
                  "steps": state["step"], "samples": state["step"] * state["batch"],
                  "trainingMinutes": round(state["trained"] / 60, 1), "weights": "exponential moving average, 8 bits",
                  "scorer": {"steps": scored["step"], "trainingMinutes": round(scored["trained"] / 60, 1),
                             "ownCaptionWinsOf8": scored["wins"]}}
    curve = Path(o.unet).parent / "curve.csv"
    if curve.exists():
        provenance["heldOutLoss"] = float(list(csv.DictReader(curve.open()))[-1]["held_out"])
    if o.figures:
        provenance["figures"] = json.loads(Path(o.figures).read_text())
    pack.write(pack.of_states(state, scored), provenance, o.out)
    for path in sorted(Path(o.out).iterdir()):
        path.chmod(0o644)
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()

"""A network in the middle of its training, small enough to be kept beside what ships: 19 levels a weight in blocks of 32, deflated (under 5 bits a weight, 8 % off). The
next session goes on from it; nothing else should.

    python -m painter.draft --state runs/painter-d/state.pt --out checkpoints/painter2/dit.npz
    python -m painter.train_dit ... --draft checkpoints/painter2/dit.npz
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch
from torch import nn

BLOCK, LEVELS = 32, 9
TOLD = "told"                            # what the file says of itself


def write(state: dict, path: str | Path) -> None:
    """Of a training state (loop.py): its averaged weights."""
    arrays = {TOLD: np.array(json.dumps({k: state[k] for k in ("step", "samples", "seconds")}))}
    for name, t in state["average"].items():
        if t.numel() < 1024 or t.numel() % BLOCK:
            arrays[name] = t.float().numpy()
            continue
        blocks = t.float().reshape(-1, BLOCK)
        scale = (blocks.abs().amax(1, keepdim=True) / LEVELS).clamp(min=1e-7).half()
        arrays[name], arrays[f"{name}.scale"] = (blocks / scale.float()).round().char().numpy(), scale.numpy()
    np.savez_compressed(path, **arrays)


def read(model: nn.Module, path: str | Path) -> dict:
    """Fills a model of the same shapes; -> steps, samples and seconds so far."""
    with np.load(path) as kept:
        weights = {}
        for name, t in model.state_dict().items():
            if name not in kept:                                         # only training has it, and began later
                weights[name] = t
                continue
            value = torch.from_numpy(kept[name]).float()
            if f"{name}.scale" in kept:
                value = value * torch.from_numpy(kept[f"{name}.scale"]).float()
            weights[name] = value.reshape(t.shape)
        model.load_state_dict(weights)
        return json.loads(str(kept[TOLD]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    o = parser.parse_args()
    write(torch.load(o.state, weights_only=True), o.out)
    o.out.chmod(0o644)
    print(o.out, o.out.stat().st_size)

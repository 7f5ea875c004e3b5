"""A network in the middle of its training, small enough to be kept beside what ships: 25 levels a weight in blocks of 32 (6 % off), packed by
LZMA: 5 bits a weight. What goes in and comes out has 255: it costs more of the loss than all blocks together. The next session goes on from it; nothing else should.

    python -m painter.draft --state runs/painter-d/state.pt --out checkpoints/painter2/dit.npz.xz
    python -m painter.train_dit ... --draft checkpoints/painter2/dit.npz.xz
"""
import argparse
import io
import json
import lzma
from pathlib import Path

import numpy as np
import torch
from torch import nn

BLOCK, LEVELS, ENDS_LEVELS = 32, 12, 127
ENDS = ("img_in", "txt_in", "time_in", "guidance_in", "final_layer.linear")
TOLD = "told"                            # what the file says of itself


def write(state: dict, path: str | Path) -> None:
    """Of a training state (loop.py): its averaged weights."""
    arrays = {TOLD: np.array(json.dumps({"balanced": True, **{k: state[k] for k in ("step", "samples", "seconds")}}))}
    for name, t in state["average"].items():
        if t.numel() < 1024 or t.numel() % BLOCK:
            arrays[name] = t.float().numpy()
            continue
        blocks = t.float().reshape(-1, BLOCK)
        levels = ENDS_LEVELS if any(end in name for end in ENDS) else LEVELS
        scale = (blocks.abs().amax(1, keepdim=True) / levels).clamp(min=1e-7).half()
        arrays[name], arrays[f"{name}.scale"] = (blocks / scale.float()).round().char().numpy(), scale.numpy()
    raw = io.BytesIO()
    np.savez(raw, **arrays)
    Path(path).write_bytes(lzma.compress(raw.getvalue()))


def read(model: nn.Module, path: str | Path) -> dict:
    """Fills a model of the same shapes; -> steps, samples and seconds so far."""
    with np.load(io.BytesIO(lzma.decompress(Path(path).read_bytes()))) as kept:
        told, weights = json.loads(str(kept[TOLD])), {}
        if not told.get("balanced"):
            raise SystemExit(f"{path} says the velocity, which Painter-D no longer does (dit.balanced): it cannot be gone on with.")
        for name, t in model.state_dict().items():
            if name.startswith("seeing.") and name not in kept:          # only training has it, and began later
                weights[name] = t
                continue
            value = torch.from_numpy(kept[name]).float()
            if f"{name}.scale" in kept:
                value = value * torch.from_numpy(kept[f"{name}.scale"]).float()
            weights[name] = value.reshape(t.shape)
        model.load_state_dict(weights)
        return told


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    o = parser.parse_args()
    write(torch.load(o.state, weights_only=True), o.out)
    o.out.chmod(0o644)
    print(o.out, o.out.stat().st_size)

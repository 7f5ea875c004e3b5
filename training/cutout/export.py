"""Writes a trained cut-out network as the pack that ships, and cases that the engine must equal.

    python -m cutout.export --state runs/cutout/state.pt

The pack: manifest.json and model-00001.safetensors (8 bits in blocks of 32 of a row, as packs.py). The cases: made-up pictures
("picture" u8 [n, 128, 128, 3]) and what PyTorch says of them on the pack's own weights, in f32: "cells" [n, 4, 64, 64], raw.
"""
import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file

from packs import is_big, write_pack

from .data import blobs
from .model import Config, CutoutNet, alpha_of, inputs

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "public/models/cutout"
CASES = ROOT / "src/pipelines/fixtures/cutout/cases.safetensors"
COUNT = 2  # cases
LARGEST = 1.5 * 2 ** 20  # bytes of the shard


def some_pictures(count: int) -> torch.Tensor:
    """A blob of one colour on another, the same ones every time. u8 [count, 128, 128, 3]"""
    with torch.random.fork_rng():
        torch.manual_seed(4)
        shape, front, back = blobs(count), torch.rand(count, 3, 1, 1), torch.rand(count, 3, 1, 1)
        picture = torch.lerp(back.expand(-1, -1, 128, 128), front, shape)
        return (picture * 255).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def load(path: Path) -> CutoutNet:
    """The averaged weights of a training's state."""
    state = torch.load(path, weights_only=True)
    model = CutoutNet(Config(**state["config"]))
    model.load_state_dict(state["average"])
    return model.eval()


def export(model: CutoutNet, pack: Path, cases: Path, provenance: dict) -> float:
    """-> the largest change of a map by the 8 bits."""
    picture = some_pictures(COUNT)
    with torch.no_grad():
        x = inputs(picture.permute(0, 3, 1, 2).float() / 255)
        exact = alpha_of(model(x))
        seen = write_pack(pack, model.state_dict(), model.config.asdict(), [], provenance, "Inlay Cut-out", "cutout", is_big)
        model.load_state_dict(seen)
        cells = model(x)
    cases.parent.mkdir(parents=True, exist_ok=True)
    save_file({"picture": picture, "cells": cells.contiguous()}, cases)
    cases.chmod(0o644)
    return float((alpha_of(cells) - exact).abs().max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--cases", type=Path, default=CASES)
    o = parser.parse_args()
    torch.set_num_threads(1)
    state = torch.load(o.state, weights_only=True)
    provenance = {"trained": {"samples": state["samples"], "steps": state["step"], "cpu minutes": round(state["cpu"] / 60, 1)},
                  "models": "sweethome3d-furniture 1.8; their makers: training/meshes/CREDITS.md",
                  "icons": "@lobehub/fluent-emoji-3d 1.1.0 (MIT), Microsoft's Fluent emoji",
                  "backgrounds": "rooms of those models, HDR panoramas, Budgie Backgrounds (CC0)"}
    error = export(load(o.state), o.pack, o.cases, provenance)
    size = (o.pack / "model-00001.safetensors").stat().st_size
    assert size <= LARGEST, f"{size} bytes is more than a pack may have"
    print(f"{size / 1e6:.2f} MB; 8 bits moved the map by at most {error:.4f}")


if __name__ == "__main__":
    main()

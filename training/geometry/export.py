"""Writes a trained geometry network as the pack that ships, and cases that the engine must equal.

    python -m geometry.export --state runs/geometry/state.pt --data data/geometry-held-out

The pack: manifest.json and model-00001.safetensors (8 bits in blocks of 32 of a row, as packs.py). The cases: held-out
samples as they are stored ("picture" u8 [n, 128, 128, 3], "alpha" u8 [n, 128, 128], "bottom" f32 [n], the box's lower edge as a
share of the crop) and PyTorch's "maps" [n, 6, 64, 64] and "camera" [n, 2], in f32 on the pack's own weights; raw, as before
model.read.
"""
import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file

from packs import is_big, write_pack

from .data import Batch, Shards, plain
from .evaluate import load
from .model import GeometryNet
from .samples import CAMERA

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "public/models/geometry"
CASES = ROOT / "src/pipelines/fixtures/geometry/cases.safetensors"
COUNT = 2  # cases
LARGEST = 4 * 2 ** 20  # bytes of the shard


def export(model: GeometryNet, pack: Path, cases: Path, provenance: dict, batch: Batch) -> float:
    """batch: the samples of the cases. -> the largest change of an elevation by the 8 bits, in extents."""
    sample = plain(batch)
    with torch.no_grad():
        exact, _ = model(sample)
        seen = write_pack(pack, model.state_dict(), model.config.asdict(), [], provenance, "Inlay Geometry", "geometry", is_big)
        model.load_state_dict(seen)
        maps, camera = model(sample)
    cases.parent.mkdir(parents=True, exist_ok=True)
    tensors = {"picture": batch["picture"], "alpha": batch["alpha"], "bottom": batch["camera"][:, CAMERA.index("bottom")],
               "maps": maps, "camera": camera}
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, cases)
    cases.chmod(0o644)
    return float((maps[:, 0] - exact[:, 0]).abs().max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("state", "data"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--cases", type=Path, default=CASES)
    o = parser.parse_args()
    torch.set_num_threads(1)
    held = Shards(o.data)
    held.refresh()
    state = torch.load(o.state, weights_only=True)
    provenance = {"trained": {"samples": state["samples"], "steps": state["step"], "cpu minutes": round(state["cpu"] / 60, 1)},
                  "models": "sweethome3d-furniture 1.8; their makers: training/meshes/CREDITS.md; and invented ones"}
    error = export(load(o.state), o.pack, o.cases, provenance, held.all(COUNT))
    size = (o.pack / "model-00001.safetensors").stat().st_size
    assert size <= LARGEST, f"{size} bytes is more than a pack may have"
    print(f"{size / 1e6:.2f} MB; 8 bits moved an elevation by at most {error:.4f} extents")


if __name__ == "__main__":
    main()

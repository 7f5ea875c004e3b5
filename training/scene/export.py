"""Writes a trained scene network as a pack, and a case for the engine to equal.

    python -m scene.export --state runs/scene/state.pt --data data/places-held-out --out ../public/models/scene \\
        --case ../src/pipelines/fixtures/scene/case.safetensors

The pack: manifest.json and model-00001.safetensors (8 bits in blocks of 32 of a row, as packs.py). The case: "picture"
[192, 192, 3] and "inside" [192, 192] of a held-out sample, in bytes, PyTorch's "tokens" [1, CELLS, hidden], "votes" [1, BINS] and "ground" [1, 48, 48] (logits),
the "noise" of two draws [2, SCENE] and where four steps from it end: "scene" [2, SCENE], encoded, and "decoded" [2, SCENE], rows as
places.samples.scene_row; all in f32 on the pack's own weights.
"""
import argparse
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from geometry.data import Shards
from packs import BLOCK, is_big, write_pack
from places.samples import SCENE

from .data import FIELDS, Batch, inputs
from .model import Config, SceneNet, decoded, flowed

LARGEST = 4 * 2 ** 20  # bytes of the shard
STEPS = 4


def load(state: Path) -> SceneNet:
    kept = torch.load(state, weights_only=True)
    model = SceneNet(Config(**kept["config"]))
    model.load_state_dict(kept["average"])
    return model.eval()


def quantises(name: str, t: Tensor) -> bool:
    """The engine widens these weights when it reads them, so that rows need not be whole blocks."""
    return is_big(name, t) or (name.endswith(".weight") and t.ndim == 2 and t.shape[1] >= BLOCK)


@torch.no_grad()
def export(model: SceneNet, out: Path, case: Path, provenance: dict, shown: Batch) -> float:
    """shown: a batch of one, kept as its bytes. -> the largest change of an encoded number by the 8 bits, four steps on."""
    sample, noise = inputs(shown), torch.randn(2, SCENE, generator=torch.Generator().manual_seed(7))

    def ends() -> Tensor:
        tokens, votes, _ = model.look(sample)
        return flowed(model, noise, tokens.expand(2, -1, -1), votes.expand(2, -1), STEPS)

    exact = ends()
    seen = write_pack(out, model.state_dict(), model.config.asdict(), [], provenance, "Inlay Scene", "scene", quantises)
    model.load_state_dict(seen)
    tokens, votes, ground = model.look(sample)
    scene = ends()
    case.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: t.contiguous() for name, t in {"picture": shown["picture"][0], "inside": shown["inside"][0], "tokens": tokens, "votes": votes, "ground": ground,
                                                    "noise": noise, "scene": scene, "decoded": decoded(scene)}.items()}, case)
    return float((scene - exact).abs().max())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("state", "data", "out", "case"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    o = parser.parse_args()
    torch.set_num_threads(1)
    held = Shards(o.data, fields=FIELDS)
    held.refresh()
    state = torch.load(o.state, weights_only=True)
    provenance = {"trained": {"steps": state["step"], "cpu minutes": round(state["cpu"] / 60, 1)},
                  "models": "sweethome3d-furniture 1.8; their makers: training/meshes/CREDITS.md"}
    error = export(load(o.state), o.out, o.case, provenance, held.all(1))
    size = (o.out / "model-00001.safetensors").stat().st_size
    assert size <= LARGEST, f"{size} bytes is more than a pack may have"
    print(f"{size / 1e6:.2f} MB; 8 bits moved an encoded number by at most {error:.4f}")


if __name__ == "__main__":
    main()

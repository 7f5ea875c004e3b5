"""Writes packs of the geometry, the scene and the cut-out network with random weights, small enough for a software GPU: the studio's tests go the
whole way with them where the picture does not matter.

    python tiny_packs.py
"""
from pathlib import Path

import torch
from torch import nn

from cutout import model as cutout
from geometry import model as geometry
from packs import write_pack
from scene import model as scene
from scene.export import quantises

FIXTURES = Path(__file__).resolve().parent.parent / "src/pipelines/fixtures"


def write(name: str, family: str, model: nn.Module, wanted) -> None:
    provenance = {"what": "random numbers, for tests"}
    write_pack(FIXTURES / name, model.state_dict(), model.config.asdict(), [], provenance, f"tiny {family}", family, wanted)


if __name__ == "__main__":
    torch.manual_seed(1)
    write("geometry-tiny", "geometry", geometry.GeometryNet(geometry.Config(fine=8, widths=(16, 16), down=(1, 1), up=(1,))), lambda *_: False)
    write("scene-tiny", "scene", scene.SceneNet(scene.Config(widths=(8, 8, 8, 16), hidden=32, heads=2, blocks=1)), quantises)
    write("cutout-tiny", "cutout", cutout.CutoutNet(cutout.Config(fine=8, widths=(16, 16), down=(1, 1), up=(1,))), lambda *_: False)

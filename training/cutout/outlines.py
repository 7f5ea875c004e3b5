"""Photographs whose main object was outlined by hand, for the measures of cutting out and of tone.

    python -m cutout.outlines --photos FOLDER --out data/outlined

`outlines.json` has polygons in photo pixels by file; one that lies inside another is a hole. Nothing ever learns from them. Writes
NAME.png (the photo), NAME.truth.png (the object's alpha, grey), NAME.cut.png (the photo with that alpha) and NAME.mask.png (how
surely the network that ships gives each pixel to the main object, grey, 128 x 128): what scripts/cutouts.mjs and
scripts/harmonise.mjs read.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from packs import read_pack

from .evaluate import write
from .export import PACK
from .model import Config, CutoutNet

OUTLINES = Path(__file__).with_name("outlines.json")
FINE = 4  # samples of a pixel a side

Polygon = list[tuple[float, float]]


def alpha_of(polygons: list[Polygon], width: int, height: int) -> Image.Image:
    """What the polygons enclose, by parity, with even edges: grey. A corner at (0, 0) is the middle of the first pixel."""
    drawn = Image.new("1", (width * FINE, height * FINE))
    for polygon in polygons:
        one = Image.new("1", drawn.size)
        ImageDraw.Draw(one).polygon([((x + 0.5) * FINE, (y + 0.5) * FINE) for x, y in polygon], fill=1)
        drawn = ImageChops.logical_xor(drawn, one)
    return drawn.convert("L").resize((width, height), Image.Resampling.BOX)


def shipped() -> CutoutNet:
    manifest, weights = read_pack(PACK)
    model = CutoutNet(Config(**manifest["config"]))
    model.load_state_dict(weights)
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    o = parser.parse_args()
    o.out.mkdir(parents=True, exist_ok=True)
    model = shipped()
    outlines = json.loads(OUTLINES.read_text())
    for file, polygons in outlines.items():
        photo = Image.open(o.photos / file).convert("RGB")
        alpha = alpha_of(polygons, *photo.size)
        name = Path(file).stem
        write(model, name, o.out, photo)
        alpha.save(o.out / f"{name}.truth.png")
        photo.putalpha(alpha)
        photo.save(o.out / f"{name}.cut.png")
    print(f"{len(outlines)} photographs")


if __name__ == "__main__":
    main()

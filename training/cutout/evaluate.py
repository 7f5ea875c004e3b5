"""What the network says of held-out pictures, for the studio's side of the measure (scripts/cutouts.mjs), and of photographs.

    python -m cutout.evaluate --state runs/cutout/state.pt --held-models data/geometry-held-out --held-icons data/icons-held-out \\
        --held-places data/places-held-out --out data/cutout-held --photos cat.jpg dog.jpg

Writes NAME.png (the picture), NAME.mask.png (how surely each pixel is the main object's, grey, 128 x 128) and, of composed pictures,
NAME.truth.png (the object's alpha, grey).
"""
import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .data import sources
from .export import load
from .model import SIDE, CutoutNet, alpha_of, inputs
from .train import held_out, measure


def grey(path: Path, values: Tensor) -> None:
    Image.fromarray((values * 255).round().to(torch.uint8).numpy()).save(path)


@torch.no_grad()
def write(model: CutoutNet, name: str, out: Path, image: Image.Image) -> None:
    """A picture of any size, and what the network says of it, squeezed into its square."""
    image.save(out / f"{name}.png")
    small = np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX))
    x = torch.from_numpy(small.copy()).permute(2, 0, 1)[None].float() / 255
    grey(out / f"{name}.mask.png", alpha_of(model(inputs(x)))[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("state", "held-models", "held-icons", "held-places", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--photos", type=Path, nargs="*", default=[])
    o = parser.parse_args()
    torch.set_num_threads(1)
    o.out.mkdir(parents=True, exist_ok=True)
    model = load(o.state)
    source = sources(o.held_models, o.held_icons, o.held_places, None)
    source.refresh()
    x, alpha = held_out(source)
    print({name: round(value, 3) for name, value in measure(model, x, alpha).items()})
    for i, (picture, truth) in enumerate(zip(x, alpha)):
        pixels = ((picture + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(1, 2, 0).numpy()
        write(model, f"composed-{i:03d}", o.out, Image.fromarray(pixels))
        grey(o.out / f"composed-{i:03d}.truth.png", truth)
    for path in o.photos:
        write(model, path.stem, o.out, Image.open(path).convert("RGB"))


if __name__ == "__main__":
    main()

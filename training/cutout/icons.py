"""Cut-outs drawn by others: the 3D emoji of npm's @lobehub/fluent-emoji-3d (MIT, by Microsoft), as shards.

    npm pack @lobehub/fluent-emoji-3d; python -m cutout.icons --assets package/assets --out data/icons --held-out data/icons-held-out

People, animals, food, clothes and things, which the furniture lacks. A shard: "picture" u8 [n, 128, 128, 3], straight colour, and
"alpha" u8 [n, 128, 128]; the longer side of what is visible fills 7/8, as in geometry's. A tenth is held out, by the hash of the name.
"""
import argparse
import hashlib
from pathlib import Path

import numpy as np
from PIL import Image

from geometry.view import BOX

from .model import SIDE

TONES = ("1f3fb", "1f3fc", "1f3fe", "1f3ff")  # of skin; the middle one stands for all


def cut_out(path: Path) -> tuple[np.ndarray, np.ndarray] | None:
    """Picture and alpha; None where nothing is visible."""
    image = Image.open(path).convert("RGBa")  # premultiplied, so that edges keep their colours
    box = image.getchannel("a").getbbox()
    if box is None:
        return None
    image = image.crop(box)
    scale = BOX * SIDE / max(image.size)
    image = image.resize([max(1, round(side * scale)) for side in image.size], Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)
    square = Image.new("RGBa", (SIDE, SIDE))
    square.paste(image, ((SIDE - image.width) // 2, (SIDE - image.height) // 2))
    pixels = np.asarray(square.convert("RGBA"))
    return pixels[..., :3], pixels[..., 3]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("assets", "out", "held-out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    o = parser.parse_args()
    kept: dict[Path, list] = {o.out: [], o.held_out: []}
    for path in sorted(o.assets.glob("*.webp")):
        found = None if any(tone in path.stem for tone in TONES) else cut_out(path)
        if found is not None:
            held = hashlib.sha256(path.stem.encode()).digest()[0] % 10 == 0
            kept[o.held_out if held else o.out].append(found)
    for folder, found in kept.items():
        folder.mkdir(parents=True, exist_ok=True)
        np.savez(folder / "icons.npz", picture=np.stack([f[0] for f in found]), alpha=np.stack([f[1] for f in found]))
        print(folder, len(found))


if __name__ == "__main__":
    main()

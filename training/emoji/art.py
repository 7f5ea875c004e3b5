"""The emoji's pictures, drawn once and kept in one file of bytes.

    npm pack @lobehub/fluent-emoji-3d @iconify-json/fluent-emoji-flat @iconify-json/noto @iconify-json/twemoji emojibase-data
    python -m emoji.art --packages FOLDER --out data/emoji.npz

FOLDER has the packed files. SVG is drawn by librsvg (Debian's `librsvg2-bin`). Four styles of each of the 200 nouns of nouns.txt: "toy" (Fluent 3D,
MIT), "flat" (Fluent, MIT), "cartoon" (Noto, Apache-2.0), "sticker" (Twemoji, CC-BY 4.0). What is stored, for levels of 128 and 64 px
so that nothing is shrunk by more than two: "levelN" u8 [nouns, styles, side, side, 4], colour times alpha; the longer side of what is
visible fills 15/16.
"""
import argparse
import io
import json
import subprocess
import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from .captions import CODES, NOUNS, STYLES

SIDES = (128, 64)
FILL = 15 / 16
DRAWN = 192
PACKAGES = {"toy": "lobehub-fluent-emoji-3d", "flat": "iconify-json-fluent-emoji-flat", "cartoon": "iconify-json-noto",
            "sticker": "iconify-json-twemoji"}


def opened(folder: Path, package: str) -> tarfile.TarFile:
    found = sorted(folder.glob(f"{package}-*.tgz"))
    if not found:
        raise SystemExit(f"{folder} has no {package}-*.tgz: fetch it with npm pack.")
    return tarfile.open(found[-1])


def text(archive: tarfile.TarFile, name: str):
    return json.load(archive.extractfile(f"package/{name}"))


def check_names(archive: tarfile.TarFile) -> None:
    """A noun is a word of its emoji's label or keywords."""
    known = {e["hexcode"].lower(): e for e in text(archive, "en/data.json")}
    for noun, code in zip(NOUNS, CODES):
        words = " ".join([known[code]["label"], *known[code]["tags"]]).lower().replace("-", " ").split()
        if noun not in words:
            raise SystemExit(f"{noun} is no name of {code}: {words}")


def drawn(icons: dict, characters: dict, code: str) -> Image.Image:
    """An icon of an iconify package as librsvg draws it."""
    name = characters.get(code) or characters[f"{code}-fe0f"]
    while name in icons.get("aliases", {}):
        name = icons["aliases"][name]["parent"]
    icon = icons["icons"][name]
    width, height = (icon.get(k, icons.get(k, 16)) for k in ("width", "height"))
    svg = (f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
           f'viewBox="{icon.get("left", 0)} {icon.get("top", 0)} {width} {height}" width="{DRAWN}" height="{DRAWN}">{icon["body"]}</svg>')
    png = subprocess.run(["rsvg-convert", "-w", str(DRAWN), "-h", str(DRAWN)], input=svg.encode(), capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(png))


def levels(image: Image.Image) -> list[np.ndarray]:
    """The visible part in the middle of squares, premultiplied."""
    image = image.convert("RGBa")
    image = image.crop(image.getchannel("a").getbbox())
    out = []
    for side in SIDES:
        scale = FILL * side / max(image.size)
        size = tuple(max(1, round(n * scale)) for n in image.size)
        small = cv2.resize(np.asarray(image), size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        small = np.minimum(small, small[..., 3:])
        square = np.zeros((side, side, 4), np.uint8)
        y, x = (side - size[1]) // 2, (side - size[0]) // 2
        square[y:y + size[1], x:x + size[0]] = small
        out.append(square)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--packages", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("data/emoji.npz"))
    o = parser.parse_args()
    check_names(opened(o.packages, "emojibase-data"))
    kept = [np.zeros((len(NOUNS), len(STYLES), side, side, 4), np.uint8) for side in SIDES]
    for s, style in enumerate(STYLES):
        with opened(o.packages, PACKAGES[style]) as archive, ThreadPoolExecutor(2) as pool:
            if style == "toy":
                names = set(archive.getnames())
                paths = [next(p for p in (f"package/assets/{c}.webp", f"package/assets/{c}-fe0f.webp") if p in names) for c in CODES]
                pictures = (Image.open(io.BytesIO(archive.extractfile(p).read())) for p in paths)
            else:
                icons, characters = text(archive, "icons.json"), text(archive, "chars.json")
                pictures = pool.map(lambda code: drawn(icons, characters, code), CODES)
            for n, picture in enumerate(pictures):
                for level, square in zip(kept, levels(picture)):
                    level[n, s] = square
        print(style, len(NOUNS), flush=True)
    o.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(o.out, **{f"level{i}": level for i, level in enumerate(kept)})
    print(o.out, o.out.stat().st_size)


if __name__ == "__main__":
    main()

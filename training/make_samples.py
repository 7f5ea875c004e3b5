"""Writes the studio's sample scenes, public/samples/, out of photographs and of cut-outs that are rendered first:

    blender -b -t 1 --python stills/render.py -- data/stills
    python make_samples.py --photographs FOLDER --cutouts data/stills

FOLDER is /usr/share/backgrounds of Debian's `lomiri-wallpapers-16.04`. stills/samples.json says what goes where and in what light:
it is set by hand, as a user would, since the light that the studio reads off a photograph is drawn faintly.
public/samples/CREDITS.md names the makers.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

from stills.develop import developed

ROOT = Path(__file__).resolve().parent
FOLDER = ROOT.parent / "public/samples"
WIDTH = 1600


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--photographs", type=Path, required=True)
    parser.add_argument("--cutouts", type=Path, required=True)
    arguments = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    entries = []
    for still in json.loads((ROOT / "stills/samples.json").read_text()):
        name = still["id"]
        photograph = Image.open(arguments.photographs / still["photograph"]).convert("RGB")
        height = round(WIDTH * photograph.height / photograph.width)
        photograph.resize((WIDTH, height), Image.LANCZOS).save(FOLDER / f"{name}.webp", quality=80, method=6)
        foregrounds = []
        for one in still["foregrounds"]:
            file = f"{name}-{one['cutout']}"
            picture = developed(np.load(arguments.cutouts / f"{file}.npy"), one["exposure"])
            picture.save(FOLDER / f"{file}.webp", quality=92, method=6)
            foregrounds.append({"name": one["name"], "picture": f"{file}.webp", "box": one["box"]})
        entries.append({"id": name, "title": still["title"], "background": f"{name}.webp", "foregrounds": foregrounds,
                        "scene": still["scene"]})
    (FOLDER / "samples.json").write_text(json.dumps(entries, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""Figures of every method on the held-out truth, as a table.

    python -m truth.score FOLDER [--each]

Methods are the pictures beside each scene's `I.png`: `paste`, `transfer` (truth/baselines.py), `mini`, `photo`, `camera`, `light`, `true`
(scripts/truth.mjs). Pixels that neither are the object nor clear of it (its edge) count nowhere. PSNR in encoded sRGB, per scene, then
mean; scenes with fewer than LEAST effect pixels say nothing of effects.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image

from .compose import CHANGED

METHODS = {"paste": "copy-paste", "transfer": "colour transfer + blob", "mini": "Mini 1", "photo": "layers, predicted scene",
           "camera": "layers, true camera", "light": "layers, true light", "true": "layers, true light and camera"}
LEAST = 150  # px
RECIPE = "inlay-recipe"
OVERHEAD = 75  # degrees: a light above has no azimuth to speak of


def psnr(ours: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> float:
    """dB, of pictures in 0..1, inside a mask."""
    return float(-10 * np.log10(max(((ours - truth)[mask] ** 2).mean(), 1e-10)))


def overlap(ours: np.ndarray, truth: np.ndarray, background: np.ndarray, beside: np.ndarray) -> float:
    """Intersection over union of what is darker than the background by CHANGED, off the object."""
    a, b = (((background - picture).mean(-1) > CHANGED) & beside for picture in (ours, truth))
    return float((a & b).sum() / max((a | b).sum(), 1))


def energy(picture: np.ndarray, mask: np.ndarray) -> float:
    """Sum of squared differences of neighbours that both lie in the mask."""
    across = (np.diff(picture, axis=1)[mask[:, 1:] & mask[:, :-1]] ** 2).sum()
    return float(across + (np.diff(picture, axis=0)[mask[1:] & mask[:-1]] ** 2).sum())


def figures(ours: np.ndarray, scene: "Scene") -> dict[str, float]:
    """All figures of one picture; NaN where the scene says nothing."""
    effects = scene.effects.sum() >= LEAST
    shadow = (((scene.background - scene.truth).mean(-1) > CHANGED) & scene.beside).sum() >= LEAST
    change = (ours - scene.background).mean(-1)
    return {
        "object": psnr(ours, scene.truth, scene.object),
        "effects": psnr(ours, scene.truth, scene.effects) if effects else np.nan,
        "iou": overlap(ours, scene.truth, scene.background, scene.beside) if shadow else np.nan,
        "sharpness": energy(ours, scene.object) / max(energy(scene.truth, scene.object), 1e-9),
        "outside": float(255 * np.abs(ours - scene.background)[scene.outside].mean()),
        # What ours takes from the effect pixels over what the truth takes: 1 is as dark on the whole.
        "depth": float(change[scene.effects].sum() / (scene.truth - scene.background).mean(-1)[scene.effects].sum()) if effects else np.nan,
        "tone": float(255 * (ours - scene.truth)[scene.object].mean()),
        "contact": contact(ours, scene),
    }


def contact(ours: np.ndarray, scene: "Scene") -> float:
    """How much darker (positive: too dark) ours is than the truth right below the object, in 255ths."""
    below = np.zeros_like(scene.object)
    reach = max(3, scene.object.any(1).sum() // 25)
    for k in range(1, reach + 1):
        below[k:] |= scene.object[:-k]
    below &= scene.beside
    return float(255 * (scene.truth - ours)[below].mean()) if below.sum() >= 20 else np.nan


class Scene:
    """A scene of the truth; pictures f64 in 0..1."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.told = json.loads((folder / "scene.json").read_text())
        self.background, self.truth = picture(folder / "B.png"), picture(folder / "I.png")
        masks = picture(folder / "masks.png") > 0.5
        self.object, self.effects, self.outside = masks[..., 0], masks[..., 1], masks[..., 2]
        self.beside = self.effects | self.outside


def picture(path: Path) -> np.ndarray:
    return np.array(Image.open(path).convert("RGB")).astype(float) / 255


def reading(path: Path, told: dict) -> dict[str, float]:
    """How far the scene that a result was drawn from is off: horizon over the height, azimuth of its strongest light in degrees."""
    used = json.loads(Image.open(path).text[RECIPE])["scene"]
    strongest = max(used["lights"], key=lambda light: sum(light["share"]), default=None)
    off = abs((strongest["azimuthDegrees"] - told["light"]["azimuth"] + 180) % 360 - 180) if strongest else 180.0
    return {"horizon": used["camera"]["horizon"] - told["camera"]["horizon"] / told["picture"]["height"], "azimuth": off,
            "fov": used["camera"]["fovDegrees"] - told["camera"]["fov"],
            "elevation": strongest["elevationDegrees"] - told["light"]["elevation"] if strongest else np.nan,
            "share": float(sum(np.mean(light["share"]) for light in used["lights"]) - np.mean(told["light"]["share"]))}


def table(found: dict[str, list[dict[str, float]]]) -> list[str]:
    """Markdown; found: of each method, the figures of the scenes that all methods have."""
    mean = lambda rows, key: np.nanmean([row[key] for row in rows])
    lines = ["| method | object, dB | effects, dB | shadow IoU | sharpness | outside, /255 | darkness of effects | below the feet, /255 |",
             "|---|---|---|---|---|---|---|---|"]
    for method, rows in found.items():
        lines.append(f"| {METHODS[method]} | {mean(rows, 'object'):.2f} | {mean(rows, 'effects'):.2f} | {mean(rows, 'iou'):.2f} | "
                     f"{np.nanmedian([row['sharpness'] for row in rows]):.2f} | {mean(rows, 'outside'):.2f} | "
                     f"{np.nanmedian([row['depth'] for row in rows]):.2f} | {mean(rows, 'contact'):+.1f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", action="store_true", help="a line for every scene too")
    arguments = parser.parse_args()
    folders = sorted(path.parent for path in arguments.folder.glob("*/scene.json"))
    methods = [method for method in METHODS if any((folder / f"{method}.png").exists() for folder in folders)]
    scenes = [Scene(folder) for folder in folders if all((folder / f"{method}.png").exists() for method in methods)]
    found = {method: [figures(picture(scene.folder / f"{method}.png"), scene) for scene in scenes] for method in methods}
    if arguments.each:
        for k, scene in enumerate(scenes):
            parts = [f"{method} {rows[k]['object']:.1f}/{rows[k]['effects']:.1f}/{rows[k]['iou']:.2f}/{rows[k]['sharpness']:.2f}"
                     for method, rows in found.items()]
            print(scene.told["name"], scene.told["sources"]["model"], scene.told["sources"]["panorama"], *parts, sep=" · ")
    print(len(scenes), "scenes,", sum(scene.effects.sum() >= LEAST for scene in scenes), "with effects,",
          sum(scene.told["dominant"] for scene in scenes), "with a dominant light")
    print(*table(found), sep="\n")
    if "photo" in methods:
        print(*read_off(scenes), sep="\n")


def read_off(scenes: list[Scene]) -> list[str]:
    off = [reading(scene.folder / "photo.png", scene.told) for scene in scenes]
    column = lambda key, rows=None: np.array([row[key] for row in (off if rows is None else rows)])
    lit = [row for row, scene in zip(off, scenes) if scene.told["dominant"] and scene.told["light"]["elevation"] < OVERHEAD]
    lines = [f"horizon off by {100 * np.median(abs(column('horizon'))):.1f} % of the height (median), within 5 % in "
             f"{100 * (abs(column('horizon')) <= 0.05).mean():.0f} %, mean signed {100 * column('horizon').mean():+.1f} %",
             f"fov off by {np.median(abs(column('fov'))):.0f} degrees (median), signed {column('fov').mean():+.0f}; elevation signed "
             f"{np.nanmean(column('elevation')):+.0f} degrees; share signed {column('share').mean():+.2f}",
             f"azimuth off by {np.median(column('azimuth')):.0f} degrees (median of all)"]
    if lit:
        lines.append(f"dominant lights that are not overhead ({len(lit)}): within 30 degrees in {100 * (column('azimuth', lit) <= 30).mean():.0f} %, "
                     f"median {np.median(column('azimuth', lit)):.0f} degrees")
    return lines


if __name__ == "__main__":
    main()

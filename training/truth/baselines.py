"""What stands beside ours: the cut-out pasted, and what a patient user does by hand in a minute.

    python -m truth.baselines FOLDER

Writes `paste.png` and `transfer.png` beside each scene: copy-paste; colours of the photo around (mean and spread of each Lab channel)
and a blurred dark ellipse under the feet.
"""
import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

AROUND = 0.75  # of the box, on each side, where the photo's colours are taken
BLOB = 0.55  # opacity of the ellipse
FLATNESS = 0.28  # height of the ellipse over its width


def placed(cut: np.ndarray, box: dict, shape: tuple[int, int]) -> np.ndarray:
    """The cut-out stretched into its box, premultiplied, f32 [rows, columns, 4] in 0..1."""
    flat = cut.astype(np.float32) / 255
    flat[..., :3] *= flat[..., 3:]
    size = box["width"], box["height"]
    smaller = size[0] < flat.shape[1] or size[1] < flat.shape[0]
    out = np.zeros((*shape, 4), np.float32)
    out[box["y"]:box["y"] + size[1], box["x"]:box["x"] + size[0]] = cv2.resize(
        flat, size, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)
    return out


def pasted(background: np.ndarray, layer: np.ndarray) -> np.ndarray:
    """f32 in 0..1."""
    return layer[..., :3] + (1 - layer[..., 3:]) * background


def transferred(background: np.ndarray, layer: np.ndarray, box: dict) -> np.ndarray:
    """The layer in the colours of the photo around its box."""
    x, y, w, h = box["x"], box["y"], box["width"], box["height"]
    dx, dy = int(AROUND * w), int(AROUND * h)
    around = background[max(y - dy, 0):y + h + dy, max(x - dx, 0):x + w + dx]
    alpha = layer[..., 3:]
    colour = cv2.cvtColor(layer[..., :3] / np.maximum(alpha, 1e-3), cv2.COLOR_RGB2LAB)
    theirs = cv2.cvtColor(np.ascontiguousarray(around), cv2.COLOR_RGB2LAB).reshape(-1, 3)
    ours = colour[layer[..., 3] > 0.5]
    moved = (colour - ours.mean(0)) * (theirs.std(0) / np.maximum(ours.std(0), 1)) + theirs.mean(0)
    rgb = np.clip(cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1)
    return np.concatenate([rgb * alpha, alpha], -1)


def blob(shape: tuple[int, int], box: dict) -> np.ndarray:
    """What the ellipse leaves of the photo, f32 [rows, columns, 1]."""
    half = box["width"] * 0.5
    v, u = np.mgrid[0:shape[0], 0:shape[1]] + 0.5
    x, y = (u - box["x"] - half) / half, (v - box["y"] - box["height"] + 0.3 * FLATNESS * half) / (FLATNESS * half)
    inside = (x ** 2 + y ** 2 < 1).astype(np.float32)
    return 1 - BLOB * cv2.GaussianBlur(inside, (0, 0), max(0.15 * half, 1))[..., None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for path in sorted(parser.parse_args().folder.glob("*/scene.json")):
        box = json.loads(path.read_text())["box"]
        background = np.array(Image.open(path.with_name("B.png"))).astype(np.float32) / 255
        layer = placed(np.array(Image.open(path.with_name("F.png"))), box, background.shape[:2])
        shaded = background * blob(background.shape[:2], box)
        results = {"paste": pasted(background, layer), "transfer": pasted(shaded, transferred(background, layer, box))}
        for name, result in results.items():
            Image.fromarray(np.round(255 * np.clip(result, 0, 1)).astype(np.uint8)).save(path.with_name(f"{name}.png"))


if __name__ == "__main__":
    main()

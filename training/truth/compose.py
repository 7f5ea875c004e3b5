"""Makes the held-out truth out of what was planned and rendered.

    python -m truth.compose FOLDER

Per scene: `B.png`, `F.png` (RGBA), `I.png`, `masks.png` (red: object, green: effects, blue: outside) and `scene.json`. I is B times
what the model does to the ground's light, with the model's own pixels straight from the renderer over it.
"""
import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

CHANGED = 0.04  # of encoded sRGB, mean of channels: what counts as an effect of the object
NONE, SOLID = 0.02, 0.5  # alpha below which a pixel is no object, from which it is one
VISIBLE = 8 / 255  # alpha from which the studio counts a pixel as something
LUMA = np.array([0.2126, 0.7152, 0.0722])
FADES = (0.7, 0.95)  # of the rendered ground's depth: beyond, the object does nothing


def encoded(linear: np.ndarray) -> np.ndarray:
    x = np.clip(linear, 0, 1)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def smoothed(ratio: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The ratio without its noise, and carried on under what has no weight.

    Two blurs, as far as the noise asks: 1.2 px where the narrow and the wide one differ (edges of shadows), 4 px where not.
    """
    blur = lambda sigma: np.stack([gaussian_filter(ratio[..., c] * weight, sigma) for c in range(3)], -1) \
        / np.maximum(gaussian_filter(weight, sigma), 1e-6)[..., None]
    narrow, wide = blur(1.2), blur(4.0)
    edge = np.clip(np.abs(narrow - wide).mean(-1, keepdims=True) / 0.03 - 0.5, 0, 1)
    mixed = edge * narrow + (1 - edge) * wide
    far = gaussian_filter(weight, 1.2)[..., None] < 1e-3  # well inside the object: whatever, it is not seen
    return np.where(far, 1, mixed)


def ground_ratio(lit: np.ndarray, alone: np.ndarray, plan: dict) -> np.ndarray:
    """What the model leaves of the ground's light, f64 [rows, columns, 3]; 1 above the horizon and far away."""
    rows, columns = alone.shape
    empty = np.array(plan["albedo"]) * plan["white"]
    ratio = lit[..., :3] / empty
    free = (alone < NONE) & (lit[..., 3] > 0.999)
    v = np.arange(rows)[:, None] + 0.5
    pitch = np.radians(plan["pitch"])
    down = np.sin(pitch) + (v - rows / 2) / plan["focal"] * np.cos(pitch)  # of the ray, over its forward part
    along = np.cos(pitch) - (v - rows / 2) / plan["focal"] * np.sin(pitch)
    far = np.where(down > 1e-4, plan["height"] * along / np.maximum(down, 1e-4), np.inf)
    here = np.clip((FADES[1] - far / 60) / (FADES[1] - FADES[0]), 0, 1)[..., None]
    return 1 + here * (smoothed(ratio, free.astype(float)) - 1)


def composed(plate: np.ndarray, lit: np.ndarray, alone: np.ndarray, plan: dict) -> tuple[np.ndarray, np.ndarray]:
    """The truth in linear light, unexposed, and the ground's ratio."""
    ratio = ground_ratio(lit, alone, plan)
    ground = np.array(plan["albedo"]) * plan["white"] * ratio
    clear = np.clip(np.minimum(1 - alone, lit[..., 3]), 0, 1)[..., None]  # of ground (not of sky) beside the object in a pixel
    clear = np.where((lit[..., 3] > 0.999)[..., None], 1 - alone[..., None], np.clip(lit[..., 3] - alone, 0, 1)[..., None])
    model = np.where(alone[..., None] < NONE, 0, np.maximum(lit[..., :3] - clear * ground, 0))
    share = np.where(alone < NONE, 0, alone)[..., None]
    return model + (1 - share) * plate * ratio, ratio


def masks(truth: np.ndarray, plate: np.ndarray, alone: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """object, effects, outside; edges of the object belong to none. truth, plate: encoded."""
    beside = alone < NONE
    changed = np.abs((truth - plate).mean(-1)) > CHANGED
    return alone >= SOLID, beside & changed, beside & ~changed


def cut_out(fore: np.ndarray, exposure: float) -> np.ndarray:
    """The cut-out as RGBA u8, cropped to what is visible; exposure: the mean luma that its linear picture gets."""
    alpha = np.clip(fore[..., 3], 0, 1)
    ys, xs = np.nonzero(alpha >= VISIBLE)
    fore, alpha = fore[ys.min():ys.max() + 1, xs.min():xs.max() + 1], alpha[ys.min():ys.max() + 1, xs.min():xs.max() + 1]
    colour = fore[..., :3] / np.maximum(alpha, 1e-3)[..., None]
    mean = (colour @ LUMA)[alpha > SOLID].mean()
    # Objects keep something of being dark or light.
    gain = exposure / (0.5 * mean + 0.5 * exposure) if mean < exposure else exposure / mean
    return np.round(255 * np.concatenate([encoded(colour * gain), alpha[..., None]], -1)).astype(np.uint8)


def box_of(alone: np.ndarray) -> dict:
    ys, xs = np.nonzero(alone >= VISIBLE)
    return {"x": int(xs.min()), "y": int(ys.min()), "width": int(xs.max() - xs.min() + 1), "height": int(ys.max() - ys.min() + 1)}


def compose(folder: Path) -> dict:
    plan = json.loads((folder / "plan.json").read_text())
    plate, lit, fore = (np.load(folder / f"{name}.npy").astype(float) for name in ("B", "lit", "fore"))
    alone = np.clip(np.load(folder / "alone.npy")[..., 3], 0, 1)
    truth, ratio = composed(plate, lit, alone, plan)
    picture = lambda linear: np.round(255 * encoded(linear * plan["exposure"])).astype(np.uint8)
    background, target = picture(plate), picture(truth)
    parts = masks(target / 255, background / 255, alone)
    Image.fromarray(background).save(folder / "B.png")
    Image.fromarray(target).save(folder / "I.png")
    Image.fromarray(cut_out(fore, plan["fore_exposure"])).save(folder / "F.png")
    Image.fromarray(np.stack([255 * part.astype(np.uint8) for part in parts], -1)).save(folder / "masks.png")
    scene = {"name": plan["name"], "box": box_of(alone), "picture": plan["picture"],
             "camera": {key: plan[key] for key in ("horizon", "fov", "pitch", "height")},
             "light": plan["light"], "dominant": plan["dominant"], "raise": plan["raise"],
             "sources": {key: plan[key] for key in ("model", "creator", "panorama", "fore_panorama")},
             "pixels": dict(zip(("object", "effects", "outside"), (int(part.sum()) for part in parts)))}
    (folder / "scene.json").write_text(json.dumps(scene, indent=1))
    free = (alone < NONE) & (lit[..., 3] > 0.999)
    scene["level"] = np.median((lit[..., :3] / (np.array(plan["albedo"]) * plan["white"]))[free], axis=0)
    return scene


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    for path in sorted(parser.parse_args().folder.glob("*/fore.npy")):
        scene = compose(path.parent)
        print(scene["name"], scene["sources"]["model"], scene["sources"]["panorama"], scene["pixels"],
              "ground far from the object against its own light:", np.round(scene["level"], 3))


if __name__ == "__main__":
    main()

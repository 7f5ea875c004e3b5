"""Draws the scenes of the held-out truth: which model stands where in which panorama. What is drawn depends on the seed alone.

    python -m truth.plan --panoramas FOLDER --out FOLDER [--scenes 40]

Writes for each scene `plan.json`, the world's light as `world.npy` and `fore-world.npy` (f32 [rows, columns, 3], their column at a
quarter is straight ahead of the camera) and the backplate `B.npy` (f32 [rows, columns, 3], linear).
"""
import argparse
import json
import math
from pathlib import Path

import numpy as np

from geometry.view import Camera
from meshes.catalogue import FOLDER, Entry, entries
from places import panoramas
from places.light import CANDIDATES, CONE, LUMA, headed, hemisphere

SEED = 20261129
SIZES = ((512, 512), (384, 512), (448, 512), (512, 384), (400, 600))  # rows, columns
SMALLEST = 0.8  # metres; what is smaller is made as large as this, so that it can be seen
WALL_THINGS = ("suit", "deer", "smoke-detector", "kitchenUpperCabinet")  # hang, or (deer) are no larger than a finger
FORE_WORLDS = ("studio_small_05_1k", "pmndrs_studio", "artist_workshop_1k", "pmndrs_lobby", "pmndrs_esplanade", "venice_sunset_1k",
               "phalzer_forest_01_1k", "pmndrs_apartment")  # the light in which cut-outs were "photographed"
DOMINANT = 0.4  # share of the ground's irradiance from the key above which a light is dominant


def models() -> list[Entry]:
    """Held-out models that stand on a floor and are more than a sheet on it."""
    return [e for e in entries(FOLDER) if e.held_out and e.stands and not e.flat and e.elevation < 0.01 and max(e.size) > 0.15
            and Path(e.key).name not in WALL_THINGS]


def key_light(towards: np.ndarray, falls: np.ndarray) -> dict:
    """The brightest cone of 20 degrees as one light of layers.md: its mean direction, width and share of each channel.

    towards [n, 3]: directions above the ground; falls [n, 3]: irradiance that each gives to it. `disc` is the angular diameter of an
    even disc that sends half of its light from as near its middle: the glow about a sun does not make it wide.
    """
    weight = falls @ LUMA
    near = towards @ hemisphere(CANDIDATES).T > math.cos(CONE)
    inside = near[:, (weight @ near).argmax()]
    mean = (weight[inside, None] * towards[inside]).sum(0)
    mean /= np.linalg.norm(mean)
    away = np.arccos(np.clip(towards[inside] @ mean, -1, 1))
    order = np.argsort(away)
    half = away[order][np.searchsorted(np.cumsum(weight[inside][order]), weight[inside].sum() / 2)]
    share = falls[inside].sum(0) / falls.sum(0)
    return {"azimuth": math.degrees(math.atan2(mean[2], mean[0])) % 360, "elevation": math.degrees(math.asin(mean[1])),
            "disc": math.degrees(2 * math.sqrt(2) * half), "share": share.tolist(),
            "certainty": float(weight[inside].sum() / weight.sum())}


def place(size: tuple[float, float, float], picture: tuple[int, int], rng: np.random.Generator) -> dict | None:
    """A camera and a spot for a model of a size (metres), seen whole; None where chance found none."""
    rows, columns = picture
    corners = np.array([[x, y, z] for x in (-0.5, 0.5) for y in (0, 1) for z in (-0.5, 0.5)]) * size
    for _ in range(4000):
        fov = rng.uniform(58, 88)
        focal = max(picture) / 2 / math.tan(math.radians(fov) / 2)
        camera = Camera(focal, columns / 2, rows / 2, math.radians(rng.uniform(3, 22)), rng.uniform(1.2, 1.7))
        yaw, far = rng.uniform(0, 2 * math.pi), rng.uniform(1.0, 7)
        at = np.array([rng.uniform(-0.35, 0.35) * far, 0, far])
        seen = np.c_[corners, np.ones(8)] @ camera.view(yaw, at).T
        if seen[:, 2].min() < 0.4:
            continue
        u, v = camera.cx + focal * seen[:, 0] / seen[:, 2], camera.cy + focal * seen[:, 1] / seen[:, 2]
        inside = u.min() > 0.02 * columns and u.max() < 0.98 * columns and v.min() > 0.02 * rows and v.max() < 0.95 * rows
        if inside and 0.33 < max(u.max() - u.min(), v.max() - v.min()) / min(picture) < 0.68:
            return {"fov": fov, "pitch": math.degrees(camera.pitch), "height": camera.height, "yaw": yaw, "at": at.tolist()}
    return None


def level_radiance(radiance: np.ndarray) -> np.ndarray:
    """Radiance of a white level ground under a panorama, [3]; every pixel counted, as the renderer does."""
    rows, columns, _ = radiance.shape
    elevation = math.pi / 2 - (np.arange(rows // 2) + 0.5) / rows * math.pi
    area = math.pi / rows * 2 * math.pi / columns * np.cos(elevation)
    return (radiance[:rows // 2].sum(1, dtype=float) * (area * np.sin(elevation))[:, None]).sum(0) / math.pi


def turned(radiance: np.ndarray, columns: int) -> np.ndarray:
    """The panorama turned so that the heading, in columns clockwise of its middle, lies in the column at a quarter."""
    return np.roll(radiance, -(radiance.shape[1] // 4) - columns, axis=1)


def backplate(radiance: np.ndarray, camera: Camera, heading: float, size: tuple[int, int]) -> np.ndarray:
    """What the camera sees of a panorama, four samples a pixel; linear."""
    fine = camera.windowed(2, 0, 0)
    v, u = np.mgrid[0:size[0] * 2, 0:size[1] * 2] + 0.5
    rays = np.stack([(u - fine.cx) / fine.focal, (v - fine.cy) / fine.focal, np.ones_like(u)], -1) @ camera.turn()
    return panoramas.looked_up(radiance, rays @ headed(heading).T).reshape(size[0], 2, size[1], 2, 3).mean((1, 3))


def draw(index: int, known: list[Entry], folder: Path, names: list[str]) -> tuple[dict, dict[str, np.ndarray]]:
    """A scene's plan and its arrays."""
    rng = np.random.default_rng((SEED, index))
    panorama = panoramas.read(folder, names[index % len(names)])
    size, spot = SIZES[rng.integers(len(SIZES))], None
    entry = known[index % len(known)]
    scale = max(1.0, SMALLEST / max(entry.size))
    measured = tuple(x * scale for x in entry.size)
    spot = place(measured, size, rng)
    if spot is None:
        raise ValueError(f"no spot for {entry.key}")
    focal = max(size) / 2 / math.tan(math.radians(spot["fov"]) / 2)
    camera = Camera(focal, size[1] / 2, size[0] / 2, math.radians(spot["pitch"]), spot["height"])
    columns = int(rng.integers(panorama.radiance.shape[1]))
    heading = 2 * math.pi * columns / panorama.radiance.shape[1]
    plate = backplate(panorama.radiance, camera, heading, size)
    light = key_light(panorama.towards @ headed(heading), panorama.falls)
    lit = panorama.falls.sum(0) / math.pi
    other = FORE_WORLDS[rng.integers(len(FORE_WORLDS))]
    fore = panoramas.read(folder, other).radiance
    plan = {
        "name": f"{index:02d}", "model": entry.key, "creator": entry.creator, "archive": entry.library, "file": entry.model,
        "size": measured, "rotation": entry.rotation, "panorama": panorama.name, "fore_panorama": other,
        "picture": {"width": size[1], "height": size[0]}, **spot, "focal": focal,
        "horizon": camera.cy - focal * math.tan(camera.pitch), "light": light, "dominant": light["certainty"] >= DOMINANT,
        "white": level_radiance(panorama.radiance).tolist(), "albedo": np.clip(ground_colour(plate, camera, spot["at"]) / lit, 0.03, 0.8).tolist(),
        "raise": float(rng.choice([-1, 1]) * rng.uniform(3, 7)) if index % 3 == 2 else 0.0,
        "exposure": exposure(plate @ LUMA, float(ground_colour(plate, camera, spot["at"]) @ LUMA), float(lit @ LUMA)) * float(rng.uniform(0.85, 1.15)),
        "fore_exposure": float(rng.uniform(0.3, 0.5)),
    }
    return plan, {"world": turned(panorama.radiance, columns), "B": plate, "fore-world": turned(fore, int(rng.integers(fore.shape[1])))}


def exposure(luma: np.ndarray, ground: float, white: float) -> float:
    """Between what the whole asks for and what its ground does, so that shadows can be seen on it; white paper is not blown out."""
    return float(min(math.sqrt(0.7 / np.percentile(luma, 90) * 0.2 / ground), 1.8 / white))


def ground_colour(plate: np.ndarray, camera: Camera, at: list[float]) -> np.ndarray:
    """Radiance of the backplate's ground about the model's spot, whose bounce light the object gets."""
    x, y, z = camera.turn() @ (np.array(at) - [0, camera.height, 0])
    row, column = int(camera.cy + camera.focal * y / z), int(camera.cx + camera.focal * x / z)
    reach = max(plate.shape) // 8
    near = plate[max(row - reach // 2, 0):row + reach // 2, max(column - reach, 0):column + reach]
    return np.median(near.reshape(-1, 3), axis=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--panoramas", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--scenes", type=int, default=40)
    arguments = parser.parse_args()
    known, names = models(), panoramas.names(arguments.panoramas, held_out=True)
    known = [known[i] for i in np.random.default_rng(SEED).permutation(len(known))]
    print(len(known), "models,", len(names), "panoramas")
    for index in range(arguments.scenes):
        plan, arrays = draw(index, known, arguments.panoramas, names)
        folder = arguments.out / plan["name"]
        folder.mkdir(parents=True, exist_ok=True)
        for name, array in arrays.items():
            np.save(folder / f"{name}.npy", array.astype(np.float32))
        (folder / "plan.json").write_text(json.dumps(plan, indent=1))


if __name__ == "__main__":
    main()

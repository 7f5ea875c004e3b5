"""Draws places and panorama crops into shards for the scene network: any number of processes, each with its own seed.

    python -m places.samples --meshes data/meshes --panoramas FOLDER --out data/places --seed 1 --count 5000
    the same with --held-out, another seed and folder draws what is never trained on

A sample: picture u8 [192, 192, 3], the longer side filling it, grey outside; inside u8 [192, 192]; ground u8 [48, 48], the share
of each cell that is ground (255: all); known [2]: whether ground map and gloss are known; scene f32 [SCENE]: see `scene_row`.
"""
import argparse
import math
import os
import time
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one thread a process: products are small
import numpy as np  # noqa: E402

from geometry.render import write
from geometry.view import Camera
from meshes import library

from . import panoramas
from .light import Light
from .plan import LONGER, SIGHTS, Place, draw_place
from .render import Studio

SHARD = 250
CROPS = 0.35  # share of panorama crops
CROPS_DRAWN = CROPS * SIGHTS / (CROPS * SIGHTS + 1 - CROPS)  # how often one is drawn: a place gives SIGHTS pictures
GROUND = LONGER // 4  # cells of the map a side
LEAST_GROUND = 0.05  # share of a picture; what shows less is nowhere to put a thing
FIELDS = (("horizon", 1), ("tilt", 1), ("focal", 1), ("sharpness", 1), ("key", 3), ("ambient", 3), ("reflectance", 1),
          ("roughness", 1), ("light", 64))
SCENE = sum(width for _, width in FIELDS)


def scene_row(camera: Camera, tilt: float, light: Light, reflectance: float = 0.0, roughness: float = 0.0) -> np.ndarray:
    """f32 [SCENE], the fields of FIELDS one after the other. horizon: (row of the middle - row of the horizon) / longer side, at
    the principal point; tilt: radians, clockwise; focal: log of focal length / longer side; key, ambient: colours, luma 1;
    light: histogram of the ground's irradiance, 4 elevations x 16 azimuths, sums to 1."""
    horizon = camera.focal * math.tan(camera.pitch) / LONGER
    return np.concatenate([[horizon, tilt, math.log(camera.focal / LONGER), light.sharpness], light.key, light.ambient,
                           [reflectance, roughness], light.histogram.ravel()]).astype(np.float32)


def squared(picture: np.ndarray, fill: float) -> np.ndarray:
    """A picture in the middle of a square of its longer side."""
    rows, columns = picture.shape[:2]
    out = np.full((LONGER, LONGER, *picture.shape[2:]), fill, np.float32)
    top, left = (LONGER - rows) // 2, (LONGER - columns) // 2
    out[top:top + rows, left:left + columns] = picture
    return out


def sample(colour: np.ndarray, ground: np.ndarray | None, scene: np.ndarray) -> dict[str, np.ndarray]:
    byte = lambda x: np.round(x * 255).clip(0, 255).astype(np.uint8)
    cell = LONGER // GROUND
    spread = squared(ground if ground is not None else np.zeros(colour.shape[:2]), 0)
    return {"picture": byte(squared(colour, 0.5)), "inside": byte(squared(np.ones(colour.shape[:2]), 0)),
            "ground": byte(spread.reshape(GROUND, cell, GROUND, cell).mean((1, 3))),
            "known": np.full(2, ground is not None, np.uint8), "scene": scene}


def drawn_place(studio: Studio, place: Place) -> list[dict[str, np.ndarray]]:
    """A sample for each sight that shows some ground."""
    row = lambda sight, light: scene_row(sight.camera, sight.tilt, light, place.reflectance, place.roughness)
    return [sample(p.colour, p.ground, row(sight, p.light)) for sight, p in zip(place.sights, studio.draw(place))
            if p.ground.mean() > LEAST_GROUND]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("meshes", "panoramas", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--held-out", action="store_true")
    o = parser.parse_args()
    o.out.mkdir(parents=True, exist_ok=True)
    rng, models = np.random.default_rng(o.seed), library.read(o.meshes)
    studio, chosen = Studio(models, o.seed), models.split(o.held_out)
    maps = [panoramas.read(o.panoramas, name) for name in panoramas.names(o.panoramas, o.held_out)]
    rows, shard, began = [], 0, time.time()
    while shard * SHARD < o.count:
        if rng.uniform() < CROPS_DRAWN:
            view = panoramas.crop(maps[rng.integers(len(maps))], rng)
            rows.append(sample(view.colour, None, scene_row(view.camera, view.tilt, view.light)))
        else:
            rows += drawn_place(studio, draw_place(models, chosen, rng))
        while len(rows) >= SHARD:
            write(o.out / f"{o.seed:06d}-{shard:04d}.npz", rows[:SHARD])
            rows, shard = rows[SHARD:], shard + 1
            print(f"{shard * SHARD} drawn, {shard * SHARD / (time.time() - began):.2f} a second", flush=True)


if __name__ == "__main__":
    main()

"""Writes the shadows that the engine's renderer is held to: src/layers/fixtures/shadows.json.

    python -m layers.fixture

Each case has a cut-out's maps, its box, a camera and a light; `share` is the part of the light's samples that the body hides from
each pixel of the ground, by `reference`, 255ths, row by row.
"""
import json
import math
from pathlib import Path

import numpy as np

from .reference import Camera, direction, disc, dome, place, shadow, solid

OUT = Path(__file__).resolve().parents[2] / "src/layers/fixtures/shadows.json"
SIZE = (48, 67)  # rows, columns of B
CELLS = 10
SAMPLES = 20
# horizon as a share of the height, field of view, box (left, top, side), azimuth, elevation, disc (None: the dome), lift; degrees
CASES = {
    "from the right": (0.35, 55, (22.3, 8.1, 24.0), 20, 40, 6, 0.0),
    "from behind": (0.3, 70, (20.0, 6.5, 20.0), 80, 35, 12, 0.0),
    "from the viewer": (0.2, 40, (30.0, 18.0, 22.0), 265, 50, 3, 0.0),
    "from the zenith": (-0.3, 60, (18.0, 10.0, 26.0), 0, 90, 8, 0.0),
    "low": (0.4, 55, (12.0, 12.0, 22.0), 170, 5, 1, 0.0),
    "hanging": (0.3, 55, (22.0, 4.0, 20.0), 140, 45, 6, 0.5),
    "cut by the border": (0.3, 55, (-8.0, 14.0, 24.0), 160, 40, 6, 0.0),
    "the dome": (0.3, 55, (22.0, 8.0, 22.0), 0, 0, None, 0.0),
}


def body(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A lump with legs: mask, front, gap, each [CELLS, CELLS]."""
    y, x = np.mgrid[0:CELLS, 0:CELLS] / CELLS
    mask = (y < 0.6) | (x < 0.2) | (x > 0.75)
    front = 0.04 * np.sin(5 * x + 2 * y) + 0.1 * (1 - y) * rng.uniform(0.5, 1)
    gap = 0.05 + 0.1 * (1 - abs(2 * x - 1))
    return mask, front.astype(np.float32).astype(float), gap.astype(np.float32).astype(float)


def main() -> None:
    rng = np.random.default_rng(3)
    cases = []
    for name, (horizon, fov, (left, top, side), azimuth, elevation, diameter, lift) in CASES.items():
        mask, front, gap = body(rng)
        camera = Camera.of(SIZE[1], SIZE[0], horizon * SIZE[0], math.radians(fov))
        placed = place(mask, front, gap, (left, top, left + side, top + side), margin=1, lift=lift)
        towards = direction(math.radians(azimuth), math.radians(elevation))
        samples = dome(SAMPLES) if diameter is None else disc(towards, math.radians(diameter), SAMPLES)
        share = shadow(solid(placed, camera), camera, samples, SIZE)
        cases.append({
            "name": name, "horizon": horizon, "fov": fov, "box": [left, top, side, side], "azimuth": azimuth,
            "elevation": elevation, "disc": diameter, "lift": lift, "samples": SAMPLES, "cells": CELLS,
            "mask": mask.astype(int).ravel().tolist(), "front": front.ravel().tolist(), "back": (front + gap).ravel().tolist(),
            "share": np.round(share * 255).astype(int).ravel().tolist(),
        })
    OUT.parent.mkdir(exist_ok=True)
    written = {"rows": SIZE[0], "columns": SIZE[1], "cases": cases}
    OUT.write_text(json.dumps(written, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()

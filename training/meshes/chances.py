"""Random boxes, courses and outlines that invented models share."""

import math
from collections.abc import Callable

import numpy as np

from .shapes import Surface, box, cushion

Parts = list[tuple[Surface, int]]  # surfaces, each with its material's number
Random = np.random.Generator
MATERIALS = 6


def rounded(rng: Random) -> Callable[[tuple, tuple], Surface]:
    """Boxes of one kind: sharp, or rounded more or less."""
    square = rng.uniform(0.08, 0.5)
    return box if rng.uniform() < 0.5 else lambda size, at=(0, 0, 0): cushion(size, at, square)


def curve(rng: Random, count: int, low: float, high: float) -> np.ndarray:
    """A smooth random course of values within two bounds."""
    knots = rng.uniform(low, high, int(rng.integers(3, 7)))
    at = np.linspace(0, len(knots) - 1, count)
    k = np.minimum(at.astype(int), len(knots) - 2)
    t = (1 - np.cos((at - k) * math.pi)) / 2
    return knots[k] * (1 - t) + knots[k + 1] * t


def outline(rng: Random, count: int = 40) -> np.ndarray:
    """An outline [n, 2] of about 1 by 1: an ellipse, a rectangle rounded more or less, or a blob."""
    turn = np.linspace(0, 2 * math.pi, count, endpoint=False)
    x, z = np.cos(turn), np.sin(turn)
    kind = rng.integers(3)
    if kind == 0:
        power = rng.uniform(0.05, 0.6)
        x, z = np.sign(x) * np.abs(x) ** power, np.sign(z) * np.abs(z) ** power
    elif kind == 1:
        bump = 1 + sum(rng.uniform(-0.2, 0.2) * np.cos(k * turn + rng.uniform(0, 6)) for k in range(1, 6))
        x, z = x * bump, z * bump
    return np.stack([x, z], 1) / 2

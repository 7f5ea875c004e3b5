"""Light as directions with the irradiance that they give to level ground, and its description: what the scene network learns.

World as in geometry/view.py; azimuth from +x (right) towards +z (away from the viewer), elevation above the ground.
"""
import math
from dataclasses import dataclass

import numpy as np

ELEVATIONS, AZIMUTHS = 4, 16
CONE = math.radians(20)  # about its axis: the light in the brightest such cone is "the key"
CANDIDATES = 400
GOLDEN = math.pi * (3 - math.sqrt(5))
LUMA = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Light:
    """What is known of a place's light.

    histogram [4, 16]: the share of the ground's irradiance that comes from each bin of elevation (equal steps from 0 to 90
    degrees) and azimuth (equal steps from -180 degrees); sums to 1. sharpness: the share of the key. key, ambient [3]: colours of
    the key and of the rest, luma 1.
    """
    histogram: np.ndarray
    sharpness: float
    key: np.ndarray
    ambient: np.ndarray


def hemisphere(count: int) -> np.ndarray:
    """Directions spread evenly over the sky, unit, [count, 3]."""
    k = np.arange(count) + 0.5
    y = k / count
    flat = np.sqrt(1 - y ** 2)
    return np.stack([flat * np.cos(k * GOLDEN), y, flat * np.sin(k * GOLDEN)], 1)


def describe(directions: np.ndarray, irradiance: np.ndarray) -> Light:
    """directions [n, 3], unit, above the ground; irradiance [n, 3]: what each gives to the ground (cosine included), linear."""
    share = irradiance @ LUMA
    share = share / max(share.sum(), 1e-12)
    elevation = np.arcsin(directions[:, 1].clip(0, 1))
    azimuth = np.arctan2(directions[:, 2], directions[:, 0])
    row = np.minimum((elevation / (math.pi / 2) * ELEVATIONS).astype(int), ELEVATIONS - 1)
    column = ((azimuth + math.pi) / (2 * math.pi) * AZIMUTHS).astype(int) % AZIMUTHS
    histogram = np.zeros((ELEVATIONS, AZIMUTHS))
    np.add.at(histogram, (row, column), share)
    axes = hemisphere(CANDIDATES)
    near = directions @ axes.T > math.cos(CONE)  # [n, candidates]
    best = (share @ near).argmax()
    inside = near[:, best]
    return Light(histogram, float(share[inside].sum()), colour(irradiance[inside]), colour(irradiance[~inside]))


def colour(irradiance: np.ndarray) -> np.ndarray:
    """The sum's colour, luma 1; white where there is none."""
    total = irradiance.sum(0)
    return total / (total @ LUMA) if total.sum() > 1e-9 else np.ones(3)


def headed(angle: float) -> np.ndarray:
    """A view's frame to the frame of what it looks at: turned clockwise by an angle in radians, seen from above. [3, 3]"""
    s, c = math.sin(angle), math.cos(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])

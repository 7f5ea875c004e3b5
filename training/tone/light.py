"""How a panorama lights surfaces that nothing shades: irradiance by normal as nine spherical harmonics.

The frame is places/panoramas.py's: x right of the panorama's middle column, y up, z along it. Ramamoorthi and Hanrahan (2001): nine
coefficients are right to some percent for what is lit diffusely, a sun included.
"""
import math

import numpy as np

# The cosine lobe's part of each band.
LOBE = np.array([math.pi] + [2 * math.pi / 3] * 3 + [math.pi / 4] * 5)


def harmonics(towards: np.ndarray) -> np.ndarray:
    """The nine real spherical harmonics of unit directions, [n, 9]."""
    x, y, z = towards[:, 0], towards[:, 1], towards[:, 2]
    return np.stack([0.282095 + 0 * x, 0.488603 * y, 0.488603 * z, 0.488603 * x, 1.092548 * x * y, 1.092548 * y * z,
                     0.315392 * (3 * z * z - 1), 1.092548 * x * z, 0.546274 * (x * x - y * y)], 1)


def coefficients(radiance: np.ndarray) -> np.ndarray:
    """Of a whole panorama (its lower half is the light that the ground sends back), f64 [9, 3]."""
    rows = 64
    block = radiance.shape[0] // rows
    small = radiance.reshape(rows, block, 2 * rows, block, 3).mean((1, 3), dtype=float)
    elevation = math.pi / 2 - (np.arange(rows) + 0.5) / rows * math.pi
    turned = ((np.arange(2 * rows) + 0.5) / (2 * rows) - 0.5) * 2 * math.pi  # clockwise from straight ahead
    flat, up = np.cos(elevation)[:, None], np.sin(elevation)[:, None] + 0 * turned
    towards = np.stack([flat * np.sin(turned), up, flat * np.cos(turned)], -1).reshape(-1, 3)
    area = (math.pi / rows) ** 2 * (flat + 0 * turned).reshape(-1, 1)
    return LOBE[:, None] * (harmonics(towards).T @ (small.reshape(-1, 3) * area))


def irradiance(normals: np.ndarray, of: np.ndarray) -> np.ndarray:
    """What falls on surfaces, [n, 3], never nothing at all. normals [n, 3] in the panorama's frame; of: its coefficients."""
    lit = harmonics(normals) @ of
    return np.maximum(lit, 0.03 * of[0] * 0.282095)

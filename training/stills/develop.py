"""From a noisy rendering in linear light to a cut-out: without its noise, with a film-like curve, cut to what is visible."""
import numpy as np
from numba import njit
from PIL import Image


@njit(cache=True)
def means(light, patch, alpha, reach, strength):
    """Non-local means: pixels whose surroundings (patch, logarithms) look alike are averaged."""
    rows, columns, _ = light.shape
    out = np.empty_like(light)
    for y in range(rows):
        for x in range(columns):
            total, red, green, blue = 0.0, 0.0, 0.0, 0.0
            for v in range(max(0, y - reach), min(rows, y + reach + 1)):
                for u in range(max(0, x - reach), min(columns, x + reach + 1)):
                    apart = 4 * (alpha[y, x, 0] - alpha[v, u, 0]) ** 2
                    for k in range(3):
                        apart += strength * (patch[y, x, k] - patch[v, u, k]) ** 2
                    weight = np.exp(-apart)
                    total += weight
                    red += weight * light[v, u, 0]
                    green += weight * light[v, u, 1]
                    blue += weight * light[v, u, 2]
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = red / total, green / total, blue / total
    return out


def around(values: np.ndarray) -> np.ndarray:
    """The mean of each pixel's nine."""
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)), "edge")
    rows, columns, _ = values.shape
    return sum(padded[y:y + rows, x:x + columns] for y in range(3) for x in range(3)) / 9


def curve(light: np.ndarray) -> np.ndarray:
    """Hable's, white at 6, in part over the brightest channel so that lights lose their colour late."""
    film = lambda x: (x * (0.22 * x + 0.03) + 0.002) / (x * (0.22 * x + 0.3) + 0.06) - 0.002 / 0.06
    white = film(np.float32(6.0 * 1.9))
    top = np.maximum(light.max(-1, keepdims=True), 1e-5)
    return np.clip(0.7 * film(light * 1.9) / white + 0.3 * light / top * film(top * 1.9) / white, 0, 1)


def developed(premultiplied: np.ndarray, exposure: float) -> Image.Image:
    alpha = np.clip(premultiplied[..., 3:], 0, 1).astype(np.float32)
    colour = (premultiplied[..., :3] / np.maximum(alpha, 1e-3)).astype(np.float32)
    colour = means(colour, np.log(np.maximum(around(colour), 1e-3)).astype(np.float32), alpha, 3, 30.0)
    shown = curve(np.maximum(colour, 0) * exposure)
    shown = np.where(shown <= 0.0031308, 12.92 * shown, 1.055 * np.maximum(shown, 1e-9) ** (1 / 2.4) - 0.055)
    rows, columns = (np.nonzero((alpha[..., 0] > 0.01).any(axis))[0] for axis in (1, 0))
    whole = (np.clip(np.concatenate([shown, alpha], -1), 0, 1) * 255 + 0.5).astype(np.uint8)
    return Image.fromarray(whole[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1])

"""One thing made of two: A in B's skin, or A above and B below. A tenth of what Painter-D learns, so that it has seen that two can be one.

    python -m emoji.hybrids --art data/emoji.npz --out sheet.png
"""
import argparse

import cv2
import numpy as np

from .backdrops import SIDE, backdrop
from .captions import HELD_OBJECTS, HELD_PAIRS, NOUNS, PLACES, STYLES
from .compose import CHANCES, World
from .sheet import save, sheet


def straight(patch: np.ndarray) -> np.ndarray:
    """Colour without alpha: u8 RGB."""
    alpha = np.maximum(patch[..., 3:].astype(np.float32) / 255, 1 / 255)
    return np.clip(patch[..., :3] / alpha, 0, 255).astype(np.uint8)


def luma(patch: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(straight(patch), cv2.COLOR_RGB2GRAY)


def skin(rng: np.random.Generator, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A's outline and light and shade; B's colours by how dark they are, or its picture drawn over A."""
    light, inside = luma(a), a[..., 3] > 127
    # Flat drawings have too few shades to be told apart by.
    if rng.random() < 0.5 and len(np.unique(light[inside])) > 60:
        solid = b[..., 3] > 200
        shades = straight(b)[solid][np.argsort(luma(b)[solid], kind="stable")]
        palette = cv2.blur(cv2.resize(shades[None].astype(np.float32), (256, 1), interpolation=cv2.INTER_AREA), (9, 1))[0]
        rank = np.cumsum(np.bincount(light[inside], minlength=256)) / max(1, inside.sum())
        out = palette[(rank[light] * 255).astype(int)]
    else:
        mean = straight(b)[b[..., 3] > 200].mean(0)
        whole = b[..., :3] + (255 - b[..., 3:].astype(np.float32)) / 255 * mean
        shade = np.clip(light / max(1.0, light[inside].mean()), 0.4, 1.5)[..., None]
        out = cv2.resize(whole.astype(np.float32), (a.shape[1], a.shape[0]), interpolation=cv2.INTER_AREA) * (0.35 + 0.65 * shade)
    return np.dstack([np.clip(out, 0, 255) * (a[..., 3:] / 255), a[..., 3:]]).astype(np.uint8)


def parts(rng: np.random.Generator, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """A's upper and B's lower part, as wide as each other where they meet."""
    cut_a, cut_b = (round(p.shape[0] * rng.uniform(0.42, 0.58)) for p in (a, b))
    span = lambda p, y: np.flatnonzero(p[y, :, 3] > 127)
    over, under = span(a, cut_a - 1), span(b, cut_b)
    if not len(over) or not len(under):
        return skin(rng, a, b)
    ratio = float(np.clip(np.ptp(over) / max(1, np.ptp(under)), 0.6, 1.6))
    b = cv2.resize(b, (max(2, round(b.shape[1] * ratio)), b.shape[0]), interpolation=cv2.INTER_AREA)
    shift = round(over.mean() - under.mean() * ratio)
    left = min(0, shift)
    out = np.zeros((cut_a + b.shape[0] - cut_b, max(a.shape[1], shift + b.shape[1]) - left, 4), np.uint8)
    out[:cut_a, -left:a.shape[1] - left] = a[:cut_a]
    lower = np.zeros_like(out)
    lower[cut_a:, shift - left:shift - left + b.shape[1]] = b[cut_b:]
    out[cut_a:] = lower[cut_a:]
    for y in range(max(1, cut_a - 3), min(out.shape[0], cut_a + 3)):      # a soft seam
        out[y] = cv2.addWeighted(out[y - 1], 0.5, out[y], 0.5, 0)
    x, y, w, h = cv2.boundingRect(np.ascontiguousarray(out[..., 3]))
    return out[y:y + h, x:x + w]


def pair(rng: np.random.Generator) -> tuple[str, str]:
    """Two nouns that may be shown together in training."""
    shown = [n for n in NOUNS if n not in HELD_OBJECTS]
    while True:
        a, b = (str(n) for n in rng.choice(shown, 2, replace=False))
        if frozenset((a, b)) not in HELD_PAIRS:
            return a, b


def hybrid(world: World, rng: np.random.Generator, a: str, b: str, style: str | None = None) -> np.ndarray:
    """A picture of one thing made of both, u8 [128,128,3]; A gives the outline or the upper part."""
    style = style or STYLES[int(rng.choice(4, p=CHANCES))]
    one, two = (world.patch(n, style, SIDE * rng.uniform(0.55, 0.7), rng.uniform(-6, 6), bool(rng.random() < 0.5)) for n in (a, b))
    made = (skin if rng.random() < 0.6 else parts)(rng, one, two)
    if max(made.shape[:2]) > 0.85 * SIDE:
        scale = 0.85 * SIDE / max(made.shape[:2])
        made = cv2.resize(made, (round(made.shape[1] * scale), round(made.shape[0] * scale)), interpolation=cv2.INTER_AREA)
    canvas, horizon = backdrop(rng, None, list(PLACES))
    left = round((SIDE - made.shape[1]) / 2 + rng.uniform(-8, 8))
    bottom = rng.uniform(0.85, 0.95) * SIDE if horizon else (SIDE + made.shape[0]) / 2 + rng.uniform(-6, 8)
    top = round(min(max(0, bottom - made.shape[0]), SIDE - made.shape[0]))
    world.shadow(canvas, left + made.shape[1] / 2, top + made.shape[0], made.shape[1])
    world.lay(canvas, made, max(0, left), top)
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--art", default="data/emoji.npz")
    parser.add_argument("--out", required=True)
    o = parser.parse_args()
    world, rng = World(o.art), np.random.default_rng(1)
    pairs = [pair(rng) for _ in range(64)]
    save(o.out, sheet([hybrid(world, rng, a, b) for a, b in pairs], [f"{a} + {b}" for a, b in pairs]))


if __name__ == "__main__":
    main()

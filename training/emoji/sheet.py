"""A contact sheet of composed pictures with their captions, to look at, and how many a second are made.

    python -m emoji.sheet --art data/emoji.npz --out sheet.png [--kind 2] [--held-out]
"""
import argparse
import time

import cv2
import numpy as np

from .captions import caption, drawn
from .compose import World


def sheet(pictures, captions, columns: int = 8, times: int = 1) -> np.ndarray:
    """Pictures u8 [side, side, 3] with a line of text below each -> u8 RGB"""
    side = pictures[0].shape[0] * times
    rows = -(-len(pictures) // columns)
    out = np.full((rows * (side + 14), columns * (side + 2), 3), 255, np.uint8)
    for i, (picture, words) in enumerate(zip(pictures, captions)):
        y, x = i // columns * (side + 14), i % columns * (side + 2)
        out[y:y + side, x:x + side] = cv2.resize(picture, (side, side), interpolation=cv2.INTER_NEAREST)
        cv2.putText(out, words, (x, y + side + 10), cv2.FONT_HERSHEY_SIMPLEX, 0.26, (0, 0, 0), 1, cv2.LINE_AA)
    return out


def save(path, picture: np.ndarray) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--art", default="data/emoji.npz")
    parser.add_argument("--out", required=True)
    parser.add_argument("--kind", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--held-out", action="store_true")
    o = parser.parse_args()
    world, rng = World(o.art), np.random.default_rng(o.seed)
    scenes = [drawn(rng, o.held_out, kind=o.kind) for _ in range(64)]
    save(o.out, sheet([world.compose(rng, s)[0] for s in scenes], [caption(s) for s in scenes], times=2))
    scenes = [drawn(rng) for _ in range(2000)]
    began = time.process_time()
    for scene in scenes:
        world.compose(rng, scene)
    print(f"{len(scenes) / (time.process_time() - began):.0f} pictures a second and core, {len(scenes)} composed")


if __name__ == "__main__":
    main()

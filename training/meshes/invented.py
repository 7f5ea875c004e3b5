"""Models that nobody drew: things of everyday kinds with every measure at random, to learn from beside those of the catalogues.

    python -m meshes.invented --sheet invented.png

"invented" gives one; their size is arbitrary, they stand on the floor. None looks like a real thing for long; each stands, lies
and shades like one.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .beings import animal, figure
from .chances import MATERIALS, Parts, Random
from .furnishings import case, lamp, seat, sofa, table
from .obj import Mesh
from .shapes import mesh_of
from .sundries import cloth, flat, frame, heap, plant, shelter, tool, vehicle, vessel
from .variants import changed, mapped

KINDS: dict[Callable[[Random], Parts], float] = {
    vessel: 2,
    flat: 2.5,
    table: 1.2,
    seat: 2,
    sofa: 1.2,
    case: 1.2,
    frame: 2,
    shelter: 1,
    vehicle: 0.8,
    plant: 1,
    lamp: 0.7,
    tool: 1,
    heap: 1,
    cloth: 1,
    figure: 1.5,
    animal: 1.5,
}


def invented(rng: Random) -> Mesh:
    """A new thing, on the floor, its plan centred; a few lie on a side."""
    kinds, shares = list(KINDS), np.array(list(KINDS.values()))
    kind = kinds[rng.choice(len(kinds), p=shares / shares.sum())]
    colours = rng.uniform(0.05, 0.95, (MATERIALS, 3))
    if rng.uniform() < 0.5:  # one colour for much of it
        colours[rng.uniform(size=MATERIALS) < 0.6] = colours[0]
    mesh = mesh_of(kind(rng), colours)
    return changed(mapped(mesh, np.eye(3)), rng, lying=0.15 if kind in (vessel, seat, case, cloth, lamp, heap) else 0)


def main() -> None:
    from PIL import Image

    from geometry.samples import draw_sample

    from .variants import size_of

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheet", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng, tiles = np.random.default_rng(options.seed), []
    while len(tiles) < 96:
        mesh = invented(rng)
        sample = draw_sample(mesh, size_of(mesh), rng)
        if sample:
            tiles.append(np.where(sample.mask[::2, ::2, None], sample.picture[::2, ::2], 0.9))
    sheet_of = np.concatenate([np.concatenate(tiles[k : k + 12], 1) for k in range(0, 96, 12)])
    Image.fromarray(np.round(sheet_of * 255).astype(np.uint8)).save(options.sheet)


if __name__ == "__main__":
    main()

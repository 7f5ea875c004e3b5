"""Draws samples of geometry into shards: any number of processes, each with its own seed. Held-out ones are of held-out models
as they are; the others of models that are changed, put together or invented, too.

    python -m geometry.render --meshes data/meshes --out data/geometry --seed 1 --count 20000
    python -m geometry.render --meshes data/meshes --out data/geometry-held-out --seed 900001 --count 1000 --held-out
"""
import argparse
import time
from pathlib import Path

import numpy as np

from meshes import library
from meshes.invented import invented
from meshes.obj import Mesh
from meshes.variants import changed, paired, size_of

from .samples import draw_sample, maps, weight

SHARD = 500
INVENTED, PAIRED, PLAIN = 0.4, 0.12, 0.15  # shares of the samples; the others are catalogue models, changed


def draw_mesh(models: library.Library, chosen: list[int], weights: np.ndarray, rng: np.random.Generator) -> tuple[Mesh, int]:
    """Something to learn from, of the chosen models or of nobody -> its mesh, its number (-1: of no one model)."""
    kind = rng.uniform()
    if kind < INVENTED:
        return invented(rng), -1
    i, second = (int(x) for x in rng.choice(chosen, 2, p=weights))
    if kind < INVENTED + PAIRED:
        other = invented(rng) if rng.uniform() < 0.4 else models.mesh(second)
        return paired(changed(models.mesh(i), rng, lying=0.03), changed(other, rng), rng), -1
    mesh = models.mesh(i)
    return (mesh if kind < INVENTED + PAIRED + PLAIN else changed(mesh, rng)), i


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meshes", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--held-out", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    models = library.read(options.meshes)
    chosen = models.split(options.held_out)
    weights = np.array([weight(models.entries[i]) for i in chosen])
    weights /= weights.sum()
    rng = np.random.default_rng(options.seed)
    rows, began, shard = [], time.time(), 0
    for drawn in range(1, options.count + 1):
        if options.held_out:
            i = int(rng.choice(chosen, p=weights))
            mesh, size = models.mesh(i), models.entries[i].size
        else:
            mesh, i = draw_mesh(models, chosen, weights, rng)
            size = size_of(mesh)
        sample = draw_sample(mesh, size, rng)
        if sample is not None:
            rows.append({**maps(sample, size), "model": np.int32(i)})
        if rows and (len(rows) == SHARD or drawn == options.count):
            write(options.out / f"{options.seed:06d}-{shard:04d}.npz", rows)
            print(f"{drawn} drawn, {drawn / (time.time() - began):.1f} a second", flush=True)
            rows, shard = [], shard + 1


def write(path: Path, rows: list[dict[str, np.ndarray]]) -> None:
    """One array a field; appears under its name only when it is whole."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, **{name: np.stack([row[name] for row in rows]) for name in rows[0]})
    part.rename(path)


if __name__ == "__main__":
    main()

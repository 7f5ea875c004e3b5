"""Draws samples of tone into shards: any number of processes, each with its own seed.

    python -m tone.render --meshes data/meshes --panoramas FOLDER --out data/tone --seed 1 --views 4000
    python -m tone.render --meshes data/meshes --panoramas FOLDER --out data/tone-held-out --seed 900001 --views 200 --held-out
    python -m tone.render --clothes FOLDER --out data/tone-photos --seed 5 --views 20000

A view of a model is lit EACH times. --clothes: photographs of one thing each, cut out by the network that ships; those that
cutout/outlines.json measures are left out.
"""
import argparse
import json
import time
from pathlib import Path

import cv2
import numpy as np
import torch
from PIL import Image
from scipy.ndimage import binary_fill_holes

from cutout.model import SIDE as SEEN, CutoutNet, alpha_of, inputs
from cutout.outlines import OUTLINES, shipped
from geometry.render import draw_mesh, write
from geometry.samples import weight
from meshes import library
from meshes.variants import size_of
from places import panoramas

from .light import coefficients
from .samples import World, another, photographed, rendered, thing_of

SHARD, EACH = 1000, 5


def worlds(folder: Path, held_out: bool) -> list[World]:
    read = (panoramas.read(folder, name).radiance for name in panoramas.names(folder, held_out))
    return [World(radiance, coefficients(radiance)) for radiance in read]


def of_models(options: argparse.Namespace, rng: np.random.Generator):
    models = library.read(options.meshes)
    chosen = models.split(options.held_out)
    weights = np.array([weight(models.entries[i]) for i in chosen])
    weights /= weights.sum()
    places = worlds(options.panoramas, options.held_out)
    for _ in range(options.views):
        mesh, _ = draw_mesh(models, chosen, weights, rng)
        thing = thing_of(mesh, size_of(mesh), rng)
        for _ in range(EACH if thing else 0):
            here, there = (another(places[i], rng) for i in rng.choice(len(places), 2, replace=False))
            yield rendered(thing, here, there, rng)


def of_photographs(options: argparse.Namespace, rng: np.random.Generator):
    measured = {Path(name).stem for name in json.loads(OUTLINES.read_text())}
    network, known = shipped(), []
    for path in sorted(options.clothes.glob("*.jpg")):
        if path.stem in measured:
            continue
        image = Image.open(path).convert("RGB")
        image.thumbnail((256, 256))
        photo = np.asarray(image)
        alpha = surely(network, photo)
        if 0.04 < alpha.mean() < 0.6:
            known.append((photo, alpha))
    print(len(known), "photographs", flush=True)
    for _ in range(options.views):
        photo, alpha = known[rng.integers(len(known))]
        yield photographed(photo.astype(np.float32) / 255, alpha, rng)


def surely(network: CutoutNet, photo: np.ndarray) -> np.ndarray:
    """The photo's main object as a hard mask, f32 [rows, columns]: what the network says, brought to the photo's edges.

    A thing of which a part is left outside would show its true colours there.
    """
    small = cv2.resize(photo, (SEEN, SEEN), interpolation=cv2.INTER_AREA)
    with torch.no_grad():
        alpha = alpha_of(network(inputs(torch.from_numpy(small).permute(2, 0, 1)[None].float() / 255)))[0].numpy()
    alpha = cv2.resize(alpha, photo.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    marks = np.where(alpha > 0.9, cv2.GC_FGD, np.where(alpha > 0.4, cv2.GC_PR_FGD, np.where(alpha > 0.05, cv2.GC_PR_BGD, cv2.GC_BGD)))
    marks = marks.astype(np.uint8)
    if not np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).any() or not np.isin(marks, (cv2.GC_BGD, cv2.GC_PR_BGD)).any():
        return np.zeros(alpha.shape, np.float32)
    cv2.grabCut(photo, marks, None, np.zeros((1, 65)), np.zeros((1, 65)), 4, cv2.GC_INIT_WITH_MASK)
    mask = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    return binary_fill_holes(cv2.dilate(mask, np.ones((3, 3), np.uint8))).astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meshes", type=Path)
    parser.add_argument("--panoramas", type=Path)
    parser.add_argument("--clothes", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--views", type=int, required=True)
    parser.add_argument("--held-out", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(options.seed)
    rows, began, shard, drawn = [], time.time(), 0, 0
    for sample in (of_photographs if options.clothes else of_models)(options, rng):
        if sample is None:
            continue
        drawn += 1
        rows.append(sample)
        if len(rows) == SHARD:
            write(options.out / f"{options.seed:06d}-{shard:04d}.npz", rows)
            print(f"{drawn} drawn, {drawn / (time.time() - began):.1f} a second", flush=True)
            rows, shard = [], shard + 1
    if rows:
        write(options.out / f"{options.seed:06d}-{shard:04d}.npz", rows)


if __name__ == "__main__":
    main()

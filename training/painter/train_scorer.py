"""Trains the scorer, or the judge, which learns from the other half of the scenes.

    python -m painter.train_scorer --art data/emoji.npz --out runs/scorer --steps 4000 --decay 800
    python -m painter.train_scorer --judge --seed 2 --art data/emoji.npz --out runs/judge --steps 4000 --decay 800

Every picture is held against its own caption, captions with one thing changed, those of the batch that are surely false for it, and the
bare names of all nouns; the scorer's tokens, too, against the name of what they lie on. The curve says, of held-out compositions, how often the nearest of 200 names is right (one object, two: either)
and how often the own caption wins among itself and seven with one thing changed, by kind.
"""
import argparse
from dataclasses import fields, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from emoji.captions import COLOURS, GROUNDS, MATERIALS, NOUNS, OPPOSITE, POSES, RELATIONS, SIZES, STYLES, Scene, drawn, told_otherwise

from . import loop
from .pack import part
from .pictures import batch, cells_of, ids_of, noun_index, retold, tensor, world
from .scorer import Judge, Scorer, ScorerConfig, name_ids, named

NEGATIVES = 4
VALUES = {"noun": NOUNS, "other": NOUNS, "relation": list(RELATIONS), "size": SIZES, "pose": POSES, "colour": COLOURS, "material": MATERIALS,
          "style": STYLES, "ground": list(GROUNDS)}


def changed(rng: np.random.Generator, scene: Scene) -> Scene:
    """The scene with one thing about it made false."""
    if scene.kind == 3 and rng.random() < 0.25:
        return replace(scene, noun=scene.other, other=scene.noun)
    keys = [k for k in VALUES if getattr(scene, k) is not None]
    key = keys[int(rng.integers(len(keys)))]
    value = getattr(scene, key)
    if value in OPPOSITE and rng.random() < 0.5:
        return replace(scene, relation=OPPOSITE[value])
    others = [v for v in VALUES[key] if v != value and v not in scene.nouns]
    return replace(scene, **{key: others[int(rng.integers(len(others)))]})


def surely_false(picture: Scene, said: Scene) -> bool:
    """Whether a caption cannot be true of a picture of this scene; what a scene leaves free may be anything."""
    if not set(said.nouns) <= set(picture.nouns):
        return True
    if picture.kind == 3:
        if said.kind != 3:
            return False
        if said.noun != picture.noun:
            if said.relation not in OPPOSITE:
                return True
            said = told_otherwise(said)
        return (said.relation, said.ground or picture.ground) != (picture.relation, picture.ground or said.ground)
    known = [(getattr(picture, f.name), getattr(said, f.name)) for f in fields(Scene) if f.name != "kind"]
    return any(a is not None and b is not None and a != b for a, b in known)


def loss_of(model: nn.Module, x: Tensor, scenes: list[Scene], hard: list[list[Scene]], cells: Tensor) -> Tensor:
    """x [B,3,128,128]; scenes [B]; hard [B][NEGATIVES]; cells [B,64] as of cells_of"""
    B = len(scenes)
    tokens = model.tokens(x) if isinstance(model, Scorer) else None      # [B,64,width]
    seen = model.image(x) if tokens is None else model.feature(tokens)   # [B,P]
    ids = torch.cat([ids_of(scenes), ids_of([s for row in hard for s in row]), name_ids()])
    told, wrong, names = model.text(ids).split([B, B * NEGATIVES, len(NOUNS)])
    scale = model.logit_scale.exp().clamp(max=60)
    far = torch.tensor([[i == j or surely_false(a, b) for j, b in enumerate(scenes)] for i, a in enumerate(scenes)])
    across = (seen @ told.T * scale).masked_fill(~far, -1e9)             # [B,B]
    near = torch.einsum("bp,bkp->bk", seen, wrong.unflatten(0, (B, -1))) * scale
    target = torch.arange(B)
    nouns = noun_index(scenes)
    naming = F.cross_entropy(seen @ names.T * scale, nouns / nouns.sum(1, keepdim=True))
    if tokens is not None:
        local = F.normalize(model.visual_projection(tokens[cells >= 0]).float(), dim=-1)
        naming = naming + F.cross_entropy(local @ names.T * scale, cells[cells >= 0])
    return F.cross_entropy(torch.cat([across, near], 1), target) + 0.5 * F.cross_entropy(across.T, target) + 0.5 * naming


@torch.no_grad()
def figures(model: nn.Module, x: Tensor, scenes: list[Scene], others: int = 7) -> dict:
    """Naming and own-caption wins on pictures of scenes; see the head."""
    rng = np.random.default_rng(5)
    best = named(model, x).argmax(1)
    right = np.array([NOUNS[b] in s.nouns for b, s in zip(best.tolist(), scenes)])
    kinds = np.array([s.kind for s in scenes])
    told = model.text(ids_of([c for s in scenes for c in (s, *(changed(rng, s) for _ in range(others)))])).unflatten(0, (len(scenes), -1))
    seen = torch.cat([model.image(part) for part in x.split(32)])
    wins = (torch.einsum("bp,bkp->bk", seen, told).argmax(1) == 0).numpy()
    out = {"top1_one": right[kinds < 3].mean(), "top1_two": right[kinds == 3].mean()}
    return {k: float(v) for k, v in {**out, **{f"wins{k}": wins[kinds == k].mean() for k in (1, 2, 3)}}.items()}


def main() -> None:
    parser = loop.arguments(__doc__, batch=64, rate=1.5e-3)
    parser.add_argument("--judge", action="store_true")
    o = parser.parse_args()
    torch.manual_seed(o.seed)
    art = world(o.art)
    model = Judge() if o.judge else Scorer(ScorerConfig())
    if o.weights and not o.judge:
        model = part(o.weights, "scorer")
    x, scenes = batch(art, np.random.default_rng(0), 384, held=True)

    def draw(m: nn.Module, rng: np.random.Generator) -> Tensor:
        seen = [drawn(rng, part=int(o.judge)) for _ in range(o.batch)]
        made, masks = zip(*(art.compose(rng, s, masks=True) for s in seen))
        pictures, cells = tensor(made), cells_of(masks, seen)
        # It will see painted pictures, too: not every one is as bright and sharp as these.
        pictures = pictures * float(rng.uniform(0.9, 1.1)) + float(rng.uniform(0, 0.1)) * torch.randn_like(pictures)
        told = [retold(rng, s) for s in seen]
        return loss_of(m, pictures, told, [[changed(rng, s) for _ in range(NEGATIVES)] for s in told], cells)

    def look(average: nn.Module) -> dict:
        with torch.autocast("cpu", torch.bfloat16, enabled=o.bf16):
            return figures(average, x, scenes)

    loop.train(model, o, draw, look, {} if o.judge else model.config.asdict())


if __name__ == "__main__":
    main()

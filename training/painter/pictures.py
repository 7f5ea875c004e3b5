"""Batches of composed pictures. A scene that is held out is in none of them but where it is asked for."""
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from emoji.captions import NOUNS, Scene, caption, drawn, encode, told_otherwise
from emoji.compose import World


@lru_cache(1)
def world(art: str) -> World:
    return World(art)


def tensor(pictures: list[np.ndarray]) -> Tensor:
    """u8 [H,W,3] each -> [B,3,H,W] in [-1,1]"""
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float() / 127.5 - 1


def batch(art: World, rng: np.random.Generator, count: int, **which) -> tuple[Tensor, list[Scene]]:
    """-> pictures [B,3,128,128], scenes. `which`: held, part, kind as of emoji.captions.drawn"""
    scenes = [drawn(rng, **which) for _ in range(count)]
    return tensor([art.compose(rng, scene)[0] for scene in scenes]), scenes


def cells_of(masks: list[np.ndarray], scenes: list[Scene], side: int = 8, least: float = 0.4) -> Tensor:
    """Which noun each of side x side cells shows, -1 where none fills `least` of it: [B,side*side]"""
    masks = torch.from_numpy(np.stack(masks))
    shares = torch.stack([(masks == k).float().unflatten(1, (side, -1)).unflatten(3, (side, -1)).mean((2, 4)).flatten(1) for k in (1, 2)], -1)
    share, which = shares.max(-1)
    nouns = torch.tensor([[NOUNS.index(n) for n in (s.noun, s.other or s.noun)] for s in scenes])
    return torch.where(share > least, nouns.gather(1, which), -1)


def ids_of(scenes: list[Scene | str]) -> Tensor:
    """[B,16]"""
    return torch.tensor([encode(s if isinstance(s, str) else caption(s)) for s in scenes])


def retold(rng: np.random.Generator, scene: Scene) -> Scene:
    """Half of the scenes with a relation that has an opposite, from the other object."""
    if scene.relation not in (None, "front") and rng.random() < 0.5:
        scene = told_otherwise(scene)
    return scene


def noun_index(scenes: list[Scene]) -> Tensor:
    """[B,200]: which nouns are there"""
    out = torch.zeros(len(scenes), len(NOUNS))
    for row, scene in zip(out, scenes):
        row[[NOUNS.index(n) for n in scene.nouns]] = 1
    return out

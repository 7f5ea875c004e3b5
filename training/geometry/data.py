"""Shards of geometry as batches, and what is done to cut-outs so that rendered ones teach about real ones."""
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .model import Geometry, inputs
from .samples import CAMERA
from .view import BOX

Batch = dict[str, Tensor]
FIELDS = ("picture", "alpha", "front", "gap", "contact", "normals", "cover", "camera")


class Shards:
    """The shards of a folder, the newest `limit` of them in memory; "refresh" takes in those that were written since."""

    def __init__(self, folder: Path, limit: int = 120, fields: tuple[str, ...] = FIELDS):
        self.folder, self.limit, self.fields = folder, limit, fields
        self.loaded: dict[Path, dict[str, np.ndarray]] = {}

    def refresh(self) -> int:
        """-> samples in memory"""
        paths = sorted(self.folder.glob("*.npz"), key=lambda path: path.stat().st_mtime)[-self.limit:]
        for gone in set(self.loaded) - set(paths):
            del self.loaded[gone]
        for path in paths:
            if path not in self.loaded:
                with np.load(path) as shard:
                    self.loaded[path] = {name: shard[name] for name in self.fields}
        return sum(len(shard[self.fields[0]]) for shard in self.loaded.values())

    def draw(self, rng: np.random.Generator, count: int) -> Batch:
        shards = list(self.loaded.values())
        rows = []
        for _ in range(count):
            shard = shards[rng.integers(len(shards))]
            rows.append((shard, int(rng.integers(len(shard[self.fields[0]])))))
        return {name: torch.from_numpy(np.stack([shard[name][i] for shard, i in rows])) for name in self.fields}

    def all(self, limit: int) -> Batch:
        """The first samples in order of their files, for evaluation."""
        shards = [self.loaded[path] for path in sorted(self.loaded)]
        return {name: torch.from_numpy(np.concatenate([shard[name] for shard in shards])[:limit]) for name in self.fields}


def targets(batch: Batch) -> tuple[Geometry, Tensor]:
    """What the network should say (contact as 0..1, not a logit), and the share of each cell that is covered [batch, 64, 64]."""
    camera = {name: batch["camera"][:, i] for i, name in enumerate(CAMERA)}
    normals = F.normalize(batch["normals"].float().permute(0, 3, 1, 2), dim=1, eps=1e-3)
    return (Geometry(batch["front"].float(), batch["gap"].float(), batch["contact"].float() / 255, normals,
                     camera["sight"], torch.log(camera["focal"] / BOX)), batch["cover"].float() / 16)


def plain(batch: Batch) -> Tensor:
    """The network's input of a batch as it is."""
    picture = batch["picture"].float().permute(0, 3, 1, 2) / 255
    return inputs(picture, batch["alpha"].float() / 255, batch["camera"][:, CAMERA.index("bottom")])


def varied(batch: Batch) -> tuple[Tensor, Geometry, Tensor]:
    """-> input, targets, cover; mirrored, recoloured, blurred, noisy, with the edges and holes of real cut-outs.

    Most of it comes to a whole batch or to none of it, which is what keeps it cheap beside the network.
    """
    picture = batch["picture"].float().permute(0, 3, 1, 2) / 255  # [batch, 3, 128, 128]
    alpha = batch["alpha"].float() / 255
    wanted, cover = targets(batch)
    if chance(0.5):
        picture, alpha, cover = picture.flip(3), alpha.flip(2), cover.flip(2)
        mirror = torch.tensor([-1.0, 1, 1])[:, None, None]
        wanted = wanted._replace(front=wanted.front.flip(2), gap=wanted.gap.flip(2), contact=wanted.contact.flip(2),
                                 normals=wanted.normals.flip(3) * mirror)
    n = len(picture)
    each = lambda *shape: torch.rand(n, *shape)
    gain = torch.exp(0.12 * torch.randn(n, 3, 1, 1) + 0.25 * torch.randn(n, 1, 1, 1))
    haze = 0.4 * each(1, 1, 1) * (each(1, 1, 1) < 0.15)
    picture = picture * (gain * (1 - haze)) + haze * each(1, 1, 1)
    if chance(0.5):
        picture = picture.clamp(1e-3) ** float(torch.randn(()).mul(0.3).exp())
    if chance(0.1):
        picture = torch.lerp(picture, picture.mean(1, keepdim=True).expand_as(picture), each(1, 1, 1))
    covered = alpha[:, None]
    if chance(0.3):
        soft = F.avg_pool2d(picture * covered, 3, 1, 1) / F.avg_pool2d(covered, 3, 1, 1).clamp(0.05)
        picture = torch.lerp(picture, soft, each(1, 1, 1))
    covered = edges(covered)
    if chance(0.3):  # colour left over from what was behind
        fringe = each(1, 1, 1) * (1 - F.avg_pool2d(covered, 5, 1, 2))
        picture = picture * (1 - fringe) + fringe * each(3, 1, 1)
    if chance(0.5):
        picture = picture + (torch.rand_like(picture) - 0.5) * (0.2 * each(1, 1, 1))
    bottom = batch["camera"][:, CAMERA.index("bottom")]
    return inputs(picture.clamp(0, 1), (covered * holes(n))[:, 0], bottom), wanted, cover


def chance(share: float) -> bool:
    return bool(torch.rand(()) < share)


def edges(covered: Tensor) -> Tensor:
    """Alpha blurred, hardened, grown or shrunk by a pixel. covered [batch, 1, side, side]"""
    if chance(0.3):
        covered = F.avg_pool2d(covered, 3, 1, 1)
    if chance(0.2):
        covered = (covered * 1.6 - 0.3).clamp(0, 1)
    if chance(0.1):
        covered = F.max_pool2d(covered, 3, 1, 1)
    if chance(0.07):
        covered = -F.max_pool2d(-covered, 3, 1, 1)
    return covered


def holes(n: int) -> Tensor:
    """1 but for a round hole that a careless cut-out would have, in one of twelve. [n, 1, 128, 128]"""
    at = torch.arange(128) + 0.5
    centre, radius = torch.rand(n, 2, 1, 1) * 128, torch.rand(n, 1, 1) * 10 + 2
    away = (at[:, None] - centre[:, 0]) ** 2 + (at - centre[:, 1]) ** 2
    hole = (away < radius ** 2) & (torch.rand(n, 1, 1) < 1 / 12)
    return 1 - hole[:, None].float()

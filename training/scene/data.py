"""Shards of places as batches: mirrored, seen from nearer, and developed a little differently each time."""
import torch
import torch.nn.functional as F
from torch import Tensor

from places.light import AZIMUTHS, ELEVATIONS

from .model import START

FIELDS = ("picture", "inside", "ground", "known", "scene")
Batch = dict[str, Tensor]


def inputs(batch: Batch) -> Tensor:
    """[batch, 4, 192, 192]"""
    inside = batch["inside"].float()[:, None] / 255
    return torch.cat([(batch["picture"].float().permute(0, 3, 1, 2) / 127.5 - 1) * inside, inside * 2 - 1], 1)


def mirrored(batch: Batch) -> Batch:
    """Left and right exchanged: the tilt changes its sign, azimuths a become pi - a."""
    scene = batch["scene"].clone()
    scene[:, START["tilt"]] *= -1
    light = scene[:, START["light"]:].unflatten(1, (ELEVATIONS, AZIMUTHS))
    order = (AZIMUTHS // 2 - 1 - torch.arange(AZIMUTHS)) % AZIMUTHS
    scene[:, START["light"]:] = light[..., order].flatten(1)
    return {**batch, "picture": batch["picture"].flip(2), "inside": batch["inside"].flip(2), "ground": batch["ground"].flip(2),
            "scene": scene}


def zoomed(batch: Batch) -> Batch:
    """Each picture nearer by up to a half, its frame kept: the horizon's offset and the focal length grow with it."""
    zoom = 1 + 0.5 * torch.rand(len(batch["scene"]))
    scene = batch["scene"].clone()
    scene[:, START["horizon"]] *= zoom
    scene[:, START["focal"]] += zoom.log()
    turn = torch.zeros(len(zoom), 2, 3)
    turn[:, 0, 0] = turn[:, 1, 1] = 1 / zoom
    seen = lambda x: F.grid_sample(x, F.affine_grid(turn, [len(x), 1, *x.shape[2:]], align_corners=False),
                                   padding_mode="border", align_corners=False)
    picture = seen(batch["picture"].float().permute(0, 3, 1, 2)).permute(0, 2, 3, 1)
    return {**batch, "picture": picture, "ground": seen(batch["ground"].float()[:, None])[:, 0], "scene": scene}


def varied(batch: Batch) -> tuple[Tensor, Batch]:
    """-> input, and the batch that it shows"""
    if torch.rand(()) < 0.5:
        batch = mirrored(batch)
    if torch.rand(()) < 0.4:
        batch = zoomed(batch)
    x, n = inputs(batch), len(batch["scene"])
    inside = x[:, 3:] / 2 + 0.5
    colour = ((x[:, :3] + 1) / 2).clamp(1e-3, 1) ** torch.exp(0.15 * torch.randn(n, 1, 1, 1))
    colour = colour * torch.exp(0.12 * torch.randn(n, 1, 1, 1)) + torch.randn_like(colour) * 0.03 * torch.rand(n, 1, 1, 1)
    return torch.cat([(colour.clamp(0, 1) * 2 - 1) * inside, x[:, 3:]], 1), batch

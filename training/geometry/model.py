"""The geometry network: a U-Net from a cut-out of 128 x 128 to maps of 64 x 64 and the cut-out's camera.

In [batch, 6, 128, 128]: premultiplied colour about grey, alpha, and where the pixel is in the box. Out: maps [batch, 6, 64, 64]
and camera [batch, 2], raw; "read" gives them units. Only convolutions, linears, SiLU, nearest upsampling, concatenation and
means, so that any runtime can run it.
"""
import math
from dataclasses import asdict, dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .view import BOX

MAPS = ("front", "gap", "contact", "x", "y", "z")
FOCAL = math.log(2.5)  # a usual focal length, in extents


@dataclass(frozen=True)
class Config:
    fine: int = 32  # channels at 64 cells a side, where a convolution each way must do
    widths: tuple[int, ...] = (64, 112, 160, 160)  # at 32, 16, 8 and 4 cells
    down: tuple[int, ...] = (1, 1, 1, 2)  # blocks on the way down
    up: tuple[int, ...] = (1, 1, 1)  # and up, the finest first

    def asdict(self) -> dict:
        return asdict(self)


class Geometry(NamedTuple):
    """What the network says. Lengths in extents (the longer side of the box), angles in radians."""
    front: Tensor  # [batch, 64, 64], elevation of the nearest surface's foot row above the box's bottom
    gap: Tensor  # [batch, 64, 64] >= 0, how much higher the farthest surface's foot row is
    contact: Tensor  # [batch, 64, 64], logit of touching the ground
    normals: Tensor  # [batch, 3, 64, 64], unit; x right, y down, z into the picture
    sight: Tensor  # [batch], how far below the horizontal the crop's centre is seen
    focal: Tensor  # [batch], log of the focal length


class Block(nn.Module):
    """A residual pair of convolutions."""

    def __init__(self, width: int):
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.silu(self.first(F.silu(x))))


class GeometryNet(nn.Module):
    def __init__(self, config: Config = Config()):
        super().__init__()
        self.config = config
        w = config.widths
        self.stem = nn.Conv2d(6, config.fine, 4, 2, 1)  # 128 -> 64
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip((config.fine, *w), w))
        self.down = nn.ModuleList(nn.Sequential(*(Block(width) for _ in range(n))) for width, n in zip(w, config.down))
        self.grow = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in zip(w, w[1:]))
        self.join = nn.ModuleList(nn.Conv2d(2 * a, a, 1) for a in w[:-1])
        self.up = nn.ModuleList(nn.Sequential(*(Block(width) for _ in range(n))) for width, n in zip(w, config.up))
        self.whole = nn.Linear(w[-1], w[-1])
        self.fine = nn.Conv2d(w[0], config.fine, 1)
        self.last = nn.Conv2d(2 * config.fine, config.fine, 3, padding=1)
        self.maps = nn.Conv2d(config.fine, len(MAPS), 3, padding=1)
        self.camera = nn.Sequential(nn.Linear(w[-1], w[-1]), nn.SiLU(), nn.Linear(w[-1], 2))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        stem = self.stem(x)  # [batch, fine, 64, 64]
        x, skips = F.silu(stem), []
        for shrink, blocks in zip(self.shrink, self.down):
            x = blocks(shrink(x))
            skips.append(x)
        mean = x.mean((2, 3))
        camera = self.camera(mean)  # [batch, 2]
        x = x + self.whole(mean)[:, :, None, None]
        for level in reversed(range(len(self.up))):
            x = F.interpolate(self.grow[level](x), scale_factor=2.0, mode="nearest")
            x = self.up[level](self.join[level](torch.cat([x, skips[level]], 1)))
        x = F.interpolate(self.fine(F.silu(x)), scale_factor=2.0, mode="nearest")
        x = self.last(torch.cat([x, F.silu(stem)], 1))  # [batch, fine, 64, 64]
        return self.maps(F.silu(x)), camera


def read(maps: Tensor, camera: Tensor) -> Geometry:
    """The network's raw output in units."""
    maps, camera = maps.float(), camera.float()
    return Geometry(maps[:, 0], F.softplus(maps[:, 1] - 2), maps[:, 2], F.normalize(maps[:, 3:6], dim=1, eps=1e-3),
                    camera[:, 0] * 0.3 + 0.25, camera[:, 1] * 0.5 + FOCAL)


def inputs(picture: Tensor, alpha: Tensor, bottom: Tensor) -> Tensor:
    """picture [batch, 3, side, side] straight colour 0..1; alpha [batch, side, side]; bottom [batch]: the box's bottom, as a
    share of the crop. -> [batch, 6, side, side]"""
    side = alpha.shape[-1]
    at = (torch.arange(side, device=alpha.device) + 0.5) / side
    across = ((at - 0.5) / BOX).expand(len(alpha), side, side)
    above = ((bottom[:, None] - at) / BOX)[:, :, None].expand(len(alpha), side, side)
    colour = (picture - 0.5) * alpha[:, None] * 2
    return torch.cat([colour, (alpha * 2 - 1)[:, None], (above - 0.5)[:, None], across[:, None]], 1)

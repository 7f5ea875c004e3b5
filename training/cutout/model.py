"""The cut-out network: a U-Net from a photo of 128 x 128 to how surely each pixel belongs to its main object.

In [batch, 3, 128, 128]: encoded colour about grey, the whole photo squeezed into the square. Out [batch, 4, 64, 64]: logits of the
four pixels of each cell; "alpha_of" puts them in their places. Only convolutions, linears, SiLU, nearest upsampling, concatenation
and means, so that any runtime can run it.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from geometry.model import Block

SIDE = 128
PER_CELL = 2  # pixels of a cell's side


@dataclass(frozen=True)
class Config:
    fine: int = 24  # channels at 64 cells a side
    widths: tuple[int, ...] = (40, 64, 96, 112)  # at 32, 16, 8 and 4 cells
    down: tuple[int, ...] = (1, 1, 1, 1)  # blocks on the way down
    up: tuple[int, ...] = (1, 1, 1)  # and up, the finest first

    def asdict(self) -> dict:
        return asdict(self)


class CutoutNet(nn.Module):
    def __init__(self, config: Config = Config()):
        super().__init__()
        self.config = config
        w = config.widths
        self.stem = nn.Conv2d(3, config.fine, 4, 2, 1)  # 128 -> 64
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip((config.fine, *w), w))
        self.down = nn.ModuleList(nn.Sequential(*(Block(width) for _ in range(n))) for width, n in zip(w, config.down))
        self.grow = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in zip(w, w[1:]))
        self.join = nn.ModuleList(nn.Conv2d(2 * a, a, 1) for a in w[:-1])
        self.up = nn.ModuleList(nn.Sequential(*(Block(width) for _ in range(n))) for width, n in zip(w, config.up))
        self.whole = nn.Linear(w[-1], w[-1])
        self.fine = nn.Conv2d(w[0], config.fine, 1)
        self.last = nn.Conv2d(2 * config.fine, config.fine, 3, padding=1)
        self.map = nn.Conv2d(config.fine, PER_CELL ** 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        stem = self.stem(x)  # [batch, fine, 64, 64]
        x, skips = F.silu(stem), []
        for shrink, blocks in zip(self.shrink, self.down):
            x = blocks(shrink(x))
            skips.append(x)
        x = x + self.whole(x.mean((2, 3)))[:, :, None, None]
        for level in reversed(range(len(self.up))):
            x = F.interpolate(self.grow[level](x), scale_factor=2.0, mode="nearest")
            x = self.up[level](self.join[level](torch.cat([x, skips[level]], 1)))
        x = F.interpolate(self.fine(F.silu(x)), scale_factor=2.0, mode="nearest")
        x = self.last(torch.cat([x, F.silu(stem)], 1))  # [batch, fine, 64, 64]
        return self.map(F.silu(x))


def logits_of(cells: Tensor) -> Tensor:
    """[batch, 4, 64, 64] -> [batch, 128, 128]; a cell's channels are its pixels row by row."""
    return F.pixel_shuffle(cells.float(), PER_CELL)[:, 0]


def alpha_of(cells: Tensor) -> Tensor:
    """[batch, 4, 64, 64] -> 0..1 [batch, 128, 128]"""
    return logits_of(cells).sigmoid()


def inputs(picture: Tensor) -> Tensor:
    """picture [batch, 3, 128, 128] 0..1 -> what the network sees."""
    return picture * 2 - 1

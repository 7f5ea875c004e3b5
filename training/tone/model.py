"""The tone of a pasted thing: from its picture in the photo, the affine of linear colour that it would have in the photo's light.

A few convolutions look at the square about the thing and at the whole photo; linears say seven numbers, of which `affine` makes the
layer's [3, 4]. The engine runs it in src/layers/object/toneNet.ts.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NUMBERS = 7
DROPPED = 0.2  # while it learns: there are few panoramas and few photographs
LUMA = torch.tensor([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Config:
    widths: tuple[int, ...] = (16, 32, 48, 64)
    whole: int = 16
    hidden: int = 96


def decoded(x: Tensor) -> Tensor:
    return torch.where(x <= 0.04045, x / 12.92, ((x.clamp_min(0) + 0.055) / 1.055) ** 2.4)


def encoded(x: Tensor) -> Tensor:
    x = x.clamp(1e-6, 1)
    return torch.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


class ToneNet(nn.Module):
    def __init__(self, config: Config = Config()):
        super().__init__()
        self.config = config
        sizes = [8, *config.widths]
        self.convs = nn.ModuleList(nn.Conv2d(a, b, 3, stride=2, padding=1) for a, b in zip(sizes, sizes[1:]))
        self.overview = nn.ModuleList([nn.Conv2d(3, config.whole, 3, stride=2, padding=1),
                                       nn.Conv2d(config.whole, config.whole, 3, stride=2, padding=1)])
        self.first = nn.Linear(2 * sum(config.widths[1:]) + config.whole, config.hidden)
        self.second = nn.Linear(config.hidden, config.hidden)
        self.last = nn.Linear(config.hidden, NUMBERS)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, square: Tensor, whole: Tensor) -> Tensor:
        """square [batch, 8, 64, 64], whole [batch, 3, 32, 32], see `inputs` -> numbers [batch, 7]"""
        mask, seen = square[:, 6:7], square[:, 7:8]
        x, told = square, []
        for i, conv in enumerate(self.convs):
            x = F.silu(conv(x))
            mask, seen = F.avg_pool2d(mask, 2), F.avg_pool2d(seen, 2)
            if i > 0:
                # Means over the thing, and over what lies about it.
                told += [mean(x, mask), mean(x, seen)]
        for conv in self.overview:
            whole = F.silu(conv(whole))
        told.append(whole.mean((2, 3)))
        drop = lambda x: F.dropout(x, DROPPED, self.training)
        x = F.silu(self.first(drop(torch.cat(told, 1))))
        return self.last(drop(F.silu(self.second(x))))

    def asdict(self) -> dict:
        return asdict(self.config)


def mean(x: Tensor, weight: Tensor) -> Tensor:
    """[batch, channels, rows, columns], [batch, 1, rows, columns] -> [batch, channels]"""
    return (x * weight).sum((2, 3)) / weight.sum((2, 3)).clamp_min(1e-3)


def inputs(picture: Tensor, alpha: Tensor, inside: Tensor, whole: Tensor) -> tuple[Tensor, Tensor]:
    """All 0..1; picture [batch, 3, 64, 64], alpha, inside [batch, 64, 64], whole [batch, 3, 32, 32]. The square's channels: the photo
    where the thing is not; the thing; how much of each pixel is thing, and how much photo without it."""
    thing = alpha[:, None]
    free = inside[:, None] * (1 - thing)
    colour = picture * 2 - 1
    return torch.cat([colour * free, colour * thing, thing, free], 1), whole * 2 - 1


def affine(numbers: Tensor) -> Tensor:
    """numbers [batch, 7]: gains of red, green, blue in stops, saturation, what is added to each -> [batch, 3, 4]

    Linear colour is first brought towards its luma, then multiplied channel by channel, then something is added.
    """
    gain = 2 ** (3 * torch.tanh(numbers[:, :3] / 3))  # [batch, 3]
    saturation = torch.exp(0.7 * torch.tanh(numbers[:, 3]))[:, None, None]
    grey = LUMA.to(numbers).expand(3, 3)[None]
    mix = saturation * torch.eye(3).to(numbers)[None] + (1 - saturation) * grey
    added = 0.2 * torch.tanh(numbers[:, 4:7])
    return torch.cat([gain[:, :, None] * mix, added[:, :, None]], 2)


def toned(picture: Tensor, by: Tensor) -> Tensor:
    """Encoded [batch, 3, rows, columns] in another tone. by [batch, 3, 4]"""
    linear = decoded(picture)
    out = torch.einsum("bij,bjyx->biyx", by[:, :, :3], linear) + by[:, :, 3, None, None]
    return encoded(out)


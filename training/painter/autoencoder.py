"""AutoencoderKL under diffusers' names, as src/nets/vae/vae.ts runs it, between pixels that are folded by four: 128 px are 32 x 32
cells of 48, the latent is 16 x 16 x 16. Channels are normalised by the mean and deviation that `measure` finds.
"""
from dataclasses import asdict, dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

FOLD = 4


@dataclass
class VaeConfig:
    """VaeConfig of src/families/shared/config.ts, and the channels of a folded cell. Lists go finest first."""
    imageChannels: int = 3 * FOLD * FOLD
    latentChannels: int = 16
    channels: list = field(default_factory=lambda: [48, 80])
    decoderChannels: list = field(default_factory=lambda: [64, 96])
    resnets: int = 1
    groups: int = 16
    quantConvs: bool = False
    scaling: float = 1.0
    shift: float = 0.0

    def asdict(self) -> dict:
        return asdict(self)


def norm(groups: int, width: int) -> nn.GroupNorm:
    return nn.GroupNorm(groups, width, 1e-6)


class Resnet(nn.Module):
    def __init__(self, cin: int, cout: int, groups: int):
        super().__init__()
        self.norm1, self.conv1 = norm(groups, cin), nn.Conv2d(cin, cout, 3, padding=1)
        self.norm2, self.conv2 = norm(groups, cout), nn.Conv2d(cout, cout, 3, padding=1)
        if cin != cout:
            self.conv_shortcut = nn.Conv2d(cin, cout, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv2(F.silu(self.norm2(self.conv1(F.silu(self.norm1(x))))))
        return h + (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x)


class Attention(nn.Module):
    """One head over all cells."""

    def __init__(self, width: int, groups: int):
        super().__init__()
        self.group_norm = norm(groups, width)
        self.to_q, self.to_k, self.to_v = (nn.Linear(width, width) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x: Tensor) -> Tensor:
        y = self.group_norm(x).flatten(2).transpose(1, 2)                # [B,cells,width]
        p = (self.to_q(y) @ self.to_k(y).transpose(1, 2) * y.shape[-1] ** -0.5).softmax(-1)
        return x + self.to_out[0](p @ self.to_v(y)).transpose(1, 2).unflatten(2, x.shape[2:])


def middle(width: int, groups: int) -> nn.Module:
    part = nn.Module()
    part.resnets = nn.ModuleList([Resnet(width, width, groups) for _ in range(2)])
    part.attentions = nn.ModuleList([Attention(width, groups)])
    return part


def through(part: nn.Module, x: Tensor) -> Tensor:
    return part.resnets[1](part.attentions[0](part.resnets[0](x)))


class Halve(nn.Module):
    """Zeros at the right and below only, as in the reference."""

    def __init__(self, width: int):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, (0, 1, 0, 1)))


class Double(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2, mode="nearest"))


class Encoder(nn.Module):
    def __init__(self, c: VaeConfig):
        super().__init__()
        self.conv_in = nn.Conv2d(c.imageChannels, c.channels[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        for level, width in enumerate(c.channels):
            block, before = nn.Module(), c.channels[max(0, level - 1)]
            block.resnets = nn.ModuleList([Resnet(width if i else before, width, c.groups) for i in range(c.resnets)])
            if level < len(c.channels) - 1:
                block.downsamplers = nn.ModuleList([Halve(width)])
            self.down_blocks.append(block)
        self.mid_block = middle(c.channels[-1], c.groups)
        self.conv_norm_out = norm(c.groups, c.channels[-1])
        self.conv_out = nn.Conv2d(c.channels[-1], 2 * c.latentChannels, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_in(x)
        for block in self.down_blocks:
            for part in (*block.resnets, *getattr(block, "downsamplers", [])):
                x = part(x)
        return self.conv_out(F.silu(self.conv_norm_out(through(self.mid_block, x))))


class Decoder(nn.Module):
    def __init__(self, c: VaeConfig):
        super().__init__()
        widths = c.decoderChannels[::-1]
        self.conv_in = nn.Conv2d(c.latentChannels, widths[0], 3, padding=1)
        self.mid_block = middle(widths[0], c.groups)
        self.up_blocks = nn.ModuleList()
        for level, width in enumerate(widths):
            block, before = nn.Module(), widths[max(0, level - 1)]
            block.resnets = nn.ModuleList([Resnet(width if i else before, width, c.groups) for i in range(c.resnets + 1)])
            if level < len(widths) - 1:
                block.upsamplers = nn.ModuleList([Double(width)])
            self.up_blocks.append(block)
        self.conv_norm_out = norm(c.groups, widths[-1])
        self.conv_out = nn.Conv2d(widths[-1], c.imageChannels, 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        x = through(self.mid_block, self.conv_in(z))
        for block in self.up_blocks:
            for part in (*block.resnets, *getattr(block, "upsamplers", [])):
                x = part(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class Autoencoder(nn.Module):
    def __init__(self, config: VaeConfig):
        super().__init__()
        self.config, self.encoder, self.decoder = config, Encoder(config), Decoder(config)
        self.register_buffer("mean", torch.zeros(config.latentChannels))
        self.register_buffer("deviation", torch.ones(config.latentChannels))

    def posterior(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """pictures [B,3,H,W] in [-1,1] -> mean, log of the variance [B,C,H/8,W/8]"""
        return self.encoder(F.pixel_unshuffle(pictures, FOLD)).float().chunk(2, 1)

    def paint(self, z: Tensor) -> Tensor:
        """A latent as the encoder gives it -> [B,3,H,W]"""
        return F.pixel_shuffle(self.decoder(z), FOLD)

    def encode(self, pictures: Tensor) -> Tensor:
        """-> the normalised latent that the painters know [B,C,H/8,W/8]"""
        return (self.posterior(pictures)[0] - self.mean[:, None, None]) / self.deviation[:, None, None]

    def decode(self, z: Tensor) -> Tensor:
        """Inverse of `encode`, as far as there is one: [B,3,H,W], about [-1,1]"""
        return self.paint(z * self.deviation[:, None, None] + self.mean[:, None, None])

    @torch.no_grad()
    def measure(self, pictures: Tensor) -> None:
        """Sets mean and deviation of the channels from pictures [n,3,H,W]."""
        z = torch.cat([self.posterior(x)[0] for x in pictures.split(32)])
        self.mean.copy_(z.mean((0, 2, 3)))
        self.deviation.copy_(z.std((0, 2, 3)))

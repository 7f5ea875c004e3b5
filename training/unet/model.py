"""Stable Diffusion's U-Net under diffusers' names (specs: D-Fusion §3, §9), after one config; and its schedule.

The state dict is what `unetParameters` of src/nets/unet/unetParameters.ts lists. Images are [B,C,H,W], tokens [B,N,C].
"""
import math
from dataclasses import asdict, dataclass, field

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class UnetConfig:
    """UnetConfig of src/schema/pack.ts. Lists go by level, finest first."""
    inChannels: int = 16
    outChannels: int = 16
    channels: list = field(default_factory=lambda: [64, 128, 192])
    heads: list = field(default_factory=lambda: [2, 4, 6])
    attention: list = field(default_factory=lambda: [True, True, False])
    resnets: int = 1
    contextDim: int = 96
    groups: int = 16
    prediction: str = "v_prediction"

    def asdict(self):
        return asdict(self)


class Resnet(nn.Module):
    def __init__(self, cin, cout, time, groups):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, cin, 1e-5)
        self.conv1 = nn.Conv2d(cin, cout, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, cout)
        self.norm2 = nn.GroupNorm(groups, cout, 1e-5)
        self.conv2 = nn.Conv2d(cout, cout, 3, padding=1)
        if cin != cout:
            self.conv_shortcut = nn.Conv2d(cin, cout, 1)

    def forward(self, x, temb):
        h = self.conv1(F.silu(self.norm1(x))) + self.time_emb_proj(F.silu(temb))[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x)


class Attention(nn.Module):
    """Softmax attention. Hooks, where set: `watch` is called with the probabilities [B,heads,queries,keys], `keys` gives
    other keys and values [B,heads,tokens,d], `output` another result [B,tokens,width]."""

    def __init__(self, width, keys, heads):
        super().__init__()
        self.heads, self.watch, self.keys, self.output = heads, None, None, None
        self.to_q, self.to_k, self.to_v = (nn.Linear(c, width, bias=False) for c in (width, keys, keys))
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x, context):
        q, k, v = (f(y).unflatten(-1, (self.heads, -1)).transpose(1, 2) for f, y in
                   ((self.to_q, x), (self.to_k, context), (self.to_v, context)))
        if self.keys:
            k, v = self.keys(k, v)
        # Written out: on a CPU its backward pass is several times as fast as the fused kernel's.
        p = (q * q.shape[-1] ** -0.5 @ k.transpose(-1, -2)).softmax(-1)
        if self.watch:
            self.watch(p)
        y = (p @ v).transpose(1, 2).flatten(2)
        return self.to_out[0](self.output(y) if self.output else y)


class Geglu(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.proj = nn.Linear(width, 8 * width)

    def forward(self, x):
        value, gate = self.proj(x).chunk(2, -1)
        return value * F.gelu(gate)


class Block(nn.Module):
    def __init__(self, width, context, heads):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.attn1, self.attn2 = Attention(width, width, heads), Attention(width, context, heads)
        self.ff = nn.Module()
        self.ff.net = nn.ModuleList([Geglu(width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x, context):
        y = self.norm1(x)
        x = x + self.attn1(y, y)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff.net[2](self.ff.net[0](self.norm3(x)))


class Transformer(nn.Module):
    def __init__(self, width, context, heads, groups):
        super().__init__()
        self.norm = nn.GroupNorm(groups, width, 1e-6)
        self.proj_in, self.proj_out = nn.Linear(width, width), nn.Linear(width, width)
        self.transformer_blocks = nn.ModuleList([Block(width, context, heads)])

    def forward(self, x, context):
        y = self.proj_in(self.norm(x).flatten(2).transpose(1, 2))        # [B,H*W,C]
        y = self.proj_out(self.transformer_blocks[0](y, context))
        return x + y.transpose(1, 2).unflatten(2, x.shape[2:])


class Resample(nn.Module):
    """A convolution that halves (stride 2) or follows a nearest upsampling to a given size."""

    def __init__(self, width, stride):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride=stride, padding=1)

    def forward(self, x, size=None):
        return self.conv(x if size is None else F.interpolate(x, size=size, mode="nearest"))


class Level(nn.Module):
    """One level on the way down or up: resnets, transformers where the config has them, a resampler but at the end."""

    def __init__(self, config, i, widths, resample):
        super().__init__()
        width, time = config.channels[i], 4 * config.channels[0]
        self.resnets = nn.ModuleList([Resnet(c, width, time, config.groups) for c in widths])
        if config.attention[i]:
            self.attentions = nn.ModuleList([Transformer(width, config.contextDim, config.heads[i], config.groups)
                                             for _ in widths])
        if resample:
            setattr(self, resample, nn.ModuleList([Resample(width, 2 if resample == "downsamplers" else 1)]))

    def step(self, r, x, temb, context):
        x = self.resnets[r](x, temb)
        return self.attentions[r](x, context) if hasattr(self, "attentions") else x


class Unet(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        channels, n = config.channels, len(config.channels)
        time = 4 * channels[0]
        self.conv_in = nn.Conv2d(config.inChannels, channels[0], 3, padding=1)
        self.time_embedding = nn.Module()
        self.time_embedding.linear_1 = nn.Linear(channels[0], time)
        self.time_embedding.linear_2 = nn.Linear(time, time)
        skips, width = [channels[0]], channels[0]
        self.down_blocks = nn.ModuleList()
        for i, cout in enumerate(channels):
            last = i == n - 1
            self.down_blocks.append(Level(config, i, [width] + [cout] * (config.resnets - 1), None if last else "downsamplers"))
            skips += [cout] * (config.resnets + (not last))
            width = cout
        self.mid_block = nn.Module()
        self.mid_block.resnets = nn.ModuleList([Resnet(width, width, time, config.groups) for _ in range(2)])
        self.mid_block.attentions = nn.ModuleList([Transformer(width, config.contextDim, config.heads[-1], config.groups)])
        self.up_blocks = nn.ModuleList()
        for i in reversed(range(n)):
            widths = []
            for _ in range(config.resnets + 1):
                widths.append(width + skips.pop())
                width = channels[i]
            self.up_blocks.append(Level(config, i, widths, "upsamplers" if i else None))
        self.conv_norm_out = nn.GroupNorm(config.groups, channels[0], 1e-5)
        self.conv_out = nn.Conv2d(channels[0], config.outChannels, 3, padding=1)

    def forward(self, x, t, context):
        """x [B,inChannels,H,W], t [B] in [0,1000), context [B,tokens,contextDim] -> [B,outChannels,H,W]"""
        temb = self.time_embedding.linear_1(sinusoid(t, self.config.channels[0]))
        temb = self.time_embedding.linear_2(F.silu(temb))
        h = self.conv_in(x)
        skips = [h]
        for level in self.down_blocks:
            for r in range(len(level.resnets)):
                h = level.step(r, h, temb, context)
                skips.append(h)
            if hasattr(level, "downsamplers"):
                h = level.downsamplers[0](h)
                skips.append(h)
        h = self.mid_block.resnets[0](h, temb)
        h = self.mid_block.attentions[0](h, context)
        h = self.mid_block.resnets[1](h, temb)
        for level in self.up_blocks:
            for r in range(len(level.resnets)):
                h = level.step(r, torch.cat([h, skips.pop()], 1), temb, context)
            if hasattr(level, "upsamplers"):
                h = level.upsamplers[0](h, skips[-1].shape[2:])
        return self.conv_out(F.silu(self.conv_norm_out(h)))


def sinusoid(t, channels):
    """Cosines first, period 10000: [B,channels]"""
    half = channels // 2
    frequency = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32, device=t.device) / half)
    angle = t.float()[:, None] * frequency
    return torch.cat([angle.cos(), angle.sin()], -1)


def alphas_cumprod():
    """Stable Diffusion's scaled-linear schedule: [1000]"""
    return torch.cumprod(1 - torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, 1000) ** 2, 0)


class Ddim:
    """DDIM with eta and log-probabilities, leading spacing, offset 1 (specs: D-Fusion §2; src/samplers/ddim.ts)."""

    def __init__(self, steps, prediction="epsilon"):
        self.alphas, self.stride, self.prediction = alphas_cumprod(), 1000 // steps, prediction
        self.timesteps = [(steps - 1 - i) * self.stride + 1 for i in range(steps)]

    def at(self, t):
        """-> alpha at t and at the step before: tensors for int or tensor t."""
        t = torch.as_tensor(t)
        before = self.alphas[(t - self.stride).clamp(min=0)]
        return self.alphas[t], before

    def mean(self, x, output, t, eta):
        """-> mean of the next sample, sigma, predicted clean sample. t int or [B]."""
        a, p = (v.reshape(-1, *[1] * (x.ndim - 1)) if v.ndim else v for v in self.at(t))
        if self.prediction == "epsilon":
            clean, noise = (x - (1 - a).sqrt() * output) / a.sqrt(), output
        else:
            clean, noise = a.sqrt() * x - (1 - a).sqrt() * output, a.sqrt() * output + (1 - a).sqrt() * x
        sigma = eta * ((1 - p) / (1 - a) * (1 - a / p)).sqrt()
        return p.sqrt() * clean + (1 - p - sigma ** 2).clamp(min=0).sqrt() * noise, sigma, clean

    def step(self, x, output, t, eta=0.0, z=None):
        """-> next sample, log-probability [B] (None where eta is 0)."""
        mean, sigma, _ = self.mean(x, output, t, eta)
        if eta == 0:
            return mean, None
        following = mean + sigma * z
        return following, log_probability(following, mean, sigma)


def log_probability(x, mean, sigma):
    """Mean over the elements of the Gaussian log density, per item: [B]"""
    density = -(x - mean) ** 2 / (2 * sigma ** 2) - torch.as_tensor(sigma).log() - 0.5 * math.log(2 * math.pi)
    return density.flatten(1).mean(1)


def noised(x, noise, t):
    """-> x_t and the v target."""
    a = alphas_cumprod().to(x)[t][:, None, None, None]
    return a.sqrt() * x + (1 - a).sqrt() * noise, a.sqrt() * noise - (1 - a).sqrt() * x

"""The scene network: from a picture to where its horizon, ground and light may be.

A convolutional encoder looks at the picture once: 144 tokens, and the ground as a map. Each token also votes for where the light
comes from (a shadow is local evidence); the votes are one distribution over the histogram's bins. What is ambiguous is sampled: a
rectified flow over a few scene tokens (camera, colours, gloss of the ground, and the light of each azimuth), which attend to each
other and to the picture; the tokens of light are told the votes. Time runs from 1 (noise) to 0, as in the other networks; the flow
predicts noise - scene.
"""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from places.light import AZIMUTHS, ELEVATIONS
from places.plan import LONGER
from places.samples import FIELDS, SCENE

TOKENS = 3 + AZIMUTHS  # camera, colours, ground, azimuths
CELLS = (LONGER // 16) ** 2  # tokens of the picture
BINS = ELEVATIONS * AZIMUTHS
START = {name: sum(w for n, w in FIELDS[:i]) for i, (name, _) in enumerate(FIELDS)}


@dataclass(frozen=True)
class Config:
    widths: tuple[int, ...] = (32, 64, 96, 144)  # at 96, 48, 24 and 12 cells a side
    depth: tuple[int, ...] = (1, 2, 2)  # blocks at all but the finest
    hidden: int = 144
    heads: int = 4
    blocks: int = 4

    def asdict(self) -> dict:
        return asdict(self)


def encoded(scene: Tensor) -> Tensor:
    """Rows of places.samples.scene_row [batch, SCENE] -> numbers of about unit size, in the same order."""
    cut = lambda name: scene[:, START[name]:START[name] + dict(FIELDS)[name]]
    return torch.cat([cut("horizon") * 4, cut("tilt") * 30, cut("focal") * 3, cut("sharpness") * 4 - 2,
                      torch.log(cut("key").clamp(0.05)) * 4, torch.log(cut("ambient").clamp(0.05)) * 4,
                      cut("reflectance") * 3 - 0.5, cut("roughness") * 3 - 0.5,
                      encoded_light(cut("light"))], 1)


def encoded_light(share: Tensor) -> Tensor:
    """Shares of the histogram's bins [batch, BINS] -> numbers of about unit size."""
    return (share * BINS).clamp(min=0).sqrt() - 0.7


def decoded(x: Tensor) -> Tensor:
    """The inverse of "encoded"; the histogram is made to sum to 1."""
    cut = lambda name: x[:, START[name]:START[name] + dict(FIELDS)[name]]
    light = (cut("light") + 0.7).clamp(min=0).square()
    colours = lambda name: torch.exp(cut(name) / 4)
    return torch.cat([cut("horizon") / 4, cut("tilt") / 30, cut("focal") / 3, ((cut("sharpness") + 2) / 4).clamp(0, 1),
                      colours("key"), colours("ambient"), ((cut("reflectance") + 0.5) / 3).clamp(0, 1),
                      ((cut("roughness") + 0.5) / 3).clamp(0, 1), light / light.sum(1, keepdim=True).clamp(1e-6)], 1)


class Attention(nn.Module):
    """Scene tokens read each other and the picture, shifted and scaled by the time."""

    def __init__(self, hidden: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm, self.norm_mlp = (nn.LayerNorm(hidden, elementwise_affine=False) for _ in range(2))
        self.q, self.out = nn.Linear(hidden, hidden), nn.Linear(hidden, hidden)
        self.kv, self.kv_picture = nn.Linear(hidden, 2 * hidden), nn.Linear(hidden, 2 * hidden)
        self.mlp = nn.Sequential(nn.Linear(hidden, 3 * hidden), nn.GELU("tanh"), nn.Linear(3 * hidden, hidden))
        self.time = nn.Linear(hidden, 6 * hidden)
        nn.init.zeros_(self.time.weight)
        nn.init.zeros_(self.time.bias)

    def forward(self, x: Tensor, picture: Tensor, time: Tensor) -> Tensor:
        shift, scale, gate, shift_mlp, scale_mlp, gate_mlp = self.time(F.silu(time))[:, None].chunk(6, -1)
        y = self.norm(x) * (1 + scale) + shift  # [batch, TOKENS, hidden]
        split = lambda t: t.unflatten(-1, (self.heads, -1)).transpose(1, 2)  # [batch, heads, tokens, width]
        k, v = torch.cat([self.kv(y), self.kv_picture(picture)], 1).chunk(2, -1)
        q, k, v = split(self.q(y)), split(k), split(v)
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1]), -1)
        x = x + (1 + gate) * self.out((weights @ v).transpose(1, 2).flatten(2))
        return x + (1 + gate_mlp) * self.mlp(self.norm_mlp(x) * (1 + scale_mlp) + shift_mlp)


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.first, self.second = (nn.Conv2d(width, width, 3, padding=1) for _ in range(2))
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.silu(self.first(F.silu(x))))


class SceneNet(nn.Module):
    def __init__(self, config: Config = Config()):
        super().__init__()
        self.config = config
        w, h = config.widths, config.hidden
        self.shrink = nn.ModuleList(nn.Conv2d(a, b, 4, 2, 1) for a, b in zip((4, *w), w))
        self.down = nn.ModuleList(nn.Sequential(*(Residual(width) for _ in range(n))) for width, n in zip(w[1:], config.depth))
        self.grow = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in zip(w[1:], w[2:]))
        self.up = nn.ModuleList(Residual(width) for width in w[1:-1])
        self.ground = nn.Conv2d(w[1], 1, 3, padding=1)
        self.picture = nn.Linear(w[-1], h)
        self.place = nn.Parameter(torch.randn(CELLS, h) * 0.02)
        self.vote = nn.Sequential(nn.Linear(h, h), nn.SiLU(), nn.Linear(h, BINS))
        self.token = nn.Parameter(torch.randn(TOKENS, h) * 0.02)
        self.read = nn.ModuleList(nn.Linear(n, h) for n in (3, 7, 2, 2 * ELEVATIONS))
        self.write = nn.ModuleList(nn.Linear(h, n) for n in (3, 7, 2, ELEVATIONS))
        self.clock = nn.Sequential(nn.Linear(64, h), nn.SiLU(), nn.Linear(h, h))
        self.blocks = nn.ModuleList(Attention(h, config.heads) for _ in range(config.blocks))
        self.norm = nn.LayerNorm(h)

    def look(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """x [batch, 4, 192, 192]: colour about grey, and where the picture is. -> tokens [batch, CELLS, hidden], logits of the
        light's bins [batch, BINS], logits of the ground [batch, 48, 48]"""
        skips = []
        for level, shrink in enumerate(self.shrink):
            x = shrink(F.silu(x) if level else x)
            x = self.down[level - 1](x) if level else x
            skips.append(x)
        tokens = self.picture(x.flatten(2).transpose(1, 2)) + self.place
        for level in (1, 0):
            x = self.up[level](F.interpolate(self.grow[level](x), scale_factor=2.0, mode="nearest") + skips[level + 1])
        return tokens, self.vote(tokens).mean(1), self.ground(F.silu(x))[:, 0]

    def flow(self, noisy: Tensor, time: Tensor, picture: Tensor, votes: Tensor) -> Tensor:
        """noisy [batch, SCENE] (encoded), time [batch] 0..1, picture and votes: tokens and logits of "look".
        -> noise - scene [batch, SCENE]"""
        camera, colours, gloss = noisy[:, :3], noisy[:, 3:10], noisy[:, 10:12]
        told = torch.stack([noisy[:, 12:], encoded_light(votes.softmax(1))], 1)  # [batch, 2, BINS]
        light = told.unflatten(2, (ELEVATIONS, AZIMUTHS)).flatten(1, 2).transpose(1, 2)  # [batch, AZIMUTHS, 2 ELEVATIONS]
        parts = [read(part) for read, part in zip(self.read, (camera[:, None], colours[:, None], gloss[:, None], light))]
        x = torch.cat(parts, 1) + self.token  # [batch, TOKENS, hidden]
        angle = time[:, None] * 1000 * torch.exp(-math.log(10000) * torch.arange(32, device=time.device) / 32)
        clock = self.clock(torch.cat([angle.cos(), angle.sin()], 1))
        for block in self.blocks:
            x = block(x, picture, clock)
        x = self.norm(x)
        one = [write(x[:, i]) for i, write in enumerate(self.write[:3])]
        return torch.cat([*one, self.write[3](x[:, 3:]).transpose(1, 2).flatten(1)], 1)


def flowed(model: SceneNet, noise: Tensor, picture: Tensor, votes: Tensor, steps: int) -> Tensor:
    """Where Euler's steps lead from noise [batch, SCENE]: a scene, encoded. picture, votes: of "look", one for each."""
    scene = noise
    for k in range(steps):
        scene = scene - model.flow(scene, torch.full((len(noise),), 1 - k / steps), picture, votes) / steps
    return scene


@torch.no_grad()
def sampled(model: SceneNet, x: Tensor, steps: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """A plausible scene (rows as places.samples.scene_row) and the probability of ground [batch, 48, 48], by Euler's steps."""
    picture, votes, ground = model.look(x)
    return decoded(flowed(model, torch.randn(len(x), SCENE, generator=generator), picture, votes, steps)), ground.sigmoid()

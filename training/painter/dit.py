"""FLUX's transformer under BFL's names, small (specs: FLUX §2-§5), as src/nets/flux/flux.ts runs it; and what Mix and Compose add:
Redux's two linears, DreamO's rows that say what an image is (specs: DreamO §3).

Tokens are 2 x 2 cells of the latent, [c * 4 + p * 2 + q]; text comes first. Weights of every linear have a bias.
"""
import math
from dataclasses import asdict, dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

TIMES = 256                              # channels of the sinusoid of a time or a guidance


@dataclass
class FluxConfig:
    """FluxConfig of src/families/flux/config.ts."""
    hidden: int = 192
    heads: int = 6
    axesDim: list = field(default_factory=lambda: [4, 14, 14])
    theta: float = 1000
    doubleBlocks: int = 3
    singleBlocks: int = 5
    mlpRatio: int = 2
    contextDim: int = 96
    inChannels: int = 64
    outChannels: int = 64
    vectorDim: int | None = None
    guidance: bool = True

    def asdict(self) -> dict:
        return asdict(self)


def packed(z: Tensor) -> Tensor:
    """[B,C,H,W] -> [B,H/2*W/2,4C]"""
    return F.pixel_unshuffle(z, 2).flatten(2).transpose(1, 2)


def unpacked(tokens: Tensor, side: int) -> Tensor:
    """Inverse of `packed` for square pictures of `side` tokens a side."""
    return F.pixel_shuffle(tokens.transpose(1, 2).unflatten(2, (side, side)), 2)


def grid(side: int, offset: int = 0) -> Tensor:
    """(0, row, column) of square tokens, the first at (offset, offset): [side*side,3]"""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return torch.stack([torch.zeros_like(y), y + offset, x + offset], -1).flatten(0, 1).double()


def rotations(ids: Tensor, axes: list[int], theta: float) -> tuple[Tensor, Tensor]:
    """ids [N,3] -> cosines, sines [N,headDim/2] of adjacent pairs, worked out in f64"""
    angle = torch.cat([ids[:, i, None] * theta ** (-torch.arange(0, d, 2).double() / d) for i, d in enumerate(axes)], 1)
    return angle.cos().float(), angle.sin().float()


def turned(x: Tensor, rotation: tuple[Tensor, Tensor]) -> Tensor:
    """x [B,heads,N,headDim]"""
    cos, sin = rotation
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([a * cos - b * sin, b * cos + a * sin], -1).flatten(-2).to(x.dtype)


def times(value: Tensor) -> Tensor:
    """Of 1000 * value, cosines first: [B,256]"""
    angle = 1000 * value.float()[:, None] * torch.exp(-math.log(10000) * torch.arange(TIMES // 2) / (TIMES // 2))
    return torch.cat([angle.cos(), angle.sin()], -1)


def shifted(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    return F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + scale) + shift


def balanced(x: Tensor, said: Tensor, sigma: Tensor) -> Tensor:
    """Velocity of x = (1 - sigma) data + sigma noise [B,N,C] at sigma [B], of what the network says: (sigma data - (1 - sigma) noise) / s with
    s^2 = sigma^2 + (1 - sigma)^2. That is never x itself, where the velocity is: a network whose stream is hardly wider than x would spend itself on
    handing x through (EDM's preconditioning, Karras et al. 2022, for this path)."""
    sigma = sigma.float()[:, None, None]
    square = sigma.square() + (1 - sigma).square()
    return (2 * sigma - 1) / square * x - square.rsqrt() * said.float()


class Embedder(nn.Module):
    def __init__(self, cin: int, hidden: int):
        super().__init__()
        self.in_layer, self.out_layer = nn.Linear(cin, hidden), nn.Linear(hidden, hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.out_layer(F.silu(self.in_layer(x)))


class Modulation(nn.Module):
    def __init__(self, hidden: int, parts: int):
        super().__init__()
        self.parts, self.lin = parts, nn.Linear(hidden, parts * hidden)
        nn.init.zeros_(self.lin.weight)                                  # a block begins as nothing
        nn.init.zeros_(self.lin.bias)

    def forward(self, vec: Tensor) -> tuple[Tensor, ...]:
        return self.lin(F.silu(vec))[:, None].chunk(self.parts, -1)


class Scale(nn.Module):
    def __init__(self, size: int):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(size))

    def forward(self, x: Tensor) -> Tensor:
        y = x.float()
        return (y * (y.square().mean(-1, keepdim=True) + 1e-6).rsqrt() * self.scale).to(x.dtype)


class QueryKey(nn.Module):
    def __init__(self, size: int):
        super().__init__()
        self.query_norm, self.key_norm = Scale(size), Scale(size)


def split(qkv: Tensor, heads: int, norm: QueryKey) -> list[Tensor]:
    """[B,N,3*hidden] -> q, k, v [B,heads,N,headDim]"""
    q, k, v = qkv.unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
    return [norm.query_norm(q), norm.key_norm(k), v]


def attend(q: Tensor, k: Tensor, v: Tensor, rotation) -> Tensor:
    q, k = turned(q, rotation), turned(k, rotation)
    p = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1)
    return (p.to(v.dtype) @ v).transpose(1, 2).flatten(2)


class SelfAttention(nn.Module):
    def __init__(self, hidden: int, heads: int):
        super().__init__()
        self.qkv, self.norm, self.proj = nn.Linear(hidden, 3 * hidden), QueryKey(hidden // heads), nn.Linear(hidden, hidden)


class DoubleBlock(nn.Module):
    """Text and image with weights of their own, under joint attention."""

    def __init__(self, c: FluxConfig):
        super().__init__()
        self.heads, inner = c.heads, c.mlpRatio * c.hidden
        for side in ("img", "txt"):
            setattr(self, f"{side}_mod", Modulation(c.hidden, 6))
            setattr(self, f"{side}_attn", SelfAttention(c.hidden, c.heads))
            setattr(self, f"{side}_mlp", nn.ModuleList([nn.Linear(c.hidden, inner), nn.Identity(), nn.Linear(inner, c.hidden)]))

    def forward(self, img: Tensor, txt: Tensor, vec: Tensor, rotation) -> tuple[Tensor, Tensor]:
        x, made = {"txt": txt, "img": img}, {side: getattr(self, f"{side}_mod")(vec) for side in ("txt", "img")}
        parts = [split((a := getattr(self, f"{s}_attn")).qkv(shifted(x[s], *made[s][:2])), self.heads, a.norm) for s in x]
        both = attend(*(torch.cat(part, 2) for part in zip(*parts)), rotation)
        for s, y in zip(x, both.split([txt.shape[1], img.shape[1]], 1)):
            _, _, gate1, shift2, scale2, gate2 = made[s]
            mlp = getattr(self, f"{s}_mlp")
            x[s] = x[s] + gate1 * getattr(self, f"{s}_attn").proj(y)
            x[s] = x[s] + gate2 * mlp[2](F.gelu(mlp[0](shifted(x[s], shift2, scale2)), approximate="tanh"))
        return x["img"], x["txt"]


class SingleBlock(nn.Module):
    """One set of weights for all tokens, attention and MLP side by side."""

    def __init__(self, c: FluxConfig):
        super().__init__()
        self.heads, self.widths = c.heads, [3 * c.hidden, c.mlpRatio * c.hidden]
        self.modulation, self.norm = Modulation(c.hidden, 3), QueryKey(c.hidden // c.heads)
        self.linear1, self.linear2 = nn.Linear(c.hidden, sum(self.widths)), nn.Linear(c.hidden + self.widths[1], c.hidden)

    def forward(self, x: Tensor, vec: Tensor, rotation) -> Tensor:
        shift, scale, gate = self.modulation(vec)
        qkv, inner = self.linear1(shifted(x, shift, scale)).split(self.widths, -1)
        y = attend(*split(qkv, self.heads, self.norm), rotation)
        return x + gate * self.linear2(torch.cat([y, F.gelu(inner, approximate="tanh")], -1))


class FinalLayer(nn.Module):
    def __init__(self, c: FluxConfig):
        super().__init__()
        self.adaLN_modulation = nn.ModuleList([nn.Identity(), nn.Linear(c.hidden, 2 * c.hidden)])
        self.linear = nn.Linear(c.hidden, c.outChannels)
        for layer in (self.adaLN_modulation[1], self.linear):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor, vec: Tensor) -> Tensor:
        return self.linear(shifted(x, *self.adaLN_modulation[1](F.silu(vec))[:, None].chunk(2, -1)))


class Flux(nn.Module):
    def __init__(self, config: FluxConfig):
        super().__init__()
        self.config = c = config
        self.img_in, self.txt_in = nn.Linear(c.inChannels, c.hidden), nn.Linear(c.contextDim, c.hidden)
        self.time_in = Embedder(TIMES, c.hidden)
        if c.guidance:
            self.guidance_in = Embedder(TIMES, c.hidden)
        if c.vectorDim:
            self.vector_in = Embedder(c.vectorDim, c.hidden)
        self.double_blocks = nn.ModuleList([DoubleBlock(c) for _ in range(c.doubleBlocks)])
        self.single_blocks = nn.ModuleList([SingleBlock(c) for _ in range(c.singleBlocks)])
        self.final_layer = FinalLayer(c)

    def forward(self, x: Tensor, ids: Tensor, context: Tensor, sigma: Tensor, guidance: Tensor, tags: Tensor | None = None,
                pooled: Tensor | None = None) -> Tensor:
        """x [B,N,inChannels] at ids [N,3], tags [N,hidden] added to them; context [B,T,contextDim]; sigma, guidance [B] ->
        velocity, noise minus data [B,N,outChannels]"""
        vec = self.time_in(times(sigma))
        if self.config.guidance:
            vec = vec + self.guidance_in(times(guidance))
        if self.config.vectorDim:
            vec = vec + self.vector_in(pooled)
        T = context.shape[1]
        rotation = rotations(torch.cat([torch.zeros(T, 3).double(), ids]), self.config.axesDim, self.config.theta)
        img, txt = self.img_in(x), self.txt_in(context)
        if tags is not None:
            img = img + tags
        for block in self.double_blocks:
            img, txt = block(img, txt, vec, rotation)
        both = torch.cat([txt, img], 1)
        for block in self.single_blocks:
            both = block(both, vec, rotation)
        return self.final_layer(both[:, T:], vec)


def places(cells: int, columns: int, width: int) -> Tensor:
    """Where a picture's cells lie, row by row [cells,width]: convolutions see alike everywhere, and words have no place of their own.
    Sines and cosines of the row, then of the column (src/pipelines/painter/cellPlaces.ts)."""
    omega = 100 ** -(torch.arange(width // 4) / (width // 4))
    at = torch.arange(cells)[:, None]
    row, column = at // columns * omega, at % columns * omega
    return torch.cat([row.sin(), row.cos(), column.sin(), column.cos()], 1)


class PainterD(nn.Module):
    """The transformer, Redux, and the rows of references."""

    def __init__(self, config: FluxConfig, vision: int, references: int = 3):
        super().__init__()
        self.flux = Flux(config)
        self.redux_up, self.redux_down = nn.Linear(vision, 3 * config.contextDim), nn.Linear(3 * config.contextDim, config.contextDim)
        self.task_embedding, self.idx_embedding = nn.Embedding(2, config.hidden), nn.Embedding(references + 1, config.hidden)
        for table in (self.task_embedding, self.idx_embedding):
            nn.init.normal_(table.weight, std=0.02)

    def words(self, seen: Tensor, columns: int = 8) -> Tensor:
        """What the scorer sees in a picture, row by row [B,n,vision], as words [B,n,contextDim]"""
        return self.redux_down(F.silu(self.redux_up(seen + places(seen.shape[1], columns, seen.shape[2]))))

    def forward(self, x: Tensor, context: Tensor, sigma: Tensor, guidance: Tensor, references: list[Tensor] = ()) -> Tensor:
        """x and references: packed latents of square pictures [B,n,64] -> velocity of x. References lie on the diagonal after x."""
        side = math.isqrt(x.shape[1])
        parts, ids, tags = [x], [grid(side)], [self.task_embedding.weight[1].expand(x.shape[1], -1)]
        for i, reference in enumerate(references):
            other = math.isqrt(reference.shape[1])
            ids.append(grid(other, side + i * other))
            parts.append(reference)
            tags.append((self.task_embedding.weight[0] + self.idx_embedding.weight[i + 1]).expand(reference.shape[1], -1))
        v = self.flux(torch.cat(parts, 1), torch.cat(ids), context, sigma, guidance, torch.cat(tags) if references else None)
        return balanced(x, v[:, :x.shape[1]], sigma)

"""Inlay Mini in PyTorch: docs/mini.md, read from top to bottom.

Shapes in trailing comments: N batch, L tokens, W hidden width, H heads, D head dim, S image side, n = S/p tokens per
side, M = S/r side of the gain and offset maps. Images are [-1,1] unless a name says otherwise. Positions are in units
of target tokens, pixel-edge coordinates (a token's centre is at +0.5).
"""
from dataclasses import asdict, dataclass, field
import math

import torch
from torch import nn
import torch.nn.functional as F


@dataclass
class Config:
    """Field names are the manifest's."""
    size: int = 128
    patch: int = 16
    mapReduction: int = 2
    hidden: int = 192
    heads: int = 6
    axesDim: list = field(default_factory=lambda: [4, 14, 14])
    theta: float = 100.0
    doubleBlocks: int = 2
    singleBlocks: int = 8
    mlpRatio: int = 4
    contextDim: int = 64
    textTokens: int = 16
    inChannels: int = 1024
    outChannels: int = 1536
    steps: int = 4
    strength: float = 1

    def __post_init__(self):
        self.inChannels = 4 * self.patch ** 2
        self.outChannels = 6 * (2 * self.patch // self.mapReduction) ** 2
        assert sum(self.axesDim) * self.heads == self.hidden

    asdict = asdict


# ---------------------------------------------------------------- parts of FLUX

def time_features(s):
    """E(1000 s): [N] in [0,1] -> [N,256], cosines first."""
    f = torch.exp(-math.log(10000) * torch.arange(128, device=s.device, dtype=torch.float32) / 128)
    a = 1000 * s.float()[:, None] * f
    return torch.cat([a.cos(), a.sin()], -1)


def rope_table(ids, axes, theta):
    """ids [N,L,3] -> (cos, sin) each [N,1,L,D/2]; angles in f64 because ids may be fractional and large."""
    angles = []
    for k, d in enumerate(axes):
        w = theta ** (-torch.arange(0, d, 2, device=ids.device, dtype=torch.float64) / d)
        angles.append(ids[..., k:k + 1].double() * w)
    a = torch.cat(angles, -1)[:, None]
    return a.cos().float(), a.sin().float()


def rotate(x, table):
    """Rotary embedding on adjacent channel pairs. x [N,H,L,D]."""
    cos, sin = table
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2).to(x.dtype)


class Scale(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * torch.rsqrt(x.float().square().mean(-1, keepdim=True) + 1e-6) * self.scale


class QKNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.query_norm, self.key_norm = Scale(dim), Scale(dim)


class Modulation(nn.Module):
    def __init__(self, width, parts):
        super().__init__()
        self.lin = nn.Linear(width, parts * width)
        self.parts = parts

    def forward(self, vec):                                              # [N,W] -> parts x [N,1,W]
        return self.lin(F.silu(vec))[:, None].float().chunk(self.parts, -1)


def modulated(x, shift, scale):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + scale) + shift


def heads_of(qkv, norm, table, heads):
    """[N,L,3W] -> q,k,v each [N,H,L,D], normalised and rotated."""
    q, k, v = qkv.unflatten(-1, (3, heads, -1)).permute(2, 0, 3, 1, 4)
    return rotate(norm.query_norm(q).to(v.dtype), table), rotate(norm.key_norm(k).to(v.dtype), table), v


def attend(q, keys):
    """q [N,H,L,D]; keys: list of (k,v). -> [N,L,W]"""
    k = torch.cat([k for k, _ in keys], 2)
    v = torch.cat([v for _, v in keys], 2)
    # Written out: at these lengths the backward pass of the fused CPU kernel takes five times as long.
    scores = (q @ k.transpose(-1, -2)).float() * q.shape[-1] ** -0.5
    return (scores.softmax(-1).to(v.dtype) @ v).transpose(1, 2).flatten(2)


class Stream(nn.Module):
    """The weights that one stream of a double block has under the prefixes img_ and txt_."""

    def __init__(self, c):
        super().__init__()
        W = c.hidden
        self.mod = Modulation(W, 6)
        self.attn = nn.Module()
        self.attn.qkv = nn.Linear(W, 3 * W)
        self.attn.norm = QKNorm(W // c.heads)
        self.attn.proj = nn.Linear(W, W)
        self.mlp = nn.Sequential(nn.Linear(W, c.mlpRatio * W), nn.GELU("tanh"), nn.Linear(c.mlpRatio * W, W))
        self.heads = c.heads

    def before(self, x, vec, table):
        m = self.mod(vec)
        return m, heads_of(self.attn.qkv(modulated(x, m[0], m[1])), self.attn.norm, table, self.heads)

    def after(self, x, m, attention):
        x = x + m[2] * self.attn.proj(attention)
        return x + m[5] * self.mlp(modulated(x, m[3], m[4]))


class DoubleBlock(nn.Module):
    """`text` sees [text, conditions]; the conditions see the same; the target sees that and itself."""

    def __init__(self, c):
        super().__init__()
        self.img, self.txt = Stream(c), Stream(c)

    def conditions(self, txt, img, vec, txt_table, img_table):
        mt, (qt, kt, vt) = self.txt.before(txt, vec, txt_table)
        mi, (qi, ki, vi) = self.img.before(img, vec, img_table)
        keys = (torch.cat([kt, ki], 2), torch.cat([vt, vi], 2))
        a = attend(torch.cat([qt, qi], 2), [keys])
        n = txt.shape[1]
        return self.txt.after(txt, mt, a[:, :n]), self.img.after(img, mi, a[:, n:]), keys

    def target(self, x, vec, table, keys):
        m, (q, k, v) = self.img.before(x, vec, table)
        return self.img.after(x, m, attend(q, [keys, (k, v)]))


class SingleBlock(nn.Module):
    def __init__(self, c):
        super().__init__()
        W = c.hidden
        self.modulation = Modulation(W, 3)
        self.linear1 = nn.Linear(W, (3 + c.mlpRatio) * W)
        self.linear2 = nn.Linear((1 + c.mlpRatio) * W, W)
        self.norm = QKNorm(W // c.heads)
        self.heads = c.heads

    def forward(self, x, vec, table, keys=()):
        """x [N,L,W] attends to itself and to `keys`; returns (x, own keys)."""
        shift, scale, gate = self.modulation(vec)
        y = self.linear1(modulated(x, shift, scale))
        W = x.shape[-1]
        q, k, v = heads_of(y[..., :3 * W], self.norm, table, self.heads)
        a = attend(q, [*keys, (k, v)])
        return x + gate * self.linear2(torch.cat([a, F.gelu(y[..., 3 * W:], approximate="tanh")], -1)), (k, v)


class FinalLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.linear = nn.Linear(c.hidden, c.outChannels)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(c.hidden, 2 * c.hidden))

    def forward(self, x, vec):
        shift, scale = self.adaLN_modulation(vec)[:, None].float().chunk(2, -1)
        return self.linear(modulated(x, shift, scale))


# ---------------------------------------------------------------- Mini

def patches(x, p):
    """[N,4,S,S] -> [N,n*n,4pp], features laid out c*p*p + y*p + x."""
    N, C, S, _ = x.shape
    return x.reshape(N, C, S // p, p, S // p, p).permute(0, 2, 4, 1, 3, 5).reshape(N, (S // p) ** 2, C * p * p)


class Mini(nn.Module):
    def __init__(self, config, vocabulary):
        super().__init__()
        c, W = config, config.hidden
        self.config = c
        self.word_embeddings = nn.Embedding(vocabulary, c.contextDim)
        self.image_tag_embeddings = nn.Embedding(3, W)
        self.img_in = nn.Linear(c.inChannels, W)
        self.txt_in = nn.Linear(c.contextDim, W)
        self.time_in = nn.Module()
        self.time_in.in_layer, self.time_in.out_layer = nn.Linear(256, W), nn.Linear(W, W)
        self.double_blocks = nn.ModuleList(DoubleBlock(c) for _ in range(c.doubleBlocks))
        self.single_blocks = nn.ModuleList(SingleBlock(c) for _ in range(c.singleBlocks))
        self.final_layer = FinalLayer(c)
        nn.init.normal_(self.word_embeddings.weight, std=0.5)
        nn.init.normal_(self.image_tag_embeddings.weight, std=0.2)
        # The head starts at zero: g = o = 0, the copy-paste itself.
        nn.init.zeros_(self.final_layer.linear.weight)
        nn.init.zeros_(self.final_layer.linear.bias)

    def vec(self, sigma):                                                # [N] -> [N,W]
        return self.time_in.out_layer(F.silu(self.time_in.in_layer(time_features(sigma))))

    def grid(self, affine=None):
        """Ids of an image segment [N or 1, n*n, 3]; `affine` [N,4] = (a,e,tx,ty) maps fg pixels to target pixels."""
        c = self.config
        n, p = c.size // c.patch, c.patch
        at = torch.arange(n, device=self.img_in.weight.device, dtype=torch.float64) + 0.5
        row, col = (g.flatten()[None] for g in torch.meshgrid(at, at, indexing="ij"))
        if affine is not None:
            a, e, tx, ty = (v[:, None] for v in affine.double().unbind(-1))
            row, col = (e * row * p + ty) / p, (a * col * p + tx) / p
        return torch.stack([torch.zeros_like(row), row, col], -1)

    def conditions(self, background, foreground, words, affine):
        """Everything that does not depend on the step: K/V of [text, fg, bg] per block.

        background [N,3,S,S], foreground [N,4,S,S], words [N,T] int, affine [N,4] -> list of (k,v) [N,H,T+2nn,D]
        """
        c, N = self.config, background.shape[0]
        blank = -torch.ones_like(background[:, :1])
        fg = self.img_in(patches(foreground, c.patch)) + self.image_tag_embeddings.weight[1]
        bg = self.img_in(patches(torch.cat([background, blank], 1), c.patch)) + self.image_tag_embeddings.weight[2]
        img = torch.cat([fg, bg], 1).float()                             # [N,2nn,W]
        txt = self.txt_in(self.word_embeddings(words)).float()           # [N,T,W]
        ids = torch.cat([self.grid(affine), self.grid().expand(N, -1, -1)], 1)
        img_table = rope_table(ids, c.axesDim, c.theta)
        txt_table = rope_table(ids.new_zeros(1, txt.shape[1], 3), c.axesDim, c.theta)
        vec = self.vec(background.new_zeros(N))
        kept = []
        for block in self.double_blocks:
            txt, img, keys = block.conditions(txt, img, vec, txt_table, img_table)
            kept.append(keys)
        x = torch.cat([txt, img], 1)
        table = tuple(torch.cat([t.expand(N, -1, -1, -1), i], 2) for t, i in zip(txt_table, img_table))
        for block in self.single_blocks:
            x, keys = block(x, vec, table)
            kept.append(keys)
        return kept

    def predict(self, x, sigma, alpha, kept, taps=None):
        """One step. x [N,3,S,S], sigma [N], alpha [N,1,S,S] in [0,1], kept from `conditions` -> maps [N,6,M,M]."""
        c = self.config
        h = self.img_in(patches(torch.cat([x, 2 * alpha - 1], 1), c.patch)) + self.image_tag_embeddings.weight[0]
        h = h.float()                                                    # [N,nn,W]
        table = rope_table(self.grid(), c.axesDim, c.theta)
        vec = self.vec(sigma)
        for i, block in enumerate([*self.double_blocks, *self.single_blocks]):
            if i < c.doubleBlocks:
                h = block.target(h, vec, table, kept[i])
            else:
                h, _ = block(h, vec, table, [kept[i]])
            if taps is not None:
                taps.append(h)
        return self.assemble(self.final_layer(h, vec).float())

    def assemble(self, windows):
        """Overlap-add of Hann windows: [N,nn,6ww] -> [N,6,M,M]."""
        c = self.config
        w, M = 2 * c.patch // c.mapReduction, c.size // c.mapReduction
        h = torch.sin(math.pi * (torch.arange(w, device=windows.device) + 0.5) / w) ** 2
        hann = (h[:, None] * h[None, :]).flatten()                       # [ww]
        layout = dict(output_size=(M, M), kernel_size=w, stride=w // 2, padding=w // 4)
        total = F.fold((windows.unflatten(-1, (6, -1)) * hann).flatten(2).transpose(1, 2), **layout)
        weight = F.fold(hann[None, :, None].expand(1, -1, windows.shape[1]), **layout)
        return total / weight

    def apply_maps(self, maps, paste):
        """x_hat [N,3,S,S] from maps [N,6,M,M] and paste [N,3,S,S]."""
        g, o = upsampled(maps, self.config.size).chunk(2, 1)
        return 2 * ((paste + 1) / 2 * (1 + g) + o) - 1


def upsampled(maps, size):
    return maps if maps.shape[-1] == size else F.interpolate(maps, (size, size), mode="bilinear", align_corners=False)


# ---------------------------------------------------------------- sampling and gate

def sigmas(steps, strength=1.0):
    return [strength * (1 - i / steps) for i in range(steps)] + [0.0]


@torch.no_grad()
def sample(model, background, foreground, paste, alpha, affine, words, noise, steps=None, strength=None, trace=None):
    """The loop of docs/mini.md. Returns (maps [N,6,M,M], x_hat [N,3,S,S]) of the last step."""
    c = model.config
    s = sigmas(steps or c.steps, c.strength if strength is None else strength)
    kept = model.conditions(background, foreground, words, affine)
    x = (1 - s[0]) * paste + s[0] * noise
    for now, then in zip(s, s[1:]):
        taps = [] if trace is not None else None
        maps = model.predict(x, x.new_full((x.shape[0],), now), alpha, kept, taps)
        x_hat = model.apply_maps(maps, paste)
        x = x + (then - now) * (x - x_hat) / now if then > 0 else x_hat
        if trace is not None:
            trace.append({"x": x, "maps": maps, "x_hat": x_hat, "hidden": taps})
    return maps, x_hat


def gated(maps, paste):
    """Removes invisible change: [N,6,M,M] -> g, o each [N,3,S,S] (upsampled, gated)."""
    g, o = upsampled(maps, paste.shape[-1]).chunk(2, 1)
    e = ((paste + 1) / 2 * g + o).abs().amax(1, keepdim=True)
    e = F.max_pool2d(e, 3, 1, 1)
    t = ((e - 1.5 / 255) / (2.5 / 255)).clamp(0, 1)
    gate = t * t * (3 - 2 * t)
    return g * gate, o * gate


# ---------------------------------------------------------------- names

def to_bfl(name):
    """Module path -> BFL tensor name: double_blocks.0.img.mod.lin.weight -> double_blocks.0.img_mod.lin.weight."""
    return name.replace(".img.", ".img_").replace(".txt.", ".txt_")


def bfl_state(model):
    return {to_bfl(k): v for k, v in model.state_dict().items()}


def load_bfl(model, tensors):
    model.load_state_dict({k: tensors[to_bfl(k)] for k in model.state_dict()})

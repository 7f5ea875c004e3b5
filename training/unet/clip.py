"""CLIP's text and vision transformers under Hugging Face's names (specs: encoders §2, §6), small.

Text: pre-norm layers under a causal mask, learned positions, pooled at the first highest id. Vision: patch convolution
without bias, class token, pre_layrnorm (sic), post_layernorm on the class token. LayerNorm eps 1e-5, exact GELU.
"""
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class TextConfig:
    """ClipTextConfig of src/schema/pack.ts."""
    width: int = 96
    heads: int = 4
    layers: int = 2
    mlp: int = 384
    vocabulary: int = 0
    positions: int = 16
    activation: str = "gelu"
    projection: int | None = None

    def asdict(self):
        return asdict(self)


@dataclass
class VisionConfig:
    width: int = 96
    heads: int = 4
    layers: int = 3
    mlp: int = 384
    image: int = 64
    patch: int = 8
    activation: str = "gelu"
    projection: int = 96

    def asdict(self):
        return asdict(self)


class SelfAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x, bias):
        q, k, v = (f(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for f in (self.q_proj, self.k_proj, self.v_proj))
        p = q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5
        p = (p if bias is None else p + bias).softmax(-1)
        return self.out_proj((p @ v).transpose(1, 2).flatten(2))


class Layer(nn.Module):
    def __init__(self, width, heads, mlp):
        super().__init__()
        self.layer_norm1, self.self_attn = nn.LayerNorm(width), SelfAttention(width, heads)
        self.layer_norm2, self.mlp = nn.LayerNorm(width), nn.Module()
        self.mlp.fc1, self.mlp.fc2 = nn.Linear(width, mlp), nn.Linear(mlp, width)

    def forward(self, x, bias=None):
        x = x + self.self_attn(self.layer_norm1(x), bias)
        return x + self.mlp.fc2(F.gelu(self.mlp.fc1(self.layer_norm2(x))))


def encoder(c):
    part = nn.Module()
    part.layers = nn.ModuleList([Layer(c.width, c.heads, c.mlp) for _ in range(c.layers)])
    return part


def table(rows, width):
    t = nn.Embedding(rows, width)
    nn.init.normal_(t.weight, std=0.05)
    return t


class ClipText(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = c = config
        self.text_model = m = nn.Module()
        m.embeddings = nn.Module()
        m.embeddings.token_embedding, m.embeddings.position_embedding = table(c.vocabulary, c.width), table(c.positions, c.width)
        m.encoder, m.final_layer_norm = encoder(c), nn.LayerNorm(c.width)
        if c.projection:
            self.text_projection = nn.Linear(c.width, c.projection, bias=False)

    def forward(self, ids):
        """ids [B,T] -> hidden [B,T,width], pooled [B,width or projection]"""
        m, T = self.text_model, ids.shape[1]
        x = m.embeddings.token_embedding(ids) + m.embeddings.position_embedding.weight[:T]
        bias = torch.full((T, T), -1e9, device=ids.device).triu(1)
        for layer in m.encoder.layers:
            x = layer(x, bias)
        x = m.final_layer_norm(x)
        pooled = x[torch.arange(len(ids), device=ids.device), ids.argmax(1)]
        return x, self.text_projection(pooled) if self.config.projection else pooled


class Clip(ClipText):
    """Both towers and logit_scale: the scorer."""

    def __init__(self, text, vision):
        super().__init__(text)
        self.vision = c = vision
        self.vision_model = m = nn.Module()
        m.embeddings = nn.Module()
        m.embeddings.class_embedding = nn.Parameter(torch.randn(c.width) * 0.05)
        m.embeddings.patch_embedding = nn.Conv2d(3, c.width, c.patch, c.patch, bias=False)
        m.embeddings.position_embedding = table((c.image // c.patch) ** 2 + 1, c.width)
        m.pre_layrnorm, m.encoder, m.post_layernorm = nn.LayerNorm(c.width), encoder(c), nn.LayerNorm(c.width)
        self.visual_projection = nn.Linear(c.width, c.projection, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(2.5))

    def image(self, x):
        """x [B,3,image,image] in [-1,1] -> unit features [B,projection]"""
        m = self.vision_model
        x = m.embeddings.patch_embedding(x).flatten(2).transpose(1, 2)
        x = torch.cat([m.embeddings.class_embedding.expand(len(x), 1, -1), x], 1) + m.embeddings.position_embedding.weight
        x = m.pre_layrnorm(x)
        for layer in m.encoder.layers:
            x = layer(x)
        return F.normalize(self.visual_projection(m.post_layernorm(x[:, 0])), dim=-1)

    def text(self, ids):
        """-> unit features [B,projection]"""
        return F.normalize(self(ids)[1], dim=-1)

    def score(self, x, ids):
        """Cosine of each picture with its caption: [B]"""
        return (self.image(x) * self.text(ids)).sum(-1)

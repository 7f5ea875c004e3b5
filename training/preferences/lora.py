"""A LoRA on the attention linears of unet/model.py, under the names that diffusers gives it."""
from contextlib import contextmanager

import torch
from safetensors.torch import save_file
from torch import nn

from unet.model import Attention


class Lora(nn.Module):
    """W x + B A x. A and B learn; A0 and B0 are what they started from, and what the pairs were made with."""

    def __init__(self, linear, rank, generator):
        super().__init__()
        self.linear, self.old = linear, False
        self.a = nn.Parameter(torch.randn(rank, linear.in_features, generator=generator) / rank)
        self.b = nn.Parameter(torch.zeros(linear.out_features, rank))
        self.register_buffer("a0", self.a.detach().clone())
        self.register_buffer("b0", self.b.detach().clone())

    def forward(self, x):
        a, b = (self.a0, self.b0) if self.old else (self.a, self.b)
        return self.linear(x) + x @ a.T @ b.T


class Loras:
    """Puts a Lora around to_q, to_k, to_v and to_out.0 of every attention; everything else is frozen."""

    def __init__(self, unet, rank, seed=0):
        generator = torch.Generator().manual_seed(seed)
        unet.requires_grad_(False)
        self.modules = {}
        for path, attention in list(unet.named_modules()):
            if not isinstance(attention, Attention):
                continue
            for name in ("to_q", "to_k", "to_v"):
                self.modules[f"{path}.{name}"] = lora = Lora(getattr(attention, name), rank, generator)
                setattr(attention, name, lora)
            self.modules[f"{path}.to_out.0"] = attention.to_out[0] = Lora(attention.to_out[0], rank, generator)

    def parameters(self):
        return [p for lora in self.modules.values() for p in (lora.a, lora.b)]

    @contextmanager
    def old(self):
        """Within, the U-Net is the one that made the pairs."""
        for lora in self.modules.values():
            lora.old = True
        try:
            yield
        finally:
            for lora in self.modules.values():
                lora.old = False

    def tensors(self):
        out = {}
        for name, lora in self.modules.items():
            out[f"unet.{name}.lora_A.weight"] = lora.a.detach().cpu().contiguous()
            out[f"unet.{name}.lora_B.weight"] = lora.b.detach().cpu().contiguous()
        return out

    @torch.no_grad()
    def load(self, tensors, start=False):
        """Takes A and B from a saved LoRA; with `start` also as what the pairs were made with."""
        expected = self.tensors()
        if tensors.keys() != expected.keys() or any(tensors[k].shape != expected[k].shape for k in expected):
            raise SystemExit("The LoRA does not fit: another U-Net, another rank, or not made here.")
        for name, lora in self.modules.items():
            for half, key in (("a", "lora_A"), ("b", "lora_B")):
                value = tensors[f"unet.{name}.{key}.weight"].to(lora.a)
                getattr(lora, half).copy_(value)
                if start:
                    getattr(lora, half + "0").copy_(value)

    def save(self, path, about):
        """`about` becomes the file's metadata: text by name."""
        save_file(self.tensors(), path, metadata={"format": "pt", **about})

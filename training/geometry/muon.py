"""Muon for convolutions: torch.optim.Muon takes matrices only, and a convolution is one of [out, in * y * x]."""
from pathlib import Path

import torch
from torch import Tensor
from torch.optim import Optimizer

COEFFICIENTS = (3.4445, -4.7750, 2.0315)  # of the Newton-Schulz iteration, as in torch.optim.Muon
STEPS = 5


def quick_bf16() -> bool:
    """Whether the processor multiplies bf16, by AMX or by AVX-512; elsewhere torch does it ten times slower than f32."""
    path = Path("/proc/cpuinfo")
    return path.exists() and any(flag in path.read_text() for flag in ("amx_bf16", "avx512_bf16"))


KIND = torch.bfloat16 if quick_bf16() else torch.float32


def orthogonal(matrix: Tensor) -> Tensor:
    """Near the closest matrix of orthonormal rows (or columns, whichever are fewer)."""
    a, b, c = COEFFICIENTS
    tall = matrix.shape[0] > matrix.shape[1]
    x = (matrix.T if tall else matrix).to(KIND)
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(STEPS):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).float()


class Muon(Optimizer):
    """Orthogonalised Nesterov momentum, scaled to the size of an AdamW step."""

    def __init__(self, parameters, lr: float, momentum: float = 0.95, weight_decay: float = 0.02):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure=None) -> None:
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                state["momentum"].lerp_(p.grad, 1 - group["momentum"])
                ahead = p.grad.lerp(state["momentum"], group["momentum"]).flatten(1)
                p.mul_(1 - group["lr"] * group["weight_decay"])
                scale = 0.2 * max(ahead.shape) ** 0.5
                p.add_(orthogonal(ahead).reshape(p.shape), alpha=-group["lr"] * scale)

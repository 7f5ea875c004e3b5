"""The loop that every network of Painter 2 is trained by.

What a step sees is drawn from its number and the seed alone, so a run that was stopped goes on to the same bits with `--resume`. From a
shipped pack (`--weights`) the optimisers are fresh: 200 steps of warm-up, then a constant rate. Only the last run of all lets it fall
(`--decay`). Muon for matrices and convolutions inside the networks, AdamW for the rest; an average of the weights is what is used. bf16
where the processor multiplies it (AMX, AVX-512); elsewhere it is slower than f32.
"""
import argparse
import copy
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import nn

from geometry.muon import Muon, quick_bf16
from geometry.train import record

WARM_UP = 200


def arguments(about: str, batch: int, rate: float, ema: float = 0.998) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--art", default="data/emoji.npz")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, required=True, help="in all")
    parser.add_argument("--batch", type=int, default=batch)
    parser.add_argument("--rate", type=float, default=rate)
    parser.add_argument("--decay", type=int, default=0, help="the last so many steps bring the rate down to nothing")
    parser.add_argument("--ema", type=float, default=ema)
    parser.add_argument("--every", type=int, default=500, help="steps between looks and checkpoints")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bf16", action=argparse.BooleanOptionalAction, default=quick_bf16())
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--weights", help="begin from the weights of a shipped pack's folder")
    parser.add_argument("--until", type=int, help="stop after this step; --resume goes on")
    return parser


def optimisers_of(model: nn.Module, rate: float) -> list[torch.optim.Optimizer]:
    inside = lambda name, p: p.ndim >= 2 and min(p.shape[0], p[0].numel()) >= 16 and not any(k in name for k in ("embedding", "_in.", "_out.weight", "logit"))
    wanted = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    return [Muon([p for n, p in wanted if inside(n, p)], lr=rate),
            torch.optim.AdamW([p for n, p in wanted if not inside(n, p)], lr=rate, weight_decay=0, betas=(0.9, 0.98))]


class Run:
    """A network in training, its average, its optimisers, and the file of all."""

    def __init__(self, model: nn.Module, o: argparse.Namespace):
        self.o, self.model, self.step, self.samples, self.seconds = o, model, 0, 0, 0.0
        self.average = copy.deepcopy(model).eval().requires_grad_(False)
        self.optimisers = optimisers_of(model, o.rate)
        if o.resume:
            state = torch.load(o.out / "state.pt", weights_only=True)
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            for optimiser, kept in zip(self.optimisers, state["optimisers"]):
                optimiser.load_state_dict(kept)
            self.step, self.samples, self.seconds = (state[k] for k in ("step", "samples", "seconds"))

    def save(self, config: dict) -> None:
        state = {"model": self.model.state_dict(), "average": self.average.state_dict(), "optimisers": [p.state_dict() for p in self.optimisers],
                 "step": self.step, "seconds": self.seconds, "samples": self.samples, "config": config}
        torch.save(state, self.o.out / "state.part")
        os.replace(self.o.out / "state.part", self.o.out / "state.pt")

    def rate(self) -> float:
        falling = min(1.0, (self.o.steps - self.step) / self.o.decay) if self.o.decay else 1.0
        return self.o.rate * min(1.0, (self.step + 1) / WARM_UP) * falling

    def learn(self, loss_of: Callable[[nn.Module, np.random.Generator], torch.Tensor]) -> float:
        """One step. `loss_of` draws its own batch, from the generator it is given and torch's."""
        began = time.time()
        torch.manual_seed(self.o.seed * 1_000_003 + self.step)
        with torch.autocast("cpu", torch.bfloat16, enabled=self.o.bf16):
            loss = loss_of(self.model, np.random.default_rng([self.o.seed, self.step]))
        if not bool(loss.isfinite()):
            raise SystemExit(f"The loss of step {self.step} is not a number; what was saved before it is sound.")
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = self.rate()
            optimiser.step()
            optimiser.zero_grad()
        self.step, self.samples = self.step + 1, self.samples + self.o.batch
        keep = min(self.o.ema, (1 + self.step) / (20 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - keep)
        self.seconds += min(60, time.time() - began)
        return float(loss.detach())


def train(model: nn.Module, o: argparse.Namespace, loss_of: Callable, look: Callable[[nn.Module], dict], config: dict) -> Run:
    """Until `--steps`. `look` measures the average: a row of the curve."""
    torch.set_num_threads(o.threads)
    o.out.mkdir(parents=True, exist_ok=True)
    run, losses = Run(model, o), []
    count = sum(p.numel() for p in model.parameters() if p.requires_grad)
    print(f"{count} parameters, bf16 {o.bf16}, step {run.step} of {o.steps}", flush=True)
    first, last = run.step, min(o.steps, o.until or o.steps)
    while run.step < last:
        losses.append(run.learn(loss_of))
        if run.step - first == 2:                                        # what comes before is slower
            began, cpu = time.time(), time.process_time()
        if run.step - first == 12:
            pace, own = (time.time() - began) / 10, (time.process_time() - cpu) / 10
            print(f"plan: {pace:.2f} s a step, {o.batch / pace:.1f} samples a second, {o.batch / own:.1f} a second of the processor's; "
                  f"{pace * (o.steps - run.step) / 60:.0f} minutes to go", flush=True)
        if run.step % o.every == 0 or run.step == last:
            record(o.out / "curve.csv", {"step": run.step, "samples": run.samples, "minutes": run.seconds / 60, "rate": run.rate(),
                                         "loss": float(np.mean(losses)), **look(run.average)})
            losses = []
            run.save(config)
    return run

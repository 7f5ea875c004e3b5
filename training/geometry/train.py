"""Trains the geometry network; shards that are written while it runs are picked up.

    python -m geometry.train --data data/geometry --held-out data/geometry-held-out --out runs/geometry --minutes 120
    the same with --resume goes on (also with more --minutes: the schedule stretches); --weights ../public/models/geometry
    begins at the weights of a pack or of another run's state.pt

Writes runs/geometry/state.pt (weights, their average, optimisers) and curve.csv.
"""
import argparse
import copy
import csv
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from packs import read_pack

from .data import Shards, plain, targets, varied
from .model import Config, Geometry, GeometryNet, read
from .muon import Muon

EVERY = 1.5  # minutes of the processor between evaluations, after each of which the state is saved


def loss_of(said: Geometry, wanted: Geometry, cover: Tensor) -> Tensor:
    """Lengths by L1 and by the L1 of their differences between cells, heavier where the object stands; see README."""
    covered = (cover > 0).float()
    weight = covered * (0.25 + 0.75 * cover) * (1 + 2 * wanted.contact)
    weight = weight / weight.sum((1, 2), keepdim=True).clamp(min=1) / len(cover)
    front, back = said.front - wanted.front, (said.front + said.gap) - (wanted.front + wanted.gap)
    lengths = ((front.abs() + back.abs() + 0.5 * (said.gap - wanted.gap).abs()) * weight).sum()
    across, down = covered[:, :, 1:] * covered[:, :, :-1], covered[:, 1:] * covered[:, :-1]
    slopes = sum(((e[:, :, 1:] - e[:, :, :-1]).abs() * across).sum() / across.sum() +
                 ((e[:, 1:] - e[:, :-1]).abs() * down).sum() / down.sum() for e in (front, back))
    touch = (F.binary_cross_entropy_with_logits(said.contact, wanted.contact, reduction="none") * weight).sum()
    normals = ((1 - (said.normals * wanted.normals).sum(1)) * weight).sum()
    camera = (said.sight - wanted.sight).abs().mean() + 0.2 * (said.focal - wanted.focal).abs().mean()
    return lengths + slopes + 0.15 * touch + 0.2 * normals + 0.15 * camera


@torch.no_grad()
def measure(model: nn.Module, held: Shards, limit: int) -> dict[str, float]:
    """Mean errors inside the masks: lengths in extents, contact as a probability, angles in degrees, focal as a log."""
    batch = held.all(limit)
    wanted, cover = targets(batch)
    covered = (cover > 0).float()
    said = read(*[torch.cat(part) for part in zip(*(model(x) for x in plain(batch).split(50)))])
    mean = lambda e: float(((e * covered).sum((1, 2)) / covered.sum((1, 2))).mean())
    angle = torch.rad2deg(torch.acos((said.normals * wanted.normals).sum(1).clamp(-1, 1)))
    back = (said.front + said.gap) - (wanted.front + wanted.gap)
    return {"front": mean((said.front - wanted.front).abs()), "back": mean(back.abs()),
            "gap": mean((said.gap - wanted.gap).abs()), "contact": mean((said.contact.sigmoid() - wanted.contact).abs()),
            "normals": mean(angle), "sight": float(torch.rad2deg((said.sight - wanted.sight).abs()).mean()),
            "focal": float((said.focal - wanted.focal).abs().mean())}


def weights_of(path: Path) -> tuple[Config, dict[str, Tensor]]:
    """The averaged weights of a run's state.pt, or those of a pack's folder."""
    if path.is_dir():
        manifest, tensors = read_pack(path)
        return Config(**manifest["config"]), tensors
    kept = torch.load(path, weights_only=True)
    return Config(**kept["config"]), kept["average"]


def optimisers_of(model: GeometryNet, rate: float) -> list[torch.optim.Optimizer]:
    inner = [p for name, p in model.named_parameters() if name.startswith(("down.", "up.", "shrink.")) and p.ndim == 4]
    inside = {id(p) for p in inner}
    outer = [p for p in model.parameters() if id(p) not in inside]
    return [Muon(inner, lr=rate), torch.optim.AdamW(outer, lr=rate, weight_decay=0, betas=(0.9, 0.98))]


class Run:
    """What a training is made of, and its file."""

    def __init__(self, out: Path, rate: float, resume: bool, weights: Path | None = None):
        self.out = out
        state = torch.load(out / "state.pt", weights_only=True) if resume else None
        self.model = GeometryNet(Config(**state["config"]) if state else Config()).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).eval()
        self.optimisers = optimisers_of(self.model, rate)
        self.step = self.samples = 0
        self.trained = self.cpu = 0.0  # seconds
        if weights and not state:
            self.model.load_state_dict(weights_of(weights)[1])
            self.average.load_state_dict(self.model.state_dict())
        if state:
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            for optimiser, kept in zip(self.optimisers, state["optimisers"]):
                optimiser.load_state_dict(kept)
            self.step, self.samples, self.trained, self.cpu = (state[k] for k in ("step", "samples", "trained", "cpu"))

    def save(self) -> None:
        state = {"model": self.model.state_dict(), "average": self.average.state_dict(), "config": self.model.config.asdict(),
                 "optimisers": [o.state_dict() for o in self.optimisers], "step": self.step, "samples": self.samples,
                 "trained": self.trained, "cpu": self.cpu}
        torch.save(state, self.out / "state.part")
        os.replace(self.out / "state.part", self.out / "state.pt")

    def learn(self, shards: Shards, rng: np.random.Generator, size: int, rate: float) -> float:
        x, wanted, cover = varied(shards.draw(rng, size))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            raw = self.model(x.contiguous(memory_format=torch.channels_last))
        loss = loss_of(read(*raw), wanted, cover)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        self.step, self.samples = self.step + 1, self.samples + size
        keep = min(0.998, (1 + self.step) / (20 + self.step))
        with torch.no_grad():
            for mean, p in zip(self.average.parameters(), self.model.parameters()):
                mean.lerp_(p, 1 - keep)
        return float(loss.detach())


def rate_at(share: float, step: int, cooldown: float) -> float:
    """Of the full rate: a short warm-up by steps, then flat, then down to nothing in the last share of the time."""
    return min(1.0, (step + 1) / 100) * min(1.0, max(1 - share, 0) / cooldown)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "held-out", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--cooldown", type=float, default=0.3, help="the last share of the time, in which the rate falls to 0")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--weights", type=Path, help="a pack's folder or a state.pt to begin at")
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    o.out.mkdir(parents=True, exist_ok=True)
    run, shards, held = Run(o.out, o.rate, o.resume, o.weights), Shards(o.data), Shards(o.held_out)
    held.refresh()
    torch.manual_seed(run.step)
    rng, last, cpu, looked, losses = np.random.default_rng(run.step + 1), time.time(), time.process_time(), run.cpu, []
    while run.trained < o.minutes * 60:
        if run.step % 100 == 0 or not shards.loaded:
            loaded = shards.refresh()
        losses.append(run.learn(shards, rng, o.batch, o.rate * rate_at(run.trained / o.minutes / 60, run.step, o.cooldown)))
        run.trained += time.time() - last
        run.cpu += time.process_time() - cpu
        last, cpu = time.time(), time.process_time()
        if run.cpu - looked > EVERY * 60 or run.trained >= o.minutes * 60:
            looked = run.cpu
            row = {"minutes": run.trained / 60, "cpu_minutes": run.cpu / 60, "step": run.step, "samples": run.samples,
                   "loaded": loaded, "loss": float(np.mean(losses)), **measure(run.average, held, 300)}
            losses = []
            record(o.out / "curve.csv", row)
            run.save()


def record(path: Path, row: dict[str, float]) -> None:
    """Adds a row to a CSV file, which the first row gives its columns."""
    new = not path.exists()
    with path.open("a", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        if new:
            writer.writeheader()
        writer.writerow({k: f"{v:.4g}" if isinstance(v, float) else v for k, v in row.items()})
    print(" ".join(f"{k} {v:.4g}" for k, v in row.items()), flush=True)


if __name__ == "__main__":
    main()

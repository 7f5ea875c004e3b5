"""Trains the cut-out network on photos that are composed as it learns; shards that are written while it runs are picked up.

    python -m cutout.train --models data/geometry --icons data/icons --places data/places --photos PHOTOS \\
        --held-models data/geometry-held-out --held-icons data/icons-held-out --held-places data/places-held-out \\
        --out runs/cutout --minutes 60
    the same with --resume goes on (also with more --minutes: the schedule stretches)

Writes runs/cutout/state.pt (weights, their average, optimisers) and curve.csv.
"""
import argparse
import copy
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from geometry.data import chance
from geometry.train import optimisers_of, rate_at, record

from .data import Sources, composed, sources
from .model import Config, CutoutNet, alpha_of, inputs, logits_of

EVERY = 1.5  # minutes of the processor between evaluations, after each of which the state is saved
HELD = 240  # held-out pictures
KEPT = 12  # batches that are learnt from in turn
SEED = 11  # that they are composed from


def loss_of(cells: Tensor, alpha: Tensor) -> Tensor:
    """Cross-entropy, heavier along the outline, and what is missing of the overlap. alpha [batch, 128, 128]"""
    logits = logits_of(cells)
    near = F.avg_pool2d(alpha[:, None], 9, 1, 4)[:, 0]
    weight = 1 + 4 * (4 * near * (1 - near))
    entropy = (F.binary_cross_entropy_with_logits(logits, alpha, reduction="none") * weight).sum() / weight.sum()
    return entropy + 0.5 * (1 - overlap(logits.sigmoid(), alpha)).mean()


def overlap(said: Tensor, wanted: Tensor) -> Tensor:
    """Sum of minima over sum of maxima, [batch]."""
    return (torch.minimum(said, wanted).sum((1, 2)) + 1) / (torch.maximum(said, wanted).sum((1, 2)) + 1)


def held_out(source: Sources) -> tuple[Tensor, Tensor]:
    """The same pictures whenever they are asked for: input, alpha."""
    with torch.random.fork_rng():
        torch.manual_seed(SEED)
        rng = np.random.default_rng(SEED)
        parts = [composed(source, rng, 24) for _ in range(HELD // 24)]
    return inputs(torch.cat([p[0] for p in parts])), torch.cat([p[1] for p in parts])


@torch.no_grad()
def measure(model: nn.Module, x: Tensor, alpha: Tensor) -> dict[str, float]:
    """Overlap of the map and of what it says at a half, the share of pictures in which that is above 0.8."""
    said = torch.cat([alpha_of(model(part)) for part in x.split(48)])
    hard = overlap((said > 0.5).float(), (alpha > 0.5).float())
    return {"soft": float(overlap(said, alpha).mean()), "iou": float(hard.mean()), "good": float((hard > 0.8).float().mean())}


class Pool:
    """The last composed pictures, each learnt from about "reuse" times: composing takes a third of the processor."""

    def __init__(self, compose: Callable[[], tuple[Tensor, Tensor]], reuse: int):
        self.compose, self.reuse, self.drawn = compose, reuse, 0
        self.batches: list[tuple[Tensor, Tensor]] = []

    def draw(self) -> tuple[Tensor, Tensor]:
        """As "composed", from several batches at once, mirrored at random."""
        if self.drawn % self.reuse == 0:
            self.batches = [*self.batches[1 - KEPT:], self.compose()]
        self.drawn += 1
        count = len(self.batches[0][0])
        rows = list(zip(torch.randint(len(self.batches), (count,)).tolist(), torch.randint(count, (count,)).tolist()))
        picture, alpha = (torch.stack([self.batches[batch][part][row] for batch, row in rows]) for part in (0, 1))
        return (picture.flip(3), alpha.flip(2)) if chance(0.5) else (picture, alpha)


class Run:
    """What a training is made of, and its file."""

    def __init__(self, out: Path, rate: float, resume: bool, config: Config = Config()):
        self.out = out
        state = torch.load(out / "state.pt", weights_only=True) if resume else None
        self.model = CutoutNet(Config(**state["config"]) if state else config).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).eval()
        self.optimisers = optimisers_of(self.model, rate)
        self.step = self.samples = 0
        self.trained = self.cpu = 0.0  # seconds
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

    def learn(self, picture: Tensor, alpha: Tensor, rate: float) -> float:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            cells = self.model(inputs(picture).contiguous(memory_format=torch.channels_last))
        loss = loss_of(cells, alpha)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad()
        self.step, self.samples = self.step + 1, self.samples + len(picture)
        keep = min(0.998, (1 + self.step) / (20 + self.step))
        with torch.no_grad():
            for mean, p in zip(self.average.parameters(), self.model.parameters()):
                mean.lerp_(p, 1 - keep)
        return float(loss.detach())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("models", "icons", "places", "held-models", "held-icons", "held-places", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--photos", type=Path, help="photographs without a main object")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--reuse", type=int, default=3, help="how often a composed picture is learnt from")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    o.out.mkdir(parents=True, exist_ok=True)
    run, source = Run(o.out, o.rate, o.resume), sources(o.models, o.icons, o.places, o.photos)
    kept_out = sources(o.held_models, o.held_icons, o.held_places, None)
    kept_out.refresh()
    held = held_out(kept_out)
    torch.manual_seed(run.step)
    rng, last, cpu, looked, losses = np.random.default_rng(run.step + 1), time.time(), time.process_time(), run.cpu, []
    loaded = source.refresh()
    pool = Pool(lambda: composed(source, rng, o.batch), o.reuse)
    while run.trained < o.minutes * 60:
        if run.step % 200 == 0:
            loaded = source.refresh()
        losses.append(run.learn(*pool.draw(), o.rate * rate_at(run.trained / o.minutes / 60, run.step)))
        run.trained += time.time() - last
        run.cpu += time.process_time() - cpu
        last, cpu = time.time(), time.process_time()
        if run.cpu - looked > EVERY * 60 or run.trained >= o.minutes * 60:
            looked = run.cpu
            row = {"minutes": run.trained / 60, "cpu_minutes": run.cpu / 60, "step": run.step, "samples": run.samples,
                   "loaded": loaded, "loss": float(np.mean(losses)), **measure(run.average, *held)}
            losses = []
            record(o.out / "curve.csv", row)
            run.save()


if __name__ == "__main__":
    main()

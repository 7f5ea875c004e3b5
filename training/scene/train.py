"""Trains the scene network; shards that are written while it runs are picked up.

    python -m scene.train --data data/places --held-out data/places-held-out --out runs/scene --minutes 120
    the same with --resume goes on

Figures on held-out pictures, four steps. horizon: median error in longer sides, near: share of the horizons within 0.05, both of
the median of eight draws; strongest: share of places with a sharpness of 0.4 and more whose strongest bin is within 30 degrees of
the true one's azimuth, in one draw, agreed: the same in the mean of the draws, voted: in the votes; ground: mean error of the map where it is known.
"""
import argparse
import copy
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from geometry.data import Shards
from geometry.train import rate_at, record
from places.light import AZIMUTHS, ELEVATIONS

from .data import FIELDS, Batch, inputs, varied
from .model import SCENE, START, Config, SceneNet, decoded, encoded, flowed

LIMIT = 400  # shards in memory
EVERY = 3.0  # minutes of the processor between evaluations
DRAWS = 4  # of the flow for each picture: looking costs the most
SEEDS = 8  # that are measured
SURE = 0.4  # sharpness from which a place has a dominant light


def loss_of(model: SceneNet, x: Tensor, batch: Batch) -> Tensor:
    """Squared error of the flow (of gloss only where it is known), cross-entropy of the ground and of the votes (the more, the
    more one light dominates). The flow does not teach the votes: they stay as sure as they are right."""
    picture, votes, ground = model.look(x)
    votes = votes.float()
    known = batch["known"].float()
    each = lambda t: t.repeat_interleave(DRAWS, 0)
    scene = each(encoded(batch["scene"]))
    noise, when = torch.randn_like(scene), torch.rand(len(scene)).mul(1.5).sub(0.25).clamp(0.02, 1)
    noisy = scene * (1 - when[:, None]) + noise * when[:, None]
    weight = torch.ones_like(scene)
    weight[:, START["horizon"]:START["sharpness"]] = 4
    weight[:, START["reflectance"]:START["light"]] = each(known[:, 1:])
    flow = ((model.flow(noisy, when, each(picture.float()), each(votes.detach())) - (noise - scene)).square() * weight).mean()
    sharpness, light = batch["scene"][:, START["sharpness"]], batch["scene"][:, START["light"]:]
    vote_loss = (-(light * votes.log_softmax(1)).sum(1) * (0.1 + sharpness)).mean()
    share = batch["ground"].float() / 255
    map_loss = F.binary_cross_entropy_with_logits(ground.float(), share, reduction="none").mean((1, 2))
    return flow + 0.3 * vote_loss + 0.5 * (map_loss * known[:, 0]).sum() / known[:, 0].sum().clamp(min=1)


def strongest(light: Tensor) -> Tensor:
    """Azimuth of a histogram's strongest bin, radians [batch]."""
    best = light.unflatten(1, (ELEVATIONS, AZIMUTHS)).sum(1).argmax(1)
    return (best + 0.5) / AZIMUTHS * 2 * math.pi - math.pi


@torch.no_grad()
def measure(model: SceneNet, held: Shards, limit: int) -> dict[str, float]:
    batch = held.all(limit)
    picture, votes, ground = model.look(inputs(batch))
    generator = torch.Generator().manual_seed(1)
    noise = lambda: torch.randn(len(picture), SCENE, generator=generator)
    said = torch.stack([decoded(flowed(model, noise(), picture, votes, 4)) for _ in range(SEEDS)])
    truth = batch["scene"]
    off = (said[..., START["horizon"]].median(0).values - truth[:, START["horizon"]]).abs()
    sure, known = truth[:, START["sharpness"]] >= SURE, batch["known"][:, 0] > 0
    away = lambda light: torch.remainder(strongest(light) - strongest(truth[:, START["light"]:]) + math.pi, 2 * math.pi) - math.pi
    within = lambda light: float((away(light)[sure].abs() < math.radians(30)).float().mean())
    drawn = said[..., START["light"]:]
    map_off = (ground.sigmoid() - batch["ground"].float() / 255).abs().mean((1, 2))
    return {"horizon": float(off.median()), "near": float((off < 0.05).float().mean()), "strongest": within(drawn[0]),
            "agreed": within(drawn.mean(0)), "voted": within(votes.softmax(1)), "ground": float(map_off[known].mean())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "held-out", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=6e-4)
    parser.add_argument("--resume", action="store_true")
    o = parser.parse_args()
    torch.set_num_threads(1)
    o.out.mkdir(parents=True, exist_ok=True)
    state = torch.load(o.out / "state.pt", weights_only=True) if o.resume else None
    model = SceneNet(Config(**state["config"]) if state else Config())
    average = copy.deepcopy(model).eval()
    optimiser = torch.optim.AdamW(model.parameters(), lr=o.rate, weight_decay=0.02, betas=(0.9, 0.98))
    step, trained, spent = 0, 0.0, 0.0
    if state:
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        step, trained, spent = state["step"], state["trained"], state["cpu"]
    shards, held = (Shards(folder, LIMIT, FIELDS) for folder in (o.data, o.held_out))
    held.refresh()
    torch.manual_seed(step)
    rng, last, cpu, looked, losses = np.random.default_rng(step + 1), time.time(), time.process_time(), spent, []
    while trained < o.minutes * 60:
        if step % 100 == 0 or not shards.loaded:
            loaded = shards.refresh()
        optimiser.param_groups[0]["lr"] = o.rate * rate_at(trained / o.minutes / 60, step)
        losses.append(learn(model, average, optimiser, shards.draw(rng, o.batch), step))
        step += 1
        trained, spent = trained + time.time() - last, spent + time.process_time() - cpu
        last, cpu = time.time(), time.process_time()
        if spent - looked > EVERY * 60 or trained >= o.minutes * 60:
            looked = spent
            record(o.out / "curve.csv", {"minutes": trained / 60, "cpu_minutes": spent / 60, "step": step,
                                         "samples": step * o.batch, "loaded": loaded, "loss": float(np.mean(losses)),
                                         **measure(average, held, 300)})
            losses = []
            torch.save({"model": model.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(),
                        "config": model.config.asdict(), "step": step, "trained": trained, "cpu": spent}, o.out / "state.part")
            os.replace(o.out / "state.part", o.out / "state.pt")


def learn(model: SceneNet, average: SceneNet, optimiser: torch.optim.Optimizer, batch: Batch, step: int) -> float:
    x, shown = varied(batch)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = loss_of(model, x, shown)
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimiser.step()
    with torch.no_grad():
        for mean, p in zip(average.parameters(), model.parameters()):
            mean.lerp_(p, 1 - min(0.998, (1 + step) / (20 + step)))
    return float(loss.detach())


if __name__ == "__main__":
    main()

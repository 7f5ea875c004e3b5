"""Trains Mini: flow matching on the clean picture, through the gain-and-offset head.

    python train.py --data data/train --held-out data/held-out --out runs/main --minutes 90
    torchrun --nproc-per-node 2 train.py ...   two processes share each step (better than two threads on a busy CPU)
    python train.py ... --resume          goes on from runs/main/state.pt
    python train.py ... --device cuda --size 256 --render   renders on the GPU while it trains (no shards needed)
"""
import argparse
import csv
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from mini.data import Shards, to_batch
from mini.metrics import fuse, measure
from mini.model import Config, DoubleBlock, Mini, SingleBlock, load_bfl
from mini.pack import read_pack
from world.words import WORDS


def slopes(x):
    """Differences to the left and upper neighbours: [N,C,h,w] -> [N,C,2,h-1,w-1]."""
    return torch.stack([x[..., 1:, 1:] - x[..., 1:, :-1], x[..., 1:, 1:] - x[..., :-1, 1:]], 2)


def loss_of(model, batch, levels, own=0.0):
    """Weighted error of x_hat, with `levels` noise levels per sample against one pass over the conditions.

    `own` is the share of samples that are noised from the model's own guess at noise level 1, as in sampling.
    Returns (loss, plain mean squared error of the object and effect pixels in [0,1] units).
    """
    keys = ("background", "foreground", "words", "affine")
    N, L = len(batch["paste"]), levels
    dev = batch["paste"].device
    # Logit-normal, skewed to noise, where the light is decided; a share at exactly 1, where sampling starts.
    sigma = torch.sigmoid(torch.randn(N * L, device=dev) * 1.2 + 0.8)
    sigma = torch.where(torch.rand(N * L, device=dev) < 0.2, torch.ones_like(sigma), sigma)
    again = lambda x: x.repeat_interleave(L, 0)
    truth, paste, alpha = again(batch["fused"]), again(batch["paste"]), again(batch["alpha"])
    s = sigma[:, None, None, None]
    noise = torch.randn_like(truth)
    with torch.autocast(dev.type, torch.bfloat16):
        kept = [(again(k), again(v)) for k, v in model.conditions(**{k: batch[k] for k in keys})]
        start = truth
        if own:
            # A young model's first guess is not yet a sample of the truth's kind: let it also learn to go on from there.
            with torch.no_grad():
                guess = model.apply_maps(model.predict(noise, torch.ones_like(sigma), alpha, kept), paste)
            start = torch.where(torch.rand_like(s) < own, guess, truth)
        maps = model.predict((1 - s) * start + s * noise, sigma, alpha, kept)
    error = (model.apply_maps(maps, paste) - truth) / 2                  # [0,1] units
    inside = torch.maximum(alpha, again(batch["visible"]))
    change = ((truth - again(batch["background"])).abs().amax(1, keepdim=True) / 2 / 0.08).clamp(max=1)
    square = error.square().mean(1, keepdim=True)
    # Outside the object large errors count less than squared: a shadow that may fall here or there should stay one
    # shadow, not a veil over both places.
    bent = 2 * 0.08 ** 2 * (torch.sqrt(1 + square / 0.08 ** 2) - 1)
    fit = (1.3 * inside * square + (0.5 + 1.5 * change) * (1 - inside) * bent).mean()
    # Squared error alone wipes out detail that the foreground's other view has moved by a pixel or two. So the
    # object's local contrast (root of the gradient energy around a pixel) is held to the truth's as well.
    ours, real = slopes(error + truth / 2), slopes(truth / 2)
    both = (inside[..., 1:, 1:] * inside[..., :-1, :-1]) > 0.25
    detail = ((ours - real).square().sum((1, 2))[:, None] * both).mean() / 3
    contrast = lambda d: torch.sqrt(F.avg_pool2d(d.square().sum((1, 2))[:, None] * both, 9, 1, 4) + 1e-5)
    contrast = ((contrast(ours) - contrast(real)).square() * both).mean()
    # Light is smooth where the outline is not: gain and offset may jump at the object's edge, not within.
    a = F.adaptive_avg_pool2d(alpha, maps.shape[-1])
    flat = F.max_pool2d(a, 3, 1, 1) + F.max_pool2d(-a, 3, 1, 1) < 0.1
    calm = (0.3 + 0.7 * a) * flat
    rough = (slopes(maps).square().sum((1, 2))[:, None] * calm[..., 1:, 1:]).mean()
    # Offsets veil what they cover; on the object, light should come from the gain where it can.
    veil = (maps[:, 3:].square() * a).mean()
    loss = fit + 0.5 * detail + 1.0 * contrast + 2.0 * rough + 0.2 * veil
    where = torch.maximum(inside, change)
    return loss, ((square * where).sum() / where.sum()).detach()


def warm_cosine(progress, warm=0.02, floor=0.02):
    if progress < warm:
        return progress / warm + 1e-3
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * min(1, (progress - warm) / (1 - warm))))


def compile_blocks():
    """Fuses the blocks' small steps while training; evaluation, with its other batch sizes, stays eager."""
    for owner, name in ((DoubleBlock, "conditions"), (DoubleBlock, "target"), (SingleBlock, "forward")):
        eager = getattr(owner, name)
        fused = torch.compile(eager, dynamic=False)
        setattr(owner, name, lambda *a, f=fused, e=eager: (f if torch.is_grad_enabled() else e)(*a))


class Team:
    """The processes that torchrun started, or this one alone."""

    def __init__(self):
        self.size = int(os.environ.get("WORLD_SIZE", 1))
        self.rank = int(os.environ.get("RANK", 0))
        if self.size > 1:
            torch.distributed.init_process_group("gloo")

    def average(self, model, seconds):
        """Averages the gradients; returns rank 0's `seconds`, so that all agree on the schedule."""
        if self.size == 1:
            return seconds
        grads = [p.grad for p in model.parameters()]
        flat = torch.cat([g.flatten() for g in grads] + [grads[0].new_tensor([self.size * seconds * (self.rank == 0)])])
        torch.distributed.all_reduce(flat)
        flat /= self.size
        for grad, part in zip(grads, flat[:-1].split([g.numel() for g in grads])):
            grad.copy_(part.view_as(grad))
        return float(flat[-1])


class Stream:
    """Batches from shards, or rendered on the device as they are needed."""

    def __init__(self, o, rank):
        self.o, self.rng = o, np.random.default_rng([int(time.time()), rank])
        self.shards = None if o.render else Shards(o.data, o.size)
        if o.render:
            from render_data import renderer
            from world import scenes
            self.world, self.draw, self.pool = renderer(o.device, texture=max(256, o.size * 2)), scenes.draw, None

    def __len__(self):
        return len(self.shards) if self.shards else (self.pool["words"].shape[0] if self.pool else 0)

    def refresh(self):
        if self.shards:
            self.shards.refresh()

    def batch(self):
        o = self.o
        if self.shards:
            return to_batch(self.shards.random(self.rng, o.batch), o.size, self.rng, o.device)
        # A growing pool on the host: each batch adds `fresh` new scenes and draws from everything so far.
        from render_data import render
        need = o.batch if self.pool is None else o.fresh
        new = render(self.draw, self.rng, self.world, need, o, o.device, o.scenes)
        self.pool = new if self.pool is None else {k: torch.cat([self.pool[k], new[k]])[-o.pool:] for k in new}
        holder = Shards.__new__(Shards)
        holder.size, holder.parts = o.size, [self.pool]
        holder.at = [(0, i) for i in range(len(self))]
        return to_batch(holder.random(self.rng, o.batch), o.size, self.rng, o.device)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/train")
    parser.add_argument("--held-out", default="data/held-out")
    parser.add_argument("--out", default="runs/main")
    parser.add_argument("--minutes", type=float, default=90, help="of training; the schedule ends there")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--levels", type=int, default=2, help="noise levels per sample and step")
    parser.add_argument("--own", type=float, default=0.0, help="share noised from the model's own first guess")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--ema", type=float, default=0.999)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--patch", type=int, default=16)
    parser.add_argument("--reduction", type=int, default=4)
    parser.add_argument("--hidden", type=int, default=192)
    parser.add_argument("--double", type=int, default=2)
    parser.add_argument("--single", type=int, default=8)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--weights", help="weights to begin from: the folder of a pack")
    parser.add_argument("--overfit", type=int, default=0, help="train on the first N samples only, without variation")
    parser.add_argument("--every", type=float, default=3, help="minutes between entries of the learning curve")
    parser.add_argument("--held", type=int, default=64, help="held-out samples for the learning curve")
    parser.add_argument("--render", action="store_true", help="render while training instead of reading shards")
    parser.add_argument("--fresh", type=int, default=8, help="with --render: new scenes per step")
    parser.add_argument("--pool", type=int, default=20000, help="with --render: scenes kept")
    parser.add_argument("--scenes", type=int, default=1, help="with --render: scenes rendered at once")
    parser.add_argument("--margin", type=int, default=16)
    parser.add_argument("--ss", type=float, default=1.5)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    team = Team()
    torch.manual_seed(1)
    out = Path(o.out)
    out.mkdir(parents=True, exist_ok=True)

    config = Config(size=o.size, patch=o.patch, mapReduction=o.reduction, hidden=o.hidden, heads=o.hidden // 32,
                    doubleBlocks=o.double, singleBlocks=o.single)
    model = Mini(config, len(WORDS)).to(o.device)
    if o.weights:
        load_bfl(model, read_pack(o.weights)[1])
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    # Matrices inside the blocks learn by Muon (orthogonalised momentum, scaled to AdamW's step), the rest by AdamW.
    inner = [p for n, p in model.named_parameters() if p.ndim == 2 and "_blocks." in n]
    outer = [p for n, p in model.named_parameters() if not (p.ndim == 2 and "_blocks." in n)]
    optimisers = [torch.optim.Muon(inner, lr=o.lr, weight_decay=0.02, adjust_lr_fn="match_rms_adamw"),
                  torch.optim.AdamW(outer, lr=o.lr, weight_decay=0, betas=(0.9, 0.98), fused=True)]
    step, samples, trained = 0, 0, 0.0
    if o.resume:
        state = torch.load(out / "state.pt", map_location=o.device, weights_only=True)
        model.load_state_dict(state["model"])
        for optimiser, kept in zip(optimisers, state["optimisers"]):
            optimiser.load_state_dict(kept)
        ema, step, samples, trained = (state[k] for k in ("ema", "step", "samples", "trained"))
    stream = Stream(o, team.rank)
    torch.manual_seed(int(time.time()) + team.rank)
    held = None
    if o.overfit:
        fixed = held = to_batch(stream.shards.fixed(o.overfit), o.size, device=o.device)
    if o.compile:
        compile_blocks()
    average = Mini(config, len(WORDS)).to(o.device).eval()

    def save():
        state = {"model": model.state_dict(), "ema": ema, "optimisers": [q.state_dict() for q in optimisers], "step": step,
                 "samples": samples, "trained": trained, "config": config.asdict(), "levels": o.levels}
        torch.save(state, out / "state.part")
        os.replace(out / "state.part", out / "state.pt")

    curve = out / "curve.csv"
    last, recent, began = time.time(), [], time.time()
    now = time.time()
    while trained < o.minutes * 60:
        rate = o.lr * warm_cosine(trained / (o.minutes * 60))
        optimisers[0].param_groups[0]["lr"], optimisers[1].param_groups[0]["lr"] = 2 * rate, 2 * rate
        batch = fixed if o.overfit else stream.batch()
        loss, plain = loss_of(model, batch, o.levels, o.own)
        model.zero_grad(set_to_none=True)
        loss.backward()
        trained += team.average(model, time.time() - now)
        now = time.time()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step, samples = step + 1, samples + o.batch * team.size
        keep = min(o.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(list(ema.values()), [v for v in model.state_dict().values()], 1 - keep)
        recent.append(float(plain))
        if step % 50 == 0:
            stream.refresh()
        if team.rank == 0 and (time.time() - last > o.every * 60 or trained >= o.minutes * 60):
            last = time.time()
            row = {"minutes": round(trained / 60, 2), "step": step, "samples": samples, "scenes": len(stream),
                   "rate": round(rate, 7), "mse": round(float(np.mean(recent)), 6)}
            if held is None and len(known := Shards(o.held_out, o.size)) >= o.held:
                held = to_batch(known.fixed(o.held), o.size, device=o.device)
            if held is not None:
                average.load_state_dict(ema)
                with torch.no_grad(), torch.autocast(torch.device(o.device).type, torch.bfloat16):
                    figures = measure(fuse(average, held), held)
                row.update({k: round(figures[k], 4) for k in ("object_gain", "effect_gain", "sharpness", "stray")})
            new = not curve.exists()
            with open(curve, "a", newline="") as f:
                writer = csv.DictWriter(f, row.keys())
                if new:
                    writer.writeheader()
                writer.writerow(row)
            print(json.dumps(row), f"{(time.time() - began) / max(1, step):.3f} s/step", flush=True)
            recent = []
            save()
            now = time.time()


if __name__ == "__main__":
    main()

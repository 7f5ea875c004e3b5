"""Renders scenes into shards that training reads while they grow.

    python render_data.py --out data/train --seed 1 --minutes 60
    python render_data.py --out data/held-out --seed 900001 --count 256

A shard is a safetensors file of uint8 pictures (world/samples.py), affines and caption ids. Several processes may
write to one folder if their seeds differ. Scenes depend on the seed alone.
"""
import argparse
import os
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from world import samples, scenes
from world.render import Renderer
from world.shapes import Tracer
from world.textures import Bank


def renderer(device="cpu", fast=True, texture=256, seed=1):
    return Renderer(Tracer(fast), Bank(texture, seed=seed, device=device), fast)


@torch.no_grad()
def render(draw, rng, world, count, options, device="cpu", batch=1):
    """`count` usable samples of draw(rng, bank) -> dict of stacked tensors on the CPU."""
    kept, have = [], 0
    while have < count:
        drawn = [draw(rng, world.bank) for _ in range(batch)]
        stretch = torch.tensor(rng.random(batch) < 0.2)
        out = samples.make(world, scenes.stack(drawn, device), options.size + options.margin, options.size, options.ss,
                           stretch=stretch)
        out["words"] = torch.tensor(np.stack([d["words"] for d in drawn])).to(torch.int16)
        ok = out.pop("ok").cpu()
        kept.append({k: v.cpu()[ok] for k, v in out.items()})
        have += int(ok.sum())
    return {k: torch.cat([o[k] for o in kept])[:count] for k in kept[0]}


def arguments(parser):
    parser.add_argument("--size", type=int, default=128, help="the model's side in pixels")
    parser.add_argument("--margin", type=int, default=16, help="extra pixels, so that training can shift its crop")
    parser.add_argument("--ss", type=float, default=1.5, help="supersampling per side")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--batch", type=int, default=1, help="scenes at once; 1 on a CPU, 32 or so on a GPU")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10 ** 9)
    parser.add_argument("--minutes", type=float, default=10 ** 6)
    parser.add_argument("--shard", type=int, default=128)
    parser.add_argument("--threads", type=int, default=1)
    arguments(parser)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    folder = Path(o.out)
    folder.mkdir(parents=True, exist_ok=True)
    world, began, made, shard = renderer(o.device), time.time(), 0, 0
    while made < o.count and time.time() - began < o.minutes * 60:
        n = min(o.shard, o.count - made)
        data = render(scenes.draw, np.random.default_rng([o.seed, shard]), world, n, o, o.device, o.batch)
        name = folder / f"{o.seed:08d}-{shard:05d}.safetensors"
        save_file({k: v.contiguous() for k, v in data.items()}, str(name) + ".part")
        os.replace(str(name) + ".part", name)
        made, shard = made + n, shard + 1
        print(f"{made} samples, {(time.time() - began) / made:.3f} s each", flush=True)


if __name__ == "__main__":
    main()

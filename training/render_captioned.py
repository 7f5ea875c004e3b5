"""Renders captioned pictures (world/captioned.py) into shards that training reads while they grow.

    python render_captioned.py --out data/captioned --seed 1 --minutes 20
    python render_captioned.py --out data/captioned-held --seed 900001 --count 768

A shard is a safetensors file: pictures U8 [n,3,64,64], ids I16 [n,16], and the labels as JSON in its metadata.
Captions of world.captioned.held_out never occur in the training shards; --held keeps only those and T1.
"""
import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from world import captioned
from world.shapes import Tracer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10 ** 9, help="pictures, rounded up to shards")
    parser.add_argument("--minutes", type=float, default=10 ** 6)
    parser.add_argument("--geometries", type=int, default=64, help="per shard")
    parser.add_argument("--looks", type=int, default=6, help="colourings of each geometry")
    parser.add_argument("--held", action="store_true", help="held-out captions too")
    o = parser.parse_args()
    torch.set_num_threads(1)
    folder, tracer = Path(o.out), Tracer(fast=False)
    folder.mkdir(parents=True, exist_ok=True)
    made, shard, began = 0, 0, time.time()
    while made < o.count and time.time() - began < o.minutes * 60:
        rng = np.random.default_rng([o.seed, shard])
        drawn = [captioned.pictures(rng, tracer, 16, o.looks) for _ in range(max(1, o.geometries // 16))]
        pictures, labels = torch.cat([d[0] for d in drawn]), [k for d in drawn for k in d[1]]
        keep = [i for i, k in enumerate(labels) if o.held or not captioned.held_out(k)]
        labels = [labels[i] for i in keep]
        ids = torch.tensor([captioned.encode(captioned.caption(k)) for k in labels], dtype=torch.int16)
        name = folder / f"{o.seed:08d}-{shard:05d}.safetensors"
        save_file({"pictures": pictures[keep].contiguous(), "ids": ids}, str(name) + ".part", {"labels": json.dumps(labels)})
        os.replace(str(name) + ".part", name)
        made, shard = made + len(keep), shard + 1
        print(f"{made} pictures, {(time.time() - began) / made:.4f} s each", flush=True)


if __name__ == "__main__":
    main()

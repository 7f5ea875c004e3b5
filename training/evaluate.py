"""Measures the shipped pack: three figures on held-out scenes, the lit-sphere probe and the contact sheet.

    python evaluate.py --data data/held-out --json runs/figures.json --sheet ../docs/contact-sheet.png
"""
import argparse
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image

from export import model_of, packed_model
from mini.data import Shards, to_batch
from mini.metrics import fuse, measure
from render_data import render, renderer
from world import scenes


def joined(batches):
    return {k: torch.cat([b[k] for b in batches]) for k in batches[0]}


@torch.no_grad()
def results(model, batch, steps, chunk=32):
    """Fused pictures [N,3,S,S] in [-1,1]. Noise seeds follow the chunks, so a run repeats exactly."""
    parts = [{k: v[i:i + chunk] for k, v in batch.items()} for i in range(0, len(batch["paste"]), chunk)]
    return torch.cat([fuse(model, part, steps, seed=i) for i, part in enumerate(parts)])


def luminance(x):
    return (x * x.new_tensor([0.299, 0.587, 0.114])[:, None, None]).sum(1) / 2 + 0.5


def read_light(picture, batch):
    """Where a picture says that the light comes from: (right half of the object minus left half, mean luminance [N];
    the centroid of the darkened background relative to the object's middle, in pixels, x and y [N])."""
    S = picture.shape[-1]
    solid = batch["alpha"][:, 0] > 0.9
    col = torch.arange(S).float().expand(S, S)
    row = col.T
    mean = lambda v, w: (v * w).sum((1, 2)) / w.sum((1, 2)).clamp(min=1e-6)
    middle_x, middle_y = mean(col, solid.float()), mean(row, solid.float())
    right = col > middle_x[:, None, None]
    L = luminance(picture)
    shading = mean(L, (solid & right).float()) - mean(L, (solid & ~right).float())
    outside = (torch.maximum(batch["alpha"], batch["visible"])[:, 0] < 0.02).float()
    dark = ((luminance(batch["background"]) - L).clamp(min=0) - 0.02).clamp(min=0) * outside
    return shading, mean(col, dark) - middle_x, mean(row, dark) - middle_y, dark.sum((1, 2))


def probe(model, count, size, steps):
    """The same sphere in the same scene, lit from the left, the right and behind: does the picture follow the light?"""
    world = renderer()
    options = SimpleNamespace(size=size, margin=0, ss=1.5)
    found = {}
    for side in ("left", "right", "behind"):
        one = []
        for seed in range(count):
            draw = lambda rng, bank: scenes.draw(rng, bank, shape="sphere", material="matte", light="sun", side=side,
                                                 colour=(0.7, 0.7, 0.7), others=3, image=False, fraction=0.36,
                                                 elevation=28, support=0, occluder=0, wall=False)
            one.append(render(draw, np.random.default_rng([77, seed]), world, 1, options))
        batch = to_batch({k: torch.cat([s[k] for s in one]) for k in one[0]}, size)
        batch["words"] = torch.zeros_like(batch["words"])                # no hint from the prompt
        found[side] = {"truth": read_light(batch["fused"], batch), "ours": read_light(results(model, batch, steps), batch)}
    share = lambda b: round(float(b.float().mean()), 3)
    out = {"scenes": 3 * count}
    for who in ("truth", "ours"):
        left, right, behind = (found[s][who] for s in ("left", "right", "behind"))
        out[who] = {
            "shaded side flips between left and right light": share(right[0] > left[0] + 0.01),
            "shadow flips between left and right light": share(left[1] > right[1] + 1),
            "shadow comes nearer when lit from behind": share(behind[2] > torch.minimum(left[2], right[2])),
            "mean shading difference right - left light": round(float((right[0] - left[0]).mean()), 4),
            "mean shadow shift left - right light, pixels": round(float((left[1] - right[1]).mean()), 2)}
    agree = lambda i: share(torch.cat([torch.sign(found[s]["ours"][i]) == torch.sign(found[s]["truth"][i])
                                       for s in ("left", "right")]))
    out["sign agreement with the truth"] = {"shading": agree(0), "shadow": agree(1)}
    return out


def sheet(batch, ours, path, columns=2, side=96):
    """Rows of B, F, paste, ours, truth."""
    white = batch["foreground"][:, :3]
    strips = torch.cat([batch["background"], white, batch["paste"], ours, batch["fused"]], 3).clamp(-1, 1)
    rows = len(strips) // columns
    page = torch.cat([torch.cat(list(strips[i * rows:(i + 1) * rows]), 1) for i in range(columns)], 2)
    picture = Image.fromarray(((page + 1) * 127.5).round().byte().permute(1, 2, 0).numpy())
    width = columns * 5 * side
    picture = picture.resize((width, round(picture.height * width / picture.width)), Image.LANCZOS)
    picture.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data/held-out")
    parser.add_argument("--state", help="measure a training state's averaged weights instead of the pack")
    parser.add_argument("--count", type=int, default=256)
    parser.add_argument("--steps", type=int, nargs="*", default=[4])
    parser.add_argument("--probe", type=int, default=12, help="spheres, each lit from three sides")
    parser.add_argument("--json")
    parser.add_argument("--sheet")
    parser.add_argument("--threads", type=int, default=1)
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    model = model_of(torch.load(o.state, map_location="cpu", weights_only=True)) if o.state else packed_model()
    size = model.config.size
    shards = Shards(o.data, size)
    out = {}
    batch = to_batch(shards.fixed(min(o.count, len(shards))), size)
    for steps in o.steps:
        ours = results(model, batch, steps)
        out[f"{steps} steps"] = {"scenes": len(ours), **{k: round(v, 4) for k, v in measure(ours, batch).items()}}
        if o.sheet and steps == model.config.steps:
            sheet({k: v[:32] for k, v in batch.items()}, ours[:32], o.sheet)
    if o.probe:
        out["lit sphere"] = probe(model, o.probe, size, model.config.steps)
    print(json.dumps(out, indent=1))
    if o.json:
        Path(o.json).write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()

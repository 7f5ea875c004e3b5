"""Trains the text-to-image U-Net and its text encoder together.

    python -m unet.train --data data/captioned --held data/captioned-held --out runs/unet --minutes 120
    python -m unet.train ... --resume          goes on, also with a larger --minutes
    python -m unet.train ... --weights ../public/models/painter    begins from the shipped weights

Velocity prediction on Stable Diffusion's schedule, one caption in ten dropped for guidance, weights averaged. Writes
state.pt, curve.csv and sample sheets.
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
from torch import nn

from world.captioned import VOCABULARY, encode

from .clip import TextConfig
from .data import Pictures, ids_of, retold
from .latent import Latent
from .model import Ddim, UnetConfig, noised
from .painter import Painter


def loss_of(painter, z, ids, t, noise):
    """Mean squared error of v."""
    x, v = noised(z, noise, t)
    return (painter(x, t, ids).float() - v).square().mean()


@torch.no_grad()
def sample(painter, ids, noise, steps=20, guidance=4.0, eta=0.0, generator=None, trace=None):
    """DDIM with guidance: ids [B,T], noise [B,C,H,W] -> latent. `trace` receives (x, output, next, logp)."""
    ddim, x, B = Ddim(steps, painter.unet.config.prediction), noise, len(ids)
    nothing = torch.tensor([encode("")]).expand(B, -1)
    context = painter.text(torch.cat([nothing, ids]))[0]
    for t in ddim.timesteps:
        without, given = painter.unet(torch.cat([x, x]), torch.full((2 * B,), t), context).chunk(2)
        output = without + guidance * (given - without)
        z = torch.randn(x.shape, generator=generator) if eta else None
        following, logp = ddim.step(x, output, t, eta, z)
        if trace is not None:
            trace.append((x, output, following, logp))
        x = following
    return x


SHEET = ["a red and metallic ball", "a green and matte cone", "a blue and striped mug", "a yellow and glowing house",
         "a purple and glass cylinder", "a white and matte snowman", "an orange and matte ring", "a black and metallic chair",
         "the ball above the cube", "the cone below the ring", "the mug on the left of the tree",
         "the house on the right of the ball", "a tree lying", "a lamp floating", "a mushroom standing",
         "the chair on the left of the lamp"]


def sheet(painter, latent, path, prompts=SHEET, seeds=2, guidance=4.0):
    from PIL import Image
    ids = ids_of([p for p in prompts for _ in range(seeds)])
    noise = torch.randn(len(ids), painter.unet.config.inChannels, 16, 16, generator=torch.Generator().manual_seed(5))
    x = latent.decode(sample(painter, ids, noise, guidance=guidance)).clamp(-1, 1)
    x = ((x + 1) * 127.5).round().byte().reshape(4, -1, 3, 64, 64).permute(0, 3, 1, 4, 2).reshape(256, -1, 3)
    Image.fromarray(x.numpy()).resize((x.shape[1] * 2, 512), 0).save(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--held", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--ema", type=float, default=0.999)
    parser.add_argument("--every", type=float, default=5, help="minutes between checkpoints")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--channels", type=int, nargs="+", default=[64, 128, 192])
    parser.add_argument("--attention", type=int, nargs="+", default=[1, 1, 0])
    parser.add_argument("--bf16", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--steps", type=int, default=10 ** 9, help="stop after so many steps in this run")
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--weights", help="weights to begin from: the folder of a pack")
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    out = Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    pictures, held = Pictures(o.data), Pictures(o.held)
    state = torch.load(out / "state.pt", weights_only=True) if o.resume else None
    if state:
        unet, text, latent = UnetConfig(**state["unet"]), TextConfig(**state["text"]), Latent.of(state["latent"])
    elif o.weights:
        from . import pack
        parts = pack.read(o.weights)
        unet, text, latent = parts.painter.unet.config, parts.painter.text.config, parts.latent
    else:
        unet = UnetConfig(channels=o.channels, heads=[c // 32 for c in o.channels], attention=[bool(a) for a in o.attention])
        text = TextConfig(width=unet.contextDim, mlp=4 * unet.contextDim, vocabulary=len(VOCABULARY))
        latent = Latent.fit(pictures.pictures[:2048].float() / 127.5 - 1, unet.inChannels)
    painter, average = (Painter(unet, text).to(memory_format=torch.channels_last) for _ in range(2))
    if o.weights and not state:
        painter.load_state_dict(parts.painter.state_dict())
    optimiser = torch.optim.AdamW(painter.parameters(), lr=o.lr, weight_decay=0.01, betas=(0.9, 0.99), fused=True)
    step, trained = 0, 0.0
    if state:
        painter.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step, trained = state["step"], state["trained"]
    average.load_state_dict(state["ema"] if state else painter.state_dict())
    print(sum(p.numel() for p in painter.parameters()), "parameters,", len(pictures), "pictures", flush=True)
    rng = np.random.default_rng(time.time_ns())
    loss_f = torch.compile(loss_of) if o.compile else loss_of
    nothing = torch.tensor(encode(""))

    x, labels = held.batch(np.random.default_rng(0), 256, flip=False)
    g = torch.Generator().manual_seed(0)
    probe = (latent.encode(x), ids_of(labels), torch.arange(256) * 1000 // 256, torch.randn(256, unet.inChannels, 16, 16, generator=g))

    def save():
        torch.save({"model": painter.state_dict(), "ema": average.state_dict(), "optimiser": optimiser.state_dict(), "step": step,
                    "trained": trained, "batch": o.batch, "unet": unet.asdict(), "text": text.asdict(),
                    "latent": latent.tensors(), "pictures": len(pictures)}, out / "state.part")
        os.replace(out / "state.part", out / "state.pt")

    curve, recent, last, first = out / "curve.csv", [], time.time(), step
    while trained < o.minutes * 60 and step - first < o.steps:
        began = time.time()
        share = trained / (o.minutes * 60)
        rate = o.lr * min(1, (step + 1) / 100) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, share))))
        optimiser.param_groups[0]["lr"] = rate
        x, labels = pictures.batch(rng, o.batch)
        ids = ids_of([retold(rng, k) for k in labels])
        ids = torch.where(torch.rand(o.batch, 1) < 0.1, nothing, ids)
        z = latent.encode(x)
        # Noise levels spread evenly over the batch: less variance from step to step.
        t = ((torch.arange(o.batch) + torch.rand(o.batch)) * 1000 / o.batch).long().clamp(max=999)
        with torch.autocast("cpu", torch.bfloat16, enabled=o.bf16):
            loss = loss_f(painter, z, ids, t, torch.randn_like(z))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(painter.parameters(), 1.0)
        optimiser.step()
        step += 1
        keep = min(o.ema, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(list(average.state_dict().values()), list(painter.state_dict().values()), 1 - keep)
        recent.append(float(loss))
        trained += min(60, time.time() - began)
        if time.time() - last > o.every * 60 or trained >= o.minutes * 60 or step - first == o.steps:
            with torch.no_grad():
                heldloss = np.mean([float(loss_of(average, *(v[i:i + 64] for v in probe))) for i in range(0, 256, 64)])
            row = {"minutes": round(trained / 60, 2), "step": step, "samples": step * o.batch, "pictures": len(pictures),
                   "rate": round(rate, 7), "loss": round(float(np.mean(recent)), 5), "held_out": round(heldloss, 5)}
            with open(curve, "a", newline="") as f:
                writer = csv.DictWriter(f, row.keys())
                if f.tell() == 0:
                    writer.writeheader()
                writer.writerow(row)
            print(json.dumps(row), f"{trained / step:.3f} s/step", flush=True)
            save()
            sheet(average, latent, out / "sheet.png")
            pictures.refresh()
            recent, last = [], time.time()


if __name__ == "__main__":
    main()

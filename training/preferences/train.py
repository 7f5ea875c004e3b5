"""Trains a LoRA on preference pairs that the studio has exported.

    python -m preferences.train --data preferences.zip --weights unet.safetensors --objective dpo --out runs/dpo
    python -m preferences.train ... --resume          goes on where it stopped

`--weights` is what made the pairs: a U-Net under diffusers' names (its config.json beside it, or --config), a state.pt
of unet.train, or the folder of a built-in pack. Pairs that were made with a LoRA of an earlier round: --lora. Writes
lora.safetensors (the studio imports it), state.pt and curve.csv.
"""
import argparse
import csv
import json
import os
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn

from packs import read_pack
from unet.golden import config_of
from unet.model import Unet, UnetConfig

from .archive import Pairs
from .lora import Loras
from .objectives import Options, advantages, loss_of

BETA = {"dpo": 1.0, "ddpo": 0.0, "dpok": 0.01}


def load_unet(weights, config=None, prediction=None):
    """-> Unet in f32."""
    weights = Path(weights)
    if weights.is_dir():
        manifest, tensors = read_pack(weights)
        found = manifest["config"].get("unet", manifest["config"])
    elif weights.suffix == ".pt":
        state = torch.load(weights, weights_only=True, map_location="cpu")
        found, tensors = state["unet"], state["ema"]
    else:
        tensors = load_file(weights)
        path = Path(config) if config else weights.with_name("config.json")
        if not path.exists():
            raise SystemExit(f"{path} is missing: name the U-Net's config with --config.")
        found = json.loads(path.read_text())
    # diffusers' config, or ours.
    shape = config_of(found) if "block_out_channels" in found else UnetConfig(
        **{k: found[k] for k in UnetConfig.__dataclass_fields__ if k in found})
    if prediction:
        shape.prediction = prediction
    own = {k.removeprefix("unet."): v.float() for k, v in tensors.items() if k.startswith("unet.")}
    unet = Unet(shape)
    unet.load_state_dict(own or {k: v.float() for k, v in tensors.items()})
    return unet.eval()


def terms_of(pairs, epochs, seed):
    """(pair, step) in the order of training: pairs shuffled anew in every epoch, a pair's steps together."""
    out = []
    for epoch in range(epochs):
        order = torch.randperm(len(pairs), generator=torch.Generator().manual_seed(seed + epoch)).tolist()
        out += [(k, i) for k in order for i in range(len(pairs.about(k)["timesteps"]))]
    return out


class Trainer:
    """Sums gradients over `accumulate` terms, then steps. Can be put down and taken up between two such steps."""

    def __init__(self, unet, loras, pairs, history, o):
        self.unet, self.loras, self.pairs, self.o = unet, loras, pairs, o
        self.options = Options(o.objective, BETA[o.objective] if o.beta is None else o.beta, o.alpha, o.clip, o.old)
        self.optimiser = torch.optim.AdamW(loras.parameters(), lr=o.lr, weight_decay=o.wd, betas=(0.9, 0.999), eps=1e-8)
        self.terms, self.done, self.steps = terms_of(pairs, o.epochs, o.seed), 0, 0
        self.advantages = [None] * len(pairs) if o.objective == "dpo" else advantages(
            [pairs.about(k) for k in range(len(pairs))], history, o.adv_clip)
        self.cached = (None, None)

    def pair(self, k):
        if self.cached[0] != k:
            self.cached = (k, self.pairs[k])
        return self.cached[1]

    def finished(self):
        return self.done == len(self.terms)

    def step(self):
        """-> a row of the curve."""
        losses, ratios = [], []
        for k, i in self.terms[self.done:self.done + self.o.accumulate]:
            loss, ratio = loss_of(self.unet, self.loras, self.pair(k), i, self.advantages[k], self.options)
            loss.backward()
            losses.append(loss.item())
            ratios.append(ratio.cpu())
        for p in self.loras.parameters():
            p.grad /= len(losses)
        norm = nn.utils.clip_grad_norm_(self.loras.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        self.done += len(losses)
        self.steps += 1
        winner, loser = torch.stack(ratios).mean(0).tolist()
        return {"step": self.steps, "terms": self.done, "loss": round(sum(losses) / len(losses), 6),
                "winner_ratio": round(winner, 5), "loser_ratio": round(loser, 5), "gradient": round(float(norm), 6)}

    def state(self):
        return {"lora": self.loras.tensors(), "optimiser": self.optimiser.state_dict(), "done": self.done,
                "steps": self.steps, "plan": self.plan()}

    def plan(self):
        """What must be the same when training goes on."""
        return {"pairs": [self.pairs.about(k)["id"] for k in range(len(self.pairs))], "epochs": self.o.epochs,
                "seed": self.o.seed, "accumulate": self.o.accumulate, "objective": self.o.objective}

    def take(self, state):
        if state["plan"] != self.plan():
            raise SystemExit("The run that is to go on had other pairs or settings: start anew in another folder.")
        self.loras.load(state["lora"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.done, self.steps = state["done"], state["steps"]


def parse(arguments):
    parser = argparse.ArgumentParser(prog="preferences.train")
    parser.add_argument("--data", nargs="+", required=True, help="archives of pairs")
    parser.add_argument("--history", nargs="*", default=[], help="archives of earlier rounds: only their scores count")
    parser.add_argument("--weights", required=True)
    parser.add_argument("--config", help="config.json of --weights, where it does not lie beside it")
    parser.add_argument("--prediction", choices=["epsilon", "v_prediction"], help="where the config does not say")
    parser.add_argument("--lora", help="LoRA that the pairs were made with; training goes on from it")
    parser.add_argument("--objective", choices=["dpo", "ddpo", "dpok"], required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--rank", type=int, default=4)
    parser.add_argument("--beta", type=float, help="default 1 for dpo, 0.01 for dpok")
    parser.add_argument("--alpha", type=float, default=0.99)
    parser.add_argument("--clip", type=float, default=0.1)
    parser.add_argument("--adv-clip", type=float, default=5.0)
    parser.add_argument("--old", choices=["start", "logged"], default="start",
                        help="p_old: of the U-Net at the start, or as logged while the target was being fused")
    parser.add_argument("--lr", type=float, default=1e-4)
    parser.add_argument("--wd", type=float, default=1e-4)
    parser.add_argument("--accumulate", type=int, default=320, help="steps of pairs per step of the optimiser")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=10 ** 9, help="stop after so many optimiser steps in this run")
    parser.add_argument("--every", type=float, default=5, help="minutes between checkpoints")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args(arguments)


def main(arguments=None):
    o = parse(arguments)
    torch.set_num_threads(o.threads)
    out = Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    pairs = Pairs(o.data)
    if len(pairs) == 0:
        raise SystemExit("There are no pairs in the archive.")
    unet = load_unet(o.weights, o.config, o.prediction)
    loras = Loras(unet, o.rank, o.seed)
    if o.lora:
        loras.load(load_file(o.lora), start=True)
    unet.to(o.device)
    history = [entry for _, entry in Pairs(o.history).entries]
    trainer = Trainer(unet, loras, pairs, history, o)
    if o.resume:
        trainer.take(torch.load(out / "state.pt", weights_only=True, map_location="cpu"))
    print(f"{len(pairs)} pairs, {sum(p.numel() for p in loras.parameters())} parameters in {len(loras.modules)} modules,",
          f"{len(trainer.terms) - trainer.done} steps of pairs to go", flush=True)

    def save():
        torch.save(trainer.state(), out / "state.part")
        os.replace(out / "state.part", out / "state.pt")
        loras.save(out / "lora.safetensors", {"objective": o.objective, "steps": str(trainer.steps)})

    last, first = time.time(), trainer.steps
    while not trainer.finished() and trainer.steps - first < o.steps:
        began = time.time()
        row = trainer.step()
        with open(out / "curve.csv", "a", newline="") as f:
            writer = csv.DictWriter(f, row.keys())
            if f.tell() == 0:
                writer.writeheader()
            writer.writerow(row)
        print(json.dumps(row), f"{time.time() - began:.1f} s", flush=True)
        if time.time() - last > o.every * 60:
            save()
            last = time.time()
    save()


if __name__ == "__main__":
    main()

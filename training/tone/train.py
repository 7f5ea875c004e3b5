"""Trains the tone network on shards; those that are written meanwhile are picked up.

    python -m tone.train --data data/tone data/tone-photos --held-out data/tone-held-out --out runs/tone --minutes 30 [--resume]

The loss is the error of encoded colour on the thing, between absolute and squared: where the light cannot be known the network says the
mean, which is nearly to leave the thing as it is. Half of a batch is of each folder.
"""
import argparse
import csv
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from geometry.data import Shards

from .model import Config, ToneNet, affine, decoded, encoded, inputs, toned

FIELDS = ("picture", "alpha", "inside", "truth", "whole")
AVERAGE = 0.998


def tensors(batch: dict[str, Tensor]) -> dict[str, Tensor]:
    wide = lambda x: x.float().permute(0, 3, 1, 2) / 255
    return {"picture": wide(batch["picture"]), "truth": wide(batch["truth"]), "whole": wide(batch["whole"]),
            "alpha": batch["alpha"].float() / 255, "inside": batch["inside"].float() / 255}


def flipped(x: dict[str, Tensor]) -> dict[str, Tensor]:
    """Half of a batch mirrored."""
    return {name: torch.cat([v[: len(v) // 2], v[len(v) // 2:].flip(-1)]) for name, v in x.items()}


def varied(x: dict[str, Tensor]) -> dict[str, Tensor]:
    """The same as another camera would have taken it: the photo and the truth in one way, what was pasted in another."""
    n = len(x["alpha"])
    thing = x["alpha"][:, None]

    def camera(spread: float):
        gain = 2 ** (spread * torch.randn(n, 1, 1, 1) + 0.3 * spread * torch.randn(n, 3, 1, 1))
        bend = torch.exp(0.25 * spread * torch.randn(n, 1, 1, 1))
        saturation = torch.exp(0.3 * spread * torch.randn(n, 1, 1, 1))

        def taken(picture: Tensor) -> Tensor:
            grey = picture.mean(1, keepdim=True)
            return encoded(decoded((grey + saturation * (picture - grey)).clamp(0, 1)) * gain) ** bend
        return taken
    around, pasted = camera(0.5), camera(0.25)
    picture = around(x["picture"]) * (1 - thing) + pasted(x["picture"]) * thing
    return {**x, "picture": picture, "truth": around(x["truth"]), "whole": around(x["whole"])}


def errors(model: ToneNet, x: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Mean squared error on each thing, [batch]: in the tone that is told, and as it was pasted."""
    by = affine(model(*inputs(x["picture"], x["alpha"], x["inside"], x["whole"])))
    weight = (x["alpha"] > 0.95).float()
    over = lambda picture: (((picture - x["truth"]) ** 2).mean(1) * weight).sum((1, 2)) / weight.sum((1, 2)).clamp_min(1)
    return over(toned(x["picture"], by)), over(x["picture"])


@torch.no_grad()
def measure(model: ToneNet, x: dict[str, Tensor]) -> tuple[float, float]:
    """-> what is gained on things in dB, on average, and the share of things that got better"""
    told, pasted = errors(model, x)
    gain = 10 * torch.log10((pasted + 1e-4) / (told + 1e-4))
    return float(gain.mean()), float((gain > 0).float().mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--held-out", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--weights", type=Path, help="a state.pt to go on from, with a fresh optimiser")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    state = options.out / "state.pt"
    rng = np.random.default_rng(options.seed)
    model = ToneNet(Config())
    if options.weights:
        model.load_state_dict(torch.load(options.weights, weights_only=False)["average"])
    average = {name: v.clone() for name, v in model.state_dict().items()}
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.rate, weight_decay=0.05, betas=(0.9, 0.98))
    step, spent = 0, 0.0
    if options.resume:
        kept = torch.load(state, weights_only=False)
        model.load_state_dict(kept["model"])
        average, step, spent = kept["average"], kept["step"], kept["spent"]
        optimiser.load_state_dict(kept["optimiser"])
        rng.bit_generator.state = kept["rng"]
    folders = [Shards(folder, 200, FIELDS) for folder in options.data]
    for shards in folders:
        shards.refresh()
    held = Shards(options.held_out, 20, FIELDS)
    held.refresh()
    test = tensors(held.all(1000))
    print(sum(p.numel() for p in model.parameters()), "parameters,", [shards.refresh() for shards in folders], "samples", flush=True)
    began, total, count = time.time() - spent, 0.0, 0
    last = began
    while (spent := time.time() - began) < options.minutes * 60:
        progress = spent / (options.minutes * 60)
        rate = options.rate * min(1, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group in optimiser.param_groups:
            group["lr"] = rate
        share = options.batch // len(folders)
        parts = [tensors(shards.draw(rng, share)) for shards in folders]
        x = varied(flipped(joined(parts)))
        told, pasted = errors(model, x)
        loss = (told + 1e-4).sqrt().mean() + 4 * told.mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        for name, v in model.state_dict().items():
            average[name].lerp_(v, 1 - min(AVERAGE, (step + 1) / (step + 10)))
        total, count = total + float(10 * torch.log10((pasted + 1e-4) / (told.detach() + 1e-4)).mean()), count + 1
        if time.time() - last > 60:
            last = time.time()
            shown = ToneNet(model.config)
            shown.load_state_dict(average)
            shown.eval()
            gain, better = measure(shown, test)
            samples = [shards.refresh() for shards in folders]
            print(f"minutes {spent / 60:.1f} step {step} samples {samples} gained {total / count:.2f} dB, held out {gain:.2f} dB, better {better:.2f}", flush=True)
            with (options.out / "curve.csv").open("a") as file:
                csv.writer(file).writerow([f"{spent / 60:.1f}", step, step * options.batch, f"{total / count:.3f}", f"{gain:.3f}", f"{better:.3f}"])
            total, count = 0.0, 0
            torch.save({"model": model.state_dict(), "average": average, "step": step, "spent": spent, "config": model.asdict(),
                        "optimiser": optimiser.state_dict(), "rng": rng.bit_generator.state}, state)
    torch.save({"model": model.state_dict(), "average": average, "step": step, "spent": spent, "config": model.asdict(),
                "optimiser": optimiser.state_dict(), "rng": rng.bit_generator.state}, state)


def joined(parts: list[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Batches as one, in a mixed order."""
    order = torch.randperm(sum(len(part["alpha"]) for part in parts))
    return {name: torch.cat([part[name] for part in parts])[order] for name in parts[0]}


if __name__ == "__main__":
    main()

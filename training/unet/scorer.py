"""Trains the small CLIP that scores the built-in model's pictures.

    python -m unet.scorer --data data/captioned --held data/captioned-held --out runs/scorer --minutes 12

Every picture is held against its own caption, captions with one word changed, and the other captions of the batch as far
as they are surely false for it. Writes scorer.pt and prints how often the own caption wins among eight.
"""
import argparse
import json
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from world.captioned import COLOURS, MATERIALS, OBJECTS, RELATIONS, VOCABULARY, poses

from .clip import Clip, TextConfig, VisionConfig
from .data import OPPOSITE, Pictures, ids_of, retold, same

NEGATIVES = 4


def other(rng, values, value):
    return str(rng.choice([v for v in values if v != value]))


def changed(rng, label):
    """The label with one thing about it made false."""
    label = dict(label)
    key = str(rng.choice([k for k in label if k != "template"]))
    if key == "pose" and len(poses(label["object"])) > 1:
        label["pose"] = other(rng, poses(label["object"]), label["pose"])
    elif key == "colour":
        label["colour"] = other(rng, COLOURS, label["colour"])
    elif key == "material":
        label["material"] = other(rng, MATERIALS, label["material"])
    elif key == "relation":
        # The opposite is what is most easily mistaken.
        opposite = OPPOSITE[label["relation"]]
        label["relation"] = opposite if rng.random() < 0.6 else other(rng, RELATIONS, label["relation"])
    elif key == "other":
        label["other"] = str(rng.choice([o for o in OBJECTS if o not in (label["object"], label["other"])]))
    else:
        label["object"] = str(rng.choice([o for o in OBJECTS if o not in (label["object"], label.get("other"))]))
    return label


def said(label):
    """A form in which labels that say the same are equal."""
    if label["template"] != 3:
        return tuple(sorted(label.items()))
    return tuple(sorted(min((label, same(label)), key=lambda k: k["object"]).items()))


def surely_false(picture, caption):
    """Whether a caption cannot be true of a picture with this label."""
    if picture["template"] == caption["template"]:
        return said(picture) != said(caption)
    things = lambda k: {k["object"], k.get("other", k["object"])}
    return not things(picture) & things(caption)


def loss_of(model, x, labels, hard):
    """x [B,3,64,64]; labels [B]; hard [B,NEGATIVES] labels"""
    B = len(labels)
    seen = model.image(x)                                                # [B,P]
    told = model.text(ids_of(labels))                                    # [B,P]
    wrong = model.text(ids_of([k for row in hard for k in row])).unflatten(0, (B, -1))
    scale = model.logit_scale.exp().clamp(max=60)
    far = torch.tensor([[i == j or surely_false(a, b) for j, b in enumerate(labels)] for i, a in enumerate(labels)])
    across = (seen @ told.T * scale).masked_fill(~far, -1e9)             # [B,B]
    near = torch.einsum("bp,bkp->bk", seen, wrong) * scale               # [B,K]
    target = torch.arange(B)
    return F.cross_entropy(torch.cat([across, near], 1), target) + 0.5 * F.cross_entropy(across.T, target)


@torch.no_grad()
def wins(model, pictures, count=512, others=7):
    """Share of held-out pictures whose own caption scores highest among itself and seven with one change."""
    rng = np.random.default_rng(0)
    x, labels = pictures.batch(rng, count, flip=False)
    captions = [[k] + [changed(rng, k) for _ in range(others)] for k in labels]
    seen = torch.cat([model.image(x[i:i + 64]) for i in range(0, count, 64)])
    told = model.text(ids_of([k for row in captions for k in row])).unflatten(0, (count, -1))
    best = torch.einsum("bp,bkp->bk", seen, told).argmax(1)
    templates = np.array([k["template"] for k in labels])
    return {f"T{t}": round(float((best.numpy() == 0)[templates == t].mean()), 3) for t in (1, 2, 3)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--held", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    out = Path(o.out)
    out.mkdir(parents=True, exist_ok=True)
    pictures, held = Pictures(o.data), Pictures(o.held)
    vision = VisionConfig()
    text = TextConfig(vocabulary=len(VOCABULARY), projection=vision.projection)
    model = Clip(text, vision)
    optimiser = torch.optim.AdamW(model.parameters(), lr=o.lr, weight_decay=0.02, betas=(0.9, 0.98), fused=True)
    step, trained = 0, 0.0
    if o.resume:
        state = torch.load(out / "scorer.pt", weights_only=True)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        step, trained = state["step"], state["trained"]
    rng, recent, last = np.random.default_rng(time.time_ns()), [], time.time()
    while trained < o.minutes * 60:
        began = time.time()
        share = trained / (o.minutes * 60)
        optimiser.param_groups[0]["lr"] = o.lr * min(1, (step + 1) / 100) * (1.02 - share)
        x, labels = pictures.batch(rng, o.batch)
        # Small shifts and brightness: the scorer sees painted pictures, not rendered ones.
        x = torch.roll(x, tuple(rng.integers(-3, 4, 2)), (2, 3)) * rng.uniform(0.9, 1.1) + 0.06 * torch.randn_like(x)
        labels = [retold(rng, k) for k in labels]
        loss = loss_of(model, x, labels, [[changed(rng, k) for _ in range(NEGATIVES)] for k in labels])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step, trained = step + 1, trained + min(30, time.time() - began)
        recent.append(float(loss.detach()))
        if time.time() - last > 180 or trained >= o.minutes * 60:
            row = {"minutes": round(trained / 60, 2), "step": step, "loss": round(float(np.mean(recent)), 4),
                   "own_wins_of_8": wins(model, held)}
            print(json.dumps(row), flush=True)
            torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "step": step, "trained": trained,
                        "text": text.asdict(), "vision": vision.asdict(), "wins": row["own_wins_of_8"]}, out / "scorer.part")
            os.replace(out / "scorer.part", out / "scorer.pt")
            recent, last = [], time.time()


if __name__ == "__main__":
    main()

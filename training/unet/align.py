"""D-Fusion in PyTorch (specs: D-Fusion §4, §5): the definition that the studio's pipeline is held to, and what the
built-in model is evaluated with. Reference, base and target run in lockstep, many prompts at once."""
import math

import torch
import torch.nn.functional as F

from .model import Ddim


class Sites:
    """The U-Net's transformers with D-Fusion's block numbers: down with attention, middle, up with attention."""

    def __init__(self, unet):
        self.all, number = [], 0
        levels = len(unet.config.channels)
        for i, level in enumerate(unet.down_blocks):
            if hasattr(level, "attentions"):
                self.all += [(number, i, "down", t.transformer_blocks[0]) for t in level.attentions]
                number += 1
        self.middle = number
        self.all.append((number, levels - 1, "mid", unet.mid_block.attentions[0].transformer_blocks[0]))
        for i, level in enumerate(unet.up_blocks):
            if hasattr(level, "attentions"):
                number += 1
                self.all += [(number, levels - 1 - i, "up", t.transformer_blocks[0]) for t in level.attentions]

    def clear(self):
        for *_, block in self.all:
            for attention in (block.attn1, block.attn2):
                attention.watch = attention.keys = attention.output = None


class WordMaps:
    """Cross-attention of the conditional half to given columns, averaged over heads and the layers of the grid's size."""

    def __init__(self, sites, side, choice="code"):
        self.chosen = [b for n, level, part, b in sites.all if level == 0 and (choice == "code" or part == "up")]
        self.side, self.seen = side, []

    def watch(self):
        self.seen = []
        for block in self.chosen:
            block.attn2.watch = lambda p: self.seen.append(p.chunk(2)[1].mean(1))

    def take(self):
        """-> [B,cells,tokens]"""
        return torch.stack(self.seen).mean(0)


def word_mask(maps, columns, thresholds, union="or"):
    """maps [B,cells,tokens]; columns [B] lists of a list of columns per word; thresholds alike -> [B,cells]"""
    rows = []
    for own, words, limits in zip(maps, columns, thresholds):
        hits = torch.stack([own[:, c].sum(-1) >= t for c, t in zip(words, limits)]).sum(0)
        rows.append((hits > 0) if union == "or" else hits % 2 == 1)
    return torch.stack(rows).float()


@torch.no_grad()
def align(painter, ids, reference, base, thresholds, columns, steps=20, guidance=4.0, eta=1.0, layers=(2, 4), fused=(2, 19),
          fusion="keys", union="or", choice="code", base_too=True, empty=None):
    """ids [B,T]. `reference` and `base`: (noise [B,C,H,W], function of the step's index -> noise). `thresholds`: [B] lists, or
    a function of maps [B,cells,tokens] -> such. `base` is asked twice per step, for base and target.
    `empty`: ids [T] of the empty prompt; those of the old Painter where they are not given.
    -> dict of final latents, per-step maps, masks, target's log-probabilities [steps,B] and bytes kept per item in f16."""
    if empty is None:
        from world.captioned import encode
        empty = encode("")
    unet, B = painter.unet, len(ids)
    ddim, sites = Ddim(steps, unet.config.prediction), Sites(unet)
    side = reference[0].shape[-1]
    maps = WordMaps(sites, side, choice)
    context = painter.text(torch.cat([torch.tensor([empty]).expand(B, -1), ids]))[0]
    x = {"reference": reference[0], "base": base[0], "target": base[0]}
    fuses = [b for n, *_, b in sites.all if layers[0] <= n <= layers[1]]
    out = {"maps": [], "masks": [], "logp": [], "kept": 0}

    def step(run, t, z):
        without, given = unet(torch.cat([x[run], x[run]]), torch.full((2 * B,), t), context).chunk(2)
        x[run], logp = ddim.step(x[run], without + guidance * (given - without), t, eta, z)
        return logp

    for i, t in enumerate(ddim.timesteps):
        active, kept = fused[0] <= i <= fused[1], {}
        sites.clear()
        maps.watch()
        if active:
            for block in fuses:
                if fusion == "outputs":
                    block.attn1.output = lambda y, block=block: kept.setdefault(block, y)
                else:
                    block.attn1.keys = lambda k, v, block=block: kept.setdefault(block, (k, v))
        step("reference", t, reference[1](i))
        seen = maps.take()
        limits = thresholds(seen) if callable(thresholds) else thresholds
        mask = torch.ones(B, side * side) if fusion == "whole" else word_mask(seen, columns, limits, union)
        sites.clear()
        z = base[1](i)
        if base_too:
            step("base", t, z)
        for block, theirs in kept.items():
            if fusion == "outputs":
                block.attn1.output = lambda y, r=theirs: blend(y, r, resized(mask, side, y.shape[1])[:, :, None])
            else:
                block.attn1.keys = lambda k, v, r=theirs: tuple(
                    blend(a, b, resized(mask, side, a.shape[2])[:, None, :, None]) for a, b in zip((k, v), r))
        logp = step("target", t, z)
        sites.clear()
        out["kept"] = max(out["kept"], sum(2 * v.numel() for pair in kept.values() for v in (pair if type(pair) is tuple else (pair,))) // B)
        out["maps"].append(seen)
        out["masks"].append(mask)
        out["logp"].append(logp)
    return {**out, **x}


def resized(mask, side, tokens):
    """[B,side*side] -> both branches of the guidance at a layer's size, nearest: [2B,tokens]"""
    small = math.isqrt(tokens)
    m = F.interpolate(mask.unflatten(1, (1, side, side)), size=(small, small), mode="nearest").flatten(1)
    return torch.cat([m, m])


def blend(own, theirs, m):
    return torch.where(m > 0, theirs, own)


def otsu(values):
    """As src/base/wordMask.ts: halfway between the two cells that it parts. values [cells] -> float"""
    s = values.double().sort().values
    n, below = len(s), s.cumsum(0)[:-1]
    count = torch.arange(1, n)
    gap = (s.sum() - below) / (n - count) - below / count
    spread = torch.where(s[1:] > s[:-1], count * (n - count) * gap ** 2, -1.0)
    k = int(spread.argmax())
    return float((s[k] + s[k + 1]) / 2) if spread[k] > 0 else float(s[0])


def seeded(seeds, shape, steps):
    """Start and step noise of runs, each of its own torch generator, as the studio's noise source "torch" draws it."""
    draws = []
    for seed in seeds:
        g = torch.Generator().manual_seed(int(seed))
        draws.append([torch.randn(shape, generator=g) for _ in range(steps + 1)])
    stacked = [torch.stack([d[i] for d in draws]) for i in range(steps + 1)]
    return stacked[0], lambda i: stacked[i + 1]

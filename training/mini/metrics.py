"""The three figures: gain over copy-paste on object and on effect pixels, and sharpness."""
import torch

from .model import gated, sample

THRESHOLD = 6 / 255


def regions(batch):
    """object: where the paste or the truth shows the object; effect: changed by it but outside. [N,1,S,S] bool"""
    touched = torch.maximum(batch["alpha"], batch["visible"])
    change = (batch["fused"] - batch["background"]).abs().amax(1, keepdim=True) / 2
    return touched > 0.5, (change > THRESHOLD) & (touched < 0.02)


def gradient_energy(x, mask):
    """Per sample: sum of squared differences of neighbours that both lie in the mask."""
    total = 0
    for axis in (2, 3):
        n = x.shape[axis]
        d = x.narrow(axis, 1, n - 1) - x.narrow(axis, 0, n - 1)
        m = mask.narrow(axis, 1, n - 1) & mask.narrow(axis, 0, n - 1)
        total = total + (d.square() * m).sum((1, 2, 3))
    return total


def fuse(model, batch, steps=None, seed=0):
    """The gated result in [-1,1], clamped, for a batch of `to_batch`. [N,3,S,S]"""
    noise = torch.randn(batch["paste"].shape, generator=torch.Generator().manual_seed(seed)).to(batch["paste"].device)
    keys = ("background", "foreground", "paste", "alpha", "affine", "words")
    maps, _ = sample(model, **{k: batch[k] for k in keys}, noise=noise, steps=steps)
    g, o = gated(maps, batch["paste"])
    return (2 * ((batch["paste"] + 1) / 2 * (1 + g) + o) - 1).clamp(-1, 1)


def measure(results, batch):
    """-> dict of pooled figures and per-scene mean gains for results [N,3,S,S] in [-1,1]."""
    truth, paste = batch["fused"].clamp(-1, 1), batch["paste"].clamp(-1, 1)
    out = {}
    for name, mask in zip(("object", "effect"), regions(batch)):
        per = lambda x: ((((x - truth) / 2).square()) * mask).sum((1, 2, 3)) / 3
        area = mask.sum((1, 2, 3))
        psnr = lambda x: float(-10 * torch.log10(per(x).sum() / area.sum()))
        out[name] = psnr(results)
        out[name + "_paste"] = psnr(paste)
        out[name + "_gain"] = out[name] - out[name + "_paste"]
        known = area > 30
        out[name + "_scene_gain"] = float((10 * torch.log10((per(paste)[known] + 1e-6) / (per(results)[known] + 1e-6))).mean())
    mask = regions(batch)[0]
    ours, true = gradient_energy(results, mask), gradient_energy(truth, mask)
    out["sharpness"] = float(ours.sum() / true.sum())
    out["sharpness_paste"] = float(gradient_energy(paste, mask).sum() / true.sum())
    out["sharpness_median"] = float((ours / true.clamp(min=1e-6)).median())
    # Change where there should be none, which the other figures do not see.
    touched = torch.maximum(batch["alpha"], batch["visible"])
    still = ((truth - batch["background"]).abs().amax(1, keepdim=True) < 2 / 255) & (touched < 0.02)
    out["stray"] = float(((results - paste).abs() / 2 * still).sum() / still.sum() / 3)
    return out

"""Reads the renderer's shards and turns them into training batches."""
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from world.words import mirrored


class Shards:
    """All samples of a folder that may still be growing. Pictures are uint8 and larger than `size` by a margin."""

    def __init__(self, folder, size):
        self.folder, self.size = Path(folder), size
        self.seen, self.parts, self.at = set(), [], []
        self.refresh()

    def refresh(self):
        for path in sorted(self.folder.glob("*.safetensors")):
            if path.name not in self.seen:
                self.seen.add(path.name)
                data = load_file(path)
                self.at += [(len(self.parts), i) for i in range(len(data["words"]))]
                self.parts.append(data)

    def __len__(self):
        return len(self.at)

    def take(self, chosen, offsets):
        """Samples `chosen` cropped at `offsets` [n,2] (rows, columns) -> dict of stacked tensors; affine follows."""
        out = {k: [] for k in self.parts[0]}
        S = self.size
        for index, (dy, dx) in zip(chosen, offsets):
            part, i = self.at[index]
            for k, v in self.parts[part].items():
                v = v[i]
                if k in ("background", "fused", "placed", "visible"):
                    v = v[:, dy:dy + S, dx:dx + S]
                elif k == "affine":
                    v = v - torch.tensor([0, 0, dx, dy])
                out[k].append(v)
        return {k: torch.stack(v) for k, v in out.items()}

    @property
    def margin(self):
        return self.parts[0]["background"].shape[-1] - self.size

    def fixed(self, count, first=0):
        """Samples first..first+count with a centred crop."""
        return self.take(range(first, first + count), [(self.margin // 2,) * 2] * count)

    def random(self, rng, count):
        return self.take(rng.integers(len(self.at), size=count), rng.integers(self.margin + 1, size=(count, 2)))


def toned(x, gain, gamma):
    """Exposure, white balance and contrast of encoded pictures: x [N,3,h,w] in [0,1]; gain [N,3,1,1], gamma [N,1,1,1]."""
    return (x.clamp(min=1e-4) ** gamma * gain).clamp(0, 1)


def to_batch(raw, size, rng=None, device="cpu"):
    """uint8 samples -> the model's inputs (docs/mini.md) and what the loss needs; with `rng`, varied at random.

    background, paste, fused [N,3,S,S], foreground [N,4,S,S] in [-1,1]; alpha, visible [N,1,S,S] in [0,1];
    affine [N,4]; words [N,16].
    """
    raw = {k: v.to(device) for k, v in raw.items()}
    unit = lambda k: raw[k].float() / 255
    B, I, placed, visible, F = (unit(k) for k in ("background", "fused", "placed", "visible", "foreground"))
    affine, words = raw["affine"].clone(), raw["words"].long()
    if rng is not None:
        N = len(B)
        draw = lambda low, high, *shape: torch.tensor(rng.uniform(low, high, (N, *shape)), dtype=torch.float32, device=device)
        flip = draw(0, 1) < 0.5
        swap = lambda v: torch.where(flip[:, None, None, None], v.flip(-1), v)
        B, I, placed, visible, F = (swap(v) for v in (B, I, placed, visible, F))
        affine[:, 2] = torch.where(flip, size - affine[:, 0] * size - affine[:, 2], affine[:, 2])
        turned = torch.tensor(mirrored(words.cpu().numpy()), device=device)
        words = torch.where(flip[:, None], turned, words)
        # Colours exchanged: shading stays true, but colour words do not, so those prompts are emptied with the half.
        order = torch.tensor(np.stack([rng.permutation(3) if rng.random() < 0.35 else np.arange(3) for _ in range(N)]))
        index = order.to(device)[:, :, None, None]
        shuffle = lambda v: torch.cat([v[:, :3].gather(1, index.expand(-1, -1, *v.shape[2:])), v[:, 3:]], 1)
        B, I, placed, F = (shuffle(v) for v in (B, I, placed, F))
        kept = (draw(0, 1) < 0.6) & (order.to(device) == torch.arange(3, device=device)).all(1)
        words = torch.where(kept[:, None], words, 0)
        # The camera's rendering is common to B and I; the foreground comes from another camera.
        gain, gamma = draw(0.75, 1.25, 1, 1, 1) * draw(0.9, 1.1, 3, 1, 1), draw(0.75, 1.3, 1, 1, 1)
        B, I = toned(B, gain, gamma), toned(I, gain, gamma)
        gain, gamma = draw(0.93, 1.07, 1, 1, 1) * draw(0.96, 1.04, 3, 1, 1), draw(0.9, 1.12, 1, 1, 1)
        solid = F[:, 3:]
        straight = (F[:, :3] - (1 - solid)) / solid.clamp(min=0.02)
        F = torch.cat([toned(straight, gain, gamma) * solid + 1 - solid, solid], 1)
        placed = torch.cat([toned(placed[:, :3], gain, gamma), placed[:, 3:]], 1)
        grain = torch.randn_like(B) * draw(0, 1, 1, 1, 1) ** 3 * 0.03
        B, I = B + grain, I + grain
    alpha = placed[:, 3:]
    P = placed[:, :3] * alpha + B * (1 - alpha)
    sym = lambda x: 2 * x - 1
    return {"background": sym(B), "foreground": sym(F), "paste": sym(P), "alpha": alpha, "affine": affine,
            "words": words, "fused": sym(I), "visible": visible}

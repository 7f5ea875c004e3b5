"""Captioned pictures in memory, and batches of them."""
import json
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

from world import captioned
from world.captioned import caption, encode, held_out


class Pictures:
    def __init__(self, folder):
        self.folder, self.known, self.labels, parts = Path(folder), set(), [], []
        self.pictures = torch.zeros(0, 3, 64, 64, dtype=torch.uint8)
        self.refresh()

    def refresh(self):
        """Takes in the shards that have come since."""
        parts = [self.pictures]
        for path in sorted(self.folder.glob("*.safetensors")):
            if path in self.known:
                continue
            self.known.add(path)
            with safe_open(path, "pt") as f:
                parts.append(f.get_tensor("pictures"))
                self.labels += json.loads(f.metadata()["labels"])
        self.pictures = torch.cat(parts)
        return self

    def __len__(self):
        return len(self.pictures)

    def batch(self, rng, count, flip=True):
        """-> pictures [B,3,64,64] in [-1,1], labels. Half of them in a mirror, their labels too."""
        index = rng.integers(len(self), size=count)
        x = self.pictures[torch.from_numpy(index)].float() / 127.5 - 1
        labels = [self.labels[i] for i in index]
        if flip:
            turned = rng.random(count) < 0.5
            # A mirrored label may be one that is held out.
            turned &= np.array([not held_out(captioned.mirrored(k)) for k in labels])
            x = torch.where(torch.from_numpy(turned)[:, None, None, None], x.flip(3), x)
            labels = [captioned.mirrored(k) if t else k for k, t in zip(labels, turned)]
        return x, labels


OPPOSITE = {"above": "below", "below": "above", "left": "right", "right": "left"}


def same(label):
    """A T3 label told from the other object: as true as the label."""
    return dict(label, object=label["other"], other=label["object"], relation=OPPOSITE[label["relation"]])


def retold(rng, label):
    """Half of the T3 labels told from the other object, where that is not held out."""
    if label["template"] == 3 and rng.random() < 0.5 and not held_out(same(label)):
        return same(label)
    return label


def ids_of(labels):
    return torch.tensor([encode(k if isinstance(k, str) else caption(k)) for k in labels])

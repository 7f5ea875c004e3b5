"""Reads the studio's archives of preference pairs (docs/formats.md, section Preference archive)."""
import json
import zipfile
from dataclasses import dataclass

import torch
from safetensors.torch import load

INDEX = "preferences.json"
# 2 writes seeds as decimal strings; nothing here reads them.
SCHEMAS = (1, 2)


@dataclass
class Run:
    latents: torch.Tensor          # x_T .. x_0, [steps+1,C,H,W]
    log_probability: torch.Tensor  # as it was logged when the picture was made, [steps]


@dataclass
class Pair:
    about: dict                # the pair's entry in preferences.json
    winner: Run
    loser: Run
    embedding: torch.Tensor    # [tokens,width]
    negative: torch.Tensor     # [tokens,width]
    masks: torch.Tensor        # what was fused, 0 or 1, [steps,rows,columns]
    word_maps: torch.Tensor | None   # [steps,rows,columns,words]

    @property
    def timesteps(self):
        return self.about["timesteps"]

    @property
    def settings(self):
        return self.about["recipe"]["align"]


class Pairs:
    """The pairs of one or several archives; their tensors are read when they are asked for."""

    def __init__(self, paths):
        self.entries = []          # (archive, entry)
        for path in paths:
            try:
                archive = zipfile.ZipFile(path)
                index = json.loads(archive.read(INDEX))
            except (zipfile.BadZipFile, KeyError) as error:
                raise SystemExit(f"{path} is no archive of preference pairs: {error}")
            if index.get("kind") != "inlay-preferences" or index.get("schema") not in SCHEMAS:
                raise SystemExit(f"{path} is an archive of another kind or version.")
            self.entries += [(archive, entry) for entry in index["pairs"]]

    def __len__(self):
        return len(self.entries)

    def about(self, k):
        return self.entries[k][1]

    def __getitem__(self, k):
        archive, about = self.entries[k]
        t = load(archive.read(f"pairs/{about['id']}.safetensors"))
        if t["timesteps"].tolist() != about["timesteps"]:
            raise SystemExit(f"The tensors of pair {about['id']} do not belong to its entry.")
        runs = {name: Run(t[f"{name}.latents"], t[f"{name}.log_probability"]) for name in ("winner", "loser")}
        return Pair(about, **runs, embedding=t["prompt.embedding"], negative=t["prompt.negative"],
                    masks=t["masks"], word_maps=t.get("word_maps"))

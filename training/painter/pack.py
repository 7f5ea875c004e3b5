"""Painter 2 as packs of 8 bits (docs/formats.md): what the next session goes on from.

    python -m painter.pack --autoencoder runs/autoencoder/state.pt --scorer runs/scorer/state.pt [--unet ...] [--dit ...] --out FOLDER

What the folder has already stays. It holds what there is, under `autoencoder.`, `scorer.`, `unet.`, `dit.`; names inside are diffusers', CLIP's and BFL's.
"""
import argparse
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from emoji.captions import VOCABULARY
from packs import read_pack, write_pack
from unet.model import Unet, UnetConfig

from .autoencoder import Autoencoder, VaeConfig
from .dit import FluxConfig, PainterD
from .scorer import Scorer, ScorerConfig

SIZE = 128
FOLDER = Path(__file__).resolve().parent.parent / "checkpoints/painter2"


@dataclass
class Parts:
    """None is not there yet."""
    autoencoder: Autoencoder | None = None
    scorer: Scorer | None = None
    unet: Unet | None = None
    dit: PainterD | None = None

    def named(self) -> dict[str, nn.Module]:
        return {k: m for k, m in vars(self).items() if m is not None}


def width(config: dict) -> int:
    """Of a token of the scorer's image tower, of its config."""
    return 2 * config["image"]["latentChannels"]


def build(configs: dict) -> Parts:
    """Networks of a pack's or of states' configs, by part."""
    make = {"autoencoder": lambda c: Autoencoder(VaeConfig(**c)), "scorer": lambda c: Scorer(ScorerConfig.of(c)),
            "unet": lambda c: Unet(UnetConfig(**c)), "dit": lambda c: PainterD(FluxConfig(**c), width(configs["scorer"]))}
    return Parts(**{k: make[k](configs[k]) for k in make if configs.get(k)})


def config_of(name: str, module: nn.Module) -> dict:
    return (module.flux if name == "dit" else module).config.asdict()


def write(parts: Parts, provenance: dict, folder: str | Path = FOLDER, words: list[str] = VOCABULARY) -> None:
    tensors = {f"{name}.{k}": t for name, module in parts.named().items() for k, t in module.state_dict().items()}
    configs = {name: config_of(name, module) for name, module in parts.named().items()}
    write_pack(folder, tensors, {"size": SIZE, **configs}, words, provenance, "Inlay Painter 2", "painter2")


def read(folder: str | Path = FOLDER, words: list[str] = VOCABULARY) -> Parts:
    """With the pack's dequantised weights, not to be trained unless the caller says so."""
    manifest, tensors = read_pack(folder)
    if manifest["words"] != words:
        raise SystemExit(f"{folder} knows other words than emoji/captions.py: its scorer and painters cannot be gone on with.")
    parts = build(manifest["config"])
    for name, module in parts.named().items():
        module.load_state_dict({k.removeprefix(f"{name}."): t for k, t in tensors.items() if k.startswith(f"{name}.")})
        module.eval().requires_grad_(False)
    return parts


def part(weights: str | Path, name: str) -> nn.Module:
    """One network of a pack, to be trained on."""
    module = getattr(read(weights), name)
    if module is None:
        raise SystemExit(f"{weights} has no {name} yet: leave --weights out to begin one.")
    return module.requires_grad_(True)


def averaged(state: dict) -> dict:
    """Averaged weights of a training state, without what only training has."""
    return {k: t for k, t in state["average"].items() if not k.startswith("seeing.")}


def of_states(states: dict[str, dict]) -> Parts:
    """Averaged weights of training states, by part."""
    parts = build({name: s["config"] for name, s in states.items()})
    for name, module in parts.named().items():
        module.load_state_dict(averaged(states[name]))
        module.eval().requires_grad_(False)
    return parts


def shared(weights: str | None, autoencoder: str | None, scorer: str | None) -> Parts:
    """Autoencoder and scorer that a painter is trained with, from states where they are given, else from a pack."""
    states = {k: torch.load(p, weights_only=True) for k, p in (("autoencoder", autoencoder), ("scorer", scorer)) if p}
    parts = read(weights or FOLDER) if len(states) < 2 else Parts()
    for name, module in of_states(states).named().items():
        setattr(parts, name, module)
    for name in ("autoencoder", "scorer"):
        if getattr(parts, name) is None:
            raise SystemExit(f"{weights or FOLDER} has no {name}: train it first, and give its state with --{name}.")
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = ("autoencoder", "scorer", "unet", "dit")
    for name in names:
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--out", type=Path, default=FOLDER)
    o = parser.parse_args()
    if o.dit and not o.scorer:
        parser.error("--dit reads the scorer's tokens: give the --scorer that it was trained with, too.")
    states = {n: torch.load(getattr(o, n), weights_only=True) for n in names if getattr(o, n)}
    kept, parts = (read_pack(o.out)[0]["provenance"], read(o.out)) if (o.out / "manifest.json").exists() else ({}, Parts())
    for name, module in of_states(states).named().items():
        setattr(parts, name, module)
    provenance = {**kept, "data": "compositions of emoji, training/emoji: Fluent (MIT), Noto (Apache-2.0), Twemoji (CC-BY 4.0)",
                  **{n: {k: round(float(s[k]), 1) for k in ("step", "samples", "seconds")} for n, s in states.items()}}
    write(parts, provenance, o.out)
    for path in sorted(o.out.iterdir()):
        path.chmod(0o644)
        print(path, path.stat().st_size)


if __name__ == "__main__":
    main()

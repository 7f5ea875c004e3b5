"""The built-in text-to-image model as a pack (docs/painter.md): U-Net, text encoder, latent and scorer in one."""
from dataclasses import dataclass
from pathlib import Path

import torch

from packs import is_big, read_pack, write_pack
from world.captioned import VOCABULARY

from .clip import Clip, TextConfig, VisionConfig
from .latent import PATCH, Latent
from .model import UnetConfig
from .painter import Painter

FOLDER = Path(__file__).resolve().parents[2] / "public/models/painter"


@dataclass
class Parts:
    painter: Painter
    latent: Latent
    scorer: Clip
    words: list
    size: int

    def tensors(self):
        """Names as the studio asks for them."""
        named = lambda prefix, module: {prefix + k: v for k, v in module.state_dict().items()}
        return {**named("unet.", self.painter.unet), **named("text.", self.painter.text),
                **self.latent.tensors(), **named("scorer.", self.scorer)}

    def config(self):
        unet, text, scorer = self.painter.unet.config, self.painter.text.config, self.scorer
        return {"size": self.size, "unet": unet.asdict(), "text": text.asdict(), "patch": PATCH,
                "scorer": {"text": scorer.config.asdict(), "vision": scorer.vision.asdict()}}


def write(parts, provenance, folder=FOLDER, quantises=is_big, name="Inlay Painter"):
    write_pack(folder, parts.tensors(), parts.config(), parts.words, provenance, name, "painter", quantises)


def read(folder=FOLDER):
    """The model as the studio runs it: the pack's dequantised weights."""
    manifest, tensors = read_pack(folder)
    c = manifest["config"]
    painter = Painter(UnetConfig(**c["unet"]), TextConfig(**c["text"]))
    scorer = Clip(TextConfig(**c["scorer"]["text"]), VisionConfig(**c["scorer"]["vision"]))
    own = lambda prefix: {k[len(prefix):]: v for k, v in tensors.items() if k.startswith(prefix)}
    painter.unet.load_state_dict(own("unet."))
    painter.text.load_state_dict(own("text."))
    scorer.load_state_dict(own("scorer."))
    return Parts(painter.eval(), Latent.of(tensors), scorer.eval(), manifest["words"], c["size"])


def of_states(state, scored):
    """From the states that train.py and scorer.py write: averaged weights."""
    painter = Painter(UnetConfig(**state["unet"]), TextConfig(**state["text"]))
    painter.load_state_dict(state["ema"])
    scorer = Clip(TextConfig(**scored["text"]), VisionConfig(**scored["vision"]))
    scorer.load_state_dict(scored["model"])
    return Parts(painter.eval(), Latent.of(state["latent"]), scorer.eval(), VOCABULARY, 64)


def load_states(unet, scorer):
    return of_states(torch.load(unet, weights_only=True), torch.load(scorer, weights_only=True))

"""What holds pictures against words: CLIP's idea, with a convolutional image tower.

The shipped scorer gives the painters their words, too: the hidden states of its text tower are their context, the 64 tokens of its
image tower are what Painter-D reads as Redux's tokens. A judge of another seed, another architecture and the other half of the data
gives every published figure; it is never shipped, rewarded or conditioned on.
"""
from dataclasses import asdict, dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from emoji.captions import NOUNS, VOCABULARY
from unet.clip import Clip, ClipText, TextConfig, VisionConfig

from .autoencoder import FOLD, Encoder, VaeConfig
from .pictures import ids_of

FEATURES = 96


def image_config() -> VaeConfig:
    """The encoder of an autoencoder down to 8 x 8 cells, whose two halves of moments are 96 features a cell."""
    return VaeConfig(channels=[32, 64, 64], decoderChannels=[32, 64, 64], latentChannels=FEATURES // 2)


@dataclass
class ScorerConfig:
    text: TextConfig = field(default_factory=lambda: TextConfig(width=96, heads=3, layers=2, mlp=384, vocabulary=len(VOCABULARY), positions=16,
                                                                projection=FEATURES))
    image: VaeConfig = field(default_factory=image_config)

    def asdict(self) -> dict:
        return asdict(self)

    @staticmethod
    def of(kept: dict) -> "ScorerConfig":
        return ScorerConfig(TextConfig(**kept["text"]), VaeConfig(**kept["image"]))


class Scorer(nn.Module):
    def __init__(self, config: ScorerConfig):
        super().__init__()
        self.config = config
        self.words, self.encoder = ClipText(config.text), Encoder(config.image)
        width = 2 * config.image.latentChannels
        self.post_layernorm, self.visual_projection = nn.LayerNorm(width), nn.Linear(width, config.text.projection, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(2.5))

    def tokens(self, x: Tensor) -> Tensor:
        """x [B,3,128,128] in [-1,1] -> [B,64,96]"""
        return self.post_layernorm(self.encoder(F.pixel_unshuffle(x, FOLD)).flatten(2).transpose(1, 2))

    def feature(self, tokens: Tensor) -> Tensor:
        """[B,64,96] -> unit features [B,96]"""
        return F.normalize(self.visual_projection(tokens.mean(1)).float(), dim=-1)

    def image(self, x: Tensor) -> Tensor:
        """-> unit features [B,96]"""
        return self.feature(self.tokens(x))

    def text(self, ids: Tensor) -> Tensor:
        """-> unit features [B,96]"""
        return F.normalize(self.words(ids)[1].float(), dim=-1)


class Judge(Clip):
    """CLIP as it is: patches and a class token."""

    def __init__(self):
        super().__init__(TextConfig(width=128, heads=4, layers=2, mlp=512, vocabulary=len(VOCABULARY), positions=16, projection=128),
                         VisionConfig(width=192, heads=6, layers=6, mlp=768, image=128, patch=16, projection=128))

    def image(self, x: Tensor) -> Tensor:
        return super().image(x).float()

    def text(self, ids: Tensor) -> Tensor:
        return super().text(ids).float()


def name_ids() -> Tensor:
    """[200,16]: "an owl" of every noun"""
    return ids_of([("an " if n[0] in "aeiou" and n not in ("unicorn", "ufo") else "a ") + n for n in NOUNS])


@torch.no_grad()
def named(model: nn.Module, x: Tensor) -> Tensor:
    """How much each picture looks like each noun: cosines [B,200]"""
    names = model.text(name_ids())
    return torch.cat([model.image(part) @ names.T for part in x.split(32)])

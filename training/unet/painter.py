"""The built-in text-to-image model: a U-Net and its own text encoder, trained together."""
from torch import nn

from .clip import ClipText
from .model import Unet


class Painter(nn.Module):
    """The U-Net and its text encoder."""

    def __init__(self, unet, text):
        super().__init__()
        self.unet, self.text = Unet(unet), ClipText(text)

    def forward(self, x, t, ids):
        return self.unet(x, t, self.text(ids)[0])

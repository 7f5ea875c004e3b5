"""Trains the autoencoder.

    python -m painter.train_autoencoder --art data/emoji.npz --out runs/autoencoder --steps 5000 --decay 1000

`--crop 64` learns from three windows of each picture, near its middle, at less than half the cost; the last steps want whole pictures. Loss: L1 of the pixels, of their differences between neighbours, and a small KL. Writes state.pt, curve.csv and sheet.png: held-out
compositions, above them as they were, below as they come back.
"""
import argparse

import numpy as np
import torch
from torch import Tensor, nn

from emoji.sheet import save, sheet

from . import loop
from .autoencoder import Autoencoder, VaeConfig
from .pack import part
from .pictures import batch, world

KL = 1e-3
EDGES = 0.5


def loss_of(model: Autoencoder, pictures: Tensor) -> Tensor:
    mean, logvar = model.posterior(pictures)
    logvar = logvar.clamp(-30, 20)
    said = model.paint(mean + (0.5 * logvar).exp() * torch.randn_like(mean)).float()
    edges = sum((said.diff(dim=d) - pictures.diff(dim=d)).abs().mean() for d in (2, 3))
    kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean()
    return (said - pictures).abs().mean() + EDGES * edges + KL * kl


@torch.no_grad()
def back(model: nn.Module, pictures: Tensor) -> Tensor:
    return torch.cat([model.paint(model.posterior(x)[0]).float().clamp(-1, 1) for x in pictures.split(32)])


def psnr(said: Tensor, wanted: Tensor) -> Tensor:
    """dB per picture, of values in [-1,1]: [B]"""
    return 10 * torch.log10(4 / (said - wanted).square().mean((1, 2, 3)))


def windows(rng: np.random.Generator, pictures: Tensor, side: int, each: int = 3) -> Tensor:
    """Windows of pictures, where the things are: [each*B,3,side,side]"""
    room = pictures.shape[-1] - side
    at = np.clip(rng.normal(room / 2, room / 3, (each, len(pictures), 2)), 0, room).round().astype(int)
    return torch.stack([x[:, i:i + side, j:j + side] for row in at for x, (i, j) in zip(pictures, row)])


def main() -> None:
    parser = loop.arguments(__doc__, batch=16, rate=1.5e-3)
    parser.add_argument("--crop", type=int, help="pixels a side, a multiple of 8")
    o = parser.parse_args()
    art = world(o.art)
    model = Autoencoder(VaeConfig())
    if o.weights:
        model = part(o.weights, "autoencoder")
    held, _ = batch(art, np.random.default_rng(0), 192, held=True)

    def look(average: nn.Module) -> dict:
        with torch.autocast("cpu", torch.bfloat16, enabled=o.bf16):
            said = back(average, held)
        bytes_ = lambda x: list(((x + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy())
        pairs = [p for i in range(0, 32, 8) for p in bytes_(held[i:i + 8]) + bytes_(said[i:i + 8])]
        save(o.out / "sheet.png", sheet(pairs, [""] * len(pairs)))
        return {"psnr": float(psnr(said, held).mean()), "worst": float(psnr(said, held).min())}

    def draw(m: nn.Module, rng: np.random.Generator) -> Tensor:
        pictures = batch(art, rng, o.batch)[0]
        return loss_of(m, windows(rng, pictures, o.crop) if o.crop else pictures)

    run = loop.train(model, o, draw, look, model.config.asdict())
    for net in (run.model, run.average):
        net.measure(batch(art, np.random.default_rng(1), 512)[0])
    run.save(model.config.asdict())


if __name__ == "__main__":
    main()

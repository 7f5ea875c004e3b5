"""Trains Painter-U, the U-Net of Align, on the latents of the autoencoder and the words of the scorer's text tower.

    python -m painter.train_unet --art data/emoji.npz --out runs/painter-u --steps 20000
    the same with --autoencoder runs/autoencoder/state.pt --scorer runs/scorer/state.pt     from states, not from the shipped pack

v prediction on Stable Diffusion's schedule, noise levels spread evenly over a batch, one caption in ten dropped. Writes state.pt,
curve.csv and sheet.png: the first 16 held-out captions.
"""
import numpy as np
import torch
from torch import Tensor, nn

from emoji.captions import listed
from emoji.sheet import save, sheet
from unet.model import Ddim, Unet, UnetConfig, noised

from . import loop
from .pack import Parts, part, shared
from .pictures import batch, ids_of, retold, world

STEPS, GUIDANCE = 20, 4.0


def config(context: int) -> UnetConfig:
    return UnetConfig(channels=[64, 128], heads=[2, 4], attention=[True, True], resnets=1, contextDim=context)


def loss_of(unet: nn.Module, z: Tensor, context: Tensor, t: Tensor, noise: Tensor) -> Tensor:
    """Mean squared error of v."""
    x, v = noised(z, noise, t)
    return (unet(x, t, context).float() - v).square().mean()


@torch.no_grad()
def sample(unet: nn.Module, parts: Parts, captions: list[str], noise: Tensor, steps: int = STEPS, guidance: float = GUIDANCE) -> Tensor:
    """DDIM with guidance; noise [B,16,16,16] -> pictures [B,3,128,128] in [-1,1]"""
    ddim, x = Ddim(steps, unet.config.prediction), noise
    context = parts.scorer.words(ids_of([""] * len(captions) + captions))[0]
    for t in ddim.timesteps:
        without, given = unet(torch.cat([x, x]), torch.full((2 * len(x),), t), context).float().chunk(2)
        x, _ = ddim.step(x, without + guidance * (given - without), t)
    return parts.autoencoder.decode(x).float().clamp(-1, 1)


def show(path, pictures: Tensor, captions: list[str], columns: int = 8) -> None:
    made = ((pictures + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    save(path, sheet(list(made), captions, columns, times=2))


def main() -> None:
    parser = loop.arguments(__doc__, batch=64, rate=1.5e-3, ema=0.999)
    parser.add_argument("--autoencoder")
    parser.add_argument("--scorer")
    o = parser.parse_args()
    torch.manual_seed(o.seed)
    art, parts = world(o.art), shared(o.weights, o.autoencoder, o.scorer)
    unet = Unet(config(parts.scorer.words.config.width))
    if o.weights:
        unet = part(o.weights, "unet")
    pictures, scenes = batch(art, np.random.default_rng(0), 256, held=True)
    g = torch.Generator().manual_seed(0)
    with torch.no_grad():
        probe = (torch.cat([parts.autoencoder.encode(x) for x in pictures.split(32)]), parts.scorer.words(ids_of(scenes))[0],
                 torch.arange(256) * 1000 // 256, torch.randn(256, 16, 16, 16, generator=g))
    noise, captions = torch.randn(16, 16, 16, 16, generator=g), listed("captions")[:16]

    def draw(m: nn.Module, rng: np.random.Generator) -> Tensor:
        x, seen = batch(art, rng, o.batch)
        with torch.no_grad():
            z = parts.autoencoder.encode(x)
            context = parts.scorer.words(ids_of([retold(rng, s) if rng.random() > 0.1 else "" for s in seen]))[0]
        t = ((torch.arange(o.batch) + torch.rand(o.batch)) * 1000 / o.batch).long().clamp(max=999)
        return loss_of(m, z, context, t, torch.randn_like(z))

    def look(average: nn.Module) -> dict:
        with torch.autocast("cpu", torch.bfloat16, enabled=o.bf16), torch.no_grad():
            held = np.mean([float(loss_of(average, *(v[i:i + 64] for v in probe))) for i in range(0, 256, 64)])
            show(o.out / "sheet.png", sample(average, parts, captions, noise), captions)
        return {"held_out": float(held)}

    loop.train(unet, o, draw, look, unet.config.asdict())


if __name__ == "__main__":
    main()

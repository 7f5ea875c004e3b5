"""Trains Painter-D, the transformer of Mix and Compose.

    python -m painter.train_dit --art data/emoji.npz --out runs/painter-d --steps 20000
    python -m painter.train_dit ... --distil runs/painter-d/state.pt --out runs/painter-d-guided     guidance as an embedding, 0 to 6

Flow matching: x = (1 - sigma) data + sigma noise, v = noise - data; sigma is a logistic normal, spread evenly over a batch.
Half-way through the blocks the picture's tokens are held to what the scorer sees in the clean picture (REPA, Yu et al. 2024), by a linear that no pack has.
Conditions are those of conditions.py. The first run knows guidance 1 only; the second learns what its own two branches make of any.
"""
import copy

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from emoji.captions import listed

from . import conditions, draft, loop
from .dit import FluxConfig, PainterD, packed, unpacked
from .pack import Parts, averaged, part, shared, width
from .pictures import ids_of, world
from .train_unet import show

STEPS = 20
LATER = 0.3                              # how much nearer to noise than to data training looks: what is in a picture is settled there
ALIGNED = 0.5                            # weight of what the scorer sees


def levels(count: int, later: float = 0.0) -> Tensor:
    """sigma [B] in (0,1)"""
    u = (torch.arange(count) + torch.rand(count)) / count
    return torch.sigmoid(torch.special.ndtri(u.clamp(1e-4, 1 - 1e-4)) + later)


class Seeing(nn.Module):
    """What the middle of a network in training has seen in its picture: a cosine with the scorer's tokens of it. No pack has it (pack.averaged)."""

    def __init__(self, model: PainterD, tokens: int):
        super().__init__()
        self.linear = nn.Linear(model.flux.config.hidden, tokens)
        self.middle: Tensor | None = None
        model.flux.double_blocks[-1].register_forward_hook(lambda block, given, made: setattr(self, "middle", made[0]))

    def loss(self, tokens: Tensor) -> Tensor:
        """Of the network's last run; tokens [B,64,width], in the order of its own. References follow those."""
        return 1 - F.cosine_similarity(self.linear(self.middle[:, :tokens.shape[1]]).float(), tokens.float(), dim=-1).mean()


def loss_of(model: PainterD, data: Tensor, context: Tensor, references: list[Tensor], guide=None, nothing: Tensor | None = None,
            later: float = 0.0) -> Tensor:
    """data and references: packed latents [B,64,64]. `guide`: the frozen teacher of guidance, `nothing` its empty context."""
    sigma, noise, guidance = levels(len(data), later), torch.randn_like(data), torch.ones(len(data))
    x = data + sigma[:, None, None] * (noise - data)
    wanted = noise - data
    if guide is not None:
        guidance = torch.rand(len(data)) * 6
        with torch.no_grad():
            one = torch.ones(len(data))
            with_, without = guide(x, context, sigma, one, references).float(), guide(x, nothing, sigma, one).float()
            wanted = without + guidance[:, None, None] * (with_ - without)
    return (model(x, context, sigma, guidance, references).float() - wanted).square().mean()


@torch.no_grad()
def denoised(model: PainterD, context: Tensor, noise: Tensor, references: list[Tensor] = (), guidance: float = 1.0, steps: int = STEPS,
             nothing: Tensor | None = None, scale: float = 1.0) -> Tensor:
    """Euler, unshifted; noise [B,C,H,H] -> latent. `nothing` and `scale`: guidance by two passes, before it is distilled."""
    x, sigmas = packed(noise), torch.linspace(1, 0, steps + 1)
    for now, then in zip(sigmas, sigmas[1:]):
        at = lambda c, r: model(x, c, now.expand(len(x)), torch.full((len(x),), guidance), r).float()
        v = at(context, references)
        if nothing is not None:
            w = at(nothing, ())
            v = w + scale * (v - w)
        x = x + (then - now) * v
    return unpacked(x, noise.shape[-1] // 2)


def sample(model: PainterD, parts: Parts, context: Tensor, noise: Tensor, *how, **also) -> Tensor:
    """-> pictures [B,3,8H,8H]; the rest is that of `denoised`"""
    with torch.no_grad():
        return parts.autoencoder.decode(denoised(model, context, noise, *how, **also)).float().clamp(-1, 1)


def main() -> None:
    parser = loop.arguments(__doc__, batch=64, rate=1.5e-3, ema=0.999)
    parser.add_argument("--autoencoder")
    parser.add_argument("--scorer")
    parser.add_argument("--draft", help="begin from a network that was kept in the middle of its training")
    parser.add_argument("--distil", help="the state whose guidance is learnt")
    o = parser.parse_args()
    torch.manual_seed(o.seed)
    art, parts = world(o.art), shared(o.weights, o.autoencoder, o.scorer)
    model, guide = PainterD(FluxConfig(contextDim=parts.scorer.words.config.width), width(parts.scorer.config.asdict())), None
    if o.weights:
        model = part(o.weights, "dit")
    if not o.distil:
        model.seeing = Seeing(model, width(parts.scorer.config.asdict()))
    if o.draft:
        print("goes on from", draft.read(model, o.draft))
    if o.distil:
        model.load_state_dict(averaged(torch.load(o.distil, weights_only=True)))
        guide = copy.deepcopy(model).eval().requires_grad_(False)
    with torch.no_grad():
        nothing = parts.scorer.words(ids_of([""]))[0]
        told = parts.scorer.words(ids_of(listed("captions")[:16]))[0]
    noise = torch.randn(16, 16, 16, 16, generator=torch.Generator().manual_seed(0))
    held = conditions.batch(art, np.random.default_rng(0), 128, "text")

    def terms(shown: conditions.Batch, m: PainterD, rng: np.random.Generator):
        with torch.no_grad():
            latents = [packed(parts.autoencoder.encode(x)) for x in (shown.target, *shown.references)]
        return latents[0], conditions.context_of(m, parts, rng, shown), latents[1:]

    def draw(m: nn.Module, rng: np.random.Generator) -> Tensor:
        shown = conditions.batch(art, rng, o.batch)
        data, context, references = terms(shown, m, rng)
        if guide is not None:
            return loss_of(m, data, context, references, guide, nothing.expand(len(data), -1, -1))
        loss = loss_of(m, data, context, references, later=LATER)
        with torch.no_grad():
            tokens = parts.scorer.tokens(shown.target)
        return loss + ALIGNED * m.seeing.loss(tokens)

    def look(average: nn.Module) -> dict:
        torch.manual_seed(0)
        with torch.autocast("cpu", torch.bfloat16, enabled=o.bf16), torch.no_grad():
            same = float(loss_of(average, *terms(held, average, np.random.default_rng(0))))
            made = sample(average, parts, told, noise, guidance=4.0) if o.distil else sample(
                average, parts, told, noise, nothing=nothing.expand(16, -1, -1), scale=4.0)
            show(o.out / "sheet.png", made, listed("captions")[:16])
        return {"same_texts": same}

    loop.train(model, o, draw, look, model.flux.config.asdict())


if __name__ == "__main__":
    main()

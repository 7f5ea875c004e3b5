"""Writes src/pipelines/fixtures/painter2-tiny/: a tiny random Painter 2 as a pack of 8 bits, and what PyTorch makes of it.

    python -m painter.fixture
"""
from pathlib import Path
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from unet.clip import TextConfig
from unet.fixture import aligned
from unet.model import Unet, UnetConfig

from . import pack
from .autoencoder import Autoencoder, VaeConfig
from .conditions import mixed
from .dit import FluxConfig, PainterD, packed
from .scorer import Scorer, ScorerConfig
from .train_dit import denoised

FOLDER = Path(__file__).resolve().parents[2] / "src/pipelines/fixtures/painter2-tiny"
WORDS = ["<pad>", "<unk>", "a", "lying", "owl", "red", "<bos>", "<eos>"]
PROMPT = [6, 2, 5, 4, 3, 7] + [0] * 10      # a red owl lying
NOTHING = [6, 7] + [0] * 14
SIZE = 48                                # pixels a side: 6 x 6 cells of the latent, 3 x 3 tokens


def tiny() -> pack.Parts:
    torch.manual_seed(0)
    width = 16
    scorer = ScorerConfig(TextConfig(width=width, heads=2, layers=1, mlp=32, vocabulary=len(WORDS), projection=width),
                          VaeConfig(channels=[4, 8, 8], decoderChannels=[4, 8, 8], latentChannels=width // 2, groups=4))
    parts = pack.Parts(Autoencoder(VaeConfig(channels=[4, 8], decoderChannels=[8, 8], latentChannels=4, groups=4)), Scorer(scorer),
                       Unet(UnetConfig(4, 4, [4, 8], [1, 2], [True, True], contextDim=width, groups=2)),
                       dit=PainterD(FluxConfig(hidden=32, heads=1, doubleBlocks=1, singleBlocks=1, contextDim=width, inChannels=16, outChannels=16), width))
    with torch.no_grad():
        for p in parts.dit.parameters():                                 # blocks and head begin as nothing
            if p.ndim == 2 and not p.any():
                p.normal_(std=0.15)
        for name, p in parts.dit.named_parameters():
            if "embedding" in name:
                p.normal_(std=0.5)
            if name.endswith("query_norm.scale"):
                p.fill_(4)                                               # attention that is not even
        for name, p in parts.unet.named_parameters():
            if name.endswith(("to_q.weight", "to_k.weight")):
                p.mul_(2)                                                # maps that are not flat
        parts.autoencoder.mean.copy_(torch.tensor([0.1, -0.2, 0.05, 0.3]))
        parts.autoencoder.deviation.copy_(torch.tensor([0.5, 0.8, 1.2, 0.9]))
    return parts


@torch.no_grad()
def main() -> None:
    torch.set_num_threads(1)
    pack.write(tiny(), {"what": "random numbers, for tests"}, FOLDER, WORDS)
    parts = pack.read(FOLDER, WORDS)
    torch.manual_seed(1)
    smooth = lambda height, width: F.interpolate(torch.rand(1, 3, 4, 4) * 2 - 1, (height, width), mode="bicubic").clamp(-1, 1)
    odd, square = smooth(SIZE, 16), smooth(32, 32)                       # 3 x 1 tokens; a reference of 2 x 2
    latent, seen = parts.autoencoder.encode(odd), parts.scorer.tokens(odd)
    context, told = parts.scorer.words(torch.tensor([PROMPT]))
    other = parts.scorer.tokens(square)
    words = [parts.dit.words(seen, 1), parts.dit.words(other, 2)[:, :3]]
    noise = torch.randn(1, 4, SIZE // 8, SIZE // 8)
    sampled = lambda c, references=(), **more: denoised(parts.dit, c, noise, references, steps=3, **more)
    reference = packed(parts.autoencoder.encode(square))
    save_file({k: v[0].contiguous() for k, v in {
        "odd": odd, "square": square, "noise": noise,
        "latent": latent, "decoded": parts.autoencoder.decode(latent),
        "tokens": seen, "shown": parts.scorer.feature(seen), "context": context, "told": F.normalize(told, dim=-1),
        "words": words[0], "mixed": mixed(*words, torch.tensor([0.4])),
        "of_words": sampled(torch.cat(words, 1), guidance=3.0),
        "of_references": sampled(context, [reference, -2 * reference.flip(1)], guidance=2.0), "of_text": sampled(context, guidance=2.0),
    }.items()}, FOLDER / "cases.safetensors")
    painter = SimpleNamespace(unet=parts.unet, text=parts.scorer.words)
    aligned(painter, torch.tensor([PROMPT]), [[2], [3]], (4, 16, 16), lambda z: parts.autoencoder.decode(z)[0],
            lambda x: (parts.scorer.image(x[None])[0] * F.normalize(told[0], dim=-1)).sum(), FOLDER,
            {"prompt": "a red owl lying", "words": [1, 2]}, NOTHING)
    for path in sorted(FOLDER.iterdir()):
        path.chmod(0o644)
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()

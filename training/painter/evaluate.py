"""What a pack of Painter 2 is worth, on held-out compositions, with its 8-bit weights.

    python -m painter.evaluate --art data/emoji.npz [--weights FOLDER] [--judge runs/judge/state.pt] [--sheet made.png] [--captions 64]

Prints the autoencoder's PSNR, the scorer's naming and own-caption wins, and, where there is a U-Net, what scorer and judge name in its
pictures of held-out captions against real compositions of the same captions. The sheet has the captions in the order of the list.
"""
import argparse
import json

import numpy as np
import torch

from emoji.captions import NOUNS, listed, parsed

from . import loop, pack
from .pictures import batch, tensor, world
from .scorer import Judge, named
from .train_autoencoder import back, psnr
from .train_scorer import figures
from .train_unet import sample, show


def rates(model, pictures, scenes) -> dict:
    best = named(model, pictures).argmax(1).tolist()
    right = np.array([NOUNS[b] in s.nouns for b, s in zip(best, scenes)])
    return {"top1": float(right.mean()), **{f"top1_kind{k}": float(right[[s.kind == k for s in scenes]].mean()) for k in (1, 2, 3)}}


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--art", default="data/emoji.npz")
    parser.add_argument("--weights", default=str(pack.FOLDER))
    parser.add_argument("--judge")
    parser.add_argument("--sheet")
    parser.add_argument("--captions", type=int, default=64)
    parser.add_argument("--count", type=int, default=768)
    o = parser.parse_args()
    art, parts = world(o.art), pack.read(o.weights)
    judges = {"scorer": parts.scorer} if parts.scorer else {}
    if o.judge:
        judges["judge"] = Judge().eval()
        judges["judge"].load_state_dict(torch.load(o.judge, weights_only=True)["average"])
    pictures, scenes = batch(art, np.random.default_rng(77), o.count, held=True)
    with torch.autocast("cpu", torch.bfloat16, enabled=loop.quick_bf16()):
        dB = psnr(back(parts.autoencoder, pictures), pictures)
        out = {"pictures": o.count, "psnr": float(dB.mean()), "psnr_tenth": float(dB.quantile(0.1)), "psnr_worst": float(dB.min())}
        out |= {name: figures(model, pictures, scenes) for name, model in judges.items()}
        if parts.unet:
            captions = listed("captions")[:o.captions]
            told, rng = [parsed(c) for c in captions], np.random.default_rng(78)
            noise = torch.randn(len(captions), 16, 16, 16, generator=torch.Generator().manual_seed(0))
            made = torch.cat([sample(parts.unet, parts, captions[i:i + 16], noise[i:i + 16]) for i in range(0, len(captions), 16)])
            real = tensor([art.compose(rng, s)[0] for s in told])
            out["painter_u"] = {name: {"made": rates(m, made, told), "real": rates(m, real, told)} for name, m in judges.items()}
            if o.sheet:
                show(o.sheet, made, captions)
    print(json.dumps(out, indent=1))


if __name__ == "__main__":
    main()

"""What D-Fusion does with the built-in model, on captions that were held out: the paper's comparison in our world.

    python -m unet.evaluate --json runs/align.json --sheet align-sheet.png
    python -m unet.evaluate --states runs/unet/state.pt runs/scorer/scorer.pt ...     before an export

Per caption four seeds are sampled and scored; the best is the reference, the worst the base. Targets are made with the
masked keys and values, with all of them, and with the mask on attention's outputs (Fig. 8). Distances are mean absolute
differences of pixels in [0,1] outside of the mask (the cells that were fused in most steps).
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from world.captioned import caption, held_out, prompts

from . import pack
from .align import Sites, WordMaps, align, otsu, seeded
from .data import ids_of
from .model import Ddim

STEPS, GUIDANCE = 20, 4.0
FUSIONS = {"masked keys and values": "keys", "all keys and values": "whole", "masked outputs": "outputs"}


def chosen_words(label):
    """Columns of the words that the spec's prompts fuse (D-Fusion §8), one list per word; column 0 is begin-of-text."""
    words = caption(label).split()
    names = [label["object"]] + ([label["other"]] if label["template"] == 3 else [label["pose"]] if label["template"] == 1 else [])
    return [[1 + words.index(n)] for n in names]


@torch.no_grad()
def sampled(painter, ids, seeds, choice):
    """DDIM with eta 1 -> latents [B,C,H,W], mean maps [B,cells,tokens]"""
    from world.captioned import encode
    noise, draw = seeded(seeds, (painter.unet.config.inChannels, 16, 16), STEPS)
    ddim, sites, x, B = Ddim(STEPS, painter.unet.config.prediction), Sites(painter.unet), noise, len(ids)
    maps, total = WordMaps(sites, 16, choice), 0
    context = painter.text(torch.cat([torch.tensor([encode("")]).expand(B, -1), ids]))[0]
    for i, t in enumerate(ddim.timesteps):
        maps.watch()
        without, given = painter.unet(torch.cat([x, x]), torch.full((2 * B,), t), context).chunk(2)
        x, _ = ddim.step(x, without + GUIDANCE * (given - without), t, 1.0, draw(i))
        total = total + maps.take() / STEPS
    sites.clear()
    return x, total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--states", nargs=2, help="training states of U-Net and scorer; default: the pack")
    parser.add_argument("--prompts", type=int, default=64)
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--maps", default="paper", choices=["paper", "code"], help="attentions that make the mask: on the way up, or all of the size")
    parser.add_argument("--json")
    parser.add_argument("--sheet")
    o = parser.parse_args()
    torch.set_num_threads(o.threads)
    began = time.time()
    parts = pack.load_states(*o.states) if o.states else pack.read()
    rng = np.random.default_rng(64)
    pool = [k for k in prompts() if held_out(k)]
    labels = [pool[i] for i in rng.permutation(len(pool))[:o.prompts]]
    painter, shown = parts.painter.to(memory_format=torch.channels_last), lambda z: parts.latent.decode(z).clamp(-1, 1)
    rows, tiles = {k: [] for k in ("base", "reference", *FUSIONS)}, []
    for first in range(0, len(labels), o.batch):
        own = labels[first:first + o.batch]
        ids, columns, B = ids_of(own), [chosen_words(k) for k in own], len(own)
        told = parts.scorer.text(ids)
        score = lambda z: (parts.scorer.image(shown(z)) * told).sum(-1)
        seeds = 1000 * (first + np.arange(B))[None] + np.arange(o.seeds)[:, None]
        gallery = [sampled(painter, ids, s, o.maps) for s in seeds]
        scores = torch.stack([score(z) for z, _ in gallery])                     # [seeds,B]
        best, worst, each = scores.argmax(0), scores.argmin(0), torch.arange(B)
        thresholds = [[otsu(gallery[int(best[b])][1][b][:, c].sum(-1)) for c in columns[b]] for b in range(B)]
        run = lambda which: seeded(seeds[which.numpy(), each.numpy()], (painter.unet.config.inChannels, 16, 16), STEPS)
        done = {}
        for name, fusion in FUSIONS.items():
            done[name] = align(painter, ids, run(best), run(worst), thresholds, columns, STEPS, GUIDANCE, fusion=fusion, choice=o.maps,
                               base_too=not done)
        out = done["masked keys and values"]
        mask = torch.stack(out["masks"][2:]).mean(0) > 0.5
        outside = 1 - F.interpolate(mask.float().unflatten(1, (1, 16, 16)), scale_factor=4, mode="nearest")
        base = shown(out["base"])
        away = lambda z: ((shown(z) - base).abs() / 2 * outside).sum((1, 2, 3)) / (3 * outside.sum((1, 2, 3)).clamp(min=1))
        pictures = {"base": out["base"], "reference": out["reference"], **{k: v["target"] for k, v in done.items()}}
        for name, z in pictures.items():
            rows[name] += list(zip(score(z).tolist(), away(z).tolist(), [float(outside.mean())] * B))
        tiles.append((torch.stack([shown(z) for z in pictures.values()] + [mask.float().unflatten(1, (1, 16, 16)).repeat_interleave(4, 2)
                     .repeat_interleave(4, 3).expand(-1, 3, -1, -1) * 2 - 1], 1), own))
        print(f"{first + B} of {len(labels)}, {time.time() - began:.0f} s", flush=True)
    figures = {name: {"score": round(float(np.mean([r[0] for r in v])), 4), "distance": round(float(np.mean([r[1] for r in v])), 4)}
               for name, v in rows.items()}
    gain = lambda name: np.array([t[0] - b[0] >= r[0] - b[0] for t, b, r in zip(rows[name], rows["base"], rows["reference"])])
    better = lambda name: np.array([t[0] > b[0] for t, b in zip(rows[name], rows["base"])])
    for name in FUSIONS:
        figures[name].update(adopted=round(float(gain(name).mean()), 3), better=round(float(better(name).mean()), 3))
    result = {"prompts": len(labels), "seeds": o.seeds, "steps": STEPS, "guidance": GUIDANCE, "eta": 1.0, "maps": o.maps,
              "outsideShare": round(float(np.mean([r[2] for r in rows["base"]])), 3), "pictures": figures,
              "keptBytesF16": out["kept"]}
    print(json.dumps(result, indent=1))
    if o.json:
        Path(o.json).write_text(json.dumps(result, indent=1) + "\n")
    if o.sheet:
        from PIL import Image
        sheet = torch.cat([t for t, _ in tiles])[:16]                            # [16,6,3,64,64]
        pixels = ((sheet + 1) * 127.5).round().byte().unflatten(0, (8, 2)).permute(0, 4, 1, 2, 5, 3).reshape(8 * 64, 12 * 64, 3)
        Image.fromarray(pixels.numpy()).resize((12 * 96, 8 * 96), Image.LANCZOS).save(o.sheet)
        print([caption(k) for _, own in tiles for k in own][:16])


if __name__ == "__main__":
    main()

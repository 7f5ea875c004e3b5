"""Writes src/pipelines/fixtures/painter-tiny/: a tiny random painter as a pack, and what align.py makes of it.

    python -m unet.fixture
"""
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from world.captioned import VOCABULARY, encode

from . import pack
from .align import align, seeded
from .clip import Clip, ClipText, TextConfig, VisionConfig
from .latent import Latent
from .model import UnetConfig
from .painter import Painter

FOLDER = Path(__file__).resolve().parents[2] / "src/pipelines/fixtures/painter-tiny"
PROMPT, WORDS = "the ball above the cube", [[2], [5]]
SETTINGS = dict(steps=4, guidance=3.0, eta=1.0, layers=(2, 4), fused=(1, 3))


def tiny():
    torch.manual_seed(0)
    unet = UnetConfig(channels=[16, 32, 32], heads=[2, 4, 4], groups=8, contextDim=24)
    painter = Painter(unet, TextConfig(width=24, heads=4, layers=1, mlp=48, vocabulary=len(VOCABULARY))).eval()
    scorer = Clip(TextConfig(width=24, heads=4, layers=1, mlp=48, vocabulary=len(VOCABULARY), projection=16),
                  VisionConfig(width=24, heads=4, layers=1, mlp=48, patch=16, projection=16)).eval()
    with torch.no_grad():
        for name, p in painter.named_parameters():
            if name.endswith(("to_q.weight", "to_k.weight")):
                p.mul_(4)                                                # maps that are not flat
    latent = Latent.fit(torch.rand(16, 3, 64, 64) * 2 - 1, 16)
    return pack.Parts(painter, latent, scorer, VOCABULARY, 64)


@torch.no_grad()
def aligned(painter, ids, words, shape, decode, score, folder: Path, about: dict, empty=None) -> None:
    """What align.py makes of a painter: expected.safetensors and case.json in `folder`. `words`: columns of each chosen word;
    `decode`: latent -> picture [3,H,W] in [-1,1], `score`: such a picture -> cosine."""
    steps = SETTINGS["steps"]
    run = lambda seed: seeded([seed], shape, steps)
    # Thresholds in the middle of the widest gap near the maps' medians, so that rounding cannot move a cell over them.
    probe = align(painter, ids, run(5), run(9), [[0.0] * len(words)], [words], **SETTINGS, empty=empty)
    limits = []
    for (column,) in words:
        values = torch.cat([m[0, :, column] for m in probe["maps"]]).sort().values
        a, b = int(0.6 * len(values)), int(0.8 * len(values))
        k = a + int((values[a + 1:b + 1] - values[a:b]).argmax())
        limits.append(round(float(values[k] + values[k + 1]) / 2, 6))
    out = align(painter, ids, run(5), run(9), [limits], [words], **SETTINGS, empty=empty)
    shown = {k: ((decode(out[k]).clamp(-1, 1) + 1) * 127.5).round() for k in ("reference", "base", "target")}
    scores = [float(score(shown[k] / 127.5 - 1)) for k in ("reference", "base", "target")]
    save_file({"reference": out["reference"][0], "base": out["base"][0], "target": out["target"][0],
               "maps": torch.stack([torch.stack([m[0, :, c].sum(-1) for c in words], -1) for m in out["maps"]]),
               "masks": torch.stack([m[0] for m in out["masks"]]), "logp": torch.stack(out["logp"])[:, 0],
               "image": shown["target"].to(torch.uint8), "scores": torch.tensor(scores)}, folder / "expected.safetensors")
    (folder / "case.json").write_text(json.dumps({
        **about, "thresholds": limits, "reference": 5, "base": 9,
        **{k: v for k, v in SETTINGS.items()}, "keptBytesF16": out["kept"]}, indent=1) + "\n")


@torch.no_grad()
def main():
    pack.write(tiny(), {"what": "random numbers, for tests"}, FOLDER, name="tiny painter")
    parts = pack.read(FOLDER)
    ids = torch.tensor([encode(PROMPT)])
    told = parts.scorer.text(ids)
    aligned(parts.painter, ids, WORDS, (16, 16, 16), lambda z: parts.latent.decode(z)[0],
            lambda x: (parts.scorer.image(x[None]) * told).sum(), FOLDER, {"prompt": PROMPT, "words": [1, 4]})
    for path in sorted(FOLDER.iterdir()):
        path.chmod(0o644)
        print(path.name, path.stat().st_size)


if __name__ == "__main__":
    main()

"""Renders the studio's sample scenes: public/samples/.

    python make_samples.py --preview P.png     small versions of candidate seeds, to choose from
    python make_samples.py                     the chosen ones at full size
"""
import argparse
import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image

from world import scenes
from world.render import Renderer, develop
from world.shapes import Tracer
from world.textures import Bank

ROOT = Path(__file__).resolve().parent.parent

# What each scene fixes; the seed decides the rest.
WANTED = [
    dict(id="chessboard", title="Low sun on a chessboard", prompt="a teal shiny sphere on checker floor sun from left", seed=3,
         fixed=dict(shape="sphere", material="plastic", colour=(0.05, 0.5, 0.5), light="sun", side="left",
                    ground="checker", wall=False, elevation=24)),
    dict(id="table", title="A lamp by a polished table", prompt="a mug on wooden planks lamps from right", seed=9,
         fixed=dict(shape="mug", material="plastic", colour=(0.75, 0.14, 0.1), light="lamps", side="right",
                    ground="planks", wall=True, elevation=22)),
    dict(id="desert", title="Evening in the desert", prompt="a figure on sand evening from left long shadow", seed=6,
         fixed=dict(shape="figure", material="matte", colour=(0.85, 0.8, 0.7), light="evening", side="left",
                    ground="sand", wall=False, elevation=16)),
    dict(id="meadow", title="Morning in a meadow", prompt="a chair on grass sun from right", seed=8,
         fixed=dict(shape="chair", material="matte", colour=(0.9, 0.6, 0.12), light="sun", side="right",
                    ground="grass", wall=False, elevation=18)),
]


def bounds(mask, threshold=0.02):
    """[B,1,h,w] -> left, top, right, bottom (pixel edges), each [B]."""
    on = mask[:, 0] > threshold
    cols, rows = on.any(1), on.any(2)
    first = lambda v: v.float().argmax(1)
    n, m = cols.shape[1], rows.shape[1]
    return (first(cols).float(), first(rows).float(), (n - first(cols.flip(1))).float(), (m - first(rows.flip(1))).float())


def tile(camera, i, j, n):
    """The camera that sees tile (i,j) of n x n."""
    at = lambda k: camera.tan * (2 * (k + 0.5) / n - 1)
    return SimpleNamespace(origin=camera.origin, axes=camera.axes, tan=camera.tan / n,
                           shift=camera.shift + torch.cat([at(j), at(i)], 1))


def tiled(render, view, size, n):
    """Stitches render(size/n) over n x n tiles of view.camera -> list of [C,size,size]."""
    whole, camera = None, view.camera
    for i in range(n):
        for j in range(n):
            view.camera = tile(camera, i, j, n)
            parts = render(size // n)
            if whole is None:
                whole = [torch.zeros(p.shape[1], size, size) for p in parts]
            s = size // n
            for w, p in zip(whole, parts):
                w[:, i * s:(i + 1) * s, j * s:(j + 1) * s] = p[0]
    view.camera = camera
    return whole


def picture(x):
    return Image.fromarray((x * 255).round().clamp(0, 255).byte().permute(1, 2, 0).numpy())


@torch.no_grad()
def full(world, wanted, folder, size=1280, object_size=768):
    """Writes one scene's files and returns its entry. The picture is cut to 10:7 around the object."""
    drawn = scenes.draw(np.random.default_rng(wanted["seed"]), world.bank, **COMMON, **wanted["fixed"])
    scene = scenes.stack([drawn])
    gain = world.fused(scene, 160, 1)[-1]
    background, _, _, whole = tiled(lambda s: world.fused(scene, s, 2, gain)[:4], scene, size, 5)
    L, T, R, B = (float(v) for v in bounds(whole[None]))
    height = round(size * 0.7)
    top = int(min(max((T + B) / 2 - height * 0.55, 0), size - height))
    colour, alpha = tiled(lambda s: world.studio(scene, s, 2), scene.studio, object_size, 3)
    l, t, r, b = (int(v) for v in bounds(alpha[None], 0.004))
    rgba = torch.cat([develop(colour / alpha.clamp(min=1e-3)), alpha])[:, t:b, l:r]
    picture(develop(background)[:, top:top + height]).save(folder / f"{wanted['id']}-background.jpg", quality=90)
    picture(rgba).save(folder / f"{wanted['id']}-object.png", optimize=True)
    return {"id": wanted["id"], "title": wanted["title"], "background": f"{wanted['id']}-background.jpg",
            "foreground": f"{wanted['id']}-object.png", "box": [round(v) for v in (L, T - top, R - L, B - T)],
            "prompt": wanted["prompt"]}


@torch.no_grad()
def preview(world, path, seeds=10, size=144):
    """A grid: per wanted scene a row of seeds, as they would look fused."""
    rows = []
    for wanted in WANTED:
        drawn = [scenes.draw(np.random.default_rng(s), world.bank, **COMMON, **wanted["fixed"]) for s in range(seeds)]
        rows.append(torch.cat([develop(world.fused(scenes.stack([d]), size, 1)[1])[0] for d in drawn], 2))
    picture(torch.cat(rows, 1)).save(path)


COMMON = dict(fraction=0.26, others=4, support=0, occluder=0, image=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--preview")
    parser.add_argument("--only", nargs="*")
    parser.add_argument("--texture", type=int, default=1024)
    o = parser.parse_args()
    torch.set_num_threads(1)
    world = Renderer(Tracer(), Bank(256 if o.preview else o.texture, copies=2, image_copies=2))
    if o.preview:
        return preview(world, o.preview)
    folder = ROOT / "public/samples"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "samples.json"
    entries = {e["id"]: e for e in json.loads(path.read_text())} if path.exists() else {}
    for wanted in WANTED:
        if not o.only or wanted["id"] in o.only:
            entries[wanted["id"]] = full(world, wanted, folder)
    path.write_text(json.dumps([entries[w["id"]] for w in WANTED if w["id"] in entries], indent=1) + "\n")


if __name__ == "__main__":
    main()

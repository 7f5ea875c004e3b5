"""What predicted geometry is worth: shadows on held-out models against those of the meshes themselves.

    python -m geometry.evaluate --meshes data/meshes --state runs/geometry/state.pt --count 120 --sheet data/geometry.png

Prints, for each way to know the feet, the overlap of its shadow with the true one (sum of minima over sum of maxima, on the
ground that the object does not hide) and the mean error where either is dark; then errors of the maps. Views, looks and lights
come from a fixed seed, so that figures of two states compare.
"""
import argparse
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from layers import reference
from layers.reference import Camera, Placed
from meshes import library

from .data import plain, targets
from .model import Geometry, GeometryNet, read
from .samples import SIDE, Sample, draw_sample, maps, weight
from .shadow import shadow, triangles
from .train import weights_of
from .view import BOX

CANVAS = (384, 512)  # rows, columns
CORNER = (80, 128)  # of the crop in the canvas: row, column
LIGHTS = 16  # samples of the disc
FINE = SIDE // 2  # cells a side of the body that shades
SEED = 77


@dataclass
class Case:
    """A held-out sample with its light and true shadow. camera: in canvas pixels, height 1."""
    name: str
    sample: Sample
    batch: dict[str, torch.Tensor]
    camera: Camera
    directions: np.ndarray
    truth: np.ndarray
    ground: np.ndarray  # bool, where shadows are compared


def cases(models: library.Library, count: int) -> list[Case]:
    """The held-out models that stand, one after the other, until there are enough."""
    rng = np.random.default_rng(SEED)
    chosen = [i for i in models.split(held_out=True) if weight(models.entries[i]) > 0.3]
    found = []
    for k in range(count):
        entry, mesh = models.entries[chosen[k % len(chosen)]], models.mesh(chosen[k % len(chosen)])
        sample = draw_sample(mesh, entry.size, rng, whole=True)
        azimuth, elevation = rng.uniform(0, 2 * math.pi), math.radians(rng.uniform(25, 70))
        diameter = math.radians(rng.uniform(2, 20))
        if sample is None:
            continue
        view = sample.view
        camera = Camera(view.camera.focal, view.camera.cx + CORNER[1], view.camera.cy + CORNER[0], view.camera.pitch)
        directions = reference.disc(reference.direction(azimuth, elevation), diameter, LIGHTS)
        s, c = math.sin(view.yaw), math.cos(view.yaw)
        spin = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
        world = (mesh.points.astype(float) @ spin.T + view.at) / view.camera.height
        ground = np.ones(CANVAS, bool)
        ground[CORNER[0]:CORNER[0] + SIDE, CORNER[1]:CORNER[1] + SIDE] = ~sample.mask
        ground[:max(0, int(camera.horizon_row) + 2)] = False
        batch = {name: torch.from_numpy(np.asarray(x))[None] for name, x in maps(sample, entry.size).items()}
        found.append(Case(entry.key, sample, batch, camera, directions, shadow(world, camera, directions, CANVAS), ground))
    return found


def fine_mask(case: Case) -> np.ndarray:
    """bool [FINE, FINE]: cells that the cut-out covers by half and more."""
    return case.sample.mask.reshape(FINE, 2, FINE, 2).mean((1, 3)) >= 0.5


def shadow_of(case: Case, front: np.ndarray, gap: np.ndarray, known: np.ndarray | None = None) -> np.ndarray:
    """The shadow of maps in extents, on the grid (with the cells that are known) or already [FINE, FINE]."""
    mask = fine_mask(case)
    if known is not None:
        front, gap = (reference.upsampled(x.astype(float), known, mask) for x in (front, gap))
    left, top, right, bottom = (x + o for x, o in zip(case.sample.view.box, (CORNER[1], CORNER[0]) * 2))
    extent = max(right - left, bottom - top)
    placed = Placed(mask, bottom - front * extent, bottom - (front + gap) * extent, CORNER[1], CORNER[0], SIDE / FINE)
    return shadow(triangles(reference.solid(placed, case.camera)), case.camera, case.directions, CANVAS)


def touched(said: Geometry, case: Case) -> np.ndarray:
    """Front map [64, 64] with the cells that surely touch the ground brought down to where they are seen."""
    contact = said.contact[0].sigmoid().numpy()
    bottom = case.sample.view.box[3] / SIDE
    own = (bottom - (np.arange(64) + 0.5)[:, None] / 64) / BOX
    sure = np.clip((contact - 0.5) / 0.3, 0, 1)
    front = said.front[0].numpy()
    return front + sure * (np.maximum(own, front) - front)


def overlap(case: Case, dark: np.ndarray) -> tuple[float, float]:
    """-> IoU, mean absolute error where either is dark"""
    a, b = dark[case.ground], case.truth[case.ground]
    union = np.maximum(a, b)
    seen = union > 0.02
    return float(np.minimum(a, b).sum() / max(union.sum(), 1e-6)), float(np.abs(a - b)[seen].mean()) if seen.any() else 0.0


def flat(case: Case, by_column: bool) -> tuple[np.ndarray, np.ndarray]:
    """A billboard [FINE, FINE]: every foot in the lowest row of the cut-out, or of its column."""
    mask, bottom = fine_mask(case), case.sample.view.box[3]
    lowest = np.where(mask.any(0), FINE - mask[::-1].argmax(0), 0) * (SIDE / FINE)
    row = lowest[None] if by_column else np.full((1, FINE), bottom)
    return np.broadcast_to((bottom - row) / (BOX * SIDE), mask.shape), np.zeros(mask.shape)


@torch.no_grad()
def variants(case: Case, model: GeometryNet) -> tuple[dict[str, np.ndarray], Geometry]:
    said = read(*model(plain(case.batch)))
    wanted, cover = targets(case.batch)
    known = cover[0].numpy() > 0
    front, gap = said.front[0].numpy(), said.gap[0].numpy()
    true_front, true_gap = wanted.front[0].numpy(), wanted.gap[0].numpy()
    found = {"billboard": shadow_of(case, *flat(case, False)), "per column": shadow_of(case, *flat(case, True)),
             "exact": shadow_of(case, true_front, true_gap, known), "predicted": shadow_of(case, front, gap, known),
             "predicted, touching": shadow_of(case, touched(said, case), gap, known),
             "predicted front": shadow_of(case, front, np.maximum(true_front + true_gap - front, 0), known),
             "predicted back": shadow_of(case, true_front, np.maximum(front + gap - true_front, 0), known)}
    return found, said


def errors(case: Case, said: Geometry) -> dict[str, float]:
    wanted, cover = targets(case.batch)
    covered = cover > 0
    mean = lambda e: float(e[covered].mean())
    angle = torch.rad2deg(torch.acos((said.normals * wanted.normals).sum(1).clamp(-1, 1)))
    return {"front (extents)": mean((said.front - wanted.front).abs()),
            "back (extents)": mean((said.front + said.gap - wanted.front - wanted.gap).abs()),
            "contact": mean((said.contact.sigmoid() - wanted.contact).abs()), "normals (degrees)": mean(angle),
            "sight (degrees)": float(torch.rad2deg(said.sight - wanted.sight).abs()),
            "focal (log)": float((said.focal - wanted.focal).abs())}


def tile(case: Case, dark: np.ndarray, text: str) -> np.ndarray:
    ground = np.where(np.arange(CANVAS[0]) < case.camera.horizon_row, 0.88, 0.75)[:, None, None]
    picture = np.broadcast_to(ground * (1 - 0.8 * dark)[..., None], (*CANVAS, 3)).copy()
    inside = picture[CORNER[0]:CORNER[0] + SIDE, CORNER[1]:CORNER[1] + SIDE]
    inside[case.sample.mask] = case.sample.picture[case.sample.mask]
    small = Image.fromarray(np.round(picture * 255).clip(0, 255).astype(np.uint8)).resize((256, 192), Image.BOX)
    ImageDraw.Draw(small).text((4, 2), text, (200, 0, 0))
    return np.asarray(small)


def map_tile(case: Case, said: Geometry) -> np.ndarray:
    """True maps above predicted ones: front, gap, contact, normals."""
    wanted, cover = targets(case.batch)
    mask = (cover[0] > 0).numpy()
    grey = lambda x: np.repeat((x * mask).clip(0, 1)[..., None], 3, 2)
    row = lambda g, contact: np.concatenate([grey(g.front[0].numpy()), grey(g.gap[0].numpy() * 2), grey(contact[0].numpy()),
                                             (g.normals[0].permute(1, 2, 0).numpy() / 2 + 0.5) * mask[..., None]], 1)
    both = np.concatenate([row(wanted, wanted.contact), row(said, said.contact.sigmoid())])  # [128, 256, 3]
    return np.round(np.pad(both, ((0, 64), (0, 0), (0, 0))) * 255).astype(np.uint8)


def load(path: Path) -> GeometryNet:
    """The averaged network of a run's state.pt, or that of a pack's folder."""
    config, tensors = weights_of(path)
    model = GeometryNet(config)
    model.load_state_dict(tensors)
    return model.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meshes", type=Path, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--count", type=int, default=120)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sheet", type=Path)
    o = parser.parse_args()
    torch.set_num_threads(1)
    model, found = load(o.state), cases(library.read(o.meshes), o.count)
    overlaps, maps_off, rows = [], [], []
    for case in found:
        darks, said = variants(case, model)
        overlaps.append({name: overlap(case, dark) for name, dark in darks.items()})
        maps_off.append(errors(case, said))
        if len(rows) < 20:
            shown = [tile(case, case.truth, case.name)]
            shown += [tile(case, darks[name], f"{name} {overlaps[-1][name][0]:.2f}") for name in list(darks)[2:5]]
            rows.append(np.concatenate([*shown, map_tile(case, said)], 1))
    figures = {"cases": len(found)}
    for name in overlaps[0]:
        values = np.array([row[name] for row in overlaps])
        figures[name] = {"iou": values[:, 0].mean(), "median iou": float(np.median(values[:, 0])), "error": values[:, 1].mean()}
        print(f"{name:20s} IoU {values[:, 0].mean():.3f}, median {np.median(values[:, 0]):.3f}, error {values[:, 1].mean():.3f}")
    for name in maps_off[0]:
        figures[name] = float(np.mean([row[name] for row in maps_off]))
        print(f"{name:20s} {figures[name]:.4f}")
    order = sorted(range(len(found)), key=lambda i: overlaps[i]["predicted"][0])
    print("worst:", ", ".join(f"{found[i].name} {overlaps[i]['predicted'][0]:.2f}" for i in order[:10]))
    if o.json:
        o.json.write_text(json.dumps(figures, indent=1) + "\n")
    if o.sheet:
        Image.fromarray(np.concatenate(rows)).save(o.sheet)


if __name__ == "__main__":
    main()

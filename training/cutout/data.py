"""Photos with a known main object, composed as they are needed: cut-outs over backgrounds, with shadows and other things.

Everything is premultiplied RGBA [batch, 4, 128, 128]. A cut-out fills 7/8 of its square. What makes a paste easy to see (a sharp edge,
colours unlike the rest, compression) comes to other things too, or to the whole picture, so that it does not tell the main object.
"""
import io
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from geometry.data import Shards, chance
from geometry.view import BOX

from .model import SIDE

PHOTO = 800  # longer side at which photographs are kept
HAVE_AN_OBJECT = ("blue-periwinkle", "canyon-wren", "oakland-zoo-otters")  # of photos-train/landscapes
BRIGHTNESS = torch.tensor([0.299, 0.587, 0.114])[:, None, None]


@dataclass
class Sources:
    """Where pictures come from. models, icons: cut-outs; places: backgrounds; photos: u8 [rows, columns, 3] each."""
    models: Shards
    icons: Shards
    places: Shards
    photos: list[np.ndarray]

    def refresh(self) -> int:
        """Takes in shards that were written since. -> pictures in memory"""
        return sum(shards.refresh() for shards in (self.models, self.icons, self.places)) + len(self.photos)


def sources(models: Path, icons: Path, places: Path, photos: Path | None) -> Sources:
    """Folders of shards, and of photographs that have no main object."""
    cut_out = ("picture", "alpha")
    return Sources(Shards(models, 40, cut_out), Shards(icons, 40, cut_out), Shards(places, 120, ("picture",)),
                   [photo(path) for path in sorted(photos.glob("*.jpg")) if path.stem not in HAVE_AN_OBJECT] if photos else [])


def photo(path: Path) -> np.ndarray:
    image = Image.open(path).convert("RGB")
    image.thumbnail((PHOTO, PHOTO))
    return np.asarray(image)


def uniform(n: int, low: float, high: float) -> Tensor:
    return low + (high - low) * torch.rand(n)


def each(n: int, share: float) -> Tensor:
    """1 for that share of a batch, else 0. [n, 1, 1, 1]"""
    return (torch.rand(n, 1, 1, 1) < share).float()


def composed(source: Sources, rng: np.random.Generator, n: int) -> tuple[Tensor, Tensor]:
    """-> picture [n, 3, 128, 128] 0..1, alpha of the main object [n, 128, 128]"""
    behind, texture = backgrounds(source, rng, n), backgrounds(source, rng, n)
    own = cut_outs(source, rng, n, texture)
    other = own.roll(1, 0) if chance(0.7) else cut_outs(source, rng, n, behind)
    picture = blurred_some(behind, 0.4)
    own = near_in_colour(own, picture)

    extent = torch.exp(uniform(n, math.log(0.4), math.log(1.15)))  # of the object's longer side, over the picture's
    extent = torch.where(torch.rand(n) < 0.12, uniform(n, 0.18, 0.4), extent)
    where = torch.randn(n, 2).clamp(-2, 2) * (0.12 + 0.3 * (1 - extent).clamp(min=0))[:, None]
    for _ in range(int(rng.integers(0, 4))):
        small = extent * uniform(n, 0.15, 0.5)
        thing = placed(other, small, uniform(2 * n, -1.1, 1.1).view(n, 2)) * each(n, 0.6)
        picture = over(thing, picture)
        other = other.roll(1, 0)
    main = Placing.random(extent, where)
    if chance(0.7):
        picture = picture * (1 - main.shadow(own) * each(n, 0.75))
    object_ = main.draw(own)
    if chance(0.25):  # a pair: two shoes, two cups
        aside = torch.stack([extent * uniform(n, 0.6, 1.1), extent * uniform(n, -0.3, 0.3)], 1)
        second = Placing.random(extent, where + aside * torch.sign(torch.randn(n, 1)))
        object_ = over(object_, second.draw(own) * each(n, 0.35))
    object_ = edges(object_)
    picture = over(object_, picture)
    alpha = object_[:, 3:]
    if chance(0.1):  # something small in front
        front = placed(other, extent * uniform(n, 0.1, 0.35), where + torch.randn(n, 2) * extent[:, None] * 0.5) * each(n, 0.5)
        picture, alpha = over(front, picture), alpha * (1 - front[:, 3:])
    if chance(0.5):
        picture, alpha = picture.flip(3), alpha.flip(3)
    return developed(picture), alpha[:, 0].clamp(0, 1)


def over(front: Tensor, back: Tensor) -> Tensor:
    """Premultiplied [n, 4, ...] over premultiplied, or over opaque [n, 3, ...]."""
    return front[:, :back.shape[1]] + back * (1 - front[:, 3:])


# --- backgrounds

def backgrounds(source: Sources, rng: np.random.Generator, n: int) -> Tensor:
    """[n, 3, 128, 128] 0..1: rooms and streets, photographs, and even walls; seen from anywhere near, in any light."""
    found = source.places.draw(rng, n)["picture"].float().permute(0, 3, 1, 2) / 255
    found = F.interpolate(found, size=(SIDE, SIDE), mode="area")  # places are drawn larger
    for i in range(n):
        kind = rng.uniform()
        if kind < 0.35 and source.photos:
            found[i] = crop(source.photos[rng.integers(len(source.photos))], rng)
        elif kind < 0.5:
            corners = torch.rand(3, 1, 1) + torch.randn(3, 2, 2) * 0.08
            found[i] = F.interpolate(corners[None], size=(SIDE, SIDE), mode="bilinear", align_corners=True)[0]
    zoom, angle = torch.exp(uniform(n, -0.9, 0)), uniform(n, -0.15, 0.15)
    turn = torch.stack([torch.cos(angle), -torch.sin(angle), torch.sin(angle), torch.cos(angle)], 1).view(n, 2, 2)
    shift = uniform(2 * n, -1, 1).view(n, 2) * (1 - zoom)[:, None]
    affine = torch.cat([turn * zoom[:, None, None], shift[:, :, None]], 2)
    grid = F.affine_grid(affine, [n, 3, SIDE, SIDE], align_corners=False)
    found = F.grid_sample(found, grid, padding_mode="reflection", align_corners=False)
    gain = torch.exp(0.12 * torch.randn(n, 3, 1, 1) + 0.25 * torch.randn(n, 1, 1, 1))
    return (found * gain).clamp(0, 1)


def crop(picture: np.ndarray, rng: np.random.Generator) -> Tensor:
    """Some part of a photograph, [3, 128, 128] 0..1."""
    rows, columns = picture.shape[:2]
    side = int(min(rows, columns) * rng.uniform(0.25, 1))
    top, left = rng.integers(rows - side + 1), rng.integers(columns - side + 1)
    part = Image.fromarray(picture[top:top + side, left:left + side]).resize((SIDE, SIDE), Image.Resampling.BOX)
    return torch.from_numpy(np.asarray(part).copy()).permute(2, 0, 1).float() / 255


def blurred_some(picture: Tensor, share: float) -> Tensor:
    """Out of focus, some of the batch by some amount."""
    if not chance(share):
        return picture
    return torch.lerp(picture, blur(picture, 2 ** int(torch.randint(0, 4, ()))), torch.rand(len(picture), 1, 1, 1))


def blur(x: Tensor, cells: int) -> Tensor:
    """Through cells of 1 (a light blur), 2, 4 or 8 pixels a side."""
    if cells == 1:
        return F.avg_pool2d(F.avg_pool2d(x, (3, 1), 1, (1, 0), count_include_pad=False), (1, 3), 1, (0, 1), count_include_pad=False)
    return F.interpolate(F.avg_pool2d(x, cells), scale_factor=float(cells), mode="bilinear", align_corners=False)


# --- cut-outs

def cut_outs(source: Sources, rng: np.random.Generator, n: int, texture: Tensor) -> Tensor:
    """Furniture, emoji and blobs, recoloured, some of them covered with a texture [n, 3, 128, 128]."""
    half = n // 2
    drawn = [source.models.draw(rng, half), source.icons.draw(rng, n - half)]
    colour = torch.cat([part["picture"] for part in drawn]).float().permute(0, 3, 1, 2) / 255
    alpha = torch.cat([part["alpha"] for part in drawn]).float()[:, None] / 255
    blob = each(n, 0.1)
    alpha = torch.where(blob > 0, blobs(n), alpha)
    luminance = (colour * BRIGHTNESS).sum(1, keepdim=True)
    covered = (texture * (0.55 + 0.9 * luminance)).clamp(0, 1)
    skin = torch.maximum(blob, each(n, 0.3))
    colour = torch.lerp(colour, torch.where(blob > 0, texture, covered), skin * uniform(n, 0.6, 1)[:, None, None, None])
    gain = torch.exp(0.15 * torch.randn(n, 3, 1, 1) + 0.25 * torch.randn(n, 1, 1, 1))
    saturation = 1 - 0.9 * torch.rand(n, 1, 1, 1) * each(n, 0.4)
    grey = (colour * BRIGHTNESS).sum(1, keepdim=True)
    colour = (torch.lerp(grey.expand_as(colour), colour, saturation) * gain).clamp(0, 1)
    shade = torch.randn(n, 1, 2, 2) * 0.15  # light from a side
    colour = (colour * (1 + F.interpolate(shade, size=(SIDE, SIDE), mode="bilinear", align_corners=True))).clamp(0, 1)
    mixed = torch.cat([colour * alpha, alpha], 1)
    return mixed[torch.randperm(n)]


def blobs(n: int) -> Tensor:
    """Shapes of no particular kind, alpha [n, 1, 128, 128]."""
    cells = int(torch.randint(3, 9, ()))
    noise = F.interpolate(torch.randn(n, 1, cells, cells), size=(SIDE, SIDE), mode="bicubic", align_corners=False)
    at = (torch.arange(SIDE) + 0.5) / SIDE * 2 - 1
    away = (at[:, None] ** 2 + at ** 2).sqrt()
    return ((0.75 - away + 0.35 * noise) * 24).clamp(0, 1) * (away.maximum(at.abs()[:, None]) < 1)


def near_in_colour(cut_out: Tensor, behind: Tensor) -> Tensor:
    """Brings the mean colour of some objects near to that of what lies behind them."""
    n = len(cut_out)
    alpha = cut_out[:, 3:]
    mean = cut_out[:, :3].sum((2, 3), keepdim=True) / alpha.sum((2, 3), keepdim=True).clamp(min=1)
    step = (behind.mean((2, 3), keepdim=True) - mean) * uniform(n, 0.4, 1)[:, None, None, None] * each(n, 0.25)
    colour = (cut_out[:, :3] + step * alpha).clamp(min=0).minimum(alpha)
    return torch.cat([colour, alpha], 1)


def edges(cut_out: Tensor) -> Tensor:
    """Softer or frayed, as hair and wool are, and holes."""
    n = len(cut_out)
    if chance(0.5):
        cut_out = torch.lerp(cut_out, blur(cut_out, 1), torch.rand(n, 1, 1, 1))
    if chance(0.25):
        near = blur(cut_out[:, 3:], 4)
        frayed = ((near + 0.35 * torch.randn(n, 1, SIDE, SIDE) - 0.25) * 3).clamp(0, 1)
        edge = (4 * near * (1 - near)).clamp(0, 1) * each(n, 0.5)
        wanted = torch.lerp(cut_out[:, 3:], frayed * cut_out[:, 3:].clamp(min=0.3), edge)
        straight = blur(cut_out[:, :3], 2) / blur(cut_out[:, 3:], 2).clamp(min=0.05)
        cut_out = torch.lerp(cut_out, torch.cat([straight.clamp(0, 1) * wanted, wanted], 1), edge)
    return cut_out


# --- placing

@dataclass
class Placing:
    """Where cut-outs lie: x_picture = move + extent * stretch * turned x_cut-out, in halves of the picture."""
    matrix: Tensor  # [n, 2, 2], from the picture to the cut-out
    move: Tensor  # [n, 2]
    height: Tensor  # [n], half of the cut-out's extent

    @staticmethod
    def random(extent: Tensor, move: Tensor) -> "Placing":
        n = len(extent)
        angle = torch.randn(n) * 0.12 + (torch.rand(n) < 0.1) * uniform(n, -1.5, 1.5)
        aspect = torch.exp(uniform(n, -0.3, 0.3))
        c, s = torch.cos(angle), torch.sin(angle)
        scale = extent / BOX
        x, y = 1 / (scale * aspect.sqrt()), aspect.sqrt() / scale
        flip = torch.sign(torch.randn(n))
        return Placing(torch.stack([flip * x * c, flip * x * s, -y * s, y * c], 1).view(n, 2, 2), move, extent / aspect.sqrt())

    def draw(self, cut_out: Tensor) -> Tensor:
        return warped(cut_out, self.matrix, self.move)

    def shadow(self, cut_out: Tensor) -> Tensor:
        """How dark it is, 0..1 [n, 1, 128, 128]: the outline laid down at the feet, or moved a little, and what is under it."""
        n = len(cut_out)
        lying = torch.rand(n) < 0.6
        squeeze = torch.where(lying, uniform(n, 0.1, 0.6) * torch.sign(torch.randn(n)), torch.ones(n))
        slant = torch.where(lying, torch.randn(n), torch.zeros(n))
        # The picture's rows about the feet's are stretched back to the object's height, and slanted.
        lay = torch.stack([torch.ones(n), -slant, torch.zeros(n), 1 / squeeze], 1).view(n, 2, 2)
        feet = torch.stack([torch.zeros(n), self.height * 0.95], 1)
        aside = torch.where(lying[:, None], feet, torch.randn(n, 2) * 0.06)
        matrix = self.matrix @ lay
        inner = torch.where(lying[:, None], feet, torch.zeros(n, 2))
        dark = warped(cut_out[:, 3:], matrix, self.move + aside, self.matrix @ inner[:, :, None])
        dark = blur(dark, 2 ** int(torch.randint(0, 4, ())))
        at = (torch.arange(SIDE) + 0.5) / SIDE * 2 - 1
        across = (at - self.move[:, :1]) / self.height[:, None]
        down = (at - (self.move + feet)[:, 1:]) / (0.25 * self.height[:, None])
        under = torch.exp(-2 * (across[:, None, :] ** 2 + down[:, :, None] ** 2))[:, None] * each(n, 0.5)
        strength = uniform(n, 0.2, 0.8)[:, None, None, None]
        return (strength * torch.maximum(dark, 0.8 * under)).clamp(0, 0.9)


def placed(cut_out: Tensor, extent: Tensor, move: Tensor) -> Tensor:
    return Placing.random(extent, move).draw(cut_out)


def warped(x: Tensor, matrix: Tensor, move: Tensor, start: Tensor | float = 0.0) -> Tensor:
    """x at start + matrix (picture - move); reduced first where it gets much smaller."""
    size = matrix.det().abs().rsqrt()[:, None, None, None]
    x = torch.where(size < 0.55, F.interpolate(F.avg_pool2d(x, 2), scale_factor=2.0), x)
    affine = torch.cat([matrix, start - matrix @ move[:, :, None]], 2)
    grid = F.affine_grid(affine, [len(x), x.shape[1], SIDE, SIDE], align_corners=False)
    return F.grid_sample(x, grid, align_corners=False).clamp(0, 1)


# --- the whole picture

def developed(picture: Tensor) -> Tensor:
    """What a camera and a file do: exposure, haze, contrast, blur, noise, compression."""
    n = len(picture)
    if chance(0.5):
        picture = picture.clamp(1e-3) ** torch.randn(n, 1, 1, 1).mul(0.25).exp()
    haze = 0.35 * torch.rand(n, 1, 1, 1) * each(n, 0.1)
    picture = picture * (1 - haze) + haze * torch.rand(n, 1, 1, 1)
    tint = torch.exp(0.06 * torch.randn(n, 3, 1, 1))
    picture = ((picture - 0.5) * torch.exp(0.15 * torch.randn(n, 1, 1, 1)) + 0.5) * tint
    if chance(0.35):
        picture = torch.lerp(picture, blur(picture, 1), torch.rand(n, 1, 1, 1))
    if chance(0.4):
        picture = picture + torch.randn_like(picture) * (0.06 * torch.rand(n, 1, 1, 1))
    picture = picture.clamp(0, 1)
    return compressed(picture) if chance(0.3) else picture


def compressed(picture: Tensor) -> Tensor:
    """Through JPEG."""
    found = []
    for one in (picture * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy():
        file = io.BytesIO()
        Image.fromarray(one).save(file, "JPEG", quality=int(torch.randint(25, 92, ())))
        found.append(np.asarray(Image.open(file)))
    return torch.from_numpy(np.stack(found)).permute(0, 3, 1, 2).float() / 255

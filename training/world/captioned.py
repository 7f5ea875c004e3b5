"""Small clear pictures with captions for the text-to-image model: one or two objects on a plain ground before a wall.

Three templates (specs: D-Fusion §8) in this world's words:
    T1  "a cone lying", "a tree floating"                       pose
    T2  "a red and metallic mug"                                colour and material
    T3  "the ball above the house", "the mug on the left of the tree"
Geometry is traced once and shaded in several looks: what costs time is where light goes, not what colour it has.
"""
import math

import numpy as np
import torch

from .objects import SHAPES, place, turned
from .render import develop, shoulder
from .shapes import COLUMNS, FAR, TURN, Group, Pick, _distance

OBJECTS = {"ball": "sphere", "cube": "box", "cylinder": "cylinder", "cone": "cone", "ring": "torus", "mug": "mug",
           "snowman": "snowman", "tree": "tree", "house": "house", "chair": "chair", "lamp": "lamp",
           "mushroom": "mushroom"}
COLOURS = {"red": (0.75, 0.05, 0.05), "orange": (0.95, 0.38, 0.03), "yellow": (0.92, 0.8, 0.08), "green": (0.08, 0.45, 0.1),
           "cyan": (0.1, 0.7, 0.8), "blue": (0.05, 0.13, 0.7), "purple": (0.35, 0.06, 0.6), "pink": (0.95, 0.4, 0.6),
           "white": (0.9, 0.9, 0.9), "black": (0.03, 0.03, 0.03)}
MATERIALS = ["matte", "metallic", "glass", "striped", "glowing"]
POSES = ["standing", "lying", "floating"]
RELATIONS = {"above": "above", "below": "below", "left": "on the left of", "right": "on the right of"}
WORDS = (["a", "an", "and", "the", "on", "of"] + POSES + list(COLOURS) + MATERIALS + list(OBJECTS)
         + ["above", "below", "left", "right"])
# As in CLIP the end of text has the highest id, so that pooling at the highest id finds it.
VOCABULARY = ["<pad>", "<unk>"] + WORDS + ["<bos>", "<eos>"]
PAD, UNKNOWN, BOS, EOS = 0, 1, len(VOCABULARY) - 2, len(VOCABULARY) - 1
LENGTH = 16
INDEX = {w: i for i, w in enumerate(VOCABULARY)}


def encode(text):
    """-> LENGTH ids: BOS, one id per word (letters and digits, lower case), EOS, padding. Surplus words are dropped."""
    cleaned = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    ids = [BOS] + [INDEX.get(w, UNKNOWN) if w in WORDS else UNKNOWN for w in cleaned[:LENGTH - 2]] + [EOS]
    return ids + [PAD] * (LENGTH - len(ids))


def article(word):
    return ("an " if word[0] in "aeiou" else "a ") + word


def caption(label):
    """label: dict with template and its attributes -> text."""
    if label["template"] == 1:
        return f"{article(label['object'])} {label['pose']}"
    if label["template"] == 2:
        return f"{article(label['colour'])} and {label['material']} {label['object']}"
    return f"the {label['object']} {RELATIONS[label['relation']]} the {label['other']}"


def prompts():
    """Every caption of the world, as labels."""
    out = [dict(template=1, object=o, pose=p) for o in OBJECTS for p in poses(o)]
    out += [dict(template=2, object=o, colour=c, material=m) for o in OBJECTS for c in COLOURS for m in MATERIALS]
    out += [dict(template=3, object=a, other=b, relation=r) for a in OBJECTS for b in OBJECTS if a != b for r in RELATIONS]
    return out


def held_out(label):
    """About one in ten of the T2 and T3 captions never occurs in training; its words all do."""
    if label["template"] == 1:
        return False
    text = caption(label)
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) % 10 == 0


def poses(name):
    """A ball or a cube looks the same lying."""
    return ["standing", "floating"] if name in ("ball", "cube") else POSES


# ---------------------------------------------------------------- geometry

def model(rng, name, pose="standing", size=1.0, yaw=None):
    """An object's parts resting on z = 0, its longer side `size`."""
    u = lambda a, b: a + (b - a) * (0.35 + 0.3 * rng.random())           # near the middle of each proportion's range
    parts = SHAPES[OBJECTS[name]](u)
    if name == "ring":
        parts = SHAPES["torus"](lambda a, b: 0.15 if b < 0.5 else 0.9)   # upright
    if name == "cube":
        parts = SHAPES["box"](lambda a, b: 0.04 if b < 0.2 else 0.8)
    if name == "cylinder":
        parts = SHAPES["cylinder"](lambda a, b: {0.5: 0.36, 1.1: 0.95}.get(b, 0.0))
    if yaw is None:
        # Facing the camera within a third of a turn: one silhouette per object is what 64 pixels can tell apart.
        yaw = rng.uniform(-0.5, 0.5) + {"chair": 0.6, "house": 0.5, "cube": 0.6, "ring": 0.2}.get(name, 0)
    parts = place(parts, yaw=yaw)
    if pose == "lying":
        parts = tipped(parts, turned("x" if name == "ring" else "y", rng.choice([-1, 1]) * math.pi / 2))
    low, high = extent(parts)
    scale = size / (high - low).max()
    parts = place(parts, scale=scale)
    return [moved(p, (-(low[0] + high[0]) / 2 * scale, 0, -low[2] * scale)) for p in parts], (high - low) * scale


def tipped(parts, world_to_object):
    out = []
    for row in parts:
        row = row.copy()
        row[TURN:TURN + 9] = (row[TURN:TURN + 9].reshape(3, 3) @ world_to_object).ravel()
        row[:3] = world_to_object.T @ row[:3]
        out.append(row)
    return out


def moved(row, by):
    row = row.copy()
    row[:3] += by
    return row


def extent(parts, n=40, reach=1.6):
    """Bounding box of the surface by sampling: low, high [3]."""
    at = torch.linspace(-reach, reach, n)
    grid = torch.stack(torch.meshgrid(at, at, at, indexing="ij"), -1).reshape(1, -1, 3)
    inside = grid[0][_distance(torch.tensor(np.stack(parts), dtype=torch.float32)[None], grid)[0] < 0.6 * reach / n]
    return inside.amin(0).numpy().astype(float), inside.amax(0).numpy().astype(float)


def geometry(rng, template):
    """-> dict: parts [6,24], camera, light, label (what of the caption geometry decides)."""
    names = list(OBJECTS)
    name = names[rng.integers(len(names))]
    label = dict(template=template, object=name)
    if template == 3:
        other = names[rng.integers(len(names))]
        while other == name:
            other = names[rng.integers(len(names))]
        relation = list(RELATIONS)[rng.integers(4)]
        label.update(other=other, relation=relation)
        size = rng.uniform(0.95, 1.1, 2)
        first, second = model(rng, name, size=size[0])[0], model(rng, other, size=size[1])[0]
        if relation in ("left", "right"):
            x = rng.uniform(0.6, 0.68) * (-1 if relation == "left" else 1)
            at = (x, rng.uniform(-0.2, 0.2), 0), (-x, rng.uniform(-0.2, 0.2), 0)
        else:
            x, rise = rng.uniform(-0.12, 0.12, 2), 1.25
            at = ((x[0], 0, rise), (x[1], 0, 0)) if relation == "above" else ((x[0], 0, 0), (x[1], 0, rise))
        middle, view = (1.15, 1.3) if relation in ("above", "below") else (0.45, 1.32)
        groups = [[moved(p, at[0]) for p in first], [moved(p, at[1]) for p in second]]
    else:
        pose = "standing"
        if template == 1:
            pose = poses(name)[rng.integers(len(poses(name)))]
            label["pose"] = pose
        size = rng.uniform(1.0, 1.3)
        parts, _ = model(rng, name, pose, size)
        lift = rng.uniform(0.4, 0.6) if pose == "floating" else 0.0
        at = (rng.uniform(-0.15, 0.15), 0, lift)
        groups = [[moved(p, at) for p in parts]]
        middle, view = 0.6, rng.uniform(0.85, 1.0)
        if pose == "floating":
            middle = 0.75
    elevation = math.radians(rng.uniform(12, 22))
    forward = np.array([0, math.cos(elevation), -math.sin(elevation)])
    down = np.array([0, -math.sin(elevation), -math.cos(elevation)])
    tan = 0.22
    azimuth, high = math.radians(rng.uniform(200, 250)), math.radians(rng.uniform(45, 60))
    light = np.array([math.cos(azimuth) * math.cos(high), math.sin(azimuth) * math.cos(high), math.sin(high)])
    return dict(parts=groups, origin=np.array([0, 0, middle]) - forward * view / tan,
                axes=np.stack([[1, 0, 0], down, forward]), tan=tan, light=light, wall=rng.uniform(1.2, 2.2), label=label)


class Shot:
    """What a batch of geometries looks like before colour: fields over rays [B,N,...]."""

    def __init__(self, tracer, scenes, n):
        B = len(scenes)
        nothing = np.zeros(COLUMNS)
        nothing[:3], nothing[3:12], nothing[12:15] = (0, 0, -500), np.eye(3).ravel(), 0.01
        table = np.repeat(np.repeat(nothing[None, None], 6, 1), B, 0)
        for row, s in zip(table, scenes):
            for g, parts in enumerate(s["parts"]):
                row[3 * g:3 * g + len(parts)] = parts
        to = lambda key: torch.tensor(np.stack([s[key] for s in scenes]), dtype=torch.float32)
        group = Group(torch.tensor(table, dtype=torch.float32))
        at = ((torch.arange(n) + 0.5) / n * 2 - 1) * scenes[0]["tan"]
        y, x = (g.flatten()[None, :, None] for g in torch.meshgrid(at, at, indexing="ij"))
        axes = to("axes")[:, :, None]
        d = torch.nn.functional.normalize(axes[:, 2] + x * axes[:, 0] + y * axes[:, 1], dim=-1)
        o = to("origin")[:, None].expand_as(d).contiguous()
        wall = to("wall")[:, None]
        floor_t = torch.where(d[..., 2] < -1e-4, -o[..., 2] / d[..., 2].clamp(max=-1e-4), FAR)
        wall_t = (wall - o[..., 1]) / d[..., 1]
        self.is_wall = (wall_t < floor_t).float()[..., None]
        t = torch.minimum(floor_t, wall_t)
        p = o + d * t[..., None]
        up = torch.tensor([0, 0, 1.0])
        normal = torch.where(self.is_wall > 0, torch.tensor([0, -1.0, 0]), up)
        light = to("light")[:, None]
        towards = light.expand_as(d).contiguous()
        far, width = torch.full_like(t, 50.0), torch.full_like(t, 0.12)
        facing = (normal * light).sum(-1).clamp(min=0)
        self.plane_light = (facing * tracer.visibility(group, p, towards, far, width))[..., None]
        self.plane_open = tracer.openness(group, p, normal)[..., None]
        self.plane_up = normal[..., 2:]
        hit = tracer.trace(group, o, d, t)
        self.pick = pick = Pick(hit < t)
        q = pick(o) + pick(d) * pick(hit).clamp(max=200)[..., None]
        m = tracer.normal(group, q)
        part = tracer.distances(group.parts, q).argmin(1)
        self.which = (part >= 3).long()                                  # [B,n] first or second object
        facing = (m * light).sum(-1)
        seen = tracer.visibility(group, q + 0.01 * m, pick(towards), pick(far), pick(width))
        self.light = (facing.clamp(min=0) * seen)[..., None]
        ground = (q[..., 2] / 0.3).clamp(0, 1).sqrt()
        self.open = (tracer.openness(group, q, m) * (0.45 + 0.55 * ground))[..., None]
        self.normal, self.point, self.view = m, q, -pick(d)
        half = torch.nn.functional.normalize(light + self.view, dim=-1)
        self.shine = ((m * half).sum(-1).clamp(min=0) * (seen > 0.3))[..., None]
        self.n = n
        self.own = torch.einsum("bnij,bnj->bni", group.parts.gather(1, part[..., None].expand(-1, -1, COLUMNS))[
            ..., TURN:TURN + 9].unflatten(-1, (3, 3)), q)                # in the part's axes, for stripes

    def develop(self, looks):
        """looks: [B] dicts of ground, wall [3], colours [2,3], materials [2] -> sRGB [B,3,n/2,n/2] in [0,1]"""
        to = lambda key: torch.tensor(np.stack([k[key] for k in looks]), dtype=torch.float32)
        ground, wall, colours = to("ground")[:, None], to("wall")[:, None], to("colours")
        material = torch.tensor([[MATERIALS.index(m) for m in k["materials"]] for k in looks])
        albedo = torch.where(self.is_wall > 0, wall, ground)
        plane = albedo * (0.38 * self.plane_open + 0.75 * self.plane_light)
        pick, which = self.pick, self.which
        if which.shape[1]:
            colour = colours.gather(1, which[..., None].expand(-1, -1, 3))
            kind = material.gather(1, which)[..., None]
            is_ = lambda name: kind == MATERIALS.index(name)
            stripe = (torch.sin(self.own[..., 2:] * 19 + self.own[..., :1] * 6) > 0)
            ink = torch.where(colour.mean(-1, keepdim=True) > 0.6, 0.08 * torch.ones_like(colour), torch.ones_like(colour) * 0.92)
            painted = torch.where(is_("striped") & stripe, ink, colour)
            diffuse = painted * (0.34 * self.open + 0.85 * self.light)
            # Metal shows a bright sky above a dark band, tinted; glass the plane behind it with a bright rim.
            along = (self.normal * self.view).sum(-1, keepdim=True).clamp(0, 1)
            mirrored = 2 * along * self.normal - self.view
            up = mirrored[..., 2:]
            sky = 0.15 + 1.15 * torch.sigmoid((up - 0.25) * 9) + 0.35 * torch.sigmoid((-0.2 - up) * 7)
            metal = (0.12 + 0.88 * colour) * sky * (0.35 + 0.65 * self.open) + 1.6 * self.shine ** 60
            rim = (1 - along) ** 2.5
            behind = pick(plane)
            glass = (behind * (0.25 + 0.75 * colour)) * 0.8 + colour * 0.2 + 0.8 * rim * (0.4 + 0.6 * colour) + 1.8 * self.shine ** 90
            glow = colour * (1.2 + 0.5 * along) + 0.06
            matte = diffuse + 0.12 * self.shine ** 20
            shaded = torch.where(is_("metallic"), metal, torch.where(is_("glass"), glass, torch.where(is_("glowing"), glow, matte)))
            plane = pick.put(plane, shaded)
        n, B = self.n, len(looks)
        picture = shoulder(plane).transpose(1, 2).reshape(B, 3, n // 2, 2, n // 2, 2).mean((3, 5))
        return develop(picture)


GROUNDS = [(0.5, 0.46, 0.4), (0.3, 0.32, 0.36), (0.32, 0.42, 0.25), (0.55, 0.5, 0.55), (0.45, 0.33, 0.22)]
WALLS = [(0.5, 0.55, 0.62), (0.62, 0.58, 0.5), (0.38, 0.4, 0.44), (0.5, 0.56, 0.48), (0.6, 0.5, 0.5)]


def look(rng, label):
    """Colours and materials for a geometry; returns them and the finished label."""
    label = dict(label)
    near = lambda c: np.clip(np.array(c) * rng.uniform(0.88, 1.12, 3), 0.01, 0.98)
    names = [list(COLOURS)[i] for i in rng.choice(len(COLOURS), 2, replace=False)]
    materials = [["matte", "striped"][int(rng.random() < 0.12)] for _ in range(2)]
    if label["template"] == 2:
        names[0], materials[0] = list(COLOURS)[rng.integers(len(COLOURS))], MATERIALS[rng.integers(len(MATERIALS))]
        label.update(colour=names[0], material=materials[0])
    return dict(ground=near(GROUNDS[rng.integers(len(GROUNDS))]), wall=near(WALLS[rng.integers(len(WALLS))]),
                colours=np.stack([near(COLOURS[c]) for c in names]), materials=materials), label


def mirrored(label):
    """The label of the picture seen in a mirror."""
    swap = {"left": "right", "right": "left"}
    return dict(label, relation=swap.get(label["relation"], label["relation"])) if label["template"] == 3 else label


@torch.no_grad()
def pictures(rng, tracer, count, looks=5, size=64, weights=(0.14, 0.46, 0.4)):
    """`count` geometries in `looks` looks each -> uint8 [count*looks,3,size,size], labels."""
    scenes = [geometry(rng, 1 + int(rng.choice(3, p=weights))) for _ in range(count)]
    shot = Shot(tracer, scenes, 2 * size)
    out, labels = [], []
    for _ in range(looks):
        drawn = [look(rng, s["label"]) for s in scenes]
        out.append((shot.develop([d[0] for d in drawn]) * 255).round().clamp(0, 255).to(torch.uint8))
        labels += [d[1] for d in drawn]
    return torch.cat(out), labels

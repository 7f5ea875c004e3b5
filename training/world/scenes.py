"""Draws random scenes and stacks them into tensors for the renderer.

Frame: z up, ground z = 0, the target stands near the origin, the camera looks roughly along +y, so a light "from the
left" has x < 0 and one "behind" the object y > 0.
"""
import math
from types import SimpleNamespace

import numpy as np
import torch

from . import words
from .objects import SHAPES, block, place
from .render import FIRST_PART, SURFACE_COLUMNS
from .shapes import COLUMNS, FAR, Group

MATERIALS = list(words.MATERIALS)


def surface(rng, bank, kind, scale, inks, material=None):
    """One row of the surface table. `kind` is a texture kind or "plain"; `inks` three RGB colours."""
    row = np.zeros(SURFACE_COLUMNS)
    angle = rng.uniform(0, 2 * math.pi) if rng.random() < 0.6 else rng.integers(4) * math.pi / 2
    inks = np.asarray(inks, float)
    if kind == "plain":
        matrix, offset = np.zeros((3, 3)), inks[0]
    elif kind in ("leaves", "clouds", "blend", "blobs"):
        # Image-like: a random mix of the channels, contrast and brightness.
        matrix = np.eye(3)[rng.permutation(3)] * rng.uniform(0.5, 1.0) + rng.normal(0, 0.12, (3, 3))
        offset = np.full(3, rng.uniform(-0.1, 0.25)) + rng.normal(0, 0.05, 3)
    else:
        grain = rng.uniform(0, 0.25)
        matrix = np.stack([inks[1] - inks[0], inks[2] - inks[0], np.full(3, grain)], 1)
        offset = inks[0] - grain / 2
    which = bank.of[kind][rng.integers(len(bank.of[kind]))] if kind != "plain" else 0
    row[:6] = which, scale, math.cos(angle), math.sin(angle), rng.random(), rng.random()
    row[6:15], row[15:18] = matrix.ravel(), offset
    gloss = {"matte": (0.02, 8, 0, 0, 0, 0), "textured": (0.1, 20, 0, 0, 0, 0),
             "plastic": (rng.uniform(0.3, 0.7), rng.uniform(30, 120), rng.uniform(0.05, 0.15), 0, 0, 0),
             "metal": (rng.uniform(0.5, 1), rng.uniform(40, 200), rng.uniform(0.6, 0.9), 1, 0, 0),
             "glass": (1.0, 250, 0.75, 0, 1, 0), "emissive": (0.02, 8, 0, 0, 0, rng.uniform(0.9, 1.6)),
             "polished": (rng.uniform(0.2, 0.6), rng.uniform(60, 200), rng.uniform(0.12, 0.45), 0, 0, 0)}
    row[18:24] = gloss[material or "matte"]
    return row


def any_colour(rng):
    """A name and an RGB near it."""
    name = list(words.COLOURS)[rng.integers(len(words.COLOURS))]
    return name, np.clip(np.array(words.COLOURS[name]) * rng.uniform(0.85, 1.15, 3) + rng.normal(0, 0.02, 3), 0.02, 0.95)


def muted(rng):
    """Colours of grounds and walls: mostly earthy or grey, sometimes strong."""
    base = rng.uniform(0.12, 0.75)
    tint = rng.normal(0, 0.05 if rng.random() < 0.6 else 0.15, 3) + np.array([0.03, 0, -0.03])
    return np.clip(base * (1 + tint * 2), 0.03, 0.95)


def dressed(rng, bank, parts, material, colour):
    """A surface per part; most objects wear two colours so that parts can be told apart."""
    rows = []
    for i in range(len(parts)):
        if i and rng.random() < 0.5:
            colour = any_colour(rng)[1]
        if material == "textured":
            kinds = ["checker", "stripes", "planks", "marble", "dots", "noise", "weave", "leaves", "tiles", "blobs"]
            kind, scale = kinds[rng.integers(len(kinds))], rng.uniform(0.25, 0.7)
        else:
            kind, scale = ("noise", 0.5) if rng.random() < 0.3 else ("plain", 1)
        second = colour * rng.uniform(0.75, 1) if material != "textured" else any_colour(rng)[1]
        shown = np.clip(colour * 0.5 + 0.45, 0, 1) if material in ("metal", "glass") else colour
        rows.append(surface(rng, bank, kind, scale, (shown, second if material == "textured" else shown * 0.8, second),
                            material))
    return rows


def lights(rng, kind, side=None):
    """-> (rows [2,8]: position, point?, colour, width; ambient up, down; sky zenith, horizon; name of the side)."""
    compass = {"right": 0, "behind": 90, "left": 180, "front": 270}
    side = side or ["left", "right", "behind", "front"][rng.choice(4, p=[0.33, 0.33, 0.2, 0.14])]
    around = math.radians(compass[side] + rng.uniform(-40, 40))
    high = {"sun": rng.uniform(18, 65), "evening": rng.uniform(10, 24), "window": rng.uniform(20, 50),
            "lamps": rng.uniform(25, 60), "coloured": rng.uniform(20, 55), "overcast": rng.uniform(50, 85)}[kind]
    up = math.radians(high)
    toward = np.array([math.cos(around) * math.cos(up), math.sin(around) * math.cos(up), math.sin(up)])
    rows = np.zeros((2, 8))
    white = np.array([1, 1, 1.0])
    warm, blue = np.array([1, 0.83, 0.62]), np.array([0.75, 0.86, 1.1])
    zenith, horizon = blue * np.array([0.35, 0.6, 1]) * 0.9, np.array([0.85, 0.9, 1.0])
    strength, soft, reach, point, colour, ambient = 1.0, rng.uniform(0.02, 0.1), 1.0, 0, white, 0.3
    if kind == "sun":
        colour, ambient = white * rng.uniform(0.95, 1.05, 3) * [1, 0.96, 0.9], rng.uniform(0.12, 0.3)
        tone = blue
    elif kind == "evening":
        colour, ambient = np.array([1, rng.uniform(0.45, 0.7), rng.uniform(0.2, 0.4)]) * 1.3, rng.uniform(0.14, 0.3)
        tone, horizon, zenith = blue, np.array([1, 0.55, 0.3]), np.array([0.25, 0.3, 0.6])
    elif kind == "window":
        soft, reach, point, ambient = rng.uniform(0.12, 0.3), rng.uniform(2, 5), 1, rng.uniform(0.1, 0.26)
        tone, zenith, horizon = white, white * 0.5, white * 0.6
    elif kind in ("lamps", "coloured"):
        soft, reach, point, ambient = rng.uniform(0.04, 0.14), rng.uniform(1.8, 4), 1, rng.uniform(0.08, 0.22)
        colour = warm if kind == "lamps" else np.clip(rng.uniform(0.1, 1.2, 3), 0, 1.2)
        tone, zenith, horizon = warm * 0.9, white * 0.2, white * 0.25
    else:
        strength, soft, ambient = rng.uniform(0.3, 0.6), rng.uniform(0.35, 0.7), rng.uniform(0.55, 0.8)
        tone, zenith, horizon = white, white * 0.75, white * 0.85
    rows[0] = *(toward * reach), point, *(colour * strength), soft
    if kind in ("lamps", "coloured") and rng.random() < 0.7:
        a, u = around + rng.uniform(1.2, 5.0), math.radians(rng.uniform(25, 60))
        second = warm if kind == "lamps" else np.clip(rng.uniform(0.1, 1.2, 3), 0, 1.2)
        r = rng.uniform(2, 4.5)
        rows[1] = (r * math.cos(a) * math.cos(u), r * math.sin(a) * math.cos(u), r * math.sin(u), 1,
                   *(second * rng.uniform(0.3, 0.7)), rng.uniform(0.05, 0.15))
    if high > 62:
        side = "above"
    return rows, ambient * tone, ambient * 0.5, zenith, horizon, side


def camera(rng, target_height, fraction, elevation, fov, azimuth, shift):
    """Looks at the middle of the target so that its height takes `fraction` of the picture. axes: right, down, forward."""
    tan = math.tan(fov / 2)
    reach = max(target_height, 0.8) / (2 * tan * fraction)
    forward = np.array([math.sin(azimuth) * math.cos(elevation), math.cos(azimuth) * math.cos(elevation),
                        -math.sin(elevation)])
    right = np.array([math.cos(azimuth), -math.sin(azimuth), 0])
    down = np.cross(forward, right)
    middle = np.array([0, 0, target_height / 2])
    return dict(origin=middle - reach * forward, axes=np.stack([right, down, forward]), tan=np.array([tan]),
                shift=np.asarray(shift) * tan)


def draw(rng, bank, **fixed):
    """One random scene as a dict of arrays. `fixed` may name shape, material, colour, light, side, ground, plain_view,
    fraction, image (abstract grounds), others (count), occluder, elevation, wall."""
    choose = lambda name, options, p=None: fixed.get(name) or options[rng.choice(len(options), p=p)]
    shape = choose("shape", list(SHAPES))
    material = choose("material", MATERIALS, [0.27, 0.25, 0.13, 0.06, 0.24, 0.05])
    colour_name, colour = any_colour(rng)
    colour = np.asarray(fixed.get("colour", colour))
    kind = choose("light", list(words.LIGHTS), [0.36, 0.16, 0.14, 0.08, 0.1, 0.16])
    rows, up, down, zenith, horizon, side = lights(rng, kind, fixed.get("side"))
    image = fixed.get("image", rng.random() < 0.17)
    ground = "image" if image else choose("ground", [g for g in words.GROUNDS if g != "image"])
    images = ["leaves", "clouds", "blend", "blobs"]
    texture = images[rng.integers(4)] if image else ground
    polished = "polished" if rng.random() < (0.45 if ground in ("marble", "tiles", "checker", "plain", "planks") else 0.08) else "matte"
    a = muted(rng)
    b = np.clip(a * rng.uniform(0.4, 0.8), 0.02, 1) if rng.random() < 0.7 else muted(rng)
    if ground == "grass":
        a, b = np.array([0.12, 0.2, 0.05]) * rng.uniform(0.7, 1.6), np.array([0.3, 0.42, 0.12]) * rng.uniform(0.7, 1.4)
    elif ground == "sand":
        a, b = np.array([0.55, 0.42, 0.26]) * rng.uniform(0.7, 1.3), np.array([0.8, 0.66, 0.45])
    surfaces = [surface(rng, bank, texture, rng.uniform(0.1, 0.45), (a, b, b * 0.5), polished)]
    wall_kind = images[rng.integers(4)] if image and rng.random() < 0.7 else (
        ["plain", "noise", "brick", "stripes", "tiles", "planks", "marble"][rng.integers(7)])
    c = muted(rng)
    surfaces.append(surface(rng, bank, wall_kind, rng.uniform(0.1, 0.35), (c, c * rng.uniform(0.7, 0.95), c * 0.7)))
    sky_image = rng.random() < (0.6 if image else 0.35)
    surfaces.append(surface(rng, bank, "leaves" if image and rng.random() < 0.4 else "clouds", rng.uniform(0.2, 0.6),
                            np.ones((3, 3))))

    # The target, its support and the others, which stand where they show and do not touch it.
    scale = rng.uniform(0.8, 1.2)
    parts = SHAPES[shape](rng.uniform)
    yaw = rng.uniform(0, 2 * math.pi)
    raised = rng.uniform(0.12, 0.5) if rng.random() < fixed.get("support", 0.1) else 0.0
    target = place(parts, (0, 0, raised), yaw, scale)
    extent = Group(torch.tensor(np.stack(target))[None])
    height = float((extent.centre[0, :, 2] + extent.radius[0]).max()) - raised
    width = float((extent.centre[0, :, :2].norm(dim=-1) + extent.radius[0]).max())
    elevation = math.radians(fixed.get("elevation", rng.uniform(8, 42)))
    fov = math.radians(rng.uniform(14, 48))
    fraction = fixed.get("fraction", rng.uniform(0.25, 0.6))
    shift = rng.uniform(-0.16, 0.16, 2) if rng.random() < 0.5 else (0, 0)
    azimuth = rng.uniform(-0.15, 0.15)
    eye = camera(rng, height, fraction, elevation, fov, azimuth, shift)
    eye["origin"][2] += raised

    others, other_rows = [], []
    if raised:
        w = 2 * width * rng.uniform(1.0, 1.8)
        others.append(place([block(w, w, raised)], yaw=rng.uniform(0, 3))[0])
        other_rows += dressed(rng, bank, [0], "textured" if rng.random() < 0.5 else "matte", muted(rng))
    taken = [(0.0, 0.0, width)]
    occlude = rng.random() < fixed.get("occluder", 0.06)
    view = np.linalg.norm(eye["origin"])
    spread = 0.5 / fraction * max(height, 0.8)
    for i in range(fixed.get("others", 1 + rng.choice(4, p=[0.25, 0.4, 0.25, 0.1]))):
        other_shape = list(SHAPES)[rng.integers(len(SHAPES))]
        size = rng.uniform(0.45, 1.4)
        other_material = MATERIALS[rng.choice(6, p=[0.4, 0.27, 0.1, 0.03, 0.18, 0.02])]
        other = place(SHAPES[other_shape](rng.uniform), scale=size)
        if occlude and i == 0:
            x, y, r = rng.uniform(-0.5, 0.5) * width, -width - 0.5 * size - rng.uniform(0.1, 0.5), 0.6 * size
        else:
            for _ in range(12):
                y = rng.uniform(-0.8, 1.6) * spread
                x = rng.uniform(-1, 1) * spread * (1 + y / view)
                r = 0.62 * size
                in_front = y < 0 and abs(x) < (width + r) * 1.1
                if not in_front and all(math.hypot(x - u, y - v) > r + q + 0.05 for u, v, q in taken):
                    break
            else:
                continue
        taken.append((x, y, r))
        others += place(other, (x, y, 0), rng.uniform(0, 6.28))
        other_rows += dressed(rng, bank, other, other_material, any_colour(rng)[1])

    wall = fixed.get("wall", rng.random() < (0.75 if kind in ("window", "lamps", "coloured") else 0.35))
    turn = rng.uniform(-0.5, 0.5)
    normal = np.array([math.sin(turn), -math.cos(turn), 0])
    back = width + rng.uniform(0.2, 2.5) if wall else FAR
    view_kick = np.radians(rng.normal(0, 2.5, 2).clip(-7, 7))
    studio_fov = fov * rng.uniform(0.8, 1.2)
    studio_eye = camera(rng, 2 * max(width, height / 2), 0.8, elevation + view_kick[0], studio_fov,
                        azimuth + view_kick[1], (0, 0))
    studio_eye["origin"][2] += raised + height / 2 - max(width, height / 2)
    a, u = rng.uniform(0, 2 * math.pi), math.radians(rng.uniform(45, 75))
    key = rng.uniform(0.45, 0.7)
    studio_lights = np.zeros((2, 8))
    studio_lights[0] = math.cos(a) * math.cos(u), math.sin(a) * math.cos(u), math.sin(u), 0, key, key, key, 0.35
    text = words.caption(rng, shape, colour_name, material, ground, kind, side, rows[0, 7] > 0.12, wall)
    return dict(
        surfaces=np.stack(surfaces + other_rows + dressed(rng, bank, target, material, colour)),
        others=np.stack(others) if others else np.zeros((0, COLUMNS)), target=np.stack(target),
        camera=eye, lights=rows, ambient_up=up, ambient_down=np.full(3, down) * (0.5 + a_mean(surfaces[0])),
        zenith=zenith * rng.uniform(0.7, 1.1), horizon=horizon * rng.uniform(0.8, 1.1), nadir=horizon * 0.4,
        glow=rows[0, 4:7] * (0.8 if rows[0, 3] == 0 else 0), cloudiness=np.array([0.75 if sky_image else 0.0]),
        haze=np.array([rng.uniform(0, 0.006) if not wall else 0.0]), level=np.array([0.0]),
        wall_normal=normal, wall_along=np.array([math.cos(turn), math.sin(turn), 0]), wall_offset=np.array([-back]),
        exposure=np.array([rng.uniform(0.16, 0.36)]), words=np.array(words.encode(text)), text=text, side=side,
        studio=dict(camera=studio_eye, lights=studio_lights, ambient_up=np.full(3, 0.62), ambient_down=np.full(3, 0.42),
                    zenith=np.full(3, 1.0), horizon=np.full(3, 0.75), nadir=np.full(3, 0.25), glow=np.zeros(3),
                    cloudiness=np.zeros(1), haze=np.zeros(1), level=np.array([-1e6]), wall_normal=normal,
                    wall_along=normal, wall_offset=np.array([-1e6]), exposure=np.array([0.85])))


def a_mean(row):
    return float(np.clip(row[15:18].mean() + 0.25 * row[6:15].sum() / 3, 0.05, 0.9))


def stack(scenes, device="cpu"):
    """Scene dicts -> the renderer's namespace of tensors [B,...]; [B,N,...]-shaped quantities get a ray axis of 1."""
    B = len(scenes)
    to = lambda rows: torch.tensor(np.stack(rows), dtype=torch.float32, device=device)
    ko = max(1, max(len(s["others"]) for s in scenes))
    kt = max(len(s["target"]) for s in scenes)
    nothing = np.zeros(COLUMNS)
    nothing[:3], nothing[3:12], nothing[12:15] = (0, 0, -500), np.eye(3).ravel(), 0.01
    pad = lambda rows, n: np.concatenate([rows, np.repeat(nothing[None], n - len(rows), 0)])
    tables = np.zeros((B, FIRST_PART + ko + kt, SURFACE_COLUMNS))
    for table, s in zip(tables, scenes):
        n, m = len(s["others"]), len(s["target"])
        table[:FIRST_PART + n] = s["surfaces"][:FIRST_PART + n]
        table[FIRST_PART + ko:FIRST_PART + ko + m] = s["surfaces"][FIRST_PART + n:]
    shared = dict(surfaces=to(list(tables)), first_target=FIRST_PART + ko,
                  target=Group(to([pad(s["target"], kt) for s in scenes])))

    def light(items):
        per_ray = ("ambient_up", "ambient_down", "zenith", "horizon", "nadir", "glow", "cloudiness", "wall_normal",
                   "wall_along")
        out = {k: to([s[k] for s in items])[:, None] for k in per_ray}
        out.update({k: to([s[k] for s in items]) for k in ("lights", "haze", "level", "wall_offset")})
        out["exposure"] = to([s["exposure"] for s in items])[:, None]
        out["camera"] = SimpleNamespace(**{k: to([s["camera"][k] for s in items]) for k in items[0]["camera"]})
        return out

    studio = SimpleNamespace(**light([s["studio"] for s in scenes]), **shared)
    return SimpleNamespace(**light(scenes), **shared, studio=studio,
                           others=Group(to([pad(s["others"], ko) for s in scenes])))

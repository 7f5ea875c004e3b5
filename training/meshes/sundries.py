"""Things other than furniture with every measure at random: vessels, what lies, thin frames, shells, plants, tools, cloth."""

import math

import numpy as np

from .chances import MATERIALS, Parts, Random, curve, outline, rounded
from .shapes import box, cushion, faceted, lathe, moved, sheet, slab, tube, turn_about, turned


def vessel(rng: Random) -> Parts:
    """Bottles, vases, cups, glasses on a stem, bowls."""
    height, widest = rng.uniform(0.3, 3), rng.uniform(0.3, 0.8)
    up, radii = np.linspace(0, height, 24), curve(rng, 24, 0.15, 1) * widest
    if rng.uniform() < 0.3:  # a stem
        radii[2 : int(rng.integers(6, 16))] = rng.uniform(0.03, 0.12) * widest
    if rng.uniform() < 0.4:  # a body and a neck
        radii = np.where(up < height * rng.uniform(0.5, 0.8), widest, rng.uniform(0.15, 0.5) * widest)
        radii = np.convolve(np.pad(radii, 2, "edge"), np.ones(5) / 5, "valid")
    closed = rng.uniform() < 0.4
    up, radii = np.concatenate([[0], up, [height]]), np.concatenate([[0], radii, [0 if closed else radii[-1]]])
    parts = [(lathe(up, radii, faces=rng.uniform() < 0.1, around=int(rng.choice([6, 24, 32]))), 0)]
    if rng.uniform() < 0.35:
        turn = np.linspace(-0.5, 0.5, 12) * math.pi
        middle, tall, out = rng.uniform(0.3, 0.7) * height, rng.uniform(0.15, 0.3) * height, rng.uniform(0.15, 0.5) * widest
        base = float(np.interp(middle, up[1:], radii[1:])) * 0.9
        for side in (1,) if rng.uniform() < 0.7 else (1, -1):
            path = np.stack([side * (base + out * np.cos(turn)), middle + tall * np.sin(turn), 0 * turn], 1)
            parts.append((tube(path, rng.uniform(0.03, 0.08) * widest), 1))
    return parts


def flat(rng: Random) -> Parts:
    """What lies: telephones, plates, books, rugs, keyboards; sometimes with parts on it, or some on each other."""
    parts, level, width = [], 0.0, rng.uniform(0.3, 1)
    for _ in range(int(rng.choice([1, 2, 4], p=[0.75, 0.15, 0.1]))):
        thick = math.exp(rng.uniform(math.log(0.008), math.log(0.18)))
        shape = outline(rng) * [1, width * rng.uniform(0.8, 1.2)] * rng.uniform(0.7, 1)
        spin = turn_about(1, rng.normal(0, 0.3))
        parts += [(turned(face, spin), int(rng.integers(3))) for face in slab(shape, level, level + thick)]
        level += thick
    for _ in range(int(rng.choice([0, 1, 6, 20], p=[0.5, 0.2, 0.15, 0.15]))):
        at, across = rng.uniform(-0.3, 0.3, 2) * [1, width], rng.uniform(0.03, 0.2)
        high, size = level, (across, rng.uniform(0.005, 0.12), across * rng.uniform(0.4, 1.5))
        parts.append((rounded(rng)(size, (at[0], high, at[1])), int(rng.integers(3, 6))))
    if rng.uniform() < 0.2:  # a rim
        turn = np.linspace(0, 2 * math.pi, 40)
        parts.append(
            (tube(np.stack([np.cos(turn) / 2, 0 * turn + level, np.sin(turn) * width / 2], 1), rng.uniform(0.01, 0.05)), 3)
        )
    return parts


def frame(rng: Random) -> Parts:
    """Thin things: hammocks and canopies on frames, racks, rackets, ladders, spectacles, hoops, bent wire."""
    kind, thick = rng.integers(6), rng.uniform(0.008, 0.03)
    bar = lambda *points: (tube(np.array(points, float), thick), 0)
    if kind == 0:  # cloth that sags between two stands
        width, depth, height, sag = rng.uniform(1.5, 3), rng.uniform(0.5, 1.2), rng.uniform(0.5, 1.3), rng.uniform(0.2, 0.9)
        s, t = np.linspace(-1, 1, 16)[:, None], np.linspace(-1, 1, 8)[None]
        narrow = 1 - rng.uniform(0, 1) * s**4
        cloth = np.stack([s * width / 2 + 0 * t, height * (1 - sag * (1 - s**2)) + 0.1 * t**2, t * depth / 2 * narrow], 2)
        parts = [(sheet(cloth), 1)]
        for x in (-width / 2, width / 2):
            parts += [bar((x * 1.1, 0, -depth / 2), (x, height, 0)), bar((x * 1.1, 0, depth / 2), (x, height, 0))]
        if rng.uniform() < 0.6:
            parts += [bar((-width * 0.55, 0.02, z), (width * 0.55, 0.02, z)) for z in (-depth / 2, depth / 2)]
        return parts
    if kind == 1:  # a hoop with a handle and strings, lying, leaning or standing
        turn, long = np.linspace(0, 2 * math.pi, 32), rng.uniform(1, 1.6)
        parts = [(tube(np.stack([np.cos(turn) / 2, np.sin(turn) * long / 2, 0 * turn], 1), thick), 0)]
        parts.append((tube([(0, -long / 2, 0), (0, -long / 2 - rng.uniform(0.3, 1), 0)], thick * rng.uniform(1, 2)), 1))
        for x in np.linspace(-0.45, 0.45, int(rng.integers(0, 9))):
            y = long / 2 * math.sqrt(1 - 4 * x * x)
            parts.append((tube([(x, -y, 0), (x, y, 0)], 0.004, 4), 2))
        angle = rng.choice([0, math.pi / 2, rng.uniform(0, 1.6)])
        return [(turned(surface, turn_about(0, angle)), m) for surface, m in parts]
    if kind == 2:  # a ladder or a rack: two stiles and rungs, sometimes on a second pair
        width, height, lean = rng.uniform(0.3, 1.2), rng.uniform(0.6, 2), rng.uniform(0, 0.4)
        parts = []
        for side in (-1, 1) if rng.uniform() < 0.6 else (1,):
            at = lambda x, s: (x * width / 2, s * height, side * lean * (1 - s) * height)
            parts += [bar(at(-1, 0), at(-1, 1)), bar(at(1, 0), at(1, 1))]
            parts += [bar(at(-1, s), at(1, s)) for s in np.linspace(0.1, 1, int(rng.integers(2, 9)))]
        return parts
    if kind == 3:  # bent wire
        n = 40
        path = np.stack([curve(rng, n, -1, 1), np.maximum(curve(rng, n, -0.3, 1), 0), curve(rng, n, -1, 1)], 1)
        return [(tube(path, thick * rng.uniform(1, 4)), 0)]
    if kind == 4:  # two wheels and what joins them
        turn, radius, apart = np.linspace(0, 2 * math.pi, 30), rng.uniform(0.2, 0.4), rng.uniform(0.7, 1.2)
        wheel = lambda x: (tube(np.stack([x + radius * np.cos(turn), radius * (1 + np.sin(turn)), 0 * turn], 1), thick * 1.5), 1)
        hub = [(x, radius, 0) for x in (-apart / 2, apart / 2)]
        knots = [(-0.15, rng.uniform(0.5, 0.9), 0), (0.25, rng.uniform(0.6, 1), 0), (0.05, 0.3, 0)]
        parts = [wheel(-apart / 2), wheel(apart / 2)] + [
            bar(hub[0], knots[0], knots[1], hub[1]),
            bar(hub[0], knots[2], knots[1]),
            bar(knots[0], knots[2]),
        ]
        return parts + [
            bar(np.add(knots[1], (0, 0.1, -0.25)), np.add(knots[1], (0, 0.1, 0.25))),
            (cushion((0.25, 0.06, 0.14), knots[0]), 2),
        ]
    width, height = rng.uniform(0.3, 0.5), rng.uniform(0.15, 0.4)  # two lenses and their arms
    turn, parts = np.linspace(0, 2 * math.pi, 20), []
    for x in (-0.6, 0.6):
        parts.append(
            (tube(np.stack([x * width * 1.1 + width / 2 * np.cos(turn), height / 2 * (1 + np.sin(turn)), 0 * turn], 1), thick), 0)
        )
        parts.append(bar((x * 2 * width, height * 0.7, 0), (x * 2 * width, height * 0.7, 0.6), (x * 2 * width, 0, 0.9)))
    return parts + [bar((-0.1, height * 0.7, 0), (0.1, height * 0.7, 0))]


def shelter(rng: Random) -> Parts:
    """Tents, roofs, umbrellas, boats, bowls of cloth: a bent shell."""
    kind, s, t = rng.integers(3), np.linspace(-1, 1, 14)[:, None], np.linspace(-1, 1, 14)[None]
    width, depth, height, power = rng.uniform(0.6, 2), rng.uniform(0.6, 3), rng.uniform(0.4, 1.4), rng.uniform(0.8, 3)
    if kind == 0:  # arches along a line
        tent = np.stack(
            [
                t * width / 2 + 0 * s,
                height * (1 - np.abs(t) ** power) * (1 - rng.uniform(0, 1) * np.abs(s) ** 3),
                s * depth / 2 + 0 * t,
            ],
            2,
        )
        parts = [(sheet(tent), 0)]
        for end in (tent[0], tent[-1]) if rng.uniform() < 0.6 else (tent[0],):
            foot = end * [1, 0, 1]
            parts.append((sheet(np.stack([foot, end])), 1))
        return parts
    if kind == 1:  # a roof on a pole
        up, out = rng.uniform(0.8, 2.2), rng.uniform(0.4, 1.5)
        parts = [(lathe([up, up - rng.uniform(0.1, 0.6)], [0.01, out], around=int(rng.choice([4, 6, 8, 24]))), 0)]
        parts.append((tube([(0, 0, 0), (0, up, 0)], rng.uniform(0.01, 0.04)), 1))
        return parts + [(lathe([0, 0, 0.06, 0.06], [0, 0.25, 0.25, 0]), 2)] * int(rng.uniform() < 0.7)
    slim = np.sqrt(np.clip(1 - np.abs(s) ** power, 0, 1))
    hull = np.stack([s * depth / 2 + 0 * t, height * 0.4 * (np.abs(t) ** power * slim + 1 - slim), t * width / 3 * slim], 2)
    parts = [(sheet(hull), 0)]
    return parts + [
        (box((0.15, 0.03, width * 0.5), (x * depth, height * 0.25, 0)), 1)
        for x in rng.uniform(-0.25, 0.25, int(rng.integers(0, 4)))
    ]


def vehicle(rng: Random) -> Parts:
    """Cars, carts, toys: rounded blocks on wheels."""
    long, wide, high, radius = rng.uniform(1, 3), rng.uniform(0.6, 1.2), rng.uniform(0.3, 0.8), rng.uniform(0.12, 0.3)
    block = rounded(rng)
    parts = [(block((long, high, wide), (0, radius * rng.uniform(0.5, 1.5), 0)), 0)]
    if rng.uniform() < 0.8:
        parts.append(
            (
                block(
                    (long * rng.uniform(0.3, 0.8), high * rng.uniform(0.5, 1.2), wide * 0.9),
                    (rng.uniform(-0.15, 0.15) * long, radius + high * 0.7, 0),
                ),
                1,
            )
        )
    for x in np.linspace(-0.35, 0.35, int(rng.integers(2, 4))) * long:
        for z in (-wide / 2, wide / 2):
            wheel = turned(lathe([-0.06, -0.06, 0.06, 0.06], [0, radius, radius, 0]), turn_about(0, math.pi / 2))
            parts.append((moved(wheel, (x, radius, z)), 2))
    return parts


def plant(rng: Random) -> Parts:
    """A pot, stems, leaves; a tree; a bush without a pot."""
    high = rng.choice([0.0, rng.uniform(0.1, 0.5)])
    parts: Parts = []
    if high:
        wide = rng.uniform(0.4, 0.9) * high
        parts.append((lathe([0, 0, high, high], [0, wide * rng.uniform(0.5, 1), wide, 0]), 0))
    tall, spread = rng.uniform(0.3, 1.5), rng.uniform(0.15, 0.8)
    tips = []
    for _ in range(int(rng.integers(1, 14))):
        way = np.array([rng.normal() * spread / 2, 0, rng.normal() * spread / 2])
        share = np.linspace(0, 1, 6)[:, None]
        path = np.array([0, high * 0.9, 0]) + share**2 * way + share * [0, tall * rng.uniform(0.5, 1), 0]
        parts.append((tube(path, rng.uniform(0.005, 0.03) * (1.2 - share[:, 0]), 6), 1))
        tips += list(path[2:])
    for _ in range(int(rng.integers(0, 60))):
        root, way, long = tips[rng.integers(len(tips))], rng.normal(size=3) * [1, 0.6, 1], rng.uniform(0.08, 0.35)
        way /= np.linalg.norm(way)
        s, side = np.linspace(0, 1, 6)[:, None], np.cross(way, [0, 1, 0]) + 1e-3
        spine = root + way * s * long - np.array([0, 1, 0]) * s**2 * long * rng.uniform(0, 0.6)
        wide = side / np.linalg.norm(side) * (np.sin(s * math.pi) * long * rng.uniform(0.08, 0.3))
        parts.append((sheet(np.stack([spine - wide, spine, spine + wide], 1)), int(rng.integers(2, 4))))
    for _ in range(int(rng.choice([0, 1, 4, 9], p=[0.5, 0.2, 0.15, 0.15]))):
        root = tips[rng.integers(len(tips))]
        parts.append((cushion(rng.uniform(0.2, 0.9, 3), root - [0, 0.2, 0], 1), 2))
    return parts


def tool(rng: Random) -> Parts:
    """A handle and heads, lying as a rule."""
    long, thick = rng.uniform(0.6, 1.6), rng.uniform(0.015, 0.06)
    parts: Parts = [(tube(np.stack([np.linspace(0, long, 8), curve(rng, 8, 0, 0.1), curve(rng, 8, -0.1, 0.1)], 1), thick), 0)]
    for x in (0, long)[int(rng.integers(2)) :]:
        size = rng.uniform(0.03, 0.35, 3)
        parts.append((moved(rounded(rng)(size), (x, -size[1] / 2, 0)), int(rng.integers(1, 4))))
    turn = turn_about(0, rng.uniform(0, 6.28)) if rng.uniform() < 0.8 else turn_about(2, rng.uniform(0.8, 1.57))
    return [(turned(surface, turn), m) for surface, m in parts]


def heap(rng: Random) -> Parts:
    """Some plain bodies that touch, as toys, rocks, food and machines are."""
    parts: Parts = []
    for k in range(int(rng.integers(1, 7))):
        size, at = rng.uniform(0.1, 0.8, 3), np.array([*rng.uniform(-0.4, 0.4, 2), 0])[[0, 2, 1]] * (k > 0)
        at[1] = 0 if rng.uniform() < 0.6 else rng.uniform(0, 0.6)
        kind = rng.integers(4)
        body = (
            box(size)
            if kind == 0
            else cushion(size, (0, 0, 0), rng.uniform(0.2, 1.2))
            if kind == 1
            else lathe([0, 0, size[1], size[1]], [0, size[0] / 2, rng.uniform(0, 0.5) * size[0], 0])
            if kind == 2
            else faceted(cushion(size, (0, 0, 0), 1)[0] * rng.uniform(0.8, 1.2))
        )
        if rng.uniform() < 0.3:
            body = turned(body, turn_about(int(rng.choice([0, 2])), rng.uniform(0, 1.5)))
        parts.append((moved(body, at), int(rng.integers(MATERIALS))))
    return parts


def cloth(rng: Random) -> Parts:
    """Curtains, garments on nothing, paper, flags: a waved sheet that stands, or lies."""
    s, t = np.linspace(0, 1, 24)[:, None], np.linspace(0, 1, 10)[None]
    width, height, folds, deep = rng.uniform(0.4, 1.5), rng.uniform(0.3, 1.6), rng.uniform(1, 30), rng.uniform(0.01, 0.12)
    wide = 1 + rng.uniform(-0.4, 0.4) * t
    grid = np.stack(
        [
            (s - 0.5) * width * wide,
            height * t + 0 * s,
            deep * np.sin(folds * s + rng.uniform(0, 3)) * (1 + t) + rng.uniform(0, 0.3) * t**2,
        ],
        2,
    )
    parts = [(sheet(grid), 0)]
    if rng.uniform() < 0.4:
        parts.append((sheet(grid + [0, 0, rng.uniform(0.05, 0.3)]), 0))
    angle = rng.choice([0, math.pi / 2, rng.uniform(0, 1.5)], p=[0.6, 0.2, 0.2])
    return [(turned(surface, turn_about(0, angle)), m) for surface, m in parts]

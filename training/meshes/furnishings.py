"""Furniture with every measure at random: what stands on legs, what is upholstered, what is a case, what is on a pole."""

import numpy as np

from .chances import Parts, Random, outline, rounded
from .shapes import box, cushion, lathe, moved, slab, tube, turn_about, turned


def legs(rng: Random, width: float, depth: float, height: float, thick: float, kind: int) -> Parts:
    """Three to four legs, straight or splayed, or one with a foot, or skids, under a plan."""
    if kind == 0:
        foot = rng.uniform(0.4, 0.9) * min(width, depth) / 2
        profile = [(0, 0), (0, foot), (0.05 * height, foot), (0.08 * height, thick), (height, thick)]
        return [(lathe(*zip(*profile)), 1)]
    splay, inset = rng.choice([1.0, rng.uniform(0.8, 1.4)]), rng.uniform(0.75, 0.95)
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)] if rng.uniform() < 0.85 else [(-1, -0.7), (1, -0.7), (0, 1)]
    corners = [np.array([x * width, z * depth]) / 2 * inset for x, z in corners]
    parts: Parts = []
    for x, z in corners:
        top, low = (x, height, z), (x * splay, 0, z * splay)
        square = kind == 1 and splay == 1
        parts.append(
            (
                box((2 * thick, height, 2 * thick), low)
                if square
                else tube([low, top], np.array([rng.uniform(0.6, 1) * thick, thick])),
                1,
            )
        )
    if rng.uniform() < 0.4:
        level = rng.uniform(0.02, 0.6)
        ends = [
            np.array([x * (splay + (1 - splay) * level), level * height, z * (splay + (1 - splay) * level)]) for x, z in corners
        ]
        for a, b in zip(ends, [*ends[1:], ends[0]]):
            if rng.uniform() < 0.7:
                parts.append((tube([a, b], thick * 0.7), 1))
    return parts


def table(rng: Random) -> Parts:
    """A top on legs; a shelf below, drawers."""
    width, depth, height, thick = rng.uniform(0.4, 2), rng.uniform(0.4, 1), rng.uniform(0.25, 1.2), rng.uniform(0.01, 0.05)
    shape = outline(rng) * [width, depth]
    parts = [(face, 0) for face in slab(shape, height, height + rng.uniform(0.015, 0.1))]
    parts += legs(rng, width * 0.85, depth * 0.85, height, thick, int(rng.integers(3)))
    if rng.uniform() < 0.25:
        parts += [(face, 2) for face in slab(shape * 0.8, height * 0.3, height * 0.3 + 0.03)]
    if rng.uniform() < 0.2:
        parts.append(
            (
                box(
                    (width * 0.3, height * rng.uniform(0.15, 0.8), depth * 0.7),
                    (width * rng.uniform(-0.25, 0.25), height * 0.15, 0),
                ),
                3,
            )
        )
    return parts


def seat(rng: Random) -> Parts:
    """Chairs, stools, benches, swings on a frame: a seat on legs, a back of panel or slats, arms."""
    width, depth, height, thick = (
        rng.choice([rng.uniform(0.4, 0.6), rng.uniform(0.8, 1.8)]),
        rng.uniform(0.35, 0.6),
        rng.uniform(0.3, 0.75),
        rng.uniform(0.012, 0.035),
    )
    parts = legs(rng, width, depth, height, thick, int(rng.integers(3)))
    parts.append((rounded(rng)((width, rng.uniform(0.02, 0.15), depth), (0, height, 0)), 0))
    tall, lean, behind = rng.uniform(0.2, 0.9), rng.uniform(0, 0.4), depth / 2 - thick
    at = lambda x, share: (x, height + tall * share, behind + tall * share * lean)
    kind = rng.integers(4)
    if kind == 1:
        parts += [
            (tube([at(x, 0), at(x, 1)], thick * rng.uniform(0.4, 1)), 2)
            for x in np.linspace(-0.45, 0.45, int(rng.integers(2, 8))) * width
        ]
        parts.append((tube([at(-width / 2, 1), at(width / 2, 1)], thick * 1.2), 2))
    elif kind == 2:
        posts = [(tube([at(x, 0), at(x, 1)], thick), 1) for x in (-width / 2, width / 2)]
        slats = [(tube([at(-width / 2, s), at(width / 2, s)], thick), 2) for s in np.linspace(0.2, 1, int(rng.integers(1, 5)))]
        parts += posts + slats
    elif kind == 3:
        panel = turned(rounded(rng)((width, tall, rng.uniform(0.02, 0.12))), turn_about(0, -lean))
        parts.append((moved(panel, at(0, rng.uniform(0, 0.2))), 2))
    if rng.uniform() < 0.35:
        rise = rng.uniform(0.15, 0.3)
        for x in (-width / 2, width / 2):
            parts.append(
                (
                    tube(
                        [(x, height, -depth * 0.4), (x, height + rise, -depth * 0.4), (x, height + rise, behind + rise * lean)],
                        thick,
                    ),
                    3,
                )
            )
    return parts


def sofa(rng: Random) -> Parts:
    """Sofas, armchairs, beds: rounded blocks."""
    width, depth, low = rng.uniform(0.8, 2.6), rng.uniform(0.7, 2.1), rng.uniform(0.25, 0.5)
    block, arm, back = rounded(rng), rng.uniform(0, 0.3), rng.uniform(0, 0.6)
    foot = rng.choice([0.0, rng.uniform(0.03, 0.15)])
    parts = [(block((width, low - foot, depth), (0, foot, 0)), 0)]
    if foot:
        parts += legs(rng, width, depth, foot, 0.03, 1)
    if back > 0.1:
        parts.append((block((width, low + back, rng.uniform(0.1, 0.3)), (0, foot, depth / 2 - 0.1)), 0))
    if arm > 0.08:
        parts += [(block((arm, low + rng.uniform(0.1, 0.3), depth), (x * (width - arm) / 2, foot, 0)), 0) for x in (-1, 1)]
    if rng.uniform() < 0.3:
        parts.append(
            (block((rng.uniform(0.5, 0.9), low - foot, depth * rng.uniform(1, 2)), (width / 2 - 0.4, foot, -depth / 2)), 0)
        )
    for _ in range(int(rng.integers(0, 5))):
        pillow = turned(cushion((0.45, 0.45, 0.15), (0, 0, 0), 0.7), turn_about(0, rng.uniform(-1.4, 0)))
        parts.append(
            (moved(pillow, (rng.uniform(-0.4, 0.4) * width, low + 0.1, rng.uniform(-0.3, 0.3) * depth)), int(rng.integers(1, 4)))
        )
    return parts


def case(rng: Random) -> Parts:
    """Cupboards, machines, boxes, shelves: a block, its feet, doors or open boards, handles."""
    width, height, depth = rng.uniform(0.3, 2), rng.uniform(0.25, 2.2), rng.uniform(0.25, 0.8)
    foot = rng.choice([0.0, rng.uniform(0.02, 0.2)])
    parts = legs(rng, width, depth, foot, 0.025, 1) if foot else []
    if rng.uniform() < 0.3:  # open
        wall = rng.uniform(0.01, 0.04)
        parts += [(box((wall, height, depth), (x * (width - wall) / 2, foot, 0)), 0) for x in (-1, 1)]
        parts += [
            (box((width, wall, depth), (0, foot + y * (height - wall), 0)), 0) for y in np.linspace(0, 1, int(rng.integers(2, 7)))
        ]
        if rng.uniform() < 0.6:
            parts.append((box((width, height, wall), (0, foot, depth / 2)), 1))
        for _ in range(int(rng.integers(0, 12))):
            parts.append(
                (
                    box(rng.uniform(0.05, 0.25, 3), (rng.uniform(-0.4, 0.4) * width, foot + rng.uniform(0, 0.8) * height, 0)),
                    int(rng.integers(2, 6)),
                )
            )
        return parts
    parts.append((rounded(rng)((width, height, depth), (0, foot, 0)), 0))
    for _ in range(int(rng.integers(0, 6))):
        across = rng.uniform(0.1, 0.45, 2) * [width, height]
        at = (rng.uniform(-0.25, 0.25) * width, foot + rng.uniform(0.05, 0.5) * height, -depth / 2)
        parts.append((box((*across, rng.uniform(0.01, 0.08)), at), int(rng.integers(1, 6))))
    if rng.uniform() < 0.3:
        parts.append(
            (rounded(rng)(rng.uniform(0.1, 0.6, 3) * [width, 0.3, depth], (rng.uniform(-0.2, 0.2) * width, foot + height, 0)), 2)
        )
    return parts


def lamp(rng: Random) -> Parts:
    """A foot, a pole, a shade; signs, parasols folded, screens on a stand, things on a tripod."""
    height, out = rng.uniform(0.4, 2), rng.uniform(0.1, 0.4)
    parts: Parts = (
        [(lathe([0, 0, 0.03, 0.05], [0, out, out, 0]), 0)]
        if rng.uniform() < 0.7
        else legs(rng, 2 * out, 2 * out, height * 0.4, 0.01, 2)
    )
    parts.append((tube([(0, 0, 0), (0, height, 0)], rng.uniform(0.008, 0.05)), 1))
    if rng.uniform() < 0.6:
        low, tall = height * rng.uniform(0.7, 1), height * rng.uniform(0.1, 0.4)
        parts.append((lathe([low, low + tall], rng.uniform(0.05, 0.45, 2)), 2))
    else:
        wide, tall = rng.uniform(0.3, 1.2), rng.uniform(0.2, 0.8)
        parts.append(
            (
                moved(
                    turned(rounded(rng)((wide, tall, rng.uniform(0.01, 0.1))), turn_about(0, rng.normal(0, 0.2))),
                    (0, height * rng.uniform(0.5, 1), 0),
                ),
                2,
            )
        )
    return parts

"""People and animals of tapered limbs in random poses."""

import math

import numpy as np

from .shapes import Surface, cushion, limb, moved, turn_about, turned

Parts = list[tuple[Surface, int]]


def chain(start, directions, lengths, radii) -> tuple[Parts, np.ndarray]:
    """Limbs one after the other -> parts, where the last ends. radii: one more than lengths."""
    parts, at = [], np.asarray(start, float)
    for way, length, first, last in zip(directions, lengths, radii, radii[1:]):
        end = at + np.asarray(way) / np.linalg.norm(way) * length
        parts.append((limb(at, end, first, last), 0))
        at = end
    return parts, at


def bent(angle: float, side: float) -> np.ndarray:
    """A direction from straight down, swung to the front (-z) by an angle and sidewards by another."""
    return np.array([math.sin(side), -math.cos(angle) * math.cos(side), -math.sin(angle) * math.cos(side)])


def figure(rng: np.random.Generator) -> Parts:
    """A person who stands, walks, sits, kneels or lies; a skirt, a hat or a bag at times."""
    pose = rng.choice(["stands", "walks", "sits", "kneels", "lies"], p=[0.35, 0.25, 0.2, 0.1, 0.1])
    wide, leg, trunk = rng.uniform(0.8, 1.6), rng.uniform(0.36, 0.48), rng.uniform(0.42, 0.6)
    thick = lambda *shares: [wide * x for x in shares]
    lean = rng.normal(0, 0.12) if pose != "sits" else rng.normal(0.1, 0.2)
    up = np.array([rng.normal(0, 0.06), math.cos(lean), -math.sin(lean)])
    chest, parts = up * trunk, [(limb((0, 0, 0), up * trunk, wide * 0.15, wide * rng.uniform(0.12, 0.18)), 1)]
    if rng.uniform() < 0.5:
        parts.append((limb(up * trunk * 0.35, up * trunk * 0.5, wide * rng.uniform(0.14, 0.24), wide * 0.15), 1))
    head = chest + up * rng.uniform(0.2, 0.28) + [0, 0, -0.03]
    parts += [(limb(chest, head, 0.06, 0.07), 2), (moved(cushion((0.19, 0.25, 0.22), (0, -0.12, 0), 1), head), 2)]
    if rng.uniform() < 0.3:
        parts.append((moved(cushion(rng.uniform(0.2, 0.4, 3) * [1, 0.5, 1], (0, 0, 0), rng.uniform(0.3, 1)), head), 4))
    for side in (-1, 1):
        swing = {
            "stands": rng.normal(0, 0.08),
            "walks": side * rng.uniform(0.2, 0.6),
            "sits": rng.uniform(1.2, 1.7),
            "kneels": rng.uniform(-0.2, 0.4),
            "lies": rng.normal(0, 0.3),
        }[pose]
        knee = (
            swing
            - {
                "stands": abs(rng.normal(0, 0.08)),
                "walks": rng.uniform(0, 0.7),
                "sits": rng.uniform(1, 1.9),
                "kneels": rng.uniform(1.2, 1.9),
                "lies": abs(rng.normal(0, 0.6)),
            }[pose]
        )
        out = side * abs(rng.normal(0.05, 0.12))
        limbs, foot = chain(
            (side * 0.09 * wide, -0.02, 0),
            [bent(swing, out), bent(knee, out), bent(knee + 1.4, out)],
            [leg, leg, 0.17],
            thick(0.1, 0.065, 0.05, 0.045),
        )
        parts += [(surface, 3) for surface, _ in limbs]
        raised = rng.choice([rng.normal(0.1, 0.3), rng.uniform(0, 2.8)], p=[0.7, 0.3])
        elbow, spread = raised + rng.uniform(0, 1.6), side * abs(rng.normal(0.15, 0.3))
        limbs, hand = chain(
            chest + [side * 0.17 * wide, 0, 0],
            [bent(raised, spread), bent(elbow, spread * 0.5)],
            [0.29, 0.27],
            thick(0.06, 0.045, 0.035),
        )
        parts += [(surface, 1) for surface, _ in limbs] + [(moved(cushion((0.08, 0.14, 0.08), (0, -0.1, 0), 1), hand), 2)]
        if rng.uniform() < 0.12:
            parts.append((moved(cushion(rng.uniform(0.15, 0.5, 3), (0, -0.45, 0), rng.uniform(0.1, 0.8)), hand), 4))
    if pose in ("stands", "walks") and rng.uniform() < 0.25:
        parts.append((limb((0, -rng.uniform(0.3, 0.8) * leg * 2, 0), (0, 0.05, 0), wide * rng.uniform(0.2, 0.4), wide * 0.15), 1))
    if pose == "sits" and rng.uniform() < 0.6:
        parts.append(
            (
                cushion(
                    (rng.uniform(0.3, 0.8), leg - 0.1, rng.uniform(0.35, 0.6)), (0, -leg - 0.06, 0.05), rng.uniform(0.1, 0.5)
                ),
                5,
            )
        )
    if pose == "lies":
        turn = turn_about(0, rng.choice([-1, 1]) * math.pi / 2) @ turn_about(1, rng.choice([0, math.pi / 2]))
        parts = [(turned(surface, turn), m) for surface, m in parts]
    return parts


def animal(rng: np.random.Generator) -> Parts:
    """Four legs and a body, or two legs and a bird's; standing, sitting or lying."""
    if rng.uniform() < 0.25:
        return bird(rng)
    long, deep, leg, thin = rng.uniform(0.5, 1.1), rng.uniform(0.1, 0.25), rng.uniform(0.15, 0.75), rng.uniform(0.02, 0.06)
    pose = rng.choice(["stands", "sits", "lies"], p=[0.6, 0.25, 0.15])
    front, rear = np.array([long / 2, 0, 0]), np.array([-long / 2, 0, 0])
    if pose == "sits":
        tilt = turn_about(2, rng.uniform(0.6, 1.1))
        front, rear = tilt @ front, tilt @ rear
    parts: Parts = [(limb(rear, front, deep * rng.uniform(0.7, 1.1), deep), 0)]
    rise, neck = rng.uniform(0, 1.4), rng.uniform(0.1, 0.5)
    head = front + [math.cos(rise) * neck, math.sin(rise) * neck + 0.05, rng.normal(0, 0.08)]
    parts.append((limb(front, head, deep * 0.75, deep * 0.5), 0))
    drop = rng.uniform(-0.8, 0.2)
    snout = head + np.array([math.cos(drop), math.sin(drop), rng.normal(0, 0.3)]) * rng.uniform(0.08, 0.3)
    parts.append((limb(head, snout, deep * 0.55, deep * rng.uniform(0.2, 0.4)), 0))
    for side in (-1, 1):
        ear = head + [-0.02, deep * rng.uniform(0.4, 1.2), side * deep * rng.uniform(0.3, 0.7)]
        parts.append((limb(head, ear, deep * 0.25, 0.01), 1))
        for start, sits in ((front, False), (rear, pose == "sits")):
            hip = start + [0, -deep * 0.3, side * deep * rng.uniform(0.5, 0.9)]
            swing = rng.normal(0, 0.2)
            if pose == "lies":
                ways, lengths = [(rng.uniform(-1, 1), -0.3, side * 0.4), (1, -0.1, 0)], [leg * 0.4, leg * 0.6]
            elif sits:
                ways, lengths = [(1, -0.5, side * 0.3), (-0.6, -1, 0), (1, 0, 0)], [leg * 0.5, leg * 0.4, leg * 0.4]
            else:
                drop_to = start[1] - rear[1] if pose == "sits" else 0
                ways, lengths = [(math.sin(swing), -1, 0), (-math.sin(swing) * 1.2, -1, 0)], [leg / 2, leg / 2 + drop_to]
            parts += chain(hip, ways, lengths, [deep * rng.uniform(0.35, 0.6), thin * 1.3, thin, thin])[0]
    if rng.uniform() < 0.8:
        way = (-1, rng.uniform(-1, 1), rng.normal(0, 0.4))
        parts += chain(
            rear, [way, np.add(way, (0, rng.uniform(-1, 1), 0))], rng.uniform(0.05, 0.3, 2), [thin * 1.5, thin, thin * 0.6]
        )[0]
    return parts


def bird(rng: np.random.Generator) -> Parts:
    """A body, a neck, two legs, a tail; ducks and toys too."""
    body, leg, neck = rng.uniform(0.2, 0.4), rng.choice([0.02, rng.uniform(0.1, 0.6)]), rng.uniform(0.05, 0.5)
    tilt = rng.uniform(0, 1.2)
    way = np.array([math.cos(tilt), math.sin(tilt), 0])
    front, rear = way * body / 2, -way * body / 2
    head = front + [rng.uniform(0, 0.1), neck, 0]
    parts: Parts = [
        (limb(rear, front, body * 0.35, body * 0.4), 0),
        (limb(front, head, body * 0.25, body * 0.22), 1),
        (limb(head, head + [rng.uniform(0.08, 0.2), -0.03, 0], 0.05, 0.008), 2),
        (limb(rear, rear - way * rng.uniform(0.1, 0.4), body * 0.25, 0.03), 0),
    ]
    for side in (-1, 1):
        hip = np.array([0, -body * 0.25, side * body * 0.15])
        parts += [(s, 2) for s, _ in chain(hip, [(0, -1, 0), (1, 0, 0)], [leg + body * 0.2, 0.08], [0.03, 0.015, 0.012])[0]]
    return parts

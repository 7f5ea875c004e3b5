"""Objects as lists of at most three parts, standing on z = 0, about one unit large."""
import math

import numpy as np

from . import shapes


def part(centre=(0, 0, 0), half=(0.5, 0.5), height=0.5, corner=0.0, round=0.0, wall=9.0, taper=0.0, shell=0.0,
         cut=(0, 0, 0, 9), turn=None):
    """One primitive: outer half sizes before rounding; `height` is the half height along its own z."""
    row = np.zeros(shapes.COLUMNS)
    row[0:3] = centre
    row[shapes.TURN:shapes.TURN + 9] = (np.eye(3) if turn is None else turn).ravel()
    row[shapes.HALF], row[shapes.HALF + 1] = half[0] - round, half[1] - round
    row[shapes.HEIGHT], row[shapes.CORNER], row[shapes.ROUND] = height - round, max(corner - round, 0), round
    row[shapes.WALL] = wall - round if wall < 9 else 9.0
    row[shapes.TAPER], row[shapes.SHELL] = taper, shell
    row[shapes.CUT:shapes.CUT + 4] = cut
    return row


def ball(r, z, x=0.0, y=0.0, **more):
    return part((x, y, z), (r, r), r, r, r, **more)


def rod(r, h, z=0.0, x=0.0, y=0.0, **more):
    """Upright cylinder of radius r and height h whose foot is at z."""
    return part((x, y, z + h / 2), (r, r), h / 2, r, **more)


def block(w, d, h, z=0.0, x=0.0, y=0.0, **more):
    return part((x, y, z + h / 2), (w / 2, d / 2), h / 2, **more)


def turned(axis, angle):
    c, s = math.cos(angle), math.sin(angle)
    return {"x": np.array([[1, 0, 0], [0, c, s], [0, -s, c]]),
            "y": np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]),
            "z": np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]])}[axis]


LYING = turned("x", math.pi / 2)


def _sphere(u):
    return [ball(0.5, 0.5)]


def _box(u):
    return [block(u(0.5, 1.1), u(0.5, 1.1), u(0.4, 1.1), round=u(0.01, 0.08))]


def _cylinder(u):
    r, h = u(0.25, 0.5), u(0.4, 1.1)
    return [rod(r, h, round=0.02)] if u(0, 1) < 0.7 else [part((0, 0, r), (r, r), h / 2, r, 0.02, turn=LYING)]


def _cone(u):
    r, h = u(0.35, 0.55), u(0.6, 1.2)
    return [rod(r, h, taper=r * u(0.8, 1))]


def _torus(u):
    r = u(0.1, 0.2)
    big = 0.5
    if u(0, 1) < 0.5:
        return [part((0, 0, r), (big, big), r, big, r * 0.999, wall=r)]
    return [part((0, 0, big), (big, big), r, big, r * 0.999, wall=r, turn=LYING)]


def _capsule(u):
    r, h = u(0.2, 0.32), u(0.8, 1.2)
    if u(0, 1) < 0.5:
        return [part((0, 0, h / 2), (r, r), h / 2, r, r)]
    return [part((0, 0, r), (r, r), h / 2, r, r, turn=LYING)]


def _pyramid(u):
    r, h = u(0.4, 0.55), u(0.5, 1.1)
    return [block(2 * r, 2 * r, h, taper=r)]


def _mug(u):
    r, h = u(0.3, 0.4), u(0.6, 0.95)
    body = part((0, 0, h / 2 + 0.02), (r, r), h / 2, r, 0.03, shell=0.035, cut=(0, 0, 1, h / 2 - 0.05))
    handle = part((r + 0.1, 0, h / 2), (0.24, 0.24), 0.06, 0.24, 0.055, wall=0.055, turn=LYING, cut=(-1, 0, 0, 0.1))
    return [body, handle]


def _bowl(u):
    r = u(0.42, 0.55)
    return [ball(r, r * 0.9, shell=0.03, cut=(0, 0, 1, u(-0.1, 0.12))), rod(r * 0.4, 0.08)]


def _arch(u):
    w, h, t = u(0.4, 0.55), u(0.7, 1.0), u(0.09, 0.16)
    if u(0, 1) < 0.5:
        return [part((0, 0, 0), (w, w), u(0.12, 0.25), w, 0.02, wall=t, turn=LYING, cut=(0, -1, 0, 0))]
    return [part((0, 0, 0), (w, h), u(0.12, 0.25), 0.0, 0.02, wall=t, turn=LYING, cut=(0, -1, 0, 0))]


def _cross(u):
    t, h = u(0.09, 0.15), u(0.9, 1.2)
    return [block(2 * t, 2 * t, h), block(u(0.6, 0.9), 2 * t, 2 * t, z=h * 0.58), block(4.5 * t, 4.5 * t, 0.1)]


def _snowman(u):
    return [ball(0.34, 0.32), ball(0.25, 0.75), ball(0.17, 1.08)]


def _tree(u):
    return [rod(0.08, 0.4), rod(0.42, 0.6, 0.28, taper=0.4), rod(0.3, 0.5, 0.65, taper=0.3)]


def _figure(u):
    return [rod(0.3, 0.8, taper=0.2, round=0.02), ball(0.19, 0.95), rod(0.34, 0.06)]


def _bottle(u):
    r, h = u(0.18, 0.26), u(0.55, 0.8)
    return [rod(r, h, round=0.03), rod(r * 0.95, 0.22, h - 0.03, taper=r * 0.6), rod(r * 0.38, 0.25, h + 0.12)]


def _stool(u):
    h = u(0.5, 0.85)
    return [rod(0.45, 0.08, h, round=0.02), rod(0.07, h), rod(0.32, 0.06, round=0.02)]


def _house(u):
    w, d, h = u(0.6, 0.9), u(0.6, 0.9), u(0.4, 0.7)
    top = u(0.3, 0.5)
    return [block(w, d, h), block(w + 0.12, d + 0.12, top, h, taper=min(w, d) / 2 + 0.05)]


def _dumbbell(u):
    return [ball(0.26, 0.26, -0.38), ball(0.26, 0.26, 0.38), part((0, 0, 0.26), (0.08, 0.08), 0.4, 0.08,
                                                                  turn=turned("y", math.pi / 2))]


def _pipe(u):
    r, h = u(0.3, 0.5), u(0.4, 0.9)
    if u(0, 1) < 0.5:
        return [rod(r, h, wall=0.06, round=0.01)]
    return [part((0, 0, r), (r, r), h / 2, r, 0.01, wall=0.06, turn=LYING)]


def _chair(u):
    h = u(0.35, 0.5)
    return [block(0.6, 0.6, 0.09, h, round=0.02), block(0.6, 0.08, 0.65, h, y=0.27, round=0.02),
            block(0.58, 0.58, h, wall=0.04)]


def _tower(u):
    return [block(0.7, 0.7, 0.3, round=0.02), block(0.5, 0.5, 0.3, 0.3, round=0.02), block(0.3, 0.3, 0.4, 0.6, round=0.02)]


def _lamp(u):
    return [rod(0.24, 0.06), rod(0.04, 0.8), rod(0.36, 0.4, 0.68, taper=0.18)]


def _mushroom(u):
    return [rod(0.15, 0.55, round=0.03), ball(0.45, 0.45, cut=(0, 0, -1, 0.0))]


SHAPES = {"sphere": _sphere, "box": _box, "cylinder": _cylinder, "cone": _cone, "torus": _torus, "capsule": _capsule,
          "pyramid": _pyramid, "mug": _mug, "bowl": _bowl, "arch": _arch, "cross": _cross, "snowman": _snowman,
          "tree": _tree, "figure": _figure, "bottle": _bottle, "stool": _stool, "house": _house,
          "dumbbell": _dumbbell, "pipe": _pipe, "chair": _chair, "tower": _tower, "lamp": _lamp,
          "mushroom": _mushroom}


def place(parts, at=(0, 0, 0), yaw=0.0, scale=1.0):
    """Scales, turns about z and moves an object's parts."""
    spin = turned("z", yaw)                                              # world -> object axes
    out = []
    for row in parts:
        row = row.copy()
        turn = row[shapes.TURN:shapes.TURN + 9].reshape(3, 3) @ spin
        row[0:3] = spin.T @ (row[0:3] * scale) + np.asarray(at)
        row[shapes.TURN:shapes.TURN + 9] = turn.ravel()
        row[shapes.HALF:shapes.SHELL + 1] *= scale
        if row[shapes.WALL] > 5:
            row[shapes.WALL] = 9
        row[shapes.CUT + 3] *= scale
        out.append(row)
    return out

"""What can be said of a picture of the emoji world: a closed grammar in D-Fusion's three kinds, and what is held out.

    1   a toy small owl lying        size or number, and a pose; one of the two is always there
    2   a red and striped owl        colour, perhaps a material
    3   the owl above the teapot     two objects and how they stand

A style ("toy") may stand before the words of kinds 1 and 2, a ground ("on a meadow") after any. What is not said is free.
The words of a caption are one id each, as the studio reads them (src/pipelines/painter/painterText.ts).
"""
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parent
NOUNS, CODES = (list(column) for column in zip(*(line.split() for line in (FOLDER / "nouns.txt").read_text().lower().splitlines())))
STYLES = ["toy", "flat", "cartoon", "sticker"]
SIZES = ["small", "huge", "double", "triple"]
POSES = ["standing", "lying", "upside down"]
COLOURS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white"]
MATERIALS = ["striped", "dotted", "glowing", "metallic"]
RELATIONS = {"above": "above", "below": "below", "left": "on the left of", "right": "on the right of", "front": "in front of"}
OPPOSITE = {"above": "below", "below": "above", "left": "right", "right": "left"}
PLACES = {"meadow": "on a meadow", "beach": "on a beach", "desert": "in a desert", "snow": "on snow", "night": "at night",
          "room": "in a room", "sea": "at sea"}
GROUNDS = {**PLACES, **{c: f"on a {c} ground" for c in COLOURS if c not in ("brown", "orange")}}
LENGTH = 16                             # ids: begin, 14 words, end
VOCABULARY = ["<pad>", "<unk>", *sorted({w for part in (
    NOUNS, STYLES, SIZES, COLOURS, MATERIALS, *(p.split() for p in (*POSES, *RELATIONS.values(), *GROUNDS.values(), "a an and the")))
    for w in ([part] if isinstance(part, str) else part)}), "<bos>", "<eos>"]
IDS = {w: i for i, w in enumerate(VOCABULARY)}


@dataclass(frozen=True)
class Scene:
    """What a picture shows, as far as it is said; None is free."""
    kind: int
    noun: str
    other: str | None = None
    relation: str | None = None
    size: str | None = None
    pose: str | None = None
    colour: str | None = None
    material: str | None = None
    style: str | None = None
    ground: str | None = None

    @property
    def nouns(self) -> list[str]:
        return [self.noun] + ([self.other] if self.other else [])


def core(scene: Scene) -> str:
    """The caption without style and ground; of two that say the same the one of `above` and `left`."""
    if scene.kind == 3 and scene.relation in ("below", "right"):
        scene = told_otherwise(scene)
    return caption(replace(scene, style=None, ground=None))


def told_otherwise(scene: Scene) -> Scene:
    """The same from the other object."""
    return replace(scene, noun=scene.other, other=scene.noun, relation=OPPOSITE[scene.relation])


def caption(scene: Scene) -> str:
    if scene.kind == 3:
        words = f"the {scene.noun} {RELATIONS[scene.relation]} the {scene.other}"
    else:
        colour = [scene.colour, "and", scene.material] if scene.material and scene.colour else [scene.colour or scene.material]
        words = " ".join(w for w in (scene.style, scene.size, *colour, scene.noun, scene.pose) if w)
        words = ("an " if words[0] in "aeiou" and not words.startswith(("uni", "ufo")) else "a ") + words
    return words + (" " + GROUNDS[scene.ground] if scene.ground else "")


def _digest(scene: Scene) -> bytes:
    return hashlib.sha256(core(scene).encode()).digest()


def held_out(scene: Scene) -> bool:
    """One combination in ten; its words occur in others."""
    return _digest(scene)[0] % 10 == 0


def half(scene: Scene) -> int:
    """Which of the two scorers learns from it."""
    return _digest(scene)[1] % 2


def encode(text: str) -> list[int]:
    ids = [IDS["<bos>"], *(IDS.get(w, IDS["<unk>"]) for w in text.lower().split())][:LENGTH - 1] + [IDS["<eos>"]]
    return ids + [IDS["<pad>"]] * (LENGTH - len(ids))


def listed(name: str) -> list[str]:
    """The lines of one of the frozen lists."""
    return (FOLDER / f"held-out-{name}.txt").read_text().split("\n")[:-1]


# Objects that no picture token and no reference is ever made of in training, and pairs that are never mixed there.
HELD_OBJECTS = set(listed("objects")) if (FOLDER / "held-out-objects.txt").exists() else set()
HELD_PAIRS = {frozenset(line.split(" + ")) for line in listed("pairs")} if (FOLDER / "held-out-pairs.txt").exists() else set()


def _one(rng: np.random.Generator, values):
    return values[int(rng.integers(len(values)))]


def draw(rng: np.random.Generator, kind: int | None = None, nouns: list[str] | None = None) -> Scene:
    """Any scene, also a held-out one."""
    kind = kind or 1 + int(rng.integers(3))
    nouns = nouns or NOUNS
    noun = _one(rng, nouns)
    ground = _one(rng, list(GROUNDS)) if rng.random() < 0.35 else None
    style = _one(rng, STYLES) if rng.random() < 0.2 else None
    if kind == 1:
        size = _one(rng, SIZES) if rng.random() < 0.45 else None
        pose = _one(rng, POSES) if size is None or rng.random() < 0.4 else None
        return Scene(1, noun, size=size, pose=pose, style=style, ground=ground)
    if kind == 2:
        return Scene(2, noun, colour=_one(rng, COLOURS), material=_one(rng, MATERIALS) if rng.random() < 0.5 else None,
                     style=style, ground=ground)
    other = _one(rng, [n for n in nouns if n != noun])
    return Scene(3, noun, other=other, relation=_one(rng, list(RELATIONS)), ground=ground)


def drawn(rng: np.random.Generator, held: bool = False, part: int | None = None, **more) -> Scene:
    """A scene that training may see, or one that is held out; `part`: of one scorer's half."""
    while True:
        scene = draw(rng, **more)
        if held_out(scene) == held and (part is None or held or half(scene) == part):
            return scene


def parsed(text: str) -> Scene:
    """The scene of a caption of the grammar. @raises ValueError"""
    words, ground = text, None
    for key, phrase in GROUNDS.items():
        if text.endswith(" " + phrase):
            words, ground = text.removesuffix(" " + phrase), key
    if words.startswith("the "):
        for relation, phrase in RELATIONS.items():
            parts = words[4:].split(f" {phrase} the ")
            if len(parts) == 2:
                return Scene(3, parts[0], other=parts[1], relation=relation, ground=ground)
        raise ValueError(text)
    found: dict = {"ground": ground}
    for pose in POSES:
        if words.endswith(" " + pose):
            words, found["pose"] = words.removesuffix(" " + pose), pose
    for word in words.split()[1:]:
        if word in NOUNS:
            found["noun"] = word
            continue
        key = next((k for k, values in (("style", STYLES), ("size", SIZES), ("colour", COLOURS), ("material", MATERIALS)) if word in values), None)
        if key:
            found[key] = word
        elif word != "and":
            raise ValueError(text)
    return Scene(kind=2 if "colour" in found or "material" in found else 1, **found)

"""What Painter-D is shown: a target, and the pictures that it is made from, which differ from it in pose, size, style or ground.

Kinds, drawn per batch: text 30 %, one picture's tokens 30 %, two pictures' tokens side by side whose target shows both 10 %, two pictures'
tokens mixed whose target is a hybrid 10 %, one to three references beside the target 20 %. Objects and pairs that are held out for pictures
(emoji/held-out-*.txt) are in text and in no picture condition.
"""
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from emoji.captions import COLOURS, HELD_OBJECTS, HELD_PAIRS, NOUNS, PLACES, POSES, STYLES, Scene, drawn, held_out
from emoji.compose import CHANCES, World
from emoji.hybrids import hybrid, pair

from .pack import Parts
from .pictures import ids_of, retold, tensor

KINDS = {"text": 0.30, "image": 0.30, "two": 0.10, "hybrid": 0.10, "references": 0.20}
SAME_POSE = 0.7   # how often what is shown has the target's pose: where it always had another, nothing of its shape was learnt in 150,000 pictures
PLAIN = 0.4       # how often a thing is drawn as it is, which is what has to be remembered of it
SHOWN = [n for n in NOUNS if n not in HELD_OBJECTS]


@dataclass
class Batch:
    target: Tensor                       # [B,3,128,128]
    scenes: list[Scene]
    seen: list[Tensor]                   # pictures whose tokens are words, each [B,3,128,128]
    references: list[Tensor]             # pictures beside the target
    shares: Tensor | None = None         # of the second picture in a hybrid [B]


def other_view(rng: np.random.Generator, scene: Scene, noun: str, white: bool = False) -> Scene:
    """One object of a scene, elsewhere and otherwise; its colour and material are its own."""
    ground = "white" if white else str(rng.choice([g for g in (*PLACES, *(c for c in COLOURS if c not in ("brown", "orange"))) if g != scene.ground]))
    style = str(rng.choice(STYLES)) if rng.random() < 0.25 else scene.style
    size = str(rng.choice(["small", "huge"])) if rng.random() < 0.25 else None
    pose = scene.pose if rng.random() < SAME_POSE else str(rng.choice([p for p in POSES if p != scene.pose]))
    return Scene(scene.kind if scene.kind == 2 else 1, noun, size=size, pose=pose, colour=scene.colour, material=scene.material, style=style, ground=ground)


def plain(rng: np.random.Generator, scene: Scene) -> Scene:
    """Now and then its first thing alone: no pose, size or colour of its own."""
    alone = Scene(1, scene.noun, ground=scene.ground)
    return alone if rng.random() < PLAIN and not held_out(alone) else scene


def scene_of(rng: np.random.Generator, kind: str) -> Scene:
    """A scene that training may be shown under this kind of condition."""
    if kind == "text":
        return retold(rng, plain(rng, drawn(rng)))
    while True:
        scene = drawn(rng, kind=3 if kind == "two" else None, nouns=SHOWN)
        scene = scene if kind == "two" else plain(rng, scene)
        if frozenset(scene.nouns) not in HELD_PAIRS:
            # What is shown has a style, so that it can be seen in both.
            return replace(scene, style=scene.style or STYLES[int(rng.choice(4, p=CHANCES))])


def batch(art: World, rng: np.random.Generator, count: int, kind: str | None = None) -> Batch:
    kind = kind or str(rng.choice(list(KINDS), p=list(KINDS.values())))
    if kind == "hybrid":
        return hybrids(art, rng, count)
    scenes = [scene_of(rng, kind) for _ in range(count)]
    target = tensor([art.compose(rng, s)[0] for s in scenes])
    draw = lambda nouns, white: tensor([art.compose(rng, other_view(rng, s, n, white))[0] for s, n in zip(scenes, nouns)])
    first, last = [s.noun for s in scenes], [s.nouns[-1] for s in scenes]
    seen = [] if kind in ("text", "references") else [draw(first, False)] + ([draw(last, False)] if kind == "two" else [])
    if kind == "image":
        # A picture of two things is known by both.
        seen = [tensor([art.compose(rng, replace(s, ground=None))[0] if s.kind == 3 else art.compose(rng, other_view(rng, s, s.noun))[0] for s in scenes])]
    references = []
    if kind == "references":
        # A third shows one of the things once more.
        again = [str(rng.choice(s.nouns)) for s in scenes]
        references = [draw(nouns, True) for nouns in (first, last, again)[:1 + int(rng.integers(3))]]
    return Batch(target, scenes, seen, references)


def hybrids(art: World, rng: np.random.Generator, count: int) -> Batch:
    """Two single things in one style, and what they make together."""
    target, first, last, scenes = [], [], [], []
    for _ in range(count):
        a, b = pair(rng)
        style = STYLES[int(rng.choice(4, p=CHANCES))]
        target.append(hybrid(art, rng, a, b, style))
        for kept, noun in ((first, a), (last, b)):
            kept.append(art.compose(rng, Scene(1, noun, pose="standing", style=style))[0])
        scenes.append(Scene(3, a, other=b, relation="front"))
    return Batch(tensor(target), scenes, [tensor(first), tensor(last)], [], torch.from_numpy(rng.uniform(0.35, 0.6, count)).float())


def mixed(a: Tensor, b: Tensor, share: Tensor) -> Tensor:
    """Of words [B,n,w] by the share of b [B]: per token, spherical where they are short, as the authors do (src/pipelines/mix/slerp.ts)."""
    a, b, t = a.float(), b.float(), share[:, None, None]                 # 0.9995 is 1 in bf16
    dot = (a * b).sum(-1, keepdim=True)
    angle = dot.clamp(-0.9995, 0.9995).acos()
    round_ = (((1 - t) * angle).sin() * a + (t * angle).sin() * b) / angle.sin()
    return torch.where(dot.abs() > 0.9995, (1 - t) * a + t * b, round_)


def jittered(rng: np.random.Generator, tokens: Tensor) -> Tensor:
    """Some of the tokens of each picture, longer or shorter: [B,n,w] -> [B,m,w]"""
    keep = max(1, round(tokens.shape[1] * (1 - rng.uniform(0, 0.75))))
    order = torch.from_numpy(rng.permuted(np.tile(np.arange(tokens.shape[1]), (len(tokens), 1)), axis=1)[:, :keep])
    beta = torch.from_numpy(np.where(rng.random((len(tokens), 1, 1)) < 0.5, 1.0, rng.uniform(0.5, 3.5, (len(tokens), 1, 1)))).float()
    return tokens.gather(1, order[..., None].expand(-1, -1, tokens.shape[2])) * beta


def context_of(model, parts: Parts, rng: np.random.Generator, shown: Batch) -> Tensor:
    """[B,tokens,contextDim]; one in ten, or a batch in ten, is told nothing."""
    captions = [s if rng.random() > 0.1 else "" for s in shown.scenes]
    if not shown.seen or rng.random() < 0.1:
        with torch.no_grad():
            return parts.scorer.words(ids_of(captions if not shown.seen else [""] * len(captions)))[0]
    with torch.no_grad():
        seen = [parts.scorer.tokens(x) for x in shown.seen]
    if shown.shares is not None:
        return mixed(*(model.words(tokens) for tokens in seen), shown.shares)
    return torch.cat([jittered(rng, model.words(tokens)) for tokens in seen], 1)

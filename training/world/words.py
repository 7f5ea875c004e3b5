"""The closed caption grammar. Word 0 pads, word 1 is unknown; everything else is below, about 200 words."""
COLOURS = {"red": (0.75, 0.1, 0.08), "orange": (0.9, 0.42, 0.06), "yellow": (0.9, 0.78, 0.12), "green": (0.15, 0.5, 0.15),
           "lime": (0.55, 0.8, 0.15), "teal": (0.08, 0.5, 0.5), "cyan": (0.2, 0.75, 0.85), "blue": (0.1, 0.22, 0.7),
           "navy": (0.05, 0.08, 0.3), "purple": (0.4, 0.12, 0.6), "violet": (0.55, 0.35, 0.8), "pink": (0.9, 0.5, 0.6),
           "magenta": (0.75, 0.1, 0.5), "brown": (0.36, 0.2, 0.1), "beige": (0.8, 0.7, 0.55), "white": (0.88, 0.88, 0.87),
           "grey": (0.45, 0.45, 0.45), "black": (0.05, 0.05, 0.05), "golden": (0.9, 0.66, 0.25), "silver": (0.8, 0.8, 0.82)}
SYNONYMS = {"sphere": ["sphere", "ball", "globe", "orb"], "box": ["box", "cube", "crate", "block"],
            "cylinder": ["cylinder", "can", "drum", "tube"], "cone": ["cone"], "torus": ["torus", "ring", "donut"],
            "capsule": ["capsule", "pill"], "pyramid": ["pyramid"], "mug": ["mug", "cup"], "bowl": ["bowl", "dish"],
            "arch": ["arch", "gate"], "cross": ["cross", "monument"], "snowman": ["snowman", "toy"],
            "tree": ["tree", "fir"], "figure": ["figure", "person", "pawn", "doll"], "bottle": ["bottle", "vase"],
            "stool": ["stool", "table"], "house": ["house", "hut"], "dumbbell": ["dumbbell", "bone"],
            "pipe": ["pipe", "hoop"], "chair": ["chair", "seat"], "tower": ["tower", "steps"], "lamp": ["lamp"],
            "mushroom": ["mushroom"]}
MATERIALS = {"matte": ["matte", "clay", "paper"], "plastic": ["plastic", "shiny", "glossy"],
             "metal": ["metal", "chrome", "steel"], "glass": ["glass", "clear"],
             "textured": ["patterned", "wooden", "striped", "rough"], "emissive": ["glowing", "bright"]}
GROUNDS = {"checker": ["checker", "chessboard"], "planks": ["planks", "wood"], "tiles": ["tiles", "tiled"],
           "noise": ["concrete", "carpet"], "grass": ["grass", "lawn", "meadow"], "stripes": ["stripes"],
           "marble": ["marble"], "gravel": ["gravel", "stones"], "brick": ["brick", "bricks"],
           "sand": ["sand", "desert", "beach"], "weave": ["cloth", "fabric"], "dots": ["dots"], "plain": ["plain"],
           "image": ["leaves", "abstract"]}
LIGHTS = {"sun": ["sun", "sunlight", "sunny"], "window": ["window"], "lamps": ["lamps", "lights"],
          "overcast": ["overcast", "cloudy"], "coloured": ["coloured", "neon"], "evening": ["evening", "sunset", "dusk"]}
SIDES = ["left", "right", "behind", "front", "above"]
OTHER = ["a", "an", "the", "on", "in", "of", "with", "and", "at", "from", "by", "to", "is", "it", "light", "shadow",
         "shadows", "soft", "hard", "long", "short", "low", "high", "floor", "ground", "wall", "room", "outside",
         "inside", "sky", "day", "night", "morning", "noon", "small", "large", "big", "tall", "flat", "round", "object",
         "thing", "standing", "lying", "reflection", "mirror", "wet", "dark", "warm", "cold", "near", "behind",
         "photo", "picture", "scene", "dog", "cat", "animal", "car", "plant", "flower", "book", "shoe", "statue",
         "fruit", "apple", "street", "road", "snow", "water", "mountain", "garden", "kitchen", "desk", "shelf"]


def _vocabulary():
    words = ["<pad>", "<unk>"]
    groups = [OTHER, SIDES, COLOURS, *SYNONYMS.values(), *MATERIALS.values(), *GROUNDS.values(), *LIGHTS.values()]
    for group in groups:
        words += [w for w in group if w not in words]
    return words


WORDS = _vocabulary()
INDEX = {w: i for i, w in enumerate(WORDS)}


def encode(text, length=16):
    """-> `length` ids; lower-cased, anything but letters separates words, surplus words are dropped."""
    cleaned = "".join(c if c.isalpha() else " " for c in text.lower()).split()
    ids = [INDEX.get(w, 1) for w in cleaned[:length]]
    return ids + [0] * (length - len(ids))


def mirrored(ids):
    """Swaps left and right in an int array of word ids, for flipped pictures."""
    left, right = INDEX["left"], INDEX["right"]
    out = ids.copy()
    out[ids == left], out[ids == right] = right, left
    return out


def caption(rng, shape, colour, material, ground, light, side, soft, wall):
    pick = lambda options: options[rng.integers(len(options))]
    parts = ["a"]
    if rng.random() < 0.7:
        parts.append(colour)
    if rng.random() < 0.6:
        parts.append(pick(MATERIALS[material]))
    parts.append(pick(SYNONYMS[shape]))
    if rng.random() < 0.7:
        parts += ["on", pick(GROUNDS[ground])] + ([pick(["floor", "ground"])] if rng.random() < 0.3 else [])
    if rng.random() < 0.7:
        parts += [pick(LIGHTS[light])] if rng.random() < 0.5 else ["light"]
        parts += ["from", side] if side != "behind" else ["behind"]
    if rng.random() < 0.3:
        parts += ["soft" if soft else "hard", "shadow"]
    if wall and rng.random() < 0.2:
        parts += ["in", "room"]
    return " ".join(parts[:16])

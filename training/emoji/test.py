"""python -m emoji.test: the grammar, the frozen lists, and the composer on art that is drawn here."""
import tempfile
import unittest
from pathlib import Path

import cv2
import numpy as np

from .captions import (HELD_OBJECTS, HELD_PAIRS, IDS, LENGTH, NOUNS, OPPOSITE, STYLES, Scene, caption, draw, drawn, encode, half, held_out,
                       listed, parsed, told_otherwise)
from .compose import World


def plain_art(folder: str) -> Path:
    """Art of discs and bars, a colour per noun: what compose does can be measured on it."""
    levels = {}
    for i, side in enumerate((128, 64)):
        level = np.zeros((len(NOUNS), len(STYLES), side, side, 4), np.uint8)
        disc, bar = np.zeros((side, side), np.uint8), np.zeros((side, side), np.uint8)
        cv2.circle(disc, (side // 2, side // 2), side * 15 // 32, 255, -1)
        cv2.rectangle(bar, (side * 3 // 8, side // 32), (side * 5 // 8, side * 31 // 32), 255, -1)
        for n in range(len(NOUNS)):
            alpha = bar if n % 2 else disc
            colour = np.uint8([60 + n % 3 * 90, 60 + n // 3 % 3 * 90, 60 + n // 9 % 3 * 90])
            level[n, :, ..., :3] = np.where(alpha[..., None], colour, 0)
            level[n, :, ..., 3] = alpha
        levels[f"level{i}"] = level
    path = Path(folder) / "art.npz"
    np.savez_compressed(path, **levels)
    return path


class Captions(unittest.TestCase):
    def test_reading_back(self):
        rng = np.random.default_rng(1)
        for _ in range(2000):
            scene = draw(rng)
            words = caption(scene)
            self.assertEqual(parsed(words), scene, words)
            self.assertNotIn(IDS["<unk>"], encode(words), words)
            self.assertLessEqual(len(words.split()) + 2, LENGTH, words)

    def test_held_out(self):
        rng = np.random.default_rng(2)
        scenes = [draw(rng) for _ in range(4000)]
        share = np.mean([held_out(s) for s in scenes])
        self.assertTrue(0.08 < share < 0.12, share)
        self.assertTrue(0.45 < np.mean([half(s) for s in scenes]) < 0.55)
        for s in scenes:
            if s.relation in OPPOSITE:
                self.assertEqual((held_out(s), half(s)), (held_out(told_otherwise(s)), half(told_otherwise(s))))
        self.assertFalse(any(held_out(drawn(rng)) for _ in range(200)))
        # Every noun is learnt in every kind.
        for kind in (1, 2, 3):
            self.assertEqual(len({s.noun for s in (drawn(rng, kind=kind) for _ in range(4000))}), len(NOUNS))

    def test_lists_are_frozen(self):
        captions = listed("captions")
        self.assertEqual((len(captions), len(set(captions))), (192, 192))
        self.assertTrue(all(held_out(parsed(c)) for c in captions))
        self.assertEqual([parsed(c).kind for c in captions], [1, 2, 3] * 64)
        paired = {n for pair in HELD_PAIRS for n in pair}
        self.assertEqual((len(HELD_OBJECTS), len(HELD_PAIRS), len(paired)), (20, 20, 40))
        self.assertTrue(HELD_OBJECTS | paired <= set(NOUNS))
        self.assertFalse(HELD_OBJECTS & paired)


class Composer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.world = World(plain_art(cls.folder.name))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def many(self, scene, count=12):
        rng = np.random.default_rng(3)
        return [self.world.compose(rng, scene, masks=True) for _ in range(count)]

    def middle(self, seen, number):
        y, x = np.nonzero(seen == number)
        return y.mean(), x.mean()

    def test_relations(self):
        for relation, axis, sign in (("above", 0, -1), ("below", 0, 1), ("left", 1, -1), ("right", 1, 1)):
            for _, seen in self.many(Scene(3, NOUNS[0], other=NOUNS[2], relation=relation)):
                self.assertGreater(sign * (self.middle(seen, 1)[axis] - self.middle(seen, 2)[axis]), 20, relation)
        for _, seen in self.many(Scene(3, NOUNS[0], other=NOUNS[2], relation="front")):
            self.assertGreater((seen == 1).sum(), 0.85 * np.pi * (0.2 * 128) ** 2)
            self.assertGreater((seen == 2).sum(), 600)

    def test_poses_sizes_and_numbers(self):
        extent = lambda seen: [np.ptp(v) + 1 for v in np.nonzero(seen)]
        for _, seen in self.many(Scene(1, NOUNS[1], pose="lying")):
            self.assertLess(2 * extent(seen)[0], extent(seen)[1])
        for _, seen in self.many(Scene(1, NOUNS[1], pose="standing")):
            self.assertGreater(extent(seen)[0], 2 * extent(seen)[1])
        small, free, huge = ([max(extent(seen)) for _, seen in self.many(Scene(1, NOUNS[0], size=size))] for size in ("small", None, "huge"))
        self.assertTrue(max(small) < min(free) and max(free) < min(huge))
        for size, number in (("double", 2), ("triple", 3)):
            for _, seen in self.many(Scene(1, NOUNS[0], size=size)):
                self.assertEqual(cv2.connectedComponents(seen)[0] - 1, number)

    def test_colours(self):
        for colour, channel in (("red", 0), ("green", 1), ("blue", 2)):
            for picture, seen in self.many(Scene(2, NOUNS[0], colour=colour)):
                mean = picture[seen == 1].mean(0)
                self.assertEqual(int(mean.argmax()), channel)
                self.assertGreater(mean[channel] - np.sort(mean)[1], 20)

    def test_patterns_cover_what_is_wider_than_a_picture(self):
        patch = self.world.patch("owl", "toy", 150, 45, False)
        self.assertGreater(max(patch.shape[:2]), 128)
        for material in ("striped", "dotted"):
            painted = self.world.recoloured(np.random.default_rng(1), patch, "owl", "toy", "red", material)
            self.assertEqual(painted.shape, patch.shape)

    def test_the_same_seed_is_the_same_picture(self):
        scene = Scene(2, NOUNS[5], colour="blue", material="glowing", ground="meadow")
        one, two = (self.world.compose(np.random.default_rng(9), scene)[0] for _ in range(2))
        self.assertTrue(np.array_equal(one, two))


if __name__ == "__main__":
    unittest.main()

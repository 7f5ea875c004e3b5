"""A few minutes through everything: the tests of the text-to-image models and their worlds, of preference training, and of what Place's
layers are learnt from.

    python smoke.py
"""
import unittest

from cutout import test as cutout
from emoji import test as emoji
from geometry import test as geometry
from layers import test as layers
from meshes import test as meshes
from painter import test as painter2
from places import test as places
from preferences import test as preferences
from scene import test as scene
from tone import test as tone
from truth import test as truth
from unet import test as painter


def main():
    for module in (painter, emoji, painter2, preferences, meshes, layers, geometry, places, scene, cutout, tone, truth):
        tests = unittest.defaultTestLoader.loadTestsFromModule(module)
        assert unittest.TextTestRunner().run(tests).wasSuccessful()
    print("smoke passed")


if __name__ == "__main__":
    main()

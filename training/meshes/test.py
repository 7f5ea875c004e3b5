"""Reading of models, on one that is written here.

    python -m meshes.test
"""
import io
import tempfile
import unittest
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from . import library, shapes
from .catalogue import Entry, held_out_names
from .invented import KINDS, MATERIALS, invented
from .obj import TEXTURE, Mesh, load
from .split import held_out_models, held_out_panoramas
from .variants import changed, joined, mapped, paired, size_of
from .zbuffer import draw_along

OBJ = """mtllib a b.mtl
v 0 0 0
v 2 0 0
v 2 1 0
v 0 1 -4
vt 0 0
vt 1 0
vt 1 1
usemtl red paint
f 1/1 2/2 3/3
f 1/1 3/2 4/3
f 1/1 2/2 4/3
usemtl glass
f 1 2 4
usemtl wood
f -4/1 -2/2 -1/3
"""
MTL = """newmtl red paint
Kd 1 0 0
newmtl glass
d 0.05
newmtl wood
Kd 0 1 0
map_Kd wood.png
"""
SIZE = (1.0, 0.5, 2.0)


def archive() -> zipfile.ZipFile:
    file = io.BytesIO()
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), (10, 200, 30)).save(picture, "PNG")
    with zipfile.ZipFile(file, "w") as z:
        z.writestr("things/thing.obj", OBJ)
        z.writestr("things/a b.mtl", MTL)
        z.writestr("things/wood.png", picture.getvalue())
        catalogue = "id#1=x\nname#1=Thing\nmodel#1=/things/thing.obj\nwidth#1=100\nheight#1=50\ndepth#1=200\ncreator#1=Me\n"
        z.writestr("PluginFurnitureCatalog.properties", catalogue)
    return zipfile.ZipFile(file)


class MeshTest(unittest.TestCase):
    def test_a_model_is_scaled_centred_and_turned_to_look_along_z(self):
        z = archive()
        entry = Entry("L/thing", "Thing", "", "Me", "L", "things/thing.obj", SIZE, None, 0.0, False)
        mesh = load(z, set(z.namelist()), entry)
        self.assertEqual(len(mesh.points), 4)  # glass is left out
        low, high = mesh.points.min((0, 1)), mesh.points.max((0, 1))
        self.assertTrue(np.allclose(high - low, SIZE) and np.allclose((high + low) / 2, [0, 0.25, 0]))
        self.assertTrue(np.allclose(mesh.points[3, 2], [-0.5, 0.5, 1.0]))  # the corner that lay farthest along -z
        self.assertTrue(np.allclose(mesh.colour[mesh.material[0]], [1, 0, 0]))
        wood = mesh.texture[mesh.material[3]]
        self.assertEqual(mesh.textures[wood].shape, (TEXTURE, TEXTURE, 3))
        self.assertTrue((mesh.textures[wood][0, 0] == [10, 200, 30]).all())
        self.assertTrue(np.allclose(np.linalg.norm(mesh.normals, axis=2), 1, atol=1e-5))

    def test_a_library_gives_back_what_was_read(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for one in ("BlendSwap-CC-0", "BlendSwap-CC-BY", "KatorLegaz", "Reallusion", "Scopia"):
                (folder / f"{one}.sh3f").write_bytes(archive().fp.getvalue())
            kept = library.build(folder / "out", folder)
            self.assertEqual([e.key for e in kept.entries][0], "BlendSwap-CC-0/thing")
            mesh = kept.mesh(3)
            self.assertEqual((mesh.points.shape, mesh.textures.shape), ((4, 3, 3), (1, TEXTURE, TEXTURE, 3)))
            self.assertEqual(kept.entries[3].size, SIZE)

    def test_the_split_is_frozen(self):
        names = held_out_names()
        self.assertEqual(len([n for n in names if "/" in n]), 73)
        self.assertIn("pmndrs_city", names)
        self.assertEqual(held_out_models(["Scopia/keys", "Scopia/table3"]), ["Scopia/keys"])
        self.assertEqual(len(held_out_panoramas([str(i) for i in range(36)])), 8)

    def test_parallel_light_keeps_the_nearest(self):
        z = archive()
        entry = Entry("L/thing", "Thing", "", "Me", "L", "things/thing.obj", SIZE, None, 0.0, False)
        mesh = load(z, set(z.namelist()), entry)
        depth = np.full((40, 40), np.inf, np.float32)
        draw_along(mesh, np.array([[20, 0, 0, 20], [0, 0, 15, 20], [0, -1.0, 0, 1]]), depth)
        seen = np.isfinite(depth)
        self.assertGreater(seen.sum(), 100)
        self.assertTrue((depth[seen] >= 0.5 - 1e-5).all() and (depth[seen] <= 1 + 1e-5).all())


def outward(surface: shapes.Surface, middle) -> float:
    """The share of corners whose normals point away from a point, or all towards it."""
    away = ((surface[0] - np.asarray(middle)) * surface[1]).sum(2) > -1e-6
    return float(max(away.mean(), 1 - away.mean()))


def one_box(size=(1.0, 0.5, 2.0)) -> Mesh:
    return mapped(shapes.mesh_of([(shapes.box(size), 0)], np.full((1, 3), 0.5)), np.eye(3))


class InventedTest(unittest.TestCase):
    def test_surfaces_have_their_measures_and_normals(self):
        ball, block = shapes.cushion((2, 2, 2), (0, -1, 0), 1), shapes.box((1, 2, 3), (0, 1, 0))
        self.assertTrue(np.allclose(np.linalg.norm(ball[0], axis=2), 1, atol=1e-5))
        self.assertGreater(outward(ball, (0, 0, 0)), 0.99)
        self.assertTrue(np.allclose([block[0].min((0, 1)), block[0].max((0, 1))], [[-0.5, 1, -1.5], [0.5, 3, 1.5]]))
        rod = shapes.limb((0, 0, 0), (0, 3, 4), 0.2, 0.1)
        off = np.linalg.norm(np.cross(rod[0], [0, 0.6, 0.8]), axis=2)
        self.assertAlmostEqual(float(off.max()), 0.2, places=4)
        self.assertAlmostEqual(float((rod[0] @ [0, 0.6, 0.8]).max()), 5.1, places=4)
        self.assertTrue(np.allclose(shapes.turn_about(1, 0.3) @ shapes.turn_about(1, -0.3), np.eye(3)))

    def test_every_kind_is_whole_and_stands(self):
        for number, kind in enumerate(KINDS):
            for seed in range(12):
                rng = np.random.default_rng(100 * number + seed)
                mesh = changed(mapped(shapes.mesh_of(kind(rng), rng.uniform(size=(MATERIALS, 3))), np.eye(3)), rng)
                self.assertGreater(len(mesh.points), 3, kind)
                self.assertTrue(np.isfinite(mesh.points).all() and np.isfinite(mesh.normals).all(), kind)
                self.assertAlmostEqual(float(mesh.points[..., 1].min()), 0, places=5)
                self.assertLess(int(mesh.material.max()), MATERIALS)

    def test_a_seed_is_a_model(self):
        one, other, again = (invented(np.random.default_rng(seed)) for seed in (4, 5, 4))
        self.assertTrue(np.array_equal(one.points, again.points))
        self.assertFalse(one.points.shape == other.points.shape and np.allclose(one.points, other.points))

    def test_a_change_keeps_normals_upright_on_their_faces(self):
        for seed in range(8):
            mesh = changed(one_box(), np.random.default_rng(seed), lying=0.5)
            flat = np.cross(mesh.points[:, 1] - mesh.points[:, 0], mesh.points[:, 2] - mesh.points[:, 0])
            flat /= np.linalg.norm(flat, axis=1, keepdims=True)
            self.assertTrue(np.allclose(np.abs((flat[:, None] * mesh.normals).sum(2)), 1, atol=1e-4))

    def test_two_are_joined_with_what_is_painted_on_each(self):
        textured = one_box()
        textured.texture, textured.textures = np.zeros(1, np.int32), np.zeros((1, TEXTURE, TEXTURE, 3), np.uint8)
        both = joined(textured, textured, np.array([3.0, 0, 0]))
        self.assertEqual((both.material.min(), both.material.max(), list(both.texture)), (0, 1, [0, 1]))
        self.assertTrue(np.allclose(size_of(both), [4, 0.5, 2]))

    def test_what_is_put_on_a_thing_lies_on_it(self):
        on = beside = 0
        for seed in range(20):
            rng = np.random.default_rng(seed)
            pair = paired(one_box((1, 0.5, 1)), one_box((1, 1, 1)), rng)
            second = pair.points[12:, :, 1].min() - pair.points[:12, :, 1].max()
            on, beside = on + (abs(second) < 1e-5), beside + (abs(pair.points[12:, :, 1].min()) < 1e-5)
        self.assertEqual(on + beside, 20)
        self.assertGreater(min(on, beside), 3)


if __name__ == "__main__":
    unittest.main()

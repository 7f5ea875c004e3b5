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

from . import library
from .catalogue import Entry, held_out_names
from .obj import TEXTURE, load
from .split import held_out_models, held_out_panoramas
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


if __name__ == "__main__":
    unittest.main()

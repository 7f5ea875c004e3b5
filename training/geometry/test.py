"""Geometry on a box that needs no furniture.

    python -m geometry.test
"""
import math
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from layers import reference
from layers.test import box_quads
from meshes.obj import Mesh
from meshes.zbuffer import draw, empty
from packs import read_pack

from .average import averaged
from .data import Shards, plain, targets, varied
from .evaluate import CANVAS, CORNER, Case, overlap, shadow_of
from .export import export
from .model import GeometryNet, inputs, read
from .muon import orthogonal
from .render import draw_mesh, write
from .samples import SIDE, Sample, draw_sample, maps
from .shadow import shadow, triangles
from .train import Run, loss_of
from .view import BOX, Camera

SIZE = (0.6, 0.8, 0.5)


def box_mesh() -> Mesh:
    points = triangles(box_quads(np.array([-0.3, 0, -0.25]), np.array([0.3, 0.8, 0.25]))).astype(np.float32)
    flat = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    normals = np.repeat((flat / np.linalg.norm(flat, axis=1, keepdims=True))[:, None], 3, 1).astype(np.float32)
    n = len(points)
    return Mesh(points, normals, np.zeros((n, 3, 2), np.float32), np.zeros(n, np.int32), np.full((1, 3), 0.5, np.float32),
                np.full(1, -1, np.int32), np.zeros((0, 128, 128, 3), np.uint8))


def some_samples(count: int, whole: bool = False) -> list[Sample]:
    rng = np.random.default_rng(3)
    return [draw_sample(box_mesh(), SIZE, rng, whole) for _ in range(count)]


class DrawingTest(unittest.TestCase):
    def test_depths_are_those_of_rays(self):
        camera = Camera(70.0, 32.0, 30.0, 0.3, 1.2)
        view = camera.view(0.0, (0.1, 0.0, 3.0))
        buffers = empty(64, 64)
        draw(box_mesh(), view, camera.focal, (camera.cx, camera.cy), buffers)
        v, u = np.mgrid[0:64, 0:64] + 0.5
        rays = np.stack([(u - camera.cx) / camera.focal, (v - camera.cy) / camera.focal, np.ones((64, 64))], -1) @ camera.turn()
        low, high = np.array([-0.2, 0, 2.75]), np.array([0.4, 0.8, 3.25])
        first, second = ((side - [0, camera.height, 0]) / rays for side in (low, high))
        near, far = np.minimum(first, second).max(-1), np.maximum(first, second).min(-1)
        hit = near < far
        self.assertLess((hit != buffers.mask).sum(), 8)
        both = hit & buffers.mask
        self.assertGreater(both.sum(), 100)
        self.assertTrue(np.allclose(buffers.front[both], near[both], atol=1e-3))
        self.assertTrue(np.allclose(buffers.back[both], far[both], atol=1e-3))

    def test_a_foot_is_where_the_vertical_meets_the_ground(self):
        camera = Camera(300.0, 100.0, 90.0, 0.2, 1.5)
        world = np.array([[0.3, 0.7, 4.0], [-0.5, 0.2, 3.0]])
        to_rows = lambda p: (lambda q: (camera.cy + camera.focal * q[:, 1] / q[:, 2], q[:, 2]))((p - [0, 1.5, 0]) @ camera.turn().T)
        rows, depth = to_rows(world)
        self.assertTrue(np.allclose(camera.foot_rows(rows, depth), to_rows(world * [1, 0, 1])[0]))
        self.assertTrue(np.allclose(camera.height_at(rows, depth), world[:, 1]))

    def test_samples_are_consistent(self):
        touching = 0
        for sample in some_samples(6):
            view = sample.view
            self.assertTrue(np.allclose(view.matrix() @ [*view.eye(), 1], 0, atol=1e-9))
            inside = sample.mask
            self.assertTrue((sample.feet[0][inside] >= sample.feet[1][inside] - 1e-2).all())
            rows = np.arange(SIDE)[:, None] + 0.5 + np.zeros((1, SIDE))
            self.assertTrue((sample.feet[0] - rows)[inside].min() > -0.5)
            self.assertAlmostEqual(max(view.box[2] - view.box[0], view.box[3] - view.box[1]), BOX * SIDE, places=3)
            kept = maps(sample, SIZE)
            touching += kept["contact"].max() > 100
            self.assertTrue(all(np.isfinite(np.asarray(x, np.float64)).all() for x in kept.values()))
            self.assertLess((kept["normals"][..., 2] > 20).mean(), 0.02)  # towards the camera
        self.assertGreaterEqual(touching, 4)  # the border cuts the feet of some


class ShadowTest(unittest.TestCase):
    def test_the_fast_shadow_is_the_reference(self):
        camera = reference.Camera(60.0, 40.0, 30.0, 0.25)
        quads = box_quads(np.array([-0.3, 0, 2.0]), np.array([0.2, 0.5, 2.4]))
        directions = reference.disc(reference.direction(0.7, 0.6), 0.2, 8)
        slow = reference.shadow(quads, camera, directions, (60, 80))
        fast = shadow(triangles(quads), camera, directions, (60, 80))
        self.assertGreater(slow.sum(), 20)
        self.assertLess(np.abs(slow - fast).sum(), 0.02 * slow.sum())

    def test_exact_maps_shade_as_the_mesh(self):
        overlaps = []
        rng = np.random.default_rng(1)
        for sample in some_samples(6, whole=True):
            view = sample.view
            camera = reference.Camera(view.camera.focal, view.camera.cx + CORNER[1], view.camera.cy + CORNER[0], view.camera.pitch)
            s, c = math.sin(view.yaw), math.cos(view.yaw)
            world = (box_mesh().points @ np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]).T + view.at) / view.camera.height
            directions = reference.disc(reference.direction(rng.uniform(0, 6), 0.8), 0.1, 8)
            ground = np.ones(CANVAS, bool)
            ground[CORNER[0]:CORNER[0] + SIDE, CORNER[1]:CORNER[1] + SIDE] = ~sample.mask
            batch = {name: torch.from_numpy(np.asarray(x))[None] for name, x in maps(sample, SIZE).items()}
            case = Case("box", sample, batch, camera, directions, shadow(world, camera, directions, CANVAS), ground)
            wanted, cover = targets(batch)
            dark = shadow_of(case, wanted.front[0].numpy(), wanted.gap[0].numpy(), cover[0].numpy() > 0)
            overlaps.append(overlap(case, dark)[0])
        self.assertGreater(np.mean(overlaps), 0.85)


class Boxes:
    """In place of a library: only number 3 may be drawn."""

    def mesh(self, i: int) -> Mesh:
        assert i == 3, "a model that was kept out is drawn"
        return box_mesh()


class DiversityTest(unittest.TestCase):
    def test_what_is_learnt_from_is_of_the_chosen_models_only(self):
        rng, numbers = np.random.default_rng(2), []
        for _ in range(60):
            mesh, number = draw_mesh(Boxes(), [3], np.ones(1), rng)
            numbers.append(number)
            self.assertAlmostEqual(float(mesh.points[..., 1].min()), 0, places=5)
        self.assertEqual(set(numbers), {3, -1})


class LearningTest(unittest.TestCase):
    def test_learns_resumes_and_speaks_in_units(self):
        torch.manual_seed(0)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder / "000001-0000.npz", [maps(sample, SIZE) for sample in some_samples(6)])
            shards, rng = Shards(folder), np.random.default_rng(0)
            self.assertEqual(shards.refresh(), 6)
            batch = shards.all(6)
            run = Run(folder, 2e-3, resume=False)
            with torch.no_grad():
                before = float(loss_of(read(*run.model(plain(batch))), *targets(batch)))
            for _ in range(12):
                run.learn(shards, rng, 6, 2e-3)
            with torch.no_grad():
                after = float(loss_of(read(*run.model(plain(batch))), *targets(batch)))
            self.assertLess(after, 0.8 * before)
            run.save()
            again = Run(folder, 2e-3, resume=True)
            self.assertEqual(again.step, 12)
            for a, b in zip(run.model.parameters(), again.model.parameters()):
                self.assertTrue(torch.equal(a, b))
            said = read(*again.average(plain(batch)))
            self.assertEqual(said.front.shape, (6, 64, 64))
            self.assertTrue((said.gap >= 0).all())
            x, wanted, cover = varied(batch)
            self.assertEqual((x.shape, cover.shape), ((6, 6, 128, 128), (6, 64, 64)))
            self.assertTrue(torch.isfinite(x).all())

    def test_an_average_lies_between_and_goes_on(self):
        with tempfile.TemporaryDirectory() as name:
            folders = [Path(name) / part for part in ("one", "two", "both")]
            states = []
            for folder in folders[:2]:
                folder.mkdir()
                run = Run(folder, 1e-3, resume=False)
                run.samples, run.cpu = 10, 5.0
                run.save()
                states.append(torch.load(folder / "state.pt", weights_only=True))
            folders[2].mkdir()
            torch.save(averaged(states), folders[2] / "state.pt")
            again = Run(folders[2], 1e-3, resume=True)
            self.assertEqual((again.samples, again.cpu), (20, 10))
            one, two = (state["model"]["stem.weight"] for state in states)
            self.assertTrue(torch.allclose(again.model.stem.weight, (one + two) / 2))
            begun = Run(folders[0], 1e-3, resume=False, weights=folders[2] / "state.pt")
            self.assertTrue(torch.equal(begun.average.stem.weight, again.average.stem.weight))

    def test_a_pack_says_what_the_network_said(self):
        torch.manual_seed(1)
        model = GeometryNet().eval()
        batch = {name: torch.from_numpy(np.asarray(x))[None] for name, x in maps(some_samples(1)[0], SIZE).items()}
        with tempfile.TemporaryDirectory() as name:
            cases = Path(name) / "cases" / "cases.safetensors"
            self.assertLess(export(model, Path(name), cases, {}, batch), 0.02)
            _, tensors = read_pack(name)
            again = GeometryNet().eval()
            again.load_state_dict(tensors)
            case = load_file(cases)
            with torch.no_grad():
                said = again(inputs(case["picture"].permute(0, 3, 1, 2) / 255, case["alpha"] / 255, case["bottom"]))
        self.assertTrue(torch.equal(said[0], case["maps"]) and torch.equal(said[1], case["camera"]))

    def test_muon_steps_are_orthogonal(self):
        for shape in ((24, 90), (90, 24)):
            values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
            self.assertTrue((values > 0.5).all() and (values < 1.4).all())


if __name__ == "__main__":
    torch.set_num_threads(1)
    unittest.main()

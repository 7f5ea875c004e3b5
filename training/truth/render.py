"""Renders planned scenes with Cycles. Runs inside Blender, on one thread:

    blender -b --python truth/render.py -- FOLDER [--samples 160] [--only NAME ...]

Per scene, f32 [rows, columns, 4], linear, premultiplied: `lit.npy`, the model on a grey ground of the plan's albedo under the panorama's
light (alpha 0 where the sky would be); `alone.npy`, the model without ground, for its alpha; `fore.npy`, the model under another
light, standing on a ground that only its light sees. What is done already is left.
"""
import argparse
import json
import math
import sys
import tempfile
import zipfile
from pathlib import Path

import bpy
import numpy as np
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Matrix, Vector

MODELS = Path("/usr/share/sweethome3d/furniture")
REACH = 60  # metres: half the edge of the ground
FORE_GROUND = (0.35, 0.35, 0.35)


def cleared(samples: int) -> bpy.types.Scene:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.adaptive_threshold = 0.02
    scene.cycles.adaptive_min_samples = 32
    scene.cycles.use_denoising = False  # Debian's Blender has no denoiser
    scene.cycles.max_bounces = 4
    scene.cycles.transparent_max_bounces = 16
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.cycles.sample_clamp_indirect = 10
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.film_transparent = True
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_mode, scene.render.image_settings.color_depth = "RGBA", "32"
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True
    # Left to itself Cycles spends most of its time on a far finer map than the panoramas are.
    scene.world.cycles.sampling_method, scene.world.cycles.sample_map_resolution = "MANUAL", 1024
    return scene


def light(scene: bpy.types.Scene, radiance: np.ndarray, name: str) -> None:
    """Lets a panorama whose column at a quarter lies towards +y shine."""
    rows, columns, _ = radiance.shape
    image = bpy.data.images.new(name, columns, rows, alpha=False, float_buffer=True)
    image.colorspace_settings.name = "Linear"
    image.pixels.foreach_set(np.concatenate([radiance[::-1], np.ones((rows, columns, 1), np.float32)], -1).ravel())
    image.pack()
    nodes, links = scene.world.node_tree.nodes, scene.world.node_tree.links
    texture = nodes.new("ShaderNodeTexEnvironment")
    texture.image = image
    links.new(texture.outputs["Color"], nodes["Background"].inputs["Color"])


def model(plan: dict, folder: Path) -> list[bpy.types.Object]:
    """The model, scaled to its size, turned and put on its spot. Blender: x right, y away from the camera, z up."""
    path = plan["file"]
    with zipfile.ZipFile(MODELS / f"{plan['archive']}.sh3f") as archive:
        beside = path.rsplit("/", 1)[0]
        archive.extractall(folder, [n for n in archive.namelist() if n.startswith(beside) and not n.endswith("/")])
    bpy.ops.wm.obj_import(filepath=str(folder / path), forward_axis="Y", up_axis="Z")
    parts = [one for one in bpy.context.selected_objects if one.type == "MESH"]
    turn = Matrix(np.array(plan["rotation"]).reshape(3, 3).tolist()) if plan["rotation"] else Matrix.Identity(3)
    points = np.concatenate([corners(one) for one in parts]) @ np.array(turn).T
    low, high = points.min(0), points.max(0)
    scale = np.array(plan["size"]) / np.maximum(high - low, 1e-6)
    shift = -np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    # The file looks along -z with y up; the world's frame has z away from the viewer.
    axes = Matrix(((1, 0, 0), (0, 0, -1), (0, 1, 0)))
    x, _, z = plan["at"]
    spin = Matrix.Rotation(-plan["yaw"], 4, "Z")
    whole = Matrix.Translation(Vector((x, z, 0))) @ spin @ axes.to_4x4() @ Matrix.Diagonal((*scale, 1)) \
        @ Matrix.Translation(Vector(shift)) @ turn.to_4x4()
    for one in parts:
        one.matrix_world = whole @ one.matrix_world
    return parts


def corners(one: bpy.types.Object) -> np.ndarray:
    points = np.empty(len(one.data.vertices) * 3, np.float32)
    one.data.vertices.foreach_get("co", points)
    used = np.empty(len(one.data.loops), np.int32)
    one.data.loops.foreach_get("vertex_index", used)
    return points.reshape(-1, 3)[np.unique(used)]


def ground(colour: list[float]) -> bpy.types.Object:
    bpy.ops.mesh.primitive_plane_add(size=2 * REACH)
    plane = bpy.context.object
    material = bpy.data.materials.new("ground")
    material.use_nodes = True
    nodes, links = material.node_tree.nodes, material.node_tree.links
    matte = nodes.new("ShaderNodeBsdfDiffuse")
    matte.inputs["Color"].default_value = (*colour, 1)
    links.new(matte.outputs[0], nodes["Material Output"].inputs["Surface"])
    plane.data.materials.append(material)
    return plane


def look(scene: bpy.types.Scene, plan: dict, raised: float = 0.0) -> None:
    """The plan's camera; raised: turned about the object's middle, degrees up."""
    camera = bpy.data.cameras.new("camera")
    camera.angle, camera.clip_end = math.radians(plan["fov"]), 500
    one = bpy.data.objects.new("camera", camera)
    scene.collection.objects.link(one)
    x, _, z = plan["at"]
    middle = Matrix.Translation(Vector((x, z, plan["size"][1] / 2)))
    side = Matrix.Rotation(math.atan2(-x, z), 4, "Z")
    swing = middle @ side @ Matrix.Rotation(-math.radians(raised), 4, "X") @ side.inverted() @ middle.inverted()
    one.matrix_world = swing @ Matrix.Translation(Vector((0, 0, plan["height"]))) \
        @ Matrix.Rotation(math.radians(90 - plan["pitch"]), 4, "X")
    scene.camera = one
    scene.render.resolution_x, scene.render.resolution_y = plan["picture"]["width"], plan["picture"]["height"]


def window(scene: bpy.types.Scene, parts: list[bpy.types.Object]) -> None:
    """Renders no more than the rectangle around the parts; the rest of the picture stays empty."""
    seen = np.array([world_to_camera_view(scene, scene.camera, one.matrix_world @ Vector(c)) for one in parts for c in one.bound_box])
    low, high = seen.min(0) - 0.01, seen.max(0) + 0.01
    border = scene.render
    border.use_border = True
    border.border_min_x, border.border_max_x = max(low[0], 0), min(high[0], 1)
    border.border_min_y, border.border_max_y = max(low[1], 0), min(high[1], 1)


def rendered(scene: bpy.types.Scene) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = f"{folder}/picture.exr"
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        width, height = image.size
        pixels = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(pixels)
        bpy.data.images.remove(image)
    return pixels.reshape(height, width, 4)[::-1]


def render(folder: Path, samples: int) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    with tempfile.TemporaryDirectory() as unpacked:
        scene = cleared(samples)
        light(scene, np.load(folder / "world.npy"), "world")
        model(plan, Path(unpacked))
        plane = ground(plan["albedo"])
        look(scene, plan)
        np.save(folder / "lit.npy", rendered(scene))
        plane.hide_render = True
        scene.cycles.samples, scene.cycles.max_bounces = 16, 0
        np.save(folder / "alone.npy", rendered(scene))

        scene = cleared(samples)
        light(scene, np.load(folder / "fore-world.npy"), "fore-world")
        parts = model(plan, Path(unpacked))
        ground(FORE_GROUND).visible_camera = False
        look(scene, plan, plan["raise"])
        window(scene, parts)
        np.save(folder / "fore.npy", rendered(scene))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--samples", type=int, default=160)
    parser.add_argument("--only", nargs="*")
    arguments = parser.parse_args(sys.argv[sys.argv.index("--") + 1:])
    for folder in sorted(path.parent for path in arguments.folder.glob("*/plan.json")):
        if (folder / "fore.npy").exists() or (arguments.only and folder.name not in arguments.only):
            continue
        render(folder, arguments.samples)
        print("rendered", folder.name, flush=True)


main()

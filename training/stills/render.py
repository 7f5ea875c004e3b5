"""Renders the cut-outs of the sample scenes with Cycles. Runs inside Blender, on one thread:

    blender -b -t 1 --python stills/render.py -- OUT [SCENE ...]

samples.json says what stands where before which camera. Each model is alone under soft light from everywhere, brighter from the
front: OUT/SCENE-NAME.npy, f32 [rows, columns, 4], linear, premultiplied. What is there already is left.
"""
import json
import math
import sys
import tempfile
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import bpy  # noqa: E402
import numpy as np  # noqa: E402
from bpy_extras.object_utils import world_to_camera_view  # noqa: E402
from mathutils import Matrix, Vector  # noqa: E402

from meshes.catalogue import FOLDER, entries  # noqa: E402

ENTRIES = {entry.key: entry for entry in entries()}
SAMPLES = 8  # few: make_samples.py takes the noise out


def cleared() -> bpy.types.Scene:
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples, scene.cycles.max_bounces = SAMPLES, 2
    scene.cycles.use_denoising = scene.cycles.use_adaptive_sampling = False  # Debian's Blender has no denoiser
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.render.threads_mode, scene.render.threads = "FIXED", 1
    scene.render.film_transparent = True
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_mode, scene.render.image_settings.color_depth = "RGBA", "32"
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value, background.inputs["Strength"].default_value = (1, 1, 1, 1), 0.75
    lamp = bpy.data.lights.new("sun", "SUN")
    lamp.energy, lamp.angle = 1.6, math.radians(40)
    sun = bpy.data.objects.new("sun", lamp)
    sun.rotation_euler = Vector((-0.27, -0.58, 0.77)).to_track_quat("Z", "Y").to_euler()
    scene.collection.objects.link(sun)
    return scene


def look(scene: bpy.types.Scene, camera: dict, scale: float) -> None:
    """A camera at its height over the origin, looking along +y and down; fov over the longer side."""
    lens = bpy.data.cameras.new("camera")
    lens.angle = math.radians(camera["fov"])
    one = bpy.data.objects.new("camera", lens)
    one.location, one.rotation_euler = (0, 0, camera["height"]), (math.radians(90 - camera["pitch"]), 0, 0)
    scene.collection.objects.link(one)
    scene.camera = one
    scene.render.resolution_x, scene.render.resolution_y = round(1600 * scale), round(1200 * scale)


def furniture(key: str, at: list[float], yaw: float) -> list[bpy.types.Object]:
    """A model with its feet at `at`, its front towards -y when yaw is 0; yaw: degrees counter-clockwise seen from above."""
    entry = ENTRIES[key]
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(FOLDER / f"{entry.library}.sh3f") as archive:
        beside = entry.model.rsplit("/", 1)[0]
        archive.extractall(folder, [n for n in archive.namelist() if n.startswith(beside) and not n.endswith("/")])
        bpy.ops.wm.obj_import(filepath=f"{folder}/{entry.model}", forward_axis="Y", up_axis="Z")
        for image in bpy.data.images:
            if image.source == "FILE" and not image.packed_file:
                image.pack()  # The folder goes away before the picture is rendered.
    parts = [one for one in bpy.context.selected_objects if one.type == "MESH"]
    turn = Matrix(np.array(entry.rotation).reshape(3, 3).tolist()) if entry.rotation else Matrix.Identity(3)
    points = np.concatenate([corners(one) for one in parts]) @ np.array(turn).T
    low, high = points.min(0), points.max(0)
    size = np.array(entry.size) / np.maximum(high - low, 1e-6)
    shift = -np.array([(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2])
    # The files look along +z with y up.
    axes = Matrix(((1, 0, 0), (0, 0, -1), (0, 1, 0)))
    whole = Matrix.Translation(Vector(at)) @ Matrix.Rotation(math.radians(yaw), 4, "Z") @ axes.to_4x4() \
        @ Matrix.Diagonal((*size, 1)) @ Matrix.Translation(Vector(shift)) @ turn.to_4x4()
    for one in parts:
        one.data.validate()
        one.matrix_world = whole @ one.matrix_world
    return parts


def corners(one: bpy.types.Object) -> np.ndarray:
    points = np.empty(len(one.data.vertices) * 3, np.float32)
    one.data.vertices.foreach_get("co", points)
    used = np.empty(len(one.data.loops), np.int32)
    one.data.loops.foreach_get("vertex_index", used)
    return points.reshape(-1, 3)[np.unique(used)]


def window(scene: bpy.types.Scene, parts: list[bpy.types.Object]) -> None:
    """Renders no more than the rectangle around the parts."""
    bpy.context.view_layer.update()
    seen = np.array([world_to_camera_view(scene, scene.camera, one.matrix_world @ Vector(c)) for one in parts for c in one.bound_box])
    low, high = np.clip(seen.min(0) - 0.005, 0, 1), np.clip(seen.max(0) + 0.005, 0, 1)
    edge = scene.render
    edge.use_border = edge.use_crop_to_border = True
    edge.border_min_x, edge.border_max_x, edge.border_min_y, edge.border_max_y = low[0], high[0], low[1], high[1]


def render(still: dict, one: dict) -> np.ndarray:
    scene = cleared()
    parts = furniture(one["model"], one["at"], one["yaw"])
    look(scene, still["camera"], one["scale"])
    window(scene, parts)
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = f"{folder}/picture.exr"
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        width, height = image.size
        pixels = np.empty(width * height * 4, np.float32)
        image.pixels.foreach_get(pixels)
    return pixels.reshape(height, width, 4)[::-1]


def main() -> None:
    out, *asked = sys.argv[sys.argv.index("--") + 1:]
    Path(out).mkdir(parents=True, exist_ok=True)
    for still in json.loads(Path(__file__).with_name("samples.json").read_text()):
        for one in still["foregrounds"]:
            file = Path(out) / f"{still['id']}-{one['cutout']}.npy"
            if file.exists() or (asked and still["id"] not in asked):
                continue
            np.save(file, render(still, one))
            print("rendered", file.stem, flush=True)


main()

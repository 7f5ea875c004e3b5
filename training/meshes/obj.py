"""Wavefront OBJ and MTL out of a zip archive, as arrays per triangle corner."""
import io
import posixpath
import zipfile
from dataclasses import dataclass

import numpy as np
from PIL import Image

from .catalogue import Entry

TEXTURE = 128  # edge of a texture, after reduction
INVISIBLE = 0.12  # opacity below which a material is left out


@dataclass
class Mesh:
    """Triangles of one model. x right, y up from the floor, z away from who looks along +z; metres; centred in plan.

    Normals are those of the file, or of the face where it has none; they may point either way.
    """
    points: np.ndarray  # f32 [triangles, 3, 3]
    normals: np.ndarray  # f32 [triangles, 3, 3], unit
    uv: np.ndarray  # f32 [triangles, 3, 2]
    material: np.ndarray  # i32 [triangles]
    colour: np.ndarray  # f32 [materials, 3], encoded sRGB
    texture: np.ndarray  # i32 [materials], -1: none
    textures: np.ndarray  # u8 [textures, TEXTURE, TEXTURE, 3], encoded sRGB


@dataclass
class Material:
    colour: tuple[float, float, float] = (0.7, 0.7, 0.7)
    opacity: float = 1.0
    image: str | None = None


def load(archive: zipfile.ZipFile, names: set[str], entry: Entry) -> Mesh:
    """The model of an entry, scaled to the catalogue's size. names: archive.namelist(), as a set."""
    vertices, coordinates, normals, faces, face_material, used, materials = _parse(archive, names, entry.model)
    if entry.rotation:
        turn = np.array(entry.rotation, np.float32).reshape(3, 3)
        vertices, normals = vertices @ turn.T, normals @ turn.T
    seen = vertices[np.unique(faces[:, :, 0])]
    low, high = seen.min(0), seen.max(0)
    scale = np.array(entry.size, np.float32) / np.maximum(high - low, 1e-6)
    scale[2] = -scale[2]  # the file looks along -z, the world along +z
    vertices = (vertices - [(low[0] + high[0]) / 2, low[1], (low[2] + high[2]) / 2]) * scale
    normals = normals / scale

    points = vertices[faces[:, :, 0]].astype(np.float32)
    flat = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    area = np.linalg.norm(flat, axis=1)
    corner = np.where(faces[:, :, 2:3] >= 0, normals[faces[:, :, 2]], flat[:, None])
    corner /= np.maximum(np.linalg.norm(corner, axis=2, keepdims=True), 1e-12)
    uv = np.where(faces[:, :, 1:2] >= 0, coordinates[faces[:, :, 1]], 0)
    chosen = [materials.get(name, Material()) for name in used]
    keep = (area > 1e-12) & (np.array([m.opacity for m in chosen])[face_material] > INVISIBLE)
    images = [m.image for m in chosen]
    textures, index = _textures(archive, images)
    return Mesh(points[keep], corner[keep].astype(np.float32), np.nan_to_num(uv[keep]).astype(np.float32),
                face_material[keep].astype(np.int32), np.array([m.colour for m in chosen], np.float32).clip(0, 1),
                index, textures)


def _parse(archive, names, path):
    vertices, coordinates, normals, faces, face_material = [], [], [], [], []
    used, current, materials = [""], 0, {}
    text = archive.read(path).decode("latin1").replace("\\\r\n", " ").replace("\\\n", " ")
    for line in text.split("\n"):
        if line.startswith("v "):
            vertices.append(line.split()[1:4])
        elif line.startswith("vt"):
            coordinates.append(line.split()[1:3])
        elif line.startswith("vn"):
            normals.append(line.split()[1:4])
        elif line.startswith("f "):
            counts = len(vertices), len(coordinates), len(normals)
            corners = [_corner(word, counts) for word in line.split()[1:]]
            for i in range(1, len(corners) - 1):
                faces.append(corners[0] + corners[i] + corners[i + 1])
                face_material.append(current)
        elif line.startswith("usemtl"):
            name = line[6:].strip()
            if name not in used:
                used.append(name)
            current = used.index(name)
        elif line.startswith("mtllib"):
            materials.update(_materials(archive, names, _beside(path, line[6:].strip())))
    array = lambda rows, width: np.array(rows, np.float32) if rows else np.zeros((1, width), np.float32)
    return (array(vertices, 3), array(coordinates, 2), array(normals, 3),
            np.array(faces, np.int32).reshape(-1, 3, 3), np.array(face_material, np.int32), used, materials)


def _corner(word: str, counts: tuple[int, int, int]) -> tuple[int, ...]:
    """A face's corner: indices of vertex, coordinate, normal from 0; -1 where it has none."""
    parts = (word.split("/") + ["", ""])[:3]
    index = [int(part) if part else 0 for part in parts]
    return tuple(i - 1 if i > 0 else (count + i if i < 0 else -1) for i, count in zip(index, counts))


def _beside(path: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), name.replace("\\", "/")))


def _materials(archive, names, path) -> dict[str, Material]:
    found: dict[str, Material] = {}
    if path not in names:
        return found
    current = None
    for line in archive.read(path).decode("latin1").splitlines():
        key, _, rest = line.strip().partition(" ")
        words = rest.split()
        if key == "newmtl":
            current = found[rest.strip()] = Material()
        elif current is None or not words:
            continue
        elif key == "Kd":
            current.colour = tuple(float(x) for x in words[:3])
        elif key == "d":
            current.opacity = float(words[-1])
        elif key == "map_Kd" and _beside(path, words[-1]) in names:
            current.image = _beside(path, words[-1])
    return found


def _textures(archive, images) -> tuple[np.ndarray, np.ndarray]:
    pictures, index = [], []
    for name in images:
        index.append(len(pictures) if name else -1)
        if name:
            picture = Image.open(io.BytesIO(archive.read(name))).convert("RGB")
            pictures.append(np.array(picture.resize((TEXTURE, TEXTURE), Image.BOX)))
    return (np.array(pictures, np.uint8).reshape(-1, TEXTURE, TEXTURE, 3), np.array(index, np.int32))

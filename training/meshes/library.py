"""All models in a few memory-mapped arrays, so that many processes share one copy.

    python -m meshes.library --out data/meshes

Models above LARGEST bytes of OBJ text are left out: they are slow to draw and no better to learn from.
"""
import argparse
import json
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from . import obj
from .catalogue import FOLDER, Entry, entries
from .obj import Mesh

LARGEST = 9_000_000
PER_TRIANGLE = ("points", "normals", "uv", "material")
PER_MATERIAL = ("colour", "texture")


@dataclass
class Library:
    """meshes[i] belongs to entries[i]; arrays stay on disk until they are used."""
    entries: list[Entry]
    arrays: dict[str, np.ndarray]
    starts: dict[str, list[int]]

    def __len__(self) -> int:
        return len(self.entries)

    def mesh(self, i: int) -> Mesh:
        part = lambda kind, name: self.arrays[name][self.starts[kind][i]:self.starts[kind][i + 1]]
        triangles = {name: np.asarray(part("triangles", name)) for name in PER_TRIANGLE}
        triangles["normals"] = triangles["normals"].astype(np.float32) / 127
        return Mesh(**triangles, **{name: np.asarray(part("materials", name)) for name in PER_MATERIAL},
                    textures=np.asarray(part("textures", "textures")))

    def split(self, held_out: bool) -> list[int]:
        return [i for i, entry in enumerate(self.entries) if entry.held_out == held_out]


def build(out: Path, source: Path = FOLDER) -> Library:
    """Reads the catalogues and writes the arrays; says what it left out."""
    out.mkdir(parents=True, exist_ok=True)
    parts: dict[str, list[np.ndarray]] = {name: [] for name in (*PER_TRIANGLE, *PER_MATERIAL, "textures")}
    starts = {"triangles": [0], "materials": [0], "textures": [0]}
    kept, archives = [], {}
    for entry in entries(source):
        if entry.library not in archives:
            archive = zipfile.ZipFile(source / f"{entry.library}.sh3f")
            archives[entry.library] = archive, set(archive.namelist())
        archive, names = archives[entry.library]
        if archive.getinfo(entry.model).file_size > LARGEST:
            print("left out, too large:", entry.key)
            continue
        mesh = obj.load(archive, names, entry)
        if len(mesh.points) < 4:
            print("left out, empty:", entry.key)
            continue
        mesh.normals = np.round(mesh.normals * 127).astype(np.int8)
        for name in parts:
            parts[name].append(getattr(mesh, name))
        for kind, name in (("triangles", "points"), ("materials", "colour"), ("textures", "textures")):
            starts[kind].append(starts[kind][-1] + len(getattr(mesh, name)))
        kept.append(entry)
    for name, arrays in parts.items():
        np.save(out / f"{name}.npy", np.concatenate(arrays))
    index = {"entries": [asdict(entry) for entry in kept], "starts": starts}
    (out / "index.json").write_text(json.dumps(index))
    return read(out)


def read(folder: Path) -> Library:
    index = json.loads((folder / "index.json").read_text())
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in (*PER_TRIANGLE, *PER_MATERIAL, "textures")}
    found = [Entry(**{**e, "size": tuple(e["size"]), "rotation": tuple(e["rotation"]) if e["rotation"] else None})
             for e in index["entries"]]
    return Library(found, arrays, index["starts"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    library = build(parser.parse_args().out)
    print(len(library), "models,", library.starts["triangles"][-1], "triangles,", library.starts["textures"][-1], "textures")


if __name__ == "__main__":
    main()

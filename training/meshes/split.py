"""Freezes what is kept out of training, and lists whose models are used.

    python -m meshes.split --panoramas FOLDER

Writes held-out.txt (a tenth of the models, eight panoramas: the smallest hashes of their names) and CREDITS.md beside this file.
"""
import argparse
import hashlib
from collections import defaultdict
from pathlib import Path

from .catalogue import FOLDER, HELD_OUT, LIBRARIES, Entry, entries

PANORAMAS = 8
CREDITS = Path(__file__).with_name("CREDITS.md")


def held_out_panoramas(names: list[str]) -> list[str]:
    """The eight whose names have the smallest hashes."""
    return sorted(sorted(names, key=lambda name: hashlib.sha256(name.encode()).digest())[:PANORAMAS])


def held_out_models(keys: list[str]) -> list[str]:
    """A tenth, by the hash of the name."""
    return [key for key in keys if hashlib.sha256(key.encode()).digest()[0] % 10 == 0]


def credits(found: list[Entry]) -> str:
    """Markdown: the models of each library by their makers."""
    lines = ["# Whose models the geometry is learnt from", "",
             "Debian's `sweethome3d-furniture` 1.8, converted for Sweet Home 3D by Emmanuel Puybaret / eTeks. Models are scaled, "
             "repainted and rendered; no model is part of this repository.", ""]
    for library, licence in LIBRARIES.items():
        makers = defaultdict(list)
        for entry in found:
            if entry.library == library:
                makers[entry.creator].append(entry.name)
        lines += [f"## {library} ({licence})", ""]
        lines += [f"- {maker}: {', '.join(sorted(names))}" for maker, names in sorted(makers.items())] + [""]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--panoramas", type=Path, required=True, help="a folder of environment maps")
    found = entries(FOLDER)
    maps = [path.stem for path in parser.parse_args().panoramas.glob("*.npz")]
    kept = held_out_models([entry.key for entry in found])
    lines = ["# models", *kept, "# panoramas", *held_out_panoramas(maps)]
    HELD_OUT.write_text("\n".join(lines) + "\n")
    CREDITS.write_text(credits(found))
    print(len(kept), "models held out")


if __name__ == "__main__":
    main()

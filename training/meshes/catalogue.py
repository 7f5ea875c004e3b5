"""The furniture catalogues of Debian's sweethome3d-furniture, and which of their models are kept out of training."""
import re
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path("/usr/share/sweethome3d/furniture")
LIBRARIES = {"BlendSwap-CC-0": "CC0 1.0", "BlendSwap-CC-BY": "CC BY 3.0", "KatorLegaz": "CC BY 3.0 US",
             "Reallusion": "CC BY 3.0 US", "Scopia": "CC BY 3.0"}
HELD_OUT = Path(__file__).with_name("held-out.txt")

HANGING = ("Lights", "Bathroom")  # with an elevation of their own these are fixed to a wall or a ceiling
FLAT = 0.06  # height over the longer side of the plan, below which a thing is a picture on the floor
PEOPLE = ("Characters",)


@dataclass(frozen=True)
class Entry:
    """One model of a catalogue. Sizes are metres: width (x), height (y), depth (z)."""
    key: str
    name: str
    category: str
    creator: str
    library: str
    model: str
    size: tuple[float, float, float]
    rotation: tuple[float, ...] | None
    elevation: float
    opening: bool

    @property
    def stands(self) -> bool:
        """Whether it stands on a floor of its own, and so has feet to learn from."""
        if self.opening or self.category in ("Doors and windows", "Staircases"):
            return False
        return not (self.elevation > 0.01 and self.category in HANGING)

    @property
    def flat(self) -> bool:
        return self.size[1] <= FLAT * max(self.size[0], self.size[2])

    @property
    def person(self) -> bool:
        return self.category in PEOPLE

    @property
    def held_out(self) -> bool:
        return self.key in held_out_names()


@cache
def held_out_names() -> frozenset[str]:
    """Models and panoramas that are never trained on, as frozen by split.py."""
    return frozenset(HELD_OUT.read_text().splitlines())


def entries(folder: Path = FOLDER) -> list[Entry]:
    """All models of all libraries, in the order of their keys."""
    found = []
    for library in LIBRARIES:
        with zipfile.ZipFile(folder / f"{library}.sh3f") as archive:
            text = archive.read("PluginFurnitureCatalog.properties").decode("latin1")
        rows: dict[int, dict[str, str]] = {}
        for field, number, value in re.findall(r"^(\w+)#(\d+)=(.*)$", text, re.M):
            rows.setdefault(int(number), {})[field] = value.strip()
        found += [_entry(library, row) for row in rows.values() if "model" in row]
    return sorted(found, key=lambda entry: entry.key)


def _entry(library: str, row: dict[str, str]) -> Entry:
    metres = lambda field: float(row.get(field, 0)) / 100
    rotation = tuple(float(x) for x in row["modelRotation"].split()) if "modelRotation" in row else None
    return Entry(f"{library}/{Path(row['model']).stem}", row["name"], row.get("category", ""), row.get("creator", ""),
                 library, row["model"].lstrip("/"), (metres("width"), metres("height"), metres("depth")), rotation,
                 metres("elevation"), row.get("doorOrWindow") == "true")

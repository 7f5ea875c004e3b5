"""Averages the weights of trainings that ran side by side from the same weights, as one state that --resume goes on from.

    python -m geometry.average --states runs/one/state.pt runs/two/state.pt --out runs/three

Samples and processor time are summed; optimisers, time and steps are those of the first.
"""
import argparse
from pathlib import Path

import torch


def averaged(states: list[dict]) -> dict:
    """Of states as train.Run.save writes them, all of one network."""
    assert all(state["config"] == states[0]["config"] for state in states), "these are not states of one network"
    mean = lambda kind: {name: torch.stack([state[kind][name] for state in states]).mean(0) for name in states[0][kind]}
    total = {name: sum(state[name] for state in states) for name in ("samples", "cpu")}
    return {**states[0], **{kind: mean(kind) for kind in ("model", "average")}, **total}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--states", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.save(averaged([torch.load(path, weights_only=True) for path in options.states]), options.out / "state.pt")


if __name__ == "__main__":
    main()

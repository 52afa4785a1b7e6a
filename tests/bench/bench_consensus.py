"""Dawid-Skene on a million labels beside crowd-kit and a numpy script, and one box from several on
100,000 boxes beside weighted boxes fusion (ensemble-boxes) and a plain loop.

    .venv/bin/python tests/bench/bench_consensus.py

Labels and boxes are generated. Every consensus runs in a process of its own and is told by its CPU
seconds without imports and reading, the least of the rounds, in turns; memory is what it takes
beyond its input. The peers get an environment in build/bench/ the first time; without a network
they are left out. Aim: no slower than the fastest of the others.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / "build" / "bench"
ROUNDS = 3
ITEMS, LABELS_EACH, PEOPLE, CLASSES = 200_000, 5, 300, 6
THINGS, PICTURES = 20_000, 2_000
OTHERS = {"labels": ("numpy", "crowd-kit"), "boxes": ("loop", "ensemble-boxes")}
IN_PEERS = ("crowd-kit", "ensemble-boxes")


def labels(path: Path) -> None:
    """Five labels for each item by people of all qualities, one in ten of them a spammer."""
    rng = np.random.default_rng(1979)
    truth = rng.integers(CLASSES, size=ITEMS)
    quality = np.where(rng.random(PEOPLE) < 0.1, 1 / CLASSES, rng.uniform(0.5, 0.95, PEOPLE))
    item = np.repeat(np.arange(ITEMS), LABELS_EACH)
    who = rng.integers(PEOPLE, size=len(item))
    is_right = rng.random(len(item)) < quality[who]
    said = np.where(is_right, truth[item], rng.integers(CLASSES, size=len(item)))
    names = np.array([f"{number}-{true}" for number, true in enumerate(truth)])
    table = pd.DataFrame({"item": names[item], "annotator": who, "label": said})
    table.to_csv(path, index=False)


def boxes(path: Path) -> None:
    """Ten things of 12 to 300 px in each picture, each drawn by five people."""
    rng = np.random.default_rng(2010)
    picture = rng.integers(PICTURES, size=THINGS)
    width = np.exp(rng.uniform(np.log(12), np.log(300), THINGS))
    side = np.stack([width, width * np.exp(rng.normal(0, 0.3, THINGS))], 1)
    corner = rng.uniform(0, 1200, (THINGS, 2))
    tables = []
    for person in range(5):
        low = corner + rng.normal(0, 0.04, side.shape) * side
        high = corner + side * (1 + rng.normal(0, 0.04, side.shape))
        drawn = pd.DataFrame(np.hstack([low, high - low]), columns=["x", "y", "width", "height"])
        drawn.insert(0, "annotator", f"a{person}")
        drawn.insert(0, "item", picture)
        tables.append(drawn)
    pd.concat(tables).sample(frac=1, random_state=1).to_csv(path, index=False)


def peers() -> Path | None:
    """The interpreter that has the peers, made where it is missing; None where it cannot be."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        print("making build/bench with crowd-kit and ensemble-boxes", flush=True)
        venv.create(PEERS, with_pip=True)
        wanted = ["-r", HERE / "requirements.txt"]
        install = [python, "-m", "pip", "install", "--quiet", *wanted]
        if subprocess.run(install, stderr=subprocess.DEVNULL, check=False).returncode:
            return None
    there = subprocess.run([python, "-c", "import crowdkit, ensemble_boxes"], check=False)
    return None if there.returncode else python


def run(kind: str, name: str, path: Path, python: Path | None) -> dict[str, float]:
    """The figures of one consensus; see `consensus_jobs`."""
    command = [python if name in IN_PEERS else sys.executable, HERE / "consensus_jobs.py"]
    done = subprocess.run([*command, kind, name, path], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def compare(kind: str, path: Path, python: Path | None) -> bool:
    """Print all contestants; whether we are no slower than the fastest of the others."""
    names = ["ours", *(name for name in OTHERS[kind] if python or name not in IN_PEERS)]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            found[name].append(run(kind, name, path, python))
    best = {name: min(runs, key=lambda one: one["cpu"]) for name, runs in found.items()}
    ours = best["ours"]["cpu"]
    print(f"{kind}: CPU seconds, times ours, MB above the input, found")
    for name, one in best.items():
        share = f"{one['found']:.4f}" if kind == "labels" else f"{one['found']:,}"
        print(
            f"  {name:14} {one['cpu']:6.2f} s {one['cpu'] / ours:7.2f}x {one['memory']:6.0f} MB "
            f"{share:>8}"
        )
    return all(ours <= best[name]["cpu"] for name in names[1:])


def main() -> int:
    """Print the figures; 1 when an aim is missed."""
    python = peers()
    if python is None:
        print("crowd-kit and ensemble-boxes are not here and could not be installed.")
    with tempfile.TemporaryDirectory() as place:
        met = True
        for kind, generate in (("labels", labels), ("boxes", boxes)):
            path = Path(place) / f"{kind}.csv"
            generate(path)
            met &= compare(kind, path, python)
    print(f"Aim (no slower than the fastest of the others): {'met' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())

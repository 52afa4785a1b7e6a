"""Krippendorff's alpha of a million labels beside the package krippendorff and crowd-kit, and
beside the kappas that statsmodels and scikit-learn have for complete tables.

    .venv/bin/python tests/bench/bench_agreement.py

Every library runs in a process of its own on the same long table and is told by its CPU seconds
without imports and reading, the least of the rounds, in turns; memory is what it takes beyond its
input. crowd-kit has its environment from `bench_consensus` and walks through the table label by
label, so it gets a twentieth of it in one run. Aim: no slower than the fastest of the others.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd
from bench_consensus import LABELS_EACH, labels, peers

HERE = Path(__file__).resolve().parent
ROUNDS = 5
OTHERS = ("krippendorff", "statsmodels", "scikit-learn")
SLOW, PART = "crowd-kit", 20


def run(name: str, path: Path, python: Path | str = sys.executable) -> dict[str, float]:
    """The figures of one library; see `agreement_jobs`."""
    command = [python, HERE / "agreement_jobs.py", name, path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def told(name: str, one: dict[str, float], base: float) -> None:
    """Print one line."""
    print(
        f"  {name:14} {one['cpu']:7.3f} s {one['cpu'] / base:7.2f}x {one['memory']:6.0f} MB "
        f"{one['found']:.4f}"
    )


def main() -> int:
    """Print the figures; 1 when the aim is missed."""
    with tempfile.TemporaryDirectory() as place:
        path, part = Path(place) / "labels.csv", Path(place) / "part.csv"
        labels(path)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in ("ours", *OTHERS)}
        for _ in range(ROUNDS):
            for name, runs in found.items():
                runs.append(run(name, path))
        best = {name: min(runs, key=lambda one: one["cpu"]) for name, runs in found.items()}
        print("one million labels: CPU seconds, times ours, MB above the input, found")
        for name, one in best.items():
            told(name, one, best["ours"]["cpu"])
        met = all(best["ours"]["cpu"] <= best[name]["cpu"] for name in OTHERS)
        if python := peers():
            table = pd.read_csv(path)
            table.head(len(table) // PART // LABELS_EACH * LABELS_EACH).to_csv(part, index=False)
            small = run("ours", part)
            print(f"a {PART}th of them")
            told("ours", small, small["cpu"])
            told(SLOW, run(SLOW, part, python), small["cpu"])
        else:
            print("crowd-kit is not here and could not be installed.")
    print(f"Aim (no slower than the fastest of the others): {'met' if met else 'missed'}")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())

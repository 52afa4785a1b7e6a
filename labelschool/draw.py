"""A fresh pool for a cohort: drawn from a seed that only the instructor knows.

Pictures are cut out of masters, tables and logs come from their generators, and review tasks get
new errors. What was written by hand has no generator, and that is said.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from labelschool import course
from labelschool.datasets import DataError, masters
from labelschool.datasets.writer import write_checksums, write_pool

MASTERS = ("street_lite", "shelf_lite")
GENERATED = ("needle", "crowd120", "labels_db", "broken_exports", "audit_log", "board_log")
RENDERED = ("street_lite",)
"""Sets whose scenes the renderer composes by itself."""


def draw(name: str, pool: str, seed: int, out: Path, *, new_scenes: bool = False) -> str:
    """Write a fresh pool of a set into ``out/datasets/NAME``; a sentence that says what was made.

    ``new_scenes`` renders scenes that nobody has seen; it takes about half a minute a picture and
    needs the renderer (``SCENES_PYTHON``). Raises `DataError` for a set that cannot be drawn, for a
    folder inside the course and where the renderer is missing.
    """
    folder = out.resolve() / "datasets" / name
    if folder.is_relative_to(course.root() / "datasets"):
        raise DataError("A cohort's pool belongs outside the course: choose another --out.")
    if new_scenes:
        _render(name, pool, seed, folder)
    elif name in MASTERS:
        _cut(name, pool, seed, folder)
    elif name in GENERATED:
        _generate(name, pool, seed, folder)
    else:
        raise DataError(
            f"{name} was written or rendered once and has no generator; fresh pools can be drawn "
            f"of {', '.join((*MASTERS, *GENERATED))}."
        )
    write_checksums(folder)
    return f"Drew the {pool} pool of {name} with seed {seed} into {folder}."


def _cut(name: str, pool: str, seed: int, folder: Path) -> None:
    made = masters.fresh_pool(name, pool, seed)
    masters.save(folder, made)
    entries, truth = [entry for entry, _, _ in made], [entry for _, entry, _ in made]
    write_pool(folder, pool, "boxes", _guideline(name), entries, truth)


def _generate(name: str, pool: str, seed: int, folder: Path) -> None:
    from labelschool.generators.pools import MAKERS

    (folder / "truth").mkdir(parents=True, exist_ok=True)
    MAKERS[name](folder, pool, seed)


def _render(name: str, pool: str, seed: int, folder: Path) -> None:
    if name not in RENDERED:
        raise DataError(f"The renderer composes no new scenes of {name}, only of {RENDERED[0]}.")
    if not os.environ.get("SCENES_PYTHON"):
        raise DataError(
            "New scenes need the renderer: set it up as tools/README.md says and set "
            "SCENES_PYTHON, or leave --new-scenes away to cut pictures out of masters."
        )
    script = course.root() / "tools" / "datasets" / "fresh.py"
    command = [sys.executable, str(script), "--set", name, "--pool", pool, "--seed", str(seed)]
    done = subprocess.run([*command, "--out", str(folder)])
    if done.returncode:
        raise DataError("The renderer stopped; its last lines above say why.")


def _guideline(name: str) -> str:
    return {"street_lite": "G1.v1", "shelf_lite": "G2.v1"}[name]

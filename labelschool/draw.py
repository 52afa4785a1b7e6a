"""A fresh pool for a cohort: drawn from a seed that only the instructor knows.

Pictures are cut out of masters, or rendered anew where the renderer is installed; tables, logs and
databases come from their generators. What was written by hand has no generator, and that is said.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from labelschool import course, datasets
from labelschool.datasets import DataError, fresh
from labelschool.datasets.places import CHECKSUMS
from labelschool.datasets.writer import write_checksums, write_pool
from labelschool.generators.pools import MAKERS

MASTERS = {
    "street_lite": ("practice", "counted", "exam"),
    "shelf_lite": ("practice", "counted"),
}
"""Sets with masters, and which pools are cut out of them."""
COMPOSED = ("street_lite",)
"""Sets whose scenes the renderer composes by itself."""


def draw(name: str, pool: str, seed: str, out: Path, *, new_scenes: bool = False) -> Path:
    """Write a fresh pool of a set into ``out/datasets/NAME``; that folder.

    ``seed`` is a number, as the shipped sets have, or any words; a short one can be found by
    trying. ``new_scenes`` renders scenes that nobody has seen, about half a minute a picture.
    Raises `DataError` for a set or pool that cannot be drawn, for a folder inside the course and
    where the renderer is missing.
    """
    folder = out.resolve() / "datasets" / name
    if folder.is_relative_to(course.root().resolve()):
        raise DataError("A cohort's pool belongs outside the course: choose another --out.")
    if name not in datasets.names():
        raise DataError(f"There is no data set {name!r}; `labelschool data list` names them.")
    drawn = {**MASTERS, **{name: maker.pools for name, maker in MAKERS.items()}}
    if name not in drawn:
        raise DataError(
            f"{name} was written or rendered once and has no generator; fresh pools can be drawn "
            f"of {', '.join(drawn)}."
        )
    if pool not in drawn[name]:
        raise DataError(f"{name} can be drawn as {' or '.join(drawn[name])}, not as {pool}.")
    if new_scenes:
        _render(name, pool, seed, folder)
        return folder
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    if name in MASTERS:
        _cut(name, pool, _number(seed), folder)
    else:
        MAKERS[name].make(folder, pool, _number(seed))
    write_checksums(folder)
    return folder


def for_learners(folder: Path) -> list[str]:
    """What a cohort gets of a drawn set, by name; the truth and its checksums stay behind."""
    return sorted(each.name for each in folder.iterdir() if each.name not in ("truth", CHECKSUMS))


def _number(seed: str) -> int:
    """A number as it is, words by their SHA-256."""
    if seed.isdecimal():
        return int(seed)
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")


def _render(name: str, pool: str, seed: str, folder: Path) -> None:
    """Start the builder of fresh scenes, which lives beside the renderer in `tools`."""
    if name not in COMPOSED:
        raise DataError(f"The renderer composes no new scenes of {name}, only of {COMPOSED[0]}.")
    if not (interpreter := os.environ.get("SCENES_PYTHON")):
        raise DataError(
            "New scenes need the renderer: set it up as tools/README.md says and set "
            "SCENES_PYTHON, or leave --new-scenes away to cut pictures out of masters."
        )
    try:
        subprocess.run([interpreter, "-c", "import bpy"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise DataError(
            f"SCENES_PYTHON is {interpreter!r}, which cannot start the renderer: set it up as "
            "tools/README.md says."
        ) from error
    folder.mkdir(parents=True, exist_ok=True)
    script = course.root() / "tools" / "datasets" / "fresh.py"
    words = ["--set", name, "--pool", pool, "--seed", seed, "--out", str(folder)]
    if subprocess.run([sys.executable, str(script), *words]).returncode:
        raise DataError("The renderer stopped; its last lines above say why.")


def _cut(name: str, pool: str, seed: int, folder: Path) -> None:
    made = fresh.fresh_pool(name, pool, seed, fresh.shipped_masters(name))
    fresh.clear(folder, pool)
    fresh.save(folder, made)
    head = json.loads(datasets.file(name, "truth/exam.json").read_bytes())
    entries, truth = [each.entry for each in made], [each.truth for each in made]
    write_pool(folder, pool, "boxes", head["guideline"], entries, truth)

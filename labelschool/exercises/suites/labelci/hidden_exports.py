"""What the command of 3.H is tried on: a hidden twin of the broken exports, and exports of its own.

An export is its files by name, as `labelschool.generators.export_formats` writes them. The twin has
the seed of the counted pool, so an instructor's own key makes another one.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from labelschool import datasets
from labelschool.generators import exports
from labelschool.generators.export_defects import DEFECTS, Defect
from labelschool.generators.export_formats import Export, build, save
from labelschool.operations.versions import read

COCO, MANIFEST = "annotations.json", "export.json"
SEED = 7_312

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Broken:
    """What is wrong with an export: the rule, the kind of defect, the file, and the ids in it that
    may be named; None for the whole file.
    """

    rule: str
    defect: str
    file: str
    ids: tuple[Any, ...]


@cache
def twin(seed: int) -> tuple[dict[str, tuple[Files, Broken]], dict[str, Files]]:
    """The twenty broken exports of a seed by their rule, and the five valid ones by format.

    In the valid ones of COCO and YOLO numbers are moved by less than any rule minds.
    """
    broken, valid = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, found in exports.write(Path(folder), seed).items():
            files = read(Path(folder) / name)
            if found is None:
                valid[form(files)] = _moved(files)
            else:
                ids = _ids(files, found)
                wrong = Broken(found["rule"], found["defect"], found["file"], ids)
                broken[found["rule"]] = files, wrong
    return broken, valid


def hidden() -> tuple[dict[str, tuple[Files, Broken]], dict[str, Files]]:
    """The twin of the counted pool. Raises `DataError` where its seed is not in this copy."""
    return twin(datasets.key("broken_exports", "counted")["seed"])


def form(files: Files) -> str:
    """The format of an export."""
    return json.loads(files[MANIFEST])["format"]


def _ids(files: Files, found: Mapping[str, Any]) -> tuple[Any, ...]:
    """The one that is wrong; of two splits that share a scene, no side is more wrong."""
    if found["rule"] != "R16":
        return (found["id"],)
    scenes = json.loads(files[MANIFEST])["scenes"]
    return tuple(name for name in scenes if scenes[name]["scene"] == scenes[found["id"]]["scene"])


# Exports of its own ------------------------------------------------------------------------------


def coco(*changes: Callable[[dict[str, Any]], object]) -> Files:
    """A valid COCO export whose table went through some changes."""
    made = build("coco", random.Random(SEED))
    for change in changes:
        change(made.documents[COCO])
    return _written(made)


def many_defects() -> tuple[Files, tuple[Broken, ...]]:
    """One export with five defects in five annotations, the first of them in the first row."""
    kinds = [_kind(rule, name) for rule, name in _FIVE]
    for seed in range(1_000):
        made = build("coco", random.Random(SEED))
        rng = random.Random(seed)
        places = [kind.apply(made, rng) for kind in kinds]
        ids = [id_ for _, id_ in places]
        if len(set(ids)) == len(ids) and ids[0] == made.documents[COCO]["annotations"][0]["id"]:
            break
    named = zip(_FIVE, places, strict=True)
    wrong = tuple(Broken(rule, name, file, (id_,)) for (rule, name), (file, id_) in named)
    return _written(made), wrong


_FIVE = (
    ("R2", "text_as_number"),
    ("R5", "past_the_border"),
    ("R8", "cut_box"),
    ("R10", "run_too_long"),
    ("R13", "misspelt"),
)


def _kind(rule: str, name: str) -> Defect:
    return next(kind for kind in DEFECTS[rule] if kind.name == name)


def past_the_border(*numbers: int) -> Callable[[dict[str, Any]], None]:
    """Moves some of the plain boxes 20 px above their picture, which breaks R5."""

    def change(table: dict[str, Any]) -> None:
        for number in numbers:
            plain_boxes(table)[number]["bbox"][1] = -20

    return change


def flat_last(table: dict[str, Any]) -> None:
    """Makes the last plain box flat, which breaks R6."""
    row = plain_boxes(table)[-1]
    row["bbox"][3] = row["area"] = 0


def nearly(table: dict[str, Any]) -> None:
    """Moves numbers by less than any rule minds: what JSON, rounding and hands do to them."""
    sizes = {image["id"]: image for image in table["images"]}
    for row in table["annotations"]:
        x, y, w, h = row["bbox"]
        row["area"] = round(row["area"] * 1.01, 1)
        if row["segmentation"] == []:
            row["bbox"] = [x + 0.1 + 0.2 - 0.3, y - 0.4 if y == 0 else y + 1e-9, w, h]
            right = sizes[row["image_id"]]["width"]
            row["bbox"][2] += 0.45 if x + w == right else 0
        elif isinstance(row["segmentation"], list):
            row["segmentation"] = [[v + 0.3 for v in part] for part in row["segmentation"]]


def too_far(table: dict[str, Any]) -> None:
    """Moves two numbers by a little more than the rules allow: a border (R5) and an area (R7)."""
    first, second = plain_boxes(table)[:2]
    first["bbox"][1] = -0.8
    second["area"] *= 1.04


def plain_boxes(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The annotations without a mask."""
    return [row for row in table["annotations"] if row["segmentation"] == []]


def yolo_nearly() -> Files:
    """A valid YOLO export whose numbers are moved like those of `nearly`."""
    return _moved(_written(build("yolo", random.Random(SEED))))


def _moved(files: Files) -> Files:
    if COCO in files:
        table = json.loads(files[COCO])
        nearly(table)
        return {**files, COCO: json.dumps(table).encode()}
    return {n: _short(data) if n.startswith("labels/") else data for n, data in files.items()}


def _short(rows: bytes) -> bytes:
    """Rows of YOLO with four digits, so that some sides lie a hair outside."""
    parts = (row.split() for row in rows.decode().splitlines())
    short = (" ".join([cls, *(f"{float(v):.4f}" for v in values)]) for cls, *values in parts)
    return "".join(f"{row}\n" for row in short).encode()


def without(files: Files, *names: str) -> Files:
    """An export that lacks some files."""
    return {name: content for name, content in files.items() if name not in names}


def cut_off(files: Files, name: str) -> Files:
    """An export in which one file ends in the middle."""
    return {**files, name: files[name][: len(files[name]) // 2]}


def put(files: Files, folder: Path) -> None:
    """Write files into a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def names(rules: Iterable[str]) -> str:
    """Rules in words: "R2, R5 and R8"."""
    *first, last = rules
    return f"{', '.join(first)} and {last}" if first else last


def _written(made: Export) -> Files:
    with tempfile.TemporaryDirectory() as folder:
        save(made, Path(folder))
        return read(Path(folder))

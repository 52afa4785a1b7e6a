"""Rows of tracks: a JSON object a line, for each box of each track, as trackers write them.

{"id": 7, "track": 1, "frame": 3, "label": "car", "bbox": [12, 0, 24, 18]}

The size of the clip stands in ``export.json``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from labelschool.formats import json_files, rows
from labelschool.formats.contract import OnDefect
from labelschool.formats.dataset import Box, Dataset, Item, Label
from labelschool.formats.files import lines, shown
from labelschool.lint.project import Project

NAME = "tracks"
_CLIP = "clip"


def read(path: Path, project: Project, on_defect: OnDefect) -> Dataset:
    """One label for each row, with its track and frame as attributes. Raises `Unreadable`."""
    file, classes = shown(path), rows.Classes()
    labels: list[Label] = []
    for number, line in lines(path):
        with rows.row(on_defect, file, f"number {number}"):
            row = rows.mapping(json_files.parsed(line, f"{file}:{number}"), "the row")
            id_ = rows.identifier(row.get("id"), "its id")
            with rows.row(on_defect, file, id_):
                labels.append(_label(row, id_, classes))
    width, height = project.size
    clip = Item(_CLIP, next(iter(project.scenes), _CLIP), width, height, frames=project.frames)
    return Dataset(classes.all(), {_CLIP: clip}, labels)


def _label(row: dict[str, Any], id_: int | str, classes: rows.Classes) -> Label:
    sides = rows.listing(row.get("bbox"), "bbox")
    if len(sides) != 4:
        raise rows.Odd("bbox is no list of four numbers")
    place = {
        "track": rows.identifier(row.get("track"), "track"),
        "frame": rows.whole(row.get("frame"), "frame"),
    }
    kind = classes.get(rows.string(row.get("label"), "label"))
    box = Box(*(rows.number(side, "a number of bbox") for side in sides))
    return Label(id_, _CLIP, kind, box, attributes=place)

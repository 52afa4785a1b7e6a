"""From a path to the export that the rules look at, and to what its reader could not understand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labelschool import formats
from labelschool.formats.contract import Defect, Options
from labelschool.formats.dataset import Dataset
from labelschool.formats.files import shown
from labelschool.formats.yolo.layout import layout
from labelschool.lint import project, track_rows
from labelschool.lint.export import Export, Place
from labelschool.lint.pictures import is_there
from labelschool.lint.project import Project
from labelschool.lint.rules import Problem

_CLASSES = ("data.yaml", "dataset.yaml", "data.yml", "classes.txt", "obj.names")
_MEANT = re.compile(r"(annotation|image|category|number) (?:number )?(.+)")
_KINDS = {"image": "picture", "category": "class"}


@dataclass(frozen=True)
class Known:
    """What the caller knows of an export besides its path."""

    format: str | None = None
    ontology: Path | None = None
    guideline: str | None = None
    pictures: Path | None = None
    options: Options = formats.DEFAULT


Told = list[tuple[str, Problem]]
"""Rule and problem, of what was not understood."""


def read(path: Path, known: Known) -> tuple[Export, Told]:
    """The export of a file or folder. Raises `Unreadable` when there is nothing to check."""
    folder = path if path.is_dir() else path.parent
    described = project.read(path)
    about = (described or Project()).told(known.ontology, known.guideline)
    source = _source(path, about)
    defects: list[Defect] = []
    name, data = _read(source, about, known, defects.append)
    labels = tuple(data.labels)
    export = Export(
        folder,
        source.name if source.is_file() else path.name,
        name,
        data.items,
        tuple(data.categories),
        labels,
        data.about,
        about,
        pictures=known.pictures or _pictures(folder, data),
        all_pictures=known.pictures is not None or described is not None,
    )
    export = replace(export, classes_file=_classes_file(export))
    if export.is_yolo:
        export = replace(export, without_file=_without_file(source, known, data))
    return export, [_told(defect, export) for defect in defects]


def _source(path: Path, about: Project) -> Path:
    """The file or folder of the labels in a folder that ``export.json`` describes."""
    if path.is_file() or not about.format:
        return path
    found = [
        file
        for file in sorted(path.iterdir())
        if file.suffix in (".json", ".jsonl", ".ndjson") and file.name != project.MANIFEST
    ]
    return found[0] if len(found) == 1 else path


def _read(
    source: Path, about: Project, known: Known, on_defect: formats.OnDefect
) -> tuple[str, Dataset]:
    if about.format == track_rows.NAME and not known.format:
        return track_rows.NAME, track_rows.read(source, about, on_defect)
    options = replace(known.options, pictures=known.pictures or known.options.pictures)
    name = known.format or formats.recognise(source).name
    return name, formats.read(source, name, on_defect, options)


def _pictures(folder: Path, data: Dataset) -> Path | None:
    """The folder of the pictures: where ``images/`` is, or where one of the first pictures is."""
    if (folder / "images").is_dir():
        return folder
    first: Sequence[str] = [item.name for item in list(data.items.values())[:5] if item.name]
    there = any(not name.startswith("/") and is_there(folder / name) for name in first)
    return folder if there else None


def _classes_file(export: Export) -> str:
    if export.format == "coco":
        return export.file
    if not export.is_yolo:
        return ""
    return next((name for name in _CLASSES if (export.folder / name).is_file()), "")


def _without_file(source: Path, known: Known, data: Dataset) -> tuple[str, ...]:
    found = layout(source, known.pictures)
    above = "labels/" if any("labels/" in name for name in found.labels.values()) else ""
    return tuple(f"{above}{key}.txt" for key in data.items if key not in found.labels)


# What the readers tell ----------------------------------------------------------------------------


def _told(defect: Defect, export: Export) -> tuple[str, Problem]:
    place, rule = _place(defect, export), defect.rule
    if rule == "R4" and place.id is None and export.is_yolo:
        rule, place = "R14", Place(_picture_of(place.file, export), kind="picture")
    return rule, (place, defect.message, defect.fix)


def _place(defect: Defect, export: Export) -> Place:
    start = f"{shown(export.folder)}/"
    file = defect.file.removeprefix(start) if export.folder != Path() else defect.file
    kind, id_ = "", defect.id
    if isinstance(id_, str) and (meant := _MEANT.fullmatch(id_)):
        kind, id_ = meant[1], meant[2]
    if isinstance(id_, str) and id_.isdecimal():
        id_ = int(id_)
    return Place(file, id_ or None, _KINDS.get(kind, "annotation"))


def _picture_of(file: str, export: Export) -> str:
    """The picture of a label file of YOLO, by the name that ``export.json`` has for it."""
    stem = Path(file).stem
    named = (name for name in export.project.scenes if Path(name).stem == stem)
    return next(named, file)

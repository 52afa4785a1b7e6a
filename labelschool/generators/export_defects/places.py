"""What a defect is, and the places in an export where one can be put."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool.generators.export_formats import Export

Place = tuple[str, Any]
COCO, SPANS, TRACKS = "annotations.json", "texts.jsonl", "tracks.jsonl"
MANIFEST = "export.json"
PICTURES = ("coco", "yolo", "voc")


@dataclass(frozen=True, slots=True)
class Defect:
    """A way to break exports of some formats."""

    name: str
    formats: tuple[str, ...]
    apply: Callable[[Export, random.Random], Place]


Defects = Mapping[str, tuple[Defect, ...]]
"""Rule -> the ways to break it."""


def annotation(export: Export, rng: random.Random, shape: str = "box") -> dict[str, Any]:
    """An annotation of a COCO export: box, corner, split or crowd, as its scene placed it."""
    rows = export.documents[COCO]["annotations"]
    found = {
        "box": [row for row in rows if row["segmentation"] == []],
        "corner": [row for row in rows if _parts(row) == 1],
        "split": [row for row in rows if _parts(row) == 2],
        "crowd": [row for row in rows if row["iscrowd"]],
    }
    return rng.choice(found[shape])


def _parts(row: Mapping[str, Any]) -> int:
    return len(row["segmentation"]) if isinstance(row["segmentation"], list) else 0


def object_file(export: Export, rng: random.Random, suffix: str) -> tuple[str, Any]:
    """A VOC or YOLO file that has objects, and its document."""
    paths = [path for path in export.documents if path.endswith(suffix) and "/" in path]
    full = [path for path in paths if objects_of(export.documents[path])]
    path = rng.choice(full)
    return path, export.documents[path]


def objects_of(document: Any) -> list:
    """The objects in the document of a VOC or YOLO file."""
    return document["objects"] if isinstance(document, dict) else document


def changed(shape: str, change: Callable[[dict[str, Any]], None]) -> Callable[..., Place]:
    """A defect that changes one annotation of a COCO export."""

    def apply(export: Export, rng: random.Random) -> Place:
        row = annotation(export, rng, shape)
        wrong = row["id"]
        change(row)
        return COCO, wrong

    return apply


def rename(export: Export, old: str, new: str) -> None:
    """Give a picture another name, everywhere in an export alike."""
    export.pictures[new] = export.pictures.pop(old)
    export.manifest["scenes"][new] = export.manifest["scenes"].pop(old)
    for path, document in list(export.documents.items()):
        if path == COCO:
            for image in document["images"]:
                image["file_name"] = new if image["file_name"] == old else image["file_name"]
        elif Path(path).stem == Path(old).stem:
            if "filename" in document:
                document["filename"] = new
            renamed = path.replace(Path(old).stem, Path(new).stem)
            export.documents[renamed] = export.documents.pop(path)

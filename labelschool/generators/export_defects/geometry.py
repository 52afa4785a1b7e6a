"""Boxes, areas, polygons and run lengths: rules R5 to R12."""

from __future__ import annotations

import random
from typing import Any

from labelschool.generators.export_formats import Export

from .places import (
    COCO,
    PICTURES,
    TRACKS,
    Defect,
    Defects,
    Place,
    annotation,
    changed,
    object_file,
    objects_of,
)


def _past_the_border(export: Export, rng: random.Random) -> Place:
    if export.format == "voc":
        path, document = object_file(export, rng, ".xml")
        number = rng.randrange(len(document["objects"]))
        document["objects"][number]["box"][2] = document["size"][0] + rng.randint(3, 9)
        return path, number + 1
    if export.format == "tracks":
        row = rng.choice([row for row in export.documents[TRACKS] if row["frame"] > 2])
        row["bbox"][0] = -rng.randint(2, 9)
        return TRACKS, row["id"]
    row = annotation(export, rng)
    row["bbox"][1] = -rng.randint(2, 9)
    return COCO, row["id"]


def _flat(export: Export, rng: random.Random) -> Place:
    if export.format == "coco":
        row = annotation(export, rng)
        row["bbox"][2] = row["area"] = 0
        return COCO, row["id"]
    path, document = object_file(export, rng, ".xml" if export.format == "voc" else ".txt")
    objects = objects_of(document)
    number = rng.randrange(len(objects))
    if export.format == "voc":
        box = objects[number]["box"]
        box[3] = box[1] - 1
    else:
        objects[number][3] = 0
    return path, number + 1


def _area_of_the_box(row: dict[str, Any]) -> None:
    row["area"] = row["bbox"][2] * row["bbox"][3]


def _area_of_one_part(row: dict[str, Any]) -> None:
    row["area"] //= 2


def _cut_box(row: dict[str, Any]) -> None:
    row["bbox"][0] += 5
    row["bbox"][2] -= 5


def _box_of_one_part(row: dict[str, Any]) -> None:
    row["bbox"][2] //= 3


def _two_points(row: dict[str, Any]) -> None:
    row["segmentation"][0] = row["segmentation"][0][:4]


def _crossing(row: dict[str, Any]) -> None:
    points = row["segmentation"][0]
    points[2:4], points[4:6] = points[4:6], points[2:4]


def _collinear(row: dict[str, Any]) -> None:
    x, y, w, h = row["bbox"]
    row["segmentation"] = [[x, y, x + w / 2, y + h / 2, x + w, y + h]]


def _run_too_long(row: dict[str, Any]) -> None:
    row["segmentation"]["counts"][-1] += 7


def _run_missing(row: dict[str, Any]) -> None:
    row["segmentation"]["counts"].pop()


def _crowd_2(row: dict[str, Any]) -> None:
    row["iscrowd"] = 2


def _crowd_polygon(row: dict[str, Any]) -> None:
    row["iscrowd"] = 1


def _twice(export: Export, rng: random.Random) -> Place:
    if export.format == "coco":
        row = annotation(export, rng)
        rows = export.documents[COCO]["annotations"]
        x, y, w, h = row["bbox"]
        copy = row | {"id": max(r["id"] for r in rows) + 1, "bbox": [x - 0.25, y + 0.25, w, h]}
        rows.append(copy)
        return COCO, copy["id"]
    path, document = object_file(export, rng, ".xml" if export.format == "voc" else ".txt")
    objects = objects_of(document)
    objects.append(rng.choice(objects))
    return path, len(objects)


GEOMETRY: Defects = {
    "R5": (Defect("past_the_border", ("coco", "voc", "tracks"), _past_the_border),),
    "R6": (Defect("flat", PICTURES, _flat),),
    "R7": (
        Defect("area_of_the_box", ("coco",), changed("corner", _area_of_the_box)),
        Defect("area_of_one_part", ("coco",), changed("split", _area_of_one_part)),
    ),
    "R8": (
        Defect("cut_box", ("coco",), changed("corner", _cut_box)),
        Defect("box_of_one_part", ("coco",), changed("split", _box_of_one_part)),
    ),
    "R9": (
        Defect("two_points", ("coco",), changed("corner", _two_points)),
        Defect("crossing", ("coco",), changed("corner", _crossing)),
        Defect("collinear", ("coco",), changed("corner", _collinear)),
    ),
    "R10": (
        Defect("run_too_long", ("coco",), changed("crowd", _run_too_long)),
        Defect("run_missing", ("coco",), changed("crowd", _run_missing)),
    ),
    "R11": (
        Defect("crowd_2", ("coco",), changed("crowd", _crowd_2)),
        Defect("crowd_polygon", ("coco",), changed("corner", _crowd_polygon)),
    ),
    "R12": (Defect("twice", PICTURES, _twice),),
}

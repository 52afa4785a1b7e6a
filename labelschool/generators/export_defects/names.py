"""Names, pictures and splits: rules R13 to R16."""

from __future__ import annotations

import random

from labelschool.generators.export_formats import CATEGORY_IDS, Export

from .places import COCO, MANIFEST, PICTURES, Defect, Defects, Place, object_file, rename


def _misspelt(export: Export, rng: random.Random) -> Place:
    def other(name: str) -> str:
        return rng.choice((name.capitalize(), name.upper(), f"{name} ", f" {name}"))

    if export.format == "coco":
        category = rng.choice(export.documents[COCO]["categories"])
        category["name"] = other(category["name"])
        return COCO, category["id"]
    if export.format == "yolo":
        names = export.documents["classes.txt"]
        number = rng.randrange(len(names))
        names[number] = other(names[number])
        return "classes.txt", number
    path, document = object_file(export, rng, ".xml")
    number = rng.randrange(len(document["objects"]))
    document["objects"][number]["name"] = other(document["objects"][number]["name"])
    return path, number + 1


def _lost_picture(export: Export, rng: random.Random) -> Place:
    path = rng.choice(list(export.pictures))
    del export.pictures[path]
    return path, None


def _other_size(export: Export, rng: random.Random) -> Place:
    path = rng.choice(list(export.pictures))
    picture = export.pictures[path]
    picture.size = (picture.size[0] + 8, picture.size[1] + 6)
    return path, None


def _turned_by_exif(export: Export, rng: random.Random) -> Place:
    old = rng.choice(list(export.pictures))
    new = old.replace(".png", ".jpg")
    rename(export, old, new)
    export.pictures[new].orientation = rng.choice((6, 8))
    return new, None


def _value_above_1(export: Export, rng: random.Random) -> Place:
    path, rows = object_file(export, rng, ".txt")
    number = rng.randrange(len(rows))
    rows[number][rng.choice((1, 2))] = 1 + rng.uniform(0.02, 0.2)
    return path, number + 1


def _class_too_high(export: Export, rng: random.Random) -> Place:
    path, rows = object_file(export, rng, ".txt")
    number = rng.randrange(len(rows))
    rows[number][0] = len(CATEGORY_IDS)
    return path, number + 1


def _no_file_for_empty(export: Export, rng: random.Random) -> Place:
    path = next(path for path, rows in export.documents.items() if rows == [])
    del export.documents[path]
    return path, None


def _scene_in_two_splits(export: Export, rng: random.Random) -> Place:
    members = export.manifest["scenes"]
    train = rng.choice([name for name, entry in members.items() if entry["split"] == "train"])
    other = rng.choice([name for name, entry in members.items() if entry["split"] != "train"])
    members[other]["scene"] = members[train]["scene"]
    return MANIFEST, other


NAMES: Defects = {
    "R13": (Defect("misspelt", PICTURES, _misspelt),),
    "R14": (
        Defect("lost_picture", PICTURES, _lost_picture),
        Defect("other_size", ("coco", "voc"), _other_size),
        Defect("turned_by_exif", PICTURES, _turned_by_exif),
    ),
    "R15": (
        Defect("value_above_1", ("yolo",), _value_above_1),
        Defect("class_too_high", ("yolo",), _class_too_high),
        Defect("no_file_for_empty", ("yolo",), _no_file_for_empty),
    ),
    "R16": (Defect("scene_in_two_splits", (*PICTURES, "spans"), _scene_in_two_splits),),
}

"""One defect for each rule of the label check: how to break a valid export in exactly one place.

A defect takes an `Export`, changes it, and returns the file that is wrong and the id in it of what
is wrong (None where the whole file is). In VOC and YOLO files an object's id is its place, from 1.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool.generators.export_formats import CATEGORY_IDS, Export, serialised

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


def _row(export: Export, rng: random.Random, shape: str = "box") -> dict[str, Any]:
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


def _object_file(export: Export, rng: random.Random, suffix: str) -> tuple[str, Any]:
    """A VOC or YOLO file that has objects, and its document."""
    paths = [path for path in export.documents if path.endswith(suffix) and "/" in path]
    full = [path for path in paths if _objects(export.documents[path])]
    path = rng.choice(full)
    return path, export.documents[path]


def _objects(document: Any) -> list:
    return document["objects"] if isinstance(document, dict) else document


def _change(shape: str, change: Callable[[dict[str, Any]], None]) -> Callable[..., Place]:
    """A defect that changes one annotation of a COCO export."""

    def apply(export: Export, rng: random.Random) -> Place:
        row = _row(export, rng, shape)
        wrong = row["id"]
        change(row)
        return COCO, wrong

    return apply


# R1 to R4: files that can be read, rows that fit together ---------------------------------------


def _cut_off(export: Export, rng: random.Random) -> Place:
    path = rng.choice([path for path in export.documents if path.endswith((".json", ".xml"))])
    content = serialised(path, export.documents[path])
    export.raw[path] = content[: int(len(content) * rng.uniform(0.6, 0.9))]
    return path, None


def _latin_1(export: Export, rng: random.Random) -> Place:
    content = serialised(SPANS, export.documents[SPANS])
    export.raw[SPANS] = content.replace(b"plain", b"pl\xe9in")
    return SPANS, None


def _text_as_number(export: Export, rng: random.Random) -> Place:
    row = _row(export, rng)
    row["bbox"] = [str(value) for value in row["bbox"]]
    return COCO, row["id"]


def _no_end(export: Export, rng: random.Random) -> Place:
    span = rng.choice([span for row in export.documents[SPANS] for span in row["spans"]])
    del span["end"]
    return SPANS, span["id"]


def _three_numbers(export: Export, rng: random.Random) -> Place:
    row = rng.choice(export.documents[TRACKS])
    row["bbox"] = row["bbox"][:3]
    return TRACKS, row["id"]


def _same_id(export: Export, rng: random.Random) -> Place:
    rows = {
        "coco": lambda: export.documents[COCO]["annotations"],
        "spans": lambda: [span for row in export.documents[SPANS] for span in row["spans"]],
        "tracks": lambda: export.documents[TRACKS],
    }[export.format]()
    first, second = rng.sample(rows, 2)
    second["id"] = first["id"]
    path = {"coco": COCO, "spans": SPANS, "tracks": TRACKS}[export.format]
    return path, first["id"]


# R5 to R12: geometry ----------------------------------------------------------------------------


def _past_the_border(export: Export, rng: random.Random) -> Place:
    if export.format == "voc":
        path, document = _object_file(export, rng, ".xml")
        number = rng.randrange(len(document["objects"]))
        document["objects"][number]["box"][2] = document["size"][0] + rng.randint(3, 9)
        return path, number + 1
    if export.format == "tracks":
        row = rng.choice([row for row in export.documents[TRACKS] if row["frame"] > 2])
        row["bbox"][0] = -rng.randint(2, 9)
        return TRACKS, row["id"]
    row = _row(export, rng)
    row["bbox"][1] = -rng.randint(2, 9)
    return COCO, row["id"]


def _flat(export: Export, rng: random.Random) -> Place:
    if export.format == "coco":
        row = _row(export, rng)
        row["bbox"][2] = row["area"] = 0
        return COCO, row["id"]
    path, document = _object_file(export, rng, ".xml" if export.format == "voc" else ".txt")
    objects = _objects(document)
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
        row = _row(export, rng)
        rows = export.documents[COCO]["annotations"]
        x, y, w, h = row["bbox"]
        copy = row | {"id": max(r["id"] for r in rows) + 1, "bbox": [x - 0.25, y + 0.25, w, h]}
        rows.append(copy)
        return COCO, copy["id"]
    path, document = _object_file(export, rng, ".xml" if export.format == "voc" else ".txt")
    objects = _objects(document)
    objects.append(rng.choice(objects))
    return path, len(objects)


# R13 to R16: names, pictures, splits ------------------------------------------------------------


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
    path, document = _object_file(export, rng, ".xml")
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
    _rename(export, old, new)
    export.pictures[new].orientation = rng.choice((6, 8))
    return new, None


def _rename(export: Export, old: str, new: str) -> None:
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


def _value_above_1(export: Export, rng: random.Random) -> Place:
    path, rows = _object_file(export, rng, ".txt")
    number = rng.randrange(len(rows))
    rows[number][rng.choice((1, 2))] = 1 + rng.uniform(0.02, 0.2)
    return path, number + 1


def _class_too_high(export: Export, rng: random.Random) -> Place:
    path, rows = _object_file(export, rng, ".txt")
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


# R17 to R20: tracks, texts, provenance ----------------------------------------------------------


def _frames_swapped(export: Export, rng: random.Random) -> Place:
    rows = export.documents[TRACKS]
    pairs = [n for n in range(1, len(rows)) if rows[n - 1]["track"] == rows[n]["track"]]
    number = rng.choice(pairs)
    rows[number - 1], rows[number] = rows[number], rows[number - 1]
    return TRACKS, rows[number]["id"]


def _two_boxes_in_a_frame(export: Export, rng: random.Random) -> Place:
    rows = export.documents[TRACKS]
    number = rng.randrange(len(rows))
    x, y, w, h = rows[number]["bbox"]
    copy = rows[number] | {"id": len(rows) + 1, "bbox": [x + w // 2, y, w, h]}
    rows.insert(number + 1, copy)
    return TRACKS, copy["id"]


def _past_the_text(export: Export, rng: random.Random) -> Place:
    row = rng.choice([row for row in export.documents[SPANS] if row["spans"]])
    span = row["spans"][-1]
    span["end"] = len(row["text"]) + rng.randint(1, 5)
    return SPANS, span["id"]


def _utf_16_offsets(export: Export, rng: random.Random) -> Place:
    found = [
        span
        for row in export.documents[SPANS]
        for span in row["spans"]
        if any(ord(letter) > 0xFFFF for letter in row["text"][: span["start"]])
    ]
    span = rng.choice(found)
    span["start"] += 1
    span["end"] += 1
    return SPANS, span["id"]


def _half_a_surrogate(export: Export, rng: random.Random) -> Place:
    row = rng.choice([r for r in export.documents[SPANS] if max(map(ord, r["text"])) > 0xFFFF])
    emoji = max(row["text"])
    row["text"] = row["text"].replace(emoji, "\ud83d")
    return SPANS, row["id"]


def _no_guideline(export: Export, rng: random.Random) -> Place:
    if rng.random() < 0.5:
        del export.manifest["guideline"]
    else:
        export.manifest["guideline"] = ""
    return MANIFEST, None


def _address(row: dict[str, Any]) -> None:
    row["attributes"]["checked_by"] = "noe.talbrik@example.org"


def _path(row: dict[str, Any]) -> None:
    row["attributes"]["source"] = r"C:\Users\talbrik\Desktop\street.png"


def _name_in_file(export: Export, rng: random.Random) -> Place:
    old = rng.choice(list(export.pictures))
    new = f"images/ilse.voddu@example.org-{old[-5:]}"
    _rename(export, old, new)
    return new, None


DEFECTS: Mapping[str, tuple[Defect, ...]] = {
    "R1": (
        Defect("cut_off", ("coco", "voc"), _cut_off),
        Defect("latin_1", ("spans",), _latin_1),
    ),
    "R2": (
        Defect("text_as_number", ("coco",), _text_as_number),
        Defect("no_end", ("spans",), _no_end),
        Defect("three_numbers", ("tracks",), _three_numbers),
    ),
    "R3": (Defect("same_id", ("coco", "spans", "tracks"), _same_id),),
    "R4": (
        Defect("no_image", ("coco",), _change("box", lambda row: row.update(image_id=999))),
        Defect("no_category", ("coco",), _change("corner", lambda row: row.update(category_id=2))),
    ),
    "R5": (Defect("past_the_border", ("coco", "voc", "tracks"), _past_the_border),),
    "R6": (Defect("flat", PICTURES, _flat),),
    "R7": (
        Defect("area_of_the_box", ("coco",), _change("corner", _area_of_the_box)),
        Defect("area_of_one_part", ("coco",), _change("split", _area_of_one_part)),
    ),
    "R8": (
        Defect("cut_box", ("coco",), _change("corner", _cut_box)),
        Defect("box_of_one_part", ("coco",), _change("split", _box_of_one_part)),
    ),
    "R9": (
        Defect("two_points", ("coco",), _change("corner", _two_points)),
        Defect("crossing", ("coco",), _change("corner", _crossing)),
        Defect("collinear", ("coco",), _change("corner", _collinear)),
    ),
    "R10": (
        Defect("run_too_long", ("coco",), _change("crowd", _run_too_long)),
        Defect("run_missing", ("coco",), _change("crowd", _run_missing)),
    ),
    "R11": (
        Defect("crowd_2", ("coco",), _change("crowd", _crowd_2)),
        Defect("crowd_polygon", ("coco",), _change("corner", _crowd_polygon)),
    ),
    "R12": (Defect("twice", PICTURES, _twice),),
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
    "R17": (
        Defect("frames_swapped", ("tracks",), _frames_swapped),
        Defect("two_boxes_in_a_frame", ("tracks",), _two_boxes_in_a_frame),
    ),
    "R18": (
        Defect("past_the_text", ("spans",), _past_the_text),
        Defect("utf_16_offsets", ("spans",), _utf_16_offsets),
        Defect("half_a_surrogate", ("spans",), _half_a_surrogate),
    ),
    "R19": (Defect("no_guideline", (*PICTURES, "spans", "tracks"), _no_guideline),),
    "R20": (
        Defect("address", ("coco",), _change("box", _address)),
        Defect("path", ("coco",), _change("box", _path)),
        Defect("name_in_file", PICTURES, _name_in_file),
    ),
}
"""Rule -> the ways to break it."""

"""Files that cannot be read and rows that do not fit together: rules R1 to R4."""

from __future__ import annotations

import random

from labelschool.generators.export_formats import Export, serialised

from .places import COCO, SPANS, TRACKS, Defect, Defects, Place, annotation, changed


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
    row = annotation(export, rng)
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


FILES: Defects = {
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
        Defect("no_image", ("coco",), changed("box", lambda row: row.update(image_id=999))),
        Defect("no_category", ("coco",), changed("corner", lambda row: row.update(category_id=2))),
    ),
}

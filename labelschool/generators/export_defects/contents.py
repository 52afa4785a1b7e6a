"""Tracks, texts and provenance: rules R17 to R20."""

from __future__ import annotations

import random
from typing import Any

from labelschool.generators.export_formats import Export

from .places import MANIFEST, PICTURES, SPANS, TRACKS, Defect, Defects, Place, changed, rename


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
    rename(export, old, new)
    return new, None


CONTENTS: Defects = {
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
        Defect("address", ("coco",), changed("box", _address)),
        Defect("path", ("coco",), changed("box", _path)),
        Defect("name_in_file", PICTURES, _name_in_file),
    ),
}

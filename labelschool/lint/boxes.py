"""Rules on boxes: R3, R5, R6, R12, R15 and R24."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from labelschool.formats.contract import printable
from labelschool.formats.dataset import Box, Item, Label, Track
from labelschool.lint.export import Export, Place
from labelschool.lint.rules import Problem, rule

TOLERANCE = 0.5
"""Pixels by which a box may leave its picture: as much as rounding to whole pixels can move it."""
SAME = 0.95
"""Above this IoU two boxes of a class are one object labelled twice."""
FAR = 1e9
"""No side of a box that is worth a comparison is as many pixels long."""
NOISE = 1e-4
"""What the digits of a text file may add to a share of the picture."""


@rule(
    "R3",
    "An id is used once",
    pitfalls=("SAHI: ids are not unique after two files were merged",),
)
def unique_ids(export: Export) -> Iterator[Problem]:
    """No two labels have one id."""
    seen: set[str] = set()
    for label in export.labels:
        own, place = str(label.id), export.at(label)
        # The reader tells spans of one id apart by the ids of their texts.
        if export.format == "jsonl" and own.startswith(before := f"{label.item}:"):
            own = own.removeprefix(before).partition(":")[0]
            place = replace(place, id=own)
        if own in seen:
            yield (
                place,
                "another annotation has this id.",
                "Number the annotations anew, after every merge of files.",
            )
        seen.add(own)


@rule(
    "R5",
    "A box lies inside its picture, but for 0.5 px",
    pitfalls=("Pascal VOC: pixels count from 1, and a file that counts from 0 is off by one",),
)
def box_inside_picture(export: Export) -> Iterator[Problem]:
    """A box lies inside its picture, but for `TOLERANCE`; of a turned box, its centre does."""
    for label, box, which in export.boxes:
        item = export.picture(label)
        if item is None or not _sides(box) or (export.is_yolo and _shares(box, item)):
            continue
        if sides := _past(box, item.width, item.height):
            far = " and ".join(f"{by:g} px {side}" for side, by in sides.items())
            yield (
                export.at(label),
                f"the box{which} leaves {printable(item.name)} ({item.width:g} x {item.height:g}) "
                f"by {far}.",
                "Look at the picture: if the object goes on outside, end the box at the border; "
                "if it does not, draw the box again.",
            )


def _past(box: Box, width: float, height: float) -> dict[str, float]:
    """How many pixels a box passes which border, where it is more than the tolerance."""
    x, y, w, h = box.x, box.y, box.w, box.h
    if box.angle:
        x, y, w, h = x + w / 2, y + h / 2, 0, 0
    past = {
        "on the left": -min(x, x + w),
        "at the top": -min(y, y + h),
        "on the right": max(x, x + w) - width,
        "at the bottom": max(y, y + h) - height,
    }
    # The last digits of a sum of floats are noise.
    return {side: round(by, 6) for side, by in past.items() if round(by, 6) > TOLERANCE}


@rule(
    "R6",
    "Width and height of a box are above 0",
    pitfalls=("COCO Annotator: a click without a drag leaves a box without an area",),
)
def box_has_an_area(export: Export) -> Iterator[Problem]:
    """A box has an area."""
    for label, box, which in export.boxes:
        if not _sides(box):
            yield (
                export.at(label),
                f"the box{which} is {box.w:g} px wide and {box.h:g} px high.",
                "Draw the object again, or delete the annotation if nothing is there.",
            )


def _sides(box: Box) -> bool:
    return box.w > 0 and box.h > 0


@rule("R12", "No object is labelled twice: IoU above 0.95 in one class")
def no_duplicates(export: Export) -> Iterator[Problem]:
    """No two boxes of a picture and class are nearly the same."""
    seen: dict[tuple[object, ...], _Kept] = {}
    for label, box, _ in export.boxes:
        if isinstance(label.shape, Track) or not _can_be_compared(box):
            continue
        name = label.category.name.strip().lower()
        frame = label.attributes.get("frame")
        kept = seen.setdefault((label.item, frame, name, round(box.angle, 2)), _Kept())
        if first := kept.twin(label, box):
            yield (
                export.at(label),
                f"annotation {printable(export.at(first).id)} has the same class and nearly the "
                "same box.",
                "Keep the better one of the two.",
            )


def _can_be_compared(box: Box) -> bool:
    return max(abs(box.x), abs(box.y), box.w, box.h) < FAR and min(box.w, box.h) > 1 / FAR


class _Kept:
    """Boxes that are no duplicates of each other, in cells whose size goes with the box.

    A twin has sides within 1/`SAME` and lies within a twentieth of them, so only the few cells
    around a box can hold it, and a cell holds few boxes: the whole is linear.
    """

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int, int, int], list[tuple[Label, Box]]] = {}

    def twin(self, label: Label, box: Box) -> Label | None:
        """The box that this one repeats; when there is none, it is kept."""
        wide, high = _around(math.log(box.w), 0.052, 0.25), _around(math.log(box.h), 0.052, 0.25)
        for w, h in product(wide, high):
            for x, y in product(_cells(box.x, box.w, w), _cells(box.y, box.h, h)):
                for other, kept in self._cells.get((w, h, x, y), ()):
                    if _iou(box, kept) > SAME:
                        return other
        w, h = math.floor(math.log(box.w) / 0.25), math.floor(math.log(box.h) / 0.25)
        cell = (w, h, math.floor(box.x / _step(w)), math.floor(box.y / _step(h)))
        self._cells.setdefault(cell, []).append((label, box))
        return None


def _around(value: float, slack: float, step: float) -> range:
    return range(math.floor((value - slack) / step), math.floor((value + slack) / step) + 1)


def _cells(start: float, length: float, size: int) -> range:
    return _around(start, 0.06 * length, _step(size))


def _step(size: int) -> float:
    return math.exp(0.25 * size) / 2


def _iou(a: Box, b: Box) -> float:
    w = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    h = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return w * h / (a.w * a.h + b.w * b.h - w * h) if w > 0 and h > 0 else 0


@rule(
    "R15",
    "YOLO: values lie in 0 to 1, class numbers are in the list, empty pictures have empty files",
    pitfalls=("YOLO: values outside 0 to 1 make a trainer drop the whole picture",),
)
def yolo_in_range(export: Export) -> Iterator[Problem]:
    """Centre and size of a YOLO box are shares of its picture; every picture has a file."""
    for name in export.without_file:
        yield (
            Place(name, kind="file"),
            "the picture has no file of labels.",
            "Write an empty file for a picture without objects, or nobody knows that it was seen.",
        )
    if not export.is_yolo:
        return
    for label, box, _ in export.boxes:
        item = export.picture(label)
        if item and (wrong := _shares(box, item)):
            said = ", ".join(f"{name} {value:.4g}" for name, value in wrong.items())
            yield (
                export.at(label),
                f"not all values lie in 0 to 1: {said}.",
                "Divide x and width by the width of the picture, y and height by its height.",
            )


def _shares(box: Box, item: Item) -> dict[str, float]:
    """The numbers of a YOLO row that are no shares of the picture, by their names."""
    values = {
        "x": (box.x + box.w / 2) / item.width,
        "y": (box.y + box.h / 2) / item.height,
        "width": box.w / item.width,
        "height": box.h / item.height,
    }
    return {name: value for name, value in values.items() if not -NOISE <= value <= 1 + NOISE}


@rule(
    "R24",
    "A turned box is not stored as an upright one",
    "warning",
    pitfalls=("Label Studio: turned boxes lose their angle in some exports",),
)
def turned_boxes_kept(export: Export) -> Iterator[Problem]:
    """A label whose attributes tell an angle has a box with one, or an outline."""
    for label in export.labels:
        turn = label.attributes.get("rotation", 0)
        told = isinstance(turn, int | float) and not isinstance(turn, bool) and turn % 180 != 0
        if told and label.box is not None and not label.box.angle and label.region is None:
            yield (
                export.at(label),
                f"the attribute rotation is {turn:g}, and the box is upright.",
                "Export turned boxes as polygons or in a format that has an angle.",
            )

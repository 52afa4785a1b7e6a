"""The rules on a COCO file (https://cocodataset.org/#format-data).

`read` lets a file through when every annotation has an id, a picture with a size, and a box of four
numbers; a rule may rely on this and on no more.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool.lint.report import Severity, Unreadable, printable

TOLERANCE = 0.5
"""Pixels by which a box may leave its picture: as much as rounding to whole pixels can move it."""

Row = Mapping[str, Any]
Defect = tuple[int | str, str, str]
"""The id of an annotation, what is wrong with it, and what to do."""
Check = Callable[["Export"], Iterable[Defect]]


@dataclass(frozen=True)
class Export:
    """A COCO file as it was parsed; pictures by their id."""

    file: str
    images: Mapping[int | str, Row]
    annotations: tuple[Row, ...]


@dataclass(frozen=True)
class Rule:
    """A check under the number by which it is known, and how bad what it finds is."""

    id: str
    severity: Severity
    check: Check


RULES: dict[str, Rule] = {}
"""All rules there are, in the order in which they run."""


def rule(id_: str, severity: Severity = "error") -> Callable[[Check], Check]:
    """Enters a function from an export to its defects as a rule."""

    def enter(check: Check) -> Check:
        RULES[id_] = Rule(id_, severity, check)
        return check

    return enter


@rule("R5")
def box_inside_picture(export: Export) -> Iterator[Defect]:
    """A box lies inside its picture, but for `TOLERANCE`."""
    for row in export.annotations:
        image = export.images[row["image_id"]]
        if sides := _past(row["bbox"], image["width"], image["height"]):
            far = " and ".join(f"{by:g} px {side}" for side, by in sides.items())
            name = printable(image.get("file_name", row["image_id"]))
            yield (
                row["id"],
                f"the box leaves {name} ({image['width']:g} x {image['height']:g}) by {far}.",
                "Look at the picture: if the object goes on outside, end the box at the border; "
                "if it does not, draw the box again.",
            )


def _past(bbox: list[float], width: float, height: float) -> dict[str, float]:
    """How many pixels a box passes which border, where it is more than the tolerance."""
    x, y, w, h = bbox
    past = {
        "on the left": -min(x, x + w),
        "at the top": -min(y, y + h),
        "on the right": max(x, x + w) - width,
        "at the bottom": max(y, y + h) - height,
    }
    # The last digits of a sum of floats are noise.
    return {side: round(by, 6) for side, by in past.items() if round(by, 6) > TOLERANCE}


# Reading ----------------------------------------------------------------------------------------


def read(path: Path) -> Export:
    """The file as an export. Raises `Unreadable` with the first reason why it is none."""
    name = path.as_posix()
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name} is not valid JSON: export it again.") from error
    rows = {key: data.get(key) if isinstance(data, dict) else None for key in _LISTS}
    for key, found in rows.items():
        if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
            raise Unreadable(f"{name} is no COCO file: it needs a list {key!r} of objects.")
    images: dict[int | str, Row] = {}
    for number, row in enumerate(rows["images"], 1):
        if not _is_id(row.get("id")):
            raise Unreadable(f"{name}: picture number {number} of the list has no id.")
        if not all(_is_number(row.get(side)) and row[side] > 0 for side in ("width", "height")):
            raise Unreadable(f"{name}: picture {printable(row['id'])} has no width and height.")
        images[row["id"]] = row
    for number, row in enumerate(rows["annotations"], 1):
        if complaint := _complaint(row, images):
            which = printable(row["id"]) if _is_id(row.get("id")) else f"number {number}"
            raise Unreadable(f"{name}: annotation {which} {complaint}.")
    return Export(name, images, tuple(rows["annotations"]))


_LISTS = ("images", "annotations")


def _complaint(row: Row, images: Mapping[int | str, Row]) -> str | None:
    """What an annotation lacks before any rule can look at it."""
    if not _is_id(row.get("id")):
        return "of the list has no id"
    if not _is_id(row.get("image_id")) or row["image_id"] not in images:
        return "is on a picture that the file does not list"
    bbox = row.get("bbox")
    if not isinstance(bbox, list) or len(bbox) != 4 or not all(map(_is_number, bbox)):
        return "has no bbox of four numbers"
    return None


def _is_id(value: Any) -> bool:
    return isinstance(value, int | str) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    """Whether a JSON value is a number to compute with: no NaN, no infinity, no giant."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) if isinstance(value, float) else abs(value) < 2**53

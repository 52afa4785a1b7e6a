"""The fields of COCO's rows, each checked. What cannot be understood is `Odd`."""

from __future__ import annotations

import math
from typing import Any

from labelschool.formats import rle
from labelschool.formats.dataset import (
    NONE,
    Attributes,
    Box,
    Category,
    Item,
    Keypoints,
    Mask,
    Polygon,
    Region,
)
from labelschool.formats.rows import Odd

ANNOTATION = frozenset(
    (
        *("id", "image_id", "category_id", "bbox", "area", "segmentation", "iscrowd"),
        *("keypoints", "num_keypoints", "attributes"),
    )
)
_IMAGE = frozenset(("id", "file_name", "width", "height"))
_HOPELESS = 1e15
"""No coordinate has this size, and floats are no longer exact to a pixel."""


def box(values: Any) -> Box:
    """``[x, y, width, height]``."""
    try:
        x, y, w, h = values
        if math.hypot(x, y, w, h) < _HOPELESS and bool not in map(type, values):
            return Box(x, y, w, h)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Odd("bbox is no list of four numbers")


def region(found: Any) -> Region:
    """Polygons or run lengths."""
    if isinstance(found, list):
        for part in found:
            _check_part(part)
        return Polygon(found)
    if isinstance(found, dict):
        return _mask(found)
    raise Odd("segmentation is neither polygons nor run lengths")


def _check_part(part: Any) -> None:
    try:
        good = type(part) is list and math.hypot(*part) < _HOPELESS
    except (TypeError, OverflowError):
        good = False
    if not good:
        raise Odd("segmentation is no list of lists of numbers")
    if len(part) % 2 or not part:
        raise Odd("a polygon has an odd number of coordinates, or none", "R9")


def _mask(found: dict[str, Any]) -> Mask:
    size, counts = found.get("size"), found.get("counts")
    if not isinstance(size, list) or len(size) != 2 or not all(map(_is_length, size)):
        raise Odd("the size of its run lengths is no [height, width]", "R10")
    if isinstance(counts, str):
        good = rle.TEXT.fullmatch(counts) is not None
    else:
        good = isinstance(counts, list) and all(map(_is_length, counts))
    if not good:
        raise Odd("its run lengths are neither numbers nor COCO's text", "R10")
    return Mask(size[0], size[1], counts)


def keypoints(values: Any, count: int) -> Keypoints:
    """``[x, y, visibility, ...]`` of so many keypoints."""
    try:
        good = len(values) == 3 * count and math.hypot(*values) < _HOPELESS
    except (TypeError, OverflowError):
        good = False
    if not good:
        raise Odd(
            f"keypoints is no list of {3 * count} numbers"
            if count
            else "it has keypoints, and its category does not name any"
        )
    return Keypoints(values)


def is_empty(values: Any) -> bool:
    """Whether keypoints are all zeros, as some tools write them for what has none."""
    return isinstance(values, list) and not any(values)


def item(row: dict[str, Any]) -> Item:
    """A row of ``images``."""
    name = row.get("file_name")
    if not isinstance(name, str) or not name:
        raise Odd("it has no file_name")
    # Label Studio writes null for pictures without labels.
    width, height = (number(row.get(side) or 0, side) for side in ("width", "height"))
    return Item(row["id"], name, width, height, attributes=scalars(row, _IMAGE))


def category(row: dict[str, Any]) -> Category:
    """A row of ``categories``, whose skeleton counts keypoints from 1."""
    name, group = row.get("name"), row.get("supercategory")
    if not isinstance(name, str):
        raise Odd("it has no name")
    keypoints, skeleton = row.get("keypoints") or [], row.get("skeleton") or []
    if not isinstance(keypoints, list) or not all(isinstance(each, str) for each in keypoints):
        raise Odd("its keypoints are no list of names")
    try:
        joints = tuple((int(a) - 1, int(b) - 1) for a, b in skeleton)
    except (TypeError, ValueError, OverflowError):
        raise Odd("its skeleton is no list of pairs") from None
    if not all(0 <= end < len(keypoints) for joint in joints for end in joint):
        raise Odd("its skeleton joins keypoints that it does not have")
    return Category(
        row["id"], name, group if isinstance(group, str) else "", tuple(keypoints), joints
    )


def is_id(value: Any) -> bool:
    """Whether a value can be an id: a whole number of 64 bits, or text."""
    return type(value) is str or (type(value) is int and abs(value) < 1 << 63)


def _is_length(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 40


def number(value: Any, what: str) -> float:
    """A number that a computer can go on with."""
    if type(value) not in (int, float) or not -_HOPELESS < value < _HOPELESS:
        raise Odd(f"its {what} is no number")
    return value


def scalars(row: Any, known: frozenset[str]) -> Attributes:
    """What a row says beside what is known, as far as it is no list and no object."""
    if not isinstance(row, dict):
        return NONE
    found = {
        key: value
        for key, value in row.items()
        if key not in known
        and (isinstance(value, str) or (isinstance(value, int | float) and abs(value) < 1 << 63))
    }
    return found or NONE

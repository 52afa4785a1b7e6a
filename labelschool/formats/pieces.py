"""A label as the single shapes of tools that have one shape to an object."""

from __future__ import annotations

import math
from dataclasses import dataclass

from labelschool.formats.contract import Losses
from labelschool.formats.dataset import (
    Box,
    Dataset,
    Item,
    Keypoints,
    Label,
    Line,
    Mask,
    Polygon,
)
from labelschool.formats.rasters import MOST_PIXELS, bounds, filled, rings
from labelschool.formats.shapes import SHAPES, around, around_mask, corners

Piece = Box | Polygon | Mask | Line | Keypoints

CROWD = "is_crowd"
"""The attribute that says a label is a crowd, where a format has attributes and no crowds."""

GROUPED = "written as one label a shape, joined by a group"
SPLIT = "written as one polygon a part"
ELLIPSE_CORNERS = 64
"""Corners of the polygon that an ellipse becomes; its area is 0.16 % smaller."""

SAME_BOX = 0.5
"""Up to how many px a box beside an outline is taken for the outline's own."""


def by_item(dataset: Dataset, losses: Losses) -> dict[int | str, list[Label]]:
    """The labels of each item, in the order of the items; those of no item are dropped."""
    found: dict[int | str, list[Label]] = {id: [] for id in dataset.items}
    for label in dataset.labels:
        if label.item in found:
            found[label.item].append(label)
        else:
            losses.dropped("labels of items that are not there")
    return found


@dataclass(frozen=True)
class Holds:
    """Which shapes a format has: turned boxes, polygons of several parts, polygons with holes,
    masks, and groups that join the shapes of one object.
    """

    rotation: bool = True
    parts: bool = False
    holes: bool = False
    masks: bool = True
    groups: bool = False


def pieces(label: Label, item: Item, holds: Holds, losses: Losses) -> list[Piece]:
    """The shapes of a label of a picture, none for a tag; what changes is counted in `losses`."""
    found: list[Piece] = []
    if isinstance(label.region, Polygon):
        found += _polygons(label.region, item, holds, losses)
    elif isinstance(label.region, Mask) and (flaw := _flaw(label.region, holds)):
        losses.dropped(flaw)
    elif label.region is not None:
        found.append(label.region)
    if label.keypoints is not None:
        found.append(label.keypoints)
    if label.box is not None and (label.region is None or not found):
        found.append(_box(label.box, holds, losses))
    elif label.box is not None and not _same(label.box, _enclosing(label.region)):
        losses.dropped("boxes that differ from their outline", "dropped for the outline's own")
    if label.keypoints is not None and len(found) > 1:
        losses.changed(
            "objects of several shapes", GROUPED if holds.groups else "written as one label a shape"
        )
    return found


def _flaw(mask: Mask, holds: Holds) -> str | None:
    """How losses name a mask that cannot be written."""
    if not holds.masks:
        return "masks"
    try:
        return None if bounds(mask)[2] else "empty masks"
    except ValueError:
        return "masks whose runs do not fill their picture"


def _polygons(polygon: Polygon, item: Item, holds: Holds, losses: Losses) -> list[Piece]:
    if polygon.holes and not holds.holes:
        width, height = int(item.width), int(item.height)
        if holds.masks and 0 < width * height <= MOST_PIXELS:
            mask = filled(polygon, width, height)
            if not bounds(mask)[2]:
                losses.dropped("polygons with holes that cover no pixel")
                return []
            losses.changed("polygons with holes", "written as masks")
            return [mask]
        losses.changed("polygons with holes", "written without their holes")
        polygon = Polygon(polygon.parts)
    if len(polygon.parts) == 1 or holds.parts:
        return [polygon]
    losses.changed("polygons of several parts", SPLIT)
    return [Polygon([part], holes) for part, holes in rings(polygon)]


def _box(box: Box, holds: Holds, losses: Losses) -> Box:
    if not box.angle or holds.rotation:
        return box
    losses.changed("rotated boxes", "written as enclosing boxes")
    return around(corners(box))


def _enclosing(region: Polygon | Mask | Line | None) -> Box | None:
    """The box that encloses a region, None where there is nothing to enclose."""
    if isinstance(region, Polygon):
        return around([value for part in region.parts for value in part])
    if isinstance(region, Mask):
        return around_mask(region)
    return around(region.points) if region is not None else None


def _same(box: Box, other: Box | None) -> bool:
    return other is not None and all(
        abs(a - b) <= SAME_BOX
        for a, b in (
            (box.x, other.x),
            (box.y, other.y),
            (box.x + box.w, other.x + other.w),
            (box.y + box.h, other.y + other.h),
            (box.angle, 0),
        )
    )


def ellipse(cx: float, cy: float, rx: float, ry: float, turn: float) -> list[float]:
    """An ellipse, turned clockwise by so many radians, as a polygon."""
    flat = []
    for corner in range(ELLIPSE_CORNERS):
        angle = math.tau * corner / ELLIPSE_CORNERS
        x, y = rx * math.cos(angle), ry * math.sin(angle)
        flat += (
            cx + x * math.cos(turn) - y * math.sin(turn),
            cy + x * math.sin(turn) + y * math.cos(turn),
        )
    return flat


def count_unheld(label: Label, losses: Losses) -> bool:
    """Whether a label is of no shape in a picture, which is then counted as dropped."""
    if label.shape is None:
        return False
    losses.dropped(SHAPES[type(label.shape)])
    return True


def count_unused(dataset: Dataset, losses: Losses) -> None:
    """Counts the classes that a format without an ontology loses, as no label has them."""
    used = {(label.category.name, label.category.group) for label in dataset.labels}
    kept = sum((category.name, category.group) in used for category in dataset.categories)
    losses.dropped("classes that no label has", count=len(dataset.categories) - kept)

"""Geometry of labels for formats that hold less: corners, bounds, outlines, and what was lost."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Sequence

from labelschool.formats import rasters
from labelschool.formats.contract import Losses, Options
from labelschool.formats.dataset import (
    Box,
    Cuboid,
    Dataset,
    Item,
    Keypoints,
    Label,
    Line,
    Mask,
    Polygon,
    Relation,
    Span,
    Track,
)

SHAPES = {Track: "tracks", Span: "spans", Relation: "relations", Cuboid: "cuboids"}
"""How losses name a label that is no shape in a picture."""


def corners(box: Box) -> list[float]:
    """``[x0, y0, ..., y3]`` of a box, clockwise as seen from the corner that is the top left one
    before the box is turned.
    """
    cx, cy = box.x + box.w / 2, box.y + box.h / 2
    cos, sin = math.cos(box.angle), math.sin(box.angle)
    halves = ((-box.w, -box.h), (box.w, -box.h), (box.w, box.h), (-box.w, box.h))
    turned = ((a * cos - b * sin, a * sin + b * cos) for a, b in halves)
    return [value for a, b in turned for value in (cx + a / 2, cy + b / 2)]


def from_corners(points: Sequence[float]) -> Box:
    """The turned box of four corners in order; a quadrilateral that is no rectangle gives the
    rectangle of its centre, of its mean sides and of the direction of its first side.
    """
    x0, y0, x1, y1, x2, y2, x3, y3 = points
    w = (math.hypot(x1 - x0, y1 - y0) + math.hypot(x2 - x3, y2 - y3)) / 2
    h = (math.hypot(x3 - x0, y3 - y0) + math.hypot(x2 - x1, y2 - y1)) / 2
    cx, cy = (x0 + x1 + x2 + x3) / 4, (y0 + y1 + y2 + y3) / 4
    angle = math.atan2(y1 - y0 + y2 - y3, x1 - x0 + x2 - x3)
    return Box(cx - w / 2, cy - h / 2, w, h, angle if abs(angle) > 1e-12 else 0)


def around(points: Sequence[float]) -> Box:
    """The smallest box around ``[x0, y0, x1, y1, ...]``."""
    xs, ys = points[0::2], points[1::2]
    left, top = min(xs), min(ys)
    return Box(left, top, max(xs) - left, max(ys) - top)


def around_mask(mask: Mask) -> Box | None:
    """The smallest box around the pixels of a mask; None when there are none."""
    height, at = mask.height, 0
    spans = []
    for index, run in enumerate(mask.counts):
        if index % 2 and run > 0:
            spans.append((at, at + run - 1))
        at += run
    if not spans or not height:
        return None
    left, right = spans[0][0] // height, spans[-1][1] // height
    whole = any(first // height != last // height for first, last in spans)
    top = 0 if whole else min(first % height for first, _ in spans)
    bottom = height - 1 if whole else max(last % height for _, last in spans)
    return Box(left, top, right - left + 1, bottom - top + 1)


def bounds(label: Label) -> Box | None:
    """The box of an object in a picture, or the smallest around the rest of it; not turned."""
    if label.box is not None:
        return around(corners(label.box)) if label.box.angle else label.box
    match label.region:
        case Polygon(parts) if any(parts):
            return around([value for part in parts for value in part])
        case Mask():
            return around_mask(label.region)
        case Line(points) if points:
            return around(points)
    return _around_keypoints(label.keypoints)


def _around_keypoints(keypoints: Keypoints | None) -> Box | None:
    values = keypoints.values if keypoints else []
    points = [
        value
        for x, y, seen in zip(values[0::3], values[1::3], values[2::3], strict=False)
        if seen > 0
        for value in (x, y)
    ]
    return around(points) if points else None


def pictures(dataset: Dataset, losses: Losses) -> Iterator[Item]:
    """The items that are pictures; clips and texts are lost."""
    for item in dataset.items.values():
        if item.text is not None:
            losses.dropped("texts")
        elif item.frames:
            losses.dropped("clips")
        else:
            yield item


def lost(label: Label, losses: Losses) -> bool:
    """Whether a label is no object with an extent in a picture, which formats of detection lack."""
    if label.shape is not None:
        losses.dropped(SHAPES[type(label.shape)])
    elif isinstance(label.region, Line) and label.box is None:
        losses.dropped("points" if len(label.region.points) == 2 else "lines")
    elif label.box is None and label.region is None and label.keypoints is None:
        losses.dropped("tags")
    else:
        return False
    return True


def objects(
    dataset: Dataset, known: Container[int | str], options: Options, losses: Losses
) -> Iterator[Label]:
    """The labels of the known items that are objects with an extent. Crowds are dropped or kept as
    single objects, as the options say.
    """
    keep = options.crowd == "keep"
    for label in dataset.labels:
        if label.item not in known:
            continue
        if label.crowd:
            if not keep:
                losses.dropped("crowds")
                continue
            losses.changed("crowds", "written as single objects")
        if (label.box is None or label.shape is not None) and lost(label, losses):
            continue
        yield label


def box_alone(label: Label, losses: Losses) -> Box | None:
    """The box of an object, not turned, for formats that hold no more than boxes."""
    box = label.box
    if box is not None and not box.angle:
        if label.region is not None:
            losses.changed(region_kind(label), "written as boxes")
    else:
        box = enclosing(label, losses)
    if label.keypoints is not None:
        losses.changed("figures of keypoints", "written as boxes")
    return box


def enclosing(label: Label, losses: Losses) -> Box | None:
    """The smallest box around an object without one, or with one that is turned."""
    box = bounds(label)
    if box is None:
        losses.dropped("objects without an extent")
    elif label.box is not None:
        losses.changed("rotated boxes", "written as enclosing boxes")
    elif label.region is not None:
        losses.changed(region_kind(label), "written as enclosing boxes")
    return box


def region_kind(label: Label) -> str:
    """The name of the region of a label in reports of losses."""
    match label.region:
        case Mask():
            return "masks"
        case Line():
            return "lines"
    return "polygons"


def outlines(mask: Mask) -> Polygon:
    """The outlines of a mask along the edges of its pixels, and those of its holes.

    Filled again by the centres of pixels it is the same mask (`rasters.filled`). Parts that touch
    at a corner alone stay apart. Raises ValueError as `rasters.cropped`.
    """
    import numpy as np

    crop, left, top = rasters.cropped(mask)
    padded = np.pad(crop, 1)
    inner = padded[1:-1, 1:-1]
    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}
    # The edges of set pixels whose neighbour is not set, clockwise as seen around what is set.
    for neighbour, (fx, fy), (tx, ty) in (
        (padded[:-2, 1:-1], (0, 0), (1, 0)),
        (padded[1:-1, 2:], (1, 0), (1, 1)),
        (padded[2:, 1:-1], (1, 1), (0, 1)),
        (padded[1:-1, :-2], (0, 1), (0, 0)),
    ):
        for y, x in np.argwhere(inner & ~neighbour).tolist():
            ahead.setdefault((x + fx, y + fy), []).append((x + tx, y + ty))
    polygon = Polygon([])
    while ahead:
        ring = _ring(ahead)
        flat = [float(value) for x, y in ring for value in (x + left, y + top)]
        (polygon.parts if _clockwise(ring) else polygon.holes).append(flat)
    return polygon


def _ring(ahead: dict[tuple[int, int], list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """Takes one closed walk out of the edges; its corners alone."""
    start = at = next(iter(ahead))
    ring, step = [], (0, 0)
    while True:
        choices = ahead[at]
        # Where two ways meet at a corner, the right turn stays with the pixel.
        right = (at[0] - step[1], at[1] + step[0])
        after = choices.pop(choices.index(right) if right in choices else 0)
        if not choices:
            del ahead[at]
        if (after[0] - at[0], after[1] - at[1]) != step:
            ring.append(at)
            step = (after[0] - at[0], after[1] - at[1])
        at = after
        if at == start:
            break
    first, second, last = ring[0], ring[1], ring[-1]
    if (first[0] == second[0] == last[0]) or (first[1] == second[1] == last[1]):
        ring.pop(0)
    return ring


def _clockwise(ring: list[tuple[int, int]]) -> bool:
    """Whether a ring runs clockwise as seen, with y downwards."""
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) > 0

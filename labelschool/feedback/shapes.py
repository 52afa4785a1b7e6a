"""One drawing for each kind of shape, whether it is true or was made by a learner."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import singledispatch
from typing import TYPE_CHECKING, Any, Literal

from labelschool.feedback.drawing import Canvas, ring
from labelschool.feedback.palette import ANSWER, DECOY, IGNORE, MUST, Style
from labelschool.model import (
    CUBOID_EDGES,
    SKELETON,
    BBox,
    Box,
    Calibration,
    Cuboid,
    Decoy,
    Figure,
    Keyframe,
    Lesion,
    Mark,
    Mask,
    Part,
    Point,
    Polygon,
    TruthBox,
    TruthCuboid,
    TruthFigure,
    TruthMask,
    TruthState,
    Zone,
    cuboid_corners,
    decode_mask,
    project,
)

if TYPE_CHECKING:
    import numpy as np
    from PIL import Image

NAMED = 20
"""Up to so many shapes in a picture bear names; more would hide it."""
CROSS = 6
"""Half the width in px of the cross of a finding without an outline."""
BESIDE = 6
"""Px between a keypoint and its name."""
BEYOND = 1.0
"""Metres by which the arrow of a cuboid stands out of its front."""
NEAREST = 0.5
"""Metres before the camera; what is nearer cannot be projected."""
DECISIONS = {"accept": MUST, "fix": ANSWER, "reject": DECOY}


@singledispatch
def draw(shape: Any, canvas: Canvas, style: Style, words: str = "") -> None:
    """Draw a shape with words on its plate.

    A canvas in px of a picture takes boxes, masks, polygons, figures, findings and states of a
    track; one in metres takes cuboids and zones. Raises TypeError for another kind of shape.
    """
    raise TypeError(f"no drawing of {type(shape).__name__}")


@draw.register
def _(shape: Box | TruthBox | Decoy, canvas: Canvas, style: Style, words: str = "") -> None:
    box(canvas, shape.bbox, style, words)


def box(canvas: Canvas, bbox: BBox, style: Style, words: str = "", width: float = 2) -> None:
    """A box whose dashes begin at each corner, so that corners are always drawn."""
    corners = _corners(bbox)
    sides = [[corners[n], corners[(n + 1) % 4]] for n in range(4)]
    canvas.lines(sides if style.dash else [ring(corners)], style, width)
    canvas.plate(bbox[:2], words, style)


@draw.register
def _(shape: Mask | TruthMask | Lesion, canvas: Canvas, style: Style, words: str = "") -> None:
    from PIL import Image

    mask = decode_mask(shape.rle)
    if mask.any():
        region = Image.fromarray(mask).resize(canvas.size, Image.Resampling.NEAREST)
        canvas.fill(_pixels(region), style)
        rows, columns = mask.any(1), mask.any(0)
        canvas.plate((columns.argmax(), rows.argmax()), words, style)


@draw.register
def _(shape: Polygon, canvas: Canvas, style: Style, words: str = "") -> None:
    canvas.fill(_inside(canvas, shape.parts), style)
    outlines = [line for part in shape.parts for line in (part.outline, *part.holes)]
    canvas.lines([ring(line) for line in outlines], style, 1.5)
    canvas.plate(_top_left(shape.parts[0].outline), words, style)


@draw.register
def _(shape: Figure | TruthFigure, canvas: Canvas, style: Style, words: str = "") -> None:
    points = {point.name: point for point in shape.points if point.visibility}
    bones = [[points[name] for name in bone] for bone in SKELETON if {*bone} <= points.keys()]
    canvas.lines([[(point.x, point.y) for point in bone] for bone in bones], style, 1.5)
    for point in points.values():
        canvas.dot((point.x, point.y), style, hollow=point.visibility == 1)
    for point in points.values():
        canvas.plate((point.x + BESIDE, point.y), _short(point.name), style)
    if points:
        canvas.plate(_top_left([(point.x, point.y) for point in points.values()]), words, style)


@draw.register
def _(shape: Mark, canvas: Canvas, style: Style, words: str = "") -> None:
    x, y = shape.center
    if shape.outline:
        canvas.lines([ring(shape.outline)], style, 1.5)
    else:
        cross = [[(x - CROSS, y), (x + CROSS, y)], [(x, y - CROSS), (x, y + CROSS)]]
        canvas.lines(cross, style, 1.5)
    canvas.plate(_top_left([shape.center, *shape.outline]), words, style)


@draw.register
def _(shape: Keyframe | TruthState, canvas: Canvas, style: Style, words: str = "") -> None:
    if shape.bbox is None or shape.outside:
        return
    box(canvas, shape.bbox, style, words)
    if getattr(shape, "occluded", False):
        crossed(canvas, shape.bbox, style)


@draw.register
def _(shape: Cuboid | TruthCuboid, canvas: Canvas, style: Style, words: str = "") -> None:
    """From above, with an arrow out of the front."""
    (x, y, _), reach = shape.center, shape.size[0] / 2 + BEYOND
    tip = x + reach * math.cos(shape.yaw), y + reach * math.sin(shape.yaw)
    floor = [corner[:2] for corner in cuboid_corners(shape)[:4]]
    canvas.lines([ring(floor)], style, 1.5)
    canvas.lines([[(x, y), tip]], style._replace(dash=()), 1.5)
    canvas.dot(tip, style, 2)
    canvas.plate(max(floor), words, style)


@draw.register
def _(shape: Zone, canvas: Canvas, style: Style, words: str = "") -> None:
    canvas.fill(_inside(canvas, [Part(outline=shape.outline)]), style)
    canvas.lines([ring(shape.outline)], style, 1.5)
    canvas.plate(max(shape.outline), words, style)


def crossed(canvas: Canvas, bbox: BBox, style: Style) -> None:
    """Cross a box out."""
    a, b, c, d = _corners(bbox)
    canvas.lines([[a, c], [b, d]], style._replace(dash=()), 1)


def in_camera(
    canvas: Canvas,
    cuboid: Cuboid | TruthCuboid,
    calibration: Calibration,
    style: Style,
    words: str = "",
) -> None:
    """The edges of a cuboid in the camera picture, unless a part of it lies beside the camera."""
    seen = project(cuboid_corners(cuboid), calibration)
    if all(depth > NEAREST for _, _, depth in seen):
        places = [place[:2] for place in seen]
        canvas.lines([[places[a], places[b]] for a, b in CUBOID_EDGES], style, 1.5)
        canvas.plate(_top_left(places), words, style)


def verdict(
    canvas: Canvas,
    proposal: Any,
    decision: Literal["accept", "fix", "reject"] | None,
    fix: Any = None,
    words: str = "",
) -> None:
    """A proposed label with what was decided of it, and as it should be.

    `proposal` is None for what nobody labelled, `decision` None where there is none yet.
    """
    style = DECISIONS.get(decision, IGNORE)
    if proposal is not None:
        draw(proposal, canvas, IGNORE if fix else style, "" if fix else words)
    if fix is not None:
        draw(fix, canvas, style, words)
    elif decision == "reject" and isinstance(proposal, Box):
        crossed(canvas, proposal.bbox, style)


def flags(shape: Box | TruthBox) -> list[str]:
    """The flags of a box that are set, in short."""
    told = {
        f"O{shape.occluded}": shape.occluded,
        "T": shape.truncated,
        "crowd": shape.crowd,
        "unsure": getattr(shape, "unsure", False),
        "mirror": shape.mirror,
    }
    return [words for words, is_set in told.items() if is_set]


def _corners(bbox: BBox) -> list[Point]:
    x, y, width, height = bbox
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def _top_left(points: Sequence[Sequence[float]]) -> Point:
    return min(x for x, _ in points), min(y for _, y in points)


def _inside(canvas: Canvas, parts: Sequence[Part]) -> np.ndarray:
    """The region of polygons on a canvas: what lies in an outline and in none of its holes."""
    import numpy as np
    from PIL import Image, ImageDraw

    region = np.zeros(canvas.size[::-1], bool)
    for part in parts:
        image = Image.new("1", canvas.size)
        pen = ImageDraw.Draw(image)
        for line, inside in ((part.outline, 1), *((hole, 0) for hole in part.holes)):
            pen.polygon([canvas.at(point) for point in line], fill=inside)
        region |= _pixels(image)
    return region


def _pixels(image: Image.Image) -> np.ndarray:
    import numpy as np

    return np.asarray(image, bool)


def _short(name: str) -> str:
    """``left_wrist`` as L wrist."""
    side, _, part = name.rpartition("_")
    return f"{side[:1].upper()} {part}".strip()

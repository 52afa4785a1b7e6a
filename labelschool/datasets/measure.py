"""The rules that turn masks into the truth of an object: guideline G1 on exact pixels.

Used when a set is built and again at run time, when a crop of a master becomes a new picture.
Masks are boolean arrays of shape (height, width); boxes are ``[x, y, width, height]`` in px.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from labelschool.model import OCCLUSION_STEPS, TRUNCATED_ABOVE, occlusion_level
from labelschool.scoring.matching import enclosing

MEASURED = ("occluded", "truncated", "small")
"""Edge cases that an object is given by its measure, whatever it was placed for."""
MUST_VISIBLE, MUST_SIDE = 0.40, 12
"""An object must be found if at least this share is visible and its shorter side has this many
pixels.
"""
EDGE_VISIBLE, EDGE_HEIGHT = 0.10, 6
"""The same for objects placed as a named edge case (G1 rule 8)."""
SMALL_HEIGHT = 16
LEAST_PIXELS = 12
"""Objects with fewer visible pixels are left out."""
OCCLUSION_RANGES = {
    "occluded_20": (0.08, 0.35),
    "occluded_50": (0.35, 0.65),
    "occluded_80": (0.65, 0.90),
}
"""Edge case -> hidden share; an object placed as one of them bears the one that it shows."""


def bounding_box(mask: np.ndarray) -> list[int]:
    """The box of the true pixels. Raises ValueError where there are none."""
    rows, columns = np.nonzero(mask.any(1))[0], np.nonzero(mask.any(0))[0]
    if not len(rows):
        raise ValueError("a box needs at least one pixel")
    return [
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    ]


def is_must(hidden: float, box: list[int], placed: bool, crowd: bool) -> bool:
    """Whether an object counts; ``placed`` objects stand for a named edge case."""
    if crowd:
        return False
    visible, (_, _, width, height) = round(1 - hidden, 4), box
    return (visible >= MUST_VISIBLE and min(width, height) >= MUST_SIDE) or (
        placed and visible >= EDGE_VISIBLE and height >= EDGE_HEIGHT
    )


def shows(name: str, occlusion: float, truncation: float, height: int) -> bool:
    """Whether an object of this measure shows the edge case ``name``."""
    if name in OCCLUSION_RANGES:
        low, high = OCCLUSION_RANGES[name]
        return low <= occlusion < high
    if name in ("occluded", "tree_hidden"):
        return occlusion > OCCLUSION_STEPS[0]
    if name == "truncated":
        return truncation > TRUNCATED_ABOVE
    return name != "small" or height < SMALL_HEIGHT


def inside_frame(full: np.ndarray, offset: tuple[int, int], shape: tuple[int, int]) -> np.ndarray:
    """The part of a full-extent mask that lies in a frame of ``shape`` (height, width).

    ``offset`` is the place (x, y) of the mask's first pixel in the picture.
    """
    frame = np.zeros(shape, bool)
    (x, y), (height, width) = offset, full.shape
    top, left = max(0, y), max(0, x)
    bottom, right = min(shape[0], y + height), min(shape[1], x + width)
    if bottom > top and right > left:
        frame[top:bottom, left:right] = full[top - y : bottom - y, left - x : right - x]
    return frame


def measure(
    visible: np.ndarray,
    full: np.ndarray,
    offset: tuple[int, int],
    edge_cases: Iterable[str] = (),
    crowd: bool = False,
) -> dict[str, Any]:
    """The measured fields of a ``TruthBox``: boxes, area, hidden and cut-off share, level.

    ``visible`` covers the picture, ``full`` is the whole object in a window at ``offset``, which
    may leave the picture. Of the ``edge_cases`` it was placed for, those that it does not show are
    dropped (of ``OCCLUSION_RANGES`` any may stand for another); an object that counts gets
    ``occluded``, ``truncated`` and ``small`` where they hold.
    Raises ValueError for an object without visible pixels.
    """
    inside = inside_frame(full, offset, visible.shape) | visible
    outside = int(full.sum() - inside_frame(full, offset, visible.shape).sum())
    box, area = bounding_box(visible), int(visible.sum())
    occlusion = round(1 - area / int(inside.sum()), 4)
    truncation = round(outside / (outside + int(inside.sum())), 4)
    placed = set(edge_cases)
    placed |= set(OCCLUSION_RANGES) if placed & set(OCCLUSION_RANGES) else set()
    named = {name for name in placed if shows(name, occlusion, truncation, box[3])}
    must = is_must(occlusion, box, bool(named), crowd)
    if must:
        named |= {name for name in MEASURED if shows(name, occlusion, truncation, box[3])}
    x, y, width, height = bounding_box(full)
    return {
        "bbox": box,
        "amodal_bbox": list(enclosing([(x + offset[0], y + offset[1], width, height), box])),
        "area": area,
        "level": "must" if must else "ignore",
        "occlusion": occlusion,
        "occluded": occlusion_level(occlusion),
        "truncation": truncation,
        "truncated": truncation > TRUNCATED_ABOVE,
        "crowd": crowd,
        "edge_cases": sorted(named),
    }

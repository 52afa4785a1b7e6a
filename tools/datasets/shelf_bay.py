"""The bay of a shelf picture: the part with about thirty objects that is to be labelled."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from shelf_truth import shown_cases

OBJECTS = (28, 34)
"""Least and most objects that count in a bay."""
WIDTHS = range(160, 641, 20)
STEP = 10
MARGIN = 5
"""Pixels between the outermost objects of a bay's boards and its upper and lower edge."""
INSIDE = 0.75
"""An object belongs to a bay if this share of its box lies in it."""
TRAPS = ("tag", "gap", "fallen", "turned", "stack", "hand", "cart", "glare")
"""Labels and edge cases that a bay should hold."""
KIND_GAIN, MOST_ALIKE, CUT_COST = 3, 3, 0.4
"""What a kind of trap or decoy adds to the first one of it, how many of a kind count, and what an
object cut by the border weighs against one.
"""

Bay = tuple[int, int, int, int]


def with_bay(item: dict) -> dict:
    """The truth item with a ``bay``; what lies outside becomes ``ignore``.

    A bay holds whole boards. Of all that hold the right number of objects, the one with most traps
    and decoys and fewest cut objects is taken. Raises ValueError where there is none.
    """
    counted = [found for found in item["objects"] if found["level"] == "must"]
    boxes = np.array([found["bbox"] for found in counted], float)
    traps = np.array(
        [[name in (found["label"], *found["edge_cases"]) for name in TRAPS] for found in counted]
    )
    decoys = np.array([decoy["bbox"] for decoy in item["decoys"]], float).reshape(-1, 4)
    kinds = np.array([decoy["kind"] for decoy in item["decoys"]])
    best, bay = -np.inf, None
    for candidate in _candidates(item, counted):
        shares = shares_inside(boxes, candidate)
        inside = shares >= INSIDE
        if not OBJECTS[0] <= inside.sum() <= OBJECTS[1]:
            continue
        held = traps[inside]
        lures = kinds[shares_inside(decoys, candidate) >= INSIDE]
        value = KIND_GAIN * (held.any(0).sum() + len(set(lures)))
        value += np.minimum(held.sum(0), MOST_ALIKE).sum() + min(MOST_ALIKE, len(lures))
        value -= CUT_COST * ((shares > 0) & ~inside).sum()
        if value > best:
            best, bay = value, candidate
    if bay is None:
        raise ValueError(f"{item['item']}: no bay holds {OBJECTS[0]} to {OBJECTS[1]} objects")
    shares = shares_inside(np.array([found["bbox"] for found in item["objects"]], float), bay)
    objects = [
        found if share >= INSIDE else found | {"level": "ignore"}
        for found, share in zip(item["objects"], shares, strict=True)
    ]
    kept = item | {"objects": objects, "bay": bay}
    return kept | {"edge_cases": shown_cases(kept)}


def _candidates(item: dict, counted: list[dict]) -> Iterator[Bay]:
    """Rectangles around one or more neighbouring boards, of all widths and places."""
    rows = sorted({found["row"] for found in counted})
    for first in range(len(rows)):
        for last in range(first, len(rows)):
            chosen = rows[first : last + 1]
            for width in WIDTHS:
                for x in range(0, item["width"] - width + 1, STEP):
                    boxes = [
                        found["bbox"]
                        for found in counted
                        if found["row"] in chosen
                        and found["bbox"][0] >= x
                        and found["bbox"][0] + found["bbox"][2] <= x + width
                    ]
                    if boxes:
                        top = max(0, min(box[1] for box in boxes) - MARGIN)
                        low = min(item["height"], max(box[1] + box[3] for box in boxes) + MARGIN)
                        yield x, top, width, low - top


def shares_inside(boxes: np.ndarray, bay: Bay) -> np.ndarray:
    """The share of each box, shape (n, 4), that lies in a bay."""
    right, low = bay[0] + bay[2], bay[1] + bay[3]
    across = np.minimum(boxes[:, 0] + boxes[:, 2], right) - np.maximum(boxes[:, 0], bay[0])
    down = np.minimum(boxes[:, 1] + boxes[:, 3], low) - np.maximum(boxes[:, 1], bay[1])
    return np.clip(across, 0, None) * np.clip(down, 0, None) / (boxes[:, 2] * boxes[:, 3])

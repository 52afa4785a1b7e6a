"""Answers to 2.A, 2.B and 2.C: right, with the mistakes the course names, and blind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from exercise_answers import save
from scipy import ndimage

from labelschool.course import load
from labelschool.model import (
    Box,
    Mask,
    MaskTruth,
    ReviewTruth,
    TruthItem,
    Verdict,
    decode_mask,
    encode_mask,
)

STREETS, OUTLINES, TRIAGE = "2.A", "2.B", "2.C"
LOOSE_PX = 5.0


def right(folder: Path) -> None:
    """What the truth itself would answer."""
    save(folder, STREETS, boxes)
    save(folder, OUTLINES, masks)
    save(folder, TRIAGE, lambda item: decided(item, item.verdicts[0].decision))


def slipped(folder: Path) -> None:
    """Loose boxes and forgotten flags; holes filled and two masks for one split thing;
    a clean mask of the wrong thing accepted.
    """
    save(folder, STREETS, lambda item: tuple(map(_loose, boxes(item))))
    save(folder, OUTLINES, lambda item: tuple(p for m in masks(item) for p in _pieces(m)))
    save(folder, TRIAGE, lambda item: decided(item, _charmed(item)))


def blind(folder: Path) -> None:
    """A box over the whole frame, a mask of it, every proposal rejected."""
    save(folder, STREETS, lambda item: (_box("b", "car", (0, 0, item.width, item.height)),))
    save(folder, OUTLINES, lambda item: (_frame(item),))
    save(folder, TRIAGE, lambda item: decided(item, "reject"))


def boxes(item: TruthItem) -> tuple[Box, ...]:
    return tuple(
        _box(f"b{o.id}", o.label, o.bbox).model_copy(
            update={"occluded": o.occluded, "truncated": o.truncated, "crowd": o.crowd}
        )
        for o in _asked(item)
    )


def masks(item: MaskTruth) -> tuple[Mask, ...]:
    return tuple(Mask(id=f"m{o.id}", label=o.label, rle=o.rle) for o in item.objects)


def decided(item: ReviewTruth, decision: str) -> tuple[Verdict, ...]:
    return (Verdict(id="v", target=item.verdicts[0].target, decision=decision),)


def _asked(item: TruthItem) -> list:
    classes = load().task(STREETS).classes
    return [o for o in item.objects if o.level == "must" and o.label in classes]


def _box(name: str, label: str, bbox: tuple) -> Box:
    """A box with the time that an annotator gives it."""
    return Box(id=name, label=label, bbox=bbox, ms=9000)


def _loose(box: Box) -> Box:
    """Too wide on all sides, and without flags."""
    x, y, width, height = box.bbox
    left, top = max(x - LOOSE_PX, 0), max(y - LOOSE_PX, 0)
    right, bottom = min(x + width + LOOSE_PX, 640), min(y + height + LOOSE_PX, 480)
    bbox = (left, top, right - left, bottom - top)
    return box.model_copy(update={"bbox": bbox, "occluded": 0, "truncated": False})


def _pieces(mask: Mask) -> list[Mask]:
    """Each piece as a mask of its own, with its holes filled."""
    solid = ndimage.binary_fill_holes(decode_mask(mask.rle))
    labels, count = ndimage.label(solid, np.ones((3, 3)))
    return [
        mask.model_copy(update={"id": f"{mask.id}-{n}", "rle": encode_mask(labels == n)})
        for n in range(1, count + 1)
    ]


def _charmed(item: ReviewTruth) -> str:
    row = item.verdicts[0]
    return "accept" if "wrong_object" in row.edge_cases else row.decision


def _frame(item: MaskTruth) -> Mask:
    whole = np.ones((item.height, item.width), bool)
    return Mask(id="m", label=item.objects[0].label, rle=encode_mask(whole))

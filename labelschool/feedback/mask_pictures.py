"""Pictures of masks as outlines: the reference dashed green, the answer solid orange."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from labelschool.feedback import pictures, views
from labelschool.feedback.drawing import Canvas, jpeg, ring
from labelschool.feedback.palette import ANSWER, REFERENCE, Style
from labelschool.model import Annotation, Item, Mask, MaskTruth, Polygon, ReviewTruth, decode_mask
from labelschool.scoring.pixels import Pixels, around, outlines, pixels
from labelschool.scoring.score import Finding

LEAST_AROUND = 120.0
"""Px of the picture that the place of an edge shows at least."""


def masks(truth: MaskTruth, item: Item, made: Sequence[Annotation]) -> bytes:
    """A whole picture with all masks, as JPEG."""
    canvas = views.picture(item.image, (item.width, item.height))
    return _over(canvas, [decode_mask(o.rle) for o in truth.objects], _drawn(item, made))


def mask_crop(
    truth: MaskTruth, item: Item, made: Sequence[Annotation], finding: Finding
) -> bytes | None:
    """The place of a finding with its object and its masks, as JPEG."""
    if finding.region is None:
        return masks(truth, item, made)
    x, y, width, height = finding.region
    aside, down = max(LEAST_AROUND - width, 0) / 2, max(LEAST_AROUND - height, 0) / 2
    size = (item.width, item.height)
    window = pictures.window((x - aside, y - down, width + 2 * aside, height + 2 * down), size)
    zoom = min(pictures.CROP_WIDTH / window[2], pictures.CROP_HEIGHT / window[3], pictures.MAX_ZOOM)
    canvas = views.part(item.image, size, window, zoom)
    true = [decode_mask(o.rle) for o in truth.objects if o.id == finding.truth_id]
    mine = [one for one in made if one.id in finding.annotation_ids]
    return _over(canvas, true, _drawn(item, mine))


def proposal(truth: ReviewTruth, item: Item) -> bytes:
    """The proposed masks of a picture over the exact ones, as JPEG."""
    canvas = views.picture(item.image, (item.width, item.height))
    return _over(canvas, _exact(truth), _drawn(item, item.proposals))


def proposal_crop(truth: ReviewTruth, item: Item) -> bytes:
    """The same, as near as both masks allow."""
    true, mine = _exact(truth), _drawn(item, item.proposals)
    rows, columns = around(np.logical_or.reduce([*true, *mine]))
    size = (item.width, item.height)
    region = (columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
    window = pictures.window(region, size)
    zoom = min(pictures.CROP_WIDTH / window[2], pictures.CROP_HEIGHT / window[3])
    return _over(views.part(item.image, size, window, zoom), true, mine)


def _exact(truth: ReviewTruth) -> list[Pixels]:
    return [decode_mask(row.right.rle) for row in truth.verdicts if isinstance(row.right, Mask)]


def _drawn(item: Item, made: Iterable[Annotation]) -> list[Pixels]:
    shapes = (one for one in made if isinstance(one, Mask | Polygon))
    return [pixels(one, item.width, item.height) for one in shapes]


def _over(canvas: Canvas, reference: Iterable[Pixels], answer: Iterable[Pixels]) -> bytes:
    for shapes, style in ((answer, ANSWER), (reference, REFERENCE)):
        for mask in shapes:
            _outline(canvas, mask, style)
    return jpeg(canvas.drawn())


def _outline(canvas: Canvas, mask: Pixels, style: Style) -> None:
    canvas.lines([ring(line) for line in outlines(mask)], style, 2)

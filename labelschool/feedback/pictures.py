"""Pictures of an answer over its reference: the reference dashed green, the answer solid orange.

Colour never stands alone: the two also differ in dash, for those who see no green.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from labelschool.feedback import views
from labelschool.feedback.drawing import Canvas, jpeg, load
from labelschool.feedback.palette import ANSWER, IGNORE, REFERENCE
from labelschool.feedback.shapes import box
from labelschool.model import BBox, Box, Item, ReviewTruth, TruthItem

CROP_WIDTH, CROP_HEIGHT = 400, 280
"""Largest size of a crop in px; it is shown at half of it, sharp on dense screens."""

MIN_SIDE = 64
"""Shortest side in px that a crop shows of its picture: some surroundings help to find the
place."""

MAX_ZOOM = 5


def crop(
    path: Path, region: BBox, *, reference: Iterable[BBox] = (), answer: Iterable[BBox] = ()
) -> bytes:
    """The place of a finding, enlarged, as JPEG. Boxes and region in px of the picture.

    Raises `Unreadable`, as all pictures here.
    """
    size = load(path).size
    shown = window(region, size)
    zoom = min(CROP_WIDTH / shown[2], CROP_HEIGHT / shown[3], MAX_ZOOM)
    return _over(views.part(path, size, shown, zoom), reference, answer, width=3)


def review_picture(
    truth: TruthItem, boxes: Sequence[Box], item: Item, classes: Sequence[str]
) -> bytes:
    """A whole picture with the answer over the objects of `classes` that count, as JPEG."""
    reference = [
        obj.bbox
        for obj in truth.objects
        if obj.level == "must" and not obj.crowd and obj.label in classes
    ]
    canvas = views.picture(item.image, (item.width, item.height))
    return _over(canvas, reference, [made.bbox for made in boxes], width=2)


def desk_picture(truth: ReviewTruth, item: Item) -> bytes:
    """A whole picture with the labels that were reviewed, by number, as JPEG.

    A wrong label is orange and bears its code, with the label as it should be; a right one is grey.
    """
    canvas = views.picture(item.image, (item.width, item.height))
    labels = {label.id: (number, label) for number, label in enumerate(item.proposals, 1)}
    for row in sorted(truth.verdicts, key=lambda row: row.code is not None):
        if row.target is not None:
            number, label = labels[row.target]
            box(canvas, label.bbox, ANSWER if row.code else IGNORE, f"{number} {row.code or ''}")
        if row.code and row.right is not None:
            box(canvas, row.right.bbox, REFERENCE, "" if row.target else row.code)
    return jpeg(canvas.drawn())


def thumbnail(path: Path) -> bytes:
    """A whole picture at most as large as a crop, as JPEG."""
    width, height = load(path).size
    zoom = min(CROP_WIDTH / width, CROP_HEIGHT / height, 2)
    return jpeg(views.part(path, (width, height), (0, 0, width, height), zoom).drawn())


def _over(
    canvas: Canvas, reference: Iterable[BBox], answer: Iterable[BBox], *, width: float
) -> bytes:
    for boxes, style in ((answer, ANSWER), (reference, REFERENCE)):
        for bbox in boxes:
            box(canvas, bbox, style, width=width)
    return jpeg(canvas.drawn())


def window(region: BBox, size: tuple[int, int]) -> BBox:
    """The region with a margin, of a pleasant shape and inside the picture."""
    width, height = region[2], region[3]
    margin = max(10.0, 0.25 * max(width, height))
    width, height = max(width + 2 * margin, MIN_SIDE), max(height + 2 * margin, MIN_SIDE)
    width = min(max(width, height * 0.8), size[0])
    height = min(max(height, width * 0.6), size[1])
    left = min(max(region[0] + region[2] / 2 - width / 2, 0), size[0] - width)
    top = min(max(region[1] + region[3] / 2 - height / 2, 0), size[1] - height)
    return left, top, width, height

"""Pictures of an answer over its reference: the reference dashed green, the answer solid orange.

Colour never stands alone: the two also differ in dash, for those who see no green.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from labelschool.model import BBox, Box, TruthItem

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

REFERENCE = (46, 224, 120)
ANSWER = (255, 140, 26)
CASING = (16, 20, 24)
"""Dark line under both, so that they stand out on any picture."""

CROP_WIDTH, CROP_HEIGHT = 400, 280
"""Largest size of a crop in px; it is shown at half of it, sharp on dense screens."""

MIN_SIDE = 64
"""Shortest side in px that a crop shows of its picture: some surroundings help to find the
place."""

MAX_ZOOM = 5
QUALITY = 82


def crop(
    path: Path, region: BBox, *, reference: Iterable[BBox] = (), answer: Iterable[BBox] = ()
) -> bytes:
    """The place of a finding, enlarged, as JPEG. Boxes and region in px of the picture."""
    from PIL import Image

    picture = _load(path)
    left, top, right, bottom = _window(region, picture.size)
    zoom = min(CROP_WIDTH / (right - left), CROP_HEIGHT / (bottom - top), MAX_ZOOM)
    size = (round((right - left) * zoom), round((bottom - top) * zoom))
    method = Image.Resampling.BICUBIC if zoom > 1 else Image.Resampling.BILINEAR
    part = picture.resize(size, method, box=(left, top, right, bottom))
    _draw(part, reference, answer, origin=(left, top), zoom=zoom, width=3)
    return _jpeg(part)


def review_picture(truth: TruthItem, boxes: Sequence[Box], path: Path) -> bytes:
    """A whole picture with the answer over the objects that count, as JPEG."""
    picture = _load(path).copy()
    reference = [obj.bbox for obj in truth.objects if obj.level == "must" and not obj.crowd]
    _draw(picture, reference, [box.bbox for box in boxes], origin=(0, 0), zoom=1, width=2)
    return _jpeg(picture)


def thumbnail(path: Path) -> bytes:
    """A whole picture at most as large as a crop, as JPEG."""
    picture = _load(path).copy()
    zoom = min(CROP_WIDTH / picture.width, CROP_HEIGHT / picture.height, 2)
    return _jpeg(picture.resize((round(picture.width * zoom), round(picture.height * zoom))))


@lru_cache(maxsize=8)
def _load(path: Path) -> Image.Image:
    """A picture in memory: several findings of one item open it once."""
    from PIL import Image

    with Image.open(path) as picture:
        return picture.convert("RGB")


def _window(region: BBox, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """The region with a margin, of a pleasant shape and inside the picture."""
    width, height = region[2], region[3]
    margin = max(10.0, 0.25 * max(width, height))
    width, height = max(width + 2 * margin, MIN_SIDE), max(height + 2 * margin, MIN_SIDE)
    width = min(max(width, height * 0.8), size[0])
    height = min(max(height, width * 0.6), size[1])
    left = min(max(region[0] + region[2] / 2 - width / 2, 0), size[0] - width)
    top = min(max(region[1] + region[3] / 2 - height / 2, 0), size[1] - height)
    return left, top, left + width, top + height


def _draw(
    picture: Image.Image,
    reference: Iterable[BBox],
    answer: Iterable[BBox],
    *,
    origin: tuple[float, float],
    zoom: float,
    width: int,
) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)

    def place(bbox: BBox) -> tuple[float, float, float, float]:
        left, top = (bbox[0] - origin[0]) * zoom, (bbox[1] - origin[1]) * zoom
        return left, top, left + bbox[2] * zoom, top + bbox[3] * zoom

    for bbox in answer:
        pen.rectangle(_grown(place(bbox), 1), outline=CASING, width=width + 2)
        pen.rectangle(place(bbox), outline=ANSWER, width=width)
    for bbox in reference:
        left, top, right, bottom = place(bbox)
        for line in (
            (left, top, right, top),
            (right, top, right, bottom),
            (right, bottom, left, bottom),
            (left, bottom, left, top),
        ):
            _dashed(pen, line, width)


def _dashed(pen: ImageDraw.ImageDraw, line: tuple[float, float, float, float], width: int) -> None:
    """A line of dashes that begins and ends with one, so that corners are always drawn."""
    x0, y0, x1, y1 = line
    length = max(abs(x1 - x0), abs(y1 - y0))
    dashes = max(round(length / (6 * width)), 1)
    steps = 2 * dashes + 1
    for step in range(0, steps, 2):
        a, b = step / steps, (step + 1) / steps
        dash = (x0 + (x1 - x0) * a, y0 + (y1 - y0) * a, x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)
        pen.line(dash, fill=CASING, width=width + 2)
        pen.line(dash, fill=REFERENCE, width=width)


def _grown(
    corners: tuple[float, float, float, float], px: float
) -> tuple[float, float, float, float]:
    return corners[0] - px, corners[1] - px, corners[2] + px, corners[3] + px


def _jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=QUALITY)
    return buffer.getvalue()

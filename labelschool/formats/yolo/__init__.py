"""YOLO labels (https://docs.ultralytics.com/datasets/): a text file for each picture, a row for
each object: the number of its class, then parts of the picture's width and height.

The four kinds are formats of their own, as their rows cannot always be told apart: nine numbers are
a turned box or an outline of four points.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from labelschool.formats.contract import Format
from labelschool.formats.yolo import reading, writing


def _recognise(fits: Callable[[set[int], bool], bool]) -> Callable[[Path], float]:
    def recognise(path: Path) -> float:
        found = reading.widths(path)
        if found is None:
            return 0
        columns, named, points = found
        return (0.9 if named else 0.6) if fits(columns, points) else 0

    return recognise


def _is_detect(columns: set[int], points: bool) -> bool:
    return not points and columns <= {5, 6}


def _is_segment(columns: set[int], points: bool) -> bool:
    return not points and bool(columns) and not columns <= {5, 6}


def _is_obb(columns: set[int], points: bool) -> bool:
    return not points and columns == {9}


FORMATS = (
    Format(
        "yolo",
        "YOLO (boxes)",
        _recognise(_is_detect),
        reading.reader(reading.detect),
        writing.writer(writing.detect, "detect"),
        frozenset(("boxes",)),
    ),
    Format(
        "yolo-segment",
        "YOLO (outlines)",
        _recognise(_is_segment),
        reading.reader(reading.segment),
        writing.writer(writing.segment, "segment"),
        frozenset(("polygons",)),
    ),
    Format(
        "yolo-obb",
        "YOLO (turned boxes)",
        _recognise(_is_obb),
        reading.reader(reading.obb),
        writing.writer(writing.obb, "obb"),
        frozenset(("boxes", "rotated boxes")),
    ),
    Format(
        "yolo-pose",
        "YOLO (keypoints)",
        _recognise(lambda columns, points: points),
        reading.reader(reading.pose),
        writing.writer(writing.pose, "pose"),
        frozenset(("boxes", "keypoints")),
    ),
)

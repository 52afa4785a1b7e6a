"""CVAT XML 1.1, of pictures and of videos.

A box has its corners as continuous px and turns by degrees, clockwise about its centre. A mask has
its runs row by row, over the rectangle `left`, `top`, `width`, `height` alone. A track has a row
for every frame and marks those that somebody set by keyframe="1"; outside="1" ends it until the
next row. The shapes of elements and attributes are those of CVAT's own reader and writer,
https://github.com/cvat-ai/cvat/blob/develop/cvat/apps/dataset_manager/formats/cvat.py.
"""

from __future__ import annotations

from pathlib import Path

from labelschool.formats.contract import Format
from labelschool.formats.cvat.reader import read, sources
from labelschool.formats.cvat.writer import write

FIRST = 20
"""XML files of a folder that are looked into to recognise it."""


def recognise(path: Path) -> float:
    """1 for an XML file whose root is <annotations>, and for a folder with one."""
    return 1.0 if sources(path, most=FIRST) else 0.0


FORMATS = (
    Format(
        "cvat",
        "CVAT XML 1.1",
        recognise,
        read,
        write,
        frozenset(
            (
                *("boxes", "rotated boxes", "polygons", "masks", "keypoints", "lines"),
                *("crowds", "attributes", "tags", "tracks"),
            )
        ),
    ),
)

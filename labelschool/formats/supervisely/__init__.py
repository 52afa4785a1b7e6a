"""Supervisely's project folder, of pictures and of videos.

`meta.json` has the classes and tags; each dataset has the labels in `ann/` and the files in `img/`
or `video/`; a dataset in a dataset stands in `datasets/`. Coordinates are numbers of whole pixels:
a rectangle has its last pixel within it, so that Rectangle(10, 20, 30, 40) is 21 px wide, and a
point is the centre of its pixel. A bitmap is a PNG, packed by zlib and base64, with its corner as
`origin`. A track has a figure for each frame in which the object is seen. Shapes as the SDK 6.74
reads and writes them, measured on its own project (tests/samples/supervisely).
"""

from __future__ import annotations

from pathlib import Path

from labelschool.formats.contract import Format
from labelschool.formats.supervisely.reader import projects, read
from labelschool.formats.supervisely.writer import write


def recognise(path: Path) -> float:
    """1 for a folder with a meta.json of classes and tags and a dataset with ann/."""
    return float(bool(projects(path)))


FORMATS = (
    Format(
        "supervisely",
        "Supervisely project",
        recognise,
        read,
        write,
        frozenset(
            (
                *("boxes", "rotated boxes", "polygons", "holes", "masks", "keypoints", "lines"),
                *("crowds", "attributes", "tags", "tracks"),
            )
        ),
    ),
)

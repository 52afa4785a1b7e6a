"""COCO JSON (https://cocodataset.org/#format-data): boxes, polygons, masks, keypoints, crowds.

A folder of several files, as ``instances_train.json`` and ``instances_val.json``, is one dataset
with a split each. Pixels count from 0 and boxes are ``[x, y, width, height]``; a polygon has no
holes, so that one with holes is written as a mask. The licences of the pictures are kept as JSON
in `Dataset.about`.
"""

from __future__ import annotations

from labelschool.formats.coco.reading import read, recognise
from labelschool.formats.coco.writing import write
from labelschool.formats.contract import Format

FORMATS = (
    Format(
        "coco",
        "COCO JSON",
        recognise,
        read,
        write,
        frozenset(("boxes", "polygons", "masks", "keypoints", "crowds", "attributes")),
    ),
)

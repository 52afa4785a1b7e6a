"""Label Studio's JSON, full and JSON_MIN.

Lengths are percent of the picture's sides, of which each region tells the `original_width` and
`original_height`. A rectangle turns about its top left corner, by degrees clockwise. A brush stroke
has run lengths of its own kind (see `brush`), which are not COCO's. A track counts frames from 1,
and `enabled: false` says that the object is gone after that frame. An export names pictures by
their URL, percent-encoded, with eight letters and a "-" before the name of an upload. The shapes
were measured on exports of server 1.23.2 (tests/samples/label-studio).
"""

from __future__ import annotations

from pathlib import Path

from labelschool.formats.contract import Format
from labelschool.formats.label_studio.reader import kinds, read
from labelschool.formats.label_studio.writer import write, write_min


def _is_full(path: Path) -> float:
    """1 for a JSON list of tasks with `annotations`, and for a folder of such."""
    return float("full" in kinds(path).values())


def _is_min(path: Path) -> float:
    """1 for a JSON list of annotations with `annotation_id`, where no full export is beside it."""
    return float(set(kinds(path).values()) == {"min"})


_HOLDS = frozenset(
    (
        *("boxes", "rotated boxes", "polygons", "masks", "lines", "crowds", "attributes"),
        *("tags", "tracks", "spans", "relations"),
    )
)

FORMATS = (
    Format("label-studio", "Label Studio JSON", _is_full, read, write, _HOLDS),
    Format(
        "label-studio-min",
        "Label Studio JSON_MIN",
        _is_min,
        read,
        write_min,
        _HOLDS - {"crowds", "attributes", "relations"},
    ),
)

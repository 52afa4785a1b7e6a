"""Labelbox's NDJSON: the export v2, and the annotations that its import takes.

An export has a line for each data row, with its labels below `projects`; an import has a line for
each annotation. Boxes are top, left, height, width in px. The `end` of a text entity is its last
character and not the one after (docs.labelbox.com/reference/text-named-entity); what an offset
counts outside the basic plane is not documented there, code points are taken. Frames count from
1; `segments` are the stretches of frames in which an object is seen, their ends within, and
`key_frame_feature_map` names the frames that somebody set. Nested classifications are attributes.
Masks of an export stand behind a URL, which is not fetched: only a `data:` URL is read.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from labelschool.formats.contract import Format, Unreadable
from labelschool.formats.files import lines, shown, walk
from labelschool.formats.json_files import parsed
from labelschool.formats.labelbox.imports import read as read_import
from labelschool.formats.labelbox.imports import write as write_import
from labelschool.formats.labelbox.reader import read
from labelschool.formats.labelbox.writer import write

LONGEST = 4 << 20
"""Characters of a first line from which on a file is not recognised, but may be named."""


def _first(path: Path) -> Iterable[str]:
    """The keys of the first line of a file, or of the first file of a folder."""
    suffixes = (".ndjson", ".jsonl", ".json")
    try:
        if path.is_dir():
            name = next(walk(path, *suffixes), None)
            return _first(path / name) if name else ()
        if path.suffix.lower() not in suffixes:
            return ()
        line = next((line for _, line in lines(path, LONGEST) if line.strip()), "")
        content = parsed(line, shown(path))
    except Unreadable:
        return ()
    return content if isinstance(content, dict) else ()


def _is_export(path: Path) -> float:
    """1 where the first line has a `data_row` and `projects`."""
    return float({"data_row", "projects"} <= set(_first(path)))


def _is_import(path: Path) -> float:
    """1 where the first line has a `dataRow` and the name or schema of a feature."""
    keys = set(_first(path))
    return float("dataRow" in keys and bool(keys & {"name", "schemaId"}))


_HOLDS = frozenset(
    (
        *("boxes", "polygons", "masks", "lines", "crowds", "attributes"),
        *("tags", "tracks", "spans", "relations"),
    )
)

FORMATS = (
    Format("labelbox", "Labelbox export v2", _is_export, read, write, _HOLDS),
    Format(
        "labelbox-import", "Labelbox import NDJSON", _is_import, read_import, write_import, _HOLDS
    ),
)

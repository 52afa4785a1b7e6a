"""What an export says of its project: the file ``export.json`` beside the labels.

{"format": "coco", "guideline": "G1.v1", "ontology": ["car", "van"],
 "scenes": {"images/street-1.png": {"scene": "4617edaa", "split": "train"}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from labelschool.errors import LabelSchoolError
from labelschool.formats import json_files
from labelschool.formats.contract import Unreadable
from labelschool.formats.files import shown, text

MANIFEST = "export.json"


@dataclass(frozen=True)
class Project:
    """The rules a data set was made by. None stands for what nobody said.

    `scenes` maps the name of a picture, text or clip to its scene and its split. `expected` is the
    version of the guideline that an export has to name.
    """

    format: str | None = None
    guideline: str | None = None
    expected: str | None = None
    ontology: tuple[str, ...] | None = None
    scenes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    size: tuple[float, float] = (0, 0)
    frames: int = 0

    def told(self, ontology: Path | None, guideline: str | None) -> Project:
        """The project, but for what the caller knows better."""
        names = names_in(ontology) if ontology else self.ontology
        return replace(self, ontology=names, expected=guideline)


def read(labels: Path) -> Project | None:
    """What ``export.json`` in a folder or beside a file of labels says; None where there is none,
    or only a file of that name that describes no project. Raises `Unreadable` for a broken one in
    the folder that is checked.
    """
    path = (labels if labels.is_dir() else labels.parent) / MANIFEST
    if path == labels or not path.is_file():
        return None
    try:
        data = json_files.value(path)
    except Unreadable:
        if labels.is_dir():
            raise
        return None
    if not isinstance(data, dict) or not data.keys() & {"scenes", "ontology"}:
        return None
    scenes, clip = data.get("scenes"), data.get("clip")
    clip = clip if isinstance(clip, dict) else {}
    return Project(
        format=_text(data.get("format")) or None,
        guideline=_text(data.get("guideline")),
        ontology=_names(data.get("ontology")),
        scenes={
            name: (_text(entry.get("scene")), _text(entry.get("split")))
            for name, entry in (scenes.items() if isinstance(scenes, dict) else ())
            if isinstance(entry, dict)
        },
        size=(_length(clip.get("width")), _length(clip.get("height"))),
        frames=int(_length(clip.get("frames"))),
    )


def names_in(path: Path) -> tuple[str, ...]:
    """The names of classes in a file: a list, or a mapping with a list "classes", "names",
    "labels" or "categories" of names or of mappings with a "name", as YAML or JSON; or a name a
    line. Raises `LabelSchoolError`.
    """
    content = text(path)
    try:
        data = yaml.safe_load(content)
    except (yaml.YAMLError, RecursionError):
        data = None
    if isinstance(data, dict):
        data = next((data[key] for key in _KEYS if key in data), None)
        data = list(data.values()) if isinstance(data, dict) else data
    if isinstance(data, str):
        data = content.splitlines()
    if names := _names(data):
        return names
    raise LabelSchoolError(
        f"{shown(path)} is no list of classes: write a name a line, or YAML with a list `classes`."
    )


_KEYS = ("classes", "names", "labels", "categories")


def _names(data: Any) -> tuple[str, ...] | None:
    if not isinstance(data, list):
        return None
    found = [entry.get("name") if isinstance(entry, dict) else entry for entry in data]
    return tuple(name for name in found if isinstance(name, str) and name)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _length(value: Any) -> float:
    right = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9
    return value if right else 0

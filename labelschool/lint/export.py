"""What the rules look at: the labels of one export, and what is known around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from labelschool.formats.dataset import Attributes, Box, Category, Item, Label, Mask, Polygon, Track
from labelschool.formats.shapes import bounds
from labelschool.lint import outlines
from labelschool.lint.project import Project

NUMBERED = re.compile(r"(.+\.\w+):(\d+)")
"""The id of a label whose file has none: the file, and the number of the row in it from 1."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file, the id in it of what is meant (None for all of it), and the `kind` of that."""

    file: str
    id: int | str | None = None
    kind: str = "annotation"


@dataclass(frozen=True, eq=False)
class Export:
    """The labels of a file or folder. Names of files are those below `folder`.

    `file` holds the labels where a format has one file for all, `classes_file` the list of classes
    where it has one. `pictures` is the folder to which the names of pictures are relative, None
    where there is none; `all_pictures` says that the labels ought to name all that is in it.
    """

    folder: Path
    file: str
    format: str
    items: Mapping[int | str, Item]
    categories: tuple[Category, ...]
    labels: tuple[Label, ...]
    about: Attributes = field(default_factory=dict)
    project: Project = field(default_factory=Project)
    classes_file: str = ""
    pictures: Path | None = None
    all_pictures: bool = False
    without_file: tuple[str, ...] = ()
    """The label files that are missing, where each picture has one."""

    @property
    def is_yolo(self) -> bool:
        """Whether the labels are rows of YOLO, boxes or others."""
        return self.format.startswith("yolo")

    @property
    def guideline(self) -> str:
        """The version of the guideline that the export names."""
        return self.project.guideline or str(self.about.get("guideline") or "")

    @cached_property
    def names(self) -> dict[str, Item | None]:
        """The names of pictures, clips and texts, as ``export.json`` has them where it has them."""
        listed = self.project.scenes
        ends = {name.removeprefix("images/"): name for name in listed}
        named: dict[str, Item | None] = dict.fromkeys(listed)
        for item in self.items.values():
            named[item.name if item.name in listed else ends.get(item.name, item.name)] = item
        return named

    def lacks(self, need: str) -> bool:
        """Whether what a rule needs besides labels is not there."""
        project = self.project
        return not {
            "guideline": project.guideline is not None or project.expected or self.guideline,
            "ontology": project.ontology is not None,
            "pictures": self.pictures is not None,
            "scenes": project.scenes
            or any(item.attributes.get("scene") is not None for item in self.items.values()),
        }.get(need, True)

    def at(self, label: Label) -> Place:
        """Where a label stands."""
        if isinstance(label.id, str) and (found := NUMBERED.fullmatch(label.id)):
            return Place(found[1], int(found[2]))
        return Place(self.file, label.id)

    def picture(self, label: Label) -> Item | None:
        """The picture or clip of a label if its size is known."""
        item = self.items.get(label.item)
        return item if item and item.width > 0 and item.height > 0 else None

    @cached_property
    def boxes(self) -> tuple[tuple[Label, Box, str], ...]:
        """Each box of each label, with the words to tell which of several it is."""
        return tuple(self._boxes())

    def _boxes(self) -> Iterator[tuple[Label, Box, str]]:
        for label in self.labels:
            if label.box is not None:
                yield label, label.box, ""
            elif isinstance(label.shape, Track):
                for keyframe in label.shape.keyframes:
                    if not keyframe.outside:
                        yield label, keyframe.box, f" at frame {keyframe.frame}"
            elif isinstance(label.region, Polygon | Mask) and (box := bounds(label)):
                yield label, box, " around its outline"

    @cached_property
    def faults(self) -> dict[int, str]:
        """What is wrong with the polygon of a label, by `id` of the label, where something is."""
        polygons = ((label, label.region) for label in self.labels)
        found = (
            (id(label), outlines.fault(region))
            for label, region in polygons
            if isinstance(region, Polygon)
        )
        return {label: fault for label, fault in found if fault}

"""What a learner's converter returned, read as boxes: see `suites.converter`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

Sizes = Mapping[str, tuple[int, int]]


class Wrong(Exception):
    """What cannot be read as labels at all, in a sentence."""


@dataclass(frozen=True)
class Found:
    """A box in px from 0 at the top left corner, under the name of its class."""

    name: str
    x: float
    y: float
    w: float
    h: float

    def near(self, other: Found, tolerance: float) -> bool:
        """Whether all four sides lie within `tolerance` px, and the class is the same."""
        pairs = zip(self._sides, other._sides, strict=True)
        return self.name == other.name and all(abs(a - b) <= tolerance for a, b in pairs)

    @property
    def _sides(self) -> tuple[float, float, float, float]:
        return self.x, self.y, self.x + self.w, self.y + self.h


def from_yolo(given: Mapping[str, Any], sizes: Sizes) -> dict[str, list[Found]]:
    """The boxes of ``{"names": [...], "files": {...}}`` by file."""
    names = given.get("names")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Wrong('"names" has to be the list of class names; a row names its class by place.')
    return {
        file: [
            _row(line, file, names, size)
            for line in _text(given, file).splitlines()
            if line.strip()
        ]
        for file, size in sizes.items()
    }


def _row(line: str, file: str, names: list[str], size: tuple[int, int]) -> Found:
    parts = line.split()
    try:
        place, (cx, cy, w, h) = int(parts[0]), map(float, parts[1:])
    except ValueError as error:
        raise Wrong(f"{file}: {line[:60]!r} is no row of YOLO: class cx cy w h.") from error
    if not all(0 <= value <= 1 for value in (cx, cy, w, h)):
        raise Wrong(f"{file}: {line[:60]!r} leaves 0 to 1: divide by the picture as it is shown.")
    if not 0 <= place < len(names):
        raise Wrong(
            f"{file}: there is no class {place} among {len(names)} names. YOLO counts classes "
            "from 0 without gaps; a category id is something else."
        )
    width, height = size
    return Found(names[place], (cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height)


def from_voc(given: Mapping[str, Any], sizes: Sizes) -> dict[str, list[Found]]:
    """The boxes of ``{"files": {...}}`` by file."""
    return {file: _voc(_text(given, file), file, size) for file, size in sizes.items()}


def _voc(text: str, file: str, size: tuple[int, int]) -> list[Found]:
    try:
        if "<!" in text:
            raise ValueError("a declaration")
        root = ElementTree.fromstring(text)
        said = tuple(float(root.findtext(f"size/{side}", "")) for side in ("width", "height"))
        boxes = [_voc_object(entry) for entry in root.iter("object")]
    except (ElementTree.ParseError, ValueError) as error:
        raise Wrong(
            f"{file} is not as VOC has it ({error}): annotation with size/width, size/height and "
            "objects of name and bndbox with xmin, ymin, xmax, ymax."
        ) from error
    if said != size:
        raise Wrong(
            f"{file}: the size is {said[0]:g} x {said[1]:g}, the picture is shown as "
            f"{size[0]} x {size[1]}."
        )
    return boxes


def _voc_object(entry: ElementTree.Element) -> Found:
    left, top, right, bottom = (
        float(entry.findtext(f"bndbox/{side}", "")) for side in ("xmin", "ymin", "xmax", "ymax")
    )
    return Found(entry.findtext("name", ""), left - 1, top - 1, right - left + 1, bottom - top + 1)


def from_coco(given: Any, sizes: Sizes) -> dict[str, list[Found]]:
    """The boxes of a data set in COCO's form, by picture."""
    lists = [given.get(key) for key in KEYS] if isinstance(given, dict) else [None]
    if not all(isinstance(entries, list) for entries in lists):
        raise Wrong(f"it has to return a dict with the lists {', '.join(KEYS)}.")
    try:
        return _coco(*lists, sizes)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Wrong(f"an entry is not as COCO has it ({type(error).__name__}: {error}).") from error


KEYS = ("images", "annotations", "categories")


def _coco(
    images: list, annotations: list, categories: list, sizes: Sizes
) -> dict[str, list[Found]]:
    for key, entries in zip(KEYS, (images, annotations, categories), strict=True):
        again = [n for n, times in Counter(entry["id"] for entry in entries).items() if times > 1]
        if again:
            raise Wrong(f"the id {again[0]} stands twice in {key}: number them through all files.")
    found: dict[str, list[Found]] = {image["file_name"]: [] for image in images}
    if missing := sorted(set(sizes) - set(found)):
        raise Wrong(f"{missing[0]} is not among the images; one without objects belongs there too.")
    if extra := sorted(set(found) - set(sizes)):
        raise Wrong(f"{extra[0]} is none of the pictures.")
    for image in images:
        if (image["width"], image["height"]) != sizes[image["file_name"]]:
            width, height = sizes[image["file_name"]]
            raise Wrong(f"{image['file_name']} is shown as {width} x {height}: say that size.")
    files = {image["id"]: image["file_name"] for image in images}
    names = {entry["id"]: entry["name"] for entry in categories}
    for entry in annotations:
        x, y, w, h = map(float, entry["bbox"])
        if entry["iscrowd"] != 0:
            raise Wrong("iscrowd is 0 here: YOLO knows no crowds.")
        if not math.isclose(entry["area"], w * h, rel_tol=0.01, abs_tol=1):
            raise Wrong("the area of a box is its width times its height, in px.")
        found[files[entry["image_id"]]].append(Found(names[entry["category_id"]], x, y, w, h))
    return found


def _text(given: Mapping[str, Any], file: str) -> str:
    text = given["files"][file]
    if not isinstance(text, str):
        raise Wrong(f"{file} has to be a text.")
    return text

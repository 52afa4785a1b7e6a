"""CVAT XML into the model."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from xml.etree.ElementTree import Element

from labelschool.formats.contract import OnDefect, Options, Unreadable
from labelschool.formats.dataset import (
    Box,
    Category,
    Dataset,
    Item,
    Keyframe,
    Keypoints,
    Label,
    Line,
    Mask,
    Polygon,
    Track,
    Value,
)
from labelschool.formats.files import safe_name, shown, walk
from labelschool.formats.pieces import CROWD, ellipse
from labelschool.formats.rasters import check_size, filled_runs, mask_of
from labelschool.formats.rows import Classes, Odd, coordinates, joined, number, row, string, whole
from labelschool.formats.xml_files import children, root_tag

_EDGE = re.compile(r'data-node-from="(\d+)"[^>]*data-node-to="(\d+)"')
_NODE = re.compile(r"<circle[^>]*>")
_SHAPES = {"box", "ellipse", "polygon", "polyline", "points", "cuboid", "skeleton", "mask", "tag"}
Point = tuple[str, Element]


def sources(path: Path, most: int | None = None) -> list[Path]:
    """The CVAT files that a path stands for, among its first so many XML files."""
    if path.is_file():
        return [path] if path.suffix.lower() == ".xml" and root_tag(path) == "annotations" else []
    found = (path / name for name in islice(walk(path, ".xml"), most))
    return [file for file in found if root_tag(file) == "annotations"]


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The pictures, clips and labels of one file, or of all CVAT files of a folder."""
    files = [path] if path.is_file() else sources(path)
    if not files:
        raise Unreadable(f"{shown(path)} holds no CVAT file: export as CVAT 1.1 and name that.")
    reader = _Reader(on_defect)
    for file in files:
        reader.take(file)
    return Dataset(reader.classes.all(), reader.items, reader.labels)


@dataclass
class _Task:
    name: str
    frames: int = 0
    width: float = 0
    height: float = 0
    split: str = ""
    clip: bool = False
    item: int | str | None = None


@dataclass
class _File:
    """What the <meta> of a file says."""

    name: str
    tasks: dict[str, _Task] = field(default_factory=dict)
    types: dict[tuple[str, str], str] = field(default_factory=dict)
    mutable: set[tuple[str, str]] = field(default_factory=set)
    pictures: bool = False


class _Reader:
    def __init__(self, on_defect: OnDefect | None) -> None:
        self.classes = Classes()
        self.items: dict[int | str, Item] = {}
        self.labels: list[Label] = []
        self._on_defect = on_defect
        self._ids = count(1)
        self._file = _File("")

    def take(self, path: Path) -> None:
        elements = children(path)
        root = next(elements, None)
        if root is None or root.tag != "annotations":
            raise Unreadable(f"{shown(path)} is no CVAT file: its root is not <annotations>.")
        self._file = file = _File(shown(path))
        for element in elements:
            if element.tag == "meta":
                with row(self._on_defect, file.name, "meta"):
                    self._meta(element)
            elif element.tag == "image":
                file.pictures = True
                with row(self._on_defect, file.name, f"image {element.get('id')}"):
                    self._picture(element)
            elif element.tag == "track":
                with row(self._on_defect, file.name, f"track {element.get('id')}"):
                    self._track(element, path)
        for task in file.tasks.values():
            if task.clip and not file.pictures:
                self._clip(task)

    def _free(self, wanted: int | str) -> int | str:
        """An id that no item has yet: pictures of different tasks are all numbered from 0."""
        if wanted not in self.items:
            return wanted
        return next(number for number in count(len(self.items)) if number not in self.items)

    # What the file says of itself --------------------------------------------------------------

    def _meta(self, meta: Element) -> None:
        file = self._file
        for label in meta.iter("label"):
            name = string(label.findtext("name"), "the name of a label")
            for attribute in label.iter("attribute"):
                key = name, string(attribute.findtext("name"), "the name of an attribute")
                file.types[key] = attribute.findtext("input_type") or "text"
                if attribute.findtext("mutable") == "True":
                    file.mutable.add(key)
            if not label.findtext("parent"):
                parts = [
                    part.findtext("name") or ""
                    for part in meta.iter("label")
                    if part.findtext("parent") == name
                ]
                self.classes.get(name, "", parts, _bones(label.findtext("svg") or "", parts))
        for task in (*meta.iter("task"), *meta.iter("job")):
            size = task.find("original_size")
            file.tasks[task.findtext("id") or ""] = _Task(
                task.findtext("source") or task.findtext("name") or "",
                whole(task.findtext("size") or 0, "the size of the task"),
                whole((size is not None and size.findtext("width")) or 0, "the width"),
                whole((size is not None and size.findtext("height")) or 0, "the height"),
                task.findtext("subset") or "",
                task.findtext("mode") == "interpolation",
            )

    def _attributes(self, element: Element, label: str) -> dict[str, Value]:
        found: dict[str, Value] = {}
        if element.get("occluded") == "1":
            found["occluded"] = True
        for name in ("z_order", "group_id"):
            if element.get(name, "0") != "0":
                found[name] = whole(element.get(name), name)
        for attribute in element.findall("attribute"):
            name, text = attribute.get("name") or "", attribute.text or ""
            found[name] = _typed(text, self._file.types.get((label, name), "text"))
        return found

    # Pictures ----------------------------------------------------------------------------------

    def _picture(self, image: Element) -> None:
        name = safe_name(string(image.get("name"), "the name of the picture"), self._file.name)
        width = whole(image.get("width") or 0, "the width")
        height = whole(image.get("height") or 0, "the height")
        id = self._free(whole(image.get("id", len(self.items)), "the id"))
        item = Item(id, name, width, height, image.get("subset") or "")
        self.items[id] = item
        for element in image:
            if element.tag in _SHAPES:
                place = f"{element.tag} in {name}"
                with row(self._on_defect, self._file.name, place):
                    self._shape(element, item)

    def _shape(self, element: Element, item: Item) -> None:
        name = string(element.get("label"), "the label")
        parts: list[Point] = [
            (string(part.get("label"), "the label of a point"), part)
            for part in element.findall("points")
        ]
        category = self.classes.get(name, "", [part for part, _ in parts])
        label = Label(next(self._ids), item.id, category)
        attributes = self._attributes(element, name)
        if element.tag == "box":
            label.box = _box(element)
        elif element.tag == "polygon":
            label.region = Polygon([_points(element, 3)])
        elif element.tag == "polyline":
            label.region = Line(_points(element, 1))
        elif element.tag == "points":
            points = _points(element, 1)
            if len(points) == 2:
                label.region = Line(points)
            else:
                seen = (points[at : at + 2] for at in range(0, len(points), 2))
                label.keypoints = Keypoints([v for x, y in seen for v in (x, y, 2)])
        elif element.tag == "skeleton":
            label.keypoints = _skeleton(category, parts)
        elif element.tag == "mask":
            label.region = _mask(element, item)
        elif element.tag == "ellipse":
            label.region, attributes["shape"] = Polygon([_ellipse(element)]), "ellipse"
        elif element.tag == "cuboid":
            raise Odd("a cuboid drawn over a picture is not read")
        label.crowd = attributes.pop(CROWD, False) is True
        label.attributes = joined(attributes)
        self.labels.append(label)

    # Videos ------------------------------------------------------------------------------------

    def _clip(self, task: _Task) -> int | str:
        if task.item is None:
            id = self._free(next(n for n in count(1) if n not in self.items))
            name = safe_name(task.name, self._file.name)
            self.items[id] = Item(id, name, task.width, task.height, task.split, task.frames)
            task.item = id
        return task.item

    def _track(self, track: Element, path: Path) -> None:
        name = string(track.get("label"), "the label")
        tasks = self._file.tasks
        if not tasks:
            tasks[""] = _Task(path.stem)
        item = self._clip(tasks.get(track.get("task_id") or "", next(iter(tasks.values()))))
        keyframes: list[Keyframe] = []
        for element in track:
            if element.tag not in _SHAPES:
                continue
            if element.tag != "box":
                raise Odd(f"a track of the shape {element.tag} is not read")
            key = self._keyframe(element, name)
            state = (key.outside, key.occluded)
            before = (keyframes[-1].outside, keyframes[-1].occluded) if keyframes else None
            if element.get("keyframe") != "0" or state != before:
                keyframes.append(key)
        if not keyframes:
            raise Odd("the track has no boxes", "R17")
        label = Label(next(self._ids), item, self.classes.get(name), shape=Track(keyframes))
        label.attributes = joined(self._lasting(keyframes, name))
        self.labels.append(label)

    def _keyframe(self, element: Element, label: str) -> Keyframe:
        attributes = self._attributes(element, label)
        hidden = attributes.pop("occluded", False) is True
        frame = whole(element.get("frame"), "the frame")
        gone = element.get("outside") == "1"
        return Keyframe(frame, _box(element), hidden, gone, joined(attributes))

    def _lasting(self, keyframes: list[Keyframe], label: str) -> dict[str, Value]:
        """The attributes that all keyframes share, taken away from them: CVAT repeats on each row
        what holds for the whole track.
        """
        first = keyframes[0].attributes
        shared = {
            name: value
            for name, value in first.items()
            if (label, name) not in self._file.mutable
            and all(key.attributes.get(name) == value for key in keyframes)
        }
        for key in keyframes:
            own = {name: value for name, value in key.attributes.items() if name not in shared}
            key.attributes = joined(own)
        return shared


def _typed(text: str, kind: str) -> Value:
    if kind == "checkbox":
        return text.lower() == "true"
    if kind == "number":
        try:
            return number(text, "the attribute")
        except Odd:
            return text
    return text


def _bones(svg: str, parts: list[str]) -> list[tuple[int, int]]:
    """The pairs of points that the drawing of a skeleton joins, by their place in `parts`."""
    places: dict[str, int] = {}
    for circle in _NODE.findall(svg):
        id = re.search(r'data-node-id="(\d+)"', circle)
        name = re.search(r'data-label-name="([^"]*)"', circle)
        if id and name and name[1] in parts:
            places[id[1]] = parts.index(name[1])
    ends = _EDGE.findall(svg)
    return [(places[a], places[b]) for a, b in ends if a in places and b in places]


def _box(element: Element) -> Box:
    left, top, right, bottom = (number(element.get(n), n) for n in ("xtl", "ytl", "xbr", "ybr"))
    turn = math.radians(number(element.get("rotation", "0"), "the rotation"))
    return Box(left, top, right - left, bottom - top, turn)


def _points(element: Element, least: int) -> list[float]:
    pairs = [pair.split(",") for pair in (element.get("points") or "").split(";")]
    return coordinates(pairs, "the list of points", least)


def _skeleton(category: Category, parts: list[Point]) -> Keypoints:
    values = [0.0] * (3 * len(category.keypoints))
    for name, part in parts:
        if name not in category.keypoints:
            raise Odd(f"the point {name} is not one of {category.name}")
        at = 3 * category.keypoints.index(name)
        if part.get("outside") != "1":
            values[at : at + 2] = _points(part, 1)[:2]
            values[at + 2] = 1 if part.get("occluded") == "1" else 2
    return Keypoints(values)


def _mask(element: Element, item: Item) -> Mask:
    left, top, width, height = (
        whole(element.get(name), name) for name in ("left", "top", "width", "height")
    )
    runs = [whole(run.strip(), "a run") for run in (element.get("rle") or "").split(",")]
    if min(runs) < 0 or min(width, height) < 1 or sum(runs) != width * height:
        raise Odd("the runs of the mask do not fill its rectangle", "R10")
    try:
        check_size(width, height)
        crop = filled_runs(runs, width * height).reshape(height, width)
        return mask_of(crop, left, top, int(item.width), int(item.height))
    except ValueError as error:
        raise Odd(str(error), "R10") from error


def _ellipse(element: Element) -> list[float]:
    cx, cy, rx, ry = (number(element.get(name), name) for name in ("cx", "cy", "rx", "ry"))
    return ellipse(cx, cy, rx, ry, math.radians(number(element.get("rotation", "0"), "rotation")))

"""A Supervisely project into the model."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from labelschool.formats import json_files
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
    Value,
)
from labelschool.formats.files import inside, safe_name, shown, walk
from labelschool.formats.pieces import CROWD
from labelschool.formats.rasters import MOST_PIXELS, from_png, mask_of
from labelschool.formats.rows import (
    Classes,
    Odd,
    coordinates,
    joined,
    listing,
    mapping,
    number,
    row,
    scalar,
    string,
    whole,
)
from labelschool.formats.tracks import from_stretches

UNNAMED = "dataset"
"""The dataset of what has no split."""
FLAGS = ("true", "false")
"""The values of a tag that is a flag."""


def projects(path: Path) -> list[Path]:
    """The project folders that a path stands for: itself, or those right below it."""
    try:
        folders = [path, *(each for each in sorted(path.iterdir()) if each.is_dir())]
        return [each for each in folders if _is_project(each)]
    except OSError:
        return []


def _is_project(folder: Path) -> bool:
    found = (next(folder.glob(below), None) for below in ("*/ann", "*/datasets/**/ann"))
    if not (folder / "meta.json").is_file() or not any(found):
        return False
    try:
        meta = json_files.value(folder / "meta.json")
    except Unreadable:
        return False
    return isinstance(meta, dict) and "classes" in meta and "tags" in meta


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The items and labels of a project, or of the projects right below a folder."""
    folders = projects(path)
    if not folders:
        raise Unreadable(
            f"{shown(path)} is no Supervisely project: name the folder that has its meta.json."
        )
    reader = _Reader(on_defect)
    for folder in folders:
        reader.take(folder)
    return Dataset(reader.classes.all(), reader.items, reader.labels)


class _Reader:
    def __init__(self, on_defect: OnDefect | None) -> None:
        self.classes = Classes()
        self.items: dict[int | str, Item] = {}
        self.labels: list[Label] = []
        self._on_defect = on_defect
        self._ids = count(1)
        self._tags: dict[str, dict[str, Any]] = {}
        self._nodes: dict[str, dict[str, int]] = {}
        """The places of the nodes of each class, by their ids."""
        self._file = ""

    def take(self, folder: Path) -> None:
        self._file = shown(folder / "meta.json")
        with row(self._on_defect, self._file, "meta"):
            self._meta(mapping(json_files.value(folder / "meta.json"), "meta.json"))
        known: set[str] = set()
        for name in walk(folder, ".json"):
            parts = name.split("/")
            if len(parts) >= 3 and parts[-2] == "ann":
                self._file = shown(folder / name)
                known.add(f"{'/'.join(parts[:-2])}/{parts[-1].removesuffix('.json')}")
                with row(self._on_defect, self._file, "annotation"):
                    content = json_files.value(inside(folder, name, self._file))
                    self._annotation(mapping(content, "the annotation"), parts[:-2], parts[-1])
        for name in walk(folder):
            parts = name.split("/")
            media = len(parts) >= 3 and parts[-2] in ("img", "video")
            if media and f"{'/'.join(parts[:-2])}/{parts[-1]}" not in known:
                self._item(parts[:-2], parts[-1])

    def _meta(self, meta: dict[str, Any]) -> None:
        for each in listing(meta.get("classes", []), "classes"):
            entry = mapping(each, "a class")
            config = mapping(entry.get("geometry_config") or {}, "geometry_config")
            nodes = mapping(config.get("nodes", {}), "nodes")
            names = [mapping(node, "a node").get("label") or id for id, node in nodes.items()]
            places = {id: place for place, id in enumerate(nodes)}
            bones = []
            for edge in listing(config.get("edges", []), "edges"):
                ends = (mapping(edge, "an edge").get("src"), edge.get("dst"))
                if all(isinstance(end, str) and end in places for end in ends):
                    bones.append((places[ends[0]], places[ends[1]]))
            title = string(entry.get("title"), "the title of a class")
            self.classes.get(title, "", [string(name, "a label") for name in names], bones)
            self._nodes[title] = places
        for each in listing(meta.get("tags", []), "tags"):
            entry = mapping(each, "a tag")
            self._tags[string(entry.get("name"), "the name of a tag")] = entry

    def _item(self, folders: list[str], file: str) -> Item:
        steps = [step for step in folders if step != "datasets"]
        name = safe_name("/".join([*steps[1:], file]), self._file)
        split = "" if steps[0] == UNNAMED else steps[0]
        item = Item(len(self.items) + 1, name, split=split)
        self.items[item.id] = item
        return item

    def _annotation(self, content: dict[str, Any], folders: list[str], file: str) -> None:
        item = self._item(folders, file.removesuffix(".json"))
        size = mapping(content.get("size", {}), "the size")
        item.width, item.height = (whole(size.get(n, 0), n) for n in ("width", "height"))
        if "frames" in content or "framesCount" in content:
            item.frames = whole(content.get("framesCount") or 0, "framesCount")
        with row(self._on_defect, self._file, "tags"):
            self._item_tags(listing(content.get("tags", []), "tags"), item)
        if "frames" in content:
            self._clip(content, item)
            return
        for place, each in enumerate(listing(content.get("objects", []), "objects")):
            with row(self._on_defect, self._file, f"object {place}"):
                self._object(mapping(each, "the object"), item)

    # Tags --------------------------------------------------------------------------------------

    def _item_tags(self, tags: list[Any], item: Item) -> None:
        """Tags without a value, and of a choice, are labels; others are attributes."""
        found: dict[str, Value] = {}
        for each in tags:
            tag = mapping(each, "a tag")
            name = string(tag.get("name"), "the name of a tag")
            kind = self._tags.get(name, {}).get("value_type")
            value = self._value(tag, name)
            category = None
            if tag.get("value") is None:
                category = self.classes.get(name)
            elif kind == "oneof_string" and isinstance(value, str):
                category = self.classes.get(value, name)
            if category:
                self.labels.append(Label(next(self._ids), item.id, category))
            elif value is not None:
                found[name] = value
        item.attributes = joined(found)

    def _value(self, tag: Mapping[str, Any], name: str) -> Value | None:
        meta = self._tags.get(name, {})
        value = tag.get("value")
        if value is None:
            return True
        if meta.get("value_type") == "oneof_string" and sorted(FLAGS) == _sorted(
            meta.get("values")
        ):
            return value == FLAGS[0]
        return scalar(value)

    def _attributes(self, tags: Any) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for each in listing(tags, "tags"):
            tag = mapping(each, "a tag")
            name = string(tag.get("name"), "the name of a tag")
            value = self._value(tag, name)
            if value is not None and "frameRange" not in tag:
                found[name] = value
        return found

    # Pictures ----------------------------------------------------------------------------------

    def _object(self, content: dict[str, Any], item: Item) -> None:
        category = self.classes.get(string(content.get("classTitle"), "classTitle"))
        label = Label(next(self._ids), item.id, category)
        kind = content.get("geometryType") or content.get("shape")
        if kind == "rectangle":
            label.box = _rectangle(_exterior(content, 2))
        elif kind == "oriented_bbox":
            label.box = _rectangle(coordinates(content.get("points"), "points", 2))
            label.box.angle = number(content.get("angle", 0), "the angle")
        elif kind == "polygon":
            points = mapping(content.get("points"), "points")
            label.region = _polygon([points])
        elif kind == "multipolygon":
            label.region = _polygon(listing(content.get("parts"), "parts"))
        elif kind == "bitmap":
            label.region = _bitmap(mapping(content.get("bitmap"), "bitmap"), item)
        elif kind in ("line", "point"):
            least = 2 if kind == "line" else 1
            label.region = Line(_centres(_exterior(content, least)[: None if least == 2 else 2]))
        elif kind == "graph":
            label.keypoints = self._graph(mapping(content.get("nodes"), "nodes"), category)
        else:
            raise Odd(f"an object of the shape {kind} is not read")
        attributes = self._attributes(content.get("tags", []))
        label.crowd = attributes.pop(CROWD, False) is True
        label.attributes = joined(attributes)
        self.labels.append(label)

    def _graph(self, nodes: dict[str, Any], category: Category) -> Keypoints:
        places = self._nodes.get(category.name, {})
        values = [0.0] * (3 * len(places))
        for id, each in nodes.items():
            if id not in places:
                raise Odd(f"the node {id} is not one of the class")
            node = mapping(each, "a node")
            at = 3 * places[id]
            values[at : at + 2] = _centres(coordinates([node.get("loc")], "loc"))
            values[at + 2] = 1 if node.get("disabled") else 2
        return Keypoints(values)

    # Videos ------------------------------------------------------------------------------------

    def _clip(self, content: dict[str, Any], item: Item) -> None:
        objects: dict[Any, tuple[dict[str, Any], dict[int, Box]]] = {}
        for each in listing(content.get("objects", []), "objects"):
            with row(self._on_defect, self._file, "object"):
                entry = mapping(each, "the object")
                objects[str(entry.get("key", entry.get("id")))] = (entry, {})
        for each in listing(content["frames"], "frames"):
            with row(self._on_defect, self._file, "frame"):
                frame = mapping(each, "the frame")
                index = whole(frame.get("index"), "the index")
                for figure in listing(frame.get("figures", []), "figures"):
                    with row(self._on_defect, self._file, f"frame {index}"):
                        self._figure(mapping(figure, "the figure"), index, objects)
        for entry, boxes in objects.values():
            with row(self._on_defect, self._file, "object"):
                self._track(entry, boxes, item)

    def _figure(self, figure: dict[str, Any], index: int, objects: Mapping[Any, Any]) -> None:
        key = str(figure.get("objectKey", figure.get("objectId")))
        if key not in objects:
            raise Odd("the figure is of an object that is not there", "R4")
        if figure.get("geometryType") != "rectangle":
            raise Odd(f"a track of the shape {figure.get('geometryType')} is not read")
        if index in objects[key][1]:
            raise Odd("the object has two figures in one frame", "R17")
        geometry = mapping(figure.get("geometry"), "the geometry")
        objects[key][1][index] = _rectangle(_exterior(geometry, 2))

    def _track(self, entry: dict[str, Any], boxes: dict[int, Box], item: Item) -> None:
        if not boxes:
            raise Odd("the object is in no frame", "R17")
        hidden = self._hidden(entry)
        seen: list[list[Keyframe]] = []
        for frame in sorted(boxes):
            occluded = any(first <= frame <= last for first, last in hidden)
            key = Keyframe(frame, boxes[frame], occluded)
            if not seen or seen[-1][-1].frame != frame - 1:
                seen.append([])
            seen[-1].append(key)
        category = self.classes.get(string(entry.get("classTitle"), "classTitle"))
        shape = from_stretches(seen, item.frames)
        attributes = self._attributes(entry.get("tags", []))
        label = Label(next(self._ids), item.id, category, shape=shape)
        label.crowd = attributes.pop(CROWD, False) is True
        label.attributes = joined(attributes)
        self.labels.append(label)

    def _hidden(self, entry: dict[str, Any]) -> list[tuple[int, int]]:
        """The stretches of frames that carry the tag of occlusion."""
        found = []
        for each in listing(entry.get("tags", []), "tags"):
            tag = mapping(each, "a tag")
            if tag.get("name") == "occluded" and "frameRange" in tag:
                ends = listing(tag["frameRange"], "frameRange")
                if len(ends) != 2:
                    raise Odd("frameRange is no pair of frames")
                found.append((whole(ends[0], "frameRange"), whole(ends[1], "frameRange")))
        return found


# Shapes -------------------------------------------------------------------------------------------


def _sorted(values: Any) -> list[str]:
    return sorted(v for v in values if isinstance(v, str)) if isinstance(values, list) else []


def _exterior(content: dict[str, Any], least: int) -> list[float]:
    points = mapping(content.get("points"), "points")
    return coordinates(points.get("exterior"), "exterior", least)


def _rectangle(points: list[float]) -> Box:
    x0, y0, x1, y1 = points[:4]
    left, top = min(x0, x1), min(y0, y1)
    return Box(left, top, max(x0, x1) - left + 1, max(y0, y1) - top + 1)


def _centres(points: list[float]) -> list[float]:
    return [value + 0.5 for value in points]


def _polygon(parts: list[Any]) -> Polygon:
    polygon = Polygon([])
    for each in parts:
        part = mapping(each, "a part")
        polygon.parts.append(_centres(coordinates(part.get("exterior"), "exterior", 3)))
        for hole in listing(part.get("interior") or [], "interior"):
            polygon.holes.append(_centres(coordinates(hole, "interior", 3)))
    if not polygon.parts:
        raise Odd("the polygon has no parts", "R9")
    return polygon


def _bitmap(content: dict[str, Any], item: Item) -> Mask:
    left, top = coordinates([content.get("origin")], "origin")
    try:
        packed = base64.b64decode(string(content.get("data"), "the data of the bitmap"))
        if packed[:4] != b"\x89PNG":
            packed = zlib.decompressobj().decompress(packed, MOST_PIXELS)
        crop = from_png(packed)
        return mask_of(crop, int(left), int(top), int(item.width), int(item.height))
    except (ValueError, zlib.error) as error:
        raise Odd(f"the bitmap cannot be read ({error})", "R10") from error

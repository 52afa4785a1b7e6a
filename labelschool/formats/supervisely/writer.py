"""The model into a Supervisely project."""

from __future__ import annotations

import base64
import hashlib
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from labelschool.formats.contract import Loss, Losses, Options
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
from labelschool.formats.output import Folder
from labelschool.formats.pieces import CROWD, Holds, Piece, by_item, count_unheld, pieces
from labelschool.formats.rasters import cropped, png_of, rings
from labelschool.formats.supervisely.reader import FLAGS, UNNAMED
from labelschool.formats.tracks import each_frame, stretches

HOLDS = Holds(parts=True, holes=True)
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442")
Content = dict[str, Any]


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """A project, or ``pictures/`` and ``clips/`` with a project each where there are both."""
    losses = Losses()
    labels = by_item(dataset, losses)
    pictures: list[Item] = []
    clips: list[Item] = []
    for item in dataset.items.values():
        if item.text is not None:
            losses.dropped("texts")
            losses.dropped("labels of texts", count=len(labels[item.id]))
        elif item.frames or any(isinstance(label.shape, Track) for label in labels[item.id]):
            clips.append(item)
        else:
            pictures.append(item)
    both = bool(pictures and clips)
    if pictures or not clips:
        project = _Project("img", folder / "pictures" if both else folder, losses)
        project.write(dataset, pictures, labels)
    if clips:
        project = _Project("video", folder / "clips" if both else folder, losses)
        project.write(dataset, clips, labels)
    return losses.list()


class _Project:
    """One project, and what its meta.json must offer."""

    def __init__(self, media: str, folder: Path, losses: Losses) -> None:
        folder.mkdir(exist_ok=True)
        self._out = Folder(folder)
        self._media = media
        self._losses = losses
        self._shapes: dict[str, dict[str, None]] = {}
        self._tags: dict[str, dict[str, None]] = {}
        self._values: dict[str, dict[str, None]] = {}

    def write(
        self, dataset: Dataset, items: list[Item], labels: Mapping[int | str, list[Label]]
    ) -> None:
        """All files of the project."""
        datasets: set[str] = set()
        for item in items:
            *folders, file = item.name.split("/")
            place = "/datasets/".join([item.split.replace("/", "_") or UNNAMED, *folders])
            content = (self._picture if self._media == "img" else self._clip)(item, labels[item.id])
            self._put(f"{place}/ann/{file}.json", content)
            datasets.add(place)
        for place in sorted(datasets or {UNNAMED}):
            for part in ("ann", self._media):
                (self._out.path / place / part).mkdir(parents=True, exist_ok=True)
        self._put("meta.json", self._meta(dataset))
        if self._media == "video":
            kinds = ("tags", "objects", "figures", "videos")
            self._put("key_id_map.json", {kind: {} for kind in kinds})

    def _put(self, name: str, content: Content) -> None:
        self._out.put(name, json.dumps(content, ensure_ascii=False, indent=1) + "\n")

    # Tags --------------------------------------------------------------------------------------

    def _tag(self, name: str, value: Value) -> Content:
        kind = "any_string"
        if isinstance(value, bool):
            kind, value = "flag", str(value).lower()
        elif isinstance(value, int | float):
            kind = "any_number"
        self._tags.setdefault(name, {})[kind] = None
        return self._keyed({"name": name, "value": value})

    def _keyed(self, tag: Content) -> Content:
        """A tag with the key that videos need; the same tag may come twice."""
        if self._media == "video":
            tag["key"] = _key("tag", tag, sum(map(len, self._tags.values())))
        return tag

    def _tag_of(self, category: Category) -> Content:
        if not category.group:
            self._tags.setdefault(category.name, {})["none"] = None
            return self._keyed({"name": category.name, "value": None})
        self._tags.setdefault(category.group, {})["oneof_string"] = None
        self._values.setdefault(category.group, {})[category.name] = None
        return self._keyed({"name": category.group, "value": category.name})

    def _item_tags(self, item: Item, labels: list[Label]) -> list[Content]:
        tags = [self._tag(name, value) for name, value in item.attributes.items()]
        for label in labels:
            if not (label.box or label.region or label.keypoints or label.shape):
                self._losses.dropped("attributes of tags", count=len(label.attributes))
                tags.append(self._tag_of(label.category))
        return tags

    def _about(self, label: Label) -> list[Content]:
        crowd = {CROWD: True} if label.crowd else {}
        return [self._tag(name, value) for name, value in {**label.attributes, **crowd}.items()]

    # Pictures ----------------------------------------------------------------------------------

    def _picture(self, item: Item, labels: list[Label]) -> Content:
        objects = []
        for label in labels:
            if count_unheld(label, self._losses):
                continue
            for piece in pieces(label, item, HOLDS, self._losses):
                for kind, geometry in self._geometry(label.category, piece):
                    self._shapes.setdefault(label.category.name, {})[kind] = None
                    start = {"classTitle": label.category.name, "description": ""}
                    shape = {"geometryType": kind, "shape": kind, **geometry}
                    objects.append({**start, "tags": self._about(label), **shape})
        size = {"height": int(item.height), "width": int(item.width)}
        tags = self._item_tags(item, labels)
        return {"description": "", "size": size, "tags": tags, "objects": objects}

    def _geometry(self, category: Category, piece: Piece) -> Iterator[tuple[str, Content]]:
        if isinstance(piece, Box):
            first, last = self._pixels(piece)
            if piece.angle:
                yield "oriented_bbox", {"points": [first, last], "angle": piece.angle}
            else:
                yield "rectangle", {"points": {"exterior": [first, last], "interior": []}}
        elif isinstance(piece, Mask):
            crop, left, top = cropped(piece)
            data = base64.b64encode(zlib.compress(png_of(crop))).decode()
            yield "bitmap", {"bitmap": {"origin": [left, top], "data": data}}
        elif isinstance(piece, Line):
            kind = "point" if len(piece.points) == 2 else "line"
            exterior = self._centres(piece.points)
            yield kind, {"points": {"exterior": exterior, "interior": []}}
        elif isinstance(piece, Polygon):
            parts = [
                {
                    "exterior": self._centres(part),
                    "interior": [self._centres(hole) for hole in holes],
                }
                for part, holes in rings(piece)
            ]
            yield (
                ("polygon", {"points": parts[0]})
                if len(parts) == 1
                else (
                    "multipolygon",
                    {"parts": parts},
                )
            )
        elif len(category.keypoints) * 3 == len(piece.values):
            yield "graph", {"nodes": self._nodes(category, piece)}
        else:
            self._losses.changed("keypoints without names", "written as points")
            for x, y, seen in zip(*(piece.values[n::3] for n in range(3)), strict=True):
                if seen:
                    yield "point", {"points": {"exterior": self._centres([x, y]), "interior": []}}

    def _nodes(self, category: Category, keypoints: Keypoints) -> Content:
        nodes: Content = {}
        for at, name in enumerate(category.keypoints):
            x, y, seen = keypoints.values[3 * at : 3 * at + 3]
            if seen:
                nodes[name] = {"loc": self._centres([x, y])[0]}
                if seen == 1:
                    nodes[name]["disabled"] = True
        return nodes

    def _pixels(self, box: Box) -> tuple[list[int], list[int]]:
        """The first and the last pixel of a box, both within it."""
        edges = (box.x, box.y, box.x + box.w, box.y + box.h)
        left, top, right, bottom = (math.floor(edge + 0.5) for edge in edges)
        if (left, top, right, bottom) != edges:
            self._losses.changed("boxes with parts of a pixel", "rounded to whole pixels")
        return [left, top], [max(right - 1, left), max(bottom - 1, top)]

    def _centres(self, points: list[float]) -> list[list[int]]:
        """The pixels of points, which stand for the centres of these."""
        if any(value % 1 != 0.5 for value in points):
            self._losses.changed("outlines and points", "moved to the centres of their pixels")
        pixels = [math.floor(value) for value in points]
        return [[x, y] for x, y in zip(pixels[0::2], pixels[1::2], strict=True)]

    # Videos ------------------------------------------------------------------------------------

    def _clip(self, item: Item, labels: list[Label]) -> Content:
        frames: dict[int, list[Content]] = {}
        objects = []
        for label in labels:
            if not isinstance(label.shape, Track):
                if not count_unheld(label, self._losses) and (label.box or label.region):
                    self._losses.dropped("shapes in clips")
                continue
            key = _key("object", item.name, label.id)
            self._shapes.setdefault(label.category.name, {})["rectangle"] = None
            self._losses.changed("tracks with keyframes", "written as a box in each frame")
            seen = stretches(label.shape, item.frames)
            rows = [each for stretch in seen for each in each_frame(stretch)]
            tags = self._about(label) + self._hidden(rows)
            keys = sum(len(key.attributes) for key in label.shape.keyframes)
            self._losses.dropped("attributes of keyframes", count=keys)
            objects.append({"key": key, "classTitle": label.category.name, "tags": tags})
            for each in rows:
                frames.setdefault(each.frame, []).append(self._figure(key, each))
        if item.fps:
            self._losses.dropped("frame rates of clips")
        last = max(frames, default=-1) + 1
        return {
            "size": {"height": int(item.height), "width": int(item.width)},
            "description": "",
            "key": _key("video", item.name, item.id),
            "tags": self._item_tags(item, labels),
            "objects": objects,
            "frames": [{"index": index, "figures": frames[index]} for index in sorted(frames)],
            "framesCount": max(item.frames, last),
        }

    def _hidden(self, rows: list[Keyframe]) -> list[Content]:
        """A tag of occlusion for each stretch of frames in which the object is hidden."""
        tags = []
        for occluded, run in groupby(rows, key=lambda key: key.occluded):
            if occluded:
                hidden = [key.frame for key in run]
                tag = {**self._tag("occluded", True), "frameRange": [hidden[0], hidden[-1]]}
                tag["key"] = _key("tag", *tag["frameRange"], len(tags))
                tags.append(tag)
        return tags

    def _figure(self, key: str, each: Keyframe) -> Content:
        if each.box.angle:
            self._losses.dropped("turns of boxes in tracks")
        first, last = self._pixels(each.box)
        return {
            "key": _key(key, each.frame),
            "objectKey": key,
            "geometryType": "rectangle",
            "geometry": {"points": {"exterior": [first, last], "interior": []}},
        }

    # meta.json ---------------------------------------------------------------------------------

    def _meta(self, dataset: Dataset) -> Content:
        classes = []
        answers = {
            *((name, "") for name, kinds in self._tags.items() if "none" in kinds),
            *((value, group) for group, values in self._values.items() for value in values),
        }
        for number, category in enumerate(dataset.categories):
            shapes = list(self._shapes.get(category.name, ()))
            if not shapes and (category.name, category.group) in answers:
                continue
            if category.group:
                self._losses.dropped("groups of classes")
            kind = shapes[0] if len(shapes) == 1 else "any"
            kind = "graph" if category.keypoints and not shapes else kind
            entry = {"title": category.name, "description": "", "shape": kind, "hotkey": ""}
            entry["color"] = _COLOURS[number % len(_COLOURS)]
            entry["geometry_config"] = _template(category) if category.keypoints else {}
            classes.append(entry)
        tags = [self._tag_meta(name, kinds) for name, kinds in self._tags.items()]
        kind = {"projectType": "videos"} if self._media == "video" else {}
        return {"classes": classes, "tags": tags, **kind}

    def _tag_meta(self, name: str, kinds: Mapping[str, None]) -> Content:
        kind = next(iter(kinds)) if len(kinds) == 1 else "any_string"
        if len(kinds) > 1:
            self._losses.changed("attributes with values of several types", "written as text")
        entry: Content = {"name": name, "value_type": kind, "color": _COLOURS[0], "hotkey": ""}
        if kind == "flag":
            entry |= {"value_type": "oneof_string", "values": list(FLAGS)}
        elif kind == "oneof_string":
            entry["values"] = list(self._values[name])
        return {**entry, "applicable_type": "all", "classes": [], "target_type": "all"}


def _template(category: Category) -> Content:
    """The drawing of a skeleton on a square of 100, its points on a circle."""
    nodes = {}
    for number, name in enumerate(category.keypoints):
        turn = math.tau * number / len(category.keypoints)
        loc = [round(50 + 40 * math.sin(turn)), round(50 - 40 * math.cos(turn))]
        nodes[name] = {"label": name, "loc": loc, "color": "#0000FF"}
    names = category.keypoints
    edges = [
        {"src": names[a], "dst": names[b], "color": "#00FF00"}
        for a, b in category.skeleton
        if min(a, b) >= 0 and max(a, b) < len(names)
    ]
    return {"nodes": nodes, "edges": edges}


def _key(*parts: object) -> str:
    """A key of 32 letters, the same for the same parts."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()

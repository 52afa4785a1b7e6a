"""The model into Label Studio's JSON, with the labelling config it fits."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from labelschool.formats.contract import Loss, Losses, Options
from labelschool.formats.dataset import (
    Box,
    Dataset,
    Item,
    Keypoints,
    Label,
    Line,
    Mask,
    Polygon,
    Relation,
    Span,
    Track,
    Value,
)
from labelschool.formats.label_studio import brush
from labelschool.formats.label_studio.reader import UNGROUPED
from labelschool.formats.output import Folder
from labelschool.formats.pieces import CROWD, Holds, Piece, by_item, count_unheld, pieces
from labelschool.formats.rasters import laid_out
from labelschool.formats.tracks import stretches

HOLDS = Holds()
_CONTROLS = {
    "rectanglelabels": ("rectangles", "RectangleLabels"),
    "polygonlabels": ("polygons", "PolygonLabels"),
    "brushlabels": ("brushes", "BrushLabels"),
    "keypointlabels": ("points", "KeyPointLabels"),
    "labels": ("labels", "Labels"),
    "videorectangle": ("tracks", "VideoRectangle"),
    "relation": ("relations", "Relations"),
}
"""Type of a result -> the name and the tag of the control that makes it."""

_OBJECTS = {"image": "Image", "video": "Video", "text": "Text"}
_NAMES = {name for name, _ in _CONTROLS.values()}
Result = dict[str, Any]


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """``tasks.json`` and ``label_config.xml``, or such a pair for pictures, clips and texts."""
    losses = Losses()
    for kind, tasks, config in _projects(dataset, losses):
        out = Folder(folder)
        out.put(f"{kind}tasks.json", json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")
        out.put(f"{kind}label_config.xml", config)
    return losses.list()


def write_min(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """The same as JSON_MIN, in which regions have no ids and so nothing can be told about them."""
    losses = Losses()
    for kind, tasks, _ in _projects(dataset, losses):
        entries = [_flat(task, losses) for task in tasks]
        text = json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
        Folder(folder).put(f"{kind}tasks.json", text)
    return losses.list()


def _projects(dataset: Dataset, losses: Losses) -> Iterator[tuple[str, list[Result], str]]:
    """The tasks of each kind of items, and their config; a project has one kind alone."""
    labels = by_item(dataset, losses)
    kinds: dict[str, list[Item]] = {}
    for item in dataset.items.values():
        clip = item.frames or any(isinstance(label.shape, Track) for label in labels[item.id])
        kind = "text" if item.text is not None else "video" if clip else "image"
        kinds.setdefault(kind, []).append(item)
    for kind, items in (kinds or {"image": []}).items():
        writer = _Writer(kind, losses)
        tasks = [writer.task(item, labels[item.id]) for item in items]
        yield ("" if len(kinds) < 2 else f"{kind}-", tasks, writer.config())


class _Writer:
    """Tasks of one kind, and what their config must offer."""

    def __init__(self, kind: str, losses: Losses) -> None:
        self._kind = kind
        self._losses = losses
        self._classes: dict[str, dict[str, None]] = {}
        self._choices: dict[str, dict[str, None]] = {}
        self._questions: dict[str, type] = {}
        self._item_questions: dict[str, type] = {}

    def task(self, item: Item, labels: list[Label]) -> Result:
        """One task with one annotation; none of what is labelled gives an empty one."""
        if item.split:
            self._losses.dropped("splits")
        skipped = item.attributes.get("skipped") is True
        results: list[Result] = []
        for label in labels:
            results += self._results(label, item)
        for name, value in item.attributes.items():
            if name != "skipped":
                self._item_questions[name] = type(value)
                results.append(self._answer(name, value, f"item-{name}"))
        data = {self._kind: _url(item.name) if item.text is None else item.text}
        if item.text is not None:
            data["name"] = item.name
        elif item.width or item.height:
            data |= {"width": item.width, "height": item.height}
        annotation = {"id": item.id, "result": results, "was_cancelled": skipped}
        return {"id": item.id, "data": data, "annotations": [annotation]}

    def _results(self, label: Label, item: Item) -> Iterator[Result]:
        name, id = label.category.name, str(label.id)
        if isinstance(label.shape, Relation):
            self._use("relation", name)
            ends = {"from_id": str(label.shape.source), "to_id": str(label.shape.target)}
            yield {"type": "relation", **ends, "direction": "right", "labels": [name]}
        elif isinstance(label.shape, Span) and self._kind == "text":
            start, end = label.shape.start, label.shape.end
            value = {"start": start, "end": end, "text": (item.text or "")[start:end]}
            yield self._result(id, "labels", {**value, "labels": [name]})
            yield from self._about(label, id)
        elif isinstance(label.shape, Track) and self._kind == "video":
            if item.width and item.height:
                self._use("labels", name)
                value = _sequence(name, label.shape, item, self._losses)
                yield self._result(id, "videorectangle", value, item)
                yield from self._about(label, id)
            else:
                self._losses.dropped("tracks of clips whose size is not known")
        elif not count_unheld(label, self._losses):
            yield from self._in_picture(label, id, item)

    def _in_picture(self, label: Label, id: str, item: Item) -> Iterator[Result]:
        if label.box is None and label.region is None and label.keypoints is None:
            group = label.category.group or UNGROUPED
            self._choices.setdefault(group, {})[label.category.name] = None
            if label.attributes:
                self._losses.dropped("attributes of tags", count=len(label.attributes))
            yield {
                **{"id": f"{id}-tag", "type": "choices", "from_name": group},
                **{"to_name": self._kind, "value": {"choices": [label.category.name]}},
            }
            return
        if not (item.width and item.height):
            self._losses.dropped("labels of pictures whose size is not known")
            return
        found = pieces(label, item, HOLDS, self._losses)
        shapes = [shape for piece in found for shape in self._shapes(piece, item)]
        for number, (kind, value) in enumerate(shapes):
            own = id if not number else f"{id}-{number}"
            value[kind] = [label.category.name]
            parent = {"parentID": id} if number else {}
            yield self._result(own, kind, value, item) | parent
            yield from self._about(label, own)

    def _shapes(self, piece: Piece, item: Item) -> Iterator[tuple[str, Result]]:
        w, h = item.width, item.height
        if isinstance(piece, Box):
            yield "rectanglelabels", _rectangle(piece, item)
        elif isinstance(piece, Mask):
            if (piece.width, piece.height) != (w, h):
                self._losses.dropped("masks of another size than their picture")
                return
            yield "brushlabels", {"format": "rle", "rle": brush.encode(laid_out(piece))}
        elif isinstance(piece, Keypoints):
            self._losses.changed("keypoints of a skeleton", "written as single points")
            for x, y, seen in zip(*(piece.values[n::3] for n in range(3)), strict=False):
                if seen:
                    yield "keypointlabels", {"x": 100 * x / w, "y": 100 * y / h, "width": 0.5}
        elif isinstance(piece, Line) and len(piece.points) == 2:
            x, y = piece.points
            yield "keypointlabels", {"x": 100 * x / w, "y": 100 * y / h, "width": 0.5}
        else:
            flat = piece.points if isinstance(piece, Line) else piece.parts[0]
            pairs = zip(flat[0::2], flat[1::2], strict=True)
            points = [[100 * x / w, 100 * y / h] for x, y in pairs]
            yield "polygonlabels", {"points": points, "closed": isinstance(piece, Polygon)}

    def _result(self, id: str, kind: str, value: Result, item: Item | None = None) -> Result:
        for name in value.get(kind, ()):
            self._use(kind, name)
        result = {"id": id, "type": kind, "from_name": _CONTROLS[kind][0], "to_name": self._kind}
        if kind == "videorectangle":
            self._use(kind, "")
        if item:
            sides = {"original_width": item.width, "original_height": item.height}
            result |= sides | {"image_rotation": 0}
        return result | {"value": value}

    def _use(self, kind: str, name: str) -> None:
        self._classes.setdefault(kind, {})[name] = None

    def _about(self, label: Label, id: str) -> Iterator[Result]:
        """The attributes of a label, as answers about its region."""
        crowd = {CROWD: True} if label.crowd else {}
        for name, value in {**label.attributes, **crowd}.items():
            self._questions[name] = type(value)
            yield self._answer(name, value, id)

    def _answer(self, name: str, value: Value, id: str) -> Result:
        kind, told = "textarea", {"text": [value]}
        if isinstance(value, bool):
            kind, told = "choices", {"choices": [str(value).lower()]}
        elif isinstance(value, int | float):
            kind, told = "number", {"number": value}
        if name in _NAMES:
            self._losses.changed("attributes named as a control", "told apart by an underscore")
            name += "_"
        return {"id": id, "type": kind, "from_name": name, "to_name": self._kind, "value": told}

    # The config --------------------------------------------------------------------------------

    def config(self) -> str:
        """The labelling config that offers all that the tasks use."""
        kind = self._kind
        start = f'  <{_OBJECTS[kind]} name="{kind}" value="${kind}"/>'
        parts = ["<View>", start]
        for used, names in self._classes.items():
            control, tag = _CONTROLS[used]
            if used == "videorectangle":
                parts.append(f'  <VideoRectangle name="{control}" toName="video"/>')
                continue
            head = "" if used == "relation" else f' name="{control}" toName="{kind}"'
            inner = "Relation" if used == "relation" else "Label"
            parts.append(f"  <{tag}{head}>")
            parts += (f"    <{inner} value={quoteattr(name)}/>" for name in names)
            parts.append(f"  </{tag}>")
        for group, names in self._choices.items():
            parts.append(_choices(group, kind, list(names), 'choice="multiple"'))
        for name, type_ in self._questions.items():
            parts.append(_question(name, type_, kind, 'perRegion="true"'))
        for name, type_ in self._item_questions.items():
            parts.append(_question(name, type_, kind, ""))
        return "\n".join([*parts, "</View>", ""])


def _url(name: str) -> str:
    """A file name as a URL, in which "%" begins a code and "?" and "#" end the path."""
    return name.replace("%", "%25").replace("?", "%3F").replace("#", "%23")


def _choices(name: str, kind: str, names: list[str], more: str) -> str:
    inner = "".join(f"<Choice value={quoteattr(each)}/>" for each in names)
    return f'  <Choices name={quoteattr(name)} toName="{kind}" {more}>{inner}</Choices>'


def _question(name: str, type_: type, kind: str, more: str) -> str:
    if type_ is bool:
        return _choices(name, kind, ["true", "false"], more)
    tag = "TextArea" if type_ is str else "Number"
    return f'  <{tag} name={quoteattr(name)} toName="{kind}" {more}/>'


# Shapes -------------------------------------------------------------------------------------------


def _rectangle(box: Box, item: Item) -> Result:
    """In percent, turned about the top left corner."""
    cos, sin = math.cos(box.angle), math.sin(box.angle)
    cx, cy = box.x + box.w / 2, box.y + box.h / 2
    x = cx - (box.w * cos - box.h * sin) / 2 if box.angle else box.x
    y = cy - (box.w * sin + box.h * cos) / 2 if box.angle else box.y
    return {
        **{"x": 100 * x / item.width, "y": 100 * y / item.height},
        **{"width": 100 * box.w / item.width, "height": 100 * box.h / item.height},
        "rotation": math.degrees(box.angle) % 360,
    }


def _sequence(name: str, track: Track, item: Item, losses: Losses) -> Result:
    """The value of a track: keyframes from 1, the last of each stretch not enabled."""
    keys = track.keyframes
    losses.dropped("marks of occlusion of keyframes", count=sum(key.occluded for key in keys))
    losses.dropped("attributes of keyframes", count=sum(len(key.attributes) for key in keys))
    seen = stretches(track, 0)
    sequence = []
    for number, stretch in enumerate(seen, 1):
        for key in stretch:
            last = key is stretch[-1] and (number < len(seen) or keys[-1].outside)
            place = {"frame": key.frame + 1, "enabled": not last}
            if item.fps:
                place["time"] = key.frame / item.fps
            sequence.append(place | _rectangle(key.box, item))
    duration = item.frames / item.fps if item.fps else 0
    value = {"framesCount": item.frames, "duration": duration, "sequence": sequence}
    return {**value, "labels": [name]}


def _flat(task: Result, losses: Losses) -> Mapping[str, Any]:
    """A task with its one annotation as an entry of JSON_MIN."""
    entry: Result = {**task["data"], "id": task["id"]}
    (annotation,) = task["annotations"]
    names = {result["id"] for result in annotation["result"] if "original_width" in result}
    names |= {each["id"] for each in annotation["result"] if each["type"] == "labels"}
    for result in annotation["result"]:
        kind = result["type"]
        if kind == "relation":
            losses.dropped("relations")
        elif "original_width" in result:
            sides = {side: result[side] for side in ("original_width", "original_height")}
            entry.setdefault(result["from_name"], []).append({**result["value"], **sides})
        elif kind == "labels":
            entry.setdefault(result["from_name"], []).append(result["value"])
        elif result["id"] in names:
            losses.dropped("attributes of labels")
        elif kind == "choices":
            old = entry.get(result["from_name"], {"choices": []})
            entry[result["from_name"]] = {"choices": old["choices"] + result["value"]["choices"]}
        else:
            value = result["value"].get("number", result["value"].get("text"))
            entry[result["from_name"]] = value if not isinstance(value, list) else value[0]
    return entry | {"annotator": 1, "annotation_id": annotation["id"]}

"""The model into CVAT XML."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from labelschool.formats.contract import Loss, Losses, Options
from labelschool.formats.dataset import (
    Box,
    Category,
    Dataset,
    Item,
    Keypoints,
    Label,
    Line,
    Mask,
    Track,
    Value,
)
from labelschool.formats.files import safe_name
from labelschool.formats.output import Folder
from labelschool.formats.pieces import CROWD, Holds, Piece, by_item, count_unheld, pieces
from labelschool.formats.rasters import cropped, runs_of

HOLDS = Holds(groups=True)
_OWN = ("z_order", "group_id")
"""Attributes that are CVAT's own, where their value is a whole number."""

Kinds = dict[str, dict[str, set[type]]]
Parts = list[str]


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """``annotations.xml``, or a file for each split, and ``clips.xml`` where clips are among
    pictures.
    """
    losses = Losses()
    labels = by_item(dataset, losses)
    losses.dropped("groups of classes", count=sum(bool(c.group) for c in dataset.categories))
    out = Folder(folder)
    clips: list[Item] = []
    splits: dict[str, list[Item]] = {}
    for item in dataset.items.values():
        if item.text is not None:
            losses.dropped("texts")
            losses.dropped("labels of texts", count=len(labels[item.id]))
        elif item.frames or any(isinstance(label.shape, Track) for label in labels[item.id]):
            clips.append(item)
        else:
            splits.setdefault(item.split, []).append(item)
    for split, items in splits.items():
        used = [label for item in items for label in labels[item.id]]
        body = _pictures(items, labels, losses)
        name = safe_name(f"{split.replace('/', '_') or 'annotations'}.xml", "the split")
        out.put(name, _document(dataset.categories, used, [], body))
    if clips or not splits:
        used = [label for item in clips for label in labels[item.id]]
        body = _tracks(clips, labels, losses)
        name = "clips.xml" if splits else "annotations.xml"
        out.put(name, _document(dataset.categories, used, clips, body))
    return losses.list()


def _document(
    categories: Iterable[Category], labels: list[Label], clips: list[Item], body: Parts
) -> str:
    parts = ['<?xml version="1.0" encoding="utf-8"?>', "<annotations>", "<version>1.1</version>"]
    parts += ["<meta>", *_meta(categories, labels, clips), "</meta>", *body, "</annotations>", ""]
    return "\n".join(parts)


# What the file says of itself ---------------------------------------------------------------------


def _meta(categories: Iterable[Category], labels: list[Label], clips: list[Item]) -> Parts:
    lasting, changing = _kinds(labels)
    names = ["<labels>"]
    for category in categories:
        kind = "skeleton" if category.keypoints else "any"
        names += ["<label>", f"<name>{_text(category.name)}</name>", f"<type>{kind}</type>"]
        names.append("<attributes>")
        for kinds, mutable in ((lasting, False), (changing, True)):
            for name, types in sorted(kinds.get(category.name, {}).items()):
                names += _attribute_type(name, types, mutable)
        names.append("</attributes>")
        if category.keypoints:
            names.append(f"<svg>{_text(_drawing(category))}</svg>")
        names.append("</label>")
        for part in category.keypoints:
            names += ["<label>", f"<name>{_text(part)}</name>", "<type>points</type>"]
            names += ["<attributes></attributes>", f"<parent>{_text(category.name)}</parent>"]
            names.append("</label>")
    names.append("</labels>")
    if not clips:
        return ["<task>", "<mode>annotation</mode>", *names, "</task>"]
    tasks = [_task(number, item) for number, item in enumerate(clips, 1)]
    if len(clips) == 1:
        return ["<task>", *tasks[0], *names, "</task>"]
    wrapped = [part for task in tasks for part in ("<task>", *task, "</task>")]
    return ["<project>", *names, "<tasks>", *wrapped, "</tasks>", "</project>"]


def _task(number: int, item: Item) -> Parts:
    return [
        f"<id>{number}</id>",
        f"<name>{_text(item.name)}</name>",
        f"<size>{item.frames}</size>",
        "<mode>interpolation</mode>",
        f"<subset>{_text(item.split)}</subset>",
        "<original_size>",
        f"<width>{_number(item.width)}</width>",
        f"<height>{_number(item.height)}</height>",
        "</original_size>",
        f"<source>{_text(item.name)}</source>",
    ]


def _kinds(labels: Iterable[Label]) -> tuple[Kinds, Kinds]:
    """The types of the values of each attribute of each class: of those that hold for a whole
    label, and of those that change from keyframe to keyframe.
    """
    lasting: Kinds = {}
    changing: Kinds = {}
    for label in labels:
        _note(lasting, label.category.name, label.attributes)
        hidden = label.attributes.get("occluded")
        if isinstance(hidden, bool) and (label.keypoints or not (label.box or label.region)):
            lasting.setdefault(label.category.name, {}).setdefault("occluded", set()).add(bool)
        if label.crowd:
            _note(lasting, label.category.name, {CROWD: True})
        if isinstance(label.shape, Track):
            for key in label.shape.keyframes:
                _note(changing, label.category.name, key.attributes)
    return lasting, changing


def _note(kinds: Kinds, name: str, attributes: Mapping[str, Value]) -> None:
    for key, value in attributes.items():
        if not _is_own(key, value):
            kinds.setdefault(name, {}).setdefault(key, set()).add(type(value))


def _is_own(key: str, value: Value) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return (key == "occluded" and isinstance(value, bool)) or (key in _OWN and whole)


def _attribute_type(name: str, types: set[type], mutable: bool) -> Parts:
    kind = "checkbox" if types == {bool} else "number" if types <= {int, float} else "text"
    values = {"checkbox": "false", "number": "-1000000000;1000000000;0.000001", "text": ""}[kind]
    return [
        "<attribute>",
        f"<name>{_text(name)}</name>",
        f"<mutable>{mutable}</mutable>",
        f"<input_type>{kind}</input_type>",
        f"<default_value>{'0' if kind == 'number' else values}</default_value>",
        f"<values>{values}</values>",
        "</attribute>",
    ]


def _drawing(category: Category) -> str:
    """The drawing of a skeleton on a square of 100, its points on a circle."""
    turns = [math.tau * n / len(category.keypoints) for n in range(len(category.keypoints))]
    places = [(50 + 40 * math.sin(turn), 50 - 40 * math.cos(turn)) for turn in turns]
    lines = [
        f'<line x1="{places[a][0]:.1f}" y1="{places[a][1]:.1f}" x2="{places[b][0]:.1f}" '
        f'y2="{places[b][1]:.1f}" data-type="edge" data-node-from="{a + 1}" '
        f'data-node-to="{b + 1}"></line>'
        for a, b in category.skeleton
        if min(a, b) >= 0 and max(a, b) < len(places)
    ]
    circles = [
        f'<circle r="0.75" cx="{x:.1f}" cy="{y:.1f}" data-type="element node" '
        f'data-element-id="{n}" data-node-id="{n}" data-label-name={_quoted(name)}></circle>'
        for n, ((x, y), name) in enumerate(zip(places, category.keypoints, strict=True), 1)
    ]
    return "".join(lines + circles)


# Pictures -----------------------------------------------------------------------------------------


def _pictures(items: list[Item], labels: Mapping[int | str, list[Label]], losses: Losses) -> Parts:
    numbered = all(isinstance(item.id, int) for item in items)
    groups = count(1)
    parts: Parts = []
    for place, item in enumerate(items):
        losses.dropped("attributes of items", count=len(item.attributes))
        parts.append(
            f'<image id="{item.id if numbered else place}" name={_quoted(item.name)}'
            + (f" subset={_quoted(item.split)}" if item.split else "")
            + f' width="{_number(item.width)}" height="{_number(item.height)}">'
        )
        for label in labels[item.id]:
            if not count_unheld(label, losses):
                parts += _labelled(label, item, groups, losses)
        parts.append("</image>")
    return parts


def _labelled(label: Label, item: Item, groups: count[int], losses: Losses) -> Parts:
    found = pieces(label, item, HOLDS, losses)
    attributes = dict(label.attributes)
    if label.crowd:
        attributes[CROWD] = True
    if len(found) > 1:
        attributes["group_id"] = next(groups)
    name = label.category.name
    if not found:
        return ["".join((f"<tag label={_quoted(name)}", *_end("tag", attributes)))]
    return [_piece(label.category, piece, attributes, losses) for piece in found]


def _piece(
    category: Category, piece: Piece, attributes: Mapping[str, Value], losses: Losses
) -> str:
    start = f'label={_quoted(category.name)} source="manual"'
    if isinstance(piece, Box):
        return "".join((f"<box {start} {_corners(piece)}", *_end("box", attributes)))
    if isinstance(piece, Mask):
        crop, left, top = cropped(piece)
        height, width = crop.shape
        runs = ", ".join(map(str, runs_of(crop.ravel())))
        start += f' rle="{runs}" left="{left}" top="{top}" width="{width}" height="{height}"'
        return "".join((f"<mask {start}", *_end("mask", attributes)))
    if isinstance(piece, Keypoints) and len(category.keypoints) * 3 == len(piece.values):
        dots = _dots(category, piece)
        return "".join((f"<skeleton {start}", *_end("skeleton", attributes, dots)))
    if isinstance(piece, Keypoints):
        losses.changed("keypoints without names", "written as points")
        tag, points = "points", [v for n, v in enumerate(piece.values) if n % 3 < 2]
    elif isinstance(piece, Line):
        tag, points = ("points" if len(piece.points) == 2 else "polyline"), piece.points
    else:
        tag, points = "polygon", piece.parts[0]
    return "".join((f'<{tag} {start} points="{_pairs(points)}"', *_end(tag, attributes)))


def _dots(category: Category, keypoints: Keypoints) -> str:
    parts = []
    for at, name in enumerate(category.keypoints):
        x, y, seen = keypoints.values[3 * at : 3 * at + 3]
        parts.append(
            f'<points label={_quoted(name)} source="manual" outside="{int(not seen)}" '
            f'occluded="{int(seen == 1)}" points="{_pairs((x, y))}"></points>'
        )
    return "".join(parts)


def _end(tag: str, attributes: Mapping[str, Value], inner: str = "") -> Iterable[str]:
    """The rest of an element, from the attributes that all shapes have on."""
    own = {key: value for key, value in attributes.items() if _is_own(key, value)}
    if tag in ("skeleton", "tag"):
        own.pop("occluded", None)
    else:
        yield f' occluded="{int(own.get("occluded", False))}"'
    yield "".join(f' {name}="{own[name]}"' for name in _OWN if name in own) + ">" + inner
    for name, value in attributes.items():
        if name not in own:
            yield f"<attribute name={_quoted(name)}>{_text(_shown(value))}</attribute>"
    yield f"</{tag}>"


def _corners(box: Box) -> str:
    values = {"xtl": box.x, "ytl": box.y, "xbr": box.x + box.w, "ybr": box.y + box.h}
    if box.angle:
        values["rotation"] = math.degrees(box.angle) % 360
    return " ".join(f'{name}="{_number(value)}"' for name, value in values.items())


# Videos -------------------------------------------------------------------------------------------


def _tracks(clips: list[Item], labels: Mapping[int | str, list[Label]], losses: Losses) -> Parts:
    numbers = count(0)
    parts: Parts = []
    for task, item in enumerate(clips, 1):
        losses.dropped("attributes of items", count=len(item.attributes))
        if item.fps:
            losses.dropped("frame rates of clips")
        for label in labels[item.id]:
            if isinstance(label.shape, Track):
                owner = f' task_id="{task}"' if len(clips) > 1 else ""
                name = _quoted(label.category.name)
                parts.append(f'<track id="{next(numbers)}" label={name} source="manual"{owner}>')
                parts += _rows(label, label.shape, losses)
                parts.append("</track>")
            elif not count_unheld(label, losses):
                losses.dropped("tags of clips")
    return parts


def _rows(label: Label, track: Track, losses: Losses) -> Iterable[str]:
    crowd = {CROWD: True} if label.crowd else {}
    for key in track.keyframes:
        attributes = {**label.attributes, **crowd, **key.attributes, "occluded": key.occluded}
        start = f'<box frame="{key.frame}" keyframe="1" outside="{int(key.outside)}" '
        yield "".join((start, _corners(key.box), *_end("box", attributes)))


# Text ---------------------------------------------------------------------------------------------


def _number(value: float) -> str:
    """A number with up to six decimals and no trailing zeros."""
    shown = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def _pairs(points: Iterable[float]) -> str:
    values = [_number(value) for value in points]
    return ";".join(f"{x},{y}" for x, y in zip(values[0::2], values[1::2], strict=True))


def _shown(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _text(value: str) -> str:
    return escape(_clean(value))


def _quoted(value: str) -> str:
    return quoteattr(_clean(value))


def _clean(value: str) -> str:
    """A text without the control characters that XML cannot hold."""
    return "".join(c if c >= " " or c in "\t\n\r" else "\ufffd" for c in value)

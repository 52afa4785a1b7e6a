"""Texts as JSONL: a line for each text with its spans, relations and tags.

Written are ``{"id", "name", "text", "entities": [{"id", "start_offset", "end_offset", "label"}],
"relations": [{"id", "from_id", "to_id", "type"}], "cats": [...]}``, which is doccano's shape with
names. Read are also ``"label": [[start, end, label]]``, ``"labels"``, ``"spans": [{"start", "end",
"label"}]`` and a class or a list of classes as ``"label"``. Offsets are code points, the end is
exclusive; a program that counts UTF-16 gives others after each character outside the basic plane.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from labelschool.formats.contract import Format, Loss, Losses, OnDefect, Options, Unreadable
from labelschool.formats.dataset import Dataset, Item, Label, Relation, Span, Value
from labelschool.formats.files import lines, safe_name, shown, walk
from labelschool.formats.json_files import parsed
from labelschool.formats.output import Folder
from labelschool.formats.pieces import by_item, count_unused
from labelschool.formats.rows import (
    Classes,
    Odd,
    identifier,
    joined,
    listing,
    mapping,
    parsed_line,
    row,
    scalar,
    string,
    whole,
)

SUFFIXES = (".jsonl", ".ndjson")
_OWN = {"id", "text", "name", "split", "entities", "relations", "cats", "label", "labels", "spans"}
_SPAN = {"id", "start_offset", "end_offset", "start", "end", "label"}


def sources(path: Path) -> list[Path]:
    """The files of texts that a path stands for."""
    if path.is_file():
        return [path] if path.suffix.lower() in SUFFIXES and _has_text(path) else []
    return [file for name in walk(path, *SUFFIXES) if _has_text(file := path / name)]


def _has_text(path: Path) -> bool:
    try:
        first = next((line for _, line in lines(path) if line.strip()), "")
        content = parsed(first, shown(path))
    except Unreadable:
        return False
    return isinstance(content, dict) and isinstance(content.get("text"), str)


def recognise(path: Path) -> float:
    """0.9 for lines of JSON objects with a text, and a folder of such."""
    return 0.9 if sources(path) else 0.0


# Reading ------------------------------------------------------------------------------------------


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The texts of a file, or of the files of a folder."""
    files = [path] if path.is_file() else sources(path)
    if not files:
        raise Unreadable(f"{shown(path)} holds no JSONL of texts: name the file.")
    reader = _Reader()
    for file in files:
        for number, line in lines(file):
            if line.strip():
                with row(on_defect, shown(file), f"line {number}"):
                    content = mapping(parsed_line(line, shown(file)), "the line")
                    reader.text(content, shown(file), on_defect)
    return Dataset(reader.classes.all(), reader.items, reader.labels)


class _Reader:
    def __init__(self) -> None:
        self.classes = Classes()
        self.items: dict[int | str, Item] = {}
        self.labels: list[Label] = []
        self._ids: set[int | str] = set()

    def text(self, content: dict[str, Any], file: str, on_defect: OnDefect | None) -> None:
        """One line; a span that is not understood is left out, and else all of the line."""
        text = content.get("text")
        if not isinstance(text, str):
            raise Odd("the line has no text")
        id = identifier(content.get("id", len(self.items) + 1), "the id")
        if id in self.items:
            raise Odd("the id comes twice", "R3")
        name = safe_name(string(content.get("name", f"{id}.txt"), "the name"), file)
        split = content.get("split")
        more = _scalars(content, _OWN)
        item = Item(id, name, text=text, split=split if isinstance(split, str) else "")
        item.attributes = joined(more)
        known: dict[int | str, int | str] = {}
        found: list[Label] = []
        for number, each in enumerate(_spans(content), 1):
            with row(on_defect, file, each.get("id", f"span {number} of {id}")):
                found.append(self._span(each, item, known))
        found += [self._tag(each, item) for each in _tags(content)]
        for each in listing(content.get("relations", []), "relations"):
            found.append(self._relation(mapping(each, "a relation"), item, known))
        self.items[id] = item
        self.labels += found

    def _fresh(self, wanted: Any, item: Item) -> int | str:
        """The id a line gives, or one with the item's where it has come before."""
        if wanted is None:
            wanted = len(self._ids) + 1
        id, number = identifier(wanted, "the id"), 1
        while id in self._ids:
            id, number = f"{item.id}:{wanted}" + (f":{number}" if number > 1 else ""), number + 1
        self._ids.add(id)
        return id

    def _span(self, content: dict[str, Any], item: Item, known: dict[Any, Any]) -> Label:
        start = whole(content.get("start_offset", content.get("start")), "the start")
        end = whole(content.get("end_offset", content.get("end")), "the end")
        category = self.classes.get(string(content.get("label"), "the label"))
        label = Label(self._fresh(content.get("id"), item), item.id, category)
        if "id" in content:
            known[identifier(content["id"], "the id")] = label.id
        label.shape = Span(start, end)
        label.attributes = joined(_scalars(content, _SPAN))
        return label

    def _tag(self, content: str | dict[str, Any], item: Item) -> Label:
        if isinstance(content, str):
            content = {"label": content}
        group = content.get("group", "")
        category = self.classes.get(
            string(content.get("label"), "the label"), group if isinstance(group, str) else ""
        )
        label = Label(self._fresh(content.get("id"), item), item.id, category)
        label.attributes = joined(_scalars(content, {"id", "label", "group"}))
        return label

    def _relation(self, content: dict[str, Any], item: Item, known: dict[Any, Any]) -> Label:
        ends = [identifier(content.get(name), name) for name in ("from_id", "to_id")]
        if not all(end in known for end in ends):
            raise Odd("a relation joins a span that is not there", "R4")
        category = self.classes.get(string(content.get("type", "relation"), "the type"))
        label = Label(self._fresh(content.get("id"), item), item.id, category)
        label.shape = Relation(known[ends[0]], known[ends[1]])
        label.attributes = joined(_scalars(content, {"id", "from_id", "to_id", "type"}))
        return label


def _scalars(content: Mapping[str, Any], own: set[str]) -> dict[str, Value]:
    found = {key: scalar(value) for key, value in content.items() if key not in own}
    return {key: value for key, value in found.items() if value is not None}


def _spans(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The spans of a line, in whichever of the usual ways it has them."""
    found = []
    for key in ("entities", "spans", "label", "labels"):
        value = content.get(key)
        for each in value if isinstance(value, list) else ():
            if isinstance(each, dict):
                found.append(each)
            elif isinstance(each, list) and len(each) == 3:
                found.append(dict(zip(("start", "end", "label"), each, strict=True)))
            elif not (isinstance(each, str) and key in ("label", "labels")):
                raise Odd(f"an entry of {key} is no span")
    return found


def _tags(content: Mapping[str, Any]) -> list[str | dict[str, Any]]:
    found: list[str | dict[str, Any]] = []
    for key in ("cats", "label", "labels"):
        value = content.get(key)
        entries = value if isinstance(value, list) else [value]
        found += (
            each
            for each in entries
            if (isinstance(each, str) and each) or (key == "cats" and isinstance(each, dict))
        )
    return found


# Writing ------------------------------------------------------------------------------------------


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """``texts.jsonl``."""
    losses = Losses()
    labels = by_item(dataset, losses)
    count_unused(dataset, losses)
    rows = []
    for item in dataset.items.values():
        if item.text is None:
            losses.dropped("clips" if item.frames else "pictures")
            losses.dropped("labels of pictures and clips", count=len(labels[item.id]))
        else:
            rows.append(json.dumps(_row(item, labels[item.id], losses), ensure_ascii=False) + "\n")
    Folder(folder).put("texts.jsonl", "".join(rows))
    return losses.list()


def _row(item: Item, labels: list[Label], losses: Losses) -> dict[str, Any]:
    content: dict[str, Any] = {"id": item.id, "name": item.name}
    if item.split:
        content["split"] = item.split
    content |= {"text": item.text, "entities": [], "relations": [], "cats": []}
    spans = {label.id for label in labels if isinstance(label.shape, Span)}
    for label in labels:
        kind, entry = _entry(label)
        if kind == "relations" and not {entry["from_id"], entry["to_id"]} <= spans:
            losses.dropped("relations of labels that are no spans")
        elif kind:
            entry |= _kept(label.attributes, set(entry), losses)
            content[kind].append(entry)
        else:
            losses.dropped("labels that are no part of a text")
    return content | _kept(item.attributes, _OWN, losses)


def _entry(label: Label) -> tuple[str, dict[str, Any]]:
    entry: dict[str, Any] = {"id": label.id}
    if isinstance(label.shape, Span):
        entry |= {"start_offset": label.shape.start, "end_offset": label.shape.end}
        return "entities", entry | {"label": label.category.name}
    if isinstance(label.shape, Relation):
        entry |= {"from_id": label.shape.source, "to_id": label.shape.target}
        return "relations", entry | {"type": label.category.name}
    if label.shape or label.box or label.region or label.keypoints:
        return "", entry
    group = {"group": label.category.group} if label.category.group else {}
    return "cats", entry | {"label": label.category.name} | group


def _kept(attributes: Mapping[str, Value], own: set[str], losses: Losses) -> dict[str, Value]:
    kept = {key: value for key, value in attributes.items() if key not in own}
    losses.dropped("attributes named as a field", count=len(attributes) - len(kept))
    return kept


FORMATS = (
    Format(
        "jsonl",
        "JSONL of texts",
        recognise,
        read,
        write,
        frozenset(("spans", "relations", "tags", "attributes")),
    ),
)

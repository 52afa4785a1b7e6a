"""Label Studio's JSON into the model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from labelschool.formats.contract import Defect, OnDefect, Options, Unreadable, tell
from labelschool.formats.dataset import Dataset, Item, Label, Relation
from labelschool.formats.files import safe_name, shown
from labelschool.formats.json_files import rows
from labelschool.formats.label_studio.regions import Region, place
from labelschool.formats.pieces import CROWD
from labelschool.formats.rows import (
    Classes,
    Odd,
    identifier,
    joined,
    listing,
    mapping,
    row,
    scalar,
    string,
    whole,
)

UNGROUPED = "tags"
"""The question whose answers are tags of no group."""

MOST_FILES = 20
"""Files of a folder that are looked into: an export is one file."""

_UPLOAD = re.compile(r"[0-9a-f]{8}-(?=.)")
_MEDIA = ("image", "img", "video", "text")
_SIZE = ("width", "height")
_ANSWERS = ("choices", "textarea", "number", "rating", "taxonomy", "datetime")
_NOT_ASKED = {
    *("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time"),
    *("name", *_SIZE),
}
"""Keys of an entry of JSON_MIN that are no questions of its config."""


def kinds(path: Path) -> dict[Path, str]:
    """The Label Studio files that a path stands for, each with "full" or "min"."""
    try:
        files = [path] if path.is_file() else sorted(path.glob("*.json"))[:MOST_FILES]
    except OSError:
        return {}
    named = {file: _kind(file) for file in files if file.suffix.lower() == ".json"}
    return {file: kind for file, kind in named.items() if kind}


def _kind(path: Path) -> str:
    try:
        _, first = next(rows(path, lambda _: None), (None, None))
    except Unreadable:
        return ""
    if not isinstance(first, dict):
        return ""
    if "annotation_id" in first and "annotator" in first:
        return "min"
    return "full" if "annotations" in first and "data" in first else ""


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The tasks and labels of a file, or of the files of a folder; JSON_MIN where there is no
    other.
    """
    named = {path: ""} if path.is_file() else kinds(path)
    files = [file for file, kind in named.items() if kind == "full"] or list(named)
    if not files:
        raise Unreadable(f"{shown(path)} holds no Label Studio tasks: export as JSON.")
    reader = _Reader(on_defect)
    for file in files:
        reader.take(file)
    reader.shorten_names()
    return Dataset(reader.classes.all(), reader.items, reader.labels)


class _Reader:
    def __init__(self, on_defect: OnDefect | None) -> None:
        self.classes = Classes()
        self.items: dict[int | str, Item] = {}
        self.labels: list[Label] = []
        self._ids: set[int | str] = set()
        self._uploads: set[int | str] = set()
        self._on_defect = on_defect
        self._file = ""

    def take(self, path: Path) -> None:
        self._file = shown(path)
        for key, task in rows(path, self._on_defect):
            if key is not None:
                raise Unreadable(f"{self._file} is no list of tasks: export as JSON.")
            place = f"task {task.get('id') if isinstance(task, dict) else '?'}"
            with row(self._on_defect, self._file, place):
                self._task(mapping(task, "the task"), place)

    def shorten_names(self) -> None:
        """Takes the eight letters of uploads off the names, where names stay different."""
        short = {id: _UPLOAD.sub("", self.items[id].name, count=1) for id in self._uploads}
        others = [item.name for id, item in self.items.items() if id not in short]
        taken = [*others, *short.values()]
        for id, name in short.items():
            if taken.count(name) == 1:
                self.items[id] = replace(self.items[id], name=name)

    # Tasks -------------------------------------------------------------------------------------

    def _task(self, task: dict[str, Any], place: str) -> None:
        id = identifier(task.get("id", len(self.items) + 1), "the id")
        if "data" not in task:
            results = list(_full_results(task))
            annotations = [{"id": task.get("annotation_id"), "result": results}]
            data = {key: value for key, value in task.items() if key in _MEDIA or key in _NOT_ASKED}
        else:
            annotations = listing(task.get("annotations", []), "annotations")
            data = mapping(task["data"], "data")
        if id in self.items:
            if "data" not in task:
                self._twice(place)
                return
            raise Odd("the task comes twice", "R3")
        item = self._item(id, data)
        cancelled = [a for a in annotations if isinstance(a, dict) and a.get("was_cancelled")]
        if cancelled and len(cancelled) == len(annotations):
            item.attributes = {"skipped": True}
        self.items[id] = item
        if chosen := self._chosen(annotations, place):
            self._annotation(listing(chosen.get("result", []), "result"), item, data, place)

    def _chosen(self, annotations: list[Any], place: str) -> dict[str, Any] | None:
        """The annotation that is read: that marked as ground truth, or else the newest,
        which stands last.
        """
        kept = [mapping(each, "the annotation") for each in annotations]
        kept = [each for each in kept if not each.get("was_cancelled")]
        if not kept:
            return None
        truths = [each for each in kept if each.get("ground_truth")]
        if len(kept) > 1 and len(truths) != 1:
            self._twice(place)
        return (truths or kept)[-1]

    def _twice(self, place: str) -> None:
        message = "the task has more than one annotation, of which the newest is read."
        fix = "Mark one of them as ground truth, or export one annotator's alone."
        tell(self._on_defect, Defect("R3", place, self._file, message, fix))

    def _item(self, id: int | str, data: dict[str, Any]) -> Item:
        key = next((name for name in _MEDIA if isinstance(data.get(name), str)), "")
        key = key or next((name for name, value in data.items() if isinstance(value, str)), "")
        source = data.get(key, "")
        prose = key not in _MEDIA and any(letter.isspace() for letter in source.strip())
        if key == "text" or prose:
            name = data.get("name")
            name = name if isinstance(name, str) and name else f"{id}.txt"
            return Item(id, safe_name(name, self._file), text=source)
        name, uploaded = _file_name(source)
        if uploaded:
            self._uploads.add(id)
        width, height = (whole(data.get(side, 0), side) for side in _SIZE)
        return Item(id, safe_name(name or str(id), self._file), width, height)

    # Annotations -------------------------------------------------------------------------------

    def _annotation(
        self, results: list[Any], item: Item, data: Mapping[str, Any], place: str
    ) -> None:
        regions: dict[str, Region] = {}
        relations: list[dict[str, Any]] = []
        for count, each in enumerate(results):
            with row(self._on_defect, self._file, place):
                result = mapping(each, "a result")
                if result.get("type") == "relation":
                    relations.append(result)
                else:
                    name = result.get("id")
                    name = name if isinstance(name, str) and name else f"#{count}"
                    _collect(result, regions.setdefault(name, Region()))
        known: dict[str, int | str] = {}
        for name, region in regions.items():
            with row(self._on_defect, self._file, f"{place}, region {name}"):
                if region.value:
                    known[name] = self._region(name, region, item)
                else:
                    self._answers(region, item)
        for result in relations:
            with row(self._on_defect, self._file, f"{place}, relation"):
                self._relation(result, known, item)

    def _fresh(self, name: str, item: Item) -> int | str:
        """An id of the whole file: those of regions are unique within their task alone."""
        id = name if name not in self._ids else f"{item.id}:{name}"
        number = 1
        while id in self._ids:
            number += 1
            id = f"{item.id}:{name}:{number}"
        self._ids.add(id)
        return id

    def _region(self, name: str, region: Region, item: Item) -> int | str:
        if not region.labels:
            raise Odd("the region has no class", "R4")
        if region.turned:
            raise Odd("the region is drawn on a turned picture", "R14")
        width, height = region.size
        if width and height:
            item.width, item.height = item.width or width, item.height or height
        label = Label(name, item.id, self.classes.get(region.labels[0]))
        attributes = dict(region.answers)
        if len(region.labels) > 1:
            attributes["labels"] = ", ".join(region.labels[1:])
        place(label, region, item)
        label.crowd = attributes.pop(CROWD, False) is True
        label.attributes = joined({**label.attributes, **attributes})
        label.id = self._fresh(name, item)
        self.labels.append(label)
        return label.id

    def _answers(self, region: Region, item: Item) -> None:
        """What was answered about the whole task: choices are tags, the rest its attributes."""
        for question, answer in region.answers.items():
            if region.choices:
                group = "" if question == UNGROUPED else question
                for choice in region.choices:
                    category = self.classes.get(choice, group)
                    id = self._fresh(f"{item.id}-{question}-{choice}", item)
                    self.labels.append(Label(id, item.id, category))
            else:
                item.attributes = {**item.attributes, question: answer}

    def _relation(self, result: dict[str, Any], known: Mapping[str, int | str], item: Item) -> None:
        ends = [result.get("from_id"), result.get("to_id")]
        if not all(isinstance(end, str) and end in known for end in ends):
            raise Odd("the relation joins a region that is not there", "R4")
        if result.get("direction") == "left":
            ends.reverse()
        names = listing(result.get("labels") or ["relation"], "labels")
        category = self.classes.get(string(names[0], "the label of the relation"))
        id = self._fresh(f"{ends[0]}-{ends[1]}", item)
        joins = Relation(known[ends[0]], known[ends[1]])
        self.labels.append(Label(id, item.id, category, shape=joins))


def _file_name(source: str) -> tuple[str, bool]:
    """The name of a file by its URL or path, and whether it was uploaded to the server."""
    try:
        parts = urlsplit(source)
    except ValueError as error:
        raise Odd("the URL of the file cannot be read") from error
    if "d" in (query := parse_qs(parts.query)) and "local-files" in parts.path:
        return query["d"][0].lstrip("/"), False
    name = unquote(parts.path if parts.scheme or parts.query else source)
    if "/upload/" in name and name.startswith("/data/"):
        return PurePosixPath(name).name, True
    return (name.lstrip("/") if parts.scheme else name), False


def _full_results(task: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The results of an entry of JSON_MIN, as the full JSON has them."""
    for name, value in task.items():
        if name in _NOT_ASKED or (name in _MEDIA and isinstance(value, str)):
            continue
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for entry in value:
                each = mapping(entry, f"an entry of {name}")
                types = [key for key in each if key.endswith("labels")] or ["labels"]
                sizes = {side: each.get(side) for side in ("original_width", "original_height")}
                yield {"type": types[0], "from_name": name, "value": each, **sizes}
        elif isinstance(value, dict) and isinstance(value.get("choices"), list):
            yield {"type": "choices", "from_name": name, "value": value}
        elif isinstance(value, str) and value:
            yield {"type": "choices", "from_name": name, "value": {"choices": [value]}}
        elif isinstance(value, int | float):
            yield {"type": "number", "from_name": name, "value": {"number": value}}


def _collect(result: dict[str, Any], region: Region) -> None:
    """Adds a result to the region it is about."""
    kind = string(result.get("type"), "the type")
    value = mapping(result.get("value"), "the value")
    if kind in _ANSWERS:
        answer = value.get(kind, value.get("text"))
        if kind == "choices":
            answer = [answer] if isinstance(answer, str) else listing(answer, "choices")
            region.choices = [string(choice, "a choice") for choice in answer]
        if isinstance(answer, list) and len(answer) == 1:
            answer = answer[0]
        if isinstance(answer, list):
            answer = ", ".join(str(each) for each in answer)
        if answer in ("true", "false"):
            answer = answer == "true"
        if (found := scalar(answer)) is not None:
            region.answers[string(result.get("from_name"), "from_name")] = found
        return
    names = value.get(kind, value.get("labels"))
    if isinstance(names, list):
        region.labels = [name for name in names if _is_name(name)] or region.labels
    if not region.value:
        width, height = (result.get(f"original_{side}") or 0 for side in _SIZE)
        region.value, region.type = value, kind
        region.size = whole(width, "the width"), whole(height, "the height")
        region.turned = bool(result.get("image_rotation"))


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)

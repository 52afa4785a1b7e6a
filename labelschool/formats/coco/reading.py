"""Reading COCO files, of which large ones are streamed."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from labelschool.formats import json_files
from labelschool.formats.coco import fields
from labelschool.formats.contract import (
    DEFAULT,
    Defect,
    OnDefect,
    Options,
    Unreadable,
    printable,
    tell,
)
from labelschool.formats.dataset import NONE, Category, Dataset, Item, Label
from labelschool.formats.files import opened, shown, walk
from labelschool.formats.rows import Odd

_END = 1 << 20
"""Bytes at the end of a file in which the categories are looked for."""
_FIX = "Export the file again, or mend this entry."


# Reading ----------------------------------------------------------------------------------------


def read(path: Path, on_defect: OnDefect | None = None, options: Options = DEFAULT) -> Dataset:
    """A COCO file, or a folder of them. See `contract` for what is told how."""
    if not path.is_dir():
        return _read_file(path, on_defect)
    names = [name for name in walk(path, ".json") if _score(path / name)]
    if not names:
        raise Unreadable(f"{shown(path)} holds no COCO file: name the JSON file itself.")
    splits = [_split(name) for name in names]
    parts = [_read_file(path / name, on_defect) for name in names]
    for part, split in zip(parts, splits, strict=True):
        for item in part.items.values():
            item.split = split
    if len(parts) == 1:
        return parts[0]
    if any(part.categories != parts[0].categories for part in parts):
        raise Unreadable(
            f"{shown(path)} holds files with different categories: convert them one at a time."
        )
    keys = splits if len(set(splits)) == len(splits) else names
    return _Joined(parts, keys).dataset()


def _split(name: str) -> str:
    found = re.fullmatch("(?:instances|person_keypoints)_(.+)", Path(name).stem)
    return found[1] if found else ""


class _Joined:
    """The labels of several files whose ids are told apart by a key for each file."""

    def __init__(self, parts: list[Dataset], keys: list[str]) -> None:
        self._parts, self._keys = parts, keys

    def dataset(self) -> Dataset:
        items = {}
        for part, key in zip(self._parts, self._keys, strict=True):
            for item in part.items.values():
                items[f"{key}/{item.id}"] = replace(item, id=f"{key}/{item.id}")
        first = self._parts[0]
        return Dataset(first.categories, items, self, first.about)

    def __iter__(self) -> Iterator[Label]:
        for part, key in zip(self._parts, self._keys, strict=True):
            pairs = zip(part.categories, self._parts[0].categories, strict=True)
            shared = {id(own): first for own, first in pairs}
            for label in part.labels:
                names = {"id": f"{key}/{label.id}", "item": f"{key}/{label.item}"}
                yield replace(label, category=shared[id(label.category)], **names)


def _read_file(path: Path, on_defect: OnDefect | None) -> Dataset:
    file = _File(path, on_defect)
    found = json_files.rows(path, on_defect)
    first = file.take(found)
    if first is not None and not (file.seen >= {"images", "categories"} or file.take_end()):
        # Pictures or categories come after the annotations and before something else.
        file = _File(path, on_defect)
        found = first = None
        skipping = json_files.rows(path, _not_about("annotations ", on_defect))
        while file.take(skipping) is not None:
            pass
    stream = _Stream(path, file, on_defect)
    if first is not None:
        stream.rest = itertools.chain((first,), found)
    file.check()
    return Dataset(list(file.categories.values()), file.items, stream, file.about)


def _not_about(start: str, on_defect: OnDefect | None) -> OnDefect:
    """A callback that leaves out what another pass tells."""
    return lambda defect: None if str(defect.id).startswith(start) else tell(on_defect, defect)


class _Stream:
    """The labels of a file, read when they are walked; `rest` is what has been begun.

    What is wrong with them is told on the first walk.
    """

    def __init__(self, path: Path, file: _File, on_defect: OnDefect | None) -> None:
        self._path, self._file, self._on_defect = path, file, on_defect
        self.rest: Iterator[tuple[str | None, Any]] | None = None

    def __iter__(self) -> Iterator[Label]:
        on_defect, self._on_defect = self._on_defect, self._on_defect and _silent
        found, self.rest = self.rest, None
        if found is None:
            told = _not_about("images ", _not_about("categories ", on_defect))
            found = json_files.rows(self._path, told)
        rows = (entry for key, entry in found if key == "annotations" and entry != [])
        return self._file.labels(rows, on_defect)


def _silent(defect: Defect) -> None:
    pass


class _File:
    """What is known of a file when its annotations are read."""

    def __init__(self, path: Path, on_defect: OnDefect | None) -> None:
        self.name = shown(path)
        self.items: dict[int | str, Item] = {}
        self.categories: dict[int | str, Category] = {}
        self.about: dict[str, Any] = {}
        self.licences: list[Any] = []
        self.seen: set[str | None] = set()
        self._path, self._on_defect = path, on_defect
        self._count = {"images": 0, "categories": 0}

    def take(self, found: Iterator[tuple[str | None, Any]]) -> tuple[str | None, Any] | None:
        """Takes in what comes before the annotations; the first of them, or None at the end."""
        for key, entry in found:
            self.seen.add(key)
            if key == "annotations":
                return key, entry
            if key == "info" and isinstance(entry, dict):
                self.about |= fields.scalars(entry, frozenset())
            elif key == "licenses" and entry != []:
                self.licences.append(entry)
            elif key in ("images", "categories") and entry != []:
                self.enter(key, entry)
        return None

    def take_end(self) -> bool:
        """Takes in the categories where they end the file, as COCO's own files have it."""
        with opened(self._path) as stream:
            stream.seek(max(stream.seek(0, 2) - _END, 0))
            end = stream.read()
        begin = end.rfind(b'"categories"')
        if "images" not in self.seen or begin < 0 or not end[:begin].rstrip().endswith(b","):
            return False
        try:
            members = json_files.parsed("{" + end[begin:].decode(), self.name)
        except (Unreadable, UnicodeDecodeError):
            return False
        if list(members) != ["categories"] or not isinstance(members["categories"], list):
            return False
        self.seen.add("categories")
        for row in members["categories"]:
            self.enter("categories", row)
        return True

    def check(self) -> None:
        """Raises `Unreadable` when a list is missing."""
        for key in ("images", "annotations", "categories"):
            if key not in self.seen:
                raise Unreadable(f"{self.name} is no COCO file: it needs a list {key!r}.")
        if self.licences:
            self.about["licenses"] = json.dumps(self.licences)

    def enter(self, key: str, row: Any) -> None:
        """Takes in an image or a category."""
        self._count[key] += 1
        noun = "image" if key == "images" else "category"
        id_ = row.get("id") if isinstance(row, dict) else None
        number = self._count[key]
        place = f"{noun} {printable(id_)}" if fields.is_id(id_) else f"{noun} number {number}"
        known = self.items if key == "images" else self.categories
        try:
            if not isinstance(row, dict) or not fields.is_id(id_):
                raise Odd("it has no id")
            if id_ in known:
                raise Odd("its id is there twice, and this is not the first", "R3")
            if key == "images":
                self.items[id_] = fields.item(row)
            else:
                self.categories[id_] = fields.category(row)
        except Odd as odd:
            tell(self._on_defect, Defect(odd.rule, place, self.name, f"{odd}.", _FIX))

    def labels(self, rows: Iterable[Any], on_defect: OnDefect | None) -> Iterator[Label]:
        """The labels of rows; what cannot be understood is told and left out."""
        for number, row in enumerate(rows, 1):
            try:
                yield self._label(row)
            except Odd as odd:
                id_ = row.get("id") if isinstance(row, dict) else None
                known = printable(id_) if fields.is_id(id_) else f"number {number}"
                place = f"annotation {known}"
                tell(on_defect, Defect(odd.rule, place, self.name, f"{odd}.", _FIX))

    def _label(self, row: Any) -> Label:
        try:
            id_, image, category = row["id"], row["image_id"], row["category_id"]
        except (KeyError, TypeError):
            raise Odd("it has no id, image_id or category_id") from None
        try:
            if image not in self.items:
                raise Odd(f"its image {printable(image)} is not in the list of images", "R4")
            kind = self.categories.get(category)
        except TypeError:
            raise Odd("its image_id or category_id is a list") from None
        if kind is None:
            raise Odd(f"its category {printable(category)} is not in the list", "R4")
        if type(id_) is not int and not fields.is_id(id_):
            raise Odd("its id is neither a number nor a text")
        get = row.get
        corner, segmentation, area, points = get("bbox"), get("segmentation"), get("area"), None
        box = fields.box(corner) if corner else None
        region = fields.region(segmentation) if segmentation else None
        if (keypoints := get("keypoints")) and (kind.keypoints or not fields.is_empty(keypoints)):
            points = fields.keypoints(keypoints, len(kind.keypoints))
        if box is None and region is None and points is None:
            raise Odd("it has neither bbox nor segmentation")
        if (crowd := get("iscrowd", 0)) not in (0, 1):
            raise Odd(f"iscrowd is {printable(crowd)} and not 0 or 1", "R11")
        if area is not None:
            area = fields.number(area, "area")
        attributes = (
            NONE if row.keys() <= fields.ANNOTATION else fields.scalars(row, fields.ANNOTATION)
        )
        if more := get("attributes"):
            attributes = {**fields.scalars(more, frozenset()), **attributes}
        return Label(id_, image, kind, box, region, points, None, bool(crowd), area, attributes)


# Recognising ------------------------------------------------------------------------------------


def recognise(path: Path) -> float:
    """By the keys at the start of the file; a folder by the JSON files in it."""
    if not path.is_dir():
        return _score(path)
    inside = [each for pattern in ("*.json", "annotations/*.json") for each in path.glob(pattern)]
    return 0.8 if inside and all(map(_score, inside[:20])) else 0


_START = re.compile(r'\s*\{\s*"(info|images|annotations|categories|licenses)"\s*:')


def _score(path: Path) -> float:
    if path.suffix.lower() != ".json":
        return 0
    with opened(path) as stream:
        head = stream.read(1 << 16).decode("utf-8", "ignore").removeprefix("\ufeff")
    if _START.match(head):
        return 0.9
    known = sum(f'"{key}"' in head for key in ("images", "annotations", "categories"))
    return 0.5 if known >= 2 and head.lstrip().startswith("{") else 0

"""Data sets by name: items, files and truth, with checksums.

A set is `datasets/NAME/` in the checkout. ``LABELSCHOOL_PRIVATE=DIR`` puts an instructor's own
files first: whatever `DIR/datasets/NAME/` holds replaces the file of the same name, so that a
cohort can have its own truth, or its own pictures and truth.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from labelschool import course
from labelschool.errors import LabelSchoolError
from labelschool.model import MODALITIES, Item, Truth, first_error

TRUTH_SCHEMA = "labelschool/truth/1"
CHECKSUMS = "SHA256SUMS"


class DataError(LabelSchoolError):
    """A file of a data set is missing or is not what was shipped."""


def names() -> tuple[str, ...]:
    """All sets of the checkout."""
    folders = (path.parent for path in (course.root() / "datasets").glob(f"*/{CHECKSUMS}"))
    return tuple(sorted(folder.name for folder in folders))


def items(name: str, pool: str) -> tuple[Item, ...]:
    """The items of a pool in their order. Raises `DataError` when the set or pool is missing."""
    path = _path(name, "items.json")
    pools = _json(path, name)
    if pool not in pools:
        raise DataError(f"The data set {name} has no {pool} pool.")
    return tuple(_item(name, entry) for entry in pools[pool])


def has_truth(name: str, pool: str) -> bool:
    """Whether the truth of a pool is here; a cohort's stays with the instructor."""
    return _path(name, f"truth/{pool}.json").is_file()


def truth(name: str, pool: str) -> tuple[Any, ...]:
    """The truth of a pool, records of the set's modality (`labelschool.model.MODALITIES`).

    Raises `DataError` when it is missing or was changed.
    """
    return _truth(_path(name, f"truth/{pool}.json"), name)


def truth_sha256(name: str, pool: str) -> str:
    """Hash of the truth file, stored with every result that rests on it."""
    return _sha256(_path(name, f"truth/{pool}.json").read_bytes())


def file(name: str, file: str) -> Path:
    """The path of a file after its checksum was compared. `file` is relative to the set."""
    path = _path(name, file)
    _verified_bytes(path, name)
    return path


def verify(name: str) -> list[str]:
    """Every file of a set that is missing or changed, as sentences; empty when all is well."""
    complaints = []
    for file in _checksums(_folder(name)):
        try:
            _verified_bytes(_folder(name) / file, name)
        except DataError as error:
            complaints.append(str(error))
    return complaints


def _folder(name: str) -> Path:
    folder = course.root() / "datasets" / name
    if not folder.is_dir() and not _private(name).is_dir():
        raise DataError(f"There is no data set {name!r}; there are {', '.join(names())}.")
    return folder


def _private(name: str) -> Path:
    return Path(os.environ.get("LABELSCHOOL_PRIVATE") or os.devnull) / "datasets" / name


def _path(name: str, file: str) -> Path:
    """The instructor's own file if there is one, else the checkout's."""
    own = _private(name) / file
    return own if own.is_file() else _folder(name) / file


def _item(name: str, entry: dict) -> Item:
    """An entry of `items.json` with its files as paths."""
    fields = {key: value for key, value in entry.items() if key != "item"}
    for key in ("image", "sweep", "camera"):
        if key in fields:
            fields[key] = _path(name, fields[key])
    for key in ("frames", "neighbours"):
        if key in fields:
            fields[key] = [_path(name, path) for path in fields[key]]
    try:
        return Item(name=entry["item"], **fields)
    except (KeyError, ValidationError) as error:
        what = first_error(error) if isinstance(error, ValidationError) else "an item has no name"
        path = _path(name, "items.json")
        raise DataError(f"{_short(path)} is wrong ({what}); {_restore(path)}") from error


@cache
def _truth(path: Path, name: str) -> tuple[Truth, ...]:
    data = _json(path, name)
    if data.get("schema") != TRUTH_SCHEMA:
        raise DataError(f"{_short(path)} is not a truth file of this course; {_restore(path)}")
    try:
        record = MODALITIES[data["modality"]]
        return tuple(record.model_validate(item) for item in data["items"])
    except (KeyError, ValidationError) as error:
        what = first_error(error) if isinstance(error, ValidationError) else f"it lacks {error}"
        raise DataError(f"{_short(path)} is wrong ({what}); {_restore(path)}") from error


def _json(path: Path, name: str) -> dict:
    content = _verified_bytes(path, name)
    try:
        return json.loads(content)
    except ValueError as error:
        raise DataError(f"{_short(path)} is not valid JSON; {_restore(path)}") from error


def _verified_bytes(path: Path, name: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DataError(f"{_short(path)} is missing; {_restore(path)}") from error
    for folder in (_private(name), course.root() / "datasets" / name):
        if path.is_relative_to(folder):
            expected = _checksums(folder).get(path.relative_to(folder).as_posix())
            if expected and _sha256(content) != expected:
                raise DataError(
                    f"{_short(path)} is not the file that was shipped; {_restore(path)}"
                )
    return content


@cache
def _checksums(folder: Path) -> dict[str, str]:
    """Relative path -> SHA-256; empty where a private folder brings none."""
    try:
        text = (folder / CHECKSUMS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    lines = (line.split("  ", 1) for line in text.splitlines() if line)
    return {file: digest for digest, file in lines}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _short(path: Path) -> str:
    return "/".join(path.parts[path.parts.index("datasets") :])


def _restore(path: Path) -> str:
    return f"restore it with `git checkout -- {_short(path)}`."

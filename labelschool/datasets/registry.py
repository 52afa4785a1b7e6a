"""Items and truth of the data sets, by name and pool."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from labelschool.course import Task
from labelschool.datasets import drawn, places, revised
from labelschool.datasets.places import DataError
from labelschool.model import MODALITIES, Item, Truth, first_error

TRUTH_SCHEMA = "labelschool/truth/1"
KEY_SCHEMA = "labelschool/key/1"

_INTERVAL = "State the interval that holds the score of all your boxes with a probability of 95 %."
ESTIMATE = tuple(
    Item(
        name=name,
        fields={"project": "Score", "task": _INTERVAL, "line": line, "unit": "from 0 to 1"},
    )
    for name, line in (("low", "lower end"), ("high", "upper end"))
)
"""What an audit asks for in the end."""


def pools(name: str) -> dict[str, int]:
    """How many items each pool holds; none for a set of other files."""
    return {pool: len(entries) for pool, entries in _entries(name).items()}


def items(name: str, pool: str, batch: str | None = None, *, own: bool = True) -> tuple[Item, ...]:
    """The items of a pool, or of one batch of it, in their order; ``own`` puts those of the
    instructor first.

    Raises `DataError` when the set, the pool or the batch is missing.
    """
    pools = _entries(name, own=own)
    if pool not in pools:
        raise DataError(f"The data set {name} has no {pool} pool.")
    chosen = tuple(
        _item(name, entry) for entry in pools[pool] if batch in (None, entry.get("batch"))
    )
    if not chosen:
        raise DataError(f"The {pool} pool of {name} has no batch {batch!r}.")
    return chosen


def has_truth(name: str, pool: str) -> bool:
    """Whether the truth of a pool is here; a cohort's stays with the instructor, and the published
    truth is none of pictures that an instructor drew.
    """
    own = places.private(name)
    if own and (own / "items.json").is_file() and not is_private(name, pool):
        drawn_items = _parsed(name, "items.json", places.read_from(own, name, "items.json"))
        return pool not in drawn_items
    return places.find(name, _truth_file(pool)).is_file()


def is_private(name: str, pool: str) -> bool:
    """Whether the truth of a pool is an instructor's own."""
    own = places.private(name)
    return own is not None and (own / _truth_file(pool)).is_file()


def truth(name: str, pool: str, batch: str | None = None, *, own: bool = True) -> tuple[Any, ...]:
    """The truth of a pool or batch, records of the set's modality (`labelschool.model.MODALITIES`).

    Raises `DataError` when it is missing or was changed.
    """
    file = _truth_file(pool)
    if not places.find(name, file, own=own).is_file() and pool not in pools(name):
        raise DataError(f"The data set {name} has no {pool} pool.")
    whole = _truth(name, file, places.read(name, file, own=own))
    if batch is None:
        return whole
    wanted = {item.name for item in items(name, pool, batch, own=own)}
    return tuple(entry for entry in whole if entry.item in wanted)


def key(name: str, pool: str) -> dict[str, Any]:
    """What is true of a pool without items: of a table, a log or a database, or the seed of one.

    Raises `DataError` when it is missing or was changed.
    """
    file = _truth_file(pool)
    data = _parsed(name, file, places.read(name, file))
    if data.get("schema") != KEY_SCHEMA:
        raise DataError(f"{name}/{file} is not a key of this course.")
    return {field: data[field] for field in data if field not in ("schema", "dataset", "pool")}


def task_items(task: Task, pool: str) -> tuple[Item, ...]:
    """The items of an exercise or assignment part."""
    if task.widget == "hunt":
        return drawn.items(key(task.dataset, pool))
    if task.widget == "audit":
        return ESTIMATE
    return items(task.dataset, pool, _batch(task, pool))[: _first(task, pool)]


def task_truth(task: Task, pool: str) -> tuple[Any, ...]:
    """The truth of an exercise or assignment part, under the version of its guideline."""
    if task.widget == "hunt":
        return drawn.truth(key(task.dataset, pool))
    found = truth(task.dataset, pool, _batch(task, pool))
    if _first(task, pool):
        wanted = {item.name for item in task_items(task, pool)}
        found = tuple(entry for entry in found if entry.item in wanted)
    return revised.under(task.guideline, found)


def _batch(task: Task, pool: str) -> str | None:
    return task.pools[pool].batch if pool in task.pools else None


def _first(task: Task, pool: str) -> int | None:
    return task.pools[pool].first if pool in task.pools else None


def truth_sha256(name: str, pool: str) -> str:
    """Hash of the truth file, stored with every result that rests on it."""
    return hashlib.sha256(places.read(name, _truth_file(pool))).hexdigest()


def file(name: str, file: str, *, own: bool = True) -> Path:
    """The path of a file after its checksum was compared. `file` is relative to the set; ``own``
    puts that of the instructor first.
    """
    places.read(name, file, own=own)
    return places.find(name, file, own=own)


def _truth_file(pool: str) -> str:
    return f"truth/{pool}.json"


def _item(name: str, entry: dict) -> Item:
    """An entry of `items.json` with its files as paths."""
    fields = {key: value for key, value in entry.items() if key != "item"}
    for key in ("image", "sweep", "camera"):
        if key in fields:
            fields[key] = places.find(name, fields[key])
    for key in ("frames", "neighbours"):
        if key in fields:
            fields[key] = [places.find(name, path) for path in fields[key]]
    try:
        return Item(name=entry["item"], **fields)
    except (KeyError, ValidationError) as error:
        raise _wrong(name, "items.json", error) from error


def _entries(name: str, *, own: bool = True) -> dict[str, Any]:
    """`items.json` by pool: of every pool the first that the folders of the set bring."""
    pools: dict[str, Any] = {}
    for place in places.folders(name, own=own):
        if (place / "items.json").is_file():
            found = _parsed(name, "items.json", places.read_from(place, name, "items.json"))
            pools = found | pools
    return pools


@lru_cache(maxsize=64)
def _truth(name: str, file: str, content: bytes) -> tuple[Truth, ...]:
    """The records of a truth file with this content."""
    data = _parsed(name, file, content)
    if data.get("schema") != TRUTH_SCHEMA:
        raise DataError(f"{name}/{file} is not a truth file of this course.")
    try:
        record = MODALITIES[data["modality"]]
        return tuple(record.model_validate(item) for item in data["items"])
    except (KeyError, ValidationError) as error:
        raise _wrong(name, file, error) from error


def _parsed(name: str, file: str, content: bytes) -> dict[str, Any]:
    try:
        return json.loads(content)
    except ValueError as error:
        raise DataError(f"{name}/{file} is not valid JSON.") from error


def _wrong(name: str, file: str, error: KeyError | ValidationError) -> DataError:
    what = first_error(error) if isinstance(error, ValidationError) else f"it lacks {error}"
    return DataError(f"{name}/{file} is wrong ({what}).")

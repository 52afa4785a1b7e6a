"""The learner's work folder: seeded from the course, brought up to date, never overwritten.

`modules/` and `assignments/` are the course's; `workspace/` is the learner's::

    modules/start-here.ipynb            -> workspace/start-here.ipynb
    modules/01-foundation/*.ipynb       -> workspace/01-foundation/
    assignments/01-foundation/*.ipynb   -> workspace/01-foundation/

`.labelschool.json` in the work folder remembers each notebook as it was delivered. A notebook
counts as edited when the text of its cells changed: one that was only run is still the course's.
An update replaces what is not edited; an edited notebook is first copied aside as
``NAME.mine-2026-11-23.ipynb``. Answers, results and all other files are never touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from labelschool import answers, course
from labelschool.errors import LabelSchoolError

SCHEMA = "labelschool/workspace/1"
RECORD = ".labelschool.json"
FOLDER = "workspace"
START_PAGE = "start-here.ipynb"


class WorkspaceError(LabelSchoolError):
    """The work folder cannot be made or brought up to date."""


@dataclass(frozen=True)
class Change:
    """What an update did to one notebook; `aside` names the copy of an edited one."""

    notebook: str
    what: Literal["new", "updated", "restored", "kept aside", "retired"]
    aside: str | None = None

    def __str__(self) -> str:
        if self.what == "kept aside":
            return (
                f"{self.notebook} has a new edition; yours, with your changes, is kept as "
                f"{self.aside}."
            )
        if self.what == "retired":
            return f"{self.notebook} is no longer part of the course; your copy stays."
        return f"{self.notebook}: {self.what}."


def default_home() -> Path:
    """Where `make lab` puts the work folder: `workspace/` in the checkout."""
    return course.root() / FOLDER


def sources() -> dict[str, Path]:
    """Each notebook's place in the work folder and the file it is delivered from.

    Raises `WorkspaceError` when the course's notebooks are not there.
    """
    root = course.root()
    found = {path.name: path for path in sorted((root / "modules").glob("*.ipynb"))}
    for tree in ("modules", "assignments"):
        for path in sorted((root / tree).glob("*/*.ipynb")):
            found[f"{path.parent.name}/{path.name}"] = path
    if START_PAGE not in found:
        raise WorkspaceError(
            "The course's notebooks are missing: restore them with "
            "`git checkout -- modules assignments`."
        )
    return found


def update(home: Path, *, restore: bool = False, today: date | None = None) -> list[Change]:
    """Deliver new and changed notebooks to a work folder and return what was done.

    A notebook the learner deleted comes back only with `restore`. A second run changes nothing,
    and whatever moment it is interrupted at, the learner's text is in the folder under its name
    or as a copy beside it. Raises `WorkspaceError` when the folder cannot be written.
    """
    today = today or date.today()
    notebooks = _notebooks(home)
    changes = []
    delivered = sources()
    try:
        for name, source in delivered.items():
            content = source.read_bytes()
            change = _deliver(home, name, content, notebooks.get(name), restore, today)
            entry = {"sha256": _sha256(content), "cells": cells_sha256(content)}
            if change is not None:
                changes.append(change)
            if notebooks.get(name) != entry and (change or _is_current(home / name, content)):
                notebooks[name] = entry
                _write_record(home, notebooks)
        retired = sorted(set(notebooks) - set(delivered))
        changes += [Change(name, "retired") for name in retired if (home / name).exists()]
        if retired:
            _write_record(home, {n: e for n, e in notebooks.items() if n in delivered})
    except OSError as error:
        raise WorkspaceError(
            f"The work folder cannot be written ({error.strerror or error}): check disk space and "
            "permissions, then run `labelschool update`."
        ) from error
    return changes


def is_edited(home: Path, name: str) -> bool:
    """Whether the learner changed the text of a delivered notebook, or it was never delivered."""
    entry = _notebooks(home).get(name)
    with contextlib.suppress(OSError):
        return entry is None or cells_sha256((home / name).read_bytes()) != entry["cells"]
    return False


def was_run(home: Path, name: str) -> bool:
    """Whether a delivered notebook was saved since, as it is after any cell was run."""
    entry = _notebooks(home).get(name)
    with contextlib.suppress(OSError):
        return entry is not None and _sha256((home / name).read_bytes()) != entry["sha256"]
    return False


def is_workspace(home: Path) -> bool:
    """Whether notebooks were delivered to this folder."""
    return (home / RECORD).is_file()


def cells_sha256(content: bytes) -> str:
    """Hash of a notebook's text: type and source of each cell, not outputs, counts or metadata.

    What is not a notebook is hashed as it is.
    """
    try:
        cells = json.loads(content)["cells"]
        text = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (ValueError, KeyError, TypeError):
        return _sha256(content)
    return _sha256(json.dumps(text, ensure_ascii=True).encode())


def _deliver(
    home: Path,
    name: str,
    content: bytes,
    entry: dict[str, str] | None,
    restore: bool,
    today: date,
) -> Change | None:
    """Bring one notebook up to date; None when there was nothing to do."""
    target = home / name
    if not target.exists():
        if entry is None or restore:
            answers.replace(target, content)
            return Change(name, "new" if entry is None else "restored")
        return None
    mine = target.read_bytes()
    if mine == content or (entry and entry["sha256"] == _sha256(content)):
        return None
    cells = cells_sha256(mine)
    if cells == cells_sha256(content) or (entry and cells == entry["cells"]):
        answers.replace(target, content)
        return Change(name, "updated")
    aside = keep_copy(mine, _mine_names(target, today))
    answers.replace(target, content)
    return Change(name, "kept aside", aside.relative_to(home).as_posix())


def keep_copy(content: bytes, names: Iterable[Path]) -> Path:
    """Write a copy under the first name that is free and return it.

    A copy that already holds the same content is used again, so that an interrupted update does
    not leave two.
    """
    for copy in names:
        if not copy.exists():
            answers.replace(copy, content)
            return copy
        if copy.read_bytes() == content:
            return copy
    raise AssertionError("names never end")


def _mine_names(target: Path, today: date) -> Iterator[Path]:
    """``NAME.mine-2026-11-23.ipynb``, ``NAME.mine-2026-11-23-2.ipynb``, ..."""
    mark = f"{target.stem}.mine-{today.isoformat()}"
    yield target.with_name(f"{mark}{target.suffix}")
    for number in itertools.count(2):
        yield target.with_name(f"{mark}-{number}{target.suffix}")


def _is_current(target: Path, content: bytes) -> bool:
    return target.exists() and cells_sha256(target.read_bytes()) == cells_sha256(content)


def _notebooks(home: Path) -> dict[str, dict[str, str]]:
    """The record's notebooks; a record that is missing or damaged counts as empty.

    Nothing is lost by that: without an entry a notebook that differs is kept aside.
    """
    try:
        data: Any = json.loads((home / RECORD).read_text(encoding="utf-8"))
        entries = data["notebooks"].items() if data["schema"] == SCHEMA else ()
        return {
            name: {"sha256": str(entry["sha256"]), "cells": str(entry["cells"])}
            for name, entry in entries
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_record(home: Path, notebooks: dict[str, dict[str, str]]) -> None:
    data = {"schema": SCHEMA, "notebooks": notebooks}
    answers.replace(home / RECORD, json.dumps(data, indent=1, sort_keys=True) + "\n")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

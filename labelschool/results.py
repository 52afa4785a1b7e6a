"""One `results.json` in a learner's home: what was measured, and how much time they take.

The home is ``$LABELSCHOOL_HOME``, else the nearest folder at or above the working directory that
holds `start-here.ipynb`. At autograde there is none, and nothing is recorded.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from labelschool.answers import now, replace, set_aside

SCHEMA = "labelschool/results/1"
FILE = "results.json"
START_PAGE = "start-here.ipynb"


class Evidence(BaseModel):
    """One measurement: a share from 0 to 1, what it was measured with, and on what.

    `interval` is the 95 % interval of `score`; `hashes` name the truth, guideline and answer that
    it rests on, so that a correction can offer a new score and never changes an old one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    score: float = Field(ge=0, le=1)
    passed: bool
    metric: str
    n: int
    interval: tuple[float, float] | None = None
    minutes: float | None = None
    hashes: dict[str, str] = {}
    at: str = Field(default_factory=now)


class Entry(BaseModel):
    """The last and the best measurement of one exercise pool or quiz."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    last: Evidence
    best: Evidence
    tries: int = 1


class Results(BaseModel):
    """All measurements of a learner; keys such as ``exercise/1.A/counted`` and ``quiz/1``.

    `time_factor` stretches every time limit for a learner who needs more of it; None is no limit.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    schema_: Literal["labelschool/results/1"] = Field(default=SCHEMA, alias="schema")
    entries: dict[str, Entry] = {}
    time_factor: Literal[1, 1.25, 1.5] | None = 1


def home() -> Path | None:
    """The learner's home, or None where there is none (at autograde)."""
    if given := os.environ.get("LABELSCHOOL_HOME"):
        return Path(given)
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if (f / START_PAGE).is_file()), None)


def read(folder: Path | None = None) -> Results:
    """The results in a home; none yet, or an unreadable file, count as empty."""
    folder = folder or home()
    return (_parse(folder / FILE) if folder else None) or Results()


def record(key: str, evidence: Evidence) -> None:
    """Add a measurement; the best stays the best. Without a home nothing is recorded.

    An unreadable `results.json` is kept beside as ``.broken-N`` first.
    """
    folder = home()
    if folder is None:
        return
    results = _to_change(folder)
    old = results.entries.get(key)
    best = max((old.best, evidence), key=lambda e: e.score) if old else evidence
    entry = Entry(last=evidence, best=best, tries=old.tries + 1 if old else 1)
    _write(folder, results.model_copy(update={"entries": {**results.entries, key: entry}}))


def set_time_factor(folder: Path, factor: Literal[1, 1.25, 1.5] | None) -> None:
    """Keep how much more time than others a learner takes, None for no limit."""
    _write(folder, _to_change(folder).model_copy(update={"time_factor": factor}))


def _to_change(folder: Path) -> Results:
    """The results in a home; an unreadable file is set aside, so that it is not written over."""
    path = folder / FILE
    results = _parse(path)
    if results is None and path.is_file():
        set_aside(path)
    return results or Results()


def _write(folder: Path, results: Results) -> None:
    data = results.model_dump(mode="json", by_alias=True)
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    replace(folder / FILE, text)


def _parse(path: Path) -> Results | None:
    try:
        return Results.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None

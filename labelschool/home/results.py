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
TEST_OUT = "test-out/"
"""What the key of a test-out begins with; the number of a lesson or module follows."""
SCORED_BY = ("truth", "guideline")
"""The hashes of an `Evidence` that a correction of the course changes."""


class Evidence(BaseModel):
    """One measurement: a share from 0 to 1, what it was measured with, and on what.

    `interval` is the 95 % interval of `score`; `hashes` name the truth, guideline and answer that
    it rests on, so that a correction can offer a new score and never changes an old one, and
    `corrections` is how many corrections the course listed then. `pass_mark` is on the scale of
    `score`; what was measured before it was kept has None. `codes` counts errors by code and
    `items` those of each item; `items` is None while the review of a counted pool is closed, both
    are None where nothing was counted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    score: float = Field(ge=0, le=1)
    passed: bool
    pass_mark: float | None = None
    metric: str
    n: int
    interval: tuple[float, float] | None = None
    minutes: float | None = None
    hashes: dict[str, str] = {}
    corrections: int = 0
    codes: dict[str, int] | None = None
    items: dict[str, dict[str, int]] | None = None
    at: str = Field(default_factory=now)

    @property
    def scored_by(self) -> dict[str, str]:
        """The hashes of the truth and the guideline."""
        return {part: self.hashes[part] for part in SCORED_BY if part in self.hashes}

    def same_work(self, other: Evidence) -> bool:
        """Whether both measured the same answer; what has none, a quiz, is never the same."""
        return "answer" in self.hashes and self.hashes["answer"] == other.hashes.get("answer")

    def corrects(self, other: Evidence) -> bool:
        """Whether both measured the same answer by another truth or guideline."""
        return self.same_work(other) and self.scored_by != other.scored_by


class Entry(BaseModel):
    """The last and the best measurement of one exercise pool or quiz.

    `superseded` were the best until their work was scored again by another truth or guideline,
    oldest first. `kept` holds the hashes of truth and guideline by which the learner chose not to
    be scored again; it ends with a better measurement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    last: Evidence
    best: Evidence
    tries: int = 1
    superseded: tuple[Evidence, ...] = ()
    kept: dict[str, str] = {}

    @property
    def remark(self) -> str:
        """What is to be known about `best` after a correction; mostly nothing."""
        if self.kept:
            return "scored by an earlier truth"
        before = [old for old in self.superseded if self.best.corrects(old)]
        return f"{before[-1].score:.0%} before a correction" if before else ""

    def moved_on(self, last: Evidence, best: Evidence) -> Entry:
        """This entry with other measurements; a best one that is corrected is not lost."""
        gone = (self.best,) if best.corrects(self.best) else ()
        return self.model_copy(
            update={
                "last": last,
                "best": best,
                "superseded": self.superseded + gone,
                "kept": self.kept if best == self.best else {},
            }
        )


class Given(BaseModel):
    """An answer to a question of a lesson: the option, group or number as it was given.

    `attempt` says which numbers the question had.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: str
    right: bool
    attempt: int = Field(default=0, ge=0)


class Asked(BaseModel):
    """What is kept of a question of a lesson: the first answer and the last."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    first: Given
    last: Given


class Results(BaseModel):
    """All measurements of a learner; keys such as ``exercise/1.A/counted`` and ``quiz/1``.

    `asked` are the answers to questions of lessons, by the question.
    `time_factor` stretches every time limit for a learner who needs more of it; None is no limit.
    `ticks` are items of the checklist with the moment each was ticked.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    schema_: Literal["labelschool/results/1"] = Field(default=SCHEMA, alias="schema")
    entries: dict[str, Entry] = {}
    asked: dict[str, Asked] = {}
    time_factor: Literal[1, 1.25, 1.5] | None = 1
    ticks: dict[str, str] = {}


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


def record(key: str, evidence: Evidence, folder: Path | None = None) -> None:
    """Add a measurement; the best stays the best, and a pass beats what does not pass. Without a
    home nothing is recorded.

    An unreadable `results.json` is kept beside as ``.broken-N`` first.
    """
    folder = folder or home()
    if folder is None:
        return
    results = _to_change(folder)
    old = results.entries.get(key)
    if old is None:
        return _put(folder, results, key, Entry(last=evidence, best=evidence))
    entry = old.moved_on(evidence, max((old.best, evidence), key=lambda e: (e.passed, e.score)))
    _put(folder, results, key, entry.model_copy(update={"tries": old.tries + 1}))


def keep_answer(question: str, given: Given, folder: Path | None = None) -> None:
    """Keep an answer to a question of a lesson as its last one, and as its first if there was none.

    Without a home nothing is kept.
    """
    folder = folder or home()
    if folder is None:
        return
    results = _to_change(folder)
    old = results.asked.get(question)
    asked = {**results.asked, question: Asked(first=old.first if old else given, last=given)}
    if asked != results.asked:
        _write(folder, results.model_copy(update={"asked": asked}))


def replace_best(folder: Path, key: str, evidence: Evidence) -> None:
    """Put a new score of the same work in the place of the best one, which is kept as superseded.

    Raises KeyError when there is no such entry.
    """
    results = _to_change(folder)
    old = results.entries[key]
    last = evidence if evidence.same_work(old.last) else old.last
    _put(folder, results, key, old.moved_on(last, evidence))


def keep_best(folder: Path, key: str, scored_by: dict[str, str]) -> None:
    """Remember that the learner keeps the best score although it would be scored by other hashes.

    Raises KeyError when there is no such entry.
    """
    results = _to_change(folder)
    entry = results.entries[key].model_copy(update={"kept": scored_by})
    _put(folder, results, key, entry)


def is_damaged(folder: Path) -> bool:
    """Whether there is a `results.json` that cannot be read."""
    return (folder / FILE).is_file() and _parse(folder / FILE) is None


def set_time_factor(folder: Path, factor: Literal[1, 1.25, 1.5] | None) -> None:
    """Keep how much more time than others a learner takes, None for no limit."""
    _write(folder, _to_change(folder).model_copy(update={"time_factor": factor}))


def _put(folder: Path, results: Results, key: str, entry: Entry) -> None:
    _write(folder, results.model_copy(update={"entries": {**results.entries, key: entry}}))


def set_ticks(folder: Path, ticks: dict[str, str]) -> None:
    """Keep what a learner ticked on the checklist."""
    _write(folder, _to_change(folder).model_copy(update={"ticks": ticks}))


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

"""`content/corrections.yml`: which truth and which guideline was corrected, when and why.

Truth and guidelines are named by the SHA-256 of their file, as results are. The list only grows::

    - date: 2027-01-15
      dataset: street_lite              # and pool; or `guideline: G1.v1` instead of both
      pool: counted
      before: 5f1c...                   # sha256sum of the file as learners had it
      after: 90ab...                    # and as they have it now
      why: A cyclist behind the tram was missing in street_lite-031.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from labelschool import course
from labelschool.model import first_error

FILE = "content/corrections.yml"


class Correction(BaseModel):
    """One file of the course that was corrected: its hashes before and after, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    date: datetime.date
    dataset: str | None = None
    pool: str | None = None
    guideline: str | None = None
    before: str = Field(pattern=r"^[0-9a-f]{64}$")
    after: str = Field(pattern=r"^[0-9a-f]{64}$")
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _names_one_file(self) -> Correction:
        if bool(self.guideline) == bool(self.dataset) or bool(self.dataset) != bool(self.pool):
            raise ValueError("it names either a guideline, or a dataset and its pool")
        if self.before == self.after:
            raise ValueError("its two hashes are the same")
        return self

    def __str__(self) -> str:
        return f"{self.date:%d %B %Y}: {self.why}"


def load() -> tuple[Correction, ...]:
    """All corrections by date; none where there is no list. Raises `CourseError`."""
    path = course.root() / FILE
    try:
        state = path.stat()
    except FileNotFoundError:
        return ()
    return _load(path, state.st_mtime_ns, state.st_size)


def between(before: str, after: str) -> tuple[Correction, ...]:
    """The corrections that lead from one hash to another; none where no way is listed."""
    here, way = before, []
    for correction in load():
        if correction.before == here:
            way.append(correction)
            here = correction.after
        if here == after:
            return tuple(way)
    return ()


@lru_cache(maxsize=4)
def _load(path: Path, _changed: int, _size: int) -> tuple[Correction, ...]:
    """The parsed list; the time of its last change and its size make another list of it."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        listed = TypeAdapter(tuple[Correction, ...]).validate_python(data or ())
    except ValidationError as error:
        raise course.CourseError(f"{FILE} is wrong: {first_error(error)}.") from error
    except yaml.YAMLError as error:
        raise course.CourseError(f"{FILE} is not valid YAML: {error}.") from error
    return tuple(sorted(listed, key=lambda correction: correction.date))

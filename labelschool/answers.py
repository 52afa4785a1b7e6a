"""The answer file: one plain JSON file per exercise and pool, beside the notebook.

``answers/1.A.json`` holds the counted pool of exercise 1.A, ``answers/1.A.practice.json`` the
practice pool. A file is replaced as a whole or not at all, and a file that cannot be read is kept
beside as ``.broken-N``: nothing a learner made is ever lost.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from labelschool.errors import LabelSchoolError
from labelschool.model import ItemAnswer, first_error

if TYPE_CHECKING:
    from labelschool.course import Task

SCHEMA = "labelschool/answer/1"
FOLDER = "answers"
TEXTS = frozenset({".csv", ".json", ".md", ".sql"})
"""What text answers are saved as; copies that are kept beside end otherwise."""
RETRY_SECONDS = 2.0


class BrokenAnswer(LabelSchoolError):
    """The answer file cannot be read as an answer to this exercise."""


class Conflict(LabelSchoolError):
    """The file has moved on since the writer last read it; `revision` is what it holds now."""

    def __init__(self, revision: int | str) -> None:
        super().__init__(
            "Another tab or notebook saved newer work on this exercise; load it or keep yours."
        )
        self.revision = revision


class NotSaved(LabelSchoolError):
    """The file could not be written; what it held before is untouched."""


class Attempt(BaseModel):
    """One counted attempt: the revision of the work that was checked and the hash of its items."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    revision: int
    sha256: str
    at: str


class Start(BaseModel):
    """Finished work of another task that this one began from: its items as they were then."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    exercise: str
    revision: int
    at: str
    items: tuple[ItemAnswer, ...]


class Answer(BaseModel):
    """All a learner made in one pool of one exercise.

    ``start`` is kept where the work began from that of another task, so that later changes there
    change nothing here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
    schema_: Literal["labelschool/answer/1"] = Field(default=SCHEMA, alias="schema")
    exercise: str
    pool: str
    guideline: str | None
    items: tuple[ItemAnswer, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    revision: int = 0
    saved_at: str | None = None
    start: Start | None = None

    def item(self, name: str) -> ItemAnswer:
        """The answer to one item, empty when there is none yet."""
        for answer in self.items:
            if answer.item == name:
                return answer
        return ItemAnswer(item=name)

    def sha256(self) -> str:
        """Hash of the items alone: the same work has the same hash, whenever it was saved."""
        items = [item.model_dump(mode="json") for item in self.items]
        return hashlib.sha256(_json(items).encode()).hexdigest()


class AnswerFile:
    """The file of one exercise and pool in a learner's folder.

    Reading never writes. `folder` is where the notebook stands; by default the working directory.
    """

    def __init__(
        self, exercise: str, pool: str, guideline: str | None, folder: Path | None = None
    ) -> None:
        self.exercise = exercise
        self.pool = pool
        self.guideline = guideline
        name = f"{exercise}.json" if pool == "counted" else f"{exercise}.{pool}.json"
        self.path = (folder or Path.cwd()) / FOLDER / name

    def read(self) -> Answer:
        """The saved answer, an empty one when there is no file.

        Raises `BrokenAnswer` when the file is not a readable answer to this exercise and pool.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Answer(exercise=self.exercise, pool=self.pool, guideline=self.guideline)
        except (OSError, UnicodeDecodeError) as error:
            raise self._broken("cannot be read") from error
        if re.search(r"^(<{7} |={7}$|>{7} )", text, re.MULTILINE):
            raise self._broken("holds an unresolved git conflict")
        try:
            data = json.loads(text)
        except json.JSONDecodeError as error:
            raise self._broken(f"is cut off or damaged at line {error.lineno}") from error
        except RecursionError as error:
            raise self._broken("is nested too deep to be an answer") from error
        if not isinstance(data, dict) or data.get("schema") != SCHEMA:
            raise self._broken("is not a Label School answer")
        try:
            answer = Answer.model_validate(data)
        except ValidationError as error:
            raise self._broken(f"has a wrong entry ({first_error(error)})") from error
        if (answer.exercise, answer.pool) != (self.exercise, self.pool):
            raise self._broken(
                f"belongs to exercise {answer.exercise}, {answer.pool} pool, not to "
                f"{self.exercise}, {self.pool} pool"
            )
        return answer

    def save(self, edits: Mapping[str, ItemAnswer], base: int) -> int:
        """Replace the answers to some items and return the new revision.

        `base` is the revision the writer last saw. Raises `Conflict` when the file holds another,
        `NotSaved` when it cannot be written. A broken file is set aside first.
        """
        try:
            answer = self.read()
        except BrokenAnswer:
            set_aside(self.path)
            answer = self.read()
            base = 0
        if answer.revision != base:
            raise Conflict(answer.revision)
        items = {item.item: item for item in answer.items} | dict(edits)
        return self._write(answer, items=tuple(items.values()), revision=answer.revision + 1)

    def begin(self, source: Answer | None = None, *, copied: bool = True) -> Path | None:
        """Begin anew, with the work of another task as the start if there is a `source`.

        Its items are `copied`, none of them done, or only kept as the start. What the file held
        stays beside it as ``.before-N``, whose path is returned; attempts stay used. Raises
        `NotSaved` when it cannot be written. A broken file is set aside.
        """
        try:
            answer = self.read()
        except BrokenAnswer:
            set_aside(self.path)
            answer = self.read()
        kept = _free(self.path, "before") if answer.items else None
        try:
            if kept:
                replace(kept, self.path.read_bytes())
        except OSError as error:
            raise NotSaved(not_saved_sentence(kept, error)) from error
        if source is None:
            self._write(answer, items=(), revision=answer.revision + 1)
            return kept
        fresh = {"done": False, "escalate": None, "active_ms": 0}
        items = tuple(item.model_copy(update=fresh) for item in source.items) if copied else ()
        start = Start(
            exercise=source.exercise, revision=source.revision, at=now(), items=source.items
        )
        self._write(answer, items=items, start=start, revision=answer.revision + 1)
        return kept

    def add_attempt(self) -> Answer:
        """Record that the saved work was checked; the same work checked twice counts once.

        The revision counts changes of the work, so it stays.
        """
        answer = self.read()
        sha256 = answer.sha256()
        if any(attempt.sha256 == sha256 for attempt in answer.attempts):
            return answer
        attempt = Attempt(revision=answer.revision, sha256=sha256, at=now())
        self._write(answer, attempts=(*answer.attempts, attempt))
        return self.read()

    def _write(self, answer: Answer, **changes: object) -> int:
        changed = answer.model_copy(update={**changes, "saved_at": now()})
        without = {"start"} if changed.start is None else None
        text = _json(changed.model_dump(mode="json", by_alias=True, exclude=without)) + "\n"
        try:
            replace(self.path, text)
        except OSError as error:
            raise NotSaved(not_saved_sentence(self.path, error)) from error
        return changed.revision

    def _broken(self, what: str) -> BrokenAnswer:
        return BrokenAnswer(
            f"{self.path.parent.name}/{self.path.name} {what}. Run annotate() to start again: "
            "the file is then kept beside as .broken-1 (or the next number); or put a good copy "
            "of it back."
        )


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be read to ``NAME.broken-N`` and return where it now stands."""
    return path.rename(_free(path, "broken"))


def _free(path: Path, word: str) -> Path:
    """The first free name of a copy beside a file: ``NAME.WORD-N``."""
    number = 1
    while (kept := path.with_name(f"{path.name}.{word}-{number}")).exists():
        number += 1
    return kept


def replace(path: Path, content: str | bytes) -> None:
    """Write a file as a whole or not at all: temporary file, fsync, ``os.replace``.

    Virus scanners and cloud folders on Windows hold a file for a moment: a refused replace is
    tried again for two seconds. Raises the last `OSError`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".saving-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                Path(temporary).replace(path)
                return
            except PermissionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise


def not_saved_sentence(path: Path, error: OSError) -> str:
    """What a learner should do about a failed write."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full, so your last change is not saved: free some space, then go on."
    return (
        f"{path.parent.name}/{path.name} cannot be written ({error.strerror}), so your last change "
        "is not saved: close other programs that hold the file, then go on."
    )


def found(folder: Path) -> Iterable[Path]:
    """All answer files of a learner's module folder, broken copies included, in name order."""
    return sorted(path for path in (folder / FOLDER).glob("**/*") if path.is_file())


def written(task: Task, folder: Path) -> dict[str, bytes]:
    """The code and texts of a task in a module's folder, by their path within it, in name order.

    Code is ``answers/ID.py``; texts of a task that is judged by a suite stand in ``answers/ID/``.
    """
    place = folder / FOLDER
    texts = sorted((place / task.id).glob("*")) if task.suite else []
    found = [place / f"{task.id}.py", *(path for path in texts if path.suffix in TEXTS)]
    own = (path for path in found if path.is_file() and not path.name.startswith("."))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in own}


def now() -> str:
    """The present moment in UTC, ISO 8601, whole seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)

"""Versions of a data set by the hash of its content, and the roll-back of one batch.

A version is what its manifest says: the SHA-256 of each file by name. Its id is the hash of that
manifest, so equal files have equal ids, whoever made them, when, and in which order.

A history keeps every content it was ever given, under its own hash, and a log of one JSON line a
step that only grows::

    objects/9f86d0...       a content, under its SHA-256
    log.jsonl               {"batch": "batch-14", "put": {"labels/a.txt": "9f86d0..."}, ...}

To roll a batch back is one more line. From then on its changes are passed over: a file it touched
last is what it was before, and a file that a later batch touched stays as that batch left it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from labelschool.answers import now, replace
from labelschool.errors import LabelSchoolError

LOG, OBJECTS = "log.jsonl", "objects"

Manifest = Mapping[str, str]
"""The SHA-256 of each file, by its name below the data set's folder."""


@dataclass(frozen=True)
class Diff:
    """How one version differs from another, names in order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Step:
    """One line of the log: what a batch `put` (None removes), or that it was `rolled_back`.

    `version` is the id of what stands afterwards, `at` the time in UTC.
    """

    batch: str
    at: str
    version: str
    put: Mapping[str, str | None] = field(default_factory=dict)
    rolled_back: bool = False


def read(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by their names below it with ``/`` on every system."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def manifest(files: Mapping[str, bytes]) -> dict[str, str]:
    """The manifest of files."""
    return {name: _sha256(content) for name, content in files.items()}


def version_id(listed: Manifest) -> str:
    """The hash of a manifest, 64 hex digits; the order of its entries does not matter."""
    return _sha256(json.dumps(dict(listed), sort_keys=True, separators=(",", ":")).encode())


def diff(old: Manifest, new: Manifest) -> Diff:
    """What has to be done to the old version to get the new one."""
    both = sorted(old.keys() & new.keys())
    return Diff(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(name for name in both if old[name] != new[name]),
    )


class History:
    """The versions of one data set, in a folder. Nothing in it is ever changed or removed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def commit(self, batch: str, files: Mapping[str, bytes | None]) -> str:
        """Put the files of a batch on top of what stands, None for one that goes; the new version.

        A file that stays as it was is logged too: the batch vouches for it, and keeps it should the
        batch before be rolled back. Raises `LabelSchoolError` for a batch that was rolled back: its
        new work needs a name of its own.
        """
        steps = self.log()
        if batch in _rolled_back(steps):
            raise LabelSchoolError(
                f"{batch} was rolled back: commit the new work under another name, such as "
                f"{batch}-again."
            )
        put = {name: None if new is None else self._keep(new) for name, new in files.items()}
        return self._append(steps, Step(batch, now(), "", dict(sorted(put.items()))))

    def roll_back(self, batch: str) -> str:
        """Pass over all changes of a batch from now on; the version that stands then.

        Rolling back a second time changes nothing. Raises `LabelSchoolError` for a batch that the
        log does not know.
        """
        steps = self.log()
        known = dict.fromkeys(step.batch for step in steps)
        if batch not in known:
            raise LabelSchoolError(
                f"The log knows no batch {batch!r}; it knows {', '.join(known) or 'none yet'}."
            )
        if batch in _rolled_back(steps):
            return version_id(_standing(steps))
        return self._append(steps, Step(batch, now(), "", rolled_back=True))

    def log(self) -> tuple[Step, ...]:
        """All steps, the oldest first; none where nothing was committed.

        Raises `LabelSchoolError` naming the first line that cannot be read, or whose version is not
        what the lines up to it give: a log that was edited is no evidence.
        """
        path = self.folder / LOG
        steps: list[Step] = []
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        for number, line in enumerate(lines, 1):
            try:
                steps.append(Step(**json.loads(line)))
                sound = steps[-1].version == version_id(_standing(steps))
            except (AttributeError, TypeError, ValueError):
                sound = False
            if not sound:
                raise LabelSchoolError(
                    f"{LOG}, line {number}, does not follow from the lines before it: take the "
                    "file from a copy or from git, and let no editor write to it."
                )
        return tuple(steps)

    def manifest(self, version: str | None = None) -> dict[str, str]:
        """The manifest of a version, which the first digits of its id may name; by default the one
        that stands.

        Raises `LabelSchoolError` where no version, or more than one, begins so.
        """
        steps = self.log()
        if version is None:
            return _standing(steps)
        found = {step.version: n for n, step in enumerate(steps, 1)}
        found = {id_: n for id_, n in found.items() if id_.startswith(version)}
        if len(found) != 1:
            many = f"{len(found)} versions in the log begin with {version!r}: give more digits."
            none = f"No version in the log begins with {version!r}."
            raise LabelSchoolError(many if found else none)
        return _standing(steps[: found.popitem()[1]])

    def files(self, version: str | None = None) -> dict[str, bytes]:
        """The files of a version, by name."""
        listed = self.manifest(version)
        return {
            name: (self.folder / OBJECTS / sha256).read_bytes() for name, sha256 in listed.items()
        }

    def _keep(self, content: bytes) -> str:
        sha256 = _sha256(content)
        target = self.folder / OBJECTS / sha256
        if not target.is_file():
            replace(target, content)
        return sha256

    def _append(self, steps: Iterable[Step], step: Step) -> str:
        version = version_id(_standing([*steps, step]))
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOG).open("a", encoding="utf-8", newline="\n") as log:
            log.write(json.dumps({**asdict(step), "version": version}) + "\n")
        return version


def _standing(steps: Iterable[Step]) -> dict[str, str]:
    """What the steps leave, without the batches that they roll back."""
    steps = tuple(steps)
    passed_over, left = _rolled_back(steps), {}
    for step in steps:
        if step.batch not in passed_over:
            left |= step.put
    return {name: sha256 for name, sha256 in sorted(left.items()) if sha256 is not None}


def _rolled_back(steps: Iterable[Step]) -> set[str]:
    return {step.batch for step in steps if step.rolled_back}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

"""The measured parts of assignments, each with the file that reproduces it; the piece of the first.

A part enters once its review is open, so that nothing of the truth is told before; the written note
has no number and stays out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool import answers, course
from labelschool.exercises.exercise import of_task
from labelschool.exercises.judged import Judged
from labelschool.home import made_files, results
from labelschool.portfolio.pieces import EVIDENCE, EVIDENCE_SCHEMA, README, Piece, Row, text

NAME = "01-assignment"
TITLE = "Assignment 1: boxes under a guideline"
PICTURES = "rendered pictures"
MIXED = "94 rendered pictures, 6 photographs"
STORE = "simulated label store"
PARTS = ("A1.a", "A1.b", "A1.c", "A1.d")
MEASURED = {
    "A1.a": ("DetScore", "objects", PICTURES),
    "A1.b": ("revision score", "changes asked for", PICTURES),
    "A1.c": ("F1 over label and code", "errors", PICTURES),
    "A1.d": ("share of groups of calls", "groups", "code"),
    "A2.a": ("DetScore", "objects", MIXED),
    "A2.b": ("share of groups of calls", "groups", "code"),
    "A2.c": ("share of groups of calls", "groups", "code"),
    "A2.d": ("share of groups of calls", "groups", "code"),
    "A2.f": ("interval that held", "interval", MIXED),
    "3.G": ("share of queries right on two stores", "queries", STORE),
    "A3.a": ("share of cases", "cases", STORE),
    "A3.b": ("share of Dawid-Skene's gain over a majority vote", "store", STORE),
    "A3.c": ("share of cases", "cases", "simulated deliveries"),
}
"""Metric, unit of n and kind of data of each part."""


@dataclass(frozen=True)
class Part:
    """A part that may be shown, with the files of its answer by name; `changed_since` says that
    they hold later work.
    """

    task: course.Task
    evidence: results.Evidence
    files: Mapping[str, bytes]
    changed_since: bool

    @property
    def file(self) -> str:
        """The file to see, of several the first."""
        return next(iter(self.files))

    @property
    def kind(self) -> str:
        """The kind of data."""
        return MEASURED[self.task.id][2]

    @property
    def line(self) -> str:
        """Metric, n and, where there is one, the interval."""
        (metric, unit, _), found = MEASURED[self.task.id], self.evidence
        said = f"{metric} {found.score:.2f}, n = {found.n} {unit}"
        if found.interval:
            said += f", 95 % interval {found.interval[0]:.2f} to {found.interval[1]:.2f}"
        return f"{said} (the file was changed since)" if self.changed_since else said

    def claim(self) -> dict[str, Any]:
        """The same for a program."""
        metric, unit, kind = MEASURED[self.task.id]
        return {
            "task": self.task.id,
            "metric": metric,
            "score": round(self.evidence.score, 4),
            "n": self.evidence.n,
            "unit": unit,
            "interval": self.evidence.interval,
            "kind": kind,
            "at": self.evidence.at,
            "hashes": self.evidence.hashes,
            "changed_since": self.changed_since,
            "reproduce": f"labelschool check {self.task.id}",
        }


def read(home: Path, names: Sequence[str] = PARTS) -> tuple[list[Part], list[str]]:
    """The parts of a home that may be shown, and a sentence about each that may not yet."""
    measured = results.read(home).entries
    parts, missing = [], []
    for name in names:
        entry = measured.get(f"exercise/{name}/counted")
        part = _part(home, name, entry) if entry else f"{name}: no score yet; run its check()."
        parts += [part] if isinstance(part, Part) else []
        missing += [part] if isinstance(part, str) else []
    return parts, missing


def _part(home: Path, name: str, entry: results.Entry) -> Part | str:
    """The part with its best score, or with that of the work as it is; else why it is left out."""
    task = course.load().task(name)
    folder = home / course.load().module_of(name).folder
    try:
        exercise = of_task(task, "counted", folder)
        if isinstance(exercise, Judged):
            texts = answers.written(task, folder)
            found = {path.removeprefix(f"{answers.FOLDER}/"): each for path, each in texts.items()}
            sha256 = exercise.sha256()
        else:
            path, answer = exercise.file.path, exercise.file.read()
            found, sha256 = {path.name: path.read_bytes()}, answer.sha256()
            if exercise.is_closed(answer):
                return f"{name}: its score enters once the review is open."
    except (OSError, answers.BrokenAnswer):
        found = {}
    if not found:
        return f"{name}: its answer file cannot be read, so its score is left out."
    same = [one for one in (entry.best, entry.last) if one.hashes.get("answer") == sha256]
    return Part(task, same[0] if same else entry.best, found, not same)


def piece(home: Path) -> Piece:
    """The piece of a home; without files while no part may be shown."""
    parts, missing = read(home)
    rows = tuple(
        Row(f"{part.task.id} {part.task.title}", part.line, part.kind, part.file) for part in parts
    )
    return Piece(NAME, rows, files(parts) if parts else {}, tuple(missing))


def files(parts: Sequence[Part]) -> dict[str, bytes]:
    """The files of the piece by name."""
    made = {name: content for part in parts for name, content in part.files.items()}
    readme = (
        f"# {TITLE}\n\n{table(parts)}\n\nEach score can be computed again from its file: "
        "`labelschool check` and the name of the part.\n"
    )
    return {README: readme.encode(), EVIDENCE: evidence(NAME, parts, made), **made}


def table(parts: Sequence[Part]) -> str:
    """What was measured in each part, as a table of Markdown."""
    rows = [
        f"| {part.task.id} {part.task.title} | {part.line} | {part.kind} "
        f"| [{part.file}]({part.file}) |"
        for part in parts
    ]
    return "\n".join(["| part | measured | kind of data | file |", "|---|---|---|---|", *rows])


def evidence(piece: str, parts: Sequence[Part], made: Mapping[str, bytes]) -> bytes:
    """What the parts prove, with the hashes of the files that are shown."""
    return text(
        {
            "schema": EVIDENCE_SCHEMA,
            "piece": piece,
            "claims": [part.claim() for part in parts],
            "files": made_files.hashes(made),
        }
    )

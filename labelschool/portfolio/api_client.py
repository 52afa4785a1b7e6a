"""The portfolio piece of exercise 2.K: the learner's client, and the scenarios it was tested under.

It enters once the file as it stands was checked; what failed is listed with what passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from labelschool import code_answers, course
from labelschool.exercises import suites
from labelschool.home import made_files, results
from labelschool.portfolio.pieces import EVIDENCE, EVIDENCE_SCHEMA, README, Piece, Row, text

NAME = "02-label-api-client"
TITLE = "A client of an annotation API"
TASK = "2.K"
FILE = "client.py"
METRIC = "share of groups of scenarios"
KIND = "simulated platform"
REPRODUCE = f"labelschool check {TASK}"
NOT_LIVE = "The platform is simulated, on one machine; no live service was called."


@dataclass(frozen=True)
class Work:
    """The client as it was checked: its file, the evidence, and whether each group passed."""

    content: bytes
    evidence: results.Evidence
    groups: dict[str, tuple[str, bool]]

    @property
    def line(self) -> str:
        """The metric and how many of how many passed."""
        passed = sum(right for _, right in self.groups.values())
        return (
            f"{METRIC} {self.evidence.score:.2f}, {passed} of n = {self.evidence.n} passed, "
            "a fixed list and so without an interval"
        )


def read(home: Path) -> tuple[Work | None, list[str]]:
    """The work of a home, or a sentence that says why there is none yet."""
    folder = home / course.load().module_of(TASK).folder
    path = code_answers.path(TASK, folder)
    if not path.is_file():
        return None, [f"A client of the annotation API: exercise {TASK} in lesson 2.9."]
    content = path.read_bytes()
    entry = results.read(home).entries.get(f"exercise/{TASK}/counted")
    sha256 = made_files.sha256(content)
    measured = [entry.best, entry.last] if entry else []
    same = [one for one in measured if one.hashes.get("answer") == sha256 and one.items is not None]
    if not same:
        return None, [f"{TASK}: the client was not checked as it stands; run its check()."]
    wrong = same[0].items
    hidden = suites.load(course.load().task(TASK).suite)
    groups = {group.name: (group.happens, group.name not in wrong) for group in hidden}
    return Work(content, same[0], groups), []


def piece(home: Path) -> Piece:
    """The piece of a home."""
    work, missing = read(home)
    if work is None:
        return Piece(NAME, missing=tuple(missing))
    row = Row(TITLE, work.line, KIND, FILE)
    return Piece(NAME, (row,), files(work), tuple(missing))


def files(work: Work) -> dict[str, bytes]:
    """The files of the piece by name."""
    made = {FILE: work.content}
    evidence = {
        "schema": EVIDENCE_SCHEMA,
        "piece": NAME,
        "kind": KIND,
        "claim": {
            "task": TASK,
            "metric": METRIC,
            "score": round(work.evidence.score, 4),
            "n": work.evidence.n,
            "unit": "groups",
            "interval": None,
            "at": work.evidence.at,
            "hashes": work.evidence.hashes,
            "reproduce": REPRODUCE,
        },
        "groups": {name: right for name, (_, right) in work.groups.items()},
        "files": made_files.hashes(made),
    }
    return {README: _readme(work).encode(), EVIDENCE: text(evidence), **made}


def _readme(work: Work) -> str:
    rows = [
        f"| {name} | {happens} | {'passed' if right else 'not passed'} |"
        for name, (happens, right) in work.groups.items()
    ]
    parts = [
        f"# {TITLE}",
        f"Three functions in [{FILE}]({FILE}): `import_tasks` brings tasks into a project, "
        "`pull_labels` reads its labels, `receive` judges the call of a webhook. What they do when "
        "something goes wrong stands in the table.",
        f"Measured: {work.line}. Kind of data: {KIND}. {NOT_LIVE}",
        "| tested | what happened | result |\n|---|---|---|\n" + "\n".join(rows),
        f"To run them again, with the course installed: put `{FILE}` into a learner's folder as "
        f"`02-tools/answers/{TASK}.py` and call `{REPRODUCE}` there.",
    ]
    return "\n\n".join(parts) + "\n"

"""A code answer that hidden cases tried out, as a piece shows it: the file, its score, the cases.

It enters once the file as it stands was checked; what failed is listed with what passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool import code_answers, course
from labelschool.exercises import suites
from labelschool.home import made_files, results


@dataclass(frozen=True)
class Work:
    """A code answer as it was checked: its file, the evidence, what each case is and whether it
    passed.
    """

    task: str
    metric: str
    content: bytes
    evidence: results.Evidence
    groups: dict[str, tuple[str, bool]]

    @property
    def reproduce(self) -> str:
        """The command that tries it out again."""
        return f"labelschool check {self.task}"

    @property
    def line(self) -> str:
        """The metric and how many of how many passed."""
        passed = sum(right for _, right in self.groups.values())
        return (
            f"{self.metric} {self.evidence.score:.2f}, {passed} of n = {self.evidence.n} passed, "
            "a fixed list and so without an interval"
        )

    def claim(self, unit: str) -> dict[str, Any]:
        """What is claimed, for the file of evidence; `unit` is what n counts."""
        return {
            "task": self.task,
            "metric": self.metric,
            "score": round(self.evidence.score, 4),
            "n": self.evidence.n,
            "unit": unit,
            "interval": None,
            "at": self.evidence.at,
            "hashes": self.evidence.hashes,
            "reproduce": self.reproduce,
        }

    def table(self) -> str:
        """The cases as a table of Markdown."""
        rows = [
            f"| {name} | {happens} | {'passed' if right else 'not passed'} |"
            for name, (happens, right) in self.groups.items()
        ]
        return "| tested | what happened | result |\n|---|---|---|\n" + "\n".join(rows)


def read(
    home: Path, task: str, metric: str, *, what: str, undone: str
) -> tuple[Work | None, list[str]]:
    """The work of a home on a task, or a sentence that says why there is none yet: `undone` where
    nothing is written, else one on `what` was not checked, such as "the client".
    """
    folder = home / course.load().module_of(task).folder
    path = code_answers.path(task, folder)
    if not path.is_file():
        return None, [undone]
    content = path.read_bytes()
    entry = results.read(home).entries.get(f"exercise/{task}/counted")
    sha256 = made_files.sha256(content)
    measured = [entry.best, entry.last] if entry else []
    same = [one for one in measured if one.hashes.get("answer") == sha256 and one.items is not None]
    if not same:
        return None, [f"{task}: {what} was not checked as it stands; run its check()."]
    wrong = same[0].items
    hidden = suites.load(course.load().task(task).suite)
    groups = {case.name: (case.happens, case.name not in wrong) for case in hidden}
    return Work(task, metric, content, same[0], groups), []

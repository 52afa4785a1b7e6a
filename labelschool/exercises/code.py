"""Exercises that are answered by a function: ``%%answer A1.d`` saves it, hidden cases call it.

What is graded is the share of groups of the task's suite whose calls are all right. There are no
attempts: a function may be mended and checked as often as one likes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from labelschool import code_answers
from labelschool.code_answers import Outcome
from labelschool.errors import LabelSchoolError
from labelschool.exercises import suites
from labelschool.exercises.exercise import Exercise, Text
from labelschool.exercises.suites import Group
from labelschool.feedback import Report
from labelschool.home import portable, results
from labelschool.scoring import Score
from labelschool.scoring.score import ItemScore

SECONDS = 5
"""For all calls of a group; the groups of an exercise fit into the minute that a cell gets."""


class CodeExercise(Exercise):
    """A function in the learner's folder, judged from outside."""

    def annotate(self) -> Text:
        """Where the answer is written: there is nothing to annotate."""
        return Text(f"Write your function in the cell that begins with `%%answer {self.task.id}`.")

    def score(self) -> Score:
        """The share of groups that are right. Raises `LabelSchoolError` when nothing is saved."""
        return self._graded()[0]

    def check(self, *, unfinished: bool = False) -> Report | Text:
        """Call the saved function and name the groups that are not right, and why."""
        from labelschool.feedback.code_report import code_report

        try:
            scored, said = self._graded()
        except LabelSchoolError as error:
            return Text(str(error))
        content = self._code().read_bytes()
        results.record(
            f"exercise/{self.task.id}/{self.pool}",
            results.Evidence(
                score=scored.value,
                passed=scored.value >= self.task.pass_mark,
                pass_mark=self.task.pass_mark,
                metric=scored.metric,
                n=scored.n,
                hashes={"answer": hashlib.sha256(content).hexdigest()},
            ),
        )
        portable.refresh(results.home())
        return code_report(scored, said, pass_mark=self.task.pass_mark)

    def review(self, *, give_up: bool = False) -> Report | Text:
        """The same as `check`: nothing is kept closed, so there is nothing to give up."""
        return self.check()

    def _graded(self) -> tuple[Score, dict[str, str]]:
        """The score, and for each group what is wrong first; nothing where it is right."""
        said = {group.name: self._judged(group) for group in suites.load(self.task.suite)}
        lines = tuple(_line(name, not wrong) for name, wrong in said.items())
        share = sum(line.right for line in lines) / len(lines)
        return Score(self.task.metric, share, share, 0.0, len(lines), None, lines, ()), said

    def _code(self) -> Path:
        """The saved function, beside the answers of the same folder."""
        return code_answers.path(self.task.id, self.file.path.parent.parent)

    def _judged(self, group: Group) -> str:
        outcomes = code_answers.call(self._code(), group.function, group.calls, seconds=SECONDS)
        judged = zip(group.calls, outcomes, strict=True)
        wrong = ((outcome, group.judge(arguments, outcome)) for arguments, outcome in judged)
        return next((_hint(outcome) or what for outcome, what in wrong if what), "")


def _hint(outcome: Outcome) -> str:
    """What to say where the answer cannot run by itself."""
    error = outcome.error or ""
    if "labelschool" in error:
        return "your answer imports labelschool: write the arithmetic yourself."
    if error.startswith("NameError"):
        return f"{error}. All that your function uses has to stand in the same cell."
    if error.startswith("KeyError"):
        return f"{error}. Does the cell define the function by the name that is asked for?"
    return ""


def _line(name: str, right: bool) -> ItemScore:
    return ItemScore(name, float(right), 1, right=int(right), extra=int(not right), missed=0)

"""Exercises that are answered by a function: ``%%answer A1.d`` saves it, hidden cases call it.

What is graded is the share of groups of the task's suite whose calls are all right. There are no
attempts: a function may be mended and checked as often as one likes.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from labelschool import code_answers
from labelschool.errors import LabelSchoolError
from labelschool.exercises import suites
from labelschool.exercises.base import Exercise, Text
from labelschool.feedback import Report
from labelschool.home import portable, results
from labelschool.scoring import Score
from labelschool.scoring.score import ItemScore

SECONDS = 5
"""At most for all calls of a group."""
ALL_SECONDS = 45
"""For all groups of an exercise, in equal parts: a cell gets a minute when it is graded."""


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
        self._record_share(scored, hashlib.sha256(content).hexdigest())
        portable.refresh(results.home())
        return code_report(scored, said, pass_mark=self.task.pass_mark)

    def review(self, *, give_up: bool = False) -> Report | Text:
        """The same as `check`: nothing is kept closed, so there is nothing to give up."""
        return self.check()

    def _graded(self) -> tuple[Score, dict[str, str]]:
        """The score, and for each group what is wrong first; nothing where it is right."""
        file = self._code()
        hidden = suites.load(self.task.suite)
        seconds = min(SECONDS, ALL_SECONDS / len(hidden))
        said = {one.name: one.judged(file, seconds) for one in hidden}
        lines = tuple(_line(name, not wrong) for name, wrong in said.items())
        share = sum(line.right for line in lines) / len(lines)
        return Score(self.task.metric, share, share, 0.0, len(lines), None, lines, ()), said

    def _code(self) -> Path:
        """The saved function, beside the answers of the same folder."""
        return code_answers.path(self.task.id, self.file.path.parent.parent)


def _line(name: str, right: bool) -> ItemScore:
    return ItemScore(name, float(right), 1, right=int(right), extra=int(not right), missed=0)

"""Exercises whose answer is judged by the hidden cases of a suite, whatever it is written in.

There are no attempts and no closed review: an answer may be mended and checked as often as one
likes, because the cases tell what is wrong and a list of them is no answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from labelschool import answers
from labelschool.errors import LabelSchoolError
from labelschool.exercises import suites
from labelschool.exercises.base import Exercise, Text
from labelschool.exercises.suites import Judgement
from labelschool.feedback import Report
from labelschool.home import portable, results
from labelschool.scoring import Score
from labelschool.scoring.score import ItemScore

SECONDS = 5
"""At most for a case."""
ALL_SECONDS = 45
"""For all cases of an exercise, in equal parts: a cell gets a minute when it is graded."""


class Judged(Exercise):
    """An answer in the learner's folder that is tried out; `_answer` is what a suite gets."""

    def score(self) -> Score:
        """The mean share of the cases. Raises `LabelSchoolError` when nothing is saved."""
        return self._graded()[0]

    def told(self) -> tuple[Score, str]:
        """The score, and the one reason why no case is right or the cases that are not."""
        from labelschool.feedback import headline
        from labelschool.feedback.case_report import one_reason

        scored, judged = self._graded()
        return scored, one_reason(judged) or headline.wrong(scored)

    def check(self, *, unfinished: bool = False) -> Report | Text:
        """Try the saved answer out, and name the cases that are not right, and why."""
        from labelschool.feedback.case_report import case_report

        try:
            scored, judged = self._graded()
        except LabelSchoolError as error:
            return Text(str(error))
        self._record_share(scored, self.sha256())
        portable.refresh(results.home())
        return case_report(scored, judged, pass_mark=self.task.pass_mark)

    def review(self, *, give_up: bool = False) -> Report | Text:
        """The same as `check`: nothing is kept closed, so there is nothing to give up."""
        return self.check()

    def sha256(self) -> str:
        """The hash of the answer as it stands: of one file, its content."""
        files = answers.written(self.task, self._folder)
        if len(files) == 1:
            return hashlib.sha256(next(iter(files.values()))).hexdigest()
        sums = (name.encode() + hashlib.sha256(each).digest() for name, each in files.items())
        return hashlib.sha256(b"".join(sums)).hexdigest()

    @property
    def _folder(self) -> Path:
        """The module's folder, in which `answers/` stands."""
        return self.file.path.parent.parent

    def _answer(self) -> Path:
        """The file or folder of the answer. Raises `LabelSchoolError` when there is none."""
        raise NotImplementedError

    def _graded(self) -> tuple[Score, Mapping[str, Judgement]]:
        hidden = suites.load(self.task.suite)
        answer, seconds = self._answer(), min(SECONDS, ALL_SECONDS / len(hidden))
        judged = {one.name: one.judged(answer, seconds) for one in hidden}
        lines = tuple(_line(name, one.share) for name, one in judged.items())
        share = sum(line.value for line in lines) / len(lines)
        return Score(self.task.metric, share, share, 0.0, len(lines), None, lines, ()), judged


def _line(name: str, share: float) -> ItemScore:
    right = int(share >= 1)
    return ItemScore(name, float(share), 1, right=right, extra=1 - right, missed=0)

"""Exercises in two passes, whose times per box are compared, as in exercise 2.A.

The first pass is the practice pool and the second the counted one. The times are those that the
annotator saved with each box; the comparison is told and never graded.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

from labelschool import answers
from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import Exercise
from labelschool.model import Box

if TYPE_CHECKING:
    from labelschool.feedback import Report
    from labelschool.scoring import Score

FIRST, SECOND = "practice", "counted"


class Paced(Exercise):
    """One pass of a task in the learner's folder."""

    def pace(self) -> str:
        """The median active seconds per box of this pass, on the counted pool beside those of the
        first.
        """
        own, first = self._seconds(self.pool), self._seconds(FIRST)
        if not own:
            return ""
        said = f"Your time: {median(own):.1f} s a box, the median of {len(own)}"
        if self.pool == FIRST:
            return f"{said}. The second pass will be compared with it."
        if not first:
            return f"{said}. Do the first pass too, the practice pool, to have it compared."
        ratio = median(own) / median(first)
        return (
            f"{said}; in the first pass {median(first):.1f} s, the median of {len(first)}. That is "
            f"{ratio:.2f} of the first time. The ratio is not graded."
        )

    def _seconds(self, pool: str) -> list[float]:
        """The active seconds of each box of a pass that has them."""
        folder = self.file.path.parent.parent
        try:
            answer = AnswerFile(self.task.id, pool, self.task.guideline, folder).read()
        except answers.BrokenAnswer:
            return []
        made = (a for item in answer.items for a in item.annotations if isinstance(a, Box))
        return [box.ms / 1000 for box in made if box.ms > 0]

    def _score(self, answer: answers.Answer, without: Sequence[str] = ()) -> Score | None:
        """The score; boxes of the second pass without any time are refused."""
        if self.pool == SECOND and not self._seconds(SECOND):
            raise LabelSchoolError(
                f"No box of {self.task.id} has a time, so this pass was not made in the annotator: "
                "run annotate() and draw there."
            )
        return super()._score(answer, without)

    def _report(self, answer: answers.Answer, scored: Score, *, note: str) -> Report:
        return super()._report(answer, scored, note=" ".join(filter(None, [note, self.pace()])))

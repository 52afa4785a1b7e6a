"""Exercises that compare two answers: a check also tells a person's own biases, as in 2.H.

They are measured over the whole pool, told with their n, and never graded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from labelschool import answers, datasets
from labelschool.exercises.base import Exercise
from labelschool.exercises.modalities import habits

if TYPE_CHECKING:
    from labelschool.feedback import Report
    from labelschool.scoring import Score
    from labelschool.scoring.preferences import Habit


class Compared(Exercise):
    """One pool of comparisons in the learner's folder."""

    def habits(self) -> str:
        """The learner's position and length bias, consistency and evidence, in sentences."""
        truth = datasets.task_truth(self.task, self.pool)
        made = {item.item: item for item in self.file.read().items}
        first, longer, same, evidence = habits(self.task, truth, made)
        said = ["Your own habits, not graded."]
        if first.n:
            said.append(f"You preferred the first answer in {_share(first)}.")
        if longer.n:
            said.append(f"You preferred the longer answer in {_share(longer)}.")
        if same.n:
            said.append(f"Of {same.n} pairs shown twice you judged {same.count} alike.")
        if evidence.n:
            said.append(f"{evidence.count} of {evidence.n} reasons name words as evidence.")
        return " ".join(said) if len(said) > 1 else ""

    def _report(self, answer: answers.Answer, scored: Score, *, note: str) -> Report:
        told = " ".join(filter(None, [note, self.habits()]))
        return super()._report(answer, scored, note=told)


def _share(habit: Habit) -> str:
    low, high = (round(100 * end) for end in habit.interval)
    return (
        f"{habit.count} of {habit.n} decisions ({100 * habit.count / habit.n:.0f} %, 95 % interval "
        f"{low} to {high} %), the panel in {habit.panel}"
    )

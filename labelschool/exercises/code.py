"""Exercises that are answered by a function: ``%%answer A1.d`` saves it, hidden cases call it."""

from __future__ import annotations

from pathlib import Path

from labelschool import code_answers
from labelschool.exercises.base import Text
from labelschool.exercises.judged import Judged


class CodeExercise(Judged):
    """A function in the learner's folder, judged from outside."""

    def annotate(self) -> Text:
        """Where the answer is written: there is nothing to annotate."""
        return Text(f"Write your function in the cell that begins with `%%answer {self.task.id}`.")

    def _answer(self) -> Path:
        """The saved function; calling one that is not there says so."""
        return code_answers.path(self.task.id, self._folder)

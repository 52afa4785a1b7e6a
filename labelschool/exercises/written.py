"""Exercises that are answered by texts in a widget: queries, a guideline, a board, a panel.

The widget saves them in ``answers/ID/``; the cases of the task's suite get that folder.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from labelschool import answers, course
from labelschool.errors import LabelSchoolError
from labelschool.exercises import queries, suites
from labelschool.exercises.judged import Judged


def _guideline(task: course.Task, folder: Path) -> Any:
    """The editor of the next version of the task's guideline, whose rules decide what the suite
    asks for.
    """
    from labelschool.widgets import GuidelineEditor

    suite = importlib.import_module(f"{suites.__name__}.{task.suite}")

    return GuidelineEditor(
        title=task.title,
        exercise=task.id,
        base=course.guideline(task.guideline),
        features=suite.FEATURES,
        folder=folder,
    )


def _panel(task: course.Task, folder: Path) -> Any:
    """A slider for each number of a design of gold."""
    from labelschool.quality.gold_design import KNOBS
    from labelschool.widgets import Field, NumberPanel

    fields = [
        Field(
            name=knob.name,
            kind="slider",
            label=knob.label,
            help=knob.help,
            min=knob.low,
            max=knob.high,
            step=knob.step,
            unit=knob.unit,
        )
        for knob in KNOBS
    ]
    return NumberPanel(
        title=task.title, exercise=task.id, name="design", fields=fields, folder=folder
    )


def _board(task: course.Task, folder: Path) -> Any:
    """The live board of the task's job, with a team that follows the limits."""
    from labelschool.exercises.board_labs import LABS, STEP
    from labelschool.operations.crew import crew
    from labelschool.widgets import KanbanBoard

    lab = LABS[task.suite]
    return KanbanBoard(
        title=task.title,
        exercise=task.id,
        columns=lab.columns,
        cards=lab.cards,
        step=STEP,
        team=crew(lab.job, lab.live_seed, STEP),
        folder=folder,
    )


WIDGETS: dict[str, Callable[[course.Task, Path], Any]] = {
    "sql": queries.pad,
    "guideline": _guideline,
    "board": _board,
    "panel": _panel,
}
"""By ``widget`` of `course.yml`: what makes it for a task in a module's folder."""


class WrittenExercise(Judged):
    """Texts in the learner's folder, judged from outside."""

    def annotate(self) -> Any:
        """The widget, with what was saved."""
        return WIDGETS[self.task.widget](self.task, self._folder)

    def _answer(self) -> Path:
        if not answers.written(self.task, self._folder):
            raise LabelSchoolError(
                f"Nothing is written yet in {answers.FOLDER}/{self.task.id}/: run annotate(), "
                "work there, and come back."
            )
        return self._folder / answers.FOLDER / self.task.id

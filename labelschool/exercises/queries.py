"""Exercises in SQL: the questions of `content/queries/ID.yml`, and the pad on which they are asked.

The lesson prints the same texts that the pad shows and the suite judges by.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import BaseModel, ConfigDict

from labelschool import course, datasets

if TYPE_CHECKING:
    from labelschool.widgets import SqlPad

SECONDS = 1.8
"""What a query may take on a database of the course, in the pad and when it is judged."""


class Question(BaseModel):
    """What one query has to return: its `columns` in order, of the rows that `text` tells."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    columns: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        return f"{self.title}. {self.text} Columns: {', '.join(self.columns)}."


class Queries(BaseModel):
    """All questions of an exercise, by the name of their query, and the database they are for."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exercise: str
    dataset: str
    database: str
    queries: dict[str, Question]

    @property
    def path(self) -> Path:
        """The database that a learner sees."""
        return datasets.file(self.dataset, self.database)


@cache
def load(exercise: str) -> Queries:
    """The questions of an exercise."""
    text = (course.root() / "content" / "queries" / f"{exercise}.yml").read_text(encoding="utf-8")
    return Queries.model_validate(yaml.safe_load(text))


def pad(task: course.Task, folder: Path) -> SqlPad:
    """The pad of a task in a module's folder, with what was saved."""
    from labelschool import widgets

    asked = load(task.id)
    return widgets.SqlPad(
        title=task.title,
        exercise=task.id,
        database=asked.path,
        questions={name: str(question) for name, question in asked.queries.items()},
        seconds=SECONDS,
        folder=folder,
    )

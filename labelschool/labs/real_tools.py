"""An exercise taken into a real tool and back: its ontology, and the export graded here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from labelschool import course, datasets, feedback, formats
from labelschool.errors import LabelSchoolError
from labelschool.exercises.exercise import of_task
from labelschool.exercises.modalities import MODALITIES
from labelschool.formats import ontology
from labelschool.formats.answers import to_answer

if TYPE_CHECKING:
    from labelschool.feedback import Report
    from labelschool.model import ItemAnswer

POOL = "practice"
"""An export has no attempts, so it is graded where every finding may be shown."""

_UPLOAD = re.compile("[0-9a-f]{8}-(?=.)")
_LEVELS = ("0", "1", "2", "3")


def ontology_of(task_id: str) -> ontology.Ontology:
    """What may be labelled in an exercise with boxes: its classes, each with its flags.

    A crowd is a flag here, as tools have none of their own. Raises `LabelSchoolError`.
    """
    task = _boxed(task_id)
    questions = [
        ontology.Question(name=name, values=_LEVELS if name == "occluded" else ())
        for name in task.attributes
    ]
    flags = tuple(task.attributes)
    return ontology.Ontology(
        project=f"{task.id} {task.title}",
        classes=tuple(ontology.Class(name=name, attributes=flags) for name in task.classes),
        attributes=tuple(questions),
    )


def graded_export(path: Path | str, task_id: str = "2.A", tool: str | None = None) -> Report:
    """The report on the practice pool of an exercise for what a tool has exported.

    `tool` is a format's name; by default it is recognised. Nothing is recorded, and the answer in
    the learner's folder stays as it is. Raises `LabelSchoolError`.
    """
    task = _boxed(task_id)
    items = datasets.task_items(task, POOL)
    odd: list[formats.Defect] = []
    with formats.opened(Path(path)) as place:
        found = formats.by_name(tool) if tool else formats.recognise(place)
        read = formats.read(place, found.name, on_defect=odd.append)
        answers = to_answer(_as_uploaded(read), items)
    truth = datasets.task_truth(task, POOL)
    scored = MODALITIES[task.widget].score(task, truth, answers)
    return feedback.report(
        scored,
        guideline=course.guideline(task.guideline),
        truth=truth,
        answers=answers,
        items=items,
        pass_mark=of_task(task, POOL).pass_mark(scored),
        counted=False,
        note=_note(found.title, answers, odd),
    )


def _as_uploaded(read: formats.Dataset) -> formats.Dataset:
    """The pictures by the names they had: Label Studio puts eight letters before an upload's."""
    named = {
        number: replace(item, name=_UPLOAD.sub("", PurePosixPath(item.name).name))
        for number, item in read.items.items()
    }
    return replace(read, items=named)


def _note(title: str, answers: Mapping[str, ItemAnswer], odd: list[formats.Defect]) -> str:
    """What was read, what was not, and which pictures are empty: some exports drop these."""
    boxes = sum(len(answer.annotations) for answer in answers.values())
    said = [f"Read as {title}: {boxes} boxes on {len(answers)} pictures. Nothing is recorded."]
    if empty := [name for name, answer in answers.items() if not answer.annotations]:
        said.append(f"No box on {', '.join(empty)}.")
    if odd:
        said.append(f"{len(odd)} parts were not understood, the first: {odd[0]}")
    return " ".join(said)


def _boxed(task_id: str) -> course.Task:
    task = course.load().task(task_id)
    if task.widget != "box" or POOL not in task.pools:
        raise LabelSchoolError(
            f"{task_id} has no practice pool of boxes: take an exercise that has, such as 2.A."
        )
    return task

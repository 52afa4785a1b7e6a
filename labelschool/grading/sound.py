"""The hidden test of annotation parts: does the file say only what an annotator can have written?

A score cell calls it between the markers of a hidden test, so that it runs at autograde alone. An
honest answer always passes; one that was made by hand or by a script and breaks a bound fails
its part, and the list of `grading.status` names it.
"""

from __future__ import annotations

from collections.abc import Iterator

from labelschool import course, datasets
from labelschool.answers import Answer, AnswerFile, BrokenAnswer
from labelschool.model import Box, ItemAnswer

TOLERANCE = 0.5
"""Pixels that a box may reach beyond its picture: the annotator rounds to tenths."""


def sound(task_id: str) -> None:
    """Raise AssertionError with the first entry of the counted answer that cannot be.

    A missing or unreadable file is left to `score`, which says so.
    """
    task = course.load().task(task_id)
    try:
        answer = AnswerFile(task.id, "counted", task.guideline).read()
    except BrokenAnswer:
        return
    for complaint in complaints(task, answer):
        raise AssertionError(f"{task.id}: {complaint}; no annotator of this course writes that.")


def complaints(task: course.Task, answer: Answer) -> Iterator[str]:
    """What in an answer breaks a bound of its task."""
    pictures = {item.name: item for item in datasets.task_items(task, "counted")}
    for given in answer.items:
        if given.item not in pictures:
            yield f"there is no picture {given.item}"
            continue
        ids = [annotation.id for annotation in given.annotations]
        if len(ids) != len(set(ids)):
            yield f"two entries of {given.item} have the same id"
        for box in _boxes(given):
            picture = pictures[given.item]
            x, y, width, height = box.bbox
            if (
                min(x, y) < -TOLERANCE
                or x + width > picture.width + TOLERANCE
                or y + height > picture.height + TOLERANCE
            ):
                yield f"a box of {given.item} lies outside the picture"
            if box.label not in task.classes:
                yield f"{given.item} has a {box.label}, which is not asked"
            if box.crowd and "crowd" not in task.attributes:
                yield f"{given.item} has a crowd flag, which is not asked"


def _boxes(given: ItemAnswer) -> Iterator[Box]:
    return (a for a in given.annotations if isinstance(a, Box))

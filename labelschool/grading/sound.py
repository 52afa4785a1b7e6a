"""The hidden test of annotation parts: does the file say only what an annotator can have written?

A score cell calls it between the markers of a hidden test, so that it runs at autograde alone. An
honest answer always passes; one that was made by hand or by a script and breaks a bound fails
its part, and the list of `grading.status` names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labelschool import course, datasets
from labelschool.answers import Answer, AnswerFile, BrokenAnswer
from labelschool.model import Box, Choice, Item, ItemAnswer, Verdict
from labelschool.scoring.edits import FLAGS
from labelschool.scoring.taxonomy import TAXONOMY

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
            yield from _box(task, pictures[given.item], box)
        yield from _verdicts(pictures[given.item], given)
        yield from _choices(task, given)
    if answer.start:
        yield from _begun(task, answer, pictures)


def _box(task: course.Task, picture: Item, box: Box) -> Iterator[str]:
    x, y, width, height = box.bbox
    if (
        min(x, y) < -TOLERANCE
        or x + width > picture.width + TOLERANCE
        or y + height > picture.height + TOLERANCE
    ):
        yield f"a box of {picture.name} lies outside the picture"
    if box.label not in task.classes:
        yield f"{picture.name} has a {box.label}, which is not asked"
    for flag in FLAGS:
        if getattr(box, flag) and flag not in task.attributes:
            yield f"{picture.name} has a {flag} flag, which is not asked"


def _verdicts(picture: Item, given: ItemAnswer) -> Iterator[str]:
    """One verdict on each label, with a code of the taxonomy; what is added was missed."""
    verdicts = [a for a in given.annotations if isinstance(a, Verdict)]
    judged = [verdict.target for verdict in verdicts if verdict.target is not None]
    if len(judged) != len(set(judged)):
        yield f"a label of {picture.name} has two verdicts"
    if set(judged) - {proposal.id for proposal in picture.proposals}:
        yield f"there is a verdict on no label of {picture.name}"
    for verdict in verdicts:
        if verdict.code is not None and verdict.code not in TAXONOMY:
            yield f"{picture.name} has a verdict with the code {verdict.code}"
        if verdict.target is None and (verdict.code != "E1" or verdict.fix is None):
            yield f"{picture.name} has an added label that is no missed object"
        if verdict.decision != "fix" and verdict.fix is not None:
            yield f"a label of {picture.name} is mended and not fixed"


def _choices(task: course.Task, given: ItemAnswer) -> Iterator[str]:
    """One answer to each question, of the classes it may have."""
    asked = {question.name: question for question in task.questions}
    for choice in given.annotations:
        if not asked or not isinstance(choice, Choice):
            continue
        question = asked.get(choice.question)
        if question is None or not set(choice.labels) <= set(question.classes):
            yield f"{given.item} has an answer that is not asked"
        elif len(choice.labels) > 1 and question.choosing != "multi":
            yield f"{given.item} has two answers to one question"


def _begun(task: course.Task, answer: Answer, pictures: Mapping[str, Item]) -> Iterator[str]:
    """What the work began from is bound as the task that it comes from."""
    if answer.start.exercise != task.start:
        yield f"it began from {answer.start.exercise}"
        return
    source = course.load().task(task.start)
    for given in answer.start.items:
        for box in _boxes(given):
            if given.item in pictures:
                yield from _box(source, pictures[given.item], box)


def _boxes(given: ItemAnswer) -> Iterator[Box]:
    """The boxes of an item, drawn or as the fix of a verdict."""
    for made in given.annotations:
        box = made.fix if isinstance(made, Verdict) else made
        if isinstance(box, Box):
            yield box

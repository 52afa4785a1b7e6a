"""The hidden test of annotation parts: does the file say only what an annotator can have written?

A score cell calls it between the markers of a hidden test, so that it runs at autograde alone. An
honest answer always passes; one that was made by hand or by a script and breaks a bound fails
its part, and the list of `grading.status` names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from labelschool import course, datasets
from labelschool.answers import Answer, AnswerFile, BrokenAnswer
from labelschool.model import (
    BBox,
    Box,
    Choice,
    Figure,
    Item,
    ItemAnswer,
    Mask,
    Polygon,
    Span,
    Track,
    Verdict,
)
from labelschool.scoring.edits import FLAGS
from labelschool.scoring.taxonomy import TAXONOMY
from labelschool.widgets.keypoints import POINTS
from labelschool.widgets.masks import named

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
        yield from _figures(pictures[given.item], given)
        yield from _masks(pictures[given.item], given)
        yield from _tracks(task, pictures[given.item], given)
        yield from _choices(task, given)
        yield from _spans(task, pictures[given.item], given)
    if answer.start:
        yield from _begun(task, answer, pictures)


def _box(task: course.Task, picture: Item, box: Box) -> Iterator[str]:
    if _leaves(box.bbox, picture):
        yield f"a box of {picture.name} lies outside the picture"
    if box.label not in task.classes:
        yield f"{picture.name} has a {box.label}, which is not asked"
    for flag in FLAGS:
        if getattr(box, flag) and flag not in task.attributes:
            yield f"{picture.name} has a {flag} flag, which is not asked"


def _leaves(bbox: BBox, picture: Item) -> bool:
    x, y, width, height = bbox
    return (
        min(x, y) < -TOLERANCE
        or x + width > picture.width + TOLERANCE
        or y + height > picture.height + TOLERANCE
    )


def _figures(picture: Item, given: ItemAnswer) -> Iterator[str]:
    """The nine points of each figure, in the picture; one that is not labelled has no place."""
    for figure in given.annotations:
        if not isinstance(figure, Figure):
            continue
        if tuple(point.name for point in figure.points) != POINTS:
            yield f"a figure of {picture.name} has not the points that are asked"
        for point in figure.points:
            if _leaves((point.x, point.y, 0, 0), picture):
                yield f"the {point.name} of a figure of {picture.name} lies outside the picture"
            if not point.visibility and (point.x or point.y):
                yield f"the {point.name} of a figure of {picture.name} is not labelled and placed"


def _masks(picture: Item, given: ItemAnswer) -> Iterator[str]:
    """Masks of the picture's size and corners inside it, under a name that is asked for."""
    for made in given.annotations:
        mask = made.fix if isinstance(made, Verdict) else made
        if not isinstance(mask, Mask | Polygon):
            continue
        if mask.label not in named(picture):
            yield f"{picture.name} has a {mask.label}, which is not asked"
        if isinstance(mask, Mask):
            if mask.rle.size != (picture.height, picture.width):
                yield f"a mask of {picture.name} is not of its size"
            continue
        rings = [ring for part in mask.parts for ring in (part.outline, *part.holes)]
        if any(_leaves((x, y, 0, 0), picture) for ring in rings for x, y in ring):
            yield f"a mask of {picture.name} lies outside the picture"


def _tracks(task: course.Task, clip: Item, given: ItemAnswer) -> Iterator[str]:
    """Keyframes of a track, in the clip and in its frame."""
    for track in given.annotations:
        if not isinstance(track, Track):
            continue
        if track.label not in task.classes:
            yield f"{clip.name} has a {track.label}, which is not asked"
        for key in track.keyframes:
            if key.frame >= len(clip.frames):
                yield f"{clip.name} has a keyframe after its end"
            if _leaves(key.bbox, clip):
                yield f"a track of {clip.name} lies outside the frame"


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


def _spans(task: course.Task, item: Item, given: ItemAnswer) -> Iterator[str]:
    """Words of the text, or of the texts of a card in which words are marked."""
    texts = item.fields or {None: item.text}
    for span in given.annotations:
        if not isinstance(span, Span):
            continue
        if span.label not in task.classes:
            yield f"{item.name} has a {span.label}, which is not asked"
        marked = not task.marked or span.field in task.marked
        if not marked or span.end > len(texts.get(span.field) or ""):
            yield f"{item.name} has a span beyond its text"


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

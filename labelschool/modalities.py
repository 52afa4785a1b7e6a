"""The modalities of exercises: how each is annotated, and how it is scored.

One entry for each ``widget`` of `course.yml`. Scoring is imported where it is used, so that a
lesson's kernel loads only what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labelschool import course
from labelschool.model import Box, Choice, ItemAnswer, Number, NumberTruth, TruthItem

if TYPE_CHECKING:
    from labelschool.scoring import Score


@dataclass(frozen=True)
class Modality:
    """The name of the annotator in `labelschool.widgets`, its settings for a task, its scorer."""

    annotator: str
    settings: Callable[[course.Task], dict[str, Any]]
    score: Callable[[course.Task, Sequence[TruthItem], Mapping[str, ItemAnswer]], Score]


def _score_boxes(
    task: course.Task, truth: Sequence[TruthItem], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_boxes

    boxes = {
        name: [a for a in item.annotations if isinstance(a, Box)] for name, item in answer.items()
    }
    return score_boxes(truth, boxes, classes=task.classes, attributes=task.attributes)


def _score_tags(
    task: course.Task, truth: Sequence[TruthItem], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_tags

    choices = {
        name: next((a for a in item.annotations if isinstance(a, Choice)), item.escalate)
        for name, item in answer.items()
    }
    return score_tags(truth, choices, classes=task.classes)


def _score_numbers(
    task: course.Task, truth: Sequence[NumberTruth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_numbers

    numbers = {
        name: next((a.value for a in item.annotations if isinstance(a, Number)), None)
        for name, item in answer.items()
    }
    return score_numbers(truth, numbers)


MODALITIES = {
    "box": Modality("BoxAnnotator", lambda task: {"attributes": task.attributes}, _score_boxes),
    "tag": Modality(
        "TagAnnotator", lambda task: {"unsure": "unsure" in task.attributes}, _score_tags
    ),
    "form": Modality("NumberForm", lambda task: {}, _score_numbers),
}

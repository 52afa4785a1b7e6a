"""The modalities of exercises: how each is annotated, and how it is scored.

One entry for each ``widget`` of `course.yml`. Scoring is imported where it is used, so that a
lesson's kernel loads only what it needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labelschool import course
from labelschool.model import (
    Box,
    Choice,
    ClipTruth,
    Figure,
    Item,
    ItemAnswer,
    KeypointTruth,
    Mask,
    Number,
    NumberTruth,
    Polygon,
    Preference,
    PreferenceTruth,
    ReviewTruth,
    Span,
    TextTruth,
    Track,
    Truth,
    TruthItem,
    Verdict,
)

if TYPE_CHECKING:
    from labelschool.scoring import Score
    from labelschool.scoring.preferences import Habit
    from labelschool.scoring.requirements import Share

REASON = 20
"""The least number of characters of a reason."""


@dataclass(frozen=True)
class Modality:
    """The name of the annotator in `labelschool.widgets`, what to do there, its settings for a
    task, its scorer.
    """

    annotator: str
    todo: str
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


def _score_reviews(
    task: course.Task, truth: Sequence[ReviewTruth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool import datasets
    from labelschool.scoring import score_reviews

    pictures = [item for pool in task.pools for item in datasets.task_items(task, pool)]
    verdicts = {
        name: [a for a in item.annotations if isinstance(a, Verdict)]
        for name, item in answer.items()
    }
    return score_reviews(truth, verdicts, {item.name: item.proposals for item in pictures})


def _score_masks(
    task: course.Task, truth: Sequence[Truth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_masks, score_triage

    if task.metric == "triage":
        verdicts = {
            name: [a for a in item.annotations if isinstance(a, Verdict)]
            for name, item in answer.items()
        }
        return score_triage(truth, verdicts)
    masks = {
        name: [a for a in item.annotations if isinstance(a, Mask | Polygon)]
        for name, item in answer.items()
    }
    return score_masks(truth, masks)


def _score_keypoints(
    task: course.Task, truth: Sequence[KeypointTruth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_keypoints

    figures = {
        name: [a for a in item.annotations if isinstance(a, Figure)]
        for name, item in answer.items()
    }
    return score_keypoints(truth, figures)


def _score_tracks(
    task: course.Task, truth: Sequence[ClipTruth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_tracks

    tracks = {
        name: [a for a in item.annotations if isinstance(a, Track)] for name, item in answer.items()
    }
    return score_tracks(truth, tracks, classes=task.classes)


def _score_spans(
    task: course.Task, truth: Sequence[TextTruth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_error_spans, score_spans

    texts = {name: item.fields or {None: item.text} for name, item in _items(task).items()}
    spans = {
        name: [a for a in item.annotations if isinstance(a, Span)] for name, item in answer.items()
    }
    scored = score_error_spans if task.metric == "error_spans" else score_spans
    return scored(truth, spans, texts=texts)


def _score_preferences(
    task: course.Task, truth: Sequence[PreferenceTruth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_preferences

    return score_preferences(truth, _preferred(answer), items=_items(task))


def habits(
    task: course.Task, truth: Sequence[Truth], answer: Mapping[str, ItemAnswer]
) -> tuple[Habit, ...]:
    """How a learner prefers: the first shown, the longer, swapped pairs; nothing for other work."""
    if task.metric != "preference":
        return ()
    from labelschool.scoring.preferences import habits

    return habits(truth, _preferred(answer), items=_items(task))


def _preferred(answer: Mapping[str, ItemAnswer]) -> dict[str, Preference]:
    made = {name: (a for a in item.annotations if isinstance(a, Preference))
            for name, item in answer.items()}  # fmt: skip
    return {name: one for name, found in made.items() if (one := next(found, None))}


def _items(task: course.Task) -> dict[str, Item]:
    """The items of all pools of a task, by name."""
    from labelschool import datasets

    return {item.name: item for pool in task.pools for item in datasets.task_items(task, pool)}


def _score_questions(
    task: course.Task, truth: Sequence[TextTruth], answer: Mapping[str, ItemAnswer]
) -> Score:
    from labelschool.scoring import score_questions, score_requirements, score_tickets

    given = {name: _chosen(item) for name, item in answer.items()}
    if task.metric == "set_f1":
        return score_requirements(truth, given, skills=_skills(task))
    if task.metric == "tickets":
        scales = {q.name: q.choosing == "ordinal" for q in task.questions}
        classes = {q.name: q.classes for q in task.questions}
        return score_tickets(truth, given, classes=classes, scales=scales)
    return score_questions(truth, given, questions={q.name: q.weight for q in task.questions})


def shares(task: course.Task, answer: Mapping[str, ItemAnswer]) -> tuple[Share, ...]:
    """How often each skill is required by the learner's own tags; nothing for other exercises."""
    if task.metric != "set_f1":
        return ()
    from labelschool.scoring.requirements import shares

    return shares({name: _chosen(item) for name, item in answer.items()}, _skills(task))


def _chosen(item: ItemAnswer) -> dict[str, tuple[str, ...]]:
    """The classes chosen for an item, by question."""
    return {a.question: a.labels for a in item.annotations if isinstance(a, Choice) and a.question}


def _skills(task: course.Task) -> tuple[str, ...]:
    """The classes of the questions, which are the same for each."""
    return task.questions[0].classes


def _asked(task: course.Task) -> dict[str, Any]:
    from labelschool.widgets import Question

    return {
        "questions": [Question(**q.model_dump(exclude={"weight"})) for q in task.questions],
        "unsure": "unsure" in task.attributes,
    }


MODALITIES = {
    "span": Modality(
        "SpanAnnotator",
        "mark",
        lambda task: {"severity": "severity" in task.attributes, "marked": task.marked},
        _score_spans,
    ),
    "preference": Modality(
        "PreferenceAnnotator",
        "compare",
        lambda task: {"criteria": task.criteria, "rationale": REASON, "evidence": True},
        _score_preferences,
    ),
    "mask": Modality("MaskAnnotator", "outline what is asked for", lambda task: {}, _score_masks),
    "box": Modality(
        "BoxAnnotator", "draw", lambda task: {"attributes": task.attributes}, _score_boxes
    ),
    "tag": Modality(
        "TagAnnotator", "tag", lambda task: {"unsure": "unsure" in task.attributes}, _score_tags
    ),
    "keypoint": Modality(
        "KeypointAnnotator", "place the points", lambda task: {}, _score_keypoints
    ),
    "track": Modality("TrackAnnotator", "draw tracks", lambda task: {}, _score_tracks),
    "form": Modality("NumberForm", "fill in the numbers", lambda task: {}, _score_numbers),
    "questions": Modality("TagAnnotator", "answer the questions", _asked, _score_questions),
    "review": Modality(
        "ReviewDesk",
        "give your verdicts",
        lambda task: {"attributes": task.attributes},
        _score_reviews,
    ),
}

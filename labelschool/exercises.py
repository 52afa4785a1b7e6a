"""What a notebook touches to work on an exercise: `exercise` and `score`.

An exercise ties together the manifest, the data set, the annotator, the answer file and the score.
Everything a learner makes goes through the answer file: the annotator writes it, `check` and
`score` read it, and nothing is scored from the state of a notebook.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labelschool import answers, code_answers, course, datasets, portable, results
from labelschool.errors import LabelSchoolError
from labelschool.model import Box, Choice, ItemAnswer, TruthItem

if TYPE_CHECKING:
    from labelschool.feedback import Report
    from labelschool.scoring import Score

NO_TRUTH = "Your instructor grades this part: its truth is not in this copy of the course."


# One entry per modality: how it is annotated, and how it is scored ------------------------------


@dataclass(frozen=True)
class _Modality:
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


_MODALITIES = {
    "box": _Modality("BoxAnnotator", lambda task: {"attributes": task.attributes}, _score_boxes),
    "tag": _Modality(
        "TagAnnotator", lambda task: {"unsure": "unsure" in task.attributes}, _score_tags
    ),
}


# What a notebook calls --------------------------------------------------------------------------


def exercise(task_id: str, pool: str = "counted") -> Exercise:
    """The exercise or assignment part of that id, in its practice or counted pool.

    Raises `CourseError` for an id or pool that is not in the course.
    """
    task = course.load().task(task_id)
    if task.widget is None:
        raise course.CourseError(f"{task_id} is written work: answer in the text cell below it.")
    if pool not in task.pools:
        raise course.CourseError(
            f"{task_id} has no {pool} pool; it has {' and '.join(task.pools)}: "
            f'exercise("{task_id}", pool="{next(iter(task.pools))}").'
        )
    return Exercise(task, pool)


def score(task_id: str) -> float:
    """The points of a task from its counted answer file: a plain float in [0, points].

    It ends every score cell. nbgrader gives full marks for nan, negative numbers, numpy floats and
    no output, and none after a word on stderr, so this never raises for a learner's mistake,
    keeps stderr silent and clamps what it returns.
    """
    task = course.load().task(task_id)
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            share = Exercise(task, "counted").score().value
        except LabelSchoolError as error:
            print(f"{task_id}: {error}")
            share = 0.0
    return clamp(share * task.points, task.points)


def clamp(value: float, points: float) -> float:
    """A plain Python float within [0, points]; what is not a number counts as 0."""
    value = float(value)
    return min(max(value, 0.0), float(points)) if value == value else 0.0


class Exercise:
    """One pool of one task in the learner's folder, which is the working directory."""

    def __init__(self, task: course.Task, pool: str) -> None:
        self.task = task
        self.pool = pool
        self.file = answers.AnswerFile(task.id, pool, task.guideline)

    def __repr__(self) -> str:
        return f"Exercise {self.task.id} {self.task.title}, {self.pool} pool"

    def guideline(self) -> Text:
        """The guideline in force, as Markdown."""
        return Text(course.guideline(self.task.guideline).body)

    def annotate(self) -> Any:
        """The annotator on this exercise's items, with the saved work restored."""
        from labelschool import widgets

        modality = _MODALITIES[self.task.widget]
        guideline = course.guideline(self.task.guideline)
        return getattr(widgets, modality.annotator)(
            title=self.task.title,
            items=datasets.items(self.task.dataset, self.pool),
            answer_file=self.file,
            classes=self.task.classes,
            rules=[(rule.number, rule.short) for rule in guideline.rules.values()],
            guideline=guideline.id,
            **modality.settings(self.task),
        )

    def score(self) -> Score:
        """The score of the saved answer. Raises `LabelSchoolError` with what is missing."""
        answer = self.file.read()
        if not answer.items:
            raise LabelSchoolError(
                f"Nothing is annotated yet in {answers.FOLDER}/{self.file.path.name}: "
                "run annotate(), draw, and come back."
            )
        return self._score(answer)

    def check(self, *, unfinished: bool = False) -> Report | Text:
        """Score and diagnose the saved answer.

        On the practice pool every finding is shown. On the counted pool an attempt is used and
        only the score and the counts per error code are shown; an answer with items not yet
        marked done is sent back unscored unless `unfinished` is true.
        """
        answer = self.file.read()
        names = [item.name for item in datasets.items(self.task.dataset, self.pool)]
        undone = [name for name in names if not answer.item(name).done]
        if not answer.items:
            return Text(f"Nothing to check yet in {self.task.id}: annotate first, then run this.")
        if not datasets.has_truth(self.task.dataset, self.pool):
            return Text(NO_TRUTH)
        if self.pool == "counted" and undone and not unfinished:
            return Text(
                f"{len(undone)} of {len(names)} items are not marked done, so no attempt was "
                "used. Press Enter on each when it is finished (an empty picture too), or run "
                "`check(unfinished=True)`."
            )
        scored = self._score(answer)
        if self.pool == "counted":
            answer = self.file.add_attempt()
        self._record(answer, scored)
        portable.refresh(results.home())
        return self._report(answer, scored, counted=self.pool == "counted")

    def review(self) -> Report | Text:
        """Your answer drawn over the reference, finding by finding.

        The counted pool opens when its attempts are used or the work was submitted.
        """
        answer = self.file.read()
        if not answer.items:
            return Text(f"Nothing to review yet in {self.task.id}: annotate first.")
        if not datasets.has_truth(self.task.dataset, self.pool):
            return Text(NO_TRUTH)
        left = self.task.attempts - len(answer.attempts)
        if self.pool == "counted" and left > 0 and not submitted(self.task.id):
            return Text(
                f"The review of {self.task.id} opens when its attempts are used or the work is "
                f"submitted; {left} of {self.task.attempts} attempts are left."
            )
        from labelschool import feedback

        return feedback.review(
            self._score(answer),
            truth=datasets.truth(self.task.dataset, self.pool),
            answers={item.item: item for item in answer.items},
            image=self._image,
            guideline=course.guideline(self.task.guideline),
        )

    def _score(self, answer: answers.Answer) -> Score:
        if not datasets.has_truth(self.task.dataset, self.pool):
            raise LabelSchoolError(NO_TRUTH)
        truth = datasets.truth(self.task.dataset, self.pool)
        by_item = {item.item: item for item in answer.items}
        return _MODALITIES[self.task.widget].score(self.task, truth, by_item)

    def _record(self, answer: answers.Answer, scored: Score) -> None:
        evidence = results.Evidence(
            score=clamp(scored.value, 1),
            passed=scored.value >= self._pass_mark(scored),
            metric=scored.metric,
            n=scored.n,
            interval=scored.interval,
            minutes=round(sum(item.active_ms for item in answer.items) / 60_000, 2),
            hashes={
                "answer": answer.sha256(),
                "truth": datasets.truth_sha256(self.task.dataset, self.pool),
                "guideline": course.guideline_sha256(self.task.guideline),
            },
        )
        results.record(f"exercise/{self.task.id}/{self.pool}", evidence)

    def _report(self, answer: answers.Answer, scored: Score, *, counted: bool) -> Report:
        from labelschool import feedback

        attempts = (len(answer.attempts), self.task.attempts) if counted else None
        return feedback.report(
            scored,
            guideline=course.guideline(self.task.guideline),
            truth=datasets.truth(self.task.dataset, self.pool),
            answers={item.item: item for item in answer.items},
            image=self._image,
            pass_mark=self._pass_mark(scored),
            counted=counted,
            attempts=attempts,
        )

    def _pass_mark(self, scored: Score) -> float:
        """The pass mark on the scale of `scored.value`: rescaled where the score was."""
        from labelschool.scoring.score import rescale

        return rescale(self.task.pass_mark, scored.blind)

    def _image(self, name: str) -> Any:
        items = datasets.items(self.task.dataset, self.pool)
        return next(item.image for item in items if item.name == name)


def submitted(task_id: str) -> bool:
    """Whether the module of a task was submitted (a submission was made from this home)."""
    home = results.home()
    folder = course.load().module_of(task_id).folder
    return bool(home and any(home.glob(f"labelschool-{folder}-*.zip")))


class Text:
    """A few lines of Markdown as the output of a cell."""

    def __init__(self, markdown: str) -> None:
        self._markdown = markdown

    def __repr__(self) -> str:
        return self._markdown

    def _repr_markdown_(self) -> str:
        return self._markdown


code_answers.register()

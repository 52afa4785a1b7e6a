"""An audit of one's own boxes: a sample is drawn and reviewed, and the score of all is foretold.

The sample is drawn by the hash of the boxes, so nobody can choose it. The boxes are kept as they
were when the audit began; they are what the foretold score is compared with.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from labelschool import course, datasets
from labelschool.answers import Answer, AnswerFile, Start
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import NO_TRUTH, Exercise, Text
from labelschool.feedback import Report
from labelschool.home import portable, results
from labelschool.model import Box, Item, ItemAnswer, Number, TruthBox, TruthItem, Verdict
from labelschool.scoring import Score, score_boxes
from labelschool.scoring.boxes import LEVEL_RANGES
from labelschool.scoring.score import ItemScore

PICTURES = 30
"""How many pictures are drawn."""

WIDEST = 0.12
"""The widest interval that still says something."""

LOW, HIGH = (line.name for line in datasets.ESTIMATE)


class Audit(Exercise):
    """Its practice pool is the review of the sample, its counted pool the foretold interval."""

    @property
    def audited(self) -> course.Task:
        """The part whose boxes are audited."""
        return course.load().task(self.task.start)

    def annotate(self, *, again: bool = False) -> Any:
        """The desk with the sample, or the form for the interval.

        The first call draws the sample from the boxes as they are. `again` does so once more; what
        was reviewed and foretold before stays beside the answer files.
        """
        from labelschool import widgets

        try:
            start = self._begun(again)
        except LabelSchoolError as error:
            return Text(str(error))
        guideline = self._guideline()
        if self.pool == "counted":
            return widgets.NumberForm(
                title=self.task.title, items=datasets.ESTIMATE, answer_file=self.file
            )
        return widgets.ReviewDesk(
            title=self.task.title,
            items=self.sample(start),
            answer_file=self.file,
            classes=self.audited.classes,
            attributes=self.audited.attributes,
            rules=[(rule.number, rule.short) for rule in guideline.rules.values()],
            guideline=guideline.id,
        )

    def sample(self, start: Start) -> list[Item]:
        """The pictures that are drawn, with the boxes on them as proposals."""
        boxes = _boxes(start.items)
        pictures = datasets.task_items(self.audited, "counted")
        drawn = random.Random(_seed(start)).sample(pictures, min(PICTURES, len(pictures)))
        return [
            item.model_copy(update={"proposals": tuple(boxes.get(item.name, ()))})
            for item in sorted(drawn, key=lambda item: item.name)
        ]

    def score(self) -> Score:
        """1 where the interval holds the score of the audited boxes and is no wider than `WIDEST`.

        Raises `LabelSchoolError` with what is missing, or where the interval came too late.
        """
        answer = self._counted().read()
        low, high = _interval(answer)
        if answer.start is None or low is None or high is None:
            raise LabelSchoolError("No interval is stated yet: review the sample, then state one.")
        if not self._in_time(answer):
            raise LabelSchoolError(
                f"The interval was stated after a check of {self.audited.id} had told the score, "
                "so it foretells nothing."
            )
        inside = low <= self._true(answer.start) <= high and high - low <= WIDEST
        line = ItemScore("interval", float(inside), 1, int(inside), int(not inside), 0)
        value = float(inside)
        return Score(self.task.metric, value, value, 0.0, 1, None, (line,), ())

    def check(self, *, unfinished: bool = False) -> Report | Text:
        """What the review of the sample says, or whether the interval held.

        The score is told only once a check of the audited part has told it.
        """
        try:
            said = self._reviewed() if self.pool == "practice" else self._held()
        except LabelSchoolError as error:
            return Text(str(error))
        portable.refresh(results.home())
        return Text(said)

    def review(self, *, give_up: bool = False) -> Report | Text:
        """The same as `check`: nothing else is kept closed."""
        return self.check()

    def is_closed(self, answer: Answer) -> bool:
        """Nothing is: a score is recorded only once the audited part has told it."""
        return False

    def _begun(self, again: bool) -> Start:
        """The boxes as they were when the audit began, which may be now."""
        file = self._counted()
        kept = file.read().start
        if kept and not again:
            return kept
        part = self.audited
        source = AnswerFile(part.id, "counted", part.guideline, file.path.parent.parent).read()
        if not any(_boxes(source.items).values()):
            raise LabelSchoolError(
                f"{self.task.id} audits your boxes of {part.id}, and there are none yet: do "
                f"{part.id} first, then run this cell again."
            )
        file.begin(source, copied=False)
        if again:
            self._file("practice").begin()
        return file.read().start

    def _reviewed(self) -> str:
        start = self._counted().read().start
        if start is None:
            raise LabelSchoolError("Nothing is drawn yet: run annotate() first.")
        answer = self._file("practice").read()
        sample = self.sample(start)
        done = [item for item in sample if answer.item(item.name).touched]
        if len(done) < len(sample):
            return f"{len(done)} of {len(sample)} pictures are reviewed. Go on to the last."
        try:
            found = own_score(sample, answer)
        except ValueError:
            return "Your review leaves no box at all, so there is nothing to score."
        low, high = found.interval
        fixed, rejected, added = _decisions(answer)
        return (
            f"You reviewed {len(sample)} pictures with {sum(len(i.proposals) for i in sample)} "
            f"boxes: {fixed} fixed, {rejected} rejected, {added} added. If your review were the "
            f"truth, these pictures would score **{found.value:.2f}**, 95 % interval {low:.2f} to "
            f"{high:.2f}. What you overlook twice is not in it, and neither are sides that you "
            "would draw alike again."
        )

    def _held(self) -> str:
        answer = self.file.read()
        low, high = _interval(answer)
        if low is None or high is None:
            return "Both ends of the interval have to be stated."
        said = f"You foretold {low:.2f} to {high:.2f}, {high - low:.2f} wide."
        if high - low > WIDEST:
            said += f" That is wider than {WIDEST:.2f}, so it cannot earn the points."
        part = self.audited
        told = AnswerFile(part.id, "counted", part.guideline, self.file.path.parent.parent).read()
        if not told.attempts:
            return f"{said} Now check {part.id}, and run this cell once more."
        scored = self.score()
        self._record_share(scored, answer.sha256())
        verdict = "holds" if low <= self._true(answer.start) <= high else "does not hold"
        return f"{said} The boxes score {self._true(answer.start):.2f}: the interval {verdict}."

    def _true(self, start: Start) -> float:
        task = self.audited
        if not datasets.has_truth(task.dataset, "counted"):
            raise LabelSchoolError(NO_TRUTH)
        truth = datasets.task_truth(task, "counted")
        boxes = _boxes(start.items)
        return score_boxes(truth, boxes, classes=task.classes, attributes=task.attributes).value

    def _in_time(self, answer: Answer) -> bool:
        """Whether the interval was last changed before the first check of the audited part."""
        part = self.audited
        told = AnswerFile(part.id, "counted", part.guideline, self.file.path.parent.parent).read()
        return not told.attempts or answer.saved_at <= told.attempts[0].at

    def _counted(self) -> AnswerFile:
        return self._file("counted")

    def _file(self, pool: str) -> AnswerFile:
        folder = self.file.path.parent.parent
        return AnswerFile(self.task.id, pool, self.task.guideline, folder)


def own_score(sample: Sequence[Item], answer: Answer) -> Score:
    """The DetScore of the proposals if the verdicts on them were the truth.

    Raises ValueError where the verdicts leave no box.
    """
    truth = [_as_truth(item, answer.item(item.name)) for item in sample]
    labels = {box.label for item in truth for box in item.objects}
    labels |= {box.label for item in sample for box in item.proposals}
    boxes = {item.name: list(item.proposals) for item in sample}
    flags = ("occluded", "truncated")
    return score_boxes(truth, boxes, classes=sorted(labels), attributes=flags)


def _as_truth(item: Item, answer: ItemAnswer) -> TruthItem:
    verdicts = {v.target: v for v in answer.annotations if isinstance(v, Verdict) and v.target}
    kept = [verdicts.get(box.id, box) for box in item.proposals]
    boxes = [
        one if isinstance(one, Box) else one.fix or _proposal(item, one.target)
        for one in kept
        if isinstance(one, Box) or one.decision != "reject"
    ]
    boxes += [
        v.fix for v in answer.annotations if isinstance(v, Verdict) and not v.target and v.fix
    ]
    objects = [
        TruthBox(
            id=number,
            label=box.label,
            bbox=box.bbox,
            amodal_bbox=box.bbox,
            area=box.bbox[2] * box.bbox[3],
            occluded=box.occluded,
            occlusion=sum(LEVEL_RANGES[box.occluded]) / 2,
            truncated=box.truncated,
            truncation=float(box.truncated),
        )
        for number, box in enumerate(boxes, 1)
    ]
    return TruthItem(
        item=item.name,
        image=str(item.image),
        width=item.width,
        height=item.height,
        objects=tuple(objects),
    )


def _proposal(item: Item, name: str) -> Box:
    return next(box for box in item.proposals if box.id == name)


def _decisions(answer: Answer) -> tuple[int, int, int]:
    """How many labels were fixed, rejected and added."""
    verdicts = [v for item in answer.items for v in item.annotations if isinstance(v, Verdict)]
    fixed = sum(v.decision == "fix" and v.target is not None for v in verdicts)
    rejected = sum(v.decision == "reject" for v in verdicts)
    return fixed, rejected, sum(v.target is None for v in verdicts)


def _interval(answer: Answer) -> tuple[float | None, float | None]:
    said: Mapping[str, float] = {
        item.item: made.value
        for item in answer.items
        for made in item.annotations
        if isinstance(made, Number)
    }
    return said.get(LOW), said.get(HIGH)


def _boxes(items: Sequence[ItemAnswer]) -> dict[str, list[Box]]:
    return {item.item: [a for a in item.annotations if isinstance(a, Box)] for item in items}


def _seed(start: Start) -> str:
    """The boxes alone, so that time and order of work draw nothing."""
    boxes = _boxes(start.items)
    return repr([(name, sorted((b.label, *b.bbox) for b in boxes[name])) for name in sorted(boxes)])

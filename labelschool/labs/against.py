"""Exercise 2.L: the learner against a reference, and a decision on every disagreement.

The boxes are made blind. They are kept as they were when the first disagreement was shown, so what
was learned from the reference cannot enter them. Who is right is the learner's judgement and is
never graded; a decision is complete when it names the rule that decides.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from labelschool import course, datasets
from labelschool.answers import AnswerFile, replace
from labelschool.datasets.fetch import CLASSES, SET
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import Exercise, Text
from labelschool.exercises.modalities import MODALITIES
from labelschool.model import Choice, Item, ItemAnswer
from labelschool.scoring.score import Finding

TASK, DECIDED = "2.L", "decided"
MINE, REFERENCE, SILENT = "I am right", "the reference is right", "the guideline is silent"
NO_RULE = "no rule"
WHO, RULE = "who", "rule"
FEW = 5
"""Disagreements from which on it is odd that one side is always right."""
WIDTH, HEIGHT, LINE = 480, 360, 20
"""Size of a case as it is shown, and of a line of its words, in px."""


class Against:
    """The blind boxes on one set of photographs, and the decisions about them.

    The small form is the counted pool of exercise 2.L. The large one, ``coco=True``, is what
    `labelschool data fetch` brought, and has no points.
    """

    def __init__(self, *, coco: bool = False, folder: Path | None = None) -> None:
        self.task = course.load().task(TASK)
        if coco:
            self.task = self.task.model_copy(update={"dataset": SET, "classes": CLASSES})
        pool = "coco" if coco else "counted"
        self._coco = coco
        self._boxes = AnswerFile(TASK, pool, self.task.guideline, folder)
        kept = f"{DECIDED}-coco" if coco else DECIDED
        self._decisions = AnswerFile(TASK, kept, self.task.guideline, folder)
        self._folder = folder

    def annotate(self) -> Any:
        """The annotator of the large form; that of the small one is the exercise's own."""
        from labelschool import widgets

        guideline = course.guideline(self.task.guideline)
        return widgets.BoxAnnotator(
            title=f"{self.task.title}, COCO" if self._coco else self.task.title,
            items=self._items(),
            answer_file=self._boxes,
            classes=self.task.classes,
            attributes=self.task.attributes,
            rules=[(rule.number, rule.short) for rule in guideline.rules.values()],
            guideline=guideline.id,
        )

    def adjudicate(self, *, give_up: bool = False) -> Any:
        """Every disagreement with two questions: who is right, and by which rule.

        The first call keeps the boxes as they are. It waits until every photograph is done and, on
        the small form, until the exercise's review is open or the attempts are given up.
        """
        from labelschool import widgets

        try:
            self._blind(give_up=give_up)
            cases = self.cases()
        except LabelSchoolError as error:
            return Text(str(error))
        if not cases:
            return Text("You and the reference agree everywhere: there is nothing to decide.")
        return widgets.TagAnnotator(
            title=f"{self.task.title}: who is right?",
            items=[
                Item(name=name, image=Path(f"{name}.png"), width=WIDTH, height=HEIGHT)
                for name in cases
            ],
            answer_file=self._decisions,
            unsure=False,
            draw=lambda name: self._drawn(cases[name]),
            questions=[
                widgets.Question(name=WHO, classes=(MINE, REFERENCE, SILENT), text="Who is right?"),
                widgets.Question(name=RULE, classes=self._rules(), text="By which rule?"),
            ],
            guideline=self.task.guideline,
        )

    def check(self) -> Text:
        """How many disagreements are decided, for whom, and which decisions cite no rule."""
        try:
            cases = self.cases()
        except LabelSchoolError as error:
            return Text(str(error))
        decided = self._said(cases)
        complete = [name for name, said in decided.items() if _is_complete(said)]
        who = Counter(said[WHO] for said in decided.values() if WHO in said)
        counts = ", ".join(f"{who[name]} x {name}" for name in (MINE, REFERENCE, SILENT))
        said = [f"{len(complete)} of {len(cases)} disagreements are decided: {counts}."]
        if bare := [n for n, given in decided.items() if WHO in given and n not in complete]:
            said.append(f"These cite no rule: {', '.join(bare)}. Name the one that decides.")
        if len(complete) == len(cases) and len(cases) >= FEW:
            most = max((MINE, REFERENCE), key=lambda name: who[name])
            if who[most] == len(cases):
                said.append(f"Everywhere {most}: look again at the three you were least sure of.")
        return Text(" ".join(said))

    def publish(self, out: Path | str = "2-L") -> Text:
        """Boxes, decisions and attribution in a folder, without any picture.

        Raises `LabelSchoolError` while a decision is missing.
        """
        from labelschool import formats
        from labelschool.formats.answers import of_answer

        cases = self.cases()
        decided = self._said(cases)
        if open_cases := [name for name in cases if not _is_complete(decided.get(name, {}))]:
            raise LabelSchoolError(
                f"{len(open_cases)} disagreements are not decided with a rule yet, the first is "
                f"{open_cases[0]}: decide all, then publish."
            )
        folder = Path(out)
        boxes = {answer.item: answer for answer in self._blind()}
        made = of_answer(self._items(), boxes, classes=self.task.classes)
        formats.write(made, folder / "boxes", "coco", overwrite=True)
        table = io.StringIO()
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["case", "photograph", "difference", "who is right", "rule"])
        for name, finding in cases.items():
            said = decided[name]
            rows.writerow([name, finding.item, finding.code, said[WHO], said[RULE]])
        replace(folder / "decisions.csv", table.getvalue())
        source = datasets.file(self.task.dataset, "datasheet.md").read_text(encoding="utf-8")
        replace(folder / "attribution.md", source)
        return Text(f"Written to {folder}: boxes, {len(cases)} decisions, attribution; no picture.")

    def cases(self) -> Mapping[str, Finding]:
        """The disagreements by name, in the order of the photographs.

        Raises `LabelSchoolError` before they may be shown.
        """
        found = self._score(self._blind())
        order = [item.name for item in self._items()]
        found = sorted((f for f in found if not f.note), key=lambda f: order.index(f.item))
        return {f"case-{number:02}": finding for number, finding in enumerate(found, 1)}

    def _blind(self, *, give_up: bool = False) -> tuple[ItemAnswer, ...]:
        """The boxes as they were when the first disagreement was shown, which may be now."""
        kept = self._decisions.read().start
        if kept:
            return kept.items
        answer = self._boxes.read()
        left = [item.name for item in self._items() if not answer.item(item.name).done]
        if left:
            raise LabelSchoolError(
                f"{len(left)} photographs are not marked done. Label all of them first, blind: "
                "press Enter on each, on an empty one too."
            )
        small = Exercise(self.task, "counted", self._folder)
        if not self._coco and small.is_closed(answer) and not give_up:
            raise LabelSchoolError(
                "The disagreements open when your attempts at 2.L are used. To give them up, run "
                "`adjudicate(give_up=True)`: what you change after that is no longer blind."
            )
        self._decisions.begin(answer, copied=False)
        return self._decisions.read().start.items

    def _score(self, boxes: Sequence[ItemAnswer]) -> tuple[Finding, ...]:
        truth = datasets.task_truth(self.task, "counted")
        by_item = {answer.item: answer for answer in boxes}
        return MODALITIES[self.task.widget].score(self.task, truth, by_item).findings

    def _items(self) -> tuple[Item, ...]:
        try:
            return datasets.task_items(self.task, "counted")
        except datasets.DataError as error:
            if not self._coco:
                raise
            raise LabelSchoolError(
                "COCO's photographs are not here: run `labelschool data fetch` first, online. The "
                "small form needs none."
            ) from error

    def _rules(self) -> tuple[str, ...]:
        numbers = course.guideline(self.task.guideline).rules
        return (*(f"rule {number}" for number in numbers), NO_RULE)

    def _said(self, cases: Mapping[str, Finding]) -> dict[str, dict[str, str]]:
        """What was chosen for each case, by question."""
        answer = self._decisions.read()
        said = {}
        for name in cases:
            choices = (a for a in answer.item(name).annotations if isinstance(a, Choice))
            said[name] = {a.question: a.labels[0] for a in choices if a.question and a.labels}
        return said

    def _drawn(self, finding: Finding) -> bytes:
        """The place, with the reference dashed green and the own box orange, and what differs."""
        from PIL import Image, ImageDraw

        from labelschool import feedback

        item = next(item for item in self._items() if item.name == finding.item)
        truth = next(t for t in datasets.task_truth(self.task, "counted") if t.item == finding.item)
        own = next(answer for answer in self._blind() if answer.item == finding.item)
        reference = [o.bbox for o in truth.objects if o.id == finding.truth_id]
        mine = [box.bbox for box in own.annotations if box.id in finding.annotation_ids]
        region = finding.region or (0, 0, item.width, item.height)
        place = feedback.crop(item.image, region, reference=reference, answer=mine)
        picture = Image.open(io.BytesIO(place)).convert("RGB")
        picture.thumbnail((WIDTH, HEIGHT - 3 * LINE))
        card = Image.new("RGB", (WIDTH, HEIGHT), "white")
        card.paste(picture, ((WIDTH - picture.width) // 2, 3 * LINE))
        draw = ImageDraw.Draw(card)
        words = f"{finding.code}, by the reference: {feedback.sentence(finding).what}"
        for number, line in enumerate(_lines(words)):
            draw.text((8, 4 + number * LINE), line, fill="#1b1b1b", font_size=14)
        content = io.BytesIO()
        card.save(content, "PNG")
        return content.getvalue()


def _is_complete(said: Mapping[str, str]) -> bool:
    """Whether a case is decided: with a rule, or silent with the words that there is none."""
    return WHO in said and RULE in said and (said[RULE] != NO_RULE or said[WHO] == SILENT)


def _lines(words: str) -> list[str]:
    """At most three lines of at most 66 characters."""
    import textwrap

    return textwrap.wrap(words, 66)[:3]

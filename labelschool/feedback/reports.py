"""The report of a check and the review of a finished exercise, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from labelschool.course import Guideline
from labelschool.model import Box, Item, ItemAnswer, NumberTruth, TruthItem
from labelschool.scoring.score import BLIND_LIMIT, Finding, Score
from labelschool.scoring.taxonomy import TAXONOMY

from . import html, numbers
from .answer_words import kind
from .drawing import Unreadable
from .pictures import crop, review_picture, thumbnail
from .sentences import name, sentence

SHOWN = 8
"""Findings shown in full; what is worth more comes first, the rest is counted."""

NOTES_SHOWN = 3
"""Notes shown below the findings at least; without findings, as many as `SHOWN`."""

METRICS = {
    "detection": "DetScore",
    "classification": "macro-F1",
    "numbers": "share of right lines",
}
UNITS = {"detection": "object", "classification": "item", "numbers": "line"}


@dataclass(frozen=True)
class Report:
    """A report that shows itself as HTML in a notebook and as text elsewhere."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def report(
    score: Score,
    *,
    guideline: Guideline | None,
    truth: Sequence[TruthItem] | Sequence[NumberTruth],
    answers: Mapping[str, ItemAnswer],
    items: Sequence[Item],
    pass_mark: float | None,
    counted: bool,
    note: str = "",
) -> Report:
    """The report of one check.

    On a practice pool the worst findings come with a crop, the rule that decided and what to do.
    On a `counted` pool it holds the score and the counts per code alone: no crop, no place, no
    rule. `items` are those of the whole pool in the annotator's order. `note` is said below the
    counts: what became of the attempt, what is not answered yet. Without `pass_mark` there is no
    verdict. Only an exercise without rules, a form, comes without a `guideline`.
    """
    figures = _figures(score, pass_mark, brief=counted)
    head = html.head(score, _metric(score), pass_mark, figures)
    lines = [_headline(score, pass_mark), figures]
    body = [head, html.counts(score.counts())]
    lines += [
        f"  {code:<4}{name(code)}: {n}. {TAXONOMY[code].sentence}"
        for code, n in score.counts().items()
    ]
    if note:
        body.append(html.note(note))
        lines.append(note)
    if not counted and score.metric == "numbers":
        shown, told = numbers.told(score, truth=truth, answers=answers, items=items)
        body += shown
        lines += told
    elif not counted:
        case = _Case.of(guideline, truth, answers, items)
        errors, notes = _parted(score.findings)
        shown = errors[:SHOWN]
        hints = notes[: max(SHOWN - len(shown), NOTES_SHOWN)]
        if shown + hints and score.metric == "detection":
            body.append(html.legend())
        for findings, left, closing in (
            (shown, len(errors) - len(shown), "that cost less. Mend these and check again."),
            (hints, len(notes) - len(hints), "of this kind."),
        ):
            if findings and findings[0].note:
                body.append(html.note(_forgiven(notes)))
                lines.append(_forgiven(notes))
            for finding, words in _told(findings):
                body.append(case.row(finding, words))
                lines += case.lines(finding, words)
            if left:
                body.append(html.note(f"And {left} more {closing}"))
                lines.append(f"And {left} more {closing}")
        if not score.findings:
            body.append(html.note(_spotless(score)))
            lines.append(_spotless(score))
    return Report(html.page(body), "\n".join(line for line in lines if line))


def review(
    score: Score,
    *,
    guideline: Guideline | None,
    truth: Sequence[TruthItem] | Sequence[NumberTruth],
    answers: Mapping[str, ItemAnswer],
    items: Sequence[Item],
    note: str = "",
) -> Report:
    """Every finding of every item, worst item first, with the answer drawn over the reference.

    `items` and `note` are as in `report`.
    """
    case = _Case.of(guideline, truth, answers, items)
    body = [html.head(score, _metric(score), None, _figures(score))]
    body.append(html.counts(score.counts()))
    body += [html.note(note)] if note else []
    if score.metric == "detection":
        body.append(html.legend())
    lines = [_headline(score, None), _figures(score), note]
    if score.metric == "numbers":
        shown, told = numbers.told(score, truth=truth, answers=answers, items=items, solved=True)
        return Report(html.page(body + shown), "\n".join([line for line in lines if line] + told))
    for item in sorted(score.items, key=lambda item: (item.value, case.rank(item.item))):
        found = [finding for finding in score.findings if finding.item == item.item]
        if score.metric == "classification" and not found:
            continue
        picture = case.whole(item.item) if score.metric == "detection" else None
        lines.append(f"{case.place(item.item)}: {item.value:.2f}")
        regions, rows = [finding.region for finding in found], []
        errors, notes = _parted(found)
        for n, (finding, words) in enumerate(_told(found)):
            if n == len(errors):
                rows.append(html.note(_forgiven(notes)))
                lines.append(_forgiven(notes))
            rows.append(case.row(finding, words, picture=regions.index(finding.region) == n))
            lines += case.lines(finding, words)
        body.append(html.item(item, case.place(item.item), picture, "".join(rows)))
    return Report(html.page(body), "\n".join(line for line in lines if line))


@dataclass(frozen=True)
class _Case:
    """All that turns a finding into a row."""

    guideline: Guideline
    truth: Mapping[str, TruthItem]
    answers: Mapping[str, ItemAnswer]
    items: Mapping[str, Item]
    places: Mapping[str, int]

    @classmethod
    def of(
        cls,
        guideline: Guideline,
        truth: Sequence[TruthItem],
        answers: Mapping[str, ItemAnswer],
        items: Sequence[Item],
    ) -> _Case:
        return cls(
            guideline,
            {item.item: item for item in truth},
            answers,
            {item.name: item for item in items},
            {item.name: number for number, item in enumerate(items, start=1)},
        )

    def place(self, item: str) -> str:
        """An item as the annotator counts it: ``picture 2 of 7``."""
        return f"{kind(self.items[item])} {self.places[item]} of {len(self.places)}"

    def rank(self, item: str) -> int:
        """Where an item stands in the annotator's order."""
        return self.places[item]

    def row(self, finding: Finding, words: _Told, *, picture: bool = True) -> str:
        """A finding as HTML; in a review, a place that was shown is not shown again."""
        return html.finding(
            code=finding.code,
            title=name(finding.code),
            place=self.place(finding.item),
            file=finding.item,
            cost=_cost(finding),
            what=words.what,
            do=words.do,
            rule=self._rule(finding) if words.rule else None,
            picture=self._crop(finding) if picture else None,
            alt=f"{words.what} Reference dashed green, your answer orange.",
        )

    def lines(self, finding: Finding, words: _Told) -> list[str]:
        """A finding as lines of text."""
        rule = self._rule(finding) if words.rule else None
        cost = f", {_cost(finding)}" if _cost(finding) else ""
        where = f"{self.place(finding.item)}{cost}"
        advice = [words.do, f"[Rule {rule[0]}: {rule[1]}]" if rule else ""]
        advice = [part for part in advice if part]
        return [
            f"- {finding.code} {name(finding.code)} ({where}): {words.what}",
            *(["    " + " ".join(advice)] if advice else []),
        ]

    def whole(self, item: str) -> bytes | None:
        """The picture of an item with all boxes; None where it cannot be opened."""
        try:
            return review_picture(self.truth[item], self._boxes(item), self.items[item])
        except Unreadable:
            return None

    def _crop(self, finding: Finding) -> bytes | None:
        try:
            path = self.items[finding.item].image
            if finding.region is None:
                return thumbnail(path)
            ids = {finding.truth_id, *finding.details.get("truth_ids", ())}
            objects = self.truth[finding.item].objects
            return crop(
                path,
                finding.region,
                reference=[obj.bbox for obj in objects if obj.id in ids],
                answer=[
                    box.bbox
                    for box in self._boxes(finding.item)
                    if box.id in finding.annotation_ids
                ],
            )
        except Unreadable:
            return None

    def _boxes(self, item: str) -> list[Box]:
        answer = self.answers.get(item)
        return [a for a in answer.annotations if isinstance(a, Box)] if answer else []

    def _rule(self, finding: Finding) -> tuple[int, str] | None:
        rule = self.guideline.rules.get(finding.rule) if finding.rule else None
        return (rule.number, rule.short) if rule else None


class _Told(NamedTuple):
    """The words of a finding that are said: advice and rule only where they are new."""

    what: str
    do: str
    rule: bool


def _told(findings: Iterable[Finding]) -> Iterator[tuple[Finding, _Told]]:
    """The findings with their words; in a row of one code and rule, none is said twice."""
    run: object = None
    said: set[str] = set()
    for finding in findings:
        words = sentence(finding)
        first = run != (finding.code, finding.rule, finding.note)
        if first:
            run, said = (finding.code, finding.rule, finding.note), set()
        yield finding, _Told(words.what, "" if words.do in said else words.do, first)
        said.add(words.do)


def _parted(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Errors and notes."""
    return [f for f in findings if not f.note], [f for f in findings if f.note]


def _forgiven(notes: Sequence[Finding]) -> str:
    """The line above the notes."""
    lost = "Next to no points lost" if any(_cost(note) for note in notes) else "No points lost"
    return f"{lost}, but these sides are not where the rules put them:"


def _rescaled(score: Score) -> bool:
    """Whether blind guessing earns so much that the score counts from there."""
    return BLIND_LIMIT <= score.blind < 1


def _metric(score: Score) -> str:
    """What `score.value` is."""
    return METRICS[score.metric] + (" above guessing" if _rescaled(score) else "")


def _headline(score: Score, pass_mark: float | None) -> str:
    if pass_mark is None:
        return f"{_metric(score)} {score.value:.2f}"
    verdict = "passed" if score.value >= pass_mark else "not yet"
    return f"{_metric(score)} {score.value:.2f}, pass {pass_mark:.2f}: {verdict}"


def _figures(score: Score, pass_mark: float | None = None, *, brief: bool = False) -> str:
    """n, the interval and, unless `brief`, what else the metric has, in one line.

    Of a rescaled score it gives the metric itself, what passes on its scale, and the guessing.
    """
    unit = UNITS[score.metric]
    parts = [f"{score.n} {unit}{'s' if score.n != 1 else ''}"]
    if _rescaled(score):
        plain = f"{METRICS[score.metric]} {score.raw:.2f}"
        if pass_mark is not None:
            plain += f" of the {score.blind + pass_mark * (1 - score.blind):.2f} that pass"
        parts = [plain, f"blind guessing alone {score.blind:.2f}", *parts]
    if score.recall is not None and not brief:
        parts.append(f"{round(score.recall * score.n)} found (recall {score.recall:.2f})")
    if score.mean_iou is not None and not brief:
        parts.append(f"mean IoU {score.mean_iou:.2f}")
    if score.interval is not None:
        low, high = score.interval
        parts.append(f"95 % interval {low:.2f} to {high:.2f}")
    return ", ".join(parts)


def _cost(finding: Finding) -> str:
    """What a finding took from the score; empty when that rounds to nothing."""
    return f"costs {finding.cost:.3f}" if finding.cost >= 0.0005 else ""


def _spotless(score: Score) -> str:
    return f"Nothing to mend: all {score.n} {UNITS[score.metric]}s are right."

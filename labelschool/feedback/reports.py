"""The report of a check and the review of a finished exercise, as HTML and as plain text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labelschool.course import Guideline
from labelschool.model import Box, ItemAnswer, TruthItem
from labelschool.scoring.score import Finding, Score
from labelschool.scoring.taxonomy import TAXONOMY

from . import html
from .pictures import crop, review_picture, thumbnail
from .sentences import name, sentence

SHOWN = 8
"""Findings shown in full; what is worth more comes first, the rest is counted."""

METRICS = {"detection": "DetScore", "classification": "macro-F1"}
UNITS = {"detection": "object", "classification": "item"}


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
    guideline: Guideline,
    truth: Sequence[TruthItem],
    answers: Mapping[str, ItemAnswer],
    image: Callable[[str], Path],
    pass_mark: float,
    counted: bool,
    attempts: tuple[int, int] | None = None,
) -> Report:
    """The report of one check.

    On a practice pool the worst findings come with a crop, the rule that decided and what to do.
    On a `counted` pool it holds the score and the counts per code alone: no crop, no place, no
    rule. `attempts` are those used and those there are. `image` gives the picture of an item.
    """
    figures = _figures(score, brief=counted)
    head = html.head(score, METRICS[score.metric], pass_mark, figures)
    lines = [_headline(score, pass_mark), figures]
    body = [head, html.counts(score.counts())]
    lines += [
        f"  {code:<4}{name(code)}: {n}. {TAXONOMY[code].sentence}"
        for code, n in score.counts().items()
    ]
    if counted:
        note = _attempts(attempts)
        body.append(html.note(note))
        lines.append(note)
    else:
        case = _Case(guideline, {item.item: item for item in truth}, answers, image)
        shown = score.findings[:SHOWN]
        if shown and score.metric == "detection":
            body.append(html.legend())
        body += [case.row(finding) for finding in shown]
        lines += [line for finding in shown for line in case.lines(finding)]
        if not score.findings:
            body.append(html.note(_spotless(score)))
            lines.append(_spotless(score))
        if rest := len(score.findings) - len(shown):
            more = f"And {rest} more that cost less. Mend these and check again."
            body.append(html.note(more))
            lines.append(more)
    return Report(html.page(body), "\n".join(line for line in lines if line))


def review(
    score: Score,
    *,
    guideline: Guideline,
    truth: Sequence[TruthItem],
    answers: Mapping[str, ItemAnswer],
    image: Callable[[str], Path],
) -> Report:
    """Every finding of every item, worst item first, with the answer drawn over the reference."""
    case = _Case(guideline, {item.item: item for item in truth}, answers, image)
    body = [html.head(score, METRICS[score.metric], None, _figures(score))]
    body.append(html.counts(score.counts()))
    if score.metric == "detection":
        body.append(html.legend())
    lines = [_headline(score, None), _figures(score)]
    for item in sorted(score.items, key=lambda item: (item.value, item.item)):
        found = [finding for finding in score.findings if finding.item == item.item]
        if score.metric == "classification" and not found:
            continue
        picture = case.whole(item.item) if score.metric == "detection" else None
        places = [finding.region for finding in found]
        rows = "".join(
            case.row(finding, picture=places.index(finding.region) == n)
            for n, finding in enumerate(found)
        )
        body.append(html.item(item, picture, rows))
        lines.append(f"{item.item}: {item.value:.2f}")
        lines += [line for finding in found for line in case.lines(finding)]
    return Report(html.page(body), "\n".join(line for line in lines if line))


@dataclass(frozen=True)
class _Case:
    """All that turns a finding into a row."""

    guideline: Guideline
    truth: Mapping[str, TruthItem]
    answers: Mapping[str, ItemAnswer]
    image: Callable[[str], Path]

    def row(self, finding: Finding, *, picture: bool = True) -> str:
        """A finding as HTML; in a review, a place that was shown is not shown again."""
        words = sentence(finding)
        return html.finding(
            code=finding.code,
            title=name(finding.code),
            place=finding.item,
            cost=_cost(finding),
            what=words.what,
            do=words.do,
            rule=self._rule(finding),
            picture=self._crop(finding) if picture else None,
            alt=f"{words.what} Reference dashed green, your answer orange.",
        )

    def lines(self, finding: Finding) -> list[str]:
        """A finding as lines of text."""
        words, rule = sentence(finding), self._rule(finding)
        cost = f", {_cost(finding)}" if _cost(finding) else ""
        return [
            f"- {finding.code} {name(finding.code)} ({finding.item}{cost}): {words.what}",
            f"    {words.do}" + (f" [Rule {rule[0]}: {rule[1]}]" if rule else ""),
        ]

    def whole(self, item: str) -> bytes | None:
        """The picture of an item with all boxes; None where it cannot be opened."""
        try:
            return review_picture(self.truth[item], self._boxes(item), self.image(item))
        except OSError:
            return None

    def _crop(self, finding: Finding) -> bytes | None:
        try:
            path = self.image(finding.item)
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
        except OSError:
            return None

    def _boxes(self, item: str) -> list[Box]:
        answer = self.answers.get(item)
        return [a for a in answer.annotations if isinstance(a, Box)] if answer else []

    def _rule(self, finding: Finding) -> tuple[int, str] | None:
        rule = self.guideline.rules.get(finding.rule) if finding.rule else None
        return (rule.number, rule.short) if rule else None


def _headline(score: Score, pass_mark: float | None) -> str:
    if pass_mark is None:
        return f"{METRICS[score.metric]} {score.value:.2f}"
    verdict = "passed" if score.value >= pass_mark else "not yet"
    return f"{METRICS[score.metric]} {score.value:.2f}, pass {pass_mark:.2f}: {verdict}"


def _figures(score: Score, *, brief: bool = False) -> str:
    """n, the interval and, unless `brief`, what else the metric has, in one line."""
    unit = UNITS[score.metric]
    parts = [f"{score.n} {unit}{'s' if score.n != 1 else ''}"]
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


def _attempts(attempts: tuple[int, int] | None) -> str:
    if attempts is None:
        return "review() shows every place and rule once this pool is open."
    used, there_are = attempts
    if used >= there_are:
        return f"Attempt {used} of {there_are}. review() now shows every place and rule."
    return (
        f"Attempt {used} of {there_are}; the best one counts. "
        "review() shows every place and rule when they are used."
    )

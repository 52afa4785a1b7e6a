"""The report of a check and the review of a finished exercise, as HTML and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from labelschool.course import Guideline
from labelschool.model import Annotation, Item, ItemAnswer, Truth
from labelschool.scoring.score import Finding, Score
from labelschool.scoring.taxonomy import TAXONOMY

from . import adverts, headline, html, numbers, showing
from .answer_words import Passage, kind
from .drawing import Unreadable
from .metrics import METRICS
from .words import name, sentence

if TYPE_CHECKING:
    from labelschool.scoring.requirements import Share

SHOWN = 8
"""Findings shown in full; what is worth more comes first, the rest is counted."""

NOTES_SHOWN = 3
"""Notes shown below the findings at least; without findings, as many as `SHOWN`."""


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
    truth: Sequence[Truth],
    answers: Mapping[str, ItemAnswer],
    items: Sequence[Item],
    pass_mark: float | None,
    counted: bool,
    note: str = "",
    shares: Sequence[Share] = (),
) -> Report:
    """The report of one check.

    On a practice pool the worst findings come with a crop, the rule that decided and what to do.
    On a `counted` pool it holds the score and the counts per code alone: no crop, no place, no
    rule. `items` are those of the whole pool in the annotator's order. `note` is said below the
    counts: what became of the attempt, what is not answered yet. Without `pass_mark` there is no
    verdict. Only an exercise without rules, a form, comes without a `guideline`. `shares` are
    of the learner's own tags on a counted pool and stand below all.
    """
    body, lines = _head(score, pass_mark, brief=counted)
    body.append(html.counts(score.counts()))
    lines += [
        f"  {code:<4}{name(code)}: {n}. {TAXONOMY[code].sentence}"
        for code, n in score.counts().items()
    ]
    told_as = METRICS[score.metric]
    if score.findings and told_as.counted_as:
        body.append(html.note(told_as.counted_as))
        lines.append(told_as.counted_as)
    if note:
        body.append(html.note(note))
        lines.append(note)
    if not counted and score.metric == "numbers":
        shown, told = numbers.told(score, truth=truth, answers=answers, items=items)
        body += shown
        lines += told
    elif not counted:
        case = _Case.of(guideline, truth, answers, items)
        for empty in case.left_empty(score):
            body.append(html.note(empty))
            lines.append(empty)
        errors, notes = _parted(_findings(score))
        shown = errors[:SHOWN]
        hints = notes[: max(SHOWN - len(shown), NOTES_SHOWN)]
        if shown + hints and told_as.drawn:
            body.append(html.legend(*told_as.legend))
        for findings, left, closing in (
            (shown, len(errors) - len(shown), ". Mend these and check again."),
            (hints, len(notes) - len(hints), " of this kind."),
        ):
            if findings and findings[0].note:
                body.append(html.note(_forgiven(notes)))
                lines.append(_forgiven(notes))
            for finding, words in case.told(findings):
                body.append(case.row(finding, words))
                lines += case.lines(finding, words)
            if left:
                body.append(html.note(f"And {left} more{closing}"))
                lines.append(f"And {left} more{closing}")
        if not score.findings:
            spotless = told_as.spotless.format(n=score.n, unit=told_as.unit)
            body.append(html.note(spotless))
            lines.append(spotless)
    if counted and shares:
        rows = adverts.share_rows(shares)
        body += [html.note(adverts.INVENTED), html.table(rows)]
        lines += [adverts.INVENTED, *(", ".join(row) for row in rows)]
    return Report(html.page(body), "\n".join(line for line in lines if line))


def review(
    score: Score,
    *,
    guideline: Guideline | None,
    truth: Sequence[Truth],
    answers: Mapping[str, ItemAnswer],
    items: Sequence[Item],
    classes: Sequence[str],
    note: str = "",
) -> Report:
    """Every finding of every item, worst item first, with the answer drawn over the reference.

    `items` and `note` are as in `report`; in a whole picture, the reference shows `classes` alone.
    """
    case = _Case.of(guideline, truth, answers, items)
    body, lines = _head(score, None)
    body.append(html.counts(score.counts()))
    body += [html.note(note)] if note else []
    if METRICS[score.metric].drawn:
        body.append(html.legend(*METRICS[score.metric].legend))
    lines.append(note)
    if score.metric == "numbers":
        shown, told = numbers.told(score, truth=truth, answers=answers, items=items, solved=True)
        return Report(html.page(body + shown), "\n".join([line for line in lines if line] + told))
    for item in sorted(score.items, key=lambda item: (item.value, case.rank(item.item))):
        found = [finding for finding in _findings(score) if finding.item == item.item]
        if score.metric != "detection" and not found:
            continue
        picture = case.whole(item.item, classes)
        lines.append(f"{case.place(item.item)}: {item.value:.2f}")
        regions, rows = [finding.region for finding in found], []
        if passage := case.passage(item.item):
            rows.append(html.text(passage))
            lines.append(f"  {passage}")
        errors, notes = _parted(found)
        for n, (finding, words) in enumerate(case.told(found)):
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
    truth: Mapping[str, Truth]
    answers: Mapping[str, ItemAnswer]
    items: Mapping[str, Item]
    places: Mapping[str, int]

    @classmethod
    def of(
        cls,
        guideline: Guideline,
        truth: Sequence[Truth],
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

    def left_empty(self, score: Score) -> Iterator[str]:
        """The pictures that are marked done without a box although they hold something."""
        for item in sorted(score.items, key=lambda item: self.rank(item.item)):
            answer = self.answers.get(item.item)
            empty = answer and answer.done and not answer.annotations
            if score.metric == "detection" and item.missed and empty:
                place = self.place(item.item).capitalize()
                yield f"{place}: you marked it done without a box; it holds {item.n}."

    def told(self, findings: Iterable[Finding]) -> Iterator[tuple[Finding, _Told]]:
        """The findings with their words; in a row of one code and rule, none is said twice."""
        run: object = None
        said: set[object] = set()
        for finding in findings:
            words, rule = sentence(finding), self._rule(finding)
            if run != (finding.code, finding.rule, finding.note):
                run, said = (finding.code, finding.rule, finding.note), set()
            cited = (rule[0], "as above.") if rule in said and rule else rule
            yield finding, _Told(words.what, "" if words.do in said else words.do, cited)
            said |= {words.do, rule}

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
            rule=words.rule,
            picture=self._crop(finding) if picture else None,
            alt=f"{words.what} Reference dashed green, your answer orange.",
        )

    def lines(self, finding: Finding, words: _Told) -> list[str]:
        """A finding as lines of text."""
        cost = f", {_cost(finding)}" if _cost(finding) else ""
        where = f"{self.place(finding.item)}{cost}"
        advice = [words.do, "[Rule {}: {}]".format(*words.rule) if words.rule else ""]
        advice = [part for part in advice if part]
        return [
            f"- {finding.code} {name(finding.code)} ({where}): {words.what}",
            *(["    " + " ".join(advice)] if advice else []),
        ]

    def passage(self, item: str) -> Passage | None:
        """The text of an item with the words that decide; None where it has none."""
        return showing.passage(self.truth[item], self.items[item], self._made(item))

    def whole(self, item: str, classes: Sequence[str]) -> bytes | None:
        """The picture of an item, the reference of `classes` alone; None where there is none."""
        try:
            return showing.whole(self.truth[item], self.items[item], self._made(item), classes)
        except Unreadable:
            return None

    def _crop(self, finding: Finding) -> bytes | None:
        item = finding.item
        try:
            return showing.crop(self.truth[item], self.items[item], self._made(item), finding)
        except Unreadable:
            return None

    def _made(self, item: str) -> Sequence[Annotation]:
        answer = self.answers.get(item)
        return answer.annotations if answer else ()

    def _rule(self, finding: Finding) -> tuple[int, str] | None:
        rule = self.guideline.rules.get(finding.rule) if finding.rule else None
        said = _about(rule.short, finding) if rule else ""
        return (rule.number, said) if said else None


class _Told(NamedTuple):
    """The words of a finding that are said: advice only where it is new, and the rule."""

    what: str
    do: str
    rule: tuple[int, str] | None


def _about(short: str, finding: Finding) -> str:
    """A rule, and of several sentences about classes those that name one of the two mixed up."""
    sentences = re.split(r"(?<=\.) ", short)
    if finding.code != "E8" or "kind" in finding.details or len(sentences) == 1:
        return short
    given = finding.details["given"]
    classes = {*([given] if isinstance(given, str) else given), *finding.details["expected"]}
    named = re.compile(rf"\b({'|'.join(map(re.escape, sorted(classes)))})s?\b", re.IGNORECASE)
    return " ".join(said for said in sentences if named.search(said))


def _findings(score: Score) -> Sequence[Finding]:
    """The findings; at a score of 0 without costs, which would add up to more than all of it."""
    return score.findings if score.value else [replace(f, cost=0.0) for f in score.findings]


def _parted(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Errors and notes."""
    return [f for f in findings if not f.note], [f for f in findings if f.note]


def _forgiven(notes: Sequence[Finding]) -> str:
    """The line above the notes."""
    lost = "Next to no points lost" if any(_cost(note) for note in notes) else "No points lost"
    return f"{lost}, but these sides are not where the rules put them:"


def _head(
    score: Score, pass_mark: float | None, *, brief: bool = False
) -> tuple[list[str], list[str]]:
    """The score, as HTML and as lines; of a rescaled one the figures are folded."""
    figures, made = headline.figures(score, brief=brief), headline.made_of(score)
    value, metric = headline.value(score), headline.metric(score)
    body = [html.head(score, metric, pass_mark, "" if made else figures, value=value)]
    body += [html.folded("How the score is made", [made, figures])] if made else []
    lines = [headline.line(score, pass_mark), made, figures]
    if short := headline.not_found(score, pass_mark, brief=brief):
        body.append(html.note(short))
        lines.append(short)
    return body, lines


def _cost(finding: Finding) -> str:
    """What a finding took from the score; empty when that rounds to nothing."""
    return f"costs {finding.cost:.3f}" if finding.cost >= 0.0005 else ""

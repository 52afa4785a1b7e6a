"""Spans in texts: exact and partial F1 of what is marked, and the entity findings of guideline G6.

    q = 0.6 exact + 0.4 Jaccard,    score = 2 sum of q / (spans of the truth + spans marked)

The sum runs over a one-to-one assignment of marked to true spans whose label is the truth's or one
it accepts. A pair is exact where both ends are equal; its Jaccard index is that of the tokens
covered. So the score is 0.6 exact F1 + 0.4 partial F1, counted over the whole pool.

A nested span counts as one span like any other. Its layer follows from the span around it, so it is
not compared: who misses the outer span has lost that one, not both. A span of severity ``neutral``
is a matter of taste: it is not looked for, and marking it costs nothing.

The score is rescaled by the best blind strategy, which marks every run of capitals as the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from labelschool.model import Span, TextTruth, TruthSpan

from .matching import assign
from .score import (
    Finding,
    ItemScore,
    Score,
    bootstrap_weights,
    cost_scale,
    percentile_interval,
    rescale,
    worst_first,
)

EXACT, PARTIAL = 0.6, 0.4

Texts = Mapping[str, Mapping[str | None, str]]
"""Item -> field of its card, None where it is one text -> the text."""

Told = tuple[str, int | None, dict[str, Any]]
"""Code, rule and details of a finding."""

TOKEN = re.compile(r"['’]s\b|[\w\u0300-\u036f]+|[^\w\s]")
"""A word with its combining accents, a possessive or a sign."""

CAPITALS = re.compile(r"[A-Z][\w\u0300-\u036f]*(?:\s+[A-Z][\w\u0300-\u036f]*)*")

# Matching ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """A true span with what was marked for it: the tokens' Jaccard index, and what it is worth.

    A pair of quality 0 has the wrong label and is there for the diagnosis alone.
    """

    truth: TruthSpan
    made: Span
    jaccard: float
    quality: float


@dataclass(frozen=True, slots=True)
class Matched:
    """One item: its pairs, true spans without one, and marked spans without one."""

    item: TextTruth
    pairs: tuple[Pair, ...]
    missed: tuple[TruthSpan, ...]
    extra: tuple[Span, ...]

    @property
    def quality(self) -> float:
        return sum(pair.quality for pair in self.pairs)

    @property
    def there(self) -> int:
        return len(self.pairs) + len(self.missed)

    @property
    def size(self) -> int:
        """Spans of the truth and spans marked."""
        return 2 * len(self.pairs) + len(self.missed) + len(self.extra)

    @property
    def score(self) -> ItemScore:
        right = sum(pair.quality == 1 for pair in self.pairs)
        value = 2 * self.quality / self.size if self.size else 1.0
        return ItemScore(
            item=self.item.item,
            value=value,
            n=self.there,
            right=right,
            extra=len(self.extra) + sum(pair.quality == 0 for pair in self.pairs),
            missed=len(self.missed),
        )


def match(item: TextTruth, made: Sequence[Span], texts: Mapping[str | None, str]) -> Matched:
    """The assignment of highest quality; what is left is paired by its words, for diagnosis.

    Marked spans that lie beyond their text are left as extra; those on a matter of taste that fit
    nothing else are left out.
    """
    wanted = [span for span in item.spans if span.severity != "neutral"]
    made = sorted(made, key=lambda span: (span.field or "", span.start, span.end, span.label))
    near = np.array([[_jaccard(t, m, texts) for m in made] for t in wanted])
    near = near.reshape(len(wanted), len(made))
    worth = np.array([[_quality(t, m, near[i, j]) for j, m in enumerate(made)]
                      for i, t in enumerate(wanted)]).reshape(near.shape)  # fmt: skip
    found = assign(worth, worth > 0)
    rows, columns = {row for row, _ in found}, {column for _, column in found}
    open_ = near > 0
    open_[list(rows), :] = False
    open_[:, list(columns)] = False
    found += assign(near, open_)
    rows, columns = {row for row, _ in found}, {column for _, column in found}
    taste = [span for span in item.spans if span.severity == "neutral"]
    return Matched(
        item,
        tuple(Pair(wanted[i], made[j], near[i, j], worth[i, j]) for i, j in sorted(found)),
        tuple(span for i, span in enumerate(wanted) if i not in rows),
        tuple(
            span
            for j, span in enumerate(made)
            if j not in columns and not any(_jaccard(t, span, texts) for t in taste)
        ),
    )


def f1(matched: Sequence[Matched]) -> float:
    """The score of the module's head over some items; 0 where nothing is there or marked."""
    size = sum(one.size for one in matched)
    return 2 * sum(one.quality for one in matched) / size if size else 0.0


def accepted(truth: TruthSpan) -> tuple[str, ...]:
    """The labels that are right, the truth's first."""
    return (truth.label, *truth.accepted)


def covered(text: str, start: int, end: int) -> frozenset[int]:
    """The numbers of the tokens of which a stretch of text covers at least a part."""
    return frozenset(n for n, (a, b) in enumerate(_tokens(text)) if a < end and start < b)


@lru_cache(maxsize=256)
def _tokens(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in TOKEN.finditer(text))


def _jaccard(truth: TruthSpan, made: Span, texts: Mapping[str | None, str]) -> float:
    if truth.field != made.field or truth.end <= made.start or made.end <= truth.start:
        return 0.0
    text = texts[truth.field]
    a, b = (covered(text, span.start, span.end) for span in (truth, made))
    return len(a & b) / len(a | b)


def _quality(truth: TruthSpan, made: Span, jaccard: float) -> float:
    if made.label not in accepted(truth):
        return 0.0
    exact = (truth.start, truth.end) == (made.start, made.end) and jaccard > 0
    return EXACT * exact + PARTIAL * jaccard


# The score --------------------------------------------------------------------------------------


def score_spans(
    truth: Sequence[TextTruth], answers: Mapping[str, Sequence[Span]], *, texts: Texts
) -> Score:
    """Score the entities marked in a pool; a missing item counts as not marked at all.

    `Score.n` counts true spans; `recall` and `precision` are those of exact spans. Raises
    ValueError where the truth holds no span, KeyError for an item without its text.
    """
    pool = sorted(truth, key=lambda item: item.item)
    if not any(item.spans for item in pool):
        raise ValueError("the pool holds no span, so it cannot be scored")
    matched = [match(item, answers.get(item.item, ()), texts[item.item]) for item in pool]
    raw, blind = f1(matched), best_blind(pool, texts)
    found = findings(matched, entity, texts, cost_scale(blind))
    exact = sum(one.score.right for one in matched)
    there = sum(one.there for one in matched)
    marked = sum(one.size for one in matched) - there
    return Score(
        metric="spans",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=there,
        interval=interval(matched, blind),
        items=tuple(one.score for one in matched),
        findings=worst_first(found),
        recall=exact / there,
        precision=exact / marked if marked else None,
    )


def interval(matched: Sequence[Matched], blind: float = 0.0) -> tuple[float, float] | None:
    """Percentile bootstrap over items: the spans of one text hang together."""
    if len(matched) < 2:
        return None
    quality, size = (bootstrap_weights(len(matched)) @ [(m.quality, m.size) for m in matched]).T
    values = np.divide(2 * quality, size, out=np.zeros(len(size)), where=size > 0)
    return percentile_interval(values, blind)


def best_blind(pool: Sequence[TextTruth], texts: Texts) -> float:
    """Every run of capitalised words, marked as the most frequent label that capitals can have."""
    labels = Counter(
        span.label
        for item in pool
        for span in item.spans
        if CAPITALS.match(texts[item.item][span.field][span.start :])
    )
    label = min(labels, key=lambda label: (-labels[label], label), default="")
    guess = {
        item.item: [
            Span(id=f"{n}", label=label, start=run.start(), end=run.end(), field=field)
            for field, text in texts[item.item].items()
            for n, run in enumerate(CAPITALS.finditer(text))
        ]
        for item in pool
    }
    return f1([match(item, guess[item.item], texts[item.item]) for item in pool])


# Findings ---------------------------------------------------------------------------------------

PERSON, ORGANISATION, PLACE, STANDING_FOR, PRODUCT, DATE, EDGES, NESTED, _, ONCE = range(1, 11)
RULES = {"PER": PERSON, "ORG": ORGANISATION, "LOC": PLACE, "PRODUCT": PRODUCT, "DATE": DATE}
"""The rule of guideline G6 for each label; the others above."""

CONTEXT = 40
POSSESSIVE = re.compile(r"['’]s?$")
SIGNS = re.compile(r"[\W_]+")


def findings(
    matched: Sequence[Matched],
    told: Callable[[TruthSpan | None, Span | None, Matched, Mapping], Told],
    texts: Texts,
    scale: float,
) -> list[Finding]:
    """What is not exact, each with the score that putting it right would bring.

    `told` names code, rule and details for a true span, a marked one, or both.
    """
    total, size = sum(one.quality for one in matched), sum(one.size for one in matched)
    raw = 2 * total / size if size else 0.0
    found = []

    def tell(one: Matched, there: TruthSpan | None, made: Span | None, mended: float) -> None:
        text = texts[one.item.item]
        code, rule, details = told(there, made, one, text)
        spans = [span for span in (there, made) if span]
        at = {
            "context": around(text.get(spans[0].field, ""), spans),
            "field": spans[0].field,
            "reference": (there,) if there else (),
            "answer": (made,) if made else (),
        }
        cost = max(mended - raw, 0.0) * scale
        ids = (made.id,) if made else ()
        found.append(Finding(code, one.item.item, cost, None, ids, rule=rule, details=details | at))

    for one in matched:
        for pair in one.pairs:
            if pair.quality < 1:
                tell(one, pair.truth, pair.made, 2 * (total + 1 - pair.quality) / size)
        for span in one.missed:
            tell(one, span, None, 2 * (total + 1) / (size + 1))
        for span in one.extra:
            tell(one, None, span, 2 * total / (size - 1) if size > 1 else raw)
    return found


def around(text: str, spans: Sequence[Span | TruthSpan]) -> str:
    """The words around a place, about `CONTEXT` code points on either side."""
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    before, after = text[:start], text[end:]
    if len(before) > CONTEXT:
        before = "…" + before[-CONTEXT:].partition(" ")[2]
    if len(after) > CONTEXT:
        after = after[:CONTEXT].rpartition(" ")[0] + "…"
    return before + text[start:end] + after


def entity(
    there: TruthSpan | None, made: Span | None, one: Matched, texts: Mapping[str | None, str]
) -> Told:
    """What is wrong with one entity under guideline G6."""
    if made is None:
        rule = NESTED if there.layer == 2 else RULES.get(there.label)
        kind = "nested_missed" if there.layer == 2 else "span_missed"
        return "E1", rule, {"kind": kind, "label": there.label, "words": there.text}
    said = texts.get(made.field, "")[made.start : made.end]
    details = {"said": said, "given": made.label}
    if there is None:
        if twin := marked_again(made, one, texts):
            return "E3", ONCE, {"kind": "span_again", "words": twin.text, **details}
        return "E2", RULES.get(made.label), {"kind": "span_invented", **details}
    details |= {"words": there.text, "expected": accepted(there)}
    if made.label not in accepted(there):
        kind, rule = _taken_for(there, made)
        return "E8", rule, {"kind": kind, **details}
    kind, rule = _bounds(there, made, texts[there.field])
    more, less = _ends(there, made, texts[there.field])
    return "E13", rule, {"kind": kind, "more": more, "less": less, **details}


def marked_again(
    made: Span, one: Matched, texts: Mapping[str | None, str], least: float = 0.5
) -> TruthSpan | None:
    """The true span that has its pair already and that this one marks a second time.

    Their tokens' Jaccard index is above 0 and at least `least`.
    """
    overlaps = [(_jaccard(pair.truth, made, texts), pair.truth) for pair in one.pairs]
    jaccard, truth = max(overlaps, key=lambda found: found[0], default=(0.0, None))
    return truth if jaccard >= least and jaccard > 0 else None


def _taken_for(there: TruthSpan, made: Span) -> tuple[str, int | None]:
    """The kind of a wrong label, and the rule that decides it."""
    labels = (there.label, made.label)
    if labels == ("ORG", "LOC") and "metonymy" in there.edge_cases:
        return "team_as_place", STANDING_FOR
    if labels == ("LOC", "ORG"):
        return "place_as_team", PLACE
    if set(labels) == {"ORG", "PRODUCT"}:
        return "firm_or_goods", RULES[there.label]
    return "span_label", RULES.get(there.label)


def _bounds(there: TruthSpan, made: Span, text: str) -> tuple[str, int | None]:
    """The kind of a wrong boundary, and the rule that decides it."""
    before, after = text[made.start : there.start], text[there.end : made.end]
    if before.strip() and there.label == "PER":
        return "title", PERSON
    if POSSESSIVE.match(after):
        return "possessive", EDGES
    if before + after and not SIGNS.sub("", before + after):
        return "signs", EDGES
    if before.strip().lower() == "the":
        return "article", RULES.get(there.label)
    if before.strip() and there.label == "DATE":
        return "preposition", DATE
    if made.end < there.end and there.label == "ORG":
        return "legal_form", ORGANISATION
    return "bounds", RULES.get(there.label)


def _ends(there: TruthSpan, made: Span, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words too many and the words that are missing, at either end."""
    more = (text[made.start : there.start], text[there.end : made.end])
    less = (text[there.start : made.start], text[made.end : there.end])
    return tuple(filter(None, map(str.strip, more))), tuple(filter(None, map(str.strip, less)))

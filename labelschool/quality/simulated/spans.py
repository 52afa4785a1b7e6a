"""Simulated annotators of spans in texts and on cards.

A span is overlooked with logit -3 + miss, and + 1 if it is nested. With probability `bias` it takes
in the neighbouring word at one end (a title, a possessive, a comma); with probability `error` it
loses or gains a word. A label is taken for its neighbour with probability `confusion` where the
meaning decides (`MEANING_CASES`, such as metonymy), elsewhere with a fifth of that.
Matters of taste, which are no errors, are
marked with the same probability. A slip gives the other layer, or the other severity where one is
asked. `invented` is the
probability of a span on a word that is none, for each text. Loose: boundaries too wide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from labelschool.model import Item, Span, TextTruth, TruthSpan

from .people import Finder, Seed, active_ms, happens, neighbour, next_class, unchanged, work_pool

# fmt: off
SPAN_PROFILES: Mapping[str, Finder] = {
    #                  error, bias, confusion, slips, seconds, miss, invented
    "expert":   Finder(.010, .005, .04, .002, 5.0, -2.0, .02),
    "trained":  Finder(.030, .020, .10, .010, 6.0, -0.5, .06),
    "loose":    Finder(.060, .350, .30, .030, 5.0,  0.2, .25),
    "hasty":    Finder(.150, .080, .40, .080, 2.5,  1.5, .20),
    "confuser": Finder(.030, .020, .90, .010, 6.0, -0.5, .06),
}
# fmt: on

NEIGHBOURS: Mapping[str, Mapping[str, float]] = {
    "PER": {"ORG": 1.0},
    "ORG": {"LOC": 0.7, "PRODUCT": 0.3},
    "LOC": {"ORG": 1.0},
    "PRODUCT": {"ORG": 1.0},
    "DATE": {},
}
"""Entity -> what it is taken for, with weights."""

MEANING_CASES = frozenset({"metonymy", "product_company", "severity_borderline"})
"""Edge cases in which the same words could have another label."""

PLAIN_SHARE = 0.2
"""Confusion on all other spans, as a share of that on these."""

LAZY_SHARE = 0.4
"""A lazy annotator stops after this share of a text."""


def annotate_spans(
    truth: Sequence[TextTruth],
    profile: str,
    seed: Seed,
    *,
    items: Sequence[Item],
    labels: Sequence[str],
) -> dict[str, tuple[Span, ...]]:
    """The spans one simulated annotator marks in a pool, by item.

    `items` hold the texts or cards of the truth by name. An entity is taken for one of its
    `NEIGHBOURS`, any other label for the next of `labels`. ``spammer`` marks one to five random
    words, ``lazy`` only outer spans in the first part of a text. Raises KeyError for a profile that
    does not exist and for a truth without its item.
    """
    by_name = {item.name: item for item in items}
    neighbours = next_class(labels) | NEIGHBOURS

    def draw(item: TextTruth, person: Finder, rng: np.random.Generator) -> Iterator[Span]:
        shown = by_name[item.item]
        for number, span in enumerate(item.spans):
            taste = span.severity == "neutral" and rng.random() >= person.confusion
            if taste or happens(-3 + person.miss + (span.layer == 2), rng):
                continue
            trap = PLAIN_SHARE if MEANING_CASES.isdisjoint(span.edge_cases) else 1.0
            start, end = _ends(span, _text(shown, span.field), person, rng)
            yield Span(
                id=f"s{number}",
                label=neighbour(span.label, person.confusion * trap, neighbours, labels, rng),
                start=start,
                end=end,
                field=span.field,
                ms=active_ms(person.seconds, rng),
                **_attributes(span, person, rng),
            )
        if rng.random() < person.invented:
            yield _random_span("x0", shown, labels, person.seconds, rng)

    def spam(item: TextTruth, rng: np.random.Generator) -> Iterator[Span]:
        for number in range(int(rng.integers(1, 6))):
            yield _random_span(f"s{number}", by_name[item.item], labels, 0.8, rng)

    def lazy(item: TextTruth, rng: np.random.Generator) -> Iterator[Span]:
        shown = by_name[item.item]
        for number, span in enumerate(item.spans):
            if span.layer == 1 and span.end <= LAZY_SHARE * len(_text(shown, span.field)):
                yield Span(
                    id=f"s{number}",
                    label=span.label,
                    start=span.start,
                    end=span.end,
                    field=span.field,
                    ms=active_ms(3.0, rng),
                )

    return work_pool(
        truth,
        profile,
        seed,
        people=SPAN_PROFILES,
        draw=draw,
        spam=spam,
        lazy=lazy,
        nudge=unchanged,
    )


def _ends(span: TruthSpan, text: str, person: Finder, rng: np.random.Generator) -> tuple[int, int]:
    """Where a person starts and ends the span, in code points."""
    start, end = span.start, span.end
    if rng.random() < person.bias:
        start, end = _wider(start, end, text, rng)
    if rng.random() < person.error:
        words = [match.start() + start for match in re.finditer(r"\w+", text[start:end])]
        if len(words) > 1:
            cut = rng.random() < 0.5
            return (words[1], end) if cut else (start, len(text[: words[-1]].rstrip()))
        return _wider(start, end, text, rng)
    return start, end


def _wider(start: int, end: int, text: str, rng: np.random.Generator) -> tuple[int, int]:
    """The span with the word or sign before or after it; unchanged if it is the whole text."""
    before = re.search(r"(\w+|[^\w\s])\s*$", text[:start])
    after = re.match(r"\s*(\w+|[^\w\s]\w*)", text[end:])
    if before and (after is None or rng.random() < 0.5):
        return before.start(), end
    return start, end + (after.end() if after else 0)


def _attributes(span: TruthSpan, person: Finder, rng: np.random.Generator) -> dict[str, object]:
    """Layer and severity; who marks matters of taste at all calls them minor."""
    slipped = rng.random() < person.slips
    if span.severity is None:
        return {"layer": 3 - span.layer if slipped else span.layer}
    severity = "major" if span.severity == "major" else "minor"
    other = {"major": "minor", "minor": "major"}[severity]
    return {"layer": span.layer, "severity": other if slipped else severity}


def _random_span(
    span_id: str, item: Item, labels: Sequence[str], seconds: float, rng: np.random.Generator
) -> Span:
    """A span on any word."""
    fields = sorted(item.fields) if item.fields else [None]
    field = fields[rng.integers(len(fields))]
    words = list(re.finditer(r"\w+", _text(item, field)))
    word = words[rng.integers(len(words))]
    return Span(
        id=span_id,
        label=str(rng.choice(list(labels))),
        start=word.start(),
        end=word.end(),
        field=field,
        ms=active_ms(seconds, rng),
    )


def _text(item: Item, field: str | None) -> str:
    return item.text if field is None else item.fields[field]

"""Error spans with severity, in the manner of MQM (Freitag et al. 2021), under guideline G9.

A draft costs 1 point for each minor error marked and 5 for each major one, at most 25; a text that
is useless as a whole costs 25. Two measures are taken: the span F1 of `labelschool.scoring.spans`,
whose partial credit forgives what readers bound differently, and the share of drafts whose points
lie within 3 of the key's. The score is the mean of both, and a pass needs both. It is rescaled by
the best guess for either: capitals marked as one kind, and one number of points for every draft.

Spans of severity ``neutral`` are taste: neither looked for nor charged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from labelschool.model import Span, TextTruth, TruthSpan

from .score import (
    Finding,
    Part,
    Score,
    bootstrap_weights,
    cost_scale,
    percentile_interval,
    rescale,
    worst_first,
)
from .spans import Matched, Pair, Texts, Told, accepted, best_blind, f1, findings, marked_again
from .spans import match as match_spans

POINTS = {"minor": 1, "major": 5, "neutral": 0}
"""What an error costs; a span without a severity costs as a minor one."""
USELESS, USELESS_POINTS = "non_translation", 25
WITHIN = 3
F1_TO_PASS, SHARE_TO_PASS = 0.60, 12 / 18

SMALLEST, ONE_ERROR, MAJOR, MINOR, TASTE, AT_MOST, WHOLE, KINDS = range(1, 9)
"""The rules of guideline G9."""
SEVERITY_RULES = {"major": MAJOR, "minor": MINOR, "neutral": TASTE}


def points(spans: Iterable[Span | TruthSpan]) -> int:
    """The MQM points of one draft, 0 to 25."""
    spans = list(spans)
    if any(span.label == USELESS for span in spans):
        return USELESS_POINTS
    return min(sum(POINTS[span.severity or "minor"] for span in spans), USELESS_POINTS)


def score_error_spans(
    truth: Sequence[TextTruth], answers: Mapping[str, Sequence[Span]], *, texts: Texts
) -> Score:
    """Score the errors marked in a pool of drafts; a missing draft counts as not marked at all.

    `Score.n` counts errors. Raises ValueError where the truth holds no error to find.
    """
    pool = sorted(truth, key=lambda item: item.item)
    if not any(points(item.spans) for item in pool):
        raise ValueError("the pool holds no error, so it cannot be scored")
    matched = [match_spans(item, answers.get(item.item, ()), texts[item.item]) for item in pool]
    key = [points(item.spans) for item in pool]
    near = [
        item.item in answers and abs(charged(one) - right) <= WITHIN
        for item, one, right in zip(pool, matched, key, strict=True)
    ]
    share, span_f1 = sum(near) / len(pool), f1(matched)
    raw, blind = (span_f1 + share) / 2, (best_blind(pool, texts) + _best_number(key)) / 2
    half = cost_scale(blind) / 2
    found = findings(matched, _error, texts, half)
    found += _severities(matched, key, half / len(pool))
    return Score(
        metric="error_spans",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=sum(one.there for one in matched),
        interval=_interval(matched, near, blind),
        items=tuple(one.score for one in matched),
        findings=worst_first(found),
        parts=(
            Part("span F1", span_f1, F1_TO_PASS),
            Part(f"drafts within {WITHIN} points", share, SHARE_TO_PASS),
        ),
    )


def charged(one: Matched) -> int:
    """The points of a draft as it was marked, without what lies on a matter of taste."""
    return points([*(pair.made for pair in one.pairs), *one.extra])


def _best_number(key: Sequence[int]) -> float:
    """The share of drafts that one number of points for all of them comes near enough to."""
    tried = range(USELESS_POINTS + 1)
    return max(sum(abs(number - right) <= WITHIN for right in key) for number in tried) / len(key)


def _interval(
    matched: Sequence[Matched], near: Sequence[bool], blind: float
) -> tuple[float, float] | None:
    """Percentile bootstrap over drafts."""
    if len(matched) < 2:
        return None
    table = [(one.quality, one.size, close) for one, close in zip(matched, near, strict=True)]
    quality, size, close = (bootstrap_weights(len(matched)) @ table).T
    span_f1 = np.divide(2 * quality, size, out=np.zeros(len(size)), where=size > 0)
    return percentile_interval((span_f1 + close / len(matched)) / 2, blind)


# Findings ---------------------------------------------------------------------------------------


def _error(
    there: TruthSpan | None, made: Span | None, one: Matched, texts: Mapping[str | None, str]
) -> Told:
    """What is wrong with one error span under guideline G9."""
    if made is None:
        rule = WHOLE if there.label == USELESS else SEVERITY_RULES[there.severity]
        details = {"label": there.label, "severity": there.severity, "words": there.text}
        return "E1", rule, {"kind": "error_missed", **details}
    said = texts.get(made.field, "")[made.start : made.end]
    details = {"said": said, "given": made.label}
    if there is None:
        if twin := marked_again(made, one, texts, least=0.0) or _comes_back(said, one):
            return "E3", ONE_ERROR, {"kind": "error_again", "words": twin.text, **details}
        rule = TASTE if made.label == "style" else SMALLEST
        return "E2", rule, {"kind": "error_invented", **details}
    details |= {"words": there.text, "expected": accepted(there)}
    if made.label not in accepted(there):
        return "E8", KINDS, {"kind": "error_kind", **details}
    return "E13", SMALLEST, {"kind": "error_bounds", **details}


def _comes_back(said: str, one: Matched) -> TruthSpan | None:
    """The true span of the same words, which is marked where it comes first."""
    alike = (span for span in one.item.spans if span.text.casefold() == said.casefold())
    return next(alike, None)


def _severities(matched: Sequence[Matched], key: Sequence[int], gain: float) -> list[Finding]:
    """Errors found and weighed otherwise; each costs where it alone takes a draft out of reach."""
    found = []
    for one, right in zip(matched, key, strict=True):
        for pair in one.pairs:
            made = pair.made.severity or "minor"
            if not pair.quality or made == pair.truth.severity:
                continue
            mended = abs(charged(_weighed(one, pair)) - right) <= WITHIN
            far = abs(charged(one) - right) > WITHIN
            details = {
                "kind": "style_major"
                if (pair.made.label, made) == ("style", "major")
                else "severity",
                "given": made,
                "expected": pair.truth.severity,
                "label": pair.made.label,
                "words": pair.truth.text,
                "field": pair.truth.field,
                "reference": (pair.truth,),
                "answer": (pair.made,),
            }
            found.append(
                Finding(
                    "E9",
                    one.item.item,
                    gain if far and mended else 0.0,
                    annotation_ids=(pair.made.id,),
                    rule=SEVERITY_RULES[pair.truth.severity],
                    details=details,
                )
            )
    return found


def _weighed(one: Matched, pair: Pair) -> Matched:
    """The draft with the severity of one pair put right."""
    made = pair.made.model_copy(update={"severity": pair.truth.severity})
    mended = tuple(replace(p, made=made) if p is pair else p for p in one.pairs)
    return replace(one, pairs=mended)

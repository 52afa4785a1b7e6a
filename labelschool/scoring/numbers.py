"""Lines of a form: the share of right numbers.

A line is right where its number lies within the tolerance of the truth, and earns its point; a
missing number earns none. No number is right on many lines, so nothing is rescaled. The lines are
sums that follow from each other and no sample of any, so the share has no interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labelschool.model import NumberTruth

from .score import ItemScore, Score


def score_numbers(truth: Sequence[NumberTruth], answers: Mapping[str, float | None]) -> Score:
    """Score the numbers given by line. Raises ValueError for a form without lines."""
    if not truth:
        raise ValueError("the form has no line, so it cannot be scored")
    lines = tuple(_line(line, answers.get(line.item)) for line in truth)
    share = sum(line.right for line in lines) / len(lines)
    return Score(
        metric="numbers",
        value=share,
        raw=share,
        blind=0.0,
        n=len(lines),
        interval=None,
        items=lines,
        findings=(),
    )


def _line(line: NumberTruth, given: float | None) -> ItemScore:
    right = given is not None and line.accepts(given)
    wrong = given is not None and not right
    return ItemScore(line.item, float(right), 1, int(right), int(wrong), int(given is None))

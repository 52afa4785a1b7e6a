"""The head of a report: the score, whether it passes and what it rests on, in words.

A score has one scale, from 0 to 1, and its pass mark stands on the same. Where blind guessing earns
so much that a score is rescaled, the metric itself and the guessing stay folded away.
"""

from __future__ import annotations

from labelschool.feedback.metrics import METRICS
from labelschool.scoring.score import BLIND_LIMIT, INTERVAL_ITEMS, RECALL_TO_PASS, Score
from labelschool.scoring.taxonomy import TAXONOMY

FROM_GUESSING = "score, where 0 is blind guessing and 1 is all right"


def value(score: Score) -> str:
    """What stands in large: ``48 of 60 right`` where answers can be counted, else ``0.72``."""
    if METRICS[score.metric].right_or_wrong:
        return f"{sum(item.right for item in score.items)} of {score.n} right"
    return f"{score.value:.2f}"


def metric(score: Score) -> str:
    """What the score is; with its value where something else stands in large."""
    name = FROM_GUESSING if _rescaled(score) else METRICS[score.metric].name
    if not METRICS[score.metric].right_or_wrong:
        return name
    first, comma, rest = name.partition(",")
    return f"{first} {score.value:.2f}{comma}{rest}"


def line(score: Score, pass_mark: float | None) -> str:
    """The head in one line of text."""
    said = metric(score)
    said = (
        f"{value(score)}, {said}"
        if METRICS[score.metric].right_or_wrong
        else f"{said} {value(score)}"
    )
    if pass_mark is None:
        return said
    verdict = "passed" if score.passes(pass_mark) else "not yet"
    return f"{said}; pass {pass_mark:.2f}: {verdict}"


def wrong(score: Score) -> str:
    """What is wrong, in a sentence that says no more than a counted check: findings by code, groups
    of calls by name, lines of a form by their number. Empty where nothing is wrong.
    """
    told = [f"{code} {TAXONOMY[code].name} {n}" for code, n in score.counts().items()]
    if score.metric == "groups":
        told = [line.item for line in score.items if not line.right]
    elif score.metric == "numbers":
        left = score.n - sum(line.right for line in score.items)
        told = [f"{left} of {score.n} lines"] if left else []
    return f"Not right: {'; '.join(told)}." if told else ""


def figures(score: Score, *, brief: bool = False) -> str:
    """n, the interval and, unless `brief`, what else the metric has, in one line."""
    told = METRICS[score.metric]
    parts = [f"{score.n} {told.unit}{'s' if score.n != 1 else ''}"]
    if score.recall is not None and not brief:
        parts.append(f"{_found(score)} found (recall {score.recall:.2f})")
    for part in score.parts:
        needed = f" (a pass needs {part.needed:.2f})" if part.needed else ""
        parts.append(f"{part.name} {part.value:.2f}{needed}")
    if score.mean_iou is not None and not brief:
        parts.append(f"mean IoU {score.mean_iou:.2f}")
    if score.told_interval is not None:
        low, high = score.told_interval
        parts.append(f"95 % interval {low:.2f} to {high:.2f}")
    elif len(score.items) < INTERVAL_ITEMS and told.sampled:
        items = "picture" if told.drawn else "item"
        plural = "s are" if len(score.items) != 1 else " is"
        parts.append(f"{len(score.items)} {items}{plural} too few for an interval")
    return ", ".join(parts)


def made_of(score: Score) -> str:
    """How a rescaled score was made; empty for any other."""
    if not _rescaled(score):
        return ""
    return (
        f"{METRICS[score.metric].name} {score.raw:.2f}, of which blind guessing alone earns "
        f"{score.blind:.2f}. The score is how far you came from there to 1."
    )


def not_found(score: Score, pass_mark: float | None, *, brief: bool = False) -> str:
    """Why a score that reaches the mark does not pass; empty where that is not so."""
    if pass_mark is None or score.value < pass_mark or score.passes(pass_mark):
        return ""
    if short := [part for part in score.parts if part.value < part.needed]:
        needs = " and ".join(f"{part.name} {part.needed:.2f}" for part in short)
        return f"The score would pass, but a pass also needs {needs}."
    said = f"The score would pass, but a pass also needs {RECALL_TO_PASS:.0%} of the objects"
    return f"{said}." if brief else f"{said}, and {_found(score)} of {score.n} are found."


def _found(score: Score) -> int:
    return round(score.recall * score.n)


def _rescaled(score: Score) -> bool:
    """Whether blind guessing earns so much that the score counts from there."""
    return BLIND_LIMIT <= score.blind < 1

"""How the score of each metric is told: one entry for each metric of `course.yml`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """The name of the number and what `unit` it counts, "s" making the plural.

    Of a ``drawn`` answer the places are shown, with a `legend` for answer and reference. Where
    answers are only ``right_or_wrong``, their count stands in large instead of the score. What is
    not ``sampled`` has no interval, because its items stand for no others. `counted_as` says what
    the counts per code mean, where they are not errors of one's own labels. `spotless` is said
    when nothing is wrong, with ``n`` units.
    """

    name: str
    unit: str
    drawn: bool = False
    right_or_wrong: bool = False
    sampled: bool = True
    counted_as: str = ""
    legend: tuple[str, str] = ("your answer", "the reference")
    spotless: str = "Nothing to mend: all {n} {unit}s are right."


METRICS = {
    "detection": Metric("DetScore", "object", drawn=True),
    "classification": Metric("macro-F1", "item", right_or_wrong=True),
    "numbers": Metric("share of right lines", "line", sampled=False),
    "exact_match": Metric("share of right answers", "answer", right_or_wrong=True),
    "set_f1": Metric("set F1", "ad"),
    "spans": Metric("0.6 exact + 0.4 partial F1", "span"),
    "error_spans": Metric("mean of span F1 and drafts within 3 points", "error"),
    "tickets": Metric("mean of macro-F1, counted from blind guessing, and kappa", "answer"),
    "preference": Metric("agreement with the panel, weighted by its margin", "pair"),
    "masks": Metric("mask score, of IoU and boundary F", "object", drawn=True),
    "triage": Metric(
        "share of the points, counted from blind guessing",
        "proposal",
        drawn=True,
        counted_as="By code: what wrong accepts let through, under E10 work that was not needed, "
        "and under E1 proposals without a decision.",
        legend=("the proposal", "the exact mask"),
        spotless="Nothing to mend: all {n} proposals are sorted as the rules say.",
    ),
    "revision": Metric(
        "mean F1 of the changed rules, counted from blind guessing",
        "change",
        drawn=True,
        sampled=False,
        counted_as="By code: changes that are asked for and not done, and changes that nothing "
        "asks for.",
    ),
    "oks": Metric(
        "mean keypoint similarity",
        "figure",
        drawn=True,
        spotless="Nothing to mend: every point of the {n} figures is in its place.",
    ),
    "hota": Metric(
        "track score",
        "object",
        drawn=True,
        sampled=False,
        spotless="Nothing to mend: {n} objects, each followed by one track.",
    ),
    "review": Metric(
        "F1 of the review",
        "error",
        drawn=True,
        counted_as="By code: errors that you passed or called otherwise, right labels that you "
        "objected to, and under E1 also right labels without a verdict.",
        legend=("the label (grey in a whole picture: it is right)", "as it should be"),
        spotless="Nothing to mend: all {n} errors are found, and no right label is touched.",
    ),
}

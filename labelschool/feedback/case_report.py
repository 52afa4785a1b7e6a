"""The report of an answer that is tried out: each case, and what is wrong with it first."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from labelschool.scoring.score import Score

from . import html
from .reports import Report

if TYPE_CHECKING:
    from labelschool.exercises.suites import Judgement


def case_report(score: Score, judged: Mapping[str, Judgement], *, pass_mark: float) -> Report:
    """The cases in their order, each with what is said of it, and its share where it is partly
    right.
    """
    right = sum(line.right for line in score.items)
    figures = f"{right} of {score.n} hidden cases are right."
    told = {name: _told(one) for name, one in judged.items()}
    if score.n > 1 and (reason := one_reason(judged)):
        told = {f"All {score.n} cases": reason}
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(words)}</td></tr>'
        for name, words in told.items()
    )
    table = f'<table class="lsr-rows lsr-cases">{rows}</table>'
    partly = any(0 < one.share < 1 for one in judged.values())
    value = f"{score.value:.2f}" if partly else f"{right} of {score.n}"
    unit = "share of the cases" if partly else "cases right"
    body = [html.head(score, unit, pass_mark, "", value=value), table]
    lines = [f"{name}: {words}" for name, words in told.items()]
    return Report(html.page(body), "\n".join([figures, *lines]))


def one_reason(judged: Mapping[str, Judgement]) -> str:
    """What is said of the only case, or of all where nothing is right; else nothing."""
    (share, said), *others = {*judged.values()}
    if others or not said or (share and len(judged) > 1):
        return ""
    return said[0].upper() + said[1:]


def _told(one: Judgement) -> str:
    share = f"{one.share:.2f} of 1: " if 0 < one.share < 1 else ""
    return f"{share}{one.said or 'right.'}"

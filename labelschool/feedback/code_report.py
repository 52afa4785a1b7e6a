"""The report of a code exercise: each group of calls, and what is wrong with it first."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from labelschool.scoring.score import Score

from . import html
from .reports import Report


def code_report(score: Score, said: Mapping[str, str], *, pass_mark: float) -> Report:
    """The groups in their order; `said` holds a sentence for each that is not right."""
    right = sum(line.right for line in score.items)
    figures = f"{right} of {score.n} groups of hidden calls are right."
    told = {name: wrong or "right." for name, wrong in said.items()}
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(words)}</td></tr>'
        for name, words in told.items()
    )
    table = f'<table class="lsr-rows">{rows}</table>'
    body = [html.head(score, "groups right", pass_mark, "", value=f"{right} of {score.n}"), table]
    lines = [f"{name}: {words}" for name, words in told.items()]
    return Report(html.page(body), "\n".join([figures, *lines]))

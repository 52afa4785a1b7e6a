"""The form of assignment 3 in which the QA plan is written: ``demo("plan")``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from labelschool.demos.frame import Frame, escape, note, words
from labelschool.errors import LabelSchoolError
from labelschool.portfolio.qa_rescue import SECTIONS, plan_page
from labelschool.widgets.form import Field, Form

COUNTED = ("accept", "agree", "gold", "sample", "drift", "cost")
"""Lines that are nothing without a number."""
MOST_WORDS = 45
"""Longest line in words: twelve of them are a page."""
HELP = {
    "accept": "“98 % right” is no criterion yet: by which metric, on how many, drawn how?",
    "sample": "What risk has a good lot of being sent back, and a bad one of passing?",
    "unknown": "A plan without this line is a promise.",
}


def plan() -> Frame:
    """Twelve lines, each kept as it is typed."""
    return Frame("demo plan", "QA plan on one page", _plan)


def _plan() -> list[widgets.Widget]:
    page, said = plan_page(), words(live=True)
    values = {name: page.read().get(name) or "" for name, _ in SECTIONS}
    form = Form(
        title="QA plan",
        fields=[
            Field(name=name, kind="textarea", label=asked, help=HELP.get(name, ""), rows=2)
            for name, asked in SECTIONS
        ],
        values=values,
        changed=lambda given: keep(given),
    )

    def keep(given: Mapping[str, Any]) -> None:
        form.notes = notes(given)
        try:
            page.keep({name: given.get(name) or "" for name, _ in SECTIONS})
        except LabelSchoolError as error:
            said.value = note(escape(error), "wrong")
        else:
            said.value = note("Kept as <code>answers/A3.f/qa-plan.md</code>.")

    form.notes = notes(values)
    return [form, said]


def notes(values: Mapping[str, Any]) -> dict[str, str]:
    """What a line that is begun lacks."""
    found = {}
    for name, _ in SECTIONS:
        text = values.get(name) or ""
        if name in COUNTED and text.strip() and not re.search(r"\d", text):
            found[name] = "No number stands here yet, so nobody can tell whether it is kept."
        elif (n := len(text.split())) > MOST_WORDS:
            found[name] = f"{n} words; cut it to {MOST_WORDS}, or the page becomes two."
    return found

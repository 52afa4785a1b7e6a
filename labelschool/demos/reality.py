"""The demos of lesson 1.7 that are kept: `reality`, what the learner will love and miss, in
order, and `stop`, the stop rule they write. Both stand in ``answers/1.7/reality.md`` beside the
notebook for people, and in ``reality.json`` for the next run.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from labelschool.demos.frame import Frame, escape, note, row, words
from labelschool.errors import LabelSchoolError
from labelschool.text_answers import Page
from labelschool.widgets.form import Field, Form

LOVE = (
    "a task that is finished when it is finished",
    "looking closely, without meetings",
    "a written rule instead of an opinion",
    "being asked what the data really shows",
    "hours that I can choose",
    "no production incident at night",
)
MISS = (
    "the salary",
    "building something of my own",
    "choosing how a problem is solved",
    "variety within a day",
    "colleagues who know what I do",
    "a title that needs no explanation",
)
RANKS = ("first", "second", "third")
SIDES = {"love": LOVE, "miss": MISS}

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th|\.)?"
_DATE = re.compile(
    rf"(?:\b{_DAY} +(?:of +)?)?\b{_MONTH}(?: +{_DAY})?,? +20\d\d\b"
    r"|\b20\d\d-\d\d(?:-\d\d)?\b|\b\d{1,2}[./]\d{1,2}[./](?:20)?\d\d\b"
    r"|\b(?:in|by|until|end of|spring|summer|autumn|winter) +20\d\d\b",
    re.IGNORECASE,
)
"""A date with its year; a year alone needs a word before it, or it would be any number."""


# Love and miss ----------------------------------------------------------------------------------


def reality() -> Frame:
    """Three things to love and three to miss, in order."""
    return Frame("demo reality", "What you will love, what you will miss", _reality)


def _reality() -> list[widgets.Widget]:
    values = page().read()
    said = words(live=True)
    lists = {
        f"{side}-{rank}": widgets.Dropdown(
            description=f"{side}, {rank}",
            options=[("choose one", ""), *((option, option) for option in options)],
            value=held if (held := values.get(f"{side}-{rank}")) in options else "",
            style={"description_width": "6.5em"},
            layout=widgets.Layout(width="345px", max_width="100%", margin="2px 16px 2px 0"),
        )
        for side, options in SIDES.items()
        for rank in RANKS
    }

    def keep(name: str, chosen: str) -> None:
        told = keep_values({name: chosen})
        again = twice({name: drop.value for name, drop in lists.items()})
        said.value = told + "".join(note(escape(sentence), "wrong") for sentence in again)

    for name, drop in lists.items():
        drop.observe(lambda change, name=name: keep(name, change["new"]), names="value")
    columns = (
        widgets.VBox([words(f"<b>What I will {side}</b>"), *(lists[f"{side}-{r}"] for r in RANKS)])
        for side in SIDES
    )
    return [row(*columns), said]


def twice(values: Mapping[str, Any]) -> list[str]:
    """A sentence for each thing that has two ranks."""
    told = []
    for side in SIDES:
        ranked = [chosen for rank in RANKS if (chosen := values.get(f"{side}-{rank}"))]
        told += [
            f"You ranked “{chosen}” twice. Give one of the ranks to something else."
            for chosen in dict.fromkeys(ranked)
            if ranked.count(chosen) > 1
        ]
    return told


# The stop rule ----------------------------------------------------------------------------------


def stop() -> Frame:
    """The learner's stop rule, with a sentence about what it lacks."""
    return Frame("demo stop", "Your stop rule", _stop)


def _stop() -> list[widgets.Widget]:
    values = page().read()
    rule = {"stop": values.get("stop") or ""}
    said = words(live=True)
    form = Form(
        title="My stop rule",
        fields=[
            Field(
                name="stop",
                kind="textarea",
                label="When I stop, and what I do then",
                help="If (what is counted) is below (a number) on (a date), I stop and (do what).",
                rows=3,
            ),
        ],
        values=rule,
        changed=lambda values: keep(values),
    )

    def keep(values: Mapping[str, Any]) -> None:
        form.notes = notes(values)
        said.value = keep_values({"stop": values.get("stop")})

    form.notes = notes(rule)
    return [form, said]


def notes(values: Mapping[str, Any]) -> dict[str, str]:
    """A sentence below a rule that needs another look."""
    lacking = stop_rule_lacks(values.get("stop") or "")
    return {"stop": f"Still missing: {', '.join(lacking)}."} if lacking else {}


def stop_rule_lacks(rule: str) -> list[str]:
    """What a stop rule needs and does not have; nothing for one that is not begun."""
    if not rule.strip():
        return []
    undated = _DATE.sub(" ", rule)
    needs = {
        "a date with its year": bool(_DATE.search(rule)),
        "a number that can be measured, in digits": bool(re.search(r"\d", undated)),
        "the word if": bool(re.search(r"\bif\b|\bunless\b|\bwhen\b", rule, re.IGNORECASE)),
    }
    return [what for what, there in needs.items() if not there]


# What is kept -----------------------------------------------------------------------------------


def page() -> Page:
    """The page of the learner's folder, which both demos fill."""
    return Page("1.7", "reality", as_text)


def keep_values(changed: Mapping[str, Any]) -> str:
    """Put changed values to those that are kept; what to say, as HTML."""
    try:
        page().keep(changed)
    except LabelSchoolError as error:
        return note(escape(error), "wrong")
    return note("Kept as <code>answers/1.7/reality.md</code>.")


def as_text(values: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    lines = ["# Reality check", ""]
    for side in SIDES:
        lines += [f"## What I will {side}", ""]
        ranked = (values.get(f"{side}-{rank}") for rank in RANKS)
        lines += [f"{n}. {chosen}" for n, chosen in enumerate(ranked, 1) if chosen]
        lines.append("")
    return "\n".join([*lines, "## My stop rule", "", (values.get("stop") or "").strip(), ""])

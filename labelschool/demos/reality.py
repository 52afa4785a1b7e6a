"""The demo `reality` of lesson 1.7: what the learner will love and miss, in order, and the stop
rule they write. It is kept beside the notebook as ``answers/1.7/reality.md`` for people and
``reality.json`` for the next run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets

from labelschool.demos.frame import Frame, escape, note, words
from labelschool.errors import LabelSchoolError
from labelschool.text_answers import TextAnswers
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
FILES = {"values": "reality.json", "text": "reality.md"}

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"(?:\d{{1,2}}\.? +{_MONTH} +|{_MONTH} +(?:\d{{1,2}},? +)?|\d{{1,2}}[./]\d{{1,2}}[./])?"
    r"\b20\d\d(?:-\d\d){0,2}",
    re.IGNORECASE,
)
"""A date with its year."""


def reality() -> Frame:
    """Three things to love, three to miss, and a stop rule, saved beside the notebook."""
    return Frame("demo reality", "What you will love, what you will miss", _reality)


def _reality() -> list[widgets.Widget]:
    files = TextAnswers("1.7", FILES)
    values = saved(files)
    said = words(live=True)
    form = Form(
        title="Love, miss, stop",
        fields=[
            *(
                Field(
                    name=f"{side}-{rank}",
                    kind="choice",
                    label=f"What I will {side}, {rank}",
                    options=options,
                )
                for side, options in SIDES.items()
                for rank in RANKS
            ),
            Field(
                name="stop",
                kind="textarea",
                label="My stop rule",
                help="If (what is counted) is below (a number) on (a date), I stop and (do what).",
                rows=4,
            ),
        ],
        values=values,
        changed=lambda values: keep(values),
    )

    def keep(values: Mapping[str, Any]) -> None:
        form.notes = notes(values)
        try:
            files.save({"values": _json(values), "text": as_text(values)}, files.read()[1])
        except LabelSchoolError as error:
            said.value = note(escape(error), "wrong")
        else:
            said.value = note(f"Kept as <code>answers/1.7/{FILES['text']}</code>.")

    form.notes = notes(values)
    return [form, said]


def saved(files: TextAnswers) -> dict[str, Any]:
    """What was kept before; nothing where it cannot be read."""
    try:
        held = json.loads(files.read()[0].get("values", b"{}"))
    except ValueError:
        return {}
    return held if isinstance(held, dict) else {}


def notes(values: Mapping[str, Any]) -> dict[str, str]:
    """A sentence for each field that needs another look."""
    found = {}
    for side in SIDES:
        seen: set[str] = set()
        for rank in RANKS:
            chosen = values.get(f"{side}-{rank}")
            if chosen in seen:
                found[f"{side}-{rank}"] = "You ranked this one higher up already."
            if chosen:
                seen.add(chosen)
    if lacking := stop_rule_lacks(values.get("stop") or ""):
        found["stop"] = f"Still missing: {', '.join(lacking)}."
    return found


def stop_rule_lacks(rule: str) -> list[str]:
    """What a stop rule needs and does not have; nothing for one that is not begun."""
    if not rule.strip():
        return []
    undated = _DATE.sub(" ", rule)
    needs = {
        "a date with its year": bool(_DATE.search(rule)),
        "a number that can be measured": bool(re.search(r"\d", undated)),
        "the word if": bool(re.search(r"\bif\b|\bunless\b|\bwhen\b", rule, re.IGNORECASE)),
    }
    return [what for what, there in needs.items() if not there]


def as_text(values: Mapping[str, Any]) -> str:
    """The page as Markdown."""
    lines = ["# Reality check", ""]
    for side in SIDES:
        lines += [f"## What I will {side}", ""]
        ranked = (values.get(f"{side}-{rank}") for rank in RANKS)
        lines += [f"{n}. {chosen}" for n, chosen in enumerate(ranked, 1) if chosen]
        lines.append("")
    return "\n".join([*lines, "## My stop rule", "", (values.get("stop") or "").strip(), ""])


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(dict(values), ensure_ascii=False, indent=1) + "\n"

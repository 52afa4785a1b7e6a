"""The planner's page: the questions, whose answers are kept, the plan and its four files.

Answers are kept in `planner.json` in the learner's home as they are typed, right or wrong, together
with the hashes of the files made from them.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from pydantic import ValidationError

from labelschool import answers
from labelschool.career import planner, roadmap
from labelschool.career.planner import LABELS, WEEKDAYS, Inputs, Plan
from labelschool.demos.frame import Frame
from labelschool.errors import LabelSchoolError
from labelschool.home import made_files, progress, results
from labelschool.home.results import TEST_OUT
from labelschool.pages.panel import Panel, Reply
from labelschool.widgets.form import Field, Form

FILE = "planner.json"
SCHEMA = "labelschool/planner/1"
FILES = {
    "roadmap.md": "text with boxes to tick",
    "roadmap.html": "page to print",
    "roadmap.ics": "calendar",
    roadmap.PICTURE: "picture",
}
"""The files of a plan and what each is."""

OPTIONS = {"days": {day: day for day in WEEKDAYS}, **LABELS}
"""The choices of each field that has any, and how they are called."""

HELP = {
    "hours_a_week": "Count what you keep up in a bad week, from 1 to 40.",
    "start": "Year, month, day, as in 2026-11-23.",
    "path": "The core path is the steps with a star on the map.",
    "savings_months": "0 if you would rather not say; it stays in your folder.",
    "country": "The course cites pay for the United States alone, and says so for others.",
}
WRONG = {
    "hours_a_week": "Give hours from 1 to 40.",
    "start": "Write the day as in 2026-11-23.",
    "days": "Tick at least one day.",
    "self_test": "Give numbers of modules and lessons, such as 1, 1.4.",
    "savings_months": "Give months from 0 to 120.",
    "country": "Write its name in letters, at most 60.",
    "language": "Write its name in letters, at most 60.",
}
"""What is said at a field whose answer makes no plan; a choice says to choose."""


# What is kept ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """The answers as they were typed, choices by their keys, and the hashes of the files made."""

    inputs: Mapping[str, Any] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)


def read(home: Path) -> Kept:
    """What is kept in a home; nothing where there is none or it cannot be read."""
    return _parse(home / FILE) or Kept()


def keep(home: Path, **changes: Mapping[str, Any]) -> None:
    """Add to the `inputs` or the `made` that are kept; what another page kept stays.

    A file that cannot be read is set aside first. Raises `NotSaved`.
    """
    path = home / FILE
    try:
        held = _parse(path)
        if held is None and path.exists():
            answers.set_aside(path)
        held = held or Kept()
        data = {
            "schema": SCHEMA,
            "inputs": {**held.inputs, **changes.get("inputs", {})},
            "made": {**held.made, **changes.get("made", {})},
        }
        answers.replace(path, json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    except OSError as error:
        raise answers.NotSaved(answers.not_saved_sentence(path, error)) from error


def _parse(path: Path) -> Kept | None:
    try:
        data = json.loads(path.read_bytes())
        inputs = {name: data["inputs"].get(name) for name in Inputs.model_fields}
        made = {name: str(data["made"].get(name, "")) for name in FILES}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Kept({name: given for name, given in inputs.items() if _plain(given)}, made)


def _plain(given: Any) -> bool:
    """Whether a field can hold it: a word, a number or a list of words."""
    if isinstance(given, list):
        return all(isinstance(one, str) for one in given)
    return isinstance(given, (str, int, float))


# Fields ------------------------------------------------------------------------------------------


def fields(measured: results.Results) -> list[Field]:
    """A field for each input, with its description as the question."""
    return [
        _field(name, about.description, measured) for name, about in Inputs.model_fields.items()
    ]


def _field(name: str, question: str, measured: results.Results) -> Field:
    described: dict[str, Any] = {"name": name, "label": question, "help": HELP.get(name, "")}
    if name in OPTIONS:
        several = isinstance(_first(name), tuple)
        kind = "multichoice" if several else "choice"
        return Field(kind=kind, options=tuple(OPTIONS[name].values()), **described)
    if name == "hours_a_week":
        return Field(kind="number", min=1, max=40, step=0.5, unit="hours", **described)
    if name == "savings_months":
        return Field(kind="number", min=0, max=120, step=0.5, unit="months", **described)
    if name == "self_test":
        described["help"] = _counted(measured)
        return Field(kind="text", placeholder="1, 1.4", **described)
    return Field(kind="text", **described)


def _counted(measured: results.Results) -> str:
    """Which test-outs need not be typed."""
    found = [
        key.removeprefix(TEST_OUT)
        for key, entry in sorted(measured.entries.items())
        if key.startswith(TEST_OUT) and "." in key and entry.best.passed
    ]
    return f"Passed in this folder and counted already: {', '.join(found) or 'none'}."


def _first(name: str) -> Any:
    """The default of an input; None for the day, which has none."""
    found = Inputs.model_fields[name]
    return None if found.is_required() else found.default


def first_inputs(today: date) -> dict[str, Any]:
    """What stands in the form before anything is kept."""
    given = {name: _first(name) for name in Inputs.model_fields}
    given = {name: list(one) if isinstance(one, tuple) else one for name, one in given.items()}
    return given | {"start": today.isoformat(), "self_test": ""}


def shown(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the form: choices by their labels."""
    return {name: _renamed(given, OPTIONS.get(name, {})) for name, given in inputs.items()}


def held(values: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs that values of the form stand for: choices by their keys."""
    keys = {name: {label: key for key, label in labels.items()} for name, labels in OPTIONS.items()}
    return {name: _renamed(given, keys.get(name, {})) for name, given in values.items()}


def _renamed(given: Any, names: Mapping[str, str]) -> Any:
    if isinstance(given, list):
        return [names.get(one, one) for one in given]
    return names.get(given, given)


def checked(inputs: Mapping[str, Any]) -> tuple[Inputs | None, dict[str, str]]:
    """The inputs of a plan, or None and a sentence for each field that makes none."""
    given = dict(inputs)
    given["self_test"] = re.findall(r"[^\s,;]+", str(given.get("self_test") or ""))
    try:
        given["start"] = date.fromisoformat(str(given.get("start") or "").strip())
    except ValueError:
        given["start"] = None
    try:
        return Inputs.model_validate(given), {}
    except ValidationError as error:
        names = [str(one["loc"][0]) for one in error.errors()]
        return None, {name: WRONG.get(name, "Choose one of these.") for name in names}


# The page ----------------------------------------------------------------------------------------


def page(home: Path) -> Frame:
    """The form, and below it the plan with its files."""
    return Frame("start.roadmap", "Planner", lambda: Page(home).parts())


class Page:
    """One showing of the planner in a notebook."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.plan: Plan | None = None
        kept = read(home)
        self.inputs = first_inputs(date.today()) | dict(kept.inputs)
        self.form = Form(
            title="Twelve questions",
            fields=fields(results.read(home)),
            values=shown(self.inputs),
            changed=self._changed,
        )
        self.form.notes = checked(self.inputs)[1]
        self.panel = Panel(
            "roadmap",
            "Your plan",
            self._draw,
            {"plan": self._make, "today": self._from_today, "file": self._hand_out},
        )

    def parts(self) -> list[widgets.Widget]:
        """What the frame shows."""
        return [self.form, self.panel]

    def _changed(self, values: Mapping[str, Any]) -> None:
        """Keep what changed, and say at each field what is wrong with it."""
        given = held(values)
        edits = {name: one for name, one in given.items() if one != self.inputs.get(name)}
        self.inputs |= edits
        notes = checked(self.inputs)[1]
        try:
            keep(self.home, inputs=edits)
        except LabelSchoolError as error:
            notes |= dict.fromkeys(edits, str(error))
        self.form.notes = notes

    def _make(self, _: str = "") -> Reply:
        """Show the plan and save its files."""
        inputs, wrong = checked(self.inputs)
        self.form.notes = wrong
        if inputs is None:
            self.plan = None
            questions = [Inputs.model_fields[name].description for name in wrong]
            return Reply(f"No plan yet. Look again at: {'; '.join(questions)}.", "bad")
        self.plan = planner.plan(inputs, progress.read(self.home), results.read(self.home))
        made = roadmap.files(self.plan)
        aside = made_files.put(self.home, made, read(self.home).made)
        keep(self.home, inputs=self.inputs, made=made_files.hashes(made))
        said = [f"Your plan is saved as {', '.join(made)} beside start-here.ipynb."]
        said += [
            f"You had changed {name}: yours is kept as {mine}." for name, mine in aside.items()
        ]
        return Reply("\n".join(said), "good")

    def _from_today(self, _: str) -> Reply:
        """The same plan, begun today, without what is done by now."""
        self.form.values = {**self.form.values, "start": date.today().isoformat()}
        return self._make()

    def _hand_out(self, name: str) -> Reply:
        if name not in FILES:
            return Reply()
        try:
            return Reply(f"{name} is in your browser's downloads.", "good", name, self._read(name))
        except OSError as error:
            raise LabelSchoolError(f"{name} is not there any more: make the plan again.") from error

    def _read(self, name: str) -> bytes:
        return (self.home / name).read_bytes()

    def _draw(self) -> str:
        return "".join(self._html())

    def _html(self) -> Iterator[str]:
        old = str(self.inputs.get("start") or "") < date.today().isoformat()
        saved = all((self.home / name).is_file() for name in FILES)
        yield "<p><button class='ls-main' data-action='plan' data-key='plan'>"
        yield f"{'Make my plan anew' if saved else 'Show my plan'}</button>"
        if saved and old:
            yield "<button data-action='today' data-key='today'>Plan again from today</button>"
        yield "</p>"
        if self.plan is not None:
            yield from plan_html(self.plan)
        elif saved:
            yield (
                "<p>A plan of yours is saved. Made anew, it leaves out what you have done since."
                "</p>"
            )
        if saved:
            yield "<p role='group' aria-label='Files of your plan'>"
            for name, what in FILES.items():
                yield (
                    f"<button data-action='file' data-value='{name}' data-key='{name}'>Download "
                    f"{name} <span class='ls-soft'>({what})</span></button>"
                )
            yield "</p>"


def plan_html(plan: Plan) -> Iterator[str]:
    """The plan as HTML for the page: picture, milestones, risks; each day folded away."""
    picture = base64.b64encode(roadmap.timeline(plan).encode()).decode()
    yield f"<h3>{roadmap.TITLE}</h3><p>{escape(roadmap.summary(plan))}</p>"
    yield (
        "<div class='ls-scroll' tabindex='0' role='group' aria-label='Timeline'>"
        f"<img class='ls-roadmap' src='data:image/svg+xml;base64,{picture}' "
        f"alt='{escape(roadmap.description(plan))}'></div>"
    )
    for section in roadmap.overview(plan):
        yield _section(section)
    yield "<details><summary>Every day, other paces, and what the plan rests on</summary>"
    for section in roadmap.schedule(plan):
        yield _section(section)
    yield "</details>"


def _section(section: roadmap.Section) -> str:
    lines = "".join(f"<li>{escape(line)}</li>" for line in section.lines)
    return f"<h4>{escape(section.title)}</h4><ul>{lines}</ul>"

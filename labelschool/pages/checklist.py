"""The action plan of the career guide as a list to tick, from `content/checklist.yml`.

A tick is the learner's word and is kept in `results.json`. What the course can see for itself, an
exercise with every picture annotated or a file saved, is done without a tick.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

from labelschool import answers, course, datasets, places
from labelschool.errors import LabelSchoolError
from labelschool.exercises.base import untouched
from labelschool.home import progress, results
from labelschool.pages.panel import Panel, Reply

FILE = "content/checklist.yml"


class Item(BaseModel):
    """One thing to do: by when, where in the course, and what shows that it is done."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    when: str
    text: str
    where: tuple[str, ...]
    answered: str | None = None
    saved: str | None = None

    @property
    def is_measured(self) -> bool:
        """Whether the course sees by itself that it is done."""
        return bool(self.answered or self.saved)


@dataclass(frozen=True)
class Line:
    """An item as one learner has it; `on` is the day of a tick."""

    item: Item
    done: bool
    on: str = ""


def items() -> tuple[Item, ...]:
    """All items in order."""
    return _items(course.root() / FILE)


def read(home: Path) -> tuple[Line, ...]:
    """The list of a learner."""
    ticks = results.read(home).ticks
    return tuple(
        Line(item, _is_seen(item, home))
        if item.is_measured
        else Line(item, item.id in ticks, ticks.get(item.id, "")[:10])
        for item in items()
    )


def tick(home: Path, item_id: str) -> bool:
    """Tick an item, or take its tick back, and return whether it is ticked now.

    Raises `LabelSchoolError` for an item that is unknown or measured, and when the disk refuses.
    """
    if item_id not in {item.id for item in items() if not item.is_measured}:
        raise LabelSchoolError(f"There is nothing to tick called {item_id!r}.")
    ticks = dict(results.read(home).ticks)
    if ticks.pop(item_id, None) is None:
        ticks[item_id] = answers.now()
    try:
        results.set_ticks(home, ticks)
    except OSError as error:
        sentence = answers.not_saved_sentence(home / results.FILE, error)
        raise LabelSchoolError(sentence) from error
    return item_id in ticks


def panel(home: Path) -> Panel:
    """The list with a box to tick for each item and links to where it is done."""

    def turn(item_id: str) -> Reply:
        return Reply("Kept in results.json." if tick(home, item_id) else "Taken back.", "good")

    return Panel("checklist", "Checklist", lambda: _page(read(home), home), {"tick": turn})


def _is_seen(item: Item, home: Path) -> bool:
    if item.saved:
        return (home / item.saved).is_file()
    return _is_answered(item.answered, home)


def _is_answered(task_id: str, home: Path) -> bool:
    """Whether every item of every pool of an exercise is annotated or marked done."""
    loaded = course.load()
    task, folder = loaded.task(task_id), home / loaded.module_of(task_id).folder
    for pool in task.pools:
        try:
            answer = answers.AnswerFile(task.id, pool, task.guideline, folder).read()
            names = [item.name for item in datasets.task_items(task, pool)]
        except LabelSchoolError:
            return False
        if untouched(answer, names):
            return False
    return True


@cache
def _items(path: Path) -> tuple[Item, ...]:
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(Item.model_validate(entry) for entry in entries)


# What is shown ----------------------------------------------------------------------------------


def _page(lines: tuple[Line, ...], home: Path) -> str:
    done = sum(line.done for line in lines)
    body = f"<h3>From the career guide: {done} of {len(lines)} done</h3>"
    for when in dict.fromkeys(line.item.when for line in lines):
        rows = "".join(_row(line, home) for line in lines if line.item.when == when)
        body += f"<h4>{escape(when)}</h4><table>{rows}</table>"
    return f"{body}<p class='ls-soft'>The course sees by itself what has a circle.</p>"


def _row(line: Line, home: Path) -> str:
    item = line.item
    links = ", ".join(_link(places.find(place), home) for place in item.where)
    day = f" <span class='ls-soft'>{line.on}</span>" if line.on else ""
    return (
        f"<tr><td class='ls-narrow'>{_box(line)}</td>"
        f"<td>{escape(item.text)}{day}<br><span class='ls-soft'>{links}</span></td></tr>"
    )


def _box(line: Line) -> str:
    item, checked = line.item, str(line.done).lower()
    if item.is_measured:
        glyph, state = ("●", "done") if line.done else ("○", "empty")
        word = "done" if line.done else "not done yet"
        about = f"class='ls-tick' role='img' data-state='{state}' aria-label='{word}'"
        return f"<span {about}>{glyph}</span>"
    return (
        f"<button class='ls-tick' role='checkbox' aria-checked='{checked}' data-action='tick' "
        f"data-value='{item.id}' data-key='{item.id}' aria-label='{escape(item.text)}'>"
        f"{'☑' if line.done else '☐'}</button>"
    )


def _link(place: places.Place, home: Path) -> str:
    if place.notebook is None:
        return f"{escape(place.name)} (coming)"
    if not progress.link_exists(home, place.notebook):
        return escape(place.name)
    href = Path(os.path.relpath(home / place.notebook, Path.cwd())).as_posix()
    return f"<a href='{escape(href)}'>{escape(place.name)}</a>"

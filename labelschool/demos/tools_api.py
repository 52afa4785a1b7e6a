"""Demo of lesson 2.9: `resume`, an import of 500 tasks that is killed and run again."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets

from labelschool.demos.frame import Frame, button, escape, note, row, svg, words
from labelschool.labs import Clock, Platform
from labelschool.labs.api import respond
from labelschool.labs.messages import Request

TASKS, BATCH = 500, 100
NONE, RANDOM, CONTENT = "no key", "a new key each time", "a key made from the tasks"
WHY = {
    NONE: "Nothing told the platform that it had seen these tasks before.",
    RANDOM: "The keys of the second run were new to the platform, so its tasks were new too.",
    CONTENT: "The second run found the keys of the first, and got the first answers again.",
}
COLUMNS, CELL, TOP = 50, 14, 22
COLOURS = {0: "#ffffff", 1: "#2f6fb5", 2: "#d55e00"}
"""A task that is missing, there once, and there more than once."""


class Killed(Exception):
    """The process ended: what it sent is done, what it knew is gone."""


@dataclass
class Importer:
    """A client that imports 500 tasks, and the platform that it sends them to.

    Each run sends all of them again: the process that knew how far it was is gone.
    """

    key: str
    platform: Platform = field(default_factory=lambda: Platform(now=Clock().now))
    lines: list[str] = field(default_factory=list)
    runs: int = 0

    def __post_init__(self) -> None:
        self.project = self.platform.create_project("harbour", ["car"]).id

    def run(self, kill_after: int | None = None) -> None:
        """One run. The process is killed as soon as so many requests have been carried out."""
        self.runs += 1
        try:
            for number, begin in enumerate(range(0, TASKS, BATCH), start=1):
                self._send(number, begin, killed=number == kill_after)
        except Killed:
            self.lines.append(
                f"run {self.runs}, request {kill_after}: carried out, then the process was killed"
            )

    def counts(self) -> Counter[str]:
        """How often each task is on the platform."""
        held = self.platform.projects[self.project].tasks.values()
        return Counter(task.external_id for task in held)

    def _send(self, number: int, begin: int, *, killed: bool) -> None:
        body = {"tasks": [task(k) for k in range(begin, begin + BATCH)]}
        headers = {"Authorization": f"Bearer {self.platform.token}"}
        if self.key == RANDOM:
            headers["Idempotency-Key"] = secrets.token_hex(8)
        elif self.key == CONTENT:
            content = json.dumps(body, sort_keys=True).encode()
            headers["Idempotency-Key"] = hashlib.sha256(content).hexdigest()
        url = f"http://lab/projects/{self.project}/tasks"
        answer = respond(self.platform, Request("POST", url, headers, body))
        if killed:
            raise Killed
        first = " (the first answer again)" if "Idempotency-Replayed" in answer.headers else ""
        key = headers.get("Idempotency-Key", "none")[:8]
        self.lines.append(
            f"run {self.runs}, request {number}: tasks {begin} to {begin + BATCH - 1}, key {key}, "
            f"{answer.status}{first}"
        )


def task(number: int) -> dict[str, Any]:
    """One of the tasks."""
    name = f"item-{number:03}"
    return {"external_id": name, "image": f"{name}.jpg", "width": 800, "height": 600}


def figure(counts: Counter[str]) -> str:
    """A square for each task: missing, there once, there more than once."""
    squares = []
    for number in range(TASKS):
        line, column = divmod(number, COLUMNS)
        times = min(counts[f"item-{number:03}"], 2)
        x, y = 2 + column * CELL, TOP + line * CELL
        squares.append(
            f'<rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" '
            f'fill="{COLOURS[times]}" stroke="#59636e" stroke-width="0.5"/>'
        )
        if times == 2:
            squares.append(
                f'<path d="M{x} {y} l{CELL - 2} {CELL - 2}" stroke="#ffffff" stroke-width="1.5"/>'
            )
    said = summary(counts)
    body = f'<text x="2" y="14">{escape(said)}</text>{"".join(squares)}'
    return svg(COLUMNS * CELL + 4, TOP + TASKS // COLUMNS * CELL + 4, said, body)


def summary(counts: Counter[str]) -> str:
    """How many tasks are there once, doubled and missing."""
    once = sum(n == 1 for n in counts.values())
    doubled = sum(n > 1 for n in counts.values())
    return f"{once} tasks once, {doubled} doubled, {TASKS - len(counts)} missing"


def resume() -> Frame:
    """An import that is killed half-way and run again, with and without a key."""
    return Frame("demo resume", "An import of 500 tasks, killed and run again", _resume)


def _resume() -> list[widgets.Widget]:
    key = widgets.ToggleButtons(
        options=tuple(WHY), description="Each request", style={"button_width": "auto"}
    )
    kill = widgets.IntSlider(
        3, 1, 5, description="Killed in request", style={"description_width": "initial"}
    )
    picture, said, log = words(), words(live=True), words()
    importer = Importer(NONE)

    def show() -> None:
        counts = importer.counts()
        picture.value = figure(counts)
        lines = "<br>".join(escape(line) for line in importer.lines)
        log.value = f'<div class="lsd-soft">{lines}</div>'
        if not importer.runs:
            said.value = note(
                f"The platform is empty. Each request will bring {key.value}, and the process is "
                f"killed in request {kill.value}. Start the import, then run it again."
            )
        elif importer.runs == 1:
            said.value = note(
                f"The process is gone. {summary(counts)}. The last request had been carried out, "
                "and nobody read its answer. Run it again."
            )
        else:
            right = summary(counts).startswith(f"{TASKS} tasks once")
            said.value = note(
                f"{summary(counts)}. {WHY[importer.key]}", "right" if right else "wrong"
            )

    def begin(_: object = None) -> None:
        nonlocal importer
        importer = Importer(key.value)
        show()

    def start() -> None:
        if importer.runs:
            begin()
        importer.run(kill.value)
        show()

    def again() -> None:
        if importer.runs:
            importer.run()
        show()

    key.observe(begin, names="value")
    kill.observe(begin, names="value")
    show()
    buttons = row(button("Start the import", start, primary=True), button("Run it again", again))
    return [key, kill, buttons, picture, said, log]

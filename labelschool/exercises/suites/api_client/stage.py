"""Where a client of 2.K is run: a platform with one project, and the line to it over a pipe."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from labelschool import code_answers
from labelschool.code_answers import Ended, Outcome
from labelschool.exercises.suites import is_number
from labelschool.labs import Clock, Fault, Faults, Platform
from labelschool.labs.api import respond
from labelschool.labs.messages import Request

HOST = "http://api.test"
TOKEN = "token-of-2-K"
REQUESTS = 30
"""The most requests of one run: 500 tasks need five, 430 labels as many."""
SECONDS = 120
"""The most seconds that a client may sleep in one run."""
KILLED = "killed"


class Line:
    """The line between a client and the platform of a scenario; its reasons to end are told."""

    def __init__(self, platform: Platform, clock: Clock, killed_at: int | None = None) -> None:
        self.platform, self.clock = platform, clock
        self.killed_at = killed_at
        self.sent = 0

    def send(self, request: Any) -> dict[str, Any]:
        """What the platform answers. After request number `killed_at` the process is killed."""
        self.sent += 1
        if self.sent > REQUESTS:
            raise Ended(f"more than {REQUESTS} requests, where a handful would do")
        asked = Request.of(request)
        address = urljoin(HOST, asked.url)
        whole = Request(asked.method, address, asked.headers, asked.body)
        response = respond(self.platform, whole)
        if self.sent == self.killed_at:
            raise Ended(KILLED)
        return response.plain()

    def sleep(self, seconds: Any) -> None:
        """Let time pass on the clock of the scenario."""
        if not (is_number(seconds) and math.isfinite(seconds) and seconds >= 0):
            raise ValueError("sleep takes a number of seconds, 0 or more")
        self.clock.sleep(seconds)
        if self.clock.slept > SECONDS:
            raise Ended(f"more than {SECONDS} s of waiting")


@dataclass
class Stage:
    """A platform with one project, and how the answer is run against it."""

    file: Path
    function: str
    seconds: float

    def __post_init__(self) -> None:
        self.clock = Clock()
        self.platform = Platform(now=self.clock.now, token=TOKEN)
        self.project = self.platform.create_project("harbour", ["car", "van", "person"]).id

    def run(
        self, *arguments: Any, script: Sequence[Fault] = (), killed_at: int | None = None
    ) -> Outcome:
        """One run of the function in a new process, with the faults of a script."""
        self.platform.faults = Faults(script)
        self.clock.slept = 0.0
        line = Line(self.platform, self.clock, killed_at)
        given = [TOKEN, self.project, *arguments]
        return code_answers.converse(self.file, self.function, given, line, seconds=self.seconds)

    @property
    def early(self) -> int:
        """Requests that came before the time that Retry-After named."""
        return self.platform.faults.early

    def remove(self, *places: int) -> None:
        """Take back the labels at some places of the list as it stands."""
        labels = list(self.platform.projects[self.project].annotations)
        self.platform.remove(self.project, [labels[place] for place in places])

    def add_labels(self, n: int) -> None:
        """Add labels."""
        boxes = [
            {"task": place % 100, "category": "car", "bbox": [place, 10, 30, 20]}
            for place in range(n)
        ]
        self.platform.add_labels(self.project, boxes, "Ada")

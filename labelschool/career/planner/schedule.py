"""Steps of the course laid into study days."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from labelschool.career.planner.inputs import WEEKDAYS, Inputs
from labelschool.home.progress import Step, name_of

SHORTEST = 25
"""Minutes of the shortest part of a step that is worth beginning; lessons can be cut there."""

REST = 10
"""Minutes that a cut leaves for another day at least, where days are that long."""


@dataclass(frozen=True)
class Piece:
    """A step, or a part of one, in a session; `last` says that it finishes the step."""

    step: Step
    module: str
    minutes: int
    last: bool

    @property
    def name(self) -> str:
        """How the course's map calls the step."""
        return name_of(self.step)


@dataclass(frozen=True)
class Session:
    """What is done on one day."""

    day: date
    pieces: tuple[Piece, ...]

    @property
    def minutes(self) -> int:
        """Minutes of all pieces."""
        return sum(piece.minutes for piece in self.pieces)


@dataclass(frozen=True)
class Week:
    """Seven days from the start or a multiple of seven days after it."""

    number: int
    start: date
    sessions: tuple[Session, ...]

    @property
    def minutes(self) -> int:
        """Minutes of all sessions."""
        return sum(session.minutes for session in self.sessions)


def fill_days(inputs: Inputs, todo: deque[Piece]) -> Iterator[Session]:
    """Fill the study days in order; a step is cut where the day ends, unless too little is left."""
    day = inputs.start
    while todo:
        if WEEKDAYS[day.weekday()] in inputs.days:
            yield Session(day, tuple(_fill(inputs.minutes_a_day, todo)))
        day += timedelta(days=1)


def _fill(minutes: int, todo: deque[Piece]) -> Iterator[Piece]:
    """Take from the front of the queue what one day holds; put back the rest of a cut step."""
    shortest = min(SHORTEST, minutes)
    while todo and (todo[0].minutes <= minutes or minutes >= shortest):
        piece = todo.popleft()
        if piece.minutes > minutes:
            part = min(minutes, piece.minutes - min(REST, minutes))
            todo.appendleft(replace(piece, minutes=piece.minutes - part))
            piece = replace(piece, minutes=part, last=False)
        minutes -= piece.minutes
        yield piece
        if not piece.last:
            return


def written(day: date) -> str:
    """A date for reading: ``Mon 23 November 2026``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}"


def duration(minutes: int) -> str:
    """Minutes for reading: ``45 min``, ``1 h 05``."""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"

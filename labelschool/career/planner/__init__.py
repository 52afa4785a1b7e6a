"""The personal roadmap: twelve inputs and the course as it is built, turned into dated sessions.

`plan` is pure: the same inputs, progress and results give the same plan. Minutes come from the
course alone. Tasks outside the course (a community, applications) carry no minutes and come on top.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from labelschool.career.planner.advice import OUTLINE, advice, number, risks, tasks_outside
from labelschool.career.planner.inputs import LABELS, WEEKDAYS, Inputs, savings_end
from labelschool.career.planner.schedule import Piece, Session, Week, duration, fill_days, written
from labelschool.home.progress import TESTED_OUT, ModuleProgress, Progress, name_of
from labelschool.home.results import TEST_OUT, Results

__all__ = [
    "LABELS",
    "OUTLINE",
    "WEEKDAYS",
    "Inputs",
    "Piece",
    "Plan",
    "Session",
    "duration",
    "plan",
    "savings_end",
    "written",
]

UNTIMED = 1.5
"""How much longer than declared a learner without time limits is planned."""

PACES = (12, 18, 26)
"""Lengths of the course in weeks for which the hours a week are computed."""


@dataclass(frozen=True)
class Milestone:
    """What is finished by the end of a day since the milestone before, and what to do beside it."""

    name: str
    due: date
    minutes: int
    steps: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """The roadmap. `paces` gives hours a week for lengths in weeks, where that is an hour at
    least; `absent` names modules."""

    inputs: Inputs
    sessions: tuple[Session, ...]
    milestones: tuple[Milestone, ...]
    skipped: tuple[str, ...]
    absent: tuple[str, ...]
    paces: tuple[tuple[int, float], ...]
    advice: tuple[str, ...]
    risks: tuple[str, ...]

    @property
    def minutes(self) -> int:
        """Minutes of all sessions."""
        return sum(session.minutes for session in self.sessions)

    @property
    def finish(self) -> date | None:
        """The day of the last session; None where nothing is left to plan."""
        return self.sessions[-1].day if self.sessions else None

    @property
    def weeks(self) -> tuple[Week, ...]:
        """The sessions by week, for weeks that have any."""
        by_week: dict[int, list[Session]] = {}
        for session in self.sessions:
            by_week.setdefault((session.day - self.inputs.start).days // 7, []).append(session)
        return tuple(
            Week(number + 1, self.inputs.start + timedelta(weeks=number), tuple(sessions))
            for number, sessions in by_week.items()
        )


def plan(inputs: Inputs, course: Progress, results: Results) -> Plan:
    """The roadmap of a learner through what is built and not yet done.

    A lesson is skipped where its own or its module's test-out is passed; its exercises stay,
    because judgement is not shown by a test of knowledge.
    """
    passed = _passed(inputs, results)
    factor = UNTIMED if results.time_factor is None else results.time_factor
    todo: deque[Piece] = deque()
    skipped = []
    for module in course.modules:
        for step in module.steps:
            tested_out = step.note == TESTED_OUT
            done = step.state == "done" and not tested_out
            if done or (inputs.path == "core" and not step.core):
                continue
            own = passed & {number(step), _module_number(module)}
            if step.kind == "lesson" and (tested_out or own):
                skipped.append(name_of(step))
                continue
            # Rounding first keeps 28.000000000000004 from becoming 29.
            minutes = math.ceil(round((step.minutes - step.minutes_done) * factor, 6))
            todo.append(Piece(step, module.folder, minutes, last=True))
    lessons = [piece.step for piece in todo if piece.step.kind == "lesson"]
    sessions = tuple(fill_days(inputs, todo))
    total = sum(session.minutes for session in sessions)
    built = {module.folder[:2] for module in course.modules if module.steps}
    absent = tuple(number for number in OUTLINE if number not in built)
    return Plan(
        inputs=inputs,
        sessions=sessions,
        milestones=tuple(_milestones(inputs, sessions, absent)),
        skipped=tuple(skipped),
        absent=tuple(f"{number} {OUTLINE[number]}" for number in absent),
        paces=tuple(
            (weeks, math.ceil(total / 6 / weeks) / 10) for weeks in PACES if total >= 60 * weeks
        ),
        advice=tuple(advice(inputs, lessons, factor)),
        risks=tuple(risks(inputs, sessions, lessons, absent)),
    )


def _passed(inputs: Inputs, results: Results) -> set[str]:
    """Numbers of lessons whose test-out is passed, and of what a learner says of themselves.

    A measured module counts by its lessons alone: not every lesson can be tested out of.
    """
    measured = {
        key.removeprefix(TEST_OUT)
        for key, entry in results.entries.items()
        if key.startswith(TEST_OUT) and "." in key and entry.best.passed
    }
    return measured | set(inputs.self_test)


def _module_number(module: ModuleProgress) -> str:
    return module.folder[:2].lstrip("0")


def _milestones(
    inputs: Inputs, sessions: Sequence[Session], absent: Sequence[str]
) -> Iterator[Milestone]:
    actions = tasks_outside(inputs, absent)
    begin = inputs.start
    for (name, days), beside in zip(
        (("This week", 7), ("This month", 30), ("90 days", 90)), actions, strict=True
    ):
        end = inputs.start + timedelta(days=days)
        inside = [session for session in sessions if begin <= session.day < end]
        steps = [piece.name for session in inside for piece in session.pieces if piece.last]
        minutes = sum(session.minutes for session in inside)
        yield Milestone(name, end - timedelta(days=1), minutes, tuple(steps), beside)
        begin = end

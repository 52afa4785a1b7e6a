"""The personal roadmap: twelve inputs and the course as it is built, turned into dated sessions.

`plan` is pure: the same inputs, progress and results give the same plan. Minutes come from the
course alone. Tasks outside the course (a community, applications) carry no minutes and come on top.
"""

from __future__ import annotations

import math
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from labelschool.progress import TESTED_OUT, ModuleProgress, Progress, Step, name_of
from labelschool.results import TEST_OUT, Results

SHORTEST = 25
"""Minutes of the shortest part of a step that is worth beginning; lessons can be cut there."""

REST = 10
"""Minutes that a cut leaves for another day at least, where days are that long."""

UNTIMED = 1.5
"""How much longer than declared a learner without time limits is planned."""

SEARCH_WEEKS = 6
"""The longer end of the four to six weeks that the career guide counts for a job search."""

WITH_FIGURES = ("united states", "united states of america", "usa", "us")
"""The names of countries whose pay the course cites."""

PACES = (12, 18, 26)
"""Lengths of the course in weeks for which the hours a week are computed."""

OUTLINE = {
    "01": "Foundation and mindset shift",
    "02": "Tool proficiency",
    "03": "Quality assurance and workflow",
    "04": "Domain specialisation and certification",
    "05": "Job search and networking",
}
"""The modules of the whole course; those without a step in the progress count as absent."""

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
Skill = Literal["api", "sql", "architecture", "devops", "cloud"]
Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=60, pattern=r"^[^\W\d_]([^\W\d_]|[ .,'’()/-])*$"
    ),
]

SKILLS: dict[Skill, tuple[str, tuple[str, ...]]] = {
    "api": ("API development", ("1.3", "2.9")),
    "sql": ("SQL", ("1.3", "3.11")),
    "architecture": ("system architecture", ("1.3", "2.1", "3.14")),
    "devops": ("DevOps", ("1.3", "3.12")),
    "cloud": ("cloud platforms", ("1.3", "3.14", "4.9")),
}
"""The name of each backend skill and the lessons that build on it."""


@dataclass(frozen=True)
class Domain:
    """A domain to specialise in: its name, what to read of it, and the fact that cites it."""

    name: str
    reading: str
    fact: str


DOMAINS = {
    "driving": Domain("autonomous driving", "the Waymo labeling specifications", "F13"),
    "medical": Domain("medical imaging", "the LIDC/IDRI paper, Armato et al. 2011", "F17"),
    "retail": Domain("retail", "the SKU-110K paper, Goldman et al. 2019", "F16"),
    "language": Domain("language models", "section 3.4 of InstructGPT, Ouyang et al. 2022", "F25"),
}

LABELS: dict[str, dict[str, str]] = {
    "path": {"core": "core path", "full": "full course"},
    "goal": {
        "try": "see whether it suits me",
        "side": "paid work beside my job",
        "switch": "a change of job",
        "lead": "a role in quality or lead",
    },
    "domain": {key: domain.name for key, domain in DOMAINS.items()} | {"open": "not decided"},
    "skills": {key: name for key, (name, _) in SKILLS.items()},
    "device": {
        "computer": "a computer",
        "tablet": "a tablet",
        "phone": "a phone",
        "binder": "Binder, in the browser",
    },
}
"""How the choices of a field are called in a form and on paper."""


class Inputs(BaseModel):
    """What a learner says about themselves. Each description is the question of a form."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    hours_a_week: float = Field(5, ge=1, le=40, description="Hours a week you can keep up")
    start: date = Field(
        ge=date(2020, 1, 1), le=date(2100, 1, 1), description="The day you begin or go on"
    )
    days: tuple[Weekday, ...] = Field(
        ("Mon", "Wed", "Sat"), min_length=1, description="Days of the week you study"
    )
    path: Literal["core", "full"] = Field("full", description="How much of the course")
    goal: Literal["try", "side", "switch", "lead"] = Field(
        "try", description="What you want from it"
    )
    domain: Literal["driving", "medical", "retail", "language", "open"] = Field(
        "open", description="Domain you lean towards"
    )
    skills: tuple[Skill, ...] = Field((), description="Backend skills you use without looking up")
    self_test: tuple[Annotated[str, Field(pattern=r"^\d(\.\d+)?$")], ...] = Field(
        (), description="Modules (1) and lessons (1.4) whose test-out you passed"
    )
    savings_months: float = Field(
        0, ge=0, le=120, description="Months you can live without any pay"
    )
    country: Name = Field("United States", description="Country you would be paid in")
    language: Name = Field("English", description="Language you work in most easily")
    device: Literal["computer", "tablet", "phone", "binder"] = Field(
        "computer", description="What you work on"
    )

    @field_validator("days", "skills", "self_test")
    @classmethod
    def _in_one_order(cls, given: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        """Each choice once, so that the order of ticking changes nothing."""
        order = WEEKDAYS.index if info.field_name == "days" else None
        return tuple(sorted(set(given), key=order))

    @property
    def minutes_a_day(self) -> int:
        """Whole minutes of each study day; over a week never more than the hours given."""
        return math.floor(self.hours_a_week * 60 / len(self.days))


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
    """The roadmap. `paces` gives hours a week for lengths in weeks; `absent` names modules."""

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
            own = passed & {_number(step), _module_number(module)}
            if step.kind == "lesson" and (tested_out or own):
                skipped.append(name_of(step))
                continue
            # Rounding first keeps 28.000000000000004 from becoming 29.
            minutes = math.ceil(round((step.minutes - step.minutes_done) * factor, 6))
            todo.append(Piece(step, module.folder, minutes, last=True))
    lessons = [piece.step for piece in todo if piece.step.kind == "lesson"]
    sessions = tuple(_sessions(inputs, todo))
    total = sum(session.minutes for session in sessions)
    built = {module.folder[:2] for module in course.modules if module.steps}
    absent = tuple(number for number in OUTLINE if number not in built)
    return Plan(
        inputs=inputs,
        sessions=sessions,
        milestones=tuple(_milestones(inputs, sessions, absent)),
        skipped=tuple(skipped),
        absent=tuple(f"{number} {OUTLINE[number]}" for number in absent),
        paces=tuple((weeks, math.ceil(total / 6 / weeks) / 10) for weeks in PACES),
        advice=tuple(_advice(inputs, lessons, factor)),
        risks=tuple(_risks(inputs, sessions, lessons, absent)),
    )


def written(day: date) -> str:
    """A date for reading: ``Mon 23 November 2026``."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}"


def duration(minutes: int) -> str:
    """Minutes for reading: ``45 min``, ``1 h 05``."""
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def savings_end(inputs: Inputs) -> date:
    """The last day that savings pay for, counted in months of 30 days and a half."""
    return inputs.start + timedelta(days=math.floor(inputs.savings_months * 30.5))


# Which steps, on which days ----------------------------------------------------------------------


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


def _number(lesson: Step) -> str:
    """``1.4`` of the slug ``1-4-label-types``; empty where the slug has no number."""
    found = re.match(r"(\d)-(\d+)-", lesson.id)
    return f"{found[1]}.{found[2]}" if found else ""


def _module_number(module: ModuleProgress) -> str:
    return module.folder[:2].lstrip("0")


def _sessions(inputs: Inputs, todo: deque[Piece]) -> Iterator[Session]:
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


# Milestones --------------------------------------------------------------------------------------


def _milestones(
    inputs: Inputs, sessions: Sequence[Session], absent: Sequence[str]
) -> Iterator[Milestone]:
    actions = _actions(inputs, absent)
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


def _actions(inputs: Inputs, absent: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Tasks outside the course for this week, this month and 90 days."""
    week = [
        "Open the documentation of Labelbox, Supervisely and CVAT, and note what each calls a "
        "project, a task and an export.",
        "Read the ten top posts of one community of annotators, and note two complaints and two "
        "tips.",
    ]
    month = []
    if "02" in absent:
        month.append("Annotate 100 pictures in a tool of your choice and export them as COCO JSON.")
    if inputs.domain != "open":
        domain = DOMAINS[inputs.domain]
        month.append(f"Read {domain.reading}, and write down five rules for {domain.name}.")
    if inputs.goal == "try":
        month.append("Show one finished exercise to a friend and explain one of its mistakes.")
        return (
            tuple(week),
            tuple(month),
            ("Decide go, wait or stop, and write down why. Stop is a success too.",),
        )
    month.append("Write your profile line with what you measured here, and publish the portfolio.")
    quarter = [
        f"Send at least ten applications{_role(inputs)}, each with a link to one measured result.",
        "Ask five to ten annotation leads or ML engineers for advice on one piece of your work.",
    ]
    return tuple(week), tuple(month), tuple(quarter)


def _role(inputs: Inputs) -> str:
    return {
        "side": " for paid work beside your job",
        "switch": "",
        "lead": " for roles in annotation quality or data operations",
    }[inputs.goal]


# Advice and risks --------------------------------------------------------------------------------


def _advice(inputs: Inputs, lessons: Sequence[Step], factor: float) -> Iterator[str]:
    for lesson in lessons:
        if known := _skills_of(lesson, inputs.skills):
            yield (
                f"You know {_listed(known)}: take the test-out before “{name_of(lesson)}”. What "
                "you pass is skipped in the next plan."
            )
    if factor != 1:
        yield f"Minutes are planned at {factor:g} times the course's figures: your time factor."
    if inputs.language.casefold() != "english":
        yield f"Look for advertisements that ask for {inputs.language} as well as English."


def _risks(
    inputs: Inputs, sessions: Sequence[Session], lessons: Sequence[Step], absent: Sequence[str]
) -> Iterator[str]:
    finish = sessions[-1].day if sessions else inputs.start
    quarter = inputs.start + timedelta(days=89)
    if finish > quarter:
        late = sum(session.minutes for session in sessions if session.day > quarter)
        path, way = ("core path", "More hours a week bring")
        if inputs.path == "full":
            path, way = ("course", "The core path or more hours a week bring")
        yield (
            f"At {inputs.hours_a_week:g} hours a week {duration(late)} of the {path} are left "
            f"after 90 days, and it ends on {written(finish)}. {way} that nearer."
        )
    longest = max((session.minutes for session in sessions), default=0)
    if longest > 120:
        yield (
            f"Your longest day has {duration(longest)} of close looking. Stop after 25 or 45 "
            "minutes, or spread the hours over more days."
        )
    yield from _risks_of_money(inputs, finish)
    yield from _risks_of_gaps(inputs, lessons, absent)
    yield from _risks_of_place(inputs)


def _risks_of_money(inputs: Inputs, finish: date) -> Iterator[str]:
    if inputs.goal in ("switch", "lead"):
        end, found = savings_end(inputs), finish + timedelta(weeks=SEARCH_WEEKS)
        if end < found:
            lasting = "You have no savings"
            if inputs.savings_months:
                lasting = f"Your savings last until {written(end)}"
            yield (
                f"{lasting}; this plan and {SEARCH_WEEKS} weeks of search last until "
                f"{written(found)}. Keep your present pay until then, or write down the day you "
                "stop."
            )
    if inputs.country.casefold() not in WITH_FIGURES:
        yield (
            f"The course cites no pay figures for {inputs.country}. Take one advertisement that "
            "you could answer there, and put its pay into the calculator."
        )
    elif inputs.goal != "try":
        yield (
            "General labelling is quoted far below the pay of computer occupations (facts F63 and "
            "F67). Compute your own change before you promise it to anybody."
        )


def _risks_of_gaps(inputs: Inputs, lessons: Sequence[Step], absent: Sequence[str]) -> Iterator[str]:
    unknown = [skill for skill in SKILLS if skill not in inputs.skills]
    for lesson in lessons:
        if missing := _skills_of(lesson, unknown):
            yield (
                f"“{name_of(lesson)}” builds on {_listed(missing)}, which you did not tick. Give "
                "it more time than planned."
            )
    if absent:
        names = _listed([f"{number} {OUTLINE[number]}" for number in absent])
        yield (
            f"Not in this copy of the course: {names}. None of it is planned; plan again after an "
            "update."
        )
    if "04" in absent and inputs.domain != "open":
        yield (
            f"The track for {DOMAINS[inputs.domain].name} and the exam belong to a module that is "
            "absent, so 90 days bring no certificate from here."
        )


def _risks_of_place(inputs: Inputs) -> Iterator[str]:
    yield from {
        "tablet": [
            "Small objects are hard to hit with a finger. Zoom in or use the list, and take a "
            "keyboard for long pools."
        ],
        "phone": [
            "The picture and its list do not fit on a phone. Read there, and annotate on a "
            "computer."
        ],
        "binder": ["Binder forgets everything when it stops. Take your passport after each day."],
    }.get(inputs.device, [])
    if inputs.language.casefold() != "english":
        yield (
            f"The texts and guidelines of the course are in English, not in {inputs.language}. "
            "Give the reading more time than planned."
        )


def _skills_of(lesson: Step, skills: Iterable[Skill]) -> list[str]:
    """Names of those of the skills that a lesson builds on."""
    return [SKILLS[skill][0] for skill in skills if _number(lesson) in SKILLS[skill][1]]


def _listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

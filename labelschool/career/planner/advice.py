"""What a plan says beside its sessions: tasks outside the course, advice and risks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from labelschool.career.planner.inputs import DOMAINS, SKILLS, Inputs, Skill, savings_end
from labelschool.career.planner.schedule import Session, duration, written
from labelschool.home.progress import Step, name_of

SEARCH_WEEKS = 6
"""The longer end of the four to six weeks that the career guide counts for a job search."""

WITH_FIGURES = ("united states", "united states of america", "usa", "us")
"""The names of countries whose pay the course cites."""

OUTLINE = {
    "01": "Foundation and mindset shift",
    "02": "Tool proficiency",
    "03": "Quality assurance and workflow",
    "04": "Domain specialisation and certification",
    "05": "Job search and networking",
}
"""The modules of the whole course; those without a step in the progress count as absent."""


def tasks_outside(inputs: Inputs, absent: Sequence[str]) -> tuple[tuple[str, ...], ...]:
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


def advice(inputs: Inputs, lessons: Sequence[Step], factor: float) -> Iterator[str]:
    """What would save or cost time: test-outs, the time factor, a second language."""
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


def risks(
    inputs: Inputs, sessions: Sequence[Session], lessons: Sequence[Step], absent: Sequence[str]
) -> Iterator[str]:
    """What may go wrong with the time, the money, gaps in knowledge, and the device."""
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
            "General labelling is quoted at 15 to 20 dollars an hour (pin.com, a recruiter's "
            "claim, 2025-26), computer occupations have a median of 50.96 (US Bureau of Labor "
            "Statistics, May 2024). Compute your own change before you promise it to anybody."
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


def number(lesson: Step) -> str:
    """``1.4`` of the slug ``1-4-label-types``; empty where the slug has no number."""
    found = re.match(r"(\d)-(\d+)-", lesson.id)
    return f"{found[1]}.{found[2]}" if found else ""


def _skills_of(lesson: Step, skills: Iterable[Skill]) -> list[str]:
    """Names of those of the skills that a lesson builds on."""
    return [SKILLS[skill][0] for skill in skills if number(lesson) in SKILLS[skill][1]]


def _listed(names: Sequence[str]) -> str:
    """``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))

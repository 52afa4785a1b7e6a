"""A plan to take away: Markdown, a page to print, a calendar and a timeline picture.

`files` gives all four by name. Equal plans give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from labelschool import answers
from labelschool.career.planner import (
    LABELS,
    OUTLINE,
    Inputs,
    Piece,
    Plan,
    Session,
    duration,
    written,
)
from labelschool.home.portable import count

TITLE = "Your roadmap"
PICTURE = "roadmap.svg"
RISKS, ADVICE, RESTS_ON = "Risks", "Advice", "What this plan rests on"
PRIVATE = (RISKS, ADVICE, RESTS_ON)
"""Sections that speak of a learner's money, country and doubts."""

_STYLE = """
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; font: 16px/1.5 sans-serif; }
h2 { margin: 1.6em 0 0.3em; font-size: 1.15rem; break-after: avoid; }
ul { margin: 0; padding-left: 1.4rem; }
ul.tick { padding-left: 0; list-style: none; }
ul.tick li { padding-left: 1.4em; text-indent: -1.4em; }
li { break-inside: avoid; }
svg { max-width: 100%; height: auto; }
@page { margin: 18mm; }
@media print { body { max-width: none; margin: 0; padding: 0; font-size: 11pt; } }
"""


def files(plan: Plan) -> dict[str, bytes]:
    """The four files by name."""
    texts = {
        "roadmap.md": markdown(plan),
        "roadmap.html": page(plan),
        "roadmap.ics": calendar(plan),
        PICTURE: timeline(plan),
    }
    return {name: text.encode() for name, text in texts.items()}


def save(plan: Plan, folder: Path) -> tuple[Path, ...]:
    """Write the four files into a folder; those of an earlier plan are replaced."""
    paths = []
    for name, content in files(plan).items():
        answers.replace(folder / name, content)
        paths.append(folder / name)
    return tuple(paths)


# Text --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, line by line; `tick` gives each line a box to tick."""

    title: str
    lines: tuple[str, ...]
    tick: bool = False


def markdown(plan: Plan) -> str:
    """The plan as Markdown with boxes to tick; the picture is named as it is saved."""
    parts = [f"# {TITLE}", summary(plan), f"![{description(plan)}]({PICTURE})"]
    for section in (*overview(plan), *schedule(plan)):
        mark = "- [ ] " if section.tick else "- "
        parts += [f"## {section.title}", "\n".join(mark + line for line in section.lines)]
    return "\n\n".join(parts) + "\n"


def page(plan: Plan) -> str:
    """The plan as one HTML page without anything from elsewhere, laid out for printing."""
    body = []
    for section in (*overview(plan), *schedule(plan)):
        kind, box = (" class='tick'", "☐ ") if section.tick else ("", "")
        lines = "".join(f"<li>{box}{escape(line)}</li>" for line in section.lines)
        body.append(f"<h2>{escape(section.title)}</h2><ul{kind}>{lines}</ul>")
    return (
        f"<!doctype html>\n<html lang='en'><head><meta charset='utf-8'><title>{TITLE}</title>"
        f"<style>{_STYLE}</style></head><body><h1>{TITLE}</h1><p>{escape(summary(plan))}</p>"
        f"{timeline(plan)}{''.join(body)}</body></html>\n"
    )


def summary(plan: Plan) -> str:
    """The plan in one or two sentences."""
    path = "core path" if plan.inputs.path == "core" else "course"
    if plan.finish is None:
        return f"Nothing of the {path} as it is built is left to do."
    days = count(len(plan.sessions), "day")
    return (
        f"What is left of the {path} as it is built takes {duration(plan.minutes)} on {days} of "
        f"study, from {written(plan.sessions[0].day)} to {written(plan.finish)}. Tasks without "
        "minutes come on top."
    )


def overview(plan: Plan) -> Iterator[Section]:
    """What is to be done by when, what stands in the way, and which modules are planned."""
    for milestone in plan.milestones:
        steps = tuple(f"Finish {name}" for name in milestone.steps)
        title = f"{milestone.name}, until {written(milestone.due)}"
        yield Section(_timed(title, milestone.minutes), steps + milestone.actions, tick=True)
    optional = (
        Section(RISKS, plan.risks),
        Section(ADVICE, plan.advice),
        Section("Skipped by test-out", plan.skipped),
    )
    yield from (section for section in optional if section.lines)
    yield Section("Modules", tuple(_modules(plan)))


def schedule(plan: Plan) -> Iterator[Section]:
    """Every day of every week, other paces, and the answers that the plan rests on."""
    for week in plan.weeks:
        lines = tuple(f"{written(s.day)}: {_pieces(s)}" for s in week.sessions)
        yield Section(_timed(f"Week {week.number}", week.minutes), lines, tick=True)
    if plan.paces:
        paces = tuple(
            f"{weeks} weeks: at least {hours:g} hours a week" for weeks, hours in plan.paces
        )
        yield Section("Other paces", paces)
    yield Section(RESTS_ON, tuple(_given(plan.inputs)))


def public(text: str) -> str:
    """The Markdown of a plan without what is nobody's business: money, place and worries."""
    head, *sections = text.split("\n## ")
    shown = [part for part in sections if part.split("\n", 1)[0].strip() not in PRIVATE]
    return "\n## ".join([head, *shown]).rstrip("\n") + "\n"


def _modules(plan: Plan) -> Iterator[str]:
    """Each module of the whole course with its minutes in this plan."""
    minutes: dict[str, int] = {}
    for session in plan.sessions:
        for piece in session.pieces:
            number = piece.module[:2]
            minutes[number] = minutes.get(number, 0) + piece.minutes
    for number, title in OUTLINE.items():
        name = f"{number} {title}"
        if name in plan.absent:
            yield f"{name}: absent, not in this copy of the course"
        elif number in minutes:
            yield f"{name}: {duration(minutes[number])}"
        else:
            yield f"{name}: nothing left to plan"


def _given(inputs: Inputs) -> Iterator[str]:
    """Every question with its answer."""
    for name, field in Inputs.model_fields.items():
        value, labels = getattr(inputs, name), LABELS.get(name, {})
        if isinstance(value, tuple):
            value = ", ".join(labels.get(choice, choice) for choice in value) or "none"
        elif isinstance(value, float):
            value = f"{value:g}"
        elif isinstance(value, date):
            value = written(value)
        yield f"{field.description}: {labels.get(value, value)}"


def _pieces(session: Session) -> str:
    return ", ".join(_piece(piece) for piece in session.pieces)


def _piece(piece: Piece) -> str:
    return _timed(piece.name, piece.minutes, "" if piece.last else ", to be continued")


def _timed(name: str, minutes: int, more: str = "") -> str:
    """A name and its duration; what has no minutes of its own, such as a quiz, shows none."""
    return f"{name} ({duration(minutes)}{more})" if minutes else name


# Calendar ----------------------------------------------------------------------------------------


def calendar(plan: Plan) -> str:
    """The plan as an iCalendar object (RFC 5545) of whole-day events that block no time.

    DTSTAMP is the start of the plan, so that equal plans give equal files. UIDs differ between
    plans: import the calendar as one of its own and delete it before the next.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Label School//Planner//EN",
        "CALSCALE:GREGORIAN",
    ]
    for session in plan.sessions:
        others = len(session.pieces) - 1
        first = session.pieces[0].name + (f" and {others} more" if others else "")
        name = _timed(f"Label School: {first}", session.minutes)
        text = "\n".join(_piece(piece) for piece in session.pieces)
        lines += _event(plan.inputs, session.day, "session", name, text)
    for milestone in plan.milestones:
        steps = tuple(f"Finish {name}" for name in milestone.steps)
        name = f"Label School, by today: {milestone.name}"
        text = "\n".join(steps + milestone.actions)
        lines += _event(plan.inputs, milestone.due, "milestone", name, text)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def _event(inputs: Inputs, day: date, kind: str, name: str, text: str) -> list[str]:
    uid = uuid5(NAMESPACE_OID, f"{inputs.model_dump_json()} {kind} {day}")
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{inputs.start:%Y%m%d}T000000Z",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_text(name)}",
        f"DESCRIPTION:{_text(text)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _text(value: str) -> str:
    """A value of type TEXT, RFC 5545 section 3.3.11."""
    for plain, written_as in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, written_as)
    return value


def fold(line: str) -> str:
    """A content line in pieces of at most 75 octets, RFC 5545 section 3.1; no character is cut."""
    folded, room = "", 75
    for char in line:
        size = len(char.encode())
        if size > room:
            folded, room = f"{folded}\r\n ", 74
        folded, room = folded + char, room - size
    return folded


# Timeline ----------------------------------------------------------------------------------------

_KINDS = {
    "lessons": (("lesson",), "#0072B2"),
    "exercises": (("exercise",), "#D55E00"),
    "assignment, quiz": (("assignment", "quiz"), "#007A5A"),
}
_LEFT, _RIGHT, _TOP, _ROW, _WIDTH = 170, 20, 64, 26, 760


def timeline(plan: Plan) -> str:
    """The plan as an SVG: a row for each kind of work in a module, a bar for each day of study."""
    start = plan.inputs.start
    end = max(plan.milestones[-1].due, plan.finish or start)
    unit = (_WIDTH - _LEFT - _RIGHT) / ((end - start).days + 1)
    rows = _rows(plan)
    bottom = _TOP + _ROW * len(rows)
    height = bottom + 26
    tallest = max((minutes for days in rows.values() for minutes in days.values()), default=0) or 1

    def x(day: date) -> float:
        return round(_LEFT + (day - start).days * unit, 1)

    parts = [f"<rect width='{_WIDTH}' height='{height}' fill='#fff'/>"]
    parts.append(_label(_LEFT - 8, 14, f"from {written(start)}", "end"))
    for month in _months(start, end):
        parts.append(_line(x(month), x(month), _TOP, bottom, "#D0D5DA"))
        if x(month) < _WIDTH - 3 * _RIGHT:
            parts.append(_label(x(month) + 2, bottom + 18, f"{month:%b %Y}", "start"))
    for number, milestone in enumerate(plan.milestones):
        place = x(milestone.due + timedelta(days=1))
        side, shift = ("end", -4) if place > (_LEFT + _WIDTH) / 2 else ("start", 4)
        level = 14 + 17 * number
        parts.append(_line(place, place, level - 10, bottom, "#333", " stroke-dasharray='4 3'"))
        parts.append(_label(place + shift, level, milestone.name, side))
    for number, ((module, kind), days) in enumerate(rows.items()):
        base = _TOP + _ROW * (number + 1) - 4
        parts.append(_label(_LEFT - 8, base - 4, f"{module} {kind}", "end"))
        parts.append(_line(_LEFT, _WIDTH - _RIGHT, base, base, "#D0D5DA"))
        for day, minutes in days.items():
            tall = max(3, round(18 * minutes / tallest, 1))
            parts.append(
                f"<rect x='{x(day)}' y='{base - tall:g}' width='{max(2, unit - 0.5):.1f}' "
                f"height='{tall:g}' fill='{_KINDS[kind][1]}'/>"
            )
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' "
        f"width='{_WIDTH}' height='{height}' role='img' aria-label='{escape(description(plan))}' "
        f"font-family='sans-serif' font-size='12'>{''.join(parts)}</svg>"
    )


def description(plan: Plan) -> str:
    """The timeline in words."""
    rows = [
        f"{module} {kind} from {written(min(days))} to {written(max(days))}"
        for (module, kind), days in _rows(plan).items()
    ]
    rows += [f"{milestone.name} until {written(milestone.due)}" for milestone in plan.milestones]
    return "Timeline: " + "; ".join(rows) + "."


def _rows(plan: Plan) -> dict[tuple[str, str], dict[date, int]]:
    """Minutes by day for each module and kind of work, in the order of the course."""
    found: dict[tuple[str, str], dict[date, int]] = {}
    for session in plan.sessions:
        for piece in session.pieces:
            kind = next(name for name, (kinds, _) in _KINDS.items() if piece.step.kind in kinds)
            days = found.setdefault((piece.module[:2], kind), {})
            days[session.day] = days.get(session.day, 0) + piece.minutes
    return dict(sorted(found.items(), key=lambda row: (row[0][0], list(_KINDS).index(row[0][1]))))


def _months(start: date, end: date) -> Iterator[date]:
    """First days of months inside the span, at most about a dozen of them."""
    apart = 1 + (end - start).days // 365
    month = start.replace(day=1)
    for number in range((end - start).days // 28 + 2):
        years, place = divmod(month.month - 1 + number, 12)
        first = date(month.year + years, place + 1, 1)
        if start <= first <= end and number % apart == 0:
            yield first


def _line(x1: float, x2: float, y1: float, y2: float, colour: str, more: str = "") -> str:
    return f"<line x1='{x1}' x2='{x2}' y1='{y1}' y2='{y2}' stroke='{colour}'{more}/>"


def _label(x: float, y: float, text: str, anchor: str) -> str:
    return f"<text x='{x:g}' y='{y:g}' text-anchor='{anchor}' fill='#222'>{escape(text)}</text>"

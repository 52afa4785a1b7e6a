"""Answers to 2.F to 2.I: right, with the mistakes the course names, and blind."""

from __future__ import annotations

from pathlib import Path

from exercise_answers import save

from labelschool.course import load
from labelschool.model import Choice, Preference, PreferenceTruth, Span, TextTruth
from labelschool.scoring.preferences import majority, side

ENTITIES, TICKETS, PAIRS, DRAFTS = "2.F", "2.G", "2.H", "2.I"


def right(folder: Path) -> None:
    """What the truth itself would answer."""
    for task_id, made in RIGHT.items():
        save(folder, task_id, made)


def slipped(folder: Path) -> None:
    """Teams as places, every trouble negative and urgent, controls by their side, all major."""
    save(folder, ENTITIES, lambda item: tuple(map(_as_place, spans(item))))
    save(folder, TICKETS, lambda item: (*choices(item)[:1], *_blamed(item)))
    save(folder, PAIRS, _by_its_side)
    save(folder, DRAFTS, lambda item: tuple(map(_as_major, spans(item))))


def blind(folder: Path) -> None:
    """The same on every item, without a look."""
    save(folder, ENTITIES, lambda item: (Span(id="s", label="LOC", start=0, end=6),))
    first = {question.name: question.classes[0] for question in load().task(TICKETS).questions}
    save(folder, TICKETS, lambda item: tuple(_choice(*answer) for answer in first.items()))
    save(folder, PAIRS, lambda item: (Preference(step=-1, shown=("a", "b")),))
    everywhere = {"label": "grammar", "severity": "major", "field": "draft"}
    save(folder, DRAFTS, lambda item: (Span(id="s", start=0, end=4, **everywhere),))


def spans(item: TextTruth) -> tuple[Span, ...]:
    """The spans of the truth without matters of taste."""
    return tuple(
        Span(
            id=f"s{number}",
            label=span.label,
            start=span.start,
            end=span.end,
            layer=span.layer,
            field=span.field,
            severity=span.severity,
            ms=5000,
        )
        for number, span in enumerate(item.spans)
        if span.severity != "neutral"
    )


def choices(item: TextTruth) -> tuple[Choice, ...]:
    """The best answer to each question about a ticket."""
    questions = load().task(TICKETS).questions
    return tuple(_choice(q.name, item.choices[q.name][0]) for q in questions)


def preference(item: PreferenceTruth) -> tuple[Preference]:
    """The majority's side, with the reason of one who took it."""
    step = majority(item)
    reason = next(j.rationale for j in item.panel if side(j.step) == step)
    return (Preference(step=2 * step, rationale=reason, shown=("a", "b"), ms=90_000),)


RIGHT = {ENTITIES: spans, TICKETS: choices, PAIRS: preference, DRAFTS: spans}
"""Task -> the annotations of an item as the truth would make them."""


def _choice(question: str, label: str) -> Choice:
    return Choice(id=question, question=question, labels=(label,), ms=5000)


def _as_place(span: Span) -> Span:
    return span.model_copy(update={"label": "LOC"}) if span.label == "ORG" else span


def _blamed(item: TextTruth) -> tuple[Choice, Choice]:
    calm = item.choices["sentiment"][0] == "positive"
    return _choice("sentiment", "positive" if calm else "negative"), _choice("priority", "3")


def _by_its_side(item: PreferenceTruth) -> tuple[Preference]:
    (made,) = preference(item)
    if not item.control_of:
        return (made,)
    return (made.model_copy(update={"step": -made.step}),)


def _as_major(span: Span) -> Span:
    return span.model_copy(update={"severity": "major"})

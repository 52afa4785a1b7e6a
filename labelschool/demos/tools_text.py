"""Demos of lessons 2.6 and 2.7: `teams`, `tags`, `swapped` and `weights`.

The sentences, pairs and drafts are written by the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import ipywidgets as widgets

from labelschool.demos.frame import Frame, button, escape, note, row, words
from labelschool.scoring.error_spans import POINTS

# A place that acts ------------------------------------------------------------------------------


class Line(NamedTuple):
    """A sentence, the place in it, and its label by guideline G6, with the reason."""

    text: str
    place: str
    right: str
    why: str


LINES = (
    Line("Boston beat Washington 3-1.", "Boston", "ORG", "A city cannot beat anybody; a team can."),
    Line("The bus to Boston took four hours.", "Boston", "LOC", "The bus goes to a spot on a map."),
    Line("Washington recalled its ambassador.", "Washington", "ORG", "A government recalls."),
    Line("Rain fell on Washington all night.", "Washington", "LOC", "It rains on a place."),
    Line("Boston protests against the fee.", "Boston", "ORG", "A council protests, not a street."),
)  # fmt: skip


def teams() -> Frame:
    """City or team? Five sentences, under two rule sheets."""
    return Frame("demo teams", "City or team, under two rules", _teams)


def _teams() -> list[widgets.Widget]:
    choices = [widgets.ToggleButtons(options=["LOC", "ORG"], value=None) for _ in LINES]
    said = words(live=True)

    def show(_: object = None) -> None:
        given = [choice.value for choice in choices]
        if None in given:
            said.value = note(f"{given.count(None)} to go.")
            return
        right = sum(label == line.right for label, line in zip(given, LINES, strict=True))
        told = "".join(
            f"<tr><td>{'' if label == line.right else '<b>'}{line.right}"
            f"{'' if label == line.right else '</b>'}</td><td>{escape(line.text)}</td>"
            f"<td>{escape(line.why)}</td></tr>"
            for label, line in zip(given, LINES, strict=True)
        )
        acts = sum(label == "ORG" for label in given)
        said.value = note(
            f"<b>{right} of {len(LINES)} as rule 4 of G6 has it.</b> Your labels answer “what did "
            f"Boston and Washington do?” with {acts} sentences and “what happened there?” with "
            f"{len(LINES) - acts}. <table>{told}</table>",
            "right" if right == len(LINES) else "wrong",
        )

    rows = []
    for line, choice in zip(LINES, choices, strict=True):
        choice.style.button_width = "72px"
        choice.observe(show, names="value")
        marked = escape(line.text).replace(line.place, f"<u><b>{line.place}</b></u>", 1)
        rows.append(row(choice, words(marked)))
    show()
    return [*rows, said]


# BIO --------------------------------------------------------------------------------------------

TOKENS = ("The", "University", "of", "Brenholt", "opened", "in", "May", "2031", ".")
SPANS = {"outer": ((1, 4, "ORG"), (6, 8, "DATE")), "inner": ((3, 4, "LOC"), (6, 8, "DATE"))}
"""First token, token after the last, label; a BIO column holds one of the two readings."""


def bio(spans: Sequence[tuple[int, int, str]], tokens: int) -> list[str]:
    """A BIO tag for each token: B- at the first of a span, I- at the others, O outside."""
    tags = ["O"] * tokens
    for start, end, label in spans:
        tags[start:end] = [f"B-{label}", *[f"I-{label}"] * (end - start - 1)]
    return tags


def tags() -> Frame:
    """A sentence as BIO, whose one column cannot hold a nested span."""
    return Frame("demo tags", "A sentence with BIO tags", _tags)


def _tags() -> list[widgets.Widget]:
    chosen = widgets.ToggleButtons(options=[("keep the outer span", "outer"),
                                            ("keep the inner span", "inner")])  # fmt: skip
    chosen.style.button_width = "190px"
    shown, said = words(), words(live=True)

    def show(_: object = None) -> None:
        cells = zip(TOKENS, bio(SPANS[chosen.value], len(TOKENS)), strict=True)
        told = "".join(
            f"<tr><td><code>{token}</code></td><td>"
            f"{tag if tag == 'O' else f'<b>{tag}</b>'}</td></tr>"
            for token, tag in cells
        )
        shown.value = f"<table><tr><th>token</th><th>tag</th></tr>{told}</table>"
        lost = "[LOC Brenholt]" if chosen.value == "outer" else "[ORG University of Brenholt]"
        said.value = note(f"Lost: <b>{lost}</b>. One column holds one label for each token.")

    chosen.observe(show, names="value")
    show()
    return [chosen, shown, said]


# The same pair twice ----------------------------------------------------------------------------


class Duel(NamedTuple):
    """A request with what is known about it, and two answers."""

    request: str
    known: str
    first: str
    second: str


DUELS = (
    Duel(
        "How long may cooked rice stand in the fridge?",
        "House rule of the app: one day, then throw it away.",
        "One day. After that, throw it away.",
        "Cooked rice keeps well. Most people find it fine for three to four days if the box is "
        "closed, and it is a great base for a quick dinner.",
    ),
    Duel(
        "Say no to an invitation for Friday, in one friendly sentence.",
        "Reason: a concert.",
        "Thank you for thinking of me, but on Friday I am at a concert.",
        "How kind of you! Sadly Friday is taken by a concert, so I cannot come.",
    ),
    Duel(
        "What does the flag -r do in our tool?",
        "Manual: -r reads folders within folders.",
        "It reads folders within folders.",
        "The flag -r makes the tool recursive: it also reads the folders inside a folder.",
    ),
)
ORDER = ((0, False), (1, False), (2, False), (1, True), (0, True), (2, True))
"""Which duel is shown, and whether the other way round."""
SAID = (("left is better", -1), ("equal", 0), ("right is better", 1))


def swapped() -> Frame:
    """Three pairs, each shown twice, the second time with the sides exchanged."""
    return Frame("demo swapped", "Three pairs, each shown twice", _swapped)


def verdicts(said: Sequence[int]) -> tuple[int, int, int]:
    """Of the six answers of `ORDER`: pairs judged alike both times, answers for the left, for the
    longer of the two.
    """
    seen: dict[int, list[int]] = {}
    left = longer = 0
    for (number, turned), step in zip(ORDER, said, strict=True):
        own = -step if turned else step
        seen.setdefault(number, []).append(own)
        left += step < 0
        duel = DUELS[number]
        longer += own == (1 if len(duel.second) > len(duel.first) else -1)
    return sum(len(set(steps)) == 1 for steps in seen.values()), left, longer


def _swapped() -> list[widgets.Widget]:
    shown, said = words(), words(live=True)
    answers: list[int] = []
    chosen = widgets.ToggleButtons(options=SAID, value=None)

    def take(change: dict[str, int | None]) -> None:
        if change["new"] is None:
            return
        if len(answers) < len(ORDER):
            answers.append(change["new"])
        chosen.value = None
        show()

    def again() -> None:
        answers.clear()
        show()

    def show() -> None:
        if len(answers) < len(ORDER):
            number, turned = ORDER[len(answers)]
            duel = DUELS[number]
            sides = (duel.second, duel.first) if turned else (duel.first, duel.second)
            told = "".join(f"<td style='width:50%'>{escape(text)}</td>" for text in sides)
            shown.value = (
                f"<p class='lsd-soft'>{len(answers) + 1} of {len(ORDER)}</p>"
                f"<p><b>{escape(duel.request)}</b><br>{escape(duel.known)}</p>"
                f"<table><tr><th>left</th><th>right</th></tr><tr>{told}</tr></table>"
            )
            said.value = ""
            return
        alike, left, longer = verdicts(answers)
        shown.value = ""
        said.value = note(
            f"<b>{alike} of {len(DUELS)} pairs judged alike both times.</b> You chose the left "
            f"answer {left} times of {len(ORDER)}, and the longer one {longer} times. An answer "
            "cannot be better for standing on the left. Three pairs say little about you; "
            "exercise 2.H measures the same on twenty-four.",
            "right" if alike == len(DUELS) else "wrong",
        )

    chosen.observe(take, names="value")
    show()
    return [shown, chosen, said, row(button("Start again", again))]


# Severity ---------------------------------------------------------------------------------------


class Fault(NamedTuple):
    """An error in a draft: the words, the kind, its severity by guideline G9, and why."""

    text: str
    kind: str
    right: str
    why: str


BRIEF = (
    "Brief: notice for patients. Appointment on Tuesday 4 March at 8:30; come fasting; bring the "
    "card."
)
FAULTS = (
    Fault("Your appointment is on Tuesday 4 March at [8:03]", "accuracy", "minor",
          "Who comes at 8:03 waits. Had it been 9:30, the appointment would be missed: major."),
    Fault("Please come [after a good breakfast]", "accuracy", "major",
          "The reader does the opposite of what is needed, and the test fails."),
    Fault("and [brings] your card", "grammar", "minor", "It jars; everybody understands it."),
    Fault("[We look forward to seeing you]", "style", "neutral",
          "The brief asks for no such line and forbids none. Taste costs nothing."),
)  # fmt: skip


def weights() -> Frame:
    """Four marks in one draft: their severity makes the points."""
    return Frame("demo weights", "Severity and points of four marks", _weights)


def _weights() -> list[widgets.Widget]:
    choices = [
        widgets.ToggleButtons(options=["neutral", "minor", "major"], value=None) for _ in FAULTS
    ]
    said = words(live=True)

    def show(_: object = None) -> None:
        given = [choice.value for choice in choices]
        if None in given:
            said.value = note(f"{given.count(None)} to go.")
            return
        points = sum(POINTS[severity] for severity in given)
        key = sum(POINTS[fault.right] for fault in FAULTS)
        near = abs(points - key) <= 3
        told = "".join(
            f"<li><b>{escape(fault.kind)}, {fault.right}.</b> {escape(fault.why)}</li>"
            for fault, severity in zip(FAULTS, given, strict=True)
            if severity != fault.right
        )
        said.value = note(
            f"<b>{points} points.</b> The key has {key}, so this draft is "
            f"{'within' if near else 'further off than'} 3 points."
            + (f"<ul>{told}</ul>" if told else ""),
            "right" if near else "wrong",
        )

    rows = []
    for fault, choice in zip(FAULTS, choices, strict=True):
        choice.style.button_width = "92px"
        choice.observe(show, names="value")
        marked = escape(fault.text).replace("[", "<u><b>").replace("]", "</b></u>")
        rows.append(row(choice, words(f"{marked} <span class='lsd-soft'>{fault.kind}</span>")))
    show()
    return [words(f"<p>{escape(BRIEF)}</p>"), *rows, said]

"""Demos of lesson 1.2: `iguanas`, one picture boxed three ways, and `habits`, five to rewrite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ipywidgets as widgets

from labelschool.demos.foundation_pictures import boxed
from labelschool.demos.frame import Frame, button, escape, note, svg, words
from labelschool.errors import LabelSchoolError
from labelschool.model import BBox, Point
from labelschool.model.geometry import iou
from labelschool.text_answers import Page

# The iguanas -------------------------------------------------------------------------------------

ADA, BEN, CLEO, MODEL = "Ada", "Ben", "Cleo", "the model"
SILENT = "nothing"

# One iguana that looks to the left, drawn at 1 unit = 1.25 px.
_SCALE = 1.25
_BODY: tuple[Point, ...] = (
    (0, 52), (10, 40), (30, 32), (48, 34), (60, 27), (66, 18), (71, 26), (78, 16), (83, 25),
    (92, 15), (97, 25), (106, 17), (110, 27), (120, 22), (124, 32), (140, 38), (156, 50),
    (152, 66), (141, 72), (146, 88), (158, 94), (138, 97), (126, 78), (100, 80), (80, 77),
    (74, 91), (84, 97), (62, 98), (60, 74), (50, 66), (38, 75), (30, 62), (10, 60),
)  # fmt: skip
_TAIL: tuple[Point, ...] = (
    (146, 42), (190, 55), (222, 73), (248, 100), (272, 110), (246, 108), (214, 87), (184, 71),
    (146, 68),
)  # fmt: skip
_LEFT: Point = (40, 52)
_RIGHT: Point = (310, 78)


def _placed(part: Sequence[Point], at: Point) -> list[Point]:
    """The points of a part in pixels of the picture, for the iguana whose corner is `at`."""
    return [(at[0] + _SCALE * x, at[1] + _SCALE * y) for x, y in part]


def _bounds(points: Sequence[Point]) -> BBox:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _body(at: Point) -> BBox:
    return _bounds(_placed(_BODY, at))


def _whole(at: Point) -> BBox:
    return _bounds(_placed(_BODY + _TAIL, at))


@dataclass(frozen=True)
class Way:
    """One careful reading of "box the iguanas": its boxes, and the rule that would ask for it."""

    rule: str
    reading: str
    boxes: tuple[BBox, ...]


WAYS: Mapping[str, Way] = {
    ADA: Way(
        "one box each, with the tail",
        "Each animal to the tip of its tail. The boxes overlap.",
        (_whole(_LEFT), _whole(_RIGHT)),
    ),
    BEN: Way(
        "one box each, without the tail",
        "Each animal without its tail, as one would leave out an aerial.",
        (_body(_LEFT), _body(_RIGHT)),
    ),
    CLEO: Way(
        "one box for a group",
        "Animals that touch are one group, so one box.",
        (_bounds([p for at in (_LEFT, _RIGHT) for p in _placed(_BODY + _TAIL, at)]),),
    ),
}


def reading(name: str, rule: str) -> str:
    """How an annotator understands the job: in a way of their own where the rule is silent."""
    return WAYS[name].reading if rule == SILENT else f"By the rule: {rule}."


def drawn_by(rule: str) -> dict[str, tuple[BBox, ...]]:
    """What each annotator draws where the guideline says `rule`, or `SILENT`."""
    asked = next((way.boxes for way in WAYS.values() if way.rule == rule), None)
    return {name: asked or way.boxes for name, way in WAYS.items()}


def learned(labels: Sequence[BBox]) -> BBox:
    """The one box with the smallest mean squared error on the four edges of all labels.

    That is the mean of each edge: what a regression learns that meets one picture under several
    labels.
    """
    edges = [(x, y, x + width, y + height) for x, y, width, height in labels]
    left, top, right, bottom = (sum(side) / len(edges) for side in zip(*edges, strict=True))
    return (left, top, right - left, bottom - top)


def iguanas_figure(shown: str, rule: str) -> str:
    """The picture with one annotator's boxes, or with the box of the right animal as learned."""
    leaves = "".join(
        f'<ellipse cx="{x}" cy="{y}" rx="46" ry="12" transform="rotate({turn} {x} {y})"/>'
        for x, y, turn in (
            (70, 28, 20),
            (250, 20, -14),
            (470, 30, 16),
            (640, 24, -22),
            (700, 90, 70),
        )
    )
    animals = "".join(
        "".join(
            f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in _placed(part, at))}"/>'
            for part in (_TAIL, _BODY)
        )
        + f'<circle cx="{at[0] + 24 * _SCALE:.1f}" cy="{at[1] + 43 * _SCALE:.1f}" r="4" '
        'fill="#1b1b1b" stroke="none"/>'
        for at in (_LEFT, _RIGHT)
    )
    picture = (
        '<rect width="720" height="260" rx="4" fill="#cfe0e6"/>'
        f'<g fill="#9dbb9b">{leaves}</g>'
        '<path d="M0 168Q180 184 360 206T720 226v22Q540 232 360 226T0 188z" fill="#7a5c43"/>'
        '<g fill="#4f7a3a" stroke="#2f4a22" stroke-width="2" stroke-linejoin="round">'
        f"{animals}</g>"
    )
    by = drawn_by(rule)
    if shown == MODEL:
        boxes = boxed(
            learned([labels[-1] for labels in by.values()]),
            "right iguana?",
            colour="#ff7f5c",
            dashed=True,
        )
        what = "with the one dashed box that a model learns for the right animal"
    else:
        boxes = "".join(
            boxed(bbox, f"iguana {n}" if len(by[shown]) > 1 else "iguana")
            for n, bbox in enumerate(by[shown], 1)
        )
        what = f"with {len(by[shown])} box{'es' if len(by[shown]) > 1 else ''} by {shown}"
    return svg(720, 260, f"Two iguanas on a branch, drawn, {what}", picture + boxes)


def iguanas() -> Frame:
    """One picture, three careful annotators, and what a model makes of their boxes."""
    return Frame("demo iguanas", "Two iguanas, three ways to box them", _iguanas)


def _iguanas() -> list[widgets.Widget]:
    narrow = {"button_width": "auto"}
    who = widgets.ToggleButtons(options=[*WAYS, MODEL], description="Boxes by", style=narrow)
    rule = widgets.ToggleButtons(
        options=[SILENT, *(way.rule for way in WAYS.values())],
        description="Rule says",
        style=narrow,
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        by = drawn_by(rule.value)
        box = learned([labels[-1] for labels in by.values()])
        count = sum(len(labels) for labels in by.values()) / len(by)
        lines = "".join(
            f"<tr><th>{name}</th><td>{escape(reading(name, rule.value))}"
            f"</td><td>{iou(box, by[name][-1]):.2f}</td></tr>"
            for name in WAYS
        )
        figure.value = iguanas_figure(who.value, rule.value)
        said.value = (
            "<table><tr><th>who</th><th>reading</th><th>IoU with the model</th></tr>"
            f"{lines}</table>"
            + note(f"Iguanas in this picture, by the mean of the three: {count:.3g}.")
        )

    for control in (who, rule):
        control.observe(show, names="value")
    show()
    return [who, rule, figure, said]


# The habits --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Habit:
    """A habit of good engineers: why it helps code, what it does to labels, what replaces it."""

    name: str
    there: str
    here: str
    rewritten: str


HABITS = (
    Habit(
        "Make it general",
        "One function for three cases is less to test.",
        "A general rule in your head is a guideline that nobody else has read.",
        "I decide this case by its rule. Cases that the rule does not reach I collect; with "
        "three of them I propose a sentence to its owner.",
    ),
    Habit(
        "Refactor it",
        "You leave each file a little better than you found it.",
        "Labels changed in passing no longer follow the version that stands beside them.",
        "I leave finished labels alone. I report the defect with item, code and rule, and change "
        "it when a repair is ordered.",
    ),
    Habit(
        "Give it a sensible default",
        "A null that becomes zero keeps the service running.",
        "A default looks like an observation. Nobody can find the guesses again.",
        "I say less and flag it: the general class and unsure. If no rule allows that, I escalate.",
    ),
    Habit(
        "Ship it, fix it forward",
        "A patch tomorrow costs little, and users are helped today.",
        "A model trained today keeps the error, and the patch does not reach it.",
        "I mark an item done when I would defend it. If I find my error later, I report how many "
        "items it touches.",
    ),
    Habit(
        "Do not repeat yourself",
        "What is written once can be wrong only once.",
        "A label copied from the last picture copies its error, and looks like agreement.",
        "I look at each item anew. Scripts may list candidates and check formats; they do not "
        "decide unseen.",
    ),
)


KEPT = "<p class='lsd-soft'>Your sentences are kept in <code>answers/1.2/habits.md</code>.</p>"


def habits() -> Frame:
    """Five engineering habits, to be rewritten before ours is shown."""
    return Frame("demo habits", "Five habits to rewrite", _habits)


def _habits() -> list[widgets.Widget]:
    choice = widgets.ToggleButtons(
        options=[(habit.name, n) for n, habit in enumerate(HABITS)], style={"button_width": "auto"}
    )
    own = widgets.Textarea(
        placeholder="I ...", description="Yours", layout=widgets.Layout(width="98%", height="64px")
    )
    about, compared, said = words(), words(live=True), words(live=True)
    page = Page("1.2", "habits", as_text)
    drafts = {name: text for name, text in page.read().items() if isinstance(text, str)}

    def keep(change: dict) -> None:
        name, text = HABITS[choice.value].name, change["new"]
        if text == drafts.get(name, ""):
            return
        drafts[name] = text
        try:
            page.keep({name: text})
        except LabelSchoolError as error:
            said.value = note(escape(error), "wrong")
        else:
            said.value = KEPT

    def show(_: object = None) -> None:
        habit = HABITS[choice.value]
        own.value = drafts.get(habit.name, "")
        compared.value = ""
        about.value = note(
            f"<p><b>In code:</b> {escape(habit.there)}</p><b>In labels:</b> {escape(habit.here)}"
        )

    def compare() -> None:
        if not own.value.strip():
            compared.value = note("Write one sentence first. It need not be a good one.")
            return
        compared.value = note(
            f"<p><b>Ours:</b> {escape(HABITS[choice.value].rewritten)}</p>Does yours say what you "
            "do, what you leave, and who decides?"
        )

    own.observe(keep, names="value")
    choice.observe(show, names="value")
    show()
    if drafts:
        said.value = KEPT
    return [choice, about, own, button("Compare", compare, primary=True), compared, said]


def as_text(sentences: Mapping[str, str]) -> str:
    """The page as Markdown: the learner's sentence below the name of each habit."""
    lines = ["# Five habits, rewritten", ""]
    for habit in HABITS:
        if sentence := str(sentences.get(habit.name) or "").strip():
            lines += [f"## {habit.name}", "", sentence, ""]
    return "\n".join(lines)

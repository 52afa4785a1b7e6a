"""Demos of lesson 2.2 about boxes: `slack`, `extremes` and `flags`."""

from __future__ import annotations

import math

import ipywidgets as widgets

from labelschool.demos.frame import Frame, note, row, svg, words
from labelschool.demos.numbers import percent
from labelschool.model import TRUNCATED_ABOVE, iou, occlusion_level

WIDTH = 720
TRUTH, MADE, INK = "#1a7f4b", "#c05a12", "#33424c"
"""Colours of the reference, dashed, of what was drawn, and of things."""


def _slider(text: str, value: int, low: int, high: int, step: int = 1) -> widgets.IntSlider:
    return widgets.IntSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=text,
        style={"description_width": "initial"},
        layout=widgets.Layout(width="420px"),
    )


def _box(bbox: tuple[float, float, float, float], colour: str, dash: str = "") -> str:
    x, y, width, height = bbox
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="none" '
        f'stroke="{colour}" stroke-width="2.5"{f" stroke-dasharray={dash!r}" if dash else ""}/>'
    )


# Slack ------------------------------------------------------------------------------------------

SIDES = (8, 16, 32, 256)
BAR = 0.75


def slack_iou(side: float, px: float) -> float:
    """IoU of a square object with a box that is `px` too far out on every side."""
    grown = side + 2 * px
    return iou((0, 0, side, side), (-px, -px, grown, grown)) if grown > 0 else 0.0


def slack_figure(px: int) -> str:
    """Four objects drawn in the same size with a box that is `px` off on every side."""
    body = []
    for n, side in enumerate(SIDES):
        left, top, shown = 34 + 175 * n, 46, 96
        off = shown * px / side
        value = slack_iou(side, px)
        grown = max(shown + 2 * off, 0)
        body.append(
            f'<rect x="{left}" y="{top}" width="{shown}" height="{shown}" rx="3" fill="{INK}" '
            'opacity="0.35"/>'
            + _box((left, top, shown, shown), TRUTH, "7 5")
            + _box((left - off, top - off, grown, grown), MADE)
            + f'<text x="{left + shown / 2}" y="212" text-anchor="middle">{side} px wide</text>'
            f'<text x="{left + shown / 2}" y="234" text-anchor="middle" '
            f'style="font-weight:600">IoU {value:.3f}</text>'
            f'<text x="{left + shown / 2}" y="254" text-anchor="middle" class="soft">'
            f"{'counts' if value >= BAR else 'rejected'} at {BAR}</text>"
        )
    told = ", ".join(f"{side} px: {slack_iou(side, px):.3f}" for side in SIDES)
    return svg(WIDTH, 266, f"Boxes {px} px off on every side. IoU by size: {told}", "".join(body))


def slack() -> Frame:
    """The same mistake in px on objects of four sizes."""
    return Frame("demo slack", "One pixel on objects of four sizes", _slack)


def _slack() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    slider = _slider("px on every side", 1, -2, 3)

    def show(_: object = None) -> None:
        px = slider.value
        figure.value = slack_figure(px)
        lost = [side for side in SIDES if slack_iou(side, px) < BAR]
        which = " and ".join(f"{side} px" for side in lost) or "none"
        word = "too large" if px > 0 else "too small" if px < 0 else "exact"
        said.value = note(
            f"{abs(px)} px {word} on every side: a detector scored at IoU {BAR} would reject "
            f"the box of {which}."
            if px
            else "Exact. Every box counts."
        )

    slider.observe(show, names="value")
    show()
    return [figure, slider, said]


# Extreme clicks ---------------------------------------------------------------------------------

DRAG, EXTREME = "Drag a box", "Four extreme clicks"
TURN = math.radians(-28)
CENTRE, RADII = (360.0, 150.0), (190.0, 62.0)
_REACH = (
    math.hypot(RADII[0] * math.cos(TURN), RADII[1] * math.sin(TURN)),
    math.hypot(RADII[0] * math.sin(TURN), RADII[1] * math.cos(TURN)),
)
LEAF = (CENTRE[0] - _REACH[0], CENTRE[1] - _REACH[1], 2 * _REACH[0], 2 * _REACH[1])
"""The box of the leaf, an ellipse turned by `TURN`."""

DRAGGED = (
    ((-16, 24, 14, 20), "You press where the corner should be. Nothing is there to aim at."),
    ((-16, 24, -30, -12), "You let go at the other corner. You guess again."),
    ((-16, -2, -30, -12), "The upper side cuts the leaf. You pull it out."),
    ((-2, -2, -30, -12), "The left side was loose. You push it in."),
    ((-2, -2, -1, -1), "Two more sides, two more pulls: six moves for one box."),
)
"""How far each side lies inside the leaf's box after a move, in px (left, top, right, bottom)."""


def _extremes() -> tuple[tuple[str, float, float], ...]:
    """Top, left, bottom and right of the leaf: the points at which its outline turns back."""
    (cx, cy), (a, b) = CENTRE, RADII
    cos, sin = math.cos(TURN), math.sin(TURN)
    right = math.atan2(-b * sin, a * cos)
    bottom = math.atan2(b * cos, a * sin)
    found = []
    for name, angle in (
        ("top", bottom + math.pi),
        ("left", right + math.pi),
        ("bottom", bottom),
        ("right", right),
    ):
        x, y = a * math.cos(angle), b * math.sin(angle)
        found.append((name, cx + x * cos - y * sin, cy + x * sin + y * cos))
    return tuple(found)


def extremes_figure(way: str, step: int) -> str:
    """The leaf after `step` moves of one way of boxing it, 1 to 5 or 4."""
    x, y, width, height = LEAF
    body = [
        f'<rect width="{WIDTH}" height="300" rx="4" fill="#dfe6ea"/>'
        f'<ellipse cx="{CENTRE[0]}" cy="{CENTRE[1]}" rx="{RADII[0]}" ry="{RADII[1]}" '
        f'fill="#6d8f5a" transform="rotate({math.degrees(TURN):.1f} {CENTRE[0]} {CENTRE[1]})"/>'
    ]
    if way == EXTREME:
        points = _extremes()[:step]
        for n, (_, px, py) in enumerate(points, 1):
            body.append(
                f'<circle cx="{px:.1f}" cy="{py:.1f}" r="6" fill="{MADE}" stroke="#fff" '
                f'stroke-width="2"/><text x="{px + 10:.1f}" y="{py - 8:.1f}" '
                f'style="fill:#1b1b1b">{n}</text>'
            )
        if step >= 4:
            body.append(_box(LEAF, MADE))
        told = f"{len(points)} of 4 points clicked"
    elif step == 1:
        inset = DRAGGED[0][0]
        body.append(
            f'<path d="M{x + inset[0] - 9} {y + inset[1]}h18m-9 -9v18" stroke="{MADE}" '
            'stroke-width="2.5"/>'
        )
        told = "the first corner pressed"
    else:
        left, top, right, bottom = DRAGGED[step - 1][0]
        made = (x + left, y + top, width - left - right, height - top - bottom)
        body.append(_box(made, MADE))
        told = f"move {step}, IoU {iou(made, LEAF):.2f}"
    return svg(WIDTH, 300, f"A slanted leaf. {way}: {told}", "".join(body))


def extremes() -> Frame:
    """One slanted thing, boxed in two ways, move by move."""
    return Frame("demo extremes", "Corners are guessed, extremes are seen", _show_extremes)


def _show_extremes() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    way = widgets.ToggleButtons(
        options=[DRAG, EXTREME], value=DRAG, style={"button_width": "180px"}
    )
    step = _slider("move", 1, 1, len(DRAGGED))

    def show(_: object = None) -> None:
        moves = min(step.value, 4) if way.value == EXTREME else step.value
        figure.value = extremes_figure(way.value, moves)
        if way.value == DRAG:
            text = DRAGGED[moves - 1][1]
        else:
            name = _extremes()[moves - 1][0]
            text = f"Click {moves}: the {name}most pixel. You can see it, so you can hit it."
            text += " The box is there." if moves == 4 else ""
        said.value = note(text)

    for control in (way, step):
        control.observe(show, names="value")
    show()
    return [way, figure, step, said]


# Flags ------------------------------------------------------------------------------------------

CAR = (200.0, 120.0)
"""Width and height of the drawn car, whose body is taken for a full rectangle, in px."""
FRAME = (60.0, 660.0)
"""Left and right end of the drawn picture."""
START = 300.0


def shares(covered: int, beyond: int) -> tuple[float, float]:
    """Hidden and cut share of the car: `covered` percent of what is inside the picture lies behind
    a van, `beyond` percent of the whole outside the picture. Both from the drawn widths.
    """
    return covered / 100, beyond / 100


def flags_figure(covered: int, beyond: int) -> str:
    """A car, a van in front of its left part, and the right end of the picture."""
    hidden, cut = shares(covered, beyond)
    left = FRAME[1] - CAR[0] * (1 - cut) if beyond else START
    inside = CAR[0] * (1 - cut)
    van = inside * hidden
    top = 90.0
    visible = (left + van, top, inside - van, CAR[1])
    body = (
        f'<rect x="{FRAME[0]}" y="20" width="{FRAME[1] - FRAME[0]}" height="240" fill="#dfe6ea"/>'
        f'<rect x="{left:.1f}" y="{top}" width="{CAR[0]}" height="{CAR[1]}" rx="10" '
        'fill="#3f6d8e"/>'
        f'<rect x="{FRAME[1]}" y="20" width="{WIDTH - FRAME[1]}" height="240" '
        'fill="var(--lsd-ground)" opacity="0.8"/>'
        + (
            f'<rect x="{left + van - 170:.1f}" y="{top - 40}" width="170" height="{CAR[1] + 60}" '
            'rx="6" fill="#7a6a55"/>'
            if van
            else ""
        )
        + (_box(visible, MADE) if visible[2] > 0 else "")
        + f'<text x="{FRAME[0] + 6}" y="252" style="fill:#1b1b1b">the picture ends on the right'
        "</text>"
    )
    return svg(
        WIDTH, 270,
        f"A car, {covered} % of its visible side behind a van and {beyond} % of it outside the "
        "picture, with the box of its visible part",
        body,
    )  # fmt: skip


def flags() -> Frame:
    """Two flags with different limits, from two sliders."""
    return Frame("demo flags", "Hidden, or cut off", _flags)


def _flags() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    covered = _slider("% behind the van", 20, 0, 90, 5)
    beyond = _slider("% outside the picture", 0, 0, 80, 5)

    def show(_: object = None) -> None:
        hidden, cut = shares(covered.value, beyond.value)
        figure.value = flags_figure(covered.value, beyond.value)
        level = occlusion_level(hidden)
        truncated = "set" if cut > TRUNCATED_ABOVE else "not set"
        seen = (1 - hidden) * (1 - cut)
        skip = " Less than 10 % of it can be seen: no box (rule 8)." if seen < 0.1 else ""
        said.value = note(
            f"<b>occluded: level {level}</b> (rule 6). <b>truncated: {truncated}</b> (rule 7). "
            f"The box spans the {percent(seen)} that can be seen.{skip}"
        )

    for control in (covered, beyond):
        control.observe(show, names="value")
    show()
    return [figure, row(covered, beyond), said]

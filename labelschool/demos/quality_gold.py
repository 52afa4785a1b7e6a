"""Demos of lesson 3.6: `gold`, both risks of a bar, and `designer`, a month under a design."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np

from labelschool.demos.axes import share_lines, share_ticks
from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.quality.gold import error_risks, flag_probability
from labelschool.quality.gold_design import DAYS, KNOBS, PRACTICE, Design, Month, Team, month

WEAK, GOOD = 0.7, 0.9
WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, FLOOR = 60, 690, 24, 250
LOWEST = 0.5
BAD_INK, GOOD_INK = "#d55e00", "#0072b2"
"""Vermillion and blue of Okabe and Ito; the weak one is a square, the good one a disc."""
START = {"share": 10, "count": 20, "difficulty": 1, "days": 20, "bar": 80}
"""What the panel of the designer shows first: easy golds, the same all month."""


# Both risks ---------------------------------------------------------------------------------------


def gold() -> Frame:
    """Who falls below a bar, by accuracy, with handles for the golds and the bar."""
    return Frame("demo gold", "Both risks of a gold bar", _gold)


def _gold() -> list[widgets.Widget]:
    golds = _slider("Golds each", 10, 1, 60, 1)
    bar = _slider("Bar, in % right", 80, 50, 100, 1)
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        figure.value = curve(golds.value, bar.value / 100)
        risks = error_risks(WEAK, GOOD, golds.value, bar.value / 100)
        said.value = note(
            f"Of 100 people who are right on {percent(WEAK)}, <b>{100 * (1 - risks.missed):.0f} "
            f"are caught</b> and {100 * risks.missed:.0f} pass. Of 100 who are right on "
            f"{percent(GOOD)}, <b>{100 * risks.false_alarm:.0f} are flagged</b> by chance."
        )

    for control in (golds, bar):
        control.observe(show, names="value")
    show()
    return [golds, bar, figure, said]


def curve(n: int, bar: float) -> str:
    """The probability of being flagged, by accuracy, with both risks marked."""
    accuracy = np.linspace(LOWEST, 1, 101)
    points = " ".join(
        f"{_x(a):.1f},{_y(p):.1f}"
        for a, p in zip(accuracy, flag_probability(accuracy, n, bar), strict=True)
    )
    caught, alarm = flag_probability(np.array([WEAK, GOOD]), n, bar)
    body = [
        share_lines(LEFT, RIGHT, _y),
        share_ticks((0.5, 0.6, 0.7, 0.8, 0.9, 1), _x, FLOOR + 20),
        f'<path d="M{_x(bar):.1f} {TOP}V{FLOOR}" stroke="var(--lsd-ink)" stroke-dasharray="3 4"/>',
        f'<text x="{_x(bar) + (-6 if bar > 0.6 else 6):.1f}" y="{FLOOR - 8}" '
        f'text-anchor="{"end" if bar > 0.6 else "start"}">bar {percent(bar)}</text>',
        f'<polyline points="{points}" fill="none" stroke="var(--lsd-ink)" stroke-width="2.5"/>',
        f'<rect x="{_x(WEAK) - 7:.1f}" y="{_y(caught) - 7:.1f}" width="14" height="14" '
        f'fill="{BAD_INK}"/>',
        _beside(WEAK, f"weak: {percent(caught)} caught", _y(caught), left=caught > 0.2),
        f'<circle cx="{_x(GOOD):.1f}" cy="{_y(alarm):.1f}" r="7.5" fill="{GOOD_INK}"/>',
        _beside(GOOD, f"good: {percent(alarm)} flagged", _y(alarm), left=alarm > 0.2),
        f'<text x="{RIGHT}" y="{HEIGHT - 8}" text-anchor="end" class="soft">'
        "share that somebody gets right</text>",
        f'<text x="{LEFT}" y="14" class="soft">probability of falling below the bar</text>',
    ]
    description = (
        f"A falling curve for {n} golds and a bar of {percent(bar)}: somebody right on 70 % is "
        f"flagged with {percent(caught)}, somebody right on 90 % with {percent(alarm)}"
    )
    return svg(WIDTH, HEIGHT, description, "".join(body))


def _beside(accuracy: float, text: str, y: float, *, left: bool) -> str:
    """Words that leave a falling curve free: on its left below it, on its right above it."""
    step, rise, anchor = (-12, 24, "end") if left else (6, -14, "start")
    return (
        f'<text x="{_x(accuracy) + step:.1f}" y="{y + rise:.1f}" text-anchor="{anchor}">'
        f"{text}</text>"
    )


def _x(accuracy: float) -> float:
    return LEFT + (RIGHT - LEFT) * (accuracy - LOWEST) / (1 - LOWEST)


def _y(share: float) -> float:
    return FLOOR - (FLOOR - TOP) * share


# A month under a design ---------------------------------------------------------------------------


def designer() -> Frame:
    """Five numbers of a gold programme, and what a month of the practice team brings."""
    return Frame("demo designer", "A month of street tags under a design of gold", _designer)


def _designer() -> list[widgets.Widget]:
    controls = {
        knob.name: _slider(
            f"{knob.label}, {knob.unit}" if knob.unit not in ("", "golds") else knob.label,
            START[knob.name],
            knob.low,
            knob.high,
            knob.step,
        )
        for knob in KNOBS
    }
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        design = Design(**{name: control.value for name, control in controls.items()})
        made = month(design, PRACTICE)
        figure.value = balance(made, PRACTICE)
        said.value = note(told(design, made, PRACTICE), "right" if made.worth > 0 else "wrong")

    for control in controls.values():
        control.observe(show, names="value")
    show()
    return [*controls.values(), figure, said]


def told(design: Design, made: Month, team: Team) -> str:
    """What a month brings, and what decides it."""
    if not made.within_cap:
        return (
            f"<b>Not carried out.</b> Gold would cost {made.cost:,.0f} dollars a month, and the "
            f"cap is {team.cap:,.0f}."
        )
    weak = next(group for group in team.groups if group.weak)
    steady = next(group for group in team.groups if not group.weak)
    right = [float(team.right(group.ability, design.difficulty)) for group in (weak, steady)]
    return (
        f"<b>Worth {made.worth:,.0f} dollars.</b> A person answers {made.golds} golds that tell "
        f"something; {percent(made.known)} of what is shown is known. On golds that are not known, "
        f"weak people are right on {percent(right[0])} and steady ones on {percent(right[1])}. "
        f"Found: {weak.people * made.flagged[weak.name]:.1f} of {weak.people} weak people."
    )


def balance(made: Month, team: Team) -> str:
    """What is saved, lost and spent as bars on one scale."""
    rows = (
        ("weak people found", made.saved, GOOD_INK, ""),
        ("good people lost", made.lost, BAD_INK, "6 3"),
        ("making golds", made.making, "#767676", ""),
        ("answers to golds", made.serving, "#767676", ""),
    )
    scale = 420 / max(team.saved * 3, *(float(value) for _, value, _, _ in rows))
    body = ['<text x="160" y="14" class="soft">dollars in the month</text>']
    for place, (name, value, ink, dashes) in enumerate(rows):
        top = 24 + 34 * place
        sign = "" if round(value) == 0 else "+" if name.startswith("weak") else "-"
        outline = f' stroke="var(--lsd-ink)" stroke-dasharray="{dashes}"' if dashes else ""
        body.append(
            f'<text x="150" y="{top + 16}" text-anchor="end">{name}</text>'
            f'<rect x="160" y="{top}" width="{max(1, value * scale):.1f}" height="22" '
            f'fill="{ink}"{outline}/>'
            f'<text x="{166 + value * scale:.1f}" y="{top + 16}">'
            f"{sign}{value:,.0f}</text>"
        )
    description = "; ".join(f"{name} {value:,.0f} dollars" for name, value, _, _ in rows)
    return svg(WIDTH, 164, f"{description}; {DAYS} working days", "".join(body))


def _slider(name: str, value: float, low: float, high: float, step: float) -> widgets.Widget:
    whole = float(step).is_integer()
    kind = widgets.IntSlider if whole else widgets.FloatSlider
    low, high, step, value = (int(x) if whole else x for x in (low, high, step, value))
    return kind(
        readout_format="d" if whole else ".1f",
        value=value,
        min=low,
        max=high,
        step=step,
        description=name,
        layout=widgets.Layout(width="min(620px, 98%)"),
        style={"description_width": "230px"},
    )

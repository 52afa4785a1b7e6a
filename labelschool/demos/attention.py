"""Demo of lesson 1.6: `rare`, what sensitivity, criterion and prevalence do to the misses."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import ipywidgets as widgets

from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.scoring.detection_theory import cdf

PICTURES = 1000
SHARES = (50, 20, 10, 5, 2, 1)
WIDTH, HEIGHT = 720, 230
FLOOR, PEAK = 190, 150
EMPTY, TARGET = "#0072b2", "#d55e00"
"""Blue and vermillion of Okabe and Ito; the target's curve is dashed too."""


@dataclass(frozen=True)
class Expected:
    """What a hunter is expected to say to `PICTURES` pictures, in pictures."""

    hits: float
    misses: float
    false_alarms: float
    correct_rejections: float

    @property
    def accuracy(self) -> float:
        """Share of right answers."""
        return (self.hits + self.correct_rejections) / PICTURES


def expected(sensitivity: float, criterion: float, percent_targets: float) -> Expected:
    """The expected table of the equal-variance model: curves at -d'/2 and d'/2, yes above c."""
    targets = PICTURES * percent_targets / 100
    others = PICTURES - targets
    hits = targets * cdf(sensitivity / 2 - criterion)
    alarms = others * cdf(-sensitivity / 2 - criterion)
    return Expected(hits, targets - hits, alarms, others - alarms)


def rare() -> Frame:
    """Two curves, a line between yes and no, and the table that follows."""
    return Frame("demo rare", "Where yes begins", _rare)


def _rare() -> list[widgets.Widget]:
    wide, style = widgets.Layout(width="min(520px, 98%)"), {"description_width": "170px"}
    share = widgets.SelectionSlider(
        options=[(f"{n} in 100", n) for n in SHARES],
        value=50,
        description="Pictures with a target",
        layout=wide,
        style=style,
    )
    line = widgets.FloatSlider(
        value=0, min=-1, max=2, step=0.1, description="Criterion c", layout=wide, style=style
    )
    skill = widgets.FloatSlider(
        value=3, min=0, max=4, step=0.1, description="Sensitivity d'", layout=wide, style=style
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        made = expected(skill.value, line.value, share.value)
        targets = made.hits + made.misses
        figure.value = curves(skill.value, line.value)
        said.value = note(
            f"Of {PICTURES:,} pictures {targets:.0f} hold a target. This hunter finds "
            f"{made.hits:.0f}, misses {made.misses:.0f} and raises {made.false_alarms:.0f} false "
            f"alarms. <b>Miss rate {percent(made.misses / targets)}</b>, accuracy "
            f"{made.accuracy:.1%}. Always saying no has an accuracy of "
            f"{1 - share.value / 100:.1%} and misses everything."
        )

    for control in (share, line, skill):
        control.observe(show, names="value")
    show()
    return [share, line, skill, figure, said]


def curves(sensitivity: float, criterion: float) -> str:
    """How much pictures look like a target: without one, with one, and the line between."""

    def x(value: float) -> float:
        return WIDTH * (value + 5) / 10

    def height(value: float, centre: float) -> float:
        return FLOOR - PEAK * exp(-((value - centre) ** 2) / 2)

    def points(centre: float, start: float, end: float) -> str:
        steps = [start + (end - start) * n / 80 for n in range(81)]
        return " ".join(f"{x(v):.1f},{height(v, centre):.1f}" for v in steps)

    def under(centre: float, start: float, end: float, colour: str) -> str:
        return (
            f'<polygon points="{x(start):.1f},{FLOOR} {points(centre, start, end)} '
            f'{x(end):.1f},{FLOOR}" fill="{colour}" opacity="0.45"/>'
        )

    left, right = -sensitivity / 2, sensitivity / 2
    body = [
        under(right, -5, criterion, TARGET),
        under(left, criterion, 5, EMPTY),
        f'<polyline points="{points(left, -5, 5)}" fill="none" stroke="{EMPTY}" stroke-width="2"/>',
        f'<polyline points="{points(right, -5, 5)}" fill="none" stroke="{TARGET}" '
        'stroke-width="2" stroke-dasharray="7 4"/>',
        f'<path d="M{x(criterion):.1f} 14V{FLOOR}" stroke="var(--lsd-ink)" stroke-width="2"/>',
        f'<text x="{x(criterion) - 8:.1f}" y="24" text-anchor="end">you say no</text>',
        f'<text x="{x(criterion) + 8:.1f}" y="24">you say yes</text>',
        f'<path d="M0 {HEIGHT - 14}h24" stroke="{EMPTY}" stroke-width="2"/>',
        f'<text x="30" y="{HEIGHT - 10}">no target; filled: false alarms</text>',
        f'<path d="M250 {HEIGHT - 14}h24" stroke="{TARGET}" stroke-width="2" '
        'stroke-dasharray="7 4"/>',
        f'<text x="280" y="{HEIGHT - 10}">target; filled: misses</text>',
        f'<path d="M0 {FLOOR}H{WIDTH}" stroke="var(--lsd-line)"/>',
        f'<text x="{WIDTH}" y="{HEIGHT - 10}" text-anchor="end" class="soft">'
        "looks more like a target</text>",
    ]
    description = (
        f"Two bell curves, {sensitivity:.1f} apart, and a line between no and yes at "
        f"{criterion:.1f} from their middle"
    )
    return svg(WIDTH, HEIGHT, description, "".join(body))

"""Demo of lesson 3.2: `paradox`, handles on the table of two annotators."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import isnan

import ipywidgets as widgets
import numpy as np

from labelschool.demos.frame import Frame, button, note, row, svg, words
from labelschool.quality import cohen_kappa, gwet_ac1

WIDTH = 720
AGREED, KAPPA, AC1 = "#6b7680", "#2f6fb5", "#c05a12"
"""Colours of the observed agreement, of kappa and of AC1."""


def told(value: float) -> str:
    """A coefficient for reading."""
    return "no value" if isnan(value) else f"{value:.2f}"


N = 100
PRESETS = ((40, 9, 6, 45), (80, 10, 5, 5), (94, 3, 3, 0))


@dataclass(frozen=True, slots=True)
class Cells:
    """How many of 100 clips both call yes, only one of the two does, or neither."""

    both: int
    ada: int
    ben: int
    neither: int

    @property
    def agreed(self) -> float:
        """The share of clips on which they agree."""
        return (self.both + self.neither) / N

    @property
    def kappa(self) -> float:
        """Cohen's kappa."""
        ada = np.repeat([1, 1, 0, 0], self.counts)
        return cohen_kappa(ada, np.repeat([1, 0, 1, 0], self.counts))

    @property
    def ac1(self) -> float:
        """Gwet's AC1."""
        return gwet_ac1(np.repeat([[2, 0], [1, 1], [1, 1], [0, 2]], self.counts, axis=0))

    @property
    def chance(self) -> float:
        """The agreement that two people reach who draw lots with these margins."""
        ada, ben = (self.both + self.ada) / N, (self.both + self.ben) / N
        return ada * ben + (1 - ada) * (1 - ben)

    @property
    def counts(self) -> list[int]:
        """The four cells."""
        return [self.both, self.ada, self.ben, self.neither]


@cache
def paradox_curves(agree: int, ada: int) -> list[tuple[float, float]]:
    """Kappa and AC1 for every number of clips that both call yes, the rest of `agree` being no."""
    tables = [Cells(both, ada, N - agree - ada, agree - both) for both in range(agree + 1)]
    return [(cells.kappa, cells.ac1) for cells in tables]


_LEFT, _RIGHT, _TOP, _FLOOR = 346, 574, 34, 262
_LOW = -0.2


def _height(value: float) -> float:
    return _FLOOR - (max(value, _LOW) - _LOW) / (1 - _LOW) * (_FLOOR - _TOP)


def _across(both: int, agree: int) -> float:
    return _LEFT + both / max(agree, 1) * (_RIGHT - _LEFT)


def _curve(values: list[float], agree: int, colour: str) -> str:
    points = [
        f"{_across(both, agree):.1f},{_height(value):.1f}"
        for both, value in enumerate(values)
        if not isnan(value)
    ]
    return f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _apart(heights: list[float], gap: float = 17) -> list[float]:
    """Heights of labels in their order, moved down where they would overlap."""
    placed: dict[int, float] = {}
    for place in sorted(range(len(heights)), key=lambda k: heights[k]):
        placed[place] = max(heights[place], max(placed.values(), default=-gap) + gap)
    return [placed[k] for k in range(len(heights))]


def _table(cells: Cells) -> str:
    parts = []
    for number, count in enumerate(cells.counts):
        x, y = 96 + number % 2 * 92, 74 + number // 2 * 82
        colour = KAPPA if number in (0, 3) else AC1
        parts.append(
            f'<rect x="{x}" y="{y}" width="88" height="78" rx="4" fill="{colour}" '
            f'fill-opacity="{0.08 + 0.5 * count / N:.2f}" stroke="{colour}"/>'
            f'<text x="{x + 44}" y="{y + 48}" text-anchor="middle" '
            f'style="font-size:24px;font-weight:600">{count}</text>'
        )
    rows = (cells.both + cells.ada, cells.ben + cells.neither)
    columns = (cells.both + cells.ben, cells.ada + cells.neither)
    for place, said in enumerate(("yes", "no")):
        x, y = 140 + place * 92, 118 + place * 82
        parts.append(
            f'<text x="{x}" y="66" text-anchor="middle">{said}</text>'
            f'<text x="88" y="{y}" text-anchor="end">{said}</text>'
            f'<text x="{x}" y="256" text-anchor="middle" class="soft">{columns[place]}</text>'
            f'<text x="290" y="{y}" class="soft">{rows[place]}</text>'
        )
    heads = (
        '<text x="186" y="44" text-anchor="middle" style="font-weight:600">Ben says</text>'
        '<text x="22" y="159" style="font-weight:600">Ada</text>'
        '<text x="22" y="176" style="font-weight:600">says</text>'
    )
    return heads + "".join(parts)


def paradox_figure(cells: Cells) -> str:
    """The table, and what the three numbers would be for every share of yes."""
    agree = cells.both + cells.neither
    curves = paradox_curves(agree, cells.ada)
    at = _across(cells.both, agree)
    values = (("agreement", cells.agreed, AGREED), ("AC1", cells.ac1, AC1),
              ("kappa", cells.kappa, KAPPA))  # fmt: skip
    body = [_table(cells)]
    for tick in (0.0, 0.5, 1.0):
        body.append(
            f'<path d="M{_LEFT} {_height(tick):.1f}H{_RIGHT}" stroke="var(--lsd-line)" '
            f'stroke-width="{1.5 if tick == 0 else 0.7}"/>'
            f'<text x="{_LEFT - 8}" y="{_height(tick) + 4:.1f}" text-anchor="end" class="soft">'
            f"{tick:g}</text>"
        )
    body += [
        _curve([cells.agreed] * (agree + 1), agree, AGREED),
        _curve([ac1 for _, ac1 in curves], agree, AC1),
        _curve([kappa for kappa, _ in curves], agree, KAPPA),
        f'<path d="M{at:.1f} {_TOP - 8}V{_FLOOR}" stroke="var(--lsd-soft)" '
        'stroke-dasharray="4 4"/>',
    ]
    ends = _apart([_height(0 if isnan(value) else value) for _, value, _ in values])
    for (name, value, colour), y in zip(values, ends, strict=True):
        if not isnan(value):
            body.append(f'<circle cx="{at:.1f}" cy="{_height(value):.1f}" r="5" fill="{colour}"/>')
        body.append(
            f'<text x="{_RIGHT + 10}" y="{y + 4:.1f}" style="fill:{colour};font-weight:600">'
            f"{name} {told(value)}</text>"
        )
    body.append(
        f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_FLOOR + 22}" text-anchor="middle" class="soft">'
        f"clips that both call yes, 0 to {agree}</text>"
    )
    said = (
        f"Of 100 clips both say yes to {cells.both}, only Ada to {cells.ada}, only Ben to "
        f"{cells.ben}, nobody to {cells.neither}. Agreement {cells.agreed:.2f}, kappa "
        f"{told(cells.kappa)}, AC1 {told(cells.ac1)}"
    )
    return svg(WIDTH, 296, said, "".join(body))


def paradox_said(cells: Cells) -> str:
    """Where the value of kappa comes from."""
    if isnan(cells.kappa):
        return "Both use one class alone. Chance agrees wholly too, so kappa has no value: 0/0."
    return (
        f"By lots with the same totals they would agree on {100 * cells.chance:.0f} of 100. They "
        f"agree on {100 * cells.agreed:.0f}: kappa is ({cells.agreed:.2f} - {cells.chance:.2f}) / "
        f"(1 - {cells.chance:.2f}) = <b>{cells.kappa:.2f}</b>."
    )


def paradox() -> Frame:
    """Three handles on a table of two annotators."""
    return Frame("demo paradox", "The same agreement, another kappa", _paradox)


def _handle(text: str) -> widgets.IntSlider:
    return widgets.IntSlider(
        min=0,
        max=N,
        description=text,
        style={"description_width": "190px"},
        layout=widgets.Layout(width="560px"),
    )


def _paradox() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    agree, both, ada = _handle("they agree on"), _handle("of these both say yes"), _handle(
        "of the rest only Ada says yes"
    )  # fmt: skip

    def cells() -> Cells:
        rest = N - agree.value
        return Cells(both.value, ada.value, rest - ada.value, agree.value - both.value)

    def show(_: object = None) -> None:
        both.max, ada.max = agree.value, N - agree.value
        figure.value = paradox_figure(cells())
        said.value = note(paradox_said(cells()))

    def preset(table: tuple[int, int, int, int]) -> None:
        for handle in handles:
            handle.unobserve(show, names="value")
            handle.max = N
        agree.value, both.value, ada.value = table[0] + table[3], table[0], table[1]
        for handle in handles:
            handle.observe(show, names="value")
        show()

    handles = (agree, both, ada)
    presets = [button(" / ".join(map(str, t)), lambda t=t: preset(t)) for t in PRESETS]
    preset(PRESETS[0])
    return [row(*presets), figure, *handles, said]

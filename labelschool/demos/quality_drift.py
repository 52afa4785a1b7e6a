"""Demo of lesson 3.10: `alarms`, one month on a p-chart and on a CUSUM, and 2,000 such months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import ipywidgets as widgets
import numpy as np

from labelschool.demos.frame import Frame, button, note, row, svg, words
from labelschool.demos.numbers import percent
from labelschool.quality import drift

DAYS, RISE = 30, 13
GOOD = 0.04
RUNS = 2000
FIRST_RUN = 1
WIDTH, HEIGHT = 720, 350
LEFT, RIGHT = 52, 610
POINT, ALARM, LIMIT = "#0072b2", "#d55e00", "#5b6470"
"""Blue, vermillion and grey; alarms are also larger and named."""
HALO = "font-weight:600;paint-order:stroke;stroke:var(--lsd-ground);stroke-width:5px"


@lru_cache(maxsize=12)
def runs(audits: int, bad: float) -> np.ndarray:
    """Errors a day in simulated months, (RUNS, DAYS): `GOOD` before the day `RISE`, `bad` after."""
    draws = (np.random.default_rng(seed) for seed in range(RUNS))
    before, after = RISE - 1, DAYS - RISE + 1
    return np.array(
        [
            np.r_[rng.binomial(audits, GOOD, before), rng.binomial(audits, bad, after)]
            for rng in draws
        ]
    )


def limit_rate(sigmas: float, audits: int) -> float:
    """The upper limit of a p-chart around `GOOD`."""
    return GOOD + sigmas * (GOOD * (1 - GOOD) / audits) ** 0.5


def reference(audits: int, bad: float) -> float:
    """The reference of the CUSUM in errors a day, by the rate rounded to a tenth of a per cent."""
    return audits * round(drift.reference_rate(GOOD, bad), 3)


@dataclass(frozen=True)
class Alarms:
    """How an alarm does over many months: shares of false and missed ones, median delay in days."""

    false: float
    missed: float
    delay: float


def judged(signals: np.ndarray) -> Alarms:
    """From days with a signal, (runs, DAYS): before `RISE` they are false."""
    before, after = signals[:, : RISE - 1].any(axis=1), drift.first_day(signals[:, RISE - 1 :])
    delay = np.median(np.where(after > 0, after, np.inf))
    return Alarms(float(before.mean()), float((after == 0).mean()), float(delay))


def compared(audits: int, bad: float, sigmas: float, limit: float) -> tuple[Alarms, Alarms]:
    """The p-chart and the CUSUM over the same months."""
    errors = runs(audits, bad)
    chart = errors / audits > limit_rate(sigmas, audits)
    sums = drift.cusum(errors, audits, np.full(len(errors), reference(audits, bad) / audits))
    return judged(chart), judged(sums > limit)


def alarms() -> Frame:
    """A month with a rise on day 13, and handles for both limits."""
    return Frame("demo alarms", "Two alarms for one rise", _alarms)


def _alarms() -> list[widgets.Widget]:
    wide, style = widgets.Layout(width="min(520px, 98%)"), {"description_width": "190px"}
    sigmas = widgets.FloatSlider(
        value=3, min=1.5, max=4.5, step=0.1, description="p-chart: limit in sigmas",
        layout=wide, style=style,
    )  # fmt: skip
    limit = widgets.FloatSlider(
        value=6, min=2, max=14, step=0.5, description="CUSUM: limit in errors",
        layout=wide, style=style,
    )  # fmt: skip
    audits = widgets.SelectionSlider(
        options=[20, 40, 60, 100, 200], value=60, description="audits a day",
        layout=wide, style=style,
    )  # fmt: skip
    bad = widgets.SelectionSlider(
        options=[("6 %", 0.06), ("8 %", 0.08), ("10 %", 0.10), ("15 %", 0.15)],
        value=0.10, description="error rate from day 13", layout=wide, style=style,
    )  # fmt: skip
    figure, said = words(), words(live=True)
    month = [FIRST_RUN]

    def show(_: object = None) -> None:
        errors = runs(audits.value, bad.value)[month[0] % RUNS]
        figure.value = charts(errors, audits.value, bad.value, sigmas.value, limit.value)
        both = compared(audits.value, bad.value, sigmas.value, limit.value)
        rows = "".join(
            f"<tr><th>{name}</th><td>{percent(one.false, 1)}</td><td>{_days(one.delay)}</td>"
            f"<td>{percent(one.missed, 1)}</td></tr>"
            for name, one in zip(("p-chart", "CUSUM"), both, strict=True)
        )
        said.value = note(
            f"<p>In {RUNS:,} such months, with {audits.value} audits a day and 4 % errors "
            f"before:</p><table><tr><th></th><th>false alarm in days 1 to 12</th>"
            f"<th>median delay</th><th>silent to the end</th></tr>{rows}</table>"
        )

    def another() -> None:
        month[0] += 1
        show()

    for control in (sigmas, limit, audits, bad):
        control.observe(show, "value")
    show()
    return [sigmas, limit, audits, bad, row(button("Another month", another)), figure, said]


def _days(delay: float) -> str:
    if np.isinf(delay):
        return "no alarm in most"
    return f"{delay:g} day{'' if delay == 1 else 's'}"


def charts(errors: np.ndarray, audits: int, bad: float, sigmas: float, limit: float) -> str:
    """One month: the rates of the days above, the CUSUM below."""
    rates, upper = 100 * errors / audits, 100 * limit_rate(sigmas, audits)
    k = reference(audits, bad)
    sums = drift.cusum(errors, audits, k / audits)
    top = _panel(
        20, 150, rates, upper,
        title="p-chart: errors of the day, per cent",
        limit=f"limit {upper:.1f} %", bars=False,
    )  # fmt: skip
    bottom = _panel(
        196, 324, sums, limit,
        title=f"CUSUM: errors above {k:.2f} a day, added up",
        limit=f"limit {limit:g}", bars=True,
    )  # fmt: skip
    x = _x(RISE) - (RIGHT - LEFT) / DAYS / 2
    rise = (
        f'<path d="M{x:.1f} 20V324" stroke="var(--lsd-ink)" stroke-dasharray="2 4"/>'
        f'<text x="{x + 4:.1f}" y="166">errors rise here, day {RISE}</text>'
    )
    days = "".join(
        f'<text x="{_x(day):.1f}" y="341" text-anchor="middle" class="soft">{day}</text>'
        for day in (1, 5, 10, 15, 20, 25, 30)
    )
    said = [
        f"day {first}" if (first := int(drift.first_day(values > line))) else "never"
        for values, line in ((rates, upper), (sums, limit))
    ]
    description = (
        f"Thirty days. The p-chart first exceeds its limit: {said[0]}. The CUSUM: {said[1]}. "
        f"The errors rise on day {RISE}."
    )
    body = rise + top + bottom + days
    return svg(WIDTH, HEIGHT, description, body + f'<text x="{RIGHT + 10}" y="341">day</text>')


def _x(day: int) -> float:
    return LEFT + (RIGHT - LEFT) * (day - 0.5) / DAYS


def _panel(
    top: float, floor: float, values: Sequence[float], line: float, *, title: str, limit: str,
    bars: bool,
) -> str:  # fmt: skip
    """Values a day between two heights, with a limit and what lies above it."""
    highest = max(max(values), line) * 1.12
    high = top + 22

    def y(value: float) -> float:
        return floor - (floor - high) * value / highest

    parts = [
        f'<text x="{LEFT}" y="{top - 6}" style="{HALO}">{title}</text>',
        f'<path d="M{LEFT} {floor}H{RIGHT}" stroke="var(--lsd-line)"/>',
        f'<path d="M{LEFT} {y(line):.1f}H{RIGHT}" stroke="{LIMIT}" stroke-width="2" '
        'stroke-dasharray="8 4"/>',
        f'<text x="{RIGHT + 8}" y="{y(line) + 5:.1f}">{limit}</text>',
        f'<text x="{LEFT - 6}" y="{floor + 4}" text-anchor="end" class="soft">0</text>',
    ]
    days = [(_x(day), y(value), value > line) for day, value in enumerate(values, 1)]
    parts += _bars(days, floor) if bars else _dots(days)
    if first := int(drift.first_day(np.asarray(values) > line)):
        kind = "false alarm" if first < RISE else "alarm"
        end = "end" if first > 8 else "start"
        shift = -8 if end == "end" else 8
        parts.append(
            f'<text x="{_x(first) + shift:.1f}" y="{y(values[first - 1]) - 8:.1f}" '
            f'text-anchor="{end}" style="{HALO}">{kind}, day {first}</text>'
        )
    return "".join(parts)


Day = tuple[float, float, bool]
"""Where a day stands in px, across and down, and whether it is above the limit."""


def _bars(days: Sequence[Day], floor: float) -> list[str]:
    width = (RIGHT - LEFT) / DAYS * 0.6
    return [
        f'<rect x="{x - width / 2:.1f}" y="{y:.1f}" width="{width:.1f}" '
        f'height="{floor - y:.1f}" fill="{ALARM if over else POINT}"/>'
        for x, y, over in days
    ]


def _dots(days: Sequence[Day]) -> list[str]:
    """The days joined by a line; those above the limit are larger."""
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in days)
    return [
        f'<polyline points="{points}" fill="none" stroke="{POINT}"/>',
        *(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{6 if over else 3.5}" '
            f'fill="{ALARM if over else POINT}"/>'
            for x, y, over in days
        ),
    ]

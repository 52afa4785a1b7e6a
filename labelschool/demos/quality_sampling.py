"""Demos of lesson 3.7: `spot`, `oc` and `switching`."""

from __future__ import annotations

from collections.abc import Sequence

import ipywidgets as widgets
import numpy as np
import pandas as pd

from labelschool.demos.axes import SHARES, share_lines, share_ticks
from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.quality.sampling import Plan, Switching, wilson_interval

LIMIT = 0.02
SIZES = (100, 200, 500, 1000, 2000, 5000, 10_000)
GOOD, BAD = 0.01, 0.05
WORST = 0.12
RULES = Switching(normal=Plan(80, 2), tightened=Plan(80, 1), reduced=Plan(32, 1))
LOTS, SEED = 48, 31
WIDTH = 720
LEFT, RIGHT = 60, 690
BLUE, VERMILLION, GREY = "#0072b2", "#d55e00", "#767676"
STATES = {"normal": (GREY, "N"), "tightened": (VERMILLION, "T"), "reduced": (BLUE, "R")}


# A spot check -------------------------------------------------------------------------------------


def spot() -> Frame:
    """What a share of a batch that was looked at proves."""
    return Frame("demo spot", "What a spot check proves", _spot)


def _spot() -> list[widgets.Widget]:
    size = widgets.SelectionSlider(
        options=[(f"{n:,}", n) for n in SIZES],
        value=200,
        description="Labels in the batch",
        **_row(),
    )
    share = widgets.IntSlider(value=5, min=1, max=50, description="Looked at, in %", **_row())
    found = widgets.IntSlider(value=0, min=0, max=20, description="Defects found", **_row())
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        n = max(1, round(size.value * share.value / 100))
        defects = min(found.value, n)
        figure.value = interval(defects, n)
        low, high = wilson_interval(defects, n)
        verdict = (
            f"The promise of {percent(LIMIT)} is kept: proved."
            if high <= LIMIT
            else f"The promise of {percent(LIMIT)} is broken: proved."
            if low > LIMIT
            else "Nothing is proved either way."
        )
        said.value = note(
            f"{share.value} % of {size.value:,} is <b>{_counted(n, 'label')}</b>. With "
            f"{_counted(defects, 'defect')} in them the batch may have {percent(low, 1)} to "
            f"{percent(high, 1)}. <b>{verdict}</b>",
            "right" if high <= LIMIT or low > LIMIT else "wrong",
        )

    for control in (size, share, found):
        control.observe(show, names="value")
    show()
    return [size, share, found, figure, said]


def interval(defects: int, n: int) -> str:
    """A 95 % interval as a bar, with the promise as a line."""
    low, high = wilson_interval(defects, n)
    top = max(0.3, high * 1.15)

    def x(rate: float) -> float:
        return LEFT + (RIGHT - LEFT) * rate / top

    steps = (0, 0.05, 0.1, 0.2, 0.3) if top < 0.4 else SHARES
    end = x(LIMIT) if 0 <= x(LIMIT) - x(high) < 56 else x(high)
    body = [
        f'<path d="M{LEFT} 82H{RIGHT}" stroke="var(--lsd-line)"/>',
        share_ticks((rate for rate in steps if rate <= top), x, 102),
        f'<rect x="{x(low):.1f}" y="44" width="{max(2, x(high) - x(low)):.1f}" height="20" '
        f'fill="{BLUE}"/>',
        f'<circle cx="{x(defects / n):.1f}" cy="54" r="6" fill="var(--lsd-ground)" '
        'stroke="var(--lsd-ink)" stroke-width="2"/>',
        f'<text x="{end + 10:.1f}" y="59">{percent(high, 1)}</text>',
        f'<path d="M{x(LIMIT):.1f} 26V82" stroke="{VERMILLION}" stroke-width="2.5" '
        'stroke-dasharray="6 3"/>',
        f'<text x="{x(LIMIT) - 4:.1f}" y="18">promised: at most {percent(LIMIT)}</text>',
        f'<text x="{RIGHT}" y="122" text-anchor="end" class="soft">share of defects</text>',
    ]
    description = (
        f"{_counted(defects, 'defect')} in {n}: the interval runs from {percent(low, 1)} to "
        f"{percent(high, 1)}; the promise is {percent(LIMIT)}"
    )
    return svg(WIDTH, 126, description, "".join(body))


# An operating characteristic ----------------------------------------------------------------------


def oc() -> Frame:
    """The operating curve of a plan, with handles for n and c."""
    return Frame("demo oc", "The operating curve of a plan", _oc)


def _oc() -> list[widgets.Widget]:
    n = widgets.IntSlider(value=80, min=10, max=300, step=5, description="n looked at", **_row())
    c = widgets.IntSlider(value=2, min=0, max=9, description="c defects pass", **_row())
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        plan = Plan(n.value, min(c.value, n.value - 1))
        producer, consumer = plan.risks(GOOD, BAD)
        figure.value = operating(plan)
        said.value = note(
            f"A lot with {percent(GOOD)} of defects is rejected with {percent(producer, 1)}, the "
            f"producer's risk. A lot with {percent(BAD)} is accepted with {percent(consumer, 1)}, "
            "the consumer's. <b>More c trades one for the other, and so does more n. Both together "
            "lower both.</b>"
        )

    for control in (n, c):
        control.observe(show, names="value")
    show()
    return [n, c, figure, said]


def operating(plan: Plan) -> str:
    """The probability of acceptance by the share of defects, with both risks marked."""
    top, floor = 26, 250

    def x(rate: float) -> float:
        return LEFT + (RIGHT - LEFT) * rate / WORST

    def y(share: float) -> float:
        return floor - (floor - top) * share

    rates = np.linspace(0, WORST, 121)
    points = " ".join(
        f"{x(r):.1f},{y(p):.1f}" for r, p in zip(rates, plan.accepts(rates), strict=True)
    )
    good, bad = plan.accepts([GOOD, BAD])
    body = [
        share_lines(LEFT, RIGHT, y),
        share_ticks((0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.12), x, floor + 20),
        f'<path d="M{x(GOOD):.1f} {y(good):.1f}V{top}" stroke="{BLUE}" stroke-width="5"/>',
        f'<path d="M{x(BAD):.1f} {y(bad):.1f}V{floor}" stroke="{VERMILLION}" stroke-width="5"/>',
        f'<polyline points="{points}" fill="none" stroke="var(--lsd-ink)" stroke-width="2.5"/>',
        f'<path d="M{RIGHT - 230} {top + 18}h22" stroke="{BLUE}" stroke-width="5"/>',
        f'<text x="{RIGHT - 200}" y="{top + 22}">good lots rejected: {percent(1 - good, 1)}</text>',
        f'<text x="{x(BAD) + 10:.1f}" y="{max(y(bad) - 6, top + 44):.1f}">'
        f"bad lots accepted: {percent(bad, 1)}</text>",
        f'<text x="{RIGHT}" y="292" text-anchor="end" class="soft">share of defects in the lot'
        "</text>",
        f'<text x="{LEFT}" y="14" class="soft">probability that the lot is accepted</text>',
    ]
    description = (
        f"A falling curve for n = {plan.n}, c = {plan.c}: lots with 1 % of defects are accepted "
        f"with {percent(good, 1)}, lots with 5 % with {percent(bad, 1)}"
    )
    return svg(WIDTH, 300, description, "".join(body))


# Switching ----------------------------------------------------------------------------------------


def switching() -> Frame:
    """A row of lots, judged by the plan of the state of trust."""
    return Frame("demo switching", "Switching between three plans", _switching)


def _switching() -> list[widgets.Widget]:
    before = widgets.FloatSlider(
        value=1,
        min=0,
        max=8,
        step=0.5,
        description="Defects in lots 1 to 24, %",
        readout_format=".1f",
        **_row(),
    )
    after = widgets.FloatSlider(
        value=4,
        min=0,
        max=8,
        step=0.5,
        description="Defects in lots 25 to 48, %",
        readout_format=".1f",
        **_row(),
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        table = lots_judged((before.value / 100, after.value / 100))
        late = table.iloc[LOTS // 2 :]
        figure.value = strip(table)
        said.value = note(
            f"{int((table.decision == 'reject').sum())} of {LOTS} lots are rejected, "
            f"{int((late.decision == 'reject').sum())} of them after lot 24. "
            f"{int(table.n.sum()):,} labels were looked at; {80 * LOTS:,} without switching."
        )

    for control in (before, after):
        control.observe(show, names="value")
    show()
    return [before, after, figure, said]


def lots_judged(rates: Sequence[float]) -> pd.DataFrame:
    """`LOTS` lots in turn, the first half with the first share of defects. Each lot has its own
    chance, the same for any share.
    """
    chances = np.random.default_rng(SEED).random((LOTS, RULES.normal.n))
    each = np.repeat(rates, LOTS // len(rates))
    return RULES.run(lambda lot, n: int((chances[lot, :n] < each[lot]).sum()), LOTS)


def strip(table: pd.DataFrame) -> str:
    """A square for each lot: the letter of its state, a cross where it was rejected."""
    body = []
    for place, row in enumerate(table.itertuples()):
        line, column = divmod(place, LOTS // 2)
        x, y = 24 + 28 * column, 28 + 70 * line
        ink, letter = STATES[row.state]
        body.append(
            f'<rect x="{x}" y="{y}" width="25" height="25" rx="3" fill="{ink}"/>'
            f'<text x="{x + 12.5}" y="{y + 18}" text-anchor="middle" '
            f'style="fill:#fff;font-weight:600">{letter}</text>'
        )
        if row.decision == "reject":
            body.append(
                f'<path d="M{x + 5} {y + 31}l15 12m0 -12l-15 12" stroke="var(--lsd-ink)" '
                'stroke-width="2.5"/>'
            )
    body += [
        '<text x="24" y="18" class="soft">lots 1 to 24</text>',
        '<text x="24" y="90" class="soft">lots 25 to 48</text>',
        '<text x="24" y="178">N normal: n = 80, c = 2.  T tightened: n = 80, c = 1.  '
        "R reduced: n = 32, c = 1.  A cross below: rejected.</text>",
    ]
    rejected = table.index[table["decision"] == "reject"]
    told = ", ".join(f"{lot + 1} ({table['state'][lot]})" for lot in rejected) or "none"
    return svg(WIDTH, 188, f"{LOTS} lots in two rows; rejected: {told}", "".join(body))


def _counted(n: int, thing: str) -> str:
    return f"{n:,} {thing}{'s' * (n != 1)}"


def _row() -> dict[str, object]:
    return {
        "layout": widgets.Layout(width="min(620px, 98%)"),
        "style": {"description_width": "210px"},
    }

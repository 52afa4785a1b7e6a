"""Demos of lesson 3.15: `piece`, what a piece rate pays whom, and `ownpace`, one's own curve."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from statistics import median

import ipywidgets as widgets
import numpy as np
import pandas as pd

from labelschool import course, datasets, sql
from labelschool.answers import AnswerFile, BrokenAnswer
from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.home import results
from labelschool.quality import pace
from labelschool.quality.sampling import wilson_interval

BAR = 0.90
LABEL, HOUR = "per label", "per hour, with a bar"
WIDTH, HEIGHT, LEFT, FLOOR = 720, 300, 56, 250
GOOD, POOR = "#0072b2", "#d55e00"
ROW = 21
MOST = 600
"""Dollars an hour that a bar has room for."""

PEOPLE = """
SELECT annotator_id, ms / 1000.0 AS seconds, iif(is_gold, lower(trim(class)) = gold_class, NULL)
FROM labels JOIN items ON items.id = labels.item_id
WHERE deleted_at IS NULL
"""


@dataclass(frozen=True)
class Worker:
    """An annotator of the label store: median seconds a label, share right on gold, and the upper
    end of its 95 % interval.
    """

    id: int
    seconds: float
    accuracy: float
    high: float

    @property
    def is_below(self) -> bool:
        """Whether the whole interval lies below the bar."""
        return self.high < BAR


@cache
def workers() -> tuple[Worker, ...]:
    """Those who have gold labels, by id."""
    found = sql.run(datasets.file("labels_db", "labels.db"), PEOPLE, seconds=30)
    table = pd.DataFrame(found.rows, columns=["who", "seconds", "right"])
    told = table.groupby("who").agg(
        seconds=("seconds", "median"), right=("right", "sum"), n=("right", "count")
    )
    told = told[told["n"] > 0]
    high = wilson_interval(told["right"].astype(int), told["n"])[1]
    return tuple(
        Worker(int(who), row.seconds, row.right / row.n, upper)
        for (who, row), upper in zip(told.iterrows(), high, strict=True)
    )


def hourly(worker: Worker, scheme: str, cents: float, reviewed: float) -> float:
    """Dollars an hour at so many cents a label, where a share of the labels is reviewed and wrong
    ones are not paid. By the hour all who are not below the bar get what the median worker makes.
    """
    if scheme == HOUR:
        typical = median(one.seconds for one in workers())
        return cents / 100 * 3600 / typical if not worker.is_below else 0.0
    paid = 1 - reviewed * (1 - worker.accuracy)
    return cents / 100 * 3600 / worker.seconds * paid


def piece() -> Frame:
    """The people with gold at one rate: what an hour brings, and how much of it is right."""
    return Frame("demo piece", "A rate for each label, and whom it pays", _piece)


def _piece() -> list[widgets.Widget]:
    style = {"description_width": "150px"}
    wide = widgets.Layout(width="min(560px, 98%)")
    scheme = widgets.ToggleButtons(
        options=(LABEL, HOUR), description="Paid", style={"button_width": "auto"}
    )
    cents = widgets.IntSlider(5, 1, 12, description="Cents a label", style=style, layout=wide)
    reviewed = widgets.IntSlider(
        0, 0, 100, step=5, description="Labels reviewed, in %", style=style, layout=wide
    )
    picture, said = words(), words(live=True)

    def show(_: object = None) -> None:
        reviewed.disabled = scheme.value == HOUR
        pays = {
            one: hourly(one, scheme.value, cents.value, reviewed.value / 100) for one in workers()
        }
        picture.value = piece_figure(pays)
        said.value = piece_note(pays)

    for control in (scheme, cents, reviewed):
        control.observe(show, names="value")
    show()
    return [scheme, cents, reviewed, picture, said]


def piece_note(pays: dict[Worker, float]) -> str:
    """Who is paid best and least, as HTML."""
    paid = sorted((one for one in pays if pays[one]), key=lambda one: -pays[one])
    if not any(one.is_below for one in paid):
        return note(
            f"${pays[paid[0]]:.2f} an hour for everybody whose interval reaches {BAR:.2f}; the "
            "others first pass again. Hurry brings nothing now, and neither does doing more than "
            "is asked: the bar says how much that is.",
            "right",
        )
    best = ", ".join(map(partial(_named, pays), paid[:3]))
    least = ", ".join(map(partial(_named, pays), paid[-3:]))
    return note(f"Best paid: {best}.<br>Paid least: {least}.", "wrong")


def _named(pays: dict[Worker, float], one: Worker) -> str:
    return f"annotator {one.id}, ${pays[one]:,.2f} ({percent(one.accuracy)} right)"


def piece_figure(pays: dict[Worker, float]) -> str:
    """A bar a person, the most accurate on top, with the bar of accuracy between them, as SVG."""
    ranked = sorted(pays, key=lambda one: (-one.accuracy, one.id))
    first = 40
    body = [
        '<text x="0" y="16" class="soft">annotator</text>',
        '<text x="178" y="16" text-anchor="end" class="soft">right on gold</text>',
        '<text x="196" y="16" class="soft">dollars an hour</text>',
    ]
    body += [_paid(one, pays[one], first + ROW * n) for n, one in enumerate(ranked)]
    above = sum(one.accuracy >= BAR for one in ranked)
    line = first + ROW * above - 16
    body.append(
        f'<path d="M0 {line}H{WIDTH}" stroke="var(--lsd-ink)" stroke-dasharray="6 4"/>'
        f'<text x="{WIDTH}" y="{line - 6}" text-anchor="end">the bar, {BAR:.2f}</text>'
    )
    told = "; ".join(
        f"annotator {one.id} ${pay:,.0f}, {percent(one.accuracy)} right"
        for one, pay in pays.items()
    )
    return svg(
        WIDTH,
        first + ROW * len(ranked) - 8,
        f"Pay an hour and share right on gold: {told}",
        "".join(body),
    )


def _paid(one: Worker, pay: float, y: int) -> str:
    """The row of a person, with a bar for the pay."""
    length = 400 * pay / MOST
    told = f"${pay:,.0f}" if pay else "not paid"
    told += ", below the bar" if one.is_below else ""
    return (
        f'<text x="0" y="{y}">{one.id}</text>'
        f'<text x="178" y="{y}" text-anchor="end">{percent(one.accuracy)}</text>'
        f'<rect x="196" y="{y - 12}" width="{length:.1f}" height="15" '
        f'fill="{POOR if one.is_below else GOOD}"/>'
        f'<text x="{204 + length:.1f}" y="{y}">{told}</text>'
    )


# One's own curve --------------------------------------------------------------------------------


def own_pieces(home: Path | None) -> pd.DataFrame:
    """The learner's items with a time whose findings are open: task, seconds, and right, which is
    without any error. Empty where there are none.
    """
    return pd.DataFrame(_own(home) if home else (), columns=["task", "seconds", "right"])


def _own(home: Path) -> Iterator[tuple[str, float, bool]]:
    modules = {task.id: module for module in course.load().modules for task in module.tasks}
    for key, entry in results.read(home).entries.items():
        kind, _, rest = key.partition("/")
        task_id, _, pool = rest.partition("/")
        if kind != "exercise" or entry.last.items is None or task_id not in modules:
            continue
        module = modules[task_id]
        task = next(task for task in module.tasks if task.id == task_id)
        try:
            answer = AnswerFile(task_id, pool, task.guideline, home / module.folder).read()
        except BrokenAnswer:
            continue
        if entry.last.hashes.get("answer") != answer.sha256():
            continue
        for item in answer.items:
            if item.done and item.active_ms > 0:
                yield task_id, item.active_ms / 1000, not entry.last.items.get(item.item)


def simulated() -> pd.DataFrame:
    """A person who is quick with some items and right more often with the slow ones."""
    rng = np.random.default_rng(31)
    seconds = 8 * rng.lognormal(0, 0.6, 240)
    curve = pace.Curve(0.96, 0.35)
    right = rng.random(240) < curve.at(seconds / np.median(seconds))
    return pd.DataFrame({"task": "simulated", "seconds": seconds, "right": right})


def ownpace() -> Frame:
    """The share of one's items without an error, from the quickest part to the slowest."""
    return Frame("demo ownpace", "Your speed against your accuracy", _ownpace)


def _ownpace() -> list[widgets.Widget]:
    own = own_pieces(results.home())
    pieces = own if len(own) >= pace.LEAST else simulated()
    intro = (
        f"{len(own)} items of yours, from {own['task'].nunique()} exercises."
        if pieces is own
        else f"You have {len(own)} items with a time and open findings, and a curve needs "
        f"{pace.LEAST}. This is a <b>simulated person</b>; your own curve comes once you have done "
        "more practice pools."
    )
    parts = widgets.IntSlider(
        3, 2, 6, description="Parts, from quick to slow", style={"description_width": "initial"},
        layout=widgets.Layout(width="min(460px, 98%)"),
    )  # fmt: skip
    picture, said = words(), words(live=True)

    def show(_: object = None) -> None:
        table = pace.by_pace(pieces, parts.value)
        picture.value = own_figure(table, curve)
        said.value = own_note(table, curve)

    curve = pace.fit(pieces)
    parts.observe(show, names="value")
    show()
    return [words(note(intro)), parts, picture, said]


def own_note(table: pd.DataFrame, curve: pace.Curve) -> str:
    """What the quickest and slowest part and the curve say, as HTML."""
    quick, slow = table.iloc[0], table.iloc[-1]
    lines = [
        f"Quickest part: {percent(quick['share'])} right ({quick['low']:.2f} to "
        f"{quick['high']:.2f}); slowest part: {percent(slow['share'])} ({slow['low']:.2f} to "
        f"{slow['high']:.2f})."
    ]
    if quick["high"] < slow["low"]:
        lines.append("<b>Hurry costs you accuracy:</b> the intervals do not meet.")
    elif slow["high"] < quick["low"]:
        lines.append(
            "<b>Your slow items are the worse ones.</b> They are slow because they are hard."
        )
    else:
        lines.append("<b>The intervals meet:</b> no difference is shown, in either direction.")
    if not math.isnan(curve.top):
        lines.append(
            f"The curve ends at {percent(curve.top)} right; twice your usual speed would be "
            f"{percent(float(curve.at(0.5)))}."
        )
    return note("<br>".join(lines))


def own_figure(table: pd.DataFrame, curve: pace.Curve) -> str:
    """Parts with intervals and the fitted curve, as SVG."""
    longest = max(2.0, 1.1 * float(table["pace"].max()))

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - 30) * value / longest

    def y(share: float) -> float:
        return FLOOR - (FLOOR - 24) * share

    body = [
        f'<path d="M{LEFT} 20V{FLOOR}H{WIDTH - 20}" fill="none" stroke="var(--lsd-line)" '
        'stroke-width="1.5"/>',
        f'<text x="{LEFT}" y="14">share without an error</text>',
        f'<text x="{WIDTH - 20}" y="{HEIGHT - 12}" text-anchor="end">'
        "pace: time divided by the median of the exercise</text>",
    ]
    for tick in (0.5, 1, 1.5, 2):
        body.append(
            f'<text x="{x(tick):.1f}" y="{FLOOR + 20}" text-anchor="middle" class="soft">'
            f"{tick:g}</text>"
        )
    for tick in (0, 0.5, 1):
        body.append(
            f'<text x="{LEFT - 8}" y="{y(tick) + 4:.1f}" text-anchor="end" class="soft">'
            f"{percent(tick)}</text>"
        )
    if not math.isnan(curve.top):
        steps = np.linspace(0, longest, 81)
        line = " ".join(
            f"{x(p):.1f},{y(s):.1f}" for p, s in zip(steps, curve.at(steps), strict=True)
        )
        body.append(f'<polyline points="{line}" fill="none" stroke="{GOOD}" stroke-width="2.5"/>')
    for row in table.itertuples():
        body.append(
            f'<path d="M{x(row.pace):.1f} {y(row.low):.1f}V{y(row.high):.1f}" stroke="{POOR}" '
            f'stroke-width="3"/><circle cx="{x(row.pace):.1f}" cy="{y(row.share):.1f}" r="7" '
            f'fill="{POOR}"/><text x="{x(row.pace):.1f}" y="{y(row.low) + 17:.1f}" '
            f'text-anchor="middle">n {row.n}</text>'
        )
    told = "; ".join(
        f"pace {row.pace:.2f}: {percent(row.share)} of {row.n}" for row in table.itertuples()
    )
    return svg(WIDTH, HEIGHT, f"Speed against accuracy: {told}", "".join(body))

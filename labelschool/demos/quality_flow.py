"""Demo of lesson 3.13: `queue`, the cumulative flow of a board under a limit that is moved.

One run of the simulator with a fixed seed for each setting; nothing is drawn by hand.
"""

from __future__ import annotations

from functools import lru_cache

import ipywidgets as widgets
import numpy as np

from labelschool.demos.frame import Frame, note, svg, words
from labelschool.operations.flow import (
    DONE,
    LABELLING,
    REVIEW,
    WAITING,
    Flow,
    Measures,
    contents,
    measure,
    simulate,
)

SEED = 0
"""A run whose figures are close to the means of seeds 0 to 19."""
LIMITS = (4, 5, 6, 8, 10, 12, 16, 20, 30, 40, None)
MARKED = 280
"""Which card has its time from start to done drawn."""
HOURS = 92
"""To the right end of the figure: the slowest setting takes 84."""
WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 720, 360, 46, 14, 24
BANDS = {DONE: "#3d6b8e", REVIEW: "#12344d", WAITING: "#e08a1e", LABELLING: "#9cc3e0"}
"""From the bottom up; dark, darkest, warm and light, so that they differ in grey as well."""


@lru_cache(maxsize=32)
def run(wip: int | None, reviewers: int) -> tuple[Measures, np.ndarray, np.ndarray]:
    """The figures of a run, its hours, and cards in each band after each (bands x hours)."""
    log = simulate(SEED, Flow(wip=wip, reviewers=reviewers))
    held = contents(log)
    hours = np.linspace(0, log["minute"].max() / 60, 300)
    rows = held.index.searchsorted(hours * 60, side="right") - 1
    return measure(log), hours, held[list(BANDS)].to_numpy()[rows].T


def queue() -> Frame:
    """What a limit on work in progress does to waiting and to throughput."""
    return Frame("demo queue", "A board of 400 cards under a limit on work in progress", _queue)


def figure(wip: int | None, reviewers: int) -> str:
    """The cumulative flow diagram of a run, with its mean cycle time as a line across the bands."""
    found, hours, held = run(wip, reviewers)
    across, up = WIDTH - LEFT - 150, HEIGHT - TOP - BOTTOM

    def x(hour: float) -> float:
        return LEFT + across * hour / HOURS

    def y(cards: float) -> float:
        return TOP + up * (1 - cards / 400)

    body = []
    for hour in range(0, HOURS, 20):
        body.append(
            f'<path d="M{x(hour):.1f} {TOP} V{TOP + up}" stroke="#8a97a1" stroke-width="0.5"/>'
            f'<text x="{x(hour):.1f}" y="{TOP + up + 18}" text-anchor="middle">{hour} h</text>'
        )
    for cards in (0, 200, 400):
        body.append(f'<text x="{LEFT - 6}" y="{y(cards) + 4:.1f}" text-anchor="end">{cards}</text>')
    body.append(f'<text x="{LEFT + 6}" y="{TOP + 12}" class="soft">cards</text>')
    floor = np.zeros_like(hours)
    for colour, cards in zip(BANDS.values(), held, strict=True):
        top = floor + cards
        there = [f"{x(h):.1f} {y(c):.1f}" for h, c in zip(hours, top, strict=True)]
        back = [f"{x(h):.1f} {y(c):.1f}" for h, c in zip(hours[::-1], floor[::-1], strict=True)]
        body.append(f'<path d="M{" L".join([*there, *back])} Z" fill="{colour}"/>')
        floor = top
    body.append(_labels())
    started = float(np.interp(MARKED, floor, hours))
    done = float(np.interp(MARKED, held[0], hours))
    line = f'<path d="M{x(started):.1f} {y(MARKED):.1f} H{x(done):.1f}" '
    body.append(
        f'{line}stroke="#ffffff" stroke-width="5"/>{line}stroke="#b3261e" stroke-width="2.5"/>'
        f'<text x="{x(started) - 8:.1f}" y="{y(MARKED) - 6:.1f}" text-anchor="end">'
        f"{MARKED}th card: {done - started:.1f} h</text>"
    )
    said = (
        f"Cumulative flow of 400 cards, {_limit(wip)}, {_reviewers(reviewers)}: done after "
        f"{found.hours:.0f} hours, on average {found.wip:.0f} cards in progress."
    )
    return svg(WIDTH, HEIGHT, said, "".join(body))


def _labels() -> str:
    """The names of the bands with a patch of their colour, beside the figure."""
    parts = []
    for n, (name, colour) in enumerate(reversed(BANDS.items())):
        top = TOP + 10 + 24 * n
        parts.append(
            f'<rect x="{WIDTH - 142}" y="{top}" width="14" height="14" fill="{colour}"/>'
            f'<text x="{WIDTH - 122}" y="{top + 12}">{name}</text>'
        )
    return "".join(parts)


def _limit(wip: int | None) -> str:
    return "no limit" if wip is None else f"at most {wip} in progress"


def _reviewers(n: int) -> str:
    return "1 reviewer" if n == 1 else f"{n} reviewers"


def summary(wip: int | None, reviewers: int) -> str:
    """The figures of a run in words, beside those without a limit and with one reviewer."""
    found, usual = run(wip, reviewers)[0], run(None, 1)[0]
    return (
        f"<b>{_limit(wip)}, {_reviewers(reviewers)}:</b> {found.throughput:.2f} cards an hour, "
        f"done after {found.hours:.0f} h. A card takes {found.cycle:.1f} h from its start to done, "
        f"and {found.wip:.1f} cards are in progress. Little's law: {found.wip:.1f} / "
        f"{found.throughput:.2f} = {found.little:.1f} h. Without a limit and with one reviewer: "
        f"{usual.throughput:.2f} an hour, {usual.cycle:.1f} h."
    )


def _queue() -> list[widgets.Widget]:
    limit = widgets.SelectionSlider(
        options=["none" if n is None else str(n) for n in LIMITS],
        value="none",
        description="Limit on cards in progress",
        continuous_update=False,
        style={"description_width": "initial"},
        layout=widgets.Layout(width="460px"),
    )
    reviewers = widgets.ToggleButtons(
        options=[("1", 1), ("2", 2)],
        description="Reviewers",
        style={"description_width": "initial", "button_width": "auto"},
    )
    picture, said = words(), words(live=True)

    def show(_: object = None) -> None:
        wip = None if limit.value == "none" else int(limit.value)
        picture.value = figure(wip, reviewers.value)
        said.value = note(summary(wip, reviewers.value))

    for control in (limit, reviewers):
        control.observe(show, names="value")
    show()
    return [limit, reviewers, picture, said]

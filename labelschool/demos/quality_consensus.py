"""Demos of lesson 3.5: `voters`, what a majority gains; `crowd`, Dawid-Skene step by step; and
`onebox`, one box from five.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ipywidgets as widgets
import numpy as np
import pandas as pd

from labelschool import datasets
from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.generators import crowds
from labelschool.model import iou
from labelschool.quality import dawid_skene, majority_accuracy, majority_vote, merge_boxes

WIDTH = 720
BLUE, RED, GREEN, GREY = "#2f6fb5", "#b3541e", "#1a7f4b", "#8a97a1"


def _slider(kind: type, text: str, value: float, low: float, high: float, step: float) -> object:
    return kind(
        value=value,
        min=low,
        max=high,
        step=step,
        description=text,
        style={"description_width": "initial"},
        layout=widgets.Layout(width="520px"),
    )


# What a majority gains --------------------------------------------------------------------------

VOTERS = (1, 3, 5, 7, 9, 11)


def voters() -> Frame:
    """The accuracy of a majority, and the price of each item that it mends."""
    return Frame("demo voters", "What a majority of annotators gains", _voters)


def majority_with_hard(accuracy: float, hard: float, n: int) -> float:
    """P(a majority of `n` is right) where a share `hard` of the items misleads everybody alike: one
    reader is still right with `accuracy` on the rest.
    """
    return (1 - hard) * majority_accuracy(accuracy, n)


def voters_figure(accuracy: float, hard: float) -> str:
    """Accuracy against the number of labels for each item, without and with hard items."""
    left, first, right, top, bottom = 60, 84, 540, 40, 240

    def at(n: int, share: float) -> tuple[float, float]:
        x = first + (right - first) * (n - 1) / (VOTERS[-1] - 1)
        return x, bottom - (bottom - top) * (share - 0.4) / 0.6

    body = [f'<text x="{left}" y="16">share of items that the majority gets right</text>']
    for tick in (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        _, y = at(1, tick)
        body.append(
            f'<line x1="{left}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}" stroke="#d0d7de"/>'
            f'<text x="{left - 10}" y="{y + 4:.1f}" text-anchor="end" class="soft">'
            f"{percent(tick)}</text>"
        )
    lines = [("no shared errors", 0.0, BLUE, -9)]
    lines += [("with shared errors", hard, RED, 19)] if hard else []
    for name, share, colour, above in lines:
        shares = [majority_with_hard(accuracy, share, n) for n in VOTERS]
        points = [at(n, each) for n, each in zip(VOTERS, shares, strict=True)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        body.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="3"/>')
        body += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
            f'<text x="{x:.1f}" y="{y + above:.1f}" text-anchor="middle">{100 * each:.1f}</text>'
            for (x, y), each in zip(points, shares, strict=True)
        ]
        x, y = points[-1]
        body.append(f'<text x="{x + 22:.1f}" y="{y + (above + 4) / 2:.1f}">{name}</text>')
    for n in VOTERS:
        x, _ = at(n, 0.5)
        body.append(
            f'<text x="{x:.1f}" y="{bottom + 38}" text-anchor="middle" class="soft">{n}</text>'
        )
    body.append(f'<text x="{left}" y="{bottom + 56}">labels for each item</text>')
    told = ", ".join(f"{n}: {majority_with_hard(accuracy, hard, n):.3f}" for n in VOTERS)
    return svg(WIDTH, bottom + 64, f"Share of right items by labels: {told}", "".join(body))


def _voters() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    accuracy = _slider(widgets.FloatSlider, "each is right", 0.80, 0.5, 0.99, 0.01)
    hard = _slider(widgets.FloatSlider, "items that mislead everybody", 0.0, 0.0, 0.2, 0.01)

    def show(_: object = None) -> None:
        figure.value = voters_figure(accuracy.value, hard.value)
        one, three, five = (majority_with_hard(accuracy.value, hard.value, n) for n in (1, 3, 5))
        mended = 1000 * (five - three)
        price = f"{2000 / mended:,.0f} labels for each of them" if mended > 0.5 else "money lost"
        said.value = note(
            f"One label: {one:.3f}. Three: {three:.3f}. Five: {five:.3f}. On 1,000 items the step "
            f"from three to five costs 2,000 labels and mends {mended:.0f} items: {price}."
        )

    accuracy.observe(show, "value")
    hard.observe(show, "value")
    show()
    return [accuracy, hard, figure, said]


# Dawid-Skene step by step -----------------------------------------------------------------------

STEPS = (0, 1, 2, 3, 5, 10, 20, 40)
HABIT = 0.3
"""The share of a class from which on an error of one kind is told in words."""
COPIES_SEED = 1
COPIES = ("expert", "trained", "collusive", "collusive", "collusive")


@dataclass(frozen=True)
class Step:
    """Where Dawid-Skene stands: matrices by annotator, items right, and the log-likelihood."""

    confusion: Mapping[str, np.ndarray]
    right: int
    log_likelihood: float | None


@dataclass(frozen=True)
class Run:
    """A crowd whose truth is known, and every step on it; step 0 is the shares of the votes."""

    roles: Mapping[str, str]
    items: int
    majority: float
    steps: Mapping[int, Step]

    def named(self, who: str, *, roles: bool) -> str:
        """An annotator, with the role where roles are shown."""
        return f"{who}, {self.roles[who]}" if roles else who


def crowd() -> Frame:
    """Five annotators, and what Dawid-Skene thinks of them after each step."""
    return Frame("demo crowd", "Dawid-Skene, step by step", _crowd)


CROWDS = ("a spammer and a swapper", "three who copy each other")


@lru_cache(maxsize=2)
def run(name: str) -> Run:
    """All steps on the crowd of that name."""
    if name == CROWDS[0]:
        labels = pd.read_csv(datasets.file("crowd120", "practice.csv"))
        key = datasets.key("crowd120", "practice")
        true, roles = pd.Series(key["truth"]), key["roles"]
    else:
        made = crowds.pool(COPIES_SEED, workers=COPIES)
        labels, true, roles = made.labels, pd.Series(made.truth), made.roles
    votes = [(majority_vote(labels, seed) == true).sum() for seed in range(20)]
    steps = {}
    for n in STEPS:
        found, after = (dawid_skene(labels, iterations=max(1, m)) for m in (n, n + 1))
        matrices = {
            who: after.confusion.loc[who].loc[list(crowds.CLASSES), list(crowds.CLASSES)].to_numpy()
            for who in roles
        }
        right = int((found.consensus == true).sum()) if n else round(float(np.mean(votes)))
        steps[n] = Step(matrices, right, found.log_likelihood if n else None)
    return Run(roles, len(true), float(np.mean(votes)), steps)


def crowd_figure(made: Run, step: int, *, roles: bool = False) -> str:
    """One matrix for each annotator: rows are true classes, columns what was said."""
    cell, gap = 30, 22
    letters = [name[0] for name in crowds.CLASSES]
    body = []
    for place, (who, matrix) in enumerate(made.steps[step].confusion.items()):
        left, top = 16 + place * (4 * cell + gap), 42
        body.append(f'<text x="{left}" y="16">{made.named(who, roles=roles)}</text>')
        for n, letter in enumerate(letters):
            middle = n * cell + cell / 2 - 1
            body.append(
                f'<text x="{left + middle}" y="{top - 6}" text-anchor="middle" class="soft">'
                f'{letter}</text><text x="{left - 4}" y="{top + middle + 5}" text-anchor="end" '
                f'class="soft">{letter}</text>'
            )
        for (row, column), share in np.ndenumerate(matrix):
            x, y = left + column * cell, top + row * cell
            colour = BLUE if row == column else RED
            body.append(
                f'<rect x="{x}" y="{y}" width="{cell - 2}" height="{cell - 2}" fill="{colour}" '
                f'fill-opacity="{share:.2f}" stroke="{GREY}" stroke-opacity="0.5"/>'
            )
            if share >= 0.1:
                ink = ' style="fill:#fff"' if share > 0.55 else ""
                body.append(
                    f'<text x="{x + cell / 2 - 1}" y="{y + 19}" text-anchor="middle"{ink}>'
                    f"{100 * share:.0f}</text>"
                )
    low = 42 + 4 * cell + 18
    order = ", ".join(crowds.CLASSES)
    body.append(
        f'<text x="4" y="{low}" class="soft">Rows: what it is. Columns: what was said, in percent '
        f"of the row. {order.capitalize()}.</text>"
    )
    told = "; ".join(
        f"{made.named(who, roles=roles)} {_read(matrix)}"
        for who, matrix in made.steps[step].confusion.items()
    )
    return svg(WIDTH, low + 8, f"Share of right labels by class: {told}", "".join(body))


def _read(matrix: np.ndarray) -> str:
    """A confusion matrix in words: its diagonal, and the errors that are a habit."""
    right = ", ".join(f"{share:.2f}" for share in np.diag(matrix))
    habits = [
        f"{crowds.CLASSES[row]} called {crowds.CLASSES[column]} {share:.2f}"
        for (row, column), share in np.ndenumerate(matrix)
        if row != column and share >= HABIT
    ]
    return f"{right} ({', '.join(habits)})" if habits else right


def _crowd() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    name = widgets.ToggleButtons(
        options=CROWDS,
        description="Crowd",
        style={"description_width": "initial", "button_width": "auto"},
    )
    step = widgets.SelectionSlider(
        options=STEPS,
        description="step",
        style={"description_width": "initial"},
        layout=widgets.Layout(width="520px"),
    )
    shown = widgets.Checkbox(value=False, description="show who they are", indent=False)

    def show(_: object = None) -> None:
        made, n = run(name.value), step.value
        at = made.steps[n]
        figure.value = crowd_figure(made, n, roles=shown.value)
        if n == 0:
            told = (
                f"The votes alone get {at.right} of {made.items} items right. The matrices are "
                "what these votes say of each annotator."
            )
        else:
            told = (
                f"After step {n}: {at.right} of {made.items} items right, log-likelihood "
                f"{at.log_likelihood:.1f}. A majority vote has {made.majority:.0f}."
            )
        if shown.value:
            told += f" They are {'; '.join(made.named(who, roles=True) for who in made.roles)}."
        kind = "right" if at.right > made.majority + 1 else "wrong" if n else ""
        said.value = note(told, kind)

    for control in (name, step, shown):
        control.observe(show, "value")
    show()
    return [name, step, shown, figure, said]


# One box from five ------------------------------------------------------------------------------

TRUE = (120.0, 50.0, 280.0, 170.0)
DRAWN = ((-6, 4, 3, -7), (8, -4, -9, 6), (-3, -6, 7, 4), (4, 7, -4, -3))
"""How far the edges of four careful boxes lie off: left, top, width, height."""


def onebox() -> Frame:
    """Four careful boxes and a wild one, merged by median or by mean."""
    return Frame("demo onebox", "One box from five", _onebox)


def five(shift: float) -> pd.DataFrame:
    """The boxes as a table; the fifth lies `shift` px to the right and is as much too wide."""
    x, y, w, h = TRUE
    rows = [(x + a, y + b, w + c, h + d) for a, b, c, d in DRAWN]
    rows.append((x + shift, y + 3, w + shift, h))
    table = pd.DataFrame(rows, columns=["x", "y", "width", "height"])
    return table.assign(item="street", annotator=[f"a{n}" for n in range(1, 6)])


def merged(shift: float, how: str) -> pd.DataFrame:
    """What becomes of the five."""
    weights = dict.fromkeys(five(shift)["annotator"], 1.0) if how == "mean" else None
    return merge_boxes(five(shift), weights=weights)


def onebox_figure(boxes: pd.DataFrame, found: pd.DataFrame) -> str:
    """Thin lines are drawn boxes, the thick ones what was merged of at least three."""

    def outline(box: Sequence[float], colour: str, stroke: float, dash: str = "") -> str:
        x, y, w, h = box
        return (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" fill="none" '
            f'stroke="{colour}" stroke-width="{stroke}"{dash}/>'
        )

    def words_at(right: float, y: float, text: str, colour: str) -> str:
        return (
            f'<text x="{right:.1f}" y="{y}" text-anchor="end" style="fill:{colour}">{text}</text>'
        )

    sides = ["x", "y", "width", "height"]
    body = [outline(box, GREY, 1.2) for box in boxes[sides].to_numpy()]
    body.append(outline(TRUE, GREEN, 2.5, ' stroke-dasharray="9 6"'))
    for _, row in found.iterrows():
        colour = BLUE if row["votes"] >= 3 else RED
        body.append(outline(row[sides], colour, 3))
        votes = f"{row['votes']} vote{'s' * (row['votes'] > 1)}"
        body.append(words_at(row["x"] + row["width"], 34, votes, colour))
    x, _, w, _ = TRUE
    body.append(words_at(x + w, 244, "truth, dashed", GREEN))
    told = "; ".join(f"{row['votes']} votes at x {row['x']:.0f}" for _, row in found.iterrows())
    return svg(WIDTH, 250, f"Five boxes merged into {len(found)}: {told}", "".join(body))


def _onebox() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    shift = _slider(widgets.IntSlider, "the fifth box is off by px", 0, 0, 150, 5)
    how = widgets.ToggleButtons(
        options=["median", "mean"], description="Merge by", style={"button_width": "auto"}
    )

    def show(_: object = None) -> None:
        boxes, found = five(shift.value), merged(shift.value, how.value)
        figure.value = onebox_figure(boxes, found)
        best = found.loc[found["votes"].idxmax()]
        quality = iou(TRUE, tuple(best[["x", "y", "width", "height"]]))
        alone = " The fifth box overlaps too little and stays alone." if len(found) > 1 else ""
        said.value = note(
            f"{best['votes']} votes, IoU {quality:.3f} with the truth (green, dashed), mean IoU "
            f"{best['agreement']:.2f} with those who drew it.{alone}",
            "right" if quality > 0.95 else "",
        )

    shift.observe(show, "value")
    how.observe(show, "value")
    show()
    return [shift, how, figure, said]

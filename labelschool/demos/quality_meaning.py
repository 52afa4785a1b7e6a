"""Demo of lesson 3.1: `batches`, two batches with the same accuracy and five questions to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import ipywidgets as widgets
import numpy as np
import pandas as pd

from labelschool.demos.frame import Frame, escape, note, svg, words
from labelschool.demos.numbers import percent

SEED = 31
CLASSES = ("car", "person", "cyclist")
COUNTS = (700, 260, 40)
WRONG = (28, 10, 2)
"""Wrong labels of batch A by true class; batch B has as many, all of them cyclists."""
DOUBLE = 200
"""Labels of a batch that a second annotator gave too."""
WIDTH, HEIGHT = 720, 150
COLOURS = {"A": "#0072b2", "B": "#d55e00"}


@cache
def _labels() -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    n = sum(COUNTS)
    truth = np.repeat(CLASSES, COUNTS)
    spread = truth.copy()
    for name, wrong in zip(CLASSES, WRONG, strict=True):
        places = rng.choice(np.flatnonzero(truth == name), wrong, replace=False)
        spread[places] = _other(spread[places], rng)
    swept = np.where(truth == "cyclist", "person", truth)
    tables = []
    for name, label, night, old, alike in (
        ("A", spread, 300, 20, 0.96),
        ("B", swept, 20, 600, 0.99),
    ):
        looks = truth if name == "A" else label
        second = np.where(rng.random(n) < alike, looks, _other(looks, rng)).astype(object)
        second[rng.permutation(n)[DOUBLE:]] = ""
        table = pd.DataFrame(
            {
                "batch": name,
                "item": [f"{name}{number:04}" for number in range(1, n + 1)],
                "truth": truth,
                "label": label,
                "second": second,
                "light": _some(n, night, "night", "day", rng),
                "guideline": _some(n, old, "v1", "v2", rng),
            }
        )
        tables.append(table.sample(frac=1, random_state=SEED))
    return pd.concat(tables, ignore_index=True)


def _other(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Another class for each label, each other one as likely."""
    place = np.searchsorted(sorted(CLASSES), labels)
    return np.array(sorted(CLASSES))[(place + rng.integers(1, len(CLASSES), len(labels))) % 3]


def _some(n: int, k: int, yes: str, no: str, rng: np.random.Generator) -> np.ndarray:
    """An array of n in which exactly k places, drawn at random, say `yes`."""
    return np.where(rng.permutation(n) < k, yes, no)


def labels() -> pd.DataFrame:
    """Two finished batches, A and B, with 1,000 labels each, in chance order.

    Columns: ``batch``, ``item``, ``truth`` (what an expert says), ``label``, ``second`` (a second
    annotator's label, empty for most), ``light`` (day or night) and ``guideline`` (the version
    that was followed; v2 holds today).
    """
    return _labels().copy()


def trials() -> dict[str, tuple[pd.DataFrame, bool]]:
    """Batches to try an acceptance criterion on, each with whether it should be accepted."""
    table = labels()
    a, b = (table[table["batch"] == name] for name in ("A", "B"))
    riders = b.assign(light=a["light"].to_numpy(), guideline=a["guideline"].to_numpy())
    day = a.assign(light="day")
    old = a.assign(guideline="v1")
    rider = a["truth"] == "cyclist"
    few = a[~rider | (rider.cumsum() <= 1)]
    return {
        "batch A": (a, True),
        "batch B": (b, False),
        "B, cyclists only": (riders, False),
        "A, day only": (day, False),
        "A, old guideline": (old, False),
        "A, one cyclist": (few, False),
    }


@dataclass(frozen=True)
class Measure:
    """One side of quality: how it is computed for a batch, and what the two batches show."""

    question: str
    value: Callable[[pd.DataFrame], float]
    says: str


def _recall(batch: pd.DataFrame) -> float:
    riders = batch[batch["truth"] == "cyclist"]
    return float((riders["label"] == riders["truth"]).mean())


def _same(batch: pd.DataFrame) -> float:
    double = batch[batch["second"] != ""]
    return float((double["label"] == double["second"]).mean())


MEASURES = {
    "accuracy": Measure(
        "Which share of the labels is what the expert says?",
        lambda batch: float((batch["label"] == batch["truth"]).mean()),
        "Equal. By this number nobody can choose between them.",
    ),
    "consistency": Measure(
        "Where two annotators labelled the same thing, how often do they say the same?",
        _same,
        "B is the more consistent batch. Its annotators share one mistake.",
    ),
    "coverage": Measure(
        "Which share of the pictures is from the night? In use it is 30 %.",
        lambda batch: float((batch["light"] == "night").mean()),
        "B has hardly seen the night, whatever its labels are worth.",
    ),
    "freshness": Measure(
        "Which share was labelled by the guideline that holds today, v2?",
        lambda batch: float((batch["guideline"] == "v2").mean()),
        "More than half of B follows a rule that was given up.",
    ),
    "fitness": Measure(
        "The buyer brakes for cyclists. Which share of the cyclists is labelled as cyclist?",
        _recall,
        "B holds no cyclist at all. For this buyer it is useless, with 96 % accuracy.",
    ),
}


def batches() -> Frame:
    """Two batches, and one measure of quality at a time."""
    return Frame("demo batches", "Two batches with the same accuracy", _batches)


def _batches() -> list[widgets.Widget]:
    choice = widgets.ToggleButtons(
        options=list(MEASURES), description="Ask for", style={"button_width": "auto"}
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        measure, values = MEASURES[choice.value], measured(choice.value)
        figure.value = bars(choice.value, values)
        told = ", ".join(f"{name} {percent(value, 1)}" for name, value in values.items())
        said.value = note(
            f"<p>{escape(measure.question)}</p><p><b>{told}.</b> {escape(measure.says)}</p>"
        )

    choice.observe(show, "value")
    show()
    return [choice, said, figure]


def measured(name: str) -> dict[str, float]:
    """A measure of both batches, from 0 to 1."""
    table = _labels()
    return {batch: MEASURES[name].value(rows) for batch, rows in table.groupby("batch")}


def bars(name: str, values: dict[str, float]) -> str:
    """A bar for each batch on a scale from 0 to 100 %, named beside it."""
    left, right = 90, 610
    parts = [f'<text x="{left}" y="16" style="font-weight:600">{name}</text>']
    for n, (batch, value) in enumerate(values.items()):
        top, width = 30 + 46 * n, (right - left) * value
        parts += [
            f'<text x="{left - 10}" y="{top + 22}" text-anchor="end">batch {batch}</text>',
            f'<rect x="{left}" y="{top}" width="{right - left}" height="34" fill="none" '
            'stroke="var(--lsd-line)"/>',
            f'<rect x="{left}" y="{top}" width="{width:.1f}" height="34" fill="{COLOURS[batch]}"/>',
            f'<text x="{right + 10}" y="{top + 22}" style="font-weight:600">'
            f"{percent(value, 1)}</text>",
        ]
    parts += [
        f'<text x="{left + (right - left) * share / 100:.0f}" y="{HEIGHT - 8}" '
        f'text-anchor="middle" class="soft">{share} %</text>'
        for share in (0, 50, 100)
    ]
    told = "; ".join(f"batch {batch} {percent(value, 1)}" for batch, value in values.items())
    return svg(WIDTH, HEIGHT, f"{name}: {told}", "".join(parts))

"""Demo of lesson 3.3: `missing`, labels taken away, and what is left for kappa and for alpha."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import isnan

import ipywidgets as widgets
import numpy as np
import pandas as pd

from labelschool import datasets
from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.quality_agreement import AC1, KAPPA, WIDTH
from labelschool.demos.quality_agreement import told as value_told
from labelschool.quality import bootstrap, fleiss_kappa, krippendorff_alpha

LOST = tuple(range(0, 90, 10))
RESAMPLES = 1000
LOWEST = -0.3
"""Where the axis begins: no value and no interval reaches further down."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A coefficient, its interval, and how many items it stands on."""

    value: float
    interval: tuple[float, float]
    items: int


@cache
def ratings() -> pd.DataFrame:
    """Annotators x parcels of `disagree48`."""
    labels = pd.read_csv(datasets.file("disagree48", "labels.csv"))
    return labels.pivot(index="annotator", columns="item", values="label")


@cache
def kept(percent: int) -> np.ndarray:
    """Which labels are left, annotators x parcels; who loses more loses these and others."""
    return np.random.default_rng(48).random(ratings().shape) >= percent / 100


@cache
def measured(percent: int) -> tuple[Measured, Measured]:
    """Fleiss' kappa of the complete parcels, and alpha of all that have two labels."""
    there = kept(percent)
    table = ratings().where(there)
    complete = table.loc[:, there.all(axis=0)]
    names = sorted(pd.unique(ratings().to_numpy().ravel()))
    counts = np.stack([(complete == name).sum() for name in names], axis=1)
    every = table.to_numpy()
    return (
        Measured(
            fleiss_kappa(counts),
            bootstrap(lambda drawn: fleiss_kappa(counts[drawn]), len(counts), resamples=RESAMPLES),
            len(counts),
        ),
        Measured(
            krippendorff_alpha(table),
            bootstrap(
                lambda drawn: krippendorff_alpha(every[:, drawn]),
                every.shape[1],
                resamples=RESAMPLES,
            ),
            int((there.sum(axis=0) > 1).sum()),
        ),
    )


def missing_figure(percent: int) -> str:
    """The labels that are left, the complete parcels marked; below, both coefficients."""
    body, told = _holes(kept(percent)), []
    left, right = 336, 700

    def at(value: float) -> float:
        return left + (value - LOWEST) / (1 - LOWEST) * (right - left)

    for tick in (0, 0.5, 1):
        body.append(
            f'<path d="M{at(tick):.1f} 148V236" stroke="var(--lsd-line)"/>'
            f'<text x="{at(tick):.1f}" y="254" text-anchor="middle" class="soft">{tick:g}</text>'
        )
    lines = (("Fleiss' kappa", "complete", AC1), ("alpha", "with two or more", KAPPA))
    for place, (name, which, colour) in enumerate(lines):
        one, y = measured(percent)[place], 172 + 42 * place
        body.append(
            f'<text x="8" y="{y + 4}" style="font-weight:600;fill:{colour}">{name} '
            f'{value_told(one.value)}</text><text x="184" y="{y + 4}" class="soft">{one.items} '
            f"{which}</text>"
        )
        if not isnan(one.interval[0]):
            low, high = map(at, one.interval)
            body.append(
                f'<path d="M{low:.1f} {y}H{high:.1f}M{low:.1f} {y - 6}v12M{high:.1f} {y - 6}v12" '
                f'stroke="{colour}" stroke-width="2.5"/>'
            )
        if not isnan(one.value):
            body.append(f'<circle cx="{at(one.value):.1f}" cy="{y}" r="6" fill="{colour}"/>')
        told.append(f"{name} {value_told(one.value)}, {one.items} {which}")
    description = f"{percent} % of the labels are missing. Of 48 parcels: {told[0]}; {told[1]}"
    return svg(WIDTH, 262, description, "".join(body))


def _holes(there: np.ndarray) -> list[str]:
    """A square for each label that is there or not, annotators x parcels."""
    body = []
    for (person, parcel), is_there in np.ndenumerate(there):
        fill = f'fill="{KAPPA}"' if is_there else 'fill="none" stroke="var(--lsd-line)"'
        body.append(
            f'<rect x="{40 + 14 * parcel}" y="{30 + 16 * person}" width="11" height="13" {fill}/>'
        )
    body += [
        f'<text x="8" y="{41 + 16 * person}" class="soft">{name}</text>'
        for person, name in enumerate(ratings().index)
    ]
    body += [
        f'<path d="M{40 + 14 * parcel} 116h11" stroke="{AC1}" stroke-width="4"/>'
        for parcel in np.flatnonzero(there.all(axis=0))
    ]
    return [*body, '<text x="40" y="20" class="soft">48 parcels, one column each</text>']


def missing_said(percent: int) -> str:
    """What is left for each of the two."""
    fleiss, alpha = measured(percent)
    lost = "No label is missing" if percent == 0 else f"{percent} % of the labels are missing"
    text = f"{lost}. All five labelled <b>{fleiss.items}</b> of 48 parcels, two or more labelled "
    text += f"<b>{alpha.items}</b>. "
    low, high = alpha.interval
    below, above = fleiss.interval
    if isnan(fleiss.value):
        kappa = "has none, no parcel is left"
    elif isnan(below):
        kappa = "has none, one parcel is too few"
    else:
        kappa = f"{below:.2f} to {above:.2f}"
    return text + f"95 % intervals: alpha {low:.2f} to {high:.2f}; kappa {kappa}."


def missing() -> Frame:
    """Labels taken away at random, and two coefficients of what is left."""
    return Frame("demo missing", "Kappa and alpha of a table with holes", _missing)


def _missing() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    share = widgets.SelectionSlider(
        options=[(f"{percent} %", percent) for percent in LOST],
        value=0,
        description="labels missing",
        style={"description_width": "initial"},
        layout=widgets.Layout(width="420px"),
    )

    def show(_: object = None) -> None:
        figure.value = missing_figure(share.value)
        said.value = note(missing_said(share.value))

    share.observe(show, names="value")
    show()
    return [figure, share, said]

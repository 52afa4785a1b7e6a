"""Demo of lesson 3.8: `suspects`, digits with flipped labels and four ways to find them again.

The pictures are scikit-learn's digits, 1,797 of 8 x 8 px, each pixel from 0 to 16.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import ipywidgets as widgets
import numpy as np

from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.quality import errors

SEED, FOLDS, NEIGHBOURS = 0, 5, 10
RATES = (1, 2, 5, 10, 20)
SELF, MARGIN, JOINT, OUTLIER, CHANCE = (
    "self-confidence", "margin", "confident joint", "outliers", "at random",
)  # fmt: skip
RANKINGS = {SELF: "self_confidence", MARGIN: "normalised_margin", JOINT: "confident_joint"}
SHOWN, COLUMNS = 24, 12
PIXEL = 5
WIDTH, CURVE = 720, 250
LINE, OTHER, WRONG = "#0072b2", "#5b6470", "#d55e00"


@dataclass(frozen=True)
class Flipped:
    """Digits of which some labels were changed: features (n, 64), both labels (n,), and the
    cross-validated class probabilities (n, 10) under the changed ones.
    """

    features: np.ndarray
    truth: np.ndarray
    labels: np.ndarray
    probabilities: np.ndarray

    @property
    def wrong(self) -> np.ndarray:
        """Which labels were changed, (n,)."""
        return self.labels != self.truth

    def ranked(self, way: str) -> np.ndarray:
        """All digits in the order in which a way suspects them."""
        if way in RANKINGS:
            return errors.rank(self.probabilities, self.labels, by=RANKINGS[way])
        if way == OUTLIER:
            return np.argsort(-errors.outlyingness(self.features), kind="stable")
        return np.random.default_rng(SEED).permutation(len(self.labels))


def flip(truth: np.ndarray, percent: float, seed: int = SEED) -> np.ndarray:
    """Labels (n,) of which that share was changed to another class, each other one as likely."""
    rng = np.random.default_rng(seed)
    labels, classes = truth.copy(), truth.max() + 1
    chosen = rng.choice(len(truth), round(len(truth) * percent / 100), replace=False)
    labels[chosen] = (truth[chosen] + rng.integers(1, classes, len(chosen))) % classes
    return labels


@lru_cache(maxsize=len(RATES))
def flipped(percent: float) -> Flipped:
    """The digits with that share of labels flipped, and what a model thinks of them."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import cross_val_predict
    from sklearn.neighbors import KNeighborsClassifier

    features, truth = load_digits(return_X_y=True)
    labels = flip(truth, percent)
    model = KNeighborsClassifier(NEIGHBOURS)
    probabilities = cross_val_predict(model, features, labels, cv=FOLDS, method="predict_proba")
    return Flipped(features, truth, labels, probabilities)


def suspects() -> Frame:
    """A share of flipped labels, a way to rank them, and how far down the list somebody looks."""
    return Frame("demo suspects", "Flipped digits and where they stand", _suspects)


def _suspects() -> list[widgets.Widget]:
    wide, style = widgets.Layout(width="min(520px, 98%)"), {"description_width": "150px"}
    rate = widgets.SelectionSlider(
        options=[(f"{n} %", n) for n in RATES], value=5, description="labels flipped",
        layout=wide, style=style,
    )  # fmt: skip
    way = widgets.ToggleButtons(
        options=[SELF, MARGIN, JOINT, OUTLIER, CHANCE], description="Rank by",
        style={"button_width": "auto"},
    )  # fmt: skip
    looked = widgets.IntSlider(
        value=90, min=10, max=600, step=10, description="labels looked at",
        layout=wide, style=style,
    )  # fmt: skip
    curve, pictures, said = words(), words(), words(live=True)

    def show(_: object = None) -> None:
        data = flipped(rate.value)
        order = data.ranked(way.value)
        found = errors.found_at(order, data.wrong, looked.value)
        curve.value = curve_figure(data, order, looked.value, way.value)
        pictures.value = picture_figure(data, order[:SHOWN])
        said.value = note(
            f"{data.wrong.sum()} of {len(order):,} labels are flipped. The first {found.k} of the "
            f"list hold <b>{found.hits}</b>: hit rate {percent(found.precision)}, found "
            f"{percent(found.recall)} of all, {found.lift:.1f} times what chance finds."
        )

    for control in (rate, way, looked):
        control.observe(show, "value")
    show()
    return [
        rate,
        way,
        looked,
        said,
        curve,
        words("<p><b>The first 24 of the list</b></p>"),
        pictures,
    ]


def curve_figure(data: Flipped, order: np.ndarray, looked: int, way: str) -> str:
    """Flipped labels found against labels looked at, beside chance and the best that can be."""
    total, most = int(data.wrong.sum()), 600
    left, right, top, floor = 46, 560, 26, CURVE - 34

    def x(count: float) -> float:
        return left + (right - left) * count / most

    def y(hits: float) -> float:
        return floor - (floor - top) * hits / total

    hits = np.r_[0, data.wrong[order].cumsum()][: most + 1]
    line = " ".join(f"{x(n):.1f},{y(h):.1f}" for n, h in enumerate(hits) if n % 5 == 0)
    chance = total * most / len(order)
    at = hits[looked]
    body = [
        f'<text x="{left}" y="14" style="font-weight:600">flipped labels found</text>',
        f'<path d="M{left} {floor}H{right}M{left} {floor}V{top}" stroke="var(--lsd-line)"/>',
        f'<polyline points="{x(0):.1f},{y(0):.1f} {x(total):.1f},{y(total):.1f} '
        f'{x(most):.1f},{y(total):.1f}" fill="none" stroke="{OTHER}" stroke-dasharray="7 4"/>',
        f'<path d="M{x(0):.1f} {y(0):.1f}L{x(most):.1f} {y(chance):.1f}" stroke="{OTHER}" '
        'stroke-dasharray="2 4"/>',
        f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="3"/>',
        f'<circle cx="{x(looked):.1f}" cy="{y(at):.1f}" r="6" fill="{WRONG}"/>',
        f'<path d="M{x(looked):.1f} {y(at):.1f}V{floor}" stroke="{WRONG}"/>',
        f'<text x="{right + 8}" y="{top + 4}">{total}: all of them</text>',
        f'<text x="{right + 8}" y="{y(chance) + 5:.1f}">by chance {chance:.0f}</text>',
        f'<text x="{left - 6}" y="{floor + 4}" text-anchor="end">0</text>',
        f'<text x="{right + 20}" y="{floor + 16}" class="soft">labels looked at</text>',
        f'<text x="{x(looked):.1f}" y="{floor + 16}" text-anchor="middle">{looked}</text>',
    ]
    told = f"Ranked by {way}: {at} of {total} flipped labels among the first {looked}"
    return svg(WIDTH, CURVE, told, "".join(body))


def picture_figure(data: Flipped, first: np.ndarray) -> str:
    """Digits with the given label below; flipped ones in a frame, with what they are."""
    tiles = []
    for n, item in enumerate(first):
        left, top = n % COLUMNS * 60 + 4, n // COLUMNS * 96 + 4
        tiles.append(_tile(data, int(item), left, top))
    rows = -(-len(first) // COLUMNS)
    wrong = int(data.wrong[first].sum())
    told = f"The first {len(first)} digits of the list; {wrong} of them have a flipped label"
    return svg(WIDTH + 4, rows * 96 + 4, told, "".join(tiles))


def _tile(data: Flipped, item: int, left: int, top: int) -> str:
    pixels = "".join(
        f'<rect x="{left + x * PIXEL + 6}" y="{top + y * PIXEL + 6}" width="{PIXEL}" '
        f'height="{PIXEL}" fill="#000" fill-opacity="{value / 16:.2f}"/>'
        for y, line in enumerate(data.features[item].reshape(8, 8))
        for x, value in enumerate(line)
        if value
    )
    wrong = data.wrong[item]
    frame = f'stroke="{WRONG}" stroke-width="3"' if wrong else 'stroke="#b8bfc6"'
    below = f"was {data.truth[item]}" if wrong else "kept"
    return (
        f'<rect x="{left}" y="{top}" width="52" height="52" fill="#fff" {frame}/>{pixels}'
        f'<text x="{left + 26}" y="{top + 68}" text-anchor="middle" style="font-weight:600">'
        f"says {data.labels[item]}</text>"
        f'<text x="{left + 26}" y="{top + 83}" text-anchor="middle" class="soft">{below}</text>'
    )

"""How far annotators agree, beyond chance where labels are classes or levels.

All chance-corrected coefficients are one minus the disagreement seen over the disagreement that
chance would give. They are 1 where nobody disagrees, 0 where chance does as well, and negative
below that. Where only one class was ever used, chance gives no disagreement either: the value is
nan, except for `gwet_ac1`, whose chance knows the classes that nobody used. It is nan as well where
no item was labelled twice. Missing labels are None or nan.

Sources: Cohen 1960 and 1968, Fleiss 1971, Krippendorff 2011 ("Computing Krippendorff's
Alpha-Reliability"), Gwet 2008.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from itertools import combinations
from math import nan
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from labelschool.model import BBox
from labelschool.scoring.matching import assign, iou_matrix
from labelschool.scoring.score import LEVEL, RESAMPLES

Scale = Literal["nominal", "ordinal", "interval", "ratio"]

# Two annotators ---------------------------------------------------------------------------------


def cohen_kappa(
    a: ArrayLike,
    b: ArrayLike,
    weights: Literal["linear", "quadratic"] | None = None,
    *,
    levels: Sequence[Hashable] | None = None,
) -> float:
    """Cohen's kappa of two annotators' labels of the same items, in the same order.

    Without `weights` all disagreements count alike; with ``linear`` or ``quadratic`` (QWK) they
    count by the distance of the labels or by its square. The distance is that of the numbers, or
    that of the places in `levels`, the names from the lowest to the highest. Items that one of the
    two left out are left out. nan without such pairs, and where both used one and the same class.

    Raises ValueError for lists of different lengths, for other weights, for weights on labels that
    are no numbers where `levels` are not given, and for a label that is none of them.
    """
    first, second = pd.Series(a), pd.Series(b)
    if len(first) != len(second):
        raise ValueError(f"two lists of the same items differ: {len(first)} and {len(second)}")
    both = pd.concat([first, second], ignore_index=True)
    if levels is not None:
        places = pd.Index(levels).get_indexer(both)
        if (wrong := both[(places < 0) & both.notna()]).size:
            raise ValueError(
                f"{wrong.iloc[0]!r} is none of the levels {', '.join(map(str, levels))}"
            )
        both = pd.Series(places).where(both.notna())
    codes, classes = pd.factorize(both, sort=True)
    pairs = codes.reshape(2, -1)
    pairs = pairs[:, (pairs >= 0).all(axis=0)]
    if not pairs.size:
        return nan
    distance = _distance(classes, weights)
    shares = np.stack([np.bincount(side, minlength=len(classes)) for side in pairs])
    shares = shares / pairs.shape[1]
    return _beyond_chance(distance[*pairs].mean(), shares[0] @ distance @ shares[1])


def _distance(classes: pd.Index, weights: str | None) -> NDArray[np.float64]:
    """How much each pair of classes counts as a disagreement."""
    if weights is None:
        return 1.0 - np.eye(len(classes))
    if weights not in ("linear", "quadratic"):
        raise ValueError(f"weights are None, 'linear' or 'quadratic', not {weights!r}")
    values = _numbers(classes, "weights need numbers, or `levels` that say the order")
    apart = np.abs(np.subtract.outer(values, values))
    return apart if weights == "linear" else apart**2


# Counts of labels -------------------------------------------------------------------------------


def fleiss_kappa(counts: ArrayLike) -> float:
    """Fleiss' kappa from items x classes, how often each item got each class.

    Every item needs the same number of labels; items without any are left out. nan for one label
    each, and where one class has all. Raises ValueError for items with different numbers of labels,
    and for a table of another shape or with negative or missing counts.
    """
    table = _counts(counts)
    if len(set(table.sum(axis=1))) > 1:
        raise ValueError(
            "Fleiss' kappa needs equally many labels on each item: use krippendorff_alpha"
        )
    shares = table.sum(axis=0) / max(table.sum(), 1)
    return _beyond_chance(_pair_disagreement(table), 1 - shares @ shares)


def gwet_ac1(counts: ArrayLike) -> float:
    """Gwet's AC1 from items x classes, how often each item got each class.

    A class that nobody used belongs into the table too: chance is taken to spread over all columns,
    so the value is 1 where all labels are of one class of several. Items may have different
    numbers of labels; those with one count for the shares of the classes only. nan for one column.
    Raises ValueError for a table of another shape or with negative or missing counts.
    """
    table = _counts(counts)
    classes = table.shape[1]
    if classes < 2 or not len(table):
        return nan
    shares = (table / table.sum(axis=1, keepdims=True)).mean(axis=0)
    return _beyond_chance(
        _pair_disagreement(table), 1 - (shares * (1 - shares)).sum() / (classes - 1)
    )


def _counts(counts: ArrayLike) -> NDArray[np.float64]:
    """Items x classes, without the items that have no label."""
    table = np.asarray(counts, dtype=float)
    if table.ndim != 2 or not (table >= 0).all():
        raise ValueError("counts are a table of items x classes, none negative or missing")
    return table[table.sum(axis=1) > 0]


def _pair_disagreement(table: NDArray[np.float64]) -> float:
    """Share of pairs of labels of an item that differ, mean over items with two or more."""
    labels = table.sum(axis=1)
    table, labels = table[labels > 1], labels[labels > 1]
    if not len(table):
        return nan
    differ = labels**2 - (table**2).sum(axis=1)
    return float((differ / (labels * (labels - 1))).mean())


# Krippendorff's alpha ---------------------------------------------------------------------------


def krippendorff_alpha(ratings: ArrayLike, level: Scale = "nominal") -> float:
    """Krippendorff's alpha from raters x items, with None or nan where a label is missing.

    `level` says what the labels are: names (``nominal``), steps in an order (``ordinal``), numbers
    whose differences count (``interval``) or whose proportions do (``ratio``, of 0 and more). All
    but names have to be numbers. An item counts once it has two labels. nan where none has, and
    where those are all the same. Raises ValueError for a table of another shape, another level,
    and labels that do not fit it.
    """
    is_table = isinstance(ratings, np.ndarray | pd.DataFrame)
    table = np.asarray(ratings, dtype=None if is_table else object)
    if table.ndim != 2:
        raise ValueError("ratings are a table of raters x items")
    items = np.broadcast_to(np.arange(table.shape[1]), table.shape)
    labels = pd.Series(table.ravel(), dtype=table.dtype)
    return _alpha(items.ravel(), labels if level == "nominal" else labels.infer_objects(), level)


def alpha_of_labels(labels: pd.DataFrame, level: Scale = "nominal") -> float:
    """`krippendorff_alpha` of a long table with the columns ``item``, ``annotator`` and ``label``.

    It never builds a table of raters x items, so memory grows with the number of labels alone. Who
    labelled an item twice counts twice. An ordered categorical is ordinal in its own order. Raises
    KeyError for a missing column and ValueError as `krippendorff_alpha`.
    """
    table = labels[["item", "annotator", "label"]]
    codes, _ = pd.factorize(table["item"])
    return _alpha(codes, table["label"], level)


def _alpha(item: NDArray[np.intp], label: pd.Series, level: Scale) -> float:
    if level not in get_args(Scale):
        raise ValueError(f"level is {', '.join(get_args(Scale))}, not {level!r}")
    code, classes = pd.factorize(label, sort=level != "nominal")
    scored = (code >= 0) & (item >= 0)
    if not scored.all():
        item, code = item[scored], code[scored]
    item, code, count = _cells(item, code, max(len(classes), 1))
    labels = np.bincount(item, weights=count)
    paired = count * (labels[item] > 1)
    total = np.bincount(code, weights=paired, minlength=len(classes))
    n = total.sum()
    if np.count_nonzero(total) < 2:
        return nan
    values = _values(classes, total, level)
    within = _disagreement(item, values[code], count, level)
    seen = np.divide(within, labels - 1, out=np.zeros_like(labels), where=labels > 1).sum() / n
    (expected,) = _disagreement(np.zeros(len(total), int), values, total, level) / (n * (n - 1))
    return _beyond_chance(seen, expected)


def _cells(
    item: NDArray[np.intp], code: NDArray[np.intp], classes: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Items, classes and how often each of these items got each of these classes, where it did.

    They are counted in a table where it is not much larger than the labels, else by hashing.
    """
    key = item * classes + code
    if classes * item.max(initial=0) <= 4 * len(key):
        table = np.bincount(key)
        cells = np.flatnonzero(table)
        count = table[cells]
    else:
        places, cells = pd.factorize(key)
        count = np.bincount(places)
    return *np.divmod(cells, classes), count


def _values(classes: pd.Index, total: NDArray[np.float64], level: Scale) -> NDArray[np.float64]:
    """What stands for each class in the differences of a level.

    Krippendorff's ordinal difference of two classes is the number of labels from the middle of one
    to the middle of the other, so the middles stand for them.
    """
    if level == "nominal":
        return np.zeros(len(classes))
    if level == "ordinal":
        if not (isinstance(classes, pd.CategoricalIndex) and classes.ordered):
            _numbers(classes, "ordinal labels have to be numbers or an ordered categorical")
        return np.cumsum(total) - total / 2
    values = _numbers(classes, f"{level} labels have to be numbers")
    if level == "ratio" and (values < 0).any():
        raise ValueError("ratio labels have to be 0 or more")
    return values


def _disagreement(
    group: NDArray[np.intp],
    value: NDArray[np.float64],
    count: NDArray[np.float64],
    level: Scale,
) -> NDArray[np.float64]:
    """The squared differences of all ordered pairs of labels in each group, summed.

    A row is `count` labels of one class in one group, and no class stands there twice.
    """
    size = np.bincount(group, weights=count)
    if level == "nominal":
        return size**2 - np.bincount(group, weights=count**2)
    if level == "ratio":
        return _proportions(group, value, count)
    mean = np.bincount(group, weights=count * value) / np.maximum(size, 1)
    return 2 * size * np.bincount(group, weights=count * (value - mean[group]) ** 2)


def _proportions(
    group: NDArray[np.intp], value: NDArray[np.float64], count: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of ratio labels; time grows with the square of the different labels of a group."""
    order = np.argsort(group, kind="stable")
    group, value, count = group[order], value[order], count[order]
    found = np.zeros(group[-1] + 1)
    for apart in range(1, np.bincount(group).max()):
        (low,) = np.nonzero(group[:-apart] == group[apart:])
        high = low + apart
        ratio = (value[high] - value[low]) / (value[high] + value[low])
        weights = 2 * count[low] * count[high] * ratio**2
        found += np.bincount(group[low], weights=weights, minlength=len(found))
    return found


def _numbers(classes: pd.Index, needed: str) -> NDArray[np.float64]:
    if not pd.api.types.is_numeric_dtype(classes.dtype):
        raise ValueError(f"{needed}; {classes[0]!r} is none")
    return classes.to_numpy(dtype=float)


def _beyond_chance(seen: float, expected: float) -> float:
    """One minus the disagreement seen over that by chance; nan where chance gives none."""
    return float(1 - seen / expected) if expected > 0 else nan


# Boxes and spans --------------------------------------------------------------------------------


def mean_pairwise_iou(boxes: Mapping[str, Mapping[str, Sequence[BBox]]]) -> float:
    """Mean IoU between annotators, from annotator, item and boxes ``(x, y, width, height)`` in px.

    In each item that two annotators saw, their boxes are matched one to one for the largest sum of
    IoU. The mean is over the boxes of both sides and all pairs of annotators, and a box without a
    partner counts as 0. An item that was seen and left empty has an empty list. nan without boxes.
    """

    def shared(a: Sequence[BBox], b: Sequence[BBox]) -> float:
        ious = iou_matrix(a, b)
        return sum(ious[pair] for pair in assign(ious, ious > 0))

    return _pairwise(boxes, shared)


def span_f1(spans: Mapping[str, Mapping[str, Collection[Hashable]]]) -> float:
    """F1 of exact spans between annotators, from annotator, item and spans.

    A span is what has to be alike, such as ``(start, end, label)``; the same span twice counts
    once. F1 takes neither side for the truth: it is twice the common spans over the spans of both,
    over all items that two annotators saw and all pairs of annotators. nan without spans.
    """
    sets = {who: {item: set(made) for item, made in of.items()} for who, of in spans.items()}
    return _pairwise(sets, lambda a, b: len(a & b))


def _pairwise(work: Mapping[str, Mapping[str, Any]], shared: Callable[[Any, Any], float]) -> float:
    common = made = 0.0
    for a, b in combinations(work.values(), 2):
        for item in a.keys() & b.keys():
            common += 2 * shared(a[item], b[item])
            made += len(a[item]) + len(b[item])
    return common / made if made else nan


# Intervals --------------------------------------------------------------------------------------


def bootstrap(
    statistic: Callable[[NDArray[np.intp]], float],
    items: int,
    *,
    resamples: int = RESAMPLES,
    seed: int | np.random.Generator = 0,
) -> tuple[float, float]:
    """The percentile interval, of 95 %, of a statistic over `items` items.

    `statistic` gets the places of the items of one resample, drawn with replacement:
    ``bootstrap(lambda drawn: krippendorff_alpha(ratings[:, drawn]), ratings.shape[1])``. Items are
    drawn, not labels, since labels of one item belong together. Resamples without a value are left
    out. nan for fewer than two items, or where no resample has a value.
    """
    if items < 2:
        return nan, nan
    rng = np.random.default_rng(seed)
    values = np.array([statistic(rng.integers(items, size=items)) for _ in range(resamples)])
    values = values[~np.isnan(values)]
    if not len(values):
        return nan, nan
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)

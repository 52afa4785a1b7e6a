"""Which labels are probably wrong, and how good a list of suspects is.

Items are numbered from 0. `probabilities` is an (n, k) table of class probabilities that were
predicted for each item by a model that had not seen its label (cross-validation), and `labels`
holds the given labels as places of its columns, (n,). A model that was trained on the label it
judges defends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

Ranking = Literal["self_confidence", "normalised_margin", "confident_joint"]


def self_confidence(probabilities: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """The probability of the given label, (n,), from 0 to 1: the lower, the more suspicious.

    Raises ValueError where the shapes do not fit or a label is no column.
    """
    probability, label = _checked(probabilities, labels)
    return probability[np.arange(len(label)), label]


def normalised_margin(probabilities: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """How far the given label leads the best other class, (n,), scaled to 0..1; 0.5 is a tie.

    Other than `self_confidence` it spares items on which the model is unsure as a whole. With one
    class there is nothing to lead, and it is 1. Raises ValueError as `self_confidence` does.
    """
    probability, label = _checked(probabilities, labels)
    rows = np.arange(len(label))
    others = probability.copy()
    others[rows, label] = 0.0
    return (probability[rows, label] - others.max(axis=1, initial=0.0) + 1) / 2


def confident_classes(probabilities: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """The class that each item confidently belongs to, (n,), and -1 where there is none.

    An item is confidently of a class when its probability reaches the mean probability of that
    class over the items labelled so; of several such classes the most probable counts, and
    the given label where it ties. So each class has a threshold of its own, and one that the model
    finds hard is not flagged as a whole (Northcutt, Jiang and Chuang 2021, "Confident Learning",
    arXiv 1911.00068). A class that no item is labelled as has no threshold. Raises ValueError as
    `self_confidence` does.
    """
    probability, label = _checked(probabilities, labels)
    given = label[:, None] == np.arange(probability.shape[1])
    counts = given.sum(axis=0)
    sums = (probability * given).sum(axis=0)
    threshold = np.divide(sums, counts, out=np.full(len(counts), np.inf), where=counts > 0)
    confident = np.where(probability >= threshold, probability, -1.0)
    best = confident.max(axis=1, initial=-1.0)
    kept = confident[np.arange(len(label)), label] == best
    return np.where(best < 0, -1, np.where(kept, label, confident.argmax(axis=1)))


def confident_joint(probabilities: ArrayLike, labels: ArrayLike) -> np.ndarray:
    """Items by given label (row) and the class they confidently belong to (column), (k, k).

    Off the diagonal stand the suspects. Raises ValueError as `self_confidence` does.
    """
    probability, label = _checked(probabilities, labels)
    confident = confident_classes(probability, label)
    joint = np.zeros((probability.shape[1],) * 2, dtype=int)
    sure = confident >= 0
    np.add.at(joint, (label[sure], confident[sure]), 1)
    return joint


def rank(
    probabilities: ArrayLike, labels: ArrayLike, by: Ranking = "self_confidence"
) -> np.ndarray:
    """All items, the most suspicious first, (n,). Equals stay in their order, nan goes last.

    ``confident_joint`` takes the items off the diagonal of `confident_joint` before all others, and
    orders both by `normalised_margin`. Raises ValueError as `self_confidence` does, and for another
    name in `by`.
    """
    if by == "self_confidence":
        return np.argsort(self_confidence(probabilities, labels), kind="stable")
    margin = normalised_margin(probabilities, labels)
    if by == "normalised_margin":
        return np.argsort(margin, kind="stable")
    if by != "confident_joint":
        raise ValueError(f"there is no ranking {by!r}")
    confident = confident_classes(probabilities, labels)
    kept = (confident < 0) | (confident == np.asarray(labels))
    return np.lexsort((margin, kept))


def outlyingness(features: ArrayLike, neighbours: int = 10) -> np.ndarray:
    """Mean distance of each item to its nearest others, (n,), in units of the features (n, d).

    High values are odd items: blanks, wrong crops, things of no class. With fewer others than
    `neighbours` all of them are taken; alone an item has nan. Raises ValueError for less than one
    neighbour.
    """
    from scipy.spatial import cKDTree

    points = np.asarray(features, dtype=float)
    if neighbours < 1:
        raise ValueError("it takes at least one neighbour")
    taken = min(neighbours, len(points) - 1)
    if taken < 1:
        return np.full(len(points), np.nan)
    distances, _ = cKDTree(points).query(points, k=taken + 1)
    return distances[:, 1:].mean(axis=1)


def conflicting_duplicates(features: ArrayLike, labels: ArrayLike, radius: float) -> pd.DataFrame:
    """Pairs of items at most `radius` apart that have different labels, the nearest first.

    Columns: ``first`` and ``second``, the items with first < second, and ``distance``, Euclidean,
    in units of the features (n, d). At least one of the two labels is wrong if the things are the
    same; which one, the pair does not say. Raises ValueError where there are not as many labels.
    """
    from scipy.spatial import cKDTree

    points, label = np.asarray(features, dtype=float), np.asarray(labels)
    if len(points) != len(label):
        raise ValueError(f"{len(points)} items and {len(label)} labels")
    near = cKDTree(points).query_pairs(radius, output_type="ndarray") if len(points) else []
    first, second = np.reshape(near, (-1, 2)).astype(int).T
    differ = label[first] != label[second]
    first, second = first[differ], second[differ]
    distance = np.linalg.norm(points[first] - points[second], axis=1)
    pairs = pd.DataFrame({"first": first, "second": second, "distance": distance})
    return pairs.sort_values(["distance", "first", "second"], ignore_index=True)


@dataclass(frozen=True, slots=True)
class Found:
    """What looking at the first `k` of a ranking brings.

    `precision` is the share of the k that is wrong (the hit rate of the list), `recall` the share
    of all wrong labels that is among them, and `lift` the precision as a multiple of what k items
    at random bring. Each is nan where it would divide by nothing.
    """

    k: int
    hits: int
    precision: float
    recall: float
    lift: float


def found_at(ranking: ArrayLike, wrong: ArrayLike, k: int) -> Found:
    """What the first `k` items of a ranking (n,) find, where `wrong` (n,) says which labels are.

    A `k` above n counts as n. Raises ValueError for a negative one.
    """
    order, truth = np.asarray(ranking, dtype=int), np.asarray(wrong, dtype=bool)
    if k < 0:
        raise ValueError("k cannot be negative")
    first = truth[order[:k]]
    hits, total = int(first.sum()), int(truth.sum())
    precision = hits / len(first) if len(first) else np.nan
    return Found(
        k=len(first),
        hits=hits,
        precision=precision,
        recall=hits / total if total else np.nan,
        lift=precision / (total / len(truth)) if total else np.nan,
    )


def _checked(probabilities: ArrayLike, labels: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    probability, label = np.asarray(probabilities, dtype=float), np.asarray(labels)
    if probability.ndim != 2 or label.shape != probability.shape[:1]:
        raise ValueError(
            f"probabilities {probability.shape} and labels {label.shape} are not (n, k) and (n,)"
        )
    if not np.issubdtype(label.dtype, np.integer):
        raise ValueError("labels are places of the columns, whole numbers from 0")
    if label.size and not (label.min() >= 0 and label.max() < probability.shape[1]):
        raise ValueError(f"a label is none of the {probability.shape[1]} columns")
    return probability, label

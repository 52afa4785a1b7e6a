"""One label per item from the labels of several annotators.

Labels come as a long table with the columns ``item``, ``annotator`` and ``label``, one row for each
label given. An annotator may have labelled an item several times, and not every item; rows without
a label are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class DawidSkene:
    """What `dawid_skene` finds.

    `consensus` is the most probable class of each item, the first of the classes where two are
    equally probable, and `probabilities` an items x classes table. `priors` are the shares of the
    classes. `confusion` has a row for each annotator and true class and a column for each label:
    the probability of that label, nan where no item seems to be of that class. `log_likelihood` is
    that of all labels, in nats, after `iterations` steps; `converged` tells whether it had settled.
    """

    consensus: pd.Series
    probabilities: pd.DataFrame
    priors: pd.Series
    confusion: pd.DataFrame
    log_likelihood: float
    iterations: int
    converged: bool

    @property
    def accuracy(self) -> pd.Series:
        """The estimated share of right labels of each annotator, as if everyone saw all items."""
        classes = self.priors.index
        blocks = self.confusion.to_numpy().reshape(-1, len(classes), len(classes))
        right = np.nan_to_num(np.diagonal(blocks, axis1=1, axis2=2)) @ self.priors.to_numpy()
        return pd.Series(right, self.confusion.index.unique("annotator"), name="accuracy")


def majority_vote(labels: pd.DataFrame, seed: int | np.random.Generator = 0) -> pd.Series:
    """The label given most often to each item, by item.

    Ties are broken at random by `seed`: always taking the first class would favour it. Raises
    KeyError for a missing column, ValueError for a table without labels.
    """
    table = _coded(labels)
    votes = table.votes()
    lots = np.random.default_rng(seed).random(votes.shape)
    winners = np.argmax(votes + lots * (votes == votes.max(axis=1, keepdims=True)), axis=1)
    return pd.Series(table.classes[winners], table.items, name="label")


def dawid_skene(
    labels: pd.DataFrame,
    *,
    pseudo_count: float = 0.01,
    iterations: int = 100,
    tolerance: float = 1e-9,
) -> DawidSkene:
    """True classes and each annotator's confusions, estimated together (Dawid and Skene 1979).

    The model: an item is of class k with probability `priors`[k], and annotator a then says l with
    probability `confusion`[a, k, l], whatever the others say. Expectation-maximisation starts from
    the vote shares of each item and stops after `iterations` steps or when the log-likelihood
    changes by less than `tolerance`. `pseudo_count` is added to every cell of the counts behind
    the confusion matrices, so that a confusion never seen is not impossible; 0 gives the plain
    maximum-likelihood estimate. It finds a local maximum, needs enough labels for each annotator,
    and is misled by annotators who copy each other. Of a lone annotator nothing can be learned:
    without a pseudo-count their labels stand, with one the commonest class takes over.

    Raises KeyError for a missing column, ValueError for a table without labels.
    """
    table = _coded(labels)
    votes = table.votes()
    truth = votes / votes.sum(axis=1, keepdims=True)
    log_likelihood, converged, step = -np.inf, False, 0
    while not converged and step < iterations:
        step += 1
        priors = truth.mean(axis=0)
        confusion = table.confusion(truth, pseudo_count)
        truth, new = table.posterior(priors, confusion)
        converged = abs(new - log_likelihood) < tolerance
        log_likelihood = new
    rows = pd.MultiIndex.from_product(
        [table.annotators, table.classes], names=["annotator", "true"]
    )
    return DawidSkene(
        consensus=pd.Series(table.classes[truth.argmax(axis=1)], table.items, name="label"),
        probabilities=pd.DataFrame(truth, table.items, table.classes),
        priors=pd.Series(priors, table.classes, name="prior"),
        confusion=pd.DataFrame(
            confusion.reshape(-1, len(table.classes)), rows, pd.Index(table.classes, name="label")
        ),
        log_likelihood=float(log_likelihood),
        iterations=step,
        converged=bool(converged),
    )


@dataclass(frozen=True, slots=True)
class _Coded:
    """A long table as places in sorted lists of items, annotators and classes."""

    item: np.ndarray
    annotator: np.ndarray
    label: np.ndarray
    items: pd.Index
    annotators: pd.Index
    classes: pd.Index

    def votes(self) -> np.ndarray:
        """How often each item got each label, (items, classes)."""
        shape = len(self.items), len(self.classes)
        cells = np.ravel_multi_index((self.item, self.label), shape)
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape).astype(float)

    def confusion(self, truth: np.ndarray, pseudo_count: float) -> np.ndarray:
        """P(label | annotator, true class), (annotators, classes, classes), from P(true class)."""
        people, classes = len(self.annotators), len(self.classes)
        cells = self.annotator * classes + self.label
        counts = np.stack(
            [
                np.bincount(cells, weights=share[self.item], minlength=people * classes)
                for share in truth.T
            ],
            axis=1,
        )
        counts = counts.reshape(people, classes, classes).swapaxes(1, 2) + pseudo_count
        totals = counts.sum(axis=2, keepdims=True)
        return np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)

    def posterior(self, priors: np.ndarray, confusion: np.ndarray) -> tuple[np.ndarray, float]:
        """P(true class) of each item, (items, classes), and the log-likelihood of all labels."""
        with np.errstate(divide="ignore"):
            log_confusion, log_joint = np.log(np.nan_to_num(confusion)), np.log(priors)
        joint = np.stack(
            [
                np.bincount(
                    self.item,
                    weights=log_confusion[self.annotator, true, self.label],
                    minlength=len(self.items),
                )
                for true in range(len(self.classes))
            ],
            axis=1,
        )
        joint += log_joint
        peak = joint.max(axis=1, keepdims=True)
        shares = np.exp(joint - peak)
        sums = shares.sum(axis=1, keepdims=True)
        return shares / sums, float((peak + np.log(sums)).sum())


def _coded(labels: pd.DataFrame) -> _Coded:
    table = labels[["item", "annotator", "label"]].dropna(subset="label")
    if table.empty:
        raise ValueError("a consensus needs at least one label")
    item, items = pd.factorize(table["item"], sort=True)
    annotator, annotators = pd.factorize(table["annotator"], sort=True)
    label, classes = pd.factorize(table["label"], sort=True)
    return _Coded(
        item,
        annotator,
        label,
        pd.Index(items, name="item"),
        pd.Index(annotators, name="annotator"),
        pd.Index(classes, name="class"),
    )

"""One label per item from the labels of several annotators.

Labels come as a long table with the columns ``item``, ``annotator`` and ``label``, one row for each
label given. An annotator may have labelled an item several times, and not every item; rows without
a label are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse, special


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
    return table.winners(table.votes(), seed)


def weighted_vote(
    labels: pd.DataFrame, weights: Mapping[object, float], seed: int | np.random.Generator = 0
) -> pd.Series:
    """Of the labels given to each item the one with the largest sum of weights, by item.

    ``weights`` has a weight for each annotator, a dict or a Series; `log_odds_weights` makes good
    ones. Ties are broken at random by `seed`. Raises KeyError for an annotator without a weight or
    a missing column, ValueError for a table without labels.
    """
    table = _coded(labels)
    each = np.array([float(weights[annotator]) for annotator in table.annotators])
    return table.winners(table.votes(each), seed)


def log_odds_weights(right: pd.Series, asked: pd.Series, classes: int = 2) -> pd.Series:
    """Weights for `weighted_vote` from gold: ``log((classes - 1) p / (1 - p))``.

    With p the share of right labels, this is the best vote where annotators err independently and
    all wrong classes alike (Nitzan and Paroush 1982, for two classes). Counts are by annotator;
    half a right and half a wrong label is added to each, so that nobody who made no mistake so far
    decides alone, and somebody without gold weighs as much as a coin with two sides.
    """
    right, wrong = np.asarray(right) + 0.5, np.asarray(asked) - np.asarray(right) + 0.5
    return pd.Series(np.log((classes - 1) * right / wrong), index=asked.index, name="weight")


def majority_accuracy(accuracy: float | np.ndarray, voters: int) -> float | np.ndarray:
    """P(the majority is right) of independent voters who are right with `accuracy`; an even number
    of them tosses a coin on a tie.

    The binomial tail (Condorcet 1785). It holds for two classes, and is a lower bound where wrong
    votes scatter over several.
    """
    half = voters / 2
    more_than = special.bdtrc(
        [np.floor(half), np.ceil(half) - 1], voters, np.asarray(accuracy)[..., None]
    )
    return more_than.mean(axis=-1)


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

    Raises KeyError for a missing column, ValueError for a table without labels or no `iterations`.
    """
    if iterations < 1:
        raise ValueError("it takes at least one iteration")
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


@dataclass(frozen=True)
class _Coded:
    """A long table as places in sorted lists of items, annotators and classes."""

    item: np.ndarray
    annotator: np.ndarray
    label: np.ndarray
    items: pd.Index
    annotators: pd.Index
    classes: pd.Index

    def votes(self, weights: np.ndarray | None = None) -> np.ndarray:
        """How often each item got each label, (items, classes); `weights` are by annotator. With
        weights a label that nobody gave has -inf.
        """
        shape = len(self.items), len(self.classes)
        cells = np.ravel_multi_index((self.item, self.label), shape)
        counts = np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)
        if weights is None:
            return counts.astype(float)
        sums = np.bincount(cells, weights[self.annotator], counts.size).reshape(shape)
        return np.where(counts > 0, sums, -np.inf)

    def winners(self, votes: np.ndarray, seed: int | np.random.Generator) -> pd.Series:
        """The class of most votes of each item, ties by lot."""
        lots = np.random.default_rng(seed).random(votes.shape)
        best = np.isclose(votes, votes.max(axis=1, keepdims=True), rtol=1e-12)
        return pd.Series(self.classes[np.argmax(lots * best, axis=1)], self.items, name="label")

    @cached_property
    def given(self) -> sparse.csr_array:
        """How often each item got each label of each annotator, (items, annotators x classes)."""
        columns = self.annotator * len(self.classes) + self.label
        shape = len(self.items), len(self.annotators) * len(self.classes)
        ones = np.ones(len(self.item))
        return sparse.coo_array((ones, (self.item, columns)), shape).tocsr()

    def confusion(self, truth: np.ndarray, pseudo_count: float) -> np.ndarray:
        """P(label | annotator, true class), (annotators, classes, classes), from P(true class)."""
        people, classes = len(self.annotators), len(self.classes)
        counts = (self.given.T @ truth).reshape(people, classes, classes)
        counts = counts.swapaxes(1, 2) + pseudo_count
        totals = counts.sum(axis=2, keepdims=True)
        return np.divide(counts, totals, out=np.full_like(counts, np.nan), where=totals > 0)

    def posterior(self, priors: np.ndarray, confusion: np.ndarray) -> tuple[np.ndarray, float]:
        """P(true class) of each item, (items, classes), and the log-likelihood of all labels."""
        classes = len(self.classes)
        with np.errstate(divide="ignore"):
            log_confusion, log_joint = np.log(np.nan_to_num(confusion)), np.log(priors)
        joint = self.given @ log_confusion.swapaxes(1, 2).reshape(-1, classes)
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

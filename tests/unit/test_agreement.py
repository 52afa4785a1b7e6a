"""Agreement: the published examples, other implementations on random tables, and properties."""

from __future__ import annotations

import warnings
from math import isnan, nan

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats import inter_rater

from labelschool.quality import (
    agreement,
    alpha_of_labels,
    bootstrap,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac1,
    krippendorff_alpha,
    mean_pairwise_iou,
    span_f1,
)

from . import plain_metrics

LEVELS = ("nominal", "ordinal", "interval", "ratio")
FLEISS = [
    [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
]  # fmt: skip
RATED = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
        [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    ]
)
"""Krippendorff 2011, example C."""


@pytest.fixture(autouse=True)
def _no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def two(*rows):
    """The labels of two annotators behind a table of counts."""
    table = np.array(rows)
    first, second = (side.ravel() for side in np.indices(table.shape))
    return np.repeat(first, table.ravel()), np.repeat(second, table.ravel())


def counts(ratings):
    """Items x classes, of whole numbers from 0."""
    ratings = np.asarray(ratings)
    return np.stack([(ratings == k).sum(axis=0) for k in range(int(ratings.max()) + 1)], axis=1)


def long(ratings):
    """The table of labels behind raters x items, without those that are missing, shuffled."""
    rows = [
        (item, rater, label)
        for rater, row in enumerate(ratings)
        for item, label in enumerate(row)
        if label is not None and label == label
    ]
    table = pd.DataFrame(rows, columns=["item", "annotator", "label"])
    return table.sample(frac=1, random_state=1)


def shown(value, digits):
    return pytest.approx(value, abs=0.5 * 10**-digits)


class TestPublished:
    @pytest.mark.parametrize(
        ("rows", "kappa"),
        [
            (([20, 5], [10, 15]), 0.4),
            (([45, 15], [25, 15]), 0.1304348),
            (([25, 35], [5, 35]), 0.2592593),
        ],
    )
    def test_cohen(self, rows, kappa):
        assert cohen_kappa(*two(*rows)) == shown(kappa, 7)

    def test_weighted(self):
        labels = two([75, 1, 4], [5, 4, 1], [0, 0, 10])
        assert cohen_kappa(*labels) == shown(0.6764706, 7)
        assert cohen_kappa(*labels, "linear") == shown(0.7222222, 7)
        assert cohen_kappa(*labels, "quadratic") == shown(0.7553191, 7)

    def test_fleiss(self):
        assert fleiss_kappa(FLEISS) == shown(0.2099307, 7)

    def test_krippendorff(self):
        binary = [[int(label) for label in row] for row in ("0100000010", "1110010000")]
        assert krippendorff_alpha(binary) == shown(0.095238, 6)
        names = [row.split() for row in ("a a b b d c c c e d d a", "b a b b b c c c e d d d")]
        assert krippendorff_alpha(names) == shown(0.691964, 6)

    @pytest.mark.parametrize(
        ("level", "alpha"),
        [
            ("nominal", 0.743421),
            ("ordinal", 0.815388),
            ("interval", 0.849107),
            ("ratio", 0.797403),
        ],
    )
    def test_krippendorff_with_missing_labels(self, level, alpha):
        assert krippendorff_alpha(RATED, level) == shown(alpha, 6)
        assert alpha_of_labels(long(RATED), level) == shown(alpha, 6)

    @pytest.mark.parametrize(
        ("rows", "seen", "kappa", "ac1"),
        [
            (([40, 9], [6, 45]), 0.85, 0.700, 0.701),
            (([80, 10], [5, 5]), 0.85, 0.318, 0.808),
            (([94, 3], [3, 0]), 0.94, -0.031, 0.936),
        ],
    )
    def test_the_kappa_paradox(self, rows, seen, kappa, ac1):
        a, b = two(*rows)
        assert np.mean(a == b) == seen
        assert cohen_kappa(a, b) == shown(kappa, 3)
        assert gwet_ac1(counts([a, b])) == shown(ac1, 3)


class TestOthers:
    """Random tables, against scikit-learn, statsmodels and the package krippendorff."""

    @pytest.mark.parametrize("seed", range(20))
    def test_cohen(self, seed):
        rng = np.random.default_rng(seed)
        classes, n = rng.integers(2, 7), rng.integers(30, 200)
        a = rng.integers(classes, size=n)
        b = np.where(rng.random(n) < 0.6, a, rng.integers(classes, size=n))
        a[:classes] = b[:classes] = range(classes)
        for weights in (None, "linear", "quadratic"):
            theirs = cohen_kappa_score(a, b, weights=weights)
            assert cohen_kappa(a, b, weights) == pytest.approx(theirs, abs=1e-12)
        names = [*"fbeacd"[:classes]]
        named = ([names[place] for place in side] for side in (a, b))
        theirs = plain_metrics.weighted_kappa(a, b)
        assert cohen_kappa(*named, "quadratic", levels=names) == pytest.approx(theirs, abs=1e-12)

    @pytest.mark.parametrize("seed", range(20))
    def test_fleiss(self, seed):
        rng = np.random.default_rng(seed)
        table = rng.multinomial(rng.integers(2, 9), rng.dirichlet(np.ones(4), size=50))
        assert fleiss_kappa(table) == pytest.approx(inter_rater.fleiss_kappa(table), abs=1e-12)

    @pytest.mark.parametrize("level", LEVELS)
    @pytest.mark.parametrize("seed", range(10))
    def test_alpha(self, seed, level):
        rng = np.random.default_rng(seed)
        ratings = rng.integers(5, size=40) + rng.integers(-1, 2, size=(6, 40)) + 1.0
        ratings[rng.random(ratings.shape) < 0.4] = nan
        theirs = krippendorff.alpha(ratings, level_of_measurement=level)
        assert krippendorff_alpha(ratings, level) == pytest.approx(theirs, abs=1e-12)
        assert alpha_of_labels(long(ratings), level) == pytest.approx(theirs, abs=1e-12)


RATINGS = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=7),
    elements=st.sampled_from([0.0, 1.0, 2.0, 3.0, nan]),
)
FULL = hnp.arrays(np.int64, (3, 12), elements=st.integers(0, 3))


def same(a, b):
    return isnan(a) and isnan(b) if isnan(a) or isnan(b) else a == pytest.approx(b, abs=1e-9)


class TestProperties:
    @given(RATINGS, st.randoms(use_true_random=False), st.sampled_from(LEVELS))
    def test_order_of_items_and_of_raters_is_nothing(self, ratings, chance, level):
        value = krippendorff_alpha(ratings, level)
        items, raters = (chance.sample(range(n), n) for n in ratings.shape[::-1])
        assert same(krippendorff_alpha(ratings[np.ix_(raters, items)], level), value)
        assert same(alpha_of_labels(long(ratings), level), value)
        assert isnan(value) or value <= 1

    @given(FULL, st.permutations(range(4)))
    def test_names_are_nothing_where_labels_are_names(self, ratings, names):
        renamed = np.array(names)[ratings]
        assert same(cohen_kappa(*renamed[:2]), cohen_kappa(*ratings[:2]))
        assert same(krippendorff_alpha(renamed), krippendorff_alpha(ratings))
        table = np.stack([(ratings == k).sum(axis=0) for k in range(4)], axis=1)
        assert same(gwet_ac1(table[:, names]), gwet_ac1(table))
        assert same(fleiss_kappa(table[:, names]), fleiss_kappa(table))
        words = np.array(["car", "van", "bus", "tram"])[ratings]
        assert same(krippendorff_alpha(words), krippendorff_alpha(ratings))

    @given(RATINGS, st.floats(0.1, 50), st.floats(-100, 100))
    def test_a_scale_may_be_shifted_and_stretched(self, ratings, stretch, shift):
        moved = krippendorff_alpha(ratings * stretch + shift, "interval")
        assert same(moved, krippendorff_alpha(ratings, "interval"))
        stretched = krippendorff_alpha(ratings * stretch, "ratio")
        assert same(stretched, krippendorff_alpha(ratings, "ratio"))
        bent = krippendorff_alpha(ratings**3, "ordinal")
        assert same(bent, krippendorff_alpha(ratings, "ordinal"))

    @given(FULL)
    def test_kappa_knows_no_first_annotator_and_a_copy_agrees_wholly(self, ratings):
        a, b, _ = ratings
        for weights in (None, "linear", "quadratic"):
            assert same(cohen_kappa(a, b, weights), cohen_kappa(b, a, weights))
            value = cohen_kappa(a, a, weights)
            assert isnan(value) if len(set(a)) == 1 else value == 1
        for level in LEVELS:
            value = krippendorff_alpha([a, a, a], level)
            assert isnan(value) if len(set(a)) == 1 else value == pytest.approx(1)

    @given(FULL)
    def test_items_that_one_annotator_alone_saw_change_no_alpha(self, ratings):
        seen = ratings.astype(float)
        lone = np.full((3, 2), nan)
        lone[0] = 3
        for level in LEVELS:
            more = krippendorff_alpha(np.hstack([seen, lone]), level)
            assert same(more, krippendorff_alpha(seen, level))

    @given(FULL)
    def test_fleiss_is_alpha_but_for_the_small_sample(self, ratings):
        """alpha = 1 - (1 - kappa)(1 - 1/n) with n labels in all, none missing."""
        alpha, kappa = krippendorff_alpha(ratings), fleiss_kappa(counts(ratings))
        assert same(alpha, 1 - (1 - kappa) * (1 - 1 / ratings.size))

    def test_blind_labels_agree_by_chance_alone(self):
        rng = np.random.default_rng(3)
        ratings = (rng.random((4, 4000)) < 0.9).astype(int)
        values = [
            cohen_kappa(*ratings[:2]),
            fleiss_kappa(counts(ratings)),
            krippendorff_alpha(ratings, "interval"),
        ]
        assert np.abs(values).max() < 0.05
        assert gwet_ac1(counts(ratings)) > 0.7


class TestEdges:
    def test_one_class_is_nan_where_chance_agrees_wholly_as_well(self):
        assert isnan(cohen_kappa(["car"] * 5, ["car"] * 5))
        assert isnan(cohen_kappa([3] * 5, [3] * 5, "quadratic"))
        assert isnan(fleiss_kappa([[3, 0], [3, 0]]))
        assert all(isnan(krippendorff_alpha([[0.1] * 3] * 3, level)) for level in LEVELS)
        assert gwet_ac1([[3, 0], [3, 0]]) == 1
        assert isnan(gwet_ac1([[3], [3]]))
        assert cohen_kappa(["car"] * 5, ["van"] * 5) == 0

    def test_one_rater_and_no_overlap_are_nan(self):
        assert isnan(fleiss_kappa([[1, 0], [0, 1]]))
        assert isnan(gwet_ac1([[1, 0], [0, 1]]))
        apart = [[1, 2, nan, nan], [nan, nan, 1, 2]]
        for level in LEVELS:
            assert isnan(krippendorff_alpha([[1, 2, 3]], level))
            assert isnan(krippendorff_alpha(apart, level))
            assert isnan(alpha_of_labels(long(apart), level))
        assert isnan(cohen_kappa(*apart))

    def test_nothing_at_all_is_nan(self):
        assert isnan(cohen_kappa([], []))
        assert isnan(fleiss_kappa(np.zeros((0, 3))))
        assert isnan(gwet_ac1(np.zeros((2, 3))))
        assert isnan(krippendorff_alpha(np.zeros((2, 0))))
        assert isnan(alpha_of_labels(long([]).assign(label=[])))
        assert isnan(mean_pairwise_iou({"ada": {"p1": []}, "bob": {"p1": []}}))
        assert isnan(span_f1({}))

    def test_missing_pairs_are_left_out(self):
        a, b = ["car", None, "van", "bus"], ["car", "van", nan, "van"]
        assert cohen_kappa(a, b) == cohen_kappa(["car", "bus"], ["car", "van"])
        assert cohen_kappa([1, nan, 3], [1, 2, 4], "linear") == cohen_kappa(
            [1, 3], [1, 4], "linear"
        )

    def test_fewer_labels_of_some_items(self):
        """The lone label counts for the shares, which are one half each."""
        assert gwet_ac1([[2, 0], [0, 2], [1, 1], [0, 2], [1, 0]]) == pytest.approx(
            1 - 0.25 / (1 - 2 * 0.5 * 0.5)
        )

    def test_a_distance_is_that_of_the_numbers(self):
        a, b = [1, 2, 5, 5, 1], [1, 5, 5, 2, 2]
        assert cohen_kappa(a, b, "quadratic") == pytest.approx(plain_metrics.weighted_kappa(a, b))

    @pytest.mark.parametrize(
        ("call", "says"),
        [
            (lambda: cohen_kappa([1, 2], [1]), "differ: 2 and 1"),
            (lambda: cohen_kappa([1], [2], "cubic"), "not 'cubic'"),
            (lambda: cohen_kappa(["low"], ["high"], "linear"), "'high' is none"),
            (
                lambda: cohen_kappa(["a"], ["c"], levels=["a", "b"]),
                "'c' is none of the levels a, b",
            ),
            (lambda: fleiss_kappa([[2, 0], [1, 0]]), "use krippendorff_alpha"),
            (lambda: fleiss_kappa([2, 0]), "items x classes"),
            (lambda: gwet_ac1([[2, -1]]), "none negative or missing"),
            (lambda: krippendorff_alpha([1, 2]), "raters x items"),
            (lambda: krippendorff_alpha([[1], [2]], "metric"), "not 'metric'"),
            (lambda: krippendorff_alpha([["a"], ["b"]], "interval"), "'a' is none"),
            (lambda: krippendorff_alpha([["a"], ["b"]], "ordinal"), "ordered categorical"),
            (lambda: krippendorff_alpha([[-1], [2]], "ratio"), "0 or more"),
        ],
    )
    def test_what_does_not_fit_is_said(self, call, says):
        with pytest.raises(ValueError, match=says):
            call()

    def test_an_ordered_categorical_is_ordinal_in_its_own_order(self):
        table, names = long(RATED), ["none", "slight", "fair", "much", "all"]
        words = pd.Categorical([names[int(n) - 1] for n in table["label"]], names, ordered=True)
        assert alpha_of_labels(table.assign(label=words), "ordinal") == shown(0.815388, 6)

    def test_many_labels_and_many_values_need_little_memory(self):
        """No table of items x values, nor of raters x items: it would have 10^11 cells."""
        rng = np.random.default_rng(0)
        n = 300_000
        truth = rng.random(n)
        table = pd.DataFrame({"item": np.arange(n), "annotator": np.arange(n), "label": truth})
        again = table.assign(label=truth + 0.1 * rng.random(n), annotator=table["annotator"] + n)
        table = pd.concat([table, again])
        assert 0.9 < alpha_of_labels(table, "interval") < 1
        assert 0.9 < alpha_of_labels(table, "ordinal") < 1
        assert alpha_of_labels(table) < 0.001


class TestShapes:
    def test_boxes_are_counted_from_both_sides(self):
        box, half, away = (0, 0, 10, 10), (0, 0, 10, 5), (50, 50, 4, 4)
        work = {"ada": {"p1": [box]}, "bob": {"p1": [away, half]}}
        assert mean_pairwise_iou(work) == pytest.approx(2 * 0.5 / 3)
        assert mean_pairwise_iou(dict(reversed(work.items()))) == mean_pairwise_iou(work)
        assert mean_pairwise_iou({"ada": work["ada"], "eve": work["ada"]}) == 1

    def test_a_box_has_one_partner(self):
        boxes = [(0, 0, 10, 10), (1, 0, 10, 10)]
        assert mean_pairwise_iou({"ada": {"p": boxes[:1]}, "bob": {"p": boxes}}) == pytest.approx(
            2 / 3
        )

    def test_an_item_that_was_not_seen_is_no_empty_one(self):
        box = [(0, 0, 10, 10)]
        seen = {"ada": {"p1": box, "p2": box}, "bob": {"p1": box}}
        assert mean_pairwise_iou(seen) == 1
        assert mean_pairwise_iou({**seen, "bob": {"p1": box, "p2": []}}) == pytest.approx(2 / 3)

    def test_spans_agree_exactly_or_not(self):
        ada = {"n1": [(0, 4, "PER"), (9, 12, "LOC")], "n2": []}
        bob = {"n1": [(0, 4, "PER"), (0, 4, "PER"), (9, 13, "LOC")], "n2": [(3, 5, "ORG")]}
        assert span_f1({"ada": ada, "bob": bob}) == pytest.approx(2 * 1 / 5)
        eve = {"n1": [(0, 4, "ORG")]}
        assert span_f1({"ada": ada, "bob": bob, "eve": eve}) == pytest.approx(2 / (5 + 3 + 3))


class TestBootstrap:
    def test_the_interval_holds_the_truth_as_often_as_it_says(self):
        """Labels of a known kappa: 0.6 of the items copied, the others drawn anew."""
        rng = np.random.default_rng(1)
        held = 0
        for _ in range(40):
            a = rng.integers(2, size=80)
            b = np.where(rng.random(80) < 0.6, a, rng.integers(2, size=80))
            low, high = bootstrap(lambda i, a=a, b=b: cohen_kappa(a[i], b[i]), 80, resamples=60)
            held += low <= 0.6 <= high
        assert 33 <= held <= 40

    def test_it_is_the_same_again_and_wider_with_fewer_items(self):
        value = bootstrap(lambda drawn: krippendorff_alpha(RATED[:, drawn]), 12, resamples=300)
        again = bootstrap(lambda drawn: krippendorff_alpha(RATED[:, drawn]), 12, resamples=300)
        assert value == again
        twice = np.hstack([RATED] * 4)
        low, high = bootstrap(lambda drawn: krippendorff_alpha(twice[:, drawn]), 48, resamples=300)
        assert high - low < value[1] - value[0]
        assert low < krippendorff_alpha(RATED) < high

    def test_resamples_of_one_class_are_left_out(self):
        a, b = np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])
        low, high = bootstrap(lambda drawn: cohen_kappa(a[drawn], b[drawn]), 4, resamples=200)
        assert low <= cohen_kappa(a, b) <= high
        assert all(isnan(end) for end in bootstrap(lambda drawn: nan, 4, resamples=5))
        assert all(isnan(end) for end in bootstrap(lambda drawn: 1.0, 1))


def test_labels_are_counted_in_a_table_or_by_hashing_alike():
    item, code = np.array([0, 9, 9, 0, 3, 9]), np.array([1, 0, 0, 1, 2, 1])
    wide = agreement._cells(item, code, 3)
    hashed = agreement._cells(item * 1000, code, 3)
    cells = [set(zip(of, *rest, strict=True)) for of, *rest in (wide, hashed)]
    assert {(1000 * of, *rest) for of, *rest in cells[0]} == cells[1]
    assert cells[0] == {(0, 1, 2), (3, 2, 1), (9, 0, 2), (9, 1, 1)}

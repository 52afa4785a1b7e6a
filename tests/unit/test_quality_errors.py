"""Ranking suspicious labels, and what a ranking is worth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from labelschool.quality import errors

RANKINGS = ("self_confidence", "normalised_margin", "confident_joint")


@st.composite
def predicted(draw):
    """Class probabilities and labels."""
    n, k = draw(st.integers(1, 30)), draw(st.integers(1, 5))
    raw = draw(arrays(float, (n, k), elements=st.floats(0.01, 1)))
    labels = draw(arrays(int, n, elements=st.integers(0, k - 1)))
    return raw / raw.sum(axis=1, keepdims=True), labels


class TestScores:
    def test_by_hand(self):
        table = [[0.7, 0.2, 0.1], [0.7, 0.2, 0.1], [0.4, 0.3, 0.3]]
        labels = [0, 2, 1]
        assert errors.self_confidence(table, labels) == pytest.approx([0.7, 0.1, 0.3])
        assert errors.normalised_margin(table, labels) == pytest.approx([0.75, 0.2, 0.45])

    @given(predicted())
    def test_a_margin_below_a_half_says_another_class_leads(self, given_):
        table, labels = given_
        margin = errors.normalised_margin(table, labels)
        rows = np.arange(len(labels))
        behind = table.max(axis=1) - table[rows, labels]
        assert margin[behind == 0].min(initial=1) >= 0.5
        assert margin[behind > 1e-9].max(initial=0) < 0.5
        assert ((margin >= 0) & (margin <= 1)).all()

    def test_one_class_has_nothing_to_be_wrong_about(self):
        assert errors.normalised_margin([[1.0], [1.0]], [0, 0]).tolist() == [1, 1]
        assert errors.confident_joint([[1.0], [1.0]], [0, 0]).tolist() == [[2]]

    @pytest.mark.parametrize(
        ("table", "labels", "says"),
        [
            ([[0.5, 0.5]], [0, 1], "not .n, k. and .n,."),
            ([0.5, 0.5], [0, 1], "not .n, k. and .n,."),
            ([[0.5, 0.5]], [2], "none of the 2 columns"),
            ([[0.5, 0.5]], [-1], "none of the 2 columns"),
            ([[0.5, 0.5]], [0.0], "whole numbers"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, table, labels, says):
        with pytest.raises(ValueError, match=says):
            errors.self_confidence(table, labels)


class TestConfidentJoint:
    def test_by_hand(self):
        """Thresholds: class 0 has 0.6, the mean of 0.9, 0.8 and 0.1; class 1 has 0.7."""
        table = [[0.9, 0.1], [0.8, 0.2], [0.1, 0.9], [0.3, 0.7], [0.45, 0.55]]
        labels = [0, 0, 0, 1, 0]
        assert errors.confident_classes(table, labels).tolist() == [0, 0, 1, 1, -1]
        assert errors.confident_joint(table, labels).tolist() == [[2, 1], [0, 1]]

    @given(predicted())
    def test_it_counts_each_confident_item_once(self, given_):
        table, labels = given_
        joint = errors.confident_joint(table, labels)
        given_labels = np.bincount(labels, minlength=table.shape[1])
        assert (joint.sum(axis=1) <= given_labels).all()
        assert joint.sum() == (errors.confident_classes(table, labels) >= 0).sum()

    def test_a_class_without_labels_gets_no_items(self):
        table = [[0.1, 0.1, 0.8], [0.2, 0.7, 0.1]]
        assert errors.confident_classes(table, [0, 1]).tolist() == [0, 1]

    def test_a_hard_class_is_not_flagged_as_a_whole(self):
        """The model puts all of class 1 at 0.45: below a half, and yet as for its class."""
        table = np.array([[0.95, 0.05]] * 20 + [[0.55, 0.45]] * 20 + [[0.97, 0.03]])
        labels = np.array([0] * 20 + [1] * 21)
        assert (errors.normalised_margin(table, labels) < 0.5).sum() == 21
        off = (errors.confident_classes(table, labels) == 0) & (labels == 1)
        assert off.nonzero()[0].tolist() == [40]
        assert errors.rank(table, labels, by="confident_joint")[0] == 40


class TestRanking:
    @given(predicted(), st.sampled_from(RANKINGS))
    def test_each_item_stands_in_it_once(self, given_, by):
        order = errors.rank(*given_, by=by)
        assert sorted(order) == list(range(len(given_[1])))

    @given(predicted(), st.randoms(use_true_random=False), st.sampled_from(RANKINGS))
    def test_names_of_classes_do_not_matter(self, given_, random, by):
        table, labels = given_
        swap = list(range(table.shape[1]))
        random.shuffle(swap)
        place = np.argsort(swap)
        other = errors.rank(table[:, swap], place[labels], by=by)
        assert other.tolist() == errors.rank(table, labels, by=by).tolist()

    @settings(max_examples=20)
    @given(st.integers(0, 10**6), st.sampled_from(RANKINGS))
    def test_flipped_labels_of_a_good_model_come_first(self, seed, by):
        rng = np.random.default_rng(seed)
        truth = rng.integers(0, 4, 200)
        table = np.full((200, 4), 0.02)
        table[np.arange(200), truth] = 0.94
        flipped = rng.choice(200, 10, replace=False)
        labels = truth.copy()
        labels[flipped] = (labels[flipped] + rng.integers(1, 4, 10)) % 4
        assert set(errors.rank(table, labels, by=by)[:10]) == set(flipped)

    def test_an_unknown_one_is_refused(self):
        with pytest.raises(ValueError, match="no ranking 'entropy'"):
            errors.rank([[1.0]], [0], by="entropy")


class TestFound:
    def test_by_hand(self):
        wrong = [False, True, False, True, False, False, False, False, False, False]
        found = errors.found_at([1, 0, 3, 2, 4, 5, 6, 7, 8, 9], wrong, 2)
        assert (found.k, found.hits, found.precision, found.recall) == (2, 1, 0.5, 0.5)
        assert found.lift == pytest.approx(0.5 / 0.2)

    @given(arrays(bool, st.integers(1, 40)), st.integers(1, 60), st.integers(0, 9))
    def test_shares_fit_the_hits_and_all_items_have_no_lift(self, wrong, k, seed):
        order = np.random.default_rng(seed).permutation(len(wrong))
        found = errors.found_at(order, wrong, k)
        assert found.hits == pytest.approx(found.precision * found.k)
        if wrong.any():
            assert found.hits == pytest.approx(found.recall * wrong.sum())
            assert errors.found_at(order, wrong, len(wrong)).lift == pytest.approx(1)

    def test_the_edges(self):
        none = errors.found_at([0, 1], [False, False], 2)
        assert (none.precision, none.hits) == (0, 0)
        assert np.isnan([none.recall, none.lift]).all()
        assert np.isnan(errors.found_at([0, 1], [True, False], 0).precision)
        assert errors.found_at([0, 1], [True, False], 9).k == 2
        with pytest.raises(ValueError, match="negative"):
            errors.found_at([0], [True], -1)


class TestFeatures:
    def test_pairs_that_are_near_and_differ(self):
        points = [[0, 0], [0, 1], [5, 5], [5, 5], [9, 9]]
        pairs = errors.conflicting_duplicates(points, [1, 2, 3, 4, 5], radius=1)
        assert pairs.to_numpy().tolist() == [[2, 3, 0], [0, 1, 1]]
        assert errors.conflicting_duplicates(points, [1, 1, 3, 3, 5], radius=1).empty
        assert errors.conflicting_duplicates(np.empty((0, 2)), [], radius=1).empty
        with pytest.raises(ValueError, match="5 items and 1 labels"):
            errors.conflicting_duplicates(points, [1], radius=1)

    @given(arrays(float, (8, 2), elements=st.integers(0, 6)), st.integers(0, 5))
    def test_they_are_the_pairs_that_a_double_loop_finds(self, points, radius):
        labels = np.arange(8) % 3
        found = errors.conflicting_duplicates(points, labels, radius)
        expected = {
            (i, j)
            for i in range(8)
            for j in range(i + 1, 8)
            if labels[i] != labels[j] and np.linalg.norm(points[i] - points[j]) <= radius
        }
        assert set(zip(found["first"], found["second"], strict=True)) == expected
        assert found["distance"].is_monotonic_increasing

    def test_the_odd_one_lies_farthest_from_its_neighbours(self):
        points = np.array([[0.0], [1], [2], [3], [40]])
        assert errors.outlyingness(points, 2) == pytest.approx([1.5, 1, 1, 1.5, 37.5])
        assert errors.outlyingness(points, 99)[0] == pytest.approx(11.5)
        assert np.isnan(errors.outlyingness([[1.0]])).all()
        with pytest.raises(ValueError, match="at least one"):
            errors.outlyingness(points, 0)

"""What `labelschool.quality` gives where there is next to nothing: the documented value, or nan.

Tables are tiny, so that one class, one rater, no overlap and no label at all come up by themselves.
"""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import quality
from labelschool.quality import box_consensus, drift, errors, pace, sampling

LEVELS = ("nominal", "ordinal", "interval", "ratio")
few = settings(max_examples=50, deadline=None)


@pytest.fixture(autouse=True)
def _no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@st.composite
def labels(draw: st.DrawFn) -> pd.DataFrame:
    """A long table of none to eight labels, some of them missing."""
    rows = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from((1, 2, None)))
    table = pd.DataFrame(draw(st.lists(rows, max_size=8)), columns=["item", "annotator", "label"])
    return table.astype({"label": float})


def paired(table: pd.DataFrame) -> pd.Series:
    """The labels of items that have two or more."""
    given_ = table.dropna(subset="label")
    return given_["label"][given_.groupby("item")["label"].transform("size") > 1]


class TestAgreement:
    @few
    @given(labels())
    def test_alpha_is_nan_where_paired_labels_are_of_one_class_and_only_there(self, table):
        for level in LEVELS:
            found = quality.alpha_of_labels(table, level)
            assert math.isnan(found) == (paired(table).nunique() < 2)
            assert math.isnan(found) or found <= 1

    @few
    @given(st.lists(st.tuples(*[st.sampled_from((1, 2, None))] * 2), max_size=5))
    def test_kappa_is_nan_where_both_used_one_class_or_share_no_item(self, pairs):
        a, b = ([pair[side] for pair in pairs] for side in (0, 1))
        both = [pair for pair in pairs if None not in pair]
        nothing = len({label for pair in both for label in pair}) < 2
        for weights in (None, "linear", "quadratic"):
            found = quality.cohen_kappa(a, b, weights)
            assert math.isnan(found) == nothing
            assert nothing or -1 <= found <= 1

    @few
    @given(st.integers(1, 3), st.integers(0, 3), st.data())
    def test_tables_of_counts(self, classes, raters, data):
        split = st.lists(st.integers(0, classes - 1), min_size=raters, max_size=raters)
        items = data.draw(st.lists(split, max_size=4))
        table = np.zeros((len(items), classes), int)
        for row, item in zip(table, items, strict=True):
            np.add.at(row, item, 1)
        kappa, ac1 = quality.fleiss_kappa(table), quality.gwet_ac1(table)
        no_pair = raters < 2 or not items
        assert math.isnan(kappa) == (no_pair or np.count_nonzero(table.sum(axis=0)) < 2)
        assert math.isnan(ac1) == (no_pair or classes < 2)
        assert all(math.isnan(found) or found <= 1 for found in (kappa, ac1))

    @few
    @given(
        st.dictionaries(
            st.sampled_from("xyz"),
            st.dictionaries(
                st.sampled_from("ab"), st.lists(st.sampled_from([(0, 0, 4, 4), (9, 9, 0, 5)]))
            ),
        )
    )
    def test_boxes_and_spans_without_a_partner(self, work):
        seen = [item for of in work.values() for item in of]
        made = any(
            boxes and seen.count(item) > 1 for of in work.values() for item, boxes in of.items()
        )
        for found in (quality.mean_pairwise_iou(work), quality.span_f1(work)):
            assert 0 <= found <= 1 if made else math.isnan(found)


class TestConsensus:
    @few
    @given(labels())
    def test_any_label_is_enough_and_none_is_told(self, table):
        given_ = table.dropna(subset="label")
        weights = {"x": 1.0, "y": 0.0, "z": -1.0}
        votes = (
            quality.majority_vote,
            lambda table: quality.weighted_vote(table, weights),
            lambda table: quality.dawid_skene(table).consensus,
            lambda table: quality.dawid_skene(table, pseudo_count=0).consensus,
        )
        for vote in votes:
            if given_.empty:
                with pytest.raises(ValueError, match="at least one label"):
                    vote(table)
            else:
                found = vote(table)
                assert sorted(found.index) == sorted(given_["item"].unique())
                assert found.isin(given_["label"]).all()

    def test_no_iteration_is_no_estimate(self):
        table = pd.DataFrame({"item": ["a"], "annotator": ["x"], "label": ["car"]})
        with pytest.raises(ValueError, match="at least one iteration"):
            quality.dawid_skene(table, iterations=0)

    @few
    @given(
        st.lists(
            st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from((1, 4)),
                      st.sampled_from((0, 4)), st.sampled_from(("car", None))),
            max_size=6,
        )
    )  # fmt: skip
    def test_boxes_of_one_annotator_without_a_label_or_without_an_area(self, rows):
        boxes = pd.DataFrame(rows, columns=["item", "annotator", "x", "width", "label"])
        boxes = boxes.assign(y=0, height=3)
        for weights in (None, {"x": 1.0, "y": 2.0}):
            merged = quality.merge_boxes(boxes, weights=weights)
            assert merged["votes"].sum() == len(boxes)
            assert merged["votes"].max() <= 2 if len(boxes) else merged.empty
            assert merged["agreement"].between(0, 1 + 1e-9).all()

    def test_boxes_that_cannot_be_averaged_are_refused(self):
        box = {"item": "p", "annotator": "x", "x": 1.0, "y": 1.0, "width": 2.0, "height": 2.0}
        boxes = pd.DataFrame([box, box | {"annotator": "y"}])
        for weight in (0, -0.4, math.nan):
            with pytest.raises(ValueError, match="above 0"):
                quality.merge_boxes(boxes, weights={"x": 1, "y": weight})
        for side in box_consensus.SIDES:
            with pytest.raises(ValueError, match="every box needs"):
                quality.cluster_boxes(boxes.assign(**{side: [1.0, math.nan]}))


class TestGoldAndSampling:
    @few
    @given(
        st.lists(
            st.tuples(
                st.sampled_from("xy"),
                st.booleans(),
                st.booleans(),
                st.sampled_from((1.0, 9.0, None)),
            ),
            max_size=8,
        )
    )
    def test_leaks_in_a_handful_of_answers(self, rows):
        answers = pd.DataFrame(rows, columns=["annotator", "gold", "right", "seconds"])
        answers = answers.astype({"seconds": float})
        for table in (answers, answers.drop(columns="seconds")):
            found = quality.leaked_gold(table)
            assert sorted(found.index) == sorted(answers["annotator"].unique())
            tests = found[[name for name in found if name.startswith("p_")]]
            assert tests.stack().between(0, 1 + 1e-9).all()
            lone = (found["gold_n"] == 0) | (found["audit_n"] == 0)
            assert (tests[lone] == 1).all(axis=None)
            assert not found["leaked"].any()
            for kind in ("gold", "audit"):
                assert (found[f"{kind}_accuracy"].isna() == (found[f"{kind}_n"] == 0)).all()

    @few
    @given(st.lists(st.tuples(*[st.integers(0, 4)] * 3).map(sorted), min_size=1, max_size=4))
    def test_strata_of_any_sizes(self, rows):
        strata = pd.DataFrame(rows, columns=["defects", "n", "size"])
        if not strata["size"].sum():
            with pytest.raises(ValueError, match="at least one label"):
                quality.stratified_estimate(strata)
            return
        found = quality.stratified_estimate(strata)
        low, high = found.interval
        assert found.n == strata["n"].sum()
        if ((strata["n"] == 0) & (strata["size"] > 0)).any():
            assert math.isnan(found.rate)
            assert (low, high) == (0, 1)
        else:
            assert 0 <= low <= found.rate <= high <= 1

    def test_nothing_looked_at_says_nothing(self):
        assert quality.wilson_interval(0, 0) == quality.exact_interval(0, 0) == (0.0, 1.0)
        assert quality.flag_probability(0.5, 0, 0.8) == 0
        assert sampling.allocate({}, 0) == {}


class TestErrorsAndDrift:
    @few
    @given(st.integers(1, 3), st.integers(0, 3), st.data())
    def test_suspects_of_a_few_items(self, classes, items, data):
        row = st.lists(st.sampled_from((0.0, 0.5, 1.0)), min_size=classes, max_size=classes)
        table = np.reshape([data.draw(row) for _ in range(items)], (items, classes))
        given_ = [data.draw(st.integers(0, classes - 1)) for _ in range(items)]
        given_ = np.array(given_, int)
        for by in ("self_confidence", "normalised_margin", "confident_joint"):
            assert sorted(errors.rank(table, given_, by)) == list(range(items))
        assert errors.confident_joint(table, given_).sum() <= items
        found = errors.found_at(np.arange(items), given_ > 0, 2)
        assert math.isnan(found.precision) == (items == 0)
        assert math.isnan(found.recall) == math.isnan(found.lift) == (not (given_ > 0).any())
        assert np.isnan(errors.outlyingness(table)).all() == (items < 2)

    @few
    @given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)).map(sorted), max_size=5))
    def test_charts_of_days_without_audits(self, days):
        wrong, audits = np.reshape(days, (-1, 2)).T.astype(int)
        centre = drift.baseline_rate(wrong, audits, 2)
        assert math.isnan(centre) == (not audits[:2].sum())
        for method in ("three_sigma", "exact"):
            chart = drift.p_chart(wrong, audits, centre, method)
            assert (np.isnan(chart.rate) == (audits == 0)).all()
            assert not chart.alarms[audits == 0].any()
            assert int(chart.alarm_day) == int(drift.first_day(chart.alarms))

    @few
    @given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from((1.0, 3.0)), st.booleans())))
    def test_paces_of_a_few_pieces(self, rows):
        pieces = pd.DataFrame(rows, columns=["task", "seconds", "right"])
        table = pace.by_pace(pieces)
        assert table["n"].sum() == len(pieces)
        assert len(table) == min(3, len(pieces))
        curve = pace.fit(pieces)
        nothing = len(pieces) < pace.LEAST or pieces["right"].nunique() < 2
        assert math.isnan(curve.top) == nothing

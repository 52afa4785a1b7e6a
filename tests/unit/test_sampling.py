"""Intervals, plans, switching and strata against scipy, enumeration and the course's numbers."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, hypergeom

from labelschool.errors import LabelSchoolError
from labelschool.quality.sampling import (
    DoublePlan,
    Plan,
    Switching,
    allocate,
    exact_interval,
    plan_for,
    sample_size,
    stratified_estimate,
    wilson_interval,
)

rates = st.integers(0, 1000).map(lambda n: n / 1000)


class TestIntervals:
    @settings(max_examples=25)
    @given(st.lists(st.tuples(st.integers(1, 400), rates), min_size=1, max_size=8))
    def test_both_are_those_of_scipy_on_any_table(self, drawn):
        n = np.array([size for size, _ in drawn])
        count = np.array([round(size * share) for size, share in drawn])
        for ours, method in ((wilson_interval, "wilson"), (exact_interval, "exact")):
            low, high = ours(count, n)
            theirs = [
                binomtest(k, m).proportion_ci(0.95, method) for k, m in zip(count, n, strict=True)
            ]
            assert low == pytest.approx([one.low for one in theirs], abs=1e-9)
            assert high == pytest.approx([one.high for one in theirs], abs=1e-9)

    @pytest.mark.parametrize(
        ("count", "n", "low", "high"),
        [
            (0, 100, 0, 0.037),
            (0, 300, 0, 0.013),
            (2, 100, 0.006, 0.070),
            (5, 100, 0.022, 0.112),
            (25, 500, 0.034, 0.073),
            (0, 10, 0, 0.278),
        ],
    )
    def test_wilson_gives_the_numbers_that_the_course_tells(self, count, n, low, high):
        assert wilson_interval(count, n) == pytest.approx((low, high), abs=5e-4)

    def test_edges(self):
        for interval in (wilson_interval, exact_interval):
            assert interval(0, 0) == (0.0, 1.0)
            assert interval(0, 20)[0] == 0
            assert interval(20, 20)[1] == pytest.approx(1)
        low, high = wilson_interval([0, 3], [0, 30])
        assert (low[0], high[0]) == (0, 1)
        with pytest.raises(ValueError, match="between 0 and n"):
            exact_interval(5, 4)

    @given(st.integers(1, 60), rates)
    def test_the_exact_one_never_covers_less_than_it_says(self, n, rate):
        low, high = exact_interval(np.arange(n + 1), n)
        covered = binom.pmf(np.arange(n + 1), n, rate)[(low <= rate) & (rate <= high)].sum()
        assert covered >= 0.95 - 1e-9


class TestSampleSize:
    def test_the_number_of_the_course(self):
        assert sample_size(0.03, 0.05) == 203
        assert sample_size(0.05) == 385

    @given(st.floats(0.005, 0.3), st.floats(0.01, 0.99), st.integers(1, 10**6))
    def test_the_margin_is_kept_and_one_label_less_breaks_it(self, margin, rate, lot):
        def half(n):
            return 1.959964 * math.sqrt(rate * (1 - rate) / n)

        n = sample_size(margin, rate)
        assert half(n) <= margin * (1 + 1e-6)
        assert n == 1 or half(n - 1) > margin * (1 - 1e-6)
        small = sample_size(margin, rate, lot=lot)
        assert 1 <= small <= min(n, lot)

        def half_of_lot(n):
            return half(n) * math.sqrt((lot - n) / max(1, lot - 1))

        assert half_of_lot(small) <= margin * (1 + 1e-6)
        assert small == 1 or half_of_lot(small - 1) > margin * (1 - 1e-6)

    def test_a_huge_lot_corrects_nothing_and_edges_are_refused(self):
        assert sample_size(0.03, 0.05, lot=10**9) == 203
        assert sample_size(0.03, 0.05, lot=1000) == 169
        assert sample_size(0.05, lot=400) == 197
        assert sample_size(0.03, 0) == 1
        for wrong in ({"margin": 0}, {"margin": 0.1, "rate": 1.5}, {"margin": 0.1, "lot": 0}):
            with pytest.raises(ValueError, match=r"a margin|a lot"):
                sample_size(**wrong)


class TestPlans:
    @pytest.mark.parametrize(
        ("n", "c", "accepted"),
        [
            (80, 2, (0.953, 0.784, 0.568, 0.231)),
            (80, 5, (1.000, 0.995, 0.967, 0.789)),
            (125, 3, (0.963, 0.759, 0.481, 0.124)),
            (20, 0, (0.818, 0.668, 0.544, 0.358)),
        ],
    )
    def test_the_curves_that_the_course_tells(self, n, c, accepted):
        curve = Plan(n, c).accepts([0.01, 0.02, 0.03, 0.05])
        assert curve == pytest.approx(accepted, abs=5e-4)

    @given(st.integers(1, 200), st.data())
    def test_a_curve_falls_from_one_to_nothing(self, n, data):
        plan = Plan(n, data.draw(st.integers(0, n - 1)))
        curve = plan.accepts(np.linspace(0, 1, 50))
        assert curve[0] == 1
        assert curve[-1] == pytest.approx(0, abs=1e-12)
        assert np.all(np.diff(curve) <= 1e-12)

    def test_a_small_lot_is_drawn_without_putting_back(self):
        assert Plan(20, 1).accepts(0.1, lot=50) == pytest.approx(hypergeom.cdf(1, 50, 5, 20))
        assert Plan(20, 1).accepts(0.1, lot=10**7) == pytest.approx(
            Plan(20, 1).accepts(0.1), abs=1e-5
        )
        assert Plan(50, 1).accepts(0.04, lot=50) == 0
        with pytest.raises(ValueError, match="more labels than the lot"):
            Plan(20, 1).accepts(0.1, lot=10)

    @pytest.mark.parametrize(("n", "c"), [(0, 0), (5, 5), (5, -1)])
    def test_plans_that_cannot_be(self, n, c):
        with pytest.raises(ValueError, match="n above c"):
            Plan(n, c)

    @given(st.sampled_from([0.005, 0.01, 0.02]), st.sampled_from([0.05, 0.08, 0.2]))
    def test_the_least_plan_keeps_both_risks_and_no_smaller_one_does(self, good, bad):
        plan = plan_for(good, bad)
        producer, consumer = plan.risks(good, bad)
        assert producer <= 0.05
        assert consumer <= 0.10
        n = np.arange(1, plan.n)[:, None]
        c = np.arange(0, plan.c + 3)
        both = (binom.cdf(c, n, good) >= 0.95) & (binom.cdf(c, n, bad) <= 0.10) & (c < n)
        assert not both.any()

    def test_what_no_plan_can_tell_apart(self):
        with pytest.raises(ValueError, match="above"):
            plan_for(0.05, 0.05)
        with pytest.raises(LabelSchoolError, match="set the two shares further apart"):
            plan_for(0.050, 0.051)
        assert plan_for(0, 1) == Plan(1, 0)

    @given(rates)
    def test_a_double_plan_by_enumeration(self, rate):
        plan = DoublePlan(first=10, accept=0, reject=3, second=10, c=3)
        accepted = looked = 0.0
        for first in range(11):
            here = binom.pmf(first, 10, rate)
            doubt = 0 < first < 3
            looked += here * (20 if doubt else 10)
            then = binom.cdf(3 - first, 10, rate) if doubt else float(first <= 0)
            accepted += here * then
        assert plan.accepts(rate) == pytest.approx(accepted, abs=1e-9)
        assert plan.expected_n(rate) == pytest.approx(looked, abs=1e-6)

    def test_a_double_plan_looks_at_less_where_the_lot_is_clear(self):
        plan = DoublePlan(first=50, accept=0, reject=3, second=50, c=3)
        n = plan.expected_n(np.array([0, 0.02, 0.5]))
        assert n[0] == 50
        assert n[1] > 70
        assert n[2] == pytest.approx(50)
        with pytest.raises(ValueError, match="accepts below where it rejects"):
            DoublePlan(first=50, accept=3, reject=3, second=50, c=3)


class TestSwitching:
    rules = Switching(Plan(80, 2), Plan(80, 1), Plan(32, 1))

    def states(self, *defects):
        return list(self.rules.run(lambda lot, n: defects[lot], len(defects))["state"])

    def test_two_bad_lots_of_five_tighten_and_five_good_ones_relax(self):
        states = self.states(0, 5, 0, 0, 5, *[0] * 6)
        assert states == ["normal"] * 5 + ["tightened"] * 5 + ["normal"]
        assert self.states(5, 0, 0, 0, 0, 5, 0)[-1] == "normal"
        assert self.states(5, 5, 0, 0, 2, 0, 0, 0, 0, 0)[-1] == "tightened"
        assert self.states(5, 5, 0, 0, 2, 0, 0, 0, 0, 0, 0)[-1] == "normal"

    def test_ten_good_lots_reduce_and_the_first_bad_one_ends_it(self):
        states = self.states(*[0] * 12, 2, 0)
        assert states == ["normal"] * 10 + ["reduced"] * 3 + ["normal"]

    @given(st.lists(st.integers(0, 6), max_size=40))
    def test_the_plan_of_a_lot_is_that_of_its_state(self, defects):
        table = self.rules.run(lambda lot, n: defects[lot], len(defects))
        assert len(table) == len(defects)
        for row in table.itertuples():
            plan = self.rules.plan(row.state)
            assert (row.n, row.c) == (plan.n, plan.c)
            assert row.decision == ("accept" if row.defects <= plan.c else "reject")
        with pytest.raises(ValueError, match="no state"):
            self.rules.plan("relaxed")


class TestStrata:
    @given(st.lists(st.integers(0, 300), min_size=1, max_size=7), st.data())
    def test_what_is_drawn_adds_up_and_is_near_the_share(self, sizes, data):
        least = data.draw(st.integers(0, 3))
        floor = sum(min(size, least) for size in sizes)
        n = data.draw(st.integers(floor, sum(sizes)))
        named = {str(number): size for number, size in enumerate(sizes)}
        drawn = allocate(named, n, least=least)
        assert sum(drawn.values()) == n
        for name, size in named.items():
            assert min(size, least) <= drawn[name] <= size
            if least == 0 and sum(sizes):
                assert abs(drawn[name] - n * size / sum(sizes)) < 1

    def test_more_than_there_is_cannot_be_drawn(self):
        assert allocate({"car": 90, "bus": 10}, 20) == {"car": 18, "bus": 2}
        assert allocate({"car": 90, "bus": 10}, 20, least=5) == {"car": 15, "bus": 5}
        for n in (4, 101):
            with pytest.raises(ValueError, match="cannot be drawn"):
                allocate({"car": 90, "bus": 10}, n, least=3)

    def test_a_stratum_counts_by_its_size(self):
        strata = pd.DataFrame({"size": [900, 100], "n": [50, 50], "defects": [1, 25]})
        found = stratified_estimate(strata)
        assert found.rate == pytest.approx(0.9 * 0.02 + 0.1 * 0.5)
        assert found.interval[0] < found.rate < found.interval[1]
        assert found.interval[1] < 26 / 100

    def test_edges(self):
        everything = pd.DataFrame({"size": [10, 5], "n": [10, 5], "defects": [1, 0]})
        assert stratified_estimate(everything).interval == pytest.approx((1 / 15, 1 / 15))
        missing = pd.DataFrame({"size": [10, 5], "n": [10, 0], "defects": [1, 0]})
        assert math.isnan(stratified_estimate(missing).rate)
        assert stratified_estimate(missing).interval == (0.0, 1.0)
        clean = pd.DataFrame({"size": [5000, 5000], "n": [50, 50], "defects": [0, 0]})
        low, high = stratified_estimate(clean).interval
        assert low == 0
        assert 0.02 < high < 0.06
        with pytest.raises(ValueError, match="at most"):
            stratified_estimate(pd.DataFrame({"size": [5], "n": [6], "defects": [0]}))

    def test_the_interval_covers_as_often_as_it_says(self):
        rng = np.random.default_rng(3)
        sizes, looked = np.array([4000, 800, 200]), np.array([60, 40, 40])
        for rates_ in ((0.02, 0.1, 0.4), (0.05, 0.05, 0.05), (0.01, 0.02, 0.2)):
            bad = np.rint(sizes * rates_).astype(int)
            truth = bad.sum() / sizes.sum()
            held = 0
            for _ in range(400):
                found = rng.hypergeometric(bad, sizes - bad, looked)
                table = pd.DataFrame({"size": sizes, "n": looked, "defects": found})
                low, high = stratified_estimate(table).interval
                held += low <= truth <= high
            assert held / 400 > 0.92

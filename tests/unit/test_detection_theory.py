"""d', criterion and intervals against scipy, and what must hold for any table."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from labelschool import course
from labelschool.scoring import detection_theory as theory
from labelschool.scoring.detection_theory import Table

counts = st.integers(0, 500)
tables = st.builds(Table, counts, counts, counts, counts)


@given(tables)
def test_sensitivity_and_criterion_are_those_of_the_normal_distribution(table):
    hit = (table.hits + 0.5) / (table.hits + table.misses + 1)
    alarm = (table.false_alarms + 0.5) / (table.false_alarms + table.correct_rejections + 1)
    assert theory.d_prime(table) == pytest.approx(norm.ppf(hit) - norm.ppf(alarm), abs=1e-9)
    assert theory.criterion(table) == pytest.approx(
        -(norm.ppf(hit) + norm.ppf(alarm)) / 2, abs=1e-9
    )


@given(tables)
def test_saying_no_for_yes_turns_both_signs(table):
    turned = Table(table.misses, table.hits, table.correct_rejections, table.false_alarms)
    assert theory.d_prime(turned) == pytest.approx(-theory.d_prime(table), abs=1e-9)
    assert theory.criterion(turned) == pytest.approx(-theory.criterion(table), abs=1e-9)


@given(tables)
def test_one_more_hit_in_place_of_a_miss_raises_sensitivity(table):
    assume(table.misses)
    better = Table(table.hits + 1, table.misses - 1, table.false_alarms, table.correct_rejections)
    assert theory.d_prime(better) > theory.d_prime(table)
    assert theory.criterion(better) < theory.criterion(table)


@given(tables)
def test_rates_of_a_table_complement_each_other(table):
    assume(table.targets and table.others)
    assert table.hit_rate + table.miss_rate == pytest.approx(1)
    share = table.targets / table.n
    right = share * table.hit_rate + (1 - share) * (1 - table.false_alarm_rate)
    assert table.accuracy == pytest.approx(right)


@given(st.integers(1, 500), st.data(), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_of_a_rate_is_wilsons(n, data, level):
    count = data.draw(st.integers(0, n))
    ours = theory.rate_interval(count, n, level)
    theirs = binomtest(count, n).proportion_ci(level, method="wilson")
    assert ours == pytest.approx((theirs.low, theirs.high), abs=1e-9)
    assert ours[0] <= count / n + 1e-12
    assert count / n <= ours[1] + 1e-12


def test_the_interval_of_nothing_is_everything():
    assert theory.rate_interval(0, 0) == (0, 1)


@given(tables)
def test_the_interval_of_sensitivity_surrounds_it(table):
    low, high = theory.d_prime_interval(table)
    assert low < theory.d_prime(table) < high
    assert (low + high) / 2 == pytest.approx(theory.d_prime(table))


def test_the_interval_of_sensitivity_holds_what_it_says():
    """Simulated hunts with a true d' of 2 and no bias: about 95 % of the intervals hold it."""
    import numpy as np

    rng = np.random.default_rng(5)
    true = 2.0
    hit, alarm = norm.cdf(true / 2), norm.cdf(-true / 2)
    held = 0
    for _ in range(1000):
        hits, alarms = rng.binomial(200, hit), rng.binomial(200, alarm)
        low, high = theory.d_prime_interval(
            Table(int(hits), int(200 - hits), int(alarms), int(200 - alarms))
        )
        held += low <= true <= high
    assert 0.92 <= held / 1000 <= 0.98


def test_always_no_looks_accurate_and_finds_nothing():
    """The numbers of lesson 1.6: the correction alone gives a d', and its interval holds 0."""
    never = Table(hits=0, misses=5, false_alarms=0, correct_rejections=95)
    assert never.accuracy == 0.95
    assert never.miss_rate == 1
    assert theory.d_prime(never) == pytest.approx(1.18, abs=0.005)
    assert theory.criterion(never) == pytest.approx(1.97, abs=0.005)
    low, high = theory.d_prime_interval(never)
    assert low < 0 < high


def test_a_perfect_table_has_a_finite_sensitivity():
    """The numbers of lesson 1.6: 20 of 20 found, no false alarm in 20."""
    assert theory.d_prime(Table(20, 0, 0, 20)) == pytest.approx(3.96, abs=0.005)


def test_the_table_of_z_in_the_lesson_is_that_of_the_call_it_names():
    text = (course.root() / "content/lessons/01-foundation/1-6-attention.md").read_text("utf-8")
    assert "`NormalDist().inv_cdf(share)`" in text
    shares, values = (
        [float(cell) for cell in re.search(rf"^\| {name} \|(.+)\|$", text, re.M)[1].split("|")]
        for name in ("share", r"\*\*z\(share\)\*\*")
    )
    assert len(shares) == len(values) >= 5
    assert values == [round(theory.z(share), 2) for share in shares]


def test_counts_below_zero_are_refused():
    with pytest.raises(ValueError, match="below 0"):
        Table(1, -1, 0, 0)

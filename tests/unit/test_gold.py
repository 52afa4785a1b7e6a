"""Both risks of a gold bar, how many golds it takes, and leaked gold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact

from labelschool.errors import LabelSchoolError
from labelschool.quality.gold import (
    error_risks,
    flag_probability,
    golds_needed,
    leaked_gold,
    least_right,
)

shares = st.integers(0, 1000).map(lambda n: n / 1000)
TABLE = {
    5: (0.47, 0.26, 0.08),
    10: (0.62, 0.32, 0.07),
    20: (0.76, 0.37, 0.04),
    40: (0.89, 0.41, 0.015),
}


class TestRisks:
    @pytest.mark.parametrize("n", TABLE)
    def test_the_table_that_the_course_tells(self, n):
        assert flag_probability([0.7, 0.8, 0.9], n, 0.8) == pytest.approx(TABLE[n], abs=5.1e-3)

    @given(st.integers(0, 300), shares, shares)
    def test_it_is_the_sum_of_what_lies_below_the_bar(self, n, accuracy, bar):
        right = np.arange(n + 1)
        below = right < bar * n - 1e-9
        by_hand = binom.pmf(right, n, accuracy)[below].sum()
        assert flag_probability(accuracy, n, bar) == pytest.approx(by_hand, abs=1e-9)

    def test_a_bar_on_a_whole_number_is_not_below_itself(self):
        assert [least_right(10, share) for share in (0.7, 0.8, 0.9)] == [7, 8, 9]
        assert least_right(7, 0.8) == 6
        assert least_right([5, 10], 0.8).tolist() == [4, 8]
        for percent in range(101):
            n = np.arange(301)
            assert (least_right(n, percent / 100) == -(-n * percent // 100)).all()

    def test_edges(self):
        assert flag_probability(0.5, 0, 0.9) == 0
        assert flag_probability(1, 40, 1) == 0
        assert flag_probability(0, 40, 0.1) == 1
        for accuracy, n, bar in ((1.1, 5, 0.8), (0.9, -1, 0.8), (0.9, 5, 1.8)):
            with pytest.raises(ValueError, match="between 0 and 1"):
                flag_probability(accuracy, n, bar)

    def test_both_risks_at_once(self):
        risks = error_risks(0.7, 0.9, 10, 0.8)
        assert (risks.n, round(risks.missed, 3), round(risks.false_alarm, 3)) == (10, 0.383, 0.07)


class TestGoldsNeeded:
    @given(st.sampled_from([0.6, 0.7]), st.sampled_from([0.75, 0.8]), st.sampled_from([0.9, 0.95]))
    def test_every_larger_number_keeps_both_risks_and_the_one_before_does_not(
        self, weak, bar, good
    ):
        n = golds_needed(weak, good, bar)
        for more in range(n, n + 60):
            risks = error_risks(weak, good, more, bar)
            assert risks.missed <= 0.1
            assert risks.false_alarm <= 0.05
        before = error_risks(weak, good, n - 1, bar)
        assert before.missed > 0.1 or before.false_alarm > 0.05

    def test_stricter_risks_take_more(self):
        assert golds_needed(0.7, 0.9, 0.8, missed=0.01) > golds_needed(0.7, 0.9, 0.8)

    def test_what_cannot_be_told_apart(self):
        with pytest.raises(ValueError, match="above the weak"):
            golds_needed(0.8, 0.9, 0.8)
        with pytest.raises(LabelSchoolError, match="move the bar further"):
            golds_needed(0.799, 0.9, 0.8)


def answered(person, gold, right, n, seconds=10.0):
    """`n` answers, the first `right` of them right, their times around a median."""
    times = seconds * (1 + np.linspace(-0.3, 0.3, n))
    return pd.DataFrame(
        {"annotator": person, "gold": gold, "right": np.arange(n) < right, "seconds": times}
    )


class TestLeaked:
    def test_who_is_right_on_gold_alone(self):
        table = pd.concat(
            [
                answered("honest", True, 45, 50),
                answered("honest", False, 90, 100),
                answered("told", True, 50, 50),
                answered("told", False, 70, 100),
            ]
        )
        found = leaked_gold(table)
        assert list(found.index[found["leaked"]]) == ["told"]
        assert found.loc["told", "gold_accuracy"] == 1
        assert found.loc["told", "audit_accuracy"] == 0.7
        theirs = fisher_exact([[50, 0], [70, 30]], alternative="greater").pvalue
        assert found.loc["told", "p_accuracy"] == pytest.approx(theirs)

    def test_who_is_quick_on_gold_alone(self):
        table = pd.concat(
            [
                answered("quick", True, 48, 50, seconds=3),
                answered("quick", False, 95, 100),
                answered("even", True, 48, 50),
                answered("even", False, 95, 100),
            ]
        )
        found = leaked_gold(table)
        assert found["leaked"].to_dict() == {"even": False, "quick": True}
        assert found.loc["quick", "p_accuracy"] > 0.1

    def test_what_would_accuse_one_of_one_accuses_nobody_of_twelve(self):
        doubtful = [answered("told", True, 30, 30), answered("told", False, 40, 50)]
        even = [answered(f"even {n}", gold, 45, 50) for n in range(11) for gold in (True, False)]
        alone, team = (
            leaked_gold(pd.concat(rows).drop(columns="seconds"))
            for rows in (doubtful, doubtful + even)
        )
        assert alone["p_accuracy"]["told"] == team["p_accuracy"]["told"] < 0.01
        assert alone["leaked"].all()
        assert not team["leaked"].any()

    def test_without_gold_or_audits_nothing_is_said(self):
        table = pd.concat([answered("new", False, 9, 10), answered("only gold", True, 9, 10)])
        found = leaked_gold(table.drop(columns="seconds"))
        assert found["p_accuracy"].tolist() == [1, 1]
        assert not found["leaked"].any()
        assert np.isnan(found.loc["new", "gold_accuracy"])
        assert leaked_gold(table.iloc[:0]).empty

    @given(st.integers(0, 2**32 - 1))
    def test_an_honest_team_is_hardly_ever_accused(self, seed):
        rng = np.random.default_rng(seed)
        n = 600
        table = pd.DataFrame(
            {
                "annotator": rng.integers(0, 12, n),
                "gold": rng.random(n) < 0.3,
                "right": rng.random(n) < 0.85,
                "seconds": rng.lognormal(2, 0.5, n),
            }
        )
        assert leaked_gold(table, level=1e-6)["leaked"].sum() == 0

"""The demo of lesson 1.6 against the normal distribution."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from labelschool.demos.attention import PICTURES, expected
from labelschool.scoring.detection_theory import Table, criterion, d_prime


@given(st.floats(0, 4), st.floats(-1, 2), st.sampled_from([50, 5, 1]))
def test_the_expected_table_is_that_of_the_model(sensitivity, line, share):
    made = expected(sensitivity, line, share)
    targets = PICTURES * share / 100
    assert made.hits + made.misses == pytest.approx(targets)
    assert made.misses / targets == pytest.approx(norm.cdf(line - sensitivity / 2), abs=1e-9)
    assert made.false_alarms / (PICTURES - targets) == pytest.approx(
        norm.sf(line + sensitivity / 2), abs=1e-9
    )


def test_the_model_gives_back_the_numbers_it_was_made_with():
    made = expected(2, 0.5, 50)
    counts = (made.hits, made.misses, made.false_alarms, made.correct_rejections)
    table = Table(*(round(count) for count in counts))
    assert d_prime(table) == pytest.approx(2, abs=0.03)
    assert criterion(table) == pytest.approx(0.5, abs=0.03)


def test_rarity_alone_changes_accuracy_and_no_miss_rate():
    often, rarely = expected(2, 1, 50), expected(2, 1, 5)
    assert often.misses / 500 == pytest.approx(rarely.misses / 50)
    assert rarely.accuracy > often.accuracy

"""The cost model: lines that can be checked by hand, and what they do when an input moves."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool.errors import LabelSchoolError
from labelschool.operations.costs import Project, cost

PROJECT = Project(
    items=1000,
    labels_per_item=6,
    seconds_per_label=12,
    redundancy=1.2,
    gold_share=0.05,
    review_share=0.25,
    seconds_per_review=6,
    rework_share=0.2,
    label_rate=15,
    review_rate=24,
    gigabytes=50,
    months=12,
    storage_price=0.02,
    downloads=3,
    egress_price=0.1,
)


def test_each_line_is_what_a_hand_computes():
    assert asdict(cost(PROJECT)) == pytest.approx(
        {
            "labelling": 300,  # 6000 labels x 12 s = 20 h
            "redundancy": 60,
            "gold": 15,
            "review": 72,  # 1800 reviews x 6 s = 3 h
            "rework": 450 * (0.05 + 0.04),  # 0.2 + 0.04 + 0.008 + ... of 1800 come back
            "storage": 12,
            "egress": 15,
        }
    )
    assert cost(PROJECT).total == pytest.approx(514.5)


@pytest.mark.parametrize("name", sorted(set(asdict(PROJECT)) - {"review_share", "rework_share"}))
def test_no_input_makes_a_project_cheaper_when_it_grows(name):
    more = replace(PROJECT, **{name: getattr(PROJECT, name) * 2})
    assert cost(more).total > cost(PROJECT).total


@given(st.floats(0, 0.9), st.floats(0, 1))
def test_rework_is_what_comes_back_again_and_again(share, reviewed):
    made = cost(replace(PROJECT, rework_share=share, review_share=reviewed))
    label, check = 12 / 3600 * 15, 6 / 3600 * 24
    back, paid = 7200 * reviewed * share, 0.0
    for _ in range(400):
        paid, back = paid + back * (label + check), back * share
    assert made.rework == pytest.approx(paid, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"items": -1}, "items is -1"),
        ({"redundancy": 0.5}, "redundancy is 0.5; it cannot be below 1"),
        ({"review_share": 1.5}, "at most 1"),
        ({"rework_share": 1}, "no label is ever accepted"),
        ({"months": float("nan")}, "months is nan"),
    ],
)
def test_what_cannot_be_is_refused(change, says):
    with pytest.raises(LabelSchoolError, match=says):
        replace(PROJECT, **change)


def test_nothing_to_do_costs_nothing():
    nothing = Project(items=0, labels_per_item=6, seconds_per_label=12, label_rate=15)
    assert cost(nothing).total == 0

"""The demos of lessons 3.6 and 3.7: what they tell follows from where their handles stand."""

from __future__ import annotations

import re

import pytest

from labelschool.demos import demo
from labelschool.demos.quality_gold import START, curve
from labelschool.demos.quality_sampling import LOTS, RULES, lots_judged, operating
from labelschool.quality.gold_design import KNOBS, PRACTICE, Design, month
from labelschool.quality.sampling import Plan


def parts(name):
    *controls, figure, said = demo(name).widget().children[1:]
    return controls, figure, said


def test_ten_golds_catch_sixty_two_of_a_hundred_and_forty_catch_eighty_nine():
    (golds, bar), figure, said = parts("gold")
    assert "62 are caught" in said.value
    assert "7 are flagged" in said.value
    golds.value = 40
    assert "89 are caught" in said.value
    bar.value = 95
    assert "weak: 100 % caught" in figure.value
    assert 'role="img"' in curve(10, 0.8)


def test_the_panel_begins_with_a_bad_design_and_can_reach_a_good_one():
    controls, figure, said = parts("designer")
    assert month(Design(**START), PRACTICE).worth < 0
    for control, knob in zip(controls, KNOBS, strict=True):
        assert (control.min, control.max, control.step) == (knob.low, knob.high, knob.step)
    for control, value in zip(controls, (5, 15, 5.5, 3, 80), strict=True):
        control.value = value
    worth = int(re.search(r"Worth (\d+) dollars", said.value)[1])
    assert worth > 800
    assert figure.value.count("<rect") == 4
    controls[1].value = 200
    assert "Not carried out" in said.value


def test_the_same_share_of_a_larger_batch_proves_more():
    (size, share, found), _, said = parts("spot")
    assert "10 labels" in said.value
    assert "27.8 %" in said.value
    assert "Nothing is proved" in said.value
    size.value = 10_000
    assert "500 labels" in said.value
    assert "is kept: proved." in said.value
    found.value, share.value, size.value = 20, 10, 100
    assert "is broken: proved." in said.value


def test_a_curve_tells_both_risks_of_its_plan():
    (n, c), figure, said = parts("oc")
    assert "rejected with 4.7 %" in said.value
    assert "accepted with 23.1 %" in said.value
    n.value, c.value = 10, 9
    assert "good lots rejected: 0.0 %" in figure.value
    assert "bad lots accepted: 23.1 %" in operating(Plan(80, 2))


def test_more_c_and_more_n_trade_the_risks_and_together_lower_both():
    producer, consumer = Plan(80, 2).risks(0.01, 0.05)
    for plan, sign in ((Plan(80, 5), 1), (Plan(200, 2), -1)):
        good, bad = plan.risks(0.01, 0.05)
        assert sign * (producer - good) > 0 > sign * (consumer - bad)
    good, bad = Plan(200, 5).risks(0.01, 0.05)
    assert good < producer
    assert bad < consumer


@pytest.mark.parametrize(("rates", "states"), [((0, 0), "reduced"), ((0, 0.08), "tightened")])
def test_lots_lead_to_the_state_they_deserve(rates, states):
    table = lots_judged(rates)
    assert len(table) == LOTS
    assert table["state"].iloc[-1] == states
    assert (table["n"] == [RULES.plan(state).n for state in table["state"]]).all()


def test_every_lot_is_shown_with_its_state():
    (before, after), figure, said = parts("switching")
    before.value, after.value = 0, 8
    assert figure.value.count("<rect") == LOTS
    assert ">T<" in figure.value
    rejected = int(re.match(r".*?(\d+) of 48", said.value)[1])
    assert figure.value.count('stroke-width="2.5"') == rejected

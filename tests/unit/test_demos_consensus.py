"""The demos of lesson 3.5: what they tell follows from where their handles stand."""

from __future__ import annotations

import re

import pytest

from labelschool.demos import demo
from labelschool.demos.quality_consensus import (
    COPIES,
    CROWDS,
    STEPS,
    five,
    majority_with_hard,
    merged,
    run,
)
from labelschool.model import iou


def parts(name):
    *controls, figure, said = demo(name).widget().children[1:]
    return controls, figure, said


@pytest.mark.parametrize(
    ("accuracy", "shares"), [(0.8, (0.896, 0.942, 0.967)), (0.6, (0.648, 0.683, 0.710))]
)
def test_a_majority_gains_what_the_binomial_says(accuracy, shares):
    (control, _), figure, said = parts("voters")
    control.value = accuracy
    told = dict(re.findall(r"(\d+): (\d\.\d+)", figure.value))
    assert [float(told[n]) for n in "357"] == list(shares)
    assert f"Three: {shares[0]}" in said.value
    mended = 1000 * (majority_with_hard(accuracy, 0, 5) - majority_with_hard(accuracy, 0, 3))
    assert f"mends {mended:.0f} items: {2000 / mended:.0f} labels" in said.value


def test_shared_errors_are_a_ceiling_that_is_drawn():
    (accuracy, hard), figure, said = parts("voters")
    assert figure.value.count("<polyline") == 1
    accuracy.value, hard.value = 0.99, 0.10
    assert figure.value.count("<polyline") == 2
    shares = re.findall(r": (0\.\d+)", re.search(r'aria-label="([^"]+)"', figure.value)[1])
    assert max(map(float, shares)) <= 0.9
    accuracy.value, hard.value = 0.5, 0.2
    assert "money lost" in said.value
    heights = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)"', figure.value)]
    assert max(heights) == pytest.approx(240)  # 40 %, where the axis ends


def test_dawid_skene_gains_on_the_votes_and_never_becomes_less_likely():
    made = run(CROWDS[0])
    assert made.steps[40].right >= 0.95 * made.items > 1.05 * made.majority
    likely = [made.steps[n].log_likelihood for n in STEPS[1:]]
    assert likely == sorted(likely)


def test_the_last_matrices_tell_who_is_who():
    made = run(CROWDS[0])
    matrix = {role: made.steps[40].confusion[who] for who, role in made.roles.items()}
    assert (matrix["spammer"][:, 0] > 0.99).all()
    assert min(matrix["confuser"][1, 2], matrix["confuser"][2, 1]) > 0.7
    assert (matrix["expert"].diagonal() > 0.85).all()


def test_copies_are_believed_and_the_expert_is_not():
    made = run(CROWDS[1])
    assert sorted(made.roles.values()) == sorted(COPIES)
    last = made.steps[40]
    assert last.right < made.majority
    good = {role: last.confusion[who].diagonal().mean() for who, role in made.roles.items()}
    assert good["expert"] < 0.7 < 0.9 < good["collusive"]


def test_the_panel_follows_its_step_and_its_crowd_and_hides_the_roles_until_asked():
    (name, step, shown), figure, said = parts("crowd")
    assert "The votes alone get 106 of 120" in said.value
    assert figure.value.count("<rect") == 5 * 16
    assert "spammer" not in figure.value
    shown.value = True
    assert "a01, spammer" in re.search(r'aria-label="([^"]+)"', figure.value)[1]
    assert "a01, spammer" in said.value
    step.value = 40
    assert "a04, confuser 0.93, 0.03, 0.00, 0.87 (van called truck 0.80" in figure.value
    assert "118 of 120" in said.value
    assert "lsd-right" in said.value
    name.value = CROWDS[1]
    assert "71 of 120" in said.value
    assert "lsd-wrong" in said.value


def test_a_median_holds_against_one_wild_box_and_a_mean_follows_it():
    truth = (120.0, 50.0, 280.0, 170.0)

    def quality(how):
        found = merged(50, how)
        assert found["votes"].tolist() == [5]
        return iou(truth, tuple(found.loc[0, ["x", "y", "width", "height"]]))

    assert quality("median") > 0.95 > quality("mean") + 0.03
    assert sorted(merged(100, "median")["votes"]) == [1, 4]
    assert len(five(0)) == 5


def test_the_box_that_stays_alone_is_told_and_drawn():
    (shift, how), figure, said = parts("onebox")
    assert "5 votes, IoU 0.9" in said.value
    shift.value = 50
    median = said.value
    how.value = "mean"
    assert said.value != median
    assert "stays alone" not in said.value
    shift.value = 120
    assert "stays alone" in said.value
    assert ">1 vote<" in figure.value
    assert "5 boxes" not in figure.value
    assert "Five boxes merged into 2" in figure.value

"""The demos of lessons 2.2 and 2.3: what they show is measured, and what the lessons say of it."""

from __future__ import annotations

import pytest

from labelschool import course
from labelschool.demos import tools_masks as masks
from labelschool.demos import tools_shapes as shapes
from labelschool.scoring.triage import DECISIONS

LESSON = (course.root() / "content/lessons/02-tools/2-3-masks.md").read_text(encoding="utf-8")


def test_slack_is_that_of_the_table():
    assert [round(shapes.slack_iou(side, 1), 3) for side in shapes.SIDES] == [
        0.64, 0.79, 0.886, 0.985
    ]  # fmt: skip
    assert shapes.slack_iou(8, -1) == pytest.approx(36 / 64)
    assert "rejected" in shapes.slack_figure(1)
    assert "rejected" not in shapes.slack_figure(0)


def test_extreme_points_lie_on_the_four_sides_of_the_box():
    x, y, width, height = shapes.LEAF
    found = {name: (px, py) for name, px, py in shapes._extremes()}
    assert found["left"][0] == pytest.approx(x)
    assert found["right"][0] == pytest.approx(x + width)
    assert found["top"][1] == pytest.approx(y)
    assert found["bottom"][1] == pytest.approx(y + height)


def test_flags_have_the_limits_of_the_guideline():
    box = shapes._flags()
    covered, beyond = box[1].children
    said = box[2]
    covered.value, beyond.value = 5, 15
    assert "level 0" in said.value
    assert "not set" in said.value
    covered.value, beyond.value = 25, 20
    assert "level 2" in said.value
    assert "truncated: set" in said.value
    covered.value, beyond.value = 90, 80
    assert "no box (rule 8)" in said.value


def test_more_corners_bring_less_and_less():
    made = [masks.outline(px) for px in masks.TOLERANCES]
    assert [one.corners for one in made] == sorted(one.corners for one in made)
    assert [one.iou for one in made] == sorted(one.iou for one in made)
    few, many = made[2], made[4]
    assert f"Between {few.corners} and {many.corners} corners" in LESSON
    assert (round(few.f, 2), round(many.f, 2)) == (0.61, 1.0)
    assert round(many.iou - few.iou, 2) == 0.04


def test_a_filled_hole_costs_what_the_lesson_says():
    iou = {}
    for way in masks.WAYS:
        iou[way.name], _ = masks.measured(masks.made_in(way.name), masks.thing(way.item).mask)
        assert (iou[way.name] == 1) == (not way.code)
    assert round(iou["Mug, hole filled"], 2) == 0.91


def test_the_proposals_ask_for_every_decision_and_count_as_the_exercise_does():
    right = {
        n: masks.right_decision(masks.proposed(n)[1]) for n in range(1, len(masks.PROPOSALS) + 1)
    }
    assert set(right.values()) == set(DECISIONS)
    assert masks.points(right) == len(right)
    wrong = next(n for n, decision in right.items() if decision == "reject")
    assert masks.points(right | {wrong: "accept"}) == len(right) - 3
    pear = masks.thing(masks.PEAR)
    assert pear.label == "pear"
    assert pear.mask.sum() > 30_000

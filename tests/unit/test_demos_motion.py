"""Demos of the lessons 2.4 and 2.5, and the numbers that these lessons state."""

from __future__ import annotations

import re

import numpy as np
import pytest

from labelschool import course
from labelschool.demos import demo
from labelschool.demos import tools_motion as motion
from labelschool.model import iou
from labelschool.scoring import keypoints, tracks

LESSONS = course.root() / "content" / "lessons" / "02-tools"


def lesson(name):
    return re.sub(r"\s+", " ", (LESSONS / f"{name}.md").read_text(encoding="utf-8"))


def overlaps(boxes, frames):
    drawn = motion.between(boxes, frames)
    return [iou(tuple(a), tuple(b)) for a, b in zip(boxes, drawn, strict=True)]


def test_a_swap_is_worth_a_quarter_and_scores_half():
    _, person = motion._person(motion.PICTURES["facing you"])
    made = motion.placed(person, motion.ALL, 0)
    assert keypoints.read(made, person).oks == pytest.approx(0.25, abs=0.02)
    assert "the figure is worth a quarter" in lesson("2-4-keypoints")
    assert keypoints.read(motion.placed(person, motion.WRISTS, 0), person).oks > 7 / 9
    panel = demo("swap").widget()
    panel.children[2].value = motion.ALL
    assert "It scores 0.50." in panel.children[-2].value


def test_the_rings_are_those_that_the_lesson_names():
    _, person = motion._person(motion.PICTURES["facing you"])
    rings = [round(keypoints.tolerance(joint, person.area)) for joint in ("nose", "hip")]
    assert rings == [9, 36]
    assert "a nose has 9 px and a hip 36" in lesson("2-4-keypoints")
    assert round(person.area**0.5) == 169
    constants = [round(keypoints.tolerance(j, 1), 3) for j in motion.JOINTS]
    assert constants == [0.052, 0.124, 0.158, 0.178, 0.214]
    for joint, constant in zip(motion.JOINTS, constants, strict=True):
        assert f"{constant} for a {joint}" in lesson("2-4-keypoints").replace("an ankle", "a ankle")


def test_the_drift_of_the_braking_car_is_what_the_lesson_says():
    car, text = motion.path(motion.OBJECTS["a car that brakes"]), lesson("2-5-video")
    by_rhythm = {name: motion.keyframes(car, name) for name in motion.EVERY}
    means = {name: round(float(np.mean(overlaps(car, k))), 2) for name, k in by_rhythm.items()}
    assert means == {
        "every 5 frames": 0.98,
        "every 10": 0.95,
        "every 20": 0.85,
        motion.CHANGES: 0.97,
    }
    worst = motion.off(car, motion.between(car, by_rhythm["every 20"]))
    assert (round(worst.max()), int(worst.argmax())) == (30, 7)
    changes = by_rhythm[motion.CHANGES]
    assert (len(changes), sum(frame < 17 for frame in changes)) == (6, 5)
    assert motion.off(car, motion.between(car, changes)).max() < 5.5
    for said in (
        "30 px off at frame 7",
        "the mean IoU is 0.85",
        "every 10 it is 0.95",
        "reach 0.97",
    ):
        assert said in text


def test_the_encoder_of_the_lesson_needs_as_many_events_as_it_says():
    source = (LESSONS / "2-5-video.md").read_text(encoding="utf-8")
    code = re.search(r"def keyframes.*?return events\n.*?\n\n", source, re.DOTALL)[0]
    body = code.split("\n\nkeyframes")[0]
    scope = {"off": motion.off, "between": motion.between}
    exec(body, scope)
    found = {a: len(scope["keyframes"](motion.path(3), a)) for a in (30, 2)}
    assert found == {30: 3, 2: 8}
    assert len(scope["keyframes"](motion.path(2), 1.5)) == 31


def test_a_keyframe_is_a_quarter_as_the_score_has_it():
    assert tracks.BUDGET == 0.25
    assert tracks.BONUS == 1 / 20
    assert keypoints.SWAP_CREDIT == 0.5

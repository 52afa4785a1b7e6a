"""Exercises 2.D and 2.E from the answer file to the report."""

from __future__ import annotations

import io
import re
import sys
from base64 import b64decode
from pathlib import Path

import pytest
from PIL import Image

from labelschool import course, datasets, exercise, score
from labelschool.feedback import reports
from labelschool.feedback.words import KINDS, sentence
from labelschool.grading.sound import sound
from labelschool.model import ItemAnswer
from labelschool.quality import simulated as sim
from labelschool.scoring import score_keypoints, score_tracks

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "grading"))
import motion_answers

TASKS = ("2.D", "2.E")


@pytest.fixture
def home(at_desk):
    return at_desk


def made(task_id, profile, seed, pool="practice"):
    """A simulated answer to a pool, and its score."""
    task = course.load().task(task_id)
    truth = datasets.task_truth(task, pool)
    if task_id == "2.D":
        drawn = sim.annotate_keypoints(truth, profile, seed)
        return task, truth, drawn, score_keypoints(truth, drawn)
    drawn = sim.annotate_tracks(truth, profile, seed, classes=task.classes)
    return task, truth, drawn, score_tracks(truth, drawn, classes=task.classes)


@pytest.mark.parametrize(
    ("answer", "bounds"),
    [
        ("right", {"2.D": (10, 10), "2.E": (9.5, 10)}),
        ("slipped", {"2.D": (5, 5), "2.E": (1, 7.4)}),
        ("blind", {"2.D": (0, 1.5), "2.E": (0, 1.5)}),
    ],
)
def test_saved_answers_earn_what_they_are_worth_and_are_sound(home, answer, bounds):
    getattr(motion_answers, answer)(Path.cwd())
    for task_id, (low, high) in bounds.items():
        assert low <= score(task_id) <= high, task_id
        sound(task_id)


@pytest.mark.parametrize("task_id", TASKS)
def test_the_annotator_opens_with_its_guideline(home, task_id):
    opened = exercise(task_id, pool="practice")
    assert (
        type(opened.annotate()).__name__
        == {"2.D": "KeypointAnnotator", "2.E": "TrackAnnotator"}[task_id]
    )
    assert "Escalate" in repr(opened.guideline())


@pytest.mark.parametrize("task_id", TASKS)
def test_every_finding_has_words_a_rule_of_the_guideline_and_a_picture(task_id):
    kinds = set()
    for profile, seed in (("hasty", 1), ("confuser", 4), ("loose", 2), ("spammer", 3)):
        task, truth, drawn, judged = made(task_id, profile, seed)
        rules = course.guideline(task.guideline).rules
        answers = {
            name: ItemAnswer(item=name, annotations=annotations, done=True)
            for name, annotations in drawn.items()
        }
        for finding in judged.findings:
            kinds.add(finding.details["kind"])
            assert finding.rule in rules or finding.code == "E2"
            words = sentence(finding)
            assert words.what.endswith(".") or words.do.endswith(".")
        items = datasets.task_items(task, "practice")
        about = {"guideline": course.guideline(task.guideline), "truth": truth, "answers": answers}
        report = reports.report(
            judged, **about, items=items, pass_mark=task.pass_mark, counted=False
        )
        pictures = re.findall(r"data:image/jpeg;base64,([^\"']+)", report.html)
        assert len(pictures) == min(len(judged.findings), reports.SHOWN)
        with Image.open(io.BytesIO(b64decode(pictures[0]))) as picture:
            assert min(picture.size) > 100
        hidden = reports.report(
            judged, **about, items=items, pass_mark=task.pass_mark, counted=True
        )
        assert "data:image" not in hidden.html
        assert "at frame" not in hidden.text
    assert len(kinds) >= (5 if task_id == "2.D" else 8)
    assert kinds <= set(KINDS)


def test_a_review_shows_whole_items(home):
    for task_id in TASKS:
        task, truth, drawn, judged = made(task_id, "hasty", 1)
        answers = {
            name: ItemAnswer(item=name, annotations=annotations, done=True)
            for name, annotations in drawn.items()
        }
        shown = reports.review(
            judged,
            guideline=course.guideline(task.guideline),
            truth=truth,
            answers=answers,
            items=datasets.task_items(task, "practice"),
            classes=task.classes,
        )
        assert shown.html.count("data:image/jpeg") > 3

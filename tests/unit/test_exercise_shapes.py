"""Exercises 2.A, 2.B and 2.C from the answer file to the report."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from labelschool import course, datasets, exercise, score
from labelschool.answers import AnswerFile
from labelschool.feedback import showing
from labelschool.feedback.words import masks, sentence
from labelschool.grading.sound import sound
from labelschool.model import ItemAnswer, Mask, Part, Polygon, Rle, Verdict, encode_mask
from labelschool.scoring.pixels import holes, pixels

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "grading"))
import shape_answers

JPEG = b"\xff\xd8"


@pytest.fixture(autouse=True)
def home(at_desk):
    return at_desk


@pytest.mark.parametrize(
    ("answer", "bounds"),
    [
        ("right", {"2.A": (10, 10), "2.B": (10, 10), "2.C": (10, 10)}),
        ("slipped", {"2.A": (5, 7.9), "2.B": (2, 8.5), "2.C": (1, 6.3)}),
        ("blind", {"2.A": (0, 1.5), "2.B": (0, 1.5), "2.C": (0, 0)}),
    ],
)
def test_saved_answers_earn_what_they_are_worth_and_are_sound(answer, bounds):
    getattr(shape_answers, answer)(Path.cwd())
    for task_id, (low, high) in bounds.items():
        assert low <= score(task_id) <= high, task_id
        sound(task_id)


def test_who_fills_holes_and_splits_things_does_not_pass(capsys):
    shape_answers.slipped(Path.cwd())
    score("2.B")
    assert "not yet passed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("mask", "says"),
    [
        (Mask(id="m", label="horse", rle=encode_mask(np.ones((480, 640), bool))), "has a horse"),
        (Mask(id="m", label="mug", rle=Rle(size=(4, 4), counts="`0")), "not of its size"),
        (
            Polygon(id="m", label="mug", parts=(Part(outline=((0, 0), (700, 0), (0, 9))),)),
            "outside the picture",
        ),
    ],
)
def test_masks_that_no_annotator_makes_are_named(mask, says):
    answer = ItemAnswer(item="parts16-005", annotations=(mask,))
    AnswerFile("2.B", "counted", "G14.v1").save({"parts16-005": answer}, base=0)
    with pytest.raises(AssertionError, match=says):
        sound("2.B")


def save(task_id, made):
    guideline = course.load().task(task_id).guideline
    done = {i: ItemAnswer(item=i, annotations=made(t), done=True) for i, t in truth(task_id)}
    AnswerFile(task_id, "practice", guideline).save(done, base=0)
    return exercise(task_id, pool="practice")


def truth(task_id):
    found = datasets.task_truth(course.load().task(task_id), "practice")
    return [(item.item, item) for item in found]


def filled(item):
    """Every object with its holes filled."""
    for obj in item.objects:
        mask = pixels(Mask(id="m", label=obj.label, rle=obj.rle), item.width, item.height)
        yield Mask(id=f"m{obj.id}", label=obj.label, rle=encode_mask(mask | holes(mask)))


def test_a_filled_hole_is_told_shown_and_drawn():
    chosen = save("2.B", lambda item: tuple(filled(item)))
    report = chosen.check()
    assert "E4 merged" in repr(report)
    assert "this mug is filled" in repr(report)
    assert "Rule 3" in repr(report)
    assert "data:image/jpeg" in report._repr_html_()
    assert "data:image/jpeg" in chosen.review()._repr_html_()


def test_a_pretty_mask_of_the_wrong_thing_is_told_and_shown():
    report = save("2.C", lambda _: (Verdict(id="v", target="p1", decision="accept"),)).check()
    assert "of another thing than the truck asked for" in repr(report)
    assert "E8" in repr(report)
    assert "data:image/jpeg" in report._repr_html_()


def test_every_kind_has_words_that_need_no_more_than_its_details():
    told = {
        "label": "mug", "given": "accept", "expected": "fix", "iou": 0.6, "wrong_object": False,
        "px": 3.0, "count": 2, "pieces": 2, "labels": ("mug", "tray"),
    }  # fmt: skip
    for words in masks.WORDS.values():
        assert all(text.endswith(".") for text in words(told))


def test_every_finding_of_a_bad_answer_has_words_and_a_picture():
    chosen = save("2.B", lambda item: (Mask(id="m", label="mug", rle=item.objects[-1].rle),))
    items = {item.name: item for item in datasets.task_items(chosen.task, "practice")}
    known = dict(truth("2.B"))
    answer = chosen.file.read()
    findings = chosen.score().findings
    assert {f.code for f in findings} == {"E8"}
    for finding in findings:
        assert sentence(finding).what
        made = answer.item(finding.item).annotations
        picture = showing.crop(known[finding.item], items[finding.item], made, finding)
        assert picture.startswith(JPEG)

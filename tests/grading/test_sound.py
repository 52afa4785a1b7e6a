"""The hidden test of annotation parts: honest work passes, what no annotator writes does not."""

from __future__ import annotations

import pytest

from labelschool import datasets
from labelschool.answers import AnswerFile
from labelschool.grading.sound import sound
from labelschool.model import Box, ItemAnswer

PICTURE = "starter10-04"


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Saves boxes on one counted picture of 1.A in the working directory."""
    monkeypatch.chdir(tmp_path)

    def save(*boxes, item=PICTURE):
        answer = AnswerFile("1.A", "counted", "G1.v1")
        answer.save({item: ItemAnswer(item=item, annotations=boxes)}, answer.read().revision)

    return save


def box(name="a", label="car", bbox=(0, 0, 640, 480), **more):
    return Box(id=name, label=label, bbox=bbox, **more)


def test_the_truth_and_the_whole_frame_pass(saved):
    truth = next(t for t in datasets.truth("starter10", "counted") if t.item == PICTURE)
    saved(*(box(f"b{o.id}", o.label, o.bbox) for o in truth.objects), box("frame"))
    assert sound("1.A") is None


def test_nothing_and_a_broken_file_are_left_to_score(saved, tmp_path):
    assert sound("1.A") is None
    saved(box())
    (tmp_path / "answers" / "1.A.json").write_text("{", encoding="utf-8")
    assert sound("1.A") is None


@pytest.mark.parametrize(
    ("boxes", "item", "says"),
    [
        ([box(bbox=(-3, 0, 10, 10))], PICTURE, "outside the picture"),
        ([box(bbox=(600, 0, 50, 10))], PICTURE, "outside the picture"),
        ([box(bbox=(0, 470, 10, 20))], PICTURE, "outside the picture"),
        ([box(label="horse")], PICTURE, "has a horse"),
        ([box(crowd=True)], PICTURE, "crowd flag"),
        ([box(), box()], PICTURE, "same id"),
        ([box()], "starter10-99", "no picture starter10-99"),
    ],
)
def test_what_no_annotator_writes_is_named(saved, boxes, item, says):
    saved(*boxes, item=item)
    with pytest.raises(AssertionError, match=says):
        sound("1.A")

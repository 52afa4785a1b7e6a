"""Two passes over street pictures, whose times per box are compared and never graded."""

import pytest

from labelschool import course, datasets
from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.exercises.exercise import exercise
from labelschool.model import Box, ItemAnswer

TASK = course.load().task("2.A")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    (tmp_path / "02-tools").mkdir()
    monkeypatch.chdir(tmp_path / "02-tools")


def perfect(pool, ms):
    """All objects of a pool boxed, each in that many milliseconds."""
    made = {}
    for item in datasets.task_truth(TASK, pool):
        boxes = tuple(
            Box(
                id=f"b{o.id}", label=o.label, bbox=o.bbox, occluded=o.occluded,
                truncated=o.truncated, crowd=o.crowd, ms=ms,
            )
            for o in item.objects
            if o.level == "must"
        )  # fmt: skip
        made[item.item] = ItemAnswer(item=item.item, annotations=boxes, done=True)
    AnswerFile(TASK.id, pool, TASK.guideline).save(made, base=0)


def test_the_second_pass_is_compared_with_the_first():
    perfect("practice", 12_000)
    assert "12.0 s a box" in exercise("2.A", pool="practice").pace()
    perfect("counted", 9_000)
    counted = exercise("2.A")
    assert counted.score().value == 1
    assert "0.75 of the first time" in counted.pace()
    assert "0.75 of the first time" in repr(counted.check())


def test_without_a_first_pass_there_is_no_ratio_and_the_score_is_the_same():
    perfect("counted", 9_000)
    assert exercise("2.A").score().value == 1
    assert "Do the first pass too" in exercise("2.A").pace()


def test_boxes_without_any_time_are_no_second_pass():
    perfect("counted", 0)
    with pytest.raises(LabelSchoolError, match=r"No box of 2\.A has a time"):
        exercise("2.A").score()


def test_the_first_pass_is_the_first_pictures_of_the_pool():
    names = [item.name for item in datasets.task_items(TASK, "practice")]
    assert names == [f"street_lite-00{n}" for n in range(1, 7)]
    assert [item.item for item in datasets.task_truth(TASK, "practice")] == names

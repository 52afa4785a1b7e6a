"""An exercise from answer file to score: attempts, honesty about what is missing, plain floats."""

from __future__ import annotations

import math
import shutil
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import course, datasets, results
from labelschool.course import CourseError
from labelschool.exercises import clamp, exercise, score
from labelschool.model import Box, Choice, ItemAnswer

ROOT = course.root()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's module folder as the working directory."""
    (tmp_path / "start-here.ipynb").touch()
    folder = tmp_path / "01-foundation"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def perfect(task_id, pool="counted", keep=lambda obj: True, done=True):
    """The truth as an answer, saved; `keep` drops objects."""
    chosen = exercise(task_id, pool)
    answer, edits = chosen.file.read(), {}
    for item in datasets.truth(chosen.task.dataset, pool):
        boxes = tuple(
            Box(
                id=f"b{o.id}",
                label=o.label,
                bbox=o.bbox,
                occluded=o.occluded,
                truncated=o.truncated,
                crowd=o.crowd,
            )
            for o in item.objects
            if o.level == "must" and o.label in chosen.task.classes and keep(o)
        )
        edits[item.item] = ItemAnswer(item=item.item, annotations=boxes, done=done)
    chosen.file.save(edits, base=answer.revision)
    return chosen


@pytest.mark.parametrize("task_id", ["1.A", "A1.a"])
def test_the_truth_earns_all_points(home, task_id):
    perfect(task_id)
    assert score(task_id) == course.load().task(task_id).points


def test_tags_are_scored_by_the_same_path(home):
    chosen = exercise("1.B", pool="practice")
    edits = {
        item.item: ItemAnswer(
            item=item.item,
            annotations=(Choice(labels=item.labels[:1], unsure=item.unusable),),
            done=True,
        )
        for item in datasets.truth("street_tags", "practice")
    }
    chosen.file.save(edits, base=0)
    assert chosen.score().value == pytest.approx(1.0)


def test_nothing_done_is_nothing_earned_and_says_so(home, capsys):
    assert score("1.A") == 0.0
    out = capsys.readouterr()
    assert "Nothing is annotated yet" in out.out
    assert out.err == ""
    assert not (home / "01-foundation" / "answers").exists()


def test_a_broken_file_is_nothing_earned_and_stays(home, capsys):
    file = perfect("1.A").file
    file.path.write_text("{", encoding="utf-8")
    assert score("1.A") == 0.0
    assert "damaged" in capsys.readouterr().out
    assert file.path.read_text(encoding="utf-8") == "{"


def test_half_the_work_earns_part(home):
    perfect("1.A", keep=lambda obj: obj.id % 2)
    assert 0 < score("1.A") < 10


def test_a_cohort_without_truth_is_told_who_grades(home, tmp_path, monkeypatch, capsys):
    perfect("1.A")
    copy = tmp_path / "course"
    shutil.copytree(ROOT / "datasets" / "starter10", copy / "datasets" / "starter10")
    shutil.copytree(ROOT / "content", copy / "content")
    shutil.copy(ROOT / "course.yml", copy)
    (copy / "datasets" / "starter10" / "truth" / "counted.json").unlink()
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(copy))
    assert score("1.A") == 0.0
    assert "Your instructor grades this part" in capsys.readouterr().out
    assert "Your instructor grades this part" in repr(exercise("1.A").check())


def test_unfinished_work_uses_no_attempt(home):
    chosen = perfect("1.A", done=False)
    assert "no attempt was used" in repr(chosen.check())
    assert chosen.file.read().attempts == ()
    chosen.check(unfinished=True)
    assert len(chosen.file.read().attempts) == 1


def test_the_counted_pool_opens_after_three_attempts(home):
    for number in range(1, 4):
        chosen = perfect("1.A", keep=lambda obj, n=number: obj.id % (n + 1))
        if number < 3:
            chosen.check()
            assert "opens when its attempts are used" in repr(chosen.review())
    chosen.check()
    assert len(chosen.file.read().attempts) == 3
    assert "opens when" not in repr(chosen.review())


def test_a_counted_check_shows_no_place_and_no_rule(home):
    chosen = perfect("1.A", keep=lambda obj: obj.id % 2)
    report = chosen.check()
    names = [item.item for item in datasets.truth("starter10", "counted")]
    assert "E1" in repr(report)
    for text in (repr(report), report._repr_html_()):
        assert not any(name in text for name in names)
        assert "Rule 2" not in text


def test_a_practice_check_shows_the_place_and_the_rule(home):
    chosen = perfect("1.A", pool="practice", keep=lambda obj: obj.id % 2)
    report = repr(chosen.check())
    assert "E1" in report
    assert "starter10-0" in report
    assert "Rule" in report


def test_a_check_is_recorded_with_what_it_rests_on(home):
    perfect("1.A").check()
    best = results.read().entries["exercise/1.A/counted"].best
    assert best.score == 1.0
    assert best.passed
    assert best.n == course.load().task("1.A").pools["counted"].must
    assert set(best.hashes) == {"answer", "truth", "guideline"}


@given(st.floats() | st.integers(-(10**6), 10**6), st.floats(0.5, 100))
def test_points_are_a_plain_float_in_range(value, points):
    given_points = clamp(np.float64(value) if isinstance(value, float) else value, points)
    assert type(given_points) is float
    assert 0 <= given_points <= points
    assert not math.isnan(given_points)


def test_wrong_ids_and_pools_are_told(home):
    with pytest.raises(CourseError, match=r"no exercise .9\.Z."):
        exercise("9.Z")
    with pytest.raises(CourseError, match="no exam pool; it has practice and counted"):
        exercise("1.A", pool="exam")
    with pytest.raises(CourseError, match="written work"):
        exercise("A1.e")


def test_naming_one_thing_loads_only_that():
    """A lesson's kernel stays small: no scipy and no pandas before a check."""
    import subprocess

    code = (
        "import sys; from labelschool import exercise; exercise('1.A');"
        "print(sorted({'scipy', 'pandas', 'matplotlib', 'nbgrader', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""An exercise from answer file to score: attempts, honesty about what is missing, plain floats."""

from __future__ import annotations

import math
import re
import shutil
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import course, datasets
from labelschool.course import CourseError
from labelschool.exercises.base import clamp
from labelschool.exercises.exercise import exercise, score
from labelschool.home import progress, results
from labelschool.model import Box, Choice, ItemAnswer

ROOT = course.root()


@pytest.fixture
def home(at_desk):
    return at_desk


def perfect(task_id, pool="counted", keep=lambda obj: True, done=True):
    """The truth as an answer, saved; `keep` drops objects."""
    chosen = exercise(task_id, pool)
    answer, edits = chosen.file.read(), {}
    for item in datasets.task_truth(chosen.task, pool):
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


def test_the_pass_mark_beside_a_score_is_on_its_scale(home):
    """Five of six right answers pass 1.C; with 0.583 for guessing, that is a score of 0.60."""
    chosen = exercise("1.C")
    (first, *_) = datasets.task_truth(chosen.task, "counted")
    said = (Choice(id=name, question=name, labels=v) for name, v in first.choices.items())
    given = ItemAnswer(item=first.item, annotations=tuple(said))
    chosen.file.save({first.item: given}, base=0)
    chosen.check(unfinished=True)
    found = results.read().entries["exercise/1.C/counted"].best
    assert found.pass_mark == pytest.approx(chosen.pass_mark(chosen.score()), abs=1e-4)
    note = next(s.note for s in progress.read(home).steps if s.id == "1.C")
    assert note.endswith(", 60% passes")


def test_nothing_done_is_nothing_earned_and_says_so(home, capsys):
    assert score("1.A") == 0.0
    out = capsys.readouterr()
    assert "Nothing is annotated yet" in out.out
    assert "run annotate(), draw, and come back" in out.out
    assert out.err == ""
    assert not (home / "01-foundation" / "answers").exists()


@pytest.mark.parametrize(
    ("task_id", "todo"),
    [("1.F", "fill in the numbers"), ("1.E", "answer the questions"), ("A1.c", "your verdicts")],
)
def test_what_is_to_be_done_fits_the_kind_of_exercise(home, capsys, task_id, todo):
    assert score(task_id) == 0.0
    assert f"{todo}, and come back" in capsys.readouterr().out


def test_a_broken_file_is_nothing_earned_and_stays(home, capsys):
    file = perfect("1.A").file
    file.path.write_text("{", encoding="utf-8")
    assert score("1.A") == 0.0
    assert "damaged" in capsys.readouterr().out
    assert file.path.read_text(encoding="utf-8") == "{"


def test_half_the_work_earns_part(home):
    perfect("1.A", keep=lambda obj: obj.id % 2)
    assert 0 < score("1.A") < 10


@pytest.mark.parametrize(("found", "passes"), [(20, True), (19, False)])
def test_four_of_five_objects_have_to_be_found(home, capsys, found, passes):
    """19 of 25 objects, perfectly boxed, have a DetScore of 0.86, well above the pass mark."""
    left = iter(range(found))
    perfect("1.A", keep=lambda obj: next(left, None) is not None)
    assert exercise("1.A").score().recall == found / 25
    score("1.A")
    assert ("not yet passed" not in capsys.readouterr().out) == passes
    exercise("1.A").check()
    assert results.read().entries["exercise/1.A/counted"].best.passed == passes


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
    assert "(picture " in report
    assert "Rule" in report


def test_unchanged_work_uses_no_attempt_and_says_so(home):
    chosen = perfect("1.A", keep=lambda obj: obj.id % 2)
    assert "Attempt 1 of 3" in repr(chosen.check())
    assert "Nothing changed since attempt 1, so no attempt was used." in repr(chosen.check())
    perfect("1.A", keep=lambda obj: obj.id % 3).check()
    perfect("1.A", keep=lambda obj: obj.id % 2)
    assert "This is the work of attempt 1, so no" in repr(chosen.check())
    assert len(chosen.file.read().attempts) == 2


def test_after_the_last_attempt_a_check_is_practice(home):
    for number in range(2, 5):
        perfect("1.A", keep=lambda obj, n=number: obj.id % n).check()
    before = results.read().entries["exercise/1.A/counted"]
    report = repr(perfect("1.A").check())
    assert "All 3 attempts are used: this check is practice" in report
    assert len(exercise("1.A").file.read().attempts) == 3
    assert results.read().entries["exercise/1.A/counted"] == before


def test_the_rest_of_the_attempts_can_be_given_up(home):
    chosen = perfect("1.A", keep=lambda obj: obj.id % 2)
    chosen.check()
    saved = chosen.file.path.read_bytes()
    closed = repr(chosen.review())
    assert "2 of 3 attempts are left" in closed
    assert "review(give_up=True)" in closed
    review = repr(chosen.review(give_up=True))
    assert "You gave up 2 of 3 attempts" in review
    assert "E1 missed (picture" in review
    assert chosen.file.path.read_bytes() == saved
    assert "opens when" in repr(chosen.review())


def test_after_the_hand_in_a_check_is_practice(home):
    """The review is open then, so that a better score would show nothing."""
    perfect("1.A", keep=lambda obj: obj.id % 2).check()
    before = results.read().entries
    (home / "labelschool-01-foundation-Ada.zip").touch()
    assert "opens when" not in repr(exercise("1.A").review())
    report = repr(perfect("1.A").check())
    assert "The work was handed in: this check is practice and not recorded." in report
    assert len(exercise("1.A").file.read().attempts) == 1
    assert results.read().entries == before


def test_a_check_says_that_a_submission_is_scored_as_it_stands(home, capsys):
    best = repr(perfect("1.A").check())
    perfect("1.A", keep=lambda obj: obj.id % 2).check()
    assert "your results; a submission is scored as the work stands." in best
    assert score("1.A") < 10
    assert results.read().entries["exercise/1.A/counted"].best.score == 1


def begin(task_id, n, **fields):
    """The truth of the first n practice items, saved; the others are not opened."""
    chosen = exercise(task_id, pool="practice")
    items = perfect(task_id, "practice").file.read().items
    chosen.file.path.unlink()
    names = [item.name for item in datasets.task_items(chosen.task, "practice")][:n]
    edits = {i.item: i.model_copy(update=fields) for i in items if i.item in names}
    chosen.file.save(edits, base=0)
    return chosen


def tagged(n):
    """Practice of 1.B with the first n items right and one visited and left."""
    chosen = exercise("1.B", pool="practice")
    truth = {item.item: item for item in datasets.truth("street_tags", "practice")}
    names = [item.name for item in datasets.items("street_tags", "practice")]
    edits = {
        name: ItemAnswer(
            item=name,
            annotations=(Choice(labels=truth[name].labels[:1], unsure=truth[name].unusable),),
        )
        for name in names[:n]
    }
    edits |= {name: ItemAnswer(item=name, active_ms=50) for name in names[n : n + 1]}
    chosen.file.save(edits, base=0)
    return chosen


def test_practice_checked_early_is_scored_as_far_as_it_goes(home):
    chosen = tagged(12)
    for said in (chosen.check(), chosen.review()):
        assert "48 of 60 have no answer yet" in repr(said)
        assert "E1" not in repr(said)
        assert "1.00" in repr(said)
    assert "passed" not in repr(chosen.check())
    assert results.read().entries == {}
    (step,) = (s for s in progress.read(home).steps if s.id == "1.B")
    assert step.state == "started"


def test_practice_is_recorded_when_every_item_is_answered(home):
    report = tagged(60).check()
    assert "no answer yet" not in repr(report)
    assert "passed" in repr(report)
    assert results.read().entries["exercise/1.B/practice"].best.score == pytest.approx(1)
    (step,) = (s for s in progress.read(home).steps if s.id == "1.B")
    assert step.state == "done"


def test_boxes_of_a_picture_nobody_opened_are_not_missed(home):
    pictures = len(datasets.items("starter10", "practice"))
    report = repr(begin("1.A", 1, done=False).check())
    assert f"{pictures - 1} of {pictures} have no answer yet" in report
    assert "E1" not in report
    assert results.read().entries == {}


def test_a_picture_done_and_empty_is_answered(home):
    report = repr(begin("1.A", 3, annotations=(), done=True).check())
    assert "E1" in report


def test_practice_only_visited_is_nothing_to_check(home):
    chosen = tagged(0)
    assert "Nothing to check yet in 1.B" in repr(chosen.check())
    assert "Nothing to review yet in 1.B" in repr(chosen.review())


def test_the_score_says_what_it_means_and_has_two_decimals(home, capsys):
    perfect("1.A", keep=lambda obj: obj.id % 2)
    points = score("1.A")
    assert type(points) is float
    assert points == round(points, 2)
    said = f"1.A First ten: {points:.2f} of 10 points, "
    assert capsys.readouterr().out.startswith(said)
    perfect("1.A")
    assert score("1.A") == 10
    assert capsys.readouterr().out == "1.A First ten: 10.00 of 10 points, passed.\n"


def test_the_score_says_what_is_wrong_as_the_counted_check_counts_it(home, capsys):
    perfect("1.A", keep=lambda obj: obj.id % 2)
    score("1.A")
    missed = exercise("1.A").score().counts()["E1"]
    assert capsys.readouterr().out.endswith(
        f" points, not yet passed. Not right: E1 missed {missed}.\n"
    )
    assert f"E1  missed: {missed}." in repr(exercise("1.A").check())


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


@pytest.mark.parametrize("pool", ["practice", "counted"])
def test_every_check_brings_the_passport_up_to_date(home, pool):
    """Also one that is sent back because items are open."""
    chosen = exercise("1.A", pool)
    item = datasets.items("starter10", pool)[0].name
    box = Box(id="a", label="car", bbox=(10, 10, 50, 40))
    chosen.file.save({item: ItemAnswer(item=item, annotations=(box,))}, base=0)
    chosen.check()
    with zipfile.ZipFile(home / "passport.zip") as passport:
        name = f"01-foundation/answers/{chosen.file.path.name}"
        assert passport.read(name) == chosen.file.path.read_bytes()


def test_the_short_guideline_is_one_line_a_rule(home):
    shown = exercise("1.A").guideline(short=True)._repr_markdown_()
    rules = course.guideline("G1.v1").rules
    assert f"**{len(rules)}**" in shown.splitlines()[-1]
    assert all(rule.short in shown for rule in rules.values())
    assert shown.splitlines()[0].startswith("**G1.v1**: Street boxes, version 1")
    assert "no guideline" in repr(exercise("1.F").guideline(short=True))


@pytest.mark.parametrize("task", ["1.A", "1.C", "1.E", "A1.a"])
def test_the_title_of_a_guideline_is_no_heading_of_the_lesson(task):
    shown = exercise(task).guideline()._repr_markdown_()
    assert shown.startswith("#### ")
    assert not re.search(r"^#{1,3} ", shown, re.MULTILINE)


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

"""A revision from the learner's own boxes: taken over once, kept apart, and never lost."""

from __future__ import annotations

import json
import re

import pytest

from labelschool import course, datasets
from labelschool.answers import Answer, AnswerFile
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.revisions import changes
from labelschool.feedback import Report
from labelschool.home import portable
from labelschool.model import Box, ItemAnswer

ITEM, OTHER = "street_lite-025", "street_lite-028"
VAN = Box(id="v", label="van", bbox=(197, 217, 66, 55))
CAR = Box(id="c", label="car", bbox=(438, 233, 168, 90))


@pytest.fixture
def home(at_desk):
    return at_desk


def draw(file, item=ITEM, boxes=(VAN, CAR), done=True):
    made = ItemAnswer(item=item, annotations=boxes, done=done, active_ms=4000)
    return file.save({item: made}, file.read().revision)


def begun():
    """The two parts after the first boxes were taken over."""
    first, second = exercise("A1.a"), exercise("A1.b")
    draw(first.file)
    second.annotate()
    return first, second


def all_done(file, **changed):
    """Save every picture of the second part as done, some with other boxes."""
    answer, task = file.read(), course.load().task("A1.b")
    edits = {}
    for item in datasets.task_items(task, "counted"):
        made = answer.item(item.name).annotations
        boxes = changed.get(item.name.replace("-", "_"), made)
        edits[item.name] = ItemAnswer(item=item.name, annotations=boxes, done=True)
    file.save(edits, answer.revision)


def test_without_boxes_a_sentence_says_what_to_do_first(home):
    said = repr(exercise("A1.b").annotate())
    assert "do A1.a first" in said
    assert not (home / "01-foundation" / "answers").exists()


def test_a_broken_first_part_is_told_and_left_alone(home):
    file = exercise("A1.a").file
    draw(file)
    file.path.write_text("{", encoding="utf-8")
    assert "cut off or damaged" in repr(exercise("A1.b").annotate())
    assert file.path.read_text(encoding="utf-8") == "{"


def test_the_first_call_takes_the_boxes_over_and_marks_nothing_done(home, capsys):
    first, second = begun()
    assert "2 boxes of A1.a are taken over." in capsys.readouterr().out
    answer = second.file.read()
    assert answer.item(ITEM).annotations == (VAN, CAR)
    assert (answer.item(ITEM).done, answer.item(ITEM).active_ms) == (False, 0)
    assert answer.start.items == first.file.read().items
    assert (answer.start.exercise, answer.start.revision) == ("A1.a", 1)
    second.annotate()
    assert second.file.read() == answer
    assert capsys.readouterr().out == ""


def test_what_is_drawn_in_the_first_part_later_changes_nothing_here(home):
    first, second = begun()
    before = second.file.read()
    draw(first.file, OTHER)
    draw(first.file, ITEM, ())
    second.annotate()
    assert second.file.read() == before


def test_taking_over_again_keeps_what_was_there(home, capsys):
    first, second = begun()
    draw(second.file, ITEM, (CAR,))
    second.file.add_attempt()
    kept = second.file.path.read_bytes()
    revision = second.file.read().revision
    draw(first.file, OTHER)
    second.annotate(again=True)
    assert "kept as A1.b.json.before-1" in capsys.readouterr().out
    assert second.file.path.with_name("A1.b.json.before-1").read_bytes() == kept
    answer = second.file.read()
    assert answer.item(ITEM).annotations == (VAN, CAR)
    assert len(answer.start.items) == 2
    assert answer.revision == revision + 1
    assert len(answer.attempts) == 1
    second.annotate(again=True)
    assert second.file.path.with_name("A1.b.json.before-2").exists()
    files = {path.relative_to(home).as_posix() for path in portable.work_files(home)}
    assert {f"01-foundation/answers/A1.b.json.before-{n}" for n in (1, 2)} <= files


def test_a_broken_file_is_set_aside_when_the_boxes_are_taken_over(home):
    _, second = begun()
    second.file.path.write_text("{", encoding="utf-8")
    second.annotate()
    assert second.file.read().start
    assert second.file.path.with_name("A1.b.json.broken-1").read_text(encoding="utf-8") == "{"


def test_the_right_change_counts_and_the_first_part_is_not_touched(home):
    first, second = begun()
    truck = VAN.model_copy(update={"label": "truck"})
    all_done(second.file, street_lite_025=(truck, CAR))
    scored = second.score()
    assert scored.item(ITEM).right == 1
    assert first.file.read().item(ITEM).annotations == (VAN, CAR)
    report = second.check()
    assert isinstance(report, Report)
    assert "changes that are asked for and not done" in report.text
    assert "street_lite" not in report.text
    opened = second.review(give_up=True)
    assert "street mirror shows a car without a box" in opened.text
    assert "<img" in opened.html


def test_boxes_without_a_start_are_all_added(home):
    """An answer file made by hand, or by an annotator that knew no start."""
    second = exercise("A1.b")
    draw(second.file)
    assert score("A1.b") == 0
    assert "start" not in json.loads(second.file.path.read_text(encoding="utf-8"))
    second.annotate()
    assert second.file.read().start is None


def test_a_file_without_a_start_reads_as_before():
    old = Answer(exercise="A1.a", pool="counted", guideline="G1.v1")
    text = old.model_dump(by_alias=True, exclude={"start"})
    assert Answer.model_validate(text) == old


def test_a_box_without_the_mirror_flag_is_written_and_hashes_as_ever(tmp_path):
    file = AnswerFile("1.A", "counted", "G1.v1", tmp_path)
    draw(file)
    saved = json.loads(file.path.read_text(encoding="utf-8"))
    assert "mirror" not in saved["items"][0]["annotations"][0]
    plain = file.read().sha256()
    draw(file, boxes=(VAN.model_copy(update={"mirror": True}), CAR))
    assert json.loads(file.path.read_text(encoding="utf-8"))["items"][0]["annotations"][0]["mirror"]
    assert file.read().sha256() != plain


def test_the_table_shows_three_rules_with_what_is_gone_and_what_is_new():
    told = changes(course.guideline("G1.v1"), course.guideline("G1.v2"))
    rows = [line for line in told.splitlines() if line.startswith("| **")]
    assert [row.split("**")[1].split()[0] for row in rows] == ["1", "10", "14"]
    # The words are those of the guideline; signs are told apart from words.
    _, first, second = rows[1].strip(" |").split(" | ")
    assert first == ("Reflections in glass<del>,</del> puddles <del>and mirrors</del>: no box.")
    assert second == (
        "<b>Images in street mirrors: a box with the mirror flag, around what the mirror shows."
        "</b> Reflections in glass <b>and</b> puddles: no box."
    )
    assert "the cab<b>, or a van whose box is less than 60 px high</b>); bus" in rows[0]
    assert "box the <del>10</del> nearest" in rows[2]
    for number, version in enumerate(("G1.v1", "G1.v2"), 1):
        shown = [re.sub("</?(del|b)>", "", row.strip(" |").split(" | ")[number]) for row in rows]
        assert all(f"| {text} |" in course.guideline(version).body for text in shown)
    assert told.count("- Rule ") == 3

"""The hidden test of annotation parts: honest work passes, what no annotator writes does not."""

from __future__ import annotations

import pytest

from labelschool import course, datasets
from labelschool.answers import AnswerFile
from labelschool.grading.sound import sound
from labelschool.model import Box, Figure, ItemAnswer, Keyframe, Keypoint, Track, Verdict
from labelschool.widgets.keypoints import POINTS

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


@pytest.fixture
def reviewed(tmp_path, monkeypatch):
    """Saves verdicts on one picture of the hunt in the working directory."""
    monkeypatch.chdir(tmp_path)
    item = datasets.task_items(course.load().task("A1.c"), "counted")[0]

    def save(*verdicts):
        answer = AnswerFile("A1.c", "counted", "G1.v1")
        made = ItemAnswer(item=item.name, annotations=verdicts)
        answer.save({item.name: made}, answer.read().revision)

    return save


def verdict(name="a", target="p1", decision="reject", code="E2", fix=None):
    return Verdict(id=name, target=target, decision=decision, code=code, fix=fix)


def test_a_review_from_the_desk_passes(reviewed):
    reviewed(
        verdict(),
        verdict("b", "p2", "accept", None),
        verdict("c", "p3", "fix", "E8", box(label="van", bbox=(1, 1, 5, 5))),
        verdict("d", "p4", "fix", None),
        verdict("e", None, "fix", "E1", box(bbox=(5, 5, 9, 9))),
    )
    assert sound("A1.c") is None


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        ([verdict(), verdict("b")], "two verdicts"),
        ([verdict(target="p99")], "a verdict on no label"),
        ([verdict(code="E99")], "the code E99"),
        ([verdict(target=None, decision="fix", code="E1")], "no missed object"),
        ([verdict(target=None, decision="fix", code="E6", fix=box())], "no missed object"),
        ([verdict(decision="accept", code=None, fix=box())], "mended and not fixed"),
        ([verdict(decision="fix", fix=box(bbox=(-9, 0, 5, 5)))], "outside the picture"),
        ([verdict(decision="fix", fix=box(label="horse"))], "has a horse"),
    ],
)
def test_what_no_desk_writes_is_named(reviewed, verdicts, says):
    reviewed(*verdicts)
    with pytest.raises(AssertionError, match=says):
        sound("A1.c")


@pytest.mark.parametrize(
    ("first", "flags", "says"),
    [
        (box(), {"mirror": True}, None),
        (box(mirror=True), {}, "mirror flag"),
        (box(bbox=(-9, 0, 5, 5)), {"bbox": (0, 0, 5, 5)}, "outside the picture"),
    ],
)
def test_the_start_of_a_revision_is_bound_as_the_part_it_comes_from(
    tmp_path, monkeypatch, first, flags, says
):
    monkeypatch.chdir(tmp_path)
    name = "street_lite-025"
    source = AnswerFile("A1.a", "counted", "G1.v1")
    source.save({name: ItemAnswer(item=name, annotations=(first,))}, 0)
    file = AnswerFile("A1.b", "counted", "G1.v2")
    file.begin(source.read())
    changed = first.model_copy(update=flags)
    file.save({name: ItemAnswer(item=name, annotations=(changed,))}, file.read().revision)
    if says is None:
        assert sound("A1.b") is None
    else:
        with pytest.raises(AssertionError, match=says):
            sound("A1.b")


def test_a_start_from_another_part_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = AnswerFile("1.A", "counted", "G1.v1")
    source.save({PICTURE: ItemAnswer(item=PICTURE, annotations=(box(),))}, 0)
    AnswerFile("A1.b", "counted", "G1.v2").begin(source.read().model_copy(update={"items": ()}))
    with pytest.raises(AssertionError, match=r"began from 1\.A"):
        sound("A1.b")


def figure(**changed):
    points = [Keypoint(name=name, x=10, y=20, visibility=2) for name in POINTS]
    for n, point in enumerate(points):
        points[n] = point.model_copy(update=changed.get(point.name, {}))
    return Figure(id="f", points=tuple(points))


def track(label="car", **changed):
    key = {"frame": 0, "bbox": (0, 0, 640, 360)} | changed
    return Track(id="t", label=label, keyframes=(Keyframe(**key),))


@pytest.mark.parametrize(
    ("task_id", "made", "says"),
    [
        ("2.D", figure(), None),
        ("2.D", figure(nose={"visibility": 0, "x": 0, "y": 0}), None),
        ("2.D", figure(nose={"visibility": 0}), "not labelled and placed"),
        ("2.D", figure(left_hip={"x": 650}), "left_hip of a figure of figures12-04 lies outside"),
        ("2.D", figure(nose={"name": "tail"}), "has not the points"),
        ("2.E", track(), None),
        ("2.E", track(frame=40), "after its end"),
        ("2.E", track(bbox=(600, 0, 60, 20)), "outside the frame"),
        ("2.E", track("tram"), "has a tram"),
    ],
)
def test_figures_and_tracks_are_bound_too(tmp_path, monkeypatch, task_id, made, says):
    monkeypatch.chdir(tmp_path)
    task = course.load().task(task_id)
    name = datasets.task_items(task, "counted")[0].name
    answer = ItemAnswer(item=name, annotations=(made,))
    AnswerFile(task_id, "counted", task.guideline).save({name: answer}, 0)
    if says is None:
        assert sound(task_id) is None
    else:
        with pytest.raises(AssertionError, match=says):
            sound(task_id)

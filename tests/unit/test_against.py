"""2.L: blind boxes against a reference, and what is decided about each disagreement."""

from __future__ import annotations

import csv
import io
import json

import pytest
from PIL import Image

from labelschool import course, datasets
from labelschool.answers import AnswerFile
from labelschool.datasets import fetch, places
from labelschool.errors import LabelSchoolError
from labelschool.exercises.modalities import MODALITIES
from labelschool.home import results
from labelschool.labs import against
from labelschool.labs.against import DECIDED, MINE, NO_RULE, REFERENCE, SILENT, Against
from labelschool.model import Box, Choice, ItemAnswer
from labelschool.quality.simulated import annotate_boxes

TASK = course.load().task("2.L")
ITEMS = datasets.task_items(TASK, "counted")
TRUTH = datasets.task_truth(TASK, "counted")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / results.START_PAGE).touch()
    made = tmp_path / "02-tools"
    made.mkdir()
    monkeypatch.chdir(made)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return made


def draw(drop: int = 2, *, done: bool = True) -> AnswerFile:
    """The boxes of the truth without the last ones of the first picture, and one box too many."""
    file = AnswerFile("2.L", "counted", TASK.guideline)
    answers = {}
    for truth in TRUTH:
        boxes = [Box(id=f"b{o.id}", label=o.label, bbox=o.bbox) for o in truth.objects]
        if truth is TRUTH[0]:
            boxes = boxes[: len(boxes) - drop]
        if truth is TRUTH[-1]:
            boxes.append(Box(id="extra", label="cup", bbox=(2, 2, 30, 20)))
        answers[truth.item] = ItemAnswer(item=truth.item, annotations=tuple(boxes), done=done)
    file.save(answers, base=file.read().revision)
    return file


def opened(file: AnswerFile) -> None:
    """All attempts used, each with other work."""
    for place in range(TASK.attempts):
        name = ITEMS[1].name
        item = file.read().item(name)
        edit = {name: item.model_copy(update={"active_ms": 10.0 + place})}
        file.save(edit, base=file.read().revision)
        file.add_attempt()


def decide(who: str, rule: str, names) -> None:
    file = AnswerFile("2.L", DECIDED, TASK.guideline)
    items = {}
    for name in names:
        pairs = (("who", who), ("rule", rule))
        chosen = tuple(Choice(id=q, question=q, labels=(label,)) for q, label in pairs)
        items[name] = ItemAnswer(item=name, annotations=chosen, done=True)
    file.save(items, base=file.read().revision)


def test_nothing_of_the_reference_is_shown_too_early(folder):
    draw(done=False)
    assert "12 photographs are not marked done" in repr(Against().adjudicate())
    file = draw()
    assert "open when your attempts at 2.L are used" in repr(Against().adjudicate())
    assert AnswerFile("2.L", DECIDED, TASK.guideline).read().start is None
    opened(file)
    assert len(Against().cases()) == 3


def test_attempts_may_be_given_up(folder):
    draw()
    Against().adjudicate(give_up=True)
    assert "0 of 3 disagreements" in repr(Against().check())


def test_boxes_are_kept_as_they_were_when_it_began(folder):
    opened(draw())
    before = Against().cases()
    draw(drop=0)
    assert Against().cases() == before
    assert [finding.code for finding in before.values()] == ["E1", "E1", "E2"]


def test_a_decision_needs_a_rule_unless_the_guideline_is_silent(folder):
    opened(draw())
    first, second, third = Against().cases()
    decide(REFERENCE, "rule 8", [first])
    decide(SILENT, NO_RULE, [second])
    decide(MINE, NO_RULE, [third])
    said = repr(Against().check())
    assert "2 of 3 disagreements are decided: 1 x I am right, 1 x the reference is right" in said
    assert f"These cite no rule: {third}" in said
    with pytest.raises(LabelSchoolError, match=f"1 disagreements are not decided.*{third}"):
        Against().publish()


def test_what_is_published_holds_no_picture(folder):
    opened(draw())
    names = list(Against().cases())
    decide(REFERENCE, "rule 8", names)
    assert "no picture" in repr(Against().publish("out"))
    files = sorted(p.name for p in (folder / "out").rglob("*") if p.is_file())
    assert not [name for name in files if name.endswith((".png", ".jpg"))]
    rows = list(csv.DictReader((folder / "out" / "decisions.csv").open(encoding="utf-8")))
    assert [row["who is right"] for row in rows] == [REFERENCE] * 3
    (table,) = (folder / "out" / "boxes").rglob("*.json")
    assert len(json.loads(table.read_text(encoding="utf-8"))["annotations"]) == 35 - 2 + 1
    assert "CC0" in (folder / "out" / "attribution.md").read_text(encoding="utf-8")


def test_a_case_is_drawn_with_its_words(folder):
    opened(draw())
    board = Against()
    assert board.adjudicate()._items.keys() == board.cases().keys()
    for finding in board.cases().values():
        picture = Image.open(io.BytesIO(board._drawn(finding)))
        assert picture.size == (against.WIDTH, against.HEIGHT)


def test_the_large_form_says_how_its_photographs_come(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("LABELSCHOOL_DATA", str(tmp_path / "none"))
    with pytest.raises(LabelSchoolError, match="labelschool data fetch"):
        Against(coco=True).annotate()
    assert "labelschool data fetch" in repr(Against(coco=True).check())


def test_the_large_form_is_labelled_decided_and_published(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("LABELSCHOOL_DATA", str(tmp_path / "data"))
    place = places.fetched(fetch.SET)
    (place / "images").mkdir(parents=True)
    image = {"id": 7, "file_name": f"{7:012}.jpg", "width": 64, "height": 48, "license": 4}
    Image.new("RGB", (64, 48)).save(place / "images" / image["file_name"])
    car = {"id": 3, "image_id": 7, "category_id": 3, "bbox": [4, 4, 30, 20], "area": 500}
    coco = {
        "images": [image],
        "annotations": [car | {"iscrowd": 0}],
        "categories": [{"id": 3, "name": "car"}],
        "licenses": [{"id": 4, "name": "Attribution License", "url": "by"}],
    }
    fetch._write(place, coco, [image], seed=0)
    board = Against(coco=True)
    name = board._items()[0].name
    board.annotate()
    file = AnswerFile("2.L", "coco", TASK.guideline)
    file.save({name: ItemAnswer(item=name, done=True)}, base=0)
    (case,) = board.cases()
    kept = AnswerFile("2.L", f"{DECIDED}-coco", TASK.guideline)
    chosen = (("who", REFERENCE), ("rule", "rule 2"))
    made = tuple(Choice(id=q, question=q, labels=(label,)) for q, label in chosen)
    kept.save({case: ItemAnswer(item=case, annotations=made)}, base=kept.read().revision)
    assert "1 of 1 disagreements are decided" in repr(board.check())
    board.publish("out")
    assert "CC BY 4.0" in (folder / "out" / "attribution.md").read_text(encoding="utf-8")
    assert not list((folder / "out").rglob("*.jpg"))


def values(profile: str) -> list[float]:
    scored = []
    for seed in range(4):
        made = annotate_boxes(TRUTH, profile, seed, classes=TASK.classes, attributes=())
        answers = {n: ItemAnswer(item=n, annotations=boxes) for n, boxes in made.items()}
        scored.append(MODALITIES["box"].score(TASK, TRUTH, answers).value)
    return scored


def test_the_pass_mark_divides_people_as_it_should():
    assert min(values("expert")) >= 0.92
    assert min(values("trained")) >= TASK.pass_mark
    beginners = values("loose") + values("hasty")
    assert sum(value < TASK.pass_mark for value in beginners) >= len(beginners) / 2
    assert max(values("spammer")) < 0.15

"""A2.d: the function that writes the numbers of a dataset card, judged from outside."""

from __future__ import annotations

import json
from functools import partial

import pytest

from labelschool import code_answers
from labelschool.exercises.exercise import exercise
from labelschool.exercises.suites import card
from labelschool.home import results

from . import code_solutions
from .code_solutions import solution

TASK = "A2.d"
changed = partial(code_solutions.changed, TASK)

WRONG = {
    "counts crowds as boxes": (
        changed(('[row for row in rows if not row["iscrowd"]]', "rows")),
        "counts",
    ),
    "forgets pictures without boxes": (
        changed(('len(coco["images"]) - len(boxed)', "0")),
        "have no annotation",
    ),
    "lists ids": (changed(('row["name"] for row in', 'str(row["id"]) for row in')), "category ids"),
    "leaves out unused classes": (
        changed(
            (
                "classes = {name: counts[name] for name in names.values()}",
                "classes = dict(counts)",
            )
        ),
        "list it with 0",
    ),
    "percent": (changed(("max(counts.values()) /", "100 * max(counts.values()) /")), "in percent"),
    "mean for median": (changed(("statistics.median(", "statistics.mean(")), "is the mean"),
    "splits pictures": (
        changed(('groups[scenes[str(image["id"])]]', 'groups[image["id"]]')),
        "split by scene",
    ),
    "splits what has boxes": (
        changed(('for image in coco["images"]:', 'for image in coco["images"][1:]:')),
        "in no part",
    ),
    "all for training": (
        changed(('"train": 0.70, "val": 0.15, "test": 0.15', '"train": 1, "val": 0, "test": 0')),
        "is asked",
    ),
}


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    (tmp_path / results.START_PAGE).touch()
    (tmp_path / "02-tools").mkdir()
    monkeypatch.chdir(tmp_path / "02-tools")
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)


def test_the_reference_earns_all():
    code_answers.save("A2.d", solution(TASK))
    assert exercise("A2.d").score().value == 1


@pytest.mark.parametrize("name", WRONG)
def test_a_named_slip_is_told_and_costs(name):
    source, says = WRONG[name]
    code_answers.save("A2.d", source)
    assert says in repr(exercise("A2.d").check())
    assert exercise("A2.d").score().value < 1


@pytest.mark.parametrize("source", ["def card(coco, seconds, scenes):\n    return {}\n", "x = 1\n"])
def test_an_empty_answer_earns_nothing(source):
    code_answers.save("A2.d", source)
    assert exercise("A2.d").score().value == 0


def test_hidden_projects_hold_what_their_groups_ask_for():
    for group in card.SUITE:
        for coco, seconds, scenes in group.calls:
            assert json.loads(json.dumps(coco)) == coco
            boxed = {row["image_id"] for row in coco["annotations"]}
            used = {row["category_id"] for row in coco["annotations"]}
            crowds = sum(row["iscrowd"] for row in coco["annotations"])
            assert len(boxed) < len(coco["images"]) == len(scenes)
            assert len(used) < len(coco["categories"])
            assert crowds > 0
            assert len(seconds) == len(coco["annotations"]) - crowds
            assert len(set(scenes.values())) < len(scenes) / 2

"""A2.b: the function that delivers a project as COCO and as YOLO, judged from outside."""

from __future__ import annotations

import json
from functools import partial

import pytest
from pycocotools.coco import COCO

from labelschool import code_answers
from labelschool.code_answers import Outcome
from labelschool.exercises.exercise import exercise
from labelschool.exercises.suites import exports

from . import code_solutions
from .code_solutions import solution

TASK = "A2.b"
changed = partial(code_solutions.changed, TASK)

UNCUT = [("right, bottom = min(x + w, width), min(y + h, height)", "right, bottom = x + w, y + h")]
UNCUT += [("x, y = max(x, 0), max(y, 0)", "pass")]
WRONG = {
    "corner for centre": (changed(("(x + w / 2) / width", "x / width")), "px off"),
    "sides swapped": (changed(("w / width, h / height)", "w / height, h / width)")), "YOLO"),
    "class numbers from 1": (changed(('f"{index} "', 'f"{index + 1} "')), "calls a"),
    "category off by one": (
        changed(('"category_id": index + 1', '"category_id": index or 1')),
        "calls",
    ),
    "too few digits": (changed(("{share:.6f}", "{share:.2f}")), "px off"),
    "no file where there is no box": (
        changed(("        files[f", "        if rows: files[f")),
        "has an empty file",
    ),
    "used classes alone": (
        changed(('names = project["classes"]', 'names = project["classes"][:3]')),
        "A class without boxes",
    ),
    "rounded area": (changed(('"area": w * h', '"area": round(w) * round(h)')), "width x height"),
    "ids anew in each picture": (
        changed(('len(coco["annotations"]) + 1', "len(rows) + 1")),
        "each used once",
    ),
    "not cut at the border": (changed(*UNCUT), "leaves"),
    "all folders in one": (
        changed(("path.with_suffix", "PurePosixPath(path.name).with_suffix")),
        "missing",
    ),
    "stops at the first dot": (
        changed(("{path.with_suffix('.txt')}", "{name.split('.')[0]}.txt")),
        "missing",
    ),
    "lets names climb": (
        changed(('path.is_absolute() or ".." in path.parts', "False")),
        "leads out",
    ),
}


@pytest.fixture(autouse=True)
def module(at_desk, monkeypatch):
    (at_desk / "02-tools").mkdir()
    monkeypatch.chdir(at_desk / "02-tools")


def test_the_reference_earns_all():
    code_answers.save("A2.b", solution(TASK))
    assert exercise("A2.b").score().value == 1


@pytest.mark.parametrize("name", WRONG)
def test_a_named_slip_is_told_and_costs(name):
    source, says = WRONG[name]
    code_answers.save("A2.b", source)
    assert says in repr(exercise("A2.b").check())
    assert exercise("A2.b").score().value < 1


@pytest.mark.parametrize("source", ["def export(project):\n    return {}\n", "x = 1\n"])
def test_an_empty_answer_earns_nothing(source):
    code_answers.save("A2.b", source)
    assert exercise("A2.b").score().value == 0


def test_what_is_judged_right_is_loaded_by_pycocotools(tmp_path):
    given = exports.project(70, exports.ODD)
    space: dict[str, object] = {}
    exec(solution(TASK), space)
    files = space["export"](given)
    for group in exports.SUITE[:3]:
        assert group.judge((given,), Outcome(files)) == ""
    path = tmp_path / "annotations.json"
    path.write_text(files["annotations.json"], encoding="utf-8")
    table = COCO(str(path))
    boxes = sum(len(picture["boxes"]) for picture in given["pictures"])
    assert len(table.loadAnns(table.getAnnIds())) == boxes > 0
    assert len(table.getImgIds()) == len(exports.ODD)


def test_projects_hold_what_their_groups_ask_for():
    for group in exports.SUITE:
        for (given,) in group.calls:
            assert json.loads(json.dumps(given)) == given
            used = {box["label"] for p in given["pictures"] for box in p["boxes"]}
            assert used < set(given["classes"])
            assert not given["pictures"][-1]["boxes"]

"""Assignment part A3.b: one class for each contested item of the hidden store."""

from __future__ import annotations

import pytest

from labelschool import course, datasets
from labelschool.draw import draw
from labelschool.exercises.suites import contested
from labelschool.exercises.suites.audits import twins

from .code_solutions import changed, solution

TASK = "A3.b"
MAJORITY = "for _ in range(0):"
LOOP = "for _ in range(50):"


@pytest.fixture(autouse=True)
def _has_twin():
    if not datasets.has_truth("labels_db", "counted"):
        pytest.skip("the seed of the twin is not here")


def judged(tmp_path, source):
    file = tmp_path / "A3.b.py"
    file.write_text(source, encoding="utf-8")
    return contested.SUITE[0].judged(file, 5)


def test_the_solution_earns_everything_and_a_majority_nothing_much(tmp_path):
    mark = course.load().task(TASK).pass_mark
    assert judged(tmp_path, solution(TASK)) == (1, "")
    vote = judged(tmp_path, changed(TASK, (LOOP, MAJORITY)))
    assert vote.share < 0.15
    assert "counts every annotator alike" in vote.said
    narrow = changed(TASK, ("item, items = pd", "table = table[table['item'].isin(contested)]\n"
                     "    item, items = pd"))  # fmt: skip
    half = judged(tmp_path, narrow)
    assert half.share < 0.3
    assert "learns from the contested items alone" in half.said
    early = judged(tmp_path, changed(TASK, (LOOP, "for _ in range(1):")))
    assert vote.share < early.share < mark


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{}", "500 of the contested items have no label"),
        ("[1]", "has to return a dict"),
        ("{item: 'car' for item in contested}", "worse than counting votes"),
        ("{item: ['car'] for item in contested}", "worse than counting votes"),
        ("1 / 0", "ended with ZeroDivisionError"),
    ],
)
def test_blind_and_broken_answers_earn_nothing(tmp_path, body, said):
    found = judged(tmp_path, f"def resolve(rows, contested):\n    return {body}\n")
    assert found.share == 0
    assert said in found.said


def test_the_items_are_contested_and_the_marks_lie_apart():
    asked = contested.store(twins.seed(), twins.path())
    assert len(set(asked.contested)) == contested.ITEMS == len(asked.truth)
    wanted = set(asked.contested)
    said = {}
    for item, _, label in asked.rows:
        if item in wanted:
            said.setdefault(item, set()).add(label)
    assert all(len(labels) > 1 for labels in said.values())
    assert len(said) == contested.ITEMS
    assert asked.reference - asked.majority > 0.05


def test_an_instructors_store_is_another_one(tmp_path, monkeypatch):
    ours = contested.store(twins.seed(), twins.path())
    draw("labels_db", "counted", "three rabbits", tmp_path / "own")
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(tmp_path / "own"))
    theirs = contested.store(twins.seed(), twins.path())
    assert ours.contested != theirs.contested
    assert judged(tmp_path, solution(TASK)).share == 1

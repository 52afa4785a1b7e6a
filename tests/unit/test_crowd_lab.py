"""Exercise 3.C: what the hidden crowds say of right, wrong and empty answers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from labelschool import course, datasets
from labelschool.draw import draw
from labelschool.exercises import suites
from labelschool.exercises.suites import crowd
from labelschool.generators import crowds
from labelschool.quality import dawid_skene

REFERENCE = (Path(__file__).parent / "crowd_reference.py").read_text(encoding="utf-8")
BY_LOT = "(ties * rng.random(votes.shape)).argmax(axis=1)"
SPAMMER = "people[spammer]"


def changed(*swaps):
    source = REFERENCE
    for old, new in swaps:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


def judged(tmp_path, source, names=None):
    """Group -> what is said of it; nothing where it is right."""
    file = tmp_path / "3.C.py"
    file.write_text(source, encoding="utf-8")
    groups = (one for one in suites.load("crowd") if names is None or one.name in names)
    return {one.name: one.judged(file, 30).said for one in groups}


def share(said):
    return sum(not wrong for wrong in said.values()) / len(said)


@pytest.mark.parametrize("secret", [None, "three rabbits", "17"])
def test_the_reference_earns_everything_on_any_seed(tmp_path, secret, monkeypatch):
    if secret:
        draw("crowd120", "counted", secret, tmp_path / "own")
        monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(tmp_path / "own"))
    assert share(judged(tmp_path, REFERENCE)) == 1


def test_every_crowd_that_judges_can_be_solved():
    seed = datasets.key("crowd120", "counted")["seed"]
    assert crowds.solvable_pool(seed).truth == datasets.key("crowd120", "counted")["truth"]
    for number in range(1, 9):
        made = crowd.crowd(number)
        rows = pd.DataFrame(made.rows, columns=["item", "annotator", "label"])
        assert (dawid_skene(rows).consensus == pd.Series(made.truth)).mean() >= crowds.SOLVABLE


def test_ties_by_the_lowest_class_are_called_a_bias(tmp_path):
    source = changed((BY_LOT, "votes[:, np.argsort(classes)].argmax(axis=1)"),
                     ("classes[majority]", "np.sort(classes)[majority]"))  # fmt: skip
    said = judged(tmp_path, source)
    wrong = {name: what for name, what in said.items() if what}
    assert list(wrong) == ["Ties in a majority vote"]
    assert "first in the alphabet won 400" in wrong["Ties in a majority vote"]
    assert "lowest class id is a bias" in wrong["Ties in a majority vote"]
    assert share(said) < course.load().task("3.C").pass_mark


def test_a_majority_vote_is_no_dawid_skene(tmp_path):
    said = judged(tmp_path, changed(("classes[truth.argmax(axis=1)]", "classes[majority]")))
    assert "it is your majority vote" in said["Dawid-Skene on hidden crowds"]
    assert "majority vote on" in said["Dawid-Skene where rows are missing"]
    assert share(said) < course.load().task("3.C").pass_mark


def test_people_who_are_taken_for_others_are_named(tmp_path):
    last = "people[swaps.max(axis=(1, 2)).argmax()]"
    said = judged(
        tmp_path,
        changed(
            (SPAMMER, last.replace("]", "] + ''")),
        ),
        {"The spammer"},
    )
    assert "who swaps two classes" in said["The spammer"]
    said = judged(tmp_path, changed((last, "'a99'")), {"The confuser"})
    assert "nobody of this crowd" in said["The confuser"]
    said = judged(tmp_path, changed((last, SPAMMER + " + ''")), {"The confuser"})
    assert "no two classes that change places" in said["The confuser"]


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        "None",
        "{'majority': {i: 'car' for i, _, _ in rows}, 'labels': {i: 'car' for i, _, _ in rows}, "
        "'spammer': 'a01', 'confuser': 'a02'}",
        "{'majority': {i: [] for i, _, _ in rows}, 'labels': [1], 'spammer': [], 'confuser': {}}",
        "1 / 0",
    ],
)
def test_blind_and_broken_answers_earn_nothing(tmp_path, body):
    said = judged(tmp_path, f"def consensus(rows):\n    return {body}\n")
    assert share(said) == 0

"""The forms of lesson 1.9: texts kept in files, restored, and what a claim or a post lacks."""

from __future__ import annotations

import pytest
from ipywidgets import HTML

from labelschool.claims import NEEDED, TEXTS, claim_lacks, post_lacks, read
from labelschool.demos import demo
from labelschool.widgets import Form

CLAIM = (
    "DetScore 0.81, n = 25 objects, 95 % interval 0.71 to 0.90, rendered pictures, evidence.json."
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    module = tmp_path / "01-foundation"
    module.mkdir()
    monkeypatch.chdir(module)
    return module / "answers" / "1.9"


class Shown:
    """A form of the lesson and what it says."""

    def __init__(self, name):
        box = demo(name).widget()
        [self.form] = [child for child in box.children if isinstance(child, Form)]
        [self.said] = [child for child in box.children if isinstance(child, HTML)]

    def type(self, **values):
        self.form.values = {**self.form.values, **values}
        return self


@pytest.mark.parametrize("name", list(TEXTS))
def test_each_text_is_a_file_and_comes_back(name, folder, tmp_path):
    fields = [field["name"] for field in Shown(name).form.spec["fields"]]
    assert tuple(fields) == TEXTS[name]
    given = {field: f"Größe {field}\nzwei" for field in fields}
    Shown(name).type(**given)
    assert Shown(name).form.values == given
    for field, words in given.items():
        assert (folder / f"{field}.md").read_text(encoding="utf-8") == words
    assert read(tmp_path) == given


def test_a_text_that_another_tab_changed_is_kept(folder):
    one, two = Shown("mended"), Shown("mended")
    one.type(mended="first")
    two.type(mended="second")
    assert (folder / "mended.md").read_text() == "second"
    kept = [path.read_text() for path in folder.rglob("*.replaced-*")]
    assert kept == ["first"]


def test_an_emptied_text_is_empty(folder):
    Shown("mended").type(mended="x").type(mended=None)
    assert (folder / "mended.md").read_text() == ""


def test_a_claim_with_all_five_lacks_nothing_and_misses_each_that_is_taken_away():
    assert claim_lacks(CLAIM) == []
    assert claim_lacks("Backend developer, careful with rules.") == []
    without = {
        "n": CLAIM.replace("n = 25 objects, ", ""),
        "the metric": CLAIM.replace("DetScore ", ""),
        "the interval": CLAIM.replace("95 % interval 0.71 to 0.90, ", ""),
        "the kind of data": CLAIM.replace("rendered ", ""),
        "the file": CLAIM.replace("evidence.json", ""),
    }
    assert set(without) == set(NEEDED)
    for part, line in without.items():
        assert claim_lacks(line) == [part]


def test_notes_are_said_at_the_field():
    shown = Shown("profile").type(profile="99 % accuracy", headline="Annotator, 99 %")
    assert "n, the interval, the kind of data, the file" in shown.form.notes["profile"]
    assert "number out" in shown.form.notes["headline"]
    shown.type(profile=CLAIM, headline="Data annotation specialist")
    assert shown.form.notes == {}
    assert "41 words" in shown.type(profile="word " * 41).form.notes["profile"]


def test_a_useful_post_has_a_case_what_was_tried_and_a_question():
    assert post_lacks("") == []
    assert len(post_lacks("labelling is hard")) == 3
    assert post_lacks("Rule 11: I box the person. Would you box the bicycle too?") == []

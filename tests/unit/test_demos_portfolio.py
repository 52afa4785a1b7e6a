"""The forms of lesson 1.9: texts kept in files, restored, and what a claim or a post lacks."""

from __future__ import annotations

import json

import pytest
from ipywidgets import HTML

from labelschool.demos import demo
from labelschool.portfolio import proofs
from labelschool.portfolio.claims import NEEDED, TEXTS, claim_lacks, post_lacks, read
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
    shown.type(profile="Detail-oriented backend developer", headline="Passionate annotator")
    assert "“detail oriented”" in shown.form.notes["profile"]
    assert "“passionate”" in shown.form.notes["headline"]
    shown.type(profile="Backend developer for 8 years", headline="Data annotation specialist")
    assert "headline" not in shown.form.notes
    assert "41 words" in shown.type(profile="word " * 41).form.notes["profile"]


def test_a_useful_post_has_a_case_what_was_tried_and_a_question():
    assert post_lacks("") == []
    assert len(post_lacks("labelling is hard")) == 4
    short = "Rule 11: I box the person. Would you box the bicycle too?"
    assert post_lacks(short) == ["words (there should be at least 20)"]
    assert post_lacks(f"Picture 3 has a bicycle that somebody pushes. {short}") == []


PROVEN = {
    "kind": "rendered pictures",
    "claim": {
        "metric": "DetScore",
        "score": 0.8149,
        "n": 25,
        "unit": "objects",
        "interval": [0.7061, 0.9],
    },
}


def test_a_claim_is_held_against_the_evidence_at_its_field(tmp_path):
    shown = Shown("profile").type(profile=CLAIM)
    assert "No evidence.json proves this" in shown.form.notes["profile"]
    piece = tmp_path / "portfolio" / "01-first-ten"
    piece.mkdir(parents=True)
    (piece / "evidence.json").write_text(json.dumps(PROVEN), encoding="utf-8")
    assert Shown("profile").form.notes == {}
    invented = CLAIM.replace("0.81", "0.99").replace("= 25", "= 2500")
    shown.type(profile=invented.replace("rendered pictures", "real photographs"))
    assert "n = 25 objects" in shown.form.notes["profile"]
    assert "change the score, n and kind of data" in shown.form.notes["profile"]


@pytest.mark.parametrize(
    ("line", "differs"),
    [
        (CLAIM, ""),
        (
            CLAIM.replace("0.81", "0.815").replace("rendered pictures", "rendered, no photographs"),
            "",
        ),
        (CLAIM.replace("0.81", "81 %").replace("0.71 to 0.90", "71 % to 90 %"), ""),
        (CLAIM.replace("0.81", "0.82"), "change the score of"),
        (CLAIM.replace("0.71", "0.79"), "change the interval of"),
        (CLAIM.replace("25 objects", "2,500 objects"), "change the n of"),
        (CLAIM.replace("rendered", "real photographs and rendered"), "change the kind of data of"),
        (CLAIM.replace("DetScore", "accuracy"), "change the metric of"),
        ("99 percent accuracy on 10,000 labels", "needs more beside it"),
        ("Backend developer for 8 years, now annotator.", ""),
    ],
)
def test_a_claim_agrees_in_each_part_with_its_proof_or_names_the_part(line, differs):
    said = proofs.unproven(line, proofs.proven_by(PROVEN))
    assert differs in said if differs else said == ""

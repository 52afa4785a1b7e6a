"""A pipeline as a drawing: what a review finds in it, and the least that its roles need."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from labelschool.operations.access import allowed, fault
from labelschool.operations.pipeline import Pipeline, Stage

STAGES = {
    "ingest": Stage("ingest", (), ("raw", "audit")),
    "blur": Stage("blur", ("raw",), ("blurred", "audit")),
    "vendor": Stage("vendor", ("blurred",), ("labels", "audit")),
    "auditor": Stage("auditor", ("audit", "labels")),
}


def drawn(**other: Stage) -> Pipeline:
    return Pipeline([*(STAGES | other).values()])


def test_a_sound_drawing_has_no_fault():
    assert drawn().faults() == ()
    assert repr(drawn()).splitlines()[-1] == "A review finds nothing."


@pytest.mark.parametrize(
    ("other", "says"),
    [
        (Stage("blur", ("raw",), ("raw", "blurred", "audit")), "raw is written by blur too"),
        (Stage("vendor", ("raw", "blurred"), ("labels", "audit")), "The vendor reads raw"),
        (Stage("vendor", ("blurred",), ("labels",)), "what was done by vendor."),
        (Stage("vendor", ("blurred", "tasks"), ("labels", "audit")), "tasks is read, and nobody"),
        (Stage("vendor", ("blurred",), ("labels", "notes", "audit")), "notes is written, and nobo"),
    ],
)
def test_each_fault_has_its_sentence(other, says):
    (found,) = drawn(**{other.role: other}).faults()
    assert says in found
    assert found in drawn(**{other.role: other})._repr_html_()


def test_roles_get_what_the_drawing_shows_and_nothing_else():
    policy = drawn().statements()
    assert not any(fault(statement) for statement in policy)
    for role, stage in STAGES.items():
        for store in drawn().stores:
            for action, may in (
                ("s3:GetObject", store in stage.reads),
                ("s3:PutObject", store in stage.writes),
                ("s3:DeleteObject", False),
                ("s3:ListBucket", False),
            ):
                call = {"who": role, "action": action, "resource": f"{store}/a"}
                assert allowed(policy, call) is may


def test_the_drawing_is_an_svg_that_says_itself_in_words():
    made = ElementTree.fromstring(drawn(blur=Stage("<blur>", ("raw",), ("raw",))).svg())
    assert "<blur> reads raw writes raw" in made.get("aria-label")
    marks = {
        kind: [
            (float(mark.get(x)), float(mark.get(y)))
            for mark in made.findall(f"{{http://www.w3.org/2000/svg}}{kind}")
            if mark.get(x)
        ]
        for kind, x, y in (("circle", "cx", "cy"), ("rect", "x", "y"))
    }
    touched = [(len(stage.reads), len(stage.writes)) for stage in STAGES.values()]
    reads, writes = (sum(each) for each in zip(*touched, strict=True))
    assert len(marks["circle"]) == reads + 1
    assert len(marks["rect"]) == (writes - 1) + 1
    assert not set(marks["circle"]) & {(x + 7, y + 7) for x, y in marks["rect"]}
    assert Pipeline([]).faults() == ()
    assert ElementTree.fromstring(Pipeline([Stage("idle")]).svg()).tag.endswith("svg")

"""A3.a: the numbers of an audit report on the hidden twin, and the traps of the label store."""

from __future__ import annotations

import json

import pytest

from labelschool import code_answers, course, datasets
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites.audits import truth, twins
from labelschool.exercises.suites.audits.slips import TRAPS
from labelschool.generators import label_store

from . import code_solutions

TASK = course.load().task("A3.a")


def changed(*swaps: tuple[str, str]) -> str:
    return code_solutions.changed("A3.a", *swaps)


WRONG = {
    "deleted rows": (
        changed(('labels[labels["deleted_at"].isna()].copy()', "labels.copy()")),
        TRAPS["deleted_rows"],
    ),
    "case and space": (
        changed(('kept["class"].str.strip().str.lower()', 'kept["class"]')),
        TRAPS["case_and_space"],
    ),
    "distinct": (
        changed(
            (
                'placed = kept.dropna(subset="item_id")',
                'placed = kept.dropna(subset="item_id").drop_duplicates('
                '["item_id", "annotator_id", "class", "geometry_hash"])',
            )
        ),
        TRAPS["distinct"],
    ),
    "bad within doubt": (
        changed(('"below" if high < BAR', '"below" if share < BAR')),
        "is called bad, and the interval contains 0.90",
    ),
    "nothing is nought": (
        changed(
            (
                'return row | {"verdict": "open"}',
                'return dict.fromkeys(row, 0) | {"verdict": "below"}',
            ),
        ),
        "no label on gold and is called 'below'",
    ),
    "older versions": (
        changed(('.groupby(["item_id", "annotator_id"]).tail(1)', "")),
        TRAPS["all_versions"],
    ),
    "percent agreement": (
        changed(("return float(1 - seen / by_chance)", "return float(1 - seen)")),
        '"all" of "alpha" is',
    ),
    "the worst has drifted": (
        changed(("key=lambda who: breaks[who][0]", "key=lambda who: -accuracy.get(who, 1)")),
        "Drift is a change",
    ),
    "the best knows the gold": (
        changed(("(accuracy - elsewhere).idxmax()", "accuracy.idxmax()")),
        "being better there than elsewhere is",
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def module(at_desk, monkeypatch):
    (at_desk / "03-quality").mkdir()
    monkeypatch.chdir(at_desk / "03-quality")


def share(source: str) -> float:
    code_answers.save("A3.a", source)
    return exercise("A3.a").score().value


def test_the_reference_has_every_number():
    assert share(code_solutions.solution("A3.a")) == 1.0
    assert score("A3.a") == 30.0


@pytest.mark.parametrize("name", WRONG)
def test_a_trap_is_named_and_does_not_pass(name):
    source, says = WRONG[name]
    code_answers.save("A3.a", source)
    assert says in repr(exercise("A3.a").check())
    assert exercise("A3.a").score().value < TASK.pass_mark


def test_the_report_of_the_given_store_is_no_answer_for_the_twin():
    given = datasets.file("labels_db", "labels.db")
    saved = code_answers.save("A3.a", code_solutions.solution("A3.a"))
    (outcome,) = code_answers.call(saved, "audit", [[str(given)]], seconds=30)
    assert share(f"def audit(path):\n    return {outcome.value!r}\n") < 0.15


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "return {}",
        "raise ValueError",
        "return {'annotators': {str(n): {'n': 0, 'verdict': 'open'} for n in range(15)}}",
        "return {'annotators': 3, 'alpha': [], 'drift': None, 'duplicates': {'groups': True}}",
    ],
)
def test_what_computes_nothing_earns_next_to_nothing(body):
    assert share(f"def audit(path):\n    {body}\n") < 0.15


def test_nothing_saved_is_no_points_and_a_sentence(capsys):
    assert score("A3.a") == 0
    assert "%%answer A3.a" in capsys.readouterr().out


@pytest.mark.parametrize("number", [label_store.SHIPPED_SEED, 4])
def test_the_reference_holds_for_another_seed(tmp_path, monkeypatch, number):
    """An instructor's seed: the same function is right, and the culprits are others."""
    monkeypatch.setattr(twins, "seed", lambda: number)
    assert share(code_solutions.solution("A3.a")) == 1.0


def test_the_example_of_the_assignment_is_that_of_the_given_store(monkeypatch):
    monkeypatch.setattr(twins, "seed", lambda: label_store.SHIPPED_SEED)
    true = truth.expected(twins.path())
    text = (course.root() / "content/assignments/03-quality/assignment.md").read_text("utf-8")
    example = text.split("```text\n{", 1)[1].split("```")[0]
    shown = json.loads("{" + example.replace(", ...", ""))
    assert shown["annotators"]["1"] == pytest.approx(
        true.gold["1"] | {"verdict": true.verdicts["1"]}, abs=0.0005
    )
    assert shown["duplicates"] == {
        **dict(zip(("groups", "surplus"), true.duplicates, strict=True)),
        "labels": {"1": true.duplicated["1"]},
    }
    assert shown["alpha"]["all"] == pytest.approx(true.alpha, abs=0.0005)
    assert shown["alpha"]["classes"]["bus"] == pytest.approx(true.alphas["bus"], abs=0.0005)
    assert shown["drift"] == true.drift
    assert shown["leaked"] == pytest.approx(true.leaked, abs=0.0005)

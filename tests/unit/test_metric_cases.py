"""Exercise 3.B: cases, the coefficient that fits, and the reason."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from labelschool import course, datasets
from labelschool.exercises.exercise import exercise, score
from labelschool.grading.sound import sound
from labelschool.model import Choice, ItemAnswer
from labelschool.quality.simulated import annotate_cases
from labelschool.scoring import score_questions
from labelschool.scoring.score import rescale

TASK = course.load().task("3.B")
WEIGHTS = {question.name: question.weight for question in TASK.questions}
CLASSES = {question.name: question.classes for question in TASK.questions}
KAPPAS = tuple(name for name in CLASSES["coefficient"] if "kappa" in name)


@pytest.fixture(scope="module")
def truth():
    if not datasets.has_truth(TASK.dataset, "counted"):
        pytest.skip("the truth of metric_cases is not here")
    return datasets.task_truth(TASK, "counted")


def right(truth):
    return {i.item: {q: i.choices[q][:1] for q in WEIGHTS} for i in truth}


def scored(truth, answers):
    return score_questions(truth, answers, questions=WEIGHTS)


def save(answers):
    chosen = exercise("3.B")
    edits = {
        item: ItemAnswer(
            item=item,
            annotations=tuple(Choice(id=q, question=q, labels=v) for q, v in given.items()),
            done=True,
        )
        for item, given in answers.items()
    }
    chosen.file.save(edits, base=chosen.file.read().revision)
    return chosen


@pytest.mark.parametrize("pool", ["practice", "counted"])
def test_every_case_can_be_answered_and_cites_the_rule_that_decides(pool):
    rules = course.guideline(TASK.guideline).rules
    for item in datasets.task_truth(TASK, pool):
        for question, classes in CLASSES.items():
            assert set(item.choices[question]) <= set(classes)
        assert rules[item.rules["reason"]].name == item.choices["reason"][0]
        assert item.note


def test_every_coefficient_and_every_reason_is_asked_for(truth):
    for question, classes in CLASSES.items():
        assert {label for item in truth for label in item.choices[question]} == set(classes)


def test_acceptance(truth):
    """Syllabus 2.5."""

    def values(profile):
        made = (annotate_cases(truth, profile, seed, questions=CLASSES) for seed in range(40))
        given = [
            {name: {c.question: c.labels for c in choices} for name, choices in one.items()}
            for one in made
        ]
        return np.array([scored(truth, one).value for one in given])

    mark = rescale(TASK.pass_mark, scored(truth, {}).blind)
    assert values("expert").mean() >= 0.92
    assert values("trained").mean() >= mark
    for novice in ("loose", "hasty"):
        assert (values(novice) < mark).mean() >= 0.5, novice
    assert values("spammer").mean() < 0.15


def test_no_constant_answer_earns_anything(truth):
    for one, other in itertools.product(*CLASSES.values()):
        given = {"coefficient": (one,), "reason": (other,)}
        assert scored(truth, {i.item: given for i in truth}).value < 0.15


def test_a_coefficient_weighs_seven_tenths_and_a_reason_three(truth):
    answers = right(truth)
    assert scored(truth, answers).value == 1
    item = truth[0].item
    answers[item]["reason"] = ()
    assert scored(truth, answers).raw == pytest.approx(1 - 0.3 / 12)
    answers[item] = {"coefficient": (), "reason": truth[0].choices["reason"][:1]}
    found = scored(truth, answers)
    assert found.raw == pytest.approx(1 - 0.7 / 12)
    assert found.item(item).value == pytest.approx(0.3)
    assert sum(f.cost for f in found.findings) == pytest.approx(1 - found.value)


def test_kappa_on_a_table_with_gaps_has_a_sentence_of_its_own(truth, at_desk):
    answers = right(truth)
    gaps = [item.item for item in truth if "gaps" in item.edge_cases]
    for item in gaps:
        answers[item]["coefficient"] = ("Fleiss' kappa",)
    chosen = save(answers)
    assert "throws labels away" not in repr(chosen.check())
    told = repr(chosen.review(give_up=True))
    assert told.count("on a table with gaps it throws labels away") == len(gaps) == 4
    assert "The 300 pictures hold 600 labels." in told
    sound("3.B")
    assert score("3.B") == pytest.approx(10 * scored(truth, answers).value, abs=0.01)


def test_kappa_for_every_case_does_not_pass(truth):
    mark = rescale(TASK.pass_mark, scored(truth, {}).blind)
    for kappa in KAPPAS:
        answers = right(truth)
        for item in truth:
            if "gaps" in item.edge_cases:
                answers[item.item] = {"coefficient": (kappa,), "reason": ("two",)}
        assert scored(truth, answers).value < mark

"""A2.f: a sample of one's own boxes is drawn and reviewed, and the score of all is foretold."""

from __future__ import annotations

from functools import cache

import pytest

from labelschool import course, datasets
from labelschool.answers import AnswerFile
from labelschool.exercises.exercise import exercise, score
from labelschool.home import results
from labelschool.model import Box, ItemAnswer, Number, Verdict
from labelschool.quality import annotate_boxes
from labelschool.scoring import score_boxes

PART = course.load().task("A2.a")
TRUTH = datasets.task_truth(PART, "counted")


@cache
def boxed(profile: str, seed: int = 3) -> dict[str, list[Box]]:
    return annotate_boxes(TRUTH, profile, seed, classes=PART.classes)


def deliver(profile: str, seed: int = 3) -> float:
    """Save boxes as A2.a and return their DetScore."""
    made = boxed(profile, seed)
    file = AnswerFile("A2.a", "counted", PART.guideline)
    items = {n: ItemAnswer(item=n, annotations=tuple(b), done=True) for n, b in made.items()}
    file.save(items, file.read().revision)
    return score_boxes(TRUTH, made, classes=PART.classes, attributes=PART.attributes).value


def review(decide) -> None:
    """Draw the sample and give a verdict on each of its boxes."""
    audit = exercise("A2.f", pool="practice")
    audit.annotate()
    start = exercise("A2.f").file.read().start
    done = {
        item.name: ItemAnswer(
            item=item.name, annotations=tuple(map(decide, item.proposals)), done=True
        )
        for item in audit.sample(start)
    }
    audit.file.save(done, audit.file.read().revision)


def accept(box: Box) -> Verdict:
    return Verdict(id=f"v-{box.id}", target=box.id, decision="accept")


def reject(box: Box) -> Verdict:
    return Verdict(id=f"v-{box.id}", target=box.id, decision="reject", code="E2")


def state(low: float, high: float) -> None:
    file = exercise("A2.f").file
    items = {
        name: ItemAnswer(item=name, annotations=(Number(value=value),), done=True)
        for name, value in (("low", low), ("high", high))
    }
    file.save(items, file.read().revision)


@pytest.fixture(autouse=True)
def module(at_desk, monkeypatch):
    (at_desk / "02-tools").mkdir()
    monkeypatch.chdir(at_desk / "02-tools")


def test_without_boxes_there_is_nothing_to_audit():
    assert "there are none yet" in repr(exercise("A2.f", pool="practice").annotate())
    assert score("A2.f") == 0


def test_the_sample_is_drawn_by_the_boxes_and_holds_them():
    deliver("trained")
    audit = exercise("A2.f", pool="practice")
    audit.annotate()
    start = exercise("A2.f").file.read().start
    sample = audit.sample(start)
    assert len({item.name for item in sample}) == 30
    made = boxed("trained")
    assert all(list(item.proposals) == list(made[item.name]) for item in sample)
    deliver("trained", seed=4)
    audit.annotate()
    assert exercise("A2.f").file.read().start == start, "later boxes change nothing"
    audit.annotate(again=True)
    assert audit.sample(exercise("A2.f").file.read().start) != sample


def test_accepting_all_says_that_all_is_right_and_rejecting_lowers_it():
    deliver("trained")
    audit = exercise("A2.f", pool="practice")
    review(accept)
    assert "**1.00**" in repr(audit.check())
    review(lambda box: reject(box) if box.label == "car" else accept(box))
    assert ", 0 rejected" not in repr(audit.check())
    assert "**1.00**" not in repr(audit.check())
    review(reject)
    assert "leaves no box" in repr(audit.check())


def test_an_interval_that_holds_and_is_narrow_earns_the_points():
    value = deliver("trained")
    review(accept)
    state(value - 0.05, value + 0.06)
    assert f"{value:.2f}" not in repr(exercise("A2.f").check()), "the score is not told before"
    exercise("A2.a").check()
    assert "the interval holds" in repr(exercise("A2.f").check())
    assert score("A2.f") == 10
    assert results.read().entries["exercise/A2.f/counted"].best.passed


@pytest.mark.parametrize(("below", "above"), [(0.07, 0.06), (-0.02, 0.1), (0.1, -0.02)])
def test_a_wide_or_wrong_interval_earns_nothing(below, above):
    value = deliver("trained")
    review(accept)
    state(value - below, value + above)
    exercise("A2.a").check()
    assert score("A2.f") == 0


def test_an_interval_after_the_check_foretells_nothing(monkeypatch, capsys):
    value = deliver("trained")
    review(accept)
    exercise("A2.a").check()
    monkeypatch.setattr("labelschool.answers.now", lambda: "2999-01-01T00:00:00+00:00")
    state(value - 0.05, value + 0.05)
    assert score("A2.f") == 0
    assert "foretells nothing" in capsys.readouterr().out

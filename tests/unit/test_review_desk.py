"""3.F: finished labels on the desk, judged by reviewers of known quality."""

from __future__ import annotations

import numpy as np
import pytest

from labelschool import course, datasets
from labelschool.feedback.words import sentence
from labelschool.model import Verdict
from labelschool.quality import annotate_reviews
from labelschool.scoring import Score, score_reviews

TASK = course.load().task("3.F")
TRUTH = {pool: datasets.truth(TASK.dataset, pool, TASK.pools[pool].batch) for pool in TASK.pools}
ITEMS = {pool: datasets.task_items(TASK, pool) for pool in TASK.pools}
DESK = TRUTH["counted"]
LABELS = {item.name: item.proposals for item in ITEMS["counted"]}
SEEDS = range(24)

Verdicts = dict[str, tuple[Verdict, ...]]


def score(answers: Verdicts) -> Score:
    return score_reviews(DESK, answers, LABELS)


def reviewed(profile: str) -> np.ndarray:
    return np.array([score(annotate_reviews(DESK, profile, seed)).value for seed in SEEDS])


def right() -> Verdicts:
    """Each label judged as it is."""
    return {
        item.item: tuple(
            Verdict(
                id=f"v{n}", target=row.target, decision=row.decision, code=row.code, fix=row.right
            )
            for n, row in enumerate(item.verdicts)
        )
        for item in DESK
    }


def test_the_reviewers_fall_where_the_pass_mark_wants_them():
    assert reviewed("expert").mean() >= 0.92
    assert (reviewed("trained") >= TASK.pass_mark).mean() >= 0.9
    for novice in ("loose", "hasty", "confuser"):
        assert (reviewed(novice) < TASK.pass_mark).mean() >= 0.9
    assert reviewed("spammer").max() < 0.15
    assert reviewed("lazy").max() == 0


def test_both_pools_together_are_the_eighty_objects_of_the_exercise():
    shown = [item.name for item in ITEMS["practice"]]
    practice = [item for item in TRUTH["practice"] if item.item in shown]
    assert sum(len(item.verdicts) for item in [*practice, *DESK]) == pytest.approx(80, abs=5)
    codes = {row.code for item in DESK for row in item.verdicts if row.code}
    assert codes == {f"E{n}" for n in range(1, 11)}


def test_a_fix_without_a_code_is_told_and_does_not_pass():
    assert score(right()).value == 1.0
    silent = {
        item: tuple(verdict.model_copy(update={"code": None}) for verdict in verdicts)
        for item, verdicts in right().items()
    }
    scored = score(silent)
    assert scored.value < 0.15
    assert any("you said no code" in sentence(finding).what for finding in scored.findings)


def test_rejecting_what_only_looks_odd_costs_what_a_miss_costs():
    style = next(
        (item.item, row.target) for item in DESK for row in item.verdicts if row.edge_cases
    )
    wrong = next((item.item, row.target) for item in DESK for row in item.verdicts if row.code)

    def with_one(place: tuple[str, str], **change: object) -> Score:
        answers = right()
        answers[place[0]] = tuple(
            verdict.model_copy(update=change) if verdict.target == place[1] else verdict
            for verdict in answers[place[0]]
        )
        return score(answers)

    rejected = with_one(style, decision="reject", code="E6", fix=None)
    missed = with_one(wrong, decision="accept", code=None, fix=None)
    assert rejected.value < 1
    assert rejected.value == pytest.approx(missed.value, abs=0.02)
    (finding,) = rejected.findings
    assert "It looks odd" in sentence(finding).do

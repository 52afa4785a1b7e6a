"""Decisions on proposals: their points, the blind floor, and where simulated reviewers fall."""

import numpy as np
import pytest

from labelschool import course, datasets
from labelschool.model import Verdict
from labelschool.quality.simulated import annotate_reviews
from labelschool.scoring import score_triage
from labelschool.scoring.score import rescale
from labelschool.scoring.triage import DECISIONS

TASK = course.load().task("2.C")
TRUTH = datasets.task_truth(TASK, "counted")
ROWS = {item.item: item.verdicts[0] for item in TRUTH}


def verdict(decision, name="v"):
    return Verdict(id=name, target="p1", decision=decision)


def right(**changed):
    """The right decisions, with those of some items changed; None leaves one out."""
    given = {item: row.decision for item, row in ROWS.items()} | changed
    return {item: [verdict(decision)] for item, decision in given.items() if decision}


def one_of(decision, **fields):
    return next(
        item
        for item, row in ROWS.items()
        if row.decision == decision
        and all(name in row.edge_cases for name, wanted in fields.items() if wanted)
    )


@pytest.mark.parametrize(
    ("true", "given", "points"),
    [("reject", "accept", -2), ("fix", "accept", -2), ("accept", "reject", -0.5),
     ("fix", "reject", -0.5), ("accept", "fix", -0.5), ("reject", "fix", -0.5),
     ("accept", None, 0)],
)  # fmt: skip
def test_a_decision_earns_its_points(true, given, points):
    whole = score_triage(TRUTH, right())
    assert whole.value == whole.raw == 1
    scored = score_triage(TRUTH, right(**{one_of(true): given}))
    assert scored.raw == pytest.approx((39 + points) / 40)
    (found,) = scored.findings
    assert found.cost == pytest.approx(1 - scored.value)


def test_a_wrong_accept_is_told_by_the_error_it_let_through():
    clean = one_of("reject", wrong_object=True)
    (found,) = score_triage(TRUTH, right(**{clean: "accept"})).findings
    assert (found.code, found.details["kind"], found.rule) == ("E8", "proposal_object", 9)
    fixable = one_of("fix")
    (found,) = score_triage(TRUTH, right(**{fixable: "accept"})).findings
    assert (found.code, found.rule) == (ROWS[fixable].code, 8)
    (found,) = score_triage(TRUTH, right(**{fixable: "reject"})).findings
    assert (found.code, found.details["kind"]) == ("E10", "proposal_needless")


def test_of_two_verdicts_on_one_mask_the_dearer_counts_in_any_order():
    item = one_of("reject")
    both = [verdict("reject"), verdict("accept", "w")]
    for given in (both, both[::-1]):
        assert score_triage(TRUTH, right() | {item: given}).raw == pytest.approx(37 / 40)


def test_no_blind_decision_earns_anything_and_verdicts_on_nothing_do_no_harm():
    for decision in DECISIONS:
        assert score_triage(TRUTH, right(**dict.fromkeys(ROWS, decision))).value == 0
    ghost = Verdict(id="g", target="p9", decision="accept")
    added = Verdict(id="h", target=None, decision="fix")
    assert score_triage(TRUTH, {i: [*v, ghost, added] for i, v in right().items()}).value == 1


def test_removing_a_right_decision_never_helps():
    whole = score_triage(TRUTH, right())
    for item in ROWS:
        assert score_triage(TRUTH, right(**{item: None})).value < whole.value


def test_a_pool_without_proposals_cannot_be_scored():
    with pytest.raises(ValueError, match="no proposal"):
        score_triage([], {})


def test_the_simulated_reviewers_fall_where_the_pass_mark_wants_them():
    passes = rescale(TASK.pass_mark, score_triage(TRUTH, right()).blind)
    values = {
        profile: np.array(
            [score_triage(TRUTH, annotate_reviews(TRUTH, profile, s)).value for s in range(24)]
        )
        for profile in ("expert", "trained", "loose", "hasty", "spammer", "lazy")
    }
    assert values["expert"].mean() >= 0.92
    assert values["trained"].mean() >= passes
    for novice in ("loose", "hasty"):
        assert (values[novice] < passes).mean() >= 0.5
    assert values["spammer"].max() < 0.15
    assert values["lazy"].max() == 0

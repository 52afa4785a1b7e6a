"""The score of a review: errors found, called by their code, and right labels left alone."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import course, datasets
from labelschool.model import Box, Verdict, iou
from labelschool.quality import annotate_reviews
from labelschool.scoring import TAXONOMY, score_reviews
from labelschool.scoring.score import rescale

TASK = course.load().task("A1.c")
TRUTH = datasets.task_truth(TASK, "counted")
LABELS = {item.name: item.proposals for item in datasets.task_items(TASK, "counted")}
ROWS = [(item.item, row) for item in TRUTH for row in item.verdicts]


def right():
    """The verdicts that the truth itself would give."""
    return {
        item.item: [
            Verdict(
                id=f"v{n}",
                target=row.target,
                decision=row.decision,
                code=row.code,
                fix=row.right if row.decision == "fix" else None,
            )
            for n, row in enumerate(item.verdicts)
        ]
        for item in TRUTH
    }


def score(answers):
    return score_reviews(TRUTH, answers, LABELS)


def with_verdict(item, row, **update):
    """The right verdicts with that on one label changed."""
    answers = right()
    answers[item] = [
        verdict.model_copy(update=update) if verdict.target == row.target else verdict
        for verdict in answers[item]
    ]
    return answers


def one(code):
    """The first label with that code, and its item; code None is a right label."""
    return next((item, row) for item, row in ROWS if row.code == code and row.target)


def kinds(scored):
    return [(f.code, f.details["kind"]) for f in scored.findings]


def test_every_verdict_right_is_a_whole_score_and_no_verdict_none():
    assert (score(right()).value, score(right()).n) == (1, 16)
    assert score(right()).findings == ()
    assert score({}).value == 0
    assert Counter(f.details["kind"] for f in score({}).findings) == {
        "overlooked": 16,
        "unjudged": sum(row.code is None for _, row in ROWS),
    }


def test_an_accepted_error_is_missed_and_a_wrong_code_earns_half():
    item, row = one("E8")
    passed = score(with_verdict(item, row, decision="accept", code=None, fix=None))
    called = score(with_verdict(item, row, code="E9"))
    assert kinds(passed) == [("E8", "overlooked")]
    assert kinds(called) == [("E8", "miscoded")]
    assert passed.raw == pytest.approx(2 * 15 / 31)
    assert called.raw == pytest.approx(2 * 15.5 / 32)
    assert passed.value < called.value < 1


@pytest.mark.parametrize("decision", ["fix", "reject"])
def test_a_false_alarm_costs_the_same_whatever_the_decision(decision):
    item, row = one(None)
    scored = score(with_verdict(item, row, decision=decision, code="E6"))
    assert kinds(scored) == [("E6", "alarm")]
    assert scored.raw == pytest.approx(2 * 16 / 33)


def test_a_right_label_without_a_verdict_costs_what_a_false_alarm_costs():
    item, row = one(None)
    answers = right()
    answers[item] = [verdict for verdict in answers[item] if verdict.target != row.target]
    assert kinds(score(answers)) == [("E1", "unjudged")]
    assert score(answers).raw == pytest.approx(2 * 16 / 33)


def test_pictures_without_errors_have_to_be_looked_at_too():
    flawless = {item.item for item in TRUTH if not any(row.code for row in item.verdicts)}
    assert len(flawless) == 2
    seen = {item: verdicts for item, verdicts in right().items() if item not in flawless}
    assert score(seen).value < rescale(TASK.pass_mark, score(seen).blind)


def test_how_a_label_is_fixed_and_whether_it_is_rejected_instead_is_not_graded():
    answers = {
        item: [
            verdict.model_copy(update={"decision": "reject", "fix": None})
            if verdict.target and verdict.decision == "fix"
            else verdict
            for verdict in verdicts
        ]
        for item, verdicts in right().items()
    }
    assert score(answers).value == 1


def test_a_missed_object_is_found_by_its_place():
    item, row = next((item, row) for item, row in ROWS if row.target is None)
    x, y, width, height = row.right.bbox

    def moved(by):
        answers = right()
        answers[item] = [
            verdict.model_copy(
                update={"fix": row.right.model_copy(update={"bbox": (x + by, y, width, height)})}
            )
            if verdict.target is None and verdict.fix.bbox == row.right.bbox
            else verdict
            for verdict in answers[item]
        ]
        return score(answers)

    assert moved(width * 0.2).value == 1
    assert kinds(moved(width * 0.8)) == [("E1", "overlooked"), ("E1", "needless_box")]


def test_either_box_of_a_duplicate_may_be_called_so():
    item, row = one("E3")
    boxes = {box.id: box for box in LABELS[item]}
    others = [r.target for i, r in ROWS if i == item and r.code is None and r.target]
    twin = max(others, key=lambda target: iou(boxes[target].bbox, boxes[row.target].bbox))
    answers = right()
    swapped = {
        row.target: {"decision": "accept", "code": None},
        twin: {"decision": "reject", "code": "E3"},
    }
    answers[item] = [v.model_copy(update=swapped.get(v.target, {})) for v in answers[item]]
    assert score(answers).value == 1


def test_boxes_added_for_the_objects_of_a_merged_or_split_label_cost_nothing():
    for code in ("E4", "E5"):
        item, row = next((i, r) for i, r in ROWS if r.code == code and r.right)
        added = Verdict(id="new", target=None, decision="fix", code="E1", fix=row.right)
        assert score(right() | {item: [*right()[item], added]}).value == 1


def test_two_verdicts_on_one_label_gain_nothing():
    item, row = one("E7")
    hedged = right()
    hedged[item].append(Verdict(id="w", target=row.target, decision="reject", code="E6"))
    assert kinds(score(hedged)) == [("E7", "miscoded")]
    alarm = right()
    item, row = one(None)
    alarm[item].insert(0, Verdict(id="w", target=row.target, decision="reject", code="E6"))
    assert kinds(score(alarm)) == [("E2", "alarm")]


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_taking_a_right_verdict_back_never_helps_and_order_never_matters(seed):
    rng = np.random.default_rng(seed)
    answers = annotate_reviews(TRUTH, ("trained", "loose", "hasty")[seed % 3], seed)
    whole = score(answers)
    shuffled = {i: [v[n] for n in rng.permutation(len(v))] for i, v in answers.items()}
    assert score(shuffled).raw == whole.raw
    codes = {(item, row.target): row.code for item, row in ROWS if row.target}
    found = [
        (item, n)
        for item, verdicts in answers.items()
        for n, v in enumerate(verdicts)
        if v.target and v.code and v.code == codes[item, v.target]
    ]
    if found:
        item, n = found[rng.integers(len(found))]
        fewer = answers | {item: answers[item][:n] + answers[item][n + 1 :]}
        assert score(fewer).raw < whole.raw


@pytest.mark.parametrize("code", [*TAXONOMY, None])
def test_rejecting_everything_with_one_code_stays_below_the_limit(code):
    def all_of(decision):
        return {
            item: [Verdict(id=box.id, target=box.id, decision=decision, code=code) for box in boxes]
            for item, boxes in LABELS.items()
        }

    assert score(all_of("reject")).value < 0.15
    assert score(all_of("fix")).value < 0.15


def test_boxes_everywhere_and_verdicts_on_nothing_never_raise_or_help():
    grid = [
        Verdict(
            id=f"g{n}", target=None, decision="fix", code="E1",
            fix=Box(id=f"g{n}", label="car", bbox=(n % 20 * 32, n // 20 * 32, 32, 32)),
        )
        for n in range(300)
    ]  # fmt: skip
    ghost = Verdict(id="x", target="p99", decision="reject", code="E6")
    bare = Verdict(id="y", target=None, decision="fix", code="E1")
    assert score({item: [*grid, ghost, bare] for item in LABELS}).value < 0.15


SEEDS = range(24)


def test_the_simulated_reviewers_fall_where_the_pass_mark_wants_them():
    passes = rescale(TASK.pass_mark, score(right()).blind)
    values = {
        profile: np.array([score(annotate_reviews(TRUTH, profile, s)).value for s in SEEDS])
        for profile in ("expert", "trained", "loose", "hasty", "spammer", "lazy")
    }
    assert values["expert"].mean() >= 0.92
    assert values["trained"].mean() >= passes
    for novice in ("loose", "hasty"):
        assert (values[novice] < passes).mean() >= 0.5
    assert values["spammer"].max() < 0.15
    assert values["lazy"].max() == 0


def test_a_batch_without_errors_cannot_be_scored():
    clean = [item for item in TRUTH if not any(row.code for row in item.verdicts)]
    with pytest.raises(ValueError, match="no error"):
        score_reviews(clean, {}, LABELS)


def test_the_hunt_has_fifteen_errors_with_every_code_among_right_labels():
    codes = Counter(row.code for _, row in ROWS)
    right_ones = codes.pop(None)
    assert set(codes) == {f"E{n}" for n in range(1, 11)}
    assert codes["E5"] == 2
    assert sum(codes.values()) - 1 == 15
    assert right_ones > sum(codes.values())
    assert sum("ugly_but_right" in row.edge_cases for _, row in ROWS) >= 3
    kept = {item.name for item in datasets.items("street_batches", "counted", "desk")}
    assert kept.isdisjoint(LABELS)
    assert len(kept) == 7

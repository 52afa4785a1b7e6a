"""What learners read about a revision and a review of labels: every finding has its words."""

from __future__ import annotations

import numpy as np
import pytest

from labelschool import course, datasets, feedback
from labelschool.exercises.exercise import exercise
from labelschool.feedback.words import sentence
from labelschool.feedback.words.judged import WORDS as JUDGED
from labelschool.model import ItemAnswer
from labelschool.quality import annotate_reviews
from labelschool.scoring import score_reviews, score_revision

from . import test_scoring_reviews as hunt
from . import test_scoring_revision as revision

REVISED = {
    "revised_class",
    "mirror_missing",
    "mirror_class",
    "mirror_flag",
    "crowd_boxed",
    "crowd_open",
    "needless",
}


def spoiled(rng):
    """A revision with all kinds of slips."""
    answer = {}
    for item, boxes in revision.END.items():
        kept = [box for box in boxes if rng.random() < 0.9]
        answer[item] = [
            box.model_copy(
                update=(
                    {},
                    {"label": "van"},
                    {"mirror": not box.mirror},
                    {"bbox": (*box.bbox[:2], box.bbox[2] + 3, box.bbox[3])},
                )[rng.integers(4)]
            )
            for box in kept
        ]
        if rng.random() < 0.3:
            answer[item] = revision.START[item]
    return answer


def test_every_finding_of_a_revision_has_words_and_costs():
    seen = set()
    for seed in range(20):
        answer = spoiled(np.random.default_rng(seed))
        scored = score_revision(
            revision.BEFORE, revision.AFTER, revision.START, answer, classes=revision.TASK.classes
        )
        for finding in scored.findings:
            words = sentence(finding)
            assert words.what.endswith(".")
            assert words.do.endswith((".", ")."))
            assert "None" not in words.what
            seen.add(finding.details["kind"])
    assert seen == REVISED


def test_every_finding_of_a_review_has_words_and_costs():
    seen = set()
    profiles = ("trained", "hasty", "spammer", "lazy")
    made = [annotate_reviews(hunt.TRUTH, who, seed) for who in profiles for seed in range(6)]
    for answers in ({}, *made):
        for finding in score_reviews(hunt.TRUTH, answers, hunt.LABELS).findings:
            words = sentence(finding)
            assert words.what.endswith(".")
            assert words.do
            assert "None" not in words.what
            seen.add(finding.details["kind"])
    assert seen | {"needless_box"} == set(JUDGED) - REVISED


@pytest.fixture
def reviewed(tmp_path, monkeypatch):
    """The hunt as a hasty reviewer left it, in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    chosen = exercise("A1.c")
    made = annotate_reviews(hunt.TRUTH, "hasty", 2)
    edits = {
        item: ItemAnswer(item=item, annotations=verdicts, done=True)
        for item, verdicts in made.items()
    }
    chosen.file.save(edits, 0)
    return chosen


def test_a_counted_check_tells_codes_and_no_place(reviewed):
    text = reviewed.check().text
    assert "errors that you passed or called otherwise" in text
    assert "E1  missed" in text
    assert "street_batches" not in text
    assert "Label " not in text
    assert "[Rule" not in text


def test_the_opened_review_shows_each_place_with_its_code_and_picture(reviewed):
    opened = reviewed.review(give_up=True)
    scored = reviewed.score()
    lines = [line for line in opened.text.splitlines() if line.startswith("- E")]
    assert len(lines) == len(scored.findings)
    assert "as it should be" in opened.html
    wrong = {finding.item for finding in scored.findings}
    assert opened.html.count("<img") >= len(wrong) + 1


def test_a_clean_practice_report_has_words_for_no_finding():
    scored = score_reviews(hunt.TRUTH, hunt.right(), hunt.LABELS)
    shown = feedback.report(
        scored,
        guideline=course.guideline("G1.v1"),
        truth=hunt.TRUTH,
        answers={},
        items=datasets.task_items(hunt.TASK, "counted"),
        pass_mark=0.7,
        counted=False,
    )
    assert "all 16 errors are found" in shown.text

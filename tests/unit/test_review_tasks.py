"""Review tasks: every error that was put in has its verdict, and nothing gives it away."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from labelschool.model import iou
from labelschool.quality.injected import counts, inject
from labelschool.quality.review_tasks import review_tasks

from .synthetic_streets import CLASSES, street

ERRORS = {"E1": 4, "E2": 4, "E3": 4, "E5": 3, "E6": 5, "E7": 4, "E8": 5, "E9": 4}


@pytest.fixture(scope="module")
def truth():
    return street(np.random.default_rng(11), 12)


def tasks(truth, seed):
    return review_tasks(truth, seed, classes=CLASSES, errors=ERRORS)


@pytest.mark.parametrize("seed", range(12))
def test_all_errors_wanted_are_there_and_each_label_has_one_verdict(truth, seed):
    proposals, reviews = tasks(truth, seed)
    for review in reviews:
        targets = [verdict.target for verdict in review.verdicts if verdict.target]
        assert sorted(targets) == sorted(box.id for box in proposals[review.item])
        assert len(set(targets)) == len(targets)
    codes = Counter(verdict.code for review in reviews for verdict in review.verdicts)
    assert {code: codes[code] for code in ERRORS if code != "E5"} == {
        code: count for code, count in ERRORS.items() if code != "E5"
    }
    assert codes["E5"] == 2 * ERRORS["E5"]


@pytest.mark.parametrize("seed", range(4))
def test_the_right_label_is_given_and_accepted_labels_are_right(truth, seed):
    proposals, reviews = tasks(truth, seed)
    objects = {(i.item, f"o{o.id}"): o for i in truth for o in i.objects}
    for review in reviews:
        boxes = {box.id: box for box in proposals[review.item]}
        for verdict in review.verdicts:
            if verdict.right:
                assert verdict.right.bbox == objects[review.item, verdict.right.id].bbox
            if verdict.decision == "accept":
                box = boxes[verdict.target]
                assert iou(box.bbox, verdict.right.bbox) > 0.8
                assert box.label == verdict.right.label
                assert (box.occluded, box.truncated) == (
                    verdict.right.occluded,
                    verdict.right.truncated,
                )
            if verdict.decision == "reject":
                assert verdict.right is None


def test_every_object_that_counts_is_accounted_for(truth):
    _, reviews = tasks(truth, 3)
    for item, review in zip(truth, reviews, strict=True):
        named = {verdict.right.id for verdict in review.verdicts if verdict.right}
        assert named == {f"o{obj.id}" for obj in item.objects if counts(obj, CLASSES)}


def test_ids_and_order_tell_nothing(truth):
    proposals, reviews = tasks(truth, 5)
    wrong_places = []
    for review in reviews:
        ids = [box.id for box in proposals[review.item]]
        assert ids == [f"p{number}" for number in range(1, len(ids) + 1)]
        code = {verdict.target: verdict.code for verdict in review.verdicts}
        wrong_places += [n / len(ids) for n, name in enumerate(ids) if code[name]]
    assert 0.3 < np.mean(wrong_places) < 0.65


def test_two_invented_boxes_beside_a_missed_object_keep_their_names(truth):
    for seed in range(20):
        codes = ["E2", "E1", "E2"]
        answers, done = inject(
            truth[:1], np.random.default_rng(seed), codes, CLASSES, per_item=len(codes)
        )
        invented = [injection.box_ids[0] for injection in done if injection.code == "E2"]
        assert len(set(invented)) == len(invented)
        assert set(invented) <= {box.id for box in answers[truth[0].item]}


def test_labels_that_look_wrong_are_spared(truth):
    _, reviews = review_tasks(truth, 7, classes=CLASSES, errors=ERRORS, ugly=8)
    verdicts = [verdict for review in reviews for verdict in review.verdicts]
    ugly = [verdict for verdict in verdicts if "ugly_but_right" in verdict.edge_cases]
    assert len(ugly) >= 8
    assert {verdict.decision for verdict in ugly} == {"accept"}
    with pytest.raises(ValueError, match="labels look wrong but are right"):
        review_tasks(truth, 7, classes=CLASSES, errors=ERRORS, ugly=500)


def test_more_errors_than_fit_are_refused(truth):
    with pytest.raises(ValueError, match="of 400 errors fit"):
        review_tasks(truth[:1], 1, classes=CLASSES, errors={"E1": 400})
    with pytest.raises(ValueError, match="no error codes"):
        review_tasks(truth, 1, classes=CLASSES, errors={"E99": 1})

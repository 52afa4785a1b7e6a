"""The score of keypoints: what COCO computes, swaps, visibility, what a mistake is called."""

from __future__ import annotations

import copy
import random

import numpy as np
import pytest

from labelschool import datasets
from labelschool.model import Figure, Keypoint, sigma
from labelschool.quality.simulated import annotate_keypoints
from labelschool.scoring import keypoints, score_keypoints

TRUTH = datasets.truth("figures12", "counted")
PASS = 0.85
SEEDS = range(12)


def right(truth=TRUTH):
    return {i.item: [Figure(id=f"f{f.id}", points=f.points) for f in i.figures] for i in truth}


def changed(change, truth=TRUTH):
    """The right answer with `change` applied to each point."""
    return {
        item: [f.model_copy(update={"points": tuple(map(change, f.points))}) for f in figures]
        for item, figures in right(truth).items()
    }


def points_of(figure, change):
    return figure.model_copy(update={"points": tuple(map(change, figure.points))})


def off(point, **more):
    return point.model_copy(update=more)


def test_places_are_worth_what_coco_computes():
    """Against pycocotools, where no visibility is wrong and nobody is swapped."""
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    rng = np.random.default_rng(7)
    item = TRUTH[0]
    (person,) = item.figures
    drawn = [off(p, x=p.x + rng.normal(0, 12), y=p.y + rng.normal(0, 12)) for p in person.points]
    flat = lambda points: [v for p in points for v in (p.x, p.y, p.visibility)]  # noqa: E731
    common = {"image_id": 1, "category_id": 1, "id": 1, "bbox": list(person.bbox)}
    truth = common | {"area": person.area, "iscrowd": 0, "keypoints": flat(person.points)}
    truth["num_keypoints"] = len(person.points)
    names = [point.name for point in person.points]
    category = {"id": 1, "name": "person", "keypoints": names, "skeleton": []}
    coco = COCO()
    coco.dataset = {"images": [{"id": 1}], "annotations": [truth], "categories": [category]}
    coco.createIndex()
    made = coco.loadRes([common | {"score": 1.0, "keypoints": flat(drawn)}])
    judge = COCOeval(coco, made, "keypoints")
    judge.params.kpt_oks_sigmas = np.array([sigma(name) for name in names])
    judge.params.imgIds = judge.params.catIds = [1]
    judge._prepare()
    expected = judge.computeOks(1, 1)[0, 0]
    ours = keypoints.read(Figure(id="a", points=tuple(drawn)), person)
    assert 0.3 < ours.oks < 0.95
    assert ours.oks == pytest.approx(expected, abs=1e-6)


def test_the_truth_earns_all_and_nothing_earns_nothing():
    assert score_keypoints(TRUTH, right()).value == 1
    empty = score_keypoints(TRUTH, {})
    assert (empty.value, empty.counts(), empty.recall) == (0, {"E1": 16}, 0)


def test_left_and_right_exchanged_cost_half_of_every_picture_and_are_named():
    swapped = {item: list(map(keypoints.exchanged, made)) for item, made in right().items()}
    score = score_keypoints(TRUTH, swapped)
    assert [item.value for item in score.items] == [0.5] * len(TRUTH)
    assert {(f.code, f.details["kind"], f.rule) for f in score.findings} == {("E8", "swap", 1)}
    assert sum(f.cost for f in score.findings) == pytest.approx(0.5)


def test_crossed_wrists_taken_for_each_other_are_one_finding():
    wrists = {"left_wrist": "right_wrist", "right_wrist": "left_wrist"}
    answer = changed(lambda p: off(p, name=wrists.get(p.name, p.name)))
    score = score_keypoints(TRUTH, answer)
    kinds = {f.details["kind"] for f in score.findings}
    assert "pair_swap" in kinds
    assert "swap" not in kinds
    assert 7 / 9 - 0.01 <= score.value < 0.9


def test_a_wrong_visibility_costs_a_quarter_of_its_point():
    hidden = sum(p.visibility == 1 for i in TRUTH for f in i.figures for p in f.points)
    score = score_keypoints(TRUTH, changed(lambda p: off(p, visibility=2)))
    assert score.value == pytest.approx(1 - 0.25 * hidden / (9 * score.n))
    assert score.counts() == {"E9": hidden}
    assert {f.rule for f in score.findings} == {3}


def test_a_hidden_point_that_is_left_out_is_worth_nothing():
    answer = changed(lambda p: off(p, visibility=0, x=0, y=0) if p.visibility == 1 else p)
    score = score_keypoints(TRUTH, answer)
    assert score.value == pytest.approx(1 - score.counts()["E1"] / (9 * score.n))


def test_a_point_off_its_place_is_told_with_its_way_back():
    answer = changed(lambda p: off(p, x=p.x + 40) if p.name == "nose" else p)
    found = score_keypoints(TRUTH, answer).findings
    assert {(f.code, f.details["point"], round(f.details["dx"])) for f in found} == {
        ("E12", "nose", -40)
    }


def test_an_invented_figure_costs_as_much_as_a_missed_one():
    one = {k: made for k, made in right().items() if k != TRUTH[0].item}
    lone = Figure(id="x", points=(Keypoint(name="nose", x=5, y=5, visibility=2),))
    more = right() | {TRUTH[0].item: [*right()[TRUTH[0].item], lone]}
    assert score_keypoints(TRUTH, one).value == pytest.approx(15 / 16)
    invented = score_keypoints(TRUTH, more)
    assert (invented.value, invented.counts()) == (pytest.approx(16 / 17), {"E2": 1})


@pytest.mark.parametrize("seed", range(4))
def test_removing_right_work_never_helps_and_order_does_not_matter(seed):
    rng = random.Random(seed)
    answer = annotate_keypoints(TRUTH, ("trained", "confuser", "hasty", "loose")[seed], seed)
    score = score_keypoints(TRUTH, answer)
    shuffled = {item: rng.sample(made, len(made)) for item, made in answer.items()}
    assert score_keypoints(TRUTH, shuffled) == score
    for item in TRUTH[:3]:
        for match in keypoints.match_item(item, answer[item.item]).pairs:
            less = copy.copy(answer)
            less[item.item] = [f for f in answer[item.item] if f.id != match.figure.id]
            assert score_keypoints(TRUTH, less).value <= score.value
            for name in match.named.points:
                gone = points_of(
                    match.figure, lambda p, name=name: off(p, visibility=0) if p.name == name else p
                )
                kept = [gone if f.id == gone.id else f for f in answer[item.item]]
                assert score_keypoints(TRUTH, answer | {item.item: kept}).value <= score.value


def test_two_figures_on_one_person_gain_nothing():
    both = {k: [*made, *map(keypoints.exchanged, made)] for k, made in right().items()}
    assert score_keypoints(TRUTH, both).value == pytest.approx(0.5)


def test_no_blind_strategy_reaches_the_limit():
    assert score_keypoints(TRUTH, {}).blind < 0.15


def test_acceptance():
    values = {
        profile: np.array(
            [score_keypoints(TRUTH, annotate_keypoints(TRUTH, profile, s)).value for s in SEEDS]
        )
        for profile in ("expert", "trained", "loose", "hasty", "spammer", "lazy")
    }
    assert values["expert"].min() >= 0.92
    assert values["trained"].mean() >= PASS
    assert max(np.median(values["loose"]), np.median(values["hasty"])) < PASS
    assert max(values["spammer"].max(), values["lazy"].max()) < 0.15

"""The score of masks by definition, its fairness, and what its diagnosis names."""

from collections import Counter

import numpy as np
import pytest

from labelschool import course, datasets
from labelschool.errors import LabelSchoolError
from labelschool.model import (
    Mask,
    MaskTruth,
    Part,
    Polygon,
    TruthMask,
    encode_mask,
)
from labelschool.quality.simulated import annotate_masks
from labelschool.scoring import score_masks
from labelschool.scoring.masks import F_TO_PASS, IOU_TO_PASS, tightness
from labelschool.scoring.pixels import boundary_f, filled, mask_iou
from labelschool.scoring.score import rescale

TASK = course.load().task("2.B")
TRUTH = datasets.task_truth(TASK, "counted")
NAMES = sorted({o.label for item in TRUTH for o in item.objects})
SIZE = 160


def area(*boxes, without=()):
    """A picture in which rectangles (x, y, width, height) are set, less others."""
    mask = np.zeros((SIZE, SIZE), bool)
    for value, rectangles in ((True, boxes), (False, without)):
        for x, y, width, height in rectangles:
            mask[y : y + height, x : x + width] = value
    return mask


def item(*masks, name="p-1", labels=(), levels=()):
    objects = tuple(
        TruthMask(
            id=n,
            label=labels[n] if labels else "mug",
            bbox=(0, 0, 1, 1),
            area=int(mask.sum()),
            rle=encode_mask(mask),
            level=levels[n] if levels else "must",
        )
        for n, mask in enumerate(masks)
    )
    return MaskTruth(item=name, image="x.jpg", width=SIZE, height=SIZE, objects=objects)


def drawn(mask, label="mug", name="a"):
    return Mask(id=name, label=label, rle=encode_mask(mask))


def score(truth, *made):
    return score_masks([truth], {truth.item: made})


def told(scored):
    return [(f.code, f.details["kind"].removeprefix("mask_")) for f in scored.findings]


def perfect():
    return {
        i.item: [Mask(id=f"m{o.id}", label=o.label, rle=o.rle) for o in i.objects] for i in TRUTH
    }


MUG = area((40, 40, 60, 60), (100, 55, 24, 30), without=[(104, 60, 14, 20)])
SPLIT = area((20, 40, 50, 60), (80, 40, 50, 60))

# Definition -------------------------------------------------------------------------------------


def test_a_polygon_holds_the_pixels_whose_centres_lie_inside():
    ring = ((10.0, 10.0), (30.0, 10.0), (30.0, 20.0), (10.0, 20.0))
    hole = ((14.0, 12.0), (18.0, 12.0), (18.0, 16.0), (14.0, 16.0))
    shape = Polygon(id="p", label="mug", parts=(Part(outline=ring, holes=(hole,)),))
    mask = filled(shape, 40, 30)
    assert mask.sum() == 20 * 10 - 4 * 4
    assert mask[10, 10]
    assert not mask[9, 10]
    assert not mask[13, 15]
    lower = Part(outline=tuple((x, y + 8) for x, y in ring))
    both = shape.model_copy(update={"parts": (*shape.parts, lower)})
    assert filled(both, 40, 30).sum() == 20 * 18 - 4 * 4


def test_the_edge_is_forgiven_two_pixels_and_not_three():
    square = area((40, 40, 60, 60))
    assert boundary_f(square, area((38, 38, 64, 64))) > 0.97
    assert boundary_f(square, area((37, 37, 66, 66))) == 0
    assert mask_iou(square, area((40, 40, 60, 30))) == 0.5
    assert boundary_f(square, area()) == 0


def test_what_is_asked_to_pass_is_worth_the_pass_mark():
    assert (tightness(IOU_TO_PASS) + tightness(F_TO_PASS)) / 2 == pytest.approx(0.57, abs=0.005)
    assert TASK.pass_mark == 0.57


def test_perfect_on_some_of_the_objects_scores_their_f1():
    boxes = [area((10 + 50 * n, 10, 30, 100)) for n in range(3)]
    for k in range(4):
        made = [drawn(mask, name=f"m{n}") for n, mask in enumerate(boxes[:k])]
        assert score(item(*boxes), *made).raw == pytest.approx(2 * k / (k + 3))


def test_a_missed_object_counts_in_the_means_that_decide_the_pass():
    truth = item(area((10, 10, 50, 100)), area((80, 10, 50, 100)))
    scored = score(truth, drawn(area((10, 10, 50, 100))))
    assert [part.value for part in scored.parts] == [0.5, 0.5]
    assert not scored.passes(0.1)
    whole = score_masks(TRUTH, perfect())
    assert whole.value == 1
    assert whole.passes(TASK.pass_mark)
    assert not whole.findings


def test_a_mask_of_another_picture_is_told_in_a_sentence():
    stranger = Mask(id="m1", label="mug", rle=encode_mask(np.ones((4, 4), bool)))
    with pytest.raises(LabelSchoolError, match="m1 is not of its picture"):
        score(item(MUG), stranger)


def test_a_pool_without_objects_cannot_be_scored():
    with pytest.raises(ValueError, match="no object"):
        score(item())


# Fairness ---------------------------------------------------------------------------------------


def test_removing_right_work_never_helps_and_order_does_not_matter():
    made = annotate_masks(TRUTH[:6], "trained", 3, classes=NAMES)
    whole = score_masks(TRUTH[:6], made)
    turned = {name: tuple(reversed(masks)) for name, masks in reversed(made.items())}
    assert score_masks(TRUTH[:6], turned) == whole
    for one in whole.items:
        if one.value >= 0.5:
            without = {name: masks for name, masks in made.items() if name != one.item}
            assert score_masks(TRUTH[:6], without).raw < whole.raw


def test_a_second_guess_never_helps():
    truth = item(MUG)
    one = score(truth, drawn(MUG))
    for other in (MUG, area((40, 40, 60, 60)), area((0, 0, SIZE, SIZE))):
        assert score(truth, drawn(MUG), drawn(other, name="b")).raw < one.raw


def test_what_is_ignored_is_neither_right_nor_wrong():
    truth = item(MUG, area((0, 120, 40, 40)), levels=("must", "ignore"))
    assert score(truth, drawn(MUG), drawn(area((0, 120, 40, 38)), name="b")).raw == 1
    assert score(truth, drawn(MUG)).raw == 1


# Diagnosis --------------------------------------------------------------------------------------


def test_a_filled_hole_is_merged_and_says_how_many_pixels():
    scored = score(item(MUG), drawn(area((40, 40, 60, 60), (100, 55, 24, 30))))
    assert told(scored) == [("E4", "hole")]
    (found,) = scored.findings
    assert (found.rule, found.details["px"], found.details["count"]) == (3, 280, 1)
    assert found.region == (104, 60, 14, 20)


def test_two_masks_for_a_split_object_are_one_split():
    truth = item(SPLIT)
    pieces = [drawn(area((20, 40, 50, 60))), drawn(area((80, 40, 50, 60)), name="b")]
    scored = score(truth, *pieces)
    assert told(scored) == [("E5", "split")]
    assert scored.findings[0].rule == 4
    assert set(scored.findings[0].annotation_ids) == {"a", "b"}
    assert score(truth, drawn(SPLIT)).findings == ()


def test_the_post_in_front_and_a_forgotten_part_are_told():
    assert told(score(item(SPLIT), drawn(area((20, 40, 110, 60))))) == [("E4", "bridge")]
    assert told(score(item(SPLIT), drawn(area((20, 40, 50, 60))))) == [("E7", "part")]


def test_loose_and_cut_say_how_far():
    square = item(area((40, 40, 60, 60)))
    (found,) = score(square, drawn(area((34, 40, 66, 60)))).findings
    assert (found.code, found.rule, found.details["px"]) == ("E6", 6, 6)
    (found,) = score(square, drawn(area((40, 40, 60, 54)))).findings
    assert (found.code, found.details["px"]) == ("E7", 6)


def test_classes_extras_and_twins_have_their_codes():
    truth = item(MUG, area((0, 120, 60, 30)), labels=("mug", "tray"))
    tray = drawn(area((0, 120, 60, 30)), "tray", "t")
    assert told(score(truth, drawn(MUG, "tray"), tray)) == [("E8", "label")]
    assert told(score(truth, drawn(MUG), tray, drawn(MUG, name="b"))) == [("E3", "again")]
    far = drawn(area((120, 0, 30, 30)), name="b")
    assert told(score(truth, drawn(MUG), tray, far)) == [("E2", "invented")]
    assert told(score(truth, tray)) == [("E1", "missed")]
    both = drawn(MUG | area((0, 120, 60, 30)))
    assert ("E4", "objects") in told(score(truth, both))


def test_costs_add_up_to_what_was_lost():
    made = annotate_masks(TRUTH, "hasty", 1, classes=NAMES)
    scored = score_masks(TRUTH, made)
    assert sum(f.cost for f in scored.findings) == pytest.approx(1 - scored.value, abs=0.08)
    assert Counter(f.code for f in scored.findings)["E4"] >= 3


# Acceptance -------------------------------------------------------------------------------------


def test_the_simulated_annotators_fall_where_the_pass_mark_wants_them():
    def scores(profile, seeds=1):
        return [
            score_masks(TRUTH, annotate_masks(TRUTH, profile, seed, classes=NAMES))
            for seed in range(seeds)
        ]

    expert, trained = scores("expert"), scores("trained", seeds=3)
    passes = rescale(TASK.pass_mark, expert[0].blind)
    assert expert[0].blind < 0.15
    assert np.mean([one.value for one in expert]) >= 0.92
    assert np.mean([one.value for one in trained]) >= passes
    assert all(one.passes(passes) for one in trained)
    for novice in ("loose", "hasty"):
        assert not any(one.passes(passes) for one in scores(novice))
    for careless in ("spammer", "lazy"):
        assert max(one.value for one in scores(careless)) < 0.15

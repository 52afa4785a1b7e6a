"""DetScore by definition, and the properties that make it fair."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool.model import Box, Decoy, TruthBox, TruthItem
from labelschool.quality.injected import counts, perfect
from labelschool.scoring import score_boxes
from labelschool.scoring.boxes import LARGE, MEDIUM, SMALL, band
from labelschool.scoring.matching import assign, iou_matrix

from .synthetic_streets import ATTRIBUTES, CLASSES, street

COLUMNS, ROWS = 4, 4
CELL_W, CELL_H = 160, 120


def truth_box(number, label, bbox, **fields):
    fields.setdefault("amodal_bbox", bbox)
    return TruthBox(id=number, label=label, bbox=bbox, area=bbox[2] * bbox[3] * 0.8, **fields)


def picture(*objects, name="p-1", decoys=()):
    return TruthItem(
        item=name, image="x.jpg", width=640, height=480, objects=objects, decoys=decoys
    )


def box(name, label, bbox, **fields):
    return Box(id=name, label=label, bbox=bbox, **fields)


def value(truth, answers, classes=CLASSES, attributes=ATTRIBUTES):
    return score_boxes(truth, answers, classes=classes, attributes=attributes).value


# Definition -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bbox", "expected"),
    [((0, 0, 31, 32), SMALL), ((0, 0, 32, 32), MEDIUM), ((0, 0, 96, 96), MEDIUM),
     ((0, 0, 97, 96), LARGE)],
)  # fmt: skip
def test_size_bands_are_those_of_coco(bbox, expected):
    assert band(bbox) is expected


def test_tightness_runs_from_the_lower_bound_to_full():
    assert MEDIUM.tightness(0.50) == 0
    assert MEDIUM.tightness(0.675) == pytest.approx(0.5)
    assert MEDIUM.tightness(0.85) == pytest.approx(1)
    assert LARGE.tightness(0.92) == pytest.approx(1)
    assert SMALL.tightness(0.75) == pytest.approx(1)


def test_score_is_q_over_tp_and_half_the_wrong_ones():
    truth = [picture(truth_box(1, "car", (50, 50, 60, 60)), truth_box(2, "bus", (300, 50, 80, 60)))]
    answers = {
        "p-1": [
            box("a", "van", (50, 50, 60, 60)),  # q = 0.60 + 0.15
            box("b", "car", (500, 300, 40, 40)),  # FP
        ]
    }
    score = score_boxes(truth, answers, classes=CLASSES, attributes=ATTRIBUTES)
    assert score.raw == pytest.approx(0.75 / (1 + 0.5 + 0.5))
    assert (score.n, score.recall, score.precision, score.mean_iou) == (2, 0.5, 0.5, 1.0)
    assert score.interval is None


def test_weights_without_attributes():
    truth = [picture(truth_box(1, "car", (50, 50, 60, 60), occluded=2, occlusion=0.4))]
    answers = {"p-1": [box("a", "van", (50, 50, 60, 60))]}
    assert value(truth, answers, attributes=()) == pytest.approx(0.70)
    assert value(truth, answers, attributes=("unsure", "crowd")) == pytest.approx(0.70)


def test_the_parent_with_the_unsure_flag_earns_half_of_the_class():
    def earned(truth_fields, **answer_fields):
        truth = [picture(truth_box(1, "van", (50, 50, 60, 60), **truth_fields))]
        return value(truth, {"p-1": [box("a", bbox=(50, 50, 60, 60), **answer_fields)]})

    assert earned({}, label="vehicle", unsure=True) == pytest.approx(1 - 0.125)
    assert earned({}, label="vehicle") == pytest.approx(0.75)
    assert earned({}, label="truck", unsure=True) == pytest.approx(0.75)
    assert earned({"edge_cases": ("van_truck",)}, label="vehicle", unsure=True) == pytest.approx(1)


def test_a_level_of_occlusion_is_right_as_far_as_an_eye_can_tell():
    truth = [picture(truth_box(1, "car", (50, 50, 60, 60), occlusion=0.28, occluded=2))]

    def earned(level):
        return value(truth, {"p-1": [box("a", "car", (50, 50, 60, 60), occluded=level)]})

    assert [earned(level) for level in range(4)] == pytest.approx([0.925, 1, 1, 0.925])


def test_ignored_objects_other_classes_and_crowds_are_neutral():
    objects = (
        truth_box(1, "car", (50, 50, 60, 60)),
        truth_box(2, "car", (300, 50, 20, 8), amodal_bbox=(300, 40, 60, 30), level="ignore"),
        truth_box(3, "sign", (400, 50, 30, 30)),
        truth_box(4, "person", (100, 300, 200, 100), crowd=True, level="ignore"),
    )
    right = [box("a", "car", (50, 50, 60, 60))]
    neutral = [
        box("b", "car", (300, 50, 20, 8)),
        box("c", "car", (300, 40, 60, 30)),
        box("d", "sign", (400, 50, 30, 30)),
        box("e", "person", (100, 300, 200, 100), crowd=True),
        box("f", "person", (120, 310, 30, 80)),
    ]
    assert value([picture(*objects)], {"p-1": right}) == 1
    assert value([picture(*objects)], {"p-1": right + neutral}) == 1


def test_a_decoy_on_an_ignored_object_is_no_shelter():
    decoy = Decoy(kind="poster", rule=9, bbox=(310, 60, 30, 60), label="person")
    bus = truth_box(2, "bus", (300, 50, 200, 100), level="ignore")
    truth = [picture(truth_box(1, "car", (50, 50, 60, 60)), bus, decoys=(decoy,))]
    answers = {"p-1": [box("a", "car", (50, 50, 60, 60)), box("b", "person", (310, 60, 30, 60))]}
    assert value(truth, answers) == pytest.approx(1 / 1.5)


def test_a_second_class_for_the_same_object_gains_nothing():
    objects = [truth_box(n, "car", (20 + 100 * n, 50, 60, 60)) for n in range(4)]
    wrong = box("a", "van", objects[0].bbox)
    hedged = [wrong, box("b", "car", objects[0].bbox)]
    assert value([picture(*objects)], {"p-1": hedged}) < value(
        [picture(*objects)], {"p-1": [wrong]}
    )


def test_an_empty_picture_scores_by_being_left_empty():
    truth = [picture(truth_box(1, "car", (50, 50, 60, 60))), picture(name="p-2")]
    right = {"p-1": [box("a", "car", (50, 50, 60, 60))]}
    assert score_boxes(truth, right, classes=CLASSES).item("p-2").value == 1
    wrong = {**right, "p-2": [box("b", "car", (9, 9, 30, 30))]}
    assert score_boxes(truth, wrong, classes=CLASSES).item("p-2").value == 0
    assert value(truth, wrong) == pytest.approx(1 / 1.5)


def test_a_pool_without_objects_is_refused():
    with pytest.raises(ValueError, match="no object"):
        score_boxes([picture()], {}, classes=CLASSES)


def test_answers_to_unknown_items_are_left_out():
    truth = [picture(truth_box(1, "car", (50, 50, 60, 60)))]
    answers = {"p-1": [box("a", "car", (50, 50, 60, 60))], "other": [box("a", "car", (1, 1, 9, 9))]}
    assert value(truth, answers) == 1


def test_a_score_is_rescaled_where_a_blind_strategy_earns_too_much():
    whole = truth_box(1, "car", (0, 0, 640, 480))
    truth = [picture(whole, name="p-1"), picture(whole, name="p-2")]
    blind = {item.item: [box("a", "car", (0, 0, 640, 480))] for item in truth}
    score = score_boxes(truth, blind, classes=CLASSES)
    assert score.raw == score.blind == 1
    assert value(truth, {}) == 0


def test_the_interval_holds_the_score_and_is_reproducible():
    truth = street(np.random.default_rng(4), 8)
    answers = perfect(truth, CLASSES)
    for boxes in list(answers.values())[:4]:
        del boxes[:1]
    score = score_boxes(truth, answers, classes=CLASSES, attributes=ATTRIBUTES)
    assert score.interval[0] < score.value < score.interval[1]
    again = score_boxes(truth[::-1], answers, classes=CLASSES, attributes=ATTRIBUTES)
    assert again == score


# Matching ---------------------------------------------------------------------------------------


@given(st.integers(1, 7), st.integers(1, 7), st.integers(0, 10**6))
def test_assignment_equals_the_plain_optimum(rows, columns, seed):
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(seed)
    weights = rng.random((rows, columns)) * (rng.random((rows, columns)) < 0.4)
    allowed = weights > 0.2
    pairs = assign(weights, allowed)
    assert len({r for r, _ in pairs}) == len({c for _, c in pairs}) == len(pairs)
    assert all(allowed[pair] for pair in pairs)
    plain = np.where(allowed, weights, 0)
    best = plain[linear_sum_assignment(plain, maximize=True)].sum()
    assert sum(weights[pair] for pair in pairs) == pytest.approx(best)


def test_iou_matrix_agrees_with_pycocotools():
    from pycocotools import mask

    rng = np.random.default_rng(0)
    a, b = rng.uniform(1, 60, (20, 4)), rng.uniform(1, 60, (30, 4))
    assert np.allclose(iou_matrix(a, b), mask.iou(a, b, [0] * len(b)))


# Properties -------------------------------------------------------------------------------------


@st.composite
def pools(draw):
    """One to three pictures with objects in cells, so that none reaches another's bound."""
    seed = draw(st.integers(0, 10**6))
    rng = np.random.default_rng(seed)
    items = []
    for name in range(draw(st.integers(1, 3))):
        cells = rng.permutation(COLUMNS * ROWS)[: draw(st.integers(2, 9))]
        objects = []
        for number, cell in enumerate(cells, start=1):
            width, height = (float(v) for v in rng.uniform(12, (130, 100)))
            x = float(rng.uniform(0, CELL_W - width)) + CELL_W * (cell % COLUMNS)
            y = float(rng.uniform(0, CELL_H - height)) + CELL_H * (cell // COLUMNS)
            level = "ignore" if number > 2 and rng.random() < 0.25 else "must"
            label = str(rng.choice(CLASSES))
            objects.append(truth_box(number, label, (x, y, width, height), level=level))
        items.append(picture(*objects, name=f"p-{name}"))
    return items


@st.composite
def answered(draw):
    """A pool with an answer of any quality: moved, relabelled, flagged and missing boxes."""
    truth = draw(pools())
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    care = draw(st.floats(0, 0.12))
    answers = {}
    for item in truth:
        boxes = []
        for b in perfect([item], CLASSES)[item.item]:
            if rng.random() < 0.2:
                continue
            x, y, w, h = b.bbox
            dx, dy, dw, dh = rng.normal(0, care, 4) * (w, h, w, h)
            bbox = (float(x + dx), float(y + dy), float(max(w + dw, 1)), float(max(h + dh, 1)))
            label = str(rng.choice(CLASSES)) if rng.random() < 0.2 else b.label
            changes = {"bbox": bbox, "label": label, "truncated": bool(rng.random() < 0.1)}
            boxes.append(b.model_copy(update=changes))
        answers[item.item] = boxes
    return truth, answers


def some_box(data, answers):
    return data.draw(st.sampled_from([(i, n) for i, bs in answers.items() for n in range(len(bs))]))


@given(pools(), st.integers(0, 10**6))
def test_a_perfect_answer_to_k_of_n_scores_exactly_its_f1(truth, seed):
    rng = random.Random(seed)
    answers = {
        i: [b for b in bs if rng.random() < 0.6] for i, bs in perfect(truth, CLASSES).items()
    }
    k, n = (
        sum(map(len, answers.values())),
        sum(counts(o, CLASSES) for t in truth for o in t.objects),
    )
    score = score_boxes(truth, answers, classes=CLASSES, attributes=ATTRIBUTES)
    assert score.raw == pytest.approx(2 * k / (k + n))
    if score.blind < 0.15:
        assert score.value == pytest.approx(score.raw)


@given(answered(), st.data())
def test_removing_a_right_box_never_raises_the_score(case, data):
    """Right is a box that earns at least half of a perfect one."""
    from labelschool.scoring.boxes import match_pool

    truth, answers = case
    right = [
        (m.truth.item, m.boxes[b].id)
        for m in match_pool(truth, answers, classes=CLASSES, attributes=ATTRIBUTES)
        for b, credit in m.credits.items()
        if credit.quality >= 0.5
    ]
    if right:
        item, name = data.draw(st.sampled_from(right))
        fewer = {**answers, item: [b for b in answers[item] if b.id != name]}
        assert value(truth, fewer) <= value(truth, answers) + 1e-12


@given(answered(), st.data())
def test_one_more_wrong_thing_never_raises_the_score(case, data):
    """An invented box, a copy, a worse class, a wrong flag, a box in an ignored region."""
    truth, answers = case
    if not any(answers.values()):
        return
    item, n = some_box(data, answers)
    old = answers[item][n]
    obj = next(o for t in truth if t.item == item for o in t.objects if f"b{o.id}" == old.id)
    kind = data.draw(st.sampled_from(["copy", "hedge", "class", "flag", "invented", "ignored"]))
    changed = list(answers[item])
    if kind == "copy":
        changed.append(old.model_copy(update={"id": "copy"}))
    elif kind == "hedge":
        label = data.draw(st.sampled_from(CLASSES))
        changed.append(old.model_copy(update={"id": "hedge", "label": label}))
    elif kind == "class":
        changed[n] = old.model_copy(update={"label": "no such class"})
    elif kind == "flag" and old.occluded == obj.occluded:
        changed[n] = old.model_copy(update={"occluded": 3})
    elif kind == "invented":
        changed.append(box("new", "car", (0.0, 0.0, 640.0, 3.0)))
    elif kind == "ignored":
        ignored = [o for t in truth if t.item == item for o in t.objects if o.level == "ignore"]
        changed += [box(f"i{o.id}", o.label, o.bbox) for o in ignored]
    assert value(truth, {**answers, item: changed}) <= value(truth, answers) + 1e-12


@given(answered(), st.data())
def test_crowd_flags_never_help(case, data):
    truth, answers = case
    flagged = {
        item: [b.model_copy(update={"crowd": data.draw(st.booleans()) or b.crowd}) for b in boxes]
        for item, boxes in answers.items()
    }
    assert value(truth, flagged) <= value(truth, answers) + 1e-12


@given(answered(), st.randoms(use_true_random=False))
def test_order_input_mode_and_time_do_not_matter(case, rng):
    truth, answers = case
    shuffled = {}
    for item in rng.sample(sorted(answers), len(answers)):
        boxes = [
            b.model_copy(update={"mode": rng.choice(["touch", "list"]), "ms": rng.random() * 9000})
            for b in answers[item]
        ]
        shuffled[item] = rng.sample(boxes, len(boxes))
    mixed = rng.sample(truth, len(truth))
    a = score_boxes(truth, answers, classes=CLASSES, attributes=ATTRIBUTES)
    b = score_boxes(mixed, shuffled, classes=CLASSES, attributes=ATTRIBUTES)
    assert (a.value, a.interval, a.items) == (b.value, b.interval, b.items)
    assert a.findings == tuple(f for f in b.findings if f.code != "E16")


@given(answered())
def test_the_score_lies_within_0_and_1_and_is_a_plain_float(case):
    score = score_boxes(*case, classes=CLASSES, attributes=ATTRIBUTES)
    assert type(score.value) is float
    assert 0 <= score.value <= 1
    assert all(0 <= item.value <= 1 for item in score.items)
    low, high = score.interval or (0, 1)
    assert 0 <= low <= high <= 1


@given(answered())
def test_costs_add_up_to_what_was_lost_but_for_slack_too_small_to_name(case):
    score = score_boxes(*case, classes=CLASSES, attributes=ATTRIBUTES)
    if score.blind < 0.15:
        named = sum(finding.cost for finding in score.findings)
        assert named <= 1 - score.value + 1e-9
        assert named >= 1 - score.value - 0.06


@given(pools())
def test_truth_shifted_by_one_pixel_keeps_medium_objects_whole(truth):
    moved, medium = [], {}
    for item in truth:
        objects = [
            o
            for o in item.objects
            if counts(o, CLASSES) and band(o.bbox) is MEDIUM and min(o.bbox[2:]) >= 24
        ]
        moved.append(item.model_copy(update={"objects": tuple(objects)}))
        medium[item.item] = [
            box(f"b{o.id}", o.label, (o.bbox[0] + 1, o.bbox[1], *o.bbox[2:])) for o in objects
        ]
    if any(medium.values()):
        assert value(moved, medium) > 0.95


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_random_boxes_earn_nothing(seed):
    rng = np.random.default_rng(seed)
    truth = street(rng, 5)
    answers = {}
    for item in truth:
        xy, wh = rng.uniform(0, (540, 380), (80, 2)), rng.uniform(8, 100, (80, 2))
        answers[item.item] = [
            box(str(n), "car", tuple(float(v) for v in (*a, *b)))
            for n, (a, b) in enumerate(zip(xy, wh, strict=True))
        ]
    assert value(truth, answers) < 0.10


@settings(max_examples=20)
@given(st.integers(0, 10**6))
def test_no_blind_strategy_reaches_its_limit(seed):
    truth = street(np.random.default_rng(seed), 6)
    grid = [(i * 80.0, j * 80.0, 80.0, 80.0) for i in range(8) for j in range(6)]
    for bboxes in ([], [(0.0, 0.0, 640.0, 480.0)], grid, [(200.0, 200.0, 120.0, 80.0)]):
        for crowd in (False, True):
            boxes = [box(str(n), "car", b, crowd=crowd) for n, b in enumerate(bboxes)]
            assert value(truth, {item.item: boxes for item in truth}) < 0.15


def test_scores_are_finite_for_odd_boxes():
    truth = [picture(truth_box(1, "car", (50, 50, 60, 60)))]
    for bbox in ((-50, -50, 1e6, 1e6), (50, 50, 1e-9, 60), (1e5, 1e5, 1, 1)):
        assert math.isfinite(value(truth, {"p-1": [box("a", "car", bbox)]}))

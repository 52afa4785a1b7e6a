"""The score of a revision: what was asked for and done, and what nobody asked for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import course, datasets
from labelschool.model import Box, TruthBox
from labelschool.quality import annotate_boxes, annotate_revisions
from labelschool.scoring import score_revision

TASK = course.load().task("A1.b")
BEFORE = datasets.task_truth(course.load().task(TASK.start), "counted")
AFTER = datasets.task_truth(TASK, "counted")
LOW, LOW_TOO, NEAR, MIRROR, CROWD, EMPTY = (
    f"street_lite-{number}" for number in ("025", "031", "028", "032", "035", "041")
)


def right(truth):
    """The right boxes under a version, crowd regions included."""
    return {
        item.item: [
            Box(
                id=f"b{o.id}",
                label=o.label,
                bbox=o.bbox,
                occluded=o.occluded,
                truncated=o.truncated,
                crowd=o.crowd,
                mirror=o.mirror,
            )
            for o in item.objects
            if o.crowd or (o.level == "must" and o.label in TASK.classes)
        ]
        for item in truth
    }


START, END = right(BEFORE), right(AFTER)


def score(answer, start=START):
    return score_revision(BEFORE, AFTER, start, answer, classes=TASK.classes)


def changed(boxes, item, **by_id):
    """Boxes of a pool with some of one item changed, or dropped where None."""
    return boxes | {
        item: [
            box.model_copy(update=by_id.get(box.id, {}))
            for box in boxes[item]
            if by_id.get(box.id, {}) is not None
        ]
    }


def told(scored):
    return [(f.code, f.item, f.details["kind"], f.rule) for f in scored.findings]


def test_all_seven_changes_and_nothing_else_are_a_whole_score():
    scored = score(END)
    assert (scored.value, scored.raw, scored.n, scored.findings) == (1, 1, 7, ())
    assert all(item.value == 1 for item in scored.items)


def test_nothing_done_earns_nothing_and_everything_deleted_next_to_it():
    assert score(START).value == 0
    assert [f.code for f in score(START).findings].count("E8") == 2
    assert score({}).value < 0.15
    assert score({item: boxes[:0] for item, boxes in START.items()}).value < 0.15


@pytest.mark.parametrize(
    ("answer", "finding"),
    [
        (changed(END, LOW, b4={"label": "van"}), ("E8", LOW, "revised_class", 1)),
        (changed(END, LOW, b4=None), ("E1", LOW, "revised_class", 1)),
        (changed(END, MIRROR, b7=None), ("E10", MIRROR, "mirror_missing", 10)),
        (changed(END, MIRROR, b7={"mirror": False}), ("E9", MIRROR, "mirror_flag", 10)),
        (changed(END, MIRROR, b7={"label": "van"}), ("E8", MIRROR, "mirror_class", 10)),
        (changed(END, NEAR, b2={"label": "truck"}), ("E8", NEAR, "needless", 1)),
        (changed(END, CROWD, b1=None), ("E1", CROWD, "needless", 14)),
        (changed(END, LOW, b1=None), ("E1", LOW, "needless", None)),
        (END | {EMPTY: [Box(id="x", label="car", bbox=(9, 9, 30, 30))]},
         ("E2", EMPTY, "needless", None)),
        (END | {LOW_TOO: [*END[LOW_TOO],
                          Box(id="x", label="car", bbox=(498, 239, 20, 36), mirror=True)]},
         ("E10", LOW_TOO, "needless", 10)),
        (END | {CROWD: [*END[CROWD], next(b for b in START[CROWD] if b.id == "b9")]},
         ("E10", CROWD, "crowd_boxed", 14)),
    ],
)  # fmt: skip
def test_each_slip_is_found_once_and_costs(answer, finding):
    scored = score(answer)
    assert told(scored) == [finding]
    assert scored.value < 1
    assert sum(f.cost for f in scored.findings) == pytest.approx(1 - scored.value)


def trucks(boxes, lower_than=480):
    """The boxes of a pool with every van below a height, by default every van, as a truck."""
    return {
        item: [
            box.model_copy(update={"label": "truck"})
            if box.label == "van" and box.bbox[3] < lower_than
            else box
            for box in of_item
        ]
        for item, of_item in boxes.items()
    }


def test_each_rule_is_a_third_and_two_do_not_pass():
    low_vans = trucks(START, lower_than=60)
    assert score(low_vans).value == pytest.approx(1 / 3)
    assert score(low_vans | {CROWD: END[CROWD]}).value == pytest.approx(2 / 3)
    assert TASK.pass_mark > 2 / 3


def test_a_rule_that_touches_more_objects_weighs_no_more():
    """Six more low vans in a pool, as a drawn one may hold them."""

    def with_vans(truth, label):
        vans = [
            TruthBox(id=900 + n, label=label, bbox=box, amodal_bbox=box, area=900, level="must")
            for n, box in enumerate((x, 9, 30, 30) for x in range(0, 240, 40))
        ]
        return [
            item.model_copy(update={"objects": (*item.objects, *vans)})
            if item.item == EMPTY
            else item
            for item in truth
        ]

    before, after = with_vans(BEFORE, "van"), with_vans(AFTER, "truck")
    start = right(before)
    scored = score_revision(
        before, after, start, trucks(start, lower_than=60), classes=TASK.classes
    )
    assert scored.n == 13
    assert scored.value == pytest.approx(1 / 3)
    blind = score_revision(before, after, start, trucks(start), classes=TASK.classes)
    assert blind.value < 0.15


def test_the_region_has_to_lie_over_those_who_lost_their_boxes():
    uncovered = changed(END, CROWD, b11=None)
    assert [kind for _, _, kind, _ in told(score(uncovered))] == ["crowd_open"] * 3
    everywhere = changed(END, CROWD, b11={"bbox": (0, 0, 640, 480)})
    assert [kind for _, _, kind, _ in told(score(everywhere))].count("crowd_open") == 3
    without = changed(START, CROWD, b11=None)
    assert score(END, start=without).value == 1


def test_what_the_first_version_missed_or_got_wrong_is_no_fault_here():
    missed = changed(START, LOW, b4=None)
    assert score(changed(END, LOW, b4=None), start=missed).value == 1
    assert score(END, start=missed).n == 7
    assert score(END, start=missed).value == 1
    as_car = changed(START, LOW, b4={"label": "car"})
    assert score(changed(END, LOW, b4={"label": "car"}), start=as_car).value == 1
    already = changed(START, LOW, b4={"label": "truck"})
    assert score(END, start=already).value == 1
    assert score(END, start=already).n == 6


def test_a_truck_drawn_over_the_van_that_stays_is_no_answer():
    van = next(box for box in START[LOW] if box.id == "b4")
    truck = van.model_copy(update={"id": "x", "label": "truck"})
    for boxes in ([*START[LOW], truck], [truck, *START[LOW]]):
        assert [f.details["kind"] for f in score(END | {LOW: boxes}).findings] == ["revised_class"]


def test_a_picture_that_was_never_worked_on_still_asks_for_its_changes():
    assert score({}, start={}).n == 7
    assert score({}, start={}).value == 0


def test_boxes_that_belong_to_nobody_in_the_crowd_may_go():
    stray = Box(id="s", label="person", bbox=(446, 236, 12, 48))
    assert score(END, start=START | {CROWD: [*START[CROWD], stray]}).value == 1


@given(st.integers(0, 2**32 - 1), st.sampled_from((-1, 1)))
@settings(max_examples=10)
def test_ids_order_and_a_pixel_do_not_matter(seed, px):
    rng = np.random.default_rng(seed)
    answer = {}
    for item, boxes in END.items():
        drawn = [
            box.model_copy(update={"id": f"n{n}", "bbox": (box.bbox[0] + px * 0.9, *box.bbox[1:])})
            for n, box in enumerate(boxes)
        ]
        answer[item] = [drawn[n] for n in rng.permutation(len(drawn))]
    assert score(answer).value == 1


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_a_needless_change_never_helps(seed):
    """From any mixture of the two versions, spoiling a box that the difference leaves alone, where
    its rule has anything to lose.
    """
    rng = np.random.default_rng(seed)
    answer = {item: (END if rng.random() < 0.5 else START)[item] for item in START}
    untouched = [
        (item, box.id)
        for item, boxes in answer.items()
        for box in boxes
        if box in START[item] and box in END[item] and not box.crowd
        if item != CROWD or answer[CROWD] is END[CROWD]
    ]
    item, name = untouched[rng.integers(len(untouched))]
    x, y, width, height = next(box.bbox for box in answer[item] if box.id == name)
    spoiled = (None, {"bbox": (x + 4, y, width, height)}, {"label": "vehicle"}, {"unsure": True})
    worse = changed(answer, item, **{name: spoiled[rng.integers(4)]})
    assert score(worse).raw <= score(answer).raw
    if score(answer).raw:
        assert score(worse).raw < score(answer).raw


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_each_change_that_is_done_helps(seed):
    rng = np.random.default_rng(seed)
    half = {item: (END if rng.random() < 0.5 else START)[item] for item in START}
    for item in (LOW, LOW_TOO, MIRROR, CROWD):
        if half[item] is not END[item]:
            assert score(half | {item: END[item]}).raw > score(half).raw


def test_following_the_difference_without_looking_stays_below_the_limit():
    no_crowd = START | {CROWD: [b for b in START[CROWD] if b.label != "person" or b.crowd]}
    flagged = {
        item: [box.model_copy(update={"mirror": True}) for box in boxes]
        for item, boxes in START.items()
    }
    for answer in (trucks(START), no_crowd, trucks(no_crowd), flagged):
        assert score(answer).value < 0.15


def test_no_object_that_changes_is_an_error_of_the_data():
    with pytest.raises(ValueError, match="no change"):
        score_revision(BEFORE, BEFORE, START, END, classes=TASK.classes)


SEEDS = range(12)


def simulated(profile):
    """Values of a profile, from boxes of its own; the start of the others is a trained one."""
    found = []
    for seed in SEEDS:
        own = "expert" if profile == "expert" else "trained"
        made = annotate_boxes(BEFORE, own, 500 + seed, classes=TASK.classes)
        start = {
            item: [box.model_copy(update={"id": f"o{n}"}) for n, box in enumerate(boxes)]
            for item, boxes in made.items()
        }
        end = annotate_revisions(BEFORE, AFTER, start, profile, seed, classes=TASK.classes)
        found.append(score(end, start=start))
    return found


def test_the_simulated_annotators_fall_where_the_pass_mark_wants_them():
    values = {
        profile: np.array([scored.value for scored in simulated(profile)])
        for profile in ("expert", "trained", "loose", "hasty", "spammer", "lazy")
    }
    assert values["expert"].mean() >= 0.92
    assert values["trained"].mean() >= TASK.pass_mark
    for novice in ("loose", "hasty"):
        assert (values[novice] < TASK.pass_mark).mean() >= 0.5
    assert values["spammer"].max() < 0.15
    assert values["lazy"].max() == 0

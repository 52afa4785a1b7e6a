"""Each wrong thing is named once, by its most specific code."""

import json
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from labelschool.model import Box, Decoy, TruthBox, TruthItem
from labelschool.quality.injected import CODES, inject
from labelschool.scoring import TAXONOMY, score_boxes

from .synthetic_streets import ATTRIBUTES, CLASSES, street

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
ERRORS = 10_000
NAMED_RIGHT = 0.97


def truth_box(number, label, bbox, **fields):
    fields.setdefault("amodal_bbox", bbox)
    return TruthBox(id=number, label=label, bbox=bbox, area=bbox[2] * bbox[3] * 0.8, **fields)


CAR = truth_box(1, "car", (100, 200, 80, 60))
BEHIND = truth_box(
    2, "van", (300, 200, 60, 80), amodal_bbox=(300, 200, 110, 80), occlusion=0.45, occluded=2
)
PERSON = truth_box(3, "person", (190, 190, 30, 70))
POSTER = Decoy(kind="poster", rule=9, bbox=(500, 100, 40, 80), label="person")
SCENE = TruthItem(
    item="p-1", image="", width=640, height=480, objects=(CAR, BEHIND, PERSON), decoys=(POSTER,)
)
RIGHT = {
    "car": Box(id="car", label="car", bbox=CAR.bbox),
    "van": Box(id="van", label="van", bbox=BEHIND.bbox, occluded=2),
    "person": Box(id="person", label="person", bbox=PERSON.bbox),
}


def findings(*boxes, **changed):
    """Findings when some of the right boxes are changed (None: left out) and others added."""
    kept = {name: changed.get(name, box) for name, box in RIGHT.items()}
    answer = [box for box in kept.values() if box is not None] + list(boxes)
    score = score_boxes([SCENE], {"p-1": answer}, classes=CLASSES, attributes=ATTRIBUTES)
    return score.findings


def moved(name, bbox, **fields):
    return RIGHT[name].model_copy(update={"bbox": bbox, **fields})


def test_a_right_answer_has_no_findings():
    assert findings() == ()


def test_missed_and_invented():
    (missed,) = findings(car=None)
    assert (missed.code, missed.truth_id, missed.rule) == ("E1", 1, 8)
    (invented,) = findings(Box(id="x", label="bus", bbox=(400, 350, 60, 60)))
    assert (invented.code, invented.annotation_ids) == ("E2", ("x",))


def test_duplicate_merged_split():
    (twice,) = findings(Box(id="x", label="car", bbox=(101, 202, 79, 59)))
    assert (twice.code, twice.truth_id) == ("E3", 1)
    (merged,) = findings(car=moved("car", (100, 190, 120, 70)), person=None)
    assert (merged.code, merged.details["truth_ids"]) == ("E4", (1, 3))
    half = Box(id="x", label="car", bbox=(142, 200, 38, 60))
    (split,) = findings(half, car=moved("car", (100, 200, 40, 60)))
    assert (split.code, split.details["pieces"]) == ("E5", 2)


def test_loose_and_cut_name_sides_and_px():
    (loose,) = findings(car=moved("car", (84, 200, 101, 60)))
    assert (loose.code, loose.details["loose"]) == ("E6", {"left": 16.0, "right": 5.0})
    (cut,) = findings(car=moved("car", (100, 215, 80, 45)))
    assert (cut.code, cut.details["cut"]) == ("E7", {"top": 15.0})


def test_a_box_below_the_bound_is_still_one_finding():
    (loose,) = findings(car=moved("car", (60, 160, 165, 140)))
    assert (loose.code, loose.truth_id, loose.annotation_ids) == ("E6", 1, ("car",))
    (cut,) = findings(car=moved("car", (100, 200, 80, 20)))
    assert (cut.code, cut.details["cut"]) == ("E7", {"bottom": 40.0})


def test_class_and_flags_may_be_wrong_together_with_the_sides():
    wrong = moved("car", (84, 200, 101, 60), label="van", truncated=True)
    assert {f.code for f in findings(car=wrong)} == {"E6", "E8", "E9"}


def test_what_tightness_forgives_is_noted():
    """Full tightness hides neither a guess behind a tree nor a side cut off."""
    (guess,) = findings(van=moved("van", (300, 200, 67, 80)))
    assert (guess.code, guess.rule, guess.note) == ("E10", 4, True)
    assert guess.details["loose"] == {"right": 7.0}
    assert guess.cost < 0.01
    (loose,) = findings(car=moved("car", (94, 200, 86, 60)))
    assert (loose.code, loose.rule, loose.note, loose.cost) == ("E6", 3, True, 0)
    (cut,) = findings(car=moved("car", (104, 200, 76, 60)))
    assert (cut.code, cut.note, cut.cost, cut.details["cut"]) == ("E7", True, 0, {"left": 4.0})
    assert findings(car=moved("car", (97, 198, 83, 62))) == ()


def test_the_full_extent_is_noted_where_little_is_hidden():
    """18 px past a tree on a wide car: IoU 0.85 and more is full tightness."""
    van = truth_box(
        2, "van", (300, 200, 140, 60), amodal_bbox=(300, 200, 158, 60), occlusion=0.1, occluded=1
    )
    scene = SCENE.model_copy(update={"objects": (van,), "decoys": ()})
    answer = [Box(id="van", label="van", bbox=van.amodal_bbox, occluded=1)]
    score = score_boxes([scene], {"p-1": answer}, classes=CLASSES, attributes=ATTRIBUTES)
    (guess,) = score.findings
    assert (guess.code, guess.rule, guess.note) == ("E10", 4, True)
    assert guess.details["loose"] == {"right": 18.0}
    assert score.value == pytest.approx(1)
    assert score.counts() == {}


def test_the_limit_of_a_note_grows_with_the_object():
    bus = truth_box(2, "bus", (100, 100, 400, 200))
    scene = SCENE.model_copy(update={"objects": (bus,), "decoys": ()})

    def noted(bbox):
        answer = [Box(id="bus", label="bus", bbox=bbox)]
        found = score_boxes([scene], {"p-1": answer}, classes=CLASSES).findings
        return [f.details["loose"] for f in found if f.note]

    assert noted((93, 97, 407, 203)) == []
    assert noted((91, 95, 409, 205)) == [{"left": 9.0, "top": 5.0}]


def test_notes_come_last_and_make_nobody_too_fast():
    found = findings(car=None, van=moved("van", (300, 200, 67, 80)))
    assert [(f.code, f.note) for f in found] == [("E1", False), ("E10", True)]
    slow = {name: box.model_copy(update={"ms": 9000}) for name, box in RIGHT.items()}
    slow["van"] = moved("van", (300, 200, 67, 80), ms=400)
    more = [Box(id=f"x{n}", label="bus", bbox=(9, 9 + 90 * n, 50, 50), ms=9000) for n in range(2)]
    assert "E16" not in {f.code for f in findings(*more, **slow)}


def test_rules_decide_posters_hidden_parts_and_crowds():
    (poster,) = findings(Box(id="x", label="person", bbox=(501, 98, 40, 83)))
    assert (poster.code, poster.rule, poster.details["kind"]) == ("E10", 9, "poster")
    (extent,) = findings(van=moved("van", (300, 200, 108, 81)))
    assert (extent.code, extent.rule) == ("E10", 4)
    assert extent.details["loose"] == {"right": 48.0}
    (crowd,) = findings(car=moved("car", CAR.bbox, crowd=True))
    assert (crowd.code, crowd.rule) == ("E10", 14)
    (region,) = findings(car=moved("car", (100, 190, 120, 70), crowd=True), person=None)
    assert (region.code, region.rule) == ("E10", 14)


def test_a_car_boxed_with_its_trailer_breaks_rule_12():
    trailer = truth_box(4, "trailer", (182, 210, 70, 50), level="ignore")
    scene = SCENE.model_copy(update={"objects": (CAR, trailer), "decoys": ()})
    answer = [moved("car", (100, 200, 152, 60))]
    score = score_boxes([scene], {"p-1": answer}, classes=CLASSES)
    assert [(f.code, f.rule) for f in score.findings] == [("E4", 12)]


def test_two_classes_for_one_object_count_as_neither():
    (twice,) = findings(RIGHT["car"].model_copy(update={"id": "x", "label": "van"}))
    assert twice.code == "E3"
    alone = findings(RIGHT["car"].model_copy(update={"id": "x"}))[0]
    assert twice.cost == pytest.approx(alone.cost + 0.25 / 3.5)


def test_too_fast_is_named_beside_the_error_and_costs_nothing():
    slow = {name: box.model_copy(update={"ms": 9000}) for name, box in RIGHT.items()}
    slow["car"] = moved("car", (84, 200, 101, 60), ms=400)
    more = [Box(id=f"x{n}", label="bus", bbox=(9, 9 + 90 * n, 50, 50), ms=9000) for n in range(2)]
    found = [f for f in findings(*more, **slow) if f.code == "E16"]
    assert [(f.annotation_ids, f.cost) for f in found] == [(("car",), 0.0)]
    right_but_fast = {**slow, "car": RIGHT["car"].model_copy(update={"ms": 400})}
    assert "E16" not in {f.code for f in findings(*more, **right_but_fast)}


def test_the_worst_comes_first():
    costs = [f.cost for f in findings(car=None, person=moved("person", (188, 188, 35, 74)))]
    assert costs == sorted(costs, reverse=True)


def test_the_taxonomy_is_complete():
    assert list(TAXONOMY) == [f"E{number}" for number in range(1, 18)]


def test_ten_thousand_injected_errors_are_named_right():
    rng = np.random.default_rng(20)
    pools = [street(rng, 20) for _ in range(12)]
    confusion, surplus = confuse(pools, CLASSES, rng, ERRORS)
    report = printed(confusion, surplus)
    assert macro(confusion) >= NAMED_RIGHT, report
    assert sum(surplus.values()) <= 0.01 * ERRORS, report


@pytest.mark.parametrize("name", ["starter10", "street_lite"])
def test_errors_injected_into_the_rendered_sets_are_named_right(name):
    files = sorted((DATASETS / name / "truth").glob("*.json"))
    if not files:
        pytest.skip(f"datasets/{name} has no truth here")
    items = [item for f in files for item in json.loads(f.read_text(encoding="utf-8"))["items"]]
    pool = [TruthItem.model_validate(item) for item in items]
    classes = (*CLASSES, "trailer") if name == "street_lite" else CLASSES
    confusion, surplus = confuse([pool], classes, np.random.default_rng(21), 1500)
    assert macro(confusion) >= NAMED_RIGHT, printed(confusion, surplus)


def confuse(pools, classes, rng, errors):
    """What injected errors were called: code -> counts of names; and findings nobody injected."""
    confusion, surplus, done = defaultdict(Counter), Counter(), 0
    for _ in range(20 * errors):
        if done >= errors:
            break
        pool = pools[done % len(pools)]
        codes = [str(code) for code in rng.permutation(CODES * 4)]
        answers, injections = inject(pool, rng, codes, classes)
        done += len(injections)
        score = score_boxes(pool, answers, classes=classes, attributes=ATTRIBUTES)
        named = [f for f in score.findings if not f.note]
        explained = set()
        for injection in injections:
            about = [f for f in named if touches(f, injection)]
            confusion[injection.code]["+".join(sorted({f.code for f in about})) or "none"] += 1
            explained.update(id(f) for f in about)
        surplus.update(f.code for f in named if id(f) not in explained)
    return confusion, surplus


def touches(finding, injection):
    ids = {finding.truth_id, *finding.details.get("truth_ids", ())} & set(injection.truth_ids)
    boxes = set(finding.annotation_ids) & set(injection.box_ids)
    return finding.item == injection.item and bool(ids or boxes)


def macro(confusion):
    """Mean over the codes of the share named by exactly the injected code."""
    return np.mean([confusion[code][code] / sum(confusion[code].values()) for code in confusion])


def printed(confusion, surplus):
    rows = [f"{code:<4} {dict(confusion[code].most_common())}" for code in CODES]
    return "\n".join([f"macro {macro(confusion):.4f}", *rows, f"not injected {dict(surplus)}"])

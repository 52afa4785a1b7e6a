"""Simulated annotators of boxes and tags are as good and as bad as they are meant to be."""

import numpy as np
import pytest

from labelschool import course, datasets
from labelschool.model import iou
from labelschool.quality import BOX_PROFILES, TAG_PROFILES, annotate_boxes, annotate_tags
from labelschool.quality.injected import counts
from labelschool.scoring import score_boxes, score_tags
from labelschool.scoring.score import rescale

from . import truths
from .synthetic_streets import CLASSES, street

SEEDS = range(20)


def graded(task, pool):
    """The truth of an exercise, or a skip that says why."""
    if not datasets.has_truth(task.dataset, pool):
        pytest.skip(f"datasets/{task.dataset} has no {pool} truth here")
    return datasets.task_truth(task, pool)


def chosen(answers):
    """Item -> its one choice."""
    return {item: choice for item, (choice,) in answers.items()}


def scores(task, truth, profile):
    """Scores of one profile over all seeds."""
    kind = {"classes": task.classes}
    if task.widget == "tag":
        answers = [annotate_tags(truth, profile, seed, **kind) for seed in SEEDS]
        return [score_tags(truth, chosen(given), **kind) for given in answers]
    answers = [
        annotate_boxes(truth, profile, seed, attributes=task.attributes, **kind) for seed in SEEDS
    ]
    return [score_boxes(truth, a, attributes=task.attributes, **kind) for a in answers]


def values(task, truth, profile):
    return np.array([score.value for score in scores(task, truth, profile)])


def passed(task, truth, profile):
    """The share of one profile that passes; of boxes that asks for recall too."""
    found = scores(task, truth, profile)
    return np.mean([score.passes(rescale(task.pass_mark, score.blind)) for score in found])


@pytest.fixture(scope="module")
def streets():
    return street(np.random.default_rng(11), 30)


@pytest.mark.parametrize(
    ("task_id", "pool"), [("1.A", "practice"), ("1.A", "counted"), ("A1.a", "counted")]
)
def test_acceptance_of_the_box_exercises(task_id, pool):
    task = course.load().task(task_id)
    accepted(task, graded(task, pool))


def test_acceptance_of_the_tag_exercise():
    task = course.load().task("1.B")
    accepted(task, graded(task, "practice"))


def accepted(task, truth):
    """Syllabus 2.5: expert, trained, novices and spammer on the right side of their bars."""
    assert values(task, truth, "expert").mean() >= 0.92
    assert values(task, truth, "trained").mean() >= task.pass_mark
    assert passed(task, truth, "trained") >= 0.9
    for novice in ("loose", "hasty"):
        assert passed(task, truth, novice) <= 0.5, novice
    assert values(task, truth, "spammer").max() < 0.15


def test_trained_annotators_agree_as_published_figures_suggest(streets):
    """Mean IoU of two trained annotators on objects of at least 32^2 px: .85 to .91."""
    overlaps = []
    for seed in range(20):
        first, second = (
            boxes_by_object(annotate_boxes(streets, "trained", s, classes=CLASSES))
            for s in (seed, 1000 + seed)
        )
        overlaps += [
            iou(first[key], second[key])
            for key, obj in graded_objects(streets).items()
            if obj.area >= 32**2 and key in first and key in second
        ]
    assert 0.85 <= np.mean(overlaps) <= 0.91


def test_smaller_objects_are_missed_more_often(streets):
    sides = {key: obj.area**0.5 for key, obj in graded_objects(streets).items()}
    missed = dict.fromkeys(sides, 0)
    for seed in range(60):
        found = boxes_by_object(annotate_boxes(streets, "hasty", seed, classes=CLASSES))
        for key in sides:
            missed[key] += key not in found
    bins = [(0, 24), (24, 48), (48, 96), (96, 640)]
    rates = [np.mean([missed[k] / 60 for k in sides if a <= sides[k] < b]) for a, b in bins]
    assert rates == sorted(rates, reverse=True)


def test_edge_errors_have_heavy_tails(streets):
    errors = []
    for seed in range(40):
        drawn = boxes_by_object(annotate_boxes(streets, "trained", seed, classes=CLASSES))
        for key, obj in graded_objects(streets).items():
            if key in drawn and obj.occlusion < 0.1 and obj.truncation == 0:
                errors.append((drawn[key][0] - obj.bbox[0]) / np.hypot(0.013 * obj.bbox[2], 0.9))
    errors = np.array(errors) - np.mean(errors)
    assert np.mean(errors**4) / np.mean(errors**2) ** 2 > 4


def test_each_kind_has_its_own_weakness(streets):
    def counted(profile):
        answer = annotate_boxes(streets, profile, 5, classes=CLASSES)
        score = score_boxes(streets, answer, classes=CLASSES, attributes=("occluded",))
        return {code: score.counts().get(code, 0) for code in ("E1", "E6", "E8")}

    found = {profile: counted(profile) for profile in BOX_PROFILES}
    trained = found["trained"]
    assert found["loose"]["E6"] > 3 * trained["E6"]
    assert found["hasty"]["E1"] > trained["E1"]
    assert found["confuser"]["E8"] > 3 * trained["E8"]


def test_inventing_a_box_takes_as_long_as_drawing_one(streets):
    invented, drawn = [], []
    for seed in SEEDS:
        for boxes in annotate_boxes(streets, "hasty", seed, classes=CLASSES).values():
            for box in boxes:
                (invented if box.id.endswith("-3") else drawn).append(box.ms)
    assert len(invented) > 50
    assert min(invented) > 0
    assert 0.8 < np.median(invented) / np.median(drawn) < 1.25


def test_a_drifting_annotator_ends_worse_than_it_began(streets):
    def halves(seed):
        answer = annotate_boxes(streets, "drifting", seed, classes=CLASSES)
        ends = (streets[:10], streets[-10:])
        return [score_boxes(end, answer, classes=CLASSES).value for end in ends]

    first, last = np.mean([halves(seed) for seed in range(8)], axis=0)
    assert first > last + 0.1


def test_collusive_annotators_share_the_errors_of_their_leader(streets):
    a, b = (
        annotate_boxes(streets, "collusive", seed, classes=CLASSES, attributes=("occluded",))
        for seed in (1, 2)
    )
    said = [[(x.label, x.occluded) for boxes in c.values() for x in boxes] for c in (a, b)]
    assert said[0] == said[1]
    assert a != b


def test_a_lazy_annotator_leaves_small_objects_and_flags(streets):
    drawn = annotate_boxes(streets, "lazy", 3, classes=CLASSES)
    assert all(len(boxes) <= 3 for boxes in drawn.values())
    assert not any(box.occluded or box.truncated for boxes in drawn.values() for box in boxes)


def test_what_is_called_unsure_is_ambiguous_or_unusable():
    truth = truths.tags(0, 120)
    doubts = {profile: dict.fromkeys((0, 1, 2), 0) for profile in TAG_PROFILES}
    for profile in TAG_PROFILES:
        for seed in range(20):
            answer = chosen(annotate_tags(truth, profile, seed, classes=CLASSES))
            for item in truth:
                doubts[profile][len(item.labels)] += answer[item.item].unsure
    count = {n: 20 * sum(len(item.labels) == n for item in truth) for n in (0, 1, 2)}
    share = {p: {n: found[n] / count[n] for n in found} for p, found in doubts.items()}
    assert share["expert"][0] > 0.9 > 0.3 > share["expert"][2] > share["expert"][1]
    assert share["loose"][1] > 5 * share["trained"][1]
    assert share["hasty"][0] < 0.6


def test_tags_of_texts_answer_their_question():
    intents = ("refund", "delivery", "bug", "access")
    truth = truths.intents(1, intents)
    right = {}
    for profile in ("expert", "trained", "hasty", "confuser", "spammer"):
        answers = annotate_tags(truth, profile, 4, classes=intents, question="intent")
        assert {choice.question for choice in chosen(answers).values()} == {"intent"}
        right[profile] = np.mean(
            [set(answers[i.item][0].labels) & set(i.choices["intent"]) != set() for i in truth]
        )
    assert right["expert"] > 0.9
    assert right["trained"] > right["hasty"] > right["spammer"]
    assert right["trained"] > right["confuser"]


def test_tag_profiles_are_ranked_as_named():
    truth = truths.tags(0)
    mean = {
        profile: np.mean(
            [
                score_tags(
                    truth,
                    chosen(annotate_tags(truth, profile, s, classes=CLASSES)),
                    classes=CLASSES,
                ).value
                for s in range(6)
            ]
        )
        for profile in (*TAG_PROFILES, "spammer", "lazy")
    }
    assert mean["expert"] >= 0.92
    assert mean["expert"] > mean["trained"] > max(mean["loose"], mean["hasty"])
    assert min(mean["loose"], mean["hasty"], mean["lazy"]) > mean["spammer"]
    assert mean["spammer"] < 0.15


def boxes_by_object(answer):
    """(item, object id) -> bbox of its first box."""
    return {
        (item, int(box.id[1:])): box.bbox
        for item, boxes in answer.items()
        for box in boxes
        if box.id.startswith("b") and box.id[1:].isdigit()
    }


def graded_objects(items):
    return {
        (item.item, obj.id): obj for item in items for obj in item.objects if counts(obj, CLASSES)
    }

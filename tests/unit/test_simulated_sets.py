"""Simulated annotators on the sets that ship: ranked as named, and as unanimous as published."""

from functools import partial

import numpy as np
import pytest

from labelschool import datasets
from labelschool.quality import simulated as sim
from labelschool.quality.simulated.readings import NODULE

from . import plain_metrics

SEEDS = range(6)
SETS = {
    "parts16": "masks",
    "figures12": "keypoints",
    "clip_lite": "tracks",
    "lidar_lite": "cuboids",
    "lung_lite": "readings",
    "news_ner": "spans",
    "pii50": "spans",
    "factcheck20": "spans",
    "drafts18": "spans",
    "pairs": "preferences",
    "messages20": "preferences",
    "proposals40": "reviews",
    "street_batches": "reviews",
}


def shipped(name):
    """Truth and items of all pools, or a skip that says what is not there."""
    if name not in datasets.names():
        pytest.skip(f"datasets/{name} is not there")
    pools = [pool for pool in datasets.pools(name) if datasets.has_truth(name, pool)]
    if not pools:
        pytest.skip(f"datasets/{name} has no truth here")
    truth = [entry for pool in pools for entry in datasets.truth(name, pool)]
    return truth, [item for pool in pools for item in datasets.items(name, pool)]


def labels_of(truth, field):
    return sorted({thing.label for item in truth for thing in getattr(item, field)})


def annotator(modality, truth, items):
    annotate = getattr(sim, f"annotate_{modality}")
    if modality in ("masks", "tracks", "cuboids"):
        field = {"masks": "objects"}.get(modality, modality)
        return partial(annotate, truth, classes=labels_of(truth, field))
    if modality == "spans":
        return partial(annotate, truth, items=items, labels=labels_of(truth, "spans"))
    return partial(annotate, truth)


@pytest.mark.parametrize("name", SETS)
def test_profiles_are_ranked_as_named(name):
    truth, items = shipped(name)
    modality = SETS[name]
    annotate = annotator(modality, truth, items)
    metric = getattr(plain_metrics, modality)
    mean = {
        profile: np.mean([metric(truth, annotate(profile, seed)) for seed in SEEDS])
        for profile in ("expert", "trained", "loose", "hasty", "spammer")
    }
    assert mean["expert"] > mean["trained"] > max(mean["loose"], mean["hasty"])
    assert min(mean["loose"], mean["hasty"]) > mean["spammer"]


def test_a_third_of_the_nodules_of_lung_lite_is_unanimous():
    """As read by the committed readers: of those any of four marks, all four mark .28 to .40."""
    truth, _ = shipped("lung_lite")
    votes = np.array(
        [
            sum(
                any(
                    mark.label == NODULE
                    and np.hypot(*np.subtract(mark.center, lesion.center)) * item.spacing
                    <= lesion.long_axis
                    for mark in marks
                )
                for marks in item.readers.values()
            )
            for item in truth
            for lesion in item.lesions
            if lesion.label == NODULE
        ]
    )
    assert 0.28 <= (votes == 4).sum() / (votes > 0).sum() <= 0.40


def test_two_trained_people_agree_on_the_pairs_as_often_as_published():
    """From 63 % (Bai et al. 2022) to 77 % (Ouyang et al. 2022)."""
    truth, _ = shipped("pairs")
    agreed = [
        plain_metrics.side(first[item][0].step) == plain_metrics.side(second[item][0].step)
        for seed in range(20)
        for first in (sim.annotate_preferences(truth, "trained", seed),)
        for second in (sim.annotate_preferences(truth, "trained", 50 + seed),)
        for item in first
    ]
    assert 0.63 <= np.mean(agreed) <= 0.77


@pytest.mark.parametrize(
    ("name", "question"),
    [("tickets", "intent"), ("tickets", "sentiment"), ("tickets", "pii")],
)
def test_answers_to_questions_of_texts_are_ranked_as_named(name, question):
    truth, _ = shipped(name)
    classes = sorted({value for item in truth for value in item.choices[question]})

    def right(profile):
        return np.mean(
            [
                not set(choice.labels).isdisjoint(item.choices[question])
                for seed in SEEDS
                for answers in (
                    sim.annotate_tags(truth, profile, seed, classes=classes, question=question),
                )
                for item in truth
                for choice in answers[item.item]
            ]
        )

    mean = {p: right(p) for p in ("expert", "trained", "loose", "hasty", "spammer")}
    assert mean["expert"] > mean["trained"] > max(mean["loose"], mean["hasty"])
    assert min(mean["loose"], mean["hasty"]) > mean["spammer"]


@pytest.mark.parametrize(("name", "question"), [("tickets", "priority"), ("search_rel", "grade")])
def test_grades_of_texts_are_ranked_as_named(name, question):
    truth, _ = shipped(name)
    levels = sorted({value for item in truth for value in item.choices[question]})
    right = [levels.index(item.choices[question][0]) for item in truth]

    def kappa(profile, seed):
        answers = sim.annotate_ordinals(truth, profile, seed, levels=levels, question=question)
        said = [levels.index(answers[item.item][0].labels[0]) for item in truth]
        return plain_metrics.weighted_kappa(right, said)

    mean = {
        profile: np.mean([kappa(profile, seed) for seed in SEEDS])
        for profile in ("expert", "trained", "loose", "hasty", "spammer")
    }
    assert mean["expert"] > mean["trained"] > max(mean["loose"], mean["hasty"])
    assert min(mean["loose"], mean["hasty"]) > mean["spammer"]

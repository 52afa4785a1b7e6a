"""What holds of the simulated annotators of every modality, on truths made from a seed."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from labelschool.model import ItemAnswer
from labelschool.quality import simulated as sim

from . import plain_metrics, truths
from .synthetic_streets import CLASSES, street

SEEDS = range(20)


@dataclass(frozen=True)
class Modality:
    """A pool, who annotates it and how good that is (0 to 1)."""

    truth: list
    annotate: callable
    metric: callable

    def quality(self, profile, seed, part=slice(None)):
        answers = self.annotate(self.truth, profile, seed)
        return self.metric(self.truth[part], answers)


def street_boxes():
    """Streets with nothing but what counts, since the plain metric knows no ignored objects."""
    pool = street(np.random.default_rng(11), 12)
    counted = [
        tuple(o for o in item.objects if o.level == "must" and o.label in CLASSES) for item in pool
    ]
    return [
        item.model_copy(update={"objects": objects})
        for item, objects in zip(pool, counted, strict=True)
    ]


TEXTS, ITEMS = truths.texts(3)
MODALITIES = {
    "boxes": (street_boxes(), partial(sim.annotate_boxes, classes=CLASSES)),
    "masks": (truths.masks(3, 6), partial(sim.annotate_masks, classes=truths.PARTS)),
    "keypoints": (truths.figures(3), sim.annotate_keypoints),
    "tracks": (truths.clips(3, 4), partial(sim.annotate_tracks, classes=truths.STREET)),
    "cuboids": (truths.sweeps(3, 6), partial(sim.annotate_cuboids, classes=truths.STREET)),
    "readings": (truths.slices(3, 16), sim.annotate_readings),
    "tags": (truths.tags(3), partial(sim.annotate_tags, classes=truths.STREET)),
    "ordinals": (
        truths.graded(3),
        partial(sim.annotate_ordinals, levels=truths.GRADES, question="relevance"),
    ),
    "spans": (TEXTS, partial(sim.annotate_spans, items=ITEMS, labels=truths.ENTITIES)),
    "preferences": (truths.pairs(3), sim.annotate_preferences),
    "reviews": (truths.batches(3), sim.annotate_reviews),
}
MODALITIES = {
    name: Modality(truth, annotate, getattr(plain_metrics, name))
    for name, (truth, annotate) in MODALITIES.items()
}


@pytest.fixture(params=MODALITIES)
def modality(request):
    return MODALITIES[request.param]


def test_profiles_are_ranked_as_named(modality):
    mean = {
        profile: np.mean([modality.quality(profile, seed) for seed in SEEDS])
        for profile in ("expert", "trained", "loose", "hasty", "spammer")
    }
    assert mean["expert"] > mean["trained"] + 0.02
    assert mean["trained"] > max(mean["loose"], mean["hasty"]) + 0.05
    assert min(mean["loose"], mean["hasty"]) > mean["spammer"] + 0.05


def test_a_confuser_is_worse_than_trained_and_better_than_a_spammer(modality):
    mean = {
        profile: np.mean([modality.quality(profile, seed) for seed in range(10)])
        for profile in ("trained", "confuser", "spammer")
    }
    assert mean["trained"] - 0.05 > mean["confuser"] > mean["spammer"]


def test_a_drifting_annotator_ends_worse_than_it_began(modality):
    half = len(modality.truth) // 2
    parts = slice(None, half), slice(-half, None)

    def fall(profile):
        first, last = np.mean(
            [[modality.quality(profile, seed, part) for part in parts] for seed in range(12)],
            axis=0,
        )
        return first - last

    assert fall("drifting") > fall("trained") + 0.03


def test_collusive_annotators_share_the_errors_of_their_leader(modality):
    first, second = (
        modality.annotate(modality.truth, "collusive", seed).items() for seed in (1, 2)
    )
    assert essence(first) == essence(second)
    assert first != second
    leader = modality.annotate(modality.truth, "trained", sim.people.LEADER_SEED).items()
    assert essence(first) == essence(leader)


@pytest.mark.parametrize("profile", sim.PROFILES)
def test_answers_are_what_a_learner_would_have_saved(modality, profile):
    answers = modality.annotate(modality.truth, profile, 9)
    assert list(answers) == [item.item for item in modality.truth]
    for item, made in answers.items():
        saved = ItemAnswer(item=item, annotations=made).model_dump_json()
        assert ItemAnswer.model_validate_json(saved).annotations == made
        assert len({a.id for a in made}) == len(made)
        assert all(a.ms > 0 for a in made)


@pytest.mark.parametrize("profile", sim.PROFILES)
def test_the_seed_decides(modality, profile):
    first = modality.annotate(modality.truth, profile, 9)
    assert first == modality.annotate(modality.truth, profile, 9)
    assert first != modality.annotate(modality.truth, profile, 8)


def test_speed_tells_the_careless(modality):
    def median(profile):
        answers = modality.annotate(modality.truth, profile, 0)
        return np.median([a.ms for made in answers.values() for a in made])

    assert median("hasty") < 0.7 * median("trained")
    assert median("spammer") < median("hasty")


def test_an_unknown_profile_is_an_error(modality):
    with pytest.raises(KeyError):
        modality.annotate(modality.truth, "typical", 0)


def test_an_empty_pool_has_no_answers(modality):
    assert all(modality.annotate([], profile, 0) == {} for profile in sim.PROFILES)


def essence(answers):
    """What copies have in common: everything but exact places and times."""
    exact = {"ms", "bbox", "center", "outline", "keyframes", "points"}
    return [(item, [a.model_dump(exclude=exact) for a in made]) for item, made in answers]

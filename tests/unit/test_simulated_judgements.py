"""The weaknesses of simulated annotators of grades, spans, preferences and reviews."""

import numpy as np
import pytest

from labelschool.model import Box, Item, TextTruth, TruthSpan
from labelschool.quality import simulated as sim

from . import truths
from .plain_metrics import side, weighted_kappa

# Ordinals ---------------------------------------------------------------------------------------

CARDS = truths.graded(5, 300)


def places(profile, seed, pool=CARDS):
    answers = sim.annotate_ordinals(pool, profile, seed, levels=truths.GRADES, question="relevance")
    return np.array([int(answers[card.item][0].labels[0]) for card in pool])


RIGHT = np.array([int(card.choices["relevance"][0]) for card in CARDS])


def test_kappas_of_grades_lie_in_their_bands():
    kappa = {
        profile: np.mean([weighted_kappa(RIGHT, places(profile, seed)) for seed in range(20)])
        for profile in ("expert", "trained", "hasty", "spammer")
    }
    assert kappa["expert"] >= 0.92
    assert 0.80 <= kappa["trained"] <= 0.90
    assert 0.35 <= kappa["hasty"] <= 0.60
    assert abs(kappa["spammer"]) < 0.1


def test_two_trained_raters_agree_as_people_do():
    """HelpSteer2: 0.706 for helpfulness after filtering (Wang et al. 2024)."""
    pairs = [
        weighted_kappa(places("trained", seed), places("trained", 100 + seed)) for seed in range(20)
    ]
    assert 0.65 <= np.mean(pairs) <= 0.78


def test_the_loose_grade_too_high_and_the_confuser_falls_for_traps():
    lean = {p: (places(p, 1) - RIGHT)[RIGHT < 3].mean() for p in ("trained", "loose")}
    assert lean["loose"] > lean["trained"] + 0.5
    trap = np.array([bool(card.edge_cases) for card in CARDS])
    wrong = np.abs(places("confuser", 1) - RIGHT) >= 2
    assert wrong[trap].mean() > 0.5 > 0.1 > wrong[~trap].mean()


def test_a_grade_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="not in tuple"):
        sim.annotate_ordinals(CARDS, "expert", 0, levels=("low", "high"), question="relevance")


# Spans ------------------------------------------------------------------------------------------

TEXTS, ITEMS = truths.texts(4, 40)
TEXT = {item.name: item.text for item in ITEMS}


def marked(profile, seed):
    """Pairs (drawn, true) of all spans found."""
    answers = sim.annotate_spans(TEXTS, profile, seed, items=ITEMS, labels=truths.ENTITIES)
    return [
        (span, item.spans[int(span.id[1:])])
        for item in TEXTS
        for span in answers[item.item]
        if span.id.startswith("s")
    ]


def test_loose_spans_are_too_wide_by_whole_words():
    wider = {
        profile: np.mean([a.end - a.start > t.end - t.start for a, t in marked(profile, 2)])
        for profile in ("expert", "trained", "loose")
    }
    assert wider["expert"] < 0.05
    assert wider["trained"] < 0.12
    assert wider["loose"] > 0.25


@pytest.mark.parametrize("profile", sim.PROFILES)
def test_spans_lie_in_their_text_and_hold_words(profile):
    answers = sim.annotate_spans(TEXTS, profile, 3, items=ITEMS, labels=truths.ENTITIES)
    for item, spans in answers.items():
        for span in spans:
            words = TEXT[item][span.start : span.end]
            assert span.end <= len(TEXT[item])
            assert words == words.strip() != ""


def test_a_confuser_labels_metonymy_by_the_words():
    metonymy = [a.label for a, t in marked("confuser", 1) if "metonymy" in t.edge_cases]
    assert np.mean([label != "ORG" for label in metonymy]) > 0.7
    plain = [a.label != t.label for a, t in marked("confuser", 1) if t.label == "PER"]
    assert np.mean(plain) < 0.4
    trained = [a.label != t.label for a, t in marked("trained", 1)]
    assert np.mean(trained) < 0.1


def test_spans_of_a_card_name_their_field_and_severity():
    card = Item(name="draft-1", fields={"source": "Der Zug fährt.", "draft": "The train drive."})
    span = TruthSpan(
        start=10, end=15, label="fluency", text="drive", field="draft", severity="major"
    )
    truth = TextTruth(item="draft-1", spans=(span,))
    for profile in ("expert", "lazy", "spammer", "collusive"):
        answers = sim.annotate_spans([truth], profile, 1, items=[card], labels=("fluency",))
        assert all(made.field in card.fields for made in answers["draft-1"])
    (made,) = sim.annotate_spans([truth], "expert", 1, items=[card], labels=("fluency",))["draft-1"]
    assert (made.start, made.end, made.severity) == (10, 15, "major")


def test_matters_of_taste_are_marked_by_those_who_confuse_them_with_errors():
    words = "utilise"
    pool = [Item(name=f"draft-{n}", text=f"We {words} it.") for n in range(60)]
    taste = TruthSpan(start=3, end=10, label="style", text=words, severity="neutral")
    truth = [TextTruth(item=item.name, spans=(taste,)) for item in pool]

    def marked(profile):
        answers = sim.annotate_spans(truth, profile, 1, items=pool, labels=("style",))
        return [made for spans in answers.values() for made in spans if made.id != "x0"]

    assert len(marked("expert")) < 10 < 40 < len(marked("confuser"))
    assert {made.severity for made in marked("confuser")} <= {"minor", "major"}


# Preferences ------------------------------------------------------------------------------------

POOLS = [truths.pairs(seed, 48) for seed in range(6)]


def sides(pool, profile, seed):
    answers = sim.annotate_preferences(pool, profile, seed)
    return {item: side(made.step) for item, (made,) in answers.items()}


def agreement(first, second):
    """Share of pairs on which two people take the same side."""
    return np.mean(
        [
            a == b
            for pool in POOLS
            for seed in range(5)
            for a, b in zip(
                sides(pool, first, seed).values(),
                sides(pool, second, 50 + seed).values(),
                strict=True,
            )
        ]
    )


def test_two_trained_people_prefer_the_same_as_often_as_published():
    """From 63 % (Bai et al. 2022) to 77 % (Ouyang et al. 2022)."""
    assert 0.63 <= agreement("trained", "trained") <= 0.77
    assert agreement("expert", "expert") > 0.8
    assert agreement("hasty", "hasty") < 0.6


def taken(profile, seeds=range(4)):
    """Pairs (pair, sides of the whole pool) over all pools and seeds."""
    for pool in POOLS:
        for seed in seeds:
            found = sides(pool, profile, seed)
            yield from ((item, found) for item in pool)


def test_swapped_controls_show_who_is_consistent():
    def consistent(profile):
        return np.mean(
            [f[i.item] == -f[i.control_of] for i, f in taken(profile, range(8)) if i.control_of]
        )

    assert consistent("expert") > 0.95
    assert 0.80 < consistent("trained") < consistent("expert")
    assert consistent("hasty") < 0.75
    assert consistent("lazy") == 0


def test_the_hasty_lean_to_what_they_read_first_and_the_loose_to_ties():
    said = {p: [f[i.item] for i, f in taken(p)] for p in ("trained", "loose", "hasty", "lazy")}
    lean = {profile: -np.mean(values) for profile, values in said.items()}
    ties = {profile: np.mean(np.equal(values, 0)) for profile, values in said.items()}
    assert lean["hasty"] > lean["trained"] + 0.15
    assert lean["lazy"] == 1
    assert ties["loose"] > 1.5 * ties["trained"]


def test_a_confuser_falls_for_traps():
    def fooled(profile):
        return np.mean(
            [
                side(np.mean([judged.step for judged in item.panel])) == -found[item.item]
                for item, found in taken(profile)
                if "length_trap" in item.edge_cases
            ]
        )

    assert fooled("confuser") > 0.4 > 0.2 > fooled("trained")


def test_criteria_are_judged_too():
    answers = sim.annotate_preferences(POOLS[0], "trained", 0)
    assert all(set(made.criteria) == {"correctness"} for (made,) in answers.values())


# Reviews ----------------------------------------------------------------------------------------

BATCHES = truths.batches(5, 30)
VERDICTS = [(batch.item, true) for batch in BATCHES for true in batch.verdicts]


def reviewed(profile, seed=0):
    """Pairs (verdict or None, true verdict)."""
    answers = sim.annotate_reviews(BATCHES, profile, seed)
    said = {(item, v.target): v for item, verdicts in answers.items() for v in verdicts}
    return [(said.get((item, true.target)), true) for item, true in VERDICTS]


def test_a_rubber_stamp_accepts_everything():
    assert {v.decision for v, true in reviewed("lazy") if true.target} == {"accept"}
    assert all(v is None for v, true in reviewed("lazy") if true.target is None)


def test_the_loose_are_lenient_and_nobody_else_is():
    def let_through(profile):
        pairs = reviewed(profile)
        return np.mean([v.decision == "accept" for v, true in pairs if true.target and true.code])

    assert let_through("loose") > 0.25
    assert let_through("trained") < 0.1
    assert let_through("expert") < 0.03


def test_ugly_labels_that_are_right_are_objected_to_more_often():
    def objected(borderline):
        return np.mean(
            [
                v.decision != "accept"
                for seed in range(15)
                for v, true in reviewed("trained", seed)
                if true.target and not true.code and bool(true.edge_cases) == borderline
            ]
        )

    assert objected(True) > 3 * objected(False)


def test_a_confuser_names_the_wrong_code():
    def named(profile):
        return np.mean(
            [v.code == true.code for v, true in reviewed(profile) if v and v.code and true.code]
        )

    assert named("expert") > 0.95
    assert named("trained") > 0.85
    assert named("confuser") < 0.5


def test_verdicts_fit_their_decision():
    for profile in sim.PROFILES:
        for v, true in reviewed(profile):
            if v is None:
                assert true.target is None
                continue
            assert (v.code is None) == (v.decision == "accept")
            assert v.fix is None or (v.decision == "fix" and isinstance(v.fix, Box))


def test_unlabelled_objects_are_found_by_the_careful():
    def found(profile):
        said = [v for seed in range(15) for v, true in reviewed(profile, seed) if not true.target]
        return np.mean([v is not None for v in said])

    assert found("expert") > found("trained") > found("loose") > found("hasty") > 0.4

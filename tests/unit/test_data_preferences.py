"""pairs and messages20: panels that agree as people do, and traps that are traps."""

from __future__ import annotations

import re

import pytest

from .judgements import POOLS, every, majority, pool, sign, words

CRITERIA = ("instructions", "correctness", "safety", "clarity")
AGREEMENT_WHERE_SPLIT = (0.63, 0.77)
"""Share of trained people who agree on a preference (FACTS F25 to F28)."""


@pytest.mark.parametrize("name", ["pairs", "messages20"])
def test_a_panel_has_five_judges_and_a_majority(name):
    for item, truth in every(name):
        assert len(truth.panel) == 5, item.name
        assert majority(truth)[1] >= 0.6, item.name


@pytest.mark.parametrize("name", ["pairs", "messages20"])
def test_every_rationale_cites_words_of_its_card(name):
    for item, truth in every(name):
        texts = [" ".join(text.split()) for text in item.fields.values()]
        for judgement in truth.panel:
            cited = re.findall("“([^”]+)”", judgement.rationale)
            assert cited, (item.name, judgement.rationale)
            for quote in cited:
                assert any(quote in text for text in texts), (item.name, quote)


@pytest.mark.parametrize("name", ["pairs", "messages20"])
def test_no_two_rationales_are_the_same(name):
    rationales = [judgement.rationale for _, truth in every(name) for judgement in truth.panel]
    assert len(set(rationales)) == len(rationales)


@pytest.mark.parametrize(
    ("name", "parts"),
    [("pairs", ["counted"]), ("pairs", POOLS["pairs"]), ("messages20", ["counted"])],
)
def test_split_panels_agree_as_people_do(name, parts):
    shares = [majority(truth)[1] for part in parts for _, truth in pool(name, part)]
    split = [share for share in shares if share < 1]
    low, high = AGREEMENT_WHERE_SPLIT
    assert 0.25 <= len(split) / len(shares) <= 0.5
    assert low <= sum(split) / len(split) <= high


@pytest.mark.parametrize("name", ["pairs", "messages20"])
def test_neither_a_side_nor_a_length_wins_by_itself(name):
    rows = [(item, majority(truth)[0]) for item, truth in pool(name, "counted")]
    rows = [(item, side) for item, side in rows if side]
    first = sum(side < 0 for _, side in rows)
    longer = sum(
        sign(len(words(item.fields["b"])) - len(words(item.fields["a"]))) == side
        for item, side in rows
    )
    assert 0.4 <= first / len(rows) <= 0.6
    assert 0.35 <= longer / len(rows) <= 0.65


# pairs -------------------------------------------------------------------------------------------


def test_answers_of_pairs_have_30_to_160_words():
    for item, _ in every("pairs"):
        for answer in "ab":
            assert 30 <= len(item.fields[answer].split()) <= 160, (item.name, answer)


@pytest.mark.parametrize("part", POOLS["pairs"])
def test_controls_are_earlier_pairs_with_the_answers_exchanged(part):
    rows = {
        item.name: (place, item, truth) for place, (item, truth) in enumerate(pool("pairs", part))
    }
    controls = [name for name, (_, _, truth) in rows.items() if truth.control_of]
    assert controls == [n for n, (*_, t) in rows.items() if "swapped_control" in t.edge_cases]
    for name in controls:
        place, item, truth = rows[name]
        first_place, first_item, first = rows[truth.control_of]
        swapped = dict(item.fields) | {"a": item.fields["b"], "b": item.fields["a"]}
        assert swapped == dict(first_item.fields)
        assert place - first_place >= 5
        assert majority(truth)[0] == -majority(first)[0]
        assert set(truth.edge_cases) - {"swapped_control"} == set(first.edge_cases)


def test_steps_follow_the_first_criterion_that_differs():
    """G8: instructions, correctness, safety, then clarity; a tie only where none differs."""
    for item, truth in every("pairs"):
        for judgement in truth.panel:
            assert set(judgement.criteria) <= set(CRITERIA)
            steps = [judgement.criteria.get(name, 0) for name in CRITERIA]
            decisive = next((step for step in steps if step), 0)
            assert sign(judgement.step) == sign(decisive), (item.name, judgement.rationale)
            assert abs(judgement.step) <= max(map(abs, steps)) + 1, (item.name, judgement.rationale)


def test_length_traps_are_longer_and_liked_less():
    for item, truth in every("pairs"):
        if "length_trap" in truth.edge_cases:
            side, _ = majority(truth)
            better, worse = ("a", "b") if side < 0 else ("b", "a")
            lengths = {answer: len(words(item.fields[answer])) for answer in "ab"}
            assert side
            assert lengths[worse] >= 1.2 * lengths[better], item.name


@pytest.mark.parametrize(
    ("case", "criterion"), [("confident_wrong", "correctness"), ("unsafe", "safety")]
)
def test_faulty_answers_lose_on_the_criterion_of_their_fault(case, criterion):
    for item, truth in every("pairs"):
        if case in truth.edge_cases:
            side, _ = majority(truth)
            marks = [sign(judgement.criteria.get(criterion, 0)) for judgement in truth.panel]
            assert marks.count(side) >= 3, item.name
            assert -side not in marks, item.name


def test_ties_are_ties_and_refusals_refuse():
    refusal = re.compile(r"\b(cannot|not able to|would rather not|does not give)\b")
    for item, truth in every("pairs"):
        assert (majority(truth)[0] == 0) == ("tie" in truth.edge_cases), item.name
        if "refusal" in truth.edge_cases:
            assert refusal.search(item.fields["a"] + item.fields["b"]), item.name


# messages20 --------------------------------------------------------------------------------------


def test_faults_of_messages_can_be_seen_in_them():
    for item, truth in every("messages20"):
        side, _ = majority(truth)
        better, worse = ("a", "b") if side < 0 else ("b", "a")
        good, bad = item.fields[better], item.fields[worse]
        if "too_long" in truth.edge_cases:
            assert len(words(bad)) >= 2 * len(words(good)), item.name
        if "three_questions" in truth.edge_cases:
            assert good.count("?") <= 1, item.name

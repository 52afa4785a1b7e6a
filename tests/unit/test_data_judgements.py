"""Pairs, claims, code answers, product cards and messages: their truth holds for the files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from itertools import combinations

import pytest

from labelschool import datasets

POOLS = {
    "pairs": {"practice": 16, "counted": 24, "exam": 16},
    "factcheck20": {"practice": 6, "counted": 50},
    "codejudge10": {"practice": 2, "counted": 10},
    "search_rel": {"practice": 10, "counted": 60, "exam": 30},
    "messages20": {"practice": 4, "counted": 20},
}
FIELDS = {
    "pairs": {"prompt", "sources", "a", "b"},
    "factcheck20": {"source", "claim"},
    "codejudge10": {"task", "a", "b", "c", "tests"},
    "search_rel": {"query", "title", "brand", "attributes", "description"},
    "messages20": {"situation", "a", "b"},
}
MINIMUM = {
    "pairs": {
        "swapped_control": 6,
        "length_trap": 6,
        "confident_wrong": 6,
        "refusal": 3,
        "tie": 4,
        "unsafe": 3,
    },
    "factcheck20": {"not_in_source": 17, "number_swap": 10},
    "codejudge10": {"edge_case_bug": 6, "elegant_but_wrong": 3},
    "search_rel": {"brand_mismatch": 8, "accessory": 8, "synonym": 8, "negation": 4},
    "messages20": {
        "asks_for_job": 3,
        "three_questions": 3,
        "flattery": 3,
        "no_context": 3,
        "too_long": 3,
        "copy_paste": 3,
    },
}
"""The fewest items of each edge case in the counted pool (SYLLABUS section 5)."""

CRITERIA = ("instructions", "correctness", "safety", "clarity")
GRADE_OF_REASON = {
    "exact": "3",
    "synonym": "3",
    "attribute_off": "2",
    "related": "1",
    "accessory": "1",
    "other": "0",
    "brand_mismatch": "0",
    "negation_violated": "0",
}
AGREEMENT_WHERE_SPLIT = (0.63, 0.77)
"""Share of trained people who agree on a preference (FACTS F25 to F28)."""

NUMBER_WORDS = {
    word: str(value)
    for value, words in enumerate(
        ("", "one once", "two twice", "three", "four", "five", "six", "seven", "eight", "nine")
    )
    for word in words.split()
}


def pool(name, pool):
    """Pairs of an item and its truth."""
    return list(zip(datasets.items(name, pool), datasets.truth(name, pool), strict=True))


def every(name):
    return [row for part in POOLS[name] for row in pool(name, part)]


def sign(number):
    return (number > 0) - (number < 0)


def majority(truth):
    """Sign of most judgements, and their share."""
    side, votes = Counter(sign(judgement.step) for judgement in truth.panel).most_common(1)[0]
    return side, votes / len(truth.panel)


def words(text):
    return re.findall(r"\w+", text.lower())


def numbers(text):
    found = re.findall(r"\d[\d.,:]*\d|\d", text)
    return set(found) | {NUMBER_WORDS[word] for word in words(text) if word in NUMBER_WORDS}


# All sets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POOLS)
def test_pools_have_the_cards_the_syllabus_asks_for(name):
    for part, count in POOLS[name].items():
        rows = pool(name, part)
        assert len(rows) == count
        assert all(set(item.fields) == FIELDS[name] for item, _ in rows)


@pytest.mark.parametrize("name", POOLS)
def test_edge_cases_reach_their_minimum(name):
    counts = Counter(case for _, truth in pool(name, "counted") for case in truth.edge_cases)
    assert {
        case: counts[case] for case in MINIMUM[name] if counts[case] < MINIMUM[name][case]
    } == {}


@pytest.mark.parametrize("name", POOLS)
def test_no_two_items_are_alike(name):
    grams = {}
    for item, truth in every(name):
        if getattr(truth, "control_of", None) is None:
            text = words(" ".join(item.fields.values()))
            grams[item.name] = set(zip(text, text[1:], text[2:], strict=False))
    for one, other in combinations(grams, 2):
        shared = len(grams[one] & grams[other])
        assert shared < 0.15 * min(len(grams[one]), len(grams[other])), (one, other)


@pytest.mark.parametrize("name", POOLS)
def test_cards_show_neither_markup_nor_answer(name):
    for item, _ in every(name):
        assert not any(re.search(r"\[\[\w+[|#/+]", text) for text in item.fields.values())


@pytest.mark.parametrize("name", POOLS)
def test_scenes_are_unique_and_notes_are_written(name):
    rows = every(name)
    assert len({truth.scene for _, truth in rows}) == len(rows)
    assert all(truth.note.endswith(".") for _, truth in rows)


# Panels -----------------------------------------------------------------------------------------


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


# pairs ------------------------------------------------------------------------------------------


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


# factcheck20 ------------------------------------------------------------------------------------


def test_batches_hold_the_claims_of_the_exercise_and_of_the_dossier():
    batches = {"exercise": (20, 7, 4), "dossier": (30, 10, 6)}
    rows = pool("factcheck20", "counted")
    assert Counter(item.batch for item, _ in rows) == {b: n for b, (n, *_) in batches.items()}
    for batch, (count, missing, swaps) in batches.items():
        truths = [truth for item, truth in rows if item.batch == batch]
        verdicts = Counter(truth.choices["verdict"][0] for truth in truths)
        assert set(verdicts) == {"supported", "contradicted", "not_in_source"}
        assert max(verdicts.values()) <= 0.4 * count
        assert verdicts["not_in_source"] >= missing
        assert sum("number_swap" in truth.edge_cases for truth in truths) >= swaps


def test_evidence_covers_the_words_it_names():
    for item, truth in every("factcheck20"):
        source = item.fields["source"]
        assert 90 <= len(source.split()) <= 160, item.name
        for span in truth.spans:
            assert (span.field, span.label) == ("source", "evidence")
            assert source[span.start : span.end] == span.text
            assert len(span.text) < 0.35 * len(source), item.name


def test_only_claims_that_the_source_decides_have_evidence():
    for item, truth in every("factcheck20"):
        missing = truth.choices["verdict"] == ("not_in_source",)
        assert missing == ("not_in_source" in truth.edge_cases) == (not truth.spans), item.name


def test_a_swapped_number_is_another_one_than_in_the_evidence():
    for item, truth in every("factcheck20"):
        if "number_swap" in truth.edge_cases:
            evidence = numbers(" ".join(span.text for span in truth.spans))
            assert truth.choices["verdict"] == ("contradicted",)
            assert evidence, item.name
            assert numbers(item.fields["claim"]) - evidence, item.name


# codejudge10 ------------------------------------------------------------------------------------

RUN = """
import json, sys
fields = json.load(sys.stdin)
space = {}
exec(fields["answer"], space)
exec(fields["tests"], space)
failing = []
names = [name for name in space if name.startswith("test_")]
for name in names:
    try:
        space[name]()
    except Exception:
        failing.append(name)
print(json.dumps([names, failing]))
"""


def run(answer, tests):
    """Names of the tests, and of those that fail, from a fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUN],
        input=json.dumps({"answer": answer, "tests": tests}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=30,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("part", POOLS["codejudge10"])
def test_answers_fail_exactly_the_tests_that_the_truth_names(part):
    for item, truth in pool("codejudge10", part):
        failing = {}
        for answer in "abc":
            names, failed = run(item.fields[answer], item.fields["tests"])
            assert len(names) >= 3
            failing[answer] = failed
        named = {answer: list(tests) for answer, tests in truth.failing.items()}
        assert {answer: tests for answer, tests in failing.items() if tests} == named, item.name
        ranks = [{len(failing[answer]) for answer in group} for group in truth.order]
        assert all(len(rank) == 1 for rank in ranks), item.name
        assert [rank for (rank,) in ranks] == sorted({len(tests) for tests in failing.values()})
        assert not failing[truth.order[0][0]], item.name


def test_the_best_answer_stands_in_every_place():
    best = Counter(
        answer for _, truth in pool("codejudge10", "counted") for answer in truth.order[0]
    )
    assert min(best[answer] for answer in "abc") >= 3


def test_code_answers_have_5_to_25_lines():
    for item, _ in every("codejudge10"):
        for answer in "abc":
            assert 5 <= len(item.fields[answer].splitlines()) <= 25, (item.name, answer)


# search_rel -------------------------------------------------------------------------------------


def test_the_grade_follows_from_the_reason():
    for item, truth in every("search_rel"):
        (grade,), (reason,) = truth.choices["grade"], truth.choices["reason"]
        assert GRADE_OF_REASON[reason] == grade, item.name


def test_every_grade_occurs_often():
    grades = Counter(truth.choices["grade"][0] for _, truth in pool("search_rel", "counted"))
    assert min(grades[grade] for grade in "0123") >= 12


@pytest.mark.parametrize("part", POOLS["search_rel"])
def test_every_ten_cards_hold_two_violations_of_the_intent(part):
    traps = {"brand_mismatch", "accessory", "negation_violated"}
    reasons = [truth.choices["reason"][0] for _, truth in pool("search_rel", part)]
    for start in range(0, len(reasons), 10):
        assert sum(reason in traps for reason in reasons[start : start + 10]) >= 2


def test_brands_and_negations_of_the_query_are_hard_limits():
    brands = {item.fields["brand"] for item, _ in every("search_rel")}
    for item, truth in every("search_rel"):
        asked = brands & set(item.fields["query"].split())
        reason = truth.choices["reason"][0]
        assert (reason == "brand_mismatch") == bool(asked - {item.fields["brand"]}), item.name
        denied = re.search(r"\b(no|not|without)\b", item.fields["query"])
        kept = "negation_kept" in truth.edge_cases
        assert bool(denied) == (kept or reason == "negation_violated"), item.name


def test_synonyms_never_use_the_word_of_the_query():
    for item, truth in every("search_rel"):
        if truth.choices["reason"] == ("synonym",):
            card = words(" ".join(v for k, v in item.fields.items() if k != "query"))
            missing = [word for word in words(item.fields["query"]) if word not in card]
            assert missing, item.name


def test_accessories_name_what_they_belong_to():
    for item, truth in every("search_rel"):
        if truth.choices["reason"] == ("accessory",):
            card = " ".join(item.fields[name] for name in ("title", "description")).lower()
            assert any(w in card for w in words(item.fields["query"]) if len(w) > 3), item.name


# messages20 -------------------------------------------------------------------------------------


def test_faults_of_messages_can_be_seen_in_them():
    for item, truth in every("messages20"):
        side, _ = majority(truth)
        better, worse = ("a", "b") if side < 0 else ("b", "a")
        good, bad = item.fields[better], item.fields[worse]
        if "too_long" in truth.edge_cases:
            assert len(words(bad)) >= 2 * len(words(good)), item.name
        if "three_questions" in truth.edge_cases:
            assert good.count("?") <= 1, item.name

"""Pairs, claims, code answers, product cards and messages: what holds for all of them."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import pytest

from .judgements import POOLS, every, pool, words

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

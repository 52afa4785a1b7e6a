"""search_rel: grades follow from reasons, and reasons from query and card."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from .judgements import POOLS, every, pool, words

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

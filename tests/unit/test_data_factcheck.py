"""factcheck20: verdicts on claims, and the evidence for them in the source."""

from __future__ import annotations

import re
from collections import Counter

from .judgements import every, pool, words

NUMBER_WORDS = {
    word: str(value)
    for value, words in enumerate(
        ("", "one once", "two twice", "three", "four", "five", "six", "seven", "eight", "nine")
    )
    for word in words.split()
}


def numbers(text):
    found = re.findall(r"\d[\d.,:]*\d|\d", text)
    return set(found) | {NUMBER_WORDS[word] for word in words(text) if word in NUMBER_WORDS}


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

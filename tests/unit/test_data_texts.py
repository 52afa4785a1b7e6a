"""Invariants of every committed text set, and that each is what its source says."""

from __future__ import annotations

import importlib
import ipaddress
import json
import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from labelschool import datasets

ROOT = Path(__file__).resolve().parents[2]
POOL_SIZES = {
    "tickets": {"practice": 40, "counted": 60, "exam": 30},
    "news_ner": {"practice": 20, "counted": 30, "exam": 20},
    "pairs": {"practice": 16, "counted": 24, "exam": 16},
    "drafts18": {"practice": 4, "counted": 14},
    "pii50": {"practice": 15, "counted": 35},
    "factcheck20": {"counted": 50},
    "codejudge10": {"counted": 10},
    "search_rel": {"counted": 60, "exam": 30},
    "messages20": {"counted": 20},
    "job_ads": {"practice": 5, "counted": 30, "exam": 10},
    "offers24": {"counted": 24},
    "metric_cases": {"practice": 3, "counted": 12},
}
"""Pools that a set has at least, with exactly so many items."""
REQUIRED = {
    "tickets": {
        "two_intents": 10,
        "polite_complaint": 8,
        "sarcasm": 5,
        "empty or auto_reply": 4,
        "other_language_word": 3,
        "pii": 8,
    },
    "news_ner": {
        "metonymy": 10,
        "nested": 8,
        "possessive": 6,
        "title": 6,
        "product_company": 5,
        "relative_date": 8,
        "offset_trap": 6,
    },
    "pairs": {
        "swapped_control": 6,
        "length_trap": 6,
        "confident_wrong": 6,
        "refusal": 3,
        "tie": 4,
        "unsafe": 3,
    },
    "drafts18": {"severity_borderline": 8, "useless": 1},
    "factcheck20": {"not_in_source": 7, "number_swap": 4},
    "codejudge10": {"edge_case_bug": 6, "elegant_but_wrong": 3},
    "search_rel": {"brand_mismatch": 8, "accessory": 8, "synonym": 8, "negation": 4},
    "pii50": {"indirect": 8, "non_pii_number": 12},
}
"""Least number of items with each edge case, after the syllabus."""
SELF_EVIDENT = {"job_ads"}
"""Sets whose truth stands in the text word for word, so that items need no note."""
SETS = tuple(name for name in POOL_SIZES if (ROOT / "datasets" / name / "SHA256SUMS").exists())
PII_LABELS = {
    "name",
    "contact",
    "id_number",
    "account",
    "address",
    "birth_date",
    "biometric",
    "device_id",
    "indirect",
}
MOST_ALIKE = 0.5
"""Jaccard index of the words of two texts of different scenes."""
LEAST_WORDS = 15
"""Shorter texts, such as a query or the attributes of a product, may be alike."""
DAY_OR_YEAR = re.compile(
    r"\b(\d{4}|January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\b"
)
TITLES = re.compile(
    r"\b(Dr|Professor|Judge|Mayor|Captain|Councillor|Sister|Father|Minister|Constable|Doctor) $"
)
SAFE_HOST = re.compile(r"(^|\.)example(\.(org|com|net))?$")
SAFE_NETWORKS = [
    ipaddress.ip_network(net) for net in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")
]

each_set = pytest.mark.parametrize("name", SETS)


@cache
def pools(name):
    """{pool: {item: (item, truth)}} of one set."""
    made = json.loads((ROOT / "datasets" / name / "items.json").read_text(encoding="utf-8"))
    return {
        pool: {
            item.name: (item, truth)
            for item, truth in zip(
                datasets.items(name, pool), datasets.truth(name, pool), strict=True
            )
        }
        for pool in made
    }


def rows(name):
    return [row for pool in pools(name).values() for row in pool.values()]


def fields(item):
    """{field: text} of an item; a plain text has the field None."""
    return dict(item.fields) if item.fields else {None: item.text}


def spans(truth):
    return getattr(truth, "spans", ())


def whole(item):
    return "\n".join(fields(item).values())


# Every set --------------------------------------------------------------------------------------


@each_set
def test_the_set_is_what_its_source_says(name, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "datasets"))
    monkeypatch.setattr(importlib.import_module("common"), "DATASETS", tmp_path)
    importlib.import_module("texts").build(name)
    for made in filter(Path.is_file, (tmp_path / name).rglob("*")):
        committed = ROOT / "datasets" / name / made.relative_to(tmp_path / name)
        assert committed.read_bytes() == made.read_bytes(), committed


@each_set
def test_pools_have_their_sizes(name):
    sizes = {pool: len(items) for pool, items in pools(name).items()}
    assert {pool: sizes.get(pool) for pool in POOL_SIZES[name]} == POOL_SIZES[name]


@each_set
def test_items_are_numbered_through_the_set(name):
    ordered = [
        item for pool in ("practice", "counted", "exam") for item in pools(name).get(pool, {})
    ]
    assert ordered == [f"{name}-{number:03}" for number in range(1, len(ordered) + 1)]


@each_set
def test_offsets_hit_the_words(name):
    for item, truth in rows(name):
        assert truth.item == item.name
        texts = fields(item)
        for span in spans(truth):
            words = texts[span.field][span.start : span.end]
            assert words == span.text, item.name
            assert words == words.strip(), item.name


@each_set
def test_inner_spans_lie_in_outer_ones_and_outer_ones_apart(name):
    for item, truth in rows(name):
        for field in fields(item):
            here = sorted(
                (s for s in spans(truth) if s.field == field and s.layer == 1),
                key=lambda span: span.start,
            )
            for left, right in pairwise(here):
                assert left.end <= right.start, item.name
            for inner in (s for s in spans(truth) if s.field == field and s.layer == 2):
                assert any(o.start <= inner.start and inner.end <= o.end for o in here), item.name


@each_set
def test_learners_see_no_markup(name):
    for item, _ in rows(name):
        assert not re.search(r"\[\[[\w+/#,-]+\|", whole(item)), item.name


@pytest.mark.parametrize("name", [name for name in SETS if name not in SELF_EVIDENT])
def test_every_item_says_why(name):
    for item, truth in rows(name):
        assert len(truth.note.split()) >= 4, item.name


@each_set
def test_no_scene_is_in_two_pools(name):
    home = {}
    for pool, items in pools(name).items():
        for _, truth in items.values():
            if "duplicate_scene" not in truth.edge_cases:
                assert home.setdefault(truth.scene, pool) == pool, truth.scene


def test_no_two_texts_are_alike():
    found = {}
    for name in SETS:
        for item, truth in rows(name):
            if getattr(truth, "control_of", None) is None:
                for text in fields(item).values():
                    found.setdefault((text, f"{name}/{truth.scene}"), item.name)
    keys = [key for key in found if len(key[0].split()) >= LEAST_WORDS]
    words = [sorted(set(re.findall(r"\w+", text.lower()))) for text, _ in keys]
    column = {word: number for number, word in enumerate(sorted({w for ws in words for w in ws}))}
    starts = np.cumsum([0, *map(len, words)])
    flat = [column[word] for ws in words for word in ws]
    table = csr_matrix((np.ones(len(flat)), flat, starts), shape=(len(words), len(column)))
    shared = (table @ table.T).tocoo()
    sizes = np.diff(starts)
    alike = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    close = [
        (found[keys[i]], found[keys[j]], round(float(value), 2))
        for i, j, value in zip(shared.row, shared.col, alike, strict=True)
        if i < j and value >= MOST_ALIKE and keys[i][1] != keys[j][1]
    ]
    assert close == []


def denied():
    lines = (ROOT / "tests" / "unit" / "deny_list.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_the_deny_list_is_long_and_has_no_doubles():
    assert len(denied()) >= 300
    assert len(set(denied())) == len(denied())


@each_set
def test_no_real_brand_or_person_occurs(name):
    pattern = re.compile(
        rf"(?<!\w)({'|'.join(map(re.escape, denied()))})(?!\w)", flags=re.IGNORECASE
    )
    hits = {item.name: pattern.findall(whole(item) + truth.note) for item, truth in rows(name)}
    assert {item: found for item, found in hits.items() if found} == {}


@each_set
def test_addresses_and_numbers_belong_to_nobody(name):
    for item, _ in rows(name):
        text = whole(item)
        hosts = re.findall(r"[\w.-]+@([\w-]+(?:\.[\w-]+)+)", text)
        hosts += re.findall(r"https?://([^/\s:]+)", text)
        assert all(SAFE_HOST.search(host) for host in hosts), (item.name, hosts)
        for address in re.findall(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])", text):
            assert any(ipaddress.ip_address(address) in net for net in SAFE_NETWORKS), item.name
        for number in re.findall(r"\b555-\d+", text):
            assert re.fullmatch(r"555-01\d\d", number), item.name


# Edge cases -------------------------------------------------------------------------------------


def is_offset_trap(character):
    return ord(character) > 0xFFFF or unicodedata.combining(character) > 0


def properties(name, item, truth):
    """Edge cases of an item that its text decides, whatever its source calls it."""
    text, found = whole(item), spans(truth)
    if name == "tickets":
        return {"pii"} if found else set()
    if name == "pii50":
        left = "".join(
            c for i, c in enumerate(text) if not any(s.start <= i < s.end for s in found)
        )
        facts = [span for span in found if span.label == "indirect"]
        named = any(span.label == "name" for span in found)
        return ({"non_pii_number"} if re.search(r"\d", left) else set()) | (
            {"indirect"} if len(facts) >= 2 and not named else set()
        )
    if name == "news_ner":
        of = {label: {s.text for s in found if s.label == label} for label in ("ORG", "PRODUCT")}
        tests = {
            "possessive": any(text[s.end : s.end + 2] in ("'s", "’s") for s in found),
            "nested": any(s.layer == 2 for s in found),
            "offset_trap": any(any(map(is_offset_trap, text[: s.start])) for s in found),
            "product_company": bool(of["ORG"] & of["PRODUCT"]),
            "relative_date": any(
                s.label == "DATE" and not DAY_OR_YEAR.search(s.text) for s in found
            ),
            "metonymy": any(s.label == "ORG" and s.text in places() for s in found),
        }
        return {case for case, holds in tests.items() if holds}
    if name == "pairs":
        return {"swapped_control"} if truth.control_of else set()
    return set()


@cache
def places():
    return {s.text for _, truth in rows("news_ner") for s in spans(truth) if s.label == "LOC"}


@pytest.mark.parametrize("name", [name for name in SETS if name in REQUIRED])
def test_edge_cases_occur_often_enough(name):
    counts = Counter()
    for item, truth in rows(name):
        counts.update(set(truth.edge_cases) | properties(name, item, truth))
    got = {case: sum(counts[part] for part in case.split(" or ")) for case in REQUIRED[name]}
    assert {case: n for case, n in got.items() if n < REQUIRED[name][case]} == {}


DECIDABLE = {
    "tickets": {"pii"},
    "pii50": {"indirect", "non_pii_number"},
    "news_ner": {
        "possessive",
        "nested",
        "offset_trap",
        "product_company",
        "relative_date",
        "metonymy",
    },
    "pairs": {"swapped_control"},
}


@pytest.mark.parametrize("name", [name for name in SETS if name in DECIDABLE])
def test_named_edge_cases_are_there_and_those_there_are_named(name):
    for item, truth in rows(name):
        named = set(truth.edge_cases) & DECIDABLE[name]
        assert named == properties(name, item, truth), item.name


# Single sets ------------------------------------------------------------------------------------


TICKET_CHOICES = {
    "intent": {
        "refund",
        "delivery",
        "access",
        "billing",
        "bug",
        "cancel",
        "how_to",
        "no_request",
    },
    "sentiment": {"negative", "neutral", "positive"},
    "priority": {"1", "2", "3", "4"},
    "pii": {"yes", "no"},
}


def test_tickets_answer_every_question_from_its_list():
    for item, truth in rows("tickets"):
        assert set(truth.choices) == set(TICKET_CHOICES), item.name
        for question, values in truth.choices.items():
            assert values, item.name
            assert set(values) <= TICKET_CHOICES[question], item.name


def test_tickets_flag_exactly_those_with_personal_data():
    for item, truth in rows("tickets"):
        assert truth.choices["pii"] == (("yes",) if spans(truth) else ("no",)), item.name
        assert {span.label for span in spans(truth)} <= PII_LABELS


def test_tickets_follow_their_decision_table():
    for item, truth in rows("tickets"):
        cases, (priority,) = set(truth.edge_cases), truth.choices["priority"]
        assert (priority == "1") == ("safety" in cases), item.name
        if priority == "3":
            assert "deadline" in cases, item.name
        if "refund" in truth.choices["intent"]:
            assert priority in {"1", "2"}, item.name
        if cases & {"polite_complaint", "sarcasm"}:
            assert truth.choices["sentiment"] == ("negative",), item.name


@pytest.mark.parametrize("pool", ["practice", "counted", "exam"])
def test_no_answer_is_right_for_most_tickets(pool):
    for question, values in TICKET_CHOICES.items():
        if question == "pii":
            continue
        counts = Counter(truth.choices[question][0] for _, truth in pools("tickets")[pool].values())
        assert min(counts[value] for value in values) >= 2, question
        assert max(counts.values()) <= 0.7 * counts.total(), question


def test_news_texts_have_about_sixty_words():
    lengths = [len(item.text.split()) for item, _ in rows("news_ner")]
    assert min(lengths) >= 50
    assert max(lengths) <= 70


def test_news_spans_leave_out_titles_possessives_quotes_and_stops():
    titled = set()
    for item, truth in rows("news_ner"):
        for span in spans(truth):
            assert span.label in {"PER", "ORG", "LOC", "PRODUCT", "DATE"}
            assert span.text[0] not in "\"'“‘", span.text
            assert not re.search(r"(['’]s|[.\"'”’])$", span.text), span.text
            assert not re.match(r"(?i)(the|on|in|since|from) ", span.text), span.text
            if span.label == "PER":
                assert not TITLES.search(span.text.split()[0] + " "), span.text
                titled |= {item.name} if TITLES.search(item.text[: span.start]) else set()
    assert len(titled) >= 6


def test_every_mention_of_a_name_in_a_news_text_is_marked():
    for item, truth in rows("news_ner"):
        covered = {i for s in spans(truth) for i in range(s.start, s.end)}
        for span in spans(truth):
            if span.label != "DATE":
                for hit in re.finditer(rf"\b{re.escape(span.text)}\b", item.text):
                    assert set(range(*hit.span())) <= covered, (item.name, span.text)


def test_personal_data_are_of_all_nine_types():
    counts = Counter(span.label for _, truth in rows("pii50") for span in spans(truth))
    assert set(counts) == PII_LABELS
    assert min(counts.values()) >= 3
    assert sum(not spans(truth) for _, truth in rows("pii50")) >= 6


def test_drafts_have_at_most_five_scored_errors():
    for item, truth in rows("drafts18"):
        assert set(item.fields) == {"brief", "draft"}
        assert 80 <= len(item.fields["draft"].split()) <= 140, item.name
        assert {span.field for span in spans(truth)} <= {"draft"}
        assert sum(span.severity != "neutral" for span in spans(truth)) <= 5, item.name
        assert all(span.severity for span in spans(truth)), item.name


def test_one_draft_is_useless_as_a_whole_and_one_has_no_error():
    useless = [
        (item, truth)
        for item, truth in rows("drafts18")
        if any(span.label == "non_translation" for span in spans(truth))
    ]
    ((item, truth),) = useless
    (span,) = spans(truth)
    assert (span.start, span.end) == (0, len(item.fields["draft"]))
    assert span.severity == "major"
    clean = [t for _, t in rows("drafts18") if all(s.severity == "neutral" for s in spans(t))]
    assert len(clean) == 1

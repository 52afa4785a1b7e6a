"""Broken exports: a plain check finds in each exactly the one defect that the key names."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import course, datasets
from labelschool.generators import exports
from labelschool.generators.export_defects import DEFECTS
from labelschool.generators.export_formats import build, save

from .export_checker import check

SHIPPED = course.root() / "datasets" / "broken_exports" / "exports"
RULES = {f"R{number}" for number in range(1, 21)}


def expected(found):
    return set() if found is None else {(found["rule"], found["file"], found["id"])}


@pytest.fixture(scope="module")
def keys():
    return {pool: datasets.key("broken_exports", pool) for pool in ("practice", "counted")}


def test_the_shipped_exports_have_the_defects_of_their_key(keys):
    key = keys["practice"]["exports"]
    assert {path.name for path in SHIPPED.iterdir()} == set(key)
    assert {name: check(SHIPPED / name) for name in key} == {
        name: expected(found) for name, found in key.items()
    }


def test_every_rule_is_broken_once_and_one_export_of_each_format_is_valid(keys):
    key = keys["practice"]["exports"]
    assert Counter(found["rule"] for found in key.values() if found) == Counter(RULES)
    valid = [name for name, found in key.items() if found is None]
    formats = [json.loads((SHIPPED / name / "export.json").read_text("utf-8")) for name in valid]
    assert sorted(entry["format"] for entry in formats) == sorted(exports.FORMATS)


@settings(max_examples=5)
@given(seed=st.integers(0, 10**9))
def test_any_seed_breaks_each_rule_once_and_nothing_else(seed):
    with tempfile.TemporaryDirectory() as folder:
        key = exports.write(Path(folder), seed)
        assert {found["rule"] for found in key.values() if found} == RULES
        for name, found in key.items():
            assert check(Path(folder) / name) == expected(found), (name, found)


@pytest.mark.parametrize(
    ("rule", "kind", "form"),
    [
        pytest.param(rule, kind, form, id=f"{kind.name}-{form}")
        for rule, kinds in DEFECTS.items()
        for kind in kinds
        for form in kind.formats
    ],
)
def test_every_defect_is_the_only_one_in_every_format(rule, kind, form, tmp_path):
    for seed in range(4):
        rng = random.Random(seed)
        made = build(form, rng)
        file, wrong = kind.apply(made, rng)
        save(made, tmp_path / str(seed))
        assert check(tmp_path / str(seed)) == {(rule, file, wrong)}


def test_the_hidden_exports_differ_from_the_shipped_ones(keys, tmp_path):
    hidden = exports.write(tmp_path, keys["counted"]["seed"])
    shipped = {f["rule"]: (f["defect"], f["file"], f["id"]) for f in _broken(keys["practice"])}
    others = {f["rule"]: (f["defect"], f["file"], f["id"]) for f in hidden.values() if f}
    assert sum(shipped[rule] != others[rule] for rule in RULES) >= 15


def _broken(key):
    return [found for found in key["exports"].values() if found]


def test_a_seed_always_writes_the_same_files(tmp_path):
    for name in ("a", "b"):
        exports.write(tmp_path / name, 5)
    files = sorted(path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.*"))
    assert files
    assert all(
        (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()
        for path in files
        if (tmp_path / "a" / path).is_file()
    )

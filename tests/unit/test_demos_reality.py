"""The demos of lesson 1.7: the calculator in both directions, the savings, love, miss and stop."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets import HTML

from labelschool.demos import demo, reality, salary
from labelschool.demos.reality import notes, stop_rule_lacks
from labelschool.widgets import Form


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Shown:
    """A demo with its form and what it says."""

    def __init__(self, name: str) -> None:
        self.box = demo(name).widget()
        [self.form] = [child for child in self.box.children if isinstance(child, Form)]

    @property
    def said(self) -> str:
        return [child.value for child in self.box.children if isinstance(child, HTML)][-1]

    def type(self, **values: object) -> None:
        self.form.values = {**self.form.values, **values}


OTHER_VALUES = {
    "country": salary.OTHER,
    "present": 70_000,
    "per": "a label, in hundredths",
    "amount": 33,
    "hours": 20,
    "unpaid": 12,
    "minutes": 3,
    "rate": 0.9,
    "year": 2025,
    "accepted": -10,
    "savings": 14,
    "income": 60,
    "reserve": 1,
}


class TestForms:
    @pytest.mark.parametrize("name", ["salary", "savings"])
    def test_every_field_moves_something(self, name):
        for field in Shown(name).form.spec["fields"]:
            shown = Shown(name)
            if field["name"] == "minutes":
                shown.type(per="a label, in hundredths")
            before = shown.said, shown.form.lines
            shown.type(**{field["name"]: OTHER_VALUES[field["name"]]})
            assert (shown.said, shown.form.lines) != before, field["name"]

    @pytest.mark.parametrize("name", ["salary", "savings"])
    def test_an_emptied_field_breaks_nothing(self, name):
        for field in Shown(name).form.spec["fields"]:
            shown = Shown(name)
            shown.type(**{field["name"]: None})
            assert shown.said

    def test_the_handle_moves_hours_and_rate(self):
        [handle] = Shown("salary").form.spec["plot"]["handles"]
        assert handle == {"x": "hours", "y": "amount"}


class TestSalary:
    def test_the_quoted_rate_against_the_median(self):
        said = Shown("salary").said
        assert "<b>-61 %</b> a year" in said
        assert "a rise of 155 %" in said
        assert "the ad has to say <b>35.67 an hour</b>" in said
        assert "18.18 for every hour at the desk" in said

    def test_the_curves_are_where_the_change_is_nothing_and_what_is_accepted(self):
        shown = Shown("salary")
        for line, change in zip(shown.form.lines, ("+0 %", "-30 %"), strict=True):
            hours, amount = line[-1]
            shown.type(hours=hours, amount=amount)
            assert f"<b>{change}</b> a year" in shown.said.replace("-0 %", "+0 %")

    @given(st.sampled_from(list(salary.UNITS)), st.integers(5, 60), st.integers(-90, 50))
    def test_what_the_ad_has_to_say_brings_the_accepted_change(self, per, hours, accepted):
        values = salary.OFFER | {"per": per, "hours": hours, "accepted": accepted}
        asked = re.search(r"has to say <b>([\d,.]+)", salary.salary_note(values))[1]
        told = salary.salary_note(values | {"amount": float(asked.replace(",", ""))})
        change = re.search(r"this is <b>([+-]\d+) %", told)[1]
        assert abs(int(change) - accepted) <= 1

    def test_another_country_gets_no_figure_and_is_asked_for_an_ad(self):
        shown = Shown("salary")
        sentence = "no figure we could cite for your country"
        assert sentence not in shown.said
        shown.type(country=salary.OTHER)
        assert sentence in shown.said
        assert "advertisement" in shown.said

    def test_an_impossible_number_is_told(self):
        shown = Shown("salary")
        shown.type(rate=0)
        assert "rate has to be above 0" in shown.said


class TestSavings:
    def test_the_line_ends_at_the_reserve_after_the_months_told(self):
        shown = Shown("savings")
        (start, (end, left)), reserve = shown.form.lines
        assert start == (0, 9)
        assert left == pytest.approx(reserve[0][1])
        assert f"Stop after {end:.1f} months" in shown.said

    def test_covered_costs_and_a_missing_reserve(self):
        shown = Shown("savings")
        shown.type(income=100)
        assert "covers the costs" in shown.said
        shown.type(savings=2)
        assert "reserve is not there yet" in shown.said


class TestReality:
    def test_the_page_is_kept_and_comes_back(self, folder: Path):
        shown = Shown("reality")
        assert not (folder / "answers").exists()
        rule = "If I earn less than 600 on 1 March 2027, I stop and apply."
        values = {"love-first": reality.LOVE[1], "miss-first": reality.MISS[0], "stop": rule}
        shown.type(**values)
        text = (folder / "answers/1.7/reality.md").read_text(encoding="utf-8")
        assert f"1. {reality.LOVE[1]}" in text
        assert text.endswith(f"## My stop rule\n\n{rule}\n")
        assert Shown("reality").form.values == values

    @pytest.mark.parametrize("held", ["{", "[]", '"text"'])
    def test_a_damaged_page_starts_empty(self, folder: Path, held):
        (folder / "answers/1.7").mkdir(parents=True)
        (folder / "answers/1.7/reality.json").write_text(held)
        shown = Shown("reality")
        assert shown.form.values == {}
        shown.type(stop="If")
        assert json.loads((folder / "answers/1.7/reality.json").read_text()) == {"stop": "If"}

    def test_one_thing_has_one_rank(self):
        chosen = reality.LOVE[0]
        found = notes({"love-first": chosen, "love-third": chosen, "miss-first": reality.MISS[0]})
        assert list(found) == ["love-third"]

    @pytest.mark.parametrize(
        ("rule", "lacks"),
        [
            ("", []),
            ("I may stop some day", ["a date with its year", "a number", "the word if"]),
            ("If it is 2027-03-01", ["a number"]),
            ("If it is 1 March 2027, I apply", ["a number"]),
            ("If below 3 jobs a month", ["a date with its year"]),
            ("If below 3 jobs on March 1, 2027", []),
            ("Unless 3 clients by 2027-03-01", []),
            ("When I have fewer than 10 on 01.03.2027", []),
        ],
    )
    def test_a_stop_rule_has_a_number_a_date_and_a_condition(self, rule, lacks):
        found = stop_rule_lacks(rule)
        assert len(found) == len(lacks)
        assert all(what.startswith(wanted) for what, wanted in zip(found, lacks, strict=True))

"""The demos of lesson 1.7: the calculator in both directions, the savings, love, miss and stop."""

from __future__ import annotations

import json
import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets import HTML, Dropdown, Widget

from labelschool.demos import demo, reality, salary
from labelschool.demos.reality import stop_rule_lacks, twice
from labelschool.widgets import Form


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Shown:
    """A demo with its form, what it says and what it draws."""

    def __init__(self, name: str) -> None:
        self.box = demo(name).widget()
        [self.form] = [child for child in self.box.children if isinstance(child, Form)]

    @property
    def told(self) -> list[str]:
        return [child.value for child in self.box.children if isinstance(child, HTML)]

    @property
    def said(self) -> str:
        return self.told[0]

    def type(self, **values: object) -> None:
        self.form.values = {**self.form.values, **values}


def ranking(box: Widget) -> dict[str, Dropdown]:
    """The lists of the ranking by their labels."""
    children = [child for part in getattr(box, "children", ()) for child in ranking(part).items()]
    return dict(children) | ({box.description: box} if isinstance(box, Dropdown) else {})


OTHER_VALUES = {
    "country": salary.OTHER,
    "present": 70_000,
    "per": "a label, in hundredths",
    "amount": 33,
    "hours": 20,
    "unpaid": 12,
    "minutes": 3,
    "rate": 0.9,
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
            before = shown.told, shown.form.lines
            shown.type(**{field["name"]: OTHER_VALUES[field["name"]]})
            assert (shown.told, shown.form.lines) != before, field["name"]

    @pytest.mark.parametrize("name", ["salary", "savings"])
    def test_an_empty_or_impossible_number_is_told_by_its_label(self, name):
        fields = [field for field in Shown(name).form.spec["fields"] if "min" in field]
        assert len(fields) >= 3
        for field in fields:
            for value, says in ((None, "is empty"), (-500, "not -500")):
                shown = Shown(name)
                shown.type(per="a label, in hundredths")
                shown.type(**{field["name"]: value})
                assert escape(f"“{field['label']}”") in shown.said
                assert says in shown.said
                assert "<b>" not in shown.said


class TestSalary:
    def test_the_quoted_rate_against_the_median(self):
        said = Shown("salary").said
        assert "<b>-61 %</b> a year" in said
        assert "a rise of 155 %" in said
        assert "the ad has to say <b>35.67 an hour</b>" in said
        assert "18.18 for every hour at the desk" in said

    def test_the_curves_are_where_the_change_is_nothing_and_what_is_accepted(self):
        for unit in salary.UNITS:
            values = salary.OFFER | {"per": unit}
            lines = salary.salary_lines(values, 100, 60)
            for line, change in zip(lines, ("+0 %", "-30 %"), strict=True):
                for hours, amount in (line[0], line[-1]):
                    told = salary.salary_note(values | {"hours": hours, "amount": amount})
                    assert f"<b>{change}</b> a year" in told.replace("-0 %", "+0 %")

    @given(
        st.sampled_from(list(salary.UNITS)),
        st.floats(0, 1e6),
        st.floats(1, 168),
        st.floats(0.01, 60),
    )
    def test_the_dot_and_the_curves_beside_it_stand_in_the_figure(self, per, amount, hours, each):
        values = salary.OFFER | {"per": per, "amount": amount, "hours": hours, "minutes": each}
        drawn = salary.salary_figure(values)
        dot = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', drawn)
        assert 60 <= float(dot[1]) <= 660
        assert 30 <= float(dot[2]) <= 220
        for points in re.findall(r'<polyline points="([^"]+)"', drawn):
            heights = [float(point.split(",")[1]) for point in points.split()]
            assert min(heights) >= 29
            assert max(heights) <= 221

    @given(st.sampled_from(list(salary.UNITS)), st.integers(5, 60), st.integers(-90, 50))
    def test_what_the_ad_has_to_say_brings_the_accepted_change(self, per, hours, accepted):
        values = salary.OFFER | {"per": per, "hours": hours, "accepted": accepted}
        asked = re.search(r"has to say <b>([\d,.]+)", salary.salary_note(values))[1]
        told = salary.salary_note(values | {"amount": float(asked.replace(",", ""))})
        change = re.search(r"this is <b>([+-]\d+) %", told)[1]
        assert abs(int(change) - accepted) <= 1

    def test_the_answer_stands_between_the_fields_and_the_figure(self):
        shown = Shown("salary")
        _, fields, answer, figure = shown.box.children
        assert fields is shown.form
        assert "From the ad to you" in answer.value
        assert figure.value.startswith("<svg")

    def test_another_country_gets_no_figure_and_is_asked_for_an_ad(self):
        shown = Shown("salary")
        sentence = "no figure we could cite for your country"
        assert sentence not in shown.said
        shown.type(country=salary.OTHER)
        assert sentence in shown.said
        assert "advertisement" in shown.said

    def test_the_minutes_of_a_label_are_not_asked_of_a_rate_by_the_hour(self):
        shown = Shown("salary")
        shown.type(minutes=None)
        assert "<b>-61 %</b> a year" in shown.said

    def test_a_week_has_168_hours_and_a_long_one_is_told(self):
        shown = Shown("salary")
        shown.type(hours=200)
        assert "come to 204, and a week has 168" in shown.said
        shown.type(hours=80)
        assert "84 hours a week are 12 a day" in shown.said
        shown.type(hours=76)
        assert "a day, on all seven days" not in shown.said


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
        ranks, rule = ranking(demo("reality").widget()), Shown("stop")
        assert not (folder / "answers").exists()
        text = "If I earn less than 600 on 1 March 2027, I stop and apply."
        ranks["love, first"].value = reality.LOVE[1]
        rule.type(stop=text)
        ranks["miss, first"].value = reality.MISS[0]
        page = (folder / "answers/1.7/reality.md").read_text(encoding="utf-8")
        assert f"1. {reality.LOVE[1]}" in page
        assert f"1. {reality.MISS[0]}" in page
        assert page.endswith(f"## My stop rule\n\n{text}\n")
        assert Shown("stop").form.values == {"stop": text}
        again = ranking(demo("reality").widget())
        assert {name: drop.value for name, drop in again.items() if drop.value} == {
            "love, first": reality.LOVE[1],
            "miss, first": reality.MISS[0],
        }

    @pytest.mark.parametrize("held", ["{", "[]", '"text"'])
    def test_a_damaged_page_starts_empty_and_is_set_aside(self, folder: Path, held):
        kept = folder / "answers/1.7"
        kept.mkdir(parents=True)
        (kept / "reality.json").write_text(held)
        shown = Shown("stop")
        assert shown.form.values == {"stop": ""}
        shown.type(stop="If")
        assert shown.form.notes["stop"].startswith("Still missing: a date")
        assert json.loads((kept / "reality.json").read_text()) == {"stop": "If"}
        assert (kept / "reality.json.broken-1").read_text() == held

    def test_one_thing_has_one_rank(self):
        chosen = reality.LOVE[0]
        values = {"love-first": chosen, "love-third": chosen, "miss-first": reality.MISS[0]}
        [told] = twice(values)
        assert chosen in told
        box = demo("reality").widget()
        ranks = ranking(box)
        ranks["love, first"].value = ranks["love, third"].value = chosen
        assert told in box.children[-1].value

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
            ("If my monthly pay is below 2000 EUR on 1 June 2027, I stop", []),
            ("If an income of 2050 is not there by 2027-03-01", []),
            ("If I earn less than 2000 at the end of 2027", []),
            ("If I earn less than 2000", ["a date with its year"]),
            ("When it is the 1st of March, 2027", ["a number"]),
        ],
    )
    def test_a_stop_rule_has_a_number_a_date_and_a_condition(self, rule, lacks):
        found = stop_rule_lacks(rule)
        assert len(found) == len(lacks)
        assert all(what.startswith(wanted) for what, wanted in zip(found, lacks, strict=True))

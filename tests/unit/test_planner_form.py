"""The planner's page without a browser: answers kept and restored, wrong ones told, files saved."""

from __future__ import annotations

import json
from datetime import date

import icalendar
import pytest

from labelschool import start
from labelschool.career import roadmap
from labelschool.career.planner import Inputs
from labelschool.home import made_files, portable, results
from labelschool.pages import planner_form
from labelschool.pages.planner_form import FILE, FILES, OPTIONS, Page, checked, held, shown


@pytest.fixture(autouse=True)
def in_home(home, monkeypatch):
    monkeypatch.chdir(home)
    return home


def answer(page, **values):
    """Fill in fields as a browser does: the values of the form change as a whole."""
    page.form.values = {**page.form.values, **values}
    return page


def press(page, action, value=""):
    """Press a button of the panel; what it told, and its file."""
    told = []
    page.panel.send = lambda message, buffers=None: told.append((message, buffers))
    page.panel._on_message(None, {"action": action, "value": value}, [])
    [(message, buffers)] = told
    return message, buffers


def test_there_is_a_field_for_each_of_the_twelve_inputs(home):
    fields = Page(home).form.spec["fields"]
    assert [field["name"] for field in fields] == list(Inputs.model_fields)
    assert len(fields) == 12
    assert [field["label"] for field in fields] == [
        about.description for about in Inputs.model_fields.values()
    ]


def test_what_stands_there_first_makes_a_plan(home):
    page = Page(home)
    assert page.form.notes == {}
    assert checked(page.inputs)[0] == Inputs(start=date.today())


def test_choices_have_the_same_names_in_both_directions():
    for name, labels in OPTIONS.items():
        keys = list(labels)
        assert held(shown({name: keys})) == {name: keys}


def test_answers_come_back_also_wrong_ones(home):
    given = {
        "hours_a_week": 99,
        "days": ["Sun"],
        "goal": "a change of job",
        "skills": ["SQL", "DevOps"],
        "country": "Kenya",
        "start": "tomorrow",
    }
    answer(Page(home), **given)
    again = Page(home)
    assert {name: again.form.values[name] for name in given} == given
    assert set(again.form.notes) == {"hours_a_week", "start"}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("hours_a_week", None),
        ("hours_a_week", 41),
        ("start", "23.11.2026"),
        ("start", ""),
        ("days", []),
        ("self_test", "1-4"),
        ("savings_months", -1),
        ("country", "<b>"),
        ("language", ""),
        ("path", None),
    ],
)
def test_a_wrong_answer_is_told_at_its_field_and_makes_no_plan(home, field, wrong):
    page = answer(Page(home), **{field: wrong})
    assert list(page.form.notes) == [field]
    message, _ = press(page, "plan")
    assert message["state"] == "bad"
    assert Inputs.model_fields[field].description in message["status"]
    assert not (home / "roadmap.md").exists()


def test_a_mended_answer_is_not_told_any_more(home):
    page = answer(Page(home), hours_a_week=0)
    assert answer(page, hours_a_week=3).form.notes == {}


def test_the_button_shows_the_plan_and_saves_its_files(home):
    page = answer(Page(home), country="Kenya", start="2026-11-23", self_test="1; 1.2")
    message, _ = press(page, "plan")
    assert message["state"] == "good"
    assert "no pay figures for Kenya" in page.panel.html
    for shown_ in ("This week", "This month", "90 days", "data:image/svg+xml"):
        assert shown_ in page.panel.html
    assert "02 Tool proficiency: absent" in page.panel.html
    assert "Skipped by test-out" in page.panel.html
    assert page.plan.inputs.self_test == ("1", "1.2")
    assert {name: (home / name).read_bytes() for name in FILES} == roadmap.files(page.plan)
    calendar = icalendar.Calendar.from_ical((home / "roadmap.ics").read_bytes())
    assert len(calendar.walk("VEVENT")) == len(page.plan.sessions) + 3


def test_each_file_is_handed_out_as_it_is_saved(home):
    page = Page(home)
    press(page, "plan")
    for name in FILES:
        message, [content] = press(page, "file", name)
        assert (message["download"], content) == (name, (home / name).read_bytes())
    assert press(page, "file", "../planner.json")[0]["download"] is None
    (home / "roadmap.ics").unlink()
    assert "make the plan again" in press(page, "file", "roadmap.ics")[0]["status"]


def test_a_plan_that_was_written_in_is_kept_beside_the_new_one(home):
    page = Page(home)
    press(page, "plan")
    ticked = (home / "roadmap.md").read_text().replace("- [ ]", "- [x]", 1)
    (home / "roadmap.md").write_text(ticked)
    message, _ = press(answer(page, country="Kenya"), "plan")
    assert "roadmap.mine-1.md" in message["status"]
    assert (home / "roadmap.mine-1.md").read_text() == ticked
    assert "Kenya" in (home / "roadmap.md").read_text()
    press(answer(page, country="Chile"), "plan")
    assert not (home / "roadmap.mine-2.md").exists()


def test_an_old_plan_begins_again_today(home):
    press(answer(Page(home), start="2026-01-05"), "plan")
    page = Page(home)
    assert "Plan again from today" in page.panel.html
    press(page, "today")
    assert page.plan.inputs.start == date.today()
    assert Page(home).form.values["start"] == date.today().isoformat()
    assert "Plan again from today" not in page.panel.html


def test_two_pages_lose_nothing_of_each_other(home):
    one, two = Page(home), Page(home)
    answer(one, country="Kenya")
    answer(two, language="Deutsch")
    values = Page(home).form.values
    assert (values["country"], values["language"]) == ("Kenya", "Deutsch")


@pytest.mark.parametrize("broken", ["{", "[]", '{"inputs": {"days": {}}, "made": []}'])
def test_a_file_that_cannot_be_read_is_kept_aside(home, broken):
    (home / FILE).write_text(broken)
    answer(Page(home), country="Kenya")
    assert Page(home).form.values["country"] == "Kenya"
    assert (home / f"{FILE}.broken-1").read_text() == broken


def test_strange_values_are_left_out_and_the_rest_is_taken(home):
    data = {"inputs": {"country": "Kenya", "days": [1], "goal": {}, "other": 1}, "made": {}}
    (home / FILE).write_text(json.dumps(data))
    page = Page(home)
    assert page.form.notes == {}
    assert page.form.values["country"] == "Kenya"
    assert page.form.values["days"] == ["Mon", "Wed", "Sat"]


def test_a_disk_that_refuses_is_told_at_the_field(home, monkeypatch):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    page = Page(home)
    monkeypatch.setattr(planner_form.answers, "replace", refuse)
    answer(page, country="Kenya")
    assert "The disk is full" in page.form.notes["country"]
    assert press(page, "plan")[0]["state"] == "bad"


def test_measured_test_outs_are_named(home):
    results.record("test-out/1.4", results.Evidence(score=1, passed=True, metric="share", n=1))
    [field] = [f for f in Page(home).form.spec["fields"] if f["name"] == "self_test"]
    assert "1.4" in field["help"]


def test_the_passport_carries_answers_and_plan(home, tmp_path):
    press(answer(Page(home), country="Kenya"), "plan")
    other = tmp_path / "other"
    other.mkdir()
    portable.restore(other, portable.passport_bytes(home))
    assert Page(other).form.values["country"] == "Kenya"
    assert (other / "roadmap.ics").read_bytes() == (home / "roadmap.ics").read_bytes()


def test_the_start_module_shows_it_in_a_frame(home):
    page = start.roadmap()
    assert repr(page) == "start.roadmap: run this cell"
    assert "application/vnd.jupyter.widget-view+json" in page._repr_mimebundle_()


def test_made_files_keep_what_was_there_before_without_a_record(tmp_path):
    (tmp_path / "a.md").write_text("mine")
    assert made_files.put(tmp_path, {"a.md": b"new"}, {}) == {"a.md": "a.mine-1.md"}
    assert made_files.put(tmp_path, {"a.md": b"new"}, {}) == {}
    assert (tmp_path / "a.mine-1.md").read_text() == "mine"


def test_the_public_plan_leaves_out_money_and_place(home):
    page = answer(Page(home), country="Kenya", savings_months=1, goal="a change of job")
    press(page, "plan")
    whole = (home / "roadmap.md").read_text()
    public = roadmap.public(whole)
    for private in ("Kenya", "savings", "Months you can live"):
        assert private in whole
        assert private not in public
    assert "## This week" in public
    assert "## Week 1" in public

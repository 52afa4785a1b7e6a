"""The planner and what it writes: Markdown, a page, a calendar, a timeline."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from labelschool import course
from labelschool.career import roadmap
from labelschool.career.planner import (
    LABELS,
    OUTLINE,
    PACES,
    UNTIMED,
    WEEKDAYS,
    Inputs,
    duration,
    plan,
    savings_end,
    written,
)
from labelschool.career.planner.advice import SEARCH_WEEKS
from labelschool.career.planner.inputs import DOMAINS
from labelschool.career.planner.schedule import REST
from labelschool.home import progress, results
from labelschool.home.progress import ModuleProgress, Progress, Step, name_of
from labelschool.home.results import TEST_OUT, Entry, Evidence, Results

MONDAY = date(2026, 11, 23)


def lesson(number: str, title: str, minutes: float, **more) -> Step:
    slug = f"{number.replace('.', '-')}-{title.lower()}"
    return Step(slug, "lesson", title, f"{slug}.ipynb", minutes, **more)


MAPPED = lesson("1.3", "Mapped", 40, core=True)
BOXES = Step("1.A", "exercise", "Boxes", "x.ipynb", 20, core=True)
COST = lesson("1.4", "Cost", 40)
NOTE = Step("A1.e", "assignment", "Note", "assignment.ipynb", 25)
QUIZ = Step("Quiz 1", "quiz", "(10 questions)", "x.ipynb")
FIRST = ModuleProgress("01-foundation", "Foundation", (MAPPED, BOXES, COST, NOTE, QUIZ))
SMALL = Progress("Small", (FIRST,))


def inputs(**given_) -> Inputs:
    return Inputs(**{"start": MONDAY, "hours_a_week": 3} | given_)


def planned(*, of: Progress = SMALL, measured: Results | None = None, **given_):
    return plan(inputs(**given_), of, measured or Results())


def steps_of(made) -> list[str]:
    return [p.step.id for s in made.sessions for p in s.pieces if p.last]


def outcome(number: str, *, passed: bool) -> Results:
    evidence = Evidence(score=float(passed), passed=passed, metric="share", n=10)
    return Results(entries={TEST_OUT + number: Entry(last=evidence, best=evidence)})


# For any learner and any course -----------------------------------------------------------------

STATES = st.sampled_from(["empty", "started", "done"])
MINUTES = st.integers(0, 240) | st.floats(0, 240)


@st.composite
def courses(draw) -> Progress:
    """A course of up to five modules; steps of all kinds, some begun, some done."""
    modules = []
    for number, title in enumerate(OUTLINE.values(), 1):
        steps = []
        for place in range(draw(st.integers(0, 6))):
            minutes = draw(MINUTES)
            state = draw(STATES)
            steps.append(
                Step(
                    f"{number}-{place}-step",
                    draw(st.sampled_from(["lesson", "exercise", "assignment", "quiz"])),
                    f"Step {number}.{place}",
                    "x.ipynb",
                    minutes,
                    minutes if state == "done" else draw(st.floats(0, minutes)),
                    draw(st.booleans()),
                    state,
                )
            )
        modules.append(ModuleProgress(f"0{number}-module", title, tuple(steps)))
    return Progress("Any", tuple(modules))


LEARNERS = st.builds(
    Inputs,
    hours_a_week=st.floats(1, 40),
    start=st.dates(date(2020, 1, 1), date(2100, 1, 1)),
    days=st.lists(st.sampled_from(WEEKDAYS), min_size=1).map(tuple),
    path=st.sampled_from(["core", "full"]),
    goal=st.sampled_from(list(LABELS["goal"])),
    domain=st.sampled_from(list(LABELS["domain"])),
    skills=st.lists(st.sampled_from(list(LABELS["skills"]))).map(tuple),
    self_test=st.lists(st.sampled_from(["1", "2.1", "3", "5.2"])).map(tuple),
    savings_months=st.floats(0, 120),
    country=st.sampled_from(["United States", "Kenya", "Côte d'Ivoire"]),
    language=st.sampled_from(["English", "Português"]),
    device=st.sampled_from(list(LABELS["device"])),
)
MEASURED = st.builds(Results, time_factor=st.sampled_from([1, 1.25, 1.5, None]))
PLANS = st.builds(plan, LEARNERS, courses(), MEASURED)


@given(LEARNERS, courses(), MEASURED)
def test_the_same_inputs_give_the_same_plan_and_files(learner, whole, measured):
    again = Inputs(**{**learner.model_dump(), "days": tuple(reversed(learner.days)) * 2})
    first, second = plan(learner, whole, measured), plan(again, whole, measured)
    assert first == second
    assert roadmap.files(first) == roadmap.files(second)


@given(PLANS)
def test_study_happens_on_the_given_days_in_order_and_never_before_the_start(made):
    days = [session.day for session in made.sessions]
    assert all(earlier < later for earlier, later in pairwise(days))
    assert all(WEEKDAYS[day.weekday()] in made.inputs.days for day in days)
    assert all(day >= made.inputs.start for day in days)
    assert all(session.pieces for session in made.sessions)


@given(PLANS)
def test_no_seven_days_hold_more_than_the_hours_of_a_week(made):
    for session in made.sessions:
        until = session.day + timedelta(days=7)
        spent = sum(s.minutes for s in made.sessions if session.day <= s.day < until)
        assert spent <= made.inputs.hours_a_week * 60
    assert all(week.minutes <= made.inputs.hours_a_week * 60 for week in made.weeks)


@given(LEARNERS, courses(), MEASURED)
def test_the_minutes_are_those_the_course_has_left(learner, whole, measured):
    made = plan(learner, whole, measured)
    factor = measured.time_factor or UNTIMED
    by_step: dict[str, int] = {}
    for session in made.sessions:
        for piece in session.pieces:
            by_step[piece.step.id] = by_step.get(piece.step.id, 0) + piece.minutes
    for step in whole.steps:
        if step.id in by_step:
            left = (step.minutes - step.minutes_done) * factor
            assert left - 1e-5 <= by_step[step.id] < left + 1
    assert made.minutes == sum(by_step.values()) == sum(week.minutes for week in made.weeks)
    for milestone in made.milestones:
        before = sum(s.minutes for s in made.sessions if s.day <= milestone.due)
        reached = [m.minutes for m in made.milestones if m.due <= milestone.due]
        assert sum(reached) == before


@given(LEARNERS, courses(), MEASURED)
def test_every_open_step_is_planned_once_or_skipped_in_the_order_of_the_course(
    learner, whole, measured
):
    made = plan(learner, whole, measured)
    wanted = [s for s in whole.steps if s.state != "done" and (s.core or learner.path == "full")]
    skipped = [s for s in wanted if name_of(s) in made.skipped]
    assert steps_of(made) == [s.id for s in wanted if s not in skipped]
    assert all(s.kind == "lesson" for s in skipped)
    assert made.skipped == tuple(name_of(s) for s in skipped)


@given(PLANS)
def test_milestones_are_in_order_and_name_what_is_finished_by_then(made):
    assert [m.name for m in made.milestones] == ["This week", "This month", "90 days"]
    assert [(m.due - made.inputs.start).days for m in made.milestones] == [6, 29, 89]
    assert all(m.actions for m in made.milestones)
    named = [name for milestone in made.milestones for name in milestone.steps]
    last = made.milestones[-1].due
    done = [p.name for s in made.sessions if s.day <= last for p in s.pieces if p.last]
    assert named == done


@given(PLANS)
def test_a_cut_step_goes_on_the_next_day_and_ends_with_more_than_a_scrap(made):
    least = min(REST, made.inputs.minutes_a_day)
    pieces = [piece for session in made.sessions for piece in session.pieces]
    for piece, following in pairwise(pieces):
        if not piece.last:
            assert following.step is piece.step
            assert piece.minutes >= 1
            assert following.minutes >= least or not following.last
    assert all(piece.last for session in made.sessions for piece in session.pieces[:-1])


@given(LEARNERS, courses(), MEASURED)
def test_absent_modules_are_named_and_nothing_of_them_is_planned(learner, whole, measured):
    made = plan(learner, whole, measured)
    empty = {module.folder[:2] for module in whole.modules if not module.steps}
    assert {name[:2] for name in made.absent} == empty
    assert not {p.module[:2] for s in made.sessions for p in s.pieces} & empty
    said = " ".join(made.risks)
    assert all(name in said for name in made.absent)


@given(PLANS)
def test_the_files_of_any_plan_are_well_formed(made):
    ElementTree.fromstring(roadmap.timeline(made))
    found = icalendar.Calendar.from_ical(roadmap.calendar(made))
    assert len(found.walk("VEVENT")) == len(made.sessions) + len(made.milestones)
    text, page = roadmap.markdown(made), roadmap.page(made)
    for risk in made.risks:
        assert risk in text
    assert page.count("☐") == text.count("- [ ]")


# One learner ------------------------------------------------------------------------------------


def test_there_are_twelve_inputs_and_each_asks_its_question():
    assert len(Inputs.model_fields) == 12
    assert all(field.description for field in Inputs.model_fields.values())


def test_each_choice_has_a_name_for_the_form():
    schema = Inputs.model_json_schema()["properties"]
    for field, labels in LABELS.items():
        values = schema[field].get("enum") or schema[field]["items"]["enum"]
        assert set(values) == set(labels)


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours_a_week": 0},
        {"hours_a_week": 41},
        {"hours_a_week": math.nan},
        {"days": ()},
        {"days": ("Noday",)},
        {"country": "<script>"},
        {"country": "A\nBEGIN:VEVENT"},
        {"country": ""},
        {"language": "x" * 61},
        {"self_test": ("1-4",)},
        {"savings_months": -1},
        {"start": date(2150, 1, 1)},
        {"thirteenth": 1},
    ],
)
def test_inputs_that_make_no_plan_are_refused(wrong):
    with pytest.raises(ValidationError):
        inputs(**wrong)


@pytest.mark.parametrize("name", ["Côte d'Ivoire", "Türkiye", "Korea (South)", "Trinidad/Tobago"])
def test_names_of_countries_are_taken(name):
    assert inputs(country=f" {name} ").country == name


def test_a_day_holds_its_share_and_the_rest_of_a_step_comes_first_on_the_next():
    made = planned(hours_a_week=2, days=("Mon", "Sat"))
    assert [(s.day, [(p.step.id, p.minutes) for p in s.pieces]) for s in made.sessions] == [
        (MONDAY, [(MAPPED.id, 40), ("1.A", 20)]),
        (MONDAY + timedelta(days=5), [(COST.id, 40)]),
        (MONDAY + timedelta(days=7), [("A1.e", 25), ("Quiz 1", 0)]),
    ]
    cut = planned(hours_a_week=3, days=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat"))
    assert [(p.step.id, p.minutes, p.last) for s in cut.sessions[:3] for p in s.pieces] == [
        (MAPPED.id, 30, False),
        (MAPPED.id, 10, True),
        ("1.A", 20, True),
        (COST.id, 30, False),
    ]


def test_hours_that_do_not_divide_are_rounded_down():
    long = Progress("Long", (replace(FIRST, steps=(replace(COST, minutes=600),)),))
    made = planned(of=long, hours_a_week=1, days=WEEKDAYS)
    assert made.inputs.minutes_a_day == 8
    assert max(week.minutes for week in made.weeks) == 56


def test_the_core_path_leaves_out_the_rest():
    assert steps_of(planned(path="core")) == [MAPPED.id, "1.A"]


def test_a_passed_test_out_skips_lessons_and_keeps_exercises():
    assert planned(self_test=("1.4",)).skipped == ("1.4 Cost",)
    module = planned(self_test=("1",))
    assert module.skipped == ("1.3 Mapped", "1.4 Cost")
    assert steps_of(module) == ["1.A", "A1.e", "Quiz 1"]
    assert planned(self_test=("2", "1.40")).skipped == ()


def test_a_measured_test_out_counts_when_it_is_passed():
    assert planned(measured=outcome("1.4", passed=True)).skipped == ("1.4 Cost",)
    assert planned(measured=outcome("1.4", passed=False)).skipped == ()
    assert planned(measured=outcome("1", passed=True)).skipped == (), "its lessons count"


def test_a_finished_course_has_milestones_and_no_study():
    done = tuple(replace(s, state="done", minutes_done=s.minutes) for s in FIRST.steps)
    made = planned(of=Progress("Done", (replace(FIRST, steps=done),)))
    assert made.sessions == ()
    assert made.finish is None
    assert made.minutes == 0
    assert len(made.milestones) == 3
    assert "Nothing of the course" in roadmap.summary(made)
    assert roadmap.files(made)


def test_the_time_factor_stretches_the_minutes_and_says_so():
    assert planned(measured=Results(time_factor=1.25)).minutes == 50 + 25 + 50 + 32
    slow = planned(measured=Results(time_factor=None))
    assert slow.minutes == 60 + 30 + 60 + 38
    assert any("1.5 times" in line for line in slow.advice)
    assert not any("times" in line for line in planned().advice)


def test_the_hours_of_a_pace_are_enough_for_the_course():
    def left(minutes):
        return Progress("Left", (replace(FIRST, steps=(replace(COST, minutes=minutes),)),))

    assert planned().paces == ()
    assert "Other paces" not in roadmap.markdown(planned())
    made = planned(of=left(60 * PACES[1]))
    assert made.paces == ((12, 1.5), (18, 1.0))
    made = planned(of=left(60 * PACES[-1] + 1))
    assert [weeks for weeks, _ in made.paces] == list(PACES)
    assert "Other paces" in roadmap.markdown(made)
    for weeks, hours in made.paces:
        assert hours * 60 * weeks >= made.minutes > (hours - 0.1) * 60 * weeks


def test_known_skills_point_to_the_test_out_and_unknown_ones_to_more_time():
    made = planned(skills=("sql", "api"))
    [tip] = [line for line in made.advice if "test-out" in line]
    assert "API development and SQL" in tip
    assert "Mapped" in tip
    [gap] = [line for line in made.risks if "Mapped" in line]
    assert "system architecture, DevOps and cloud platforms" in gap
    everything = planned(skills=("sql", "api", "devops", "cloud", "architecture"))
    assert not any("did not tick" in line for line in everything.risks)
    skipped = planned(skills=("sql",), self_test=("1.3",))
    assert not any("Mapped" in line for line in (*skipped.advice, *skipped.risks))


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ({"country": "Kenya"}, "no pay figures for Kenya"),
        ({"goal": "side"}, "US Bureau of Labor Statistics, May 2024"),
        ({"goal": "switch", "savings_months": 1}, "Your savings last until Wed 23 December 2026"),
        ({"goal": "lead"}, "You have no savings"),
        ({"device": "phone"}, "annotate on a computer"),
        ({"device": "tablet"}, "finger"),
        ({"device": "binder"}, "passport"),
        ({"language": "Português"}, "not in Português"),
        ({"domain": "medical"}, "no certificate"),
        ({"hours_a_week": 40, "days": ("Mon",), "path": "full"}, "Your longest day has 2 h 05"),
        ({"hours_a_week": 1, "days": ("Mon",), "start": MONDAY}, None),
    ],
)
def test_a_risk_is_named_where_it_is_and_nowhere_else(given_, said):
    quiet = planned(skills=tuple(LABELS["skills"])).risks
    assert [line[:7] for line in quiet] == ["Not in "]
    risks = planned(skills=tuple(LABELS["skills"]), **given_).risks
    assert (said is None and risks == quiet) or any(said in line for line in risks)


def test_a_course_longer_than_ninety_days_says_how_much_is_left():
    long = Progress("Long", (replace(FIRST, steps=(replace(COST, minutes=1200),)),))
    made = planned(of=long, hours_a_week=1, days=("Mon",))
    [risk] = [line for line in made.risks if "after 90 days" in line]
    late = sum(s.minutes for s in made.sessions if s.day > made.milestones[-1].due)
    assert duration(late) in risk
    assert made.milestones[-1].steps == ()


def test_savings_that_outlast_plan_and_search_are_no_risk():
    made = planned(goal="switch", savings_months=120)
    assert not any("savings" in line for line in made.risks)
    short = planned(goal="switch", savings_months=2)
    search = timedelta(weeks=SEARCH_WEEKS)
    warned = any("savings" in line for line in short.risks)
    assert warned == (savings_end(short.inputs) < short.finish + search)


def test_trying_it_out_ends_in_a_decision_and_not_in_applications():
    last = planned(goal="try").milestones[-1].actions
    assert any("Stop is a success" in action for action in last)
    assert not any("applications" in action for action in last)
    assert any("applications" in a for a in planned(goal="lead").milestones[-1].actions)


def test_what_a_domain_reads_is_cited():
    facts = json.loads((course.root() / "content" / "facts.json").read_text(encoding="utf-8"))
    cited = {fact["id"] for fact in facts["facts"]}
    assert {domain.fact for domain in DOMAINS.values()} | {"F63", "F67"} <= cited
    actions = planned(domain="driving").milestones[1].actions
    assert any(DOMAINS["driving"].reading in action for action in actions)


def test_a_module_that_is_built_takes_over_its_tasks():
    second = ModuleProgress("02-tools", "Tools", (lesson("2.1", "Anatomy", 45),))
    both = planned(of=Progress("Two", (FIRST, second)))
    assert "2-1-anatomy" in steps_of(both)
    assert not any("100 pictures" in action for action in both.milestones[1].actions)
    assert any("100 pictures" in action for action in planned().milestones[1].actions)


def test_minutes_follow_the_manifest_and_unwritten_lessons_are_absent(home, small_course):
    before = plan(inputs(), progress.read(home), Results())
    assert steps_of(before) == ["read-me", "draw-me", "1.A", "A1.e", "Quiz 1"]
    assert before.minutes == 10 + 15 + 5 + 20 + 25
    path = small_course / "course.yml"
    text = path.read_text(encoding="utf-8").replace("counted: {minutes: 20", "counted: {minutes: 9")
    path.write_text(text, encoding="utf-8")
    course._load.cache_clear()
    assert plan(inputs(), progress.read(home), Results()).minutes == before.minutes - 11


def test_work_that_is_done_leaves_the_next_plan(home, monkeypatch):
    monkeypatch.chdir(home)
    (home / results.FILE).write_text(outcome("1.1", passed=True).model_dump_json(by_alias=True))
    made = plan(inputs(), progress.read(home), results.read(home))
    assert made.skipped == ("Read",)


# The files --------------------------------------------------------------------------------------


def test_the_calendar_has_what_rfc_5545_requires():
    made = planned(country="Kenya", domain="medical", goal="switch")
    text = roadmap.calendar(made)
    lines = text.split("\r\n")
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    unfolded = text.replace("\r\n ", "").split("\r\n")
    assert unfolded[0] == "BEGIN:VCALENDAR"
    assert unfolded[-2] == "END:VCALENDAR"
    for required in ("VERSION:2.0", "PRODID:-//Label School//Planner//EN"):
        assert unfolded.count(required) == 1
    events = "\n".join(unfolded).split("BEGIN:VEVENT\n")[1:]
    for event in events:
        for required in ("UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:"):
            assert len(re.findall(f"^{required}", event, re.M)) == 1
        assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z$", event, re.M)
    uids = re.findall(r"^UID:(.+)$", "\n".join(unfolded), re.M)
    assert len(uids) == len(set(uids)) == len(made.sessions) + 3


def test_the_calendar_says_the_same_to_another_reader():
    made = planned(domain="medical")
    found = icalendar.Calendar.from_ical(roadmap.calendar(made))
    events = found.walk("VEVENT")
    assert [event["DTSTART"].dt for event in events] == [
        *(session.day for session in made.sessions),
        *(milestone.due for milestone in made.milestones),
    ]
    assert all(e["DTEND"].dt - e["DTSTART"].dt == timedelta(days=1) for e in events)
    assert str(events[0]["SUMMARY"]) == "Label School: 1.3 Mapped and 1 more (1 h 00)"
    assert str(events[0]["DESCRIPTION"]).split("\n")[0] == "1.3 Mapped (40 min)"
    month = str(events[-2]["DESCRIPTION"]).split("\n")
    assert month == [
        *(f"Finish {s}" for s in made.milestones[1].steps),
        *made.milestones[1].actions,
    ]


def test_text_in_the_calendar_is_escaped():
    step = replace(COST, title=r"a, b; c\d")
    text = roadmap.calendar(planned(of=Progress("C", (replace(FIRST, steps=(step,)),))))
    assert r"SUMMARY:Label School: 1.4 a\, b\; c\\d (40 min)" in text


def test_another_plan_has_other_uids():
    def uids(made):
        return set(re.findall(r"UID:(\S+)", roadmap.calendar(made)))

    assert not uids(planned()) & uids(planned(country="Kenya"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_folding_cuts_no_character_and_keeps_within_75_octets(line):
    folded = roadmap.fold(line)
    assert folded.replace("\r\n ", "") == line
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))


def test_a_full_line_is_not_folded_and_one_octet_more_is():
    assert "\r\n" not in roadmap.fold("x" * 75)
    assert roadmap.fold("x" * 76) == "x" * 75 + "\r\n x"


class Closed(HTMLParser):
    """Fails on a tag that is not closed in order, and collects what the page loads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        self.loads += [value for name, value in attrs if name in ("src", "href")]

    def handle_startendtag(self, tag, attrs):
        self.loads += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_loads_nothing():
    hostile = replace(COST, title="<b>Cost</b> & 'more'")
    made = planned(of=Progress("Small", (replace(FIRST, steps=(hostile,)),)))
    page = roadmap.page(made)
    read = Closed(page)
    assert read.open == []
    assert read.loads == []
    assert "<b>Cost" not in page
    assert "&lt;b&gt;Cost&lt;/b&gt; &amp;" in page
    assert "lang='en'" in page
    assert "@media print" in page


def test_the_timeline_has_a_bar_for_each_day_of_each_kind_and_words_for_all():
    made = planned()
    picture = ElementTree.fromstring(roadmap.timeline(made))
    label = picture.attrib["aria-label"]
    assert picture.attrib["role"] == "img"
    space = "{http://www.w3.org/2000/svg}"
    texts = [text.text for text in picture.iter(f"{space}text")]
    for words in ("01 lessons", "01 exercises", "01 assignment, quiz"):
        assert words in texts
        assert words in label
    for milestone in made.milestones:
        assert milestone.name in texts
        assert milestone.name in label
    kinds = {"lesson": 1, "exercise": 2, "assignment": 3, "quiz": 3}
    bars = {(s.day, kinds[p.step.kind]) for s in made.sessions for p in s.pieces}
    drawn = list(picture.iter(f"{space}rect"))[1:]
    assert len(drawn) == len(bars)
    width = float(picture.attrib["width"])
    assert all(float(b.attrib["x"]) + float(b.attrib["width"]) <= width for b in drawn)


def test_a_bar_is_as_tall_as_the_day_is_long():
    lessons = tuple(lesson(f"1.{n}", f"L{n}", 30) for n in range(3))
    made = planned(
        of=Progress("L", (replace(FIRST, steps=lessons),)), hours_a_week=1, days=("Mon",)
    )
    assert [session.minutes for session in made.sessions] == [60, 30]
    picture = ElementTree.fromstring(roadmap.timeline(made))
    bars = list(picture.iter("{http://www.w3.org/2000/svg}rect"))[1:]
    first, second = (float(bar.attrib["height"]) for bar in bars)
    assert first == 2 * second


def test_markdown_lists_every_day_every_answer_and_the_picture_beside_it():
    made = planned(country="Kenya", goal="switch", skills=("sql",))
    text = roadmap.markdown(made)
    for session in made.sessions:
        assert f"- [ ] {written(session.day)}: " in text
    assert f"({roadmap.PICTURE})" in text
    assert "Country you would be paid in: Kenya" in text
    assert "What you want from it: a change of job" in text
    assert "Skipped by test-out" not in text
    assert "## Skipped by test-out\n\n- 1.4 Cost" in roadmap.markdown(planned(self_test=("1.4",)))


def test_what_has_no_minutes_of_its_own_shows_none():
    only = planned(of=Progress("Quiz", (replace(FIRST, steps=(QUIZ,)),)))
    assert only.finish == MONDAY
    for text in (roadmap.markdown(only), roadmap.calendar(only)):
        assert "Quiz 1 (10 questions)" in text
        assert "(0 min" not in text


def test_saving_writes_the_four_files_again_and_again(tmp_path):
    roadmap.save(planned(), tmp_path)
    made = planned(country="Kenya")
    paths = roadmap.save(made, tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(p.name for p in paths)
    assert {p.name: p.read_bytes() for p in paths} == roadmap.files(made)

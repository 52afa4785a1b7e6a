"""The start page's objects: the map, the panels and the kernels, without a browser."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest

from labelschool import answers, front_end, start
from labelschool.career import planner
from labelschool.errors import LabelSchoolError
from labelschool.home import portable, progress, results, workspace
from labelschool.home.results import Evidence
from labelschool.model import Box, ItemAnswer
from labelschool.pages import kernels
from labelschool.pages.kernels import Kernel, NoServer, Server

LESSON = "01-foundation/draw-me.ipynb"


@pytest.fixture(autouse=True)
def in_home(home, monkeypatch):
    """The start page runs in the work folder, and no server of this machine is asked."""
    monkeypatch.chdir(home)
    monkeypatch.setattr(kernels, "own_server", lambda: Server("http://x/", "t", home.parent))
    for name in ("BINDER_SERVICE_HOST", "BINDER_REF_URL"):
        monkeypatch.delenv(name, raising=False)


def draw(home, *, pool="counted", done=True):
    box = Box(id="b", label="car", bbox=(0, 0, 5, 5))
    edits = {n: ItemAnswer(item=n, annotations=(box,), done=done) for n in ("boxes-1", "boxes-2")}
    file = answers.AnswerFile("1.A", pool, "G1.v1", home / "01-foundation")
    file.save(edits, base=file.read().revision)
    return file


def scored(share, *, pool="counted", passed=None, mark=None):
    passed = share >= 0.7 if passed is None else passed
    evidence = Evidence(score=share, passed=passed, pass_mark=mark, metric="DetScore", n=2)
    results.record(f"exercise/1.A/{pool}", evidence)


def step(home, name):
    return next(s for s in progress.read(home).steps if s.id == name)


class WellFormed(HTMLParser):
    """Fails on a tag that is not closed in order."""

    VOID = {"br", "input", "meta", "link"}

    def __init__(self):
        super().__init__()
        self.open, self.links = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "a":
            self.links.append(dict(attrs).get("href"))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(html):
    parser = WellFormed()
    parser.feed(html)
    assert parser.open == []
    return parser


# Map --------------------------------------------------------------------------------------------


def test_the_map_has_the_courses_order_and_not_what_was_never_written(home):
    found = progress.read(home)
    assert [s.id for s in found.steps] == ["read-me", "draw-me", "1.A", "A1.e", "Quiz 1"]
    assert [s.minutes for s in found.steps] == [10, 15, 25, 25, 0]
    assert [s.core for s in found.steps] == [False, True, True, False, False]
    assert (found.minutes, found.minutes_done) == (75, 0)
    assert found.next_step.id == "read-me"


def run(home, name):
    """Save a notebook as JupyterLab does after a cell was run."""
    path = home / "01-foundation" / f"{name}.ipynb"
    path.write_text(json.dumps(json.loads(path.read_bytes()), indent=1), encoding="utf-8")


def test_an_unread_lesson_before_later_work_is_passed_over_and_stays_in_the_plan(home):
    draw(home)
    found = progress.read(home)
    assert (step(home, "read-me").state, step(home, "read-me").note) == ("empty", "passed over")
    assert found.minutes_done == 0
    assert found.next_step.id == "draw-me"
    made = planner.plan(planner.Inputs(start="2026-11-23"), found, results.read(home))
    assert "Read" in {piece.name for session in made.sessions for piece in session.pieces}
    assert "passed over" in start.map()._repr_html_()


def test_exercises_of_a_lesson_that_was_passed_over_are_not_the_next_step(home, kit):
    note = kit.notebook("# A note", "Dear colleague", grade_id="A1-e")
    (home / "01-foundation/assignment.ipynb").write_bytes(note)
    assert progress.read(home).next_step.id == "Quiz 1"
    results.record("quiz/1", Evidence(score=1, passed=True, metric="quiz", n=10))
    assert progress.read(home).next_step.id == "read-me", "nothing else is left"


def test_a_lesson_without_exercises_is_done_once_it_was_run(home):
    run(home, "read-me")
    assert step(home, "read-me").state == "done"
    assert progress.read(home).minutes_done == 10
    assert progress.read(home).next_step.id == "draw-me"


def test_an_answered_question_tells_that_a_lesson_was_run(home, small_course):
    """A passport carries answers, and no notebook that nobody edited."""
    lessons = small_course / "content" / "lessons" / "01-foundation"
    text = lessons.joinpath("read-me.md").read_text(encoding="utf-8")
    number = re.search(r'lesson: "?([\d.]+)', text)[1]
    given = results.Given(answer="a", right=True)
    kept = results.Results(asked={f"{number}/x": results.Asked(first=given, last=given)})
    (home / results.FILE).write_text(kept.model_dump_json(by_alias=True), encoding="utf-8")
    assert step(home, "read-me").state == "done"


def test_exercises_of_the_core_path_decide_whether_a_lesson_is_done(home, small_course):
    """A lesson whose other exercises are left for later is not planned again."""
    manifest = small_course / "course.yml"
    text = manifest.read_text(encoding="utf-8")
    pools = re.search(r"      - id: 1\.A\n(?:        .*\n)+", text)[0]
    manifest.write_text(text.replace(pools, pools + pools.replace("1.A", "1.B")), encoding="utf-8")
    lesson = small_course / "content/lessons/01-foundation/draw-me.md"
    lesson.write_text(lesson.read_text() + '\nexercise("1.B")\n', encoding="utf-8")
    draw(home)
    scored(0.9)
    assert step(home, "1.B").state == "empty"
    assert step(home, "draw-me").state == "done"
    assert progress.read(home).next_step.id == "1.B"
    results.record("quiz/1", Evidence(score=1, passed=True, metric="quiz", n=10))
    assert step(home, "1.B").note == "passed over"
    assert progress.read(home).next_step.id == "A1.e"


def test_an_exercise_goes_from_open_over_begun_to_done(home):
    assert step(home, "1.A").state == "empty"
    draw(home)
    assert step(home, "1.A").state == "started"
    scored(0.5, mark=0.63)
    assert (step(home, "1.A").state, step(home, "1.A").note) == ("started", "50%, 63% passes")
    scored(0.8)
    assert (step(home, "1.A").state, step(home, "1.A").note) == ("done", "80%, passed")
    assert step(home, "1.A").minutes_done == 25
    assert step(home, "draw-me").state == "done"


def test_practice_of_an_earlier_lesson_is_a_step_of_its_own(home, small_course):
    """The lesson is done with its practice; the counted pool waits where it is asked for."""
    text = small_course / "content/lessons/01-foundation/read-me.md"
    text.write_text(text.read_text() + '\nexercise("1.A", pool="practice")\n', encoding="utf-8")
    found = progress.read(home)
    steps = [(s.id, s.title, s.minutes) for s in found.steps if s.id == "1.A"]
    assert steps == [("1.A", "First boxes, practice", 5), ("1.A", "First boxes, counted", 20)]
    assert found.minutes == 75
    draw(home, pool="practice")
    scored(0.4, pool="practice")
    assert step(home, "read-me").state == "done"
    assert step(home, "draw-me").state == "empty"
    assert progress.read(home).next_step.id == "draw-me"


def test_a_score_from_before_marks_were_kept_shows_none(home):
    draw(home)
    scored(0.5)
    assert step(home, "1.A").note == "50%"


def test_a_score_with_too_little_found_says_so(home):
    draw(home)
    scored(0.72, passed=False)
    assert step(home, "1.A").note == "72%, more of the objects have to be found"


def test_used_attempts_end_an_exercise(home):
    file = draw(home)
    for number in range(2):
        file.save({"boxes-1": ItemAnswer(item="boxes-1", active_ms=number)}, file.read().revision)
        file.add_attempt()
    scored(0.5)
    assert step(home, "1.A").note == "50%, attempts used"
    assert step(home, "1.A").state == "done"


def test_practice_alone_counts_its_minutes(home):
    draw(home, pool="practice")
    scored(0.4, pool="practice")
    assert (step(home, "1.A").state, step(home, "1.A").minutes_done) == ("started", 5)


def test_practice_checked_early_is_begun(home):
    """A score recorded when items were still open does not make the practice done."""
    box = Box(id="b", label="car", bbox=(0, 0, 5, 5))
    file = answers.AnswerFile("1.A", "practice", "G1.v1", home / "01-foundation")
    file.save({"boxes-1": ItemAnswer(item="boxes-1", annotations=(box,))}, base=0)
    scored(0.4, pool="practice")
    assert (step(home, "1.A").state, step(home, "1.A").minutes_done) == ("started", 0)


def test_without_the_truth_all_items_done_is_done(home, small_course):
    (small_course / "datasets/boxes/truth/counted.json").unlink()
    draw(home, done=False)
    assert step(home, "1.A").state == "started"
    draw(home, done=True)
    assert step(home, "1.A").state == "done"


def test_a_damaged_answer_is_told_and_stops_nothing(home, kit):
    kit.write(home / "01-foundation/answers/1.A.json", "{")
    assert step(home, "1.A").state == "started"
    assert "labelschool check 1.A" in step(home, "1.A").note


def test_a_written_part_is_done_when_the_text_differs(home, kit):
    path = home / "01-foundation/assignment.ipynb"
    assert step(home, "A1.e").state == "empty"
    path.write_bytes(kit.notebook("# A note", "  YOUR ANSWER HERE\n", grade_id="A1-e"))
    assert step(home, "A1.e").state == "empty"
    path.write_bytes(kit.notebook("# A note", "Dear colleague", grade_id="A1-e"))
    assert step(home, "A1.e").state == "done"


def test_the_quiz_is_done_when_passed(home):
    for share, state in ((0.5, "started"), (0.9, "done")):
        passed = share >= 0.8
        evidence = Evidence(score=share, passed=passed, metric="quiz", n=10)
        results.record("quiz/1", evidence)
        assert step(home, "Quiz 1").state == state


def test_the_map_numbers_lessons_and_says_what_is_coming(home, small_course, kit):
    lessons = small_course / "content" / "lessons" / "01-foundation"
    (lessons / "read-me.md").rename(lessons / "1-1-read.md")
    manifest = small_course / "course.yml"
    text = manifest.read_text(encoding="utf-8").replace("read-me", "1-1-read")
    manifest.write_text(text.replace("core: [", "core: [1-1-read, "), encoding="utf-8")
    html = start.map()._repr_html_()
    assert "Next: 1.1 Read" in html
    assert "1 h 15 min left, 50 min of it on the core path" in html
    assert "Assignment A1.e A note" in html
    coming = html.split("Coming")[1]
    assert re.findall(r"<td>(0\d) ", coming) == ["02", "03", "04", "05"]
    assert re.findall(r"ls-number'>(\d+)</td>", coming) == ["1", "0", "0", "0"]


def test_the_map_links_work_from_the_start_page_and_from_a_lesson(home, monkeypatch):
    parser = parsed(start.map()._repr_html_())
    assert parser.links[0] == "01-foundation/read-me.ipynb"
    assert all((home / link).is_file() for link in parser.links)
    monkeypatch.chdir(home / "01-foundation")
    parser = parsed(start.map()._repr_html_())
    assert parser.links[0] == "read-me.ipynb"
    assert all((home / "01-foundation" / link).is_file() for link in parser.links)


def test_a_deleted_lesson_is_listed_without_a_link(home):
    (home / LESSON).unlink()
    html = start.map()._repr_html_()
    assert "Draw" in html
    assert LESSON not in parsed(html).links


def test_in_the_courses_own_folder_lessons_are_linked_and_assignments_are_not(
    small_course, monkeypatch
):
    monkeypatch.chdir(small_course / "modules")
    links = parsed(start.map()._repr_html_()).links
    assert "01-foundation/read-me.ipynb" in links
    assert "01-foundation/assignment.ipynb" not in links


def test_the_end_of_the_course_has_no_next_step(home, kit):
    note = kit.notebook("# A note", "Dear colleague", grade_id="A1-e")
    (home / "01-foundation/assignment.ipynb").write_bytes(note)
    run(home, "read-me")
    draw(home)
    scored(0.9)
    results.record("quiz/1", Evidence(score=1, passed=True, metric="quiz", n=10))
    found = progress.read(home)
    assert found.next_step is None
    assert found.minutes_done == found.minutes
    assert "All done" in start.map()._repr_html_()


# Panels -----------------------------------------------------------------------------------------


@pytest.fixture
def panels(home, monkeypatch):
    monkeypatch.setattr(kernels, "running", lambda server: [kernel("a", 40), kernel("b", 5)])
    return {
        "check": start.check(),
        "kernels": start.kernels(),
        "passport": start.passport(),
        "submission": start.submission("01-foundation"),
    }


def kernel(name, minutes, *, state="idle", own=False):
    return Kernel(name, f"{name}.ipynb", state, minutes, 120.0, own)


def answer(panel, action, value="", buffers=()):
    """Send what the browser would send; what the panel tells it."""
    told = []
    panel.send = lambda message, buffers=None: told.append((message, buffers))
    panel._on_message(panel, {"action": action, "value": value}, list(buffers))
    return told[-1] if told else None


def test_what_a_notebook_keeps_names_no_place_and_no_time(panels, home):
    texts = [repr(panel) for panel in panels.values()] + [repr(start.map())]
    assert texts == [f"start.{name}: run this cell" for name in (*panels, "map")]
    for panel in panels.values():
        assert panel._repr_mimebundle_()[0]["text/plain"] == repr(panel)
    assert str(home) not in start.map()._repr_html_()


def test_every_panel_is_well_formed_and_names_its_buttons_actions(panels):
    for panel in panels.values():
        parsed(panel.html)
        for action in re.findall(r"data-action='([^']*)'", panel.html):
            assert action in panel._actions


def test_the_check_says_ok_for_widgets_after_the_page_said_hello(panels):
    assert "waiting for the page" in panels["check"].html
    answer(panels["check"], "hello")
    assert "waiting for the page" not in panels["check"].html
    assert "data-hello" not in panels["check"].html


def test_the_work_folder_is_offered_in_modules_only(small_course, panels, monkeypatch):
    assert "data-action='seed'" not in panels["check"].html
    other = small_course / "workspace"
    for path in sorted(other.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    monkeypatch.chdir(small_course / "modules")
    panel = start.check()
    assert "Make my work folder" in panel.html
    message, _ = answer(panel, "seed")
    assert (message["state"], workspace.is_workspace(other)) == ("good", True)
    assert "data-open='workspace/start-here.ipynb'" in panel.html


def test_a_passport_is_one_click_and_is_remembered(panels, home):
    draw(home)
    message, buffers = answer(panels["passport"], "take")
    assert message["download"] == "passport.zip"
    (home / "01-foundation/answers/1.A.json").unlink()
    portable.restore(home, buffers[0])
    assert (home / "01-foundation/answers/1.A.json").is_file()
    assert "Your last copy is from" in panels["passport"].html


def test_a_passport_in_pieces_is_put_together(panels, home):
    draw(home)
    content = portable.passport_bytes(home)
    saved = (home / "01-foundation/answers/1.A.json").read_bytes()
    (home / "01-foundation/answers/1.A.json").unlink()
    middle = len(content) // 2
    first, last = memoryview(content[:middle]), memoryview(content[middle:])
    panel = panels["passport"]
    answer(panel, "upload", {"first": True, "last": False}, [memoryview(b"left over")])
    assert answer(panel, "upload", {"first": True, "last": False}, [first]) is None
    message, _ = answer(panel, "upload", {"first": False, "last": True}, [last])
    assert message["state"] == "good"
    assert (home / "01-foundation/answers/1.A.json").read_bytes() == saved


def test_a_file_that_is_no_passport_is_one_sentence(panels):
    message, _ = answer(panels["passport"], "upload", {"first": True, "last": True}, [b"no zip"])
    assert message["state"] == "bad"
    assert "damaged or no zip" in message["status"]


def test_binder_is_said_to_forget(home, monkeypatch):
    monkeypatch.setenv("BINDER_SERVICE_HOST", "hub.example.org")
    assert "Binder forgets" in start.passport().html
    assert front_end.name() == "Binder"


def test_unfinished_work_is_named_before_it_is_handed_in(panels, home):
    panel = panels["submission"]
    assert "opens the reviews of 1.A: checks of these are practice from then on" in panel.html
    message, _ = answer(panel, "make", "Jörg")
    assert message["download"] is None
    assert "1.A First boxes: nothing is annotated yet." in panel.html
    assert not list(home.glob("labelschool-*.zip"))
    message, _ = answer(panel, "hand-in", "Jörg")
    assert message["download"] == "labelschool-01-foundation-Jörg.zip"
    assert (home / message["download"]).is_file()


def test_a_submission_wants_a_name(panels):
    message, _ = answer(panels["submission"], "make", "  ")
    assert (message["state"], "your name" in message["status"]) == ("bad", True)


def test_a_submission_of_no_module_is_one_sentence(home):
    with pytest.raises(LabelSchoolError, match="there is 01-foundation"):
        start.submission("07-nowhere")


def test_a_surprise_in_a_callback_is_told_and_not_lost(panels, monkeypatch):
    monkeypatch.setattr(portable, "passport_bytes", lambda home: 1 / 0)
    message, _ = answer(panels["passport"], "take")
    assert (message["state"], "ZeroDivisionError" in message["status"]) == ("bad", True)


def test_outside_a_home_the_sentence_says_where_to_go(tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    for call in (start.check, start.map, start.passport):
        with pytest.raises(LabelSchoolError, match="start-here"):
            call()


def test_names_from_files_cannot_become_html(home, kit, monkeypatch):
    evil = Kernel("a", "<img src=x onerror=alert(1)>'.ipynb", "idle", 40, None, False)
    monkeypatch.setattr(kernels, "running", lambda server: [evil])
    assert "<img" not in start.kernels().html


# Kernels ----------------------------------------------------------------------------------------


class Hub:
    """A server's REST answers, and what it was asked to delete."""

    def __init__(self):
        now = datetime.now(UTC)
        self.deleted = []
        self.kernels = [
            {"id": "own", "execution_state": "idle", "last_activity": now.isoformat()},
            {
                "id": "old",
                "execution_state": "idle",
                "last_activity": (now - timedelta(minutes=45)).isoformat().replace("+00:00", "Z"),
            },
            {"id": "busy", "execution_state": "busy", "last_activity": now.isoformat()},
        ]

    def ask(self, path, method="GET"):
        if method == "DELETE":
            self.deleted.append(path)
            return None
        sessions = [{"path": f"{k['id']}.ipynb", "kernel": k} for k in self.kernels]
        return self.kernels if path == "/api/kernels" else sessions


def test_only_an_idle_kernel_of_another_notebook_is_stopped(monkeypatch):
    monkeypatch.setattr(kernels, "own_id", lambda: "own")
    hub = Hub()
    listed = kernels.running(hub)
    assert [k.notebook for k in listed] == ["old.ipynb", "busy.ipynb", "own.ipynb"]
    assert 44 < listed[0].idle_minutes < 46
    for name in ("own", "busy"):
        with pytest.raises(LabelSchoolError, match="not stopped"):
            kernels.stop(hub, name)
    kernels.stop(hub, "gone")
    kernels.stop(hub, "old")
    assert hub.deleted == ["/api/kernels/old"]


def test_stop_idle_spares_the_young_the_busy_and_ones_own(panels, monkeypatch):
    stopped = []
    mixed = [kernel("a", 40), kernel("b", 5), kernel("c", 90, state="busy")]
    monkeypatch.setattr(kernels, "running", lambda _: [*mixed, kernel("d", 90, own=True)])
    monkeypatch.setattr(kernels, "stop", lambda server, name: stopped.append(name))
    message, _ = answer(panels["kernels"], "stop-idle")
    assert stopped == ["a"]
    assert message["status"] == "1 kernel stopped."


def test_without_a_server_the_panel_says_so(monkeypatch):
    def nowhere():
        raise NoServer("This notebook does not run in a Jupyter server.")

    monkeypatch.setattr(kernels, "own_server", nowhere)
    assert "does not run in a Jupyter server" in start.kernels().html


def test_a_server_that_does_not_answer_is_one_sentence(tmp_path):
    with pytest.raises(NoServer, match="does not answer"):
        Server("http://127.0.0.1:9/", "t", tmp_path).ask("/api/kernels")

"""One cohort through the whole of nbgrader: what each submission earns and what it gets back."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat

import pytest
from nbformat.v4 import new_output

from labelschool.grading import status

pytestmark = pytest.mark.grading


def test_answers_as_the_truth_earn_every_point(cohort):
    scores = cohort.scores("Jörg Müller")
    assert (scores["1-A"], scores["A1-a"], scores["A1-d"]) == (10, 35, 10)


@pytest.mark.parametrize(
    ("student", "points"),
    [("partial", 6.67), ("broken", 6.67), ("nosy", 0), ("untouched", 0), ("foreign", 0)],
)
def test_code_is_called_from_outside(cohort, student, points):
    """Two groups are lost by a slip, or by a loop and an exit; all by what the course computes."""
    assert cohort.scores(student)["A1-d"] == points


@pytest.mark.parametrize(
    ("student", "low", "high"),
    [("Jörg Müller", 10, 10), ("partial", 0, 9), ("foreign", 0, 1.5), ("untouched", 0, 0)],
)
@pytest.mark.parametrize("grade_id", ["1-C", "1-D", "1-E", "1-F"])
def test_the_exercises_are_scored_from_their_files(cohort, student, low, high, grade_id):
    """Right, with the mistakes the course names, and the same on every item."""
    assert low <= cohort.scores(student)[grade_id] <= high


def test_code_that_was_not_handed_in_is_named(cohort):
    """The stub of the release runs at autograde and saves itself; it is no answer."""
    assert "A1.d.py is not there yet" in cohort.output("untouched", "A1-d")


@pytest.mark.parametrize(
    ("student", "revision", "hunt"),
    [
        ("Jörg Müller", (20, 20), (20, 20)),
        ("partial", (1, 19), (1, 19)),
        ("foreign", (0, 0), (0, 3)),
    ]
    + [(student, (0, 0), (0, 0)) for student in ("untouched", "broken", "nosy")],
)
def test_a_revision_and_a_review_are_scored_from_their_files(cohort, student, revision, hunt):
    """Right, half, and worked without looking: all boxes deleted, every label rejected."""
    scores = cohort.scores(student)
    for grade_id, (low, high) in (("A1-b", revision), ("A1-c", hunt)):
        assert low <= scores[grade_id] <= high


def test_written_work_waits_for_a_person_and_an_empty_page_does_not(cohort):
    assert cohort.scores("Jörg Müller")["A1-e"] is None
    assert cohort.scores("untouched")["A1-e"] == 0


def test_untouched_work_earns_nothing_and_is_told_why(cohort):
    assert set(cohort.scores("untouched").values()) == {0}
    assert "Nothing is annotated yet" in cohort.output("untouched", "1-A")


def test_half_of_the_work_earns_a_part(cohort):
    scores = cohort.scores("partial")
    assert 0 < scores["1-A"] < 10
    assert 0 < scores["A1-a"] < 35


def test_deleted_changed_and_copied_score_cells_are_put_back(cohort):
    assert re.search(r"^\d\.\d+$", cohort.output("partial", "1-A"), re.MULTILINE)
    assert set(cohort.scores("partial")) == set(cohort.scores("untouched"))
    assert "35.0" not in cohort.output("partial", "A1-a")


@pytest.mark.parametrize(
    ("student", "grade_id", "sentence"),
    [
        ("broken", "1-A", "is cut off or damaged"),
        ("broken", "A1-a", "unresolved git conflict"),
        ("foreign", "1-A", "belongs to exercise A1.a"),
        ("foreign", "A1-a", "a width and a height above 0"),
    ],
)
def test_an_unreadable_answer_earns_nothing_and_says_why(cohort, student, grade_id, sentence):
    assert cohort.scores(student)[grade_id] == 0
    shown = cohort.output(student, grade_id)
    assert sentence in shown
    assert shown.endswith("0.0")
    assert sentence in cohort.feedback(student)


@pytest.mark.parametrize("student", ["Jörg Müller", "broken", "foreign", "partial", "nosy"])
def test_answers_come_out_of_grading_as_they_went_in(cohort, student):
    """Not set aside, not replaced by the file that stands in the sources, and read-only."""
    desk = cohort.root / "desks" / student / "01-foundation" / "answers"
    graded = cohort.folder("autograded", student) / "answers"
    assert {p.name: p.read_bytes() for p in graded.iterdir()} == {
        p.name: p.read_bytes() for p in desk.iterdir()
    }
    assert all(stat.S_IMODE(p.stat().st_mode) == 0o444 for p in graded.iterdir())


def test_a_learner_without_answers_gets_none_from_the_sources(cohort):
    assert (cohort.root / "solutions/01-foundation/answers/1.A.json").is_file()
    assert not list(cohort.folder("autograded", "untouched").glob("answers/*"))


def test_what_a_notebook_does_at_grading_does_not_count(cohort):
    """It bent `score` and wrote the truth into the answer files."""
    text = (cohort.folder("autograded", "nosy") / "assignment.ipynb").read_text(encoding="utf-8")
    assert "took the truth" in text
    scores = cohort.scores("nosy")
    assert 0 < scores["1-A"] < 10
    assert scores["A1-a"] == 0
    assert "Nothing is annotated yet" in cohort.output("nosy", "A1-a")


def test_the_hidden_test_decided(cohort):
    assert cohort.scores("Jörg Müller")["habits-test"] == 2
    assert cohort.scores("partial")["habits-test"] == 0


def test_grading_sees_what_feedback_must_not_show(cohort, tools):
    """The guard of the next two tests: the hidden test and the truth are in the graded copy."""
    text = (cohort.folder("autograded", "nosy") / "assignment.ipynb").read_text(encoding="utf-8")
    assert "the hidden habits are three" in text
    assert "amodal_bbox" in text
    spied = cohort.folder("autograded", "spy")
    assert "amodal_bbox" in cohort.output("spy", "1-A")
    for name in ("counted.json", "pictures/assignment.html", "assignment.ipynb"):
        assert "amodal_bbox" in (spied / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("student", ["Jörg Müller", "untouched", "partial", "nosy"])
def test_feedback_shows_no_hidden_test(cohort, student):
    page = re.sub(r"<[^>]+>", "", cohort.feedback(student))
    assert "assert habits" in page
    assert "hidden habits" not in page
    assert "HIDDEN TESTS" not in page


def test_feedback_is_two_pages_and_nothing_beside_them(cohort):
    for folder in (cohort.root / "grading" / "feedback").glob("*/01-foundation"):
        names = {path.name for path in folder.rglob("*")}
        assert names == {"assignment.html", "exercises.html"}


def test_feedback_says_what_waits_for_a_person(cohort):
    assert "Waits for your instructor" in cohort.feedback("Jörg Müller")
    assert "Waits for your instructor" not in cohort.feedback("untouched")


def test_feedback_tells_no_points_that_the_answer_file_does_not_give(cohort):
    """A forged gradebook, or a command that lacks the cohort's truth."""
    page = cohort.folder("feedback", "partial") / "exercises.html"
    before = page.read_text(encoding="utf-8")
    assert "has to look at this part" not in before
    again = ("generate_feedback", "01-foundation", "--student", "partial", "--force")
    book = cohort.root / "grading" / "gradebook.db"
    kept = book.read_bytes()
    try:
        with sqlite3.connect(book) as opened:
            cell = "SELECT id FROM base_cell WHERE name = '1-A'"
            opened.execute(f"UPDATE grade SET auto_score = 9.9 WHERE cell_id IN ({cell})")
        assert cohort.nbgrader(*again).returncode == 0
        assert "has to look at this part" in page.read_text(encoding="utf-8")
        assert "the gradebook has 9.9 points" in cohort.logs["generate_feedback"]
    finally:
        book.write_bytes(kept)
        assert cohort.nbgrader(*again).returncode == 0
    assert page.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("student", ["Jörg Müller", "untouched", "partial", "nosy", "spy"])
def test_feedback_shows_no_truth(cohort, tools, student):
    page = re.sub(r"<[^>]+>", "", cohort.feedback(student))
    assert "amodal_bbox" not in page
    for task_id in (tools.BOXES, tools.STREETS):
        for item in cohort.truth(task_id):
            for thing in item["objects"]:
                numbers = ",\\s*".join(re.escape(f"{side:g}") + r"(\.0)?" for side in thing["bbox"])
                assert not re.search(rf"(?<![\d.]){numbers}(?!\d)", page)


def test_feedback_shows_the_scores(cohort):
    page = re.sub(r"<[^>]+>", "", cohort.feedback("Jörg Müller"))
    assert "Score: 10.0 / 10.0" in page
    assert "Score: 35.0 / 35.0" in page
    assert "Dear Kim" in page
    assert "white-space: pre-wrap" in cohort.feedback("Jörg Müller")


@pytest.mark.parametrize("step", ["zip_collect", "autograde", "generate_feedback"])
def test_nothing_failed_on_the_way(cohort, step):
    """What nbgrader says: a kernel that is shut down may leave a traceback of its own behind."""
    log = cohort.logs[step]
    assert re.search(r"^\[\w+ \| INFO\]", log, re.MULTILINE), log
    assert not re.search(r"^\[\w+ \| (ERROR|CRITICAL)\]", log, re.MULTILINE), log


def test_only_a_cell_that_a_learner_changed_is_named_as_changed(cohort):
    """A released score cell lacks its hidden test, which is no change of the learner's."""
    changed = re.findall(r"Attribute 'checksum' for cell (\S+) has", cohort.logs["autograde"])
    assert changed == ["A1-a"]


def test_the_status_list_tells_zero_from_failure(cohort, monkeypatch, capsys):
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(cohort.root))
    assert status.main(["01-foundation"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for words in (
        ("Jörg Müller", "1-A", "10.00 / 10"),
        ("Jörg Müller", "A1-e", "waits for you"),
        ("broken", "A1-a", "0.00 / 35", "git conflict"),
        ("untouched", "1-A", "Nothing is annotated yet"),
    ):
        assert [line for line in lines if all(word in line for word in words)], words


def test_forged_points_and_failed_scoring_are_named(cohort, tools, monkeypatch, tmp_path):
    """What a notebook that patches the kernel would leave behind, and what a defect of ours."""
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(cohort.root))
    for step in ("submitted", "autograded"):
        for student in ("nosy", "broken"):
            folder = cohort.folder(step, student)
            shutil.copytree(folder, tmp_path / step / student / tools.MODULE)
    forged = tmp_path / "autograded" / "nosy" / tools.MODULE / "assignment.ipynb"
    failed = tmp_path / "autograded" / "broken" / tools.MODULE / "exercises.ipynb"
    cut_off = tmp_path / "autograded" / "broken" / tools.MODULE / "assignment.ipynb"
    for path in (forged, failed, cut_off):
        path.chmod(0o644)
    with tools.edited(forged) as notebook:
        outputs = [new_output("execute_result", data={"text/plain": "35.0"}, execution_count=1)]
        tools.cell_of(notebook, "A1-a").outputs = outputs
    with tools.edited(failed) as notebook:
        tools.cell_of(notebook, "1-A").outputs = [new_output("error", ename="E", evalue="why")]
    cut_off.unlink()
    shutil.copy(cohort.root / "grading" / "gradebook.db", tmp_path)
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        cell = "SELECT id FROM base_cell WHERE name = '1-A'"
        book.execute(f"UPDATE grade SET auto_score = 9.9 WHERE cell_id IN ({cell})")
        for name, change in (("A1-d", "manual_score = 10"), ("habits-test", "extra_credit = 3")):
            cell = f"SELECT id FROM base_cell WHERE name = '{name}'"
            book.execute(f"UPDATE grade SET {change} WHERE cell_id IN ({cell})")
        cell = "SELECT id FROM base_cell WHERE name = 'A1-e'"
        book.execute(f"UPDATE grade SET manual_score = 12 WHERE cell_id IN ({cell})")
    kept = (tmp_path / "gradebook.db").read_bytes()
    found = {(part.student, part.part): part for part in status.parts(tmp_path, tools.MODULE)}
    named = {key: part.remark for key, part in found.items() if part.failed}
    assert "look into this notebook" in named.pop(("nosy", "1-A"))
    assert named == {
        ("nosy", "A1-a"): "the answer file gives 0.00: look into this notebook",
        ("nosy", "A1-d"): "the gradebook was changed by hand, manual score 10.0: look into this "
        "notebook",
        ("nosy", "habits-test"): "the gradebook was changed by hand, extra credit 3.0: look into "
        "this notebook",
        ("broken", "1-A"): "E: why",
        ("broken", "all"): "not autograded; is it a notebook?",
    }
    assert (tmp_path / "gradebook.db").read_bytes() == kept

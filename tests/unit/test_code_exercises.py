"""A1.d: the function behind the salary calculator, called by hidden cases, judged outside."""

from __future__ import annotations

import io
import json
import shutil
import zipfile

import pytest

from labelschool import code_answers, course
from labelschool.career import pay
from labelschool.code_answers import Outcome
from labelschool.exercises import suites
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import Judgement, salary
from labelschool.feedback.case_report import one_reason
from labelschool.home import portable, progress, results

from . import code_solutions

TASK = course.load().task("A1.d")
GROUPS = [group.name for group in salary.SUITE]


def reference() -> str:
    return code_solutions.solution("A1.d")


def changed(old: str, new: str) -> str:
    return code_solutions.changed("A1.d", (old, new))


WRONG = {
    "ignores unpaid time": (
        changed("(hours + unpaid)", "hours"),
        "the unpaid hours are missing",
    ),
    "takes unpaid hours off": (
        changed("(hours + unpaid)", "(hours - unpaid)"),
        "They come on top.",
    ),
    "46 weeks": (changed('"hour": 52 *', '"hour": 46 *'), "you counted 46 weeks"),
    "46 weeks at the desk": (changed("(52 * (", "(46 * ("), "you divided by 46 weeks"),
    "currency upside down": (changed("amount * rate", "amount / rate"), "you divided by the rate"),
    "currency forgotten": (changed("amount * rate", "amount"), "the rate is not in it"),
    "part time forgotten": (
        changed('12 * hours / 40, "year": hours / 40', '12, "year": 1'),
        "this is full time",
    ),
    "unpaid hours paid": (
        changed("year = amount", "hours += unpaid; unpaid = 0; year = amount")
        .replace("    units =", "    paid = hours + unpaid\n    units =")
        .replace("52 * hours,", "52 * paid,"),
        "you had the unpaid hours paid",
    ),
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's module folder as the working directory."""
    (tmp_path / results.START_PAGE).touch()
    folder = tmp_path / "01-foundation"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def checked(source: str) -> str:
    code_answers.save("A1.d", source)
    return repr(exercise("A1.d").check())


def share(source: str) -> float:
    code_answers.save("A1.d", source)
    return exercise("A1.d").score().value


class TestSuite:
    def test_every_task_with_one_has_cases_of_its_own_names(self):
        tasks = [t for m in course.load().modules for t in m.tasks if t.suite]
        assert TASK in tasks
        for task in tasks:
            names = [case.name for case in suites.load(task.suite)]
            assert names
            assert len(names) == len(set(names))

    def test_cases_are_json_and_right_by_the_course(self):
        for group in salary.SUITE:
            assert json.loads(json.dumps(group.calls)) == [list(call) for call in group.calls]
        amount, per, hours, unpaid, rate = salary.SUITE[4].calls[0]
        right = pay.offer(amount, per, hours=hours, unpaid=unpaid, rate=rate)
        own = {"year": right.yearly, "hour": right.hourly}
        assert salary.judge(salary.SUITE[4].calls[0], Outcome(own)) == ""
        assert right.yearly == pytest.approx(18 * 0.85 * 25 * 52)
        assert right.hourly == pytest.approx(right.yearly / 52 / 31)

    @pytest.mark.parametrize(
        ("value", "says"),
        [
            (None, "return a dict"),
            (24960.0, "return a dict"),
            ({}, '"year" is missing'),
            ({"year": 24960, "hour": None}, '"hour" is missing'),
            ({"year": 24960, "hour": "12"}, '"hour" is not a number'),
            ({"year": True, "hour": 12}, '"year" is not a number'),
            ({"year": float("nan"), "hour": 12}, "not what the lesson's arithmetic gives"),
        ],
    )
    def test_what_is_no_answer_is_named(self, value, says):
        assert says in salary.judge((12, "hour", 40, 0, 1), Outcome(value))


@pytest.mark.parametrize(
    ("judged", "said"),
    [
        ([(0.0, "no list.")], "No list."),
        ([(0.5, "half of it.")], "Half of it."),
        ([(1.0, "")], ""),
        ([(0.0, "no list."), (0.0, "no list.")], "No list."),
        ([(0.0, "no list."), (0.0, "no number.")], ""),
        ([(0.5, "half of it."), (0.5, "half of it.")], ""),
    ],
)
def test_one_reason_for_all_that_is_not_right(judged, said):
    cases = {str(n): Judgement(*one) for n, one in enumerate(judged)}
    assert one_reason(cases) == said


class TestScore:
    def test_the_reference_is_right(self, home):
        assert share(reference()) == 1.0
        assert score("A1.d") == 10.0

    @pytest.mark.parametrize("name", WRONG)
    def test_a_usual_slip_is_named_and_does_not_pass(self, home, name):
        source, says = WRONG[name]
        assert says in checked(source)
        assert exercise("A1.d").score().value < TASK.pass_mark

    def test_the_score_names_the_groups_that_are_not_right(self, home, capsys):
        code_answers.save("A1.d", WRONG["part time forgotten"][0])
        lines = exercise("A1.d").score().items
        score("A1.d")
        left = "; ".join(line.item for line in lines if not line.right)
        assert left
        assert capsys.readouterr().out.endswith(f" Not right: {left}.\n")

    @pytest.mark.parametrize(
        "body",
        ["...", "return {'year': 0, 'hour': 0}", "raise ValueError", "return 1 / 0", "return None"],
    )
    def test_what_computes_nothing_earns_nothing(self, home, body):
        assert share(f"def offer(amount, per, hours, unpaid, rate):\n    {body}\n") == 0

    def test_each_group_brings_a_sixth(self, home):
        careless = changed("raise ValueError", "return ValueError")
        said = checked(careless)
        assert "5 of 6 hidden cases" in said
        assert f"Zero and absurd: {salary.REFUSE}" in said
        assert '5 of 6</b> <span class="lsr-metric">cases right<' in exercise("A1.d").check().html
        assert score("A1.d") == pytest.approx(8.33)
        assert exercise("A1.d").score().value >= TASK.pass_mark

    def test_nothing_saved_is_no_points_and_a_sentence(self, home, capsys):
        assert score("A1.d") == 0.0
        assert "run the cell that starts with %%answer A1.d" in capsys.readouterr().out
        assert "%%answer A1.d" in repr(exercise("A1.d").check())
        assert results.read().entries == {}

    @pytest.mark.parametrize(
        ("source", "says"),
        [
            ("def offer(a, per, hours, unpaid, rate): return helper(a)", "in the same cell"),
            ("def Offer(*a): pass", "does your cell define it by that name"),
            ("from labelschool.career import pay\ndef offer(*a): pass", "imports labelschool"),
            ("def offer(*a) return", "SyntaxError"),
            ("def offer(*a): return {'year': 10**400}", "ended with a number too large"),
            (
                "import sys\nsys.modules.pop('labelschool', 0)\nimport labelschool.career.pay\n",
                "imports labelschool",
            ),
        ],
    )
    def test_what_cannot_run_by_itself_says_why(self, home, source, says):
        assert says in checked(source)

    def test_one_reason_for_all_groups_is_told_once(self, home, capsys):
        said = checked("def offer(*a) return")
        assert said.count("SyntaxError") == 1
        assert "All 6 cases: Your function ended with SyntaxError" in said
        score("A1.d")
        sentence = capsys.readouterr().out
        assert sentence.count("SyntaxError") == 1
        assert "Not right" not in sentence

    def test_a_long_error_is_told_in_one_line(self, home):
        source = "def offer(*a): raise ValueError('one\\ntwo ' + 300 * 'x')\n"
        line = checked(source).splitlines()[1]
        assert "ValueError: one two xxx" in line
        assert len(line) < 300

    def test_a_loop_takes_its_group_alone(self, home, monkeypatch):
        monkeypatch.setattr("labelschool.exercises.judged.SECONDS", 2)
        said = checked(changed("    units", "    while rate == 0: pass\n    units"))
        assert "5 of 6 hidden cases" in said
        assert "Zero and absurd: " in said


class TestKept:
    def test_the_function_travels_with_the_submission_and_its_lack_is_named(self, home):
        for name in portable.NOTEBOOKS:
            shutil.copy(
                course.root() / "assignments" / "01-foundation" / name, home / "01-foundation"
            )
        made = portable.submission(home, "01-foundation", "Ada")
        assert "A1.d Salary and hours model: nothing is written yet." in made.missing
        code_answers.save("A1.d", reference())
        made = portable.submission(home, "01-foundation", "Ada")
        assert not any(line.startswith("A1.d") for line in made.missing)
        with zipfile.ZipFile(io.BytesIO(made.content)) as zipped:
            assert zipped.read("answers/A1.d.py").decode() == reference() + "\n"

    def test_a_check_is_kept_and_shown_on_the_map(self, home):
        assert checked(WRONG["currency upside down"][0])
        step = next(s for s in progress.read(home).steps if s.id == "A1.d")
        assert (step.state, step.note) == ("started", "67%, 80% passes")
        assert checked(reference())
        entry = results.read().entries["exercise/A1.d/counted"]
        assert (entry.tries, entry.best.score, entry.best.passed, entry.best.n) == (2, 1, True, 6)
        step = next(s for s in progress.read(home).steps if s.id == "A1.d")
        assert (step.state, step.minutes_done) == ("done", 20)

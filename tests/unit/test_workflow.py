"""A3.d: a workflow gone through step by step, and what each usual slip costs."""

from __future__ import annotations

import pytest

from labelschool import code_answers, course
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import workflow as suite
from labelschool.home import results
from labelschool.operations import workflows
from labelschool.operations.workflows import WorkflowError

from . import code_solutions

TASK = course.load().task("A3.d")
CHECK = "python labelcheck.py delivery --baseline known.json --report report.json"


def steps(*lines: str) -> str:
    return "on: pull_request\njobs:\n  a:\n    runs-on: x\n    steps:\n" + "".join(
        f"      - {line}\n" for line in lines
    )


def ran(*lines: str, codes: tuple[int, ...] = (1,)) -> workflows.Run:
    left = list(codes)
    return workflows.run(steps(*lines), lambda arguments: left.pop(0))


class TestWorkflows:
    @pytest.mark.parametrize(
        ("lines", "green"),
        [
            (["run: python labelcheck.py x"], False),
            (["run: python3 labelcheck.py x"], False),
            (["uses: actions/checkout@v4"], True),
            (["run: pip install pillow", "run: echo done"], True),
            (["run: 'python labelcheck.py x || true'"], True),
            (["run: 'python labelcheck.py x || exit 0'"], True),
            (["run: 'python labelcheck.py x || exit 1'"], False),
            (["run: 'python labelcheck.py x && echo good'"], False),
            (["run: 'python labelcheck.py x ; exit 0'"], False),
            (["run: 'echo a && python labelcheck.py x || echo b && exit 3'"], False),
            (["run: python labelcheck.py x", "continue-on-error: true"], None),
            (["{run: python labelcheck.py x, continue-on-error: true}"], True),
            (["{run: python labelcheck.py x, continue-on-error: false}"], False),
            (["run: exit 2", "{run: echo, if: always()}"], False),
            (["{run: exit 2, if: failure()}"], True),
            (["run: echo", "{run: exit 2, if: '${{ success() }}'}"], False),
            (["{run: exit 2, if: false}"], True),
            (["run: 'false  # a comment'"], False),
            (['run: "python labelcheck.py \\\\\\n  x"'], False),
            (['run: "echo\\npython labelcheck.py x\\necho"'], False),
        ],
    )
    def test_green_and_red_are_those_of_a_shell_that_stops(self, lines, green) -> None:
        if green is None:
            with pytest.raises(WorkflowError, match="either `uses` or `run`"):
                ran(*lines)
        else:
            assert ran(*lines).green is green

    def test_a_step_after_a_red_one_is_skipped_unless_it_asks(self) -> None:
        done = ran("run: exit 1", f"run: {CHECK}", "{run: echo kept, if: always()}")
        assert done.log == [
            "job a",
            "  exit code 1: exit 1",
            f"  skipped: {CHECK}",
            "  ok: echo kept",
        ]
        assert done.codes == []

    def test_the_check_gets_its_words(self) -> None:
        seen: list = []
        text = steps("run: python labelcheck.py 'a b' --report \"r.json\"")
        assert workflows.run(text, lambda words: seen.append(words) or 0).green
        assert seen == [["a b", "--report", "r.json"]]

    def test_two_jobs_one_red(self) -> None:
        text = steps("run: exit 1") + "  b: {runs-on: x, steps: [{run: echo}]}\n"
        assert not workflows.run(text, lambda _: 0).green
        assert workflows.run(
            text.replace("a:", "a:\n    continue-on-error: true"), lambda _: 0
        ).green

    @pytest.mark.parametrize(
        "on", ["push", "[push]", "{push: {}}", "", "[push, workflow_dispatch]"]
    )
    def test_nothing_runs_on_another_event(self, on) -> None:
        text = steps("run: exit 1").replace("pull_request", on, 1)
        assert workflows.run(text, lambda _: 1).green

    def test_a_job_that_asks_not_to_run_is_skipped(self) -> None:
        text = steps("run: exit 1")
        skipped = workflows.run(text.replace("  a:", "  a:\n    if: false"), lambda _: 1)
        assert (skipped.green, skipped.log) == (True, ["job a: skipped"])
        assert not workflows.run(text.replace("  a:", "  a:\n    if: always()"), lambda _: 1).green
        with pytest.raises(WorkflowError, match="is not known here"):
            workflows.run(text.replace("  a:", "  a:\n    if: github.ref == 'x'"), lambda _: 1)

    @pytest.mark.parametrize("on", ["[push, pull_request]", "{pull_request: {branches: [main]}}"])
    def test_the_forms_of_on(self, on) -> None:
        text = steps("run: exit 1").replace("pull_request", on, 1)
        assert not workflows.run(text, lambda _: 1).green

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (None, "text of YAML"),
            ("", "no jobs"),
            ("on: [", "no YAML, line"),
            ("on: 2026-99-99", "no YAML"),
            ("[" * 3000, "no YAML"),
            *(
                (f"on: {on}\njobs: {{a: {{runs-on: x, steps: [{{run: ls}}]}}}}", "write its name")
                for on in ("5", "yes", "[[push]]", "{1: push}")
            ),
            ("- a", "no jobs"),
            ("jobs: {a: {steps: [{run: x}]}}", "no `runs-on`"),
            ("jobs: {a: {runs-on: x}}", "no list of steps"),
            (steps("uses: a", "name: b"), "either `uses` or `run`"),
            (steps("run: python labelcheck.py x | tee y"), r"needs a shell \(\|\)"),
            (steps("run: python labelcheck.py x > y"), r"needs a shell \(>\)"),
            (steps("run: echo $?"), "needs a shell"),
            (steps("run: set +e"), "leave it out"),
            (steps("run: python other.py"), "is not run here"),
            (steps("run: rm -rf delivery"), "is not run here"),
            (steps("run: echo 'a"), "cannot be split"),
            (steps("{run: echo, if: github.ref == 'x'}"), "is not known here"),
        ],
    )
    def test_what_cannot_be_gone_through_says_why(self, text, says) -> None:
        with pytest.raises(WorkflowError, match=says):
            workflows.run(text, lambda _: 0)


GOOD = code_solutions.solution("A3.d")


def source(*swaps: tuple[str, str]) -> str:
    return code_solutions.changed("A3.d", *swaps)


LINE = f"      - run: {CHECK}\n"
WRONG = {
    "swallowed by true": (source((CHECK, f"{CHECK} || true")), 0, "`|| true` swallows it"),
    "swallowed by the step": (
        source((LINE, f"{LINE}        continue-on-error: true\n")),
        0,
        "`continue-on-error` swallows it",
    ),
    "a job that never runs": (
        source(("  labelcheck:\n", "  labelcheck:\n    if: false\n")),
        0,
        "No step runs",
    ),
    "no baseline": (source((" --baseline known.json", "")), 3, "--baseline known.json"),
    "on push alone": (source(("pull_request", "push")), 0, "put it under `on`"),
    "another folder": (source(("labelcheck.py delivery", "labelcheck.py .")), 0, "cannot read"),
    "a pipe": (source((CHECK, f"{CHECK} | cat")), 0, "needs a shell"),
    "writes its own baseline": (
        source((LINE, LINE.replace("baseline known.json --report report", "report known") .replace(
            ".json\n", ".json || true\n") + LINE)),
        1,
        "writes known.json and then reads it",
    ),
    "always red": (source((CHECK, "exit 1")), 0, "No step runs"),
    "always green": (source((CHECK, "echo checked")), 0, "No step runs"),
    "no text": ("def workflow():\n    return None\n", 0, "text of YAML"),
    "falls over": ("def workflow():\n    return 1 / 0\n", 0, "ZeroDivisionError"),
}  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's module folder as the working directory."""
    (tmp_path / results.START_PAGE).touch()
    folder = tmp_path / "03-quality"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def right(text: str) -> tuple[int, str]:
    """How many cases are right, and what a check says."""
    code_answers.save("A3.d", text)
    done = exercise("A3.d")
    return round(done.score().value * len(suite.SUITE)), repr(done.check())


class TestSuite:
    def test_the_solution_is_right(self, home) -> None:
        assert right(GOOD)[0] == len(suite.SUITE) == 5
        assert score("A3.d") == 15.0

    @pytest.mark.parametrize("name", WRONG)
    def test_a_slip_does_not_pass_and_hears_why(self, home, name) -> None:
        text, cases, says = WRONG[name]
        found, said = right(text)
        assert found == cases
        assert cases / len(suite.SUITE) < TASK.pass_mark
        assert says in said

    def test_the_same_goes_through_a_learners_own_check(self) -> None:
        """The lesson lets learners put their own command in the place of the course's."""
        asked: list = []
        run = suite.tried(GOOD_TEXT, "broken", lambda words: asked.append(words) or 2)
        assert (run.green, run.codes) == (False, [2])
        assert asked[0][0] == "delivery"

    def test_without_an_answer_it_says_which_cell_to_run(self, home, capsys) -> None:
        assert score("A3.d") == 0.0
        assert "%%answer A3.d" in capsys.readouterr().out


def _text() -> str:
    named: dict = {}
    exec(GOOD, named)
    return named["workflow"]()


GOOD_TEXT = _text()

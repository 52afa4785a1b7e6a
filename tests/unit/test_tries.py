"""Quiz and test-out as a learner takes them: again and again, kept, and what they skip."""

from __future__ import annotations

import ipywidgets as widgets
import pytest

from labelschool import course
from labelschool.career import planner
from labelschool.career.planner import Inputs
from labelschool.demos.frame import escape
from labelschool.home import progress, results
from labelschool.quizzes.questions import Verdict, ask, draw, draw_quiz, item, load
from labelschool.quizzes.test_outs import PER_LESSON, TestOut
from labelschool.quizzes.tries import COUNTED_TRIES, Quiz, Try, next_try
from labelschool.quizzes.view import Rounds, paragraphs

POOL = load("1")
MODULE = next(m for m in course.load().modules if m.quiz and m.quiz.id == "1")
QUIZ = Quiz(POOL, MODULE.quiz)
TESTED = TestOut(POOL, MODULE.test_out)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's home as the working directory."""
    (tmp_path / results.START_PAGE).touch()
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answer(rounds: Rounds, right) -> None:
    """Go through one try; `right` says of each question whether it is answered right."""
    for question in rounds.questions:
        wanted = right(question)
        if question.answer is None:
            correct = [option.correct for option in question.options]
            rounds.field.input.value = correct.index(wanted)
        else:
            rounds.field.input.value = str(question.answer if wanted else -1)
        rounds.button.click()
        assert rounds.field.input.disabled
        rounds.button.click()


class Asked:
    """A question as a cell shows it."""

    def __init__(self, item_id: str) -> None:
        self.box = ask(item_id).widget()

    def of(self, kind: type) -> list:
        return [part for part in inside(self.box) if isinstance(part, kind)]

    def press(self, text: str) -> None:
        next(b for b in self.of(widgets.Button) if b.description == text).click()

    @property
    def shown(self) -> str:
        return " ".join(part.value for part in self.of(widgets.HTML))


def inside(widget: object) -> list:
    return [widget, *(w for child in getattr(widget, "children", ()) for w in inside(child))]


class TestQuestionsOfLessons:
    def test_a_choice_is_there_again_and_the_first_one_is_not_forgotten(self, home):
        options = draw(item("1.1/cheapest"), seed=1).options
        wrong, right = (next(o for o in options if o.correct is said) for said in (False, True))
        for option in (wrong, right):
            asked = Asked("1.1/cheapest")
            asked.of(widgets.RadioButtons)[0].index = options.index(option)
            asked.press("Check")
            again = Asked("1.1/cheapest")
            assert again.of(widgets.RadioButtons)[0].index == options.index(option)
            assert escape(option.explain) in again.shown
        kept = results.read().asked["1.1/cheapest"]
        assert (kept.first.answer, kept.first.right) == (wrong.text, False)
        assert (kept.last.answer, kept.last.right) == (right.text, True)

    def test_a_number_comes_back_with_its_own_numbers(self, home):
        entry = next(entry for entry in POOL.items if entry.answer)
        asked = Asked(entry.id)
        asked.press("New numbers")
        question = draw(entry, seed=1, attempt=1)
        asked.of(widgets.Text)[0].value = str(question.answer)
        asked.press("Check")
        again = Asked(entry.id)
        assert paragraphs(question.text) in again.shown
        assert again.of(widgets.Text)[0].value == str(question.answer)
        assert "<b>Right.</b>" in again.shown
        again.press("New numbers")
        assert paragraphs(draw(entry, seed=1, attempt=2).text) in again.shown
        assert "Right." not in again.shown

    def test_a_sorting_counts_the_first_choice_after_a_restart_too(self, home):
        entry = item("1.1/ads")
        row = entry.rows[0]
        wrong = next(group for group in entry.groups if group != row.group)
        for group in (wrong, row.group):
            Asked(entry.id).of(widgets.ToggleButtons)[0].value = group
        again = Asked(entry.id)
        assert again.of(widgets.ToggleButtons)[0].value == row.group
        assert escape(row.explain) in again.shown
        assert f"1 of {len(entry.rows)} sorted, 0 right at the first choice" in again.shown

    def test_an_answer_that_the_course_no_longer_has_leaves_the_question_open(self, home):
        results.keep_answer("1.1/cheapest", results.Given(answer="an old option", right=True))
        again = Asked("1.1/cheapest")
        assert again.of(widgets.RadioButtons)[0].index is None
        assert "Right." not in again.shown

    def test_a_full_disk_says_so_below_the_verdict(self, home, monkeypatch):
        def refuse(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(results, "replace", refuse)
        asked = Asked("1.1/cheapest")
        asked.of(widgets.RadioButtons)[0].index = 0
        asked.press("Check")
        assert escape(draw(item("1.1/cheapest"), seed=1).options[0].explain) in asked.shown
        assert asked.shown.count("The disk is full") == 1
        Asked("1.1/ads").of(widgets.ToggleButtons)[0].index = 0

    def test_enter_checks_a_number_and_a_second_one_counts_nothing(self, home):
        entry = next(entry for entry in POOL.items if entry.answer)
        asked = Asked(entry.id)
        field = asked.of(widgets.Text)[0]
        field.value = "1"
        field._handle_custom_msg({"event": "submit"}, [])
        assert "<b>Not quite.</b>" in asked.shown
        taken = Rounds(QUIZ, Try(3))
        while taken.questions[len(taken.verdicts)].answer is None:
            taken.field.input.value = 0
            taken.button.click()
            taken.button.click()
        done, field = len(taken.verdicts), taken.field.input
        field.value = "1"
        for _ in range(2):
            field._handle_custom_msg({"event": "submit"}, [])
        assert len(taken.verdicts) == done + 1
        assert "<b>" in taken.said.value


class TestQuiz:
    def test_a_failed_try_says_what_was_missed_and_the_next_one_asks_other_items(self, home):
        taken = Rounds(QUIZ, Try(seed=3))
        assert "Last time" not in taken.text.value
        first = taken.questions
        answer(taken, lambda question: question.topic not in ("crowd", "cost"))
        assert "Not passed yet." not in taken.text.value
        answered = Rounds(QUIZ, next_try("quiz/1"))
        for rounds in (answered, taken):
            if rounds is taken:
                taken.button.click()
            assert "Last time you missed" in rounds.text.value
            assert "crowd (lesson 1.5)" in rounds.text.value
            assert "cost (lesson 1.4)" in rounds.text.value
            assert rounds.questions == draw_quiz(POOL, 15, 3, 1)
        assert not {q.item_id for q in first} & {q.item_id for q in taken.questions}

    def test_a_sorting_is_asked_with_the_meanings_of_its_groups(self, home):
        taken = Rounds(QUIZ, Try(seed=3))
        taken.questions = (draw(item("1.8/cases"), 1), draw(item("1.5/visible"), 1))
        taken.show()
        for group, meaning in item("1.8/cases").groups.items():
            assert f"<th>{group}</th><td>{escape(meaning)}</td>" in taken.text.value
        taken.field.input.value = 0
        taken.button.click()
        taken.button.click()
        assert "<table>" not in taken.text.value

    def test_the_result_names_the_lessons(self, home):
        taken = Rounds(QUIZ, Try(seed=3))
        missed = next(q for q in taken.questions if q.item_id.startswith("1.5/"))
        answer(taken, lambda question: question is not missed)
        taken_in = "<td>lesson 1.5, The guideline is the product</td>"
        row = f"<b>missed</b></td><td>{missed.topic}</td>{taken_in}"
        assert row in taken.place.children[0].value

    def test_the_best_of_three_tries_counts_and_all_are_kept(self, home):
        for share in (0.2, 0.6, 0.4, 1.0):
            taken = Rounds(QUIZ, next_try("quiz/1"))
            right = taken.questions[: round(share * 15)]
            answer(taken, lambda question, right=right: question in right)
        assert "instructor the best of the first 3 tries counts, so far 60 %" in taken.text.value
        entries = results.read().entries
        assert (entries["quiz/1"].tries, entries["quiz/1"].best.score) == (4, 1.0)
        assert entries["quiz/1"].best.passed
        counted = entries["quiz/1/counted"]
        assert (counted.tries, counted.best.score) == (COUNTED_TRIES, 0.6)
        assert not counted.best.passed

    @pytest.mark.parametrize(("right", "passed"), [(11, False), (12, True)])
    def test_twelve_of_fifteen_pass(self, home, right, passed):
        questions = QUIZ.draw(Try(1))
        verdicts = [Verdict(n < right, "") for n in range(15)]
        found = QUIZ.judge(Try(1), questions, verdicts).found
        assert (found.passed, found.n) == (passed, 15)

    def test_a_disk_that_refuses_is_told_and_the_next_try_still_differs(self, home, monkeypatch):
        def refuse(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(results, "record", refuse)
        taken = Rounds(QUIZ, Try(5))
        first = taken.questions
        answer(taken, lambda question: False)
        assert "The disk is full" in taken.text.value
        taken.button.click()
        assert not {q.item_id for q in first} & {q.item_id for q in taken.questions}


class TestTestOut:
    def test_it_has_ten_items_two_of_each_lesson(self):
        asked = [q.item_id.split("/")[0] for q in TESTED.draw(Try(2))]
        assert asked == [number for number in MODULE.test_out for _ in range(PER_LESSON)]
        assert len(asked) == 10

    def test_the_lessons_are_of_the_module(self):
        numbers = {course.lesson(MODULE, slug).lesson for slug in MODULE.lessons}
        assert set(MODULE.test_out) <= numbers

    def test_a_lesson_needs_both_items_and_is_asked_no_more(self, home):
        taken = Rounds(TESTED, Try(7))
        half = {q.item_id for q in taken.questions if q.item_id.startswith("1.4/")}
        half.pop()
        answer(taken, lambda q: q.item_id.startswith("1.1/") or q.item_id in half)
        assert "1 of 5 lessons tested out." in taken.text.value
        assert "skip the reading of 1.1;" in taken.text.value
        entries = results.read().entries
        assert entries["test-out/1.1"].best.passed
        assert (entries["test-out/1.4"].best.score, entries["test-out/1.4"].best.passed) == (
            0.5,
            False,
        )
        assert entries["test-out/1"].best.score == 1 / len(MODULE.test_out)
        taken.button.click()
        assert {q.item_id.split("/")[0] for q in taken.questions} == set(MODULE.test_out) - {"1.1"}
        answer(taken, lambda q: True)
        assert results.read().entries["test-out/1"].best.passed

    def test_a_later_failure_takes_nothing_back(self, home):
        answer(Rounds(TESTED, Try(7)), lambda q: True)
        answer(Rounds(TESTED, next_try("test-out/1")), lambda q: False)
        assert TESTED.passed() == set(MODULE.test_out)

    def test_the_map_says_so_the_next_step_leaves_it_out_and_the_plan_too(self, home):
        before = progress.read(home)
        answer(Rounds(TESTED, Try(7)), lambda q: q.item_id.startswith(("1.1/", "1.6/")))
        steps = {step.id: step for step in progress.read(home).steps}
        skipped = steps["1-1-the-job"]
        assert (skipped.state, skipped.note, skipped.minutes_done) == (
            "done",
            "tested out",
            course.lesson(MODULE, skipped.id).minutes,
        )
        assert steps["first-evening"].state == "empty", "a test-out tells nothing of other lessons"
        assert steps["1.D"].state == "empty", "its exercise stays"
        assert progress.read(home).minutes_done > before.minutes_done
        made = planner.plan(Inputs(start="2026-11-23"), progress.read(home), results.read(home))
        assert len(made.skipped) == 2
        assert "1.D Rare target" in {p.name for s in made.sessions for p in s.pieces}

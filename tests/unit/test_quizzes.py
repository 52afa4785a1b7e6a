"""Questions: drawing and checking for every item, seed and attempt; then the widgets of `ask`."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import course
from labelschool.demos.numbers import plain, read_number
from labelschool.errors import LabelSchoolError
from labelschool.quizzes import view
from labelschool.quizzes.questions import (
    FORMULAS,
    Item,
    Verdict,
    ask,
    check,
    combinations,
    compute,
    draw,
    draw_quiz,
    item,
    load,
    quiz,
    sort_question,
)

SPECS = {m.quiz.id: m.quiz for m in course.load().modules if m.quiz}
POOLS = {name: load(name) for name in SPECS}
POOL, SPEC = POOLS["1"], SPECS["1"]
ITEMS = st.sampled_from([entry for pool in POOLS.values() for entry in pool.items])
BLUEPRINTS = {
    "1": (
        "job tasks",
        "the loop",
        "label types",
        "cost",
        "visible or full extent",
        "crowd",
        "rule precedence",
        "escalation",
        "personal data",
        "prevalence",
        "pay arithmetic",
    ),
    "2": (
        "ontology terms",
        "extreme points",
        "vertex density and holes",
        "visibility flags",
        "keyframes",
        "nested spans",
        "BIO",
        "bias in ranking",
        "MQM weights",
        "field traps",
        "RLE and crowd",
        "idempotency",
        "rate limits and lost answers",
        "webhooks",
    ),
    "3": (
        "what quality means",
        "kappa and alpha by hand",
        "which coefficient",
        "bootstrap meaning",
        "ceilings",
        "Dawid-Skene assumptions",
        "gold error risks",
        "sample size",
        "OC reading",
        "AQL words",
        "label-error ranking",
        "confusion of annotators",
        "rule repair",
        "p-chart vs CUSUM",
        "window functions",
        "exit codes",
        "Little's law",
        "least privilege",
        "retention",
        "piece rate",
    ),
}
SIZES = {"1": (15, 45, 50), "2": (20, 60, 95), "3": (25, 75, 105)}
"""Questions of a quiz, and the fewest and most items of its pool."""
NUMERIC = [entry for pool in POOLS.values() for entry in pool.items if entry.answer]
each_quiz = pytest.mark.parametrize("quiz_id", SPECS)
SEEDS = st.integers(0, 10**6)
ATTEMPTS = st.integers(0, 50)


class TestItems:
    @each_quiz
    def test_ids_are_unique_and_the_pool_is_as_large_as_the_syllabus_says(self, quiz_id) -> None:
        ids = [entry.id for entry in POOLS[quiz_id].items]
        assert len(ids) == len(set(ids))
        questions, fewest, most = SIZES[quiz_id]
        assert SPECS[quiz_id].questions == questions
        assert fewest <= sum(entry.pool for entry in POOLS[quiz_id].items) <= most

    @each_quiz
    def test_every_topic_of_the_blueprint_has_items_of_its_own(self, quiz_id) -> None:
        """Two at least, so that a second try asks another one; no more topics than questions."""
        topics = Counter(entry.topic for entry in POOLS[quiz_id].items if entry.pool)
        assert set(topics) >= set(BLUEPRINTS[quiz_id])
        assert min(topics.values()) >= 2
        assert len(topics) <= SPECS[quiz_id].questions

    @each_quiz
    def test_texts_of_options_differ(self, quiz_id) -> None:
        for entry in POOLS[quiz_id].items:
            texts = [option.text for option in entry.options]
            assert len(texts) == len(set(texts))

    @each_quiz
    def test_the_right_option_is_not_given_away_by_its_length(self, quiz_id) -> None:
        """Over the quiz it is the longest in less than half, and never by more than a sixth."""
        longest = []
        for entry in POOLS[quiz_id].items:
            if entry.options and entry.pool:
                right = len(next(o.text for o in entry.options if o.correct))
                wrong = max(len(o.text) for o in entry.options if not o.correct)
                assert right <= wrong * 7 / 6, entry.id
                longest.append(right >= wrong)
        assert sum(longest) < 0.5 * len(longest)

    @pytest.mark.parametrize("entry", NUMERIC, ids=lambda entry: entry.id)
    def test_numbers_are_right_for_all_values(self, entry: Item) -> None:
        """The answer is finite, no slip passes as right, and each slip happens for some values."""
        happened = set()
        for values in combinations(entry.values):
            answer = compute(entry.answer, values)
            margin = max(1e-9, entry.tolerance * abs(answer))
            for slip in entry.wrong:
                result = compute(slip.result, values)
                if abs(result - answer) > margin:
                    assert abs(result - answer) > 1.05 * margin or entry.tolerance == 0
                    happened.add(slip.result)
        assert happened == {slip.result for slip in entry.wrong}
        assert len(combinations(entry.values)) >= 5

    @pytest.mark.parametrize("entry", NUMERIC, ids=lambda entry: entry.id)
    def test_slips_that_happen_are_told_apart(self, entry: Item) -> None:
        """A number that two slips share may be explained by the first only where both say so."""
        shared = 0
        for values in combinations(entry.values):
            found = [compute(slip.result, values) for slip in entry.wrong]
            answer = compute(entry.answer, values)
            for a, b in itertools.combinations(found, 2):
                shared += abs(a - b) < entry.tolerance * abs(b) and a != answer
        assert shared == 0 or entry.tolerance == 0

    def test_known_values(self) -> None:
        assert compute("hours(n, seconds)", {"n": 10_000, "seconds": 79}) == pytest.approx(
            219.44, abs=0.01
        )
        assert round(compute("iou_margin(side, 2)", {"side": 8}), 2) == 0.64  # F51
        assert round(compute("iou_margin(side, 2)", {"side": 16}), 2) == 0.79
        assert [compute("occlusion_level(p)", {"p": p}) for p in (5, 6, 24.9, 25, 49, 50)] == [
            0, 1, 1, 2, 2, 3,
        ]  # fmt: skip

    @pytest.mark.parametrize("call", ["__import__(n)", "hours", "hours(n) + 1", "eval(n)", ""])
    def test_only_named_formulas_are_computed(self, call: str) -> None:
        with pytest.raises(ValueError, match="not one of the formulas"):
            compute(call, {"n": 1})

    def test_no_formula_is_unused(self) -> None:
        used = " ".join(
            call for e in NUMERIC for call in (e.answer, *(slip.result for slip in e.wrong))
        )
        assert [name for name in FORMULAS if f"{name}(" not in used] == []

    @pytest.mark.parametrize(
        ("change", "complaint"),
        [
            ({"options": []}, "exactly one of them"),
            ({"options": [{"text": "a", "explain": "b"}]}, "exactly one correct"),
            ({"options": [], "answer": "same(1)"}, "explain"),
            (
                {"options": [], "rows": [{"text": "a", "group": "b", "explain": "c"}]},
                "no group 'b'",
            ),
        ],
    )
    def test_broken_items_are_refused(self, change: dict, complaint: str) -> None:
        good = {
            "id": "1.1/x",
            "topic": "t",
            "text": "?",
            "options": [{"text": "a", "explain": "b", "correct": True}],
        }
        with pytest.raises(ValueError, match=complaint):
            Item.model_validate(good | change)


class TestQuestions:
    @given(ITEMS, SEEDS, ATTEMPTS)
    def test_one_right_answer_and_an_explanation_for_each(
        self, entry: Item, seed: int, attempt: int
    ) -> None:
        question = draw(entry, seed, attempt)
        assert "{" not in question.text + question.explain
        if question.answer is None:
            verdicts = [check(question, n) for n in range(len(question.options))]
            assert sum(verdict.right for verdict in verdicts) == 1
            assert all(len(verdict.explain) > 15 for verdict in verdicts)
        else:
            assert check(question, question.answer).right
            assert check(question, read_number(plain(question.answer))).right
            far = check(question, question.answer * 3 + 1000)
            assert not far.right
            assert plain(question.answer) in far.explain

    @given(ITEMS, SEEDS, ATTEMPTS)
    def test_the_same_seed_draws_the_same(self, entry: Item, seed: int, attempt: int) -> None:
        assert draw(entry, seed, attempt) == draw(entry, seed, attempt)

    @given(st.sampled_from(NUMERIC), SEEDS, ATTEMPTS)
    def test_a_retry_has_other_values(self, entry: Item, seed: int, attempt: int) -> None:
        assert draw(entry, seed, attempt).text != draw(entry, seed, attempt + 1).text

    @given(SEEDS, st.integers(0, 20))
    def test_each_try_asks_of_every_topic_and_nothing_twice(self, seed: int, attempt: int) -> None:
        questions = draw_quiz(POOL, SPEC.questions, seed, attempt)
        assert len({question.item_id for question in questions}) == SPEC.questions
        topics = {entry.topic for entry in POOL.items if entry.pool}
        assert {question.topic for question in questions} == topics

    @given(SEEDS, st.integers(0, 20))
    def test_the_next_try_has_other_items_and_the_same_mix(self, seed: int, attempt: int) -> None:
        first, second = (draw_quiz(POOL, SPEC.questions, seed, attempt + n) for n in (0, 1))
        assert not {q.item_id for q in first} & {q.item_id for q in second}
        assert Counter(q.topic for q in first) == Counter(q.topic for q in second)

    def test_a_slip_is_named(self) -> None:
        question = draw(item("1.4/hours"), seed=1)
        assert check(question, question.answer * 60).explain.startswith("These are minutes.")

    def test_a_wrong_sorting_says_what_each_sentence_is_about(self) -> None:
        entry = item("1.1/ads")
        question = sort_question(entry, entry.rows[0])
        assert check(question, list(entry.groups).index("QA")).explain == (
            "Your choice, QA, means: measures and repairs the quality of other people's labels. "
            "This line belongs to annotator: labels by a rule book, with a daily count."
        )

    @pytest.mark.parametrize(("shown", "level"), [(8, 1), (5, 0), (25, 2), (50, 3)])
    def test_every_wrong_level_has_its_own_hint(self, shown: int, level: int) -> None:
        entry = item("1.5/level")
        attempts = (draw(entry, 1, n) for n in range(len(entry.values["percent"])))
        question = next(q for q in attempts if q.text.startswith(f"{shown} %"))
        assert question.answer == level
        for wrong in {0, 1, 2, 3} - {level}:
            assert not check(question, wrong).explain.startswith(question.explain)

    def test_a_price_to_the_tenth_of_a_cent_is_exact_enough(self) -> None:
        entry = item("1.0/price")
        for number in range(len(combinations(entry.values))):
            question = draw(entry, 1, number)
            assert check(question, round(question.answer, 3)).right

    def test_a_sorting_asks_one_row_in_a_quiz(self) -> None:
        entry = item("1.1/ads")
        drawn = {draw(entry, 5, attempt).text for attempt in range(len(entry.rows))}
        assert len(drawn) == len(entry.rows)

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("1.5", 1.5),
            ("1,5", 1.5),
            ("1,500", 1500),
            (" 19.4 ", 19.4),
            ("80 %", 80),
            ("", None),
            ("four", None),
            ("nan", None),
            ("inf", None),
        ],
    )
    def test_numbers_as_people_write_them(self, text: str, number: float | None) -> None:
        assert read_number(text) == number


def _inside(widget: object) -> list:
    return [widget, *(w for child in getattr(widget, "children", ()) for w in _inside(child))]


def _press(widget: object, text: str) -> None:
    next(w for w in _inside(widget) if getattr(w, "description", None) == text).click()


def _shown(widget: object) -> str:
    return " ".join(str(w.value) for w in _inside(widget) if type(w).__name__ == "HTML")


class TestWidgets:
    @pytest.mark.parametrize("entry", POOL.items, ids=lambda entry: entry.id)
    def test_every_item_can_be_shown(self, entry: Item) -> None:
        panel = ask(entry.id)
        assert repr(panel) == f"ask {entry.id}: run this cell"
        bundle = panel._repr_mimebundle_()
        assert bundle["text/plain"] == repr(panel)
        assert "application/vnd.jupyter.widget-view+json" in bundle

    def test_ask_explains_at_once(self) -> None:
        box = view.ask(item("1.5/visible")).widget()
        _press(box, "Check")
        assert view.NOTHING_CHOSEN in _shown(box)
        radio = next(w for w in _inside(box) if type(w).__name__ == "RadioButtons")
        for place in range(4):
            radio.value = place
            _press(box, "Check")
            assert ("Right." in _shown(box)) != ("Not quite." in _shown(box))

    def test_options_show_no_quotes_of_code_and_the_answer_keeps_them(self) -> None:
        field = view.Field(draw(item("3.12/swallow"), 1), lambda: None)
        for place, (shown, _) in enumerate(field.input.options):
            field.input.value = place
            assert "`" not in shown
            assert field.answer.replace("`", "") == shown

    def test_the_first_evening_has_no_lesson_number(self) -> None:
        assert view.taught_in("1.0/price") == "first evening"
        assert view.taught_in("1.5/level") == "lesson 1.5"
        assert view.titled("1.0/price") == "first evening"
        assert view.titled("1.5/level") == "lesson 1.5, The guideline is the product"

    def test_what_is_written_is_escaped(self) -> None:
        assert "<b>x" not in view.told(Verdict(True, "<b>x"))

    def test_unknown_ids_say_what_there_is(self) -> None:
        with pytest.raises(LabelSchoolError, match=r"1\.5/visible"):
            ask("1.5/nothing")
        with pytest.raises(LabelSchoolError, match="no quiz"):
            quiz("9")

    @pytest.mark.parametrize("names", ["ask, quiz", "test_out, quiz", "ask, demo, exercise, quiz"])
    def test_notebooks_get_functions(self, names: str) -> None:
        """No module may take the place of a function, whatever is imported first."""
        code = f"from labelschool import {names}; assert repr(quiz('1')) == 'quiz 1: run this cell'"
        subprocess.run([sys.executable, "-c", code], check=True)

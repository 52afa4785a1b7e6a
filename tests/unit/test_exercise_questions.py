"""Exercises 1.C and 1.E: several questions about one item, from the truth to the points."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import course, datasets
from labelschool.exercises.exercise import exercise, score
from labelschool.grading.sound import sound
from labelschool.home import results
from labelschool.model import Choice, ItemAnswer, TextTruth, TruthSpan
from labelschool.quality import simulated as sim
from labelschool.scoring import score_questions, score_requirements
from labelschool.scoring.detection_theory import rate_interval
from labelschool.scoring.requirements import LEVELS, shares
from labelschool.scoring.score import rescale

POOLS = ("practice", "counted")
SHEETS, SKILLS = course.load().task("1.C"), course.load().task("1.E")
QUESTIONS = [question.name for question in SHEETS.questions]
ANSWERS = SHEETS.questions[0].classes
NAMES = SKILLS.questions[0].classes


def pool_of(task, pool):
    if not datasets.has_truth(task.dataset, pool):
        pytest.skip(f"datasets/{task.dataset} has no {pool} truth here")
    return datasets.task_truth(task, pool)


def scored(task, truth, answers):
    if task is SHEETS:
        return score_questions(truth, answers, questions=dict.fromkeys(QUESTIONS, 1))
    return score_requirements(truth, answers, skills=NAMES)


def right(task, truth):
    """The truth as answers: item -> question -> classes."""
    if task is SHEETS:
        return {i.item: {q: i.choices[q][:1] for q in QUESTIONS} for i in truth}
    return {
        i.item: {
            level: tuple(s for s in NAMES if i.choices.get(s, ("",))[0] == level)
            for level in LEVELS
        }
        for i in truth
    }


def mistaken(task, truth):
    """The mistake the exercise is there for: one answer to both, or welcome taken as required."""
    if task is SHEETS:
        return {i.item: dict.fromkeys(QUESTIONS, i.choices["Waymo-like"][:1]) for i in truth}
    return {
        item: {"required": tuple(itertools.chain(*given.values()))}
        for item, given in right(task, truth).items()
    }


@pytest.fixture
def home(at_desk):
    return at_desk


def save(task, answers, pool="counted", done=True):
    chosen = exercise(task.id, pool)
    edits = {
        item: ItemAnswer(
            item=item,
            annotations=tuple(
                Choice(id=name, question=name, labels=labels) for name, labels in given.items()
            ),
            done=done,
        )
        for item, given in answers.items()
    }
    chosen.file.save(edits, base=chosen.file.read().revision)
    return chosen


class TestTruth:
    @pytest.mark.parametrize("pool", POOLS)
    def test_every_answer_can_be_given_and_cites_a_rule_of_its_sheet(self, pool):
        rules = course.guideline(SHEETS.guideline).rules
        for item in pool_of(SHEETS, pool):
            for question in QUESTIONS:
                assert set(item.choices[question]) <= set(ANSWERS)
                if item.choices[question] == ("silent",):
                    assert question not in item.rules
                else:
                    assert rules[item.rules[question]].short.startswith(question)

    @pytest.mark.parametrize("pool", POOLS)
    def test_every_skill_named_by_an_ad_has_its_words_and_no_other(self, pool):
        for item in pool_of(SKILLS, pool):
            named = {skill for skill in NAMES if skill in item.choices}
            assert sorted(span.label for span in item.spans) == sorted(named), item.item
            assert all(set(item.choices[skill]) <= set(LEVELS) for skill in named)

    def test_an_ad_without_any_skill_is_among_them(self):
        for pool in POOLS:
            assert not all(item.spans for item in pool_of(SKILLS, pool))

    def test_the_lists_and_their_rules_are_those_of_the_manifest_and_the_guideline(self):
        guideline = course.guideline(SKILLS.guideline)
        assert tuple(guideline.classes) == NAMES == SKILLS.questions[1].classes
        assert {q.name: guideline.rules[LEVELS[q.name]].name for q in SKILLS.questions} == {
            level: level for level in LEVELS
        }


@pytest.mark.parametrize("task", [SHEETS, SKILLS], ids=lambda task: task.id)
class TestScore:
    @pytest.mark.parametrize("pool", POOLS)
    def test_acceptance(self, task, pool):
        """Syllabus 2.5, on the practice pool too, whose few ads make single runs less certain."""
        truth = pool_of(task, pool)

        def values(profile):
            if task is SHEETS:
                made = [
                    sim.annotate_sheets(truth, profile, seed, questions=QUESTIONS, classes=ANSWERS)
                    for seed in range(20)
                ]
            else:
                made = [sim.annotate_ads(truth, profile, seed, skills=NAMES) for seed in range(20)]
            given = [
                {name: {c.question: c.labels for c in choices} for name, choices in one.items()}
                for one in made
            ]
            return np.array([scored(task, truth, one).value for one in given])

        mark = rescale(task.pass_mark, scored(task, truth, {}).blind)
        assert values("expert").mean() >= 0.92
        assert values("trained").mean() >= mark
        for novice in ("loose", "hasty"):
            assert (values(novice) < mark).mean() >= 0.5, novice
        assert values("spammer").max() < 0.15

    @pytest.mark.parametrize("pool", POOLS)
    def test_the_mistake_it_is_there_for_does_not_pass(self, task, pool):
        truth = pool_of(task, pool)
        found = scored(task, truth, mistaken(task, truth))
        assert found.value < rescale(task.pass_mark, found.blind)
        assert found.raw < task.pass_mark
        assert set(found.counts()) == {"E10"}

    def test_the_truth_is_worth_everything_and_nothing_earns_nothing(self, task):
        truth = pool_of(task, "counted")
        assert scored(task, truth, right(task, truth)).value == 1
        assert scored(task, truth, {}).value == 0
        with pytest.raises(ValueError, match="cannot be scored"):
            scored(task, [], {})

    def test_putting_all_findings_right_is_worth_what_they_cost_at_least(self, task):
        truth = pool_of(task, "counted")
        found = scored(task, truth, mistaken(task, truth))
        assert 1 - found.value == pytest.approx(sum(f.cost for f in found.findings), rel=0.25)


@pytest.mark.parametrize("pool", POOLS)
def test_no_pair_of_answers_beats_the_blind_score_of_the_sheets(pool):
    truth = pool_of(SHEETS, pool)
    for pair in itertools.product(ANSWERS, repeat=2):
        given = dict(zip(QUESTIONS, [(label,) for label in pair], strict=True))
        assert scored(SHEETS, truth, {i.item: given for i in truth}).value == 0


def test_the_practice_answers_in_their_order_do_not_pass_the_counted_pool():
    known = [right(SHEETS, [item])[item.item] for item in pool_of(SHEETS, "practice")]
    truth = pool_of(SHEETS, "counted")
    found = scored(SHEETS, truth, {i.item: g for i, g in zip(truth, known, strict=True)})
    assert found.value < 0.15


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from([*LEVELS]), max_size=12))
def test_no_constant_lists_beat_the_blind_score_of_the_ads(marked):
    truth = pool_of(SKILLS, "counted")
    given_ = {level: tuple(s for s in marked if marked[s] == level) for level in LEVELS}
    assert scored(SKILLS, truth, {i.item: given_ for i in truth}).value == pytest.approx(0)


def test_both_lists_to_be_safe_do_not_pass():
    truth = pool_of(SKILLS, "counted")
    every = mistaken(SKILLS, truth)
    both = {item: dict.fromkeys(LEVELS, given["required"]) for item, given in every.items()}
    assert scored(SKILLS, truth, both).raw == pytest.approx(2 / 3)


@given(st.sets(st.integers(0, 23)))
def test_the_share_of_right_answers_is_counted_by_answer(wrong):
    truth = pool_of(SHEETS, "counted")
    answers = right(SHEETS, truth)
    for number in wrong:
        item = truth[number // 2]
        answers[item.item][QUESTIONS[number % 2]] = ("side mirrors out",)
    found = scored(SHEETS, truth, answers)
    assert found.n == 24
    assert found.raw == pytest.approx(1 - len(wrong) / 24)
    assert len(found.findings) == len(wrong)
    assert (found.value >= rescale(SHEETS.pass_mark, found.blind)) == (len(wrong) <= 4)


AD = TextTruth(
    item="ad-1",
    choices={"sql": ("required",), "python": ("welcome",)},
    spans=(TruthSpan(start=0, end=15, label="python", text="Python would do"),),
)


@pytest.mark.parametrize(
    ("required", "welcome", "told"),
    [
        (("sql",), (), [("E1", "python", 2)]),
        (("sql", "python"), (), [("E10", "python", 2)]),
        ((), ("sql", "python"), [("E10", "sql", 1)]),
        (("sql",), ("python", "ci"), [("E2", "ci", 3)]),
        (("sql",), ("sql", "python"), [("E10", "sql", 1)]),
    ],
)
def test_each_skill_that_is_wrong_is_told_once(required, welcome, told):
    answers = {"ad-1": {"required": required, "welcome": welcome}}
    found = score_requirements([AD], answers, skills=NAMES)
    assert [(f.code, f.details["skill"], f.rule) for f in found.findings] == told


class TestExercise:
    @pytest.mark.parametrize("task", [SHEETS, SKILLS], ids=lambda task: task.id)
    def test_the_truth_passes_and_is_recorded(self, home, task, capsys):
        truth = pool_of(task, "counted")
        said = repr(save(task, right(task, truth)).check())
        assert "passed" in said
        assert score(task.id) == 10
        best = results.read().entries[f"exercise/{task.id}/counted"].best
        assert (best.score, best.passed) == (1, True)
        assert set(best.hashes) >= {"answer", "truth", "guideline"}
        sound(task.id)

    @pytest.mark.parametrize("task", [SHEETS, SKILLS], ids=lambda task: task.id)
    def test_the_counted_check_gives_nothing_away(self, home, task):
        truth = pool_of(task, "counted")
        chosen = save(task, mistaken(task, truth))
        report = chosen.check()
        assert "E10" in repr(report)
        for text in (repr(report), report._repr_html_(), repr(chosen.review())):
            assert "Rule" not in text
            assert not any(item.note and item.note in text for item in truth)
            assert "is welcome" not in text

    def test_one_answer_for_both_sheets_is_shown_the_clause(self, home):
        truth = pool_of(SHEETS, "practice")
        said = repr(save(SHEETS, mistaken(SHEETS, truth), "practice").check())
        assert "VOC-like: you said “no label”; it is “label”." in said
        assert "You gave one answer for both, and here they differ." in said
        assert "[Rule 3: VOC-like: label what is seen in a mirror.]" in said

    def test_an_open_question_is_told_as_such(self, home):
        truth = pool_of(SHEETS, "practice")
        answers = right(SHEETS, truth)
        del answers[truth[0].item]["Waymo-like"]
        said = repr(save(SHEETS, answers, "practice").check())
        assert "Waymo-like: no answer; it is “no label”." in said

    def test_nice_to_have_is_told_with_the_words_of_the_ad(self, home):
        truth = pool_of(SKILLS, "practice")
        chosen = save(SKILLS, mistaken(SKILLS, truth), "practice")
        said = repr(chosen.check())
        assert "You marked sql as required, but sql is welcome: “SQL is welcome”" in said
        assert "[Rule 2: Welcome: plus" in said
        reviewed = chosen.review()
        assert "[sql, welcome: SQL is welcome]; Python is not needed" in repr(reviewed)
        assert "<b>[sql, welcome: </b>SQL is welcome<b>]</b>" in reviewed._repr_html_()

    def test_the_counted_check_shows_the_shares_by_own_tags(self, home):
        truth = pool_of(SKILLS, "counted")
        answers = right(SKILLS, truth)
        report = save(SKILLS, answers).check()
        own = sum("sql" in given["required"] for given in answers.values())
        wished = sum("sql" in given["welcome"] for given in answers.values())
        low, high = (round(100 * end) for end in rate_interval(own, 30))
        assert f"sql, {own}, {100 * own / 30:.0f} %, {low} to {high} %, {wished}" in repr(report)
        assert "say nothing about the market" in repr(report)
        assert "<th scope=" in report._repr_html_()
        # Other tags give other shares: they are the learner's, not the truth's.
        report = save(SKILLS, {item: {"required": ("sql",)} for item in answers}).check()
        assert "sql, 30, 100 %, 89 to 100 %, 0" in repr(report)

    def test_practice_shows_no_shares_of_five_ads(self, home):
        truth = pool_of(SKILLS, "practice")
        assert "market" not in repr(save(SKILLS, right(SKILLS, truth), "practice").check())

    def test_an_empty_ad_marked_done_is_answered(self, home):
        truth = pool_of(SKILLS, "practice")
        said = repr(save(SKILLS, right(SKILLS, truth), "practice").check())
        assert "no answer yet" not in said
        assert "Nothing to mend: all 5 ads are right." in said

    @pytest.mark.parametrize(
        ("task", "given", "told"),
        [
            (SHEETS, {"VOC-like": ("label", "no label")}, "two answers to one question"),
            (SHEETS, {"KITTI-like": ("label",)}, "an answer that is not asked"),
            (SKILLS, {"required": ("sql", "cobol")}, "an answer that is not asked"),
        ],
    )
    def test_an_answer_no_annotator_writes_is_not_sound(self, home, task, given, told):
        save(task, {pool_of(task, "counted")[0].item: given})
        with pytest.raises(AssertionError, match=told):
            sound(task.id)

    @pytest.mark.parametrize("task", [SHEETS, SKILLS], ids=lambda task: task.id)
    def test_the_annotator_asks_what_the_manifest_says(self, home, task):
        settings = exercise(task.id).annotate().spec
        assert [q["name"] for q in settings["questions"]] == [q.name for q in task.questions]
        assert settings["unsure"] is False


def test_shares_count_a_skill_in_both_lists_once():
    answers = {"a": {"required": ("sql",), "welcome": ("sql", "ci")}, "b": {"welcome": ("ci",)}}
    found = {share.skill: share for share in shares(answers, ("api", "ci", "sql"))}
    assert [*found] == ["sql", "ci", "api"]
    assert (found["sql"].required, found["sql"].welcome, found["sql"].n) == (1, 0, 2)
    assert (found["ci"].required, found["ci"].welcome) == (0, 2)


def test_the_same_seed_makes_the_same_answers_and_a_copyist_copies():
    truth = pool_of(SKILLS, "counted")

    def labels(profile, seed):
        made = sim.annotate_ads(truth, profile, seed, skills=NAMES)
        return {item: [choice.labels for choice in choices] for item, choices in made.items()}

    assert labels("hasty", 3) == labels("hasty", 3) != labels("hasty", 4)
    assert labels("collusive", 1) == labels("collusive", 2)
    with pytest.raises(KeyError):
        labels("nobody", 1)

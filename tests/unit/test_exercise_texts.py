"""Exercises 2.F to 2.I: spans, tickets, preferences, error spans, from the truth to the points."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from labelschool import course, datasets
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.modalities import MODALITIES
from labelschool.grading.sound import sound
from labelschool.home import results
from labelschool.model import Choice, ItemAnswer, Preference, Span
from labelschool.quality import simulated as sim

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "grading"))
import text_answers

ENTITIES, TICKETS, PAIRS, DRAFTS = (course.load().task(f"2.{letter}") for letter in "FGHI")
TASKS = (ENTITIES, TICKETS, PAIRS, DRAFTS)

SEEDS = range(10)


def pool_of(task, pool="counted"):
    if not datasets.has_truth(task.dataset, pool):
        pytest.skip(f"datasets/{task.dataset} has no {pool} truth here")
    return datasets.task_truth(task, pool)


def right(task, truth):
    """The truth as the annotations of each item."""
    return {item.item: text_answers.RIGHT[task.id](item) for item in truth}


def simulated(task, pool, profile, seed):
    """What a simulated annotator makes of a pool, by item."""
    truth, items = datasets.task_truth(task, pool), datasets.task_items(task, pool)
    if task in (ENTITIES, DRAFTS):
        return sim.annotate_spans(truth, profile, seed, items=items, labels=task.classes)
    if task is PAIRS:
        return sim.annotate_preferences(truth, profile, seed)
    made = {item.item: () for item in truth}
    for number, question in enumerate(task.questions):
        told = {"question": question.name}
        if question.choosing == "ordinal":
            draw, told["levels"] = sim.annotate_ordinals, question.classes
        else:
            draw, told["classes"] = sim.annotate_tags, question.classes
        for item, choices in draw(truth, profile, 3 * seed + number, **told).items():
            made[item] += tuple(choices)
    return made


def answers(made, done=True):
    """Annotations as answers to items."""
    return {
        item: ItemAnswer(item=item, annotations=tuple(given), done=done)
        for item, given in made.items()
    }


def scored(task, made, pool="counted"):
    return MODALITIES[task.widget].score(task, pool_of(task, pool), answers(made))


def save(task, made, pool="counted", done=True):
    chosen = exercise(task.id, pool)
    chosen.file.save(answers(made, done), base=chosen.file.read().revision)
    return chosen


@pytest.fixture
def home(at_desk):
    return at_desk


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
class TestAcceptance:
    def test_people_of_each_kind_earn_what_they_should(self, task):
        """Syllabus 2.5. A random step of preference is right so often that single runs of a
        spammer reach 0.3; the mean is what has to stay low there.
        """
        mark = exercise(task.id).pass_mark(scored(task, {}))

        def found(profile):
            return [scored(task, simulated(task, "counted", profile, s)) for s in SEEDS]

        def values(profile):
            return np.array([one.value for one in found(profile)])

        assert values("expert").mean() >= 0.92
        assert values("trained").mean() >= mark
        for novice in ("loose", "hasty"):
            assert np.mean([one.passes(mark) for one in found(novice)]) <= 0.5, novice
        spammer = values("spammer")
        assert (spammer.mean() if task is PAIRS else spammer.max()) < 0.15

    def test_the_truth_is_worth_everything_and_nothing_earns_nothing(self, task):
        truth = pool_of(task)
        best = scored(task, right(task, truth))
        assert best.value == pytest.approx(1)
        assert best.passes(1 - 1e-9)
        assert not best.findings
        assert scored(task, {}).value == 0
        with pytest.raises(ValueError, match="cannot be scored"):
            MODALITIES[task.widget].score(task, [], {})

    def test_removing_right_work_never_helps(self, task):
        made = right(task, pool_of(task))
        noisy = {**made, **dict(list(simulated(task, "counted", "hasty", 1).items())[:10])}
        whole = scored(task, noisy).value
        for item in list(made)[-6:]:
            less = {**noisy, item: noisy[item][1:]}
            assert scored(task, less).value <= whole + 1e-9

    def test_the_order_of_work_does_not_matter(self, task):
        made = simulated(task, "counted", "loose", 2)
        turned = {item: tuple(made[item][::-1]) for item in reversed(made)}
        assert scored(task, turned) == scored(task, made)

    def test_every_finding_cites_a_rule_of_the_guideline_and_is_told(self, task):
        from labelschool.feedback.words import sentence

        rules = course.guideline(task.guideline).rules
        for profile in ("loose", "hasty", "confuser", "spammer", "lazy"):
            for finding in scored(task, simulated(task, "counted", profile, 3)).findings:
                assert finding.rule is None or finding.rule in rules
                assert finding.details["kind"]
                assert all(sentence(finding))

    def test_the_truth_passes_is_sound_and_recorded(self, home, task):
        said = repr(save(task, right(task, pool_of(task))).check())
        assert "passed" in said
        assert score(task.id) == 10
        sound(task.id)
        best = results.read().entries[f"exercise/{task.id}/counted"].best
        assert (best.score, best.passed) == (1, True)

    def test_a_counted_check_gives_nothing_away(self, home, task):
        chosen = save(task, simulated(task, "counted", "loose", 1))
        report = chosen.check(unfinished=True)
        for text in (repr(report), report._repr_html_(), repr(chosen.review())):
            assert "Rule" not in text
            assert not any(item.note and item.note in text for item in pool_of(task))

    def test_practice_shows_findings_and_a_review_the_texts(self, home, task):
        chosen = save(task, simulated(task, "practice", "loose", 1), "practice")
        assert "Rule" in repr(chosen.check())
        assert chosen.review()._repr_html_().count("lsr-text") >= 1

    def test_the_annotator_opens_with_what_the_manifest_says(self, home, task):
        settings = exercise(task.id, "practice").annotate().spec
        assert settings["guideline"] == task.guideline
        assert len(settings["items"]) == len(pool_of(task, "practice"))


@pytest.mark.parametrize(
    ("answer", "bounds"),
    [
        ("right", {"2.F": (10, 10), "2.G": (10, 10), "2.H": (10, 10), "2.I": (10, 10)}),
        ("slipped", {"2.F": (5, 8.2), "2.G": (3, 7), "2.H": (4, 5.5), "2.I": (1, 5)}),
        ("blind", {"2.F": (0, 1.5), "2.G": (0, 1.5), "2.H": (0, 1.5), "2.I": (0, 1.5)}),
    ],
)
def test_saved_answers_earn_what_they_are_worth_and_are_sound(home, answer, bounds):
    getattr(text_answers, answer)(Path.cwd())
    for task_id, (low, high) in bounds.items():
        assert low <= score(task_id) <= high, task_id
        sound(task_id)


# Each kind of mistake ---------------------------------------------------------------------------


def one_text(task, pool="counted", **where):
    """The first item of a pool with a span of that kind, and the span."""
    for item in pool_of(task, pool):
        for span in item.spans:
            if all(getattr(span, name) == value for name, value in where.items()):
                return item, span
    raise AssertionError(where)


def changed(task, item, span, **change):
    """The truth with one span of one item changed."""
    made = right(task, pool_of(task))
    made[item.item] = tuple(
        s.model_copy(update=change) if (s.start, s.end) == (span.start, span.end) else s
        for s in made[item.item]
    )
    return [f for f in scored(task, made).findings if f.item == item.item]


def text_of(task, item):
    shown = {i.name: i for i in datasets.task_items(task, "counted")}[item.item]
    return shown.text if shown.text is not None else shown.fields["draft"]


def test_a_title_a_possessive_and_a_stop_are_told_by_their_rule():
    told = {}
    for item in pool_of(ENTITIES):
        text = text_of(ENTITIES, item)
        for span in item.spans:
            title = re.search(r"\b[A-Z]?[a-z]+ $", text[: span.start])
            if span.label == "PER" and "title" in item.edge_cases and title:
                told["title", 1] = changed(ENTITIES, item, span, start=title.start())
            if text[span.end :].startswith("'s"):
                told["possessive", 7] = changed(ENTITIES, item, span, end=span.end + 2)
            if text[span.end :].startswith(". "):
                told["signs", 7] = changed(ENTITIES, item, span, end=span.end + 1)
    assert {key[0] for key in told} == {"title", "possessive", "signs"}
    for (kind, rule), (finding,) in told.items():
        assert (finding.code, finding.details["kind"], finding.rule) == ("E13", kind, rule)
        assert 0 < finding.cost < 0.01


def test_a_team_marked_as_a_place_is_rule_4_and_a_country_marked_as_a_team_rule_3():
    item, span = one_text(ENTITIES, edge_cases=("metonymy",))
    (team,) = changed(ENTITIES, item, span, label="LOC")
    assert (team.code, team.rule, team.details["kind"]) == ("E8", 4, "team_as_place")
    item, span = one_text(ENTITIES, label="LOC", layer=1)
    (place,) = changed(ENTITIES, item, span, label="ORG")
    assert (place.code, place.rule) == ("E8", 3)


def test_a_nested_span_counts_as_one_and_its_layer_does_not():
    item, span = one_text(ENTITIES, layer=2)
    assert not changed(ENTITIES, item, span, layer=1)
    made = right(ENTITIES, pool_of(ENTITIES))
    made[item.item] = tuple(s for s in made[item.item] if s.layer == 1)
    first, *_ = scored(ENTITIES, made).findings
    assert (first.code, first.rule, first.details["kind"]) == ("E1", 8, "nested_missed")


def test_an_accepted_label_is_right():
    truth = pool_of(DRAFTS)
    item, span = next((i, s) for i in truth for s in i.spans if s.accepted)
    assert not changed(DRAFTS, item, span, label=span.accepted[0])
    assert changed(DRAFTS, item, span, label="locale")[0].code == "E8"


def test_a_duration_is_invented_and_a_second_span_a_duplicate():
    truth = pool_of(ENTITIES)
    made, item = right(ENTITIES, truth), truth[0]
    text = text_of(ENTITIES, item)
    span = item.spans[0]
    free = next(
        n for n in range(len(text)) if text[n].isalpha() and text[n - 1] == " "
        and all(n + 1 <= s.start or n >= s.end for s in item.spans)
    )  # fmt: skip
    made[item.item] += (
        Span(id="x", label="DATE", start=free, end=free + 1),
        Span(id="y", label=span.label, start=span.start, end=span.end),
    )
    found = {f.code: f for f in scored(ENTITIES, made).findings}
    assert set(found) == {"E2", "E3"}
    assert (found["E2"].rule, found["E3"].rule) == (6, 10)


def test_scores_of_spans_are_those_of_the_formula():
    truth = pool_of(ENTITIES)
    made = right(ENTITIES, truth)
    half = {item: spans[: len(spans) // 2] for item, spans in made.items()}
    there = sum(map(len, made.values()))
    kept = sum(map(len, half.values()))
    assert scored(ENTITIES, half).raw == pytest.approx(2 * kept / (there + kept))


class TestDrafts:
    def test_taste_is_neither_looked_for_nor_charged(self):
        made = right(DRAFTS, pool_of(DRAFTS))
        taste = [(i, s) for i in pool_of(DRAFTS) for s in i.spans if s.severity == "neutral"]
        assert len(taste) >= 3
        for item, span in taste:
            made[item.item] += (
                Span(id="t", label="style", start=span.start, end=span.end, field=span.field,
                     severity="major"),
            )  # fmt: skip
        assert scored(DRAFTS, made).value == 1

    def test_one_error_marked_three_times_is_told_as_such(self):
        item, span = one_text(DRAFTS, label="accuracy", severity="major")
        made = right(DRAFTS, pool_of(DRAFTS))
        more = {"label": "style", "start": span.start, "field": span.field, "severity": "minor"}
        made[item.item] += (
            Span(id="x", end=span.end, **more),
            Span(id="y", end=span.start + 1, **more),
        )
        found = scored(DRAFTS, made).findings
        assert [(f.code, f.rule) for f in found] == [("E3", 2), ("E3", 2)]

    def test_style_as_major_is_a_wrong_weight_and_misses_the_points(self):
        made = right(DRAFTS, pool_of(DRAFTS))
        heavy = {
            item: tuple(s.model_copy(update={"severity": "major"}) for s in spans)
            for item, spans in made.items()
        }
        found = scored(DRAFTS, heavy)
        share = {part.name: part.value for part in found.parts}
        assert share["span F1"] == pytest.approx(1)
        assert share["drafts within 3 points"] < 0.5
        assert not found.passes(0.1)
        kinds = {f.details["kind"] for f in found.findings}
        assert kinds == {"severity", "style_major"}

    def test_a_review_shows_the_points_beside_those_of_the_key(self, home):
        truth = pool_of(DRAFTS, "practice")
        made = {i.item: text_answers.RIGHT[DRAFTS.id](i)[:1] for i in truth}
        said = repr(save(DRAFTS, made, "practice").review())
        assert "MQM points: 5 by your marks, 8 by the key." in said

    def test_a_useless_draft_costs_25(self):
        from labelschool.scoring.error_spans import points

        useless = next(i for i in pool_of(DRAFTS) if "useless" in i.edge_cases)
        assert points(useless.spans) == 25
        assert points([s for i in pool_of(DRAFTS) for s in i.spans if s.severity == "minor"]) == 25


class TestTickets:
    def test_a_pass_needs_both_measures(self):
        truth = pool_of(TICKETS)
        for spoiled, name in (("priority", "weighted kappa"), ("intent", "macro-F1")):
            made = {
                item: tuple(
                    c if c.question != spoiled else c.model_copy(update={"labels": (first,)})
                    for c in given
                )
                for item, given in right(TICKETS, truth).items()
                for first in [next(q for q in TICKETS.questions if q.name == spoiled).classes[0]]
            }
            found = scored(TICKETS, made)
            short = [part.name for part in found.parts if part.value < part.needed]
            assert short == [name]
            assert not found.passes(0)

    def test_the_kappa_is_that_of_the_plain_formula(self):
        from .plain_metrics import weighted_kappa

        truth, made = pool_of(TICKETS), simulated(TICKETS, "counted", "trained", 4)
        given = [int(made[i.item][2].labels[0]) for i in truth]
        plain = weighted_kappa([int(i.choices["priority"][0]) for i in truth], given)
        assert scored(TICKETS, made).parts[1].value == pytest.approx(plain)

    def test_the_second_of_two_intents_is_told_with_the_primary_rule(self, home):
        item = next(i for i in pool_of(TICKETS) if "two_intents" in i.edge_cases)
        made = right(TICKETS, pool_of(TICKETS))
        wrong = Choice(id="intent", question="intent", labels=("how_to",))
        made[item.item] = (wrong, *made[item.item][1:])
        (finding,) = scored(TICKETS, made).findings
        assert (finding.code, finding.rule) == ("E8", 1)
        said = repr(save(TICKETS, made).review(give_up=True))
        assert "the one that the writer puts first is the intent" in said
        assert "[Rule 1: The intent is the action that the writer wants first.]" in said


class TestPairs:
    def test_always_one_side_earns_nothing(self):
        for step in (-3, -1, 0, 1):
            made = {i.item: (Preference(step=step),) for i in pool_of(PAIRS)}
            assert scored(PAIRS, made).value < 0.01
            assert not scored(PAIRS, made).passes(0)

    @pytest.mark.parametrize("sign", [1, -1])
    def test_neither_the_longer_nor_the_shorter_answer_passes(self, sign):
        made = {}
        for item in datasets.task_items(PAIRS, "counted"):
            a, b = (len(item.fields[name].split()) for name in "ab")
            made[item.name] = (Preference(step=sign * (1 if b > a else -1)),)
        found = scored(PAIRS, made)
        assert not found.passes(exercise(PAIRS.id).pass_mark(found))

    def test_a_changed_mind_on_a_control_is_told(self, home):
        truth = pool_of(PAIRS)
        control = next(i for i in truth if i.control_of and len({j.step for j in i.panel}) < 3)
        made = right(PAIRS, truth)
        (said,) = made[control.control_of]
        made[control.item] = (said,)
        found = scored(PAIRS, made)
        (finding,) = found.findings
        assert (finding.code, finding.details["kind"]) == ("E10", "swapped")
        assert found.parts[0].value == pytest.approx(5 / 6)
        assert found.passes(0.9)
        assert "the other way round" in repr(save(PAIRS, made).review(give_up=True))

    def test_who_is_consistent_against_the_whole_panel_is_wrong_twice(self):
        truth = pool_of(PAIRS)
        control = next(i for i in truth if i.control_of and "length_trap" in i.edge_cases)
        made = right(PAIRS, truth)
        for name in (control.item, control.control_of):
            (said,) = made[name]
            made[name] = (said.model_copy(update={"step": -said.step}),)
        found = scored(PAIRS, made)
        assert {(f.code, f.item) for f in found.findings} == {
            ("E8", control.item),
            ("E8", control.control_of),
        }
        assert found.parts[0].value == 1
        assert found.findings[0].cost == pytest.approx(found.findings[1].cost)

    def test_the_margin_is_the_weight_of_a_pair(self):
        truth = pool_of(PAIRS)
        plain = [i for i in truth if not i.control_of and i.item not in
                 {c.control_of for c in truth}]  # fmt: skip
        costs = {}
        for item in plain:
            made = right(PAIRS, truth)
            (said,) = made[item.item]
            made[item.item] = (said.model_copy(update={"step": -said.step or 3}),)
            (finding,) = scored(PAIRS, made).findings
            costs.setdefault(finding.details["votes"], []).append(finding.cost)
        assert costs[3][0] / costs[5][0] == pytest.approx(0.2)
        assert costs[4][0] / costs[5][0] == pytest.approx(0.6)

    def test_own_habits_are_told_with_their_n(self, home):
        truth = pool_of(PAIRS, "practice")
        made = {i.item: (Preference(step=-2, rationale="It is nicer."),) for i in truth}
        said = repr(save(PAIRS, made, "practice").check())
        assert "You preferred the first answer in 10 of 10 decisions (100 %" in said
        assert "You preferred the longer answer in " in said
        assert "Of 1 pairs shown twice you judged 0 alike." in said
        assert "0 of 10 reasons name words as evidence." in said
        said = repr(save(PAIRS, right(PAIRS, truth), "practice").check())
        assert "10 of 10 reasons name words as evidence." in said


@pytest.mark.parametrize(
    ("task", "made", "told"),
    [
        (ENTITIES, Span(id="s", label="ANIMAL", start=0, end=3), "a ANIMAL, which is not asked"),
        (ENTITIES, Span(id="s", label="PER", start=0, end=9999), "beyond its text"),
        (DRAFTS, Span(id="s", label="style", start=0, end=3, field="brief"), "beyond its text"),
    ],
)
def test_what_no_annotator_writes_is_not_sound(home, task, made, told):
    save(task, {pool_of(task)[0].item: (made,)})
    with pytest.raises(AssertionError, match=told):
        sound(task.id)

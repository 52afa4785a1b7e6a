"""The hunt of exercise 1.D: blocks in order, own numbers graded, performance not, and the plan."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from labelschool import code_answers, course, datasets
from labelschool.answers import AnswerFile
from labelschool.datasets import drawn
from labelschool.exercises import attention
from labelschool.exercises.attention import Look
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.hunts import NUMBERS, Hunt, compare
from labelschool.generators import needle
from labelschool.home import results
from labelschool.model import Choice, ItemAnswer
from labelschool.scoring.detection_theory import Table, d_prime_interval

REFERENCE = """
from statistics import NormalDist

def report(rows):
    z = NormalDist().inv_cdf
    count = lambda tilted, said: sum(
        row["tilted"] == tilted and row["said_tilted"] == said for row in rows
    )
    hits, misses = count(True, True), count(True, False)
    alarms, rejections = count(False, True), count(False, False)
    return {
        "hits": hits,
        "misses": misses,
        "false_alarms": alarms,
        "correct_rejections": rejections,
        "miss_rate": misses / (hits + misses),
        "d_prime": z((hits + 0.5) / (hits + misses + 1))
        - z((alarms + 0.5) / (alarms + rejections + 1)),
    }
"""


@pytest.fixture
def home(at_desk):
    return at_desk


def truth():
    return {
        item.item: "tilted" in item.labels
        for item in datasets.task_truth(course.load().task("1.D"), "counted")
    }


def answered(name, tilted, seconds):
    label = "tilted" if tilted else "upright"
    choice = Choice(labels=(label,), ms=seconds * 1000)
    return ItemAnswer(item=name, annotations=(choice,), done=True)


def hunt(blocks=(1, 2, 3), says=lambda place, tilted: tilted, seconds=lambda place: 3.0):
    """A hunt with those blocks answered; `says` gets the place of a picture and the truth."""
    chosen = exercise("1.D")
    known = truth()
    edits = {
        item.name: answered(item.name, says(place, known[item.name]), seconds(place))
        for place, item in enumerate(datasets.task_items(chosen.task, "counted"))
        if int(item.batch) in blocks
    }
    chosen.file.save(edits, base=chosen.file.read().revision)
    return chosen


def misses_rare(place, tilted):
    """Misses the targets of the first half of block 2 and finds all others."""
    return tilted and not 40 <= place < 90


class TestPictures:
    def test_the_three_blocks_are_those_of_the_key(self):
        task = course.load().task("1.D")
        items = datasets.task_items(task, "counted")
        sizes = [sum(item.batch == block for item in items) for block in "123"]
        assert sizes == [pictures for pictures, _ in needle.BLOCKS]
        held = [truth()[item.name] for item in items]
        assert held == list(needle.targets(datasets.key("needle", "counted")["seed"]))

    def test_the_annotator_shows_the_drawn_picture_and_no_truth(self, home):
        shown = exercise("1.D").annotate(1)
        item = shown._items["needle-002"]
        (png,) = shown._files(item, "image")
        seed = datasets.key("needle", "counted")["seed"]
        drawn = needle.picture(seed, 1, tilted=True)
        assert Image.open(io.BytesIO(png)).tobytes() == drawn.tobytes()
        assert len(shown.spec["items"]) == 40
        told = json.dumps(shown.spec["items"])
        assert "tilted" not in told
        assert "targets" not in told


class TestOrder:
    def test_a_later_block_waits_for_the_one_before(self, home):
        assert "Block 1 comes first: 40" in repr(exercise("1.D").annotate(2))
        assert len(hunt((1,)).annotate(2).spec["items"]) == 100

    def test_a_finished_block_is_closed_and_its_rows_open(self, home):
        assert exercise("1.D").rows(1) == []
        chosen = hunt((1,))
        assert "Its answers stay as they are" in repr(chosen.annotate(1))
        rows = chosen.rows(1)
        assert sum(row["tilted"] for row in rows) == 20
        assert rows[0] == {
            "picture": "needle-001",
            "tilted": False,
            "said_tilted": False,
            "seconds": 3.0,
        }
        assert chosen.rows(2) == []

    def test_one_missing_picture_keeps_a_block_open(self, home):
        chosen = hunt((1,))
        gone = ItemAnswer(item="needle-007", done=True)
        chosen.file.save({"needle-007": gone}, base=chosen.file.read().revision)
        assert chosen.rows(1) == []
        assert "Block 1 comes first: 1 of" in repr(chosen.annotate(2))

    def test_the_second_look_takes_the_quickest_noes_of_block_three(self, home):
        assert "after block 3" in repr(exercise("1.D").second_look())
        chosen = hunt(seconds=lambda place: 1.0 if 150 <= place < 175 else 4.0)
        shown = chosen.second_look()
        wanted = {item["name"] for item in shown.spec["items"]}
        assert len(wanted) == attention.SECOND_LOOKS
        known = truth()
        quick = {f"needle-{n:03}" for n in range(151, 176)}
        assert {name for name in quick if not known[name]} <= wanted
        assert not any(known[name] for name in wanted)


class TestGrading:
    def test_the_reference_earns_everything_however_well_one_hunted(self, home):
        for says in (lambda _, tilted: tilted, misses_rare, lambda _, tilted: not tilted):
            hunt(says=says)
            code_answers.save("1.D", REFERENCE)
            assert score("1.D") == 10.0

    def test_blind_answers_without_numbers_earn_nothing(self, home, capsys):
        hunt(says=lambda place, tilted: False)
        assert score("1.D") == 0.0
        assert "%%answer 1.D" in capsys.readouterr().out
        code_answers.save("1.D", "def report(rows):\n    return {}\n")
        assert score("1.D") == 0.0

    def test_the_function_as_the_lesson_gives_it_earns_nothing(self, home):
        text = (course.root() / "content/lessons/01-foundation/1-6-attention.md").read_text("utf-8")
        (stub,) = re.findall(r"%%answer 1\.D\n(.*?)```", text, re.DOTALL)
        hunt(says=misses_rare)
        code_answers.save("1.D", stub)
        assert score("1.D") == 0.0

    def test_numbers_without_a_hunt_earn_nothing(self, home, capsys):
        code_answers.save("1.D", REFERENCE)
        assert score("1.D") == 0.0
        assert "Nothing is hunted yet" in capsys.readouterr().out

    def test_an_unfinished_block_earns_nothing_yet(self, home):
        hunt((1, 2))
        code_answers.save("1.D", REFERENCE)
        assert score("1.D") == pytest.approx(20 / 3, abs=0.01)
        assert "Block 3, not finished yet" in repr(exercise("1.D").check())

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ("misses / (hits + misses)", "(hits + rejections) / len(rows)", "always saying no"),
            ("misses / (hits + misses)", "misses / len(rows)", "divided by all pictures"),
            ("misses / (hits + misses)", "hits / (hits + misses)", "hit rate"),
            ("(hits + 0.5) / (hits + misses + 1)", "hits / (hits + misses)", "your function ended"),
            ('"misses": misses', '"misses": None', "Blocks 1, 2 and 3, still missing: misses\\."),
            ('"misses": misses', '"misses": True', "misses: not a number"),
            ('"misses": misses', '"misses": 10**400', "ended with a number too large"),
        ],
    )
    def test_a_usual_slip_fails_and_is_named(self, home, old, new, said):
        hunt(says=misses_rare)
        assert old in REFERENCE
        code_answers.save("1.D", REFERENCE.replace(old, new))
        report = repr(exercise("1.D").check())
        assert re.search(said, report)
        assert score("1.D") < 10 * course.load().task("1.D").pass_mark

    def test_a_missing_correction_is_named(self):
        table = Table(15, 5, 2, 18)
        own = {name: formula(table) for name, formula in NUMBERS.items()}
        own["d_prime"] = 0.6745 + 1.2816
        right, said = compare(own, table)
        assert right["d_prime"] is False
        assert "not corrected" in said[0]

    @given(st.builds(Table, *[st.integers(1, 100)] * 4), st.floats(-0.0099, 0.0099))
    def test_the_tolerance_is_a_hundredth(self, table, off):
        own = {name: formula(table) + off for name, formula in NUMBERS.items()}
        assert all(compare(own, table)[0].values())
        own = {name: formula(table) + 0.011 for name, formula in NUMBERS.items()}
        assert not any(compare(own, table)[0].values())

    def test_a_finished_hunt_is_recorded_with_its_hashes(self, home):
        hunt(says=misses_rare)
        code_answers.save("1.D", REFERENCE)
        exercise("1.D").check()
        entry = results.read().entries["exercise/1.D/counted"].best
        assert (entry.score, entry.passed, entry.n) == (1.0, True, 15)
        assert set(entry.hashes) == {"answer", "truth"}

    def test_the_right_table_is_not_told_before_it_is_computed(self, home):
        hunt(says=misses_rare)
        code_answers.save("1.D", "def report(rows):\n    return {'hits': -1}\n")
        assert "found 20" not in repr(exercise("1.D").check())
        code_answers.save("1.D", REFERENCE)
        assert "block 1, found 20, missed 0" in repr(exercise("1.D").check())


class TestReport:
    def test_figures_are_well_formed_and_described(self, home):
        hunt(says=misses_rare, seconds=lambda place: 2 + place % 5)
        code_answers.save("1.D", REFERENCE)
        page = exercise("1.D").check()._repr_html_()
        figures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
        assert len(figures) == 2
        for figure in figures:
            assert ElementTree.fromstring(figure).get("aria-label")
        errors = sum(said != tilted for said, tilted in said_and_true())
        assert f"Marked: {errors} errors" in page

    def test_the_second_look_is_reported_and_changes_no_points(self, home):
        chosen = hunt(says=lambda place, tilted: tilted and place < 140)
        code_answers.save("1.D", REFERENCE)
        assert "not tried yet" in repr(chosen.check())
        known = truth()
        file = AnswerFile("1.D", "second", None)
        names = [item["name"] for item in chosen.second_look().spec["items"]]
        file.save({name: answered(name, known[name], 2.0) for name in names}, base=0)
        found = sum(known[name] for name in names)
        report = repr(chosen.check())
        assert f"25 pictures in 50 s found {found} missed" in report
        assert score("1.D") == 10.0


class TestReview:
    """What was missed is seen: the picture as it was hunted, its target in a ring."""

    def test_missed_targets_are_ringed_and_described(self, home):
        hunt((1, 2), says=lambda place, tilted: tilted != (place in (1, 3, 76)))
        review = exercise("1.D").review()
        page, key = review._repr_html_(), datasets.key("needle", "counted")
        told = dict(re.findall(r'base64,([^"]+)" alt="(block \d, picture \d+: [^"]+)"', page))
        pictures = {words: base64.b64decode(data) for data, words in told.items()}
        missed = [name for n, name in enumerate(key["targets"]) if n in (1, 76) and truth()[name]]
        assert len(missed) == len([words for words in pictures if "in a ring" in words])
        words = "block 1, picture 2: the tilted icon in a ring, row 5, column 4"
        assert key["targets"]["needle-002"] == [188, 248, 60, 60]
        assert pictures[words] == drawn.ringed(key, "needle-002")
        assert "block 1, picture 4: none is tilted" in pictures
        assert "you said upright after 3.0 s" in page
        assert words in repr(review)

    def test_a_ring_surrounds_the_target_and_covers_nothing_else(self):
        key = datasets.key("needle", "counted")
        left, top, width, height = key["targets"]["needle-002"]
        plain, ringed = (
            Image.open(io.BytesIO(content)).convert("L")
            for content in (drawn.picture(key, "needle-002"), drawn.ringed(key, "needle-002"))
        )
        changed = ImageChops.difference(plain, ringed).point(lambda value: 255 * (value > 90))
        box = changed.getbbox()
        assert box is not None
        assert left - 8 <= box[0] <= box[2] <= left + width + 8
        assert top - 8 <= box[1] <= box[3] <= top + height + 8
        middle = (left + 18, top + 18, left + width - 18, top + height - 18)
        assert changed.crop(middle).getbbox() is None

    def test_rare_misses_come_first_and_the_rest_is_counted(self, home):
        hunt(says=lambda place, tilted: not tilted)
        told = repr(exercise("1.D").review(give_up=True)).splitlines()
        assert told[0].startswith("Of 30 targets you missed 30. False alarms: 210. The first 10")
        shown = told[1:]
        assert [line[:7] for line in shown] == ["block 2"] * 5 + ["block 3"] * 5 + ["block 2"] * 3

    def test_block_three_waits_for_its_second_look(self, home):
        chosen = hunt(says=lambda place, tilted: tilted and place < 140)
        assert "Of 25 targets you missed none" in repr(chosen.review())
        assert "after its second look" in repr(chosen.review())
        names = [item["name"] for item in chosen.second_look().spec["items"]]
        AnswerFile("1.D", "second", None).save(
            {name: answered(name, False, 2.0) for name in names}, base=0
        )
        assert "Of 30 targets you missed 5" in repr(chosen.review())

    def test_nothing_is_shown_of_an_open_block(self, home):
        assert "Nothing is hunted yet" in repr(exercise("1.D").review())
        chosen = hunt((1,), says=lambda place, tilted: False)
        gone = ItemAnswer(item="needle-007", done=True)
        chosen.file.save({"needle-007": gone}, base=chosen.file.read().revision)
        assert repr(chosen.review()).startswith("Nothing to review yet")

    def test_the_check_says_where_the_misses_are_shown(self, home):
        hunt(says=misses_rare)
        code_answers.save("1.D", REFERENCE)
        assert "`review()` shows you what you missed" in repr(exercise("1.D").check())
        hunt()
        assert "review()" not in repr(exercise("1.D").check())


def said_and_true():
    known = list(truth().values())
    return [(misses_rare(place, tilted), tilted) for place, tilted in enumerate(known)]


def made(block, count, *, seconds=lambda n: 3.0, wrong=()):
    """Looks of a block; every twentieth holds a target, every second one in block 1."""
    every = 2 if block == 1 else 20
    return [
        Look(f"{block}-{n:03}", block, n % every == 0, (n % every == 0) != (n in wrong), seconds(n))
        for n in range(count)
    ]


class TestCurves:
    @given(st.integers(1, 120), st.integers(1, 6))
    def test_parts_hold_every_look_once(self, count, number):
        found = made(2, count, wrong=range(0, count, 3))
        cut = attention.parts(found, number)
        assert sum(part.n for part in cut) == count
        assert sum(part.errors for part in cut) == len(range(0, count, 3))
        assert max(part.n for part in cut) - min(part.n for part in cut) <= 1

    def test_quick_errors_show_in_the_quick_third(self):
        found = made(2, 90, seconds=lambda n: 1.0 if n % 3 == 0 else 4.0 + n / 100, wrong=(0, 60))
        quick, middle, slow = attention.by_time(found)
        assert (quick.errors, middle.errors, slow.errors) == (2, 0, 0)
        assert quick.seconds < middle.seconds < slow.seconds

    def test_the_running_pace_follows_a_change(self):
        line = attention.pace(made(2, 60, seconds=lambda n: 5.0 if n < 30 else 2.0))
        assert (line[0], line[-1], len(line)) == (5.0, 2.0, 60)


class TestPlan:
    def test_a_steady_hunter_goes_up_in_steps(self):
        found = made(1, 40) + made(2, 100) + made(3, 100)
        plan = attention.plan(found)
        assert plan.minutes == 10  # five minutes held, and five more
        assert "Over the 5 minutes of a rare block" in plan.sentences[0]
        assert "3.0 s and no errors in the last" in plan.sentences[0]
        assert "Beyond that nothing is measured" in plan.sentences[0]
        assert plan.pictures == 200

    def test_who_gets_faster_stops_before_the_last_third(self):
        def seconds(n):
            return 12.0 if n < 66 else 4.0

        found = made(1, 40) + made(2, 100, seconds=seconds) + made(3, 100, seconds=seconds)
        plan = attention.plan(found)
        assert plan.minutes == 10  # two thirds of 15.5 minutes
        assert "pace changed: 12.0 s a picture" in plan.sentences[0]
        assert "4.0 s and no errors in the last" in plan.sentences[0]
        assert "may also be practice" in plan.sentences[0]

    def test_who_errs_at_the_end_is_told(self):
        found = made(1, 40) + made(2, 100, wrong=(80, 90)) + made(3, 100, wrong=(85,))
        assert "errors changed" in attention.plan(found).sentences[0]
        assert "no errors in the first third" in attention.plan(found).sentences[0]
        assert "3 errors in the last" in attention.plan(found).sentences[0]

    def test_hurried_noes_get_a_minimum_view_time(self):
        slow = made(1, 40, seconds=lambda n: 6.0)
        hurried = attention.plan(slow + made(2, 100) + made(3, 100)).sentences[2]
        assert "do not answer no before 6.0 s" in hurried
        calm = attention.plan(made(1, 40) + made(2, 100) + made(3, 100)).sentences[2]
        assert "what you take anyway" in calm

    def test_few_targets_are_said_to_be_few(self):
        found = made(1, 40) + made(2, 100, wrong=(0, 20)) + made(3, 100)
        assert (
            "2 of 10, so it may lie anywhere from 6 % to 51 %" in attention.plan(found).sentences[4]
        )

    @pytest.mark.parametrize(
        ("said_tilted", "why"),
        [
            (lambda look: False, "0 of 10 targets with no false alarms, which cannot be told from"),
            (lambda look: look.item.endswith(("1", "6")), "which cannot be told from guessing (d'"),
            (lambda look: not look.tilted, "with 190 false alarms, which is worse than guessing"),
        ],
    )
    def test_guesses_get_one_sentence_and_no_plan(self, said_tilted, why):
        found = made(1, 40) + made(2, 100) + made(3, 100)
        rare = [replace(look, said_tilted=said_tilted(look), seconds=0.2) for look in found[40:]]
        plan = attention.plan(found[:40] + rare)
        assert (plan.minutes, plan.pictures) == (None, None)
        (sentence,) = plan.sentences
        assert why in sentence
        assert "minute" not in sentence

    def test_half_of_the_targets_missed_is_no_guess_and_no_praise(self):
        wrong = (0, 40, 80)
        found = made(1, 40) + made(2, 100, wrong=wrong) + made(3, 100, wrong=wrong[:2])
        plan = attention.plan(found)
        assert plan.minutes
        assert "held out" not in " ".join(plan.sentences)

    def test_a_plan_needs_the_whole_hunt(self):
        with pytest.raises(ValueError, match="all three blocks"):
            attention.plan(made(1, 40))

    def test_a_second_look_that_spoils_is_not_praised(self):
        found = made(3, 100)
        again = {"3-001": answered("3-001", True, 1.0), "3-002": answered("3-002", False, 1.0)}
        second = attention.second_look(found, again)
        assert (second.looks, second.found, second.spoiled, second.seconds) == (2, 0, 1, 2.0)
        whole = made(1, 40) + made(2, 100) + found
        assert "did not pay" in attention.plan(whole, second).sentences[3]

    @given(st.lists(st.floats(0.2, 40), min_size=240, max_size=240), st.sets(st.integers(0, 239)))
    def test_any_hunt_gets_a_plan_within_bounds(self, seconds, wrong):
        found = made(1, 40) + made(2, 100) + made(3, 100)
        found = [
            Look(x.item, x.block, x.tilted, x.said_tilted != (n in wrong), s)
            for n, (x, s) in enumerate(zip(found, seconds, strict=True))
        ]
        plan = attention.plan(found)
        least, _ = d_prime_interval(attention.table(look for look in found if look.block > 1))
        assert (plan.minutes is None) == (least <= 0)
        if plan.minutes is None:
            return
        assert 5 <= plan.minutes <= attention.LONGEST_BLOCK
        assert plan.pictures >= 10
        assert len(plan.sentences) == 5


def test_the_hunt_is_what_the_manifest_makes(home):
    assert isinstance(exercise("1.D"), Hunt)
    assert "Nothing is hunted yet" in repr(exercise("1.D").check())

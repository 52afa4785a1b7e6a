"""The hunt of exercise 1.D: blocks in order, own numbers graded, performance not, and the plan."""

from __future__ import annotations

import io
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from labelschool import attention, code_answers, course, datasets, results
from labelschool.answers import AnswerFile
from labelschool.attention import Look
from labelschool.exercises import exercise, score
from labelschool.generators import needle
from labelschool.hunts import NUMBERS, Hunt, compare
from labelschool.model import Choice, ItemAnswer
from labelschool.scoring.detection_theory import Table

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
def home(tmp_path, monkeypatch):
    """A learner's module folder as the working directory."""
    (tmp_path / "start-here.ipynb").touch()
    folder = tmp_path / "01-foundation"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


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
            ('"hits": hits', '"hits": None', "hits: missing"),
            ('"hits": hits', '"hits": True', "hits: not a number"),
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
        assert (entry.score, entry.passed, entry.n) == (1.0, True, 18)
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
        assert f"{errors} errors are marked" in page

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
        assert "Beyond that nothing is measured" in plan.sentences[0]
        assert plan.pictures == 200

    def test_who_gets_faster_stops_before_the_last_third(self):
        def seconds(n):
            return 12.0 if n < 66 else 4.0

        found = made(1, 40) + made(2, 100, seconds=seconds) + made(3, 100, seconds=seconds)
        plan = attention.plan(found)
        assert plan.minutes == 10  # two thirds of 15.5 minutes
        assert "pace changed: from 12.0 to 4.0 s" in plan.sentences[0]
        assert "may also be practice" in plan.sentences[0]

    def test_who_errs_at_the_end_is_told(self):
        found = made(1, 40) + made(2, 100, wrong=(80, 90)) + made(3, 100, wrong=(85,))
        assert "errors changed" in attention.plan(found).sentences[0]
        assert "from 0 to 3 errors" in attention.plan(found).sentences[0]

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
        assert 5 <= plan.minutes <= attention.LONGEST_BLOCK
        assert plan.pictures >= 10
        assert len(plan.sentences) == 5


def test_the_hunt_is_what_the_manifest_makes(home):
    assert isinstance(exercise("1.D"), Hunt)
    assert "Nothing is hunted yet" in repr(exercise("1.D").check())

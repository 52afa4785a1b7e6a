"""Exercise 1.F: a form of numbers from the answer file to the points, and its truth."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import course, datasets
from labelschool.exercises.exercise import exercise, score
from labelschool.grading.sound import sound
from labelschool.home import results
from labelschool.model import NumberTruth
from labelschool.scoring import score_numbers

POOLS = ("practice", "counted")
LINES = {pool: datasets.truth("cost_ladder", pool) for pool in POOLS}
ALL = [pytest.param(line, id=f"{pool} {line.item}") for pool in POOLS for line in LINES[pool]]


@pytest.fixture
def home(at_desk):
    return at_desk


def right(pool: str = "counted") -> dict[str, float]:
    return {line.item: line.value for line in LINES[pool]}


def fill(values, pool="counted"):
    chosen = exercise("1.F", pool)
    chosen.annotate().values = values
    return chosen


class TestTruth:
    def test_ten_lines_for_ten_points_in_three_projects(self):
        task = course.load().task("1.F")
        assert len(LINES["counted"]) == task.points
        assert len({line.scene for line in LINES["counted"]}) == 3
        assert not {line.scene for line in LINES["practice"]} & {
            line.scene for line in LINES["counted"]
        }

    @pytest.mark.parametrize("line", ALL)
    def test_no_slip_is_accepted_and_each_is_told_by_its_own_sentence(self, line: NumberTruth):
        for slip in line.slips:
            assert not line.accepts(slip.value), slip.note
            assert line.slip(slip.value) == slip

    @pytest.mark.parametrize("line", ALL)
    def test_the_way_ends_in_the_number(self, line: NumberTruth):
        last = [word.rstrip(".").replace(",", "") for word in line.way.split()]
        told = [float(w) for w in last if w.replace(".", "", 1).isdigit()]
        assert any(number == pytest.approx(line.value, rel=0.005) for number in told)

    def test_published_times_stand_in_the_facts(self):
        text = (course.root() / "content" / "facts.json").read_text(encoding="utf-8")
        facts = {fact["id"]: fact["fact"] for fact in json.loads(text)["facts"]}
        for fact, words in {
            "F01": "79 s per instance",
            "F06": "7 s per box",
            "F07": "25.5 s draw + 9.0 s verify = 34.5 s; plus 7.8 s per image",
            "F09": "14 s per mask",
            "F10": "proposed box 1.6 s",
            "F11": "1.5 h on average for a single image",
        }.items():
            assert words in facts[fact]

    def test_the_counted_numbers_follow_from_the_times(self):
        streets = 24_000 * 7, 3_000 * 7.8 + 12_000 * 9
        masks = 800 * 79 + 4_000 * 14
        proposals = 15_000 * 1.6 + 0.3 * 15_000 * 7
        assert [line.value for line in LINES["counted"]] == pytest.approx(
            [
                streets[0] / 3600,
                streets[1] / 3600,
                sum(streets) / 3600 * 18,
                masks / 3600,
                masks / 4_800,
                (masks + 400 * 79) / 3600,
                proposals / 3600,
                15_000 * 7 / 3600,
                60 * 1.5 * 20,
                (proposals / 3600 + 90) / 5,
            ]
        )


class TestScore:
    @given(st.floats(-0.099, 0.099))
    def test_within_ten_percent_is_full_marks(self, off):
        given_ = {name: value * (1 + off) for name, value in right().items()}
        assert score_numbers(LINES["counted"], given_).value == 1

    @given(st.floats(0.101, 50), st.sampled_from([-1, 1]))
    def test_beyond_it_is_nothing(self, off, sign):
        given_ = {name: value * (1 + sign * off) for name, value in right().items()}
        assert score_numbers(LINES["counted"], given_).value == 0

    @given(st.sets(st.sampled_from(sorted(right()))))
    def test_each_line_is_one_point(self, known):
        given_ = {name: value for name, value in right().items() if name in known}
        found = score_numbers(LINES["counted"], given_)
        assert found.interval is None
        assert found.value == pytest.approx(len(known) / 10)
        assert sum(item.missed for item in found.items) == 10 - len(known)

    @given(st.floats(0, 1e6))
    def test_one_number_everywhere_earns_little(self, number):
        assert score_numbers(LINES["counted"], dict.fromkeys(right(), number)).value <= 0.3

    def test_a_form_without_lines_is_refused(self):
        with pytest.raises(ValueError, match="no line"):
            score_numbers([], {})


class TestExercise:
    def test_the_solution_earns_all_points_and_is_recorded(self, home, capsys):
        assert "passed" in repr(fill(right()).check())
        assert score("1.F") == 10
        assert results.read().entries["exercise/1.F/counted"].best.score == 1
        sound("1.F")

    def test_an_empty_form_earns_nothing(self, home, capsys):
        assert score("1.F") == 0
        assert "Nothing to check yet" in repr(exercise("1.F").check())

    def test_the_usual_slips_do_not_pass(self, home, capsys):
        fill({line.item: line.slips[0].value for line in LINES["counted"]})
        assert score("1.F") == 0
        assert capsys.readouterr().out.endswith(" Not right: 10 of 10 lines.\n")

    def test_numbers_come_back_and_an_emptied_line_is_open_again(self, home):
        chosen = fill(right())
        again = chosen.annotate()
        assert again.values == right()
        again.values = {**right(), "project-1-1": None}
        assert not chosen.file.read().item("project-1-1").annotations
        assert "1 of 10 items are not marked done" in repr(chosen.check())

    def test_the_counted_check_gives_no_line_away(self, home):
        line = LINES["counted"][0]
        said = repr(fill({**right(), line.item: line.slips[0].value}).check())
        assert "0.90" in said
        assert line.slips[0].note not in said
        assert line.scene not in said
        assert line.way not in repr(exercise("1.F").review())

    def test_practice_names_the_slip_and_the_review_the_way(self, home):
        line = LINES["practice"][0]
        chosen = fill({line.item: line.slips[1].value}, "practice")
        said = repr(chosen.check())
        assert line.slips[1].note in said
        assert line.way not in said
        assert "2 of 3 have no answer yet" in said
        reviewed = repr(chosen.review())
        assert line.way in reviewed
        assert LINES["practice"][1].way not in reviewed

    def test_a_number_without_a_known_slip_gets_advice(self, home):
        said = repr(fill({LINES["practice"][0].item: 3.3}, "practice").check())
        assert "Write the units beside each factor" in said

    def test_after_giving_up_all_ways_are_shown(self, home):
        shown = exercise("1.F")
        fill({"project-1-1": 1})
        said = repr(shown.review(give_up=True))
        assert all(line.way in said for line in LINES["counted"])
        assert "drawing, in hours: 1 is more than 10 % off" in said

    @pytest.mark.parametrize(
        ("line", "number", "says"),
        [
            (2, 0.14, "These are dollars"),
            (0, 1035, "These are minutes"),
            (0, 62_100, "These are seconds"),
            (1, 25_875, "These are cents"),
            (1, 191, "verification is paid"),
            (2, 99_999_999, "99,999,999 is more than"),
        ],
    )
    def test_a_slip_of_the_unit_has_its_name(self, home, line, number, says):
        said = repr(fill({LINES["practice"][line].item: number}, "practice").check())
        assert says in said
        assert "interval" not in said

    def test_the_review_of_practice_shows_every_way_of_right_numbers_too(self, home):
        said = repr(fill(right("practice"), "practice").review())
        assert all(line.way in said for line in LINES["practice"])

    def test_a_saved_number_says_so_beside_its_field(self, home):
        form = exercise("1.F").annotate()
        form.values = {"project-1-1": 46.7}
        assert form.notes == {"project-1-1": "Saved."}

    def test_a_save_that_fails_is_told_at_the_field(self, home):
        form = exercise("1.F").annotate()
        (home / "01-foundation" / "answers").write_text("a file in the way")
        form.values = {"project-1-1": 46.7}
        assert set(form.notes) == {"project-1-1"}
        (home / "01-foundation" / "answers").unlink()
        form.values = {"project-1-1": 46.7, "project-1-2": 36.5}
        assert form.notes == {"project-1-1": "Saved.", "project-1-2": "Saved."}
        assert {item.item for item in exercise("1.F").file.read().items} == {
            "project-1-1",
            "project-1-2",
        }

    def test_a_damaged_file_is_kept_beside(self, home):
        folder = home / "01-foundation" / "answers"
        folder.mkdir()
        (folder / "1.F.json").write_text("{")
        form = exercise("1.F").annotate()
        assert "cannot be read" in form.notes["project-1-1"]
        form.values = {"project-1-1": 46.7}
        assert (folder / "1.F.json.broken-1").read_text() == "{"
        assert exercise("1.F").annotate().values == {"project-1-1": 46.7}

    def test_a_form_has_no_guideline(self, home):
        assert "no guideline" in repr(exercise("1.F").guideline())

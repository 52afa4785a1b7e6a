"""3.D: what a design of gold is worth, on hidden teams, and the panel that it is made with."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from labelschool import course
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import gold_designs as suite
from labelschool.quality.gold_design import COUNTED, KNOBS, PRACTICE, Design, month
from labelschool.widgets import NumberPanel

BEST = {knob.name: getattr(suite.BEST, knob.name) for knob in KNOBS}
MISTAKES = {
    "easy golds only": ({"difficulty": 1.5, "bar": 92}, "the golds are easy"),
    "the same golds all month": ({"days": 20}, "nobody fails a known gold"),
    "over the cap": ({"count": 200, "days": 1}, "it is not carried out"),
    "a bar that nobody reaches": ({"bar": 97}, "good people fall below the bar"),
    "a bar that everybody reaches": ({"bar": 45}, "weak people are found"),
    "hardly any gold": ({"share": 1}, "so chance decides"),
}


@pytest.fixture
def home(at_desk):
    return at_desk


def shares(**design):
    made = Design(**(BEST | design))
    worth = np.array([[month(made, h.team).worth, h.best.worth] for h in suite.SUITE], float)
    return np.clip(worth[:, 0] / worth[:, 1], 0, 1).mean()


def grid():
    axes = {
        "share": np.arange(1, 20.5, 1),
        "count": np.arange(5, 101, 5),
        "difficulty": np.arange(2, 7.5, 0.5),
        "days": np.array([1, 2, 3, 4, 5, 6, 8, 10, 15, 20]),
        "bar": np.arange(60, 97, 2),
    }
    return Design(*np.meshgrid(*axes.values(), indexing="ij"))


class TestModel:
    def test_a_month_by_hand(self):
        made = month(Design(10, 20, 5, 5, 75), PRACTICE)
        assert made.golds == round(4 * 20 * (1 - np.exp(-150 / 80)))
        rate = 0.05 * 12 * 150 / 80 + 0.15 * 5
        assert made.known == pytest.approx(1 - (1 - np.exp(-rate)) / rate)
        assert made.making == pytest.approx(4 * (20 * 1.5 + 8))
        assert made.serving == pytest.approx(12 * 150 * 0.12)
        assert made.worth == pytest.approx(made.saved - made.lost - made.cost)

    def test_arrays_are_the_numbers_one_by_one(self):
        bars = np.array([60, 75, 90])
        many = month(Design(8, 25, 4.5, 5, bars), COUNTED)
        assert many.worth == pytest.approx(
            [month(Design(8, 25, 4.5, 5, bar), COUNTED).worth for bar in bars]
        )

    def test_what_makes_golds_known(self):
        calm = month(suite.BEST, COUNTED).known
        assert month(replace(suite.BEST, days=20), COUNTED).known > calm
        assert month(replace(suite.BEST, share=20), COUNTED).known > calm
        assert month(suite.BEST, replace(COUNTED, posting=0, talk=1e-9)).known < 1e-6

    def test_the_cap_holds_for_answers_as_for_golds(self):
        design = Design(20, 5, 0, 20, 75)
        cheap, dear = (month(design, replace(PRACTICE, pay=pay)) for pay in (0.12, 0.13))
        assert cheap.making == dear.making < PRACTICE.cap
        assert cheap.cost < PRACTICE.cap < dear.cost
        assert (cheap.within_cap, dear.within_cap, dear.worth) == (True, False, 0)

    def test_a_design_has_to_lie_on_the_panel(self):
        with pytest.raises(ValueError, match="bar lies between"):
            Design(10, 20, 5, 5, 101)

    @pytest.mark.parametrize("team", [PRACTICE, COUNTED], ids=["practice", "counted"])
    def test_the_best_design_is_no_corner(self, team):
        designs, worth = grid(), month(grid(), team).worth
        best = np.unravel_index(np.argmax(worth), worth.shape)
        for place, size in zip(best, worth.shape, strict=True):
            assert 0 < place < size - 1
        at = {knob.name: getattr(designs, knob.name)[best] for knob in KNOBS}
        assert all(knob.low < at[knob.name] < knob.high for knob in KNOBS)


class TestSuite:
    def test_no_design_is_worth_noticeably_more(self):
        worth = sum(month(grid(), hidden.team).worth for hidden in suite.SUITE)
        own = sum(float(hidden.best.worth) for hidden in suite.SUITE)
        assert own > 0.995 * worth.max()

    def test_every_team_is_like_the_described_one_and_no_two_are_alike(self):
        teams = [hidden.team for hidden in suite.SUITE]
        assert len({team.groups for team in teams}) == len(teams)
        for team in teams:
            assert (team.pay, team.cap, team.tasks) == (COUNTED.pay, COUNTED.cap, COUNTED.tasks)
            assert 6 <= team.groups[0].people <= 10
            assert month(suite.BEST, team).worth > 1000

    @pytest.mark.parametrize("name", MISTAKES)
    def test_a_mistake_stays_below_the_pass_and_is_named(self, name):
        changed, said = MISTAKES[name]
        assert shares(**changed) < course.load().task("3.D").pass_mark
        design = Design(**(BEST | changed))
        told = [suite.why(design, month(design, h.team), h.team, h.best) for h in suite.SUITE]
        assert sum(said in one for one in told) >= 4, told

    def test_no_constant_design_earns_anything(self):
        for part in np.linspace(0, 1, 21):
            design = {knob.name: knob.low + part * (knob.high - knob.low) for knob in KNOBS}
            assert shares(**design) < 0.15
        for ends in product((0, 1), repeat=len(KNOBS)):
            design = {
                knob.name: knob.high if end else knob.low
                for knob, end in zip(KNOBS, ends, strict=True)
            }
            assert shares(**design) < 0.15

    def test_chance_and_the_answer_of_the_practice_team_do_not_pass(self):
        rng = np.random.default_rng(1)
        drawn = [
            shares(**{knob.name: rng.uniform(knob.low, knob.high) for knob in KNOBS})
            for _ in range(300)
        ]
        assert np.mean(drawn) < 0.05
        worth = month(grid(), PRACTICE).worth
        best = np.unravel_index(np.argmax(worth), worth.shape)
        copied = {knob.name: float(getattr(grid(), knob.name)[best]) for knob in KNOBS}
        assert shares(**copied) < 0.15


class TestExercise:
    def panel(self):
        shown = exercise("3.D").annotate()
        assert isinstance(shown, NumberPanel)
        return shown

    def test_the_best_design_has_all_points(self, home):
        self.panel().values = BEST
        assert score("3.D") == 10
        assert "6 of 6" in repr(exercise("3.D").check())

    def test_numbers_are_saved_and_shown_again(self, home):
        panel = self.panel()
        panel.values = {"share": 0, "bar": 80}
        assert panel.notes == {"share": "Saved.", "bar": "Saved."}
        panel.values = {"share": 0, "bar": 82}
        assert panel.notes == {"bar": "Saved."}
        assert self.panel().values == {"share": 0, "bar": 82}

    def test_a_number_off_its_slider_is_told_at_once(self, home):
        panel = self.panel()
        panel.values = {"share": 99, "bar": 80}
        off = "Saved. It has to lie between 0 and 20."
        assert panel.notes == {"share": off, "bar": "Saved."}

    def test_a_design_that_is_not_complete_is_told_what_lacks(self, home):
        assert score("3.D") == 0
        assert "Nothing is written yet" in repr(exercise("3.D").check())
        self.panel().values = {"share": 10}
        assert score("3.D") == 0
        assert "“Golds in a set” has no number yet" in repr(exercise("3.D").check())

    def test_a_broken_file_is_kept_beside(self, home):
        place = home / "03-quality" if (home / "03-quality").is_dir() else None
        panel = self.panel()
        panel.values = BEST
        file = panel._file.paths["design"]
        assert place is None or place in file.parents
        file.write_text("{", encoding="utf-8")
        assert "cannot be read" in repr(exercise("3.D").check())
        again = self.panel()
        assert "cannot be read" in again.notes["share"]
        again.values = BEST | {"bar": 70}
        assert json.loads(file.read_text(encoding="utf-8"))["bar"] == 70
        assert [one.read_text(encoding="utf-8") for one in file.parent.glob("*.broken-*")] == ["{"]

    def test_numbers_off_the_panel_are_refused(self, home):
        panel = self.panel()
        panel.values = BEST
        panel._file.paths["design"].write_text(json.dumps(BEST | {"bar": 180}), encoding="utf-8")
        assert "“Bar” is 180; it lies between 0 and 100" in repr(exercise("3.D").check())

"""The demos of lessons 1.2 and 1.8: what is drawn is what is computed, and choices are judged."""

from __future__ import annotations

import re
from pathlib import Path

import ipywidgets as widgets
import pytest

from labelschool import course, text_answers
from labelschool.demos import demo
from labelschool.demos import foundation_habits as habits
from labelschool.demos import foundation_street as street
from labelschool.model.geometry import iou


def inside(widget: object) -> list:
    return [widget, *(w for child in getattr(widget, "children", ()) for w in inside(child))]


def shown(widget: object) -> str:
    return " ".join(str(w.value) for w in inside(widget) if isinstance(w, widgets.HTML))


def one(widget: object, kind: type) -> widgets.Widget:
    return next(w for w in inside(widget) if isinstance(w, kind))


def press(widget: object, text: str) -> None:
    next(w for w in inside(widget) if getattr(w, "description", "") == text).click()


def boxes_of(figure: str) -> int:
    """How many boxes a figure shows: each is drawn twice, first as a dark edge."""
    return figure.count('stroke-width="4.5"')


class TestIguanas:
    def test_three_ways_are_far_apart(self) -> None:
        last = [way.boxes[-1] for way in habits.WAYS.values()]
        for n, a in enumerate(last):
            assert all(iou(a, b) < 0.75 for b in last[n + 1 :])

    def test_boxes_touch_what_is_drawn(self) -> None:
        """Ada's boxes and Cleo's end where the polygons of body and tail end."""
        figure = habits.iguanas_figure(habits.ADA, habits.SILENT)
        points = [
            [tuple(map(float, pair.split(","))) for pair in polygon.split()]
            for polygon in re.findall(r'polygon points="([^"]+)"', figure)
        ]
        ends = [
            (min(p[axis] for p in part), max(p[axis] for p in part))
            for part in (points[0] + points[1], points[2] + points[3])
            for axis in (0, 1)
        ]
        first, second = habits.WAYS[habits.ADA].boxes
        drawn = [
            (box[axis], box[axis] + box[axis + 2]) for box in (first, second) for axis in (0, 1)
        ]
        assert ends == [pytest.approx(pair, abs=0.1) for pair in drawn]
        (group,) = habits.WAYS[habits.CLEO].boxes
        assert group[0] == min(first[0], second[0])
        assert group[0] + group[2] == second[0] + second[2]

    def test_the_box_learned_has_the_smallest_squared_error(self) -> None:
        labels = [way.boxes[-1] for way in habits.WAYS.values()]
        best = habits.learned(labels)

        def error(box: tuple[float, ...]) -> float:
            edges = [(x, y, x + w, y + h) for x, y, w, h in (box, *labels)]
            return sum(
                (a - b) ** 2 for label in edges[1:] for a, b in zip(edges[0], label, strict=True)
            )

        for side in range(4):
            for step in (-1, 1):
                moved = tuple(v + step * (n == side) for n, v in enumerate(best))
                assert error(moved) > error(best)

    def test_a_silent_guideline_ruins_the_model_as_lesson_1_2_says(self) -> None:
        by = habits.drawn_by(habits.SILENT)
        box = habits.learned([labels[-1] for labels in by.values()])
        found = {name: round(iou(box, labels[-1]), 2) for name, labels in by.items()}
        assert found == {habits.ADA: 0.62, habits.BEN: 0.44, habits.CLEO: 0.53}

    @pytest.mark.parametrize("rule", [way.rule for way in habits.WAYS.values()])
    def test_any_rule_repairs_it(self, rule: str) -> None:
        by = habits.drawn_by(rule)
        assert len(set(by.values())) == 1
        box = habits.learned([labels[-1] for labels in by.values()])
        assert iou(box, by[habits.ADA][-1]) == pytest.approx(1)

    def test_the_figure_shows_as_many_boxes_as_it_says(self) -> None:
        for name in (*habits.WAYS, habits.MODEL):
            figure = habits.iguanas_figure(name, habits.SILENT)
            count = 1 if name in (habits.CLEO, habits.MODEL) else 2
            assert boxes_of(figure) == count
            description = re.search(r'aria-label="([^"]+)"', figure)[1]
            assert (f"{count} box" if name != habits.MODEL else "one dashed box") in description

    def test_the_count_of_the_three_is_said(self) -> None:
        box = demo("iguanas").widget()
        assert "the mean of the three: 1.67" in shown(box)
        rule = [w for w in inside(box) if isinstance(w, widgets.ToggleButtons)][1]
        rule.value = habits.WAYS[habits.CLEO].rule
        assert "the mean of the three: 1.<" in shown(box)


class TestHabits:
    @pytest.fixture(autouse=True)
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.chdir(tmp_path)
        return tmp_path / "answers" / "1.2"

    def test_the_sentences_are_there_again_and_can_be_read_outside(self, folder: Path) -> None:
        box = demo("habits").widget()
        choice, own = one(box, widgets.ToggleButtons), one(box, widgets.Textarea)
        assert not folder.exists()
        own.value = "I follow the rule."
        choice.value = 4
        own.value = "I look anew."
        assert "answers/1.2/habits.md" in shown(box)
        again = demo("habits").widget()
        assert one(again, widgets.Textarea).value == "I follow the rule."
        one(again, widgets.ToggleButtons).value = 4
        assert one(again, widgets.Textarea).value == "I look anew."
        text = (folder / "habits.md").read_text(encoding="utf-8")
        for n, sentence in ((0, "I follow the rule."), (4, "I look anew.")):
            assert f"## {habits.HABITS[n].name}\n\n{sentence}\n" in text

    def test_a_disk_that_refuses_is_told_and_a_damaged_file_stays(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder.mkdir(parents=True)
        (folder / "habits.json").write_text("{", encoding="utf-8")
        one(demo("habits").widget(), widgets.Textarea).value = "I follow the rule."
        assert (folder / "habits.json.broken-1").read_text(encoding="utf-8") == "{"

        def refuse(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(text_answers, "replace", refuse)
        box = demo("habits").widget()
        one(box, widgets.Textarea).value = "I decide."
        assert shown(box).count("The disk is full") == 1
        press(box, "Compare")
        assert habits.HABITS[0].rewritten in shown(box)

    def test_ours_comes_after_the_learners_own(self) -> None:
        box = demo("habits").widget()
        press(box, "Compare")
        assert habits.HABITS[0].rewritten not in shown(box)
        one(box, widgets.Textarea).value = "I follow the rule."
        press(box, "Compare")
        assert habits.HABITS[0].rewritten in shown(box)

    def test_each_habit_keeps_its_own_sentence(self) -> None:
        box = demo("habits").widget()
        choice, own = one(box, widgets.ToggleButtons), one(box, widgets.Textarea)
        for n, _ in enumerate(habits.HABITS):
            choice.value = n
            assert own.value == ""
            own.value = f"sentence {n}"
        for n, habit in enumerate(habits.HABITS):
            choice.value = n
            assert own.value == f"sentence {n}"
            assert habit.rewritten not in shown(box)

    def test_five_that_begin_with_i(self) -> None:
        assert len(habits.HABITS) == 5
        assert all(habit.rewritten.startswith("I ") for habit in habits.HABITS)


class TestStreet:
    def test_ten_spots_five_of_which_lead_to_a_person(self) -> None:
        assert len(street.SPOTS) == 10
        assert sum(spot.leads for spot in street.SPOTS) == 5

    def test_spots_lie_in_the_picture_and_apart(self) -> None:
        for n, spot in enumerate(street.SPOTS):
            x, y, width, height = spot.bbox
            assert min(x, y) >= 0
            assert x + width <= 720
            assert y + height <= street.HEIGHT
            assert all(iou(spot.bbox, other.bbox) == 0 for other in street.SPOTS[n + 1 :])

    def test_the_figure_boxes_one_spot_and_names_it(self) -> None:
        figure = street.street_figure(8, {})
        assert boxes_of(figure) == 1
        assert "8, the school bag" in re.search(r'aria-label="([^"]+)"', figure)[1]

    def test_a_spot_that_leads_is_told_apart_by_shape_after_the_choice(self) -> None:
        squares = 'width="20" height="20"'
        everything = dict.fromkeys(range(1, 11), False)
        assert squares not in street.street_figure(1, {})
        assert street.street_figure(1, everything).count(squares) == 5

    def test_nothing_is_told_before_the_choice_and_the_first_one_counts(self) -> None:
        box = demo("identifiers").widget()
        why = street.SPOTS[0].why.split(".")[0]
        assert why not in shown(box)
        press(box, street.LEADS)
        assert why in shown(box)
        said = "<b>Not quite:</b> spot 1, the shop sign, leads to nobody."
        assert said in shown(box)
        press(box, street.DOES_NOT)
        assert said in shown(box)

    def test_the_verdict_names_the_spot_and_whom_it_leads_to(self) -> None:
        box = demo("identifiers").widget()
        one(box, widgets.IntSlider).value = 6
        press(box, street.DOES_NOT)
        assert "<b>Right:</b> spot 6, the hydrant, leads to nobody." in shown(box)
        one(box, widgets.IntSlider).value = 10
        press(box, street.DOES_NOT)
        assert "<b>Not quite:</b> spot 10, what the file says, leads to a person." in shown(box)

    def test_the_lesson_asks_before_it_answers(self) -> None:
        text = (course.root() / "content/lessons/01-foundation/1-8-ethics.md").read_text(
            encoding="utf-8"
        )
        task, question, answer = (
            text.index(words) for words in ('demo("identifiers")', 'ask("1.8/', "Five of the ten")
        )
        assert task < question < answer

    @pytest.mark.parametrize(
        ("judge", "said"),
        [
            (lambda spot: spot.leads, "You found 5 of 5, with 0 false alarms."),
            (lambda spot: True, "You found 5 of 5, with 5 false alarms."),
            (lambda spot: False, "You found 0 of 5, with 0 false alarms."),
            (lambda spot: "window" in spot.name or "hydrant" in spot.name, "1 false alarm."),
        ],
    )
    def test_the_tally_counts_finds_and_false_alarms(self, judge, said: str) -> None:
        box = demo("identifiers").widget()
        for spot in street.SPOTS:
            press(box, street.LEADS if judge(spot) else street.DOES_NOT)
            last = shown(box)
            press(box, "Next")
        assert said in last
        assert one(box, widgets.IntSlider).value == 1

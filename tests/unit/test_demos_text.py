"""The demos of lessons 2.6 and 2.7: what they tell follows from what is chosen."""

from __future__ import annotations

import pytest

from labelschool.demos import demo
from labelschool.demos.tools_text import DUELS, FAULTS, LINES, ORDER, SPANS, TOKENS, bio, verdicts


def test_five_sentences_are_judged_once_all_have_a_label():
    frame = demo("teams").widget()
    choices = [c for row in frame.children[1:-1] for c in row.children[:1]]
    said = frame.children[-1]
    assert "5 to go" in said.value
    for choice, line in zip(choices, LINES, strict=True):
        assert line.text.count(line.place) >= 1
        choice.value = line.right
    assert "5 of 5 as rule 4" in said.value
    for choice in choices:
        choice.value = "LOC"
    assert "2 of 5 as rule 4" in said.value
    assert "with 0 sentences" in said.value


def test_bio_begins_continues_and_leaves_out():
    assert bio(SPANS["outer"], len(TOKENS))[:5] == ["O", "B-ORG", "I-ORG", "I-ORG", "O"]
    assert bio(SPANS["inner"], len(TOKENS))[1:5] == ["O", "O", "B-LOC", "O"]
    assert bio([(0, 1, "A"), (1, 2, "A")], 2) == ["B-A", "B-A"]


@pytest.mark.parametrize(
    ("said", "alike", "left"),
    [
        ([-1] * 6, 0, 6),
        ([-1, -1, -1, 1, 1, 1], 3, 3),
        ([0] * 6, 3, 0),
        ([1, 1, 1, -1, 1, -1], 2, 2),
    ],
)
def test_a_pair_is_judged_alike_where_the_answer_is_and_not_the_side(said, alike, left):
    assert verdicts(said)[:2] == (alike, left)
    assert sorted(ORDER) == sorted((n, turned) for n in range(len(DUELS)) for turned in (0, 1))


def test_six_answers_end_in_a_verdict_and_can_be_begun_again():
    frame = demo("swapped").widget()
    _, shown, chosen, said, again = frame.children
    for _ in ORDER:
        assert said.value == ""
        chosen.value = -1
        assert chosen.value is None
    assert "0 of 3 pairs judged alike" in said.value
    assert "left answer 6 times of 6" in said.value
    chosen.value = 1
    assert "left answer 6 times of 6" in said.value
    again.children[0].click()
    assert said.value == ""
    assert "1 of 6" in shown.value


def test_severities_add_up_to_points():
    frame = demo("weights").widget()
    choices = [row.children[0] for row in frame.children[2:-1]]
    said = frame.children[-1]
    assert "4 to go" in said.value
    for choice, fault in zip(choices, FAULTS, strict=True):
        choice.value = fault.right
    assert "7 points" in said.value
    assert "<li>" not in said.value
    for choice in choices:
        choice.value = "major"
    assert "20 points" in said.value
    assert "further off than 3 points" in said.value

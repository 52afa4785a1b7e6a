"""What a learner reads about the lines of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labelschool.demos.numbers import plain
from labelschool.model import Item, ItemAnswer, Number, NumberTruth
from labelschool.scoring.score import Score

from . import html


def given(answer: ItemAnswer | None) -> float | None:
    """The number of a line, None where there is none."""
    made = answer.annotations if answer else ()
    return next((one.value for one in made if isinstance(one, Number)), None)


def told(
    score: Score,
    *,
    truth: Sequence[NumberTruth],
    answers: Mapping[str, ItemAnswer],
    items: Sequence[Item],
    solved: bool = False,
) -> tuple[list[str], list[str]]:
    """A line for each wrong or missing number, as HTML and as text.

    Only lines that were scored are told, with the usual slip if one was made. `solved` tells the
    right ones too, and adds the way to every number.
    """
    asked = {item.name: item.fields or {} for item in items}
    rights = {line.item: bool(line.right) for line in score.items}
    words = []
    for line in truth:
        if line.item not in rights:
            continue
        right = rights[line.item]
        if right and not solved:
            continue
        card = asked[line.item]
        parts = [f"{card.get('project', '')}, {card.get('line', line.item)}, in {line.unit}:"]
        parts.append(_verdict(line, given(answers.get(line.item)), right))
        if solved:
            parts.append(f"The way: {line.way}")
        words.append(" ".join(parts))
    if not words:
        words = ["Nothing to mend: every scored line is right."]
    return [html.note(sentence) for sentence in words], words


def _verdict(line: NumberTruth, number: float | None, right: bool) -> str:
    if number is None:
        return "no number yet."
    if right:
        return f"{plain(number)} is right."
    slip = line.slip(number)
    why = f" {slip.note}" if slip else " Write the units beside each factor and multiply again."
    return f"{plain(number)} is more than {100 * line.tolerance:.0f} % off.{why}"

"""What a learner saved, item by item and without its reference: nothing is given away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labelschool.feedback import html
from labelschool.feedback.answer_pictures import answer_picture
from labelschool.feedback.answer_words import kind, left_out, passages, rows
from labelschool.feedback.drawing import Unreadable, jpeg
from labelschool.feedback.palette import Style, class_styles
from labelschool.feedback.pictures import thumbnail
from labelschool.feedback.reports import Report
from labelschool.model import Box, Cuboid, Item, ItemAnswer, Mark, Mask, Polygon, Track

SHAPES = (Box, Mask, Polygon, Mark, Track, Cuboid)
"""What has the line of its class."""
NOTHING = "Nothing is saved here yet: annotate first."


def saved(
    items: Sequence[Item],
    answers: Mapping[str, ItemAnswer],
    *,
    classes: Sequence[str] = (),
    note: str = "",
) -> Report:
    """The saved answers in pictures, bracketed texts and tables.

    Items without an answer are left out; `answers` are by the name of their item. `classes` are in
    the annotator's order, which gives each its line; without it they come as they were used.
    `note` is said above. A picture that cannot be read is told in its place.
    """
    styles = class_styles([*classes, *_labels(items, answers)])
    body, lines = [], []
    for number, item in enumerate(items, start=1):
        answer = answers.get(item.name)
        if answer is None or not (answer.annotations or answer.done or answer.escalate):
            continue
        place = f"{kind(item)} {number} of {len(items)}"
        shown, text = _item(item, answer, styles, place)
        body.append(shown)
        lines += text
    head = [note] if note else []
    head += [] if body else [NOTHING]
    return Report(html.page([*map(html.note, head), *body]), "\n".join([*head, *lines]))


def _item(
    item: Item, answer: ItemAnswer, styles: Mapping[str, Style], place: str
) -> tuple[str, list[str]]:
    """An item as HTML and as lines of text."""
    state = "done" if answer.done else "not marked done"
    notes = [left_out(item, answer)] if answer.annotations else ["Nothing is marked on it."]
    picture, small = None, False
    try:
        if drawn := answer_picture(item, answer, styles):
            picture = jpeg(drawn)
        elif item.image:
            picture, small = thumbnail(item.image), True
    except Unreadable as error:
        notes.append(str(error))
    notes = [sentence for sentence in notes if sentence]
    texts, table = passages(item, answer), rows(item, answer, styles)
    shown = html.saved_item(
        place=place,
        file=item.name,
        state=state,
        picture=picture,
        small=small,
        passages=texts,
        rows=table,
        notes=notes,
    )
    told = [str(text) for text in texts] + [f"{row.head}: {row.words}" for row in table] + notes
    return shown, [f"{place}, {state}", *(f"  {line}" for line in told)]


def _labels(items: Sequence[Item], answers: Mapping[str, ItemAnswer]) -> list[str]:
    """The classes of all shapes in the order they are met."""
    made = [one for item in items if item.name in answers for one in answers[item.name].annotations]
    return [one.label for one in made if isinstance(one, SHAPES)]

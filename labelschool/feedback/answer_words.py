"""What a learner made on an item, in words: texts with spans in brackets, and rows of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from labelschool.feedback.answer_pictures import NO_LABEL, drawable, numbered, reviewed
from labelschool.feedback.brackets import Piece, pieces, shortened
from labelschool.feedback.palette import Style
from labelschool.feedback.words import verdict_words
from labelschool.model import (
    Annotation,
    Box,
    Choice,
    Cuboid,
    Figure,
    Item,
    ItemAnswer,
    Mark,
    Mask,
    Number,
    Polygon,
    Preference,
    Ranking,
    Relation,
    Span,
    Track,
    Zone,
)

COUNTED = (Box, Mask, Polygon, Cuboid)
"""What is counted by its class; all else has a row of its own."""
SAID = (Choice, Number, Preference, Ranking, Relation)
"""What needs no picture."""
STEPS = {0: "equal", 1: "slightly better", 2: "better", 3: "far better"}
BEGUN = 240
"""Code points shown of a text in which nothing is marked."""
REPEATED = 60
"""Code points of a span that a relation repeats at most."""
KINDS = {
    "image": "picture",
    "text": "text",
    "fields": "card",
    "frames": "clip",
    "sweep": "sweep",
}
"""What an item is called by the field it has."""


class Row(NamedTuple):
    """One row: what it is about, what was said of it, and how it is drawn."""

    head: str
    words: str
    style: Style | None = None


class Passage(NamedTuple):
    """One text of an item, named where it is one of several, in pieces."""

    name: str
    pieces: tuple[Piece, ...]

    def __str__(self) -> str:
        return (f"{self.name}: " if self.name else "") + "".join(p.words for p in self.pieces)


def kind(item: Item) -> str:
    """What an item is called: picture, text, card, clip or sweep."""
    return next(word for field, word in KINDS.items() if getattr(item, field) not in (None, ()))


def counted(number: int, word: str) -> str:
    """``1 box``, ``3 boxes``."""
    plural = f"{word}es" if word.endswith("x") else f"{word}s"
    return f"{number} {word if number == 1 else plural}"


def passages(item: Item, answer: ItemAnswer) -> list[Passage]:
    """The texts of an item with all spans, evidence included; long stretches are shortened, and
    a text without spans is only begun.
    """
    spans = _spans(answer.annotations)
    shown = []
    for field, text in texts_of(item).items():
        marked = [span for span in spans if span.field == field]
        if marked:
            told = [
                piece if piece.bracket else Piece(shortened(piece.words))
                for piece in pieces(text, marked)
            ]
        else:
            told = [Piece(text if len(text) <= BEGUN else f"{text[:BEGUN].rstrip()} …")]
        shown.append(Passage(_titled(field or ""), tuple(told)))
    return shown


def rows(item: Item, answer: ItemAnswer, styles: Mapping[str, Style]) -> list[Row]:
    """All that was made but spans; `styles` has a style for each class."""
    made = answer.annotations
    shapes = drawable(item, made)
    return [
        *_classes(shapes, styles),
        *_figures([shape for shape in shapes if isinstance(shape, Figure)]),
        *_tracks([shape for shape in shapes if isinstance(shape, Track)], styles),
        *_marks([shape for shape in shapes if isinstance(shape, Mark)], styles),
        *_review(item, shapes),
        *_choices([one for one in made if isinstance(one, Choice)]),
        *_relations(item, made),
        *(row for one in made if isinstance(one, Preference) for row in _preference(one)),
        *(row for one in made if isinstance(one, Ranking) for row in _ranking(one)),
        *(Row("Number", f"{one.value:.12g}") for one in made if isinstance(one, Number)),
        *_escalation(answer),
    ]


def left_out(item: Item, answer: ItemAnswer) -> str:
    """A sentence about what does not fit the item and is not shown; empty where all is."""
    texts = texts_of(item)
    drawn = {id(shape) for shape in drawable(item, answer.annotations)}

    def fits(one: Annotation) -> bool:
        if isinstance(one, Span):
            return one.end <= len(texts.get(one.field, ""))
        return isinstance(one, SAID) or id(one) in drawn

    lost = [one for one in answer.annotations if not fits(one)]
    if not lost:
        return ""
    numbers = Counter(one.type for one in lost)
    what = ", ".join(counted(number, word) for word, number in numbers.items())
    does = "does" if len(lost) == 1 else "do"
    return f"Not shown: {what}, which {does} not fit this {kind(item)}."


def _classes(shapes: Sequence[Annotation], styles: Mapping[str, Style]) -> Iterator[Row]:
    numbers = numbered(shapes, styles)
    by_class: dict[str, list[Annotation]] = {}
    for shape in shapes:
        if isinstance(shape, COUNTED):
            by_class.setdefault(shape.label, []).append(shape)
    for label in [name for name in styles if name in by_class]:
        alike = by_class[label]
        kinds = Counter(shape.type for shape in alike)
        told = [counted(number, word) for word, number in kinds.items()]
        for flag in ("occluded", "truncated", "crowd", "unsure", "mirror"):
            if number := sum(bool(getattr(shape, flag, False)) for shape in alike):
                told.append(f"{number} {flag}")
        head = f"{numbers[label]} {label}" if numbers else label
        yield Row(head, ", ".join(told), styles[label])
    if zones := sum(isinstance(shape, Zone) for shape in shapes):
        yield Row(NO_LABEL, counted(zones, "zone"))


def _figures(figures: Sequence[Figure]) -> Iterator[Row]:
    for number, figure in enumerate(figures, start=1):
        seen, hidden, open_points = (
            [_spaced(point.name) for point in figure.points if point.visibility == level]
            for level in (2, 1, 0)
        )
        told = [f"{len(seen)} seen"]
        told += [f"hidden: {', '.join(hidden)}"] if hidden else []
        told += [f"not labelled: {', '.join(open_points)}"] if open_points else []
        yield Row(f"{figure.label} {number}", "; ".join(told))


def _tracks(tracks: Sequence[Track], styles: Mapping[str, Style]) -> Iterator[Row]:
    for number, track in enumerate(tracks, start=1):
        told = [f"from frame {track.keyframes[0].frame}"]
        told.append(counted(len(track.keyframes), "keyframe"))
        told += [f"hidden {spell}" for spell in _spells(track, "occluded")]
        told += [f"outside {spell}" for spell in _spells(track, "outside")]
        yield Row(f"{number} {track.label}", ", ".join(told), styles[track.label])


def _spells(track: Track, flag: str) -> Iterator[str]:
    """The frames during which a flag of a track holds, as ``12 to 19`` or ``from 33``."""
    since = None
    for key in track.keyframes:
        if getattr(key, flag) and since is None:
            since = key.frame
        elif since is not None and not getattr(key, flag):
            yield f"{since} to {key.frame - 1}"
            since = None
    if since is not None:
        yield f"from {since}"


def _marks(marks: Sequence[Mark], styles: Mapping[str, Style]) -> Iterator[Row]:
    for mark in marks:
        told = [f"{mark.long_axis:.1f} mm"] if mark.long_axis else []
        told += [] if mark.outline else ["a point"]
        told.append(f"confidence {mark.confidence} of 5")
        yield Row(mark.label, ", ".join(told), styles[mark.label])


def _review(item: Item, shapes: Sequence[Annotation]) -> Iterator[Row]:
    pairs = reviewed(item, shapes)
    for number, (proposal, given) in enumerate(pairs, start=1):
        if given is None:
            continue
        before, after = (getattr(shape, "label", "") for shape in (proposal, given.fix))
        changed = f", {before} to {after}" if before and after and before != after else ""
        yield Row(f"{number} {before or after}", verdict_words(given) + changed)
    if waiting := sum(given is None for _, given in pairs):
        yield Row("no verdict", counted(waiting, "label"))


def _choices(choices: Sequence[Choice]) -> Iterator[Row]:
    for choice in choices:
        told = [*choice.labels, *(["unsure"] if choice.unsure else [])]
        head = _titled(choice.question or "class")
        yield Row(head, ", ".join(told) or "nothing chosen")


def _relations(item: Item, made: Sequence[Annotation]) -> Iterator[Row]:
    texts = texts_of(item)
    words = {
        span.id: f"“{texts.get(span.field, '')[span.start : span.end][:REPEATED]}”"
        for span in _spans(made)
    }
    for relation in made:
        if isinstance(relation, Relation):
            ends = [words.get(end, "no span") for end in (relation.source, relation.target)]
            yield Row(relation.label, " → ".join(ends))


def _preference(made: Preference) -> Iterator[Row]:
    names = [_titled(name) for name in made.shown] or ["The first", "The second"]
    for criterion, step in {**made.criteria, "overall": made.step}.items():
        if step is None:
            told = "not chosen yet"
        else:
            told = f"{names[step > 0]} {STEPS[abs(step)]}" if step else STEPS[0]
        yield Row(_titled(criterion), told)
    if made.rationale:
        yield Row("Reason", made.rationale)


def _ranking(made: Ranking) -> Iterator[Row]:
    for rank, name in enumerate(made.order, start=1):
        fails = f", fails {made.failing[name]}" if name in made.failing else ""
        yield Row(f"Rank {rank}", f"{_titled(name)}{fails}" if name else "nobody yet")
    if made.rationale:
        yield Row("Reason", made.rationale)


def _escalation(answer: ItemAnswer) -> Iterator[Row]:
    if answer.escalate:
        rule = f"rule {answer.escalate.rule}" if answer.escalate.rule else ""
        told = [part for part in (rule, answer.escalate.note) if part]
        yield Row("Escalated", ": ".join(told) or "to the owner of the guideline")


def texts_of(item: Item) -> Mapping[str | None, str]:
    """The texts of an item by field; None is the field of what is one text."""
    return item.fields or ({} if item.text is None else {None: item.text})


def _spans(made: Iterable[Annotation]) -> list[Span]:
    """All spans, those of the evidence of a preference included."""
    evidence = [span for one in made if isinstance(one, Preference) for span in one.evidence]
    return [one for one in made if isinstance(one, Span)] + evidence


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _titled(name: str) -> str:
    """``not_in_source`` as Not in source."""
    return _spaced(name[:1].upper() + name[1:])

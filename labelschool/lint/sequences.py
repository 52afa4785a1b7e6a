"""Rules on tracks and texts: R17, R18 and R26."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from labelschool.formats.contract import printable
from labelschool.formats.dataset import Span, Track
from labelschool.lint.export import Export, Place
from labelschool.lint.rules import Problem, rule


@rule("R17", "The frames of a track increase, with one box each")
def frames_increase(export: Export) -> Iterator[Problem]:
    """In a track each box comes after the one before it; in rows of boxes too."""
    last: dict[tuple[object, object], float] = {}
    for label in export.labels:
        if isinstance(label.shape, Track):
            frames = [keyframe.frame for keyframe in label.shape.keyframes]
            if wrong := next((pair for pair in pairwise(frames) if pair[1] <= pair[0]), None):
                yield export.at(label), f"frame {wrong[1]} comes after frame {wrong[0]}.", _SORT
            continue
        frame, track = label.attributes.get("frame"), label.attributes.get("track")
        if isinstance(frame, int) and track is not None:
            before = last.get((label.item, track), -1)
            if frame <= before:
                said = f"track {printable(track)} has frame {frame} after frame {before:g}."
                yield export.at(label), said, _SORT
            last[label.item, track] = frame


_SORT = "Sort the boxes by frame, and keep one for each frame of an object."


@rule(
    "R26",
    "CVAT: a track ends by a box marked outside",
    "warning",
    pitfalls=("CVAT: without a last box marked outside, a track goes on to the end of the clip",),
)
def tracks_end(export: Export) -> Iterator[Problem]:
    """A track that ends before its clip says so."""
    if not export.format.startswith("cvat"):
        return
    for label in export.labels:
        item = export.items.get(label.item)
        if not isinstance(label.shape, Track) or not label.shape.keyframes or item is None:
            continue
        last = label.shape.keyframes[-1]
        if not last.outside and last.frame < item.frames - 1:
            yield (
                export.at(label),
                f"the last box is at frame {last.frame} of {item.frames}, and is not marked "
                "outside.",
                "Mark the frame after the last one outside, or add a box at the last frame.",
            )


@rule("R18", "Spans lie inside their text, in code points, and no letter is half")
def spans_in_text(export: Export) -> Iterator[Problem]:
    """A span lies inside its text, and its words are those that the file quotes."""
    for item in export.items.values():
        if item.text and any("\ud800" <= letter <= "\udfff" for letter in item.text):
            yield (
                Place(export.file, item.id, "text"),
                "the text holds half of a letter, a lone surrogate.",
                "Export the text again as UTF-8; it was cut in UTF-16.",
            )
    for label in export.labels:
        span, item = label.shape, export.items.get(label.item)
        if not isinstance(span, Span) or item is None or item.text is None:
            continue
        quoted = label.attributes.get("text")
        if not 0 <= span.start < span.end <= len(item.text):
            yield (
                export.at(label),
                f"the span {span.start} to {span.end} is not inside a text of "
                f"{len(item.text)} code points.",
                "Count code points; the end is the first that is not part of the span.",
            )
        elif isinstance(quoted, str) and item.text[span.start : span.end] != quoted:
            found = printable(item.text[span.start : span.end])
            yield (
                export.at(label),
                f"the span {span.start} to {span.end} is {found!r}, and the file says "
                f"{printable(quoted)!r}.",
                "Count code points: in UTF-16 an emoji counts as two, in bytes as four.",
            )

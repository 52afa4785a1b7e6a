"""A text with its spans in brackets, for a reader who has no colours and no mouse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from labelschool.model import Span, TruthSpan

LONG, KEPT = 1_200, 500
"""A stretch without spans of more code points than this shows so many at either end."""


class Piece(NamedTuple):
    """Words of a text, or a bracket between them."""

    words: str
    bracket: bool = False


def bracketed(text: str, spans: Iterable[Span | TruthSpan]) -> str:
    """The text with ``[LABEL words]`` around each span, nested spans inside outer ones."""
    return "".join(piece.words for piece in pieces(text, spans))


def pieces(text: str, spans: Iterable[Span | TruthSpan]) -> Iterator[Piece]:
    """The text in order: words, ``[LABEL `` or ``[LABEL/severity ``, and ``]``.

    A span that ends while one that began later goes on is closed by `` LABEL]``. What lies beyond
    the text is left out.
    """
    spans = [span for span in spans if span.end <= len(text)]
    spans.sort(key=lambda span: (span.start, -span.end, span.layer))
    places = sorted({0, len(text), *(place for span in spans for place in (span.start, span.end))})
    open_spans: list[Span | TruthSpan] = []
    waiting = spans[::-1]
    for place, following in zip(places, [*places[1:], len(text)], strict=True):
        for span in [span for span in reversed(open_spans) if span.end == place]:
            innermost = open_spans[-1] is span
            yield Piece("]" if innermost else f" {span.label}]", True)
            open_spans.remove(span)
        while waiting and waiting[-1].start == place:
            span = waiting.pop()
            severity = f"/{span.severity}" if span.severity else ""
            yield Piece(f"[{span.label}{severity} ", True)
            open_spans.append(span)
        yield Piece(text[place:following])


def shortened(words: str) -> str:
    """A long stretch of text by its beginning and its end."""
    return words if len(words) <= LONG else f"{words[:KEPT]} … {words[-KEPT:]}"

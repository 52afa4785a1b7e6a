"""The markup of text sources: labels around words, kept out of the text and turned into offsets.

Spans are marked in the text::

    [[LABEL|words]]    nested [[ORG|Port of [[LOC|Tarn]]]]    severity [[style/minor|words]]
    further accepted labels [[ORG+LOC|words]]    edge cases of a span [[DATE#relative_date|words]]

A backslash takes the meaning from a bracket or a backslash after it, so that ``\\[[`` is a plain
``[[``.
"""

from __future__ import annotations

import re

from labelschool.model import TruthSpan

MAX_LAYER = 2
TOKEN = re.compile(
    r"\\(?P<escaped>[\[\]\\])"
    r"|(?P<open>\[\[)"
    r"(?:(?P<labels>\w[\w-]*(?:\+\w[\w-]*)*)(?:/(?P<severity>minor|major|neutral))?"
    r"(?:\#(?P<cases>\w+(?:,\w+)*))?\|)?"
    r"|(?P<close>\]\])"
)


class SourceMistake(ValueError):
    """Something in a source is wrong; the text says where and what in one sentence."""


def parse(marked: str, name: str | None = None) -> tuple[str, tuple[TruthSpan, ...]]:
    """The plain text of marked text, and its spans in code points, in order of their start.

    ``name`` is the field the text belongs to. Raises `SourceMistake` for markup that is not closed,
    not opened, nested deeper than two layers, empty or ragged (a space at either end).
    """
    plain, opened, spans, at, length = [], [], [], 0, 0

    def add(words: str) -> None:
        nonlocal length
        plain.append(words)
        length += len(words)

    for token in TOKEN.finditer(marked):
        add(marked[at : token.start()])
        at = token.end()
        if token["escaped"]:
            add(token["escaped"])
        elif token["open"]:
            if not token["labels"]:
                raise SourceMistake(f"the markup {marked[token.start() :][:20]!r} has no label")
            opened.append((token, length))
            if len(opened) > MAX_LAYER:
                raise SourceMistake(f"{token[0]!r} is nested deeper than {MAX_LAYER} layers")
        else:
            if not opened:
                raise SourceMistake(f"']]' after {marked[: token.start()][-20:]!r} closes nothing")
            head, start = opened.pop()
            words = "".join(plain)[start:length]
            if words != words.strip() or not words:
                raise SourceMistake(f"the span {head[0] + words + ']]'!r} is empty or ragged")
            spans.append(_span(head, start, words, len(opened) + 1, name))
    if opened:
        raise SourceMistake(f"{opened[-1][0][0]!r} is never closed")
    add(marked[at:])
    return "".join(plain), tuple(sorted(spans, key=lambda span: (span.start, span.layer)))


def _span(head: re.Match[str], start: int, words: str, layer: int, name: str | None) -> TruthSpan:
    label, *accepted = head["labels"].split("+")
    return TruthSpan(
        start=start,
        end=start + len(words),
        label=label,
        text=words,
        layer=layer,
        field=name,
        severity=head["severity"],
        accepted=tuple(accepted),
        edge_cases=tuple(head["cases"].split(",")) if head["cases"] else (),
    )

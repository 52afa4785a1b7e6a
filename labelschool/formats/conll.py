"""Spans as CoNLL columns: a token and its BIO tag on a line, an empty line after each sentence.

Tags are those of CoNLL-2002, https://aclanthology.org/W02-2024/: B- at the first token of a span,
I- at those that follow, O outside. Read are also I- alone as of CoNLL-2003, and BIOES and BILOU.
Lines "# newdoc id = NAME" begin a text, "# text = ..." has a sentence as a JSON string, as CoNLL-U
has such comments; without them a text is its tokens joined by spaces.

What tokens cannot say is lost: a span that cuts a token is widened to it, and of spans that overlap
the longest stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from labelschool.formats.contract import (
    Defect,
    Format,
    Loss,
    Losses,
    OnDefect,
    Options,
    Unreadable,
    tell,
)
from labelschool.formats.dataset import Dataset, Item, Label, Span
from labelschool.formats.files import lines, safe_name, shown, walk
from labelschool.formats.output import Folder
from labelschool.formats.pieces import by_item, count_unused
from labelschool.formats.rows import Classes

SUFFIXES = (".conll", ".bio", ".iob", ".iob2")
_TAG = re.compile(r"O|([BIESLU])-(\S+)")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_NAME, _TEXT = "# newdoc id = ", "# text = "
_DOCUMENT = "-DOCSTART-"
_KIND = {"S": "B", "U": "B", "E": "I", "L": "I"}
"""Tags of other schemes -> the tag of BIO."""


def sources(path: Path) -> list[Path]:
    """The CoNLL files that a path stands for."""
    if path.is_file():
        suffix = path.suffix.lower()
        known = suffix in SUFFIXES or (suffix in (".txt", ".tsv") and _has_tags(path))
        return [path] if known else []
    return [path / name for name in walk(path, *SUFFIXES)]


def _has_tags(path: Path) -> bool:
    """Whether the first 50 lines are tokens with tags."""
    seen = 0
    try:
        for number, line in lines(path):
            columns = line.split()
            if columns and not line.startswith((_NAME, _TEXT, _DOCUMENT)):
                if len(columns) < 2 or not _TAG.fullmatch(columns[-1]):
                    return False
                seen += 1
            if number >= 50:
                break
    except Unreadable:
        return False
    return seen > 0


def recognise(path: Path) -> float:
    """0.8 for files of tokens with tags, and a folder with files of CoNLL's suffixes."""
    return 0.8 if sources(path) else 0.0


# Reading ------------------------------------------------------------------------------------------


@dataclass
class _Text:
    """A text as far as it is read: its sentences, and the spans in it."""

    name: str
    parts: list[str] = field(default_factory=list)
    length: int = 0
    spans: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, rows: list[tuple[str, str]], sentence: str | None) -> None:
        """A sentence by its tokens with tags."""
        places = list(_places([token for token, _ in rows], sentence))
        if sentence is None or len(places) < len(rows):
            sentence = " ".join(token for token, _ in rows)
            places = list(_places([token for token, _ in rows], sentence))
            if self.parts:
                self.parts.append("\n")
                self.length += 1
        open_span: tuple[int, str] | None = None
        end = 0
        for (_, tag), (start, stop) in zip(rows, places, strict=True):
            kind, _, name = tag.partition("-")
            begins = _KIND.get(kind, kind) == "B" or (open_span and open_span[1] != name)
            if open_span and (kind == "O" or begins):
                self.spans.append((open_span[0], self.length + end, open_span[1]))
                open_span = None
            if kind != "O" and open_span is None:
                open_span = (self.length + start, name)
            end = stop
        if open_span:
            self.spans.append((open_span[0], self.length + end, open_span[1]))
        self.parts.append(sentence)
        self.length += len(sentence)


def _places(tokens: list[str], sentence: str | None) -> Iterator[tuple[int, int]]:
    """Where each token stands in a sentence, up to the first that is not there."""
    at = 0
    for token in tokens:
        start = sentence.find(token, at) if sentence is not None else -1
        if start < 0:
            return
        at = start + len(token)
        yield start, at


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The texts and spans of a file, or of the files of a folder."""
    files = [path] if path.is_file() else sources(path)
    if not files:
        raise Unreadable(f"{shown(path)} holds no CoNLL file: name the file.")
    classes, items, labels = Classes(), {}, []
    for file in files:
        for text in _texts(file, on_defect):
            item = Item(len(items) + 1, text.name, text="".join(text.parts))
            items[item.id] = item
            for start, end, name in text.spans:
                category = classes.get(name)
                labels.append(Label(len(labels) + 1, item.id, category, shape=Span(start, end)))
    return Dataset(classes.all(), items, labels)


def _texts(file: Path, on_defect: OnDefect | None) -> Iterator[_Text]:
    name = f"{safe_name(file.stem, shown(file))}.txt"
    current: _Text | None = None
    rows: list[tuple[str, str]] = []
    sentence: str | None = None
    before, count = "O", 0
    for number, line in lines(file):
        if line.startswith(_TEXT):
            sentence = _quoted(line.removeprefix(_TEXT))
        elif line.strip() and not line.startswith((_NAME, _DOCUMENT)):
            columns = line.split()
            if len(columns) < 2 or not _TAG.fullmatch(columns[-1]):
                message = "the line is no token with a tag of BIO."
                _tell(on_defect, file, number, message, "R1")
                continue
            token, tag = columns[0], columns[-1]
            if tag[0] in "IEL" and before[1:] != tag[1:]:
                _tell(on_defect, file, number, "the span begins without B-.", "R18")
            rows.append((token, tag))
            before = tag
            continue
        if rows or (sentence is not None and not line.startswith(_TEXT)):
            current = current or _Text(name)
            current.add(rows, sentence)
            rows, sentence, before = [], None, "O"
        if line.startswith((_NAME, _DOCUMENT)):
            if current or line.startswith(_NAME):
                count += 1
            if current:
                yield current
            told = line.removeprefix(_NAME).strip() if line.startswith(_NAME) else ""
            current = None
            name = safe_name(told or f"{file.stem}-{count + 1}.txt", shown(file))
            if told:
                current = _Text(name)
    if rows or sentence is not None:
        current = current or _Text(name)
        current.add(rows, sentence)
    if current:
        yield current


def _quoted(text: str) -> str | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, str) else None


def _tell(on_defect: OnDefect | None, file: Path, number: int, message: str, rule: str) -> None:
    fix = "Write a token, a tab and a tag B-CLASS, I-CLASS or O."
    tell(on_defect, Defect(rule, f"line {number}", shown(file), message, fix))


# Writing ------------------------------------------------------------------------------------------


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """``texts.conll``."""
    losses = Losses()
    labels = by_item(dataset, losses)
    count_unused(dataset, losses)
    rows: list[str] = []
    for item in dataset.items.values():
        if item.text is None:
            losses.dropped("clips" if item.frames else "pictures")
            losses.dropped("labels of pictures and clips", count=len(labels[item.id]))
            continue
        losses.dropped("attributes of items", count=len(item.attributes))
        losses.dropped("splits", count=bool(item.split))
        rows.append(f"{_NAME}{item.name}\n")
        rows += _sentences(item.text, _flat(labels[item.id], item.text, losses))
    Folder(folder).put("texts.conll", "".join(rows))
    return losses.list()


def _flat(labels: list[Label], text: str, losses: Losses) -> list[tuple[int, int, str]]:
    """The spans that BIO can hold: on whole tokens and none within another."""
    spans: list[tuple[int, int, str]] = []
    edges = [match.span() for match in _TOKEN.finditer(text)]
    for label in labels:
        losses.dropped("attributes", count=len(label.attributes))
        if not isinstance(label.shape, Span):
            losses.dropped("relations and tags of texts")
            continue
        start, end = label.shape.start, label.shape.end
        covered = [(a, b) for a, b in edges if a < end and b > start]
        if not covered:
            losses.dropped("spans without a token")
            continue
        wide = covered[0][0], covered[-1][1]
        if wide != (start, end):
            losses.changed("spans that cut a token", "widened to whole tokens")
        name = "_".join(label.category.name.split())
        if name != label.category.name:
            losses.changed("spans whose class has spaces", 'written with "_"')
        spans.append((*wide, name or "_"))
    kept: list[tuple[int, int, str]] = []
    for start, end, name in sorted(spans, key=lambda span: (span[0] - span[1], span)):
        if any(start < b and end > a for a, b, _ in kept):
            losses.dropped("nested and overlapping spans", "dropped for the longer one")
        else:
            kept.append((start, end, name))
    return sorted(kept)


def _sentences(text: str, spans: list[tuple[int, int, str]]) -> Iterator[str]:
    """The lines of a text, a sentence for each of its lines that no span goes across."""
    breaks = [match.end() for match in re.finditer(r"\n+", text)]
    inner = [at for at in breaks if not any(start < at < end for start, end, _ in spans)]
    starts = [0, *(at for at in inner if at < len(text))]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield f"{_TEXT}{json.dumps(text[start:end], ensure_ascii=False)}\n"
        for token in _TOKEN.finditer(text, start, end):
            span = next((s for s in spans if s[0] <= token.start() < s[1]), None)
            tag = "O" if span is None else ("B-" if token.start() == span[0] else "I-") + span[2]
            yield f"{token[0]}\t{tag}\n"
        yield "\n"


FORMATS = (Format("conll", "CoNLL (BIO)", recognise, read, write, frozenset(("spans",))),)

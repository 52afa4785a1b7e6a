"""Reading XML without a document type, without entities, and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from labelschool.formats.contract import Unreadable
from labelschool.formats.files import CHUNK, MAX_ENTRY, opened, shown

MAX_DEPTH = 64


def tree(path: Path) -> Element:
    """The whole of an XML file of at most `MAX_ENTRY` bytes. Raises `Unreadable`."""
    parser = _Parser(path, depth=0)
    return next(parser.elements())


def children(path: Path) -> Iterator[Element]:
    """The elements right below the root of a file of any size, one after the other.

    The first is the root itself, with its attributes alone. Raises `Unreadable`, also for an
    element of more than `MAX_ENTRY` bytes.
    """
    parser = _Parser(path, depth=1)
    yield from parser.elements()


def root_tag(path: Path) -> str | None:
    """The name of the root, from the start of the file; None where it is no XML to read.

    Raises `Unreadable` for a document type, which no format has.
    """
    parser = _Parser(path, depth=1)
    try:
        return next(parser.elements()).tag
    except _Refused:
        raise
    except (Unreadable, StopIteration):
        return parser.done[0].tag if parser.done else None


class _Refused(Unreadable):
    """A document type or entities."""


class _Parser:
    """Builds the elements at one depth, and throws away what is done."""

    def __init__(self, path: Path, depth: int) -> None:
        self._path, self._at = path, depth
        self._depth = 0
        self._builder: TreeBuilder | None = None
        self.done: list[Element] = []
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data

    def elements(self) -> Iterator[Element]:
        pending = 0
        with opened(self._path) as stream:
            while True:
                data = stream.read(CHUNK)
                self._feed(data)
                pending = 0 if self.done else pending + len(data)
                if pending > MAX_ENTRY:
                    raise Unreadable(
                        f"{shown(self._path)} has an element of more than {MAX_ENTRY >> 20} MB, "
                        "which no label is: export the file again."
                    )
                yield from self.done
                self.done.clear()
                if not data:
                    return

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.Parse(data, not data)
        except expat.ExpatError as error:
            what = "is not valid XML"
            if not data:
                what = "ends too early"
            elif error.code == _ENCODING:
                what = "is in an encoding that is not read; save it as UTF-8"
            raise Unreadable(
                f"{shown(self._path)} {what} (line {error.lineno}): export the file again."
            ) from error
        except (LookupError, UnicodeError, ValueError) as error:
            raise Unreadable(
                f"{shown(self._path)} is in an encoding that is not read: save it as UTF-8."
            ) from error

    def _refuse(self, *_: object) -> None:
        raise _Refused(
            f"{shown(self._path)} has a document type (DTD) or entities, which no label needs and "
            "which can do harm: take the DOCTYPE out."
        )

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth == self._at:
            self._builder = TreeBuilder()
        elif self._depth == 0:
            self.done.append(Element(tag, attributes))
        if self._depth >= MAX_DEPTH:
            raise Unreadable(
                f"{shown(self._path)} nests elements too deep for labels: export the file again."
            )
        if self._builder:
            self._builder.start(tag, attributes)
        self._depth += 1

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if self._builder:
            self._builder.end(tag)
            if self._depth == self._at:
                self.done.append(self._builder.close())
                self._builder = None

    def _data(self, text: str) -> None:
        if self._builder:
            self._builder.data(text)


_ENCODING = expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]

"""Reading JSON that may be damaged, hostile, or larger than the memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from labelschool.formats.contract import Defect, OnDefect, Unreadable, printable, tell
from labelschool.formats.files import MAX_ENTRY, MAX_FILE, chunks, shown, text


class _Flaw(ValueError):
    """Something that JSON forbids and parsers let through."""


def _constant(name: str) -> Any:
    raise _Flaw(f"it holds {name}, which is no JSON.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Flaw(f"it has the key {printable(twice)!r} twice.")
    return found


_LENIENT = json.JSONDecoder().scan_once
_FAST = json.JSONDecoder(parse_constant=_constant).scan_once
_CAREFUL = json.JSONDecoder(parse_constant=_constant, object_pairs_hook=_unique).scan_once
_SPACE = re.compile(r"[ \t\n\r]*")
_COMMA = re.compile(r"[ \t\n\r]*,[ \t\n\r]*")
_NUMBERS = (int, float)
_AGAIN = "export the file again."


def value(path: Path, limit: int = MAX_FILE) -> Any:
    """The value of a JSON file of at most `limit` bytes. Raises `Unreadable`."""
    return parsed(text(path, limit), shown(path))


def parsed(document: str, name: str) -> Any:
    """The value of a JSON text from the file or line `name`. Raises `Unreadable`."""
    try:
        found, end = _CAREFUL(document, _SPACE.match(document).end())
        if _SPACE.match(document, end).end() < len(document):
            raise Unreadable(f"{name} goes on after its JSON ends: {_AGAIN}")
    except _Flaw as error:
        raise Unreadable(f"{name}: {str(error)[:-1]}: {_AGAIN}") from error
    except RecursionError as error:
        raise _too_deep(name) from error
    except (ValueError, StopIteration) as error:
        raise Unreadable(f"{name} is not valid JSON: {_AGAIN}") from error
    return found


def rows(path: Path, on_defect: OnDefect | None = None) -> Iterator[tuple[str | None, Any]]:
    """The entries of the lists of a JSON file of any size, one after the other.

    Of an object these are ``(key, entry)`` for each entry of a list, ``(key, [])`` for an empty
    list and ``(key, value)`` for what is no list; of a list they are ``(None, entry)``. An entry
    with NaN or the same key twice is a defect (R1). Raises `Unreadable`, also for an entry of more
    than `MAX_ENTRY` characters and a key that comes twice.
    """
    source = _Source(path)
    first = source.next()
    if first == "[":
        yield from ((None, entry) for entry in source.entries("entry", on_defect))
    elif first == "{":
        yield from _members(source, on_defect)
    else:
        raise source.invalid()
    if source.next():
        raise Unreadable(f"{source.name} goes on after its JSON ends: {_AGAIN}")


def _members(source: _Source, on_defect: OnDefect | None) -> Iterator[tuple[str, Any]]:
    seen: set[str] = set()
    source.at += 1
    mark = "" if source.next() == "}" else ","
    while mark == ",":
        if source.next() != '"':
            raise source.invalid()
        key = source.value()
        if key in seen:
            raise Unreadable(f"{source.name} has {printable(key)!r} twice: {_AGAIN}")
        seen.add(key)
        source.step(":")
        if source.next() != "[":
            yield key, source.value()
        else:
            entry = empty = object()
            for entry in source.entries(printable(key), on_defect):
                yield key, entry
            if entry is empty:
                yield key, []
        if (mark := source.next()) == ",":
            source.at += 1
    source.step("}")


class _Source:
    """The text of a file from some place on, and the place `at` which it is read."""

    def __init__(self, path: Path) -> None:
        self.name = shown(path)
        self.text = ""
        self.at = 0
        self._chunks = chunks(path)
        self._ended = False

    def invalid(self) -> Unreadable:
        """What is wrong, as far as it is known."""
        if self._ended and self.at >= len(self.text):
            return Unreadable(f"{self.name} ends too early: {_AGAIN}")
        return Unreadable(f"{self.name} is not valid JSON: {_AGAIN}")

    def next(self) -> str:
        """The next character that is no space, where reading goes on; "" at the end."""
        while True:
            self.at = _SPACE.match(self.text, self.at).end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self._more():
                return ""

    def _more(self) -> bool:
        """Fetches about as much again as is left; whether there was more."""
        left = len(self.text) - self.at
        if left > MAX_ENTRY:
            raise Unreadable(
                f"{self.name} has an entry of more than {MAX_ENTRY >> 20} MB, which no label is: "
                f"{_AGAIN}"
            )
        pieces, size = [self.text[self.at :]], 0
        while size <= left:
            piece = next(self._chunks, None)
            if piece is None:
                self._ended = True
                break
            pieces.append(piece)
            size += len(piece)
        self.text, self.at = "".join(pieces), 0
        return size > 0

    def step(self, mark: str) -> None:
        """Goes on behind the mark that has to come."""
        if self.next() != mark:
            raise self.invalid()
        self.at += 1

    def value(self) -> Any:
        """The value that starts here, with nothing in it that JSON forbids."""
        try:
            return self._value(_CAREFUL)
        except _Flaw as error:
            raise Unreadable(f"{self.name}: {str(error)[:-1]}: {_AGAIN}") from error

    def _value(self, scan: Any) -> Any:
        while True:
            try:
                found, end = scan(self.text, self.at)
                # A number at the end of the text may go on, as by ".5" or "e-9".
                if type(found) not in _NUMBERS or end + 3 <= len(self.text) or self._ended:
                    if scan is _FAST:
                        self._check_keys(found, end)
                    self.at = end
                    return found
            except _Flaw:
                raise
            except RecursionError as error:
                raise _too_deep(self.name) from error
            except (ValueError, StopIteration) as error:
                if self._ended:
                    if "Unterminated" in str(error):
                        self.at = len(self.text)
                    elif isinstance(error, StopIteration):
                        self.at = error.value
                    else:
                        self.at = getattr(error, "pos", self.at)
                    raise self.invalid() from error
            self._more()

    def _check_keys(self, found: Any, end: int) -> None:
        """Every key brings a colon. Where there are more colons than keys, what was parsed is
        parsed again with care, which takes longer.
        """
        keys = len(found) if type(found) is dict else 0
        if self.text.count(":", self.at, end) > keys:
            _CAREFUL(self.text, self.at)

    def entries(self, key: str, on_defect: OnDefect | None) -> Iterator[Any]:
        """The entries of the list that starts here, up to its end."""
        self.at += 1
        number, mark = 0, "]" if self.next() == "]" else ","
        while mark == ",":
            number += 1
            try:
                entry = self._value(_FAST)
            except _Flaw as error:
                self._value(_LENIENT)
                fix = "Export the file again, or mend this entry."
                tell(on_defect, Defect("R1", f"{key} {number}", self.name, str(error), fix))
            else:
                yield entry
            comma = _COMMA.match(self.text, self.at)
            if comma and comma.end() < len(self.text):
                self.at = comma.end()
            elif (mark := self.next()) == ",":
                self.at += 1
                self.next()
        self.step("]")


def _too_deep(name: str) -> Unreadable:
    return Unreadable(f"{name} nests lists too deep for labels: {_AGAIN}")

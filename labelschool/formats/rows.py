"""Values of a foreign file, checked where they are used, and the classes met on the way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from labelschool.formats.contract import Defect, OnDefect, Unreadable, printable, tell
from labelschool.formats.dataset import NONE, Attributes, Category, Value
from labelschool.formats.json_files import parsed

LARGEST = 1e9
"""Above any coordinate, size or frame number of a label."""


class Odd(ValueError):
    """A value that is not what the format has in its place. `rule` is the number of its rule."""

    def __init__(self, message: str, rule: str = "R2") -> None:
        super().__init__(message)
        self.rule = rule


@contextmanager
def row(on_defect: OnDefect | None, file: str, id: object) -> Iterator[None]:
    """Tells of an `Odd` value met in the block, and goes on after it without what was read there.

    Raises `Unreadable` when there is no callback.
    """
    try:
        yield
    except Odd as odd:
        fix = "Export the file again, or mend this entry."
        tell(on_defect, Defect(odd.rule, printable(id), file, f"{odd}.", fix))


def mapping(value: Any, what: str) -> dict[str, Any]:
    """A JSON object."""
    if not isinstance(value, dict):
        raise Odd(f"{what} is no object")
    return value


def listing(value: Any, what: str) -> list[Any]:
    """A JSON list."""
    if not isinstance(value, list):
        raise Odd(f"{what} is no list")
    return value


def string(value: Any, what: str) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value:
        raise Odd(f"{what} is no text")
    return value


def number(value: Any, what: str) -> float:
    """A finite number up to `LARGEST`, also one written as text; whole ones stay whole."""
    try:
        if isinstance(value, str) and len(value) < 40 and "_" not in value:
            value = int(value) if value.strip().lstrip("+-").isdecimal() else float(value)
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST:
            return value
    except ValueError:
        pass
    raise Odd(f"{what} is no number that a label can have")


def whole(value: Any, what: str) -> int:
    """A whole number."""
    found = number(value, what)
    if found != int(found):
        raise Odd(f"{what} is no whole number")
    return int(found)


def identifier(value: Any, what: str) -> int | str:
    """An id: a whole number or a text."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 63:
        return value
    return string(value, what)


def scalar(value: Any) -> Value | None:
    """The value of an attribute; None for what is no text, number or flag."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float) else None


def coordinates(pairs: Any, what: str, least: int = 1) -> list[float]:
    """``[x0, y0, x1, y1, ...]`` of a list of at least so many pairs."""
    flat: list[float] = []
    for pair in listing(pairs, what):
        if len(listing(pair, what)) != 2:
            raise Odd(f"{what} holds a point that is no pair of numbers")
        flat += (number(pair[0], what), number(pair[1], what))
    if len(flat) < 2 * least:
        raise Odd(f"{what} has fewer than {least} points", "R9" if least > 1 else "R2")
    return flat


def joined(attributes: Mapping[str, Value]) -> Attributes:
    """Attributes as a label keeps them, the shared `NONE` where there are none."""
    return attributes if attributes else NONE


class Classes:
    """The classes of a file by name and group, numbered from 1 in the order of the file."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Category] = {}

    def get(
        self,
        name: str,
        group: str = "",
        keypoints: Sequence[str] = (),
        skeleton: Sequence[tuple[int, int]] = (),
    ) -> Category:
        """The class, made when it is met for the first time."""
        if (name, group) not in self._found:
            number = len(self._found) + 1
            self._found[name, group] = Category(
                number, name, group, tuple(keypoints), tuple(skeleton)
            )
        return self._found[name, group]

    def all(self) -> list[Category]:
        """All classes in order."""
        return list(self._found.values())


def parsed_line(line: str, name: str) -> Any:
    """The value of a line of JSON, which is odd (R1) where it is none."""
    try:
        return parsed(line, name)
    except Unreadable as error:
        raise Odd(str(error).removeprefix(f"{name} ").removesuffix("."), "R1") from error

"""What the words of all modalities are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Sentence(NamedTuple):
    """What is wrong, with the numbers of the case, and what to do about it."""

    what: str
    do: str


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def either(labels: Sequence[str], *, article: bool = True) -> str:
    return " or ".join(a(label) if article else label for label in labels)


def a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"

"""What a piece of the portfolio is: files of its own, and its rows in the index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

EVIDENCE_SCHEMA = "labelschool/evidence/1"
README = "README.md"
EVIDENCE = "evidence.json"
"""The file of a piece that holds what is proven."""


@dataclass(frozen=True)
class Row:
    """One line of the index: what was done, what was measured, on what, and the file to see."""

    title: str
    measured: str
    kind: str
    file: str


@dataclass(frozen=True)
class Piece:
    """A folder of the portfolio; without files there is nothing to show yet, and `missing` says
    in sentences what is not done.
    """

    name: str
    rows: tuple[Row, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def index(self) -> str:
        """Its rows as lines of a Markdown table."""
        return "\n".join(
            f"| [{row.title}]({self.name}/{README}) | {row.measured} | {row.kind} "
            f"| [{row.file}]({self.name}/{row.file}) |"
            for row in self.rows
        )


def text(data: Mapping[str, Any]) -> bytes:
    """A file of JSON: equal data give equal bytes."""
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

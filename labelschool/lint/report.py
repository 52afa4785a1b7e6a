"""What a check says: findings for people, as text, and for programs, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

from labelschool.errors import LabelSchoolError

Severity = Literal["error", "warning"]


class Unreadable(LabelSchoolError):
    """A file that cannot be checked, which is neither clean nor defective."""


@dataclass(frozen=True)
class Finding:
    """One defect: the rule, the file and the id in it, what is wrong, and what to do."""

    rule: str
    severity: Severity
    file: str
    id: int | str
    message: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}: annotation {printable(self.id)}"
        return f"{place}: {self.rule} {self.severity}: {self.message}"


@dataclass(frozen=True)
class Report:
    """The findings in one file, of so many annotations and by these rules."""

    file: str
    annotations: int
    rules: tuple[str, ...]
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        n = len(self.findings)
        count = "no finding" if n == 0 else f"{n} finding{'s' if n > 1 else ''}"
        summary = f"{self.file}: {count} in {self.annotations:,} annotations."
        fixes = dict.fromkeys(f"What to do about {f.rule}: {f.fix}" for f in self.findings)
        checked = f"{summary} Checked: {', '.join(self.rules)}."
        return "\n".join([*map(str, self.findings), *fixes, checked])

    def json(self) -> str:
        """The findings as a JSON list, an object each."""
        return json.dumps([asdict(finding) for finding in self.findings], indent=1)


def printable(value: object) -> str:
    """A value out of a foreign file, short and without what would steer a terminal."""
    text = str(value)
    text = text if len(text) <= 80 else f"{text[:79]}…"
    return "".join(letter if letter.isprintable() else "?" for letter in text)

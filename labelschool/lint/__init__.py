"""Checks of an annotation file before anybody trains on it: ``labelschool lint FILE``.

The rules bear the numbers of the course's table R1 to R20. A rule is one function (`coco.rule`).
"""

from __future__ import annotations

from pathlib import Path

from labelschool.lint import coco
from labelschool.lint.report import Finding, Report, Unreadable

__all__ = ["Finding", "Report", "Unreadable", "lint"]


def lint(path: Path) -> Report:
    """What the rules find in a COCO file. Raises `Unreadable` when there is nothing to check."""
    export = coco.read(path)
    findings = [
        Finding(rule.id, rule.severity, export.file, *defect)
        for rule in coco.RULES.values()
        for defect in rule.check(export)
    ]
    return Report(export.file, len(export.annotations), tuple(coco.RULES), tuple(findings))

"""Known debts: a file of how many findings each rule may have in each file. They may not grow.

{"schema": "labelschool/lint-baseline/1", "known": {"R12": {"annotations.json": 14}}}

Files are named below the folder in which the baseline lies, so that it holds wherever the command
is run.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from labelschool.answers import replace as write
from labelschool.errors import LabelSchoolError
from labelschool.formats import json_files
from labelschool.formats.files import cannot_read, shown
from labelschool.lint.report import Finding, Report

SCHEMA = "labelschool/lint-baseline/1"
Debts = dict[tuple[str, str], int]


def save(path: Path, reports: Sequence[Report]) -> int:
    """Writes the findings as debts; how many. Raises `LabelSchoolError`."""
    known: dict[str, dict[str, int]] = {}
    for (rule, file), count in _counts(path, reports).items():
        known.setdefault(rule, {})[file] = count
    ordered = {
        rule: dict(sorted(known[rule].items()))
        for rule in sorted(known, key=lambda each: int(each[1:]))
    }
    try:
        write(path, json.dumps({"schema": SCHEMA, "known": ordered}, indent=1) + "\n")
    except OSError as error:
        raise LabelSchoolError(f"{shown(path)} cannot be written: {error.strerror}.") from error
    return sum(count for files in known.values() for count in files.values())


def without_debts(path: Path, reports: Sequence[Report]) -> list[Report]:
    """The reports without the findings of rules and files that have no more than is known.

    Where there are more than are known, all stand: which of them are new, a count cannot tell.
    Raises `LabelSchoolError` when the baseline cannot be read.
    """
    debts, counts = _read(path), _counts(path, reports)
    left = []
    for report in reports:
        new = tuple(
            finding
            for finding in report.findings
            if counts[key := _key(path, finding)] > debts.get(key, 0)
        )
        left.append(replace(report, findings=new, known=len(report.findings) - len(new)))
    return left


def _read(path: Path) -> Debts:
    if not path.is_file():
        error = cannot_read(path, FileNotFoundError())
        raise LabelSchoolError(f"{error} --write-baseline makes it.")
    data = json_files.value(path)
    known = data.get("known") if isinstance(data, dict) and data.get("schema") == SCHEMA else None
    try:
        return {
            (rule, file): int(count)
            for rule, files in known.items()
            for file, count in files.items()
        }
    except (AttributeError, TypeError, ValueError) as error:
        raise LabelSchoolError(
            f"{shown(path)} is no baseline: make it anew with --write-baseline."
        ) from error


def _counts(path: Path, reports: Sequence[Report]) -> Counter[tuple[str, str]]:
    return Counter(_key(path, finding) for report in reports for finding in report.findings)


def _key(path: Path, finding: Finding) -> tuple[str, str]:
    below = os.path.relpath(finding.file, path.parent)
    return finding.rule, Path(below).as_posix()

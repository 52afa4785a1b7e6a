"""The rules of `labelschool lint` behind the command line that exercise 3.H asks for.

``labelcheck.py FOLDER [--baseline FILE] [--report FILE]``: the report is a JSON list of findings,
a baseline is a report from before, and a rule may not have more findings in a file than it had.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from labelschool.errors import LabelSchoolError
from labelschool.lint import Known, Unreadable, lint

OK, DEFECTS, CANNOT_READ = range(3)
RULES = tuple(f"R{number}" for number in range(1, 21))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise LabelSchoolError(f"labelcheck: {message}.")


def main(arguments: Sequence[str], folder: Path) -> int:
    """Run the command in a folder and write its report; the exit code. Files outside of the folder
    are neither read nor written.
    """
    parser = _Parser(add_help=False, allow_abbrev=False)
    parser.add_argument("folder")
    parser.add_argument("--baseline")
    parser.add_argument("--report")
    try:
        given = parser.parse_args(arguments)
        known = _known(_inside(folder, given.baseline)) if given.baseline else []
        findings = check(_inside(folder, given.folder))
        if given.report:
            _inside(folder, given.report).write_text(json.dumps(findings, indent=1), "utf-8")
    except (LabelSchoolError, OSError):
        return CANNOT_READ
    if any(finding["rule"] == "R1" for finding in findings):
        return CANNOT_READ
    return DEFECTS if new(findings, known) else OK


def check(export: Path) -> list[dict[str, Any]]:
    """The findings in an export by rules R1 to R20, files named below it.

    Raises `LabelSchoolError` where there is no ``export.json`` that can be read.
    """
    try:
        json.loads((export / "export.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LabelSchoolError(f"{export.name}/export.json cannot be read: {error}.") from error
    try:
        findings = lint(export, Known(), only=RULES).findings
    except Unreadable as error:
        what = {"rule": "R1", "severity": "error", "id": None, "message": str(error)}
        return [what | {"file": export.name, "fix": "Nothing was checked: export it again."}]
    rows = [asdict(finding) for finding in findings]
    for row in rows:
        del row["kind"]
        row["file"] = _below(export, row["file"])
    return rows


def new(
    findings: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The findings of a rule in a file that has more of them than are known."""
    before, now = Counter(map(_debt, known)), Counter(map(_debt, findings))
    return [finding for finding in findings if now[_debt(finding)] > before[_debt(finding)]]


def _debt(finding: Mapping[str, Any]) -> tuple[Any, Any]:
    return finding.get("rule"), finding.get("file")


def _known(path: Path) -> list[Mapping[str, Any]]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise LabelSchoolError(f"{path.name} is no report: {error}.") from error
    if not isinstance(known, list) or not all(isinstance(each, dict) for each in known):
        raise LabelSchoolError(f"{path.name} is no list of findings.")
    return known


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise LabelSchoolError(f"{name} leads out of the repository.")
    return path


def _below(export: Path, file: str) -> str:
    path = Path(file)
    return path.relative_to(export).as_posix() if path.is_relative_to(export) else file

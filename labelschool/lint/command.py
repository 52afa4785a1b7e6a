"""The command: several paths checked, the debts taken out, and what is told in which form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from labelschool.answers import replace as write
from labelschool.errors import LabelSchoolError
from labelschool.formats.files import shown
from labelschool.lint import Known, Unreadable, baseline, lint
from labelschool.lint.report import Finding, Report, as_github, as_json, as_junit


def check(paths: Sequence[Path], known: Known, only: Collection[str]) -> list[Report]:
    """A report for each path; what cannot be read is told in its report, and the rest goes on."""
    return [_checked(path, known, only) for path in paths]


def _checked(path: Path, known: Known, only: Collection[str]) -> Report:
    try:
        return lint(path, known, only=only)
    except Unreadable as error:
        finding = Finding("R1", "error", shown(path), None, str(error), "Nothing was checked.")
        return Report(shown(path), 0, ("R1",), findings=(finding,), readable=False)


def run(
    paths: Sequence[Path],
    known: Known,
    only: Collection[str] = (),
    *,
    form: str = "text",
    junit: Path | None = None,
    debts: Path | None = None,
    write_debts: bool = False,
) -> int:
    """Checks, prints and writes; the exit code. Raises `LabelSchoolError`."""
    reports = check(paths, known, only)
    if write_debts:
        if debts is None:
            raise LabelSchoolError("Name the file of the baseline: --baseline FILE.")
        count = baseline.save(debts, reports)
        print(f"Wrote {shown(debts)}: {count:,} known findings, which may not grow.")
        return max(report.exit_code for report in reports) // 2 * 2
    if debts:
        reports = baseline.without_debts(debts, reports)
    if junit:
        try:
            write(junit, as_junit(reports))
        except OSError as error:
            raise LabelSchoolError(
                f"{shown(junit)} cannot be written: {error.strerror}."
            ) from error
    said = _FORMS[form](reports)
    if said:
        print(said)
    for report in reports:
        if not report.readable:
            print(*(finding.message for finding in report.findings), file=sys.stderr)
    return max(report.exit_code for report in reports)


def _text(reports: Sequence[Report]) -> str:
    return "\n".join(str(report) for report in reports if report.readable)


_FORMS: dict[str, Callable[[Sequence[Report]], str]] = {
    "text": _text,
    "json": as_json,
    "github": as_github,
}

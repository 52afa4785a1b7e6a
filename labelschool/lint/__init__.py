"""Checks of annotation files before anybody trains on them: ``labelschool lint PATH``.

report = lint(Path("batch-15.json"))

A rule is one function (`rules.rule`) over the labels of any format that `labelschool.formats`
reads; `rules.table` has them all, R1 to R29.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from labelschool import formats
from labelschool.formats.contract import Unreadable
from labelschool.formats.files import shown
from labelschool.lint import reading, rules
from labelschool.lint.export import Export
from labelschool.lint.reading import Known, Told
from labelschool.lint.report import Finding, Report

__all__ = ["Finding", "Known", "Report", "Unreadable", "lint"]


def lint(path: Path, known: Known | None = None, *, only: Collection[str] = ()) -> Report:
    """What the rules find in a file, folder or zip; all of them, where none is named by `only`.

    Raises `Unreadable` when there is nothing to check, `LabelSchoolError` for an unknown rule.
    """
    chosen = rules.chosen(only)
    with formats.opened(path) as place:
        export, told = reading.read(place, known or Known())
        # A file of a zip is named as if the zip were a folder.
        folder = export.folder if place == path else path
        return _report(path, folder, export, told, chosen)


def _report(
    path: Path, folder: Path, export: Export, told: Told, chosen: Mapping[str, rules.Rule]
) -> Report:
    problems: dict[str, list[rules.Problem]] = {id_: [] for id_ in chosen}
    for id_, problem in told:
        problems.setdefault(id_, []).append(problem)
    for each in chosen.values():
        if not export.lacks(each.needs):
            problems[each.id] += each.check(export)
    findings = tuple(
        Finding(each.id, each.severity, shown(folder / at.file), at.id, message, fix, at.kind)
        for each in chosen.values()
        for at, message, fix in dict.fromkeys(problems[each.id])
    )
    lacking = {each.id: each.needs for each in chosen.values() if export.lacks(each.needs)}
    ran = tuple(id_ for id_ in chosen if id_ not in lacking)
    as_format = export.format if path.is_dir() else ""
    return Report(shown(path), len(export.labels), ran, lacking, findings, format=as_format)

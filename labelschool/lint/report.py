"""What a check says, as text for people, and for programs as JSON, JUnit or lines for GitHub."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal
from xml.etree import ElementTree

from labelschool.formats.contract import printable

Severity = Literal["error", "warning"]
SHOWN = 20
"""Findings of one rule that the text of a file names one by one."""


@dataclass(frozen=True)
class Finding:
    """One defect: the rule, the file, the id in it and its `kind`, what is wrong, what to do.

    The id is None where the whole file is meant.
    """

    rule: str
    severity: Severity
    file: str
    id: int | str | None
    message: str
    fix: str
    kind: str = "annotation"

    def __str__(self) -> str:
        place = self.file if self.id is None else f"{self.file}: {self.kind} {printable(self.id)}"
        return f"{place}: {self.rule} {self.severity}: {self.message}"


@dataclass(frozen=True)
class Report:
    """The findings in one file or folder, of so many annotations.

    `rules` ran; `lacking` names what was missing for those that did not. Of what is not `readable`,
    the one finding says why. `known` counts the findings that a baseline took out. Of a folder,
    which may hold labels in several formats, `format` is the one that was checked.
    """

    file: str
    annotations: int
    rules: tuple[str, ...]
    lacking: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    readable: bool = True
    known: int = 0
    format: str = ""

    @property
    def exit_code(self) -> int:
        """0 where nothing was found, 1 where something was, 2 where it cannot be read."""
        return int(bool(self.findings)) if self.readable else 2

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        counts: Counter[str] = Counter()
        for finding in self.findings:
            counts[finding.rule] += 1
            if counts[finding.rule] <= SHOWN:
                yield str(finding)
        for rule, count in counts.items():
            if count > SHOWN:
                yield f"{self.file}: {rule}: and {count - SHOWN:,} more; --json has them all."
        yield from dict.fromkeys(f"What to do about {f.rule}: {f.fix}" for f in self.findings)
        yield self._summary()

    def _summary(self) -> str:
        n = len(self.findings)
        count = "no finding" if n == 0 else f"{n:,} finding{'s' if n > 1 else ''}"
        known = f", and {self.known:,} that the baseline knows," if self.known else ""
        place = f"{self.file} as {self.format}" if self.format else self.file
        said = f"{place}: {count}{known} in {self.annotations:,} annotations."
        checked = f" Checked: {ranges(self.rules)}." if self.rules else ""
        needs: dict[str, list[str]] = {}
        for rule, need in self.lacking.items():
            needs.setdefault(need, []).append(rule)
        left = "; ".join(f"{ranges(rules)} (no {need})" for need, rules in needs.items())
        return said + checked + (f" Not checked: {left}." if left else "")


def ranges(rules: Sequence[str]) -> str:
    """Rules in few words: "R1-R3, R7"."""
    runs: list[list[int]] = []
    for number in (int(rule[1:]) for rule in rules):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"R{run[0]}" if len(run) == 1 else f"R{run[0]}-R{run[-1]}" if len(run) > 2
        else f"R{run[0]}, R{run[-1]}"
        for run in runs
    )  # fmt: skip


def as_json(reports: Sequence[Report]) -> str:
    """All findings as a JSON list, an object each."""
    rows = [asdict(finding) for report in reports for finding in report.findings]
    for row in rows:
        del row["kind"]
    return json.dumps(rows, indent=1)


def as_github(reports: Sequence[Report]) -> str:
    """A line for each finding, which GitHub shows at the file.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = []
    for report in reports:
        for finding in report.findings:
            what = f"{finding.message} {finding.fix}"
            if finding.id is not None:
                what = f"{finding.kind} {printable(finding.id)}: {what}"
            place = f"file={_escaped(finding.file, ',:')},title={finding.rule}"
            lines.append(f"::{finding.severity} {place}::{_escaped(what)}")
    return "\n".join(lines)


def _escaped(text: str, more: str = "") -> str:
    for letter in f"%\r\n{more}":
        text = text.replace(letter, f"%{ord(letter):02X}")
    return text


def as_junit(reports: Sequence[Report]) -> str:
    """A test suite for each file and a test for each rule, as CI systems read it.

    https://github.com/testmoapp/junitxml
    """
    root = ElementTree.Element("testsuites", name="labelschool lint")
    for report in reports:
        suite = ElementTree.SubElement(root, "testsuite", name=report.file)
        found: dict[str, list[Finding]] = {}
        for finding in report.findings:
            found.setdefault(finding.rule, []).append(finding)
        for rule in (*report.rules, *(rule for rule in found if rule not in report.rules)):
            case = ElementTree.SubElement(suite, "testcase", classname=report.file, name=rule)
            if rule in found:
                first = found[rule][0]
                failure = ElementTree.SubElement(case, "failure", type=first.severity)
                failure.set("message", f"{first.message} ({len(found[rule])} in all)")
                failure.text = "\n".join(f"{finding} {finding.fix}" for finding in found[rule])
        for rule, need in report.lacking.items():
            if rule not in found:
                case = ElementTree.SubElement(suite, "testcase", classname=report.file, name=rule)
                ElementTree.SubElement(case, "skipped", message=f"no {need}")
        suite.set("tests", str(len(suite)))
        suite.set("failures", str(len(suite.findall("testcase/failure"))))
        suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"

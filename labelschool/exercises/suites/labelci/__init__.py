"""3.H: the learner's command ``labelcheck FOLDER [--baseline FILE] [--report FILE]``.

It runs out of process on the hidden twin of the broken exports. Each of the twenty counts when the
command names the rule, the file and the id, with the exit code of the contract, and lets the valid
export of the same format pass: so a false alarm costs all defects of its format, and so does
comparing floats with ==, since the valid exports went through a rounding. Five more cases try what
makes a check a command. A pass of 0.9 is 23 of the 25: two defects may be missed.

The report is a JSON list of findings, a dict each: ``rule``, ``severity`` ("error" or "warning"),
``file`` (below the export), ``id`` (None for the whole file), ``message`` and ``fix``. A baseline
is a report from before. Exit codes: 0 nothing, or no more than the baseline knows; 1 findings; 2
something cannot be read, whatever the baseline says.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labelschool import code_answers
from labelschool.exercises.suites import Judgement, judgement
from labelschool.exercises.suites.labelci import hidden_exports
from labelschool.exercises.suites.labelci.hidden_exports import COCO, MANIFEST, Broken, Files
from labelschool.lint.rules import table

FOLDER, REPORT, BASELINE = "delivery", "report.json", "known.json"
FIELDS = ("rule", "severity", "file", "id", "message", "fix")
MOST = 10
"""Findings that an export with one defect may have: a command that names all of them finds none."""
AT_ONCE = 2
"""Processes that run side by side."""


@dataclass(frozen=True)
class Given:
    """What a command is run on: an export, None where there is no such folder, and a baseline's
    content; a text is the name of a file that is not there.
    """

    files: Files | None
    baseline: bytes | str | None = None


@dataclass(frozen=True)
class Told:
    """What the command told: exit code, report as it was written, what it printed, why it was
    stopped.
    """

    code: int | None
    report: bytes | None
    said: str
    error: str | None

    @property
    def findings(self) -> list[Any]:
        """The report as a list; empty where it is none."""
        try:
            found = json.loads(self.report or b"[]")
        except (ValueError, RecursionError):
            return []
        return found if isinstance(found, list) else []

    def named(self, wrong: Broken) -> bool:
        """Whether a defect is among the findings, by rule, file and id."""
        ids = {str(id_) for id_ in wrong.ids}
        return any(
            isinstance(each, dict)
            and (each.get("rule"), each.get("file")) == (wrong.rule, wrong.file)
            and str(each.get("id")) in ids
            for each in self.findings
        )

    def trouble(self) -> str:
        """Why there is no result at all; nothing where there is one."""
        if self.error:
            return f"your command gave {self.error}."
        if "labelschool is closed" in self.said:
            return "your answer imports labelschool: write what it takes yourself."
        if "unrecognized arguments" in self.said:
            return f"your command refuses an option: {self.said.strip().splitlines()[-1][:150]}"
        if "Traceback (most recent call last)" in self.said:
            last = self.said.strip().splitlines()[-1][:150]
            return (
                f"your command fell over with {last}. Python then exits with 1 and leaves no "
                "report. A check catches what a file may do to it, reports it and goes on."
            )
        return ""


@dataclass(frozen=True)
class Bench:
    """A command, and the seconds that one run may take."""

    answer: Path
    seconds: float

    def run(self, *given: Given) -> list[Told]:
        """What the command tells of each, two at a time; none is begun once one took too long."""
        told: list[Told] = []
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for start in range(0, len(given), AT_ONCE):
                told += pool.map(self._once, given[start : start + AT_ONCE])
                if late := next((one for one in told if one.error), None):
                    return told + [late] * (len(given) - len(told))
        return told

    def _once(self, given: Given) -> Told:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
            folder, arguments = Path(place), [FOLDER, "--report", REPORT]
            if given.files is not None:
                hidden_exports.put(given.files, folder / FOLDER)
            if given.baseline is not None:
                arguments += ["--baseline", BASELINE]
            if isinstance(given.baseline, bytes):
                (folder / BASELINE).write_bytes(given.baseline)
            ran = code_answers.run(self.answer, arguments, folder, seconds=self.seconds)
            report = folder / REPORT
            content = report.read_bytes() if report.is_file() else None
        return Told(ran.code, content, ran.said, ran.error)


@dataclass(frozen=True)
class Trial:
    """A case that runs the command some times; `play` says what is wrong."""

    name: str
    happens: str
    play: Callable[[Bench], str] = field(repr=False)

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """All or nothing, with what is wrong first."""
        return judgement(self.play(Bench(answer, seconds)))


# What a run has to tell --------------------------------------------------------------------------


def passes(told: Told, what: str) -> str:
    """What is wrong where nothing should be found."""
    if wrong := told.trouble():
        return wrong
    if told.findings:
        first = told.findings[0] if isinstance(told.findings[0], dict) else {}
        message = str(first.get("message", "no message"))[:120]
        return f"a false alarm on {what}: {first.get('rule')} in {first.get('file')}, {message}"
    if told.code != 0:
        return f"{what} gets exit code {told.code}; nothing is wrong there, so it is 0."
    if told.report is None:
        return f"no report is written for {what}: where nothing is found, it is an empty list."
    return ""


def finds(told: Told, wrong: Broken) -> str:
    """What is wrong where there is one defect."""
    if trouble := told.trouble():
        return trouble
    code = 2 if wrong.rule == "R1" else 1
    if not told.findings:
        return (
            f"it passes an export with this defect ({wrong.defect} in {wrong.file}): exit code "
            f"{told.code}, nothing in the report."
        )
    if len(told.findings) > MOST:
        return f"it names {len(told.findings)} findings where one thing is wrong."
    if not told.named(wrong):
        return f"{wrong.file} {_place(wrong)} breaks {wrong.rule}; the report names {_list(told)}."
    if told.code != code:
        return (
            f"it reports {wrong.rule} and exits with {told.code}. A pipeline reads the exit code "
            f"alone: here it is {code}."
        )
    return ""


def _place(wrong: Broken) -> str:
    return "as a whole" if wrong.ids[0] is None else f"at {wrong.ids[0]!r}"


def _list(told: Told) -> str:
    found = [each for each in told.findings[:3] if isinstance(each, dict)]
    named = (f"{each.get('rule')} at {each.get('id')!r} in {each.get('file')}" for each in found)
    return "; ".join(named)[:200] or "nothing in the form of a finding"


# The twenty rules, and what makes a check a command ----------------------------------------------


def _rule(rule: str) -> Trial:
    def play(bench: Bench) -> str:
        broken, valid = hidden_exports.hidden()
        files, wrong = broken[rule]
        name = hidden_exports.form(files)
        clean, told = bench.run(Given(valid[name]), Given(files))
        return passes(clean, f"the valid {name} export") or finds(told, wrong)

    return Trial(rule, table()[rule].holds, play)


def _exit_codes(bench: Bench) -> str:
    clean = hidden_exports.coco()
    broken = hidden_exports.coco(hidden_exports.past_the_border(0))
    unread = {
        "a folder that is not there": None,
        f"a folder without {MANIFEST}": hidden_exports.without(clean, MANIFEST),
        f"an {MANIFEST} that is cut off": hidden_exports.cut_off(clean, MANIFEST),
        f"an {COCO} that is cut off": hidden_exports.cut_off(clean, COCO),
    }
    good, bad, *told = bench.run(*map(Given, (clean, broken, *unread.values())))
    if wrong := passes(good, "a valid export"):
        return wrong
    if bad.code != 1:
        return bad.trouble() or f"a box outside of its picture gets exit code {bad.code}, not 1."
    for what, one in zip(unread, told, strict=True):
        if one.code != 2:
            return one.trouble() or (
                f"{what} gets exit code {one.code}. What cannot be read was not checked: 2."
            )
    return ""


def _report(bench: Bench) -> str:
    change = hidden_exports.past_the_border(0, 1)
    good, bad = bench.run(Given(hidden_exports.coco()), Given(hidden_exports.coco(change)))
    if wrong := passes(good, "a valid export") or bad.trouble():
        return wrong
    if not bad.findings:
        return f"--report {REPORT} holds no JSON list of findings where two boxes lie outside."
    for each in bad.findings:
        if not isinstance(each, dict) or set(FIELDS) - each.keys():
            return f"each finding is a dict with {', '.join(FIELDS)}; one is {str(each)[:120]}"
        if each["severity"] not in ("error", "warning"):
            return f"the severity is error or warning, not {each['severity']!r}."
        if not (str(each["message"]).strip() and str(each["fix"]).strip()):
            return "a finding has no message or no fix: who reads it does not know what to do."
    if any(each["file"] != COCO for each in bad.findings):
        return f"the file is named below the export, {COCO}, so that it holds on every machine."
    return "" if len(bad.findings) == 2 else f"two boxes lie outside; it names {_list(bad)}."


def _all_at_once(bench: Bench) -> str:
    files, defects = hidden_exports.many_defects()
    good, told = bench.run(Given(hidden_exports.coco()), Given(files))
    if wrong := passes(good, "a valid export") or told.trouble():
        return wrong
    named = [wrong.rule for wrong in defects if told.named(wrong)]
    missed = [wrong.rule for wrong in defects if wrong.rule not in named]
    if len(missed) > 1:
        what = f"names {hidden_exports.names(named)}" if named else "names none of them"
        return (
            f"one export has five defects. Your report {what}, and not "
            f"{hidden_exports.names(missed)}: it stops at the first defect. Who mends it needs "
            "them all."
        )
    return "" if told.code == 1 else f"it exits with {told.code}; five defects are 1."


def _close(bench: Bench) -> str:
    nearly = hidden_exports.coco(hidden_exports.nearly)
    far = hidden_exports.coco(hidden_exports.too_far)
    *good, bad = bench.run(Given(nearly), Given(hidden_exports.yolo_nearly()), Given(far))
    for told, what in zip(good, ("COCO", "YOLO"), strict=True):
        if wrong := passes(told, f"{what} numbers that differ by less than the rules allow"):
            if not told.findings:
                return wrong
            return f"{wrong} Compare floats by the tolerance of the rule, never with ==."
    if trouble := bad.trouble():
        return trouble
    if bad.code == 1:
        return ""
    return "a box 0.8 px outside and an area 4 % too large pass: your tolerance is too wide."


def _baseline(bench: Bench) -> str:
    border = hidden_exports.past_the_border
    debts = hidden_exports.coco(border(0, 1))
    (first,) = bench.run(Given(debts))
    if wrong := first.trouble():
        return wrong
    if first.code != 1 or not first.findings:
        return "an export with two debts passes, so there is no baseline to make from its report."
    known = first.report
    same, mended, grown, other, lost = bench.run(
        Given(debts, known),
        Given(hidden_exports.coco(), known),
        Given(hidden_exports.coco(border(0, 1, 2)), known),
        Given(hidden_exports.coco(border(0, 1), hidden_exports.flat_last), known),
        Given(debts, BASELINE),
    )
    troubles = (told.trouble() for told in (same, mended, grown, other))
    if wrong := next(filter(None, troubles), ""):
        return wrong
    if same.code != 0:
        return f"the debts that the baseline knows get exit code {same.code}: known is not new."
    if len(same.findings) != len(first.findings):
        return "known debts are missing from the report: they are allowed, not forgotten."
    if mended.code != 0:
        return f"mended debts get exit code {mended.code}: a baseline may shrink."
    if grown.code != 1:
        return f"a third box of the same rule and file gets {grown.code}: debts may not grow."
    if other.code != 1:
        return f"a defect of another rule gets {other.code}: the baseline knows one rule only."
    if lost.code != 2:
        return f"a baseline that is not there gets {lost.code}: what cannot be read is 2."
    return ""


SUITE = (
    *(_rule(f"R{number}") for number in range(1, 21)),
    Trial("Exit codes", "0 for nothing, 1 for defects, 2 for what cannot be read.", _exit_codes),
    Trial("Report", "Six fields for each finding; an empty list for none.", _report),
    Trial("All at once", "One export has five defects.", _all_at_once),
    Trial("Close is equal", "Numbers move by less than a rule allows, and by more.", _close),
    Trial("Baseline", "Known debts pass, and may not grow.", _baseline),
)

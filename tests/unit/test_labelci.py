"""3.H: the learner's command, against a hidden twin of the broken exports and five more cases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from labelschool import code_answers, course, datasets
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import labelci
from labelschool.exercises.suites.labelci import hidden_exports
from labelschool.home import results
from labelschool.operations import label_check

from . import export_checker

TASK = course.load().task("3.H")
REFERENCE = (Path(__file__).parent / "labelcheck_reference.py").read_text(encoding="utf-8")
CASES = {case.name: case for case in labelci.SUITE}
SECONDS = 30

RUN = '\nif __name__ == "__main__":\n    import sys\n    sys.exit(main(sys.argv[1:]))\n'
EVERYTHING = """
import json, pathlib
def main(arguments):
    names = [path.relative_to(arguments[0]).as_posix() for path in
             pathlib.Path(arguments[0]).rglob("*") if path.is_file()]
    findings = [{"rule": f"R{n}", "severity": "error", "file": name, "id": id, "message": "?",
                 "fix": "?"} for n in range(1, 21) for name in names
                for id in (None, *range(1, 10), *range(101, 112))]
    pathlib.Path(arguments[2]).write_text(json.dumps(findings))
    return 1
"""
BLIND = {
    "nothing": "",
    "always green": "def main(arguments):\n    open(arguments[2], 'w').write('[]')\n    return 0\n",
    "always red": "def main(arguments):\n    return 1\n",
    "names everything": EVERYTHING,
    "cannot read": "def main(arguments):\n    return 2\n",
}


def changed(*swaps: tuple[str, str]) -> str:
    source = REFERENCE
    for old, new in swaps:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


RULES = [f"R{number}" for number in range(1, 21)]
COCO_RULES = ("R7", "R8", "R9", "R10", "R11")
STORE = '        self.findings.append(finding | {"message": message, "fix": FIX[rule]})'
SLIPS = {
    "crash on the first defect": (
        changed((STORE, '        raise AssertionError(f"{rule} {file} {id}: {message}")')),
        {*RULES, "Exit codes", "Report", "All at once", "Baseline"},
        "Python then exits with 1 and leaves no report",
    ),
    "one row that cannot be read is a crash": (
        changed(
            ("            if not self.typed(row, COCO, file):\n                continue\n", ""),
        ),
        {"All at once"},
        "fell over with TypeError",
    ),
    "stops at the first defect": (
        changed((STORE, f"{STORE}\n        raise StopIteration"),
                ("        self.rules()\n", "        try:\n            self.rules()\n"
                 "        except StopIteration:\n            pass\n")),
        {"All at once", "Report", "Baseline"},
        "it stops at the first defect",
    ),
    "float equality": (
        changed(("abs(row[\"area\"] - area) > max(1, 0.02 * area)", 'row["area"] != area')),
        {*COCO_RULES, "Close is equal"},
        "never with ==",
    ),
    "no half pixel": (
        changed(("        if out > 0.5:\n            self.found(\"R5\"",
                 "        if out > 0:\n            self.found(\"R5\"")),
        {*COCO_RULES, "Close is equal"},
        "false alarm",
    ),
    "an empty file is a defect": (
        changed(("            boxes = []\n            for number, row in",
                 "            rows or self.found('R15', file, None, 'empty')\n"
                 "            boxes = []\n            for number, row in")),
        {"R15", "Close is equal"},
        "a false alarm on the valid yolo export",
    ),
    "unreadable is a defect like others": (
        changed(('    if any(finding["rule"] == "R1"', "    if any(False")),
        {"R1", "Exit codes"},
        "it is 2",
    ),
    "the exit code is always 0": (
        changed(("    return 1 if left else 0", "    return 0")),
        {*RULES[1:], "Exit codes", "All at once", "Close is equal", "Baseline"},
        "A pipeline reads the exit code alone",
    ),
    "the baseline forgives everything": (
        changed(("    return [finding for finding in findings if",
                 "    return [] if baseline else [finding for finding in findings if")),
        {"Baseline"},
        "debts may not grow",
    ),
    "the baseline is not read": (
        changed((' if given.baseline else []', ' if False else []')),
        {"Baseline"},
        "known is not new",
    ),
    "no fix": (changed((', "fix": FIX[rule]}', "}"), (". {fix}", "")), {"Report"}, "one is"),
    "whole paths": (
        changed(('{"rule": rule, "severity": severity, "file": file,',
                 '{"rule": rule, "severity": severity, "file": str(self.folder / file),')),
        {*RULES, "Report", "All at once"},
        "as a whole",
    ),
}  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's module folder as the working directory."""
    (tmp_path / results.START_PAGE).touch()
    folder = tmp_path / "03-quality"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def judged(tmp_path, source, names=None):
    """What is said about each case, nothing where it is right."""
    file = code_answers.save("3.H", source, tmp_path)
    return {name: CASES[name].judged(file, SECONDS).said for name in names or CASES}


def test_the_reference_is_right(home) -> None:
    code_answers.save("3.H", REFERENCE)
    said = repr(exercise("3.H").check())
    assert score("3.H") == 10.0, said
    assert "25 of 25" in said


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_costs_what_it_breaks_and_is_named(tmp_path, name) -> None:
    source, costs, says = SLIPS[name]
    tried = [case for case in CASES if case in costs]
    said = judged(tmp_path, source, [tried[0], *tried[-2:], "R17"])
    wrong = {case for case, what in said.items() if what}
    assert wrong == {case for case in said if case in costs}
    assert any(says in what for what in said.values()), said


def test_the_named_slips_stay_below_the_pass() -> None:
    for name in ("crash on the first defect", "stops at the first defect", "float equality"):
        assert 1 - len(SLIPS[name][1]) / len(CASES) < TASK.pass_mark


@pytest.mark.parametrize("name", BLIND)
def test_blind_commands_earn_nothing(tmp_path, name) -> None:
    cases = ("R1", "R13", "R18", *list(CASES)[20:])
    said = judged(tmp_path, BLIND[name] + RUN * bool(BLIND[name]), cases)
    assert all(said.values()), said


def test_a_pass_is_eighteen_defects_and_all_of_the_rest() -> None:
    assert list(CASES)[:20] == RULES
    assert len(CASES) == 25
    assert 22 / 25 < TASK.pass_mark <= 23 / 25


def test_the_twin_has_each_rule_once_and_is_not_the_shipped_one(tmp_path) -> None:
    broken, valid = hidden_exports.hidden()
    for name, files in valid.items():
        hidden_exports.put(files, tmp_path / name)
        assert export_checker.check(tmp_path / name) == set()
    assert {rule for rule, (files, _) in broken.items() if hidden_exports.form(files) == "coco"} > {
        *COCO_RULES
    }
    assert sorted(broken) == sorted(f"R{n}" for n in range(1, 21))
    assert sorted(valid) == ["coco", "spans", "tracks", "voc", "yolo"]
    shipped = datasets.file("broken_exports", "exports/export-01/export.json").parents[1]
    seen = {path.read_bytes() for path in shipped.glob("*/export.json")}
    assert not seen & {files[hidden_exports.MANIFEST] for files, _ in broken.values()}


def test_exports_of_its_own_are_what_a_plain_check_finds(tmp_path) -> None:
    border = hidden_exports.past_the_border
    many, defects = hidden_exports.many_defects()
    made = {
        (): (hidden_exports.coco(), hidden_exports.coco(hidden_exports.nearly)),
        ("R5", "R5"): (hidden_exports.coco(border(0, 1)),),
        ("R5", "R5", "R5"): (hidden_exports.coco(border(0, 1, 2)),),
        ("R5", "R5", "R6"): (hidden_exports.coco(border(0, 1), hidden_exports.flat_last),),
        ("R5", "R7"): (hidden_exports.coco(hidden_exports.too_far),),
        ("R10", "R13", "R2", "R5", "R8"): (many,),
    }
    for rules, exports in made.items():
        for number, files in enumerate(exports):
            folder = tmp_path / f"{'-'.join(rules)}-{number}"
            hidden_exports.put(files, folder)
            assert sorted(rule for rule, *_ in export_checker.check(folder)) == list(rules)
            assert sorted(found["rule"] for found in label_check.check(folder)) == list(rules)
    assert [wrong.rule for wrong in defects] == ["R2", "R5", "R8", "R10", "R13"]
    hidden_exports.put(hidden_exports.yolo_nearly(), tmp_path / "yolo")
    assert export_checker.check(tmp_path / "yolo") == set()


def test_the_courses_check_has_the_same_exit_codes(tmp_path) -> None:
    (tmp_path / "out").mkdir()
    clean = hidden_exports.coco()
    debts = hidden_exports.coco(hidden_exports.past_the_border(0, 1))
    hidden_exports.put(clean, tmp_path / "clean")
    hidden_exports.put(debts, tmp_path / "debts")
    hidden_exports.put(hidden_exports.cut_off(clean, "annotations.json"), tmp_path / "cut")

    def run(*arguments: str) -> int:
        return label_check.main(arguments, tmp_path)

    assert run("clean", "--report", "out/r.json") == 0
    assert json.loads((tmp_path / "out/r.json").read_text("utf-8")) == []
    assert run("debts", "--report", "known.json") == 1
    assert run("debts", "--baseline", "known.json") == 0
    assert run("cut", "--baseline", "known.json", "--report", "cut.json") == 2
    assert json.loads((tmp_path / "cut.json").read_text("utf-8"))[0]["rule"] == "R1"
    for wrong in (["nowhere"], ["clean", "--baseline", "lost.json"], [], ["clean", "--debts", "x"]):
        assert run(*wrong) == 2
    assert run("clean", "--report", "../left.json") == 2
    assert not (tmp_path.parent / "left.json").exists()


def test_without_an_answer_it_says_which_cell_to_run(home, capsys) -> None:
    assert score("3.H") == 0.0
    assert "%%answer 3.H" in capsys.readouterr().out

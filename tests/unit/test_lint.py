"""`labelschool lint`: rules by property and on files, and what the command says and returns."""

from __future__ import annotations

import contextlib
import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from labelschool import cli, course
from labelschool.errors import LabelSchoolError
from labelschool.formats.dataset import Box, Category, Item, Label
from labelschool.lint import Known, Unreadable, lint, rules
from labelschool.lint.export import Export

WIDTH, HEIGHT = 640, 480
IMAGE = {"id": 1, "file_name": "street.jpg", "width": WIDTH, "height": HEIGHT}


def document(*boxes: list[float]) -> dict[str, Any]:
    """A COCO table of one picture with these boxes, ids from 1."""
    return {
        "images": [IMAGE],
        "categories": [{"id": 1, "name": "car"}],
        "annotations": [
            {
                "id": number,
                "image_id": 1,
                "category_id": 1,
                "bbox": box,
                "area": box[2] * box[3],
            }
            for number, box in enumerate(boxes, 1)
        ],
    }


@pytest.fixture
def saved(tmp_path: Path):
    """Write a table or raw bytes as ``export.json`` and return its path."""

    def save(content: Any) -> Path:
        path = tmp_path / "export.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return save


def found(rule: str, *boxes: list[float], format: str = "coco") -> list[int | str]:
    """The annotations of which a rule has something to say."""
    car = Category(1, "car")
    labels = tuple(Label(number, 1, car, Box(*box)) for number, box in enumerate(boxes, 1))
    item = Item(1, "street.jpg", WIDTH, HEIGHT)
    export = Export(Path(), "labels.json", format, {1: item}, (car,), labels)
    return [place.id for place, *_ in rules.table()[rule].check(export)]


# The rules --------------------------------------------------------------------------------------

HUNDREDTHS = st.integers(0, 100 * WIDTH).map(lambda n: n / 100)
PAST = st.integers(51, 100_000).map(lambda n: n / 100)


def test_there_are_rules_r1_to_r29_in_their_order_and_all_twenty_pitfalls() -> None:
    table = rules.table()
    assert list(table) == [f"R{number}" for number in range(1, 30)]
    assert sum(len(rule.pitfalls) for rule in table.values()) == 20


@given(st.tuples(HUNDREDTHS, HUNDREDTHS), st.tuples(HUNDREDTHS, HUNDREDTHS), st.data())
def test_a_box_inside_or_half_a_pixel_past_is_no_finding(xs, ys, data) -> None:
    """Any corners in the picture, in hundredths of a pixel, moved out by 0.5 px at most."""
    shift = st.integers(-50, 50).map(lambda n: n / 100)
    left, right = (x + data.draw(shift) for x in sorted(xs))
    top, bottom = (min(y, HEIGHT) + data.draw(shift) for y in sorted(ys))
    assert found("R5", [left, top, right - left, bottom - top]) == []


@given(PAST, st.sampled_from(["left", "top", "right", "bottom"]))
def test_more_than_half_a_pixel_past_any_border_is_found(past: float, side: str) -> None:
    x, y, w, h = 100, 100, 50, 60
    box = {
        "left": [-past, y, w + past, h],
        "top": [x, -past, w, h + past],
        "right": [x, y, WIDTH + past - x, h],
        "bottom": [x, y, w, HEIGHT + past - y],
    }[side]
    assert found("R5", [0, 0, WIDTH, HEIGHT], box) == [2]


def test_the_last_digits_of_a_computed_box_are_no_finding(saved) -> None:
    """1.1 + 2.2 + 0.2 is 3.5 on paper."""
    table = document([1.1 + 2.2, 0, 0.2, 3])
    table["images"] = [IMAGE | {"width": 3}]
    assert lint(saved(table)).findings == ()


def test_duplicates_are_those_of_all_pairs() -> None:
    """By cells it finds what a comparison with every box that was kept finds."""
    rng = random.Random(1)
    near = 0
    for _ in range(1500):
        w, h = rng.uniform(1, 300), rng.uniform(1, 300)
        x, y = rng.uniform(0, 300), rng.uniform(0, 300)
        boxes = [[x, y, w, h]]
        for _ in range(3):
            a, b, c, d = (rng.uniform(-0.03, 0.03) for _ in range(4))
            boxes.append([x + a * w, y + b * h, w * (1 + c), h * (1 + d)])
        kept: list[list[float]] = []
        wrong = []
        for number, box in enumerate(boxes, 1):
            twin = any(_iou(box, other) > 0.95 for other in kept)
            (wrong if twin else kept).append(number if twin else box)
        near += len(wrong)
        assert found("R12", *boxes) == wrong
    assert 500 < near < 4000


def _iou(a, b) -> float:
    w = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    h = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return w * h / (a[2] * a[3] + b[2] * b[3] - w * h) if w > 0 and h > 0 else 0


def test_thirty_thousand_boxes_in_one_picture_are_compared_in_one_walk() -> None:
    """All pairs would be five hundred million."""
    rng = random.Random(3)
    boxes = [[5, rng.uniform(0, 1e5), 20, 3] for _ in range(30_000)]
    assert len(found("R12", *boxes)) > 500


def test_a_finding_says_what_where_and_what_to_do(saved) -> None:
    report = lint(saved(document([-3.25, -7, 20, 20], [0, 0, 9, 9])))
    [finding] = report.findings
    assert (finding.rule, finding.severity, finding.id) == ("R5", "error", 1)
    assert finding.message == (
        "the box leaves street.jpg (640 x 480) by 3.25 px on the left and 7 px at the top."
    )
    said = str(report).splitlines()[-1]
    assert "1 finding in 2 annotations. Checked: R1-R13, R15" in said
    assert said.endswith(
        "Not checked: R14, R27 (no pictures); R16 (no scenes); R19 (no guideline); "
        "R21 (no ontology)."
    )


def test_a_rule_is_added_by_one_function(saved, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_ENTERED", dict(rules.table()))

    @rules.rule("R30", "Nothing is called street", "warning")
    def no_street(export):
        for label in export.labels:
            yield export.at(label), "it lies in a street.", "Move it."

    report = lint(saved(document([-9, 5, 20, 20])), only=["R5", "r30"])
    assert [(f.rule, f.severity, f.id) for f in report.findings] == [
        ("R5", "error", 1),
        ("R30", "warning", 1),
    ]
    assert report.rules == ("R5", "R30")
    with pytest.raises(LabelSchoolError, match="no rule R99"):
        lint(saved(document()), only=["R99"])


def test_what_the_caller_knows_is_checked_too(saved, tmp_path: Path) -> None:
    ontology = tmp_path / "ontology.yml"
    path = saved(document([1, 2, 30, 40]))
    for text, count in (("classes: [car, van]", 0), ("Car\nvan\n", 1), ('["van"]', 1)):
        ontology.write_text(text)
        known = Known(ontology=ontology, guideline="G1.v1")
        report = lint(path, known, only=["R13", "R19"])
        assert [f.rule for f in report.findings] == ["R13"] * count + ["R19"]
    ontology.write_text("7")
    with pytest.raises(LabelSchoolError, match="no list of classes"):
        lint(path, known)


@pytest.mark.parametrize(
    ("told", "wrong"), [(600, 0), (610, 0), (590, 0), (613, 1), (587, 1), (900, 1)]
)
def test_an_area_may_differ_by_a_fiftieth(saved, told: float, wrong: int) -> None:
    """An L of 30 x 30 without its corner of 15 x 20."""
    corner = [10, 10, 40, 10, 40, 20, 25, 20, 25, 40, 10, 40]
    table = document([10, 10, 30, 30])
    table["annotations"][0] |= {"area": told, "segmentation": [corner]}
    assert len(lint(saved(table)).findings) == wrong


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [(0, 5, 0), (6, 7, 0), (4, 8, 1), (3, 3, 1), (5, 3, 1), (-1, 3, 1), (0, 7, 0), (7, 8, 1)],
)
def test_a_span_lies_inside_its_text(tmp_path: Path, start: int, end: int, wrong: int) -> None:
    """Seven code points, of which the last counts twice in UTF-16."""
    row = {
        "id": 1,
        "text": "Hello \U0001f69a",
        "spans": [{"start": start, "end": end, "label": "X"}],
    }
    path = tmp_path / "texts.jsonl"
    path.write_text(json.dumps(row) + "\n")
    assert [finding.rule for finding in lint(path).findings] == ["R18"] * wrong


# What cannot be checked -------------------------------------------------------------------------


def changed(place: str, **values: Any) -> dict[str, Any]:
    """A table of one good box with some fields of its picture or annotation changed."""
    table = document([1, 2, 3, 4])
    table[place] = [table[place][0] | values]
    return table


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\xff", b"[" * 100_000, b"[]", {"images": [IMAGE], "categories": []}, b""]
)
def test_a_file_that_cannot_be_judged_is_never_called_clean(saved, content: Any) -> None:
    with pytest.raises(Unreadable):
        lint(saved(content))


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (changed("images", id=None), "R2"),
        (changed("annotations", id=[]), "R2"),
        (changed("annotations", image_id=9), "R4"),
        (changed("annotations", image_id={}), "R2"),
        (changed("annotations", bbox=None), "R2"),
        (changed("annotations", bbox=[1, 2, 3]), "R2"),
        (changed("annotations", bbox=[1, 2, 3, True]), "R2"),
        (changed("annotations", bbox=[1, 2, 3, 10**400]), "R2"),
        (changed("annotations", iscrowd=2), "R11"),
        (changed("annotations", area=None), "R7"),
    ],
)
def test_what_is_not_understood_is_a_finding(saved, content: Any, rule: str) -> None:
    assert rule in [finding.rule for finding in lint(saved(content)).findings]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
LISTS = st.sampled_from(["images", "annotations", "categories"])


@given(st.dictionaries(LISTS, JSON), JSON, st.integers(0, 3))
def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path_factory, table, value, where):
    table |= document([1, 2, 3, 4]) if where else {}
    if where > 1:
        place = table["images" if where == 2 else "annotations"]
        place.append({"id": value, "width": value, "height": 9, "image_id": value, "bbox": value})
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    with contextlib.suppress(Unreadable):
        assert lint(path, only=["R5"]).rules == ("R5",)


# The command ------------------------------------------------------------------------------------


@pytest.fixture
def run(capsys: pytest.CaptureFixture):
    """Run `labelschool lint`; (exit code, stdout, stderr)."""

    def call(*words: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(["lint", *map(str, words)])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return call


def test_exit_code_0_where_nothing_is_found(run, saved) -> None:
    code, out, err = run(saved(document([0, 0, WIDTH, HEIGHT])), "--only", "R5")
    assert (code, err) == (0, "")
    assert out.endswith("export.json: no finding in 1 annotations. Checked: R5.\n")


def test_exit_code_1_and_a_line_for_each_finding(run, saved) -> None:
    code, out, err = run(saved(document([-9, 0, 20, 20], [0, 0, 5, 5], [0, 470, 5, 20])))
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert ["annotation 1: R5" in lines[0], "annotation 3: R5" in lines[1]] == [True, True]
    assert lines[2].startswith("What to do about R5: ")
    assert len(lines) == 4


def test_a_long_list_is_cut_for_people_alone(run, saved) -> None:
    path = saved(document(*([-9 - n, 0, 20, 20 + 9 * n] for n in range(50))))
    _, out, _ = run(path, "--only", "R5")
    assert out.count("R5 error") == 20
    assert "R5: and 30 more" in out
    assert len(json.loads(run(path, "--only", "R5", "--json")[1])) == 50


def test_exit_code_2_and_one_sentence_where_it_cannot_read(run, saved, tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path, saved(b"{")):
        code, out, err = run(path)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert path.name in err
    code, out, _ = run(saved(b"{"), "--json")
    assert code == 2
    assert [finding["rule"] for finding in json.loads(out)] == ["R1"]


def test_one_bad_file_does_not_hide_another(run, saved, tmp_path: Path) -> None:
    good = saved(document([-9, 0, 20, 20]))
    bad = tmp_path / "cut.json"
    bad.write_text('{"images"')
    code, out, err = run(good, bad)
    assert code == 2
    assert "R5 error" in out
    assert "cut.json" in err


def test_json_has_the_fields_of_a_report(run, saved) -> None:
    path = saved(document([-9, 0, 20, 20]))
    code, out, _ = run(path, "--json")
    [finding] = json.loads(out)
    assert code == 1
    assert set(finding) == {"rule", "severity", "file", "id", "message", "fix"}
    assert finding["file"] == path.as_posix()
    assert run(saved(document()), "--json")[:2] == (0, "[]\n")


def test_junit_has_a_test_for_each_rule(run, saved, tmp_path: Path) -> None:
    path = saved(document([-9, 0, 20, 20], [0, 470, 5, 20]))
    assert run(path, "--junit", tmp_path / "out" / "lint.xml")[0] == 1
    suite = ElementTree.parse(tmp_path / "out" / "lint.xml").getroot()[0]
    assert suite.attrib | {"name": ""} == {
        "name": "",
        "tests": "29",
        "failures": "1",
        "skipped": "5",
    }
    [failed] = [case for case in suite if case.find("failure") is not None]
    assert failed.get("name") == "R5"
    assert failed.findtext("failure").count("R5 error") == 2


def test_github_lines_hold_one_finding_each(run, saved, tmp_path: Path) -> None:
    table = document([-9, 0, 20, 20])
    table["images"] = [IMAGE | {"file_name": "50 %\n.jpg"}]
    folder = tmp_path / "a,b"
    folder.mkdir()
    path = folder / "labels.json"
    path.write_text(json.dumps(table))
    _, out, _ = run(path, "--github", "--only", "R5")
    start = f"::error file={path.as_posix().replace(',', '%2C')},title=R5::annotation 1: the box"
    assert out.startswith(start)
    assert out.count("\n") == 1
    assert "50 %25?.jpg" in out


def test_a_baseline_lets_debts_stand_and_not_grow(run, saved, tmp_path: Path, monkeypatch) -> None:
    debts = tmp_path / "debts.json"
    path = saved(document([-9, 0, 20, 20]))
    assert run(path, "--baseline", debts)[0] == 2
    assert run(path, "--baseline", debts, "--write-baseline")[0] == 0
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(path.name, "--baseline", "debts.json")
    assert code == 0
    assert "no finding, and 1 that the baseline knows," in out
    path = saved(document([-9, 0, 20, 20], [0, 470, 5, 20]))
    code, out, _ = run(path, "--baseline", debts)
    assert code == 1
    assert out.count("R5 error") == 2
    path = saved(document([9, 0, 20, 0]))
    assert run(path, "--baseline", debts)[0] == 1
    debts.write_text("[]")
    code, _, err = run(path, "--baseline", debts)
    assert code == 2
    assert "--write-baseline" in err


def test_the_list_of_rules_names_what_each_needs(run) -> None:
    code, out, _ = run("--rules")
    assert code == 0
    assert "R5   error    A box lies inside its picture, but for 0.5 px" in out
    assert "Needs the scene and split of each picture" in out


def test_without_a_path_it_asks_for_one(run) -> None:
    code, _, err = run()
    assert code == 2
    assert "labelschool lint PATH" in err


def test_a_foreign_name_steers_no_terminal(run, saved) -> None:
    table = document([-9, 0, 20, 20])
    table["images"] = [IMAGE | {"file_name": "\x1b[2J" + "x" * 500}]
    _, out, _ = run(saved(table))
    assert "\x1b" not in out
    assert "x" * 100 not in out


# The pipeline -----------------------------------------------------------------------------------

DOCS = course.root() / "docs" / "lint.md"


def told_commands() -> list[list[str]]:
    """The command lines of docs/lint.md that check the folder ``exports``."""
    text = DOCS.read_text(encoding="utf-8")
    hook = yaml.safe_load((course.root() / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))[0]
    [config] = re.findall(r"```yaml\n(repos:.*?)```", text, re.DOTALL)
    [used] = yaml.safe_load(config)["repos"][0]["hooks"]
    assert used["id"] == hook["id"]
    lines = re.findall(r"(labelschool lint exports .*?)(?:\s+#.*)?\n", text)
    return [line.split() for line in (f"{hook['entry']} {' '.join(used['args'])}", *lines)]


def test_the_commands_of_the_hook_and_of_ci_run_as_they_are_told(run, tmp_path, monkeypatch):
    """In a repository whose debts are known; then a new defect stops each of them."""
    exports = tmp_path / "exports"
    exports.mkdir()
    monkeypatch.chdir(tmp_path)
    commands = told_commands()
    assert len(commands) == 5
    writes = [words for words in commands if "--write-baseline" in words]

    def codes(*boxes: list[float]) -> set[int]:
        (exports / "labels.json").write_text(json.dumps(document(*boxes)))
        checks = [words for words in commands if words not in writes]
        return {run(*words[2:])[0] for words in checks}

    (exports / "labels.json").write_text(json.dumps(document([-9, 0, 20, 20])))
    assert run(*writes[0][2:])[0] == 0
    assert codes([-9, 0, 20, 20]) == {0}
    assert codes([-9, 0, 20, 20], [-19, 30, 40, 20]) == {1}
    assert (tmp_path / "lint.xml").is_file()
    hook = subprocess.run(
        [sys.executable, "-m", "labelschool.cli", *commands[0][1:]], capture_output=True, text=True
    )
    assert hook.returncode == 1
    assert "R5 error" in hook.stdout


def test_the_workflow_of_the_docs_is_valid_and_runs_the_check() -> None:
    text = DOCS.read_text(encoding="utf-8")
    [workflow] = re.findall(r"```yaml\n(name: labels.*?)```", text, re.DOTALL)
    steps = yaml.safe_load(workflow)["jobs"]["lint"]["steps"]
    assert any("labelschool lint exports" in step.get("run", "") for step in steps)

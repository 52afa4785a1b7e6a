"""A2.c: the learner's check of a delivery, against deliveries with one defect and without."""

from __future__ import annotations

import json

import pytest

from labelschool import code_answers, course
from labelschool.exercises.exercise import exercise, score
from labelschool.exercises.suites import exports, labelcheck
from labelschool.home import results

from . import code_solutions

TASK = course.load().task("A2.c")


def reference(part: str = "A2.c") -> str:
    return code_solutions.solution(part)


def changed(old: str, new: str) -> str:
    return code_solutions.changed("A2.c", (old, new))


def body(lines: str) -> str:
    return f"def labelcheck(files):\n    {lines}\n"


EVERYWHERE = (
    "[{'file': file, 'id': id, 'message': ''} for file in files for id in (None, *range(200))]"
)
WRONG = {
    "nothing is ever wrong": (body("return []"), 0, "passes a delivery with this defect"),
    "all is always wrong": (body(f"return {EVERYWHERE}"), 0, "refuses a delivery without a defect"),
    "all is wrong where there is an odd number of letters": (
        body(f"return {EVERYWHERE} if sum(map(len, files.values())) % 2 else []"),
        3,
        "",
    ),
    "true or false": (body("return False"), 0, "a list of dicts"),
    "looks at COCO alone": (
        reference().split("    for path, text in files.items()")[0] + "    return findings\n",
        10,
        "passes a delivery with this defect",
    ),
    "an empty picture is a defect": (
        changed(
            "for number, line in",
            "if not text: found(path, None, 'empty')\n            for number, line in",
        ),
        0,
        "refuses a delivery without a defect",
    ),
    "ids of categories without gaps": (
        changed(
            "classes != [categories[id] for id in sorted(categories)]",
            "sorted(categories) != list(range(1, 6))",
        ),
        0,
        "refuses a delivery without a defect",
    ),
    "the area of the box for every shape": (
        changed("            area = sum(map(shoelace, shape))\n", ""),
        0,
        "refuses a delivery without a defect",
    ),
    "no half pixel": (
        changed('image["width"] + 0.5', 'image["width"]'),
        0,
        "refuses a delivery without a defect",
    ),
    "rows from 0": (changed("text.splitlines(), 1)", "text.splitlines())"), 10, "it names the id"),
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A learner's module folder as the working directory."""
    (tmp_path / results.START_PAGE).touch()
    folder = tmp_path / "02-tools"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    return tmp_path


def right(source: str) -> tuple[int, str]:
    """How many groups are right, and what a check says."""
    code_answers.save("A2.c", source)
    done = exercise("A2.c")
    return round(done.score().value * len(labelcheck.SUITE)), repr(done.check())


def test_the_reference_is_right(home) -> None:
    assert right(reference())[0] == len(labelcheck.SUITE) == 12
    assert score("A2.c") == 15.0


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_check_does_not_pass_and_hears_why(home, name) -> None:
    source, most, says = WRONG[name]
    groups, said = right(source)
    assert groups <= most
    assert says in said
    assert groups / len(labelcheck.SUITE) < TASK.pass_mark


def test_a_check_that_falls_over_loses_that_kind_alone(home) -> None:
    groups, said = right(changed("except ValueError as error:", "except KeyError as error:"))
    assert groups == len(labelcheck.SUITE) - 1
    assert "Cut off" in said
    assert "does not fall over" in said


def test_the_delivery_of_the_part_before_passes() -> None:
    named: dict = {}
    exec(reference("A2.b"), named)
    exec(reference(), named)
    for seed in range(20):
        made = named["export"](exports.project(seed, exports.ODD[:5], over=1.0))
        assert named["labelcheck"](made) == []


def test_nothing_saved_is_no_points(home, capsys) -> None:
    assert score("A2.c") == 0.0
    assert "%%answer A2.c" in capsys.readouterr().out


def test_every_kind_is_tried_beside_its_twin_without_a_defect() -> None:
    for group in labelcheck.SUITE:
        places = list(group.judge.keywords["places"].values())
        assert places.count(None) == len(labelcheck.SEEDS) == len(places) - places.count(None)
        assert json.loads(json.dumps(group.calls)) == [list(call) for call in group.calls]


def test_a_delivery_holds_the_same_boxes_in_both_formats() -> None:
    for seed in range(20):
        files, _ = labelcheck.delivery(seed)
        table = json.loads(files["annotations.json"])
        sizes = {image["id"]: image for image in table["images"]}
        rows = [
            line.split()
            for path in sorted(files)
            if "/" in path
            for line in files[path].splitlines()
        ]
        assert len(rows) == len(table["annotations"])
        for row, line in zip(table["annotations"], rows, strict=True):
            image, (x, _, w, _) = sizes[row["image_id"]], row["bbox"]
            assert float(line[1]) * image["width"] == pytest.approx(x + w / 2, abs=0.3)

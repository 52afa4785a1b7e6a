"""`labelschool lint`: rule R5 by property and on files, and what the command says and returns."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import cli, datasets
from labelschool.lint import Unreadable, coco, lint

WIDTH, HEIGHT = 640, 480
IMAGE = {"id": 1, "file_name": "street.jpg", "width": WIDTH, "height": HEIGHT}


def document(*boxes: list[float]) -> dict[str, Any]:
    """A COCO table of one picture with these boxes, ids from 1."""
    return {
        "images": [IMAGE],
        "categories": [{"id": 1, "name": "car"}],
        "annotations": [
            {"id": number, "image_id": 1, "category_id": 1, "bbox": box}
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


def found(*boxes: list[float]) -> list[int | str]:
    """The annotations of which R5 has something to say."""
    export = coco.Export("export.json", {1: IMAGE}, tuple(document(*boxes)["annotations"]))
    return [id_ for id_, *_ in coco.RULES["R5"].check(export)]


# The rule ---------------------------------------------------------------------------------------

HUNDREDTHS = st.integers(0, 100 * WIDTH).map(lambda n: n / 100)
PAST = st.integers(51, 100_000).map(lambda n: n / 100)


@given(st.tuples(HUNDREDTHS, HUNDREDTHS), st.tuples(HUNDREDTHS, HUNDREDTHS), st.data())
def test_a_box_inside_or_half_a_pixel_past_is_no_finding(xs, ys, data) -> None:
    """Any corners in the picture, in hundredths of a pixel, moved out by 0.5 px at most."""
    shift = st.integers(-50, 50).map(lambda n: n / 100)
    left, right = (x + data.draw(shift) for x in sorted(xs))
    top, bottom = (min(y, HEIGHT) + data.draw(shift) for y in sorted(ys))
    assert found([left, top, right - left, bottom - top]) == []


@given(PAST, st.sampled_from(["left", "top", "right", "bottom"]))
def test_more_than_half_a_pixel_past_any_border_is_found(past: float, side: str) -> None:
    x, y, w, h = 100, 100, 50, 60
    box = {
        "left": [-past, y, w + past, h],
        "top": [x, -past, w, h + past],
        "right": [x, y, WIDTH + past - x, h],
        "bottom": [x, y, w, HEIGHT + past - y],
    }[side]
    assert found([0, 0, WIDTH, HEIGHT], box) == [2]


def test_the_last_digits_of_a_computed_box_are_no_finding(saved) -> None:
    """1.1 + 2.2 + 0.2 is 3.5 on paper."""
    table = document([1.1 + 2.2, 0, 0.2, 3])
    table["images"] = [IMAGE | {"width": 3}]
    assert lint(saved(table)).findings == ()


def test_a_box_that_runs_backwards_is_judged_by_its_corners() -> None:
    assert found([WIDTH + 9, 10, -20, 20], [30, 10, -20, 20]) == [1]


def test_a_finding_says_what_where_and_what_to_do(saved) -> None:
    report = lint(saved(document([-3.25, -7, 20, 20], [0, 0, 9, 9])))
    [finding] = report.findings
    assert (finding.rule, finding.severity, finding.id) == ("R5", "error", 1)
    assert finding.message == (
        "the box leaves street.jpg (640 x 480) by 3.25 px on the left and 7 px at the top."
    )
    assert str(report).splitlines()[-1].endswith("1 finding in 2 annotations. Checked: R5.")


EXPORTS = [
    (name, defect)
    for name, defect in datasets.key("broken_exports", "practice")["exports"].items()
    if (datasets.file("broken_exports", f"exports/{name}/export.json").parent)
    .joinpath("annotations.json")
    .is_file()
]


@pytest.mark.parametrize(("name", "defect"), EXPORTS, ids=[name for name, _ in EXPORTS])
def test_on_the_broken_exports_it_finds_its_own_defect_alone(name: str, defect: dict | None):
    """Borders touched or passed by less than half a pixel are in all of them."""
    path = datasets.file("broken_exports", f"exports/{name}/annotations.json")
    if defect and defect["rule"] == "R1":
        with pytest.raises(Unreadable):
            lint(path)
        return
    expected = [defect["id"]] if defect and defect["rule"] == "R5" else []
    assert [finding.id for finding in lint(path).findings] == expected


def test_a_rule_is_added_by_one_function(saved, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coco, "RULES", dict(coco.RULES))

    @coco.rule("R6", "warning")
    def has_an_area(export):
        for row in export.annotations:
            if min(row["bbox"][2:]) <= 0:
                yield row["id"], "the box has no area.", "Draw it again."

    report = lint(saved(document([5, 5, 0, 9], [-9, 5, 20, 20])))
    assert [(f.rule, f.severity, f.id) for f in report.findings] == [
        ("R5", "error", 2),
        ("R6", "warning", 1),
    ]
    assert report.rules == ("R5", "R6")


# What cannot be checked -------------------------------------------------------------------------


def changed(place: str, **values: Any) -> dict[str, Any]:
    """A table of one good box with some fields of its picture or annotation changed."""
    table = document([1, 2, 3, 4])
    table[place] = [table[place][0] | values]
    return table


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\xff", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON"),
        (b"[]", "needs a list 'images'"),
        ({"images": [IMAGE]}, "needs a list 'annotations'"),
        ({"images": [IMAGE], "annotations": [7]}, "needs a list 'annotations'"),
        (changed("images", id=None), "picture number 1 of the list has no id"),
        (changed("images", width=0), "picture 1 has no width and height"),
        (changed("images", height="480"), "picture 1 has no width and height"),
        (changed("annotations", id=[]), "annotation number 1 of the list has no id"),
        (changed("annotations", image_id=9), "annotation 1 is on a picture that the file"),
        (changed("annotations", image_id={}), "annotation 1 is on a picture that the file"),
        (changed("annotations", bbox=None), "annotation 1 has no bbox of four numbers"),
        (changed("annotations", bbox=[1, 2, 3]), "annotation 1 has no bbox of four numbers"),
        (changed("annotations", bbox=[1, 2, 3, True]), "annotation 1 has no bbox"),
        (changed("annotations", bbox=[1, 2, 3, 10**400]), "annotation 1 has no bbox"),
        (b'{"images": [], "annotations": [{"id": 1, "bbox": [NaN, 1, 1, 1]}]}', "annotation 1"),
    ],
)
def test_a_file_that_cannot_be_judged_is_never_called_clean(saved, content: Any, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        lint(saved(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.dictionaries(st.sampled_from(["images", "annotations"]), JSON), JSON, st.integers(0, 3))
def test_whatever_stands_in_a_file_it_is_read_or_refused(tmp_path_factory, table, value, where):
    table |= document([1, 2, 3, 4]) if where else {}
    if where > 1:
        place = table["images" if where == 2 else "annotations"]
        place.append({"id": value, "width": value, "height": 9, "image_id": value, "bbox": value})
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps(table), encoding="utf-8")
    with contextlib.suppress(Unreadable):
        assert lint(path).rules == ("R5",)


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
    code, out, err = run(saved(document([0, 0, WIDTH, HEIGHT])))
    assert (code, err) == (0, "")
    assert out.endswith("export.json: no finding in 1 annotations. Checked: R5.\n")


def test_exit_code_1_and_a_line_for_each_finding(run, saved) -> None:
    code, out, err = run(saved(document([-9, 0, 20, 20], [0, 0, 5, 5], [0, 470, 5, 20])))
    assert (code, err) == (1, "")
    lines = out.splitlines()
    assert ["annotation 1: R5" in lines[0], "annotation 3: R5" in lines[1]] == [True, True]
    assert lines[2].startswith("What to do about R5: ")
    assert len(lines) == 4


def test_exit_code_2_and_one_sentence_where_it_cannot_read(run, saved, tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path, saved(b"{")):
        code, out, err = run(path)
        assert (code, out) == (2, "")
        assert err.count("\n") == 1
        assert path.name in err


def test_json_has_the_fields_of_a_report(run, saved) -> None:
    path = saved(document([-9, 0, 20, 20]))
    code, out, _ = run(path, "--format", "json")
    [finding] = json.loads(out)
    assert code == 1
    assert set(finding) == {"rule", "severity", "file", "id", "message", "fix"}
    assert finding["file"] == path.as_posix()
    assert run(saved(document()), "--format", "json")[:2] == (0, "[]\n")


def test_a_foreign_name_steers_no_terminal(run, saved) -> None:
    table = document([-9, 0, 20, 20])
    table["images"] = [IMAGE | {"file_name": "\x1b[2J" + "x" * 500}]
    _, out, _ = run(saved(table))
    assert "\x1b" not in out
    assert "x" * 100 not in out

"""`labelschool lint` on files: the broken exports, valid ones in all formats, and the pitfalls."""

from __future__ import annotations

import contextlib
import json
import math
import random
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from labelschool import datasets, formats
from labelschool.errors import LabelSchoolError
from labelschool.formats import Options
from labelschool.generators.export_defects import DEFECTS
from labelschool.generators.export_formats import FORMATS, build, save
from labelschool.lint import Known, Unreadable, lint

SHIPPED = datasets.file("broken_exports", "exports/export-01/export.json").parents[1]
KEY = datasets.key("broken_exports", "practice")["exports"]


def found(folder: Path) -> set[tuple]:
    """Every finding as (rule, file below the folder, id); R1 where nothing can be read."""
    try:
        report = lint(folder)
    except Unreadable as error:
        return {("R1", str(error).removeprefix(f"{folder.as_posix()}/").split(" ")[0], None)}
    start = f"{folder.as_posix()}/"
    return {(f.rule, f.file.removeprefix(start), f.id) for f in report.findings}


@pytest.mark.parametrize("name", KEY)
def test_each_shipped_export_has_the_defect_of_its_key_and_no_other(name: str) -> None:
    defect = KEY[name]
    expected = {(defect["rule"], defect["file"], defect["id"])} if defect else set()
    assert found(SHIPPED / name) == expected


@pytest.mark.parametrize(
    ("rule", "kind", "form"),
    [
        pytest.param(rule, kind, form, id=f"{kind.name}-{form}")
        for rule, kinds in DEFECTS.items()
        for kind in kinds
        for form in kind.formats
    ],
)
def test_every_defect_is_found_by_its_rule_in_every_format(rule, kind, form, tmp_path) -> None:
    for seed in range(2):
        rng = random.Random(seed)
        made = build(form, rng)
        file, wrong = kind.apply(made, rng)
        folder = tmp_path / str(seed)
        save(made, folder)
        assert found(folder) == {(rule, file, wrong)}


@pytest.mark.parametrize("form", FORMATS)
def test_a_valid_export_gives_no_finding(form: str, tmp_path: Path) -> None:
    for seed in range(3):
        save(build(form, random.Random(seed)), tmp_path / str(seed))
        assert found(tmp_path / str(seed)) == set()


BOTH_WAYS = {each.name: each for each in formats.known().values() if each.write and each.read}


@pytest.mark.parametrize("name", sorted(BOTH_WAYS.keys() - {"yolo-pose"}))
def test_a_valid_export_is_valid_in_every_format_it_is_converted_to(name, tmp_path) -> None:
    """What a format cannot hold is left out of it; what it holds is right."""
    texts = "spans" in BOTH_WAYS[name].holds and "boxes" not in BOTH_WAYS[name].holds
    for seed in range(3):
        source, out = tmp_path / f"{seed}", tmp_path / f"{seed}-out"
        save(build("spans" if texts else "coco", random.Random(seed)), source)
        read = formats.read(source / ("texts.jsonl" if texts else "annotations.json"))
        for item in read.items.values():
            item.name = item.name.removeprefix("images/")
        pictures = None if texts else source / "images"
        formats.write(read, out, name, Options(pictures=pictures))
        known = Known(format=name, options=Options(pictures=pictures))
        assert lint(out, known).findings == ()


@pytest.mark.parametrize("name", [name for name, of in KEY.items() if of and of["rule"] != "R1"])
def test_a_zip_is_checked_as_its_folder_is(name: str, tmp_path: Path) -> None:
    zipped = Path(shutil.make_archive(str(tmp_path / name), "zip", SHIPPED / name))
    assert found(zipped) == found(SHIPPED / name)


def test_of_a_folder_it_says_which_format_was_checked(tmp_path: Path) -> None:
    for form in ("coco", "yolo"):
        save(build(form, random.Random(1)), tmp_path)
    (tmp_path / "export.json").unlink()
    for form in ("coco", "yolo"):
        assert f" as {form}: no finding" in str(lint(tmp_path, Known(format=form)))


# The pitfalls -----------------------------------------------------------------------------------


def coco(
    *rows: dict[str, Any], images: list[dict] | None = None, categories: list[dict] | None = None
) -> bytes:
    """A COCO file of one picture of 96 x 72, its annotations a good box but for what is named."""
    image = {"id": 1, "file_name": "a.png", "width": 96, "height": 72}
    good = {"image_id": 1, "category_id": 1, "iscrowd": 0, "segmentation": []}
    boxes = [{"id": n, "bbox": [8 * n, 8, 20, 10], "area": 200} for n in range(1, len(rows) + 1)]
    return json.dumps(
        {
            "images": [image] if images is None else images,
            "categories": categories or [{"id": 1, "name": "car"}],
            "annotations": [good | box | row for box, row in zip(boxes, rows, strict=True)],
        }
    ).encode()


def voc(box: str) -> bytes:
    corners = zip(("xmin", "ymin", "xmax", "ymax"), box.split(), strict=True)
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in corners)
    return (
        "<annotation><filename>a.png</filename><size><width>96</width><height>72</height></size>"
        f"<object><name>car</name><bndbox>{inner}</bndbox></object></annotation>"
    ).encode()


CVAT = """<annotations><version>1.1</version><meta><task><size>10</size>
<original_size><width>96</width><height>72</height></original_size><source>a.mp4</source></task></meta>
<track id="0" label="car"><box frame="0" keyframe="1" outside="0" occluded="0" xtl="1" ytl="1"
xbr="20" ybr="20"/></track></annotations>"""

PARTS = [[10, 10, 40, 10, 40, 40, 10, 40], [20, 20, 30, 20, 30, 30, 20, 30]]
HOLE = {"bbox": [10, 10, 30, 30], "area": 800, "segmentation": PARTS}
BYTES = {"size": [72, 96], "counts": [3, 200, 17, 64, 255, 0, 12]}
MASK = {"size": [72, 96], "counts": [72 * 10 + 10, 21, 72 * 96 - 72 * 10 - 31]}

PITFALLS: dict[str, tuple[str, dict[str, bytes], str]] = {
    "VOC from 0": ("R5", {"a.xml": voc("0 5 20 30")}, ""),
    "YOLO class order": (
        "R21",
        {"classes.txt": b"van\ncar\n", "labels/a.txt": b"0 .5 .5 .2 .2\n"},
        "car van",
    ),
    "category id 0": (
        "R22",
        {"a.json": coco({"category_id": 0}, categories=[{"id": 0, "name": "car"}])},
        "",
    ),
    "file name twice": (
        "R23",
        {
            "a.json": coco(
                images=[
                    {"id": 1, "file_name": "a.png", "width": 96, "height": 72},
                    {"id": 2, "file_name": "a.png", "width": 96, "height": 72},
                ]
            )
        },
        "",
    ),
    "turned box upright": ("R24", {"a.json": coco({"attributes": {"rotation": 30.0}})}, ""),
    "hole as a part": ("R25", {"a.json": coco(HOLE)}, ""),
    "runs as a polygon": ("R9", {"a.json": coco({"segmentation": [[3, 200, 17, 64, 255]]})}, ""),
    "brush bytes as runs": ("R10", {"a.json": coco({"segmentation": BYTES})}, ""),
    "CVAT track without end": ("R26", {"a.xml": CVAT.encode()}, ""),
    "YOLO in pixels": (
        "R15",
        {"classes.txt": b"car\n", "labels/a.txt": b"0 48 36 20 10\n"},
        "",
    ),
    "width and height swapped": (
        "R14",
        {"a.json": coco(images=[{"id": 1, "file_name": "a.png", "width": 72, "height": 96}])},
        "",
    ),
    "click without a drag": ("R6", {"a.json": coco({"bbox": [5, 5, 0, 0], "area": 0})}, ""),
    "no area": ("R7", {"a.json": coco({"area": None})}, ""),
    "merged ids": ("R3", {"a.json": coco({"id": 7}, {"id": 7})}, ""),
    "percent-encoded": (
        "R28",
        {
            "b%C3%A4r.png": b"picture",
            "a.json": coco(
                images=[{"id": 1, "file_name": "b%C3%A4r.png", "width": 96, "height": 72}]
            ),
        },
        "",
    ),
    "dot in a name": (
        "R29",
        {
            "street.v2.png": b"picture",
            "a.json": coco(
                images=[{"id": 1, "file_name": "street.v2.png", "width": 96, "height": 72}]
            ),
        },
        "",
    ),
    "mask beyond its box": (
        "R8",
        {"a.json": coco({"bbox": [10, 10, 1, 20], "area": 21, "segmentation": MASK})},
        "",
    ),
}


def laid_out(folder: Path, files: dict[str, bytes]) -> Path:
    """The files in a folder with a picture; the path of a lone file of labels, else the folder."""
    picture = folder / ("images/a.png" if "classes.txt" in files else "a.png")
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content == b"picture":
            picture = path
        else:
            path.write_bytes(content)
    picture.parent.mkdir(exist_ok=True)
    Image.new("RGB", (96, 72)).save(picture)
    labels = [name for name in files if name.endswith((".json", ".xml"))]
    return folder / labels[0] if labels else folder


@pytest.mark.parametrize("name", PITFALLS)
def test_the_file_of_a_pitfall_gives_its_rule_alone(name: str, tmp_path: Path) -> None:
    rule, files, ontology = PITFALLS[name]
    path = laid_out(tmp_path / "export", files)
    known = None
    if ontology:
        (tmp_path / "ontology.txt").write_text(ontology.replace(" ", "\n"))
        known = Known(ontology=tmp_path / "ontology.txt")
    assert {finding.rule for finding in lint(path, known).findings} == {rule}


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("icon@2x.png", set()),
        ("day/street-1.png", set()),
        ("noe@example.org.png", {"R20"}),
        ("call +49 30 1234567.png", {"R20"}),
        ("a b.png", {"R29"}),
        ("images/images/a.png", {"R29"}),
        ("stra\u00dfe.png", set()),
        ("stra\u00c3\u009fe.png", {"R28"}),
        ("a\u0308.png", {"R28"}),
    ],
)
def test_a_file_name_breaks_one_rule_or_none(name: str, rules: set[str], tmp_path: Path) -> None:
    image = {"id": 1, "file_name": name, "width": 96, "height": 72}
    path = tmp_path / "a.json"
    path.write_bytes(coco(images=[image]))
    assert {finding.rule for finding in lint(path).findings} == rules


def test_a_picture_that_no_label_names_is_told_where_all_are_expected(tmp_path: Path) -> None:
    path = laid_out(tmp_path, {"a.json": coco({})})
    Image.new("RGB", (96, 72)).save(tmp_path / "empty.png")
    assert lint(path).findings == ()
    [finding] = lint(path, Known(pictures=tmp_path)).findings
    assert (finding.rule, finding.severity) == ("R27", "warning")
    assert "empty.png" in finding.message


def test_an_outline_of_many_points_is_checked_in_a_moment(tmp_path: Path) -> None:
    """A ring of 4,000 points, and the same with two of them swapped."""
    ring = [
        (48 + r * math.cos(t), 36 + r * math.sin(t))
        for n in range(4000)
        for r, t in [(30 + n % 2, n * math.tau / 4000)]
    ]
    for points, rules in (
        (ring, set()),
        ([ring[0], ring[9], *ring[2:9], ring[1], *ring[10:]], {"R9"}),
    ):
        flat = [value for point in points for value in point]
        xs, ys = flat[0::2], flat[1::2]
        area = (
            abs(
                sum(
                    a * d - c * b
                    for (a, b), (c, d) in zip(points, [*points[1:], points[0]], strict=True)
                )
            )
            / 2
        )
        box = [min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)]
        path = laid_out(
            tmp_path, {"a.json": coco({"segmentation": [flat], "bbox": box, "area": area})}
        )
        assert {finding.rule for finding in lint(path).findings} == rules


@pytest.mark.skipif(sys.platform == "win32", reason="needs alarms and limits of POSIX")
def test_damaged_files_of_every_format_are_checked_or_refused(tmp_path: Path) -> None:
    from . import format_fuzz

    for number, (form, folder) in enumerate(format_fuzz.corpus(tmp_path)):
        format_fuzz.damage(folder, random.Random(number))
        with contextlib.suppress(LabelSchoolError), format_fuzz.patience():
            lint(folder, Known(format=form))

"""CVAT XML: round trips over generated datasets, and what CVAT has of its own."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from labelschool import formats
from labelschool.formats import rasters
from labelschool.formats.dataset import Category, Dataset, Item, Keypoints, Label, Polygon

from .format_datasets import OBJECTS, assert_shown_alike, clips, datasets, seen_at, written

quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))

MASK = (
    "3, 5, 7, 7, 5, 9, 3, 11, 2, 11, 2, 12, 1, 12, 1, 26, 1, 12, 1, 12, 2, 11, 3, 9, 5, 7, 7, 5, 3"
)
"""The mask of CVAT's documentation: 13 x 15 pixels, of which 149 are set."""


def cvat(tmp_path: Path, body: str, meta: str = "") -> Path:
    """A CVAT file."""
    path = tmp_path / "annotations.xml"
    text = f"<annotations><version>1.1</version><meta>{meta}</meta>{body}</annotations>"
    path.write_text(text, encoding="utf-8")
    return path


def picture(inner: str) -> str:
    return f'<image id="0" name="a.png" width="1000" height="1000">{inner}</image>'


@quick
@given(datasets(OBJECTS - {"holes"} | {"crowds", "attributes", "splits"}))
def test_all_objects_come_back(dataset: Dataset) -> None:
    with written(dataset, "cvat") as (folder, losses):
        assert set(losses) <= {"polygons of several parts", "objects of several shapes"}
        assert formats.recognise(folder).name == "cvat"
        found = formats.read(folder)
        assert_shown_alike(dataset, found, 1e-5)
        assert [(c.name, c.keypoints, c.skeleton) for c in found.categories] == [
            (c.name, c.keypoints, c.skeleton) for c in dataset.categories
        ]


@quick
@given(clips())
def test_tracks_come_back_keyframe_by_keyframe(dataset: Dataset) -> None:
    with written(dataset, "cvat") as (folder, losses):
        assert set(losses) == {"frame rates of clips"}
        found = formats.read(folder)
        assert [(i.name, i.frames, i.width) for i in found.items.values()] == [
            (i.name, i.frames, i.width) for i in dataset.items.values()
        ]
        for ours, theirs in zip(dataset.labels, found.labels, strict=True):
            assert ours.category.name == theirs.category.name
            for a, b in zip(ours.shape.keyframes, theirs.shape.keyframes, strict=True):
                assert (a.frame, a.occluded, a.outside) == (b.frame, b.occluded, b.outside)
                assert b.box.x == pytest.approx(a.box.x, abs=1e-5)
                assert b.box.w == pytest.approx(a.box.w, abs=1e-5)


def test_a_mask_is_row_by_row_and_cropped(tmp_path: Path) -> None:
    runs = f'<mask label="car" rle="{MASK}" left="707" top="888" width="13" height="15"/>'
    (label,) = formats.read(cvat(tmp_path, picture(runs))).labels
    crop, left, top = rasters.cropped(label.region)
    assert (left, top, crop.shape, int(crop.sum())) == (707, 888, (15, 13), 149)
    # The first row has 3 pixels of background and 5 that are set.
    assert crop[0].tolist() == [False] * 3 + [True] * 5 + [False] * 5
    with written(formats.read(cvat(tmp_path, picture(runs))), "cvat") as (folder, _):
        assert f'rle="{MASK}" left="707" top="888"' in (folder / "annotations.xml").read_text()


def test_a_polygon_with_a_hole_becomes_a_mask() -> None:
    square = [0.0, 0, 10, 0, 10, 10, 0, 10]
    hole = [2.0, 2, 4, 2, 4, 4, 2, 4]
    label = Label(1, 1, Category(1, "lake"), region=Polygon([square], [hole]))
    dataset = Dataset([label.category], {1: Item(1, "a.png", 20, 20)}, [label])
    with written(dataset, "cvat") as (folder, losses):
        assert losses == ["polygons with holes"]
        (found,) = formats.read(folder).labels
        pixels = np.zeros((10, 10), bool)
        pixels[:] = True
        pixels[2:4, 2:4] = False
        assert np.array_equal(rasters.cropped(found.region)[0], pixels)


def test_a_skeleton_has_its_points_by_name(tmp_path: Path) -> None:
    meta = """<task><labels>
      <label><name>person</name><type>skeleton</type><svg>&lt;line data-type="edge"
        data-node-from="1" data-node-to="2"/&gt;&lt;circle data-node-id="1"
        data-label-name="nose"/&gt;&lt;circle data-node-id="2" data-label-name="tail"/&gt;</svg>
      </label>
      <label><name>nose</name><parent>person</parent></label>
      <label><name>tail</name><parent>person</parent></label></labels></task>"""
    body = """<skeleton label="person">
      <points label="tail" outside="0" occluded="1" points="5,6"/>
      <points label="nose" outside="1" occluded="0" points="1,2"/></skeleton>"""
    found = formats.read(cvat(tmp_path, picture(body), meta))
    assert [(c.name, c.keypoints, c.skeleton) for c in found.categories] == [
        ("person", ("nose", "tail"), ((0, 1),))
    ]
    assert next(iter(found.labels)).keypoints == Keypoints([0, 0, 0, 5, 6, 1])


def test_shapes_and_attributes(tmp_path: Path) -> None:
    meta = """<task><labels><label><name>car</name><attributes>
      <attribute><name>parked</name><input_type>checkbox</input_type></attribute>
      <attribute><name>wheels</name><input_type>number</input_type></attribute>
      </attributes></label></labels></task>"""
    body = """
      <box label="car" xtl="10" ytl="20" xbr="30" ybr="60" rotation="90" occluded="1" z_order="3">
        <attribute name="parked">true</attribute><attribute name="wheels">4</attribute></box>
      <points label="car" points="1,2" occluded="0"/><polyline label="car" points="1,2;3,4"/>
      <ellipse label="car" cx="50" cy="50" rx="10" ry="20" occluded="0"/><tag label="day"/>"""
    box, point, line, ellipse, tag = formats.read(cvat(tmp_path, picture(body), meta)).labels
    assert box.attributes == {"occluded": True, "z_order": 3, "parked": True, "wheels": 4}
    assert box.box.angle == pytest.approx(math.pi / 2)
    assert (point.region.points, line.region.points) == ([1, 2], [1, 2, 3, 4])
    area = rasters.area(ellipse.region.parts[0])
    assert area == pytest.approx(math.pi * 200, rel=0.002)
    assert (tag.box, tag.region, tag.category.name) == (None, None, "day")


def test_a_row_that_changes_outside_counts_although_it_is_no_keyframe(tmp_path: Path) -> None:
    rows = "".join(
        f'<box frame="{frame}" keyframe="{key}" outside="{out}" occluded="0" xtl="{frame}" '
        f'ytl="0" xbr="{frame + 10}" ybr="10"><attribute name="colour">red</attribute></box>'
        for frame, key, out in ((0, 1, 0), (1, 0, 0), (2, 1, 0), (3, 0, 1), (6, 0, 0))
    )
    body = f'<track id="4" label="car">{rows}</track>'
    meta = "<task><name>a.mp4</name><size>9</size><mode>interpolation</mode></task>"
    found = formats.read(cvat(tmp_path, body, meta))
    (label,) = found.labels
    assert [(k.frame, k.outside) for k in label.shape.keyframes] == [
        (0, False),
        (2, False),
        (3, True),
        (6, False),
    ]
    assert label.attributes == {"colour": "red"}
    assert seen_at(label.shape, 1)[0].x == 1
    assert seen_at(label.shape, 4) is None
    assert next(iter(found.items.values())).name == "a.mp4"


def test_pictures_of_two_tasks_may_have_one_number(tmp_path: Path) -> None:
    body = "".join(f'<image id="0" name="{n}.png" width="9" height="9"/>' for n in "ab")
    assert [i.name for i in formats.read(cvat(tmp_path, body)).items.values()] == ["a.png", "b.png"]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><annotations/>',
        f"<annotations>{picture('')}",
        "<annotations>" + picture("").replace("a.png", "../a.png") + "</annotations>",
        "<annotations>" + picture("").replace("a.png", "/etc/a.png") + "</annotations>",
    ],
)
def test_a_file_that_is_damaged_or_hostile_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "annotations.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(formats.Unreadable):
        formats.read(path, "cvat", lambda _: None)


@pytest.mark.parametrize(
    ("inner", "rule"),
    [
        ('<box label="car" xtl="nan" ytl="0" xbr="1" ybr="1"/>', "R2"),
        ('<box xtl="0" ytl="0" xbr="1" ybr="1"/>', "R2"),
        ('<polygon label="car" points="1,2;3,4"/>', "R9"),
        ('<mask label="car" rle="1, 2" left="0" top="0" width="2" height="2"/>', "R10"),
        ('<mask label="car" rle="4" left="0" top="0" width="99999999" height="99999999"/>', "R10"),
        ('<cuboid label="car" xtl1="0"/>', "R2"),
    ],
)
def test_what_cannot_be_understood_is_told_and_left_out(
    tmp_path: Path, inner: str, rule: str
) -> None:
    path = cvat(tmp_path, picture(inner + '<tag label="day"/>'))
    told: list[formats.Defect] = []
    assert [label.category.name for label in formats.read(path, on_defect=told.append).labels] == [
        "day"
    ]
    assert [defect.rule for defect in told] == [rule]
    with pytest.raises(formats.Unreadable):
        formats.read(path)

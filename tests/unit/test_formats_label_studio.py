"""Label Studio's JSON: round trips, and the exports of a real server."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from labelschool import formats
from labelschool.formats import rasters
from labelschool.formats.dataset import Box, Dataset, Relation, Span
from labelschool.formats.label_studio import brush

from .format_datasets import (
    OBJECTS,
    assert_shown_alike,
    clips,
    datasets,
    seen_at,
    shown,
    texts,
    written,
)

SAMPLES = Path(__file__).parents[1] / "samples" / "label-studio"
quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(datasets(OBJECTS - {"holes", "keypoints"} | {"crowds", "attributes"}))
def test_all_objects_come_back(dataset: Dataset) -> None:
    with written(dataset, "label-studio") as (folder, losses):
        assert set(losses) <= {"polygons of several parts"}
        assert formats.recognise(folder).name == "label-studio"
        found = formats.read(folder)
        sizes = {label.item for label in dataset.labels}
        assert all(found.items[id].width == dataset.items[id].width for id in sizes)
        assert_shown_alike(dataset, found, 1e-6)


@quick
@given(datasets(OBJECTS - {"holes", "keypoints"}))
def test_json_min_keeps_the_shapes(dataset: Dataset) -> None:
    with written(dataset, "label-studio-min") as (folder, losses):
        assert set(losses) <= {"polygons of several parts"}
        assert formats.recognise(folder).name == "label-studio-min"
        ours, theirs = shown(dataset), shown(formats.read(folder))
        for name, rows in ours.items():
            # The shapes of an entry stand together by their kind.
            kinds = [sorted(row[:2] for row in both) for both in (rows, theirs[name])]
            assert kinds[0] == kinds[1]


@quick
@given(clips())
def test_tracks_are_seen_in_the_same_frames(dataset: Dataset) -> None:
    with written(dataset, "label-studio") as (folder, losses):
        assert set(losses) <= {"marks of occlusion of keyframes"}
        found = formats.read(folder)
        assert [i.fps for i in found.items.values()] == [i.fps for i in dataset.items.values()]
        for ours, theirs in zip(dataset.labels, found.labels, strict=True):
            for frame in range(40):
                a, b = seen_at(ours.shape, frame), seen_at(theirs.shape, frame)
                assert (a is None) == (b is None), frame
                assert a is None or a[0].x == pytest.approx(b[0].x, abs=1e-6)


@quick
@given(texts())
def test_texts_come_back(dataset: Dataset) -> None:
    with written(dataset, "label-studio") as (folder, losses):
        assert losses == []
        found = formats.read(folder)
        assert [i.text for i in found.items.values()] == [i.text for i in dataset.items.values()]
        for kind in (Span, Relation):
            rows = [
                [(label.item, label.category.name, label.shape) for label in each.labels]
                for each in (dataset, found)
            ]
            ours, theirs = ([row for row in each if isinstance(row[2], kind)] for each in rows)
            assert ours == theirs
        tags = [[c.group for c in each.categories if c.group] for each in (dataset, found)]
        assert tags[0] == tags[1]


@quick
@given(st.integers(1, 40), st.integers(1, 40), st.randoms(use_true_random=False))
def test_a_brush_comes_back(width: int, height: int, random: Any) -> None:
    mask = np.array([random.random() < 0.5 for _ in range(width * height)]).reshape(height, width)
    found = brush.decode(bytes(brush.encode(mask)), width, height)
    assert np.array_equal(found, mask)


def test_the_export_of_a_server() -> None:
    told: list[formats.Defect] = []
    found = formats.read(SAMPLES / "JSON.json", on_defect=told.append)
    # Two pictures are called plain.jpg: they keep what the server put before their names.
    assert [item.name for item in found.items.values()] == [
        "334b1743-plain.jpg",
        "имя_файла_1.jpg",
        "dd317b11-plain.jpg",
        "empty.jpg",
        "a.b.c.jpg",
        "skipped.jpg",
    ]
    assert [defect.rule for defect in told] == ["R3"]
    assert "more than one annotation" in told[0].message
    assert found.items[57].attributes == {"skipped": True}
    by_name = {label.category.name: label for label in found.labels}
    assert sorted(by_name) == ["cat", "grass", "nose", "wheel", "собака"]
    # 50 %, 50 %, 20 %, 20 % of 320 x 200, turned by 30 degrees about the top left corner.
    dog = by_name["собака"].box
    cx, cy = (
        160 + 32 * math.cos(math.pi / 6) - 20 * 0.5,
        100 + 32 * 0.5 + 20 * math.cos(math.pi / 6),
    )
    assert (dog.w, dog.h) == (64, 40)
    assert dog.x + dog.w / 2 == pytest.approx(cx)
    assert dog.y + dog.h / 2 == pytest.approx(cy)
    crop, left, top = rasters.cropped(by_name["grass"].region)
    assert (left, top, *crop.shape) == (60, 50, 50, 80)
    assert by_name["nose"].region.points == [80, 150]


def test_json_min_of_a_server_has_the_same_shapes() -> None:
    full, least = (
        formats.read(SAMPLES / name, on_defect=lambda _: None)
        for name in ("JSON.json", "JSON_MIN.json")
    )
    ours = sorted((x.item, x.category.name, str(x.box), str(x.region)) for x in full.labels)
    theirs = sorted((x.item, x.category.name, str(x.box), str(x.region)) for x in least.labels)
    assert ours == theirs


def test_its_exports_to_voc_and_yolo_lose_the_turn_of_a_box(tmp_path: Path) -> None:
    shutil.copytree(SAMPLES / "YOLO", tmp_path / "yolo")
    (tmp_path / "yolo" / "images").mkdir()
    for labels in (SAMPLES / "YOLO" / "labels").iterdir():
        Image.new("1", (320, 200)).save(tmp_path / "yolo" / "images" / f"{labels.stem}.png")
    voc, yolo = formats.read(SAMPLES / "VOC"), formats.read(tmp_path / "yolo", "yolo")
    for found, items in ((voc, 4), (yolo, 5)):
        assert len(found.items) == items
        names = sorted(label.category.name for label in found.labels)
        assert names == ["car & truck", "cat", "cat", "собака"]
        (dog,) = (label.box for label in found.labels if label.category.name == "собака")
        assert dog.angle == 0
        assert (dog.x, dog.y) == pytest.approx((160, 100), abs=1.01)


def tasks(tmp_path: Path, *results: dict[str, Any], **data: str) -> Path:
    """A file with one task."""
    path = tmp_path / "tasks.json"
    annotation = {"id": 1, "result": list(results), "was_cancelled": False}
    task = {"id": 1, "data": data or {"image": "/data/upload/1/0a1b2c3d-a.png"}}
    path.write_text(json.dumps([{**task, "annotations": [annotation]}]), encoding="utf-8")
    return path


def region(kind: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    start = {"id": "r", "type": kind, "from_name": "x", "to_name": "image", "value": value}
    return {"original_width": 200, "original_height": 100, "image_rotation": 0, **start, **more}


BOX = {"x": 10, "y": 10, "width": 20, "height": 30, "rectanglelabels": ["car"]}


def test_answers_about_a_region_are_its_attributes(tmp_path: Path) -> None:
    answers = [
        {"id": "r", "type": "choices", "from_name": "parked", "value": {"choices": ["true"]}},
        {"id": "r", "type": "number", "from_name": "wheels", "value": {"number": 4}},
        {"id": "q", "type": "textarea", "from_name": "note", "value": {"text": ["dim"]}},
    ]
    found = formats.read(tasks(tmp_path, region("rectanglelabels", BOX), *answers))
    (label,) = found.labels
    assert label.box == Box(20, 10, 40, 30)
    assert label.attributes == {"parked": True, "wheels": 4}
    assert found.items[1].name == "a.png"
    assert found.items[1].attributes == {"note": "dim"}


def test_regions_of_two_tasks_may_have_one_id(tmp_path: Path) -> None:
    path = tasks(tmp_path, region("rectanglelabels", BOX))
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps([task, {**task, "id": 2}]), encoding="utf-8")
    assert [label.id for label in formats.read(path).labels] == ["r", "2:r"]


def test_ground_truth_goes_before_what_is_newer(tmp_path: Path) -> None:
    path = tasks(tmp_path, region("rectanglelabels", BOX))
    (task,) = json.loads(path.read_text(encoding="utf-8"))
    truth = {**task["annotations"][0], "ground_truth": True}
    task["annotations"] = [truth, {"id": 2, "result": [], "was_cancelled": False}]
    path.write_text(json.dumps([task]), encoding="utf-8")
    assert len(list(formats.read(path).labels)) == 1


def test_a_name_that_leaves_its_folder_is_refused(tmp_path: Path) -> None:
    path = tasks(tmp_path, image="/data/local-files/?d=../../etc/a.png")
    with pytest.raises(formats.Unreadable, match="may leave its folder"):
        formats.read(path, on_defect=lambda _: None)


def test_spans_in_utf_16_are_told_by_the_text_they_repeat(tmp_path: Path) -> None:
    text = "😀 Bob"
    value = {"start": 3, "end": 6, "text": "Bob", "labels": ["PER"]}
    result = {"id": "r", "type": "labels", "from_name": "x", "to_name": "text", "value": value}
    (label,) = formats.read(tasks(tmp_path, result, text=text)).labels
    assert text[label.shape.start : label.shape.end] == "Bob"


@pytest.mark.parametrize(
    ("result", "rule"),
    [
        (region("rectanglelabels", {**BOX, "rectanglelabels": []}), "R4"),
        (region("rectanglelabels", {**BOX, "x": "wide"}), "R2"),
        (region("rectanglelabels", BOX, image_rotation=90), "R14"),
        (region("rectanglelabels", BOX, original_width=0), "R14"),
        (region("brushlabels", {"rle": [0, 0, 0], "brushlabels": ["a"]}), "R10"),
        (region("brushlabels", {"rle": [999], "brushlabels": ["a"]}), "R10"),
        ({"id": "r", "type": "relation", "from_id": "r", "to_id": "s"}, "R4"),
    ],
)
def test_what_cannot_be_understood_is_told(
    tmp_path: Path, result: dict[str, Any], rule: str
) -> None:
    told: list[formats.Defect] = []
    found = formats.read(tasks(tmp_path, result), on_defect=told.append)
    assert list(found.labels) == []
    assert [defect.rule for defect in told] == [rule]

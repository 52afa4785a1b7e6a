"""Labelbox's NDJSON: round trips of export and import, and rows as its documentation shows them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from labelschool import formats
from labelschool.formats import rasters
from labelschool.formats.dataset import (
    Box,
    Category,
    Dataset,
    Item,
    Label,
    Polygon,
    Relation,
    Span,
)

from .format_datasets import (
    OBJECTS,
    assert_shown_alike,
    borders,
    clips,
    datasets,
    seen_at,
    shown,
    texts,
    written,
)

FORMATS = ("labelbox", "labelbox-import")
quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("format", FORMATS)
@quick
@given(dataset=datasets(OBJECTS - {"holes", "keypoints", "rotated boxes"} | {"attributes"}))
def test_all_objects_come_back(format: str, dataset: Dataset) -> None:
    with written(dataset, format) as (folder, losses):
        kept = {"polygons of several parts", "numbers of attributes"}
        lost = {"sizes and texts of items", "items without labels"}
        assert set(losses) <= (kept if format == "labelbox" else kept | lost)
        if format == "labelbox-import":
            empty = [name for name, rows in shown(dataset).items() if not rows]
            ours = Dataset(
                dataset.categories,
                {k: i for k, i in dataset.items.items() if ("", i.name) not in empty},
                dataset.labels,
            )
        else:
            ours = dataset
        if ours.items:
            assert formats.recognise(folder).name == format
            assert_shown_alike(ours, formats.read(folder), 1e-9)


@pytest.mark.parametrize("format", FORMATS)
@quick
@given(dataset=clips())
def test_tracks_are_seen_in_the_same_frames(format: str, dataset: Dataset) -> None:
    with written(dataset, format) as (folder, losses):
        assert set(losses) <= {"sizes and texts of items"}
        found = formats.read(folder)
        for ours, theirs in zip(dataset.labels, found.labels, strict=True):
            for frame in range(40):
                a, b = seen_at(ours.shape, frame), seen_at(theirs.shape, frame)
                assert a == b if a is None or b is None else a[1] == b[1], frame
                assert a is None or a[0].x == pytest.approx(b[0].x, abs=1e-9)


@pytest.mark.parametrize("format", FORMATS)
@quick
@given(dataset=texts())
def test_spans_and_relations_come_back(format: str, dataset: Dataset) -> None:
    with written(dataset, format) as (folder, losses):
        assert set(losses) <= {"sizes and texts of items", "items without labels"}
        if formats.by_name(format).recognise(folder):
            found = formats.read(folder)
            name = {item.id: item.name for item in (*dataset.items.values(),)}
            name |= {item.id: item.name for item in found.items.values()}
            spans = [
                [
                    (name[label.item], label.category.name, label.shape)
                    for label in each.labels
                    if isinstance(label.shape, Span)
                ]
                for each in (dataset, found)
            ]
            assert spans[0] == spans[1]
            joined = [
                sum(isinstance(label.shape, Relation) for label in each.labels)
                for each in (dataset, found)
            ]
            assert joined[0] == joined[1]


@pytest.mark.parametrize("format", FORMATS)
def test_turns_and_holes_are_told(format: str) -> None:
    lake = Category(1, "lake")
    square = Polygon([[0.0, 0, 10, 0, 10, 10, 0, 10]], [[2.0, 2, 4, 2, 4, 4, 2, 4]])
    labels = [
        Label(1, 1, lake, Box(10, 10, 20, 10, math.pi / 2)),
        Label(2, 1, lake, region=square),
    ]
    dataset = Dataset([lake], {1: Item(1, "a.png", 50, 50)}, labels)
    with written(dataset, format) as (folder, losses):
        assert {"rotated boxes", "polygons with holes"} <= set(losses)
        box, mask = formats.read(folder).labels
        assert [round(value, 6) for value in borders(box.box)] == [15, 5, 25, 25, 0]
        assert rasters.cropped(mask.region)[0].sum() == 100 - 4


def export(tmp_path: Path, annotations: dict[str, Any], **media: Any) -> Path:
    """An export with one data row."""
    label = {"label_kind": "Default", "id": "l", "annotations": annotations}
    data = {"id": "d", "external_id": "a.png", "row_data": "https://host/x/a.png?Expires=1"}
    project = {"name": "p", "labels": [label]}
    content = {"data_row": data, "media_attributes": media, "projects": {"p": project}}
    path = tmp_path / "export.ndjson"
    path.write_text(json.dumps(content) + "\n", encoding="utf-8")
    return path


def test_an_export_as_documented(tmp_path: Path) -> None:
    radio = {"name": "state", "radio_answer": {"name": "parked", "classifications": []}}
    several = {"name": "damage", "checklist_answers": [{"name": "dent"}, {"name": "rust"}]}
    objects = [
        {
            **{"feature_id": "f1", "name": "car", "annotation_kind": "ImageBoundingBox"},
            **{"classifications": [radio, several]},
            "bounding_box": {"top": 977, "left": 1690, "height": 330, "width": 225},
        },
        {"feature_id": "f2", "name": "entity", "location": {"start": 10, "end": 20}},
    ]
    found = formats.read(export(tmp_path, {"objects": objects}, width=2560, height=1707))
    car, entity = found.labels
    assert car.box == Box(1690, 977, 225, 330)
    assert car.attributes == {"state": "parked", "damage: dent": True, "damage: rust": True}
    # "um dolor si" from 10 to 20 has eleven characters: the end is the last of them.
    assert entity.shape == Span(10, 21)
    assert (found.items["d"].name, found.items["d"].width) == ("a.png", 2560)


def test_a_video_with_a_gap_has_two_segments(tmp_path: Path) -> None:
    box = {"top": 98.0, "left": 146.0, "height": 243.0, "width": 236.0}
    one = {"feature_id": "f", "name": "bbox", "bounding_box": box, "classifications": []}
    frames = {str(n): {"objects": {"f": one}, "classifications": []} for n in (13, 18, 19)}
    annotations = {
        "frames": frames,
        "segments": {"f": [[13, 13], [18, 19]]},
        "key_frame_feature_map": {"f": {"13": True, "18": False, "19": True}},
        "classifications": [],
    }
    (label,) = formats.read(export(tmp_path, annotations, frame_count=100)).labels
    assert [(k.frame, k.outside) for k in label.shape.keyframes] == [
        (12, False),
        (13, True),
        (17, False),
        (18, False),
        (19, True),
    ]


@pytest.mark.parametrize(
    ("one", "rule"),
    [
        ({"name": "a", "mask": {"url": "https://api.labelbox.com/masks/1"}}, "R2"),
        ({"name": "a", "bounding_box": {"top": 1}}, "R2"),
        ({"name": "a", "polygon": [{"x": 1, "y": 2}]}, "R9"),
        ({"annotation_kind": "ImageBoundingBox"}, "R2"),
    ],
)
def test_what_cannot_be_understood_is_told(tmp_path: Path, one: dict[str, Any], rule: str) -> None:
    told: list[formats.Defect] = []
    found = formats.read(export(tmp_path, {"objects": [one]}), on_defect=told.append)
    assert (list(found.labels), [defect.rule for defect in told]) == ([], [rule])


def test_a_line_that_is_no_json_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = export(tmp_path, {"objects": []})
    path.write_text(path.read_text(encoding="utf-8") + '{"data_row": \n', encoding="utf-8")
    told: list[formats.Defect] = []
    assert len(formats.read(path, on_defect=told.append).items) == 1
    assert [(defect.rule, defect.id) for defect in told] == [("R1", "line 2")]

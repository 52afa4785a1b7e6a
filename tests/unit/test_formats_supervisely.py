"""Supervisely projects: round trips, and the project that its own SDK wrote."""

from __future__ import annotations

import base64
import io
import json
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image

from labelschool import formats
from labelschool.formats import rasters
from labelschool.formats.dataset import Box, Dataset, Item, Line

from .format_datasets import OBJECTS, assert_shown_alike, clips, datasets, seen_at, written

SAMPLE = Path(__file__).parents[1] / "samples" / "supervisely"
quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(datasets(OBJECTS | {"crowds", "attributes", "splits"}))
def test_all_objects_come_back_to_half_a_pixel(dataset: Dataset) -> None:
    with written(dataset, "supervisely") as (folder, losses):
        assert set(losses) <= {
            "boxes with parts of a pixel",
            "outlines and points",
            "objects of several shapes",
            "attributes with values of several types",
        }
        assert formats.recognise(folder).name == "supervisely"
        found = formats.read(folder)
        assert_shown_alike(dataset, found, 0.500001)
        holes = [label.region.holes for label in dataset.labels if hasattr(label.region, "holes")]
        others = [label.region.holes for label in found.labels if hasattr(label.region, "holes")]
        assert sorted(map(len, holes)) == sorted(map(len, others))


@quick
@given(clips())
def test_tracks_are_seen_in_the_same_frames(dataset: Dataset) -> None:
    with written(dataset, "supervisely") as (folder, losses):
        assert {"tracks with keyframes", "frame rates of clips"} <= set(losses)
        found = formats.read(folder)
        for ours, theirs in zip(dataset.labels, found.labels, strict=True):
            for frame in range(40):
                a, b = seen_at(ours.shape, frame), seen_at(theirs.shape, frame)
                assert (a is None) == (b is None), frame
                if a and b:
                    assert a[1] == b[1]
                    assert abs(a[0].x - b[0].x) <= 0.500001
                    assert abs(a[0].x + a[0].w - b[0].x - b[0].w) <= 0.500001


def test_the_project_of_the_sdk() -> None:
    found = formats.read(SAMPLE)
    (item,) = found.items.values()
    assert (item.name, item.width, item.height, item.split) == ("имя 1.png", 200, 100, "ds1")
    tag, box, blob, polygon, line, point = found.labels
    assert (tag.category.name, tag.category.group) == ("sun", "weather")
    # Rectangle(10, 20, 30, 40) has its last pixel within it: 21 x 21 = 441.
    assert box.box == Box(20, 10, 21, 21)
    crop, left, top = rasters.cropped(blob.region)
    assert (left, top, crop.shape, int(crop.sum())) == (20, 10, (20, 30), 575)
    assert (len(polygon.region.parts), len(polygon.region.holes)) == (1, 1)
    assert line.region == Line([0.5, 0.5, 9.5, 9.5])
    assert point.region == Line([6.5, 5.5])


def test_a_project_of_nested_datasets_alone_is_known_as_one(tmp_path: Path) -> None:
    items = {1: Item(1, "deep/er/a.png", 9, 9)}
    formats.write(Dataset([], items, []), tmp_path / "out", "supervisely")
    assert (tmp_path / "out/dataset/datasets/deep/datasets/er/ann/a.png.json").is_file()
    assert [item.name for item in formats.read(tmp_path / "out").items.values()] == [
        "deep/er/a.png"
    ]


def bitmap(tmp_path: Path, data: str) -> Path:
    """A project with one bitmap."""
    (tmp_path / "ds" / "ann").mkdir(parents=True)
    (tmp_path / "meta.json").write_text('{"classes": [], "tags": []}', encoding="utf-8")
    entry = {"classTitle": "a", "geometryType": "bitmap"}
    entry["bitmap"] = {"origin": [0, 0], "data": data}
    content = {"size": {"width": 10, "height": 10}, "tags": [], "objects": [entry]}
    path = tmp_path / "ds" / "ann" / "a.png.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_a_bitmap_that_unpacks_to_a_giant_is_refused(tmp_path: Path) -> None:
    stream = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(stream, "PNG")
    bomb = base64.b64encode(zlib.compress(stream.getvalue())).decode()
    with pytest.raises(formats.Unreadable, match="picture of the mask is too large"):
        formats.read(bitmap(tmp_path, bomb))


def test_a_picture_without_labels_stays(tmp_path: Path) -> None:
    (tmp_path / "ds" / "ann").mkdir(parents=True)
    (tmp_path / "ds" / "img").mkdir()
    (tmp_path / "ds" / "img" / "empty.png").touch()
    (tmp_path / "meta.json").write_text('{"classes": [], "tags": []}', encoding="utf-8")
    assert [item.name for item in formats.read(tmp_path).items.values()] == ["empty.png"]

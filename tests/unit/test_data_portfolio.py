"""Photographs that stay in their packages, and the hundred pictures of portfolio100."""

from __future__ import annotations

import importlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labelschool import course, datasets
from labelschool.datasets import places

ROOT = Path(__file__).resolve().parents[2]
SET = "portfolio100"
BATCHES = {"street": 40, "shelf": 40, "mixed": 20}
MOST_MUST, MEAN_MUST = 14, 8
needs_set = pytest.mark.skipif(
    not (places.shipped(SET) / places.CHECKSUMS).exists(), reason=f"{SET} is not built"
)


def pairs(batch=None):
    """(item, truth) of every picture, or of those of a batch."""
    return zip(
        datasets.items(SET, "counted", batch), datasets.truth(SET, "counted", batch), strict=True
    )


def must(truth):
    return [obj for obj in truth.objects if obj.level == "must"]


def test_real_photos_is_what_its_source_says(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "datasets"))
    monkeypatch.setattr(importlib.import_module("common"), "DATASETS", tmp_path)
    importlib.import_module("photographs").build("real_photos")
    for made in filter(Path.is_file, (tmp_path / "real_photos").rglob("*")):
        committed = course.root() / "datasets" / made.relative_to(tmp_path)
        assert committed.read_bytes() == made.read_bytes(), committed


@pytest.mark.parametrize("name", ["real_photos", pytest.param(SET, marks=needs_set)])
def test_photographs_in_packages_have_checksums(name):
    files = [truth.image for truth in datasets.truth(name, "counted")]
    wheels = {file for file in files if file.startswith(places.WHEEL)}
    assert wheels
    assert wheels <= set(places.checksums(places.shipped(name)))
    assert datasets.verify(name) == []


@needs_set
def test_the_batches_have_their_sizes():
    assert datasets.pools(SET) == {"counted": sum(BATCHES.values())}
    assert Counter(item.batch for item, _ in pairs()) == BATCHES


@needs_set
def test_pictures_hold_no_more_objects_than_there_is_time_for():
    counts = [len(must(truth)) for _, truth in pairs()]
    assert max(counts) <= MOST_MUST
    assert sum(counts) / len(counts) <= MEAN_MUST


@needs_set
def test_only_crops_of_one_shelf_share_a_scene():
    scenes = {batch: Counter(t.scene for _, t in pairs(batch)) for batch in BATCHES}
    assert set(scenes["shelf"].values()) == {4}
    assert set((scenes["street"] + scenes["mixed"]).values()) == {1}
    assert not scenes["shelf"].keys() & (scenes["street"] + scenes["mixed"]).keys()


@needs_set
def test_boxes_are_the_bounds_of_the_id_map():
    for item, truth in pairs():
        with Image.open(item.image) as picture:
            assert picture.size == (item.width, item.height), item.name
        if truth.ids is None:
            continue
        with Image.open(datasets.file(SET, truth.ids)) as picture:
            ids = np.asarray(picture)
        assert set(np.unique(ids)) - {0} == {obj.id for obj in truth.objects}, item.name
        for obj in truth.objects:
            rows, columns = np.nonzero(ids == obj.id)
            low = columns.min(), rows.min()
            size = np.ptp(columns) + 1, np.ptp(rows) + 1
            assert obj.bbox == (*low, *size), (item.name, obj.id)
            assert obj.area == len(rows)


@needs_set
def test_shelf_crops_are_measured_by_the_rules_of_shelves():
    for item, truth in pairs("shelf"):
        labels = {obj.label for obj in must(truth)}
        for obj in must(truth):
            assert obj.truncation <= 0.5, (item.name, obj.id)
            assert obj.occlusion <= 0.6, (item.name, obj.id)
            assert "near_identical" not in obj.edge_cases or len(labels) > 1, item.name


@needs_set
def test_photographs_may_be_published():
    for _, truth in pairs("mixed"):
        if truth.image.startswith(places.WHEEL):
            assert truth.source.startswith(("CC0", "public domain")), truth.item

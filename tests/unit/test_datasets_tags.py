"""Invariants of the committed crops for tagging."""

import json
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from labelschool.model import TruthItem

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
TAG_SETS = ("street_tags",)
LABELS = {"car", "van", "truck", "bus", "person", "cyclist", "light", "sign"}


def truths(name):
    """{pool: truth items} of one set."""
    return {
        path.stem: [
            TruthItem.model_validate(entry)
            for entry in json.loads(path.read_text(encoding="utf-8"))["items"]
        ]
        for path in sorted((DATASETS / name / "truth").glob("*.json"))
    }


TAG_ITEMS = [item for name in TAG_SETS for items in truths(name).values() for item in items]


@pytest.mark.parametrize("item", TAG_ITEMS, ids=lambda item: item.item)
def test_crops_match_their_truth(item):
    name = item.item.rsplit("-", 1)[0]
    with Image.open(DATASETS / name / item.image) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (item.width, item.height)
    assert min(item.width, item.height) >= 160
    assert set(item.labels) <= LABELS
    assert len(item.labels) == (0 if item.unusable else 2 if item.ambiguous else 1)
    assert not (item.unusable and item.ambiguous)


@pytest.mark.parametrize("pool", ["practice", "counted"])
def test_crops_are_balanced(pool):
    items = truths("street_tags")[pool]
    clear = Counter(item.labels[0] for item in items if len(item.labels) == 1)
    assert set(clear) == LABELS
    assert min(clear.values()) >= 4
    assert sum(item.ambiguous for item in items) == 6
    assert sum(item.unusable for item in items) == 3


def test_no_object_is_cropped_twice():
    sources = [(item.source, item.object) for item in TAG_ITEMS]
    assert len(sources) == len(set(sources))


def test_crops_of_known_objects_agree_with_the_box_truth():
    truth = {
        item.item: {found.id: found for found in item.objects}
        for items in truths("street_lite").values()
        for item in items
    }
    for item in TAG_ITEMS:
        if item.source in truth and not item.unusable:
            assert truth[item.source][item.object].label in item.labels, item.item

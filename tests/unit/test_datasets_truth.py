"""Invariants of every committed data set: they hold for the files, whatever made them."""

import hashlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
LABELS = {"car", "van", "truck", "bus", "person", "cyclist", "light", "sign", "trailer"}
TAG_LABELS = LABELS - {"trailer"}
RULE_OF_DECOY = {
    "poster": 9,
    "statue": 9,
    "mannequin": 9,
    "reflection": 10,
    "mirror": 10,
    "parked_bicycle": 11,
}
OBJECT_KEYS = {
    "id",
    "label",
    "bbox",
    "amodal_bbox",
    "area",
    "level",
    "occlusion",
    "occluded",
    "truncation",
    "truncated",
    "crowd",
    "depth",
    "edge_cases",
}
TOTAL_BUDGET = 6_000_000
LARGEST_PICTURE = 140_000
REQUIRED = {
    "starter10": {"occluded": 4, "truncated": 3, "poster": 1, "tree_hidden": 2, "empty": 1},
    "street_a": {
        "occluded_20": 3,
        "occluded_50": 3,
        "occluded_80": 1,
        "truncated": 3,
        "small": 3,
        "reflection": 2,
        "mirror": 1,
        "poster": 1,
        "statue": 1,
        "mannequin": 1,
        "parked_bicycle": 2,
        "trailer": 2,
        "open_door": 2,
        "crowd": 11,
        "van_truck": 2,
        "empty": 1,
    },
}
"""Least number of must objects, crowd members, decoys or pictures with each edge case."""
POOL_SIZES = {
    "starter10": {"practice": 3, "counted": 7},
    "street_a": {"counted": 20},
    "street_tags": {"practice": 60},
}


def truths(name):
    """{pool: items} of one set."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["items"]
        for path in sorted((DATASETS / name / "truth").glob("*.json"))
    }


SETS = sorted(path.parent.name for path in DATASETS.glob("*/SHA256SUMS"))
BOX_SETS = [name for name in SETS if (DATASETS / name / "ids").is_dir()]
BOX_ITEMS = [
    pytest.param(name, item, id=item["item"])
    for name in BOX_SETS
    for items in truths(name).values()
    for item in items
]
TAG_ITEMS = [
    item
    for name in SETS
    if name not in BOX_SETS
    for items in truths(name).values()
    for item in items
]


def id_map(name, item):
    return np.asarray(Image.open(DATASETS / name / item["ids"]))


def test_the_sets_of_the_first_module_exist():
    assert set(POOL_SIZES) <= set(SETS)


@pytest.mark.parametrize("name", SETS)
def test_pools_have_their_size_and_items_their_name(name):
    pools = truths(name)
    if name in POOL_SIZES:
        assert {pool: len(items) for pool, items in pools.items()} == POOL_SIZES[name]
    names = [item["item"] for items in pools.values() for item in items]
    assert len(names) == len(set(names))
    assert all(item.startswith(f"{name}-") for item in names)
    for pool in pools:
        head = json.loads((DATASETS / name / "truth" / f"{pool}.json").read_text(encoding="utf-8"))
        assert (head["schema"], head["dataset"], head["pool"], head["guideline"]) == (
            "labelschool/truth/1",
            name,
            pool,
            "G1.v1",
        )


@pytest.mark.parametrize("name", BOX_SETS)
def test_no_scene_is_in_two_pools(name):
    pools_of_scene = {}
    for pool, items in truths(name).items():
        for item in items:
            pools_of_scene.setdefault(item["scene"], set()).add(pool)
    assert all(len(pools) == 1 for pools in pools_of_scene.values())


def test_no_scene_is_in_two_sets():
    scenes = [
        scene
        for name in BOX_SETS
        for scene in {item["scene"] for items in truths(name).values() for item in items}
    ]
    assert [scene for scene, count in Counter(scenes).items() if count > 1] == []


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_objects_have_the_keys_and_labels_of_the_contract(name, item):
    assert item["light"] in {"day", "dusk", "night"}
    assert item["weather"] in {"dry", "rain"}
    for found in item["objects"]:
        assert set(found) == OBJECT_KEYS
        assert found["label"] in LABELS
        assert found["level"] in {"must", "ignore"}
        assert found["depth"] > 0


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_id_map_holds_exactly_the_listed_objects(name, item):
    ids = id_map(name, item)
    assert ids.shape == (item["height"], item["width"])
    listed = [found["id"] for found in item["objects"]]
    assert len(listed) == len(set(listed))
    assert set(np.unique(ids)) - {0} == set(listed)


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_boxes_and_areas_equal_the_id_map(name, item):
    ids = id_map(name, item)
    for found in item["objects"]:
        mask = ids == found["id"]
        assert (
            coco_mask.toBbox(coco_mask.encode(np.asfortranarray(mask.astype(np.uint8)))).tolist()
            == found["bbox"]
        )
        assert int(mask.sum()) == found["area"]


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_boxes_lie_in_the_frame_and_in_the_full_extent(name, item):
    for found in [*item["objects"], *item["decoys"]]:
        x, y, width, height = found["bbox"]
        assert width > 0
        assert height > 0
        assert x >= 0
        assert y >= 0
        assert x + width <= item["width"]
        assert y + height <= item["height"]
        if "amodal_bbox" in found:
            full_x, full_y, full_width, full_height = found["amodal_bbox"]
            assert full_x <= x
            assert full_y <= y
            assert full_x + full_width >= x + width
            assert full_y + full_height >= y + height


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_levels_and_flags_follow_the_rules(name, item):
    for found in item["objects"]:
        hidden, (_, _, width, height) = found["occlusion"], found["bbox"]
        visible = round(1 - hidden, 4)
        plain = visible >= 0.40 and min(width, height) >= 12
        as_edge_case = bool(found["edge_cases"]) and visible >= 0.10 and height >= 6
        assert (found["level"] == "must") == (not found["crowd"] and (plain or as_edge_case)), found
        assert 0 <= hidden <= 1
        assert 0 <= found["truncation"] <= 1
        assert found["occluded"] == (
            0 if hidden <= 0.05 else 1 if hidden < 0.25 else 2 if hidden < 0.50 else 3
        )
        assert found["truncated"] == (found["truncation"] > 0.15)


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_a_fully_visible_object_fills_its_full_extent(name, item):
    for found in item["objects"]:
        if found["occlusion"] == 0 and found["truncation"] == 0 and not found["crowd"]:
            assert found["amodal_bbox"] == pytest.approx(found["bbox"], abs=1)


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_edge_case_tags_are_true(name, item):
    ranges = {"occluded_20": (0.08, 0.35), "occluded_50": (0.35, 0.65), "occluded_80": (0.65, 0.90)}
    for found in item["objects"]:
        for tag in found["edge_cases"]:
            low, high = ranges.get(tag, (0, 1))
            assert low <= found["occlusion"] <= high, (tag, found)
            assert tag not in {"occluded", "tree_hidden"} or found["occluded"] >= 1
            assert tag != "truncated" or found["truncated"]
            assert tag != "small" or found["bbox"][3] < 16
            assert tag != "trailer" or found["label"] == "trailer"
    assert ("empty" in item["edge_cases"]) == (not item["objects"])


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_decoys_name_the_rule_that_decides(name, item):
    for decoy in item["decoys"]:
        assert set(decoy) == {"kind", "rule", "bbox", "label"}
        assert decoy["rule"] == RULE_OF_DECOY[decoy["kind"]]
        assert decoy["label"] in LABELS


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_a_crowd_has_ten_named_people_in_front_of_one_region(name, item):
    regions = [found for found in item["objects"] if found["crowd"]]
    if regions:
        members = [
            found
            for found in item["objects"]
            if "crowd" in found["edge_cases"] and not found["crowd"]
        ]
        assert len(regions) == 1
        assert len(members) == 10
        assert regions[0]["label"] == "person"
        assert regions[0]["level"] == "ignore"
        assert max(found["depth"] for found in members) < regions[0]["depth"] + 1


@pytest.mark.parametrize("name", sorted(set(REQUIRED) & set(SETS)))
def test_edge_cases_occur_often_enough(name):
    counts = Counter()
    for items in truths(name).values():
        for item in items:
            for found in item["objects"]:
                if found["level"] == "must" or found["crowd"]:
                    counts.update(found["edge_cases"])
            counts.update(decoy["kind"] for decoy in item["decoys"])
            counts.update(["empty"] if not item["objects"] else [])
    short = {
        case: (counts[case], least)
        for case, least in REQUIRED[name].items()
        if counts[case] < least
    }
    assert short == {}


@pytest.mark.parametrize(("name", "most"), [("starter10", 10), ("street_a", 14)])
def test_pictures_are_not_too_full(name, most):
    must = {
        item["item"]: sum(found["level"] == "must" for found in item["objects"])
        for items in truths(name).values()
        for item in items
    }
    assert sum(must.values()) / len(must) <= 6
    assert max(must.values()) <= most


def test_first_pictures_are_inviting():
    for item in truths("starter10")["practice"]:
        must = [found for found in item["objects"] if found["level"] == "must"]
        assert 2 <= len(must) <= 4
        assert item["light"] == "day"
        assert item["weather"] == "dry"
        assert all(max(found["bbox"][2:]) >= 55 for found in must)


def test_batch_a_mixes_light_and_weather():
    items = truths("street_a")["counted"]
    light, weather = (
        Counter(item["light"] for item in items),
        Counter(item["weather"] for item in items),
    )
    assert light["day"] >= 8
    assert light["dusk"] >= 3
    assert light["night"] >= 3
    assert weather["rain"] >= 3


@pytest.mark.parametrize(("name", "item"), BOX_ITEMS)
def test_pictures_are_jpegs_of_the_stated_size(name, item):
    path = DATASETS / name / item["image"]
    with Image.open(path) as picture:
        assert (picture.format, picture.size, picture.mode) == ("JPEG", (640, 480), "RGB")
        assert picture.size == (item["width"], item["height"])
        brightness = np.asarray(picture.convert("L")).mean()
    assert path.stat().st_size <= LARGEST_PICTURE
    low, high = {"day": (60, 190), "dusk": (40, 160), "night": (15, 120)}[item["light"]]
    assert low <= brightness <= high


@pytest.mark.parametrize("item", TAG_ITEMS, ids=lambda item: item["item"])
def test_crops_match_their_truth(item):
    name = item["item"].rsplit("-", 1)[0]
    with Image.open(DATASETS / name / item["image"]) as picture:
        assert picture.format == "JPEG"
        assert picture.size == (item["width"], item["height"])
    assert min(item["width"], item["height"]) >= 160
    assert set(item["labels"]) <= TAG_LABELS
    assert len(item["labels"]) == (0 if item["unusable"] else 2 if item["ambiguous"] else 1)
    assert not (item["unusable"] and item["ambiguous"])


def test_crops_are_balanced():
    items = truths("street_tags")["practice"]
    clear = Counter(item["labels"][0] for item in items if len(item["labels"]) == 1)
    assert set(clear) == TAG_LABELS
    assert min(clear.values()) >= 4
    assert sum(item["ambiguous"] for item in items) == 6
    assert sum(item["unusable"] for item in items) == 3


def test_crops_of_known_objects_agree_with_the_box_truth():
    truth = {
        item["item"]: {found["id"]: found for found in item["objects"]}
        for name in BOX_SETS
        for items in truths(name).values()
        for item in items
    }
    for item in TAG_ITEMS:
        if item["source"] in truth and not item["unusable"]:
            assert truth[item["source"]][item["object"]]["label"] in item["labels"], item["item"]


@pytest.mark.parametrize("name", SETS)
def test_checksums_cover_every_file(name):
    folder = DATASETS / name
    lines = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines}
    present = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    } - {"SHA256SUMS"}
    assert set(listed) == present
    assert list(listed) == sorted(listed)
    assert all(
        hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
        for path, digest in listed.items()
    )


def test_every_picture_is_used_and_there_is_a_datasheet():
    for name in SETS:
        items = [item for pool in truths(name).values() for item in pool]
        used = {item[key] for item in items for key in ("image", "ids") if key in item}
        assert used == {
            path.relative_to(DATASETS / name).as_posix()
            for path in (DATASETS / name).rglob("*")
            if path.suffix in {".jpg", ".png"}
        }
        sheet = (DATASETS / name / "datasheet.md").read_text(encoding="utf-8")
        assert "CC0" in sheet
        assert "Rendered, not photograph" in sheet


def test_all_sets_together_stay_within_the_budget():
    assert (
        sum(path.stat().st_size for path in DATASETS.rglob("*") if path.is_file()) <= TOTAL_BUDGET
    )

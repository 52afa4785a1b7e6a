"""Masks, proposed masks and keypoints: traps in the number the syllabus asks for, exact truth."""

import json
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from labelschool import datasets
from labelschool.model import decode_mask

REPOSITORY = Path(__file__).resolve().parents[2]
RAW = REPOSITORY / "build" / "scenes"
POOLS = {
    "parts16": {"practice": 4, "counted": 16, "exam": 12},
    "proposals40": {"practice": 8, "counted": 40},
    "figures12": {"practice": 3, "counted": 12},
}
ACCEPT_IOU, FIX_IOU = 0.85, 0.5
WRONG_OBJECTS = 8
NAMES = {"nose"} | {
    f"{side}_{joint}"
    for side in ("left", "right")
    for joint in ("shoulder", "wrist", "hip", "ankle")
}


def built(name):
    return (REPOSITORY / "datasets" / name / "SHA256SUMS").exists()


def needs(name):
    return pytest.mark.skipif(not built(name), reason=f"{name} is not built")


def truths(name, *pools):
    return [item for pool in pools or POOLS[name] for item in datasets.truth(name, pool)]


def each(name):
    return [pytest.param(item, id=item.item) for item in truths(name)] if built(name) else []


def iou(first, second):
    return (first & second).sum() / (first | second).sum()


def figures(*pools):
    return [figure for item in truths("figures12", *pools) for figure in item.figures]


def place(figure, name):
    return next(point for point in figure.points if point.name == name)


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in POOLS])
def test_pools_have_their_sizes_and_share_no_scene(name):
    pools = {pool: datasets.truth(name, pool) for pool in POOLS[name]}
    assert {pool: len(items) for pool, items in pools.items()} == POOLS[name]
    assert set(datasets.pools(name)) == set(POOLS[name])
    scenes = Counter(scene for items in pools.values() for scene in {item.scene for item in items})
    assert max(scenes.values()) == 1


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in POOLS])
def test_no_scene_is_shared_with_another_set(name):
    mine = {item.scene for item in truths(name)}
    for other in set(datasets.names()) - {name, "street_tags"}:
        if not (REPOSITORY / "datasets" / other / "truth").exists():
            continue
        for path in (REPOSITORY / "datasets" / other / "truth").glob("*.json"):
            rows = json.loads(path.read_text(encoding="utf-8")).get("items", [])
            assert not mine & {row.get("scene") for row in rows}, (other, path.stem)


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in POOLS])
def test_pictures_have_the_stated_size(name):
    for pool in POOLS[name]:
        for item in datasets.items(name, pool):
            with Image.open(item.image) as picture:
                assert picture.size == (item.width, item.height)


# Masks ------------------------------------------------------------------------------------------


@needs("parts16")
@pytest.mark.parametrize(("case", "least"), [("hole", 5), ("split", 5), ("thin", 4)])
def test_objects_show_each_edge_case_often_enough(case, least):
    for pool in ("counted", "exam"):
        shown = [item for item in truths("parts16", pool) if case in item.edge_cases]
        assert len(shown) >= (least if pool == "counted" else 3)


@needs("parts16")
@pytest.mark.parametrize("pool", POOLS["parts16"])
def test_items_say_what_is_to_be_outlined(pool):
    pairs = zip(datasets.items("parts16", pool), datasets.truth("parts16", pool), strict=True)
    for item, truth in pairs:
        assert item.asked == tuple(obj.label for obj in truth.objects)
        assert item.asked


@needs("parts16")
def test_some_pictures_ask_for_two_objects_and_some_for_a_plain_one():
    counts = Counter(len(item.objects) for item in truths("parts16"))
    assert set(counts) == {1, 2}
    assert counts[2] >= 2
    assert any(not obj.edge_cases for item in truths("parts16") for obj in item.objects)


@pytest.mark.parametrize("item", each("parts16"))
def test_bounds_area_parts_and_holes_are_those_of_the_mask(item):
    for obj in item.objects:
        mask = decode_mask(obj.rle)
        assert mask.shape == (item.height, item.width)
        rows, columns = np.nonzero(mask)
        x, y = columns.min(), rows.min()
        assert obj.bbox == (x, y, columns.max() - x + 1, rows.max() - y + 1)
        assert obj.area == len(rows)
        assert obj.parts == ndimage.label(mask, structure=np.ones((3, 3)))[1]
        assert obj.holes == ndimage.label(ndimage.binary_fill_holes(mask) & ~mask)[1]
        assert ("split" in obj.edge_cases) <= (obj.parts > 1)
        assert ("hole" in obj.edge_cases) <= (obj.holes > 0)


@pytest.mark.parametrize("item", each("parts16"))
def test_objects_are_large_whole_and_apart(item):
    taken = np.zeros((item.height, item.width), bool)
    for obj in item.objects:
        mask = decode_mask(obj.rle)
        assert max(obj.bbox[2:]) >= 120
        assert not (taken & mask).any()
        assert not (mask[[0, -1]].any())
        assert not (mask[:, [0, -1]].any())
        taken |= mask


# Proposals --------------------------------------------------------------------------------------


def reviewed(pool):
    """(item, proposed mask, verdict) of a pool of proposals40."""
    pairs = zip(
        datasets.items("proposals40", pool), datasets.truth("proposals40", pool), strict=True
    )
    for item, truth in pairs:
        (proposal,), (verdict,) = item.proposals, truth.verdicts
        assert verdict.target == proposal.id
        assert verdict.right.label == proposal.label
        yield item, proposal, verdict


@needs("proposals40")
@pytest.mark.parametrize("pool", POOLS["proposals40"])
def test_the_stated_iou_is_that_of_the_masks_and_decides(pool):
    for item, proposal, verdict in reviewed(pool):
        proposed, right = decode_mask(proposal.rle), decode_mask(verdict.right.rle)
        assert proposed.shape == right.shape == (item.height, item.width)
        assert verdict.iou == pytest.approx(iou(proposed, right), abs=0.001)
        expected = "fix" if verdict.iou >= FIX_IOU else "reject"
        assert verdict.decision == ("accept" if verdict.iou >= ACCEPT_IOU else expected)
        assert (verdict.code is None) == (verdict.decision == "accept")


@needs("proposals40")
def test_eight_proposals_are_of_the_wrong_object():
    wrong = [v for _, _, v in reviewed("counted") if "wrong_object" in v.edge_cases]
    assert len(wrong) == WRONG_OBJECTS
    assert all(v.iou < 0.1 and v.decision == "reject" and v.code == "E8" for v in wrong)
    others = [v for _, _, v in reviewed("counted") if "wrong_object" not in v.edge_cases]
    assert all(v.code != "E8" and v.iou >= 0.28 for v in others)


@needs("proposals40")
def test_the_iou_is_spread_evenly():
    values = sorted(v.iou for _, _, v in reviewed("counted") if "wrong_object" not in v.edge_cases)
    assert values[0] < 0.34
    assert values[-1] > 0.93
    assert max(np.diff(values)) < 0.07
    assert all(count >= 3 for count in np.histogram(values, np.linspace(0.28, 0.98, 8))[0])


@needs("proposals40")
def test_codes_say_what_is_wrong_with_a_mask():
    codes = Counter(v.code for _, _, v in reviewed("counted"))
    assert {"E4", "E6", "E7", "E8", "E12"} <= set(codes)
    for _, proposal, verdict in reviewed("counted"):
        proposed, right = decode_mask(proposal.rle), decode_mask(verdict.right.rle)
        outside, inside = (proposed & ~right).sum(), (right & ~proposed).sum()
        assert verdict.code != "E6" or outside > 2 * inside
        assert verdict.code != "E7" or inside > 2 * outside


@needs("proposals40")
@pytest.mark.skipif(not (RAW / "proposals40").exists(), reason="no raw passes")
def test_a_wrong_proposal_is_the_exact_mask_of_another_object(monkeypatch):
    monkeypatch.syspath_prepend(str(REPOSITORY / "tools" / "datasets"))
    proposals = pytest.importorskip("proposals")
    table = REPOSITORY / "tools" / "datasets" / "proposals40.toml"
    rows = tomllib.loads(table.read_text(encoding="utf-8"))["proposal"]
    made = {item.name: proposal for item, proposal, _ in reviewed("counted")}
    checked = 0
    for row in rows:
        if "instead" not in row or row["item"] not in made:
            continue
        _, _, objects = proposals.read_source("proposals40", row["source"])
        asked, other = objects[row["object"]], objects[row["instead"]]
        window = proposals.window_of([asked[1], other[1]])
        assert (decode_mask(made[row["item"]].rle) == other[1][window]).all()
        assert asked[0] == made[row["item"]].label != other[0]
        checked += 1
    assert checked == WRONG_OBJECTS


# Keypoints --------------------------------------------------------------------------------------


@needs("figures12")
def test_left_and_right_traps_and_hidden_joints_occur_often_enough():
    shown = figures("counted")
    traps = [f for f in shown if {"from_behind", "crossed"} & set(f.edge_cases)]
    assert len(traps) >= 6
    assert sum(point.visibility == 1 for f in shown for point in f.points) >= 20
    assert any("overlap" in f.edge_cases for f in shown)


@pytest.mark.parametrize("item", each("figures12"))
def test_points_are_the_nine_and_lie_at_their_person(item):
    for figure in item.figures:
        assert {point.name for point in figure.points} == NAMES
        assert len(figure.points) == len(NAMES)
        x, y, width, height = figure.bbox
        assert 180 <= height <= 440
        for point in figure.points:
            assert point.visibility in (1, 2)
            assert -12 <= point.x - x <= width + 12
            assert -12 <= point.y - y <= height + 12


@needs("figures12")
def test_left_and_right_are_the_subjects_own():
    """Shoulders and hips of people who face the viewer have their left on the right side."""
    for figure in figures():
        sign = -1 if "from_behind" in figure.edge_cases else 1
        for joint in ("shoulder", "hip"):
            across = place(figure, f"left_{joint}").x - place(figure, f"right_{joint}").x
            assert sign * across > 0, (figure, joint)
        wrists = place(figure, "left_wrist").x - place(figure, "right_wrist").x
        assert ("crossed" in figure.edge_cases) == (sign * wrists < -3.9)


@needs("figures12")
def test_a_nose_is_hidden_from_behind():
    behind = [f for f in figures() if "from_behind" in f.edge_cases]
    assert behind
    assert all(place(figure, "nose").visibility == 1 for figure in behind)


@needs("figures12")
@pytest.mark.skipif(not (RAW / "figures12").exists(), reason="no raw passes")
def test_a_seen_joint_lies_on_a_pixel_of_its_person():
    for item in truths("figures12"):
        with np.load(RAW / "figures12" / f"{item.item}.npz") as arrays:
            ids = arrays["ids"]
        for figure in item.figures:
            assert figure.area == (ids == figure.id).sum()
            for point in figure.points:
                around = ids[
                    max(0, int(point.y) - 1) : int(point.y) + 2,
                    max(0, int(point.x) - 1) : int(point.x) + 2,
                ]
                assert point.visibility == 1 or (around == figure.id).any()


@pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in POOLS])
def test_files_stay_small(name):
    folder = REPOSITORY / "datasets" / name
    sizes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    assert max(sizes) < 300_000
    assert sum(sizes) < 4_000_000

"""The shelf pictures: traps in the number the syllabus asks for, and truth that fits the pixels."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labelschool import datasets
from labelschool.model import decode_mask

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / "datasets" / "shelf_lite"
DENY_LIST = Path(__file__).with_name("deny_list.txt")
POOLS = {"practice": 2, "counted": 6, "exam": 4}
OTHER_LABELS = {"brand-other", "gap", "tag"}
MINIMUM = {"stack": 8, "fallen": 4, "gap": 12, "turned": 2}
MOST_STRAY_PIXELS = 5
MOST_HIDDEN_BY_ONE = 0.45

pytestmark = pytest.mark.skipif(
    not (FOLDER / "SHA256SUMS").exists(), reason="shelf_lite is not built"
)


def skus():
    return {row["id"]: row for row in json.loads((FOLDER / "skus.json").read_text())["skus"]}


def every():
    return [item for pool in POOLS for item in datasets.truth("shelf_lite", pool)]


def counted(item):
    return [found for found in item.objects if found.level == "must"]


def objects_with(case):
    return [found for item in every() for found in counted(item) if case in found.edge_cases]


def ids_of(item):
    return np.asarray(Image.open(FOLDER / item.ids))


def is_unit(found):
    return found.label not in ("gap", "tag")


ITEMS = [pytest.param(item, id=item.item) for item in every()] if FOLDER.exists() else []


def test_pools_have_their_sizes_and_share_no_scene():
    pools = {pool: datasets.truth("shelf_lite", pool) for pool in POOLS}
    assert {pool: len(items) for pool, items in pools.items()} == POOLS
    scenes = Counter(scene for items in pools.values() for scene in {item.scene for item in items})
    assert max(scenes.values()) == 1
    assert len(scenes) == sum(POOLS.values())


def test_there_are_fourteen_articles_of_ten_kinds_and_five_near_identical_pairs():
    articles = skus()
    assert len(articles) == 14
    assert len({row["kind"] for row in articles.values()}) >= 10
    pairs = {frozenset((name, row["twin"])) for name, row in articles.items() if row["twin"]}
    assert len(pairs) == 5
    assert all(
        articles[row["twin"]]["twin"] == name for name, row in articles.items() if row["twin"]
    )
    assert all(row["mark"] for row in articles.values() if row["twin"])
    datasheet = (FOLDER / "datasheet.md").read_text(encoding="utf-8")
    for row in articles.values():
        with Image.open(FOLDER / row["picture"]) as picture:
            assert min(picture.size) >= 200
        assert not row["mark"] or row["mark"] in datasheet


def test_each_near_identical_pair_stands_on_one_board_somewhere():
    pairs = {frozenset((name, row["twin"])) for name, row in skus().items() if row["twin"]}
    seen = set()
    for item in every():
        for row in {found.row for found in counted(item)}:
            labels = {found.label for found in counted(item) if found.row == row}
            seen |= {pair for pair in pairs if pair <= labels}
    assert seen == pairs


@pytest.mark.parametrize("case", MINIMUM)
def test_traps_occur_often_enough_among_the_objects_that_count(case):
    assert len(objects_with(case)) >= MINIMUM[case]


def test_reflections_posters_and_covered_objects_occur_often_enough():
    decoys = Counter(decoy.kind for item in every() for decoy in item.decoys)
    assert decoys["poster"] >= 2
    assert decoys["reflection"] + len(objects_with("glare")) >= 6
    assert decoys["reflection"] >= 2
    assert len(objects_with("hand")) + len(objects_with("cart")) >= 4
    pictures = [
        item.item
        for item in every()
        if any({"hand", "cart"} & set(found.edge_cases) for found in counted(item))
    ]
    assert len(pictures) >= 4
    assert any(found.label == "brand-other" for item in every() for found in counted(item))


@pytest.mark.parametrize("item", ITEMS)
def test_every_id_of_the_map_is_listed_and_boxes_are_its_bounds(item):
    ids = ids_of(item)
    assert ids.shape == (item.height, item.width)
    assert set(np.unique(ids)) - {0} == {found.id for found in item.objects}
    for found in item.objects:
        rows, columns = np.nonzero(ids == found.id)
        x, y = columns.min(), rows.min()
        assert found.bbox == (x, y, columns.max() - x + 1, rows.max() - y + 1)
        assert found.area == len(rows)


@pytest.mark.parametrize("item", ITEMS)
def test_visible_pixels_lie_inside_the_full_extent(item):
    ids = ids_of(item)
    stray = 0
    for found in item.objects:
        full = decode_mask(found.full.rle)
        x, y = found.full.offset
        rows, columns = np.nonzero(ids == found.id)
        good = (rows - y >= 0) & (rows - y < full.shape[0])
        good &= (columns - x >= 0) & (columns - x < full.shape[1])
        inside = full[rows[good] - y, columns[good] - x]
        stray += len(rows) - inside.sum()
        in_frame = full[max(0, -y) : item.height - y, max(0, -x) : item.width - x].sum()
        assert found.occlusion == pytest.approx(1 - len(rows) / in_frame, abs=0.02)
    assert stray <= MOST_STRAY_PIXELS


@pytest.mark.parametrize("item", ITEMS)
def test_labels_are_articles_and_only_seen_objects_count(item):
    known = set(skus()) | OTHER_LABELS
    for found in item.objects:
        assert found.label in known
        assert found.row >= 1
        if found.level == "must":
            assert found.occlusion <= 0.6
            assert min(found.bbox[2:]) >= 12
            assert found.truncation <= 0.5


def test_back_rows_never_count():
    """No unit that counts is mostly hidden by one of its own kind that stands on the same board."""
    for item in every():
        ids, by_id = ids_of(item), {found.id: found for found in item.objects}
        for found in filter(is_unit, counted(item)):
            x, y = found.full.offset
            full = decode_mask(found.full.rle)[max(0, -y) :, max(0, -x) :]
            window = ids[max(0, y) :, max(0, x) :][: full.shape[0], : full.shape[1]]
            covers = Counter(window[full[: window.shape[0], : window.shape[1]]].tolist())
            for number, pixels in covers.items():
                other = by_id.get(number)
                if other and other.id != found.id and is_unit(other) and other.row == found.row:
                    assert pixels < MOST_HIDDEN_BY_ONE * full.sum()


@pytest.mark.parametrize("pool", POOLS)
def test_bays_hold_about_thirty_objects_and_nothing_outside_counts(pool):
    for item, shown in zip(
        datasets.truth("shelf_lite", pool), datasets.items("shelf_lite", pool), strict=True
    ):
        assert item.bay == shown.bay
        assert (item.bay is None) == (pool == "exam")
        if item.bay is None:
            continue
        assert 25 <= len(counted(item)) <= 40
        x, y, width, height = item.bay
        assert min(x, y) >= 0
        assert x + width <= item.width
        assert y + height <= item.height
        for found in counted(item):
            left, top = max(found.bbox[0], x), max(found.bbox[1], y)
            right = min(found.bbox[0] + found.bbox[2], x + width)
            bottom = min(found.bbox[1] + found.bbox[3], y + height)
            inside = max(0, right - left) * max(0, bottom - top)
            assert inside >= 0.75 * found.bbox[2] * found.bbox[3]


def test_exam_masters_are_twice_the_frame_and_carry_full_extents():
    for item in datasets.truth("shelf_lite", "exam"):
        assert (item.width, item.height) == (1600, 1200)
        assert 60 <= sum(is_unit(found) for found in counted(item)) <= 120
        assert all(found.full for found in item.objects)
        assert not item.mirrorable


@pytest.mark.parametrize("item", ITEMS)
def test_decoys_name_their_rule_and_an_article(item):
    for decoy in item.decoys:
        assert decoy.kind in ("poster", "reflection")
        assert decoy.rule == 6
        assert decoy.label in skus()
        x, y, width, height = decoy.bbox
        assert min(x, y) >= 0
        assert x + width <= item.width
        assert y + height <= item.height


def test_gaps_are_at_least_one_facing_wide():
    """Measured on the full extent against the narrowest unit of the board."""
    for item in every():
        for gap in (found for found in item.objects if found.label == "gap"):
            widths = [
                found.amodal_bbox[2]
                for found in item.objects
                if is_unit(found) and found.row == gap.row and found.level == "must"
            ]
            assert not widths or gap.amodal_bbox[2] >= 0.8 * min(widths)


def test_brands_are_on_no_deny_list():
    if not DENY_LIST.exists():
        pytest.skip("no deny list")
    denied = {
        line.split("#")[0].strip().casefold()
        for line in DENY_LIST.read_text(encoding="utf-8").splitlines()
    } - {""}
    for row in skus().values():
        words = set(re.findall(r"\w+", row["name"].casefold())) | {row["brand"].casefold()}
        assert row["brand"].casefold() not in denied
        assert not words & denied


def test_files_stay_small():
    sizes = [path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()]
    assert max(sizes) < 1_000_000
    assert sum(sizes) < 7_000_000


def test_rows_of_a_picture_are_ordered_from_the_bottom():
    for item in every():
        tops = {}
        for found in counted(item):
            if found.label == "tag":
                tops.setdefault(found.row, []).append(found.bbox[1])
        heights = [float(np.median(tops[row])) for row in sorted(tops)]
        assert all(lower > upper for lower, upper in pairwise(heights))

"""Street pictures to judge: finished labels to review, and scenes on which guidelines differ."""

from __future__ import annotations

from collections import Counter

import pytest

from labelschool import datasets
from labelschool.quality.injected import CODES

POOLS = ("practice", "counted")


@pytest.mark.parametrize("pool", POOLS)
def test_a_review_batch_has_every_error_four_times_and_two_labels_in_five_right(pool):
    verdicts = [v for item in datasets.truth("street_batches", pool) for v in item.verdicts]
    codes = Counter(verdict.code for verdict in verdicts)
    assert all(codes[code] >= 4 for code in CODES)
    assert 0.38 <= codes[None] / len(verdicts) <= 0.46
    assert 70 <= len(verdicts) <= 90


def test_some_right_labels_look_wrong():
    """Right, and of an object that is well hidden or cut by the edge of the picture."""
    verdicts = [
        v
        for pool in POOLS
        for item in datasets.truth("street_batches", pool)
        for v in item.verdicts
    ]
    ugly = [v for v in verdicts if "ugly_but_right" in v.edge_cases]
    assert len(ugly) >= 8
    assert all(v.code is None and (v.right.occluded or v.right.truncated) for v in ugly)


@pytest.mark.parametrize("pool", POOLS)
def test_the_sheets_differ_on_mirrors_and_posters_and_agree_on_the_rest(pool):
    truth = datasets.truth("mirrors12", pool)
    kinds = Counter(case for item in truth for case in item.edge_cases)
    assert kinds == {"mirror": 4, "reflection": 4, "poster": 2, "side_mirror": 2}
    for item in truth:
        voc, waymo = item.choices["VOC-like"], item.choices["Waymo-like"]
        assert (voc == waymo) == bool({"reflection", "side_mirror"} & set(item.edge_cases))


def test_no_street_stands_in_both_pools():
    for name in ("street_batches", "mirrors12"):
        scenes = [{item.scene for item in datasets.truth(name, pool)} for pool in POOLS]
        assert scenes[0].isdisjoint(scenes[1])

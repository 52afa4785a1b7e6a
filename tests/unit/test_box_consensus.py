"""Boxes of several annotators become one box for each thing."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool.quality import cluster_boxes, merge_boxes
from labelschool.scoring.matching import iou_matrix

SIDES = ["x", "y", "width", "height"]


def table(*rows):
    return pd.DataFrame(rows, columns=["item", "annotator", "label", *SIDES])


THREE = table(
    ("p", "ann", "car", 10, 10, 40, 20),
    ("p", "ben", "van", 12, 10, 40, 22),
    ("p", "cay", "van", 10, 11, 60, 20),
    ("p", "ann", "car", 200, 10, 40, 20),
    ("q", "ben", "car", 10, 10, 40, 20),
)


def test_median_edges_votes_and_label():
    merged = merge_boxes(THREE)
    assert merged["item"].tolist() == ["p", "p", "q"]
    assert merged["votes"].tolist() == [3, 1, 1]
    assert merged["label"].tolist() == ["van", "car", "car"]
    # Edges: left 10 12 10, top 10 10 11, right 50 52 70, bottom 30 32 31.
    assert merged.loc[0, SIDES].tolist() == [10, 10, 42, 21]
    assert merged.loc[1, "agreement"] == 1


def test_weights_move_the_edges_and_the_label():
    merged = merge_boxes(THREE, weights={"ann": 8, "ben": 1, "cay": 1})
    assert merged.loc[0, "label"] == "car"
    assert merged.loc[0, "x"] == pytest.approx(10.2)
    assert merged.loc[0, "x"] + merged.loc[0, "width"] == pytest.approx(52.2)
    with pytest.raises(KeyError, match="cay"):
        merge_boxes(THREE, weights={"ann": 1, "ben": 1})


def test_two_neighbours_are_not_chained_into_one_thing():
    """Ann drew both; Ben's box overlaps either of hers by more than a half."""
    boxes = table(
        ("p", "ann", "car", 0, 0, 100, 100),
        ("p", "ben", "car", 20, 0, 100, 100),
        ("p", "ann", "car", 45, 0, 100, 100),
    )
    assert cluster_boxes(boxes).tolist() == [0, 0, 1]
    assert merge_boxes(boxes)["votes"].tolist() == [2, 1]


@pytest.mark.parametrize("iou", [0, -0.1, 1.1, float("nan")])
def test_an_iou_that_means_nothing_is_refused(iou):
    with pytest.raises(ValueError, match="not above 0"):
        cluster_boxes(THREE, iou=iou)


def test_no_boxes_and_boxes_without_labels():
    assert merge_boxes(THREE.iloc[:0]).empty
    bare = merge_boxes(THREE.drop(columns="label"))
    assert list(bare.columns) == ["item", *SIDES, "votes", "agreement"]


def test_a_box_without_an_area_stays_alone():
    boxes = table(("p", "ann", "car", 5, 5, 0, 9), ("p", "ben", "car", 5, 5, 0, 9))
    assert merge_boxes(boxes)["votes"].tolist() == [1, 1]


def plainly(boxes, iou):
    """The same clusters pair by pair: every pair of one item, the best first."""
    corners = boxes[SIDES].to_numpy()
    overlap = iou_matrix(corners, corners)
    pairs = [
        (-overlap[a, b], a, b)
        for a, b in itertools.combinations(range(len(boxes)), 2)
        if boxes["item"][a] == boxes["item"][b] and overlap[a, b] >= iou
    ]
    clusters = [{n} for n in range(len(boxes))]
    for _, a, b in sorted(pairs):
        one, other = (next(c for c in clusters if n in c) for n in (a, b))
        people = [boxes["annotator"][n] for n in one | other]
        if one is not other and len(set(people)) == len(people):
            clusters.remove(other)
            one |= other
    return {frozenset(cluster) for cluster in clusters}


@given(st.integers(0, 10_000), st.sampled_from([0.2, 0.5, 0.8]))
@settings(max_examples=40, deadline=None)
def test_the_clusters_are_those_of_the_plain_rule(seed, iou):
    """Boxes of very different sizes, crowded, in two pictures."""
    rng = np.random.default_rng(seed)
    n = 40
    sides = np.exp(rng.uniform(np.log(4), np.log(200), (12, 2)))[rng.integers(12, size=n)]
    corners = rng.uniform(0, 60, (6, 2))[rng.integers(6, size=n)]
    shaken = np.hstack([corners, sides]) * rng.normal(1, 0.1, (n, 4))
    boxes = pd.DataFrame(np.abs(shaken), columns=SIDES)
    boxes["item"], boxes["annotator"] = rng.integers(2, size=n), rng.integers(4, size=n)
    found = cluster_boxes(boxes, iou=iou)
    groups = {frozenset(np.flatnonzero(found == number).tolist()) for number in set(found)}
    assert groups == plainly(boxes, iou)
    order = rng.permutation(n)
    again = merge_boxes(boxes.iloc[order].reset_index(drop=True), iou=iou)
    pd.testing.assert_frame_equal(merge_boxes(boxes, iou=iou), again)


def test_five_careful_hands_beat_each_of_them():
    rng = np.random.default_rng(7)
    n = 300
    sides = rng.uniform(20, 80, (n, 2))
    true = np.hstack([np.column_stack([np.arange(n) * 100.0, np.zeros(n)]), sides])
    drawn = [
        pd.DataFrame(true + rng.normal(0, 2, true.shape), columns=SIDES).assign(
            item="strip", annotator=person
        )
        for person in "abcde"
    ]
    merged = merge_boxes(pd.concat(drawn, ignore_index=True), iou=0.3)
    assert (merged["votes"] == 5).all()

    def quality(boxes):
        return np.diag(iou_matrix(boxes[SIDES].to_numpy(), true)).mean()

    assert quality(merged) > max(quality(boxes) for boxes in drawn) + 0.02


def test_a_picture_of_many_boxes_needs_no_table_of_all_pairs():
    """20,000 boxes in one picture: all pairs would be 200 million."""
    rng = np.random.default_rng(3)
    corners = rng.uniform(0, 20_000, (10_000, 2))
    boxes = pd.DataFrame(np.hstack([corners, np.full((10_000, 2), 40.0)]), columns=SIDES)
    both = pd.concat([boxes.assign(annotator=person) for person in "ab"], ignore_index=True)
    merged = merge_boxes(both.assign(item="field"))
    assert len(merged) == 10_000
    assert (merged["votes"] == 2).all()

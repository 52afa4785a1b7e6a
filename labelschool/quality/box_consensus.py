"""One box for each thing from the boxes of several annotators.

Boxes come as a long table, one row for each box drawn, with the columns ``item`` (the picture),
``annotator``, ``x``, ``y``, ``width`` and ``height`` (px, from the left and the top), and where
there are classes ``label``. Boxes are of the same thing when they overlap enough, whatever their
labels: who calls a van a truck has still drawn the van.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from scipy import sparse, spatial
from scipy.sparse import csgraph

from .consensus import majority_vote, weighted_vote

SIDES = ["x", "y", "width", "height"]


def merge_boxes(
    boxes: pd.DataFrame,
    *,
    iou: float = 0.5,
    weights: Mapping[object, float] | None = None,
    seed: int | np.random.Generator = 0,
) -> pd.DataFrame:
    """The boxes that several annotators agree on, one row for each cluster of `cluster_boxes`.

    Each edge is the median of the edges of a cluster; with ``weights``, above 0 and by annotator,
    it is their weighted mean. The columns are those of the boxes without the annotator, with the
    ``label`` of most votes or weights, ties by `seed`, and two more: ``votes``, how many annotators
    drew it, and ``agreement``, the mean IoU of their boxes with the row's. Rows come by item, then
    from left to right; to keep what a majority drew, filter by ``votes``. Of no boxes the table is
    empty. A median holds against one wild box of three, a mean does not.

    Raises KeyError for a missing column or an annotator without a weight, ValueError for a weight
    of 0 or less and as `cluster_boxes`.
    """
    cluster = cluster_boxes(boxes, iou=iou)
    edges = _edges(boxes)
    if weights is None:
        merged = np.stack([_medians(edge, cluster) for edge in edges.T], axis=1)
    else:
        weight = np.array([float(weights[name]) for name in boxes["annotator"]])
        if not (weight > 0).all():
            raise ValueError("a mean of boxes needs weights above 0: leave such annotators out")
        total = np.bincount(cluster, weight)[:, None]
        merged = np.stack([np.bincount(cluster, weight * edge) for edge in edges.T], axis=1) / total
    votes = np.bincount(cluster)
    first = np.unique(cluster, return_index=True)[1]
    rows = pd.DataFrame({"item": boxes["item"].to_numpy()[first]})
    if "label" in boxes:
        rows["label"] = _labels(boxes, cluster, weights, seed)
    rows[SIDES] = np.hstack([merged[:, :2], merged[:, 2:] - merged[:, :2]])
    rows["votes"] = votes
    rows["agreement"] = np.bincount(cluster, _iou(edges, merged[cluster])) / votes
    return rows.sort_values(["item", "x", "y"], kind="stable", ignore_index=True)


def cluster_boxes(boxes: pd.DataFrame, *, iou: float = 0.5) -> np.ndarray:
    """The number of the thing that each box shows, from 0, as whole numbers in the order of rows.

    Pairs of boxes of different annotators in one item whose IoU is at least ``iou`` are joined, the
    best first, unless somebody would then have drawn a thing twice; so two boxes of one annotator
    are never of one thing. Memory grows with the number of pairs that lie near each other, not with
    that of all pairs.

    Raises KeyError for a missing column, ValueError for a box that lacks one of its four numbers
    and for an ``iou`` that is not above 0 and at most 1.
    """
    if not 0 < iou <= 1:
        raise ValueError(f"an iou of {iou:g} is not above 0 and at most 1")
    item = pd.factorize(boxes["item"])[0]
    annotator = pd.factorize(boxes["annotator"])[0]
    edges = _edges(boxes)
    first, second, overlap = _pairs(edges, item, annotator, iou)
    n = len(boxes)
    graph = sparse.coo_array((np.ones(len(first), bool), (first, second)), (n, n))
    cluster = csgraph.connected_components(graph, directed=False)[1]
    return _parted(cluster, annotator, first, second, overlap)


def _edges(boxes: pd.DataFrame) -> np.ndarray:
    """Left, top, right and bottom of each box, (boxes, 4)."""
    sides = boxes[SIDES].to_numpy(float)
    if not np.isfinite(sides).all():
        raise ValueError(f"every box needs the numbers {', '.join(SIDES)}, in px")
    return np.hstack([sides[:, :2], sides[:, :2] + sides[:, 2:]])


def _iou(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The IoU of each box of `a` with that of `b` in the same row; 0 for two without an area."""
    shared = np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])
    shared = np.maximum(shared, 0).prod(axis=1)
    union = (a[:, 2:] - a[:, :2]).prod(axis=1) + (b[:, 2:] - b[:, :2]).prod(axis=1) - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def _pairs(
    edges: np.ndarray, item: np.ndarray, annotator: np.ndarray, iou: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs (first, second, IoU) of the same item and different annotators, the best first.

    Equal IoUs come in the order of the boxes' edges, so that the order of rows does not matter.
    """
    found = [(np.empty(0, int), np.empty(0, int), np.empty(0))]
    for first, second in _near(edges, item, iou):
        keep = annotator[first] != annotator[second]
        first, second = first[keep], second[keep]
        overlap = _iou(edges[first], edges[second])
        keep = overlap >= iou
        found.append((first[keep], second[keep], overlap[keep]))
    first, second, overlap = (np.concatenate(part) for part in zip(*found, strict=True))
    place = np.empty(len(edges), int)
    place[np.lexsort((annotator, *edges.T[::-1], item))] = np.arange(len(edges))
    low, high = np.minimum(place[first], place[second]), np.maximum(place[first], place[second])
    order = np.lexsort((high, low, -overlap))
    return first[order], second[order], overlap[order]


def _near(
    edges: np.ndarray, item: np.ndarray, iou: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of boxes of one item whose sizes and middles allow for the IoU, some of them twice.

    Boxes that overlap by an IoU of t have longer sides that differ at most by 1/t, and middles
    that lie within 1 - t of the longer of both: so boxes are compared within octaves of size.
    """
    longer = (edges[:, 2:] - edges[:, :2]).max(axis=1)
    octave = np.floor(np.log2(np.maximum(longer, 1e-6))).astype(int)
    reach = int(np.ceil(np.log2(1 / iou)))
    middle = (edges[:, :2] + edges[:, 2:]) / 2
    for top in np.unique(octave):
        of = np.flatnonzero((octave <= top) & (octave >= top - reach))
        radius = 2.0 ** (top + 1) * max(1 - iou, 1e-9)
        places = np.column_stack([middle[of], item[of] * 3 * radius])
        pairs = spatial.cKDTree(places).query_pairs(radius, p=np.inf, output_type="ndarray")
        first, second = of[pairs.T]
        new = np.maximum(octave[first], octave[second]) == top
        yield first[new], second[new]


def _parted(
    cluster: np.ndarray,
    annotator: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    overlap: np.ndarray,
) -> np.ndarray:
    """The clusters, those with two boxes of one annotator joined anew, pair by pair."""
    seen = pd.DataFrame({"cluster": cluster, "annotator": annotator})
    twice = np.unique(cluster[seen.duplicated()])
    root = cluster + len(cluster)
    again = np.flatnonzero(np.isin(cluster, twice))
    root[again] = again
    members = {box: [box] for box in again.tolist()}
    drew = {box: {annotator[box]} for box in again.tolist()}
    for pair in np.flatnonzero(np.isin(cluster[first], twice)):
        one, other = root[first[pair]], root[second[pair]]
        if one != other and not drew[one] & drew[other]:
            root[members[other]] = one
            members[one] += members.pop(other)
            drew[one] |= drew.pop(other)
    return np.unique(root, return_inverse=True)[1]


def _medians(values: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """The median of the values of each cluster."""
    ordered = values[np.lexsort((values, cluster))]
    counts = np.bincount(cluster)
    start = np.cumsum(counts) - counts
    return (ordered[start + (counts - 1) // 2] + ordered[start + counts // 2]) / 2


def _labels(
    boxes: pd.DataFrame,
    cluster: np.ndarray,
    weights: Mapping[object, float] | None,
    seed: int | np.random.Generator,
) -> np.ndarray:
    """The label of each cluster; nan where none of its boxes has one."""
    table = boxes[["annotator", "label"]].assign(item=cluster)
    if table["label"].isna().all():
        return np.full(cluster.max(initial=-1) + 1, np.nan)
    vote = majority_vote(table, seed) if weights is None else weighted_vote(table, weights, seed)
    return vote.reindex(range(cluster.max() + 1)).to_numpy()

"""One consensus by one library, measured inside a process of its own.

    python consensus_jobs.py labels numpy|ours|crowd-kit LABELS.csv
    python consensus_jobs.py boxes loop|ours|ensemble-boxes BOXES.csv

Prints a JSON object: CPU seconds of the consensus without imports and reading, by how much the
process' memory rose above that in MB (1e6 bytes), and the share of items, or of things, found.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from collections import defaultdict

import numpy as np
import pandas as pd

STEPS = 20
IOU = 0.5


# One million labels: the true class stands in the name of the item, as in 17-3 --------------------


def plain_numpy(table: pd.DataFrame) -> pd.Series:
    """Dawid-Skene as anybody writes it with numpy: a loop over the classes in either step."""
    item, items = pd.factorize(table["item"], sort=True)
    who, people = pd.factorize(table["annotator"], sort=True)
    said, classes = pd.factorize(table["label"], sort=True)
    n, size, crew = len(items), len(classes), len(people)
    truth = np.bincount(item * size + said, minlength=n * size).reshape(n, size).astype(float)
    truth /= truth.sum(1, keepdims=True)
    for _ in range(STEPS):
        confusion = np.stack(
            [np.bincount(who * size + said, truth[item, k], crew * size) for k in range(size)]
        ).reshape(size, crew, size)
        confusion += 0.01
        logs = np.log(confusion / confusion.sum(2, keepdims=True))
        joint = [np.bincount(item, logs[k, who, said], n) for k in range(size)]
        joint = np.stack(joint, 1) + np.log(truth.mean(0))
        truth = np.exp(joint - joint.max(1, keepdims=True))
        truth /= truth.sum(1, keepdims=True)
    return pd.Series(classes[truth.argmax(1)], items)


def ours_labels(table: pd.DataFrame) -> pd.Series:
    from labelschool.quality import dawid_skene

    return dawid_skene(table, iterations=STEPS, tolerance=0).consensus


def crowd_kit(table: pd.DataFrame) -> pd.Series:
    """It stops when the evidence gains too little, so it is told never to."""
    from crowdkit.aggregation import DawidSkene

    told = table.rename(columns={"item": "task", "annotator": "worker"})
    return DawidSkene(n_iter=STEPS, tol=-np.inf).fit_predict(told)


def share_of_labels(table: pd.DataFrame, found: pd.Series) -> float:
    true = found.index.str.split("-").str[1]
    return float((found.astype(str).to_numpy() == true.to_numpy()).mean())


# 100,000 boxes ------------------------------------------------------------------------------------


def loop(table: pd.DataFrame) -> int:
    """What anybody writes: each box to the cluster it overlaps most, in plain Python."""
    things = 0
    rows = defaultdict(list)
    for item, who, x, y, w, h in table.itertuples(index=False):
        rows[item].append((who, (x, y, x + w, y + h)))
    for boxes in rows.values():
        clusters: list[tuple[set[str], list[tuple[float, ...]]]] = []
        for who, box in boxes:
            best, most = None, IOU
            for cluster in clusters:
                if who not in cluster[0] and (overlap := _iou(cluster[1][0], box)) >= most:
                    best, most = cluster, overlap
            if best is None:
                clusters.append(({who}, [box]))
            else:
                best[0].add(who)
                best[1].append(box)
        merged = [[float(np.median(edge)) for edge in zip(*kept, strict=True)]
                  for _, kept in clusters]  # fmt: skip
        things += len(merged)
    return things


def _iou(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return shared / (areas - shared)


def ours_boxes(table: pd.DataFrame) -> int:
    from labelschool.quality import merge_boxes

    return len(merge_boxes(table, iou=IOU))


def ensemble_boxes(table: pd.DataFrame) -> int:
    """Weighted boxes fusion, picture by picture, with edges as shares of the largest."""
    from ensemble_boxes import weighted_boxes_fusion

    edges = table[["x", "y", "width", "height"]].to_numpy(copy=True)
    edges[:, 2:] += edges[:, :2]
    edges = (edges - edges.min()) / (edges.max() - edges.min())
    pictures = defaultdict(lambda: defaultdict(list))
    keys = zip(table["item"], table["annotator"], strict=True)
    for (item, who), edge in zip(keys, edges.tolist(), strict=True):
        pictures[item][who].append(edge)
    things = 0
    for of in pictures.values():
        boxes = list(of.values())
        scores = [[1.0] * len(part) for part in boxes]
        labels = [[0] * len(part) for part in boxes]
        things += len(weighted_boxes_fusion(boxes, scores, labels, iou_thr=IOU)[0])
    return things


JOBS = {
    ("labels", "numpy"): (plain_numpy, ()),
    ("labels", "ours"): (ours_labels, ("labelschool.quality",)),
    ("labels", "crowd-kit"): (crowd_kit, ("crowdkit.aggregation",)),
    ("boxes", "loop"): (loop, ()),
    ("boxes", "ours"): (ours_boxes, ("labelschool.quality",)),
    ("boxes", "ensemble-boxes"): (ensemble_boxes, ("ensemble_boxes",)),
}


def _memory() -> float:
    """The most memory that the process has held so far, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """Run the job that the arguments name."""
    kind, name, path = sys.argv[1:]
    job, modules = JOBS[kind, name]
    for module in modules:
        importlib.import_module(module)
    table = pd.read_csv(path)
    held, before = _memory(), time.process_time()
    found = job(table)
    seconds = time.process_time() - before
    right = share_of_labels(table, found) if kind == "labels" else found
    print(json.dumps({"cpu": seconds, "memory": _memory() - held, "found": right}))


if __name__ == "__main__":
    main()

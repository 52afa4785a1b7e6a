"""Truth that leaves the course: as COCO tables, and as overlays and bracketed texts."""

from __future__ import annotations

import contextlib
import io
import json

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from labelschool import datasets
from labelschool.datasets.coco import to_coco
from labelschool.feedback.overlays import bracketed, overlay
from labelschool.model import Item, TextTruth, TruthSpan

POOLS = [(name, pool) for name in datasets.names() for pool in datasets.pools(name)]
KINDS = {(name, pool): type(datasets.truth(name, pool)[0]) for name, pool in POOLS}
PICTURES = [
    key
    for key in POOLS
    if {"objects", "figures"} & set(KINDS[key].model_fields)
    and not any(getattr(entry, "labels", ()) for entry in datasets.truth(*key))
]


def loaded(name, pool, path):
    """The pool through pycocotools' own reader."""
    path.write_text(json.dumps(to_coco(name, pool)), encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


@pytest.mark.parametrize(("name", "pool"), PICTURES)
def test_pycocotools_reads_every_picture_set_and_its_masks_fit_its_boxes(name, pool, tmp_path):
    coco = loaded(name, pool, tmp_path / "truth.json")
    truth = datasets.truth(name, pool)
    assert len(coco.imgs) == len(truth)
    assert len(coco.anns) == sum(
        len(getattr(entry, "objects", ()) or getattr(entry, "figures", ())) for entry in truth
    )
    for row in coco.anns.values():
        if row["segmentation"]:
            rows, columns = np.nonzero(coco.annToMask(row))
            assert len(rows) == row["area"]
            assert row["bbox"] == [
                columns.min(),
                rows.min(),
                columns.max() - columns.min() + 1,
                rows.max() - rows.min() + 1,
            ]


def test_the_truth_scores_full_precision_against_itself(tmp_path):
    coco = loaded("starter10", "counted", tmp_path / "truth.json")
    rows = [
        {k: row[k] for k in ("image_id", "category_id", "bbox")} | {"score": 1.0}
        for row in coco.anns.values()
    ]
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(coco, coco.loadRes(rows), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    assert evaluation.stats[0] == pytest.approx(1.0)


@pytest.mark.parametrize(("name", "pool"), [("tickets", "counted"), ("street_tags", "practice")])
def test_a_set_without_objects_in_pictures_is_refused(name, pool):
    with pytest.raises(datasets.DataError, match="holds no objects"):
        to_coco(name, pool)


@pytest.mark.parametrize(("name", "pool"), POOLS)
def test_every_item_has_an_overlay(name, pool):
    pairs = list(zip(datasets.truth(name, pool), datasets.items(name, pool), strict=True))
    pictured = any(item.image or item.frames or item.sweep for _, item in pairs)
    for truth, item in pairs[:1] if pictured else pairs:
        shown = overlay(truth, item)
        if isinstance(shown, str):
            assert all(f"[{span.label}" in shown for span in getattr(truth, "spans", ()))
        else:
            assert shown.width >= 100


def test_the_overlay_of_boxes_marks_their_edges_and_leaves_the_rest():
    truth, item = (
        datasets.truth("starter10", "counted")[1],
        datasets.items("starter10", "counted")[1],
    )
    bare = overlay(truth.model_copy(update={"objects": (), "decoys": (), "labels": ("-",)}), item)
    full = np.asarray(overlay(truth, item)).astype(int)
    changed = np.abs(full - np.asarray(bare).astype(int)).sum(2) > 0
    x, y, width, height = (round(value) for value in truth.objects[0].bbox)
    assert changed[y + height, max(x, 0) : x + width].all()
    assert not changed[y + height // 2, x + width // 2 : x + width // 2 + 2].any()


def test_nested_spans_are_bracketed_inside_each_other():
    def span(start, end, label, layer=1):
        return TruthSpan(start=start, end=end, label=label, layer=layer, text="-")

    text = "University of Tarn opens"
    spans = [span(0, 18, "ORG"), span(14, 18, "LOC", 2)]
    assert bracketed(text, spans) == "[ORG University of [LOC Tarn]] opens"
    assert bracketed("ab", [span(0, 1, "X"), span(1, 2, "Y")]) == "[X a][Y b]"


def test_texts_show_choices_and_the_rule():
    truth = TextTruth(item="t", choices={"intent": ("refund", "bug")}, note="Rule 1.")
    shown = overlay(truth, Item(name="t", text="Hello"))
    assert shown == "Hello\n  intent: refund or bug\n  Rule 1."

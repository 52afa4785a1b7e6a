"""Proposed masks of known IoU, some exact but on the wrong object: proposals40.

``proposals40.toml`` lists for each item the source picture, the object asked for, and how its
proposal was made.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

import cutouts
import numpy as np
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from deform import overlap, spoiled
from paths import RAW
from photo import JPEG_QUALITY, camera_effects, contact_sheet
from PIL import Image
from renders import render_missing
from scipy import ndimage
from street_truth import read_raw

from labelschool.model import Mask, encode_mask

HERE = Path(__file__).resolve().parent
STREETS = "street_extra"
GUIDELINE = "G14.v1"
ACCEPT_IOU, FIX_IOU = 0.85, 0.5
"""A proposal is accepted from the first IoU on, worth fixing from the second on, else rejected and
drawn anew."""
BORDER = 0.05
"""An IoU this close to one of the two bounds is an edge case."""
SIZES = ((320, 240), (420, 315))
"""Sizes of a crop in px; the smaller one where the objects fit into it."""
MARGIN = 10
"""Pixels around the objects of a crop."""
MERGED, ONE_SIDED = 0.6, 0.75
"""A proposal takes in another object from this share of it on; an error is loose or cut where this
share of the wrong pixels lies outside or inside the object."""
MOTIVATION = """Masks that somebody else proposed, to accept, fix or reject and draw anew (exercise
2.C). Their IoU with the object asked for is known; some are perfect masks of another object."""
MAKING = f"""Crops of rendered pictures: the street views that `street_tags` draws its practice
crops from, and still views of `tools/scenes/recipes/proposals40.toml`. A proposal is the exact mask
bent until it has the IoU asked for: cut, leaked, loose, tight, shifted, smoothed, or with its holes
filled; `tools/datasets/proposals40.toml` says how. The decision follows from the IoU: accept from
{ACCEPT_IOU} on, fix from {FIX_IOU} on, else reject; a mask of the wrong object is rejected. The
code is measured: E8 wrong object, E4 holes filled or another object taken in, E6 loose, E7 cut, E12
both. `right` is the exact mask."""
GAPS = """The proposals imitate the errors of segmentation models; no model made them. An IoU near a
bound decides as strictly as one far from it. The source views show the same few vehicles and
things several times."""


def build(name: str) -> None:
    """Write ``datasets/proposals40``; starts the renderer for source pictures that are missing."""
    rows = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))["proposal"]
    render_missing(STREETS)
    render_missing(name, script="render_shapes.py")
    sources = {source: read_source(name, source) for source in {row["source"] for row in rows}}
    folder, pools = fresh_folder(name, "images"), {}
    for row in rows:
        pools.setdefault(row["pool"], []).append(make_item(row, sources[row["source"]], folder))
    for pool, pairs in pools.items():
        write_pool(folder, pool, "review", GUIDELINE, *zip(*pairs, strict=True))
    pairs = [pair for found in pools.values() for pair in found]
    contact_sheet([folder / entry["image"] for entry, _ in pairs], folder / CONTACT_SHEET, 8)
    finish(folder, GUIDELINE, describe(pools))


def read_source(name: str, source: str) -> tuple[dict, np.ndarray, dict[int, tuple]]:
    """(recipe, finished 8-bit picture, id -> (label, mask)) of a source picture."""
    folder = RAW / (STREETS if source.startswith(STREETS) else name)
    recipe, entries, arrays = read_raw(folder / source)
    with Image.open(folder / f"{source}.png") as opened:
        pixels = np.asarray(opened.convert("RGB"), float)
    light = recipe.get("light", "day") if source.startswith(STREETS) else "day"
    picture = camera_effects(pixels, light, source)
    masks = {
        entry["id"]: (
            entry["label"].replace("_", " "),
            cutouts.cleaned(arrays["ids"] == entry["id"]),
        )
        for entry in entries
        if entry["label"]
    }
    return recipe, picture, {number: found for number, found in masks.items() if found[1].any()}


def window_of(masks: list[np.ndarray]) -> tuple[slice, slice]:
    """Rows and columns of the smallest crop around masks.

    Raises SystemExit where they fit into none.
    """
    rows, columns = np.nonzero(np.any(masks, axis=0))
    for width, height in SIZES:
        if np.ptp(columns) + 1 + 2 * MARGIN > width or np.ptp(rows) + 1 + 2 * MARGIN > height:
            continue
        frame_height, frame_width = masks[0].shape
        left = np.clip((columns.min() + columns.max() - width) // 2, 0, frame_width - width)
        top = np.clip((rows.min() + rows.max() - height) // 2, 0, frame_height - height)
        return slice(top, top + height), slice(left, left + width)
    raise SystemExit(f"objects of {np.ptp(columns) + 1} x {np.ptp(rows) + 1} px fit into no crop")


def make_item(row: dict, source: tuple, folder: Path) -> tuple[dict, dict]:
    """(entry, truth) of one item; writes its picture."""
    recipe, picture, objects = source
    label, mask = objects[row["object"]]
    wrong = objects[row["instead"]][1] if "instead" in row else None
    window = window_of([mask] if wrong is None else [mask, wrong])
    crop, right = picture[window], mask[window]
    if wrong is None:
        try:
            proposed = spoiled(right, crop, row["how"], row["iou"], row["seed"])
        except ValueError as problem:
            raise SystemExit(f"{row['item']}: {problem}") from problem
    else:
        proposed = wrong[window]
    height, width = right.shape
    image = f"images/{row['item']}.jpg"
    Image.fromarray(crop).save(folder / image, quality=JPEG_QUALITY, optimize=True)
    others = [each[window] for number, (_, each) in objects.items() if number != row["object"]]
    entry = {
        "item": row["item"],
        "image": image,
        "width": width,
        "height": height,
        "proposals": [
            Mask(id="p1", label=label, rle=encode_mask(proposed)).model_dump(mode="json")
        ],
    }
    truth = {
        "item": row["item"],
        "scene": recipe["scene"],
        "edge_cases": ["wrong_object"] if wrong is not None else [row["how"]],
        "verdicts": [judge(label, proposed, right, others, wrong is not None)],
    }
    return entry, truth


def judge(label, proposed, right, others, wrong_object: bool) -> dict:
    """What is true of a proposed mask, as a mapping for `TruthVerdict`."""
    score = overlap(proposed, right)
    cases = ["wrong_object"] if wrong_object else []
    if wrong_object or score < FIX_IOU:
        decision = "reject"
    else:
        decision = "accept" if score >= ACCEPT_IOU else "fix"
    if not wrong_object and min(abs(score - bound) for bound in (ACCEPT_IOU, FIX_IOU)) < BORDER:
        cases.append("borderline")
    code = (
        None if decision == "accept" else "E8" if wrong_object else _code(proposed, right, others)
    )
    return {
        "target": "p1",
        "decision": decision,
        "code": code,
        "right": Mask(id="right", label=label, rle=encode_mask(right)),
        "iou": round(score, 3),
        "edge_cases": cases,
    }


def _code(proposed, right, others) -> str:
    """The code of the larger error of a mask."""
    hollow = ndimage.binary_fill_holes(right) & ~right
    filled = hollow.sum() > 0.05 * right.sum() and (proposed & hollow).sum() > 0.6 * hollow.sum()
    if filled or any((proposed & other).sum() > MERGED * other.sum() > 0 for other in others):
        return "E4"
    outside, inside = (proposed & ~right).sum(), (right & ~proposed).sum()
    share = outside / (outside + inside)
    return "E6" if share >= ONE_SIDED else "E7" if share <= 1 - ONE_SIDED else "E12"


def describe(pools: dict) -> Datasheet:
    """The datasheet, counted from the items."""
    rows = [("pools", ", ".join(f"{pool} {len(found)}" for pool, found in pools.items()))]
    for pool, pairs in pools.items():
        verdicts = [truth["verdicts"][0] for _, truth in pairs]
        decisions = Counter(verdict["decision"] for verdict in verdicts)
        codes = Counter(verdict["code"] or "none" for verdict in verdicts)
        rows.append((f"decisions, {pool}", _words(decisions)))
        rows.append((f"codes, {pool}", _words(codes)))
    sizes = Counter(
        f"{entry['width']} x {entry['height']}" for p in pools.values() for entry, _ in p
    )
    labels = Counter(e["proposals"][0]["label"] for p in pools.values() for e, _ in p)
    rows += [("sizes", _words(sizes)), ("asked for", _words(labels))]
    cases = Counter(
        case
        for pairs in pools.values()
        for _, truth in pairs
        for case in {*truth["edge_cases"], *truth["verdicts"][0]["edge_cases"]}
    )
    return Datasheet(MOTIVATION, rows, MAKING, GAPS, list(cases.items()))


def _words(counts: Counter) -> str:
    return ", ".join(f"{word} {count}" for word, count in sorted(counts.items()))

"""portfolio100: forty streets, forty shelf crops and twenty mixed pictures to deliver as a set."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path

import numpy as np
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW, REPOSITORY
from photo import JPEG_QUALITY, camera_effects, contact_sheet, write_photo
from photographs import SOURCE, digests, licences, photo_truth
from PIL import Image
from renders import read_recipes, render_missing
from shelf_truth import shelf_truth
from street_truth import read_raw
from streets import derive_all, edge_counts, item_entry, shares

from labelschool.datasets.measure import LEAST_PIXELS, bounding_box, measure
from labelschool.model import encode_mask

sys.path.insert(0, str(REPOSITORY / "tools" / "phantoms"))

import nuclei

STREETS = 40
"""Streets of the batch `street`; further ones belong to `mixed`."""
SHELVES = "shelf_extra"
CROPS_A_VIEW, CROP_SIDE, CROP_TRIES = 4, 360, 400
CROP_MUST = (3, 8)
"""Least and most objects that count in a shelf crop."""
CROP_APART = 120
"""Least distance of two crops of a view, across plus down, in px."""
NUCLEI_SEEDS = range(61, 67)
NUCLEI_MUST = (5, 12)
"""Least and most nuclei that count in a picture."""
FIELD, FIELD_SCALE = 150, 3
"""Side of a nuclei picture in px of the simulation, and how much it is enlarged."""
PHOTOGRAPHS = tuple(f"real_photos-{number:02d}" for number in (2, 3, 4, 5, 7, 9))
"""Those whose licence lets a learner publish them, with no more objects than a picture may have."""
GUIDELINES = "G1.v1 and G2.v1"
MOTIVATION = """A hundred pictures for a first delivery of one's own (assignment 2): to be boxed,
checked, exported to COCO and YOLO, split by scene and described on a card."""
MAKING = f"""Streets are rendered as `street_lite`, eight of them with a long lens for the mixed
part. Shelf crops of {CROP_SIDE} px are cut from ten further views of the shelves of `shelf_lite`,
four from each, at places that a seed chooses; their truth is measured anew on the crop by G2, and
crops of one view share a scene. Nuclei are simulated as `nuclei12` and enlarged
{FIELD_SCALE} times. Six photographs lie in installed packages and stay there; their boxes are those
of `real_photos`. All other truth is measured on masks."""
GAPS = """Three kinds of rendered picture and six photographs are no sample of anything. Crops of
one shelf view overlap in part. Nuclei are boxed, though outlines would suit them better; `full` of
a nucleus is what the uncut field shows of it."""


def build(name: str) -> None:
    """Write ``datasets/portfolio100``; starts the renderer for pictures that are missing."""
    render_missing(name)
    render_missing(SHELVES, script="render_shelf.py")
    derived = derive_all(name)
    folder = fresh_folder(name, "images", "ids")
    streets = list(_streets(derived, RAW / name, folder))
    names = (f"{name}-{number:03d}" for number in count(len(streets) + 1))
    shelves, fields = list(_shelves(names, folder)), list(_nuclei(names, folder))
    photographs = list(_photographs(names))
    ours = [folder / item["image"] for item in (*streets, *shelves, *fields)]
    contact_sheet(ours, folder / CONTACT_SHEET, 12)
    truth = [*streets, *shelves, *fields, *photographs]
    batches = ["street"] * STREETS + ["mixed"] * (len(streets) - STREETS)
    batches += ["shelf"] * len(shelves) + ["mixed"] * (len(fields) + len(photographs))
    entries = [item_entry(item, batch) for item, batch in zip(truth, batches, strict=True)]
    write_pool(folder, "counted", "boxes", GUIDELINES, entries, truth)
    must = [_must(item["objects"]) for item in truth]
    labels = [o["label"] for item in truth for o in item["objects"] if o["level"] == "must"]
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=[
            ("pictures", shares(batches)),
            ("scenes", len({item["scene"] for item in truth})),
            ("`must` objects", f"{sum(must)}, at most {max(must)} a picture"),
            ("labels", shares(labels)),
        ],
        making=f"{MAKING}\n\n{licences(photographs)}",
        gaps=GAPS,
        edge_cases=list(edge_counts(truth).items()),
    )
    finish(folder, GUIDELINES, sheet, digests(photographs))


def _streets(derived: Sequence[tuple], raw: Path, folder: Path) -> Iterator[dict]:
    for _, item, ids in derived:
        Image.fromarray(ids).save(folder / item["ids"], optimize=True)
        write_photo(raw / f"{item['item']}.png", folder / item["image"], item["light"])
        yield item


def _shelves(names: Iterator[str], folder: Path) -> Iterator[dict]:
    for recipe in read_recipes(SHELVES):
        raw = RAW / SHELVES / recipe["item"]
        with Image.open(raw.with_suffix(".png")) as opened:
            pixels = np.asarray(opened.convert("RGB"), float)
        for left, top, truth, ids in _crops(raw):
            item = truth | _named(next(names))
            crop = pixels[top : top + CROP_SIDE, left : left + CROP_SIDE]
            finished = camera_effects(crop, item["light"], item["item"])
            _save(Image.fromarray(finished), folder / item["image"])
            Image.fromarray(ids).save(folder / item["ids"], optimize=True)
            yield item


def _crops(raw: Path) -> list[tuple[int, int, dict, np.ndarray]]:
    """(left, top, truth item, id map) of squares of a view that hold a fair number of objects and
    lie apart. Raises SystemExit where there are too few.
    """
    recipe, entries, arrays = read_raw(raw)
    height, width = arrays["ids"].shape
    rng, found = np.random.default_rng(recipe["seed"]), []
    for _ in range(CROP_TRIES):
        left, top = (int(rng.integers(0, side - CROP_SIDE + 1)) for side in (width, height))
        if any(abs(left - x) + abs(top - y) < CROP_APART for x, y, *_ in found):
            continue
        item, ids = shelf_truth(recipe, entries, _cut(arrays, left, top))
        if CROP_MUST[0] <= _must(item["objects"]) <= CROP_MUST[1]:
            found.append((left, top, item, ids))
        if len(found) == CROPS_A_VIEW:
            return found
    raise SystemExit(f"{recipe['item']} has no {CROPS_A_VIEW} places for a crop.")


def _cut(arrays: Mapping[str, np.ndarray], left: int, top: int) -> dict[str, np.ndarray]:
    """The passes of a square: pictures cut, and the windows of full extents moved."""
    place = np.s_[top : top + CROP_SIDE, left : left + CROP_SIDE]
    pictures = {key: arrays[key][place] for key in ("ids", "depth", "mirrored")}
    windows = {
        key: value - np.array([left, top, 0, 0])
        for key, value in arrays.items()
        if key.startswith("window_")
    }
    return dict(arrays) | pictures | windows


def _nuclei(names: Iterator[str], folder: Path) -> Iterator[dict]:
    for seed in NUCLEI_SEEDS:
        pixels, found = nuclei.picture(seed)
        place, ids, objects = _field([nucleus.mask for nucleus in found], seed)
        side, _ = ids.shape
        item = _named(next(names)) | {
            "width": side,
            "height": side,
            "scene": f"nuclei-{seed}",
            "edge_cases": sorted({case for found in objects for case in found["edge_cases"]}),
            "objects": objects,
            "decoys": [],
        }
        picture = Image.fromarray(pixels[place]).resize((side, side), Image.Resampling.BICUBIC)
        _save(picture.convert("RGB"), folder / item["image"])
        Image.fromarray(ids).save(folder / item["ids"], optimize=True)
        yield item


def _field(masks: Sequence[np.ndarray], seed: int) -> tuple[tuple[slice, slice], np.ndarray, list]:
    """(rows and columns, id map, objects) of a square with a fair number of nuclei, enlarged."""
    rng = np.random.default_rng(seed)
    while True:
        top, left = (int(v) for v in rng.integers(0, nuclei.SIZE - FIELD + 1, 2))
        place = np.s_[top : top + FIELD, left : left + FIELD]
        ids, objects = np.zeros((FIELD * FIELD_SCALE,) * 2, np.uint8), []
        for mask in masks:
            visible = _enlarged(mask[place])
            if visible.sum() < LEAST_PIXELS:
                continue
            x, y, width, height = bounding_box(mask)
            full = _enlarged(mask[y : y + height, x : x + width])
            offset = ((x - left) * FIELD_SCALE, (y - top) * FIELD_SCALE)
            number = len(objects) + 1
            ids[visible] = number
            objects.append(
                {"id": number, "label": "nucleus", **measure(visible, full, offset)}
                | {"full": {"offset": offset, "rle": encode_mask(full)}}
            )
        if NUCLEI_MUST[0] <= _must(objects) <= NUCLEI_MUST[1]:
            return place, ids, objects


def _must(objects: Iterable[Mapping]) -> int:
    return sum(found["level"] == "must" for found in objects)


def _enlarged(mask: np.ndarray) -> np.ndarray:
    return mask.repeat(FIELD_SCALE, 0).repeat(FIELD_SCALE, 1)


def _photographs(names: Iterator[str]) -> Iterator[dict]:
    table = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    photos = {photo["item"]: photo for photo in table["photo"]}
    for source in PHOTOGRAPHS:
        yield photo_truth(photos[source]) | {"item": next(names)}


def _named(item: str) -> dict:
    return {"item": item, "image": f"images/{item}.jpg", "ids": f"ids/{item}.png"}


def _save(picture: Image.Image, target: Path) -> None:
    picture.save(target, quality=JPEG_QUALITY, optimize=True)

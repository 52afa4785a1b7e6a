"""portfolio100: forty streets, forty shelf crops and twenty mixed pictures to deliver as a set."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator

import numpy as np
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW, REPOSITORY
from photo import JPEG_QUALITY, camera_effects, contact_sheet, write_photo
from photographs import SOURCE, photo_truth
from PIL import Image
from renders import read_recipes, render_missing
from shelf_truth import derive_shelf
from shelves import render_missing as render_shelves
from streets import derive_all, edge_counts, shares

from labelschool.datasets.masters import Window, decoys_in, objects_in
from labelschool.datasets.measure import measure
from labelschool.model import TruthItem, encode_mask

sys.path.insert(0, str(REPOSITORY / "tools" / "phantoms"))

import nuclei

STREETS, MIXED_STREETS = 40, 8
CROPS_A_VIEW, CROP_SIDE = 4, 360
CROP_MUST = (3, 8)
"""Least and most objects that count in a shelf crop."""
NUCLEI_SEEDS = range(61, 67)
FIELD, FIELD_SCALE = 150, 3
"""Side of a nuclei picture in px of the simulation, and how much it is enlarged."""
PHOTOGRAPHS = tuple(f"real_photos-{number:02d}" for number in (1, 2, 3, 4, 5, 7))
GUIDELINES = "G1.v1 and G2.v1"
MOTIVATION = """A hundred pictures for a first delivery of one's own (assignment 2): to be boxed,
checked, exported to COCO and YOLO, split by scene and described on a card."""
MAKING = """Streets are rendered as `street_lite`, eight of them with a long lens for the mixed
part. Shelf crops are cut from ten further views of the shelves of `shelf_lite`, four from each, at
places that a seed chooses; crops of one view share a scene. Nuclei are simulated as `nuclei12`. Six
photographs lie in installed packages and stay there. All truth but that of the photographs is
measured on masks."""
GAPS = """Three kinds of rendered picture and six photographs are no sample of anything. Crops of
one shelf view overlap in part. Nuclei are boxed, though outlines would suit them better."""


def build(name: str) -> None:
    """Write ``datasets/portfolio100``; starts the renderer for pictures that are missing."""
    render_missing(name)
    render_shelves("shelf_extra")
    folder = fresh_folder(name, "images", "ids")
    truth = [*_streets(name, folder), *_shelves(name, folder)]
    truth += [*_nuclei(name, folder, len(truth)), *_photographs(name, len(truth) + 6)]
    truth.sort(key=lambda item: item["item"])
    entries = [
        {key: item[key] for key in ("item", "image", "width", "height")} | {"batch": item["batch"]}
        for item in truth
    ]
    for item in truth:
        del item["batch"]
    write_pool(folder, "counted", "boxes", "G1.v1", entries, truth)
    ours = [folder / item["image"] for item in truth if not item["image"].startswith("wheel:")]
    contact_sheet(ours, folder / CONTACT_SHEET, 12)
    must = [[o for o in item["objects"] if o["level"] == "must"] for item in truth]
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=[
            ("pictures", shares(entry["batch"] for entry in entries)),
            ("scenes", len({item["scene"] for item in truth})),
            ("`must` objects", f"{sum(map(len, must))}, at most {max(map(len, must))} a picture"),
            ("labels", shares(o["label"] for objects in must for o in objects)),
        ],
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(edge_counts(truth).items()),
    )
    finish(folder, GUIDELINES, sheet)


def _streets(name, folder) -> Iterator[dict]:
    for _, item, ids in derive_all(name):
        Image.fromarray(ids).save(folder / item["ids"], optimize=True)
        write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], item["light"])
        number = int(item["item"].rsplit("-", 1)[1])
        yield item | {"batch": "street" if number <= STREETS else "mixed"}


def _shelves(name, folder) -> Iterator[dict]:
    number = STREETS + MIXED_STREETS
    for recipe in read_recipes("shelf_extra"):
        raw = RAW / "shelf_extra" / recipe["item"]
        view, ids = derive_shelf(raw)
        master = TruthItem.model_validate(view)
        rng = np.random.default_rng(recipe["seed"])
        with Image.open(raw.with_suffix(".png")) as opened:
            pixels = np.asarray(opened.convert("RGB"), float)
        for window, objects in _crops(master, ids, rng):
            number += 1
            item = f"{name}-{number:03d}"
            rows, columns = window.rows(), window.columns()
            crop = camera_effects(pixels[rows][:, columns], "day", item)
            entry = _entry(item, CROP_SIDE, CROP_SIDE, "shelf", recipe["scene"])
            Image.fromarray(crop).save(folder / entry["image"], quality=JPEG_QUALITY, optimize=True)
            Image.fromarray(ids[rows][:, columns]).save(folder / entry["ids"], optimize=True)
            decoys = decoys_in(window, master)
            found = [obj.model_dump(mode="json") for obj in objects]
            cases = {case for obj in found if obj["level"] == "must" for case in obj["edge_cases"]}
            cases |= {decoy.kind for decoy in decoys}
            yield (
                entry
                | {"objects": found, "decoys": list(map(dict, decoys))}
                | {"edge_cases": sorted(cases)}
            )


def _crops(master, ids, rng):
    """Windows of a view that hold a fair number of objects and overlap least."""
    tried = []
    for _ in range(400):
        left = float(rng.integers(0, master.width - CROP_SIDE + 1))
        top = float(rng.integers(0, master.height - CROP_SIDE + 1))
        window = Window(left, top, 1.0, (CROP_SIDE, CROP_SIDE), False)
        apart = min((abs(left - w.left) + abs(top - w.top) for w, _ in tried), default=999)
        if apart < CROP_SIDE / 3:
            continue
        objects = objects_in(window, master, ids)
        if CROP_MUST[0] <= sum(obj.level == "must" for obj in objects) <= CROP_MUST[1]:
            tried.append((window, objects))
        if len(tried) == CROPS_A_VIEW:
            return tried
    raise SystemExit(f"{master.item} has no {CROPS_A_VIEW} places for a crop.")


def _nuclei(name, folder, done) -> Iterator[dict]:
    for number, seed in enumerate(NUCLEI_SEEDS, done + 1):
        pixels, found = nuclei.picture(seed)
        rng = np.random.default_rng(seed)
        top, left = rng.integers(40, nuclei.SIZE - FIELD - 40, 2)
        place = np.s_[top : top + FIELD, left : left + FIELD]
        item, side = f"{name}-{number:03d}", FIELD * FIELD_SCALE
        entry = _entry(item, side, side, "mixed", f"nuclei-{seed}")
        Image.fromarray(pixels[place]).resize((side, side), Image.Resampling.BICUBIC).convert(
            "RGB"
        ).save(folder / entry["image"], quality=JPEG_QUALITY, optimize=True)
        ids, objects = np.zeros((side, side), np.uint8), []
        for nucleus in found:
            grown = nucleus.mask.repeat(FIELD_SCALE, 0).repeat(FIELD_SCALE, 1)
            corner = (-int(left) * FIELD_SCALE, -int(top) * FIELD_SCALE)
            visible = nucleus.mask[place].repeat(FIELD_SCALE, 0).repeat(FIELD_SCALE, 1)
            if not visible.any():
                continue
            ids[visible] = len(objects) + 1
            measured = measure(visible, grown, corner)
            extent = {"offset": corner, "rle": encode_mask(grown)}
            objects.append({"id": len(objects) + 1, "label": "nucleus", "full": extent, **measured})
        Image.fromarray(ids).save(folder / entry["ids"], optimize=True)
        yield entry | {"objects": objects, "decoys": [], "edge_cases": []}


def _photographs(name, done) -> Iterator[dict]:
    table = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    photos = {photo["item"]: photo for photo in table["photo"]}
    for number, source in enumerate(PHOTOGRAPHS, done + 1):
        truth = photo_truth(photos[source])
        yield truth | {"item": f"{name}-{number:03d}", "batch": "mixed"}


def _entry(item, width, height, batch, scene) -> dict:
    return {
        "item": item,
        "image": f"images/{item}.jpg",
        "ids": f"ids/{item}.png",
        "width": width,
        "height": height,
        "light": "day",
        "weather": "dry",
        "scene": scene,
        "batch": batch,
    }

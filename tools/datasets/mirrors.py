"""Scenes on which published guidelines contradict each other or agree against habit: mirrors12.

Each item is a crop with one thing outlined and asks the same question under two rule sheets: does
it get a label? The answers follow from what the sheets say of that kind of thing.
"""

from __future__ import annotations

import random
from collections import Counter

from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW
from photo import JPEG_QUALITY, contact_sheet
from PIL import Image, ImageDraw
from renders import render_missing
from streets import derive_all

GUIDELINE = "sheets.v1"
SHEETS = ("VOC-like", "Waymo-like")
ANSWERS = {
    "mirror": (("label", 3), ("no label", 5)),
    "reflection": (("no label", 4), ("no label", 5)),
    "poster": (("silent", None), ("no label", 6)),
    "side_mirror": (("side mirrors in", 1), ("side mirrors in", 7)),
}
"""Kind -> what follows from each sheet, and the rule of guideline ``sheets`` that decides.
``silent``: the sheet does not say, so it is escalated."""
NOTES = {
    "mirror": "VOC-like: objects in mirrors are labelled. Waymo-like: reflections are not.",
    "reflection": "VOC-like: a reflection on glass hides what is behind it and is no object. "
    "Waymo-like: reflections are not labelled.",
    "poster": "Waymo-like: posters are not labelled. The VOC-like sheet does not speak of them.",
    "side_mirror": "VOC-like: the visible area counts, and a mirror is no thin part below 5 %. "
    "Waymo-like: side mirrors belong to the box.",
}
NEEDED = {"mirror": 4, "reflection": 4, "poster": 2, "side_mirror": 2}
"""Of every kind, how many a pool holds."""
WIDTH, HEIGHT = 420, 315
CONTEXT = 2.2
"""A crop is so many times as wide as the thing it asks about, at least."""
OUTLINE = (255, 214, 10)
MOTIVATION = """Twelve scenes to practise on and twelve that count (exercise 1.C). The same picture
has different right answers under different guidelines: street mirrors, shop windows, posters, side
mirrors."""
MAKING = """Crops of rendered streets; the outlined thing comes from the truth of the render. The
answers apply the sentences on mirrors, glass, posters and side mirrors of the PASCAL VOC 2007/2009
and the Waymo Open Dataset guidelines, as cited in the course's facts F12 and F13."""
GAPS = """Reflections are those of placed mirrors and glass fronts. The rule sheets are short
summaries, not the guidelines themselves."""


def build(name: str) -> None:
    """Write ``datasets/mirrors12``; starts the renderer for pictures that are missing."""
    render_missing(name)
    folder, pools = fresh_folder(name, "images"), {}
    for recipe, item, _ in derive_all(name):
        kind, bbox = _subject(item)
        crop = _crop(RAW / name / f"{item['item']}.png", bbox)
        target = folder / item["image"]
        crop.save(target, quality=JPEG_QUALITY, optimize=True)
        entry = {
            "item": item["item"],
            "image": item["image"],
            "width": crop.width,
            "height": crop.height,
        }
        answers = dict(zip(SHEETS, ANSWERS[kind], strict=True))
        truth = {
            "item": item["item"],
            "scene": item["scene"],
            "edge_cases": [kind],
            "choices": {sheet: [answer] for sheet, (answer, _) in answers.items()},
            "rules": {sheet: rule for sheet, (_, rule) in answers.items() if rule},
            "note": NOTES[kind],
        }
        pools.setdefault(recipe["pool"], []).append((entry, truth))
    for pool, pairs in pools.items():
        counts = Counter(truth["edge_cases"][0] for _, truth in pairs)
        if counts != NEEDED:
            raise SystemExit(f"{name}/{pool} shows {dict(counts)} and needs {NEEDED}.")
        # The place of a picture in one pool tells nothing of the other.
        random.Random(pool).shuffle(pairs)
        write_pool(folder, pool, "text", GUIDELINE, *zip(*pairs, strict=True))
    every = sorted(entry["image"] for pairs in pools.values() for entry, _ in pairs)
    contact_sheet([folder / image for image in every], folder / CONTACT_SHEET, 6)
    total = Counter(truth["edge_cases"][0] for pairs in pools.values() for _, truth in pairs)
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=[("pools", ", ".join(f"{pool} {len(p)}" for pool, p in pools.items()))],
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(total.items()),
    )
    finish(folder, GUIDELINE, sheet)


def _subject(item: dict):
    """(kind, box) of what a picture asks about: the vehicle posed for it, else its largest decoy.

    Raises ValueError where a picture holds neither.
    """
    for found in item["objects"]:
        if "side_mirror" in found["edge_cases"]:
            return "side_mirror", found["bbox"]
    found = [decoy for decoy in item["decoys"] if decoy["kind"] in ANSWERS]
    largest = max(found, key=lambda decoy: decoy["bbox"][2] * decoy["bbox"][3])
    return largest["kind"], largest["bbox"]


def _crop(source, bbox) -> Image.Image:
    """The surroundings of a box at 4:3, with the box outlined."""
    x, y, width, height = bbox
    with Image.open(source) as opened:
        picture = opened.convert("RGB")
    side = max(CONTEXT * width, CONTEXT * height * 4 / 3, 150)
    side = min(side, picture.width, picture.height * 4 / 3)
    left = min(max(x + width / 2 - side / 2, 0), picture.width - side)
    top = min(max(y + height / 2 - side * 3 / 8, 0), picture.height - side * 3 / 4)
    crop = picture.resize(
        (WIDTH, HEIGHT), Image.Resampling.LANCZOS, (left, top, left + side, top + side * 3 / 4)
    )
    scale = WIDTH / side
    corners = (
        (x - left) * scale - 3,
        (y - top) * scale - 3,
        (x + width - left) * scale + 2,
        (y + height - top) * scale + 2,
    )
    pen = ImageDraw.Draw(crop)
    pen.rectangle([c + d for c, d in zip(corners, (-1, -1, 1, 1), strict=True)], outline=(0, 0, 0))
    pen.rectangle(corners, outline=OUTLINE, width=2)
    return crop

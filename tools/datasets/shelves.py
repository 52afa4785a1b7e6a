"""Shelf pictures with boxes: render what is missing, then derive pictures, id maps and truth."""

from __future__ import annotations

import json

from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, picture_entry, write_pool
from paths import RAW
from photo import JPEG_QUALITY, contact_sheet, write_photo
from PIL import Image
from renders import read_recipes, render_missing
from shelf_bay import with_bay
from shelf_truth import derive_shelf
from sku_book import read_skus, twins
from streets import edge_counts, shares

GUIDELINE = "G2.v1"
BAY_POOLS = ("practice", "counted")
"""Pools whose pictures have a marked bay; the masters of the exam are cut instead."""
PAPER = (244, 244, 242)
MOTIVATION = """Dense shelves with fourteen articles, five pairs of them near-identical, for
exercise 4.F and the retail batch of assignment 4. In the practice and counted pools a marked bay of
about thirty objects is to be labelled; the exam pool holds masters of twice the frame size, from
which pictures are cut."""
MAKING = """Rendered, not photographs: products, brands, price tags, hands and carts are invented
and made by our own code (Blender bpy 5.0.1 by `tools/scenes`, truth by `tools/datasets`), so the
truth is exact. Lines, traps, camera and light of every picture stand in
`tools/scenes/recipes/shelf_lite.toml`. Boxes and areas come from the id map in `ids/`, `full` is
the mask of the whole object. A gap has the size of the missing fronts. `must`: front-row units,
tags and gaps of which at least 40 % is visible, at most half lies outside the picture and the
shorter side has 12 px; `ignore`: back rows, the rest, what a pane mirrors products over, and
everything of which less than 75 % lies in the bay. `row` counts the boards from the bottom.
`brand-other` where less than 35 % of the label art (50 % for near-identical pairs) is in sight or
the pack shows its back. A bay holds 28 to 34 objects of whole boards, at the place with
most traps."""
GAPS = """Fourteen articles only, all in perfect shape: no dents, no torn labels. Back rows are as
tidy as fronts. People are a hand and a sleeve. A gap always shows an empty column; half-empty
columns do not occur. Reflections are listed where front units are mirrored in 60 px or more, also
where they are faint. Cycles may give slightly different pixels on another processor, so the
committed files, not a new render, are the reference."""


def write_skus(folder) -> None:
    """``skus.json`` and a reference picture of every article in ``skus/``."""
    rows = []
    for sku in read_skus():
        picture = f"skus/{sku['id']}.jpg"
        with Image.open(RAW / "shelf" / "skus" / f"{sku['id']}.png") as opened:
            shown = opened.convert("RGBA")
        paper = Image.new("RGB", shown.size, PAPER)
        paper.paste(shown, mask=shown)
        paper.save(folder / picture, quality=JPEG_QUALITY, optimize=True)
        kept = {key: sku.get(key) for key in ("id", "brand", "name", "kind", "twin", "mark")}
        rows.append({**kept, "picture": picture})
    text = json.dumps({"skus": rows}, indent=1, ensure_ascii=False)
    (folder / "skus.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def pairs() -> list[tuple[str, str, str, str]]:
    """(article, its mark, near-identical article, its mark), each pair once."""
    by_id = {sku["id"]: sku for sku in read_skus()}
    return [
        (name, by_id[name]["mark"], twin, by_id[twin]["mark"])
        for name, twin in twins().items()
        if list(by_id).index(name) < list(by_id).index(twin)
    ]


def composition(pools, facings) -> list[tuple[str, object]]:
    """Rows of the datasheet, counted from the truth items of ``{pool: items}``; ``facings`` are
    the numbers of units that count in each whole picture.
    """
    items = [item for pool in pools.values() for item in pool]
    must = [found for item in items for found in item["objects"] if found["level"] == "must"]
    rows = [("pools", ", ".join(f"{pool} {len(found)}" for pool, found in pools.items()))]
    rows.append(("sizes", shares(f"{item['width']} x {item['height']}" for item in items)))
    for pool, found in pools.items():
        counts = [sum(each["level"] == "must" for each in item["objects"]) for item in found]
        rows.append((f"`must`, {pool}", f"{min(counts)} to {max(counts)} a picture"))
    rows += [
        ("front-row facings in the whole picture", f"{min(facings)} to {max(facings)} a picture"),
        ("`must` by label", shares(found["label"] for found in must)),
        ("`ignore`", sum(len(item["objects"]) for item in items) - len(must)),
    ]
    return rows + [
        (f"pair {index}", f"{first} ({mark}) and {second} ({other})")
        for index, (first, mark, second, other) in enumerate(pairs(), 1)
    ]


def count_facings(item) -> int:
    """How many units count in a picture."""
    return sum(
        found["level"] == "must" and found["label"] not in ("gap", "tag")
        for found in item["objects"]
    )


def item_entry(item) -> dict:
    """What a learner may know of a picture."""
    return picture_entry(item) | ({"bay": item["bay"]} if "bay" in item else {})


def build(name: str) -> None:
    """Write ``datasets/NAME``; starts the renderer for pictures that are missing."""
    render_missing(name, script="render_shelf.py")
    folder, pools, facings = fresh_folder(name, "images", "ids", "skus"), {}, []
    for recipe in read_recipes(name):
        item, id_map = derive_shelf(RAW / name / recipe["item"])
        facings.append(count_facings(item))
        item = with_bay(item) if recipe["pool"] in BAY_POOLS else item
        Image.fromarray(id_map).save(folder / item["ids"], optimize=True)
        write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], item["light"])
        pools.setdefault(recipe["pool"], []).append(item)
    for pool, items in pools.items():
        write_pool(folder, pool, "boxes", GUIDELINE, [item_entry(item) for item in items], items)
    write_skus(folder)
    every = [item for items in pools.values() for item in items]
    contact_sheet([folder / item["image"] for item in every], folder / CONTACT_SHEET)
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=composition(pools, facings),
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(edge_counts(every).items()),
    )
    finish(folder, GUIDELINE, sheet)

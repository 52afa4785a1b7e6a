"""Street pictures with boxes: render what is missing, then derive pictures, id maps and truth."""

from __future__ import annotations

from collections import Counter

from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW
from photo import contact_sheet, write_photo
from PIL import Image
from renders import read_recipes, render_missing
from street_truth import RecipeError, derive_item

GUIDELINE = "G1.v1"
MOTIVATION = {
    "starter10": "Ten easy street pictures: three to practise on in the first evening, seven that "
    "count (exercise 1.A).",
    "street_lite": "Street pictures with every edge case guideline G1 speaks of. The counted pool "
    "has batches: `a` for assignment 1, `b` for exercise 2.A, `hard` for exercise 4.A and "
    "`dossier` for assignment 4. The exam pool holds masters of twice the frame size; a form of "
    "the exam cuts its pictures out of them.",
}
MAKING = """Rendered, not photographs: streets, cars, people, posters and shop names are invented
and made by our own code (Blender bpy 5.0.1 by `tools/scenes`, truth by `tools/datasets`), so the
truth is exact. Seeds, layouts and edge cases of every picture stand in `tools/scenes/recipes`.
Boxes and areas come from the id map in `ids/`; fragments below 6 px or 1.5 % of an object are
dropped from it, decoys carry no id. `full` is the mask of the whole object, `amodal_bbox` and
`truncation` come from it; it is cast on a sensor three times as wide and high. `level`: `must` if
at least 40 % is visible and the shorter side has 12 px, for placed edge cases down to 10 % and 6 px
of height; the rest is `ignore`.

How G1 decides what it does not name: a rider astride with one foot on the ground is on the bicycle
and so a cyclist with one box (`mounting`, rule 1); a person beside a bicycle would be a person only
(rule 11). A car on a recovery truck and the truck are two vehicles and have a box each
(`on_carrier`, rules 1 and 2), as a trailer has its own (rule 12). A parcel van has no separate
cargo body and is a van, though from behind it looks like a truck (`van_truck`)."""
GAPS = """People are simplified and best below 100 px of height. Glass is opaque. Car models
repeat. What ordinary shop windows, bus windows and wet roads mirror by chance is not listed as a
decoy, only what placed glass fronts, puddles and street mirrors show. Cycles may give slightly
different pixels on another processor, so the committed files, not a new render, are the
reference."""


def derive_all(name: str):
    """(recipe, truth item, id map) of every picture of a set.

    Raises SystemExit with all sentences where pictures do not show what their recipes say.
    """
    derived, problems = [], []
    for recipe in read_recipes(name):
        try:
            derived.append((recipe, *derive_item(RAW / name / recipe["item"])))
        except RecipeError as problem:
            problems.append(str(problem))
    if problems:
        raise SystemExit("\n".join(problems))
    return derived


def item_entry(item, batch=None):
    """What a learner may know of a picture."""
    entry = {key: item[key] for key in ("item", "image", "width", "height")}
    return entry | ({"batch": batch} if batch else {})


def edge_counts(items):
    """How often each edge case occurs: by object where an object carries it, else by decoy, else
    by picture.
    """
    counts = Counter()
    for item in items:
        of_parts = Counter(
            name
            for found in item["objects"]
            if found["level"] == "must" or found["crowd"]
            for name in found["edge_cases"]
        ) + Counter(decoy["kind"] for decoy in item["decoys"])
        counts += of_parts + Counter(set(item["edge_cases"]) - set(of_parts))
    return counts


def shares(values):
    """``day 8, dusk 3`` from a list of words."""
    return ", ".join(f"{word} {count}" for word, count in Counter(values).most_common())


def composition(pools, batches):
    """Rows of the datasheet, counted from the truth items of ``{pool: items}`` and the batches of
    all items that have one.
    """
    items = [item for pool in pools.values() for item in pool]
    objects = [found for item in items for found in item["objects"]]
    must = [found for found in objects if found["level"] == "must"]
    rows = [("pools", ", ".join(f"{pool} {len(found)}" for pool, found in pools.items()))]
    if batches:
        rows.append(("batches", shares(batches)))
    rows.append(("sizes", shares(f"{item['width']} x {item['height']}" for item in items)))
    for pool, found in pools.items():
        counts = [sum(each["level"] == "must" for each in item["objects"]) for item in found]
        mean = sum(counts) / len(counts)
        rows.append((f"`must`, {pool}", f"{sum(counts)}; {mean:.1f} a picture, {max(counts)} most"))
    rows += [
        ("`must` by class", shares(found["label"] for found in must)),
        ("`ignore`", len(objects) - len(must)),
        ("light", shares(item["light"] for item in items)),
        ("rain", sum(item["weather"] == "rain" for item in items)),
    ]
    return rows


def build(name: str) -> None:
    """Write ``datasets/NAME``; starts the renderer for pictures that are missing."""
    render_missing(name)
    derived = derive_all(name)
    folder, pools, entries = fresh_folder(name, "images", "ids"), {}, {}
    for recipe, item, id_map in derived:
        Image.fromarray(id_map).save(folder / item["ids"], optimize=True)
        write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], item["light"])
        pools.setdefault(recipe["pool"], []).append(item)
        entries.setdefault(recipe["pool"], []).append(item_entry(item, recipe.get("batch")))
    for pool, items in pools.items():
        write_pool(folder, pool, "boxes", GUIDELINE, entries[pool], items)
    every = [item for items in pools.values() for item in items]
    contact_sheet([folder / item["image"] for item in every], folder / CONTACT_SHEET)
    sheet = Datasheet(
        motivation=MOTIVATION[name],
        composition=composition(pools, [r["batch"] for r, _, _ in derived if "batch" in r]),
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(edge_counts(every).items()),
    )
    finish(folder, GUIDELINE, sheet)

"""Objects to outline by mask (parts16), and proposed masks to judge (proposals40)."""

from __future__ import annotations

from collections import Counter

import cutouts
import proposals
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW
from photo import contact_sheet, write_photo
from renders import read_recipes

GUIDELINE = "G14.v1"
MOTIVATION = """Pictures with one object to outline, sometimes two (exercise 2.B and the exam):
objects with holes, objects that a post, a bar or a strap splits into parts, thin parts, and plain
ones with tricky edges. Guideline G14: visible pixels, holes out, several parts under one id."""
MAKING = f"""Rendered, not photographs: all things and rooms are made by our own code (Blender bpy
5.0.1 by `tools/scenes`, truth by `tools/datasets`). Places, colours and cameras stand in
`tools/scenes/recipes/parts16.toml`. A mask holds the pixels whose centre shows the object. Pieces
below {cutouts.LEAST_PIECE} px or {cutouts.LEAST_SHARE:.1%} of the object are dropped, such holes
are filled. `parts` and `holes` are counted on the mask (pieces by 8-connectivity, holes by 4). Edge
cases are measured: `hole`, one of at least {cutouts.LEAST_HOLE} px; `split`, a second part of at
least {cutouts.LEAST_PART:.0%} of the object; `thin`, a part narrower than {cutouts.THIN_WIDTH} px
and at least {cutouts.THIN_LENGTH} px long."""
GAPS = """No glass or other see-through things, no fur and no motion blur, which make real masks
hard. Things are clean and new, and stand in tidy places. A part that an object shows on both sides
of a wire of one pixel counts as one. Cycles may give slightly different pixels on another
processor, so the committed files, not a new render, are the reference."""


def build(name: str) -> None:
    """Write ``datasets/NAME``; starts the renderer for pictures that are missing."""
    {"parts16": build_parts, "proposals40": proposals.build}[name](name)


def truth_of(name: str, recipe: dict) -> dict:
    """The truth of one picture. Raises SystemExit where it does not show what its recipe says."""
    _, entries, arrays = cutouts.read_raw(RAW / name / recipe["item"])
    objects = []
    for entry in entries:
        if not entry["target"]:
            continue
        mask = cutouts.cleaned(arrays["ids"] == entry["id"])
        found = cutouts.measured(entry["id"], entry["label"].replace("_", " "), mask)
        if missing := set(entry["edge_cases"]) - set(found["edge_cases"]):
            raise SystemExit(
                f"{recipe['item']}: the {entry['label']} does not show {sorted(missing)}"
            )
        objects.append(found)
    height, width = arrays["ids"].shape
    return {
        "item": recipe["item"],
        "image": f"images/{recipe['item']}.jpg",
        "width": width,
        "height": height,
        "scene": recipe["scene"],
        "edge_cases": sorted({case for found in objects for case in found["edge_cases"]}),
        "objects": objects,
    }


def build_parts(name: str) -> None:
    """Write ``datasets/parts16``."""
    cutouts.render_missing(name)
    pools = {}
    for recipe in read_recipes(name):
        pools.setdefault(recipe["pool"], []).append(truth_of(name, recipe))
    folder = fresh_folder(name, "images")
    for pool, items in pools.items():
        for item in items:
            write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], "day")
        entries = [
            {key: item[key] for key in ("item", "image", "width", "height")}
            | {"asked": [found["label"] for found in item["objects"]]}
            for item in items
        ]
        write_pool(folder, pool, "masks", GUIDELINE, entries, items)
    every = [item for items in pools.values() for item in items]
    contact_sheet([folder / item["image"] for item in every], folder / CONTACT_SHEET, 8)
    objects = [found for item in every for found in item["objects"]]
    labels = Counter(found["label"] for found in objects)
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=[
            ("pools", ", ".join(f"{pool} {len(items)}" for pool, items in pools.items())),
            ("size", "640 x 480"),
            ("objects", len(objects)),
            ("kinds", ", ".join(f"{label} {count}" for label, count in labels.most_common())),
            ("parts", ", ".join(_shares(found["parts"] for found in objects))),
            ("holes", ", ".join(_shares(found["holes"] for found in objects))),
        ],
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(Counter(case for found in objects for case in found["edge_cases"]).items()),
    )
    finish(folder, GUIDELINE, sheet)


def _shares(numbers):
    return [f"{number}: {count} objects" for number, count in sorted(Counter(numbers).items())]

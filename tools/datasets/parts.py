"""Objects to outline by mask: parts16."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import cutouts
from common import picture_entry
from stills import PictureSet, Rows
from streets import shares

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


def objects_of(recipe: Mapping, entries: Sequence[Mapping], arrays: Mapping) -> list[dict]:
    """The objects to outline. Raises SystemExit where one does not show what its recipe says."""
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
    return objects


def entry_of(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may know of a picture: also what is to be outlined."""
    return picture_entry(item) | {"asked": [found["label"] for found in item["objects"]]}


def rows_of(objects: Sequence[Mapping[str, Any]]) -> Rows:
    """Rows of the datasheet, counted from all objects."""
    yield "objects", len(objects)
    yield "kinds", shares(found["label"] for found in objects)
    for measure in ("parts", "holes"):
        counts = sorted(Counter(found[measure] for found in objects).items())
        yield measure, ", ".join(f"{number}: {count} objects" for number, count in counts)


build = PictureSet(
    modality="masks",
    guideline="G14.v1",
    field="objects",
    records_of=objects_of,
    rows_of=rows_of,
    motivation=MOTIVATION,
    making=MAKING,
    gaps=GAPS,
    entry_of=entry_of,
).build

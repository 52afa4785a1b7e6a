"""Crops for tagging, cut from rendered street pictures at their truth boxes.

``street_tags.toml`` lists which object each crop shows.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path

from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW
from photo import JPEG_QUALITY, contact_sheet
from PIL import Image, ImageFilter
from renders import render_missing
from street_truth import derive_item

LEAST_SIDE, MOST_SIDE = 160, 420
"""Pixels of the shorter side after enlarging, and a limit for the longer one."""
CONTEXT = 0.22
"""Margin around the box as a share of its longer side."""
HERE = Path(__file__).resolve().parent
MOTIVATION = """Crops for tagging (exercise 1.B): car, van, truck, bus, person, cyclist, light,
sign. The practice pool is the monotonous shift of the first evening."""
MAKING = """Cut from our own renders at their truth boxes plus context, enlarged so that the shorter
side has at least 160 px. Rendered, not photographs. `labels` is the set of accepted classes, the
truth of the source picture first: two where the picture does not decide, none where the crop is
unusable (blurred until nobody should label it). Which object each crop shows stands in
`tools/datasets/street_tags.toml`."""
GAPS = """Crops from small objects are soft. The same car models repeat. Signs are of seven kinds.
That a crop is ambiguous was judged by looking at it, not measured with annotators."""


def crop_window(box, width, height, margin):
    """Box with context, widened to at most 2:1, inside the frame; (left, top, right, bottom)."""
    x, y, w, h = box
    pad = margin * max(w, h) + 3
    half_w, half_h = w / 2 + pad, h / 2 + pad
    half_w, half_h = max(half_w, half_h / 2), max(half_h, half_w / 2)
    middle_x, middle_y = x + w / 2, y + h / 2
    return (
        max(0, round(middle_x - half_w)),
        max(0, round(middle_y - half_h)),
        min(width, round(middle_x + half_w)),
        min(height, round(middle_y + half_h)),
    )


def enlarge(crop):
    """Scale so that the shorter side reaches ``LEAST_SIDE``.

    Large crops shrink to ``MOST_SIDE``.
    """
    factor = max(1.0, LEAST_SIDE / min(crop.size))
    if max(crop.size) * factor > MOST_SIDE:
        factor = max(LEAST_SIDE / min(crop.size), MOST_SIDE / max(crop.size))
    return crop.resize(
        (round(crop.width * factor), round(crop.height * factor)), Image.Resampling.BICUBIC
    )


def cut_crop(row, derived, target: Path) -> dict:
    """Write one crop to ``target`` and return its truth item; ``derived`` keeps source truths."""
    source = row["source"]
    raw = RAW / source.rsplit("-", 1)[0] / source
    if source not in derived:
        derived[source] = derive_item(raw, strict=False)[0]
    truth = derived[source]
    found = next(entry for entry in truth["objects"] if entry["id"] == row["object"])
    with Image.open(raw.with_suffix(".png")) as opened:
        window = crop_window(found["bbox"], truth["width"], truth["height"], CONTEXT)
        crop = enlarge(opened.convert("RGB").crop(window))
    if row.get("blur"):
        crop = crop.filter(ImageFilter.GaussianBlur(row["blur"]))
    crop.save(target, quality=JPEG_QUALITY, optimize=True)
    unusable = row.get("unusable", False)
    labels = [] if unusable else row.get("labels", [found["label"]])
    return {
        "item": row["item"],
        "image": f"images/{row['item']}.jpg",
        "width": crop.width,
        "height": crop.height,
        "labels": labels,
        "ambiguous": len(labels) == 2,
        "unusable": unusable,
        "edge_cases": ["ambiguous"] * (len(labels) == 2) + ["unusable"] * unusable,
        "scene": truth["scene"],
        "light": truth["light"],
        "weather": truth["weather"],
        "source": source,
        "object": row["object"],
    }


def composition(pools):
    """Rows of the datasheet, counted from ``{pool: items}``."""
    rows = []
    for pool, items in pools.items():
        clear = Counter(item["labels"][0] for item in items if len(item["labels"]) == 1)
        words = ", ".join(f"{label} {count}" for label, count in clear.most_common())
        rows.append((f"{pool}, {len(items)} crops", f"clear: {words}"))
    return rows


def build(name: str) -> None:
    """Write ``datasets/NAME``; starts the renderer for source pictures that are missing."""
    rows = tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))["crop"]
    sources = {row["source"] for row in rows}
    for origin in sorted({source.rsplit("-", 1)[0] for source in sources}):
        render_missing(origin, sources)
    folder, derived, pools = fresh_folder(name, "images"), {}, {}
    for row in rows:
        item = cut_crop(row, derived, folder / "images" / f"{row['item']}.jpg")
        pools.setdefault(row["pool"], []).append(item)
    for pool, items in pools.items():
        entries = [
            {key: item[key] for key in ("item", "image", "width", "height")} for item in items
        ]
        write_pool(folder, pool, "tags", "G1.v1", entries, items)
    every = [item for items in pools.values() for item in items]
    contact_sheet([folder / item["image"] for item in every], folder / CONTACT_SHEET, 12)
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=composition(pools),
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(Counter(case for item in every for case in item["edge_cases"]).items()),
    )
    finish(folder, "G1.v1", sheet)

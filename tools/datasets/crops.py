"""Crops for tagging, cut from rendered pictures at their truth boxes."""

from __future__ import annotations

import tomllib
from pathlib import Path

from datasheet import tag_datasheet
from street_truth import derive_item
from paths import RAW
from photo import JPEG_QUALITY
from PIL import Image, ImageFilter

LEAST_SIDE, MOST_SIDE = 160, 420
"""Pixels of the shorter side after enlarging, and a limit for the longer one."""
CONTEXT = 0.22
"""Margin around the box as a share of its longer side."""
HERE = Path(__file__).resolve().parent


def is_tag_set(name: str) -> bool:
    return (HERE / f"{name}.toml").exists()


def read_table(name: str) -> dict:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


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


def cut_crops(table: dict, folder: Path) -> list[dict]:
    """Write all crops of the table into ``folder`` and return their truth items."""
    items, derived = [], {}
    for row in table["crop"]:
        source = row["source"]
        if source not in derived:
            raw = RAW / source.rsplit("-", 1)[0] / source
            derived[source] = (derive_item(raw, strict=False)[0], raw.with_suffix(".png"))
        truth, picture = derived[source]
        found = next(entry for entry in truth["objects"] if entry["id"] == row["object"])
        with Image.open(picture) as opened:
            window = crop_window(
                found["bbox"], truth["width"], truth["height"], row.get("context", CONTEXT)
            )
            crop = opened.convert("RGB").crop(window)
        crop = enlarge(crop)
        if row.get("blur"):
            crop = crop.filter(ImageFilter.GaussianBlur(row["blur"]))
        crop.save(folder / "images" / f"{row['item']}.jpg", quality=JPEG_QUALITY, optimize=True)
        unusable = row.get("unusable", False)
        labels = [] if unusable else row.get("labels", [found["label"]])
        items.append(
            {
                "item": row["item"],
                "image": f"images/{row['item']}.jpg",
                "width": crop.width,
                "height": crop.height,
                "labels": labels,
                "ambiguous": len(labels) == 2,
                "unusable": unusable,
                "source": source,
                "object": row["object"],
            }
        )
    return items


def datasheet(name, table, items):
    return tag_datasheet(name, table["what"], table["guideline"], items)

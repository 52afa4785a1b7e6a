"""Finished street labels with errors put in, to be reviewed: street_batches."""

from __future__ import annotations

from collections import Counter

from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from paths import RAW
from photo import contact_sheet, write_photo
from renders import render_missing
from streets import GUIDELINE, derive_all, item_entry

from labelschool.model import TruthItem
from labelschool.quality.injected import CODES
from labelschool.quality.review_tasks import review_tasks

CLASSES = ("car", "van", "truck", "bus", "person", "cyclist", "trailer")
ERRORS = dict.fromkeys(CODES, 4) | {"E6": 5}
"""How many of each error are put into a pool; loose boxes are the commonest in practice too."""
UGLY = 6
"""Right labels of a pool that look wrong at first sight."""
SEEDS = {"practice": 3_301, "counted": 3_302}
HUNT = (14, 16, 18, 22, 23)
"""Pictures of the counted pool for the defect hunt of assignment 1: fifteen errors, every code."""
MOTIVATION = """Street pictures whose labels are finished, but not all of them right: a reviewer's
desk for exercise 3.F and the defect hunt of assignment 1. About two labels in five are right, and
some of those look wrong at first sight."""
GAPS = """The errors are injected by rules (`labelschool.quality.injected`), one to an object;
people make several at once. Right labels are exact within half a pixel."""


def build(name: str) -> None:
    """Write ``datasets/street_batches``; starts the renderer for pictures that are missing."""
    render_missing(name)
    folder, pools, verdicts = fresh_folder(name, "images"), {}, []
    for recipe, item, _ in derive_all(name):
        write_photo(RAW / name / f"{item['item']}.png", folder / item["image"], item["light"])
        pools.setdefault(recipe["pool"], []).append(item)
    for pool, items in pools.items():
        truth = [TruthItem.model_validate(item) for item in items]
        proposals, reviews = review_tasks(
            truth, SEEDS[pool], classes=CLASSES, errors=ERRORS, ugly=UGLY
        )
        entries = [
            item_entry(item, _batch(pool, item["item"]))
            | {
                "proposals": [
                    box.model_dump(mode="json", exclude_defaults=True) | {"type": "box"}
                    for box in proposals[item["item"]]
                ]
            }
            for item in items
        ]
        write_pool(folder, pool, "review", GUIDELINE, entries, reviews)
        verdicts += [verdict for review in reviews for verdict in review.verdicts]
    names = [folder / item["image"] for items in pools.values() for item in items]
    contact_sheet(names, folder / CONTACT_SHEET)
    codes = Counter(verdict.code or "right" for verdict in verdicts)
    ugly = sum("ugly_but_right" in verdict.edge_cases for verdict in verdicts)
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=[
            ("pictures", ", ".join(f"{pool} {len(items)}" for pool, items in pools.items())),
            ("counted pictures of the defect hunt", len(HUNT)),
            ("labels and missed objects", len(verdicts)),
            ("right", codes["right"]),
        ],
        making="Rendered as `street_lite`; errors by a seed for each pool.",
        gaps=GAPS,
        edge_cases=[(code, n) for code, n in codes.items() if code != "right"]
        + [("ugly_but_right", ugly)],
    )
    finish(folder, GUIDELINE, sheet)


def _batch(pool: str, item: str) -> str | None:
    """The part of the counted pool that a picture belongs to."""
    if pool != "counted":
        return None
    return "hunt" if int(item.rpartition("-")[2]) in HUNT else "desk"

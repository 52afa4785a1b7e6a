"""Fresh pictures for a cohort: pools cut out of masters by a seed, with their truth."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from labelschool.datasets import masters, registry
from labelschool.datasets.forms import EXAM, Form, View, compose, lacking, like, views_of
from labelschool.datasets.places import DataError
from labelschool.model import TruthItem

JPEG_QUALITY = 85
IDS = "truth/ids"
"""Where the id maps of a drawn pool lie: they are its truth, pixel by pixel."""
ATTEMPTS = 10
"""How often an exam form is composed anew until nothing is lacking."""


class Master(NamedTuple):
    """A master with its files."""

    truth: TruthItem
    picture: Path
    ids: Path


class Fresh(NamedTuple):
    """A new picture: its entry in ``items.json``, its truth, its pixels and its id map."""

    entry: dict[str, Any]
    truth: dict[str, Any]
    picture: Image.Image
    ids: np.ndarray


def shipped_masters(name: str) -> list[Master]:
    """The masters of a set. Raises `DataError` where it has none."""
    found = [
        Master(truth, registry.file(name, truth.image), registry.file(name, truth.ids))
        for truth in registry.truth(name, "exam", own=False)
    ]
    if not all(obj.full for master in found for obj in master.truth.objects):
        raise DataError(f"The exam pool of {name} has no masters to draw from.")
    return found


def fresh_pool(name: str, pool: str, seed: int, sources: Sequence[Master]) -> list[Fresh]:
    """New pictures out of masters: a form of the exam, or in place of the pictures of a shipped
    pool, batch by batch.

    A batch keeps its number of pictures, gets no more objects than it had, and its edge cases,
    light and weather as far as the masters show them. The names come from the pictures, so that
    they tell nothing of the seed. Raises `DataError` where the masters do not show what the exam
    needs.
    """
    rng = np.random.default_rng([seed, len(sources)])
    files = {source.truth.item: source for source in sources}

    @cache
    def ids_of(item: str) -> np.ndarray:
        with Image.open(files[item].ids) as opened:
            return np.asarray(opened)

    exam = pool == "exam"
    forms = {None: EXAM[name]} if exam else _forms(name, pool)
    fullest = max(form.fullest for form in forms.values())
    views = [
        view
        for source in sources
        for view in views_of(source.truth, ids_of(source.truth.item), fullest, rng)
    ]
    pools = [_exam(name, views, rng)] if exam else compose([*forms.values()], views, rng)
    made = []
    for batch, chosen in zip(forms, pools, strict=True):
        for view in chosen:
            item = view.master.item
            picture = masters.picture(files[item].picture, view.window, rng)
            made.append(_fresh(name, batch, view, picture, view.window.of(ids_of(item))))
    return made


def clear(folder: Path, pool: str) -> None:
    """Remove the pictures and id maps that an earlier draw of a pool left in a set's folder."""
    listing = folder / "items.json"
    pools = json.loads(listing.read_text(encoding="utf-8")) if listing.is_file() else {}
    for entry in pools.get(pool, ()):
        (folder / entry["image"]).unlink(missing_ok=True)
        (folder / f"{IDS}/{entry['item']}.png").unlink(missing_ok=True)


def save(folder: Path, made: Iterable[Fresh]) -> None:
    """Write pictures and id maps into ``images/`` and ``truth/ids/`` of a set's folder."""
    for place in ("images", IDS):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for fresh in made:
        fresh.picture.save(folder / fresh.entry["image"], quality=JPEG_QUALITY)
        Image.fromarray(fresh.ids).save(folder / fresh.truth["ids"], optimize=True)


def _exam(name: str, views: Sequence[View], rng: np.random.Generator) -> list[View]:
    for _ in range(ATTEMPTS):
        [chosen] = compose([EXAM[name]], views, rng)
        if not (missing := lacking(EXAM[name], chosen)):
            return chosen
    raise DataError(
        f"The masters of {name} show too little of {', '.join(missing)} for an exam: try another "
        "seed."
    )


def _forms(name: str, pool: str) -> dict[str | None, Form]:
    """The form of every batch of a shipped pool."""
    batch_of = {item.name: item.batch for item in registry.items(name, pool, own=False)}
    groups: dict[str | None, list[TruthItem]] = {}
    for item in registry.truth(name, pool, own=False):
        groups.setdefault(batch_of[item.item], []).append(item)
    return {batch: like(group) for batch, group in groups.items()}


def _fresh(
    name: str, batch: str | None, view: View, picture: Image.Image, ids: np.ndarray
) -> Fresh:
    new = f"{name}-{hashlib.sha256(picture.tobytes()).hexdigest()[:8]}"
    width, height = picture.size
    entry = {"item": new, "image": f"images/{new}.jpg", "width": width, "height": height}
    sky = {"light": view.master.light, "weather": view.master.weather}
    truth = entry | {
        "ids": f"{IDS}/{new}.png",
        "objects": view.objects,
        "decoys": view.decoys,
        **sky,
        "scene": view.master.scene,
        "edge_cases": sorted(set(view.shown) - {*sky.values(), "figure"}),
    }
    return Fresh(entry | ({"batch": batch} if batch else {}), truth, picture, ids)

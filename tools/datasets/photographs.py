"""Photographs that lie inside installed packages: boxes by the project, pictures left in place."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from common import Datasheet, finish, fresh_folder, picture_entry, write_pool
from PIL import Image

from labelschool.datasets import places
from labelschool.model import TRUNCATED_ABOVE, iou, occlusion_level

SOURCE = Path(__file__).with_name("real_photos.toml")
MOTIVATION = """Twelve real photographs for a warm-up and for the offline form of exercise 2.L. The
pictures stay in the packages they came with (scikit-image and matplotlib); only our boxes are in
this folder. Overlays and contact sheets are drawn on a learner's own machine."""
GAPS = """The reference is a hand-made reading with about 1 px of doubt at sharp edges and more at
fur, hair and whiskers. Two pictures show none of the classes, one shows a drawing. Portraits show
real, identifiable people. Occlusion and truncation are judged by eye."""


def build(name: str) -> None:
    """Write ``datasets/real_photos``."""
    table = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    folder = fresh_folder(name)
    truth = [photo_truth(photo) for photo in table["photo"]]
    items = [picture_entry(entry) for entry in truth]
    write_pool(folder, "counted", "boxes", "G1.v1", items, truth)
    labels = Counter(obj["label"] for entry in truth for obj in entry["objects"])
    sheet = Datasheet(
        motivation=MOTIVATION,
        composition=[
            ("photographs", len(truth)),
            ("objects", ", ".join(f"{label} {n}" for label, n in labels.most_common())),
        ],
        making=f"Boxed by hand on enlarged pictures with a grid: {table['guideline']}. "
        f"{_second_reading(table)}\n\n{licences(truth)}",
        gaps=GAPS,
        edge_cases=sorted(Counter(n for e in truth for n in e["edge_cases"]).items()),
    )
    finish(folder, "G1.v1", sheet, digests(truth))


def photo_truth(photo: dict) -> dict:
    """The truth item of one photograph of the source."""
    with Image.open(places.find("real_photos", photo["file"])) as picture:
        width, height = picture.size
    objects = [_object(n, found) for n, found in enumerate(photo.get("objects", ()), 1)]
    decoys = list(photo.get("decoys", ()))
    named = {decoy["kind"] for decoy in decoys} | ({"empty"} if not objects else set())
    return {
        "item": photo["item"],
        "image": photo["file"],
        "width": width,
        "height": height,
        "objects": objects,
        "decoys": decoys,
        "edge_cases": sorted(named),
        "scene": photo["item"],
        "source": photo["licence"],
    }


def digests(truth: Iterable[Mapping]) -> dict[str, str]:
    """Picture -> its SHA-256 in the installed package, for the photographs of truth items."""
    return {
        entry["image"]: hashlib.sha256(
            places.find("real_photos", entry["image"]).read_bytes()
        ).hexdigest()
        for entry in truth
    }


def licences(truth: Iterable[Mapping]) -> str:
    """Pictures and licences of truth items as a table."""
    rows = [f"| {entry['item']} | `{entry['image']}` | {entry['source']} |" for entry in truth]
    return "\n".join(["| item | picture | licence |", "|---|---|---|", *rows])


def _object(number: int, found: dict) -> dict:
    """A hand-made box as truth; its full extent is not known, so the visible box stands for it."""
    occlusion, truncation = found.get("occlusion", 0.0), found.get("truncation", 0.0)
    return {
        "id": number,
        "label": found["label"],
        "bbox": found["bbox"],
        "amodal_bbox": found["bbox"],
        "area": found["bbox"][2] * found["bbox"][3],
        "level": found.get("level", "must"),
        "occlusion": occlusion,
        "occluded": occlusion_level(occlusion),
        "truncation": truncation,
        "truncated": truncation > TRUNCATED_ABOVE,
        "crowd": False,
        "edge_cases": [],
    }


def _second_reading(table: dict) -> str:
    """How well the two readings agree, as a sentence."""
    pairs = [
        iou(first["bbox"], second)
        for photo in table["photo"]
        for first, second in zip(photo.get("objects", ()), photo.get("second", ()), strict=False)
    ]
    if not pairs:
        return "There is one reading so far."
    return (
        f"A second reader boxed {len(pairs)} of the objects without seeing the first boxes: mean "
        f"IoU {sum(pairs) / len(pairs):.3f}, lowest {min(pairs):.3f}."
    )

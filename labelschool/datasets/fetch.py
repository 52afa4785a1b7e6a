"""Real photographs on a learner's own machine: COCO val2017, drawn by seed and licence.

COCO's annotations are CC BY 4.0; each photograph has the licence its owner chose on Flickr. Only
photographs whose licence lets a learner publish crops and overlays are drawn. They go into the
user's data folder and never into the course.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labelschool.datasets import places
from labelschool.datasets.download import client, download, download_member
from labelschool.datasets.places import DataError
from labelschool.datasets.writer import write_checksums, write_pool

SET = "coco-val2017"
SERVER = "http://images.cocodataset.org"
ARCHIVE = "annotations/annotations_trainval2017.zip"
MEMBER = "annotations/instances_val2017.json"
ANNOTATIONS = "instances_val2017.json"
FILE_NAME = re.compile(r"\d{12}\.jpg")
"""What COCO calls its photographs; anything else is not from there and is not saved."""
PUBLISHABLE = (
    "Attribution License",
    "Attribution-ShareAlike License",
    "No known copyright restrictions",
    "United States Government Work",
)
"""Names of the licences, as COCO writes them, that allow derived pictures to be published."""
CLASSES = ("person", "bicycle", "car", "motorcycle", "bus", "truck")
FEWEST, MOST = 2, 10
"""A photograph is drawn if it shows this many objects of the classes, none of them a crowd."""

Progress = Callable[[str, int, int | None], None]
"""Called with what is being fetched, how far it is, and how far it goes (None if not known)."""


def fetch_coco(
    n: int = 40,
    seed: int = 0,
    mirror: str | None = None,
    progress: Progress = lambda what, done, total: None,
) -> Path:
    """Fetch ``n`` photographs with their annotations as the set ``coco-val2017``; its folder.

    The same seed draws the same photographs, and a larger ``n`` adds to them. A new start continues
    where the last one stopped. ``mirror`` is another server with COCO's paths. Raises `DataError`.
    """
    server = (mirror or SERVER).rstrip("/")
    folder = places.fetched(SET)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    with client() as http:
        table = folder / ANNOTATIONS
        if not table.exists():
            arrived = 0

            def count(size: int) -> None:
                nonlocal arrived
                arrived += size
                progress("annotations (kB)", arrived // 1000, None)

            download_member(http, f"{server}/{ARCHIVE}", MEMBER, table, report=count)
        coco = _parsed(table)
        chosen = draw(coco, n, seed)
        for done, image in enumerate(chosen):
            progress("photographs", done, len(chosen))
            target = folder / "images" / image["file_name"]
            if not _is_whole(target, image):
                download(http, f"{server}/val2017/{image['file_name']}", target)
                if not _is_whole(target, image):
                    target.unlink()
                    raise DataError(f"{target.name} arrived damaged: run the same command again.")
        progress("photographs", len(chosen), len(chosen))
    _write(folder, coco, chosen, seed)
    return folder


def draw(coco: Mapping[str, Any], n: int, seed: int) -> list[dict[str, Any]]:
    """The first ``n`` photographs, in an order that the seed decides, that a learner may publish
    and that show neither too few nor too many objects. Raises `DataError` if there are fewer.
    """
    free = {entry["id"] for entry in coco["licenses"] if entry["name"] in PUBLISHABLE}
    wanted = {entry["id"] for entry in coco["categories"] if entry["name"] in CLASSES}
    found = _by_image(coco, wanted)
    suited = [
        image
        for image in sorted(coco["images"], key=lambda image: image["id"])
        if image["license"] in free
        and FILE_NAME.fullmatch(image["file_name"])
        and FEWEST <= len(found[image["id"]]) <= MOST
        and not any(entry["iscrowd"] for entry in found[image["id"]])
    ]
    if n > len(suited):
        raise DataError(f"Only {len(suited)} photographs are suited: ask for at most so many.")
    random.Random(seed).shuffle(suited)
    return suited[:n]


def _by_image(coco: Mapping[str, Any], categories: set[int]) -> Mapping[int, list[dict[str, Any]]]:
    found = defaultdict(list)
    for entry in coco["annotations"]:
        if entry["category_id"] in categories:
            found[entry["image_id"]].append(entry)
    return found


def _parsed(path: Path) -> dict[str, Any]:
    try:
        table = json.loads(path.read_bytes())
        if missing := {"images", "annotations", "categories", "licenses"} - set(table):
            raise ValueError(f"no {sorted(missing)[0]}")
        return table
    except ValueError as error:
        path.unlink()
        raise DataError(
            "COCO's annotations arrived damaged: run the same command again."
        ) from error


def _is_whole(path: Path, image: Mapping[str, Any]) -> bool:
    """Whether a picture is there, can be decoded to its end and has the size COCO states."""
    from PIL import Image

    try:
        with Image.open(path) as picture:
            picture.load()
            return picture.size == (image["width"], image["height"])
    except (OSError, SyntaxError):
        return False


def _write(
    folder: Path, coco: Mapping[str, Any], chosen: Sequence[Mapping[str, Any]], seed: int
) -> None:
    """Items, truth, attribution and, last of all, checksums of what was drawn."""
    keep = {image["file_name"] for image in chosen}
    for path in (folder / "images").iterdir():
        if path.name not in keep:
            path.unlink()
    shutil.rmtree(folder / "truth", ignore_errors=True)
    (folder / "items.json").unlink(missing_ok=True)
    names = {entry["id"]: entry["name"] for entry in coco["categories"]}
    found = _by_image(coco, {number for number, name in names.items() if name in CLASSES})
    pictures = [
        {
            "item": Path(image["file_name"]).stem,
            "image": f"images/{image['file_name']}",
            "width": image["width"],
            "height": image["height"],
        }
        for image in chosen
    ]
    truth = [
        {
            **picture,
            "objects": [_object(entry, names) for entry in found[image["id"]]],
            "edge_cases": (),
        }
        for picture, image in zip(pictures, chosen, strict=True)
    ]
    write_pool(folder, "counted", "boxes", None, pictures, truth)
    (folder / "datasheet.md").write_text(_attribution(coco, chosen, seed), encoding="utf-8")
    write_checksums(folder)


def _object(entry: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    """A box of COCO as truth; too small a one is ``ignore``, as in our own pictures."""
    from labelschool.datasets.measure import MUST_SIDE

    x, y, width, height = entry["bbox"]
    return {
        "id": entry["id"],
        "label": names[entry["category_id"]],
        "bbox": entry["bbox"],
        "amodal_bbox": (x, y, width, height),
        "area": entry["area"],
        "level": "must" if min(width, height) >= MUST_SIDE else "ignore",
    }


def _attribution(coco: Mapping[str, Any], chosen: Sequence[Mapping[str, Any]], seed: int) -> str:
    """A page that names the licence and the source of every photograph."""
    licences = {entry["id"]: entry for entry in coco["licenses"]}
    rows = [
        f"| {image['file_name']} | [{licences[image['license']]['name']}]"
        f"({licences[image['license']]['url']}) | {image.get('flickr_url', '')} |"
        for image in chosen
    ]
    return "\n".join(
        [
            "# Photographs from COCO val2017",
            "",
            f"{len(chosen)} photographs, drawn with seed {seed} among those whose licence allows "
            "crops and overlays to be published. Name the licence and the source with each one "
            "you show. Annotations: COCO Consortium, CC BY 4.0.",
            "",
            "| photograph | licence | source |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )

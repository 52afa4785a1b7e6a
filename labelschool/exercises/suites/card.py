"""A2.d: the learner's ``card(coco, seconds, scenes)``, the numbers of a dataset card.

The function gets a COCO table, the seconds that each box took, and the scene of each picture by its
id as text. It returns a dict: ``pictures``, ``empty``, ``boxes``, ``crowds``, ``classes`` (boxes by
name), ``largest_share``, ``seconds`` (``median`` and ``p90``) and ``split`` (picture ids by part).
"""

from __future__ import annotations

import math
import random
import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group, ended, is_number

FUNCTION = "card"
PARTS = {"train": 0.70, "val": 0.15, "test": 0.15}
SLACK = 0.10
"""By how much the share of a part may differ: scenes stay whole."""
TOLERANCE = 0.001

Arguments = Sequence[Any]
Told = Mapping[str, Any]


def table(seed: int, *, pictures: int = 60) -> tuple[dict[str, Any], list[float], dict[str, str]]:
    """A generated project: ids with gaps, a class without boxes, empty pictures, crowds."""
    rng = random.Random(seed)
    ids = sorted(rng.sample(range(1, 900), pictures))
    names = rng.sample(["bus", "car", "cyclist", "person", "tram", "truck", "van"], 5)
    categories = [
        {"id": number, "name": name}
        for number, name in zip(sorted(rng.sample(range(1, 91), 5)), names, strict=True)
    ]
    scenes = {str(number): f"scene-{rng.randrange(pictures // 3):02d}" for number in ids}
    annotations = []
    for number in ids:
        for _ in range(rng.choice([0, 1, 3, 5, 8])):
            category = rng.choices(categories[:4], [8, 4, 2, 1])[0]
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": category["id"],
                    "bbox": [rng.randrange(300), rng.randrange(200), 40, 30],
                    "area": 1200,
                    "iscrowd": int(rng.random() < 0.05),
                }
            )
    images = [
        {"id": number, "file_name": f"{number:06d}.jpg", "width": 640, "height": 480}
        for number in ids
    ]
    rng.shuffle(images)
    seconds = [round(rng.lognormvariate(2.4, 0.6), 1) for row in annotations if not row["iscrowd"]]
    coco = {"images": images, "annotations": annotations, "categories": categories}
    return coco, seconds, scenes


# What each group looks at -----------------------------------------------------------------------


def _pictures(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    if told.get("pictures") != len(coco["images"]):
        return f'"pictures" is {told.get("pictures")!r}; the table lists {len(coco["images"])}.'
    boxed = {row["image_id"] for row in coco["annotations"]}
    empty = len(coco["images"]) - len(boxed)
    if told.get("empty") != empty:
        return (
            f'"empty" is {told.get("empty")!r}, and {empty} pictures have no annotation. They '
            "belong to the data set: a detector learns from them where nothing is."
        )
    return ""


def _boxes(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    crowds = sum(row["iscrowd"] for row in coco["annotations"])
    boxes = len(coco["annotations"]) - crowds
    if told.get("boxes") == boxes + crowds and crowds:
        return f'"boxes" counts {crowds} crowd regions too. They stand under "crowds" alone.'
    if told.get("boxes") != boxes or told.get("crowds") != crowds:
        return (
            f'"boxes" is {told.get("boxes")!r} and "crowds" {told.get("crowds")!r}; the table '
            f"holds {boxes} and {crowds}."
        )
    return ""


def _counts(coco: Told) -> Counter[str]:
    names = {row["id"]: row["name"] for row in coco["categories"]}
    return Counter(names[row["category_id"]] for row in coco["annotations"] if not row["iscrowd"])


def _classes(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    given = told.get("classes")
    if not isinstance(given, dict):
        return '"classes" has to be a dict from the name of a class to its boxes.'
    counts = _counts(coco)
    if {str(row["id"]) for row in coco["categories"]} & {str(key) for key in given}:
        return '"classes" bears category ids. A reader of the card needs the names.'
    wrong = [name for name, n in counts.items() if given.get(name) != n]
    if wrong:
        name = wrong[0]
        return f'"classes" says {given.get(name)!r} for {name}; there are {counts[name]}.'
    return ""


def _unused(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    given = told.get("classes")
    if not isinstance(given, dict):
        return '"classes" has to be a dict from the name of a class to its boxes.'
    missing = [row["name"] for row in coco["categories"] if row["name"] not in given]
    if missing:
        return f"{missing[0]} has no box, and the card has to say so: list it with 0."
    return ""


def _largest(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    counts = _counts(coco)
    share = max(counts.values()) / counts.total()
    given = told.get("largest_share")
    if _near(given, 100 * share):
        return '"largest_share" is in percent; give it from 0 to 1.'
    if not _near(given, share):
        return f'"largest_share" is {given!r}; the largest class has {share:.3f} of all boxes.'
    return ""


def _median(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    right, given = statistics.median(seconds), _seconds(told).get("median")
    if _near(given, statistics.fmean(seconds)):
        return '"median" is the mean. A few boxes that took long pull the mean up.'
    return "" if _near(given, right) else f'"median" is {given!r}; it is {right:.2f} s.'


def _p90(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    ordered, given = sorted(seconds), _seconds(told).get("p90")
    place = 0.9 * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[min(math.ceil(place) + 1, len(ordered) - 1)]
    if isinstance(given, int | float) and low - TOLERANCE <= given <= high + TOLERANCE:
        return ""
    return f'"p90" is {given!r}; nine of ten boxes took at most {ordered[math.ceil(place)]:.1f} s.'


def _each_once(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    split = _split(told)
    if split is None:
        return f'"split" has to hold lists of picture ids under {", ".join(PARTS)}.'
    placed = [number for part in split.values() for number in part]
    lost = {row["id"] for row in coco["images"]} - set(placed)
    if lost:
        return (
            f"{len(lost)} pictures are in no part of the split, such as {min(lost)}. Pictures "
            "without boxes are split too."
        )
    if len(placed) != len(coco["images"]):
        return "A picture stands in the split twice, or is none of this data set."
    return ""


def _no_leak(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    split = _split(told)
    if split is None:
        return f'"split" has to hold lists of picture ids under {", ".join(PARTS)}.'
    parts: dict[str, set[str]] = {}
    for part, numbers in split.items():
        for number in numbers:
            parts.setdefault(scenes.get(str(number), ""), set()).add(part)
    leaked = sorted(scene for scene, found in parts.items() if len(found) > 1)
    if leaked:
        return (
            f"{leaked[0]} is in two parts of the split. The model would be tested on streets it "
            "has trained on: split by scene, not by picture."
        )
    return ""


def _sizes(told: Told, coco: Told, seconds: Sequence[float], scenes: Mapping) -> str:
    split = _split(told)
    if split is None:
        return f'"split" has to hold lists of picture ids under {", ".join(PARTS)}.'
    for part, share in PARTS.items():
        got = len(split[part]) / len(coco["images"])
        if abs(got - share) > SLACK:
            return f"{part} holds {got:.0%} of the pictures; {share:.0%} is asked, give or take 10."
    return ""


def _split(told: Told) -> dict[str, list[Any]] | None:
    split = told.get("split")
    if not isinstance(split, dict) or split.keys() != PARTS.keys():
        return None
    return split if all(isinstance(part, list) for part in split.values()) else None


def _seconds(told: Told) -> Told:
    given = told.get("seconds")
    return given if isinstance(given, dict) else {}


def _near(given: object, right: float) -> bool:
    return is_number(given) and abs(given - right) <= TOLERANCE * max(1.0, abs(right))


def judge(arguments: Arguments, outcome: Outcome, *, looks: Callable[..., str]) -> str:
    """What one look finds wrong in the outcome of a call; nothing where it is right."""
    if wrong := ended(outcome):
        return wrong
    if not isinstance(outcome.value, dict):
        return "it has to return a dict."
    return looks(outcome.value, *arguments)


def _group(name: str, looks: Callable[..., str], *seeds: int) -> Group:
    calls = tuple(table(seed) for seed in seeds)
    return Group(name, FUNCTION, calls, partial(judge, looks=looks))


SUITE = (
    _group("Pictures, and those without a box", _pictures, 21, 22),
    _group("Boxes, and crowds apart", _boxes, 23, 24),
    _group("Classes by name", _classes, 25, 26),
    _group("Classes without a box", _unused, 27, 28),
    _group("Share of the largest class", _largest, 29, 30),
    _group("Median seconds", _median, 31, 32),
    _group("90th percentile of seconds", _p90, 33, 34),
    _group("Each picture in one part of the split", _each_once, 35, 36),
    _group("No scene in two parts", _no_leak, 37, 38),
    _group("Sizes of the parts", _sizes, 39, 40, 41),
)

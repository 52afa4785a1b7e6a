"""A2.c: the learner's ``labelcheck(files)`` against deliveries with one defect, and without.

A delivery is a dict from path to text: ``annotations.json`` (COCO), ``classes.txt`` and a file in
``labels/`` for each picture (YOLO), of the same boxes. The function returns a list of findings, a
dict each with ``file``, ``id`` and ``message``: the id of the annotation, the number of the row of
a YOLO file from 1, or None where the whole file is meant.

Defects are those of `labelschool.generators.export_defects`, and some that take both formats.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from labelschool.code_answers import Outcome
from labelschool.exercises.suites import Group, ended
from labelschool.generators.export_defects import DEFECTS
from labelschool.generators.export_formats import Export, build, serialised

FUNCTION = "labelcheck"
SEEDS = (2, 9)
COCO, CLASSES = "annotations.json", "classes.txt"

Place = tuple[str, Any]
Parts = Mapping[str, Export]
Break = Callable[[Parts, random.Random], Place]
"""Breaks a delivery in one place, which it returns: the file, and the id in it."""


def delivery(seed: int, change: Break | None = None) -> tuple[dict[str, str], Place | None]:
    """The texts of a delivery, and the place that `change` broke in it."""
    parts = {name: build(name, random.Random(seed)) for name in ("coco", "yolo")}
    wrong = change(parts, random.Random(seed + 1)) if change else None
    files = {}
    for part in parts.values():
        made = {path: serialised(path, content) for path, content in part.documents.items()}
        files |= {path: content.decode() for path, content in (made | part.raw).items()}
    return files, wrong


# How a delivery is broken -------------------------------------------------------------------------


def known(rule: str, *names: str, form: str = "coco") -> tuple[Break, ...]:
    """Defects of the course's broken exports, by rule and name."""
    kinds = [kind for kind in DEFECTS[rule] if not names or kind.name in names]
    return tuple(lambda parts, rng, kind=kind: kind.apply(parts[form], rng) for kind in kinds)


def _climbing(parts: Parts, rng: random.Random) -> Place:
    image = rng.choice(parts["coco"].documents[COCO]["images"])
    image["file_name"] = f"../../{image['file_name']}"
    return COCO, image["id"]


def _absolute(parts: Parts, rng: random.Random) -> Place:
    image = rng.choice(parts["coco"].documents[COCO]["images"])
    image["file_name"] = f"/srv/{image['file_name']}"
    return COCO, image["id"]


def _other_order(parts: Parts, rng: random.Random) -> Place:
    names = parts["yolo"].documents[CLASSES]
    first, second = rng.sample(range(len(names)), 2)
    names[first], names[second] = names[second], names[first]
    return CLASSES, None


def _other_name(parts: Parts, rng: random.Random) -> Place:
    names = parts["yolo"].documents[CLASSES]
    number = rng.randrange(len(names))
    names[number] = names[number].capitalize()
    return CLASSES, None


# What a call has to give --------------------------------------------------------------------------


def judge(arguments: Sequence[Any], outcome: Outcome, *, places: Mapping[str, Place | None]) -> str:
    """What is wrong with the findings of one delivery; nothing where they are right."""
    if wrong := ended(outcome):
        return f"{wrong} A check reports; it does not fall over."
    found = outcome.value
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return "it has to return a list of dicts, and an empty list where nothing is wrong."
    place = places[_key(arguments[0])]
    if place is None:
        return _refused(found[0]) if found else ""
    file, wrong = place
    here = [each for each in found if each.get("file") == file]
    if not here:
        return f"it passes a delivery with this defect: nothing is found in {file}."
    if wrong is not None and wrong not in [each.get("id") for each in here]:
        said = here[0].get("id")
        return f"in {file} it names the id {said!r}; the defect is at {wrong!r}."
    return ""


def _refused(finding: Mapping[str, Any]) -> str:
    said = str(finding.get("message", "no message"))[:120]
    return f"it refuses a delivery without a defect, in {finding.get('file')}: {said}"


def _key(files: Mapping[str, str]) -> str:
    return "\n".join(f"{path}\n{text}" for path, text in sorted(files.items()))


def _group(name: str, happens: str, *changes: Break) -> Group:
    """A group of a clean delivery and a broken one for each seed, the ways to break by turns."""
    made = []
    for number, seed in enumerate(SEEDS):
        made += [delivery(seed), delivery(seed, changes[number % len(changes)])]
    places = {_key(files): place for files, place in made}
    calls = tuple((files,) for files, _ in made)
    return Group(name, FUNCTION, calls, partial(judge, places=places), happens)


SUITE = (
    _group("Cut off", "The JSON ends in the middle.", *known("R1", "cut_off")),
    _group("An id twice", "Two annotations have one id.", *known("R3")),
    _group("No picture or category", "An annotation names one that is not listed.", *known("R4")),
    _group("Outside", "A box leaves its picture by more than half a pixel.", *known("R5")),
    _group(
        "No width or height",
        "A box of COCO or a row of YOLO is flat.",
        *known("R6"),
        *known("R6", form="yolo"),
    ),
    _group("Wrong area", "The area is not that of the mask.", *known("R7")),
    _group("Box too small", "A box does not enclose its polygon.", *known("R8")),
    _group(
        "No polygon",
        "It has two points, or all on a line.",
        *known("R9", "two_points", "collinear"),
    ),
    _group("Run lengths", "They do not fill the picture.", *known("R10")),
    _group(
        "Rows of YOLO",
        "A centre is above 1, or a class number above the list.",
        *known("R15", "value_above_1", "class_too_high", form="yolo"),
    ),
    _group(
        "Two lists of classes",
        "COCO and YOLO name or order them differently.",
        _other_order,
        _other_name,
    ),
    _group("A way out", "A file name leads out of the folder.", _climbing, _absolute),
)

"""The portfolio piece of assignment 2: a hundred pictures in two formats, with a check and a card.

The learner's own functions of A2.b, A2.c and A2.d make the exports, check them and count what
stands on the card. So each number comes from a file of the piece and a function in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path, PureWindowsPath
from typing import Any

from labelschool import answers, code_answers, course, datasets
from labelschool.answers import Answer, AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.home import made_files
from labelschool.model import Box
from labelschool.portfolio import assignment
from labelschool.portfolio.pieces import EVIDENCE, EVIDENCE_SCHEMA, README, Piece, Row, text

NAME = "02-portfolio100"
TITLE = "A data set of one hundred pictures"
TASK = "A2.a"
PARTS = ("A2.a", "A2.f", "A2.b", "A2.c", "A2.d")
COCO, CARD, BADGE = "annotations.json", "card.json", "check.svg"
FUNCTIONS = {"A2.b": "export", "A2.c": "labelcheck", "A2.d": "card"}
SECONDS = 20
OWN = (PureWindowsPath(README), PureWindowsPath(EVIDENCE))
"""What the piece itself says, and no export may; Windows' names are alike in both cases."""
KNOWN_GAPS = (
    "Three kinds of rendered picture and six photographs are no sample of anything. Crops of one "
    "shelf overlap in part; they share a scene and so a part of the split. Nuclei are boxed, "
    "though outlines would suit them better."
)


class _NotYet(LabelSchoolError):
    """Why the data set cannot be delivered yet."""


@dataclass(frozen=True)
class Delivery:
    """What the learner's functions made of the boxes: files, findings of the check, the card."""

    files: Mapping[str, str]
    findings: list[Any]
    card: Mapping[str, Any]


def piece(home: Path) -> Piece:
    """The piece of a home."""
    folder = home / course.load().module_of(TASK).folder
    task = course.load().task(TASK)
    parts, missing = assignment.read(home, PARTS)
    file = AnswerFile(TASK, "counted", task.guideline, folder)
    try:
        delivery = deliver(folder, file.read())
    except (LabelSchoolError, answers.BrokenAnswer) as error:
        return Piece(NAME, missing=(str(error), *missing))
    made: dict[str, bytes] = {
        path: data.encode()
        for path, data in delivery.files.items()
        if PureWindowsPath(path) not in OWN
    }
    made |= {file.path.name: file.path.read_bytes(), CARD: text(delivery.card)}
    made |= {f"{name}.py": _code(folder, task_id) for task_id, name in FUNCTIONS.items()}
    made[BADGE] = _badge(len(delivery.findings)).encode()
    evidence = {
        "schema": EVIDENCE_SCHEMA,
        "piece": NAME,
        "claims": [part.claim() for part in parts],
        "findings": delivery.findings,
        "files": made_files.hashes(made),
    }
    readme = _readme(delivery, parts)
    measured = parts[0].line if parts and parts[0].task.id == TASK else _counted(delivery.card)
    row = Row(TITLE, measured, assignment.MEASURED[TASK][2], COCO)
    files = {README: readme.encode(), EVIDENCE: text(evidence), **made}
    return Piece(NAME, (row,), files, tuple(missing))


def deliver(folder: Path, answer: Answer) -> Delivery:
    """Call the learner's functions on their boxes.

    Raises `LabelSchoolError` that says which part is not done, or what its function does wrong.
    """
    items = datasets.task_items(course.load().task(TASK), "counted")
    undone = sum(not answer.item(item.name).done for item in items)
    if undone:
        raise _NotYet(f"{TITLE}: {undone} of {len(items)} pictures of {TASK} are not marked done.")
    boxes = {item.name: _boxes(answer, item.name) for item in items}
    project = {
        "classes": list(course.load().task(TASK).classes),
        "pictures": [
            {
                "name": f"{item.name}.jpg",
                "width": item.width,
                "height": item.height,
                "boxes": [{"label": b.label, "bbox": list(b.bbox)} for b in boxes[item.name]],
            }
            for item in items
        ],
    }
    files = _called(folder, "A2.b", project)
    if not isinstance(files, dict) or not all(isinstance(one, str) for one in files.values()):
        raise _NotYet("A2.b: your export gives no texts by path; run its check().")
    if any(map(_leads_out, files)):
        raise _NotYet("A2.b: your export names a file outside of the delivery; run its check().")
    findings = _called(folder, "A2.c", files)
    seconds = [round(box.ms / 1000, 1) for made in boxes.values() for box in made if box.ms]
    card = _called(folder, "A2.d", _table(files), seconds, _scenes(files))
    if not isinstance(findings, list) or not isinstance(card, dict):
        raise _NotYet("A2.c or A2.d gives something else than asked; run their check().")
    return Delivery(files, findings, card)


def _leads_out(path: str) -> bool:
    """Whether a file of that name would not lie in the delivery, or be none, on some system."""
    named = PureWindowsPath(path)
    return bool(named.anchor) or ".." in named.parts or not named.name or "\0" in path


def _called(folder: Path, task_id: str, *arguments: Any) -> Any:
    file = code_answers.path(task_id, folder)
    if not file.is_file():
        raise _NotYet(f"{TITLE}: {task_id} is not written yet.")
    (outcome,) = code_answers.call(file, FUNCTIONS[task_id], [arguments], seconds=SECONDS)
    if outcome.error:
        raise _NotYet(f"{task_id}: on your own boxes it ended with {outcome.error}.")
    return outcome.value


def _boxes(answer: Answer, item: str) -> list[Box]:
    return [made for made in answer.item(item).annotations if isinstance(made, Box)]


def _table(files: Mapping[str, str]) -> Any:
    try:
        return json.loads(files[COCO])
    except (KeyError, ValueError) as error:
        raise _NotYet(f"A2.b: your export has no {COCO} that is JSON; run its check().") from error


def _scenes(files: Mapping[str, str]) -> dict[str, str]:
    """The scene of each picture by its id; where the truth is not here, each is its own."""
    task, known = course.load().task(TASK), {}
    if datasets.has_truth(task.dataset, "counted"):
        known = {f"{t.item}.jpg": t.scene for t in datasets.task_truth(task, "counted")}
    images = _table(files)["images"]
    return {str(image["id"]): known.get(image["file_name"], "?") or "?" for image in images}


def _code(folder: Path, task_id: str) -> bytes:
    return code_answers.path(task_id, folder).read_bytes()


# Text -------------------------------------------------------------------------------------------


def _counted(card: Mapping[str, Any]) -> str:
    return f"{card.get('boxes')} boxes in {card.get('pictures')} pictures, no score yet"


def _readme(delivery: Delivery, parts: list[assignment.Part]) -> str:
    card = delivery.card
    seconds = card.get("seconds") or {}
    split = card.get("split") or {}
    sizes = ", ".join(f"{name} {len(ids)}" for name, ids in split.items())
    classes = card.get("classes") or {}
    ranked = sorted(classes.items(), key=lambda one: (-one[1], one[0]))
    told = [
        ("guideline", course.load().task(TASK).guideline),
        ("pictures", f"{card.get('pictures')}, of them {card.get('empty')} without a box"),
        ("boxes", card.get("boxes")),
        ("split by scene", sizes),
        ("largest class", f"{100 * card.get('largest_share', 0):.0f} % of the boxes"),
        ("seconds a box", f"median {seconds.get('median')}, 90th percentile {seconds.get('p90')}"),
    ]
    measured = [f"| {p.task.id} {p.task.title} | {p.line} | {p.kind} |" for p in parts]
    blocks = [
        f"# {TITLE}",
        f"![{len(delivery.findings)} findings of the check]({BADGE})",
        "| measured | | kind of data |\n|---|---|---|\n" + "\n".join(measured) if measured else "",
        "## Card",
        "| | |\n|---|---|\n" + "\n".join(f"| {name} | {value} |" for name, value in told),
        "| class | boxes |\n|---|---|\n" + "\n".join(f"| {name} | {n} |" for name, n in ranked),
        "## Known gaps",
        KNOWN_GAPS,
        "## How it is made again",
        f"`export.py` made [{COCO}]({COCO}), [classes.txt](classes.txt) and `labels/` from my "
        f"boxes in [{TASK}.json]({TASK}.json); `labelcheck.py` checked them; `card.py` counted "
        f"[{CARD}]({CARD}). `labelschool lint {COCO}` checks the table by other hands, and "
        f"`labelschool check {TASK}` computes the score again. The pictures are those of the "
        "course's set portfolio100; they are CC0, but for two photographs in the public domain.",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _badge(findings: int) -> str:
    """The result of the check as a small picture, as CI systems show it."""
    said = "passing" if findings == 0 else f"{findings} finding{'s' if findings > 1 else ''}"
    colour = "#2e7d32" if findings == 0 else "#b3261e"
    width = 84 + 7 * len(said)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" '
        f'aria-label="labelcheck: {escape(said)}"><rect width="76" height="20" fill="#444"/>'
        f'<rect x="76" width="{width - 76}" height="20" fill="{colour}"/>'
        '<g fill="#fff" font-family="sans-serif" font-size="12"><text x="6" y="14">labelcheck'
        f'</text><text x="82" y="14">{escape(said)}</text></g></svg>\n'
    )

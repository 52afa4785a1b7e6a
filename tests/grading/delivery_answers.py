"""Answers to 2.K and assignment 2: right, with the mistakes the course names, and blind."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import nbformat
from exercise_answers import save

from labelschool import code_answers
from labelschool.answers import AnswerFile
from labelschool.course import load
from labelschool.datasets import task_items, task_truth
from labelschool.model import Box, ItemAnswer, Number, TruthItem
from labelschool.scoring import score_boxes

CLIENT, HUNDRED, AUDIT = "2.K", "A2.a", "A2.f"
PARTS = ("A2.b", "A2.c", "A2.d")
ROOT = Path(__file__).resolve().parents[2]
CLIENT_SOURCE = (ROOT / "tests/unit/api_client_reference.py").read_text(encoding="utf-8")
MISTAKES = {
    "A2.b": ('{"id": number, "file_name"', '{"id": 1, "file_name"'),
    "A2.c": ('"the id is there twice"', '"the id is there twice") if False else str('),
    "A2.d": ('len(coco["images"]) - len(boxed)', "0"),
}


def right(folder: Path) -> None:
    """The solutions, the objects of the truth, and an interval round their score."""
    code_answers.save(CLIENT, CLIENT_SOURCE, folder)
    save(folder, HUNDRED, boxes)
    foretell(folder, below=0.06, above=0.05)
    for part in PARTS:
        code_answers.save(part, solution(part), folder)


def slipped(folder: Path) -> None:
    """Retries without a key, half of the objects, an interval too high, one slip a part."""
    assert "Idempotency-Key" in CLIENT_SOURCE
    code_answers.save(CLIENT, CLIENT_SOURCE.replace("Idempotency-Key", "X-Key"), folder)
    save(folder, HUNDRED, lambda item: boxes(item)[::2])
    foretell(folder, below=-0.05, above=0.1)
    for part, (old, new) in MISTAKES.items():
        assert old in solution(part), part
        code_answers.save(part, solution(part).replace(old, new), folder)


def blind(folder: Path) -> None:
    """Functions that do nothing, and the whole picture as a car."""
    code_answers.save(CLIENT, "def import_tasks(*given):\n    pass\n", folder)
    save(folder, HUNDRED, lambda item: (Box(id="b", label="car", bbox=(0, 0, 300, 300)),))
    for part, name in zip(PARTS, ("export", "labelcheck", "card"), strict=True):
        code_answers.save(part, f"def {name}(*given):\n    return []\n", folder)


def solution(part: str) -> str:
    """The function of a part as the instructor's notebook holds it."""
    notebook = nbformat.read(ROOT / "solutions/02-tools/assignment.ipynb", as_version=4)
    (cell,) = (c for c in notebook.cells if c.source.startswith(f"%%answer {part}\n"))
    return cell.source.partition("\n")[2]


def boxes(item: TruthItem) -> tuple[Box, ...]:
    """The objects that count."""
    same = ("label", "bbox", "occluded", "truncated")
    return tuple(
        Box(id=f"b{o.id}", **{name: getattr(o, name) for name in same})
        for o in item.objects
        if o.level == "must"
    )


def foretell(folder: Path, *, below: float, above: float) -> None:
    """Begin the audit and state an interval round the score of the boxes as they are."""
    task = load().task(HUNDRED)
    source = AnswerFile(HUNDRED, "counted", task.guideline, folder).read()
    made = {item.item: list(item.annotations) for item in source.items}
    scored = partial(score_boxes, classes=task.classes, attributes=task.attributes)
    value = scored(task_truth(task, "counted"), made).value
    file = AnswerFile(AUDIT, "counted", load().task(AUDIT).guideline, folder)
    file.begin(source, copied=False)
    ends = dict(zip(("low", "high"), (value - below, value + above), strict=True))
    assert [item.name for item in task_items(load().task(AUDIT), "counted")] == list(ends)
    edits = {
        name: ItemAnswer(item=name, annotations=(Number(value=end),), done=True)
        for name, end in ends.items()
    }
    file.save(edits, file.read().revision)

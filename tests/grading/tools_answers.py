"""Answers to 2.J and 2.L: right, with the mistakes the course names, and blind."""

from __future__ import annotations

from pathlib import Path

from exercise_answers import save

from labelschool import code_answers
from labelschool.model import Box, TruthItem

CONVERTER, PHOTOGRAPHS = "2.J", "2.L"
SOURCE = Path(__file__).with_name("converter_answer.py").read_text(encoding="utf-8")
NAMED, SILENT = 'lost.append(entry["id"])', "pass"
EMPTY = "\n\n".join(
    f"def {name}(given, pictures):\n    return {{}}"
    for name in ("coco_to_yolo", "yolo_to_coco", "coco_to_voc")
)


def right(folder: Path) -> None:
    """A converter without a fault, and the boxes of the reference."""
    code_answers.save(CONVERTER, SOURCE, folder)
    save(folder, PHOTOGRAPHS, boxes)


def slipped(folder: Path) -> None:
    """Crowds are dropped and named nowhere; every other object is missed."""
    assert SOURCE.count(NAMED) == 1
    code_answers.save(CONVERTER, SOURCE.replace(NAMED, SILENT), folder)
    save(folder, PHOTOGRAPHS, lambda photo: boxes(photo)[::2])


def blind(folder: Path) -> None:
    """Three functions that convert nothing, and the whole photograph as a person."""
    code_answers.save(CONVERTER, EMPTY, folder)
    whole = (Box(id="b1", label="person", bbox=(0, 0, 300, 300)),)
    save(folder, PHOTOGRAPHS, lambda photo: whole)


def boxes(photo: TruthItem) -> tuple[Box, ...]:
    """The objects that count."""
    return tuple(
        Box(id=f"b{o.id}", label=o.label, bbox=o.bbox) for o in photo.objects if o.level == "must"
    )

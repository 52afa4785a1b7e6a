"""2.J: the converters a learner writes, judged on generated data sets."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from labelschool import code_answers, course
from labelschool.code_answers import Outcome
from labelschool.exercises.exercise import of_task
from labelschool.exercises.suites import converter
from labelschool.exercises.suites.converter import SUITE

REFERENCE = (Path(__file__).parent.parent / "grading" / "converter_answer.py").read_text(
    encoding="utf-8"
)
TASK = course.load().task("2.J")


def changed(*pairs: tuple[str, str]) -> str:
    source = REFERENCE
    for old, new in pairs:
        assert old in source
        source = source.replace(old, new)
    return source


LOST = 'lost.append(entry["id"])'
SIDES = '"xmin": x + 1, "ymin": y + 1, "xmax": x + w, "ymax": y + h'
CENTRE = "cx, cy = (x + w / 2) / width, (y + h / 2) / height"
CORNER = "x, y = cx * width - w / 2, cy * height - h / 2"
WRONG = {
    "divides by the wrong side": (
        [
            (CENTRE, CENTRE.replace("width", "height", 1).replace(") / height", ") / width")),
            ("{w / width:.7f} {h / height:.7f}", "{w / height:.7f} {h / width:.7f}"),
        ],
        "leaves 0 to 1",
    ),
    "multiplies by the wrong side": (
        [
            (CORNER, "x, y = cx * height - w / 2, cy * width - h / 2"),
            ("w, h = w * width, h * height", "w, h = w * height, h * width"),
        ],
        "you multiplied by the wrong side",
    ),
    "drops crowds silently": ([(LOST, "pass")], '"lost" does not name it'),
    "keeps crowds silently": ([('if entry["iscrowd"]:', "if False:")], '"lost" does not name it'),
    "takes the stored size": ([(">= 5", ">= 9")], "divide by the picture as it is shown"),
    "turns what is upside down": ([(">= 5", ">= 3")], "the picture is shown as"),
    "corner for centre": ([(CENTRE, "cx, cy = x / width, y / height")], "the centre belongs"),
    "centre for corner": ([(CORNER, "x, y = cx * width, cy * height")], "the corner belongs"),
    "category ids as classes": (
        [
            ('categories[entry["category_id"]]["name"], entry', 'entry["category_id"], entry'),
            ("names.index(name)", "name"),
            ('"name").text = name', '"name").text = str(name)'),
        ],
        "a category id is something else",
    ),
    "ids begin again in each picture": (
        [('"id": len(annotations) + 1', '"id": int(number) + 1')],
        "stands twice in annotations",
    ),
    "no file without objects": (
        [("in found.items():", "in ((p, found[p]) for p in found if found[p]):")],
        "an empty one too",
    ),
    "no image without objects": (
        [
            (
                "in pictures.items():",
                "in ((p, a) for p, a in pictures.items() if yolo['files'][label_file(p, '.txt')]):",
            )
        ],
        "one without objects belongs there too",
    ),
    "file names without folders": (
        [("PurePosixPath(picture).with", "PurePosixPath(PurePosixPath(picture).name).with")],
        "the folder",
    ),
    "file names cut at the first dot": (
        [("str(PurePosixPath(picture).with_suffix(suffix))", "picture.split('.')[0] + suffix")],
        "all dots but the last",
    ),
    "ids not compared": ([("len(by_id) < len(entries)", "False")], "share an id"),
    "VOC from 0": ([(SIDES, SIDES.replace(" + 1", ""))], "add 1 to xmin and ymin"),
    "VOC from 0, the last pixel inside": (
        [(SIDES, '"xmin": x, "ymin": y, "xmax": x + w - 1, "ymax": y + h - 1')],
        "Add 1 to all four",
    ),
    "VOC ends outside": (
        [(SIDES, SIDES.replace("x + w", "x + w + 1").replace("y + h", "y + h + 1"))],
        "one too large",
    ),
    "rounds too early": ([(":.7f", ":.3f")], "Do not round before the end"),
}


def said(source: str) -> dict[str, str]:
    """What is wrong in each group that is not right."""
    answer: dict[str, Any] = {}
    exec(source, answer)
    wrong = {}
    for group in SUITE:
        outcomes = (called(answer[group.function], call) for call in group.calls)
        judged = map(group.judge, group.calls, outcomes)
        if first := next(filter(None, judged), ""):
            wrong[group.name] = first
    return wrong


def called(function: Callable[..., Any], call: Sequence[Any]) -> Outcome:
    try:
        return Outcome(json.loads(json.dumps(function(*json.loads(json.dumps(call))))))
    except Exception as error:
        return Outcome(error=f"{type(error).__name__}: {error}")


def share(wrong: dict[str, str]) -> float:
    return 1 - len(wrong) / len(SUITE)


def test_the_reference_is_right_in_a_process_of_its_own(tmp_path):
    assert said(REFERENCE) == {}
    code_answers.save("2.J", REFERENCE, tmp_path)
    assert of_task(TASK, "counted", tmp_path).score().value == 1.0


@pytest.mark.parametrize("name", WRONG)
def test_a_usual_slip_is_named_and_does_not_pass(name):
    changes, sentence = WRONG[name]
    wrong = said(changed(*changes))
    assert share(wrong) < TASK.pass_mark
    assert any(sentence in line for line in wrong.values())


@pytest.mark.parametrize(
    "body",
    [
        "...",
        "raise ValueError",
        "return {'files': {}, 'names': [], 'lost': []}",
        "return {'images': [], 'annotations': [], 'categories': []}",
        "return coco",
    ],
)
def test_what_converts_nothing_earns_nothing(body):
    names = ("coco_to_yolo", "yolo_to_coco", "coco_to_voc")
    source = "\n".join(f"def {name}(coco, pictures):\n    {body}\n" for name in names)
    assert share(said(source)) == 0


def test_a_crowd_may_be_refused_instead_of_named():
    assert said(changed((LOST, f"raise ValueError({LOST[12:-1]})"))) == {}


def test_a_crowd_may_be_kept_if_it_is_named():
    assert said(changed(("        else:\n", "        if True:\n"))) == {}


def test_cases_are_json_and_stand_in_one_seed():
    for group in SUITE:
        assert json.loads(json.dumps(group.calls)) == [list(call) for call in group.calls]
    assert converter.made("x").coco == converter.made("x").coco != converter.made("y").coco


@pytest.mark.parametrize("traits", [{}, {"empty": True}, {"turned": True}, {"crowds": 2}])
def test_boxes_lie_within_their_pictures_as_shown(traits):
    for number in range(20):
        case = converter.made(str(number), **traits)
        for name, boxes in case.boxes.items():
            width, height = converter.shown(case.pictures[name])
            assert all(b.x >= 0 and b.x + b.w <= width + 0.01 for b in boxes)
            assert all(b.y >= 0 and b.y + b.h <= height + 0.01 for b in boxes)
        ids = [entry["id"] for entry in case.coco["categories"]]
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    ("group", "value", "sentence"),
    [
        (0, None, 'a dict with "files"'),
        (0, {"files": "a.txt"}, 'a dict with "files"'),
        (5, [], "the lists images, annotations, categories"),
        (5, {"images": [1], "annotations": [], "categories": []}, "not as COCO has it"),
    ],
)
def test_what_is_no_answer_is_named(group, value, sentence):
    chosen = SUITE[group]
    assert sentence in chosen.judge(chosen.calls[0], Outcome(value))


def test_texts_that_are_no_labels_are_named():
    yolo, voc = SUITE[0], SUITE[7]
    names = [converter.renamed(name, ".txt") for name in yolo.calls[0][1]]
    for text, sentence in (("car 1 2 3 4", "no row of YOLO"), ("0 2 2 2 2", "leaves 0 to 1")):
        value = {"files": dict.fromkeys(names, text), "names": ["car"], "lost": []}
        assert sentence in yolo.judge(yolo.calls[0], Outcome(value))
    names = [converter.renamed(name, ".xml") for name in voc.calls[0][1]]
    for text in (
        "<annotation/>",
        "<annotation>",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "car",
    ):
        value = {"files": dict.fromkeys(names, text), "lost": []}
        assert "not as VOC has it" in voc.judge(voc.calls[0], Outcome(value))

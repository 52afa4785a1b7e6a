"""An exercise in a real tool: its ontology there, and the same work graded from any export."""

from __future__ import annotations

import json
import os
import re
import secrets
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from labelschool import course, datasets, formats
from labelschool.errors import LabelSchoolError
from labelschool.formats.answers import of_answer, to_answer
from labelschool.labs import label_studio
from labelschool.labs.label_studio import LabelStudio
from labelschool.labs.real_tools import POOL, graded_export, ontology_of
from labelschool.model import ItemAnswer
from labelschool.quality.simulated import annotate_boxes

TASK = course.load().task("2.A")
ITEMS = datasets.task_items(TASK, POOL)
TOOLS = ("label-studio", "cvat", "labelbox", "supervisely")
SCORE = re.compile(r"DetScore (\d\.\d\d)")


@pytest.fixture(scope="module")
def work():
    """The boxes of a simulated annotator, flags included, and none on the last picture."""
    truth = datasets.task_truth(TASK, POOL)
    made = annotate_boxes(truth, "trained", 3, classes=TASK.classes)
    made[ITEMS[-1].name] = ()
    return {name: ItemAnswer(item=name, annotations=boxes) for name, boxes in made.items()}


@pytest.fixture(scope="module")
def exports(work, tmp_path_factory):
    """The same work as each tool exports it."""
    folder = tmp_path_factory.mktemp("exports")
    dataset = of_answer(ITEMS, work, classes=TASK.classes)
    for tool in TOOLS:
        formats.write(dataset, folder / tool, tool)
    return folder


def test_four_tools_give_one_score(exports):
    said = {tool: repr(graded_export(exports / tool)) for tool in TOOLS}
    assert len({SCORE.search(text)[1] for text in said.values()}) == 1
    counts = {
        tool: re.findall(r"^  (E\d+ .*)\. ", text, re.MULTILINE) for tool, text in said.items()
    }
    assert len(set(map(tuple, counts.values()))) == 1
    assert all(f"No box on {ITEMS[-1].name}" in text for text in said.values())


def test_names_of_uploads_are_those_of_the_pictures(exports, tmp_path):
    before = formats.read(exports / "cvat")
    items = {
        number: replace(item, name=f"upload/1/0e925ed5-{item.name}")
        for number, item in before.items.items()
    }
    formats.write(replace(before, items=items), tmp_path / "coco", "coco")
    assert "on 6 pictures" in repr(graded_export(tmp_path / "coco"))


def test_an_ontology_has_the_classes_and_flags_of_the_exercise():
    made = ontology_of("2.A")
    assert [each.name for each in made.classes] == list(TASK.classes)
    levels = {question.name: question.values for question in made.attributes}
    assert levels.pop("occluded") == ("0", "1", "2", "3")
    assert levels == dict.fromkeys(set(TASK.attributes) - {"occluded"}, ())


def test_what_cannot_be_graded_is_one_sentence(exports, tmp_path):
    with pytest.raises(LabelSchoolError, match=r"1\.E has no practice pool of boxes"):
        graded_export(exports / "cvat", "1.E")
    with pytest.raises(LabelSchoolError, match="does not exist"):
        graded_export(tmp_path / "none.json")
    with pytest.raises(LabelSchoolError, match="holds none of the"):
        graded_export(exports / "cvat", "1.A")


def test_boxes_that_are_sent_are_those_that_come_back(work, tmp_path):
    tasks = []
    for item in ITEMS:
        boxes = work[item.name].annotations
        result = [part for box in boxes for part in label_studio._region(box, item)]
        tasks.append(
            {
                "id": len(tasks) + 1,
                "data": {"image": f"/data/upload/1/0e925ed5-{item.image.name}"},
                "annotations": [{"id": len(tasks) + 1, "result": result}],
            }
        )
    path = tmp_path / "export.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    back = to_answer(formats.read(path), ITEMS)
    for name, answer in work.items():
        pairs = zip(answer.annotations, back[name].annotations, strict=True)
        for sent, got in pairs:
            assert got.bbox == pytest.approx(sent.bbox, abs=1e-6)
            flags = ("label", "occluded", "truncated", "crowd", "unsure")
            assert [getattr(got, f) for f in flags] == [getattr(sent, f) for f in flags]


class TestServer:
    def test_what_is_not_installed_does_not_start(self, tmp_path):
        with pytest.raises(LabelSchoolError, match="not installed yet"), LabelStudio(tmp_path):
            pass

    @pytest.mark.skipif(os.name != "posix", reason="a script stands in for the program")
    def test_a_server_that_ends_says_where_it_wrote_why(self, tmp_path):
        program = tmp_path / "venv" / "bin" / "label-studio"
        program.parent.mkdir(parents=True)
        program.write_text("#!/bin/sh\necho no room; exit 3\n", encoding="utf-8")
        program.chmod(0o700)
        (tmp_path / "installed").touch()
        with pytest.raises(LabelSchoolError, match=r"server\.log says why"):
            LabelStudio(tmp_path).__enter__()
        assert "no room" in (tmp_path / "server.log").read_text(encoding="utf-8")

    def test_the_account_is_made_once_and_for_its_owner(self, tmp_path):
        first = LabelStudio(tmp_path).account
        assert LabelStudio(tmp_path).account == first
        assert re.fullmatch("[0-9a-f]{40}", first["token"])
        if os.name == "posix":
            assert stat.S_IMODE((tmp_path / "account.json").stat().st_mode) == 0o600

    @pytest.mark.skipif(
        "LABELSCHOOL_LABEL_STUDIO" not in os.environ,
        reason="LABELSCHOOL_LABEL_STUDIO names the folder of an installed Label Studio",
    )
    def test_a_real_server_gives_the_work_back(self, work, tmp_path):
        wanted = ontology_of("2.A").model_copy(update={"project": secrets.token_hex(8)})
        with LabelStudio(Path(os.environ["LABELSCHOOL_LABEL_STUDIO"])) as server:
            project = server.project(wanted, ITEMS)
            assert server.project(wanted, ITEMS) == project
            assert server.annotate(project, ITEMS, work) == len(ITEMS)
            (tmp_path / "export.json").write_bytes(server.export(project))
        back = to_answer(formats.read(tmp_path / "export.json"), ITEMS)
        for name, answer in work.items():
            boxes = [box.bbox for box in back[name].annotations]
            assert boxes == [pytest.approx(box.bbox, abs=1e-6) for box in answer.annotations]

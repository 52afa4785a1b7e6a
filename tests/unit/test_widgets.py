"""The kernel's half of the annotators, without a browser."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from labelschool import answers
from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.widgets import BoxAnnotator, Field, Form, Handle, Item, Plot, TagAnnotator

SETTINGS: dict[str, Any] = {"title": "First boxes", "classes": ["car", "person"]}


def box(x: float = 1, **more: Any) -> dict[str, Any]:
    return {"type": "box", "id": "b1", "label": "car", "bbox": [x, 2, 3, 4], **more}


class Kernel:
    """An annotator whose messages to the browser are kept."""

    def __init__(self, folder: Path, client: str = "tab") -> None:
        (folder / "a.jpg").write_bytes(b"picture")
        self.file = AnswerFile("1.A", "practice", "G1.v1", folder)
        items = [
            Item(name=name, image=folder / f"{name}.jpg", width=640, height=480) for name in "ab"
        ]
        self.widget = BoxAnnotator(items=items, answer_file=self.file, **SETTINGS)
        self.client = client
        self.sent: list[tuple[dict[str, Any], Any]] = []
        self.widget.send = lambda content, buffers=None: self.sent.append((content, buffers))

    def receive(self, kind: str, **message: Any) -> dict[str, Any]:
        """What the annotator answers to a message of the browser."""
        self.widget._handle_custom_msg({"kind": kind, "client": self.client, **message}, [])
        return self.sent[-1][0]

    def save(self, seq: int, base: int, *boxes: dict[str, Any], **more: Any) -> dict[str, Any]:
        edit = {"item": "a", "annotations": list(boxes), "active_ms": 1200}
        return self.receive("save", seq=seq, base=base, edits=[edit], modes={"a": "pen"}, **more)


@pytest.fixture
def kernel(tmp_path: Path) -> Kernel:
    return Kernel(tmp_path)


def test_making_an_annotator_writes_nothing(tmp_path: Path) -> None:
    Kernel(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_the_text_form_is_the_same_on_every_run(kernel: Kernel) -> None:
    text = "BoxAnnotator 1.A: run this cell"
    assert repr(kernel.widget) == text
    data, _ = kernel.widget._repr_mimebundle_()
    assert data["text/plain"] == text
    assert "application/vnd.jupyter.widget-view+json" in data


def test_nothing_about_the_machine_goes_to_the_browser(kernel: Kernel, tmp_path: Path) -> None:
    state = json.dumps(kernel.widget.spec)
    assert str(tmp_path) not in state
    assert kernel.widget.spec["items"][0] == {"name": "a", "width": 640, "height": 480}


def test_a_save_is_written_acknowledged_and_logged(kernel: Kernel) -> None:
    assert kernel.save(1, 0, box()) == {
        "kind": "saved",
        "revision": 1,
        "client": "tab",
        "seq": 1,
    }
    [saved] = kernel.file.read().item("a").annotations
    assert saved.bbox == (1, 2, 3, 4)
    log = kernel.file.path.parent / ".events" / "1.A.practice.jsonl"
    [event] = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert {key: event[key] for key in ("item", "mode", "active_ms", "n")} == {
        "item": "a",
        "mode": "pen",
        "active_ms": 1200,
        "n": 1,
    }


def test_the_same_message_again_is_not_a_conflict_with_itself(kernel: Kernel) -> None:
    first = kernel.save(1, 0, box())
    assert kernel.save(1, 0, box()) == first
    assert kernel.file.read().revision == 1
    assert kernel.save(2, 1, box(9))["revision"] == 2


def test_newer_work_is_a_conflict_and_stays(kernel: Kernel) -> None:
    kernel.save(1, 0, box())
    kernel.client = "other tab"
    assert kernel.save(1, 0, box(50)) == {
        "kind": "conflict",
        "current": 1,
        "client": "other tab",
        "seq": 1,
    }
    assert kernel.file.read().item("a").annotations[0].bbox[0] == 1


def test_replaced_work_is_kept_beside(kernel: Kernel) -> None:
    kernel.save(1, 0, box())
    before = kernel.file.path.read_bytes()
    kernel.client = "other tab"
    assert kernel.save(1, 1, box(50), replace=True)["kind"] == "saved"
    [kept] = (kernel.file.path.parent / ".events").glob("*.replaced-*.json")
    assert kept.read_bytes() == before


def test_a_full_disk_is_told_and_a_later_try_saves(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel.save(1, 0, box())
    with monkeypatch.context() as full:

        def no_space(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        full.setattr(answers, "replace", no_space)
        failed = kernel.save(2, 1, box(9))
        assert failed["kind"] == "failed"
        assert failed["sentence"].startswith("The disk is full")
    assert kernel.file.read().revision == 1
    assert kernel.save(2, 1, box(9))["kind"] == "saved"


def test_a_log_that_cannot_be_written_does_not_stop_a_save(kernel: Kernel) -> None:
    kernel.file.path.parent.mkdir()
    (kernel.file.path.parent / ".events").write_text("in the way", encoding="utf-8")
    assert kernel.save(1, 0, box())["kind"] == "saved"


@pytest.mark.parametrize("wrong", [box(bbox=[1, 2, 0, 4]), box(occluded=7), {"type": "circle"}])
def test_an_impossible_edit_is_refused_in_a_sentence(kernel: Kernel, wrong: dict) -> None:
    failed = kernel.save(1, 0, wrong)
    assert failed["kind"] == "failed"
    assert "cannot be saved" in failed["sentence"]
    assert not kernel.file.path.exists()


def test_saved_work_is_restored_for_known_items_only(kernel: Kernel, tmp_path: Path) -> None:
    kernel.save(1, 0, box())
    gone = {"item": "gone", "annotations": []}
    kernel.receive("save", seq=2, base=1, edits=[gone], modes={})
    state = Kernel(tmp_path).receive("hello")
    assert state["kind"] == "state"
    assert state["revision"] == 2
    assert state["notice"] is None
    assert list(state["answers"]) == ["a"]
    assert state["answers"]["a"]["annotations"][0]["bbox"] == [1, 2, 3, 4]


def test_a_broken_file_is_told_and_kept(kernel: Kernel, tmp_path: Path) -> None:
    kernel.file.path.parent.mkdir()
    kernel.file.path.write_text("{", encoding="utf-8")
    state = Kernel(tmp_path).receive("hello")
    assert state["revision"] == 0
    assert "cannot be read" in state["notice"]
    assert kernel.save(1, 0, box())["kind"] == "saved"
    assert (tmp_path / "answers" / "1.A.practice.json.broken-1").read_text() == "{"


def test_pictures_go_as_bytes_and_missing_ones_are_told(kernel: Kernel) -> None:
    assert kernel.receive("media", item="a", part="image")["kind"] == "media"
    assert kernel.sent[-1][1] == [b"picture"]
    for name in ("b", "../../etc/passwd"):
        assert kernel.receive("media", item=name, part="image")["kind"] == "nomedia"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda file, items: BoxAnnotator(items=items, answer_file=file, rulez=[], **SETTINGS),
            "BoxAnnotator has no setting 'rulez'; did you mean 'rules'?",
        ),
        (
            lambda file, items: BoxAnnotator(
                items=items, answer_file=file, attributes=["blurred"], **SETTINGS
            ),
            "A box has no attribute 'blurred'; it has occluded, truncated, crowd, unsure, mirror.",
        ),
        (
            lambda file, items: TagAnnotator(
                items=items, answer_file=file, choosing="several", **SETTINGS
            ),
            "TagAnnotator cannot choose 'several'; choose single, multi, ordinal.",
        ),
        (
            lambda file, _: BoxAnnotator(
                items=[Item(name="t", text="words")], answer_file=file, **SETTINGS
            ),
            "Item 't' has no picture to draw boxes on.",
        ),
        (
            lambda file, _: TagAnnotator(items=[], answer_file=file, **SETTINGS),
            "TagAnnotator needs at least one item to annotate.",
        ),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(kernel: Kernel, make: Any, sentence: str) -> None:
    with pytest.raises(LabelSchoolError) as told:
        make(kernel.file, list(kernel.widget._items.values()))
    assert str(told.value) == sentence


def test_an_item_is_a_picture_or_a_text() -> None:
    for wrong in ({}, {"image": Path("a.jpg")}, {"image": Path("a.jpg"), "text": "words"}):
        with pytest.raises(ValidationError, match="item 'n' needs"):
            Item(name="n", **wrong)


def test_a_plot_moves_number_fields_alone() -> None:
    fields = [
        Field(name="n", kind="slider", label="Sample", min=1, max=300),
        Field(name="town", kind="text", label="Town"),
    ]
    plot = Plot(label="Risk by sample", handles=(Handle(x="n"),), x=(0, 300))
    form = Form(title="Plan", fields=fields, plot=plot, lines=[[(0, 1), (300, 0)]])
    assert form.spec["plot"]["handles"] == ({"x": "n", "y": ""},)
    assert form.lines == [[(0, 1), (300, 0)]]
    for handle, sentence in [
        (Handle(y="town"), "A handle moves 'town', which is no number field."),
        (Handle(), "A handle needs the name of a number field, as x or as y."),
    ]:
        with pytest.raises(LabelSchoolError) as told:
            Form(title="Plan", fields=fields, plot=Plot(label="Risk", handles=(handle,)))
        assert str(told.value) == sentence
    with pytest.raises(LabelSchoolError, match="a slider needs a min and a max"):
        Field(name="n", kind="slider", label="Sample", min=1)


def test_a_form_tells_changes_and_refuses_wrong_fields() -> None:
    told: list[dict[str, Any]] = []
    form = Form(
        title="Pace",
        exercise="1.P",
        fields=[Field(name="hours", kind="number", label="Hours", min=0)],
        changed=told.append,
    )
    form.values = {"hours": 12}
    assert told == [{"hours": 12}]
    assert repr(form) == "Form 1.P: run this cell"
    assert form.spec["fields"] == [
        {"name": "hours", "kind": "number", "label": "Hours", "min": 0, "rows": 4}
    ]
    with pytest.raises(LabelSchoolError, match="options belong to a choice"):
        Field(name="box", kind="choice", label="Which?")
    with pytest.raises(LabelSchoolError, match="no setting 'feilds'; did you mean 'fields'"):
        Form(title="Pace", fields=[], feilds=[])

"""The answer file loses nothing: whatever stands in it, and whatever fails while it is written."""

from __future__ import annotations

import errno
import json
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelschool import answers
from labelschool.answers import AnswerFile, BrokenAnswer, Conflict, NotSaved
from labelschool.model import Box, Choice, ItemAnswer

GOOD = {
    "schema": "labelschool/answer/1",
    "exercise": "1.A",
    "pool": "counted",
    "guideline": "G1.v1",
    "items": [{"item": "one", "annotations": [{"type": "choice", "labels": ["car"]}]}],
}


@pytest.fixture
def file(tmp_path):
    return AnswerFile("1.A", "counted", "G1.v1", folder=tmp_path)


def box(label="car", bbox=(1, 2, 3, 4), **more):
    return Box(id="a", label=label, bbox=bbox, **more)


sizes = st.floats(0.1, 5000, allow_nan=False)
boxes = st.builds(
    Box,
    id=st.text(min_size=1, max_size=8),
    label=st.text(max_size=12),
    bbox=st.tuples(sizes, sizes, sizes, sizes),
    occluded=st.sampled_from([0, 1, 2, 3]),
    truncated=st.booleans(),
    mode=st.sampled_from(["mouse", "keyboard", "list"]),
)
items = st.builds(ItemAnswer, item=st.text(min_size=1), annotations=st.tuples(boxes) | st.just(()))


@given(saved=st.dictionaries(st.text(min_size=1, max_size=5), items, max_size=4))
def test_what_was_saved_is_read_back(saved, tmp_path_factory):
    saved = {name: item.model_copy(update={"item": name}) for name, item in saved.items()}
    file = AnswerFile("1.A", "practice", "G1.v1", folder=tmp_path_factory.mktemp("home"))
    file.save(saved, base=0)
    read = file.read()
    assert {item.item: item for item in read.items} == saved
    assert read.revision == 1


def test_pools_have_files_of_their_own(tmp_path):
    counted = AnswerFile("1.A", "counted", None, folder=tmp_path)
    practice = AnswerFile("1.A", "practice", None, folder=tmp_path)
    assert counted.path == tmp_path / "answers" / "1.A.json"
    assert practice.path == tmp_path / "answers" / "1.A.practice.json"


def test_reading_makes_nothing(file):
    assert file.read().items == ()
    assert not file.path.parent.exists()


def test_an_edit_leaves_other_items_alone(file):
    file.save({"one": ItemAnswer(item="one", annotations=(box(),))}, base=0)
    file.save({"two": ItemAnswer(item="two", done=True)}, base=1)
    assert file.read().item("one").annotations == (box(),)
    assert file.read().item("two").done
    assert file.read().item("three") == ItemAnswer(item="three")


def test_a_writer_that_missed_a_change_is_told(file):
    file.save({"one": ItemAnswer(item="one", done=True)}, base=0)
    with pytest.raises(Conflict) as caught:
        file.save({"one": ItemAnswer(item="one")}, base=0)
    assert caught.value.revision == 1
    assert file.read().item("one").done


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (json.dumps(GOOD)[:-30], "damaged at line 1"),
        ("<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n", "git conflict"),
        ('{"cells": []}', "not a Label School answer"),
        ("[1, 2]", "not a Label School answer"),
        (json.dumps(GOOD | {"exercise": "2.B"}), "belongs to exercise 2.B"),
        (json.dumps(GOOD | {"revision": "many"}), "revision"),
        (json.dumps(GOOD | {"scored": 1}), "scored"),
        ("\udcff".encode("utf-8", "surrogateescape"), "cannot be read"),
        (
            json.dumps(GOOD).replace(
                '{"type": "choice", "labels": ["car"]}',
                '{"type": "box", "id": "a", "label": "car", "bbox": [0, 0, -5, 2]}',
            ),
            "width and a height above 0",
        ),
    ],
)
def test_a_broken_file_is_named_and_kept(file, content, says):
    file.path.parent.mkdir()
    raw = content if isinstance(content, bytes) else content.encode()
    file.path.write_bytes(raw)
    with pytest.raises(BrokenAnswer, match=says) as caught:
        file.read()
    assert "\n" not in str(caught.value)
    assert file.path.read_bytes() == raw, "reading must not touch the file"
    file.save({"one": ItemAnswer(item="one", done=True)}, base=0)
    assert file.path.with_name("1.A.json.broken-1").read_bytes() == raw
    assert file.read().item("one").done


def test_broken_files_are_numbered(file):
    file.path.parent.mkdir()
    for number in (1, 2, 3):
        file.path.write_text(f"broken {number}", encoding="utf-8")
        kept = answers.set_aside(file.path)
        assert kept.name == f"1.A.json.broken-{number}"
    assert not file.path.exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_failed_write_keeps_the_old_file_and_says_so(file, monkeypatch, code):
    file.save({"one": ItemAnswer(item="one", done=True)}, base=0)
    before = file.path.read_bytes()

    def refuse(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(NotSaved, match="not saved"):
        file.save({"one": ItemAnswer(item="one")}, base=1)
    assert file.path.read_bytes() == before
    assert [path.name for path in file.path.parent.iterdir()] == ["1.A.json"]


def test_a_replace_refused_for_a_moment_is_tried_again(file, monkeypatch):
    real, refused = os.replace, []

    def sometimes(source, target):
        if len(refused) < 3:
            refused.append(source)
            raise PermissionError(13, "held by another program")
        real(source, target)

    monkeypatch.setattr(os, "replace", sometimes)
    assert file.save({"one": ItemAnswer(item="one")}, base=0) == 1
    assert len(refused) == 3
    assert file.read().revision == 1


def test_an_attempt_is_counted_once_for_the_same_work(file):
    file.save({"one": ItemAnswer(item="one", annotations=(Choice(labels=("car",)),))}, base=0)
    assert len(file.add_attempt().attempts) == 1
    assert len(file.add_attempt().attempts) == 1
    file.save({"one": ItemAnswer(item="one", done=True)}, base=file.read().revision)
    assert len(file.add_attempt().attempts) == 2


def test_readers_never_see_half_a_file(file):
    stop, seen = threading.Event(), []

    def read():
        while not stop.is_set():
            try:
                seen.append(file.read().revision)
            except BrokenAnswer as error:
                seen.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for revision in range(30):
        many = tuple(box(bbox=(i, 2, 3, 4)) for i in range(1, 60))
        file.save({"one": ItemAnswer(item="one", annotations=many)}, base=revision)
    stop.set()
    reader.join()
    assert seen == sorted(seen)

"""The work folder: seeding, update, and that nothing a learner made is ever lost."""

from __future__ import annotations

import contextlib
import json
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import answers
from labelschool.home import workspace
from labelschool.home.workspace import WorkspaceError

LESSON = "01-foundation/read-me.ipynb"
TODAY = date(2026, 11, 23)
ASIDE = "01-foundation/read-me.mine-2026-11-23.ipynb"


def tree(folder):
    """Relative path -> content of every file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def run_it(content):
    """A notebook after it was run: outputs and metadata change, the text does not."""
    data = json.loads(content)
    data["metadata"]["widgets"] = {"state": "x"}
    data["cells"][0]["metadata"]["executed"] = True
    return json.dumps(data, indent=1).encode()


def test_seeding_brings_lessons_and_assignments_into_one_folder(home):
    names = {name for name in tree(home) if name.endswith(".ipynb")}
    assert names == {
        "start-here.ipynb",
        "01-foundation/read-me.ipynb",
        "01-foundation/draw-me.ipynb",
        "01-foundation/exercises.ipynb",
        "01-foundation/assignment.ipynb",
    }


def test_a_second_update_changes_nothing(home):
    before = tree(home)
    assert workspace.update(home) == []
    assert tree(home) == before


def test_a_notebook_that_was_only_run_is_replaced(home, small_course, kit):
    (home / LESSON).write_bytes(run_it((home / LESSON).read_bytes()))
    new = kit.notebook("# Read, second edition")
    (small_course / "modules" / LESSON).write_bytes(new)
    (change,) = workspace.update(home)
    assert (change.notebook, change.what) == (LESSON, "updated")
    assert (home / LESSON).read_bytes() == new


def test_an_edited_notebook_is_kept_aside_and_told(home, small_course, kit):
    mine = kit.notebook("# Read", "my own thought")
    (home / LESSON).write_bytes(mine)
    new = kit.notebook("# Read, second edition")
    (small_course / "modules" / LESSON).write_bytes(new)
    (change,) = workspace.update(home, today=TODAY)
    assert change.aside == ASIDE
    assert ASIDE in str(change)
    assert (home / ASIDE).read_bytes() == mine
    assert (home / LESSON).read_bytes() == new
    assert workspace.update(home, today=TODAY) == []


def test_an_edited_notebook_stays_while_the_course_does_not_change(home, kit):
    mine = kit.notebook("# Read", "my own thought")
    (home / LESSON).write_bytes(mine)
    assert workspace.update(home) == []
    assert (home / LESSON).read_bytes() == mine


def test_two_edits_on_one_day_are_both_kept(home, small_course, kit):
    for number in (1, 2):
        (home / LESSON).write_bytes(kit.notebook(f"mine {number}"))
        (small_course / "modules" / LESSON).write_bytes(kit.notebook(f"edition {number}"))
        workspace.update(home, today=TODAY)
    second = ASIDE.replace(".ipynb", "-2.ipynb")
    assert (home / ASIDE).read_bytes() == kit.notebook("mine 1")
    assert (home / second).read_bytes() == kit.notebook("mine 2")


def test_what_a_learner_deleted_comes_back_only_when_asked(home):
    (home / LESSON).unlink()
    assert workspace.update(home) == []
    assert not (home / LESSON).exists()
    (change,) = workspace.update(home, restore=True)
    assert (change.notebook, change.what) == (LESSON, "restored")


def test_a_lesson_that_left_the_course_stays(home, small_course):
    (small_course / "modules" / LESSON).unlink()
    assert [change.what for change in workspace.update(home)] == ["retired"]
    assert (home / LESSON).exists()
    assert workspace.update(home) == []


@pytest.mark.parametrize("record", [b"", b"{", b"[]", b'{"schema": 1}', b"\xff\xfe", None])
def test_a_lost_record_loses_no_work(home, small_course, kit, record):
    mine = kit.notebook("my own thought")
    (home / LESSON).write_bytes(mine)
    if record is None:
        (home / workspace.RECORD).unlink()
    else:
        (home / workspace.RECORD).write_bytes(record)
    changes = workspace.update(home, today=TODAY)
    assert [change.what for change in changes] == ["kept aside"]
    assert (home / ASIDE).read_bytes() == mine


def test_a_course_without_notebooks_says_what_to_do(home, small_course):
    (small_course / "modules" / "start-here.ipynb").unlink()
    with pytest.raises(WorkspaceError, match="git checkout"):
        workspace.update(home)


def test_a_folder_that_cannot_be_written_says_so(small_course, monkeypatch):
    def refuse(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(answers, "replace", refuse)
    with pytest.raises(WorkspaceError, match="No space left"):
        workspace.update(small_course / "workspace")


class Crash(BaseException):
    """The process dies here."""


TEXTS = st.sampled_from(["one", "two", "three"])
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), TEXTS),
        st.tuples(st.just("publish"), TEXTS),
        st.tuples(st.just("run"), st.none()),
        st.tuples(st.just("update"), st.integers(0, 12)),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(events=EVENTS)
def test_no_text_of_the_learner_is_ever_lost(kit, events):
    """Any order of edits, new editions and updates that die after n writes."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        root = kit.make_course(Path(folder) / "course")
        patch.setenv("LABELSCHOOL_ROOT", str(root))
        home = root / "workspace"
        workspace.update(home)
        kit.write(home / "01-foundation/answers/1.A.json", "mine")
        written = []
        for event, value in events:
            if event == "edit":
                mine = kit.notebook(f"the learner's {value}")
                # What they wrote last is what counts; saving over it is their own doing.
                written = [text for text in written if text != (home / LESSON).read_bytes()]
                (home / LESSON).write_bytes(mine)
                written.append(mine)
            elif event == "publish":
                (root / "modules" / LESSON).write_bytes(kit.notebook(f"edition {value}"))
            elif event == "run":
                now = run_it((home / LESSON).read_bytes())
                written = [now if t == (home / LESSON).read_bytes() else t for t in written]
                (home / LESSON).write_bytes(now)
            else:
                _update_until_it_dies(home, value)
            kept = set(tree(home).values())
            assert all(text in kept for text in written)
        workspace.update(home)
        after = tree(home)
        assert workspace.update(home) == []
        assert tree(home) == after
        assert after["01-foundation/answers/1.A.json"] == b"mine"
        assert not [name for name in after if ".saving-" in name]


def _update_until_it_dies(home, writes):
    """Run an update whose process dies at the n-th write; 0 lets it finish."""
    real, left = answers.replace, [writes]

    def replace(path, content):
        left[0] -= 1
        if left[0] == 0:
            raise Crash
        real(path, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "replace", replace)
        with contextlib.suppress(Crash):
            workspace.update(home, today=TODAY)

"""The kernel's half of GuidelineEditor, KanbanBoard and FocusTimer."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from labelschool import course
from labelschool.errors import LabelSchoolError
from labelschool.home import results
from labelschool.model import guidelines
from labelschool.operations import flow
from labelschool.widgets import Column, FocusTimer, GuidelineEditor, KanbanBoard


class Kernel:
    """A widget whose messages to the browser are kept, and what a browser would hold."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self.sent: list[dict[str, Any]] = []
        widget.send = lambda content, buffers=None: self.sent.append(content)
        self.saves = 0
        self.hello()

    def receive(self, kind: str, **message: Any) -> list[dict[str, Any]]:
        self.sent.clear()
        self.widget._handle_custom_msg({"kind": kind, "client": "tab", **message}, [])
        return list(self.sent)

    def hello(self) -> list[dict[str, Any]]:
        sent = self.receive("hello")
        self.revision = sent[0]["revision"]
        self.held = {**self.widget.spec["empty"], **sent[0]["answers"]}
        return sent

    def save(self, **changes: dict[str, Any]) -> list[dict[str, Any]]:
        for name, change in changes.items():
            self.held[name] = {**self.held[name], **change}
        self.saves += 1
        edits = [self.held[name] for name in changes]
        # As the browser sends it.
        edits = json.loads(json.dumps(edits))
        sent = self.receive("save", seq=self.saves, base=self.revision, edits=edits)
        self.revision = sent[0].get("revision", self.revision)
        return sent


# Guidelines -------------------------------------------------------------------------------------


@pytest.fixture
def editor(tmp_path: Path) -> Kernel:
    base = course.guideline("G1.v1")
    return Kernel(GuidelineEditor(title="Next", exercise="3.K", base=base, folder=tmp_path))


def rules_with(kernel: Kernel, number: int, **change: str) -> dict[str, Any]:
    rules = kernel.held["guideline"]["rules"]
    return {"rules": [{**rule, **change} if rule["number"] == number else rule for rule in rules]}


def test_making_an_editor_begins_the_next_version_and_writes_nothing(
    editor: Kernel, tmp_path: Path
) -> None:
    assert list(tmp_path.iterdir()) == []
    assert editor.held["guideline"]["version"] == 2
    assert [rule["number"] for rule in editor.held["guideline"]["rules"]] == list(range(1, 17))
    assert "Nothing is changed since version 1." in editor.sent[-1]["changes"]
    assert repr(editor.widget) == "GuidelineEditor 3.K: run this cell"


def test_a_changed_rule_is_saved_marked_and_shown(editor: Kernel, tmp_path: Path) -> None:
    short = "Reflections get the flag <mirror>."
    saved, checked = editor.save(guideline=rules_with(editor, 10, short=short))
    assert saved["kind"] == "saved"
    held = guidelines.read((tmp_path / "answers/3.K/guideline.md").read_text(encoding="utf-8"))
    assert (held.id, held.rules[10].short) == ("G1.v2", short)
    assert (checked["kind"], checked["marks"]) == ("checked", {10: "changed"})
    assert "<mirror>" not in checked["changes"]
    assert "&lt;" in checked["changes"]
    assert checked["changes"].count("<del ") == checked["changes"].count("<ins ") == 1
    again = Kernel(
        GuidelineEditor(title="", exercise="3.K", base=course.guideline("G1.v1"), folder=tmp_path)
    )
    assert again.held == editor.held


def test_a_version_that_is_over_stays_beside_the_next(editor: Kernel, tmp_path: Path) -> None:
    editor.save(guideline={"note": "one"})
    second = (tmp_path / "answers/3.K/guideline.md").read_bytes()
    [_, checked] = editor.save(guideline={"version": 3, "note": ""})
    assert (tmp_path / "answers/3.K/guideline.v2.md").read_bytes() == second
    assert checked["marks"] == {}
    rule = {**editor.widget.spec["rule"], "number": 17, "name": "mirror"}
    [_, checked] = editor.save(guideline={"rules": [*editor.held["guideline"]["rules"], rule]})
    assert checked["marks"] == {17: "new"}
    assert "**17 mirror.**" in checked["changes"]


def test_what_was_added_by_hand_is_kept(editor: Kernel, tmp_path: Path) -> None:
    editor.save(guideline={"note": "one"})
    path = tmp_path / "answers/3.K/guideline.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nMy own notes.\n", encoding="utf-8")
    editor.hello()
    editor.save(guideline={"note": "two"})
    assert "My own notes." not in path.read_text(encoding="utf-8")
    [kept] = (path.parent / ".events").iterdir()
    assert "My own notes." in kept.read_text(encoding="utf-8")


def test_a_damaged_guideline_is_set_aside(editor: Kernel, tmp_path: Path) -> None:
    path = tmp_path / "answers/3.K/guideline.md"
    path.parent.mkdir(parents=True)
    path.write_text("no header", encoding="utf-8")
    assert "cannot be read" in editor.hello()[0]["notice"]
    editor.save(guideline={"note": "new"})
    assert path.with_name("guideline.md.broken-1").read_text(encoding="utf-8") == "no header"


def test_rules_that_cannot_decide_are_told(tmp_path: Path) -> None:
    base = course.guideline("G1.v1")
    kernel = Kernel(
        GuidelineEditor(
            title="", exercise="3.K", base=base, features={"mirror": bool}, folder=tmp_path
        )
    )
    one = {**kernel.held["guideline"]["rules"][0], "when": "mirrored", "then": "car"}
    [_, checked] = kernel.save(guideline={"rules": [one], "default": "car"})
    assert checked["faults"] == {1: "There is no feature mirrored; there are mirror."}
    [_, checked] = kernel.save(guideline=rules_with(kernel, 1, when="mirror"))
    assert checked["faults"] == {}
    assert kernel.widget.spec["hint"].endswith("They may ask mirror (yes or no).")


# Boards -----------------------------------------------------------------------------------------


COLUMNS = (Column(name="To do"), Column(name="Review", limit=2, done="agreed | twice"))


def board(folder: Path, **settings: Any) -> Kernel:
    cards = {"a": "night", "b": "", "c, 🙂": ""}
    settings = {"columns": COLUMNS, "cards": cards, "step": 15, "folder": folder, **settings}
    return Kernel(KanbanBoard(title="Lab", exercise="3.J", **settings))


def test_a_board_begins_with_all_cards_in_the_first_column(tmp_path: Path) -> None:
    kernel = board(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert kernel.held["flow"]["moves"] == [(name, "To do", 0, "") for name in ("a", "b", "c, 🙂")]
    assert kernel.held["board"]["text"] == "To do\nReview | 2 | agreed | twice"


def test_the_log_of_moves_reads_like_that_of_the_course(tmp_path: Path) -> None:
    kernel = board(tmp_path)
    moves = [*kernel.held["flow"]["moves"], ["c, 🙂", "Review", 15.5, "you"]]
    assert kernel.save(flow={"moves": moves})[0]["kind"] == "saved"
    path = tmp_path / "answers/3.J/flow.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0] == list(flow.simulate(1, flow.Flow(tasks=1)).columns)
    assert rows[-1] == ["c, 🙂", "Review", "15.5", "you"]
    assert not path.with_name("board.json").exists()
    assert board(tmp_path).held["flow"]["moves"][-1] == ("c, 🙂", "Review", 15.5, "you")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "card,column\n",
        "card,column,minute,who\na,To do,x,\n",
        "card,column,minute,who\na,b,0,\n",
    ],
)
def test_a_damaged_log_is_set_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers/3.J/flow.csv"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    kernel = board(tmp_path)
    assert len(kernel.held["flow"]["moves"]) == 3
    kernel.save(flow={})
    assert path.with_name("flow.csv.broken-1").read_text(encoding="utf-8") == text


def test_time_passes_in_steps_and_the_team_moves_cards(tmp_path: Path) -> None:
    def team(now: Any, moves: Any) -> list[tuple]:
        assert moves[-1].card == "c, 🙂"
        return [("a", now.columns[1].name, now.minute, "annotator-1")]

    [reply] = (kernel := board(tmp_path, team=team)).receive("step", **kernel.held)
    assert reply["board"]["minute"] == 15
    assert reply["moves"] == [("a", "Review", 15, "annotator-1")]
    [reply] = (kernel := board(tmp_path)).receive("step", **kernel.held)
    assert reply["moves"] == []


def test_a_renamed_column_keeps_its_cards_and_a_new_one_is_empty(tmp_path: Path) -> None:
    kernel = board(tmp_path)
    [reply] = kernel.receive("columns", text="Backlog | | \nReview | 3 | yes\n\n", **kernel.held)
    assert reply["names"] == {"To do": "Backlog", "Review": "Review"}
    assert reply["board"]["columns"][1] == {"name": "Review", "limit": 3, "done": "yes"}
    kernel.held["board"] = reply["board"]
    [reply] = kernel.receive("columns", text="Backlog\nLabelling\nReview", **kernel.held)
    assert reply["names"] == {}
    assert [column["name"] for column in reply["board"]["columns"]][1] == "Labelling"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "two columns or more"),
        ("To do", "two columns or more"),
        ("To do\nTo do", "a name of its own"),
        ("To do\n| 4", "a column has no name"),
        ("To do\nDone | few", "the limit of Done is 'few'; write a whole number"),
        ("To do\nDone | 0", "the limit of Done is '0'"),
    ],
)
def test_columns_that_cannot_be_are_told(tmp_path: Path, text: str, said: str) -> None:
    kernel = board(tmp_path)
    [reply] = kernel.receive("columns", text=text, **kernel.held)
    assert reply["sentence"].startswith("The columns stay as they were: ")
    assert said in reply["sentence"]
    assert "board" not in reply


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"columns": COLUMNS[:1]}, "columns"),
        ({"columns": (*COLUMNS, COLUMNS[0])}, "two columns have the same name"),
        ({"cards": {}}, "at least one card"),
        ({"collumns": COLUMNS}, "did you mean 'columns'"),
    ],
)
def test_wrong_settings_of_a_board_are_told(tmp_path: Path, settings: dict, said: str) -> None:
    with pytest.raises(LabelSchoolError, match=said):
        board(tmp_path, **settings)


# The focus timer --------------------------------------------------------------------------------


def test_blocks_are_kept_as_a_table(tmp_path: Path) -> None:
    kernel = Kernel(FocusTimer(exercise="1.D", folder=tmp_path))
    assert list(tmp_path.iterdir()) == []
    blocks = [[1_795_500_000_123, 1500, 4], [1_795_503_600_000, None, None]]
    assert kernel.save(focus={"blocks": blocks})[0]["kind"] == "saved"
    path = tmp_path / "answers/1.D/focus.csv"
    assert path.read_text(encoding="utf-8") == (
        "started,seconds,focus\n"
        "2026-11-24T06:00:00.123000+00:00,1500,4\n"
        "2026-11-24T07:00:00+00:00,,\n"
    )
    assert Kernel(FocusTimer(exercise="1.D", folder=tmp_path)).held["focus"]["blocks"] == blocks


@pytest.mark.parametrize("settings", [{"minutes": 0}, {"rest": -1}, {"minuts": 5}])
def test_wrong_settings_of_a_timer_are_told(tmp_path: Path, settings: dict) -> None:
    with pytest.raises(LabelSchoolError):
        FocusTimer(exercise="1.D", folder=tmp_path, **settings)


@pytest.mark.parametrize(("factor", "minutes"), [(1, 20), (1.25, 25), (None, None)])
def test_the_time_factor_of_the_learner_stretches_a_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, factor: float | None, minutes: float | None
) -> None:
    monkeypatch.setenv("LABELSCHOOL_HOME", str(tmp_path))
    results.set_time_factor(tmp_path, factor)
    timer = FocusTimer(exercise="1.D", folder=tmp_path, minutes=20)
    assert (timer.spec["minutes"], timer.spec["rest"]) == (minutes, 5)

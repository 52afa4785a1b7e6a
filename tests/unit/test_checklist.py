"""The checklist of the action plan: ticks are kept and carried, what can be seen ticks itself."""

from __future__ import annotations

import re

import pytest

from labelschool import answers, places, start
from labelschool.errors import LabelSchoolError
from labelschool.home import portable, results
from labelschool.model import Box, ItemAnswer
from labelschool.pages import checklist

LIST = """
- {id: boxes, when: This week, text: Draw, where: [1.A], answered: 1.A}
- {id: plan, when: This week, text: Plan, where: [draw-me], saved: roadmap.md}
- {id: talk, when: This month, text: Talk <b>, where: ["2.1", A1.e]}
"""


@pytest.fixture(autouse=True)
def small_list(small_course, home, kit, monkeypatch):
    kit.write(small_course / checklist.FILE, LIST)
    monkeypatch.chdir(home)


def state(home):
    return {line.item.id: line.done for line in checklist.read(home)}


def draw(home, pool, *names):
    box = Box(id="b", label="car", bbox=(0, 0, 5, 5))
    file = answers.AnswerFile("1.A", pool, "G1.v1", home / "01-foundation")
    edits = {name: ItemAnswer(item=name, annotations=(box,)) for name in names}
    file.save(edits, base=file.read().revision)


def test_a_tick_is_kept_and_taken_back(home):
    assert state(home) == {"boxes": False, "plan": False, "talk": False}
    assert checklist.tick(home, "talk")
    assert state(home)["talk"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", checklist.read(home)[2].on)
    assert not checklist.tick(home, "talk")
    assert not state(home)["talk"]


def test_a_tick_changes_no_score_and_a_passport_carries_it(home, tmp_path):
    results.set_time_factor(home, 1.5)
    checklist.tick(home, "talk")
    (tmp_path / "other").mkdir()
    portable.restore(tmp_path / "other", portable.passport_bytes(home))
    assert state(tmp_path / "other")["talk"]
    assert results.read(tmp_path / "other").time_factor == 1.5


def test_what_can_be_seen_ticks_itself_and_nobody_else_does(home):
    for name in ("boxes", "plan", "nothing"):
        with pytest.raises(LabelSchoolError, match="nothing to tick"):
            checklist.tick(home, name)
    draw(home, "practice", "boxes-1", "boxes-2")
    draw(home, "counted", "boxes-1")
    assert not state(home)["boxes"]
    draw(home, "counted", "boxes-2")
    assert state(home) == {"boxes": True, "plan": False, "talk": False}
    (home / "roadmap.md").touch()
    assert state(home)["plan"]


def test_a_damaged_answer_ticks_nothing_and_stops_nothing(home, kit):
    kit.write(home / "01-foundation/answers/1.A.json", "{")
    assert not state(home)["boxes"]


def test_the_panel_ticks_and_links_what_is_there(home):
    panel = start.checklist()
    told = []
    panel.send = lambda message, buffers=None: told.append(message)
    assert "0 of 3 done" in panel.html
    assert "<b>" not in panel.html
    assert "href='01-foundation/draw-me.ipynb'>1.A First boxes</a>" in panel.html
    assert "2.1 A platform (coming)" in panel.html
    panel._on_message(panel, {"action": "tick", "value": "talk"}, [])
    assert told[-1]["state"] == "good"
    assert "1 of 3 done" in panel.html
    assert panel.html.count("aria-checked='true'") == 1
    panel._on_message(panel, {"action": "tick", "value": "boxes"}, [])
    assert told[-1]["state"] == "bad"


def test_a_place_is_built_planned_or_an_error(home):
    assert places.find("1.2").notebook == "01-foundation/draw-me.ipynb"
    assert places.find("quiz 1").notebook == "01-foundation/draw-me.ipynb"
    assert places.find("A1").notebook == "01-foundation/assignment.ipynb"
    assert places.find("2.1").notebook is None
    with pytest.raises(LabelSchoolError, match="no place"):
        places.find("9.9")

"""The import of lesson 2.9: what is on the platform when the process was killed and ran again."""

from __future__ import annotations

import re

import pytest
from ipywidgets import HTML, Button, HBox, ToggleButtons

from labelschool.demos import demo, tools_api
from labelschool.demos.tools_api import CONTENT, NONE, RANDOM, TASKS, Importer


@pytest.mark.parametrize("killed", [1, 3, 5])
@pytest.mark.parametrize(("key", "doubles"), [(NONE, True), (RANDOM, True), (CONTENT, False)])
def test_only_a_key_made_from_the_tasks_resumes(key: str, doubles: bool, killed: int) -> None:
    importer = Importer(key)
    importer.run(killed)
    assert len(importer.counts()) == 100 * killed
    importer.run()
    counts = importer.counts()
    assert len(counts) == TASKS
    assert sum(n > 1 for n in counts.values()) == (100 * killed if doubles else 0)
    again = sum("first answer again" in line for line in importer.lines)
    assert again == (0 if doubles else killed)


def test_the_figure_marks_doubled_tasks_not_by_colour_alone() -> None:
    importer = Importer(NONE)
    importer.run(2)
    importer.run()
    made = tools_api.figure(importer.counts())
    assert made.count("<rect") == TASKS
    assert made.count("<path") == made.count(tools_api.COLOURS[2]) == 200
    assert 'aria-label="300 tasks once, 200 doubled, 0 missing"' in made


def test_a_learner_can_go_through_all_three() -> None:
    box = demo("resume").widget()
    (keys,) = (child for child in box.children if isinstance(child, ToggleButtons))
    (buttons,) = (child for child in box.children if isinstance(child, HBox))
    start, again = (child for child in buttons.children if isinstance(child, Button))
    texts = [child for child in box.children if isinstance(child, HTML)]

    def said() -> str:
        return re.sub("<[^>]+>", "", texts[1].value)

    again.click()
    assert said().startswith("The platform is empty.")
    endings = []
    for key in keys.options:
        keys.value = key
        start.click()
        assert "300 tasks once, 0 doubled, 200 missing" in said()
        again.click()
        endings.append(said())
    assert [ending.startswith("500 tasks once") for ending in endings] == [False, False, True]
    start.click()
    assert "200 missing" in said(), "a new start begins with an empty platform"

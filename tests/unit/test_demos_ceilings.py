"""The demos of lesson 3.4: four equal readers, and one value among published ones."""

from __future__ import annotations

import re

import pytest

from labelschool.demos import demo
from labelschool.demos.quality_ceilings import BY_ALL, FOUND, PUBLISHED, place_figure, shares


def parts(name):
    return demo(name).widget().children[1:]


def test_shares_are_those_of_what_anyone_finds():
    assert shares(0.5) == pytest.approx([4 / 15, 6 / 15, 4 / 15, 1 / 15])
    assert shares(0.3, readers=2) == pytest.approx([0.42 / 0.51, 0.09 / 0.51])
    assert shares(0.77)[-1] == pytest.approx(BY_ALL / FOUND, abs=0.01)


def test_the_handle_passes_the_published_third_and_says_so_only_there():
    handle, figure, said, _ = parts("radiologists")
    told = {}
    for finds in (0.6, 0.77, 0.95):
        handle.value = finds
        told[finds] = said.value
        squares = re.findall(r'height="26" fill="(#\w+)"', figure.value)
        assert len(squares) == 100
        assert squares.count("#2f6fb5") == round(100 * shares(finds)[-1])
    assert "Less than was published" in told[0.6]
    assert "This is the published share" in told[0.77]
    assert "F1 of 0.77" in told[0.77]
    assert "More than was published" in told[0.95]


def test_a_value_is_placed_among_those_of_its_own_task():
    task, own, figure, said = parts("place")
    assert "0.63 to 0.773" in said.value
    assert "Within" in said.value
    own.value = 0.5
    assert "Below all" in said.value
    task.value = "helpfulness on a scale, weighted kappa"
    assert "Within" in said.value
    assert "HelpSteer2" in figure.value
    assert "InstructGPT" not in figure.value
    own.value = 0.71
    assert "Above all" in said.value


@pytest.mark.parametrize("task", PUBLISHED)
def test_the_line_moves_with_the_value_and_dots_stand_in_order(task):
    def line(own):
        return float(re.search(r'x1="([\d.]+)"[^>]*stroke="#b3541e"', place_figure(task, own))[1])

    drawn = place_figure(task, 0.5)
    dots = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawn)]
    values = [value for _, value, _ in PUBLISHED[task]]
    assert dots == sorted(dots)
    for dot, value in zip(dots, values, strict=True):
        assert line(value) == pytest.approx(dot, abs=0.1)
    assert all(f"{value:.3g}" in drawn for value in values)

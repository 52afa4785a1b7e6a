"""The demo of lesson 3.13: its figures are those of the simulator, and every handle moves them."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from labelschool.demos import quality_flow


def test_the_same_throughput_with_a_sixth_of_the_waiting() -> None:
    free, limited = (quality_flow.run(wip, 1)[0] for wip in (None, 8))
    assert limited.throughput == pytest.approx(free.throughput, rel=0.02)
    assert limited.cycle == pytest.approx(free.cycle / 6, rel=0.05)


@pytest.mark.parametrize("reviewers", [1, 2])
def test_every_setting_has_a_figure_of_its_own_with_words(reviewers) -> None:
    figures = [quality_flow.figure(wip, reviewers) for wip in quality_flow.LIMITS]
    for figure in figures:
        assert "cards in progress" in ElementTree.fromstring(figure).get("aria-label")
    assert len(set(figures[:4])) == 4

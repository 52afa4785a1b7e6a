"""The demos of lessons 3.2 and 3.3: the numbers they tell, at the ends of their handles too."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
from ipywidgets import HTML, HBox, IntSlider, SelectionSlider

from labelschool.demos import demo
from labelschool.demos import quality_agreement as agreement
from labelschool.demos.quality_agreement import PRESETS, Cells
from labelschool.demos.quality_missing import LOST, LOWEST, measured


@pytest.fixture(autouse=True)
def _no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


def plain(part: HTML) -> str:
    return re.sub("<[^>]+>", "", part.value)


class TestParadox:
    @pytest.mark.parametrize(
        ("cells", "agreed", "kappa", "ac1", "chance"),
        [
            (PRESETS[0], "0.85", "0.70", "0.70", 50),
            (PRESETS[1], "0.85", "0.32", "0.81", 78),
            (PRESETS[2], "0.94", "-0.03", "0.94", 94),
        ],
    )
    def test_the_figure_tells_the_three_numbers(self, cells, agreed, kappa, ac1, chance):
        made = agreement.paradox_figure(Cells(*cells))
        assert f"Agreement {agreed}, kappa {kappa}, AC1 {ac1}" in made
        assert f"agree on {chance} of 100" in agreement.paradox_said(Cells(*cells))

    def test_a_learner_moves_from_one_table_to_the_other_and_the_agreement_stays(self):
        box = demo("paradox").widget()
        buttons = next(child for child in box.children if isinstance(child, HBox)).children
        agree, both, ada = (child for child in box.children if isinstance(child, IntSlider))
        figure, said = (child for child in box.children if isinstance(child, HTML))
        assert "kappa 0.70" in figure.value
        buttons[1].click()
        assert (agree.value, both.value, ada.value) == (85, 80, 10)
        assert "kappa 0.32" in figure.value
        for value in range(agree.value + 1):
            both.value = value
            assert "agreement 0.85" in figure.value
        buttons[0].click()
        assert "kappa 0.70" in figure.value
        assert plain(said).endswith("= 0.70.")

    def test_handles_keep_the_table_whole_and_one_class_has_no_value(self):
        box = demo("paradox").widget()
        agree, both, ada = (child for child in box.children if isinstance(child, IntSlider))
        figure, said = (child for child in box.children if isinstance(child, HTML))
        for value in (0, 100):
            agree.value = value
            assert both.value <= value
            assert ada.value <= 100 - value
            heights = re.findall(r'<text [^>]*y="([\d.]+)"', figure.value)
            assert max(map(float, heights)) < 296
        both.value = 100
        assert "kappa no value" in figure.value
        assert "0/0" in plain(said)


class TestMissing:
    def test_kappa_dies_and_alpha_lives(self):
        both = [measured(lost) for lost in LOST]
        assert [fleiss.items for fleiss, _ in both] == [48, 30, 16, 8, 4, 1, 0, 0, 0]
        assert all(alpha.items >= 10 for _, alpha in both)
        full = both[0][1].value
        assert all(abs(alpha.value - full) < 0.06 for _, alpha in both[:7])
        assert all(low < alpha.value <= high for _, alpha in both for low, high in [alpha.interval])

    def test_the_axis_reaches_every_value_and_the_end_of_every_interval(self):
        found = [one for lost in LOST for one in measured(lost)]
        assert np.nanmin([end for one in found for end in (one.value, *one.interval)]) >= LOWEST

    def test_every_setting_is_told_in_words(self):
        box = demo("missing").widget()
        (share,) = (child for child in box.children if isinstance(child, SelectionSlider))
        figure, said = (child for child in box.children if isinstance(child, HTML))
        assert plain(said).startswith("No label is missing.")
        for lost in LOST[1:]:
            share.value = lost
            fleiss, alpha = measured(lost)
            assert f"{lost} % of the labels are missing" in plain(said)
            assert f"All five labelled {fleiss.items} of 48" in plain(said)
            assert f"alpha {alpha.value:.2f}, {alpha.items} with two or more" in figure.value
            assert f"alpha {alpha.interval[0]:.2f} to {alpha.interval[1]:.2f}" in plain(said)

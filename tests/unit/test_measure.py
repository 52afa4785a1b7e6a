"""What the masks of an object say: boxes, hidden and cut-off shares, levels and edge cases."""

import numpy as np
import pytest

from labelschool.datasets.measure import bounding_box, measure


def test_a_measured_object_tells_what_is_hidden_and_what_is_cut_off():
    full = np.ones((20, 40), bool)
    visible = np.zeros((100, 100), bool)
    visible[50:70, 0:15] = True
    found = measure(visible, full, (-20, 50), ["occluded_80", "trailer"])
    assert (found["bbox"], found["amodal_bbox"]) == ([0, 50, 15, 20], [-20, 50, 40, 20])
    assert (found["occlusion"], found["occluded"]) == (0.25, 2)
    assert (found["truncation"], found["truncated"]) == (0.5, True)
    assert found["edge_cases"] == ["occluded", "occluded_20", "trailer", "truncated"]
    assert measure(visible, full, (-20, 50), ["small"])["edge_cases"] == ["occluded", "truncated"]
    assert found["level"] == "must"


def test_a_sliver_counts_only_where_it_was_placed_as_an_edge_case():
    full, visible = np.ones((20, 40), bool), np.zeros((100, 100), bool)
    visible[10:30, 10:16] = True
    assert measure(visible, full, (10, 10))["level"] == "ignore"
    assert measure(visible, full, (10, 10), ["occluded_80"])["level"] == "must"
    assert measure(visible, full, (10, 10), ["truncated"])["level"] == "ignore"
    assert measure(visible, full, (10, 10), ["occluded_80"], crowd=True)["level"] == "ignore"


def test_a_box_needs_a_pixel():
    with pytest.raises(ValueError, match="at least one pixel"):
        bounding_box(np.zeros((3, 3), bool))

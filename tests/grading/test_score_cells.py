"""What nbgrader makes of a score cell's output, and that `score()` never falls into its traps."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from labelschool import course, score
from labelschool.exercises.base import clamp

ROOT = Path(__file__).resolve().parents[2]


def value(text):
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


def stream(name, text):
    return new_output("stream", name=name, text=text)


def grade(*outputs, points=10):
    cell = new_code_cell('score("1.A")', outputs=list(outputs))
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "locked": True}
    cell.metadata["nbgrader"] |= {"points": points, "grade_id": "1-A", "schema_version": 3}
    return determine_grade(cell)[0]


@pytest.mark.parametrize(
    ("outputs", "points"),
    [
        ([value("2.5")], 2.5),
        ([value("0.0")], 0),
        ([value(repr(np.float64(2.5)))], 10),
        ([value("-1.0")], 10),
        ([value("nan")], 10),
        ([value("'7.5'")], 10),
        ([stream("stdout", "0.0")], 10),
        ([], 10),
        ([stream("stderr", "UserWarning"), value("10.0")], 0),
        ([value("10.0"), stream("stderr", "UserWarning")], 10),
    ],
    ids=[
        "float",
        "zero",
        "numpy float",
        "negative",
        "nan",
        "string",
        "print",
        "nothing",
        "stderr first",
        "stderr after",
    ],
)
def test_nbgraders_partial_credit(outputs, points):
    """The table of syllabus section 8: a new nbgrader that differs must be looked at."""
    assert grade(*outputs) == points


def test_more_than_the_maximum_fails():
    with pytest.raises(ValueError, match="greater than maximum"):
        grade(value("11.0"))


@given(value=st.floats(), points=st.floats(min_value=0.5, max_value=100))
def test_a_clamped_value_is_graded_as_what_it_is(value, points):
    clamped = clamp(value, points)
    assert type(clamped) is float
    assert 0 <= clamped <= points
    cell_output = new_output(
        "execute_result", data={"text/plain": repr(clamped)}, execution_count=1
    )
    assert math.isclose(grade(cell_output, points=points), clamped)


@pytest.mark.parametrize("odd", [np.float64(2.5), np.float32(2.5), np.nan, -0.0, True, -np.inf])
def test_numpys_numbers_become_pythons(odd):
    assert type(clamp(odd, 10)) is float
    assert 0 <= clamp(odd, 10) <= 10


def answer(items):
    return {
        "schema": "labelschool/answer/1",
        "exercise": "1.A",
        "pool": "counted",
        "guideline": "G1.v1",
        "items": items,
        "attempts": [],
        "revision": 1,
        "saved_at": None,
    }


NUMBERS = st.one_of(
    st.floats(), st.integers(-10, 700), st.just(1e308), st.none(), st.text(max_size=3)
)
BOXES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["box", "choice", "polygon"]),
        "id": st.sampled_from(["a", "b", ""]),
        "label": st.sampled_from(["car", "van", "", "Auto", "person"]),
        "bbox": st.one_of(st.lists(NUMBERS, max_size=5), st.tuples(*[st.floats(1, 600)] * 4)),
    },
    optional={"occluded": st.integers(-1, 4), "crowd": st.booleans(), "extra": st.none()},
)
RIGHT_BOXES = st.builds(
    lambda label, bbox, number: {"type": "box", "id": f"b{number}", "label": label, "bbox": bbox},
    st.sampled_from(["car", "van", "person", "cyclist", "nonsense"]),
    st.tuples(*[st.floats(1, 640)] * 4),
    st.integers(0, 99),
)
ITEMS = st.fixed_dictionaries(
    {
        "item": st.sampled_from([f"starter10-{n:02}" for n in range(1, 12)] + ["", "nowhere"]),
        "annotations": st.lists(BOXES, max_size=4) | st.lists(RIGHT_BOXES, max_size=9),
    }
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
FILES = st.one_of(
    st.binary(max_size=60),
    JSON.map(json.dumps).map(str.encode),
    st.lists(ITEMS, max_size=4).map(answer).map(json.dumps).map(str.encode),
    st.tuples(
        st.lists(ITEMS, max_size=2).map(answer).map(json.dumps).map(str.encode), st.integers(0, 400)
    ).map(lambda cut: cut[0][: cut[1]]),
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(content=FILES)
def test_whatever_the_file_holds_the_score_is_a_float_in_range(
    content, tmp_path, monkeypatch, capfd
):
    monkeypatch.chdir(tmp_path)
    scored(content, tmp_path, capfd)


@pytest.mark.parametrize("opened", [b"[", b'{"a":'])
def test_a_file_nested_too_deep_is_a_broken_file(opened, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert scored(opened * 100_000, tmp_path, capfd) == 0


def scored(content, folder, capfd):
    """The score of an answer file of that content, after all that must hold for any."""
    path = folder / "answers" / "1.A.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    points = score("1.A")
    assert type(points) is float
    assert 0 <= points <= course.load().task("1.A").points
    assert capfd.readouterr().err == ""
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]
    return points


def test_no_file_is_no_points_and_a_sentence(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert score("1.A") == 0.0
    assert "Nothing is annotated yet" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []

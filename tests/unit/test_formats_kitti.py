"""KITTI labels: round trips, a line of its training set, and its axes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labelschool import formats
from labelschool.formats.dataset import Box, Category, Cuboid, Dataset, Item, Label

from .format_datasets import assert_boxes_alike, datasets, written

quick = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))

CAR = (
    "Car 0.00 0 1.57 614.24 181.78 727.31 284.77 1.57 1.73 4.15 1.00 1.75 13.22 1.62\n"
    "DontCare -1 -1 -10 5.00 229.89 214.12 367.61 -1 -1 -1 -1000 -1000 -1000 -10\n"
)
"""Two lines in the shape of the object training set."""


def labels(tmp_path: Path, text: str) -> Path:
    """A folder with one label file."""
    (tmp_path / "label_2").mkdir()
    (tmp_path / "label_2" / "000001.txt").write_text(text, encoding="utf-8")
    return tmp_path


@quick
@given(datasets(("boxes", "splits")))
def test_boxes_come_back(dataset: Dataset) -> None:
    with written(dataset, "kitti") as (folder, losses):
        assert set(losses) <= {"sizes of pictures", "labels whose class has spaces"}
        for category in dataset.categories:
            category.name = "_".join(category.name.split())
        found = formats.read(folder, "kitti")
        assert_boxes_alike(dataset, found, 1e-5)


numbers = st.integers(-2000, 2000).map(lambda n: n / 100)
sizes = st.integers(10, 500).map(lambda n: n / 100)


@quick
@given(st.tuples(numbers, numbers, numbers), st.tuples(sizes, sizes, sizes), st.floats(-3.1, 3.1))
def test_cuboids_come_back(
    center: tuple[float, float, float], size: tuple[float, float, float], yaw: float
) -> None:
    car = Category(1, "Car")
    label = Label(1, 1, car, Box(1, 2, 3, 4), shape=Cuboid(center, size, yaw))
    with written(Dataset([car], {1: Item(1, "a.png")}, [label]), "kitti") as (folder, losses):
        assert losses == []
        (found,) = formats.read(folder, "kitti").labels
        assert found.shape.center == pytest.approx(center, abs=1e-5)
        assert found.shape.size == pytest.approx(size, abs=1e-5)
        assert math.remainder(found.shape.yaw - yaw, math.tau) == pytest.approx(0, abs=1e-5)
        assert found.box == Box(1, 2, 3, 4)


def test_a_line_of_the_training_set(tmp_path: Path) -> None:
    found = formats.read(labels(tmp_path, CAR))
    car, ignored = found.labels
    assert car.box == Box(614.24, 181.78, 727.31 - 614.24, 284.77 - 181.78)
    assert car.attributes == {"truncated": 0, "occluded": 0, "alpha": 1.57}
    # The car is 13.22 m ahead and 1 m to the right; its lower face is 1.75 m below the camera.
    assert car.shape.center == pytest.approx((13.22, -1.0, 1.57 / 2 - 1.75))
    assert car.shape.size == (4.15, 1.73, 1.57)
    # rotation_y of about pi / 2 is a car that comes towards the camera.
    assert abs(car.shape.yaw) == pytest.approx(math.pi, abs=0.06)
    assert (ignored.crowd, ignored.shape, ignored.attributes) == (True, None, {})
    assert next(iter(found.items.values())).name == "000001.png"


def test_a_heading_to_the_right_of_the_camera_is_yaw_minus_a_quarter_turn(tmp_path: Path) -> None:
    line = "Car 0 0 0 1 1 2 2 1 1 1 0 0 5 0\n"
    (car,) = formats.read(labels(tmp_path, line)).labels
    assert car.shape.yaw == pytest.approx(-math.pi / 2)


def test_a_crowd_is_written_as_dont_care() -> None:
    people = Category(1, "person")
    label = Label(1, 1, people, Box(1, 2, 3, 4), crowd=True)
    with written(Dataset([people], {1: Item(1, "a.png")}, [label]), "kitti") as (folder, losses):
        assert losses == ["crowds"]
        text = (folder / "label_2" / "a.txt").read_text(encoding="utf-8")
        assert text == "DontCare -1 -1 -10 1 2 4 6 -1 -1 -1 -1000 -1000 -1000 -10\n"


@pytest.mark.parametrize(
    "line", ["Car 0 0\n", CAR.split("\n")[0] + " 1 2 3\n", "Car x" + " 0" * 13]
)
def test_a_line_that_is_none_is_told(tmp_path: Path, line: str) -> None:
    told: list[formats.Defect] = []
    found = formats.read(labels(tmp_path, CAR + line), "kitti", told.append)
    assert len(list(found.labels)) == 2
    assert [(defect.rule, defect.id) for defect in told] == [("R2", "line 3")]

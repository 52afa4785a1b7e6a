"""Demos of lesson 2.8: their numbers against the course's own readers."""

from __future__ import annotations

import numpy as np
import pytest
from pycocotools import mask as masks

from labelschool import formats
from labelschool.demos import tools_formats as demos
from labelschool.formats.dataset import Box, Category, Dataset, Item, Label
from labelschool.formats.rle import pack


@pytest.fixture
def dataset():
    left, top, right, bottom = demos.CAR
    car = Category(1, "car")
    box = Box(left, top, right - left, bottom - top)
    item = Item(1, "a.jpg", demos.WIDTH, demos.HEIGHT)
    return Dataset([car], {1: item}, [Label(1, 1, car, box)])


def test_the_numbers_are_those_that_our_writers_write(dataset, tmp_path):
    formats.write(dataset, tmp_path / "yolo", "yolo")
    (file,) = (tmp_path / "yolo").rglob("a.txt")
    row = [float(value) for value in file.read_text(encoding="utf-8").split()]
    shown = [float(value) for value in demos.READINGS[1].numbers.split()]
    assert row == pytest.approx(shown, abs=1e-5)
    formats.write(dataset, tmp_path / "voc", "voc")
    (file,) = (tmp_path / "voc").rglob("a.xml")
    for part in demos.READINGS[5].numbers.split(", "):
        side, value = part.split()
        assert f"<{side}>{value}</{side}>" in file.read_text(encoding="utf-8")


def test_only_the_meant_readings_are_whole():
    shares = [demos.iou(demos.CAR, each.sides) for each in demos.READINGS]
    assert [round(share, 2) for share in shares] == [1.0, 0.14, 0.0, 0.53, 0.53, 1.0]


def test_runs_are_those_of_cocos_own_package():
    mask = np.array([[cell == "#" for cell in row] for row in demos.MASK], np.uint8)
    text = masks.encode(np.asfortranarray(mask))["counts"].decode()
    assert pack(demos.column_runs()) == text
    assert sum(demos.column_runs()) == mask.size
    read = set(demos._decoded(demos.column_runs(), demos.COLUMNS))
    assert read == {(x, y) for y, x in zip(*np.nonzero(mask), strict=True)}
    assert read != set(demos._decoded(demos.column_runs(), demos.ROWS))

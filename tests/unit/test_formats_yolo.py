"""The layouts of YOLO that are in use, and what makes its numbers mean something: the pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from labelschool import formats
from labelschool.formats import sizes
from labelschool.formats.contract import Defect, Unreadable
from labelschool.formats.dataset import Box

ROW = "1 0.5 0.25 0.25 0.5\n"
BOX = Box(75, 0, 50, 50)
"""What `ROW` is in a picture of 200 x 100."""
TABLE = "names: {0: car, 1: van}\n"


def files(folder: Path, **content: str) -> Path:
    """Files by their names, with "__" for "/" and the last "_" for "."; "" is a picture."""
    for name, text in content.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".png":
            Image.new("1", (200, 100)).save(path)
        else:
            path.write_text(text, encoding="utf-8")
    return folder


LAYOUTS = {
    "flat": {"a_txt": ROW, "a_png": "", "b_png": "", "classes_txt": "car\nvan\n"},
    "folders": {"labels__a_txt": ROW, "images__a_png": "", "images__b_png": "", "data_yaml": TABLE},
    "Ultralytics": {
        "labels__train__a_txt": ROW,
        "labels__val__b_txt": "",
        "images__train__a_png": "",
        "images__val__b_png": "",
        "data_yaml": f"path: .\ntrain: images/train\nval: images/val\nnc: 2\n{TABLE}",
    },
    "Roboflow": {
        "train__labels__a_txt": ROW,
        "train__images__a_png": "",
        "valid__labels__b_txt": "",
        "valid__images__b_png": "",
        "data_yaml": f"train: ../train/images\nval: ../valid/images\n{TABLE}",
    },
    "split": {
        "labels__train__a_txt": ROW,
        "images__train__a_png": "",
        "images__val__b_png": "",
        "classes_txt": "car\nvan\n",
    },
    "darknet": {
        "obj_train_data__a_txt": ROW,
        "obj_train_data__a_png": "",
        "obj_train_data__b_png": "",
        "obj_names": "car\nvan\n",
        "train_txt": "data/obj_train_data/a.png\n",
    },
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_is_recognised_and_read(name: str, tmp_path: Path) -> None:
    found = formats.read(files(tmp_path, **LAYOUTS[name]))
    (label,) = found.labels
    item = found.items[label.item]
    assert (label.category.name, label.category.id, label.box) == ("van", 1, BOX)
    assert item.name.rpartition("/")[2] == "a.png"
    assert len(found.items) == 2, "a picture without labels is an item all the same"
    splits = {each.name: each.split for each in found.items.values()}
    if name in ("Ultralytics", "Roboflow", "split"):
        assert splits == {"a.png": "train", "b.png": "val"}
    else:
        assert set(splits.values()) == {""}


def test_a_file_of_names_is_read_as_its_data_set(tmp_path: Path) -> None:
    folder = files(tmp_path, **LAYOUTS["Ultralytics"])
    assert len(list(formats.read(folder / "data.yaml").labels)) == 1


def test_pictures_may_lie_elsewhere(tmp_path: Path) -> None:
    labels = files(tmp_path / "labels only", labels__a_txt=ROW, classes_txt="car\nvan\n")
    with pytest.raises(Unreadable, match="--pictures"):
        formats.read(labels)
    pictures = files(tmp_path / "pictures", a_png="")
    found = formats.read(labels, options=formats.Options(pictures=pictures))
    assert [label.box for label in found.labels] == [BOX]


def test_a_picture_that_is_shown_turned_has_the_size_it_is_shown_with(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100)).save(tmp_path / "a.jpg", exif=exif)
    assert sizes.of(tmp_path / "a.jpg") == (100, 200)


def test_nine_numbers_are_a_turned_box_or_an_outline_and_one_has_to_say(tmp_path: Path) -> None:
    row = "0 0.1 0.1 0.4 0.1 0.4 0.3 0.1 0.3\n"
    folder = files(tmp_path, **LAYOUTS["folders"] | {"labels__a_txt": row})
    with pytest.raises(Unreadable, match="yolo-segment or yolo-obb"):
        formats.read(folder)
    (turned,) = formats.read(folder, "yolo-obb").labels
    assert (turned.box.x, turned.box.w, turned.box.h) == pytest.approx((20, 60, 20))
    (outline,) = formats.read(folder, "yolo-segment").labels
    assert outline.region.parts == [pytest.approx([20, 10, 80, 10, 80, 30, 20, 30])]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("2 0.5 0.5 0.1 0.1", "R15"),
        ("0.5 0.5 0.5 0.1 0.1", "R15"),
        ("van 0.5 0.5 0.1 0.1", "R2"),
        ("0 0.5 0.5 nan 0.1", "R2"),
        ("0 0.5 0.5 1_0 0.1", "R2"),
        ("0 0.5 0.5 0.1", "R2"),
    ],
)
def test_a_row_that_cannot_be_understood_is_told_with_its_place(
    row: str, rule: str, tmp_path: Path
) -> None:
    folder = files(tmp_path, **LAYOUTS["folders"] | {"labels__a_txt": f"{ROW}\n{row}\n{ROW}"})
    told: list[Defect] = []
    found = formats.read(folder, "yolo", told.append)
    assert [label.id for label in found.labels] == ["labels/a.txt:1", "labels/a.txt:4"]
    assert [(each.rule, each.id) for each in told] == [(rule, 3)]
    assert told[0].file.endswith("labels/a.txt")


def test_keypoints_without_visibility_are_seen_where_they_are(tmp_path: Path) -> None:
    table = f"kpt_shape: [2, 2]\n{TABLE}"
    row = "0 0.5 0.5 0.2 0.2 0.5 0.5 0 0\n"
    folder = files(tmp_path, **LAYOUTS["folders"] | {"labels__a_txt": row, "data_yaml": table})
    (label,) = formats.read(folder).labels
    assert label.keypoints.values == [100, 50, 2, 0, 0, 0]

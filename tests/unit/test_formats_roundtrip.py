"""Round trips through COCO, YOLO and Pascal VOC, over generated datasets."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image
from pycocotools import mask as coco_masks
from pycocotools.coco import COCO

from labelschool import formats
from labelschool.formats import shapes
from labelschool.formats.dataset import (
    Box,
    Category,
    Dataset,
    Item,
    Keypoints,
    Label,
    Mask,
    Polygon,
)

from .format_datasets import OBJECTS, assert_boxes_alike, datasets, filled

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def written(dataset: Dataset, format: str, **options: object) -> Iterator[tuple[Path, list[str]]]:
    """A folder with the dataset in a format, and the losses."""
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "out"
        losses = formats.write(dataset, out, format, formats.Options(**options))
        yield out, [loss.what for loss in losses]


def draw_pictures(dataset: Dataset, folder: Path) -> None:
    """Empty pictures of the right sizes where a trainer would have them."""
    for item in dataset.items.values():
        path = folder / "images" / item.split / item.name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("1", (int(item.width), int(item.height))).save(path)


@quick
@given(datasets(OBJECTS - {"rotated boxes", "holes"} | {"crowds", "attributes", "splits"}))
def test_coco_keeps_all_that_it_can_hold(dataset: Dataset) -> None:
    with written(dataset, "coco") as (folder, losses):
        assert losses == []
        found = formats.read(folder)
        assert list(found.categories) == list(dataset.categories)
        splits = len({item.split for item in dataset.items.values()})
        name = "{}/{}".format
        ours = {
            (name(item.split, item.id) if splits > 1 else item.id): item
            for item in dataset.items.values()
        }
        assert {key: (i.name, i.width, i.height, i.split) for key, i in found.items.items()} == {
            key: (i.name, i.width, i.height, i.split) for key, i in ours.items()
        }
        theirs = {str(label.id).rpartition("/")[2]: label for label in found.labels}
        assert len(theirs) == len(list(dataset.labels))
        for label in dataset.labels:
            other = theirs[str(label.id)]
            for part in ("category", "box", "keypoints", "crowd", "attributes"):
                assert getattr(other, part) == getattr(label, part), part
            if isinstance(label.region, Mask):
                assert (other.region.height, other.region.width, other.region.counts) == (
                    label.region.height,
                    label.region.width,
                    label.region.counts,
                )
            else:
                assert other.region == label.region


@quick
@given(datasets(OBJECTS))
def test_pycocotools_agrees_on_areas_and_masks(dataset: Dataset) -> None:
    with written(dataset, "coco") as (folder, losses):
        assert set(losses) <= {"polygons with holes", "rotated boxes"}
        with redirect_stdout(io.StringIO()):
            table = COCO(str(folder / "annotations.json"))
        assert len(table.imgs) == len(dataset.items)
        for label in dataset.labels:
            row = table.anns[label.id]
            if isinstance(label.region, Mask) or (label.region and label.region.holes):
                pixels = table.annToMask(row).astype(bool)
                assert np.array_equal(pixels, filled(label, dataset.items[label.item]))
                assert row["area"] == pixels.sum()
            if isinstance(label.region, Mask):
                assert coco_masks.toBbox(table.annToRLE(row)).tolist() == row["bbox"]


@quick
@given(datasets(("boxes", "splits")))
def test_yolo_keeps_boxes(dataset: Dataset) -> None:
    with written(dataset, "yolo") as (folder, losses):
        assert losses == []
        draw_pictures(dataset, folder)
        found = formats.read(folder, "yolo")
        assert [each.name for each in found.categories] == [c.name for c in dataset.categories]
        assert_boxes_alike(dataset, found, 0.01)


@quick
@given(datasets(("boxes", "rotated boxes")))
def test_yolo_obb_keeps_turned_boxes(dataset: Dataset) -> None:
    with written(dataset, "yolo-obb") as (folder, losses):
        assert losses == []
        draw_pictures(dataset, folder)
        for ours, theirs in zip(
            sorted(dataset.labels, key=lambda label: dataset.items[label.item].name),
            formats.read(folder, "yolo-obb").labels,
            strict=True,
        ):
            pairs = zip(shapes.corners(ours.box), shapes.corners(theirs.box), strict=True)
            assert all(abs(a - b) < 0.01 for a, b in pairs)


@quick
@given(datasets(("keypoints",), least=1))
def test_yolo_pose_keeps_keypoints(dataset: Dataset) -> None:
    with written(dataset, "yolo-pose") as (folder, losses):
        assert losses == ["skeletons"]
        draw_pictures(dataset, folder)
        found = formats.read(folder)
        assert_boxes_alike(dataset, found, 0.01)
        by_name = sorted(dataset.labels, key=lambda label: dataset.items[label.item].name)
        for ours, theirs in zip(by_name, found.labels, strict=True):
            assert theirs.category.keypoints == ours.category.keypoints
            assert theirs.keypoints.values == pytest.approx(ours.keypoints.values, abs=0.01)


@quick
@given(datasets(("polygons", "holes", "masks")))
def test_yolo_segment_keeps_the_pixels(dataset: Dataset) -> None:
    with written(dataset, "yolo-segment") as (folder, losses):
        assert set(losses) <= {"polygons of several rings", "masks"}
        draw_pictures(dataset, folder)
        found = formats.read(folder, "yolo-segment")
        by_name = sorted(dataset.labels, key=lambda label: dataset.items[label.item].name)
        for ours, theirs in zip(by_name, found.labels, strict=True):
            item = dataset.items[ours.item]
            # A centre of a pixel on the border of both may fall to either side.
            off = filled(ours, item) ^ filled(theirs, item)
            assert off.sum() <= 0.02 * off.size


@quick
@given(datasets(("boxes", "splits")))
def test_voc_keeps_boxes_to_half_a_pixel_and_from_zero_exactly(dataset: Dataset) -> None:
    with written(dataset, "voc") as (folder, losses):
        assert set(losses) <= {"boxes"}
        assert_boxes_alike(dataset, formats.read(folder), 0.5)
    with written(dataset, "voc", voc_origin=0) as (folder, losses):
        assert losses == []
        options = formats.Options(voc_origin=0)
        assert_boxes_alike(dataset, formats.read(folder, options=options), 1e-4)


@quick
@given(datasets(("masks",)))
def test_outlines_of_a_mask_fill_to_the_same_mask(dataset: Dataset) -> None:
    for label in dataset.labels:
        item = dataset.items[label.item]
        outlined = Label(1, item.id, label.category, region=shapes.outlines(label.region))
        assert np.array_equal(filled(outlined, item), filled(label, item))
        assert shapes.around_mask(label.region) == label.box


def one(box: Box | None = None, **more: object) -> Dataset:
    """A picture of 640 x 480 with one object."""
    category = Category(7, "person")
    item = Item(1, "a.jpg", 640, 480)
    return Dataset([category], {1: item}, [Label(1, 1, category, box, **more)])


@pytest.mark.parametrize(
    ("origin", "corners"),
    [(1, "246 336 294 377"), (0, "244.61 335.01 293.84 376.94")],
)
def test_voc_of_a_box_that_peers_write_in_three_ways(origin: int, corners: str) -> None:
    with written(one(Box(244.61, 335.01, 49.23, 41.93)), "voc", voc_origin=origin) as (folder, _):
        text = (folder / "Annotations" / "a.xml").read_text()
        sides = ("xmin", "ymin", "xmax", "ymax")
        found = " ".join(text.split(f"<{side}>")[1].split("<")[0] for side in sides)
        assert found == corners


def test_a_turned_box_gets_the_enclosing_box_of_its_corners() -> None:
    box = Box(160, 100, 64, 40, np.pi / 6)
    turned = Box(160, 100, 64, 40, np.pi / 6)
    found = shapes.bounds(one(turned).labels[0])
    assert found.w == pytest.approx(64 * np.cos(box.angle) + 40 * np.sin(box.angle))
    assert found.x + found.w / 2 == pytest.approx(192)
    with written(one(turned), "voc") as (_, losses):
        assert losses[:1] == ["rotated boxes"]


def test_yolo_cuts_at_the_border_and_names_it() -> None:
    with written(one(Box(-10, 470, 30, 30)), "yolo") as (folder, losses):
        assert losses == ["boxes that leave their picture"]
        assert (folder / "labels/a.txt").read_text() == "0 0.015625 0.989583 0.031250 0.020833\n"
    with written(one(Box(-50, 470, 30, 5)), "yolo") as (folder, losses):
        assert losses == ["boxes outside their picture"]
        assert (folder / "labels/a.txt").read_text() == ""


def test_crowds_are_dropped_or_kept_as_the_option_says() -> None:
    crowd = one(Box(1, 1, 9, 9), crowd=True)
    for keep, rows in (("drop", 0), ("keep", 1)):
        with written(crowd, "yolo", crowd=keep) as (folder, losses):
            assert losses == ["crowds"]
            assert (folder / "labels/a.txt").read_text().count("\n") == rows


def test_a_format_of_boxes_names_what_it_gives_up() -> None:
    polygon = Polygon([[10, 10, 20, 10, 20, 20]])
    with written(one(None, region=polygon), "voc") as (folder, losses):
        assert losses == ["polygons"]
        assert "<xmax>20</xmax>" in (folder / "Annotations" / "a.xml").read_text()
    with written(one(), "coco") as (_, losses):
        assert losses == ["tags"]


def test_a_mask_that_does_not_fill_its_picture_becomes_its_box() -> None:
    broken = one(Box(10, 20, 30, 40), region=Mask(480, 640, [5, 5]))
    with written(broken, "yolo-segment") as (folder, losses):
        assert losses == ["broken or huge masks"]
        assert (folder / "labels/a.txt").read_text().startswith("0 0.015625 0.041667 0.062500")


def test_figures_of_fewer_keypoints_are_filled_up() -> None:
    figure = one(Box(0, 0, 64, 48), keypoints=Keypoints([64, 48, 2]))
    figure.categories[0].keypoints = ("nose",)
    other = Category(8, "dog", keypoints=("nose", "tail"))
    both = Dataset([*figure.categories, other], figure.items, figure.labels)
    with written(both, "yolo-pose") as (folder, losses):
        assert losses == []
        row = (folder / "labels/a.txt").read_text().split()
        assert row[5:] == ["0.100000", "0.100000", "2", "0", "0", "0"]


def test_a_split_cannot_lead_out_of_the_folder() -> None:
    dataset = one(Box(1, 1, 9, 9))
    dataset.items[1].split = "../../x"
    for name in ("coco", "yolo", "voc"):
        with pytest.raises(formats.Unreadable, match="leave"), written(dataset, name):
            pass


def test_coco_keeps_licences_and_what_a_file_says_of_itself() -> None:
    about = {"year": 2017, "licenses": '[{"id": 1, "name": "CC0"}]'}
    for told in (about, {"licenses": "CC0"}):
        dataset = one(Box(1, 1, 9, 9))
        dataset.about = told
        dataset.items[1].attributes = {"license": 1}
        with written(dataset, "coco") as (folder, losses):
            found = formats.read(folder)
            assert losses == []
            assert (found.about, found.items) == (told, dataset.items)

"""Fresh pictures out of masters: the truth of a cut is the truth of its pixels."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labelschool.datasets import masters
from labelschool.datasets.measure import measure
from labelschool.model import Decoy, TruthItem, decode_mask, encode_mask

WIDTH, HEIGHT = 400, 300
COLOURS = {1: (230, 30, 30), 2: (30, 200, 40), 3: (40, 60, 230)}


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    """Three coloured rectangles of which the second hides part of the first and the third leaves
    the picture: (truth, path, ids).
    """
    placed = {1: (60, 80, 120, 90), 2: (140, 100, 80, 120), 3: (330, 40, 120, 100)}
    ids = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    for number in (1, 3, 2):
        x, y, w, h = placed[number]
        ids[y : y + h, x : x + w] = number
        pixels[y : y + h, x : x + w] = COLOURS[number]
    path = tmp_path_factory.mktemp("master") / "m.png"
    Image.fromarray(pixels).save(path)
    objects = []
    for number, (x, y, w, h) in placed.items():
        full = np.ones((h, w), bool)
        measured = measure(ids == number, full, (x, y))
        rle = encode_mask(full)
        objects.append(
            {"id": number, "label": "car", "full": {"offset": (x, y), "rle": rle}, **measured}
        )
    truth = TruthItem(
        item="m",
        image="m.png",
        width=WIDTH,
        height=HEIGHT,
        objects=objects,
        decoys=(Decoy(kind="poster", rule=9, bbox=(20, 20, 40, 40), label="person"),),
        mirrorable=True,
    )
    return truth, path, ids


class Cut(NamedTuple):
    """A window with what becomes of it."""

    window: masters.Window
    picture: Image.Image
    ids: np.ndarray
    objects: tuple
    decoys: tuple


def cut(master, seed, **options):
    truth, path, ids = master
    rng = np.random.default_rng(seed)
    window = masters.draw_window(truth, rng, **options)
    return Cut(
        window,
        masters.picture(path, window, rng),
        window.of(ids),
        masters.objects_in(window, truth, ids),
        masters.decoys_in(window, truth),
    )


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_boxes_lie_where_the_pixels_are(master, seed):
    piece = cut(master, seed)
    assert piece.picture.size == (WIDTH // 2, HEIGHT // 2)
    assert piece.ids.shape == (HEIGHT // 2, WIDTH // 2)
    shown = np.asarray(piece.picture).astype(int)
    for obj in piece.objects:
        visible = piece.ids == obj.id
        rows, columns = np.nonzero(visible)
        assert obj.bbox == (
            columns.min(),
            rows.min(),
            columns.max() - columns.min() + 1,
            rows.max() - rows.min() + 1,
        )
        inner = np.zeros_like(visible)
        inner[rows.min() + 2 : rows.max() - 1, columns.min() + 2 : columns.max() - 1] = True
        if (visible & inner).any():
            channel = shown[visible & inner].mean(0).argmax()
            assert channel == np.argmax(COLOURS[obj.id])


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_hidden_and_cut_off_shares_are_those_of_the_full_extent(master, seed):
    truth, _, _ = master
    piece = cut(master, seed)
    for obj in piece.objects:
        full = decode_mask(obj.full.rle)
        x, y = obj.full.offset
        height, width = piece.ids.shape
        inside = sum(
            full[row, column]
            for row in range(max(0, -y), min(full.shape[0], height - y))
            for column in range(max(0, -x), min(full.shape[1], width - x))
        )
        assert obj.truncation == pytest.approx(1 - inside / full.sum(), abs=0.01)
        assert obj.occlusion == pytest.approx(1 - obj.area / inside, abs=0.01)
        whole = next(entry for entry in truth.objects if entry.id == obj.id)
        if obj.id != 3 and obj.truncation == 0:
            assert obj.occlusion == pytest.approx(whole.occlusion, abs=0.04)


def test_a_seed_gives_the_same_cut_and_seeds_differ(master):
    first, again, other = cut(master, 5), cut(master, 5), cut(master, 6)
    assert np.array_equal(first.ids, again.ids)
    assert first.objects == again.objects
    assert first.picture.tobytes() == again.picture.tobytes()
    assert first.picture.tobytes() != other.picture.tobytes()


def test_only_a_mirrorable_master_is_mirrored(master):
    truth, path, ids = master
    plain = truth.model_copy(update={"mirrorable": False})

    def car_left_of_the_other(piece):
        x = {obj.id: obj.bbox[0] + obj.bbox[2] / 2 for obj in piece.objects}
        return x[1] < x[2] if {1, 2} <= x.keys() else None

    orders = [car_left_of_the_other(cut(master, seed)) for seed in range(60)]
    assert True in orders
    assert False in orders
    kept = [car_left_of_the_other(cut((plain, path, ids), seed)) for seed in range(60)]
    assert False not in kept


def test_a_decoy_goes_with_its_place(master):
    found = [cut(master, seed).decoys for seed in range(80)]
    assert any(found)
    assert not all(found)
    for decoy in (decoy for decoys in found for decoy in decoys):
        assert 0 <= decoy.bbox[0] <= decoy.bbox[0] + decoy.bbox[2] <= WIDTH // 2
        assert 0 <= decoy.bbox[1] <= decoy.bbox[1] + decoy.bbox[3] <= HEIGHT // 2


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.sampled_from([0, 1]), st.floats(0.3, 0.9))
def test_a_window_holds_its_target_and_enlarges_nothing(master, seed, number, widest):
    truth, _, _ = master
    target = truth.objects[number].bbox
    window = cut(master, seed, target=target, widest=widest).window
    assert window.step >= 1
    left, top, width, height = window.frame
    assert left >= 0
    assert top >= 0
    assert left + width <= WIDTH + 1
    assert top + height <= HEIGHT + 1
    assert width <= max(widest, 0.5) * WIDTH + 1
    for start, side, axis in ((left, width, 0), (top, height, 1)):
        if target[axis + 2] <= side - 2:
            assert start <= target[axis] + 1
            assert target[axis] + target[axis + 2] <= start + side + 1


def window_at(left, top):
    return masters.Window(left, top, 1.0, (WIDTH // 2, HEIGHT // 2), False)


def levels(window, truth, ids):
    return {obj.id: obj.level for obj in masters.objects_in(window, truth, ids)}


def test_what_is_nearly_cut_off_need_not_be_labelled(master):
    truth, _, ids = master
    shelved = truth.model_copy(
        update={"objects": tuple(o.model_copy(update={"row": 1}) for o in truth.objects)}
    )
    mostly, hardly = window_at(130, 0), window_at(172, 0)
    assert levels(mostly, truth, ids)[1] == "must"
    assert levels(mostly, shelved, ids)[1] == "ignore"
    assert levels(window_at(100, 0), shelved, ids)[1] == "must"
    assert levels(hardly, truth, ids)[1] == "ignore"


def test_what_counts_as_a_small_object_still_counts_as_one():
    ids = np.zeros((HEIGHT, WIDTH), np.uint8)
    ids[100:110, 100:122] = 1
    ids[100:114, 150:172] = 2
    objects = []
    for number, (x, y, w, h) in {1: (100, 100, 22, 10), 2: (150, 100, 22, 14)}.items():
        full = np.ones((h, w), bool)
        placed = ["small"] if number == 1 else []
        measured = measure(ids == number, full, (x, y), placed)
        extent = {"offset": (x, y), "rle": encode_mask(full)}
        objects.append({"id": number, "label": "car", "full": extent, **measured})
    truth = TruthItem(item="m", image="m.png", width=WIDTH, height=HEIGHT, objects=objects)
    assert {obj.level for obj in truth.objects} == {"must"}
    wide = masters.Window(20, 20, 1.5, (WIDTH // 2, HEIGHT // 2), False)
    assert levels(wide, truth, ids) == {1: "must", 2: "ignore"}

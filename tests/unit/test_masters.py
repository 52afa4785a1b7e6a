"""Fresh pictures out of masters: the truth of a cut is the truth of its pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labelschool.datasets import masters
from labelschool.datasets.measure import measure
from labelschool.model import Decoy, Item, TruthItem, decode_mask, encode_mask

WIDTH, HEIGHT = 400, 300
COLOURS = {1: (230, 30, 30), 2: (30, 200, 40), 3: (40, 60, 230)}


@pytest.fixture(scope="module")
def master(tmp_path_factory):
    """Three coloured rectangles of which the second hides part of the first and the third leaves
    the picture: (truth, item, ids).
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
    return truth, Item(name="m", image=path, width=WIDTH, height=HEIGHT), ids


def cut(master, seed):
    return masters.cut(*master, np.random.default_rng(seed))


@settings(deadline=None, max_examples=60)
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


@settings(deadline=None, max_examples=60)
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
    truth, item, ids = master
    plain = truth.model_copy(update={"mirrorable": False})

    def car_left_of_the_other(piece):
        x = {obj.id: obj.bbox[0] + obj.bbox[2] / 2 for obj in piece.objects}
        return x[1] < x[2] if {1, 2} <= x.keys() else None

    orders = [car_left_of_the_other(cut(master, seed)) for seed in range(60)]
    assert True in orders
    assert False in orders
    kept = [
        car_left_of_the_other(masters.cut(plain, item, ids, np.random.default_rng(seed)))
        for seed in range(60)
    ]
    assert False not in kept


def test_a_decoy_goes_with_its_place(master):
    found = [cut(master, seed).decoys for seed in range(80)]
    assert any(found)
    assert not all(found)
    for decoy in (decoy for decoys in found for decoy in decoys):
        assert 0 <= decoy.bbox[0] <= decoy.bbox[0] + decoy.bbox[2] <= WIDTH // 2
        assert 0 <= decoy.bbox[1] <= decoy.bbox[1] + decoy.bbox[3] <= HEIGHT // 2

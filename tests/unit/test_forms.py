"""Pools composed of windows of masters: never more work than there is time for, and everything that
a form must hold.
"""

from __future__ import annotations

from collections import Counter
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labelschool import datasets
from labelschool.datasets import DataError, forms, fresh, masters
from labelschool.datasets.forms import EXAM, Form, View, compose, lacking
from labelschool.model import Decoy, TruthBox, TruthItem

READY = [name for name in EXAM if name in datasets.names() and "exam" in datasets.pools(name)]
BOX = {"bbox": (0, 0, 20, 20), "amodal_bbox": (0, 0, 20, 20), "area": 400}
WINDOWS = count()


def thing(number=1, *cases, **fields):
    return TruthBox(id=number, label="person", edge_cases=cases, **BOX, **fields)


def master(name, *objects, decoys=(), light="day"):
    return TruthItem(
        item=name, image="", width=400, height=300, objects=objects, decoys=decoys, light=light
    )


def view(source, *objects, decoys=()):
    window = masters.Window(float(next(WINDOWS)), 0.0, 1.0, (200, 150), False)
    return View(source, window, objects, decoys)


def plain(name, must, *cases):
    """A view with so many objects, the first of which shows the cases."""
    objects = [thing(n, *(cases if n == 1 else ())) for n in range(1, must + 1)]
    return view(master(name, *objects), *objects)


BANKS = st.lists(
    st.tuples(
        st.sampled_from("abcdefgh"), st.integers(1, 9), st.sampled_from(["small", "trailer", ""])
    ),
    min_size=1,
    max_size=30,
)


@settings(max_examples=30)
@given(BANKS, st.integers(1, 6), st.integers(1, 5), st.integers(2, 9), st.integers(0, 999))
def test_a_pool_never_holds_more_than_its_form_allows(bank, pictures, each, fullest, seed):
    views = [plain(name, must, *filter(None, [case])) for name, must, case in bank]
    form = Form(pictures, pictures * each, fullest, {"small": 2, "trailer": 1})
    try:
        [chosen] = compose([form], views, np.random.default_rng(seed))
    except DataError:
        return
    assert len(chosen) == pictures
    assert sum(v.must for v in chosen) <= pictures * each
    assert max(v.must for v in chosen) <= fullest
    used = Counter(v.master.item for v in chosen)
    assert max(used.values()) <= -(-pictures // len({name for name, _, _ in bank}))


@settings(max_examples=10)
@given(st.integers(0, 999))
def test_a_rare_and_crowded_view_finds_its_place(seed):
    views = [plain(f"m{n}", 3 + n % 5) for n in range(30)] + [plain("rare", 12, "mounting")]
    form = Form(10, 52, 12, {"mounting": 1})
    [chosen] = compose([form], views, np.random.default_rng(seed))
    assert not lacking(form, chosen)
    assert 47 <= sum(v.must for v in chosen) <= 52


def test_two_pools_share_no_master_while_there_are_others():
    views = [plain(f"m{n}", 2 + n % 3) for n in range(8) for _ in range(3)]
    form = Form(4, 12, 4, {})
    pools = compose([form, form], views, np.random.default_rng(1))
    assert len({v.master.item for chosen in pools for v in chosen}) == 8


def test_where_masters_are_few_their_windows_overlap_little():
    source = master("m", *(thing(n) for n in range(1, 4)))
    views = [
        View(source, masters.Window(left, 0.0, 1.0, (200, 150), False), source.objects, ())
        for left in (0.0, 5.0, 10.0, 200.0)
    ]
    for seed in range(10):
        [chosen] = compose([Form(2, 6, 3, {})], views, np.random.default_rng(seed))
        assert 200.0 in {v.window.left for v in chosen}


def test_too_full_views_are_refused_in_one_sentence():
    views = [plain(f"m{n}", 9) for n in range(4)]
    with pytest.raises(DataError, match=r"too many objects at once.*\.$"):
        compose([Form(3, 12, 9, {})], views, np.random.default_rng(0))


def test_a_crowd_counts_once_and_what_does_not_count_shows_nothing():
    people = [thing(n, "crowd", "small") for n in range(1, 4)]
    region = thing(9, "crowd", crowd=True, level="ignore")
    ignored = thing(10, "trailer", level="ignore")
    poster = Decoy(kind="poster", rule=9, bbox=(0, 0, 9, 9), label="person")
    shown = forms.shown([*people, region, ignored], [poster], master("m", light="dusk"))
    assert shown == Counter(small=3, crowd=1, poster=1, figure=1, dusk=1)
    assert forms.shown([], [], master("m", light="day")) == Counter(empty=1, day=1)


def test_the_form_of_shipped_pictures_is_what_they_hold():
    items = [
        master("a", thing(1), thing(2, "small")),
        master("b", light="night"),
        plain("c", 5).master,
    ]
    form = forms.like(items)
    assert (form.pictures, form.must, form.fullest) == (3, 7, 5)
    assert form.least == Counter(day=2, night=1, small=1, empty=1)


def test_a_torn_crowd_a_sliver_and_faded_objects_are_unfit():
    people = [thing(n, "crowd") for n in range(1, 5)]
    region = thing(9, "crowd", crowd=True, level="ignore")
    source = master("m", *people, region)
    assert view(source, *people, region).is_fit
    assert view(source, *people[:2]).is_fit
    assert not view(source, *people[:2], region).is_fit
    sliver = people[0].model_copy(update={"truncation": 0.8})
    assert not view(source, sliver, *people[1:]).is_fit
    faded = [person.model_copy(update={"level": "ignore"}) for person in people[2:]]
    assert not view(source, *people[:2], *faded).is_fit
    assert not view(source).is_fit
    assert view(master("empty")).is_fit


@pytest.fixture(scope="module", params=READY)
def bank(request):
    """The form of the exam of a set, and views of its masters."""
    rng, views = np.random.default_rng(3), []
    for source in fresh.shipped_masters(request.param):
        with Image.open(source.ids) as opened:
            ids = np.asarray(opened)
        views += forms.views_of(source.truth, ids, EXAM[request.param].fullest, rng)
    return EXAM[request.param], views


@settings(max_examples=8)
@given(st.integers(0, 10_000))
def test_an_exam_form_of_the_real_masters_holds_everything_in_time(bank, seed):
    form, views = bank
    rng = np.random.default_rng(seed)
    chosen = next(
        pool
        for [pool] in (compose([form], views, rng) for _ in range(fresh.ATTEMPTS))
        if not lacking(form, pool)
    )
    assert len({v.master.scene for v in chosen}) == form.pictures == 25
    assert 90 <= sum(v.must for v in chosen) <= 100
    assert max(v.must for v in chosen) <= 14

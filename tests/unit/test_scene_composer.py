"""The composer of street pictures: the same row gives the same scene, and the sketch sees right."""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

TOOLS = Path(__file__).resolve().parents[2] / "tools" / "scenes"
CAMERA = {"at": [1.6, -2.0, 1.5], "look": [1.6, 30.0, 1.5], "fov": 62}
ROW = {
    "item": "draft-1",
    "pool": "practice",
    "scene": "elm-row",
    "seed": 3,
    "layout": "town",
    "camera": "dash",
    "wants": ["occluded_50", "small", "trailer"],
    "must": 6,
}


@pytest.fixture(scope="module")
def scenes():
    """The composer's modules, imported as the build command does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOLS))
        names = ("compose", "draft", "layouts", "sketch")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


def seen(scenes, *rows):
    view = scenes.sketch.View(scenes.layouts.LAYOUTS["town"], CAMERA)
    return scenes.sketch.resolve([scenes.sketch.paint(view, row) for row in rows])


def test_a_row_gives_the_same_recipe_again_and_another_take_another_one(scenes):
    first = scenes.compose.compose(ROW)
    assert first == scenes.compose.compose(dict(ROW))
    assert first["objects"] != scenes.compose.compose(ROW, take=1)["objects"]


def test_a_recipe_holds_what_its_row_wants(scenes):
    recipe = scenes.compose.compose(ROW)
    edges = [name for row in recipe["objects"] for name in row.get("edge", [])]
    assert sorted(edges) == sorted(ROW["wants"])
    assert len(recipe["objects"]) >= ROW["must"]


def test_things_do_not_stand_in_each_other(scenes):
    rows = scenes.compose.compose(ROW)["objects"]
    boxes = [scenes.draft.footprint(row) for row in rows]
    for index, (left, right, near, far) in enumerate(boxes):
        for other in boxes[:index]:
            assert right <= other[0] or other[1] <= left or far <= other[2] or other[3] <= near


def test_two_pictures_of_one_place_share_the_street(scenes):
    one = scenes.compose.compose(ROW)
    other = scenes.compose.compose(ROW | {"seed": 9, "place": ROW["seed"], "light": "dusk"})
    assert (one["seed"], one["street"]) == (other["seed"], other["street"])
    assert one["objects"] != other["objects"]


def test_a_bus_hides_the_car_behind_it_and_not_the_car_beside_it(scenes):
    bus = {"kind": "bus", "at": [1.6, 14.0]}
    hidden, beside = (
        {"kind": "sedan", "at": [1.6, 26.0]},
        {"kind": "sedan", "at": [-3.4, 14.0]},
    )
    front, rear, other = seen(scenes, bus, hidden, beside)
    assert (front.hidden, other.hidden) == (0, 0)
    assert rear.hidden > 0.98


def test_what_leaves_the_frame_is_cut_and_what_is_behind_is_not_seen(scenes):
    cut, behind = seen(
        scenes, {"kind": "sedan", "at": [-3.0, 4.6]}, {"kind": "sedan", "at": [1.6, -8.0]}
    )
    assert 0.2 < cut.outside < 0.9
    assert behind is None


def test_a_house_front_hides_what_is_far_round_the_bend(scenes):
    view = scenes.sketch.View(scenes.layouts.LAYOUTS["town_left_bend"], CAMERA)
    assert not view.behind_houses({"at": [2.5, 20.0]})
    assert view.behind_houses({"at": [-4.0, 115.0]})


@given(across=st.floats(-8, 8), along=st.floats(0, 120))
@settings(max_examples=50)
def test_across_is_found_again_from_the_world(scenes, across, along):
    for street in scenes.layouts.LAYOUTS.values():
        x, y, _ = street.pose(across, along)
        assert street.across_of(x, y) == pytest.approx(across, abs=1e-6)

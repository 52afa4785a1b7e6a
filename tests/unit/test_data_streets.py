"""What the builders of streets read from a recipe: whether a mirror image would give it away, and
what a fresh picture in its place should show.
"""

import importlib
from pathlib import Path
from types import SimpleNamespace

import pytest

from labelschool import datasets

TOOLS = Path(__file__).resolve().parents[2] / "tools"
SUBURB = {"layout": "suburb", "objects": [{"kind": "sedan"}, {"kind": "light"}]}


@pytest.fixture(scope="module")
def tools():
    """The builders' modules, imported as the build command does."""
    with pytest.MonkeyPatch.context() as patch:
        for folder in ("scenes", "datasets"):
            patch.syspath_prepend(str(TOOLS / folder))
        names = ("street_truth", "fresh", "situations", "recipe_book")
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})


def with_thing(**thing):
    return SUBURB | {"objects": [*SUBURB["objects"], thing]}


@pytest.mark.parametrize(
    ("recipe", "mirrorable"),
    [
        (SUBURB, True),
        (SUBURB | {"layout": "parkway"}, True),
        (SUBURB | {"layout": "town"}, False),
        (SUBURB | {"layout": "garden_town"}, False),
        (SUBURB | {"layout": "lane", "street": {"end": "trees"}}, False),
        (SUBURB | {"street": {"end": "town"}}, False),
        (with_thing(kind="sign", variant="yield"), True),
        (with_thing(kind="sign", variant="no_entry"), True),
        (with_thing(kind="sign", variant="speed30"), False),
        (with_thing(kind="sign", variant="crossing"), False),
        (with_thing(kind="poster"), False),
    ],
)
def test_only_streets_without_words_are_mirrorable(tools, recipe, mirrorable):
    assert tools.street_truth.is_mirrorable(recipe) is mirrorable


@pytest.mark.parametrize("name", ["starter10", "street_lite"])
def test_the_truth_says_of_every_picture_whether_it_is_mirrorable(tools, name):
    pools = datasets.pools(name)
    told = {item.item: item.mirrorable for pool in pools for item in datasets.truth(name, pool)}
    recipes = {recipe["item"]: recipe for recipe in tools.recipe_book.read_recipes(name)}
    assert told == {item: tools.street_truth.is_mirrorable(recipes[item]) for item in told}
    assert True in told.values()


@pytest.mark.parametrize("pool", ["practice", "counted"])
def test_fresh_rows_want_what_the_shipped_pictures_show(tools, pool):
    shipped = {item.scene: item for item in datasets.truth("street_lite", pool)}
    recipes = [r for r in tools.recipe_book.read_recipes("street_lite") if r["pool"] == pool]
    rows = tools.fresh.fresh_rows("street_lite", pool, "a secret")
    assert [row.get("batch") for row in rows] == [recipe.get("batch") for recipe in recipes]
    for row, recipe in zip(rows, recipes, strict=True):
        item = shipped[recipe["scene"]]
        wants = row["wants"]
        assert set(wants) <= {*tools.situations.PLACERS, "empty"}
        assert (wants == ["empty"]) == (not item.objects)
        for case in ("crowd", "parked_bicycle", "mirror", "open_door", "trailer", "poster"):
            assert (case in wants) == (case in item.edge_cases), (recipe["item"], case)
        assert (row["camera"] == "window") == ("window" in wants)
        assert (row["camera"] == "mirror") == ("mirror" in wants)


def test_fresh_rows_depend_on_the_seed_and_give_away_nothing(tools):
    one, again, other = (
        tools.fresh.fresh_rows("street_lite", "practice", seed) for seed in ("one", "one", "other")
    )
    assert one == again
    assert not {row["item"] for row in one} & {row["item"] for row in other}
    assert not {row["scene"] for row in one} & {row["scene"] for row in other}
    assert all(a["seed"] != b["seed"] for a, b in zip(one, other, strict=True))

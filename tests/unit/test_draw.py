"""`data draw`: fresh pools for a cohort, and clear words where there can be none."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from labelschool import course, datasets
from labelschool.datasets import DataError, measure
from labelschool.draw import GENERATED, MASTERS, draw
from labelschool.model import decode_mask

POOL_OF = {"labels_db": "practice", "broken_exports": "practice", "board_log": "practice"}
READY = [name for name in MASTERS if name in datasets.names() and "exam" in datasets.pools(name)]


@pytest.fixture
def cohort(tmp_path, monkeypatch):
    """A folder that the registry puts in front of the course."""
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("name", GENERATED)
def test_another_seed_gives_another_pool_and_the_shipped_seed_the_shipped_one(name, tmp_path):
    pool = POOL_OF.get(name, "counted")
    shipped = datasets.key(name, pool)
    draw(name, pool, 4_711, tmp_path / "other")
    draw(name, pool, shipped["seed"], tmp_path / "same")

    def key(folder):
        path = tmp_path / folder / "datasets" / name / "truth" / f"{pool}.json"
        data = json.loads(path.read_text(encoding="utf-8"))
        return {field: data[field] for field in shipped}

    assert key("same") == shipped
    assert key("other") != shipped


def test_a_drawn_pool_is_read_in_place_of_the_shipped_one(cohort):
    shipped = datasets.key("audit_log", "counted")
    draw("audit_log", "counted", 4_712, cohort)
    assert datasets.key("audit_log", "counted")["seed"] == 4_712 != shipped["seed"]
    assert datasets.file("audit_log", "counted.csv").is_relative_to(cohort)
    assert datasets.verify("audit_log") == []


@pytest.mark.skipif(not READY, reason="no set with masters is rendered yet")
@pytest.mark.parametrize("name", READY)
def test_pictures_cut_from_masters_have_the_truth_of_their_pixels(name, cohort):
    pool = "practice"
    before = datasets.items(name, pool)
    draw(name, pool, 99, cohort)
    items, truth = datasets.items(name, pool), datasets.truth(name, pool)
    assert [item.batch for item in items] == [item.batch for item in before]
    assert {item.name for item in items}.isdisjoint(item.name for item in before)
    for item, entry in zip(items, truth, strict=True):
        with Image.open(item.image) as picture:
            assert picture.size == (item.width, item.height)
        with Image.open(datasets.file(name, entry.ids)) as picture:
            ids = np.asarray(picture)
        for obj in entry.objects:
            full, visible = decode_mask(obj.full.rle), ids == obj.id
            again = measure.measure(visible, full, obj.full.offset, obj.edge_cases, obj.crowd)
            assert (obj.area, list(obj.bbox)) == (again["area"], again["bbox"])
            assert (obj.occlusion, obj.level) == (again["occlusion"], again["level"])


@pytest.mark.skipif(not READY, reason="no set with masters is rendered yet")
def test_the_same_seed_draws_the_same_pictures(tmp_path):
    for folder in ("one", "two"):
        draw(READY[0], "practice", 5, tmp_path / folder)
    one, two = (tmp_path / f / "datasets" / READY[0] / "SHA256SUMS" for f in ("one", "two"))
    assert one.read_text(encoding="utf-8") == two.read_text(encoding="utf-8")


def test_what_was_written_by_hand_cannot_be_drawn(tmp_path):
    with pytest.raises(DataError, match=r"tickets was written.*no generator.*labels_db"):
        draw("tickets", "counted", 1, tmp_path)


def test_a_cohorts_pool_stays_out_of_the_course():
    with pytest.raises(DataError, match="outside the course"):
        draw("audit_log", "counted", 1, course.root())


def test_new_scenes_need_the_renderer(tmp_path, monkeypatch):
    monkeypatch.delenv("SCENES_PYTHON", raising=False)
    with pytest.raises(DataError, match=r"need the renderer.*SCENES_PYTHON"):
        draw("street_lite", "counted", 1, tmp_path, new_scenes=True)
    with pytest.raises(DataError, match="no new scenes of needle"):
        draw("needle", "counted", 1, tmp_path, new_scenes=True)

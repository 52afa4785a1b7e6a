"""`data draw`: fresh pools for a cohort, and clear words where there can be none."""

from __future__ import annotations

import json
import shutil
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from labelschool import course, datasets, score
from labelschool.answers import AnswerFile
from labelschool.cli import app
from labelschool.datasets import DataError, forms, measure
from labelschool.draw import MASTERS, draw, for_learners
from labelschool.generators.pools import MAKERS
from labelschool.model import ItemAnswer, decode_mask

READY = [name for name in MASTERS if name in datasets.names() and "exam" in datasets.pools(name)]


@pytest.fixture
def cohort(tmp_path, monkeypatch):
    """A folder that the registry puts in front of the course."""
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "pool"), [(name, pool) for name, maker in MAKERS.items() for pool in maker.pools]
)
def test_the_shipped_seed_gives_the_shipped_files_and_another_seed_others(name, pool, tmp_path):
    shipped = datasets.key(name, pool)
    draw(name, pool, str(shipped["seed"]), tmp_path / "same")
    draw(name, pool, "a secret of many words", tmp_path / "other")
    same, other = (files(tmp_path / folder / "datasets" / name) for folder in ("same", "other"))
    for path, content in same.items():
        if path.suffix != ".db":
            assert (course.root() / "datasets" / name / path).read_bytes() == content, path
    assert same.keys() == other.keys() or name == "broken_exports"
    data = [path for path in same if path.parent.name != "truth"]
    assert all(same[path] != other.get(path) for path in data if path.suffix in (".csv", ".db"))
    keys = [json.loads(found[truth_file(pool)]) for found in (same, other)]
    for key in keys:
        key.pop("seed")
    hidden = name in ("labels_db", "broken_exports") and pool == "counted"
    assert (keys[0] == keys[1]) is hidden


def files(folder):
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS"]
    return {path.relative_to(folder): path.read_bytes() for path in paths}


def truth_file(pool):
    return Path("truth") / f"{pool}.json"


def test_a_twins_seed_leaves_the_practice_files_alone(cohort):
    practice = datasets.file("labels_db", "labels.db").read_bytes()
    draw("labels_db", "counted", "4711", cohort)
    assert datasets.key("labels_db", "counted") == {"seed": 4711}
    assert datasets.file("labels_db", "labels.db").read_bytes() == practice


def test_a_private_folder_that_is_none_is_refused(monkeypatch, tmp_path):
    for wrong in (str(tmp_path / "nowhere"), "relative"):
        monkeypatch.setenv("LABELSCHOOL_PRIVATE", wrong)
        with pytest.raises(DataError, match=r"LABELSCHOOL_PRIVATE is .* no folder"):
            datasets.truth("starter10", "counted")


def test_a_drawn_pool_is_read_in_place_of_the_shipped_one(cohort):
    shipped = datasets.key("audit_log", "counted")
    draw("audit_log", "counted", "4712", cohort)
    assert datasets.key("audit_log", "counted")["seed"] == 4_712 != shipped["seed"]
    assert datasets.file("audit_log", "counted.csv").is_relative_to(cohort)
    assert datasets.verify("audit_log") == []


@pytest.mark.skipif(not READY, reason="no set with masters is rendered yet")
@pytest.mark.parametrize("name", READY)
def test_pictures_cut_from_masters_have_the_truth_of_their_pixels(name, cohort):
    pool = "practice"
    before = datasets.items(name, pool)
    draw(name, pool, "730519", cohort)
    items, truth = datasets.items(name, pool), datasets.truth(name, pool)
    assert [item.batch for item in items] == [item.batch for item in before]
    assert {item.name for item in items}.isdisjoint(item.name for item in before)
    assert not any("730519" in item.name for item in items)
    assert datasets.items(name, "counted")
    draw(name, "counted", "100", cohort)
    assert datasets.items(name, pool) == items
    for item, entry in zip(items, truth, strict=True):
        with Image.open(item.image) as picture:
            assert picture.size == (item.width, item.height)
        with Image.open(datasets.file(name, entry.ids)) as picture:
            ids = np.asarray(picture)
        for obj in entry.objects:
            full, visible = decode_mask(obj.full.rle), ids == obj.id
            again = measure.measure(visible, full, obj.full.offset, obj.edge_cases, obj.crowd)
            assert (obj.area, list(obj.bbox)) == (again["area"], again["bbox"])
            assert obj.occlusion == again["occlusion"]
            assert obj.level in ("ignore", again["level"])


@pytest.mark.skipif(not READY, reason="no set with masters is rendered yet")
@pytest.mark.parametrize("name", READY)
def test_a_drawn_batch_is_no_more_work_than_the_shipped_one(name, cohort):
    shipped = work(name)
    draw(name, "counted", "7", cohort)
    drawn = work(name)
    assert drawn.keys() == shipped.keys()
    for batch, (total, most) in shipped.items():
        assert 0.75 * total <= drawn[batch][0] <= total
        assert drawn[batch][1] <= most


def work(name):
    """Of every batch of a counted pool the number of objects that count, in all and at most."""
    counts = {}
    for item, entry in zip(
        datasets.items(name, "counted"), datasets.truth(name, "counted"), strict=True
    ):
        must = sum(obj.level == "must" for obj in entry.objects)
        counts.setdefault(item.batch, []).append(must)
    return {batch: (sum(found), max(found)) for batch, found in counts.items()}


@pytest.mark.skipif("street_lite" not in READY, reason="the masters are not rendered yet")
def test_an_exam_form_has_its_size_and_every_edge_case(cohort):
    masters = datasets.truth("street_lite", "exam")
    draw("street_lite", "exam", "a secret of many words", cohort)
    drawn = datasets.truth("street_lite", "exam")
    assert len(drawn) == len(datasets.items("street_lite", "exam")) == 25
    assert sum(obj.level == "must" for entry in drawn for obj in entry.objects) <= 100
    shown = sum((forms.shown(e.objects, e.decoys, e) for e in drawn), Counter())
    assert not Counter(forms.EXAM["street_lite"].least) - shown
    assert {entry.scene for entry in drawn} < {entry.scene for entry in masters}
    assert datasets.verify("street_lite") == []


@pytest.mark.skipif(not READY, reason="no set with masters is rendered yet")
def test_the_same_seed_draws_the_same_pictures(tmp_path):
    for folder in ("one", "two"):
        draw(READY[0], "practice", "5", tmp_path / folder)
    one, two = (tmp_path / f / "datasets" / READY[0] / "SHA256SUMS" for f in ("one", "two"))
    assert one.read_text(encoding="utf-8") == two.read_text(encoding="utf-8")


def test_learners_have_the_pictures_and_the_instructor_grades(cohort, monkeypatch, capsys):
    """The learner's side: what the command lists for learners, with the published truth at hand."""
    out = cohort / "instructor"
    told = CliRunner().invoke(
        app, ["data", "draw", "street_lite", "--seed", "a secret", "--out", str(out)]
    )
    assert "For learners: images, items.json." in told.output
    assert "For you alone: SHA256SUMS, truth." in told.output
    drawn, given = (folder / "datasets" / "street_lite" for folder in (out, cohort))
    assert for_learners(drawn) == ["images", "items.json"]
    shutil.copytree(drawn, given, ignore=shutil.ignore_patterns("truth", "SHA256SUMS"))
    assert not datasets.has_truth("street_lite", "counted")
    assert datasets.has_truth("street_lite", "practice")
    assert datasets.items("street_lite", "counted")[0].image.is_relative_to(given)
    monkeypatch.chdir(cohort)
    file = AnswerFile("A1.a", "counted", "G1.v1", cohort)
    name = datasets.task_items(course.load().task("A1.a"), "counted")[0].name
    file.save({name: ItemAnswer(item=name, done=True)}, base=0)
    assert score("A1.a") == 0
    assert "Your instructor grades this part" in capsys.readouterr().out


def test_what_was_written_by_hand_cannot_be_drawn(tmp_path):
    with pytest.raises(DataError, match=r"tickets was written.*no generator.*labels_db"):
        draw("tickets", "counted", "1", tmp_path)


def test_a_cohorts_pool_stays_out_of_the_course():
    with pytest.raises(DataError, match="outside the course"):
        draw("audit_log", "counted", "1", course.root() / "my-cohort")


def test_an_unknown_set_or_pool_is_named(tmp_path):
    with pytest.raises(DataError, match="no data set 'stret_lite'"):
        draw("stret_lite", "counted", "1", tmp_path)
    with pytest.raises(DataError, match="practice or counted, not as exam"):
        draw("shelf_lite", "exam", "1", tmp_path)
    with pytest.raises(DataError, match="as practice, not as counted"):
        draw("board_log", "counted", "1", tmp_path)
    assert not list(tmp_path.iterdir())


def test_new_scenes_need_the_renderer(tmp_path, monkeypatch):
    monkeypatch.delenv("SCENES_PYTHON", raising=False)
    with pytest.raises(DataError, match=r"need the renderer.*SCENES_PYTHON"):
        draw("street_lite", "counted", "1", tmp_path, new_scenes=True)
    with pytest.raises(DataError, match="no new scenes of crowd120"):
        draw("crowd120", "counted", "1", tmp_path, new_scenes=True)
    for wrong in (str(tmp_path / "no-such-python"), sys.executable):
        monkeypatch.setenv("SCENES_PYTHON", wrong)
        with pytest.raises(DataError, match=r"SCENES_PYTHON is .*cannot start the renderer"):
            draw("street_lite", "counted", "1", tmp_path, new_scenes=True)
    assert not list(tmp_path.iterdir())

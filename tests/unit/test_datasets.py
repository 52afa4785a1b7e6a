"""Data by name: pools, checksums, and an instructor's own files in front."""

from __future__ import annotations

import json
import shutil

import pytest

from labelschool import course, datasets
from labelschool.datasets import DataError

ROOT = course.root()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A course with a copy of one data set that a test may damage."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copytree(ROOT / "datasets" / "starter10", tmp_path / "datasets" / "starter10")
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(tmp_path))
    return tmp_path / "datasets" / "starter10"


@pytest.mark.parametrize("name", datasets.names())
def test_every_set_is_as_shipped(name):
    assert datasets.verify(name) == []


@pytest.mark.parametrize("name", datasets.names())
def test_items_and_truth_name_the_same_things_and_their_files_are_there(name):
    for pool in datasets.pools(name):
        truth, items = datasets.truth(name, pool), datasets.items(name, pool)
        assert [i.name for i in items] == [t.item for t in truth]
        files = [f for i in items for f in (i.image, i.sweep, i.camera, *i.frames, *i.neighbours)]
        assert all(file.is_file() for file in files if file)


def test_all_data_fit_the_budget_of_the_repository():
    sizes = [path.stat().st_size for path in (ROOT / "datasets").rglob("*") if path.is_file()]
    assert sum(sizes) <= 60_000_000
    assert max(sizes) <= 5_000_000


@pytest.mark.parametrize("name", datasets.names())
def test_every_set_has_a_datasheet_that_says_what_it_is_and_what_it_lacks(name):
    text = datasets.file(name, "datasheet.md").read_text(encoding="utf-8")
    for heading in ("## What is in it", "## How it was made", "## Known gaps", "CC0 1.0"):
        assert heading in text
    first = [datasets.items(name, pool)[0] for pool in datasets.pools(name)]
    if any(item.image or item.frames or item.sweep for item in first) and name != "real_photos":
        assert datasets.file(name, "contact.jpg").stat().st_size <= 260_000


def test_the_tasks_of_the_manifest_have_their_pools():
    for module in course.load().modules:
        for task in module.tasks:
            # A suite brings its own, and an audit draws its practice from the learner's own boxes.
            drawn = ("counted",) if task.widget == "audit" else () if task.suite else task.pools
            for pool in drawn:
                assert datasets.task_items(task, pool)
                assert datasets.has_truth(task.dataset, pool)


def test_a_missing_picture_says_how_to_restore_it(checkout):
    picture = datasets.items("starter10", "practice")[0].image
    picture.unlink()
    relative = picture.relative_to(checkout).as_posix()
    with pytest.raises(DataError, match=f"missing.*git checkout -- datasets/starter10/{relative}"):
        datasets.file("starter10", relative)


def test_a_changed_file_is_refused(checkout):
    path = checkout / "truth" / "practice.json"
    path.write_bytes(path.read_bytes().replace(b'"car"', b'"bus"', 1))
    with pytest.raises(DataError, match="not the file that was shipped"):
        datasets.truth("starter10", "practice")
    assert len(datasets.verify("starter10")) == 1


def test_a_deleted_list_of_checksums_is_told(checkout):
    (checkout / "SHA256SUMS").unlink()
    assert len(datasets.verify("starter10")) == 1
    (checkout / "SHA256SUMS").write_text("damaged\n", encoding="utf-8")
    with pytest.raises(DataError, match="SHA256SUMS is damaged"):
        datasets.truth("starter10", "practice")


def test_a_truth_that_was_replaced_is_read_anew(checkout, tmp_path, monkeypatch):
    private = tmp_path / "private"
    own = private / "datasets" / "starter10" / "truth" / "counted.json"
    own.parent.mkdir(parents=True)
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(private))
    data = json.loads((checkout / "truth" / "counted.json").read_text(encoding="utf-8"))
    own.write_text(json.dumps(data), encoding="utf-8")
    before = datasets.truth("starter10", "counted")
    data["items"] = data["items"][:2]
    own.write_text(json.dumps(data), encoding="utf-8")
    assert datasets.truth("starter10", "counted") == before[:2]


def test_an_unknown_set_or_pool_is_named(checkout):
    with pytest.raises(DataError, match="no data set 'nowhere'; there are starter10"):
        datasets.items("nowhere", "practice")
    with pytest.raises(DataError, match="no exam pool"):
        datasets.items("starter10", "exam")


def test_an_instructors_truth_comes_first(checkout, tmp_path, monkeypatch):
    private = tmp_path / "private"
    own = private / "datasets" / "starter10" / "truth" / "counted.json"
    own.parent.mkdir(parents=True)
    truth = json.loads((checkout / "truth" / "counted.json").read_text(encoding="utf-8"))
    for item in truth["items"]:
        item["objects"] = []
    own.write_text(json.dumps(truth), encoding="utf-8")
    monkeypatch.setenv("LABELSCHOOL_PRIVATE", str(private))
    assert not any(item.objects for item in datasets.truth("starter10", "counted"))
    assert any(item.objects for item in datasets.truth("starter10", "practice"))


def test_without_its_truth_a_pool_still_has_items(checkout):
    (checkout / "truth" / "counted.json").unlink()
    assert datasets.items("starter10", "counted")
    assert not datasets.has_truth("starter10", "counted")

"""`course.yml` is true, and a broken one is told with its line."""

from __future__ import annotations

import shutil

import pytest

from labelschool import course
from labelschool.course import CourseError

ROOT = course.root()


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A course of its own that a test may break."""
    shutil.copy(ROOT / "course.yml", tmp_path)
    shutil.copytree(ROOT / "content", tmp_path / "content")
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(tmp_path))
    return tmp_path


def test_every_part_of_the_course_is_there():
    for module in course.load().modules:
        for slug in module.lessons:
            assert course.lesson(module, slug).minutes > 0
            assert (ROOT / "modules" / module.folder / f"{slug}.ipynb").is_file()
        for name in ("exercises", "assignment"):
            assert (ROOT / "solutions" / module.folder / f"{name}.ipynb").is_file()
        for task in module.tasks:
            if task.guideline:
                classes = course.guideline(task.guideline).classes
                assert set(task.classes) <= set(classes)
        assert set(module.core) <= {*module.lessons, *(task.id for task in module.tasks)}


def test_the_lessons_that_stand_in_content_are_listed():
    for module in course.load().modules:
        texts = (ROOT / "content" / "lessons" / module.folder).glob("*.md")
        assert {text.stem for text in texts} == set(module.lessons)


def test_a_guideline_numbers_its_rules_in_card_and_text():
    guideline = course.guideline("G1.v1")
    assert list(guideline.rules) == list(range(1, 17))
    for number in guideline.rules:
        assert f"| **{number} " in guideline.body
    assert guideline.classes["van"] == "vehicle"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("widget: box", "widget: blob", r"course.yml is wrong at line \d+: .*widget"),
        ("points: 10", "points: none", r"line \d+: .*points"),
        ("title: Label School", "title: [", r"not valid YAML at line \d+"),
        ("id: 1.B", "id: 1.A", "the id 1.A is used twice"),
        ("dataset: starter10", "", "1.A has a widget but no dataset"),
        ("tagline:", "tag-line:", "tagline: Field required"),
    ],
)
def test_a_broken_manifest_is_told_with_its_place(copy, old, new, says):
    text = (copy / "course.yml").read_text(encoding="utf-8")
    assert old in text
    (copy / "course.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    course._load.cache_clear()
    with pytest.raises(CourseError, match=says) as caught:
        course.load()
    assert "\n" not in str(caught.value)


def test_the_line_told_is_the_line_that_is_wrong(copy):
    lines = (copy / "course.yml").read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "widget: tag" in line)
    lines[number - 1] = lines[number - 1].replace("tag", "blob")
    (copy / "course.yml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(CourseError, match=f"at line {number}: "):
        course.load()


def test_an_unknown_id_names_those_there_are():
    with pytest.raises(CourseError, match=r"no exercise '1\.Z'.*1\.A"):
        course.load().task("1.Z")


def test_a_missing_course_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("LABELSCHOOL_ROOT", str(tmp_path))
    with pytest.raises(CourseError, match="LABELSCHOOL_ROOT"):
        course.load()


def test_a_missing_guideline_says_how_to_restore_it():
    with pytest.raises(CourseError, match=r"git checkout -- content/guidelines/G99\.v1\.md"):
        course.guideline("G99.v1")


def test_scoring_knows_the_parents_that_the_guideline_names():
    from labelschool.scoring.boxes import PARENTS

    classes = course.guideline("G1.v1").classes
    assert {name: parent for name, parent in classes.items() if parent} == PARENTS

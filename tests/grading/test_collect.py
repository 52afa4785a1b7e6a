"""Whose a file of an unpacked archive is, and what is left out."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from types import SimpleNamespace

import pytest

from labelschool.grading.settings import protected_answers
from labelschool.grading.submissions import SubmissionCollector, student_of

MODULE = "01-foundation"


@pytest.mark.parametrize(
    ("archive", "student"),
    [
        ("labelschool-01-foundation-kim", "kim"),
        ("labelschool-01-foundation-Jörg Müller", "Jörg Müller"),
        (unicodedata.normalize("NFD", "labelschool-01-foundation-Jörg Müller"), "Jörg Müller"),
        ("labelschool-01-foundation-kim (1)", "kim"),
        ("labelschool-01-foundation-kim - Copy", "kim"),
        ("Kim Lee_4711_assignsubmission_file_labelschool-01-foundation-kim", "kim"),
        ("labelschool-01-foundation-team-2", "team-2"),
        ("labelschool-01-foundation-李雷", "李雷"),
        ("labelschool-01-foundation-O'Neill", "O'Neill"),
        ("labelschool-01-foundation-a[b]*?", "a-b"),
        ("labelschool-01-foundation-..", None),
        ("labelschool-01-foundation-", None),
        ("labelschool-02-tools-kim", None),
        ("holiday pictures", None),
    ],
)
def test_the_student_is_read_from_the_archives_name(archive, student):
    assert student_of(archive, MODULE) == student


@pytest.fixture
def collector():
    app = SimpleNamespace(coursedir=SimpleNamespace(assignment_id=MODULE))
    plugin = SubmissionCollector()
    plugin.parent = None
    object.__setattr__(plugin, "_trait_values", {**plugin._trait_values, "parent": app})
    return plugin


@pytest.mark.parametrize(
    ("file", "file_id"),
    [
        ("exercises.ipynb", "exercises.ipynb"),
        ("assignment.ipynb", "assignment.ipynb"),
        ("answers/1.A.json", "answers/1.A.json"),
        ("answers/2.J.py", "answers/2.J.py"),
        ("answers/3.G/Q1.sql", "answers/3.G/Q1.sql"),
        ("01-foundation/answers/1.A.json", "answers/1.A.json"),
        ("01-foundation/exercises.ipynb", "exercises.ipynb"),
        ("answers/1.A.json.broken-1", None),
        ("answers/.saving-x.json", None),
        ("__MACOSX/answers/._1.A.json", None),
        ("__MACOSX/exercises.ipynb", None),
        ("1-1-the-job.ipynb", None),
        ("nbgrader_config.py", None),
        ("sitecustomize.py", None),
    ],
)
def test_only_the_files_of_a_submission_are_taken(collector, tmp_path, file, file_id):
    path = tmp_path / "extracted" / "labelschool-01-foundation-kim" / file
    path.parent.mkdir(parents=True)
    path.write_text("{}", encoding="utf-8")
    found = collector.collect(str(path))
    assert (found["file_id"] if found else None) == file_id


def test_of_two_archives_the_newer_work_has_the_later_time(collector, tmp_path):
    times = []
    for name, hour in (("kim", 9), ("kim (1)", 8)):
        path = tmp_path / f"labelschool-01-foundation-{name}" / "answers" / "1.A.json"
        path.parent.mkdir(parents=True)
        saved = {"saved_at": f"2027-01-05T{hour:02}:00:00+00:00"}
        path.write_text(json.dumps(saved), encoding="utf-8")
        times.append(collector.collect(str(path))["timestamp"])
    assert times == [datetime(2027, 1, 5, 9), datetime(2027, 1, 5, 8)]


def test_answer_files_of_the_sources_are_never_copied_over_a_learners(tmp_path):
    stray = tmp_path / "solutions" / MODULE / "answers" / "3.G" / "Q1.sql"
    stray.parent.mkdir(parents=True)
    stray.touch()
    protected = protected_answers(tmp_path)[MODULE]
    assert {"answers/1.A.json", "answers/A1.a.json", "answers/3.G/Q1.sql"} <= set(protected)

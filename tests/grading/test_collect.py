"""Whose a file of an unpacked archive is, and what is left out."""

from __future__ import annotations

import io
import json
import unicodedata
import zipfile

import pytest
from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory

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


class Cohort:
    """Archives in an empty course, collected by nbgrader's own app."""

    def __init__(self, root):
        self.root = root
        self.downloads = root / "grading" / "downloaded" / MODULE / "archive"
        self.downloads.mkdir(parents=True)

    def hand_in(self, name, files, changed=(1980, 1, 1, 0, 0, 0)):
        """An archive whose entries were all changed at one time."""
        with zipfile.ZipFile(self.downloads / f"{name}.zip", "w") as archive:
            for file, content in files.items():
                archive.writestr(zipfile.ZipInfo(file, changed), content)

    def collect(self):
        """What is collected: student -> content by file; the time stands in ``timestamp.txt``."""
        app = ZipCollectApp(
            downloaded_directory="grading/downloaded", collector_plugin=SubmissionCollector
        )
        app.coursedir = CourseDirectory(
            root=str(self.root),
            assignment_id=MODULE,
            submitted_directory="grading/submitted",
            release_directory="assignments",
        )
        app.init_plugins()
        app.extract_archive_files()
        app.process_extracted_files()
        found = {}
        for path in sorted(self.root.glob(f"grading/submitted/*/{MODULE}/**/*")):
            if path.is_file():
                student, _, *file = path.relative_to(self.root / "grading/submitted").parts
                found.setdefault(student, {})["/".join(file)] = path.read_text(encoding="utf-8")
        return found


@pytest.fixture
def cohort_of_zips(tmp_path):
    return Cohort(tmp_path)


def saved(day):
    """An answer file that was saved on a day of January 2025."""
    return json.dumps({"saved_at": f"2025-01-{day:02}T09:00:00+00:00"})


def submitted(moment):
    return json.dumps({"submitted_at": moment})


@pytest.mark.parametrize(
    ("file", "file_id"),
    [
        ("exercises.ipynb", "exercises.ipynb"),
        ("assignment.ipynb", "assignment.ipynb"),
        ("answers/1.A.json", "answers/1.A.json"),
        ("answers/2.J.py", "answers/2.J.py"),
        ("answers/3.G/Q1.sql", "answers/3.G/Q1.sql"),
        ("answers/3.J/flow.csv", "answers/3.J/flow.csv"),
        ("answers/3.K/guideline.md", "answers/3.K/guideline.md"),
        ("01-foundation/answers/1.A.json", "answers/1.A.json"),
        ("01-foundation/exercises.ipynb", "exercises.ipynb"),
        ("submission.json", "submission.json"),
        ("answers/1.A.json.broken-1", None),
        ("answers/.saving-x.json", None),
        ("__MACOSX/answers/._1.A.json", None),
        ("__MACOSX/exercises.ipynb", None),
        ("1-1-the-job.ipynb", None),
        ("nbgrader_config.py", None),
        ("sitecustomize.py", None),
    ],
)
def test_only_the_files_of_a_submission_are_taken(cohort_of_zips, file, file_id):
    cohort_of_zips.hand_in("labelschool-01-foundation-kim", {file: "{}"})
    found = cohort_of_zips.collect().get("kim", {})
    assert found.keys() - {"timestamp.txt"} == ({file_id} if file_id else set())


def test_a_second_archive_with_new_code_and_old_answers_counts(cohort_of_zips):
    """As the course makes them: no entry of the zip has a time."""
    old = {"answers/1.A.json": saved(5), "answers/A1.d.py": "old", "assignment.ipynb": "old"}
    new = old | {"answers/A1.d.py": "new", "assignment.ipynb": "new"}
    for name, files, day in (("kim", new, 7), ("kim (1)", old, 6)):
        told = {"submission.json": submitted(f"2025-01-{day:02}T09:00:00+00:00")}
        cohort_of_zips.hand_in(f"labelschool-01-foundation-{name}", files | told)
    found = cohort_of_zips.collect()["kim"]
    assert (found["answers/A1.d.py"], found["assignment.ipynb"]) == ("new", "new")
    assert found["timestamp.txt"] == "2025-01-07 09:00:00"


@pytest.mark.parametrize("by_hand", [(2025, 1, 9, 12, 0, 0), (1980, 1, 1, 0, 0, 0)])
def test_without_the_time_of_submission_the_newest_answer_or_entry_tells(cohort_of_zips, by_hand):
    first = {"answers/1.A.json": saved(7), "answers/A1.d.py": "first"}
    second = {"answers/1.A.json": saved(5), "answers/A1.d.py": "second"}
    cohort_of_zips.hand_in("labelschool-01-foundation-kim (1)", first)
    cohort_of_zips.hand_in("labelschool-01-foundation-kim", second, by_hand)
    counts = "second" if by_hand[0] == 2025 else "first"
    assert cohort_of_zips.collect()["kim"]["answers/A1.d.py"] == counts


def test_of_two_archives_one_counts_whole_and_both_are_named(cohort_of_zips, capfd):
    first = {"answers/1.A.json": saved(5), "answers/A1.a.json": saved(5)}
    cohort_of_zips.hand_in("labelschool-01-foundation-kim", first)
    second = {"answers/1.A.json": saved(6)}
    cohort_of_zips.hand_in("Mallory_4711_file_labelschool-01-foundation-kim", second)
    cohort_of_zips.hand_in("labelschool-01-foundation-lee", first)
    found = cohort_of_zips.collect()
    assert found["kim"].keys() == {"answers/1.A.json", "timestamp.txt"}
    [warning] = [line for line in capfd.readouterr().err.splitlines() if "claim" in line]
    assert "2 archives claim to be of kim: labelschool-01-foundation-kim (2025" in warning
    assert "Mallory_4711_file_labelschool-01-foundation-kim (2025" in warning


@pytest.mark.parametrize("name", ["submission.json", "answers/1.A.json"])
def test_a_date_in_the_future_does_not_count(cohort_of_zips, capfd, name):
    future = "2199-01-01T00:00:00+00:00"
    forged = json.dumps({"saved_at": future, "submitted_at": future})
    honest = {"answers/1.A.json": saved(5), "exercises.ipynb": "honest"}
    cohort_of_zips.hand_in("labelschool-01-foundation-kim", honest)
    cohort_of_zips.hand_in(
        "labelschool-01-foundation-kim (1)", {name: forged, "exercises.ipynb": "forged"}
    )
    assert cohort_of_zips.collect()["kim"]["exercises.ipynb"] == "honest"
    assert "labelschool-01-foundation-kim (1) has a date in the future" in capfd.readouterr().err


def test_archives_within_the_archive_of_an_lms_have_their_times(cohort_of_zips):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(zipfile.ZipInfo("exercises.ipynb", (2025, 1, 5, 12, 0, 0)), "{}")
    cohort_of_zips.hand_in(
        "all submissions", {"Kim/labelschool-01-foundation-kim.zip": inner.getvalue()}
    )
    assert cohort_of_zips.collect()["kim"]["timestamp.txt"].startswith("2025-01-05")


def test_answer_files_of_the_sources_are_never_copied_over_a_learners(tmp_path):
    stray = tmp_path / "solutions" / MODULE / "answers" / "3.G" / "Q1.sql"
    stray.parent.mkdir(parents=True)
    stray.touch()
    protected = protected_answers(tmp_path)[MODULE]
    assert {"answers/1.A.json", "answers/A1.a.json", "answers/3.G/Q1.sql"} <= set(protected)

"""Passport and submission: round trips, conflicts, hostile zips."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labelschool import answers
from labelschool.errors import LabelSchoolError
from labelschool.home import passport_file, portable, results
from labelschool.home.passport_file import PassportError
from labelschool.home.results import Evidence
from labelschool.model import Box, ItemAnswer

ANSWER = "01-foundation/answers/1.A.json"


def work(home):
    """Name -> content of all work in a home."""
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in portable.work_files(home)}


def zip_of(members, manifest=None):
    """A zip with a manifest that fits its members, unless another is given."""
    if manifest is None:
        files = {n: {"sha256": hashlib.sha256(c).hexdigest()} for n, c in members.items()}
        manifest = {"schema": passport_file.SCHEMA, "made_at": "now", "files": files}
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("manifest.json", text)
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def draw(home, *, done=("boxes-1", "boxes-2"), pool="counted"):
    """Save boxes for exercise 1.A."""
    box = Box(id="b", label="car", bbox=(0, 0, 5, 5))
    items = ("boxes-1", "boxes-2")
    edits = {n: ItemAnswer(item=n, annotations=(box,), done=n in done) for n in items}
    file = answers.AnswerFile("1.A", pool, "G1.v1", home / "01-foundation")
    file.save(edits, base=file.read().revision)


# Passport ---------------------------------------------------------------------------------------

NAMES = st.one_of(
    st.sampled_from(
        ["1.A.json", "1.A.practice.json", "1.A.json.broken-1", "2.J.py", "Q1.sql", "Käse ø.json"]
    ),
    st.from_regex(r"[A-Za-z0-9äöß][A-Za-z0-9äöß ._-]{0,20}[a-z]", fullmatch=True),
)
FOLDERS = st.sampled_from(
    [
        "01-foundation/answers",
        "02-tools/answers",
        "02-tools/answers/.events",
        "03-quality/answers/3.G",
    ]
)
FILES = st.dictionaries(
    st.builds(lambda folder, name: f"{folder}/{name}", FOLDERS, NAMES), st.binary(), max_size=6
)


def plain(files):
    """Names that differ on every file system and that a passport may hold."""
    folded = {name.casefold(): name for name in files}
    return {n: files[n] for n in folded.values() if passport_file.is_work(n)}


@settings(max_examples=80)
@given(files=FILES.map(plain), results=st.none() | st.binary())
def test_a_passport_brings_every_byte_to_an_empty_home(kit, files, results):
    with tempfile.TemporaryDirectory() as folder:
        old, new = Path(folder) / "old", Path(folder) / "new"
        new.mkdir()
        old.mkdir()
        if results is not None:
            files = {**files, "results.json": results}
        for name, content in files.items():
            kit.write(old / name, content)
        restored = portable.restore(new, portable.passport_bytes(old))
        assert work(new) == files
        assert sorted(restored.written) == sorted(files)
        assert not restored.kept


@settings(max_examples=60)
@given(files=FILES.map(plain), here=FILES.map(plain))
def test_restoring_loses_nothing_and_twice_is_once(kit, files, here):
    with tempfile.TemporaryDirectory() as folder:
        home, other = Path(folder) / "home", Path(folder) / "other"
        for root, contents in ((home, here), (other, files)):
            root.mkdir()
            for name, content in contents.items():
                kit.write(root / name, content)
        passport = portable.passport_bytes(other)
        restored = portable.restore(home, passport)
        after = work(home)
        assert {name: after[name] for name in files} == files
        for name, content in here.items():
            assert after[restored.kept.get(name, name)] == content
        assert set(restored.kept) == {n for n in here if n in files and here[n] != files[n]}
        again = portable.restore(home, passport)
        assert (again.written, again.kept) == ([], {})
        assert work(home) == after


def test_two_restores_keep_two_older_versions(home, kit):
    path = home / ANSWER
    for number in range(3):
        kit.write(path, f"mine {number}")
        portable.restore(home, zip_of({ANSWER: f"theirs {number}".encode()}))
    kept = {p.name: p.read_text(encoding="utf-8") for p in path.parent.glob("*.before-*")}
    assert kept == {f"1.A.json.before-restore-{n + 1}": f"mine {n}" for n in range(3)}


def test_an_edited_notebook_travels_and_an_untouched_one_does_not(home, kit):
    edited = "01-foundation/assignment.ipynb"
    (home / edited).write_bytes(kit.notebook("my text"))
    assert set(work(home)) == {edited}


def test_a_notebook_that_differs_is_kept_as_a_notebook(home, kit):
    name = "01-foundation/assignment.ipynb"
    (home / name).write_bytes(kit.notebook("mine"))
    restored = portable.restore(home, zip_of({name: kit.notebook("from elsewhere")}))
    kept = "01-foundation/assignment.before-restore-1.ipynb"
    assert restored.kept == {name: kept}
    assert (home / kept).read_bytes() == kit.notebook("mine")


def test_an_untouched_notebook_makes_room_without_a_copy(home, kit):
    name = "01-foundation/assignment.ipynb"
    assert portable.restore(home, zip_of({name: kit.notebook("mine")})).kept == {}


@pytest.mark.parametrize(
    "name",
    [
        "../evil.json",
        "01-foundation/answers/../../../evil",
        "/etc/passwd",
        "C:/evil.json",
        "01-foundation\\answers\\evil.json",
        "01-foundation/answers/a:b.json",
        "01-foundation/answers/con.json",
        "01-foundation/answers/NUL",
        "01-foundation/answers/trailing. ",
        "01-foundation/answers/new\nline",
        "01-foundation//answers/x.json",
        "01-foundation/./answers/x.json",
        "01-foundation/answers/" + "x" * 250,
        "01-foundation/other/x.json",
        "01-foundation/evil.py",
        "evil.py",
        ".labelschool.json",
        "passport.zip",
        "01-foundation/answers/.saving-x",
    ],
)
def test_a_member_that_is_no_work_stops_the_whole_restore(home, name):
    good = "01-foundation/answers/1.A.json"
    with pytest.raises(PassportError, match=r"nothing was restored|not those its manifest"):
        portable.restore(home, zip_of({good: b"good", name: b"evil"}))
    assert not (home / good).exists()
    assert not list(home.parent.glob("evil*"))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no zip"),
        (b"PK\x03\x04 not really", "no zip"),
        (passport_file.zip_bytes({"x": b"y"}), "no manifest.json"),
        (zip_of({}, b"{"), "damaged"),
        (zip_of({}, b"[]"), "no Label School passport"),
        (zip_of({}, {"schema": "other/1", "files": {}}), "no Label School passport"),
        (zip_of({}, {"schema": "labelschool/passport/9", "files": {}}), "update the course"),
        (zip_of({ANSWER: b"x"}, {"schema": passport_file.SCHEMA, "files": {}}), "manifest lists"),
        (
            zip_of(
                {ANSWER: b"x"}, {"schema": passport_file.SCHEMA, "files": {ANSWER: {"sha256": "0"}}}
            ),
            "damaged",
        ),
        (zip_of({ANSWER: b"x", ANSWER.upper(): b"y"}), "twice"),
    ],
)
def test_a_foreign_or_broken_zip_is_one_sentence(home, content, says):
    with pytest.raises(PassportError, match=says) as caught:
        portable.restore(home, content)
    assert "\n" not in str(caught.value)


@settings(max_examples=150)
@given(data=st.data())
def test_a_damaged_passport_restores_all_or_nothing(data):
    """Whatever bytes are changed: the work arrives whole, or a sentence and no file."""
    original = {ANSWER: b"0123456789" * 20, "results.json": b"{}"}
    content = bytearray(zip_of(original))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, 40))
    content = bytes(content[: len(content) - cut])
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            portable.restore(home, content)
        except PassportError:
            assert not list(home.iterdir())
        else:
            assert work(home) == original


@pytest.mark.parametrize("limit", ["MAX_ZIP_BYTES", "MAX_TOTAL_BYTES", "MAX_FILES"])
def test_too_much_is_refused(home, monkeypatch, limit):
    content = zip_of({ANSWER: b"x" * 500, "results.json": b"{}"})
    portable.restore(home, content)
    monkeypatch.setattr(passport_file, limit, 2)
    with pytest.raises(PassportError, match=r"too large|too many|more than"):
        portable.restore(home, content)


def test_a_link_out_of_the_home_is_not_followed(home, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (home / "02-tools").mkdir()
    (home / "02-tools" / "answers").symlink_to(outside, target_is_directory=True)
    with pytest.raises(PassportError, match="through a link"):
        portable.restore(home, zip_of({"02-tools/answers/1.A.json": b"x"}))
    assert not list(outside.iterdir())


def test_a_full_disk_is_one_sentence_and_the_old_work_stays(home, kit, monkeypatch):
    kit.write(home / ANSWER, "mine")

    def refuse(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(answers, "replace", refuse)
    with pytest.raises(LabelSchoolError, match="No space left"):
        portable.restore(home, zip_of({ANSWER: b"theirs"}))
    assert (home / ANSWER).read_bytes() == b"mine"


def test_refresh_never_stops_a_check(home, monkeypatch):
    draw(home)
    path = portable.refresh(home)
    assert passport_file.read(path)[0] == work(home)

    def refuse(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(answers, "replace", refuse)
    assert portable.refresh(home) is None
    assert portable.refresh(None) is None


def test_a_copy_taken_tells_what_is_newer(home, kit):
    draw(home)
    assert portable.taken(home) == (None, 1)
    portable.mark_taken(home)
    moment, newer = portable.taken(home)
    assert (moment is None, newer) == (False, 0)
    draw(home)
    later = (home / portable.TAKEN).stat().st_mtime + 5
    os.utime(home / ANSWER, (later, later))
    assert portable.taken(home)[1] == 1


# Submission -------------------------------------------------------------------------------------


def names_in(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return set(archive.namelist())


def checked(*, passed):
    found = Evidence(score=0.5, passed=passed, metric="DetScore", n=2)
    results.record("exercise/1.A/counted", found)


def test_a_submission_holds_notebooks_and_counted_answers_only(home, kit, monkeypatch):
    monkeypatch.chdir(home)
    draw(home)
    draw(home, pool="practice")
    kit.write(home / "01-foundation/answers/events/1.A.jsonl", "log")
    kit.write(home / "01-foundation/answers/1.A.json.broken-1", "{")
    kit.write(home / "01-foundation/answers/1.A.py", "def f(): pass\n")
    note = kit.notebook("# A note", "My own words " * 40, grade_id="A1-e")
    (home / "01-foundation/assignment.ipynb").write_bytes(note)
    checked(passed=True)
    made = portable.submission(home, "01-foundation", "Jörg Müller")
    assert made.missing == ()
    assert made.name == "labelschool-01-foundation-Jörg Müller.zip"
    assert names_in(made.content) == {
        "assignment.ipynb",
        "exercises.ipynb",
        "answers/1.A.json",
        "answers/1.A.py",
        "submission.json",
    }
    assert made.save(home).read_bytes() == made.content


def test_what_is_open_is_named(home):
    missing = portable.submission(home, "01-foundation", "x").missing
    assert any("1.A First boxes: nothing is annotated" in line for line in missing)
    assert any("A1.e A note: the text is not written" in line for line in missing)
    draw(home, done=("boxes-1",))
    missing = portable.submission(home, "01-foundation", "x").missing
    assert any("1 item not marked done" in line for line in missing)


def test_what_may_still_be_made_better_is_named(home, kit, monkeypatch):
    monkeypatch.chdir(home)
    note = kit.notebook("# A note", "My own words", grade_id="A1-e")
    (home / "01-foundation/assignment.ipynb").write_bytes(note)
    draw(home)
    named = portable.submission(home, "01-foundation", "x").missing
    assert named[0] == "1.A First boxes, not checked yet, 2 attempts left."
    assert named[1].endswith("the text has only 3 words.")
    checked(passed=False)
    answers.AnswerFile("1.A", "counted", "G1.v1", home / "01-foundation").add_attempt()
    made = portable.submission(home, "01-foundation", "x")
    assert made.missing[0] == "1.A First boxes 5 of 10, not passed, 1 attempt left."
    made.save(home)
    again = portable.submission(home, "01-foundation", "x").missing
    assert not any("attempt" in line for line in again)


def test_text_from_before_an_update_is_pointed_at(home, kit):
    kit.write(home / "01-foundation/assignment.mine-2026-11-23.ipynb", kit.notebook("mine"))
    missing = portable.submission(home, "01-foundation", "x").missing
    assert any("assignment.mine-2026-11-23.ipynb" in line for line in missing)


def test_a_broken_answer_is_told_and_not_sent(home, kit):
    kit.write(home / ANSWER, "{")
    made = portable.submission(home, "01-foundation", "x")
    assert any("damaged" in line for line in made.missing)
    assert "answers/1.A.json" not in names_in(made.content)


def test_a_submission_stays_small(home):
    path = home / "01-foundation/exercises.ipynb"
    data = json.loads(path.read_bytes())
    data["metadata"]["widgets"] = {"state": "x" * 1000}
    output = {"output_type": "stream", "name": "stdout", "text": "x" * 3_000_000}
    cell = {"cell_type": "code", "source": "1", "outputs": [output], "execution_count": 1}
    data["cells"].append(cell | {"metadata": {}})
    path.write_text(json.dumps(data), encoding="utf-8")
    made = portable.submission(home, "01-foundation", "x")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        sent = json.loads(archive.read("exercises.ipynb"))
    assert "widgets" not in sent["metadata"]
    assert sent["cells"][-1]["outputs"] == []


@pytest.mark.parametrize(
    ("folder", "student", "says"),
    [("02-tools", "x", "there is 01-foundation"), ("01-foundation", " ./ ", "your name")],
)
def test_a_wrong_module_or_name_is_one_sentence(home, folder, student, says):
    with pytest.raises(LabelSchoolError, match=says):
        portable.submission(home, folder, student)


@pytest.mark.parametrize(
    ("content", "says"), [(None, "labelschool update"), (b"{", "cannot be read"), (b"[]", "cannot")]
)
def test_a_missing_or_broken_notebook_is_one_sentence(home, content, says):
    path = home / "01-foundation/exercises.ipynb"
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(LabelSchoolError, match=says):
        portable.submission(home, "01-foundation", "x")


@pytest.mark.parametrize(
    ("given_name", "clean"),
    [
        ("Jörg Müller", "Jörg Müller"),
        ("Mu\u0308ller", "Müller"),
        ("  a   b ", "a b"),
        ("../../etc", "etc"),
        ("O'Neill", "O'Neill"),
        ("李雷", "李雷"),
        ('a/b\\c:d*e?"<>|', "a-b-c-d-e"),
    ],
)
def test_a_students_name_is_a_safe_file_name(given_name, clean):
    assert portable.clean_student(given_name) == clean


@given(st.text())
def test_any_name_is_safe(name):
    clean = portable.clean_student(name)
    assert not set(clean) & set('/\\:*?"<>|\0\n\r\t')
    assert clean == clean.strip(" .-")
    assert len(clean) <= 80

"""The core paths of a learner's work where machines differ: Windows, odd folders, crashes.

Each runs `script`, one learner's evening without a browser, in a process of its own: seed, draw,
save, passport, restore, submission, update.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
POSIX_ONLY = ("fcntl", "resource", "pwd", "grp", "termios")

EVENING = """
import json, os, sys
from pathlib import Path

for name in sys.argv[1].split(","):
    sys.modules[name] = None  # import raises ImportError from here on

from labelschool import answers, cli, course
from labelschool.home import portable
from labelschool.home import progress
from labelschool.home import results
from labelschool.home import workspace
from labelschool.model import Box, ItemAnswer

home = workspace.default_home()
workspace.update(home)
os.chdir(home / "01-foundation")
assert results.home() == home
file = answers.AnswerFile("1.A", "counted", "G1.v1")
for number in range(5):
    box = Box(id="b", label="car", bbox=(number, 0, 5, 5))
    edits = {f"boxes-{n}": ItemAnswer(item=f"boxes-{n}", annotations=(box,), done=True)
             for n in (1, 2)}
    file.save(edits, base=file.read().revision)
file.add_attempt()
evidence = results.Evidence(score=0.8, passed=True, metric="DetScore", n=2)
results.record("exercise/1.A/counted", evidence)
assert portable.refresh(home).is_file()
saved = file.path.read_bytes()
file.path.write_text("{", encoding="utf-8")
restored = portable.restore(home, home / portable.PASSPORT)
assert file.path.read_bytes() == saved, restored
portable.submission(home, "01-foundation", "Jörg Müller").save(home)
assert not workspace.update(home, restore=True)
os.chdir(home)
for words in (["progress"], ["update"], ["passport", "export", "Köfferchen.zip"]):
    try:
        cli.main(words)
    except SystemExit as left:
        assert left.code == 0, (words, left.code)
print("well", [step.state for step in progress.read(home).steps])
"""


def evening(root, *options, blocked="", before="", **environment):
    """Run the evening in a course; the finished process."""
    script = root.parent / "evening.py"
    script.write_text(before + EVENING, encoding="utf-8")
    return subprocess.run(
        [sys.executable, *options, str(script), blocked],
        env={**os.environ, "LABELSCHOOL_ROOT": str(root), **environment},
        cwd=REPOSITORY,
        capture_output=True,
        encoding="utf-8",
    )


def assert_well(done):
    assert done.returncode == 0, done.stderr
    assert "well ['empty', 'done', 'done', 'empty', 'empty']" in done.stdout


def test_a_plain_evening(small_course):
    assert_well(evening(small_course))


def test_windows_has_no_posix_modules(small_course):
    assert_well(evening(small_course, blocked=",".join(POSIX_ONLY)))


def test_blocking_would_be_noticed(small_course):
    done = evening(small_course, blocked="json")
    assert done.returncode != 0


def test_no_file_is_opened_with_the_default_encoding(small_course):
    done = evening(small_course, "-X", "warn_default_encoding", "-W", "always::EncodingWarning")
    assert_well(done)
    package = str(REPOSITORY / "labelschool") + os.sep
    assert [line for line in done.stderr.splitlines() if package in line] == []


def test_the_launcher_opens_no_file_with_the_default_encoding(tmp_path):
    code = "import sys; from labelschool import __main__ as m; m.read_stamps(); m.fingerprint()"
    options = ["-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    subprocess.run([sys.executable, *options, "-c", code], cwd=REPOSITORY, check=True)


@pytest.mark.parametrize("name", ["mit Leerzeichen", "Käse & Brot", "päivää 標注", "a'b #1 %20"])
def test_a_folder_may_have_any_name(tmp_path, kit, name):
    assert_well(evening(kit.make_course(tmp_path / name / "course")))


def test_a_locale_without_unicode(small_course):
    assert_well(evening(small_course, LC_ALL="C"))


# Windows: something holds the file for a moment --------------------------------------------------

HELD = """
import os, random
real, chance = os.replace, random.Random({seed})
def replace(source, target):
    if chance.random() < 0.4:
        raise PermissionError(13, "The process cannot access the file", str(target))
    real(source, target)
os.replace = replace
"""


@pytest.mark.parametrize("seed", range(3))
def test_a_virus_scanner_that_holds_files_now_and_then_costs_nothing(small_course, seed):
    assert_well(evening(small_course, before=HELD.format(seed=seed)))


# The process is killed while it saves -----------------------------------------------------------

SAVE_FOR_EVER = """
import itertools, os, sys
from pathlib import Path
from labelschool import answers
from labelschool.home import portable
from labelschool.model import Box, ItemAnswer
home = Path(sys.argv[1])
file = answers.AnswerFile("1.A", "counted", "G1.v1", home / "01-foundation")
for number in itertools.count():
    box = Box(id="b", label="car", bbox=(number, 0, 5, 5))
    edits = {f"boxes-{n}": ItemAnswer(item=f"boxes-{n}", annotations=(box,) * 200)
             for n in (1, 2)}
    file.save(edits, base=file.read().revision)
    portable.refresh(home)
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("saves", [1, 3, 6])
def test_a_kill_during_a_save_loses_nothing_acknowledged(home, saves):
    from labelschool import answers
    from labelschool.home import passport_file

    with subprocess.Popen(
        [sys.executable, "-c", SAVE_FOR_EVER, str(home)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        acknowledged = [process.stdout.readline() for _ in range(saves)]
        time.sleep(0.003 * saves)
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.readlines()
    answer = answers.AnswerFile("1.A", "counted", "G1.v1", home / "01-foundation").read()
    assert answer.revision >= int(acknowledged[-1]) + 1
    for item in answer.items:
        assert {box.bbox[0] for box in item.annotations} == {answer.revision - 1}
    files, _ = passport_file.read(home / "passport.zip")
    assert "01-foundation/answers/1.A.json" in files


# git on Windows ---------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_clone_with_autocrlf_keeps_the_bytes_that_checksums_cover(tmp_path, kit):
    """`.gitattributes` pins line feeds and binaries, so a Windows clone verifies."""
    source, clone = tmp_path / "source", tmp_path / "clone"
    kit.make_course(source)
    kit.write(source / "datasets/boxes/images/1.jpg", b"\xff\xd8\r\n\n\r\x00")
    kit.write(source / "datasets/boxes/truth/counted.json", "{\n}\n")
    shutil.copy(REPOSITORY / ".gitattributes", source)

    def git(*words, cwd=source):
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, *words], cwd=cwd, check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "x")
    git("clone", "-q", "-c", "core.autocrlf=true", str(source), str(clone), cwd=tmp_path)
    files = [
        p.relative_to(source) for p in source.rglob("*") if p.is_file() and ".git" not in p.parts
    ]
    assert len(files) > 10
    for file in files:
        assert (clone / file).read_bytes() == (source / file).read_bytes(), file
    assert_well(evening(clone))

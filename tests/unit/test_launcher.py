"""`python -m labelschool setup|lab|test` on machines that are bare, old, offline or half set up."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from labelschool import __main__ as launcher

PACKAGE = Path(launcher.__file__).parent


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty checkout; what would run in it is written down instead."""
    root = tmp_path / "Kurs mit Ü"
    for part in launcher.PARTS:
        (root / "tests" / part).mkdir(parents=True)
        (root / "tests" / part / "test_x.py").touch()
    (root / "tests" / "js" / "x.test.js").touch()
    (root / "requirements.txt").write_text("x==1\n-e .\n", encoding="utf-8")
    (root / "tools").mkdir()
    (root / "tools" / "requirements.txt").write_text("y==1\n", encoding="utf-8")
    (root / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    venv = root / ".venv"
    for name, value in {
        "ROOT": root,
        "VENV": venv,
        "STAMP": venv / "labelschool-setup.json",
        "LOG": venv / "setup.log",
    }.items():
        monkeypatch.setattr(launcher, name, value)
    ran = []

    def make_venv():
        ran.append("venv")
        Path(launcher.venv_python()).parent.mkdir(parents=True)
        Path(launcher.venv_python()).touch()

    monkeypatch.setattr(launcher, "venv_works", lambda: Path(launcher.venv_python()).is_file())
    monkeypatch.setattr(launcher, "make_venv", make_venv)
    monkeypatch.setattr(launcher, "pip_install", lambda words: ran.append(" ".join(words)))
    monkeypatch.setattr(launcher, "wait_for", lambda words, **_: ran.append(words) or 0)
    return SimpleNamespace(root=root, ran=ran)


def test_it_parses_on_old_pythons():
    source = (PACKAGE / "__main__.py").read_text(encoding="utf-8")
    assert ast.parse(source, feature_version=(3, 7)).body


def test_it_imports_the_standard_library_alone():
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules)\n"
        "import labelschool.__main__\n"
        "new = {name.partition('.')[0] for name in set(sys.modules) - before}\n"
        "print(sorted(new - sys.stdlib_module_names - {'labelschool'}))"
    )
    arguments = [sys.executable, "-I", "-S", "-c", code, str(PACKAGE.parent)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_old_python_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    assert launcher.main(["lab"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "needs Python 3.11 or newer and this is Python 3.9" in said


def test_an_old_python_hands_over_to_a_newer_one(checkout, monkeypatch):
    monkeypatch.setattr(launcher.sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(
        launcher.shutil, "which", lambda name: sys.executable if name == "python3.12" else None
    )
    assert launcher.main(["lab", "--no-browser"]) == 0
    assert checkout.ran == [[sys.executable, "-m", "labelschool", "lab", "--no-browser"]]


def test_setup_installs_once(checkout, capsys):
    assert launcher.main(["setup"]) == 0
    assert checkout.ran == ["venv", "-r requirements.txt"]
    assert launcher.main(["setup"]) == 0
    assert len(checkout.ran) == 2
    assert "nothing had changed" in capsys.readouterr().out


@pytest.mark.parametrize("file", ["requirements.txt", "pyproject.toml"])
def test_setup_installs_again_when_the_lock_changed(checkout, file):
    launcher.main(["setup"])
    (checkout.root / file).write_text("other\n", encoding="utf-8")
    launcher.main(["setup"])
    assert checkout.ran == ["venv", "-r requirements.txt", "-r requirements.txt"]


def test_line_ends_of_git_on_windows_are_no_change(checkout):
    launcher.main(["setup"])
    (checkout.root / "requirements.txt").write_bytes(b"x==1\r\n-e .\r\n")
    launcher.main(["setup"])
    assert len(checkout.ran) == 2


def test_the_test_tools_are_added_once_and_cover_the_rest(checkout):
    launcher.main(["setup"])
    launcher.main(["setup", "--dev"])
    launcher.main(["setup", "--dev"])
    launcher.main(["setup"])
    assert checkout.ran[1:] == [
        "-r requirements.txt",
        "-r requirements.txt -r tools/requirements.txt",
    ]


@pytest.mark.parametrize("stamp", ["", "{", "[]", "null"])
def test_a_broken_stamp_means_doing_it_again(checkout, stamp):
    launcher.main(["setup"])
    launcher.STAMP.write_text(stamp, encoding="utf-8")
    launcher.main(["setup"])
    assert len(checkout.ran) == 3


def test_an_interrupted_setup_is_done_again(checkout, monkeypatch):
    def dies(words):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(launcher, "pip_install", dies)
        assert launcher.main(["setup"]) == 130
    assert launcher.main(["setup"]) == 0
    assert checkout.ran == ["venv", "-r requirements.txt"]


def test_a_checkout_without_its_lock_is_one_sentence(checkout, capsys):
    (checkout.root / "requirements.txt").unlink()
    assert launcher.main(["setup"]) == 2
    assert "git checkout -- requirements.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("WARNING: Retrying ... NewConnectionError('...')\nERROR: No match", "check the network"),
        ("socket.gaierror: Temporary failure in name resolution", "check the network"),
        ("ERROR: [Errno 28] No space left on device", "disk is full"),
        ("Collecting x\nERROR: No matching distribution found for x", "No matching distribution"),
        ("", "no reason was given"),
    ],
)
def test_why_pip_failed_is_one_sentence(said, sentence):
    told = launcher.why_pip_failed(said)
    assert sentence in told
    assert "\n" not in told


def test_lab_serves_the_work_folder_with_the_courses_settings(checkout, monkeypatch):
    handed = []
    monkeypatch.setattr(launcher.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
    monkeypatch.setattr(launcher, "hand_over", lambda words, env: handed.append((words, env)) or 0)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    monkeypatch.setenv("PYTHONHOME", "elsewhere")
    assert launcher.main(["lab", "--no-browser", "--ServerApp.port=9999"]) == 0
    ((words, environment),) = handed
    assert f"--ServerApp.root_dir={checkout.root / 'workspace'}" in words
    assert "--LabApp.default_url=/lab/tree/start-here.ipynb" in words
    assert "--ServerApp.open_browser=False" in words
    assert words[-1] == "--ServerApp.port=9999"
    configs = environment["JUPYTER_CONFIG_PATH"].split(launcher.os.pathsep)
    assert configs == [str(checkout.root / "jupyter"), "mine"]
    scripts = str(Path(launcher.venv_python()).parent)
    assert environment["PATH"].startswith(scripts + launcher.os.pathsep)
    assert "PYTHONHOME" not in environment


@pytest.mark.parametrize(("value", "quiet"), [("1", True), ("0", False), ("", False)])
def test_the_browser_stays_closed_when_asked(checkout, monkeypatch, value, quiet):
    handed = []
    monkeypatch.setattr(launcher.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
    monkeypatch.setattr(launcher, "hand_over", lambda words, env: handed.append(words) or 0)
    monkeypatch.setenv("LABELSCHOOL_NO_BROWSER", value)
    launcher.main(["lab"])
    assert ("--ServerApp.open_browser=False" in handed[0]) is quiet


def test_lab_stops_when_the_work_folder_cannot_be_made(checkout, monkeypatch):
    monkeypatch.setattr(launcher.subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=2))
    monkeypatch.setattr(launcher, "hand_over", lambda words, env: pytest.fail("started"))
    assert launcher.main(["lab"]) == 2


def test_tests_name_what_they_skip_and_why(checkout, monkeypatch, capsys):
    monkeypatch.setattr(launcher, "find_browser", lambda: None)
    (checkout.root / "tests/notebooks/test_x.py").unlink()
    assert launcher.main(["test", "-x"]) == 0
    command = checkout.ran[-1]
    ran = [Path(word).name for word in command if word.startswith("tests")]
    assert ran == ["grading", "system", "hub", "unit"]
    assert command[-1] == "-x"
    said = capsys.readouterr().out
    assert said.count("skipped: js (no Node or no node_modules/") == 2
    assert said.count("skipped: browser (no Chromium on this machine") == 2
    assert said.count("skipped: notebooks (tests/notebooks holds no tests)") == 2


def test_one_part_runs_alone_and_its_exit_code_counts(checkout, monkeypatch):
    ran = []
    monkeypatch.setattr(launcher, "wait_for", lambda words, **_: ran.append(words) or 1)
    assert launcher.main(["test", "unit"]) == 1
    assert [word for word in ran[0] if word.startswith("tests")] == [str(Path("tests") / "unit")]


@pytest.mark.parametrize(("js", "python", "code"), [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 5, 5)])
def test_javascript_runs_first_and_its_failure_counts(checkout, monkeypatch, js, python, code):
    (checkout.root / "node_modules").mkdir()
    monkeypatch.setattr(launcher.shutil, "which", lambda name: name)
    ran = []

    def wait_for(words, **_):
        ran.append(words[0])
        return js if words[0] == "node" else python

    monkeypatch.setattr(launcher, "wait_for", wait_for)
    assert launcher.main(["test", "js", "unit"]) == code
    assert ran == ["node", launcher.venv_python()]


def test_nothing_to_run_is_a_failure(checkout, monkeypatch, capsys):
    monkeypatch.setattr(launcher, "find_browser", lambda: None)
    assert launcher.main(["test", "browser"]) == 2
    assert "None of these tests" in capsys.readouterr().err


def test_an_unknown_part_is_one_sentence(checkout, capsys):
    assert launcher.main(["test", "untit"]) == 2
    assert "there are js, browser" in capsys.readouterr().err


def test_other_words_go_to_the_courses_command(checkout):
    assert launcher.main(["doctor"]) == 2
    launcher.main(["setup"])
    assert launcher.main(["doctor", "--home", "x"]) == 0
    python = launcher.venv_python()
    assert checkout.ran[-1] == [python, "-m", "labelschool.cli", "doctor", "--home", "x"]


def test_windows_keeps_its_scripts_elsewhere(checkout, monkeypatch):
    monkeypatch.setattr(launcher, "WINDOWS", True)
    assert Path(launcher.venv_python()).parts[-2:] == ("Scripts", "python.exe")


def test_the_stamp_is_plain_json(checkout):
    launcher.main(["setup", "--dev"])
    stamps = json.loads(launcher.STAMP.read_text(encoding="utf-8"))
    assert set(stamps) == {"learner", "dev"}


def test_make_help_lists_every_public_target():
    makefile = (PACKAGE.parent / "Makefile").read_text(encoding="utf-8")
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY"))
    targets = [line.partition(":")[0] for line in makefile.splitlines() if "  ## " in line]
    assert {"setup", "lab", "test", "notebooks", "data", "widgets", "lint", "bench"} <= set(targets)
    assert set(targets) <= set(phony.split())

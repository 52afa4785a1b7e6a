"""What of this machine the course depends on, checked one by one for `doctor` and the start page.

A check never raises and never changes anything that stays; what it finds is a `Check` with a state
and, unless all is well, a sentence that says what to do.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
import platform
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import labelschool
from labelschool import course, datasets, front_end
from labelschool.__main__ import OLDEST, find_browser
from labelschool.errors import LabelSchoolError
from labelschool.home import workspace

LOW_DISK_BYTES = 500_000_000
VERSIONS_SHOWN = ("jupyterlab", "ipywidgets", "anywidget", "nbgrader")
LONG_PATH = 150


@dataclass(frozen=True)
class Check:
    """One finding: ``ok``, ``warn`` (the course works, something does not) or ``bad``."""

    name: str
    state: Literal["ok", "warn", "bad"]
    text: str
    todo: str = ""


def start_checks(home: Path) -> list[Check]:
    """What the first cell of the start page tells a learner."""
    return [python(), versions(), course_files(), where(), writable(home), disk(home)]


def doctor_checks(home: Path) -> list[Check]:
    """All checks, for `labelschool doctor`."""
    own = (packages, pip_state, port, git, alembic, chromium)
    return [*start_checks(home), locks(home), path_length(home), *(check() for check in own)]


def python() -> Check:
    """The running Python."""
    text = f"Python {platform.python_version()} on {platform.system()}"
    if sys.version_info >= OLDEST:
        return Check("Python", "ok", text)
    return Check("Python", "bad", text, "Install Python 3.11 or newer and run `make setup` again.")


def versions() -> Check:
    """The course and the packages a learner's trouble usually depends on."""
    known = [f"Label School {labelschool.__version__}"]
    for name in VERSIONS_SHOWN:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            known.append(f"{name} {importlib.metadata.version(name)}")
    if len(known) == len(VERSIONS_SHOWN) + 1:
        return Check("Versions", "ok", ", ".join(known))
    return Check("Versions", "bad", ", ".join(known), "Packages are missing: run `make setup`.")


def course_files() -> Check:
    """Manifest, notebooks and data sets of the checkout."""
    try:
        sets = datasets.names()
        notebooks = workspace.sources()
        course.load()
    except LabelSchoolError as error:
        return Check("Course", "bad", "the course's files are not complete", str(error))
    return Check("Course", "ok", f"{len(notebooks)} notebooks, {len(sets)} data sets")


def where() -> Check:
    """Where the notebook runs: the annotators are made for JupyterLab."""
    if trouble := front_end.trouble():
        return Check("Front end", "warn", trouble, front_end.WAY_OUT)
    return Check("Front end", "ok", front_end.name())


def writable(home: Path) -> Check:
    """Whether answers can be saved in the home."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home, prefix=".saving-") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Check(
            "Work folder",
            "bad",
            f"cannot be written ({error.strerror})",
            "Give yourself the right to write there, or clone the course into your own folder.",
        )
    return Check("Work folder", "ok", "answers can be saved")


def disk(home: Path) -> Check:
    """Free space where answers are saved."""
    free = shutil.disk_usage(home if home.exists() else home.parent).free
    text = f"{free / 1e9:.1f} GB free"
    if free >= LOW_DISK_BYTES:
        return Check("Disk", "ok", text)
    return Check("Disk", "warn", text, "Free some space: a full disk cannot save your answers.")


def locks(home: Path) -> Check:
    """Whether a database can be locked in the home; network folders often fail here."""
    try:
        with tempfile.TemporaryDirectory(dir=home, prefix=".saving-") as folder:
            database = Path(folder) / "locks.db"
            with contextlib.closing(sqlite3.connect(database, timeout=0)) as one:
                one.execute("create table t (x)")
                one.execute("begin exclusive")
                with contextlib.closing(sqlite3.connect(database, timeout=0)) as two:
                    held = _is_refused(two)
    except (OSError, sqlite3.Error) as error:
        return Check("Locks", "warn", f"no file locks here ({error})", _LOCKS_TODO)
    if held:
        return Check("Locks", "ok", "file locks hold")
    return Check("Locks", "warn", "file locks do not hold here", _LOCKS_TODO)


_LOCKS_TODO = "Learners need none; instructors keep the gradebook on a local disk."


def _is_refused(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("begin exclusive")
    except sqlite3.OperationalError:
        return True
    return False


def path_length(home: Path) -> Check:
    """Windows refuses paths above 260 characters."""
    length = len(str(home.resolve()))
    if os.name != "nt" or length <= LONG_PATH:
        return Check("Path", "ok", f"{length} characters")
    return Check(
        "Path", "warn", f"{length} characters", "Clone into a shorter path, as C:\\course."
    )


def packages() -> Check:
    """Installed packages against the versions that requirements.txt locks."""
    try:
        pins = dict(locked(course.root() / "requirements.txt"))
    except (OSError, LabelSchoolError):
        return Check("Packages", "bad", "requirements.txt is missing", "Run `git status`.")
    off = [name for name, version in pins.items() if installed(name) != version]
    if not off:
        return Check("Packages", "ok", f"{len(pins)} as locked")
    named = ", ".join(off[:4]) + (", ..." if len(off) > 4 else "")
    return Check("Packages", "warn", f"{len(off)} not as locked: {named}", "Run `make setup`.")


def locked(path: Path) -> Iterator[tuple[str, str]]:
    """Name and version of each pin that holds on this system."""
    from packaging.requirements import InvalidRequirement, Requirement

    for line in path.read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(InvalidRequirement):
            pin = Requirement(line.partition("#")[0])
            version = re.fullmatch(r"==([\w.]+)", str(pin.specifier))
            if version and (pin.marker is None or pin.marker.evaluate()):
                yield pin.name, version[1]


def installed(name: str) -> str | None:
    """The installed version of a package, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def pip_state() -> Check:
    """What `pip check` says of packages that do not fit together."""
    code, said = _run([sys.executable, "-m", "pip", "check"])
    if code == 0:
        return Check("pip", "ok", "all packages fit together")
    first = said.splitlines()[0] if said else "pip does not run"
    return Check("pip", "warn", first, "Run `make setup`; if it stays, remove .venv/ first.")


def port() -> Check:
    """Whether a server can listen on this machine."""
    try:
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
    except OSError as error:
        return Check("Port", "bad", f"no port to be had ({error.strerror})", "Ask who locks ports.")
    with socket.socket() as server:
        taken = server.connect_ex(("127.0.0.1", 8888)) == 0
    return Check("Port", "ok", "8888 is taken, the next is used" if taken else "8888 is free")


def git() -> Check:
    """git, which brings updates."""
    return _tool("git", ["--version"], "Install git to get new editions of the course.")


def alembic() -> Check:
    """alembic, which nbgrader calls by name to upgrade a gradebook."""
    beside = Path(sys.executable).parent
    path = os.pathsep.join([str(beside), os.environ.get("PATH", "")])
    if shutil.which("alembic", path=path):
        return Check("alembic", "ok", "found")
    return Check("alembic", "warn", "not found", "Instructors need it: run `make setup`.")


def chromium() -> Check:
    """A browser for the browser tests; learners use any."""
    found = find_browser()
    if found:
        return Check("Chromium", "ok", Path(found).name)
    return Check("Chromium", "warn", "not found", "Only `make test` wants it: install chromium.")


def _tool(name: str, arguments: list[str], todo: str) -> Check:
    path = shutil.which(name)
    code, said = _run([path, *arguments]) if path else (1, "")
    if code == 0:
        return Check(name, "ok", said.splitlines()[0] if said else "found")
    return Check(name, "warn", "not found", todo)


def _run(command: list[str]) -> tuple[int, str]:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=60, encoding="utf-8", errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, str(error)
    return done.returncode, (done.stdout + done.stderr).strip()

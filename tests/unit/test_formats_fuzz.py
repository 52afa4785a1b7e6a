"""Damaged files of every format are refused or read, and nothing else happens."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from labelschool import formats

pytest.importorskip("resource", reason="needs the alarms and limits of POSIX")

from . import format_fuzz


def test_damaged_files_are_refused_or_read(tmp_path: Path) -> None:
    found = format_fuzz.corpus(tmp_path)
    readable = {name for name, each in formats.known().items() if each.read}
    assert {format for format, _ in found} == readable
    open_files = _open_files()
    for seed in range(6):
        for number, (format, folder) in enumerate(found):
            with format_fuzz.patience():
                format_fuzz.trial(format, folder, random.Random(f"{seed} {number}"))
    assert _open_files() == open_files


def _open_files() -> int:
    """How many files are open, where the system tells."""
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.is_dir() else 0


@pytest.mark.slow
def test_ten_minutes_of_damaged_files(capsys: pytest.CaptureFixture[str]) -> None:
    script = Path(format_fuzz.__file__)
    done = subprocess.run([sys.executable, script, "600", "1"], capture_output=True, text=True)
    with capsys.disabled():
        print(f"\n{done.stdout}")
    assert done.returncode == 0, done.stdout + done.stderr

"""Binder and hub: what their files say, and (slow) that the whole of it works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_binder_installs_what_learners_install():
    assert (ROOT / "binder/runtime.txt").read_text(encoding="utf-8") == "python-3.11\n"
    lines = (ROOT / "binder/requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines == ["-r ../requirements.txt"]
    assert (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()[-1] == "-e ."


@pytest.mark.skipif(os.name == "nt", reason="Binder runs Linux")
@pytest.mark.parametrize(("before", "after"), [("", ""), ("/etc/hub", ":/etc/hub")])
def test_start_points_jupyter_to_our_settings_and_hands_over(tmp_path, before, after):
    command = [ROOT / "binder/start", "printenv", "JUPYTER_CONFIG_PATH"]
    environment = {"PATH": "/usr/bin:/bin", "REPO_DIR": str(ROOT), "JUPYTER_CONFIG_PATH": before}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{ROOT}/jupyter{after}\n"


def test_the_hub_links_land_on_a_page_that_exists():
    text = (ROOT / "docs/hub.md").read_text(encoding="utf-8")
    links = re.findall(r"https://[^\s)>`]+(?:git-pull|/HEAD)\?[^\s)>`]+", text)
    assert len(links) >= 2
    for link in links:
        landing = parse_qs(urlsplit(link).query)["urlpath"][0]
        page = re.sub(r"^lab/tree/", "", landing)
        page = re.sub(r"^REPOSITORY/", "", page)
        assert (ROOT / page).is_file(), landing


@pytest.mark.slow
def test_binder_would_build_and_start_the_course():
    done = subprocess.run(
        [sys.executable, ROOT / "tests/hub/replay_binder.py"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert done.stdout.count("yes") == 8

"""Saving and restoring in Firefox, which has pointer events and canvases of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from lab import REPOSITORY, Lab, box_cell

FIREFOX = "/usr/bin/firefox-esr"


@pytest.mark.skipif(shutil.which(FIREFOX) is None, reason=f"no browser at {FIREFOX}")
@pytest.mark.skipif(
    not (REPOSITORY / "node_modules" / "puppeteer-core").is_dir(),
    reason="puppeteer-core is not installed: run make widgets",
)
def test_a_box_is_drawn_saved_and_there_again_in_firefox(
    lab: Lab, folder: Path, screenshots: Path
) -> None:
    name = f"{folder.name}/work.ipynb"
    lab.write_notebook(name, [box_cell()])
    script = Path(__file__).with_name("firefox.mjs")
    command = ["node", script, lab.url(name), FIREFOX, screenshots / "firefox.png"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["errors"] == []
    [[label, bbox]] = seen["drawn"]
    # Firefox reports whole pixels of the screen, and the picture is shown smaller than it is.
    assert (label, bbox) == ("truck", pytest.approx([100, 100, 120, 100], abs=1))
    assert seen["restored"] == seen["drawn"]
    saved = json.loads((folder / "answers" / "1.A.practice.json").read_text(encoding="utf-8"))
    [box] = saved["items"][0]["annotations"]
    assert [box["label"], box["bbox"]] == seen["drawn"][0]

"""The settings in `jupyter/` take effect in a real JupyterLab, and only they do."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
from lab import REPOSITORY
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import Browser

DELETE_BUTTON = '[data-jp-item-name="delete-cell"]'


@contextlib.contextmanager
def jupyterlab(home: Path, config_path: str):
    """JupyterLab on a folder with one notebook of three cells; yields its process and address."""
    cells = [new_markdown_cell("# One"), new_code_cell("2"), new_code_cell("3")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), home / "three.ipynb")
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR"):
        environment.pop(f"{name}_NUM_THREADS", None)
    environment |= {"JUPYTER_CONFIG_PATH": config_path, "HOME": str(home)}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += ["--allow-root", "--IdentityProvider.token=", f"--ServerApp.root_dir={home}"]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=home, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield server.pid, address(home)
        finally:
            server.terminate()
            server.wait(timeout=30)


def address(home: Path) -> str:
    for _ in range(120):
        for path in home.rglob("jpserver-*.json"):
            with contextlib.suppress(ValueError):
                return json.loads(path.read_text(encoding="utf-8"))["url"].rstrip("/")
        time.sleep(0.5)
    raise AssertionError((home / "server.log").read_text(encoding="utf-8")[-2000:])


def seen(browser: Browser, home: Path, config_path: str) -> dict[str, object]:
    """What a learner sees, and what the keys that delete a cell do."""
    with jupyterlab(home, config_path) as (server, url), browser.new_page() as page:
        page.goto(f"{url}/lab/tree/three.ipynb")
        cells = page.locator(".jp-Notebook .jp-Cell")
        cells.nth(2).wait_for(timeout=60_000)
        page.get_by_text("| Idle").or_(page.locator('[title*="Idle"]')).first.wait_for()
        cells.nth(1).click()
        page.keyboard.press("Escape")
        page.keyboard.type("ddx")
        page.wait_for_timeout(500)
        left = cells.count()
        page.keyboard.type("b")
        page.wait_for_timeout(500)
        kernel = next(
            process
            for process in psutil.Process(server).children(recursive=True)
            if "ipykernel_launcher" in " ".join(process.cmdline())
        )
        return {
            "cells left": left,
            "b adds a cell": cells.count() == left + 1,
            "delete buttons": page.locator(DELETE_BUTTON).count(),
            "menu": page.locator(".lm-MenuBar-itemLabel").all_inner_texts(),
            "news asked": page.get_by_text("official Jupyter news").count() > 0,
            "threads": kernel.environ().get("OMP_NUM_THREADS"),
        }


def test_learners_cannot_delete_a_cell_by_a_slip_and_are_not_disturbed(browser, tmp_path):
    what = seen(browser, tmp_path, str(REPOSITORY / "jupyter"))
    assert what.pop("menu") == ["File", "Edit", "View", "Run", "Kernel", "Tabs", "Settings", "Help"]
    assert what == {
        "cells left": 3,
        "b adds a cell": True,
        "delete buttons": 0,
        "news asked": False,
        "threads": "1",
    }


def test_without_our_settings_jupyterlab_does_all_that(browser, tmp_path):
    """The guard of the test above: a JupyterLab that changed its ways must be looked at."""
    what = seen(browser, tmp_path, "")
    assert "Nbgrader" in what.pop("menu")
    assert what == {
        "cells left": 1,
        "b adds a cell": True,
        "delete buttons": 1,
        "news asked": True,
        "threads": None,
    }

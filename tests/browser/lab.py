"""A real JupyterLab in a folder of its own, and what the tests and the bench do in its pages."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import psutil
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("LABELSCHOOL_CHROMIUM", "/usr/bin/chromium")
VIEWPORT = {"width": 1400, "height": 1000}
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # Saving by hand only: a test that asks whether Ctrl+S saves must be able to fail.
    "docmanager-extension/plugin": {"autosave": False},
    # Every cell in the page, so that a cell can be told by its number.
    "notebook-extension/tracker": {"windowingMode": "none"},
}

READY = "root => Boolean(root.labelschool?.ready)"
UNTIL_READY = """async root => {
    const deadline = performance.now() + 1000;
    while (!root.labelschool?.ready && performance.now() < deadline)
        await new Promise(requestAnimationFrame);
}"""


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium, quiet and without a sandbox."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)


class Lab:
    """One JupyterLab server on 127.0.0.1 and its folder."""

    def __init__(self, home: Path, base_url: str = "/") -> None:
        self.home = home
        self.folder = home / "work"
        self.base_url = base_url
        self.token = secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}{base_url.rstrip('/')}"

    def start(self) -> None:
        """Start the server, also once more on the same folder, and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        settings = self.home / "settings"
        for name, values in SETTINGS.items():
            path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")
        config = self.home / "config"
        config.mkdir(exist_ok=True)
        (config / "jupyter_server_config.py").write_text(
            "c.ServerApp.tornado_settings = {\n"
            "    'headers': {'Content-Security-Policy': 'frame-ancestors *'},\n"
            "    'cookie_options': {'samesite': 'Lax'},\n"
            "}\n",
            encoding="utf-8",
        )
        python_path = [str(REPOSITORY), *filter(None, [os.environ.get("LABELSCHOOL_BENCH_PATH")])]
        environment = {
            **os.environ,
            "HOME": str(self.home),
            "JUPYTER_CONFIG_DIR": str(config),
            "JUPYTER_DATA_DIR": str(self.home / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.home / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(settings),
            "JUPYTERLAB_WORKSPACES_DIR": str(self.home / "workspaces"),
            "IPYTHONDIR": str(self.home / "ipython"),
            "PYTHONPATH": os.pathsep.join(python_path),
        }
        command = [
            *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
            f"--ServerApp.root_dir={self.folder}",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}",
            f"--ServerApp.base_url={self.base_url}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={self.token}",
        ]
        self.log = (self.home / "server.log").open("w", encoding="utf-8")
        self.process = subprocess.Popen(
            command, env=environment, cwd=self.folder, stdout=self.log, stderr=self.log
        )
        wait_until(self._answers, 60, "JupyterLab to answer")

    def kill(self) -> None:
        """End the server as a crash would; its kernels are orphans."""
        kernels = psutil.Process(self.process.pid).children(recursive=True)
        self.process.kill()
        self.process.wait(20)
        self.log.close()
        for kernel in kernels:
            kernel.kill()

    def stop(self) -> None:
        """Shut down all kernels and the server, by force where a busy machine is slow to."""
        self.close_kernels()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            return self.kill()
        self.log.close()

    def api(self, path: str, method: str = "GET", data: Any = None) -> Any:
        """A call of the server's REST interface."""
        request = urllib.request.Request(
            self.base + path,
            method=method,
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
            data=None if data is None else json.dumps(data).encode(),
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            text = response.read()
        return json.loads(text) if text else None

    def close_kernels(self, folder: str = "") -> None:
        """Shut down the kernels of the notebooks in a folder."""
        for session in self.api("/api/sessions"):
            if session["path"].startswith(folder):
                self.api(f"/api/sessions/{session['id']}", "DELETE")

    def restart_kernel(self, notebook: str) -> None:
        """Restart the kernel of one notebook."""
        for session in self.api("/api/sessions"):
            if session["path"] == notebook:
                self.api(f"/api/kernels/{session['kernel']['id']}/restart", "POST", {})

    def write_notebook(self, name: str, cells: list[str]) -> None:
        """A notebook of code cells."""
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells]
        nbformat.write(notebook, self.folder / name)

    def url(self, notebook: str) -> str:
        """The address of a notebook in a fresh workspace of its own.

        In a workspace that pages share, a reload would open what another page opened last.
        """
        workspace = re.sub(r"\W+", "-", notebook)
        return f"{self.base}/lab/workspaces/{workspace}/tree/{notebook}?token={self.token}&reset"

    def _answers(self) -> bool:
        try:
            self.api("/api/status")
        except (urllib.error.URLError, ConnectionError):
            return False
        return True


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Poll until a condition holds, and return what it returned."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


class Notebook:
    """One notebook open in one page."""

    def __init__(self, lab: Lab, page: Page, name: str) -> None:
        self.lab, self.page, self.name = lab, page, name
        self.frame: Any = page

    def open(self) -> Notebook:
        """Load the notebook and wait for its kernel."""
        self.page.goto(self.lab.url(self.name), wait_until="domcontentloaded")
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        """Wait until the kernel of the notebook is idle."""
        self.frame.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        wait_until(self._kernel_idle, 60, "the kernel")

    def _kernel_idle(self) -> bool:
        kernels = [s["kernel"] for s in self.lab.api("/api/sessions") if s["path"] == self.name]
        connected = [k for k in kernels if k["execution_state"] == "idle" and k["connections"]]
        shown = self.frame.locator(".jp-Notebook-ExecutionIndicator[data-status='idle']")
        return bool(connected) and shown.count() > 0

    def cell(self, index: int) -> Locator:
        """A cell."""
        return self.frame.locator(".jp-Notebook .jp-Cell").nth(index)

    @property
    def cell_count(self) -> int:
        """How many cells the notebook has."""
        return self.frame.locator(".jp-Notebook .jp-Cell").count()

    def run(self, index: int = 0) -> None:
        """Run a cell with Ctrl+Enter."""
        self.cell(index).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")

    def show(self, index: int = 0) -> Annotator:
        """Run the cell and wait for its annotator to be ready."""
        before = self.frame.locator(".ls").count()
        if before:
            self.frame.locator(".ls").first.evaluate("root => { root.dataset.old = '1' }")
        self.run(index)
        annotator = Annotator(self)
        annotator.wait_ready()
        return annotator

    def fresh(self, index: int = 0) -> Annotator:
        """Run a cell as if nothing had been saved yet, whatever else the page shows."""
        shutil.rmtree((self.lab.folder / self.name).parent / "answers", ignore_errors=True)
        self.page.evaluate(
            """() => {
                localStorage.clear();
                globalThis.__labelschoolDrafts?.clear();
                for (const root of document.querySelectorAll(".ls")) root.dataset.old = "1";
            }"""
        )
        self.run(index)
        annotator = Annotator(self)
        annotator.wait_ready()
        return annotator

    def output(self, index: int) -> str:
        """The text output of a cell."""
        outputs = self.cell(index).locator(".jp-OutputArea-output").all_inner_texts()
        return "\n".join(outputs).strip()


class Annotator:
    """The annotator shown in a notebook."""

    def __init__(self, notebook: Notebook, frame: Any = None) -> None:
        self.notebook = notebook
        self.page = notebook.page
        self.root = (frame or notebook.frame).locator(".ls:not([data-old])").first

    def wait_ready(self) -> None:
        """Wait for the picture (or card) and the saved work."""
        self.root.wait_for(timeout=30_000)
        wait_until(lambda: self.root.evaluate(READY), 20, "the annotator to be ready")

    def js(self, expression: str, argument: Any = None) -> Any:
        """Evaluate an expression of `a`, the mode, and `s`, its session."""
        body = (
            f"(root, arg) => {{ const a = root.labelschool, s = a.session; return {expression} }}"
        )
        return self.root.evaluate(body, argument)

    @property
    def canvas(self) -> Locator:
        """The picture."""
        return self.root.locator(".ls-canvas")

    @property
    def shapes(self) -> list[dict[str, Any]]:
        """The annotations of the item in sight."""
        return self.js("s.answer.annotations")

    @property
    def banner(self) -> Locator:
        """The banner above the header."""
        return self.root.locator(".ls-banner")

    def on_disk(self, name: str = "answers/1.A.practice.json") -> dict[str, Any]:
        """The answers in the file beside the notebook, by item."""
        folder = (self.notebook.lab.folder / self.notebook.name).parent
        answer = json.loads((folder / name).read_text(encoding="utf-8"))
        return {item["item"]: item for item in answer["items"]}

    @property
    def saved(self) -> Locator:
        """The saved indicator."""
        return self.root.locator(".ls-saved")

    def wait_saved(self) -> None:
        """Wait until everything is acknowledged."""
        wait_until(
            lambda: self.js("s.saver.status === 'saved' && s.saver.clean"),
            10,
            "the acknowledgement",
        )

    def screenshot(self, path: Path) -> None:
        """Take a picture of the annotator once everything is painted."""
        self.root.evaluate(
            "() => new Promise((done) => setTimeout(() => requestAnimationFrame(done), 200))"
        )
        self.root.screenshot(path=path)

    def focus(self) -> None:
        """Give the keys to the picture or card."""
        self.root.locator("[role=application]").focus()

    def press(self, *keys: str) -> None:
        """Press keys one after the other, each once the picture is there, if it comes at all."""
        for key in keys:
            self.root.evaluate(UNTIL_READY)
            self.page.keyboard.press(key)

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a picture point is on the page."""
        box = self.canvas.bounding_box()
        assert box
        left, top = self.js("a.view.toScreen(arg)", [x, y])
        return box["x"] + left, box["y"] + top

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 6) -> None:
        """Drag the mouse from one picture point to another."""
        self.canvas.scroll_into_view_if_needed()
        mouse = self.page.mouse
        mouse.move(*self.at(*start))
        mouse.down()
        mouse.move(*self.at(*end), steps=steps)
        mouse.up()

    def click(self, x: float, y: float) -> None:
        """Click a picture point."""
        self.page.mouse.click(*self.at(x, y))


@contextmanager
def running_lab(home: Path, base_url: str = "/") -> Iterator[Lab]:
    """A server for the time of a `with` block."""
    lab = Lab(home, base_url)
    lab.start()
    try:
        yield lab
    finally:
        lab.stop()


@contextmanager
def open_book(lab: Lab, profile: BrowserContext, name: str, cells: list[str]) -> Iterator[Notebook]:
    """One notebook in a folder and a page of its own, for all tests of a module."""
    folder = lab.folder / name
    folder.mkdir()
    (folder / "images").symlink_to(lab.folder / "images")
    lab.write_notebook(f"{name}/work.ipynb", cells)
    page = profile.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield Notebook(lab, page, f"{name}/work.ipynb").open()
    page.close()
    lab.close_kernels(name)
    assert errors == []


def make_pictures(
    folder: Path, count: int = 3, size: tuple[int, int] = (640, 480), name: str = "picture"
) -> None:
    """Small pictures of noise and rectangles: NAME-1.jpg and so on."""
    import numpy as np
    from PIL import Image, ImageDraw

    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(7)
    for number in range(1, count + 1):
        width, height = size
        noise = random.integers(90, 150, (height // 4, width // 4, 3), dtype="uint8")
        image = Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)
        draw = ImageDraw.Draw(image)
        for _ in range(4):
            x, y = (int(random.integers(0, side * 3 // 4)) for side in size)
            w, h = (int(random.integers(side // 12, side // 4)) for side in size)
            colour = tuple(int(v) for v in random.integers(20, 240, 3))
            draw.rectangle((x, y, x + w, y + h), fill=colour, outline=(10, 10, 10), width=2)
        image.save(folder / f"{name}-{number}.jpg", quality=85)


BOX_CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.widgets import BoxAnnotator, Item

answers = AnswerFile("{exercise}", "{pool}", "G1.v1")
RULES = [
    (2, "Box the visible part, outermost visible pixels."),
    (6, "Occluded if more than 5 % is hidden."),
    (9, "Posters, statues, screens: no label."),
    (16, "Cannot decide: escalate with the rule number."),
]
IMAGES = Path("images")
BoxAnnotator(
    title="First boxes",
    items=[
        Item(name=f"picture-{{n}}", image=IMAGES / f"picture-{{n}}.jpg", width=640, height=480)
        for n in range(1, {count} + 1)
    ],
    answer_file=answers,
    classes=["car", "van", "truck", "bus", "person", "cyclist"],
    attributes=["occluded", "truncated", "crowd", "unsure"],
    rules=RULES,
    guideline="G1.v1",
)
""".strip()


def box_cell(exercise: str = "1.A", pool: str = "practice", count: int = 3) -> str:
    """A cell that shows a box annotator on the small pictures."""
    return BOX_CELL.format(exercise=exercise, pool=pool, count=count)


TAG_CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.widgets import Item, TagAnnotator

TagAnnotator(
    title="Vehicle types",
    items=[Item(name=f"crop-{{n}}", image=Path("images") / f"crop-{{n}}.jpg", width=96, height=72)
           for n in range(1, 9)],
    answer_file=AnswerFile("{exercise}", "practice", "G1.v1"),
    classes=["car", "van", "truck", "bus", "cyclist", "person"],
    choosing="{choosing}",
    question="Which class is in the middle of the crop?",
    rules=[(1, "Classes: car, van, truck, bus."), (15, "Unsure between two: the parent class.")],
    guideline="G1.v1",
)
""".strip()


def tag_cell(exercise: str = "1.B", choosing: str = "single") -> str:
    """A cell that shows a tag annotator on small crops."""
    return TAG_CELL.format(exercise=exercise, choosing=choosing)

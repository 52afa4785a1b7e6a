"""One JupyterLab and one browser for all browser tests; a folder and a page for each."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

# `lab.py` is shared with the bench and is no test module.
sys.path.insert(0, str(Path(__file__).parent))

from lab import (
    CHROMIUM,
    REPOSITORY,
    VIEWPORT,
    Annotator,
    Lab,
    Notebook,
    box_cell,
    launch,
    make_pictures,
    running_lab,
)

SCREENSHOTS = REPOSITORY / "build" / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test here; without the browser they are skipped, with the reason.

    Each may be run once more: the summary names those that needed it.
    """
    missing = shutil.which(CHROMIUM) is None
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))
            if missing:
                item.add_marker(pytest.mark.skip(reason=f"no browser at {CHROMIUM}"))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The server, with a folder of small pictures."""
    with running_lab(tmp_path_factory.mktemp("lab")) as server:
        make_pictures(server.folder / "images")
        make_pictures(server.folder / "images", count=8, size=(96, 72), name="crop")
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser."""
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture
def errors() -> list[str]:
    """Uncaught errors of the test's pages; any fails the test."""
    return []


@pytest.fixture(scope="session")
def profile(browser: Browser) -> BrowserContext:
    """The browser profile most tests share, so that JupyterLab comes out of its cache."""
    return browser.new_context(viewport=VIEWPORT)


@pytest.fixture
def new_page(
    browser: Browser, profile: BrowserContext, errors: list[str]
) -> Iterator[Callable[..., Page]]:
    """Opens pages; with options, in a profile of their own."""
    opened: list[Page | BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": VIEWPORT, **options}) if options else profile
        page = context.new_page()
        opened.append(context if options else page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for one in opened:
        one.close()
    assert errors == []


@pytest.fixture
def folder(lab: Lab, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of the test's own, with the pictures; its kernels are shut down afterwards."""
    name = re.sub(r"\W+", "-", f"{request.module.__name__} {request.node.name} ")
    path = Path(tempfile.mkdtemp(prefix=name, dir=lab.folder))
    (path / "images").symlink_to(lab.folder / "images")
    yield path
    lab.close_kernels(path.name)


@pytest.fixture
def notebook(lab: Lab, folder: Path, new_page: Callable[..., Page]) -> Callable[..., Notebook]:
    """Opens a notebook of the given cells (by default: a box annotator) in a page."""

    def open_notebook(
        *cells: str, name: str = "work", page: Page | None = None, **options: object
    ) -> Notebook:
        path = f"{folder.name}/{name}.ipynb"
        if not (lab.folder / path).exists():
            lab.write_notebook(path, list(cells) or [box_cell(), "1 + 1"])
        return Notebook(lab, page or new_page(**options), path).open()

    return open_notebook


@pytest.fixture(scope="session")
def shared(lab: Lab, profile: BrowserContext) -> Notebook:
    """One notebook with a box annotator for the tests that leave page and kernel as they were."""
    path = lab.folder / "shared"
    path.mkdir()
    (path / "images").symlink_to(lab.folder / "images")
    lab.write_notebook("shared/work.ipynb", [box_cell(), "1 + 1"])
    return Notebook(lab, profile.new_page(), "shared/work.ipynb").open()


@pytest.fixture
def annotator(lab: Lab, shared: Notebook) -> Iterator[Annotator]:
    """A box annotator without any saved work, its cell freshly run."""
    errors: list[str] = []
    shared.page.on("pageerror", lambda error: errors.append(str(error)))
    shutil.rmtree(lab.folder / "shared" / "answers", ignore_errors=True)
    shared.page.evaluate("localStorage.clear(); globalThis.__labelschoolDrafts?.clear()")
    yield shared.show()
    shared.page.keyboard.press("Escape")
    assert errors == []


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """Where pictures of the states go, for eyes."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS

"""Accessibility and layout in both themes, and pictures of every state for eyes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lab import REPOSITORY, Annotator, Lab, Notebook, tag_cell
from playwright.sync_api import Locator, Page
from test_tags import FORM

Opened = Callable[..., Notebook]

AXE = REPOSITORY / "node_modules" / "axe-core" / "axe.min.js"
THEMES = ("JupyterLab Light", "JupyterLab Dark")


def faults(page: Page, selector: str = ".ls") -> list[str]:
    """Serious and critical findings of axe-core inside our widgets."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed: make widgets")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "selector => axe.run(selector).then(result => result.violations)", selector
    )
    return [
        f"{fault['id']}: {node['html'][:160]} {node['failureSummary']}"
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def small_targets(root: Locator) -> list[str]:
    """Controls in sight that are smaller than 24 x 24 pixels."""
    return root.evaluate(
        """root => [...root.querySelectorAll('button, input, select, textarea')]
          .map(node => [node, node.getBoundingClientRect()])
          .filter(([node, r]) => r.width && !['radio', 'checkbox'].includes(node.type))
          .filter(([, r]) => r.width < 24 || r.height < 24)
          .map(([node, r]) => `${node.outerHTML.slice(0, 90)} ${r.width} x ${r.height}`)"""
    )


def filled(annotator: Annotator) -> Annotator:
    """Some boxes with flags, one selected."""
    annotator.drag((60, 60), (180, 160))
    annotator.press("5", "o", "o")
    annotator.drag((250, 90), (330, 240))
    annotator.press("2", "t")
    annotator.drag((400, 60), (560, 200))
    annotator.press("4", "r")
    annotator.drag((120, 300), (240, 420))
    annotator.press("6", "u")
    annotator.drag((400, 300), (520, 420))
    annotator.press("1")
    annotator.wait_saved()
    return annotator


@pytest.fixture(params=THEMES)
def theme(lab: Lab, request: pytest.FixtureRequest) -> Any:
    """JupyterLab in one of its themes."""
    settings = lab.home / "settings/@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    settings.write_text(json.dumps({"theme": request.param}), encoding="utf-8")
    yield request.param.split()[-1].lower()
    settings.unlink()


def hide_source(opened: Notebook) -> None:
    opened.page.add_style_tag(content=".jp-Cell-inputWrapper { display: none }")


def test_box_annotator(notebook: Opened, theme: str, screenshots: Path) -> None:
    opened = notebook()
    annotator = opened.show()
    hide_source(opened)
    filled(annotator)
    page = opened.page
    light = page.evaluate("document.body.dataset.jpThemeLight")
    assert light == ("true" if theme == "light" else "false")

    def shot(name: str) -> None:
        page.screenshot(path=screenshots / f"box-{name}-{theme}.png")

    shot("wide")
    assert faults(page) == []
    assert small_targets(annotator.root) == []
    annotator.press("?")
    shot("keys")
    assert faults(page) == []
    annotator.press("Escape", "e")
    shot("escalate")
    assert faults(page) == []
    annotator.press("Enter", "i")
    shot("light")
    assert faults(page) == []
    annotator.press("Escape", "x", "g", "g")
    annotator.focus()
    for point in [(300, 350), (340, 300), (380, 360)]:
        annotator.click(*point)
    page.mouse.move(*annotator.at(345, 410))
    shot("extreme")
    annotator.press("Escape", "Enter")
    annotator.wait_saved()
    shot("next")
    annotator.js("s.link.send = () => {}")
    annotator.focus()
    annotator.press("Insert")
    annotator.banner.wait_for(timeout=10_000)
    shot("not-saved")
    assert faults(page) == []


def test_box_annotator_narrow(notebook: Opened, theme: str, screenshots: Path) -> None:
    opened = notebook(viewport={"width": 500, "height": 1200})
    opened.page.keyboard.press("Control+b")
    annotator = opened.show()
    hide_source(opened)
    filled(annotator)
    opened.page.screenshot(path=screenshots / f"box-narrow-{theme}.png")
    assert faults(opened.page) == []
    assert small_targets(annotator.root) == []
    wide = annotator.root.evaluate("root => [root.scrollWidth, root.clientWidth]")
    assert wide[0] <= wide[1]
    canvas = annotator.canvas.bounding_box()
    panel = annotator.root.locator(".ls-panel").bounding_box()
    assert canvas
    assert panel
    assert panel["y"] >= canvas["y"] + canvas["height"]


def test_tag_annotator(notebook: Opened, theme: str, screenshots: Path) -> None:
    opened = notebook(tag_cell())
    annotator = opened.show()
    hide_source(opened)
    annotator.focus()
    annotator.press("1", "4", "Backspace", "u")
    annotator.wait_saved()
    opened.page.screenshot(path=screenshots / f"tag-{theme}.png")
    assert faults(opened.page) == []
    assert small_targets(annotator.root) == []


def test_form(notebook: Opened, theme: str, screenshots: Path) -> None:
    opened = notebook(FORM)
    opened.run(0)
    opened.frame.locator(".ls-form").wait_for()
    opened.page.screenshot(path=screenshots / f"form-{theme}.png")
    assert faults(opened.page) == []


def test_the_canvas_speaks(annotator: Annotator) -> None:
    annotator.drag((100, 100), (220, 200))
    status = annotator.root.get_by_role("status")
    assert status.inner_text() == "Added Box 1, car, 120 by 100 at 100, 100"
    annotator.press("o")
    assert status.inner_text() == "Occluded level 1, under 25 %"
    annotator.press("ArrowRight")
    assert status.inner_text() == "Box 1, car, 120 by 100 at 101, 100"
    row = annotator.root.locator(".ls-row-head")
    assert row.get_attribute("aria-expanded") == "true"
    outline = annotator.canvas.evaluate("node => getComputedStyle(node).outlineStyle")
    assert outline == "solid"

"""Annotorious and jupyter-bbox-widget, for what they can do of the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from browser import Row, dragged, idle, spread
from lab import REPOSITORY, Notebook, open_book, running_lab, wait_until
from playwright.sync_api import BrowserContext

ANNOTORIOUS = """
import { createImageAnnotator } from "@annotorious/annotorious";
window.start = (n) => {
  const image = document.querySelector("img");
  const annotator = window.annotator = createImageAnnotator(image, { userSelectAction: "EDIT" });
  annotator.setAnnotations(Array.from({ length: n }, (_, i) => ({
    id: "n" + i, bodies: [], target: { annotation: "n" + i, selector: { type: "RECTANGLE",
      geometry: { x: (i * 37) % 600, y: (i * 53) % 440, w: 30, h: 24,
        bounds: { minX: (i * 37) % 600, minY: (i * 53) % 440,
                  maxX: (i * 37) % 600 + 30, maxY: (i * 53) % 440 + 24 } } } } })));
};
"""

BBOX_CELL = """
from jupyter_bbox_widget import BBoxWidget
BBoxWidget(image="images/picture-1.jpg", classes=["car", "van"], bboxes=[
    {"x": (i * 37) % 600, "y": (i * 53) % 440, "width": 30, "height": 24, "label": "car"}
    for i in range(500)])
"""


def annotorious(folder: Path, picture: Path, profile: BrowserContext) -> Iterator[Row]:
    """The drag of one box of many in Annotorious, in a page of its own."""
    folder.mkdir()
    (folder / "package.json").write_text(json.dumps({"private": True}), encoding="utf-8")
    (folder / "entry.js").write_text(ANNOTORIOUS, encoding="utf-8")
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "@annotorious/annotorious"]
    subprocess.run(install, cwd=folder, check=True)
    esbuild = REPOSITORY / "node_modules" / ".bin" / "esbuild"
    bundle = [esbuild, "entry.js", "--bundle", "--minify", "--outfile=out.js"]
    subprocess.run(bundle, cwd=folder, check=True, capture_output=True)
    # Without its style the layer that takes the pointer does not lie over the picture.
    style = "node_modules/@annotorious/annotorious/dist/annotorious.css"
    (folder / "page.html").write_text(
        f"<!doctype html><link rel='stylesheet' href='{style}'>"
        f"<div><img src='{picture.as_uri()}'></div><script src='out.js'></script>",
        encoding="utf-8",
    )
    for count in (500, 1000):
        page = profile.new_page()
        page.goto((folder / "page.html").as_uri())
        page.wait_for_function("document.querySelector('img').naturalWidth > 0")
        page.evaluate("n => window.start(n)", count)
        page.wait_for_timeout(1000)
        still = idle(page)
        box = page.locator("img").bounding_box()
        assert box
        at = (box["x"] + 15, box["y"] + 12)
        page.mouse.click(*at)
        page.wait_for_timeout(500)
        measured = dragged(page, at)
        # It reports an edit after a second of rest.
        page.wait_for_timeout(1500)
        moved = page.evaluate(
            "() => window.annotator.getAnnotationById('n0').target.selector.geometry.x"
        )
        page.close()
        if moved == 0:
            raise AssertionError("Annotorious did not drag the box")
        yield Row(f"Annotorious: dragging one of {count:,}", "", spread(still), spread(measured))


def bbox_widget(folder: Path, picture: Path, profile: BrowserContext) -> Iterator[Row]:
    """The same in jupyter-bbox-widget, in a JupyterLab of its own; it saves nothing by itself."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*pip, str(folder / "pip"), "jupyter-bbox-widget"], check=True)
    os.environ["JUPYTER_PATH"] = str(folder / "pip" / "share" / "jupyter")
    os.environ["LABELSCHOOL_BENCH_PATH"] = str(folder / "pip")
    with running_lab(folder) as lab:
        (lab.folder / "images").symlink_to(picture.parent)
        with open_book(lab, profile, "boxes", [BBOX_CELL]) as notebook:
            yield _bbox_row(notebook)


def _bbox_row(notebook: Notebook) -> Row:
    page = notebook.page
    begun = time.perf_counter()
    notebook.run()
    image = page.locator(".jp-OutputArea img, .jp-OutputArea canvas").first
    image.wait_for(timeout=20_000)
    wait_until(lambda: (image.bounding_box() or {}).get("height", 0) > 200, 20, "the picture")
    shown = time.perf_counter() - begun
    image.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)
    still = idle(page)
    box = image.bounding_box()
    assert box
    scale = box["width"] / 640
    measured = dragged(page, (box["x"] + 15 * scale, box["y"] + 12 * scale))
    job = "jupyter-bbox-widget: dragging one of 500"
    return Row(job, f"{shown:.1f}", spread(still), spread(measured))

"""The box annotator against its bars, and peers in the same browser on the same machine.

    .venv/bin/python tests/bench/bench_widgets.py

Peers are installed into a temporary folder with npm and pip. Frame intervals are those of
requestAnimationFrame while the mouse drags one box among many; the idle line beside them is what
this machine's browser does with nothing to draw.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import (
    REPOSITORY,
    Annotator,
    Lab,
    Notebook,
    box_cell,
    launch,
    make_pictures,
    running_lab,
    wait_until,
)

VIEWPORT = {"width": 1400, "height": 1000}
STATIC = REPOSITORY / "labelschool" / "widgets" / "static"

RECORD = """() => {
  window.__frames = []; window.__stop = false;
  let last = performance.now();
  const tick = () => {
    const now = performance.now();
    window.__frames.push(now - last); last = now;
    if (!window.__stop) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}"""

# From the pointer-up event to the acknowledgement, in the page's own clock.
WATCH_SAVES = """root => {
  const saver = root.labelschool.session.saver;
  window.__saves = [];
  let up = 0;
  root.addEventListener('pointerup', () => { up = performance.now(); }, true);
  root.labelschool.session.on('save', () => {
    if (up && saver.status === 'saved') { window.__saves.push(performance.now() - up); up = 0; }
  });
}"""

FILL = """(root, n) => {
  const editor = root.labelschool;
  const boxes = Array.from({ length: n }, (_, i) => ({
    type: 'box', id: 'n' + i, label: editor.classes[i % editor.classes.length],
    bbox: [(i * 37) % 600, (i * 53) % 440, 30, 24], occluded: i % 4, truncated: false,
    crowd: false, unsure: false, ms: 900, mode: 'mouse' }));
  editor.select(null);
  editor.session.commit({ annotations: boxes });
}"""

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
    {{"x": (i * 37) % 600, "y": (i * 53) % 440, "width": 30, "height": 24, "label": "car"}}
    for i in range({count})])
"""


def spread(values: list[float]) -> str:
    """Median, 95th percentile and maximum of milliseconds."""
    ordered = sorted(values)
    p95 = ordered[int(0.95 * (len(ordered) - 1))]
    return f"{statistics.median(ordered):.1f} / {p95:.1f} / {ordered[-1]:.1f}"


def frames(page: Page, start: tuple[float, float], end: tuple[float, float]) -> list[float]:
    """Frame intervals, in ms, while the mouse drags there and back three times."""
    page.mouse.move(*start)
    page.evaluate(RECORD)
    page.mouse.down()
    for turn in range(6):
        page.mouse.move(*(end if turn % 2 == 0 else start), steps=40)
    recorded: list[float] = page.evaluate("() => { window.__stop = true; return window.__frames }")
    page.mouse.up()
    return recorded[1:]


def idle(page: Page) -> list[float]:
    """Frame intervals of the page when nothing moves."""
    page.evaluate(RECORD)
    page.wait_for_timeout(1500)
    recorded: list[float] = page.evaluate("() => { window.__stop = true; return window.__frames }")
    return recorded[1:]


def saves(annotator: Annotator, count: int) -> list[float]:
    """Milliseconds from pointer-up to the acknowledgement, for boxes drawn one after the other."""
    annotator.page.evaluate("window.__saves = []")
    for number in range(count):
        annotator.press("Escape")
        x = 40 + 28 * (number % 20)
        annotator.drag((x, 60), (x + 20, 90), steps=3)
        annotator.wait_saved()
    recorded: list[float] = annotator.page.evaluate("window.__saves")
    return recorded


def ours(lab: Lab, browser: Browser) -> list[tuple[str, str, str]]:
    """Rows of (figure, measured, bar)."""
    lab.write_notebook("ours.ipynb", [box_cell(), "1"])
    page = browser.new_page(viewport=VIEWPORT)
    notebook = Notebook(lab, page, "ours.ipynb").open()
    begun = time.perf_counter()
    annotator = notebook.show()
    first = time.perf_counter() - begun
    begun = time.perf_counter()
    annotator = notebook.show()
    again = time.perf_counter() - begun
    annotator.root.evaluate(WATCH_SAVES)
    few = saves(annotator, 20)
    annotator.root.evaluate(FILL, 500)
    annotator.wait_saved()
    many = saves(annotator, 8)
    still = idle(page)
    annotator.root.evaluate(FILL, 1000)
    annotator.wait_saved()
    annotator.focus()
    annotator.press("v", "n")
    x, y, w, h = annotator.js("a.selectedShape.bbox")
    thousand = frames(page, annotator.at(x + w / 2, y + h / 2), annotator.at(500, 400))
    annotator.wait_saved()
    page.close()
    bundle = (STATIC / "annotator.js").stat().st_size
    return [
        ("bundle, all modes, minified", f"{bundle / 1000:.1f} kB", "150 kB"),
        ("cell run to picture, with imports", f"{first:.2f} s", "1.5 s"),
        ("cell run to picture, again", f"{again:.2f} s", ""),
        ("pointer-up to acknowledged, 1-20 boxes", f"{spread(few)} ms", "50 ms"),
        ("pointer-up to acknowledged, 500 boxes", f"{spread(many)} ms", "100 ms"),
        ("frame interval, idle page", f"{spread(still)} ms", ""),
        ("frame interval, dragging 1 of 1,000", f"{spread(thousand)} ms", "p95 20 ms"),
    ]


def annotorious(folder: Path, picture: Path, browser: Browser) -> list[tuple[str, str, str]]:
    """The same drag in Annotorious, in a page of its own."""
    subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--silent", "@annotorious/annotorious"],
        cwd=folder,
        check=True,
    )
    (folder / "entry.js").write_text(ANNOTORIOUS, encoding="utf-8")
    esbuild = REPOSITORY / "node_modules" / ".bin" / "esbuild"
    command = [esbuild, "entry.js", "--bundle", "--minify", "--outfile=out.js"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    # Without its style the layer that takes the pointer does not lie over the picture.
    style = "node_modules/@annotorious/annotorious/dist/annotorious.css"
    (folder / "page.html").write_text(
        f"<!doctype html><link rel='stylesheet' href='{style}'>"
        f"<div><img src='{picture.as_uri()}'></div><script src='out.js'></script>",
        encoding="utf-8",
    )
    rows = [("Annotorious: bundle", f"{(folder / 'out.js').stat().st_size / 1000:.0f} kB", "")]
    for count in (500, 1000):
        page = browser.new_page(viewport=VIEWPORT)
        page.goto((folder / "page.html").as_uri())
        page.wait_for_function("document.querySelector('img').naturalWidth > 0")
        page.evaluate("n => window.start(n)", count)
        page.wait_for_timeout(1500)
        box = page.locator("img").bounding_box()
        assert box
        at = (box["x"] + 15, box["y"] + 12)
        page.mouse.click(*at)
        page.wait_for_timeout(500)
        # An even number of ways ends where it began: one more drag shows that the box moves.
        measured = frames(page, at, (box["x"] + 500, box["y"] + 400))
        page.mouse.move(*at)
        page.mouse.down()
        page.mouse.move(at[0] + 60, at[1] + 60, steps=5)
        page.mouse.up()
        # It reports an edit after a second of rest.
        page.wait_for_timeout(2000)
        moved = page.evaluate(
            "() => window.annotator.getAnnotationById('n0').target.selector.geometry.x"
        )
        if moved == 0:
            raise AssertionError("Annotorious did not drag the box")
        rows.append((f"Annotorious: frame, dragging 1 of {count}", f"{spread(measured)} ms", ""))
        page.close()
    return rows


def _is_large(image: Locator) -> bool:
    return (image.bounding_box() or {}).get("height", 0) > 200


def bbox_widget(lab: Lab, browser: Browser) -> list[tuple[str, str, str]]:
    """What jupyter-bbox-widget does of the same; it saves nothing by itself."""
    rows = []
    for count in (0, 500):
        name = f"bbox-{count}.ipynb"
        lab.write_notebook(name, [BBOX_CELL.format(count=count), "1"])
        page = browser.new_page(viewport=VIEWPORT)
        notebook = Notebook(lab, page, name).open()
        begun = time.perf_counter()
        notebook.run(0)
        image = page.locator(".jp-OutputArea img, .jp-OutputArea canvas").first
        image.wait_for(timeout=20_000)
        wait_until(partial(_is_large, image), 20, "the picture")
        if count == 0:
            shown = f"{time.perf_counter() - begun:.2f} s"
            rows.append(("jupyter-bbox-widget: cell run to picture", shown, ""))
        else:
            image.scroll_into_view_if_needed()
            page.wait_for_timeout(1000)
            box = image.bounding_box()
            assert box
            scale = box["width"] / 640
            at = (box["x"] + 15 * scale, box["y"] + 12 * scale)
            measured = frames(page, at, (at[0] + 400, at[1] + 300))
            label = f"jupyter-bbox-widget: frame, dragging 1 of {count}"
            rows.append((label, f"{spread(measured)} ms", ""))
        page.close()
    return rows


def main() -> None:
    """Measure and print the table; a peer that cannot be measured has a row that says so."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        home = Path(scratch)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
        subprocess.run([*pip, str(home / "pip"), "jupyter-bbox-widget"], check=False)
        os.environ["JUPYTER_PATH"] = str(home / "pip" / "share" / "jupyter")
        os.environ["LABELSCHOOL_BENCH_PATH"] = str(home / "pip")
        with running_lab(home / "lab") as lab, sync_playwright() as playwright:
            make_pictures(lab.folder / "images")
            browser = launch(playwright)
            rows = ours(lab, browser)
            (home / "npm").mkdir()
            (home / "npm" / "package.json").write_text(json.dumps({"private": True}))
            picture = lab.folder / "images" / "picture-1.jpg"
            for name, measure in (
                ("Annotorious", lambda: annotorious(home / "npm", picture, browser)),
                ("jupyter-bbox-widget", lambda: bbox_widget(lab, browser)),
            ):
                try:
                    rows += measure()
                except Exception as error:
                    rows.append((f"{name}: not measured", str(error).splitlines()[0][:60], ""))
            browser.close()
    table = Table("figure (times: median / p95 / max)", "measured", "bar")
    for row in rows:
        table.add_row(*row)
    Console(width=110).print(table)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    Console(width=110).print(f"load average {load} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()

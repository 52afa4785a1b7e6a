"""Pictures, names and answers that are not as they should be: shown safely, or refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from lab import Annotator, Lab, Notebook, wait_until
from PIL import Image

from labelschool.answers import SCHEMA

SIZE = (640, 480)
SCRIPT = "<img src=x onerror='window.__hacked = 1'><script>window.__hacked = 1</script>"

CELL = """
from pathlib import Path
from labelschool.answers import AnswerFile
from labelschool.widgets import BoxAnnotator, Item

BoxAnnotator(
    title={title!r},
    items=[
        Item(name=name, image=Path("images") / name, width=640, height=480) for name in {names!r}
    ],
    answer_file=AnswerFile("1.A", "practice", "G1.v1"),
    classes={classes!r},
    rules=[(1, {title!r})],
    guideline="G1.v1",
)
"""


def cell(*names: str, classes: tuple[str, ...] = ("car",), title: str = "Boxes") -> str:
    return CELL.format(names=names, classes=list(classes), title=title).strip()


@pytest.fixture(scope="module")
def pictures(lab: Lab) -> Path:
    """The pictures, beside the good ones; each has its left half red and its right half blue."""
    folder = lab.folder / "images"
    pixels = np.zeros((SIZE[1], SIZE[0], 3), np.uint8)
    pixels[:, : SIZE[0] // 2, 0] = 255
    pixels[:, SIZE[0] // 2 :, 2] = 255
    picture = Image.fromarray(pixels)
    (folder / "empty.jpg").write_bytes(b"")
    picture.save(folder / "really-a-png.jpg", format="PNG")
    picture.convert("CMYK").save(folder / "cmyk.jpg")
    grey = np.where(pixels[:, :, 0] > 0, 60_000, 2_000).astype(np.uint16)
    Image.fromarray(grey).save(folder / "16bit.png")
    turned = Image.Exif()
    turned[0x0112] = 6
    picture.rotate(90, expand=True).save(folder / "turned.jpg", exif=turned)
    picture.save(folder / "turned-since.jpg", exif=turned)
    (folder / "script.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" onload="'
        'window.__hacked = 1"><script>window.__hacked = 1</script></svg>',
        encoding="utf-8",
    )
    return folder


def seen(annotator: Annotator, x: float, y: float) -> list[int]:
    """Red, green and blue where a picture point is painted."""
    place = annotator.js("a.view.toScreen(arg).map((v) => v * devicePixelRatio)", [x, y])
    return annotator.js(
        "[...a.stage.layers.canvases.picture.getContext('2d')"
        ".getImageData(arg[0], arg[1], 1, 1).data].slice(0, 3)",
        place,
    )


def shown(notebook: Callable[..., Notebook], *names: str) -> Annotator:
    opened = notebook(cell(*names))
    opened.run()
    annotator = Annotator(opened)
    annotator.root.wait_for(timeout=30_000)
    return annotator


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize("name", ["really-a-png.jpg", "cmyk.jpg", "turned.jpg"])
def test_an_unusual_picture_is_shown_as_it_is_meant(
    notebook: Callable[..., Notebook], name: str
) -> None:
    annotator = shown(notebook, name)
    annotator.wait_ready()
    red, _, blue = seen(annotator, 100, 240)
    assert red > 200 > 60 > blue
    red, _, blue = seen(annotator, 540, 240)
    assert blue > 150 > 60 > red
    annotator.drag((10, 10), (60, 60))
    assert annotator.shapes[0]["bbox"] == [10, 10, 50, 50]


@pytest.mark.usefixtures("pictures")
def test_a_picture_of_16_bits_is_shown_in_8(notebook: Callable[..., Notebook]) -> None:
    annotator = shown(notebook, "16bit.png")
    annotator.wait_ready()
    assert seen(annotator, 100, 240) == pytest.approx([234] * 3, abs=3)
    assert seen(annotator, 540, 240) == pytest.approx([8] * 3, abs=3)


@pytest.mark.usefixtures("pictures")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.jpg", "its file is damaged"),
        ("script.svg", "its file is damaged"),
        ("turned-since.jpg", "480 × 640 px, not 640 × 480"),
        ("gone.jpg", "missing or damaged"),
    ],
)
def test_what_cannot_be_shown_says_so_and_the_next_item_works(
    notebook: Callable[..., Notebook], name: str, words: str
) -> None:
    annotator = shown(notebook, name, "picture-1.jpg")
    veil = annotator.root.locator(".ls-veil")
    wait_until(lambda: words in veil.inner_text(), 10, "the sentence")
    annotator.drag((100, 100), (200, 200))
    assert annotator.shapes == []
    annotator.press("]")
    annotator.wait_ready()
    annotator.drag((100, 100), (200, 200))
    assert len(annotator.shapes) == 1
    assert annotator.page.evaluate("window.__hacked") is None


def test_names_with_markup_are_shown_as_text(notebook: Callable[..., Notebook]) -> None:
    annotator = notebook(cell("picture-1.jpg", classes=(SCRIPT, "car"), title=SCRIPT)).show()
    annotator.drag((100, 100), (200, 200))
    annotator.focus()
    annotator.press("?")
    annotator.page.keyboard.press("Escape")
    annotator.focus()
    annotator.press("e")
    annotator.page.keyboard.press("Escape")
    assert annotator.root.locator("img, script").count() == 0
    assert annotator.page.evaluate("window.__hacked") is None
    annotator.wait_saved()
    [box] = annotator.on_disk()["picture-1.jpg"]["annotations"]
    assert box["label"] == SCRIPT


def test_an_answer_of_10_mb_opens_and_is_added_to(
    notebook: Callable[..., Notebook], folder: Path
) -> None:
    """Some 60,000 boxes; nobody draws so many, but an import may bring them."""
    opened = notebook(cell("picture-1.jpg"))
    boxes = [
        {"type": "box", "id": f"n{n:07}", "label": "car", "ms": 900, "mode": "mouse"}
        | {"bbox": [n * 37 % 600, n * 53 % 440, 30, 24], "occluded": 0, "truncated": False}
        | {"crowd": False, "unsure": False}
        for n in range(60_000)
    ]
    answer = {
        "schema": SCHEMA,
        "exercise": "1.A",
        "pool": "practice",
        "guideline": "G1.v1",
        "revision": 1,
    }
    items = [{"item": "picture-1.jpg", "annotations": boxes}]
    path = folder / "answers" / "1.A.practice.json"
    path.parent.mkdir()
    path.write_text(json.dumps({**answer, "items": items}), encoding="utf-8")
    assert path.stat().st_size > 9_000_000
    annotator = opened.show()
    assert annotator.js("s.answer.annotations.length") == 60_000
    annotator.drag((100, 100), (300, 300))
    wait_until(lambda: annotator.js("s.saver.status") == "saved", 30, "the acknowledgement")
    saved = json.loads(path.read_text(encoding="utf-8"))["items"][0]["annotations"]
    assert len(saved) == 60_001
    assert saved[:2] == boxes[:2]

"""The kernel's half of the mask annotator, and the browser's geometry beside that of its peers."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import Item, Mask, Part, Polygon, encode_mask
from labelschool.widgets import MaskAnnotator

CORE = Path(__file__).parents[2] / "labelschool" / "widgets" / "js" / "core"
SIZE = (64, 48)


class Kernel:
    """A mask annotator whose messages to the browser are kept."""

    def __init__(self, folder: Path, *items: Item, **settings: Any) -> None:
        self.file = AnswerFile("2.B", "practice", "G14.v1", folder)
        self.widget = MaskAnnotator(
            title="Masks", items=items, answer_file=self.file, **{"classes": ["mug"], **settings}
        )
        self.sent: list[tuple[dict[str, Any], Any]] = []
        self.widget.send = lambda content, buffers=None: self.sent.append((content, buffers))

    def receive(self, kind: str, **message: Any) -> tuple[dict[str, Any], Any]:
        self.widget._handle_custom_msg({"kind": kind, "client": "tab", **message}, [])
        return self.sent[-1]


def item(folder: Path, name: str = "a", **more: Any) -> Item:
    """A picture whose left half is dark."""
    pixels = np.full((SIZE[1], SIZE[0], 3), 220, np.uint8)
    pixels[:, : SIZE[0] // 2] = 30
    Image.fromarray(pixels).save(folder / f"{name}.png")
    return Item(name=name, image=folder / f"{name}.png", width=SIZE[0], height=SIZE[1], **more)


def cells_of(sent: bytes) -> np.ndarray:
    """The cells in the form (width, height)."""
    width, height, *cells = np.frombuffer(sent, "<u2")
    return np.reshape(cells, (width, height))


def test_superpixels_follow_the_picture_and_are_made_once(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, item(tmp_path))
    reply, [sent] = kernel.receive("media", item="a", part="superpixels-fine")
    assert reply == {"kind": "media", "item": "a", "part": "superpixels-fine"}
    cells = cells_of(sent)
    assert cells.shape == SIZE
    assert 24 <= len(np.unique(cells)) <= 96
    assert not set(cells[:31].ravel()) & set(cells[33:].ravel())
    (tmp_path / "a.png").unlink()
    assert kernel.receive("media", item="a", part="superpixels-fine")[1] == [sent]
    assert kernel.receive("media", item="a", part="superpixels-coarse")[0]["kind"] == "nomedia"
    assert kernel.receive("media", item="a", part="superpixels-9")[0]["kind"] == "nomedia"


def test_a_large_picture_is_cut_at_a_smaller_size(tmp_path: Path) -> None:
    Image.new("RGB", (1200, 900), "white").save(tmp_path / "big.png")
    big = Item(name="big", image=tmp_path / "big.png", width=1200, height=900)
    _, [sent] = Kernel(tmp_path, big).receive("media", item="big", part="superpixels-coarse")
    assert cells_of(sent).shape == (730, 548)


def test_without_classes_each_picture_has_the_names_it_asks_for(tmp_path: Path) -> None:
    first, second = item(tmp_path, asked=("mug",)), item(tmp_path, "b", asked=("teapot", "mug"))
    spec = Kernel(tmp_path, first, second, classes=()).widget.spec
    assert spec["classes"] == ["mug", "teapot"]
    assert spec["by_item"]
    assert not Kernel(tmp_path, first).widget.spec["by_item"]


def test_proposals_reach_the_browser_whole_and_name_the_classes(tmp_path: Path) -> None:
    pixels = np.zeros(SIZE[::-1], bool)
    pixels[10:20, 5:30] = True
    proposals = (
        Mask(id="p1", label="mug", rle=encode_mask(pixels)),
        Polygon(id="p2", label="cup", parts=(Part(outline=((1, 1), (9, 1), (9, 9))),)),
    )
    kernel = Kernel(tmp_path, item(tmp_path, proposals=proposals), classes=())
    spec = kernel.widget.spec
    assert (kernel.widget.mode, spec["classes"]) == ("review-mask", ["mug", "cup"])
    assert spec["items"][0]["asked"] == ["mug", "cup"]
    assert [p["type"] for p in spec["items"][0]["proposals"]] == ["mask", "polygon"]
    # A fix is kept as it was sent.
    verdict = {"type": "verdict", "id": "v1", "target": "p1", "decision": "fix", "code": None}
    fix = spec["items"][0]["proposals"][0] | {"label": "cup"}
    edit = {"item": "a", "annotations": [verdict | {"ms": 5, "mode": "mouse", "fix": fix}]}
    kernel.receive("save", seq=1, base=0, edits=[edit], modes={})
    state, _ = kernel.receive("hello")
    assert state["answers"]["a"]["annotations"] == edit["annotations"]


@pytest.mark.parametrize(
    ("more", "settings", "sentence"),
    [
        ({}, {"rulez": []}, "MaskAnnotator has no setting 'rulez'; did you mean 'rules'?"),
        ({}, {"attributes": ["crowd"]}, "A mask has no attribute 'crowd'; it has unsure."),
        (
            {},
            {"classes": ()},
            "Item 'a' asks for nothing: give MaskAnnotator its classes.",
        ),
        (
            {"image": None, "text": "words", "width": 0, "height": 0},
            {},
            "Item 'a' has no picture to outline things in.",
        ),
    ],
)
def test_a_wrong_setting_is_told_in_a_sentence(
    tmp_path: Path, more: dict[str, Any], settings: dict[str, Any], sentence: str
) -> None:
    made = item(tmp_path)
    wrong = Item(**{**made.model_dump(), **more})
    with pytest.raises(LabelSchoolError) as told:
        Kernel(tmp_path, wrong, **settings)
    assert str(told.value) == sentence


# The browser's geometry -------------------------------------------------------------------------

SCRIPT = """
import {{ readFileSync }} from "node:fs";
const rle = await import("{core}/rle.js");
const polygons = await import("{core}/polygons.js");
const work = {work};
const cases = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(cases.map((each) => work(each))));
"""


def in_node(work: str, cases: list[Any]) -> list[Any]:
    """What a function of JavaScript returns for each case."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    done = subprocess.run(
        [
            *("node", "--input-type=module", "--eval"),
            SCRIPT.format(core=CORE.as_uri(), work=work),
        ],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def blobs(random: np.random.Generator, count: int) -> list[np.ndarray]:
    """Masks of all kinds: noise, smooth blobs, empty and full ones, single rows and columns."""
    masks = [np.zeros((5, 7), bool), np.ones((5, 7), bool), np.eye(9, dtype=bool)]
    while len(masks) < count:
        height, width = random.integers(1, 90, 2)
        noise = random.random((height, width))
        if random.random() < 0.5:
            steps = np.add.outer(np.sin(np.arange(height) / 7), np.cos(np.arange(width) / 5))
            noise = noise / 9 + steps
        masks.append(noise < random.uniform(noise.min(), noise.max()))
    return masks


def test_run_lengths_are_those_of_pycocotools() -> None:
    masks = blobs(np.random.default_rng(1), 150)
    expected = [encode_mask(mask).model_dump(mode="json") for mask in masks]
    pixels = [{"size": mask.shape, "data": mask.T.ravel().tolist()} for mask in masks]
    encode = """(each) => {
        const [height, width] = each.size;
        return rle.encode({ x: 0, width, height, data: Uint8Array.from(each.data) }, width);
    }"""
    assert in_node(encode, pixels) == expected
    decode = """({ rle: runs }) => {
        const [height, width] = runs.size;
        const band = rle.combined(rle.blank(0, width, height), [rle.decode(runs)]);
        return { data: Array.from(band.data), area: polygons.area(polygons.trace(band)) };
    }"""
    found = in_node(decode, [{"rle": each} for each in expected])
    assert [list(map(bool, each["data"])) for each in found] == [each["data"] for each in pixels]
    assert [each["area"] for each in found] == [coco.area(each) for each in expected]


def test_a_polygon_holds_the_pixels_whose_centres_its_peers_find_inside() -> None:
    from matplotlib.path import Path as Outline
    from skimage.draw import polygon2mask

    width, height = 50, 40
    random = np.random.default_rng(2)
    # No corner on a centre or beside one: peers differ where a centre lies on an edge.
    rings = [
        np.round(random.uniform(-5, 55, (random.integers(3, 12), 2))) + random.uniform(0.1, 0.4, 2)
        for _ in range(150)
    ]
    work = f"""(ring) => polygons.rasterise(
        [{{ outline: ring, holes: [] }}], {{ width: {width}, height: {height} }})"""
    rows, columns = np.mgrid[:height, :width] + 0.5
    centres = np.column_stack([columns.ravel(), rows.ravel()])
    for ring, band in zip(rings, in_node(work, [ring.tolist() for ring in rings]), strict=True):
        found = np.zeros((height, width), bool)
        data = np.array(list(band["data"].values()), bool).reshape(band["width"], height)
        found[:, band["x"] : band["x"] + band["width"]] = data.T
        by_skimage = polygon2mask((height, width), ring[:, ::-1] - 0.5)
        by_matplotlib = Outline(np.vstack([ring, ring[:1]])).contains_points(centres)
        np.testing.assert_array_equal(found, by_skimage)
        if is_simple(ring):
            np.testing.assert_array_equal(found, by_matplotlib.reshape(height, width))


def is_simple(ring: np.ndarray) -> bool:
    """Whether no edge crosses another; matplotlib counts windings of those that do."""
    edges = list(zip(ring, np.roll(ring, -1, 0), strict=True))

    def turn(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
        return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

    return not any(
        turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0
        for n, (a, b) in enumerate(edges)
        for c, d in edges[:n]
    )

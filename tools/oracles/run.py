"""Has the tools' own packages read what we write, and reads what they write.

``make oracles`` makes two venvs below build/oracles/, as the packages cannot share one: A with
label-studio-sdk, datumaro, globox and labelbox[data] (requirements-a.txt), B with supervisely
(requirements-b.txt). It writes small data sets in every format, runs the peers as subprocesses
(peers_a.py, peers_b.py) and prints a line for each comparison: who, what, the labels on both sides
and whether they are alike within 0.01 px. Where a peer is known to differ, `KNOWN` says why and how
exactly, and a peer that differs in another way, or no more, counts as a failure. Ends with 1 when
anything is not as expected. New pins are what `pip freeze` says after the packages above were
installed into an empty venv.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from examples import (
    CROWD,
    HEIGHT,
    WIDTH,
    Row,
    boxes,
    clips,
    crowds,
    numbers_of,
    rest,
    rows_of,
    shapes,
)
from PIL import Image

from labelschool import formats
from labelschool.formats import rasters

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "oracles"
SERVER = ROOT / "tests" / "samples" / "label-studio" / "JSON.json"
TOLERANCE = 0.01


# What the peers are known to do otherwise ---------------------------------------------------------


def _corners_as_they_are(row: Row) -> Row:
    """A box of Pascal VOC whose corners, from 1 and both within, are taken for continuous px."""
    x, y, w, h = row[3]
    return [*row[:3], [x + 1, y + 1, w - 1, h - 1]]


def _corners_read_as_pixels(row: Row) -> Row:
    """The other way round: continuous corners, written without a shift, read as VOC says."""
    x, y, w, h = row[3]
    return [*row[:3], [x - 1, y - 1, w + 1, h + 1]]


def _a_pixel_smaller(row: Row) -> Row:
    x, y, w, h = row[3]
    return [*row[:3], [x, y, w - 1, h - 1]]


def _unchanged(row: Row) -> Row:
    return row


def _no_crowd(row: Row) -> Row | None:
    return None if row[1] == CROWD else row


KNOWN: dict[str, tuple[str, Callable[[Row], Row | None], float]] = {
    "datumaro reads voc": ("takes corners from 1, both within, as px", _corners_as_they_are, 0.01),
    "globox reads voc": ("takes corners from 1, both within, as px", _corners_as_they_are, 0.01),
    "datumaro writes voc": ("writes px as they are, from 0", _corners_read_as_pixels, 0.01),
    "globox writes voc": ("writes px as they are, from 0", _corners_read_as_pixels, 0.01),
    "label-studio-sdk writes voc": (
        "writes px from 0, cut down to whole ones",
        _corners_read_as_pixels,
        1,
    ),
    "supervisely converts to coco": ("takes a pixel off width and height", _a_pixel_smaller, 0.01),
    "supervisely converts to yolo": ("cuts centres down to whole px", _unchanged, 1.01),
    "pycocotools fills a coco polygon": ("sets other pixels on the border", _unchanged, 20),
    "datumaro converts crowds to yolo": ("drops crowds", _no_crowd, 0.01),
}
"""Comparison -> why the two differ, what our row becomes there (None where it is left out), and
within how many px or pixels."""


# What is written ----------------------------------------------------------------------------------


def prepare(base: Path) -> None:
    """Everything the peers read, in the folders where they look for it."""
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir(parents=True)
    for dataset in (boxes(), shapes(), crowds()):
        for item in dataset.items.values():
            path = base / "pictures" / item.name
            path.parent.mkdir(exist_ok=True)
            Image.new("RGB", (WIDTH, HEIGHT)).save(path)
    for name in ("coco", "voc", "yolo", "cvat", "label-studio", "labelbox-import", "supervisely"):
        formats.write(boxes(), base / name, name)
    for name in ("coco", "cvat", "label-studio", "labelbox-import", "supervisely"):
        formats.write(shapes(), base / f"{name}-shapes", name)
    formats.write(crowds(), base / "coco-crowds", "coco")
    for name in ("label-studio", "labelbox-import"):
        formats.write(rest(), base / f"{name}-rest", name)
    formats.write(clips(), base / "supervisely-clips", "supervisely")
    (base / "supervisely-clips" / "dataset" / "video" / "clip.mp4").touch()
    for name in ("supervisely", "supervisely-shapes"):
        folder = base / name / "dataset"
        for file in (folder / "ann").iterdir():
            shutil.copy(base / "pictures" / file.stem, folder / "img")
    shutil.copy(SERVER, base / "server.json")
    _for_datumaro(base)


def _for_datumaro(base: Path) -> None:
    """Our files where datumaro looks for them, with what it wants beside."""
    for name in ("coco", "coco-shapes", "coco-crowds"):
        place = base / f"datumaro-{name}"
        (place / "annotations").mkdir(parents=True)
        target = place / "annotations" / "instances_train.json"
        shutil.copy(base / name / "annotations.json", target)
        shutil.copytree(base / "pictures", place / "images" / "train")
    for name in ("cvat", "cvat-shapes"):
        place = base / f"datumaro-{name}"
        shutil.copytree(base / name, place)
        shutil.copytree(base / "pictures", place / "images")
    shutil.copytree(base / "yolo", base / "datumaro-yolo")
    shutil.copytree(base / "pictures", base / "datumaro-yolo" / "images", dirs_exist_ok=True)
    place = base / "datumaro-voc"
    shutil.copytree(base / "voc", place)
    shutil.copytree(base / "pictures", place / "JPEGImages")
    (place / "ImageSets" / "Main").mkdir(parents=True)
    stems = "".join(f"{item.name.removesuffix('.png')}\n" for item in boxes().items.values())
    (place / "ImageSets" / "Main" / "default.txt").write_text(stems, encoding="utf-8")
    classes = "".join(f"{category.name}:::\n" for category in boxes().categories)
    (place / "labelmap.txt").write_text(classes, encoding="utf-8")


# The peers ----------------------------------------------------------------------------------------


def python_of(letter: str) -> Path:
    """The Python of a venv, made when its requirements have changed."""
    wanted = (HERE / f"requirements-{letter}.txt").read_text(encoding="utf-8")
    place = BUILD / letter
    marker = place / "made-from.txt"
    python = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not marker.is_file() or marker.read_text(encoding="utf-8") != wanted:
        print(f"Making {place.relative_to(ROOT)} ...", flush=True)
        venv.create(place, with_pip=True, clear=True)
        command = [python, "-m", "pip", "install", "--quiet", "--requirement"]
        subprocess.run([*command, HERE / f"requirements-{letter}.txt"], check=True)
        marker.write_text(wanted, encoding="utf-8")
    return python


def peers(letter: str, base: Path) -> dict[str, Any]:
    """What the peers of a venv found."""
    command = [python_of(letter), HERE / f"peers_{letter}.py", base]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"peers_{letter}.py failed:\n{done.stderr[-4000:]}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def pycocotools_rows(folder: Path) -> list[Row]:
    """Our COCO file as pycocotools understands it: the masks it fills."""
    import contextlib
    import io

    from pycocotools.coco import COCO

    with contextlib.redirect_stdout(io.StringIO()):
        table = COCO(str(folder / "annotations.json"))
    rows = []
    for one in table.anns.values():
        name = table.imgs[one["image_id"]]["file_name"].removesuffix(".png")
        kind = table.cats[one["category_id"]]["name"]
        if one.get("segmentation"):
            rows.append([name, kind, "pixels", [int(table.annToMask(one).sum())]])
        else:
            rows.append([name, kind, "box", one["bbox"]])
    return rows


# Comparing ----------------------------------------------------------------------------------------


class Table:
    """The comparisons, a printed line each."""

    def __init__(self) -> None:
        self.failed = 0
        print(f"{'comparison':52}{'ours':>6}{'theirs':>8}  verdict")

    def compare(self, name: str, ours: list[Row], theirs: list[Row]) -> None:
        """Prints whether the two sides are alike, or differ as they are known to."""
        reason, changed, tolerance = KNOWN.get(name, ("", _unchanged, TOLERANCE))
        expected = [row for each in ours if (row := changed(each))]
        difference = _difference(expected, theirs, tolerance)
        verdict = f"differs as known: {reason}" if reason else "alike"
        if difference:
            self.failed += 1
            verdict = f"DIFFERS {difference}"
        print(f"{name:52}{len(ours):6}{len(theirs):8}  {verdict}", flush=True)

    def count(self, name: str, ours: int, theirs: int) -> None:
        """The same for numbers of what a peer accepts."""
        self.failed += ours != theirs
        verdict = "all accepted" if ours == theirs else "DIFFERS"
        print(f"{name:52}{ours:6}{theirs:8}  {verdict}", flush=True)


def _difference(ours: list[Row], theirs: list[Row], tolerance: float) -> str:
    """The first pair of rows that are not alike, empty when all are."""
    key = json.dumps
    left = sorted(ours, key=lambda row: (*row[:3], [round(v, 1) for v in row[3]]))
    right = sorted(theirs, key=lambda row: (*row[:3], [round(v, 1) for v in row[3]]))
    if len(left) != len(right):
        return "in number"
    for a, b in zip(left, right, strict=True):
        same = a[:3] == b[:3] and len(a[3]) == len(b[3])
        if not same or any(abs(x - y) > tolerance for x, y in zip(a[3], b[3], strict=True)):
            return f"{key(a, ensure_ascii=False)} | {key(b, ensure_ascii=False)}"
    return ""


def kinds(rows: list[Row], *wanted: str) -> list[Row]:
    """The rows of some kinds."""
    return [row for row in rows if row[2] in wanted]


def main() -> int:
    """Prepares, runs all peers and compares."""
    base = BUILD / "files"
    prepare(base)
    a, b = peers("a", base), peers("b", base)
    plain, rich = rows_of(boxes()), rows_of(shapes())
    table = Table()
    for peer in ("datumaro", "globox"):
        for name in ("coco", "voc", "yolo", "cvat"):
            table.compare(f"{peer} reads {name}", plain, a[f"{peer} reads {name}"])
    flat = kinds(rich, "box", "polygon", "mask", "line", "tag")
    table.compare("datumaro reads cvat shapes", flat, a["datumaro reads cvat shapes"])
    table.compare("pycocotools reads coco", plain, pycocotools_rows(base / "coco"))
    pixels = [[*row[:2], "pixels", row[3][-1:]] for row in kinds(rich, "mask")]
    outline, *others = [r for r in pycocotools_rows(base / "coco-shapes") if r[1] == "lake"]
    table.compare("pycocotools reads coco masks", pixels, others)
    filled = rasters.filled(shapes().labels[1].region, WIDTH, HEIGHT)
    ours = [["shapes", "lake", "pixels", [sum(filled.counts[1::2])]]]
    table.compare("pycocotools fills a coco polygon", ours, [outline])
    table.compare("supervisely reads supervisely", plain, b["supervisely reads supervisely"])
    table.compare(
        "supervisely reads supervisely shapes", rich, b["supervisely reads supervisely shapes"]
    )
    seen = [["clip.mp4", "car", "track", [2, 3, 4, 5, 6, 7, *range(12, 20)]]]
    table.compare("supervisely reads clips", seen, b["supervisely reads clips"])
    masks = kinds(rich, "mask")
    table.compare(
        "label-studio-sdk reads brushes",
        [["1", *row[1:]] for row in masks],
        a["label-studio-sdk reads brushes"],
    )
    server = formats.read(SERVER, on_defect=lambda _: None)
    brush = [[str(x.item), x.category.name, *numbers_of(x)] for x in server.labels]
    theirs = a["label-studio-sdk reads the brush of a server"]
    table.compare("label-studio-sdk reads the brush of a server", kinds(brush, "mask"), theirs)
    for name, count in (("", 5), ("-shapes", 1), ("-rest", 2)):
        key = f"label-studio-sdk accepts label-studio{name}"
        table.count(key, count, a[key])
    table.compare("labelbox reads labelbox-import", plain, a["labelbox reads labelbox-import"])
    for row in masks:
        row[3] = row[3][-1:]
    unturned = [row for row in rich if len(row[3]) != 5]
    found = [row for row in a["labelbox reads labelbox-import-shapes"] if row[1] != "car"]
    answers = [[*row[:1], "tags", *row[2:]] if row[2] == "tag" else row for row in unturned]
    table.compare("labelbox reads labelbox-import-shapes", answers, found)
    others = [
        ["clip.mp4", "car", "track", [3, 7, 8, 13, 20]],
        ["t.txt", "PER", "span", [0, 2]],
        ["t.txt", "PER", "span", [10, 12]],
        ["t.txt", "likes", "relation", []],
    ]
    table.compare(
        "labelbox reads labelbox-import-rest", others, a["labelbox reads labelbox-import-rest"]
    )
    theirs_files(table, base, plain, a, b)
    print(f"{table.failed} comparisons are not as expected")
    return 1 if table.failed else 0


def crowds_as_boxes() -> list[Row]:
    """The labels of `crowds` as YOLO has them with ``--crowd keep``."""
    dataset = crowds()
    for label in dataset.labels:
        label.region, label.crowd = None, False
    return rows_of(dataset)


def theirs_files(
    table: Table, base: Path, plain: list[Row], a: dict[str, Any], b: dict[str, Any]
) -> None:
    """What the peers wrote, read by us."""
    written = {
        "datumaro": ("coco", "voc", "yolo", "cvat"),
        "globox": ("coco", "voc", "cvat"),
        "label-studio-sdk": ("coco", "voc", "json-min"),
    }
    for peer, names in written.items():
        for name in names:
            folder = base / f"from-{peer}-{name}"
            path = folder / "result.json" if (folder / "result.json").is_file() else folder
            format = {"json-min": "label-studio-min"}.get(name, name)
            found = rows_of(formats.read(path, format))
            table.compare(f"{peer} writes {name}", plain, found)
    for peer in ("datumaro", "globox"):
        found = rows_of(formats.read(base / f"from-{peer}-crowds", "yolo"))
        table.compare(f"{peer} converts crowds to yolo", crowds_as_boxes(), found)
    found = rows_of(formats.read(base / "from-labelbox-import"))
    table.compare("labelbox writes import", a["labelbox writes import"], found)
    place = base / "from-supervisely-coco" / "dataset" / "annotations" / "coco_instances.json"
    table.compare("supervisely converts to coco", plain, rows_of(formats.read(place)))
    place = base / "from-supervisely-yolo"
    (place / "data_config.yaml").rename(place / "data.yaml")
    found = rows_of(formats.read(place, "yolo"))
    for row in found:
        row[0] = row[0].removeprefix("dataset_")
    table.compare("supervisely converts to yolo", plain, found)
    found = rows_of(formats.read(base / "from-supervisely"))
    table.compare("supervisely writes a project", b["supervisely writes a project"], found)


if __name__ == "__main__":
    sys.exit(main())

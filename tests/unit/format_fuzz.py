"""Damages valid files of every format and reads them: whatever is wrong must be told as such.

``python tests/unit/format_fuzz.py SECONDS SEED`` runs for so long, prints for each format how many
files were tried, refused, read in part and read, and the peak of the memory, and ends with 1 when a
reader or writer failed in any other way.
"""

from __future__ import annotations

import contextlib
import json
import math
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from PIL import Image

from labelschool import formats
from labelschool.errors import LabelSchoolError
from labelschool.formats.dataset import (
    Box,
    Category,
    Cuboid,
    Dataset,
    Item,
    Keyframe,
    Keypoints,
    Label,
    Line,
    Polygon,
    Relation,
    Span,
    Track,
)
from labelschool.formats.rasters import mask_of

SAMPLES = Path(__file__).parents[1] / "samples"
MEMORY = 3 << 30
"""Bytes of address space that reading a small file, however odd, may never need."""
PATIENCE = 30
"""Seconds after which a reader is taken to hang."""

BYTES = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"NaN", b"1e999", b"-1", b"9" * 25, b'"', b"{", b"}"),
    *(
        b"[" * 3000,
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"../",
        b"null",
        b"\\ud800",
        b"\n",
        b" ",
        b"<a>",
    ),
    *(b"\xc3\x28", b"0", b"1e9", b"-0", b",", b";", b"true", b"\r\n", b"\xf0\x9f\x98\x80"),
)
VALUES: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        -1,
        1,
        2,
        0.5,
        1e308,
        -1e308,
        1 << 31,
        1 << 70,
        "",
        "x",
        "../x",
        "/etc",
    ),
    *(
        "\x00",
        "NaN",
        "9" * 400,
        "-1",
        [],
        {},
        [[]],
        [None],
        {"x": 1},
        [1, 2],
        ["a"],
        "\ud800",
        "a\\b",
    ),
    *(
        "data:image/png;base64,AAAA",
        "http://[",
        [0, 0, 3, 232],
        "O",
        "0000",
        1e-300,
        46340,
        99999999,
    ),
)


# What is damaged ----------------------------------------------------------------------------------


def examples() -> dict[str, Dataset]:
    """Small data sets which have each kind of label between them."""
    person = Category(1, "person", "being", ("nose", "tail"), ((0, 1),))
    car, day, likes = Category(3, "car 2"), Category(7, "day", "scene"), Category(9, "likes")
    crop = np.zeros((6, 8), bool)
    crop[1:5, 2:7] = True
    mask = mask_of(crop, 3, 4, 64, 48)
    items: dict[int | str, Item] = {
        1: Item(1, "a.b.png", 64, 48, "train"),
        2: Item(2, "é.png", 64, 48),
    }
    square, hole = [1.0, 1, 20, 1, 20, 20, 1, 20], [5.0, 5, 9, 5, 9, 9, 5, 9]
    labels = [
        Label(1, 1, car, Box(1, 2, 10, 12)),
        Label(2, 1, car, Box(10, 12, 20, 12, math.pi / 7), attributes={"occluded": True, "n": 2}),
        Label(3, 1, car, Box(5, 5, 5, 4), mask, crowd=True),
        Label(4, 2, car, Box(1, 1, 19, 19), Polygon([square])),
        Label(5, 2, car, Box(1, 1, 19, 19), Polygon([square], [hole])),
        Label(6, 2, person, Box(1, 1, 9, 9), keypoints=Keypoints([1, 1, 2, 5, 5, 1])),
        Label(7, 2, day),
        Label(8, 2, car, region=Line([1, 1, 5, 6])),
        Label(9, 1, car, Box(1, 2, 3, 4), shape=Cuboid((9.0, 1, 2), (4.0, 2, 1), 0.3)),
    ]
    pictures = Dataset([person, car, day], items, labels)
    keys = [
        Keyframe(2, Box(1, 2, 9, 9)),
        Keyframe(9, Box(5, 2, 9, 9), occluded=True),
        Keyframe(12, Box(5, 2, 9, 9), outside=True),
    ]
    clip = Item(1, "clip.mp4", 64, 48, frames=20, fps=10)
    clips = Dataset(
        [car], {1: clip}, [Label(1, 1, car, shape=Track(keys), attributes={"c": "red"})]
    )
    text = Item(1, "t.txt", text="Åsa likes 😀 Bob.\nYes.")
    spans = [
        Label("a", 1, person, shape=Span(0, 3)),
        Label("b", 1, person, shape=Span(12, 15)),
        Label("c", 1, likes, shape=Relation("a", "b")),
        Label("d", 1, day),
    ]
    return {
        "pictures": pictures,
        "clips": clips,
        "texts": Dataset([person, likes, day], {1: text}, spans),
    }


def corpus(folder: Path) -> list[tuple[str, Path]]:
    """The examples in each format that is written, and the real samples."""
    found = []
    for name, format in formats.known().items():
        for kind, dataset in examples().items():
            out = folder / f"{name}-{kind}"
            if format.write is None:
                continue
            with contextlib.suppress(LabelSchoolError):
                formats.write(dataset, out, name)
                for item in dataset.items.values():
                    path = out / "images" / item.split / item.name
                    if kind == "pictures" and name.startswith("yolo"):
                        path.parent.mkdir(parents=True, exist_ok=True)
                        Image.new("1", (64, 48)).save(path)
                if format.read and list(formats.read(out, name).labels):
                    found.append((name, out))
    shutil.copytree(SAMPLES / "supervisely", folder / "sample-supervisely")
    found.append(("supervisely", folder / "sample-supervisely"))
    for number, (format, name) in enumerate(
        (("label-studio", "JSON.json"), ("label-studio-min", "JSON_MIN.json"))
    ):
        place = folder / f"sample-{number}"
        place.mkdir()
        shutil.copy(SAMPLES / "label-studio" / name, place / "tasks.json")
        found.append((format, place))
    return found


# Damage -------------------------------------------------------------------------------------------


def damage(folder: Path, chance: random.Random) -> None:
    """Changes one to three things in the files of a folder."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        if not files:
            return
        path = chance.choice(files)
        if chance.random() < 0.04:
            _move(path, chance)
            continue
        data = path.read_bytes()
        ways: list[Callable[[bytes, random.Random], bytes]] = [_bytes]
        if path.suffix in (".json", ".ndjson", ".jsonl"):
            ways += [_json] * 4
        elif path.suffix == ".xml":
            ways += [_xml] * 4
        elif path.suffix in (".txt", ".conll", ".yaml"):
            ways += [_fields] * 3
        path.write_bytes(chance.choice(ways)(data, chance))


def _move(path: Path, chance: random.Random) -> None:
    way = chance.randrange(4)
    if way == 0:
        path.unlink()
    elif way == 1:
        path.rename(path.with_name("x" + path.name))
    elif way == 2:
        path.unlink()
        path.mkdir()
    else:
        path.unlink()
        path.symlink_to("/etc/hostname")


def _bytes(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    end = min(at + chance.choice((1, 1, 2, 8, 200)), len(data))
    return chance.choice(
        (
            lambda: data[:at],
            lambda: data[:at] + data[end:],
            lambda: data[:at] + data[at:end] * 3 + data[end:],
            lambda: data[:at] + chance.choice(BYTES) + data[at:],
            lambda: data[:at] + chance.choice(BYTES) + data[end:],
            lambda: data[:at] + bytes(chance.randbytes(3)) + data[end:],
        )
    )()


def _json(data: bytes, chance: random.Random) -> bytes:
    """Puts another value somewhere in a JSON file, or in one of its lines."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    for start, end in ((0, len(lines)), (at, at + 1)):
        try:
            tree = json.loads(b"\n".join(lines[start:end]))
        except (ValueError, RecursionError):
            continue
        changed = json.dumps(_changed(tree, chance)).encode()
        return b"\n".join([*lines[:start], changed, *lines[end:]])
    return _bytes(data, chance)


def _nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Each place in a tree, as what holds it and its key."""
    pairs = (
        tree.items()
        if isinstance(tree, dict)
        else enumerate(tree)
        if isinstance(tree, list)
        else ()
    )
    for key, value in list(pairs):
        yield tree, key
        yield from _nodes(value)


def _changed(tree: Any, chance: random.Random) -> Any:
    places = list(_nodes(tree))
    if not places:
        return chance.choice(VALUES)
    # As many places of long lists of numbers as of all others would hide these.
    places = chance.sample(places, min(len(places), 400))
    holder, key = chance.choice(places)
    way = chance.randrange(5)
    if way == 0:
        del holder[key]
    elif way == 1 and isinstance(holder, list):
        holder.insert(key, holder[key])
    elif way == 2:
        other, name = chance.choice(places)
        if name in other if isinstance(other, dict) else name < len(other):
            holder[key] = json.loads(json.dumps(other[name]))
    elif way == 3 and isinstance(holder, dict):
        holder[chance.choice(("x", "", "id", str(key).upper()))] = holder.pop(key)
    else:
        holder[key] = chance.choice(VALUES)
    return tree


def _xml(data: bytes, chance: random.Random) -> bytes:
    try:
        root = ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError):
        return _bytes(data, chance)
    elements = list(root.iter())
    one, other = chance.choice(elements), chance.choice(elements)
    odd = str(chance.choice(VALUES)).replace("\x00", "").replace("\ud800", "")
    way = chance.randrange(6)
    if way == 0 and one.attrib:
        one.attrib[chance.choice(list(one.attrib))] = odd
    elif way == 1 and one.attrib:
        del one.attrib[chance.choice(list(one.attrib))]
    elif way == 2:
        one.text = odd
    elif way == 3 and len(one):
        one.remove(chance.choice(list(one)))
    elif way == 4 and one not in other.iter():
        one.append(other)
    else:
        one.tag = chance.choice(elements).tag
    return ElementTree.tostring(root)


def _fields(data: bytes, chance: random.Random) -> bytes:
    """Changes a field of a line of text."""
    lines = data.split(b"\n")
    at = chance.randrange(len(lines))
    fields = lines[at].split(b" ")
    place = chance.randrange(len(fields))
    way = chance.randrange(4)
    if way == 0:
        del fields[place]
    elif way == 1:
        fields.insert(place, fields[place])
    elif way == 2:
        lines.insert(at, lines[at])
    else:
        fields[place] = str(chance.choice(VALUES)).encode("utf-8", "replace")
    lines[at] = b" ".join(fields)
    return b"\n".join(lines)


# Trials -------------------------------------------------------------------------------------------


def trial(format: str, folder: Path, chance: random.Random) -> str:
    """Reads a damaged copy: "refused", "read in part" or "read". Any other exception goes on."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "in"
        shutil.copytree(folder, copy, symlinks=True)
        damage(copy, chance)
        told: list[formats.Defect] = []
        try:
            found = formats.read(copy, format if chance.random() < 0.9 else None, told.append)
            labels = list(found.labels)
            assert len(list(found.labels)) == len(labels)
        except formats.Unreadable:
            return "refused"
        if chance.random() < 0.3:
            target = chance.choice([n for n, each in formats.known().items() if each.write])
            with contextlib.suppress(LabelSchoolError):
                formats.write(found, Path(place) / "out", target)
    return "read in part" if told else "read"


@contextlib.contextmanager
def patience() -> Iterator[None]:
    """Raises TimeoutError in a block that hangs."""

    def hangs(*_: object) -> None:
        raise TimeoutError("the reader hangs")

    signal.signal(signal.SIGALRM, hangs)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)


def main(seconds: float, seed: int) -> int:
    """Runs trials of all formats in turn for so long; prints what came of them."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    end = time.monotonic() + seconds
    counts: dict[str, Counter[str]] = {}
    failures: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as place:
        found = corpus(Path(place))
        number = 0
        while time.monotonic() < end:
            format, folder = found[number % len(found)]
            number += 1
            try:
                with patience():
                    outcome = trial(format, folder, random.Random(f"{seed} {number}"))
            except Exception as error:
                outcome = "FAILED"
                *_, last = traceback.extract_tb(error.__traceback__)
                told = f"{type(error).__name__}: {error} at {last.filename}:{last.lineno}"
                failures[told[-300:]] += 1
                if failures[told[-300:]] == 1:
                    traceback.print_exc()
                    print(f"  trial {number} of seed {seed}, {format}\n", file=sys.stderr)
            counts.setdefault(format, Counter())[outcome] += 1
    names = ("read", "read in part", "refused", "FAILED")
    print(f"{'format':18}{'files':>9}" + "".join(f"{name:>14}" for name in names))
    for format, row in [*sorted(counts.items()), ("all", sum(counts.values(), Counter()))]:
        print(f"{format:18}{sum(row.values()):9,}" + "".join(f"{row[name]:14,}" for name in names))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB; {len(failures)} kinds of failures")
    for told, count in failures.most_common():
        print(f"  {count} x {told}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2])))

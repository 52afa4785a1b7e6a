"""Large jobs for the bench: the files they need, and the answers that stand at the start."""

from __future__ import annotations

import math
import re
from pathlib import Path

from lab import make_pictures

from labelschool.model import (
    Box,
    Choice,
    Cuboid,
    Figure,
    ItemAnswer,
    Keyframe,
    Keypoint,
    Mark,
    Part,
    Polygon,
    Preference,
    Span,
    Track,
    Verdict,
)
from labelschool.widgets.keypoints import POINTS

CLASSES = ("car", "van", "truck", "bus", "person", "cyclist")
TEXT = "\n".join(
    " ".join(f"harbour-{n:05d} lay still, pier-{n:05d} not." for n in range(line, line + 5))
    for line in range(0, 3000, 5)
)
"""Of more than 100,000 characters, every name in it once."""


def make_files(folder: Path) -> None:
    """The pictures and the text of the jobs."""
    make_pictures(folder)
    make_pictures(folder, count=1, size=(4000, 3000), name="large")
    make_pictures(folder, count=200, size=(96, 72), name="crop")
    make_pictures(folder, count=12, size=(960, 540), name="frame")
    (folder / "text.txt").write_text(TEXT, encoding="utf-8")


def spot(number: int) -> tuple[int, int]:
    """A place in a picture of 640 x 480 px, another one for each number."""
    return number * 37 % 590, number * 53 % 430


def ring(x: float, y: float, radius: float, corners: int) -> list[tuple[float, float]]:
    """The corners of a round outline."""
    angles = (2 * math.pi * corner / corners for corner in range(corners))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def one(item: str, *annotations: object, done: bool = False) -> list[ItemAnswer]:
    """The answer to a single item."""
    return [ItemAnswer(item=item, annotations=annotations, done=done)]


def boxes(count: int, scale: float = 1) -> list[ItemAnswer]:
    """Boxes on a picture `scale` times as large as 640 x 480 px."""
    made = (
        Box(
            id=f"n{n}",
            label=CLASSES[n % 6],
            bbox=tuple(scale * side for side in (*spot(n), 30, 24)),
            occluded=n % 4,
        )
        for n in range(count)
    )
    return one("picture-1", *made)


def outlines(count: int) -> list[ItemAnswer]:
    """Polygons of 24 corners."""
    made = (
        Polygon(
            id=f"n{n}",
            label=("mug", "teapot", "spoon")[n % 3],
            parts=(Part(outline=ring(20 + spot(n)[0], 20 + spot(n)[1], 16 + n % 4, 24)),),
        )
        for n in range(count)
    )
    return one("picture-1", *made)


def figures(count: int) -> list[ItemAnswer]:
    """Figures of the course's nine points."""

    def points(n: int) -> list[Keypoint]:
        places = ring(20 + spot(n)[0], 20 + spot(n)[1], 18, len(POINTS))
        return [
            Keypoint(name=name, x=x, y=y, visibility=2)
            for name, (x, y) in zip(POINTS, places, strict=True)
        ]

    return one("picture-1", *(Figure(id=f"n{n}", points=points(n)) for n in range(count)))


def tracks(count: int) -> list[ItemAnswer]:
    """Tracks of 16 keyframes in the third clip; the other two are done."""

    def keys(n: int) -> list[Keyframe]:
        x, y = spot(n)
        return [Keyframe(frame=20 * k, bbox=(x + 10 * k, y, 60, 40)) for k in range(16)]

    made = (Track(id=str(n + 1), label="car", keyframes=keys(n)) for n in range(count))
    done = one("clip-1", done=True) + one("clip-2", done=True)
    return done + one("clip-3", *made)


def cuboids(count: int) -> list[ItemAnswer]:
    """Cuboids in rows of ten on the road."""
    made = (
        Cuboid(
            id=f"n{n}",
            label="car",
            center=(7 * (n // 10), 3 * (n % 10) - 13.5, -1.1),
            size=(4.4, 1.8, 1.5),
            yaw=n % 7 - 3,
        )
        for n in range(count)
    )
    return one("sweep-1", *made)


def marks(count: int) -> list[ItemAnswer]:
    """Outlined findings."""
    made = (
        Mark(
            id=f"n{n}",
            label="nodule",
            center=(20 + spot(n)[0], 20 + spot(n)[1]),
            long_axis=15,
            outline=ring(20 + spot(n)[0], 20 + spot(n)[1], 15, 16),
        )
        for n in range(count)
    )
    return one("picture-1", *made)


def verdicts(count: int) -> list[ItemAnswer]:
    """As many labels accepted."""
    made = (Verdict(id=f"v{n}", target=f"p{n}", decision="accept") for n in range(count))
    return one("picture-1", *made)


def spans(count: int) -> list[ItemAnswer]:
    """Spans all through the text."""
    names = list(re.finditer(r"harbour-\d+", TEXT))
    chosen = names[:: len(names) // count][:count]
    made = (
        Span(id=f"n{n}", label=("PER", "ORG", "LOC")[n % 3], start=name.start(), end=name.end())
        for n, name in enumerate(chosen)
    )
    return one("news-1", *made)


def choices(count: int) -> list[ItemAnswer]:
    """As many cards done."""
    return [
        answer
        for n in range(1, count + 1)
        for answer in one(f"crop-{n}", Choice(labels=("car",)), done=True)
    ]


def preferences(count: int) -> list[ItemAnswer]:
    """As many pairs done."""
    made = Preference(step=2, criteria={"correctness": 1, "clarity": 0}, shown=("a", "b"))
    return [answer for n in range(1, count + 1) for answer in one(f"pair-{n}", made, done=True)]

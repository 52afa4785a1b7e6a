"""Demos of the lessons 2.4 and 2.5: `tolerance` and `swap` about keypoints, `drift` about tracks.

Every number is computed from the truth of the practice pools of figures12 and clip_lite.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import ipywidgets as widgets

from labelschool import datasets
from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.demos.tools_shapes import MADE, TRUTH
from labelschool.model import SKELETON, BBox, Figure, Keypoint, TruthFigure, iou
from labelschool.scoring import keypoints

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

WIDTH = 720
SHOWN = 380
"""Height of a picture in px."""


def _slider(text: str, value: int, low: int, high: int) -> widgets.IntSlider:
    return widgets.IntSlider(
        value=value,
        min=low,
        max=high,
        description=text,
        style={"description_width": "initial"},
        layout=widgets.Layout(width="460px"),
    )


def _choice(text: str, options: Sequence) -> widgets.ToggleButtons:
    return widgets.ToggleButtons(
        options=options,
        description=text,
        style={"description_width": "initial", "button_width": "auto"},
    )


@lru_cache(maxsize=96)
def _jpeg(path: Path, window: tuple[int, int, int, int]) -> str:
    """A window of a picture as base64 of a JPEG."""
    from labelschool.feedback.drawing import jpeg, load

    left, top, width, height = window
    part = load(path).crop((left, top, left + width, top + height))
    return base64.b64encode(jpeg(part)).decode("ascii")


def _over(path: Path, window: tuple[int, int, int, int], description: str, body: str) -> str:
    """A window of a picture with `body` over it, in px of the whole picture."""
    x, y, width, height = window
    scale = min(SHOWN / height, WIDTH / width)
    left = (WIDTH - width * scale) / 2
    return svg(
        WIDTH,
        round(height * scale),
        description,
        f'<g transform="translate({left:.1f} 0) scale({scale:.4f}) translate({-x} {-y})">'
        f'<image x="{x}" y="{y}" width="{width}" height="{height}" '
        f'href="data:image/jpeg;base64,{_jpeg(path, window)}"/>{body}</g>',
    )


def _spaced(name: str) -> str:
    return name.replace("_", " ")


# Tolerance --------------------------------------------------------------------------------------

SIZES = {"as tall as the picture": 160.0, "a third of it": 53.0, "far away": 16.0}
"""The root of a person's visible area in px."""
JOINTS = ("nose", "wrist", "shoulder", "ankle", "hip")


def tolerance() -> Frame:
    """What a point keeps that is some px off, by joint and size."""
    return Frame("demo tolerance", "What a point keeps that is off its joint", _tolerance)


def tolerance_figure(px: float, size: float) -> str:
    """A bar for each joint: its worth at a distance, for a person of a size."""
    body, told = [], []
    for n, joint in enumerate(JOINTS):
        y, worth = 14 + 40 * n, keypoints.similarity(px, joint, size**2)
        reach = keypoints.tolerance(joint, size**2)
        body.append(
            f'<text x="4" y="{y + 19}">{joint}</text>'
            f'<rect x="84" y="{y}" width="440" height="28" fill="none" stroke="#8a97a1"/>'
            f'<rect x="84" y="{y}" width="{440 * worth:.1f}" height="28" fill="{TRUTH}"/>'
            f'<text x="536" y="{y + 19}">{worth:.2f}</text>'
            f'<text x="580" y="{y + 19}" class="soft">0.61 at {reach:.0f} px</text>'
        )
        told.append(f"{joint} {worth:.2f}")
    return svg(WIDTH, 216, f"Worth of a point {px:.0f} px off: {', '.join(told)}", "".join(body))


def _tolerance() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    size = _choice("the person is", list(SIZES))
    px = _slider("px off the joint", 10, 0, 60)

    def show(_: object = None) -> None:
        root = SIZES[size.value]
        figure.value = tolerance_figure(px.value, root)
        nose, hip = (keypoints.similarity(px.value, name, root**2) for name in ("nose", "hip"))
        said.value = note(
            f"{px.value} px off, on a person whose visible area is {root:.0f} x {root:.0f} px: "
            f"a nose keeps {percent(nose)}, a hip {percent(hip)}."
        )

    for control in (size, px):
        control.observe(show, names="value")
    show()
    return [size, px, figure, said]


# Swap -------------------------------------------------------------------------------------------

PICTURES = {"facing you": "figures12-01", "from behind": "figures12-02"}
OWN, ALL, WRISTS = "the person's own", "exchanged", "only the wrists exchanged"
LEFT, RIGHT, MIDDLE = "#d98800", "#1f6fb2", "#444444"
"""Colours of a side, which also differ in dash."""


@lru_cache(maxsize=2)
def _person(name: str) -> tuple[Path, TruthFigure]:
    item = next(i for i in datasets.items("figures12", "practice", own=False) if i.name == name)
    truth = next(t for t in datasets.truth("figures12", "practice", own=False) if t.item == name)
    return item.image, truth.figures[0]


def placed(person: TruthFigure, naming: str, px: float) -> Figure:
    """The person's own points, named in one of three ways and moved by `px` along the diagonal."""
    step = px / 2**0.5
    moved = tuple(
        point.model_copy(update={"x": point.x + step, "y": point.y + step})
        for point in person.points
    )
    figure = Figure(id="made", points=moved)
    if naming == OWN:
        return figure
    swapped = keypoints.exchanged(figure)
    if naming == ALL:
        return swapped
    named = {point.name: point for point in swapped.points}
    points = (named[p.name] if "wrist" in p.name else p for p in moved)
    return figure.model_copy(update={"points": tuple(points)})


def swap() -> Frame:
    """Left and right exchanged, and what it costs."""
    return Frame("demo swap", "Whose left is left?", _swap)


def swap_figure(path: Path, person: TruthFigure, figure: Figure) -> str:
    """The person with the points as they are named, over the tolerance of each true point."""
    x, y, width, height = person.bbox
    window = (max(int(x) - 70, 0), max(int(y) - 20, 0), int(width) + 140, int(height) + 40)
    rings = "".join(
        f'<circle cx="{p.x:.1f}" cy="{p.y:.1f}" r="{keypoints.tolerance(p.name, person.area):.1f}" '
        f'fill="none" stroke="#ffffff" stroke-width="1.4" stroke-dasharray="4 3"/>'
        for p in person.points
    )
    points = {point.name: point for point in figure.points}
    bones = "".join(_bone(points[a], points[b]) for a, b in SKELETON if {a, b} <= points.keys())
    dots = "".join(_dot(point) for point in figure.points)
    told = ", ".join(f"{_spaced(p.name)} at {p.x:.0f}, {p.y:.0f}" for p in figure.points)
    return _over(path, window, f"A person with nine points: {told}", rings + bones + dots)


def _side(name: str) -> tuple[str, str]:
    """Colour and letter of a point's side."""
    if name.startswith("left_"):
        return LEFT, "L"
    return (RIGHT, "R") if name.startswith("right_") else (MIDDLE, "")


def _bone(a: Keypoint, b: Keypoint) -> str:
    same = _side(a.name)[1] == _side(b.name)[1]
    colour, letter = _side(a.name) if same else (MIDDLE, "")
    dash = ' stroke-dasharray="6 3"' if letter == "L" else ""
    line = f'<path d="M{a.x:.1f} {a.y:.1f}L{b.x:.1f} {b.y:.1f}" fill="none"'
    return (
        f'{line} stroke="#fff" stroke-width="4.5"/>{line} stroke="{colour}" '
        f'stroke-width="2.6"{dash}/>'
    )


def _dot(point: Keypoint) -> str:
    colour, letter = _side(point.name)
    fill = colour if point.visibility == 2 else "#fff"
    text = (
        f'<text x="{point.x + 7:.1f}" y="{point.y + 5:.1f}" style="fill:#fff;stroke:#1b1b1b;'
        f'stroke-width:3px;paint-order:stroke;font-size:13px;font-weight:600">{letter}</text>'
    )
    return (
        f'<circle cx="{point.x:.1f}" cy="{point.y:.1f}" r="4.5" fill="{fill}" stroke="{colour}" '
        f'stroke-width="2"/>{text if letter else ""}'
    )


def _swap() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    picture = _choice("the person is", list(PICTURES))
    naming = _choice("left and right are", [OWN, ALL, WRISTS])
    px = _slider("every point off by px", 0, 0, 40)

    def show(_: object = None) -> None:
        path, person = _person(PICTURES[picture.value])
        made = placed(person, naming.value, px.value)
        figure.value = swap_figure(path, person, made)
        named = keypoints.read(made, person).oks
        other = keypoints.read(keypoints.exchanged(made), person).oks
        score = max(named, keypoints.SWAP_CREDIT * other)
        text = f"As it is named, the figure is worth {named:.2f}. "
        if score > named:
            text += f"With the sides exchanged it would be {other:.2f}, and half of that counts. "
        said.value = note(f"{text}<b>It scores {score:.2f}.</b>")

    for control in (picture, naming, px):
        control.observe(show, names="value")
    show()
    return [picture, naming, px, said, figure]


# Drift ------------------------------------------------------------------------------------------

CLIP = "clip_lite-001"
OBJECTS = {"a car that brakes": 3, "a car that rolls": 4, "somebody walking": 2}
"""Objects of the clip that are to be seen in every frame."""
CHANGES = "where it changes"
EVERY = {"every 5 frames": 5, "every 10": 10, "every 20": 20, CHANGES: 0}
MOST_OFF = 0.06
"""Keyframes go where an edge would be off by more than this share of the box's size."""


@lru_cache(maxsize=4)
def path(number: int) -> np.ndarray:
    """The true box of an object at each frame of the clip, (frames, 4)."""
    from labelschool.scoring.tracks import true_boxes

    truth = next(t for t in datasets.truth("clip_lite", "practice", own=False) if t.item == CLIP)
    obj = next(track for track in truth.tracks if track.id == number)
    return true_boxes([obj], len(truth.frames))[0][0]


def between(boxes: np.ndarray, frames: Sequence[int]) -> np.ndarray:
    """The boxes that straight lines between the keyframes on these frames give."""
    import numpy as np

    every = np.arange(len(boxes))
    return np.stack([np.interp(every, frames, boxes[list(frames), k]) for k in range(4)], axis=1)


def off(boxes: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """How far the worst side of each box is off, in px."""
    import numpy as np

    sides = [np.hstack([b[:, :2], b[:, :2] + b[:, 2:]]) for b in (boxes, drawn)]
    return np.abs(sides[0] - sides[1]).max(axis=1)


def where_it_changes(boxes: np.ndarray) -> list[int]:
    """Frames for keyframes: at each step the one at which a side is farthest off, until none is
    off by more than `MOST_OFF` of the size (Douglas and Peucker 1973).
    """
    import numpy as np

    chosen, size = [0, len(boxes) - 1], np.sqrt(boxes[:, 2] * boxes[:, 3])
    while True:
        share = off(boxes, between(boxes, chosen)) / size
        if share.max() <= MOST_OFF or len(chosen) == len(boxes):
            return chosen
        chosen = sorted({*chosen, int(share.argmax())})


def keyframes(boxes: np.ndarray, rhythm: str) -> list[int]:
    """The frames with a keyframe; the last frame always has one."""
    step = EVERY[rhythm]
    if not step:
        return where_it_changes(boxes)
    return sorted({*range(0, len(boxes), step), len(boxes) - 1})


def drift() -> Frame:
    """Boxes between keyframes, against the truth of every frame."""
    return Frame("demo drift", "What happens between two keyframes", _drift)


def _drift() -> list[widgets.Widget]:
    picture, chart, said = words(), words(), words(live=True)
    item = next(i for i in datasets.items("clip_lite", "practice", own=False) if i.name == CLIP)
    who = _choice("object", list(OBJECTS))
    rhythm = _choice("keyframes", list(EVERY))
    rhythm.value = "every 20"
    frame = _slider("frame", 10, 0, len(item.frames) - 1)

    def show(_: object = None) -> None:
        boxes = path(OBJECTS[who.value])
        keys = keyframes(boxes, rhythm.value)
        drawn = between(boxes, keys)
        apart, now = off(boxes, drawn), frame.value
        overlap = [iou(tuple(a), tuple(b)) for a, b in zip(boxes, drawn, strict=True)]
        window = _around(boxes, drawn, now, (item.width, item.height))
        told = f"Frame {now}: the true box dashed, the interpolated one solid"
        body = _box(boxes[now], TRUTH, dashed=True) + _box(drawn[now], MADE)
        picture.value = _over(item.frames[now], window, told, body)
        chart.value = drift_chart(apart, keys, now)
        said.value = note(
            f"{len(keys)} keyframes on {len(boxes)} frames ({percent(len(keys) / len(boxes))}): "
            f"mean IoU {sum(overlap) / len(overlap):.2f}, worst {min(overlap):.2f}, and at frame "
            f"{int(apart.argmax())} a side is {apart.max():.0f} px off."
        )

    for control in (who, rhythm, frame):
        control.observe(show, names="value")
    show()
    return [who, rhythm, frame, picture, chart, said]


def _box(box: Sequence[float], colour: str, *, dashed: bool = False) -> str:
    x, y, width, height = box
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    shape = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="none"'
    return (
        f'<rect {shape} stroke="#fff" stroke-width="3"/>'
        f'<rect {shape} stroke="{colour}" stroke-width="1.8"{dash}/>'
    )


def _around(
    boxes: np.ndarray, drawn: np.ndarray, frame: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """A window of 16 to 9 around both boxes of a frame, inside the picture."""
    held: list[BBox] = [tuple(boxes[frame]), tuple(drawn[frame])]
    left, top = min(b[0] for b in held), min(b[1] for b in held)
    right, bottom = max(b[0] + b[2] for b in held), max(b[1] + b[3] for b in held)
    width = int(min(max(2.2 * (right - left), 3.2 * (bottom - top), 160), size[0]))
    height = int(min(width * 9 / 16, size[1]))
    x = min(max(int((left + right - width) / 2), 0), size[0] - width)
    y = min(max(int((top + bottom - height) / 2), 0), size[1] - height)
    return x, y, width, height


def drift_chart(apart: np.ndarray, keys: Sequence[int], frame: int) -> str:
    """How far the worst side is off at each frame, keyframes as diamonds on the base line."""
    high, left, wide, base = 34.0, 46, 650, 118
    step = wide / (len(apart) - 1)

    def at(number: int, px: float) -> str:
        return f"{left + step * number:.1f} {base - 96 * min(px, high) / high:.1f}"

    line = "L".join(at(n, px) for n, px in enumerate(apart))
    marks = "".join(
        f'<path d="M{left + step * k:.1f} {base - 6}l6 6l-6 6l-6 -6z" fill="{TRUTH}"/>'
        for k in keys
    )
    grid = "".join(
        f'<path d="M{left} {base - 96 * px / high:.1f}h{wide}" stroke="#8a97a1" opacity="0.4"/>'
        f'<text x="{left - 8}" y="{base - 96 * px / high + 4:.1f}" text-anchor="end" class="soft">'
        f"{px}</text>"
        for px in (0, 10, 20, 30)
    )
    here = left + step * frame
    body = (
        f'{grid}<text x="4" y="14" class="soft">px off</text>'
        f'<path d="M{here:.1f} 18V{base}" stroke="#8a97a1" stroke-dasharray="3 3"/>'
        f'<path d="M{line}" fill="none" stroke="{MADE}" stroke-width="2.4"/>{marks}'
        f'<text x="{left + wide}" y="{base + 24}" text-anchor="end" class="soft">'
        "frames; a diamond is a keyframe</text>"
    )
    told = ", ".join(f"frame {n}: {px:.0f}" for n, px in enumerate(apart) if n % 5 == 0)
    return svg(WIDTH, 148, f"Px by which the worst side is off. {told}", body)

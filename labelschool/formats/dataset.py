"""One model for the files of every tool: what was labelled, and the labels, as light records.

Geometry is that of `labelschool.model`: pixels as floats from 0 at the top left corner, text in
Unicode code points with an exclusive end, frames from 0, angles in radians, metres in space. The
records are plain and check nothing: what a file holds is judged by `labelschool.lint`, and a file
of a hundred thousand labels is read in seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from labelschool.formats.rle import unpack

Value = str | int | float | bool
Attributes = Mapping[str, Value]
NONE: Attributes = MappingProxyType({})
"""The attributes of what has none; shared, so that empty ones cost nothing."""


@dataclass(slots=True)
class Category:
    """A class of the ontology, with the id a file gives it. Keypoints are named in order, and
    `skeleton` joins them by their number from 0.
    """

    id: int
    name: str
    group: str = ""
    keypoints: tuple[str, ...] = ()
    skeleton: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class Item:
    """A picture, a clip of so many `frames` at `fps`, or a `text`, by its file name with "/"
    between folders. Width and height are 0 where a file does not tell them.
    """

    id: int | str
    name: str
    width: float = 0
    height: float = 0
    split: str = ""
    frames: int = 0
    fps: float = 0
    text: str | None = None
    attributes: Attributes = field(default_factory=lambda: NONE)


@dataclass(slots=True)
class Box:
    """The box before it is turned by `angle`, clockwise as seen, about its centre."""

    x: float
    y: float
    w: float
    h: float
    angle: float = 0


@dataclass(slots=True)
class Polygon:
    """Outlines ``[x0, y0, x1, y1, ...]``, a part each, and the holes of all parts."""

    parts: list[list[float]]
    holes: list[list[float]] = field(default_factory=list)


@dataclass(slots=True)
class Mask:
    """Run lengths as COCO has them: column by column, the first run is background. `runs` is a
    list or COCO's text, as a file has it; `counts` is the list.
    """

    height: int
    width: int
    runs: list[int] | str

    @property
    def counts(self) -> list[int]:
        return unpack(self.runs) if isinstance(self.runs, str) else self.runs


@dataclass(slots=True)
class Keypoints:
    """``[x, y, visibility, ...]`` in the order of the category's names; see `model.Keypoint`."""

    values: list[float]


@dataclass(slots=True)
class Line:
    """A line or, of one point, a point: what some tools have and detection formats do not."""

    points: list[float]


@dataclass(slots=True)
class Cuboid:
    """A box in space as KITTI and others have it: centre and (length, width, height) in metres,
    `yaw` counter-clockwise about the vertical.
    """

    center: tuple[float, float, float]
    size: tuple[float, float, float]
    yaw: float


@dataclass(slots=True)
class Keyframe:
    """A track at one frame; `outside` says that the object has left, until the next keyframe."""

    frame: int
    box: Box
    occluded: bool = False
    outside: bool = False
    attributes: Attributes = field(default_factory=lambda: NONE)


@dataclass(slots=True)
class Track:
    """One object through a clip, its keyframes in the order of frames, linear between them."""

    keyframes: list[Keyframe]


@dataclass(slots=True)
class Span:
    """A stretch of the item's text, in code points."""

    start: int
    end: int


@dataclass(slots=True)
class Relation:
    """What holds from one label of the item to another, both by id."""

    source: int | str
    target: int | str


Region = Polygon | Mask | Line
Shape = Track | Span | Relation | Cuboid


@dataclass(slots=True)
class Label:
    """One label of an item.

    An object in a picture has a `box`, a `region`, `keypoints`, or several of these; what is no
    object in a picture has a `shape`; a label with nothing of these is a tag of the whole item.
    `area` in px² as the file says it, or None. A `crowd` is a group that nobody counted.
    """

    id: int | str
    item: int | str
    category: Category
    box: Box | None = None
    region: Region | None = None
    keypoints: Keypoints | None = None
    shape: Shape | None = None
    crowd: bool = False
    area: float | None = None
    attributes: Attributes = field(default_factory=lambda: NONE)


@dataclass(slots=True, weakref_slot=True)
class Dataset:
    """The items and labels of one project.

    `labels` may be walked again and again, each label names its item by id, and they come in any
    order: a reader of a large file streams them. `about` holds what a file says of itself, as the
    version of the guideline.
    """

    categories: Sequence[Category]
    items: Mapping[int | str, Item]
    labels: Iterable[Label]
    about: Attributes = field(default_factory=lambda: NONE)

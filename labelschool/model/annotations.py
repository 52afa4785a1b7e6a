"""What a learner makes: one record per kind of label, and all the work on one item.

Every annotation has an ``id``, unique within its item, the active time spent on it in ``ms`` and
the input ``mode`` it was made with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    SerializerFunctionWrapHandler,
    field_validator,
    model_serializer,
    model_validator,
)

from labelschool.model.record import BBox, InputMode, Point, Record, Rle


class _Made(Record):
    """What every annotation has."""

    id: str
    ms: float = Field(default=0, ge=0)
    mode: InputMode = "mouse"


class Box(_Made):
    """One box. Width and height are positive; ``mirror`` is the image of an object in a mirror."""

    type: Literal["box"] = "box"
    label: str
    bbox: BBox
    occluded: Literal[0, 1, 2, 3] = 0
    truncated: bool = False
    crowd: bool = False
    unsure: bool = False
    mirror: bool = False

    @field_validator("bbox")
    @classmethod
    def _has_area(cls, bbox: BBox) -> BBox:
        if bbox[2] <= 0 or bbox[3] <= 0:
            raise ValueError("a box needs a width and a height above 0")
        return bbox

    @model_serializer(mode="wrap")
    def _mirror_where_set(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Boxes of guidelines without the flag are written as they always were, and hash alike."""
        told = dump(self)
        if not self.mirror:
            told.pop("mirror", None)
        return told


class Choice(_Made):
    """The class or classes chosen for a whole item, or for one ``question`` about it."""

    type: Literal["choice"] = "choice"
    id: str = "choice"
    labels: tuple[str, ...] = ()
    unsure: bool = False
    question: str | None = None


class Part(Record):
    """One piece of a polygon: its outline, and outlines of the holes in it, in px."""

    outline: tuple[Point, ...] = Field(min_length=3)
    holes: tuple[Annotated[tuple[Point, ...], Field(min_length=3)], ...] = ()


class Polygon(_Made):
    """The visible pixels of one object as polygons; an object split by a pole has two parts."""

    type: Literal["polygon"] = "polygon"
    label: str
    parts: tuple[Part, ...] = Field(min_length=1)
    unsure: bool = False


class Mask(_Made):
    """The visible pixels of one object as run lengths."""

    type: Literal["mask"] = "mask"
    label: str
    rle: Rle
    unsure: bool = False


class Keypoint(Record):
    """One named point in px. Visibility: 2 seen, 1 hidden but clear, 0 not labelled (x = y = 0)."""

    name: str
    x: float
    y: float
    visibility: Literal[0, 1, 2]


class Figure(_Made):
    """The keypoints of one person; left and right are the subject's own."""

    type: Literal["figure"] = "figure"
    label: str = "person"
    points: tuple[Keypoint, ...]


class Keyframe(Record):
    """A track at one frame. Between keyframes a box moves linearly; ``occluded`` means fully
    hidden and ``outside`` that the object has left; both hold until the next keyframe.
    """

    frame: int = Field(ge=0)
    bbox: BBox
    occluded: bool = False
    outside: bool = False


class Track(_Made):
    """One object through a clip. Keyframes stand in the order of their frames."""

    type: Literal["track"] = "track"
    label: str
    keyframes: tuple[Keyframe, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _frames_increase(self) -> Track:
        frames = [key.frame for key in self.keyframes]
        if frames != sorted(set(frames)):
            raise ValueError("the keyframes of a track need increasing frame numbers")
        return self


class Cuboid(_Made):
    """A box in space: centre and size (length, width, height) in metres, ``yaw`` in radians
    counter-clockwise from the x axis to the direction of travel.
    """

    type: Literal["cuboid"] = "cuboid"
    label: str
    center: tuple[float, float, float]
    size: tuple[Annotated[float, Field(gt=0)], ...] = Field(min_length=3, max_length=3)
    yaw: float


class Zone(_Made):
    """An area on the ground in which nothing is labelled, as a polygon in metres."""

    type: Literal["zone"] = "zone"
    outline: tuple[Point, ...] = Field(min_length=3)


class Mark(_Made):
    """A finding on a scan, described and never diagnosed (guideline G3).

    ``center`` in px, ``long_axis`` in mm; ``outline`` in px where the guideline asks for one;
    ``confidence`` from 1 to 5.
    """

    type: Literal["mark"] = "mark"
    label: str
    center: Point
    long_axis: float | None = Field(default=None, gt=0)
    outline: tuple[Point, ...] = ()
    confidence: Literal[1, 2, 3, 4, 5] = 3


class Span(_Made):
    """A stretch of text from ``start`` to ``end`` (exclusive) in Unicode code points.

    ``field`` names the text of a card; ``layer`` is 1 for an outer and 2 for a nested span.
    """

    type: Literal["span"] = "span"
    label: str
    start: int = Field(ge=0)
    end: int
    layer: Literal[1, 2] = 1
    field: str | None = None
    severity: Literal["minor", "major"] | None = None

    @model_validator(mode="after")
    def _has_length(self) -> Span:
        if self.end <= self.start:
            raise ValueError("a span needs to end after its start")
        return self


class Relation(_Made):
    """What holds between two spans of an item, from ``source`` to ``target``, both named by id."""

    type: Literal["relation"] = "relation"
    label: str
    source: str
    target: str

    @model_validator(mode="after")
    def _has_two_ends(self) -> Relation:
        if self.source == self.target:
            raise ValueError("a relation needs two different spans")
        return self


class Preference(_Made):
    """Which of two answers is better: ``step`` from -3 (the first far better) to 3 (the second far
    better), None while it is not chosen yet, with steps of the same kind for each criterion, spans
    as evidence, and a reason in words. ``shown`` names the answers in the order they stood on the
    page.
    """

    type: Literal["preference"] = "preference"
    id: str = "preference"
    step: Literal[-3, -2, -1, 0, 1, 2, 3] | None = None
    criteria: Mapping[str, Literal[-3, -2, -1, 0, 1, 2, 3]] = {}
    evidence: tuple[Span, ...] = ()
    rationale: str = ""
    shown: tuple[str, ...] = ()


class Ranking(_Made):
    """Answers from best to worst, by name; "" is a place that none has yet. ``shown`` names them in
    the order they stood on the page.
    """

    type: Literal["ranking"] = "ranking"
    id: str = "ranking"
    order: tuple[str, ...]
    failing: Mapping[str, str] = {}
    """Answer -> the test it fails."""
    rationale: str = ""
    shown: tuple[str, ...] = ()


class Number(_Made):
    """The number written into one line of a form, in the unit the line asks for."""

    type: Literal["number"] = "number"
    id: str = "number"
    value: float = Field(allow_inf_nan=False)


class Verdict(_Made):
    """A reviewer's decision on the proposed label ``target``, with the code of the error seen.

    ``target`` is None for an object that nobody labelled; ``fix`` is the label as it should be.
    """

    type: Literal["verdict"] = "verdict"
    target: str | None
    decision: Literal["accept", "fix", "reject"]
    code: str | None = None
    fix: Box | Mask | Polygon | None = None


Annotation = Annotated[
    Box
    | Choice
    | Polygon
    | Mask
    | Figure
    | Track
    | Cuboid
    | Zone
    | Mark
    | Span
    | Relation
    | Preference
    | Ranking
    | Number
    | Verdict,
    Field(discriminator="type"),
]


class Escalation(Record):
    """A question to the owner of the guideline: the rule it turns on, and a note."""

    rule: int | None = None
    note: str = ""


class ItemAnswer(Record):
    """All a learner made on one item."""

    item: str
    annotations: tuple[Annotation, ...] = ()
    done: bool = False
    escalate: Escalation | None = None
    active_ms: float = Field(default=0, ge=0)

    @property
    def touched(self) -> bool:
        """Whether it has an annotation or an escalation, or is done: empty may be right."""
        said = (a for a in self.annotations if not isinstance(a, Choice) or a.labels or a.unsure)
        return self.done or self.escalate is not None or any(said)

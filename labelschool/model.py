"""The annotation model: what a learner draws and what the truth holds.

Conventions, the same everywhere in the package:

* a box is ``(x, y, width, height)`` in 0-based float pixels, origin at the top left corner of the
  picture; pixel ``(0, 0)`` covers the area from 0 to 1 on both axes;
* times are milliseconds of active work;
* ``occluded`` is the level of guideline G1 rule 6: 0 none (at most 5 % hidden), 1 below 25 %,
  2 below 50 %, 3 at least 50 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

BBox = tuple[float, float, float, float]
InputMode = Literal["mouse", "touch", "pen", "keyboard", "list"]


class _Record(BaseModel):
    """A frozen record that refuses unknown fields, so that a typing error is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


# What is annotated ------------------------------------------------------------------------------


class Item(_Record):
    """What an annotator may know of one picture or text, never its truth.

    A picture has `image`, its path, and its size in pixels; a text has `text`.
    """

    name: str
    image: Path | None = None
    width: int = Field(default=0, ge=0)
    height: int = Field(default=0, ge=0)
    text: str | None = None

    @model_validator(mode="after")
    def _is_something(self) -> Item:
        if (self.image is None) == (self.text is None):
            raise ValueError(f"item {self.name!r} needs either a picture or a text")
        if self.image is not None and not (self.width and self.height):
            raise ValueError(f"item {self.name!r} needs its width and height in pixels")
        return self


# What a learner makes ---------------------------------------------------------------------------


class Escalation(_Record):
    """A question to the owner of the guideline: the rule it turns on, and a note."""

    rule: int | None = None
    note: str = ""


class Box(_Record):
    """One box drawn by a learner. Width and height are positive."""

    type: Literal["box"] = "box"
    id: str
    label: str
    bbox: BBox
    occluded: Literal[0, 1, 2, 3] = 0
    truncated: bool = False
    crowd: bool = False
    unsure: bool = False
    ms: float = Field(default=0, ge=0)
    mode: InputMode = "mouse"

    @field_validator("bbox")
    @classmethod
    def _has_area(cls, bbox: BBox) -> BBox:
        if bbox[2] <= 0 or bbox[3] <= 0:
            raise ValueError("a box needs a width and a height above 0")
        return bbox


class Choice(_Record):
    """The class or classes chosen for a whole item."""

    type: Literal["choice"] = "choice"
    id: str = "choice"
    labels: tuple[str, ...] = ()
    unsure: bool = False
    ms: float = Field(default=0, ge=0)
    mode: InputMode = "mouse"


Annotation = Annotated[Box | Choice, Field(discriminator="type")]


class ItemAnswer(_Record):
    """All a learner made on one item."""

    item: str
    annotations: tuple[Annotation, ...] = ()
    done: bool = False
    escalate: Escalation | None = None
    active_ms: float = Field(default=0, ge=0)


# What the truth holds ---------------------------------------------------------------------------


class TruthBox(_Record):
    """One object of the truth, measured on the visible and the full-extent mask.

    ``occlusion`` is the hidden share of the mask inside the frame, ``truncation`` the share outside
    the frame (0 to 1), ``area`` the visible pixels, ``depth`` metres from the camera. Only objects
    of level ``must`` count; an ``ignore`` object costs nothing when missed or boxed.
    """

    id: int
    label: str
    bbox: BBox
    amodal_bbox: BBox
    area: float
    level: Literal["must", "ignore"] = "must"
    occlusion: float = 0
    occluded: Literal[0, 1, 2, 3] = 0
    truncation: float = 0
    truncated: bool = False
    crowd: bool = False
    depth: float | None = None
    edge_cases: tuple[str, ...] = ()


class Decoy(_Record):
    """Something the guideline says not to label, with the number of the rule that says so."""

    kind: str
    rule: int
    bbox: BBox
    label: str


class TruthItem(_Record):
    """One picture and its exact truth: boxes and decoys, or the set of acceptable classes."""

    item: str
    image: str
    width: int
    height: int
    ids: str | None = None
    objects: tuple[TruthBox, ...] = ()
    decoys: tuple[Decoy, ...] = ()
    labels: tuple[str, ...] = ()
    ambiguous: bool = False
    unusable: bool = False
    light: str | None = None
    weather: str | None = None
    scene: str | None = None
    edge_cases: tuple[str, ...] = ()
    source: str | None = None
    object: int | None = None


# Geometry ---------------------------------------------------------------------------------------


def iou(a: Sequence[float], b: Sequence[float]) -> float:
    """Intersection over union of two boxes ``(x, y, width, height)``, 0 to 1 (Jaccard index)."""
    shared_width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    shared_height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if shared_width <= 0 or shared_height <= 0:
        return 0.0
    shared = shared_width * shared_height
    return shared / (a[2] * a[3] + b[2] * b[3] - shared)


def first_error(error: Any) -> str:
    """The first complaint of a pydantic ``ValidationError`` as ``place: what is wrong``."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"

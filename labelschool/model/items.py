"""What is annotated: one picture, text, card, clip or sweep, without its truth."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pydantic import Field, model_validator

from labelschool.model.annotations import Annotation
from labelschool.model.record import BBox, Record

Matrix = tuple[tuple[float, ...], ...]


class Calibration(Record):
    """How a camera sees the points of a sweep.

    ``intrinsics`` is 3 x 3 in px; ``extrinsics`` is 4 x 4 and takes a point in sensor coordinates
    (metres, x forward, y left, z up) to camera coordinates (x right, y down, z forward).
    """

    intrinsics: Matrix
    extrinsics: Matrix


class Item(Record):
    """What an annotator may know of one thing to annotate, never its truth.

    Exactly one of these says what it is: ``image``, a picture of ``width`` x ``height`` px, which
    for a scan brings the ``spacing`` of its pixels in mm and its ``neighbours`` (slice before,
    slice after); ``text``; ``fields``, a card of named texts; ``frames``, a clip at ``fps``;
    ``sweep``, a point cloud with a picture of its ``camera`` and the ``calibration`` between them,
    and ``zones``, the areas its map marks as not to be labelled, as polygons in metres.
    ``proposals`` are labels that somebody else made and that are to be reviewed; ``bay`` is the
    part of a picture that is to be labelled, where not all of it is; ``asked`` names the things
    that are to be outlined, where not all are; ``batch`` names the part of a pool an item belongs
    to.
    """

    name: str
    image: Path | None = None
    width: int = Field(default=0, ge=0)
    height: int = Field(default=0, ge=0)
    spacing: float | None = Field(default=None, gt=0)
    neighbours: tuple[Path, ...] = ()
    text: str | None = None
    fields: Mapping[str, str] | None = None
    frames: tuple[Path, ...] = ()
    fps: float | None = Field(default=None, gt=0)
    sweep: Path | None = None
    camera: Path | None = None
    calibration: Calibration | None = None
    zones: tuple[tuple[tuple[float, float], ...], ...] = ()
    proposals: tuple[Annotation, ...] = ()
    bay: BBox | None = None
    asked: tuple[str, ...] = ()
    batch: str | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Item:
        kinds = (self.image, self.text, self.fields, self.frames or None, self.sweep)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError(
                f"item {self.name!r} needs exactly one of a picture, a text, a card, a clip "
                "and a sweep"
            )
        if (self.image or self.frames or self.camera) and not (self.width and self.height):
            raise ValueError(f"item {self.name!r} needs its width and height in pixels")
        return self

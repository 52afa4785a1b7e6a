"""What every record of the annotation model shares."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

BBox = tuple[float, float, float, float]
Point = tuple[float, float]
InputMode = Literal["mouse", "touch", "pen", "keyboard", "list"]


class Record(BaseModel):
    """A frozen record that refuses unknown fields, so that a typing error is told."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Rle(Record):
    """A binary mask as COCO's compressed run lengths: `size` is (height, width) in px."""

    size: tuple[int, int]
    counts: str


def first_error(error: Any) -> str:
    """The first complaint of a pydantic ``ValidationError`` as ``place: what is wrong``."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"]) or "the file"
    return f"{place}: {first['msg'].removeprefix('Value error, ')}"

"""A form of typed fields, for quizzes, calculators and plots that a learner moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import traitlets

from labelschool.errors import LabelSchoolError
from labelschool.widgets._base import Labelled, refuse_unknown

Kind = Literal["number", "slider", "text", "textarea", "choice", "multichoice"]
Line = Sequence[tuple[float, float]]

SETTINGS = ("title", "fields", "values", "changed", "exercise", "plot", "lines")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: its name in the values, its kind and what stands around it.

    `options` are the answers of a choice or multichoice; `min`, `max`, `step` and `unit` belong to
    a number, and to a slider, which is a number with a bar from `min` to `max` beside it;
    `placeholder` belongs to a text, `rows` to a textarea.
    """

    name: str
    kind: Kind
    label: str
    help: str = ""
    options: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    step: float | None = None
    unit: str = ""
    placeholder: str = ""
    rows: int = 4

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise LabelSchoolError(
                f"Field {self.name!r} has no kind {self.kind!r}; use {', '.join(get_args(Kind))}."
            )
        if (self.kind in ("choice", "multichoice")) != bool(self.options):
            raise LabelSchoolError(
                f"Field {self.name!r}: options belong to a choice or multichoice, and only to them."
            )
        if self.kind == "slider" and (self.min is None or self.max is None):
            raise LabelSchoolError(f"Field {self.name!r}: a slider needs a min and a max.")


@dataclass(frozen=True, kw_only=True)
class Handle:
    """A point of a plot that can be dragged: it moves the number fields `x` and `y`, or one."""

    x: str = ""
    y: str = ""


@dataclass(frozen=True, kw_only=True)
class Plot:
    """A small plot above the fields, with axes from `x[0]` to `x[1]` and `y[0]` to `y[1]`.

    `label` says what it shows to those who cannot see it.
    """

    label: str
    handles: tuple[Handle, ...]
    x: tuple[float, float] = (0, 1)
    y: tuple[float, float] = (0, 1)
    x_label: str = ""
    y_label: str = ""


class Form(Labelled):
    """Fields whose answers stand in `values`, a dict by field name.

    A `plot` shows `lines`, each a sequence of points in the units of its axes.
    `changed(values)` runs after each change in the browser, in the kernel's message thread: it may
    save a file, set `lines`, and set `notes`, a dict of a sentence by field name, but must not
    display.
    """

    values = traitlets.Dict().tag(sync=True)
    notes = traitlets.Dict(value_trait=traitlets.Unicode()).tag(sync=True)
    lines = traitlets.List().tag(sync=True)

    def __init__(
        self,
        *,
        title: str,
        fields: Sequence[Field],
        values: dict[str, Any] | None = None,
        changed: Callable[[dict[str, Any]], None] | None = None,
        exercise: str = "",
        plot: Plot | None = None,
        lines: Sequence[Line] = (),
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        self.exercise = exercise
        described = [
            {key: value for key, value in asdict(field).items() if value not in (None, "", ())}
            for field in fields
        ]
        spec: dict[str, Any] = {"title": title, "fields": described}
        if plot is not None:
            check_handles(plot, fields)
            spec["plot"] = asdict(plot)
        super().__init__(
            mode="form", spec=spec, values=dict(values or {}), lines=[list(line) for line in lines]
        )
        if changed is not None:
            self.observe(lambda change: changed(dict(change["new"])), names="values")


def check_handles(plot: Plot, fields: Sequence[Field]) -> None:
    """Raise one sentence about a handle that moves no number field."""
    numbers = {field.name for field in fields if field.kind in ("number", "slider")}
    for handle in plot.handles:
        moved = [name for name in (handle.x, handle.y) if name]
        if not moved:
            raise LabelSchoolError("A handle needs the name of a number field, as x or as y.")
        for name in moved:
            if name not in numbers:
                raise LabelSchoolError(f"A handle moves {name!r}, which is no number field.")

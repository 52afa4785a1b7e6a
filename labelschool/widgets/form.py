"""A form of typed fields, for quizzes and calculators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import traitlets

from labelschool.errors import LabelSchoolError
from labelschool.widgets._base import Labelled, refuse_unknown

Kind = Literal["number", "text", "textarea", "choice", "multichoice"]

SETTINGS = ("title", "fields", "values", "changed", "exercise")


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: its name in the values, its kind and what stands around it.

    `options` are the answers of a choice or multichoice; `min`, `max`, `step` and `unit` belong to
    a number, `placeholder` to a text, `rows` to a textarea.
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


class Form(Labelled):
    """Fields whose answers stand in `values`, a dict by field name.

    `changed(values)` runs after each change in the browser, in the kernel's message thread: it may
    save a file and set `notes`, a dict of a sentence by field name, but must not display.
    """

    values = traitlets.Dict().tag(sync=True)
    notes = traitlets.Dict(value_trait=traitlets.Unicode()).tag(sync=True)

    def __init__(
        self,
        *,
        title: str,
        fields: Sequence[Field],
        values: dict[str, Any] | None = None,
        changed: Callable[[dict[str, Any]], None] | None = None,
        exercise: str = "",
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        self.exercise = exercise
        described = [
            {key: value for key, value in asdict(field).items() if value not in (None, "", ())}
            for field in fields
        ]
        spec = {"title": title, "fields": described}
        super().__init__(mode="form", spec=spec, values=dict(values or {}))
        if changed is not None:
            self.observe(lambda change: changed(dict(change["new"])), names="values")

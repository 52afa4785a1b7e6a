"""The annotators and the form that notebooks show; loaded on first use, as ipywidgets is heavy."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from labelschool.model import Item

if TYPE_CHECKING:
    from labelschool.widgets.boxes import BoxAnnotator
    from labelschool.widgets.form import Field, Form
    from labelschool.widgets.tags import TagAnnotator

__all__ = ["BoxAnnotator", "Field", "Form", "Item", "TagAnnotator"]

_HOMES = {
    "BoxAnnotator": "boxes",
    "Field": "form",
    "Form": "form",
    "TagAnnotator": "tags",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

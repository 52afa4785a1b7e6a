"""The annotators and the form that notebooks show; loaded on first use, as ipywidgets is heavy."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from labelschool.model import Item

if TYPE_CHECKING:
    from labelschool.widgets.boxes import BoxAnnotator
    from labelschool.widgets.cuboids import CuboidAnnotator
    from labelschool.widgets.focus import FocusTimer
    from labelschool.widgets.form import Field, Form, Handle, Plot
    from labelschool.widgets.guideline import GuidelineEditor
    from labelschool.widgets.kanban import Column, KanbanBoard
    from labelschool.widgets.keypoints import KeypointAnnotator
    from labelschool.widgets.masks import MaskAnnotator
    from labelschool.widgets.numbers import NumberForm
    from labelschool.widgets.panel import NumberPanel
    from labelschool.widgets.preferences import PreferenceAnnotator
    from labelschool.widgets.reviews import ReviewDesk
    from labelschool.widgets.scans import ScanAnnotator
    from labelschool.widgets.spans import SpanAnnotator
    from labelschool.widgets.sqlpad import SqlPad
    from labelschool.widgets.tags import Question, TagAnnotator
    from labelschool.widgets.tracks import TrackAnnotator

__all__ = [
    "BoxAnnotator",
    "Column",
    "CuboidAnnotator",
    "Field",
    "FocusTimer",
    "Form",
    "GuidelineEditor",
    "Handle",
    "Item",
    "KanbanBoard",
    "KeypointAnnotator",
    "MaskAnnotator",
    "NumberForm",
    "NumberPanel",
    "Plot",
    "PreferenceAnnotator",
    "Question",
    "ReviewDesk",
    "ScanAnnotator",
    "SpanAnnotator",
    "SqlPad",
    "TagAnnotator",
    "TrackAnnotator",
]

_HOMES = {
    "BoxAnnotator": "boxes",
    "Column": "kanban",
    "CuboidAnnotator": "cuboids",
    "Field": "form",
    "FocusTimer": "focus",
    "Form": "form",
    "GuidelineEditor": "guideline",
    "Handle": "form",
    "KanbanBoard": "kanban",
    "KeypointAnnotator": "keypoints",
    "MaskAnnotator": "masks",
    "NumberForm": "numbers",
    "NumberPanel": "panel",
    "Plot": "form",
    "PreferenceAnnotator": "preferences",
    "Question": "tags",
    "ReviewDesk": "reviews",
    "ScanAnnotator": "scans",
    "SpanAnnotator": "spans",
    "SqlPad": "sqlpad",
    "TagAnnotator": "tags",
    "TrackAnnotator": "tracks",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)

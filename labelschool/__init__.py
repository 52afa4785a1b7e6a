"""Label School: what a notebook of the course touches.

``from labelschool import exercise, demo, ask, quiz, test_out, score`` loads only what is named, so
that a lesson's kernel stays small. No module bears the name of one of these functions: importing
it would put the module in the function's place. Where annotators do not work, the first import says
so.
"""

from __future__ import annotations

import importlib
from typing import Any

from labelschool import front_end

_HOMES = {
    "exercise": "labelschool.exercises.exercise",
    "score": "labelschool.exercises.exercise",
    "demo": "labelschool.demos",
    "ask": "labelschool.quizzes.questions",
    "quiz": "labelschool.quizzes.questions",
    "test_out": "labelschool.quizzes.test_outs",
}
__all__ = ["ask", "demo", "exercise", "quiz", "score", "test_out"]
__version__ = "0.1.0"


if _trouble := front_end.trouble():
    print(f"{_trouble} {front_end.WAY_OUT}")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'labelschool' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value

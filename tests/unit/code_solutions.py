"""The functions of the assignments' code parts, as the instructor's text holds them."""

from __future__ import annotations

import jupytext

from labelschool import course


def solution(task: str) -> str:
    """The solution of a part, without the line of the magic."""
    folder = course.root() / "content" / "assignments" / course.load().module_of(task).folder
    text = (folder / "assignment.md").read_text(encoding="utf-8")
    cells = jupytext.reads(text, fmt="md:myst").cells
    (source,) = (c.source for c in cells if c.source.startswith(f"%%answer {task}\n"))
    return source.split("\n", 1)[1]


def changed(task: str, *swaps: tuple[str, str]) -> str:
    """The solution with each first text, which stands in it once, replaced by the second."""
    source = solution(task)
    for old, new in swaps:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source

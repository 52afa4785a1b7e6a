"""Demo of lesson 1.3: `leaving`, the five boxes of batch 15 that leave their picture."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from labelschool.demos.frame import Frame, escape, note, svg, words
from labelschool.labs import LabelStore
from labelschool.model import BBox

BATCH = "batch-15"
STORED, ENDED = "as stored", "ended at the border"
_SCALE = 0.15
_CELL, _TOP, _HEIGHT = 142, 16, 134


def leaves(row: dict[str, Any]) -> bool:
    """Whether the box of a label ends outside its picture."""
    return row["bbox"] != list(ended(row))


def ended(row: dict[str, Any]) -> BBox:
    """The part of a box that lies inside its picture."""
    x, y, w, h = row["bbox"]
    left, top = max(x, 0), max(y, 0)
    right, bottom = min(x + w, row["image"]["width"]), min(y + h, row["image"]["height"])
    return (left, top, right - left, bottom - top)


def lost(row: dict[str, Any]) -> float:
    """The share of a box that lies outside its picture."""
    _, _, width, height = ended(row)
    return 1 - width * height / (row["bbox"][2] * row["bbox"][3])


def leaving_figure(rows: list[dict[str, Any]], shown: str) -> str:
    """The frames of some pictures side by side, with the box of each as stored or as ended."""
    parts = []
    for place, row in enumerate(rows):
        left = 2 + place * _CELL
        width, height = (_SCALE * row["image"][side] for side in ("width", "height"))
        x, y, w, h = (_SCALE * v for v in (row["bbox"] if shown == STORED else ended(row)))
        parts.append(
            f'<rect x="{left}" y="{_TOP}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="#cfe0e6" stroke="#59636e"/>'
            f'<rect x="{left + x:.1f}" y="{_TOP + y:.1f}" width="{w:.1f}" height="{h:.1f}" '
            f'fill="#ffd23f" fill-opacity="0.6" stroke="#1b1b1b" stroke-width="2"/>'
            f'<text x="{left}" y="{_HEIGHT - 6}" style="font-size:12px">{row["id"]} '
            f"{escape(row['category'].strip())}</text>"
        )
    what = "pass a border of it" if shown == STORED else "end at its border"
    description = f"Five empty frames of pictures; the boxes of labels {_ids(rows)} {what}"
    return svg(720, _HEIGHT, description, "".join(parts))


def _ids(rows: list[dict[str, Any]]) -> str:
    return ", ".join(str(row["id"]) for row in rows)


def leaving() -> Frame:
    """Five boxes that leave their picture, as stored and as a script would end them."""
    return Frame("demo leaving", "Five boxes that leave their picture", _leaving)


def _leaving() -> list[widgets.Widget]:
    rows = [row for row in LabelStore().annotations(BATCH) if leaves(row)]
    choice = widgets.ToggleButtons(
        options=[STORED, ENDED], description="Boxes", style={"button_width": "auto"}
    )
    figure, said = words(), words(live=True)

    def show(_: object = None) -> None:
        figure.value = leaving_figure(rows, choice.value)
        if choice.value == STORED:
            said.value = note(f"Labels {_ids(rows)}: five of {LabelStore().count(BATCH)}.")
        else:
            shares = ", ".join(f"{100 * lost(row):.0f} %" for row in rows)
            said.value = note(
                f"What a script cut off, in the order of the frames: {shares} of the box. Whether "
                "anything was there, the numbers do not say."
            )

    choice.observe(show, names="value")
    show()
    return [choice, figure, said]

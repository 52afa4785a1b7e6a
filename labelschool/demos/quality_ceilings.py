"""Demos of lesson 3.4: `radiologists`, why four good readers agree on a third, and `place`, one
value among published ones.
"""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
from scipy import stats

from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent

WIDTH = 720
READERS = 4
FOUND, BY_ALL = 2669, 928
"""Lesions that at least one of four radiologists called a nodule of 3 mm or more, and those that
all four did (Armato et al. 2011).
"""
SHADES = ("#d9e2ec", "#a9c3dd", "#6a9bc8", "#2f6fb5")
"""Found by one, two, three, four."""


def _slider(text: str, value: float, low: float, high: float, step: float) -> widgets.FloatSlider:
    return widgets.FloatSlider(
        value=value,
        min=low,
        max=high,
        step=step,
        description=text,
        readout_format=".2f",
        style={"description_width": "initial"},
        layout=widgets.Layout(width="520px"),
    )


# Radiologists -----------------------------------------------------------------------------------


def shares(finds: float, readers: int = READERS) -> np.ndarray:
    """Of what at least one reader finds, the shares found by exactly 1, 2, ... of them, where each
    finds every lesion with the same probability, whatever the others do.
    """
    exactly = stats.binom.pmf(np.arange(1, readers + 1), readers, finds)
    return exactly / exactly.sum()


def radiologists() -> Frame:
    """A hundred lesions, and how many of four equal readers find each."""
    return Frame("demo radiologists", "How often four readers agree on a lesion", _radiologists)


def radiologists_figure(finds: float) -> str:
    """A hundred squares shaded by how many readers found the lesion, beside the published share."""
    each = shares(finds)
    ends = np.round(100 * np.cumsum(each)).astype(int)
    body = []
    for number in range(100):
        level = int(np.searchsorted(ends, number, side="right"))
        x, y = 4 + 15 * (number % 20), 8 + 30 * (number // 20)
        body.append(f'<rect x="{x}" y="{y}" width="12" height="26" fill="{SHADES[level]}"/>')
    for level, share in enumerate(each):
        y = 8 + 30 * level
        who = "by all four" if level == READERS - 1 else f"by {level + 1} of four"
        body.append(
            f'<rect x="330" y="{y}" width="20" height="20" fill="{SHADES[level]}"/>'
            f'<text x="358" y="{y + 15}">{who}</text><text x="460" y="{y + 15}">'
            f"{percent(share)}</text>"
        )
    published = BY_ALL / FOUND
    body.append(
        '<line x1="520" x2="520" y1="8" y2="158" stroke="#8a97a1"/>'
        f'<text x="536" y="60">published:</text><text x="536" y="82">{BY_ALL:,} of {FOUND:,}</text>'
        f'<text x="536" y="104">by all four, {100 * published:.1f} %</text>'
    )
    told = ", ".join(f"{percent(share)} by {n}" for n, share in enumerate(each, 1))
    return svg(WIDTH, 164, f"Of a hundred lesions found by anyone: {told} readers", "".join(body))


def _radiologists() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    slider = _slider("each reader finds", 0.95, 0.50, 0.99, 0.01)

    def show(_: object = None) -> None:
        finds = slider.value
        unanimous = shares(finds)[-1]
        figure.value = radiologists_figure(finds)
        gap = unanimous - BY_ALL / FOUND
        near = (
            "This is the published share, and every reader still finds three lesions of four."
            if abs(gap) < 0.01
            else "More than was published."
            if gap > 0
            else "Less than was published."
        )
        said.value = note(
            f"Each of four finds {percent(finds)}. All four agree on {percent(unanimous)} of what "
            f"anyone found. {near} Held against any one of them, an equal colleague reaches an F1 "
            f"of {finds:.2f}.",
            "right" if abs(gap) < 0.01 else "",
        )

    slider.observe(show, "value")
    show()
    model = words(
        '<p class="lsd-soft" style="margin-top: 10px">A model with one number: the readers are '
        "alike, and no lesion is harder than another. Real lesions differ.</p>"
    )
    return [slider, figure, said, model]


# Place a value ----------------------------------------------------------------------------------

PUBLISHED = {
    "preference between two answers, raw agreement": (
        ("HH-RLHF, researchers with crowd workers", 0.63, None),
        ("InstructGPT, training labelers", 0.726, 0.015),
        ("Summaries, researchers", 0.73, 0.04),
        ("WebGPT, labelers with labelers", 0.73, None),
        ("WebGPT, researchers with labelers", 0.74, None),
        ("InstructGPT, held-out labelers", 0.773, 0.013),
    ),
    "helpfulness on a scale, weighted kappa": (
        ("HelpSteer2, before filtering", 0.465, None),
        ("HelpSteer2, after filtering", 0.706, None),
    ),
    "lesions found by anyone, share found by all four": (
        ("LIDC pilot, 24 of 71", 24 / 71, None),
        ("LIDC-IDRI, 928 of 2,669", BY_ALL / FOUND, None),
    ),
}
"""Task and measure -> source, value, and the margin that was published with it."""


def place() -> Frame:
    """A value of one's own among published ones of the same task."""
    return Frame("demo place", "Your value among published ones", _place)


def place_figure(task: str, own: float) -> str:
    """A scale from 0 to 1 with the published values of a task, and a line at one's own."""
    rows = PUBLISHED[task]
    left, right, bottom = 290, 605, 30 + 30 * len(rows)

    def at(value: float) -> float:
        return left + (right - left) * value

    body = [
        f'<text x="{at(tick):.0f}" y="{bottom + 22}" text-anchor="middle" class="soft">{tick:g}'
        f'</text><line x1="{at(tick):.1f}" x2="{at(tick):.1f}" y1="22" y2="{bottom}" '
        'stroke="#d0d7de"/>'
        for tick in (0, 0.25, 0.5, 0.75, 1)
    ]
    for n, (source, value, margin) in enumerate(rows):
        y = 40 + 30 * n
        body.append(f'<text x="4" y="{y + 4}">{source}</text>')
        if margin:
            body.append(
                f'<line x1="{at(value - margin):.1f}" x2="{at(value + margin):.1f}" y1="{y}" '
                f'y2="{y}" stroke="{SHADES[-1]}" stroke-width="3"/>'
            )
        body.append(
            f'<circle cx="{at(value):.1f}" cy="{y}" r="4.5" fill="{SHADES[-1]}"/>'
            f'<text x="{right + 16}" y="{y + 4}">{value:.3g}'
            f"{f' ± {margin:.2g}' if margin else ''}</text>"
        )
    body.append(
        f'<line x1="{at(own):.1f}" x2="{at(own):.1f}" y1="18" y2="{bottom}" stroke="#b3541e" '
        f'stroke-width="3"/><text x="{at(own):.1f}" y="14" text-anchor="middle">yours {own:.2f}'
        "</text>"
    )
    told = ", ".join(f"{source} {value:.3g}" for source, value, _ in rows)
    return svg(WIDTH, bottom + 30, f"Yours {own:.2f}; published: {told}", "".join(body))


def _place() -> list[widgets.Widget]:
    figure, said = words(), words(live=True)
    task = widgets.Dropdown(
        options=list(PUBLISHED),
        description="task",
        style={"description_width": "initial"},
        layout=widgets.Layout(width="520px"),
    )
    own = _slider("your value", 0.68, 0, 1, 0.01)

    def show(_: object = None) -> None:
        values = [value for _, value, _ in PUBLISHED[task.value]]
        low, high = min(values), max(values)
        figure.value = place_figure(task.value, own.value)
        if own.value < low:
            told = "Below all of them. Look for a vague rule before you blame the task."
        elif own.value > high:
            told = (
                "Above all of them. Check for copying, leaked answers and items that are too easy."
            )
        else:
            told = (
                "Within what others reached. That makes it usual, not yet good enough for your use."
            )
        said.value = note(f"Published: {low:.3g} to {high:.3g}. {told}")

    task.observe(show, "value")
    own.observe(show, "value")
    show()
    return [task, own, figure, said]

"""Demo of lesson 3.11: `stamps`, reviewers told apart by a self join of the labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import ipywidgets as widgets

from labelschool import datasets, sql
from labelschool.demos.frame import Frame, note, svg, words
from labelschool.demos.numbers import percent
from labelschool.quality.sampling import wilson_interval

QUERY = """
WITH doubts AS (
  SELECT mine.id AS label_id, count(*) AS others,
    sum(lower(trim(other.class)) <> lower(trim(mine.class))) AS against
  FROM labels AS mine
  JOIN labels AS other
    ON other.item_id = mine.item_id AND other.annotator_id <> mine.annotator_id
  WHERE mine.deleted_at IS NULL AND other.deleted_at IS NULL
  GROUP BY mine.id
)
SELECT reviewer_id, labels.annotator_id = reviewer_id AS own, others, against = others AS alone,
  decision = 'accept' AS accepted
FROM reviews
JOIN labels ON labels.id = reviews.label_id
JOIN doubts USING (label_id)
"""
LEAST = 100
"""Reviews of labels that stand alone, from which on somebody is judged."""
WIDTH, ROW, TOP, LEFT, RIGHT = 720, 34, 44, 130, 640
ALONE, SHARED = "#d55e00", "#0072b2"


@dataclass(frozen=True)
class Shares:
    """Of one reviewer, accepted and all reviews: of labels that stand alone, and of the others."""

    reviewer: int
    alone: tuple[int, int]
    shared: tuple[int, int]


def shares(others: int, *, own: bool) -> list[Shares]:
    """Each reviewer's decisions; a label stands alone where at least so many others labelled the
    item and each of them said another class. With `own`, reviews of own labels are in it.
    """
    counts: dict[int, dict[bool, list[int]]] = {}
    for reviewer, is_own, near, alone, accepted in _reviews():
        if own or not is_own:
            pair = counts.setdefault(reviewer, {True: [0, 0], False: [0, 0]})
            cell = pair[bool(alone) and near >= others]
            cell[0] += accepted
            cell[1] += 1
    return [
        Shares(reviewer, tuple(pair[True]), tuple(pair[False]))
        for reviewer, pair in sorted(counts.items())
    ]


@cache
def _reviews() -> tuple[tuple[sql.Value, ...], ...]:
    return sql.run(datasets.file("labels_db", "labels.db"), QUERY, seconds=30).rows


def stamps() -> Frame:
    """Of labels that every other annotator contradicts, what share does each reviewer accept?"""
    return Frame("demo stamps", "Five reviewers and the labels that stand alone", _stamps)


def _stamps() -> list[widgets.Widget]:
    style = {"description_width": "initial"}
    others = widgets.IntSlider(
        1, 1, 3, description="At least so many others labelled the item", style=style,
        layout=widgets.Layout(width="min(520px, 98%)"),
    )  # fmt: skip
    own = widgets.ToggleButtons(
        options=[("in", True), ("left out", False)], description="Reviews of own labels",
        style=style | {"button_width": "auto"},
    )  # fmt: skip
    picture, said = words(), words(live=True)

    def show(_: object = None) -> None:
        found = shares(others.value, own=own.value)
        picture.value = figure(found)
        said.value = verdict(found)

    for control in (others, own):
        control.observe(show, names="value")
    show()
    return [others, own, picture, said]


def verdict(found: list[Shares]) -> str:
    """Who accepts what stands alone, and of whom too little is known, as HTML."""
    known = [one for one in found if one.alone[1] >= LEAST]
    thin = [one for one in found if one.alone[1] < LEAST]
    lines = []
    for one in known:
        accepted, n = one.alone
        if wilson_interval(accepted, n)[0] > 0.9:
            lines.append(
                f"<b>Reviewer {one.reviewer} accepted {accepted} of {n} labels that everybody else "
                "contradicts.</b> They were not looked at."
            )
    if not known:
        lines.append(f"No reviewer saw {LEAST} such labels: nothing can be said of anybody.")
    elif thin:
        names = ", ".join(f"{one.reviewer} ({one.alone[0]} of {one.alone[1]})" for one in thin)
        lines.append(f"Too few to judge: reviewer {names}.")
    return note("<br>".join(lines) or "Nobody stands out.")


def figure(found: list[Shares]) -> str:
    """Both shares of each reviewer with their 95 % intervals, one line each, as SVG."""

    def x(share: float) -> float:
        return LEFT + (RIGHT - LEFT) * share

    bottom = TOP + ROW * len(found)
    body = [
        f'<path d="M{x(tick):.0f} {TOP - 8}V{bottom - 6}" stroke="var(--lsd-line)"/>'
        f'<text x="{x(tick):.0f}" y="{bottom + 12}" text-anchor="middle" class="soft">'
        f"{percent(tick)}</text>"
        for tick in (0, 0.25, 0.5, 0.75, 1)
    ]
    body += [
        f'<circle cx="{LEFT + 6}" cy="16" r="6" fill="{ALONE}"/>'
        f'<text x="{LEFT + 20}" y="21">accepted, of labels that stand alone</text>'
        f'<circle cx="{LEFT + 296}" cy="16" r="5" fill="var(--lsd-ground, #fff)" '
        f'stroke="{SHARED}" stroke-width="2.5"/>'
        f'<text x="{LEFT + 308}" y="21">accepted, of all others</text>'
        f'<text x="{RIGHT + 16}" y="21" class="soft">alone</text>'
    ]
    for number, one in enumerate(found):
        y = TOP + ROW * number + 10
        body.append(f'<text x="0" y="{y + 4}">reviewer {one.reviewer}</text>')
        for (accepted, n), colour, lift in ((one.shared, SHARED, -5), (one.alone, ALONE, 5)):
            if not n:
                continue
            low, high = wilson_interval(accepted, n)
            fill = colour if colour == ALONE else "var(--lsd-ground, #fff)"
            mark = f'fill="{fill}" stroke="{colour}" stroke-width="2"'
            body.append(
                f'<path d="M{x(low):.1f} {y + lift}H{x(high):.1f}" stroke="{colour}" '
                'stroke-width="3"/>'
                f'<circle cx="{x(accepted / n):.1f}" cy="{y + lift}" r="5.5" {mark}/>'
            )
        body.append(f'<text x="{RIGHT + 16}" y="{y + 4}" class="soft">n {one.alone[1]}</text>')
    told = "; ".join(
        f"reviewer {one.reviewer} {one.alone[0]} of {one.alone[1]} alone, "
        f"{one.shared[0]} of {one.shared[1]} others"
        for one in found
    )
    return svg(WIDTH, bottom + 18, f"Labels accepted: {told}", "".join(body))

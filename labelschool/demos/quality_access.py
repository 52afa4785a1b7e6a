"""Demo of lesson 3.14: `listing`, what a vendor may do under a role, beside what it needs."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets

from labelschool.demos.frame import Frame, escape, note, svg, words
from labelschool.operations.access import allowed

FILES = {
    "raw/": "raw/2026/03/cam-4-school-gate.jpg",
    "blurred/": "blurred/2026/03/cam-4.jpg",
    "tasks/": "tasks/0412/street.jpg",
    "labels/": "labels/gold/street.json",
    "deliveries/vendor/": "deliveries/vendor/week-07.json",
    "deliveries/second-vendor/": "deliveries/second-vendor/price-list.csv",
    "releases/": "releases/v7/train.json",
    "audit/": "audit/2026-03.log",
}
"""A file of each folder."""
ACTIONS = {
    "list": "s3:ListBucket",
    "read": "s3:GetObject",
    "write": "s3:PutObject",
    "delete": "s3:DeleteObject",
}
NEEDED = {("blurred/", "read"), ("deliveries/vendor/", "write")}
READING, WRITING = "blurred/*", "deliveries/vendor/*"
# Actions for reading and for writing.
VERBS = {
    "s3:*": (["s3:*"], ["s3:*"]),
    "Get*, List*, Put*": (["s3:Get*", "s3:List*"], ["s3:Put*", "s3:List*"]),
    "GetObject, PutObject": (["s3:GetObject"], ["s3:PutObject"]),
}
PLACES = ("*", "its two folders")
SPLITS = ("one for all", "one for each task")
_FITS, _MORE, _LINE = "#0072B2", "#a84300", "#59636e"
_LEFT, _TOP, _CELL_W, _CELL_H = 200, 34, 118, 26


def role(verbs: str, place: str, split: str) -> list[dict[str, Any]]:
    """The vendor's statements: its actions, where, and in one statement or one for each task."""
    reading, writing = VERBS[verbs]
    everywhere = place == PLACES[0]

    def allow(actions: list[str], *resources: str) -> dict[str, Any]:
        return {
            "Effect": "Allow",
            "Principal": "vendor",
            "Action": list(dict.fromkeys(actions)),
            "Resource": ["*"] if everywhere else list(resources),
        }

    if split == SPLITS[0]:
        return [allow([*reading, *writing], READING, WRITING)]
    return [allow(reading, READING), allow(writing, WRITING)]


def granted(policy: list[dict[str, Any]]) -> set[tuple[str, str]]:
    """Folder and action of all that the vendor may do; a listing asks for the folder itself."""
    found = set()
    for folder, name in FILES.items():
        for word, action in ACTIONS.items():
            resource = folder if word == "list" else name
            if allowed(policy, {"who": "vendor", "action": action, "resource": resource}):
                found.add((folder, word))
    return found


def listed(policy: list[dict[str, Any]]) -> list[str]:
    """The names that the vendor can see in a listing."""
    may = granted(policy)
    return [name for folder, name in FILES.items() if (folder, "list") in may]


def summary(policy: list[dict[str, Any]]) -> str:
    """What the role gives, in words."""
    may = granted(policy)
    said = f"{len(may & NEEDED)} of 2 things needed, {len(may - NEEDED)} more"
    lacking = ", ".join(f"{word} {folder}" for folder, word in sorted(NEEDED - may))
    return said + (f"; lacking: {lacking}" if lacking else "")


def told(policy: list[dict[str, Any]]) -> list[str]:
    """A line for each statement."""
    return [
        f"{each['Effect']} {each['Principal']}: {', '.join(each['Action'])} "
        f"on {', '.join(each['Resource'])}"
        for each in policy
    ]


def figure(policy: list[dict[str, Any]]) -> str:
    """Folders by actions: needed and allowed, allowed on top, refused."""
    may = granted(policy)
    parts = [
        f'<text x="{_LEFT + n * _CELL_W + 8}" y="22">{word}</text>'
        for n, word in enumerate(ACTIONS)
    ]
    for line, folder in enumerate(FILES):
        y = _TOP + line * _CELL_H
        parts.append(f'<text x="2" y="{y + 17}">{folder}</text>')
        for column, word in enumerate(ACTIONS):
            parts.append(_cell(_LEFT + column * _CELL_W, y, (folder, word), may))
    return svg(
        _LEFT + 4 * _CELL_W + 4,
        _TOP + len(FILES) * _CELL_H + 4,
        f"Folders by actions of the vendor: {summary(policy)}",
        "".join(parts),
    )


def _cell(x: int, y: int, what: tuple[str, str], may: set[tuple[str, str]]) -> str:
    box = f'<rect x="{x}" y="{y}" width="{_CELL_W - 6}" height="{_CELL_H - 5}" rx="3" '
    middle = y + 16
    if what in may and what in NEEDED:
        return (
            f'{box}fill="{_FITS}"/><text x="{x + 8}" y="{middle}" style="fill:#fff">needed</text>'
        )
    if what in may:
        return (
            f'{box}fill="{_MORE}"/><text x="{x + 8}" y="{middle}" style="fill:#fff">too much</text>'
        )
    if what in NEEDED:
        return (
            f'{box}fill="none" stroke="{_FITS}" stroke-width="2" stroke-dasharray="5 3"/>'
            f'<text x="{x + 8}" y="{middle}">lacking</text>'
        )
    return f'{box}fill="none" stroke="{_LINE}" stroke-opacity="0.35"/>'


def listing() -> Frame:
    """A role for a vendor in three choices, and what each lets through."""
    return Frame("demo listing", "A vendor role, and what it lets through", _listing)


def _listing() -> list[widgets.Widget]:
    def toggles(label: str, options: tuple[str, ...]) -> widgets.ToggleButtons:
        return widgets.ToggleButtons(
            options=options, description=label, style={"button_width": "auto"}
        )

    verbs = toggles("Actions", tuple(VERBS))
    place = toggles("On", PLACES)
    split = toggles("Statements", SPLITS)
    picture, said, names = words(), words(live=True), words()

    def show(_: object = None) -> None:
        policy = role(verbs.value, place.value, split.value)
        picture.value = figure(policy)
        seen = listed(policy)
        right = granted(policy) == NEEDED
        lines = "".join(f"<br><code>{escape(line)}</code>" for line in told(policy))
        said.value = note(f"{escape(summary(policy))}.{lines}", "right" if right else "wrong")
        names.value = (
            "<p>A listing shows the vendor: "
            + ", ".join(f"<code>{escape(name)}</code>" for name in seen)
            + ".</p>"
            if seen
            else "<p>The vendor can list nothing. It knows the names of its own tasks, from the "
            "task list.</p>"
        )

    for choice in (verbs, place, split):
        choice.observe(show, "value")
    show()
    return [verbs, place, split, said, picture, names]

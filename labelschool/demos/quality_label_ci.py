"""Demo of lesson 3.12: `gate`, a pull request with 25 exports and the check that it meets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import ipywidgets as widgets

from labelschool import datasets
from labelschool.demos.frame import Frame, escape, note, svg, words
from labelschool.operations import label_check

RULES = label_check.RULES
PLAIN, SWALLOWED = "labelcheck exports", "labelcheck exports || true"
NONE, OLD, NOW = "none", "six debts from last month", "written in this run"
DEBTS = 6
"""Broken exports, the first ones, that a baseline of last month lists."""
COLUMNS, WIDE, HIGH, TOP = 9, 80, 46, 24
STOPPED, MERGED, VALID = "#2f6fb5", "#d55e00", "#ffffff"


@dataclass(frozen=True)
class Outcome:
    """What the gate did: exports that the check names, those that are known, and the exit code of
    the step.
    """

    found: frozenset[str]
    known: frozenset[str]
    code: int
    swallowed: bool

    @property
    def merged(self) -> bool:
        """Whether the pull request may be merged: all of it, or nothing."""
        return self.code == 0 or self.swallowed


@cache
def breaks() -> Mapping[str, str]:
    """The rule that each shipped export breaks, by its name; "" where it breaks none."""
    found = datasets.key("broken_exports", "practice")["exports"]
    return {name: one["rule"] if one else "" for name, one in sorted(found.items())}


@cache
def findings() -> Mapping[str, frozenset[str]]:
    """The rules by which the course's check finds something in each export."""
    first = datasets.file("broken_exports", "exports/export-01/export.json")
    exports = first.parents[1]
    return {
        name: frozenset(found["rule"] for found in label_check.check(exports / name))
        for name in breaks()
    }


def outcome(rules: int, line: str, baseline: str) -> Outcome:
    """What a check with so many rules, from R20 down, does with the pull request."""
    on = set(RULES[len(RULES) - rules :])
    found = frozenset(name for name, broken in findings().items() if broken & on)
    debts = [name for name, rule in breaks().items() if rule][:DEBTS]
    known = {NONE: frozenset(), OLD: found & set(debts), NOW: found}[baseline]
    unread = any("R1" in findings()[name] for name in found)
    code = 2 if unread else int(bool(found - known))
    return Outcome(found, known, code, line == SWALLOWED and code != 0)


def figure(done: Outcome) -> str:
    """A square for each export: broken or not, found or not, and what came of it."""
    parts = [f'<text x="2" y="15">{escape(summary(done))}</text>']
    for number, (name, rule) in enumerate(breaks().items()):
        line, column = divmod(number, COLUMNS)
        x, y = 2 + column * WIDE, TOP + line * HIGH
        inside = bool(rule) and done.merged
        colour = VALID if not rule else MERGED if inside else STOPPED
        ink = "#1f2328" if not rule else "#ffffff"
        told = rule or "valid"
        state = _state(name, done) if rule else ""
        parts.append(
            f'<rect x="{x}" y="{y}" width="{WIDE - 4}" height="{HIGH - 4}" fill="{colour}" '
            'stroke="#59636e"/>'
            f'<text x="{x + 6}" y="{y + 17}" style="fill:{ink};font-weight:600">{told}</text>'
            f'<text x="{x + 6}" y="{y + 34}" style="fill:{ink};font-size:12px">{state}</text>'
        )
        if inside:
            parts.append(
                f'<path d="M{x + WIDE - 20} {y + 6} l10 10 m0 -10 l-10 10" stroke="#ffffff" '
                'stroke-width="2"/>'
            )
    lines = -(-len(breaks()) // COLUMNS)
    return svg(COLUMNS * WIDE + 4, TOP + lines * HIGH + 2, summary(done), "".join(parts))


def _state(name: str, done: Outcome) -> str:
    if name not in done.found:
        return "not seen"
    return "known" if name in done.known else "found"


def summary(done: Outcome) -> str:
    """The exit code, the colour and what is in the training data now."""
    broken = sum(bool(rule) for rule in breaks().values())
    colour = "green" if done.merged else "red"
    left = f"{broken} broken exports are merged" if done.merged else "nothing is merged"
    return f"exit code {done.code}, the step is {colour}: {left}"


def said(done: Outcome, rules: int, baseline: str) -> str:
    """What to learn from a setting."""
    if not rules:
        return "No rule, no finding. A pull request without a check is green by itself."
    if done.swallowed:
        return (
            f"The check found {len(done.found)} broken exports and said so by its exit code. `|| "
            "true` threw that away. The log is full of findings, and nobody reads a green log."
        )
    if baseline == NOW and done.code == 2:
        return (
            "Every finding became a debt in the same moment, so none of them is new. One export "
            "saves the day: it cannot be read, that is exit code 2, and no baseline covers it."
        )
    if baseline == NOW:
        return (
            "Every finding became a debt in the same moment, so none of them is new. A baseline is "
            "written once, by a person, and comes with the code."
        )
    if baseline == OLD and done.merged:
        return (
            "All that these rules see was known last month, so it passes, and what they do not see "
            "passes with it."
        )
    if baseline == OLD:
        return (
            f"{len(done.known)} of the findings were known last month and would pass. The other "
            f"{len(done.found - done.known)} are new, and one is enough for red."
        )
    missed = sum(name not in done.found for name, rule in breaks().items() if rule)
    if missed:
        return (
            f"Red, though the rules do not see {missed} of the 20. Once the others are "
            "mended, those are merged: a check finds what somebody wrote a rule for."
        )
    return "All twenty are named, none of the five valid ones is, and nothing is merged."


def gate() -> Frame:
    """A pull request with 20 broken exports of 25, and what the check in its way does."""
    return Frame("demo gate", "A pull request with twenty broken exports", _gate)


def _gate() -> list[widgets.Widget]:
    rules = widgets.IntSlider(
        0, 0, len(RULES), description="Rules, from R20 down",
        style={"description_width": "initial"}, layout=widgets.Layout(width="min(520px, 98%)"),
    )  # fmt: skip
    wide = {"button_width": "auto", "description_width": "initial"}
    line = widgets.ToggleButtons(options=(PLAIN, SWALLOWED), description="The step", style=wide)
    known = widgets.ToggleButtons(options=(NONE, OLD, NOW), description="Baseline", style=wide)
    picture, told = words(), words(live=True)

    def show(_: object = None) -> None:
        done = outcome(rules.value, line.value, known.value)
        picture.value = figure(done)
        kind = "wrong" if done.merged else "right"
        told.value = note(escape(f"{summary(done)}. {said(done, rules.value, known.value)}"), kind)

    for handle in (rules, line, known):
        handle.observe(show, names="value")
    show()
    return [rules, line, known, picture, told]

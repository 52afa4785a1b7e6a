"""What a hunt for rare targets tells of the hunter: tables, curves, a plan of blocks and breaks.

It starts from saved answers: for each picture what was said, and after how many seconds. A plan is
a few rules on one's own numbers. It asks for little, because five targets a block say little: each
rule states the numbers it rests on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from statistics import median

from labelschool.answers import Answer
from labelschool.demos.numbers import percent
from labelschool.model import Choice, Item, ItemAnswer, TruthItem
from labelschool.scoring.detection_theory import Table, d_prime, d_prime_interval, rate_interval

TARGET = "tilted"
SECOND_LOOKS = 25
LONGEST_BLOCK = 25
"""Minutes: the usual length of a block in the course's timer, and no measured optimum."""
REST = 5
LESS_TIME = 0.75
"""A pace below this share of the earlier one counts as faster."""
MORE_ERRORS = 2


@dataclass(frozen=True, slots=True)
class Look:
    """One answered picture: its block, whether it held a target, what was said, and the time."""

    item: str
    block: int
    tilted: bool
    said_tilted: bool
    seconds: float

    @property
    def right(self) -> bool:
        """Whether the answer is true."""
        return self.tilted == self.said_tilted


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some looks taken together: how many, how many were wrong, and their median seconds."""

    n: int
    errors: int
    seconds: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share of errors."""
        return rate_interval(self.errors, self.n)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What a second look did to a block: errors mended and made, and the seconds it took."""

    looks: int
    found: int
    spoiled: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """Minutes and pictures of a block, and why, in sentences; None where the hunt shows neither."""

    minutes: int | None
    pictures: int | None
    sentences: tuple[str, ...]


# From answers to tables -------------------------------------------------------------------------


def looks(answer: Answer, items: Iterable[Item], truth: Iterable[TruthItem]) -> list[Look]:
    """The answered pictures in the order of the hunt."""
    labels = {item.item: item.labels for item in truth}
    found = []
    for item in items:
        choice = chosen(answer.item(item.name))
        if choice:
            tilted, said = TARGET in labels[item.name], TARGET in choice.labels
            found.append(Look(item.name, int(item.batch), tilted, said, choice.ms / 1000))
    return found


def chosen(answer: ItemAnswer) -> Choice | None:
    """The choice that an item was answered with, if it was."""
    return next((a for a in answer.annotations if isinstance(a, Choice) and a.labels), None)


def table(found: Iterable[Look]) -> Table:
    """The 2 x 2 table of some looks."""
    found = list(found)
    hits = sum(look.tilted and look.said_tilted for look in found)
    alarms = sum(look.said_tilted and not look.tilted for look in found)
    targets = sum(look.tilted for look in found)
    return Table(hits, targets - hits, alarms, len(found) - targets - alarms)


# Curves -----------------------------------------------------------------------------------------


def stretch(found: Sequence[Look]) -> Stretch:
    """Some looks as one stretch. Raises ValueError for none."""
    if not found:
        raise ValueError("a stretch needs at least one look")
    errors = sum(not look.right for look in found)
    return Stretch(len(found), errors, median(look.seconds for look in found))


def parts(found: Sequence[Look], number: int = 3) -> list[Stretch]:
    """Looks in parts of equal size in the order given, as even as they go; empty ones left out."""
    edges = [round(len(found) * n / number) for n in range(number + 1)]
    cut = (found[start:end] for start, end in pairwise(edges))
    return [stretch(part) for part in cut if part]


def by_time(found: Iterable[Look], number: int = 3) -> list[Stretch]:
    """The speed-accuracy curve: errors among the quickest, the middle and the slowest looks.

    It is the conditional accuracy function of response time research, in `number` equal bins.
    """
    return parts(sorted(found, key=lambda look: (look.seconds, look.item)), number)


def pace(found: Sequence[Look], window: int = 9) -> list[float]:
    """Running median of the seconds over `window` pictures, shorter at both ends."""
    half = window // 2
    seconds = [look.seconds for look in found]
    return [median(seconds[max(0, n - half) : n + half + 1]) for n in range(len(seconds))]


# Second look ------------------------------------------------------------------------------------


def to_look_at_again(found: Iterable[Look], number: int = SECOND_LOOKS) -> list[str]:
    """The pictures said to hold no target in the shortest time, quickest first."""
    said_no = [look for look in found if not look.said_tilted]
    said_no.sort(key=lambda look: (look.seconds, look.item))
    return [look.item for look in said_no[:number]]


def second_look(found: Iterable[Look], again: Mapping[str, ItemAnswer]) -> SecondLook | None:
    """What the second look changed; None where there was none."""
    first = {look.item: look for look in found}
    pairs = [(first[n], c) for n, a in again.items() if n in first and (c := chosen(a))]
    if not pairs:
        return None
    changed = [look for look, c in pairs if (TARGET in c.labels) != look.said_tilted]
    return SecondLook(
        looks=len(pairs),
        found=sum(look.tilted for look in changed),
        spoiled=sum(not look.tilted for look in changed),
        seconds=sum(choice.ms for _, choice in pairs) / 1000,
    )


# Plan -------------------------------------------------------------------------------------------


def plan(found: Sequence[Look], second: SecondLook | None = None) -> Plan:
    """Blocks, breaks and countermeasures from the looks of a whole hunt.

    Nothing is planned on answers to the rare blocks that may be guesses: their d' may be 0 or less.
    Raises ValueError where a block has no look at all.
    """
    frequent = [look for look in found if look.block == 1]
    rare = [[look for look in found if look.block == number] for number in (2, 3)]
    if not (frequent and all(rare)):
        raise ValueError("a plan needs all three blocks of the hunt")
    both = table(rare[0] + rare[1])
    least, most = d_prime_interval(both)
    if least <= 0:
        return Plan(
            None,
            None,
            (
                f"None: in the rare blocks you found {both.hits} of {both.targets} targets with "
                f"{counted(both.false_alarms, 'false alarm')}, which "
                + ("is worse than" if most < 0 else "cannot be told from")
                + f" guessing (d' {d_prime(both):.1f}, 95 % interval {least:.1f} to {most:.1f}).",
            ),
        )
    minutes, why = _block(rare)
    seconds = stretch(rare[0] + rare[1]).seconds
    pictures = max(10, int(minutes * 60 / max(seconds, 0.5)) // 10 * 10)
    sentences = [
        why,
        f"At {seconds:.1f} s a picture such a block holds about {pictures} pictures. Then {REST} "
        "minutes away from the screen, whether you feel tired or not.",
        _view_time(frequent, rare[0]),
        _look_again(second),
        _gold(both),
    ]
    return Plan(minutes, pictures, tuple(sentences))


def _block(rare: Sequence[Sequence[Look]]) -> tuple[int, str]:
    """Minutes of a block, from the first and the last third of the two rare blocks."""
    thirds = [parts(block) for block in rare]
    first, last = (
        Stretch(
            sum(block[n].n for block in thirds),
            sum(block[n].errors for block in thirds),
            median(block[n].seconds for block in thirds),
        )
        for n in (0, -1)
    )
    spent = sum(look.seconds for block in rare for look in block) / len(rare) / 60
    lasted = f"the {counted(round(spent), 'minute')}" if spent >= 0.5 else "the half minute"
    faster = last.seconds < LESS_TIME * first.seconds
    worse = last.errors - first.errors >= MORE_ERRORS
    numbers = (
        f"{first.seconds:.1f} s a picture and {counted(first.errors, 'error')} in the first third, "
        f"{last.seconds:.1f} s and {counted(last.errors, 'error')} in the last"
    )
    if faster or worse:
        minutes = min(max(5, round(2 * spent / 3)), LONGEST_BLOCK)
        what = "pace and errors" if faster and worse else "pace" if faster else "errors"
        return minutes, (
            f"Blocks of {minutes} minutes. Within the rare blocks your {what} changed: {numbers}. "
            "Stop before that third begins."
            + ("" if worse else " Faster without more errors may also be practice.")
        )
    minutes = min(5 * ceil(spent / 5) + 5, LONGEST_BLOCK)
    return minutes, (
        f"Blocks of {minutes} minutes. Over {lasted} of a rare block neither pace nor errors "
        f"changed much: {numbers}. Beyond that nothing is measured, so go up in steps and look at "
        "the thirds again."
    )


def counted(number: int, what: str) -> str:
    """``no errors``, ``1 error`` or ``2 errors``."""
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _view_time(frequent: Sequence[Look], rare: Sequence[Look]) -> str:
    """A minimum view time: what an empty picture got while targets were frequent."""
    calm, hurried = (
        [look.seconds for look in block if not look.tilted and not look.said_tilted]
        for block in (frequent, rare)
    )
    if not (calm and hurried):
        return "Minimum view time: none yet, because a block has no correct no to take it from."
    usual, later = median(calm), median(hurried)
    told = (
        f"An empty picture got {usual:.1f} s from you while every second one held a target, and "
        f"{later:.1f} s when one in twenty did."
    )
    if later < LESS_TIME * usual:
        return f"Minimum view time: do not answer no before {usual:.1f} s. {told}"
    return f"Minimum view time: {later:.1f} s, which is what you take anyway. {told}"


def _look_again(second: SecondLook | None) -> str:
    """What the second look was worth."""
    if second is None:
        return "Second look: not tried yet. Run the second look of block 3, and read this again."
    spoiled = counted(second.spoiled, "right answer")
    made = f" and turned {spoiled} wrong" if second.spoiled else ""
    told = (
        f"Second look: {second.looks} pictures in {second.seconds:.0f} s found {second.found} "
        f"missed {'target' if second.found == 1 else 'targets'}{made}."
    )
    if second.found > second.spoiled:
        return f"{told} Keep it: look again at your quickest answers before a batch is closed."
    return f"{told} On this batch it did not pay; try it on another before you drop it."


def _gold(rare: Table) -> str:
    """How little is known, and how gold would help."""
    low, high = rate_interval(rare.misses, rare.targets)
    return (
        f"Gold: your miss rate among rare targets is {rare.misses} of {rare.targets}, so it may "
        f"lie anywhere from {percent(low)} to {percent(high)}. Ask for pictures with a known "
        "target in your queue, one in ten, so that every block measures you."
    )

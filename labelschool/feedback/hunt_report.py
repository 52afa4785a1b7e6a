"""The hunt for a rare target: the report with own numbers, two figures and the plan; the review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from math import ceil

from labelschool.demos.numbers import percent
from labelschool.exercises import attention
from labelschool.exercises.attention import Look, Plan, Stretch
from labelschool.scoring.detection_theory import (
    criterion,
    d_prime,
    d_prime_interval,
    rate_interval,
)
from labelschool.scoring.score import Score

from . import html
from .reports import Report

WIDTH, HEIGHT = 700, 216
LEFT, RIGHT, TOP, BOTTOM = 48, 120, 22, 28
FREQUENT, RARE = "#0072b2", "#d55e00"
"""Blue and vermillion of Okabe and Ito; shapes differ too."""
MISSES_SHOWN, ALARMS_SHOWN = 10, 3
"""Pictures in a review at most: as many misses as there are rare targets."""
MEASURES = (
    "",
    "found",
    "missed",
    "false alarms",
    "miss rate (95 % interval)",
    "d' (95 % interval)",
    "criterion",
    "seconds a picture, median",
)


def hunt_report(
    score: Score,
    *,
    pass_mark: float,
    said: Sequence[str],
    blocks: Mapping[int, Sequence[Look]],
    plan: Plan | None,
) -> Report:
    """Numbers that are `said` to be wrong, then the table once it passes, the curves and the plan.

    `blocks` holds the finished ones; without a `plan` some are missing.
    """
    right = sum(line.right for line in score.items)
    figures = f"{right} of {score.n} numbers are right. What you found or missed is not graded."
    body = [html.head(score, "own numbers", pass_mark, figures), *map(html.note, said)]
    lines = [figures, *said]
    if score.value >= pass_mark:
        columns = [_column(number, found) for number, found in blocks.items()]
        body.append(_table(columns))
        lines += [
            ", ".join(f"{name} {cell}".strip() for name, cell in zip(MEASURES, column, strict=True))
            for column in columns
        ]
    if plan:
        body += [pace_figure(blocks), speed_figure(blocks), "<p><b>Your plan</b></p>"]
        told = [*plan.sentences]
        if any(not look.right for found in blocks.values() for look in found):
            told.append("`review()` shows you what you missed, each tilted icon in a ring.")
        body += map(html.note, told)
        lines += [_curve_in_words(blocks), "Your plan", *told]
    return Report(_inked(body), "\n".join(lines))


def hunt_review(
    blocks: Mapping[int, Sequence[Look]],
    *,
    picture: Callable[[str], bytes],
    cell: Callable[[str], tuple[int, int] | None],
    note: str = "",
) -> Report:
    """The missed pictures of some blocks, those of the rare blocks first, then false alarms.

    `picture` gives a JPEG with the target in a ring, and `cell` its row and column.
    """
    rare_first = [
        (look, f"block {block}, picture {place}")
        for block in sorted(blocks, key=lambda block: (block == 1, block))
        for place, look in enumerate(blocks[block], 1)
    ]
    missed = [(look, place) for look, place in rare_first if look.tilted and not look.said_tilted]
    alarms = [(look, place) for look, place in rare_first if look.said_tilted and not look.tilted]
    targets = sum(look.tilted for look, _ in rare_first)
    lines = [
        f"Of {targets} targets you missed {len(missed) or 'none'}. False alarms: {len(alarms)}."
        + _first(len(missed), MISSES_SHOWN, "misses")
        + _first(len(alarms), ALARMS_SHOWN, "false alarms"),
        *([note] if note else []),
    ]
    body = [*map(html.note, lines)]
    for look, place in missed[:MISSES_SHOWN] + alarms[:ALARMS_SHOWN]:
        at = cell(look.item)
        what = f"the tilted icon in a ring, row {at[0]}, column {at[1]}" if at else "none is tilted"
        said = f"you said {'tilted' if look.said_tilted else 'upright'} after {look.seconds:.1f} s"
        body.append(
            html.saved_item(
                place=f"{place}: {what}",
                file=look.item,
                state=said,
                picture=picture(look.item),
                small=False,
                passages=(),
                rows=(),
                notes=(),
            )
        )
        lines.append(f"{place}: {what}; {said}")
    return Report(_inked(body), "\n".join(lines))


def _first(number: int, shown: int, what: str) -> str:
    """That only the first of some are shown, if so."""
    return f" The first {shown} {what} are shown, rare blocks first." if number > shown else ""


def _inked(body: Sequence[str]) -> str:
    """A page in normal ink throughout: what a report elsewhere says in passing is said here."""
    return html.page(['<div style="--lsr-soft:currentColor">', *body, "</div>"])


def _column(number: int, found: Sequence[Look]) -> tuple[str, ...]:
    """What was measured in a block, in the order of `MEASURES`."""
    table = attention.table(found)
    low, high = rate_interval(table.misses, table.targets)
    least, most = d_prime_interval(table)
    return (
        f"block {number}",
        str(table.hits),
        str(table.misses),
        str(table.false_alarms),
        f"{percent(table.miss_rate)} ({percent(low)} to {percent(high)})",
        f"{d_prime(table):.2f} ({least:.1f} to {most:.1f})",
        f"{criterion(table):+.2f}",
        f"{attention.stretch(found).seconds:.1f}",
    )


def _table(columns: Sequence[Sequence[str]]) -> str:
    """A row for each measure, a column for each block."""
    rows = (
        f'<th scope="row">{escape(name)}</th>' + "".join(f"<td>{escape(c)}</td>" for c in cells)
        for name, *cells in zip(MEASURES, *columns, strict=True)
    )
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f'<table class="lsr-rows">{body}</table>'


def _series(blocks: Mapping[int, Sequence[Look]]) -> Iterator[tuple[str, str, list[Stretch]]]:
    """Label, colour and speed-accuracy curve of the frequent and of the rare blocks."""
    rare = [look for number in (2, 3) for look in blocks[number]]
    yield "1 in 2", FREQUENT, attention.by_time(blocks[1])
    yield "1 in 20", RARE, attention.by_time(rare)


def _curve_in_words(blocks: Mapping[int, Sequence[Look]]) -> str:
    told = (
        f"{label}: "
        + ", ".join(
            f"{attention.counted(bin_.errors, 'error')} in {bin_.n} at {bin_.seconds:.1f} s"
            for bin_ in bins
        )
        for label, _, bins in _series(blocks)
    )
    return f"Quickest, middle and slowest third of your answers. {'; '.join(told)}."


def pace_figure(blocks: Mapping[int, Sequence[Look]]) -> str:
    """Seconds a picture through the hunt, with every miss and false alarm where it happened."""
    found = [look for number in sorted(blocks) for look in blocks[number]]
    lines = {number: attention.pace(looks) for number, looks in blocks.items()}
    top = max(1, ceil(max(max(line) for line in lines.values())))
    span, room = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(place: int) -> float:
        return LEFT + span * (place + 0.5) / len(found)

    def y(seconds: float) -> float:
        return TOP + room * (1 - seconds / top)

    parts, place = [], 0
    for number, line in sorted(lines.items()):
        colour = FREQUENT if number == 1 else RARE
        points = " ".join(f"{x(place + n):.1f},{y(s):.1f}" for n, s in enumerate(line))
        parts.append(_curve(points, colour))
        parts.append(_text(x(place), TOP - 8, f"block {number}"))
        if place:
            edge = LEFT + span * place / len(found)
            parts.append(_rule(edge, TOP, edge, HEIGHT - BOTTOM))
        place += len(line)
    for place, look in enumerate(found):
        if not look.right:
            mark = _triangle if look.tilted else _square
            parts.append(mark(x(place), HEIGHT - BOTTOM - (8 if look.tilted else 22)))
    key = WIDTH - RIGHT + 14
    parts += [_triangle(key, TOP + 12), _text(key + 12, TOP + 16, "missed")]
    parts += [_square(key, TOP + 32), _text(key + 12, TOP + 36, "false alarm")]
    errors = sum(not look.right for look in found)
    alt = (
        "Seconds a picture through the hunt. Median of "
        + ", ".join(
            f"block {n}: {attention.stretch(looks).seconds:.1f} s"
            for n, looks in sorted(blocks.items())
        )
        + f". Marked: {attention.counted(errors, 'error')}."
    )
    return _figure(alt, "pictures in the order of the hunt; seconds each", "", f"{top} s", parts)


def speed_figure(blocks: Mapping[int, Sequence[Look]]) -> str:
    """The speed-accuracy plot: share of errors in each third of the answers, by their time."""
    series = list(_series(blocks))
    longest = max(bin_.seconds for _, _, bins in series for bin_ in bins)
    highest = max(bin_.interval[1] for _, _, bins in series for bin_ in bins)
    span, room = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    top, end = ceil(10 * highest) / 10, max(1, ceil(longest))

    def x(seconds: float) -> float:
        return LEFT + span * seconds / end

    def y(share: float) -> float:
        return TOP + room * (1 - share / top)

    parts = []
    for label, colour, bins in series:
        at = [(x(bin_.seconds), y(bin_.errors / bin_.n)) for bin_ in bins]
        points = " ".join(f"{px:.1f},{py:.1f}" for px, py in at)
        parts.append(_curve(points, colour))
        for (px, py), bin_ in zip(at, bins, strict=True):
            low, high = bin_.interval
            parts.append(_rule(px, y(low), px, y(high), colour))
            parts.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{colour}"/>')
        row = TOP + 14 + 22 * (colour == RARE)
        key = WIDTH - RIGHT + 10
        parts.append(
            _curve(f"{key},{row - 4} {key + 28},{row - 4}", colour) + _text(key + 34, row, label)
        )
    label = "seconds a picture: quickest, middle and slowest third of your answers"
    parts.append(_text(WIDTH - RIGHT, HEIGHT - BOTTOM + 18, f"{end} s", anchor="end"))
    return _figure(_curve_in_words(blocks), label, "errors", percent(top), parts)


def _figure(alt: str, x_label: str, y_label: str, top: str, parts: Sequence[str]) -> str:
    """Axes from zero, with what stands at the top of the upright one, and the parts on them."""
    axes = (
        _rule(LEFT, TOP, LEFT, HEIGHT - BOTTOM)
        + _rule(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM)
        + _text(LEFT - 6, TOP + 4, top, anchor="end")
        + _text(LEFT - 6, HEIGHT - BOTTOM, "0", anchor="end")
        + _text(LEFT - 6, (TOP + HEIGHT - BOTTOM) / 2, y_label, anchor="end")
        + _text(LEFT, HEIGHT - BOTTOM + 18, x_label)
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img" aria-label="{escape(alt)}" '
        f'style="display:block;max-width:{WIDTH}px;margin:10px 0">{axes}{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, text: str, *, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="currentColor" '
        f'font-size="12">{escape(text)}</text>'
    )


def _curve(points: str, colour: str) -> str:
    """A line through points; what belongs to the rare blocks is dashed as well."""
    dash = ' stroke-dasharray="6 4"' if colour == RARE else ""
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str = "currentColor") -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        'stroke-opacity="0.7"/>'
    )


def _triangle(x: float, y: float) -> str:
    return f'<path d="M{x - 6:.1f} {y - 5:.1f}h12l-6 10z" fill="{RARE}"/>'


def _square(x: float, y: float) -> str:
    return (
        f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="none" '
        f'stroke="{FREQUENT}" stroke-width="2"/>'
    )

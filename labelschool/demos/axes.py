"""Axes of the figures in which shares are drawn, as SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from labelschool.demos.numbers import percent

SHARES = (0, 0.25, 0.5, 0.75, 1)


def share_lines(left: float, right: float, y: Callable[[float], float]) -> str:
    """A line across for each of `SHARES`, at the height that `y` gives in px, with its per cent."""
    return "".join(
        f'<path d="M{left} {y(share):.1f}H{right}" stroke="var(--lsd-line)" opacity="0.6"/>'
        f'<text x="{left - 8}" y="{y(share) + 4:.1f}" text-anchor="end" class="soft">'
        f"{percent(share)}</text>"
        for share in SHARES
    )


def share_ticks(shares: Iterable[float], x: Callable[[float], float], y: float) -> str:
    """The per cent of each share, centred where `x` puts it, on a line of text `y` px down."""
    return "".join(
        f'<text x="{x(share):.1f}" y="{y}" text-anchor="middle" class="soft">'
        f"{percent(share)}</text>"
        for share in shares
    )

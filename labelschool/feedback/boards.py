"""How much of each board of a shelf was found, as a picture and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from labelschool.feedback.reports import Report
from labelschool.scoring.score import RECALL_TO_PASS
from labelschool.scoring.shelves import Board

WIDTH, BOARD, LEFT, RIGHT = 560, 34, 112, 430
FOUND, MISSED = "#0072b2", "#d55e00"


def added(report: Report, boards: Sequence[Board]) -> Report:
    """The report with the picture of its boards below."""
    lines = [_line(board) for board in reversed(boards)]
    told = ["What you found, board by board, from the top:", *lines, _verdict(boards)]
    paragraphs = "".join(f'<p class="lsr-note">{escape(line)}</p>' for line in (told[0], told[-1]))
    figure = f'<div class="lsr-report">{picture(boards)}{paragraphs}</div>'
    return replace(report, html=report.html + figure, text="\n".join([report.text, *told]))


def picture(boards: Sequence[Board]) -> str:
    """A rack as SVG: on each board a bar of what was found, and in outline what was missed."""
    parts = []
    for number, board in enumerate(reversed(boards)):
        y = 8 + BOARD * number
        edge = LEFT + (RIGHT - LEFT) * board.recall
        parts.append(
            f'<text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">{_name(board)}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{edge - LEFT:.1f}" height="20" fill="{FOUND}"/>'
            f'<rect x="{edge:.1f}" y="{y + 1}" width="{max(RIGHT - edge - 1, 0):.1f}" height="18" '
            f'fill="none" stroke="{MISSED}" stroke-width="2" stroke-dasharray="4 3"/>'
            f'<path d="M{LEFT - 4} {y + 24}H{RIGHT + 4}" stroke="currentColor" stroke-width="3"/>'
            f'<text x="{RIGHT + 12}" y="{y + 15}">{board.found} of {board.n}, '
            f"{board.recall:.0%}</text>"
        )
    height = 12 + BOARD * len(boards)
    said = escape("; ".join(_line(board) for board in reversed(boards)))
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" fill="currentColor" '
        f'style="max-width:100%;font-size:13px" role="img" aria-label="{said}">'
        f"{''.join(parts)}</svg>"
    )


def _verdict(boards: Sequence[Board]) -> str:
    worst = min(boards, key=lambda board: board.recall)
    if worst.recall >= RECALL_TO_PASS:
        return f"On every board at least {RECALL_TO_PASS:.0%} is found."
    if worst.place == 1:
        return "The bottom board is the weakest: begin the next picture there, while you are fresh."
    return f"The weakest is {_name(worst)}: go along it once more from left to right."


def _name(board: Board) -> str:
    return "bottom board" if board.place == 1 else f"board {board.place}"


def _line(board: Board) -> str:
    return f"{_name(board)}: {board.found} of {board.n} found ({board.recall:.0%})"

"""What a report shows of job advertisements: their text with the words that decide, and shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from labelschool.feedback.answer_words import Passage
from labelschool.feedback.brackets import pieces
from labelschool.model import Item, TextTruth

if TYPE_CHECKING:
    from labelschool.scoring.requirements import Share

INVENTED = "Shares by your own tags. These ads are invented, so they say nothing about the market."


def passage(item: Item, truth: TextTruth) -> Passage:
    """The text of an item with the words that decide in brackets, each with its answer."""
    named = [
        span.model_copy(update={"label": f"{span.label}, {truth.choices[span.label][0]}:"})
        for span in truth.spans
    ]
    return Passage("", tuple(pieces(item.text, named)))


def share_rows(shares: Sequence[Share]) -> list[tuple[str, ...]]:
    """The rows of the table of shares, its head first."""
    n = shares[0].n
    rows = [("skill", f"required in {n} ads", "share", "95 % interval", "welcome")]
    for share in shares:
        low, high = (round(100 * end) for end in share.interval)
        percent = f"{100 * share.required / n:.0f} %"
        rows.append(
            (share.skill, str(share.required), percent, f"{low} to {high} %", str(share.welcome))
        )
    return rows

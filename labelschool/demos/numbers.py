"""Numbers as people read and write them."""

from __future__ import annotations

import math
import re


def plain(number: float) -> str:
    """A number for reading: four significant digits, thousands apart, no trailing zeros."""
    if number == int(number):
        return f"{int(number):,}"
    digits = max(0, 3 - math.floor(math.log10(abs(number))))
    return f"{number:,.{digits}f}".rstrip("0").rstrip(".")


def percent(share: float, digits: int = 0) -> str:
    """A share as the lessons write it: ``22 %``, or ``22.3 %`` with a digit."""
    return f"{100 * share:.{digits}f} %"


def read_number(text: str) -> float | None:
    """A number typed with a point or a comma; None when it is none."""
    text = re.sub(r"\s", "", text)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", text):
        text = text.replace(",", "")
    try:
        number = float(text.replace(",", ".").rstrip("%"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None

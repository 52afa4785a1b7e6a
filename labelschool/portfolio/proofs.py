"""Whether a number that a learner writes of themselves is one that their portfolio proves."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labelschool.portfolio.claims import KINDS, claim_lacks
from labelschool.portfolio.pieces import EVIDENCE

_NUMBER = r"\d*\.?\d+"
_LEVEL = r"\b9[059] ?% (confidence )?(interval|CI)\b"
_N = r"\bn ?= ?(\d+)|\b(\d+) (?:objects|boxes|pictures|images|items|labels|tags|targets|texts)\b"
_INTERVAL = rf"({_NUMBER}) ?(%?) ?(?:to|-|–|\.\.+) ?({_NUMBER}) ?(%?)"
_SHARE = rf"({_NUMBER}) ?%|\b(\d?\.\d+)"
_DENIED = rf"\b(?:not|no|without)\b[^,.;]{{0,12}}(?:{KINDS})"


@dataclass(frozen=True)
class Proof:
    """What an `evidence.json` proves: a score from 0 to 1 with all that belongs to it."""

    metric: str
    score: float
    n: int
    unit: str
    interval: tuple[float, float] | None
    kind: str

    def __str__(self) -> str:
        said = f"{self.metric} {self.score:.2f}, n = {self.n} {self.unit}"
        if self.interval:
            said += f", 95 % interval {self.interval[0]:.2f} to {self.interval[1]:.2f}"
        return f"{said}, {self.kind}"


def proven_by(evidence: Mapping[str, Any]) -> list[Proof]:
    """What the content of an `evidence.json` proves: its claim, or the claims of its parts."""
    claims = evidence.get("claims") or [evidence.get("claim")]
    return [
        Proof(
            claim["metric"],
            claim["score"],
            claim["n"],
            claim["unit"],
            tuple(claim["interval"]) if claim["interval"] else None,
            claim.get("kind") or evidence["kind"],
        )
        for claim in claims
        if claim
    ]


def read(portfolio: Path) -> list[Proof]:
    """What the pieces of a portfolio prove; a file that cannot be read proves nothing."""
    found = []
    for path in sorted(portfolio.glob(f"*/{EVIDENCE}")):
        try:
            found += proven_by(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def unproven(text: str, proven: Sequence[Proof]) -> str:
    """Why a measured number in a text is no claim, in one sentence; empty where all agrees."""
    text = re.sub(r" ?per ?cent\b", " %", re.sub(r"(?<=\d),(?=\d{3}\b)", "", text))
    if not re.search(rf"{_SHARE}|{_N}", text, re.IGNORECASE):
        return ""
    if lacking := claim_lacks(text):
        return f"A number needs more beside it: {', '.join(lacking)}."
    if not proven:
        return f"No {EVIDENCE} proves this number yet: build the portfolio, then type it again."
    nearest = min(proven, key=lambda one: len(_differing(text, one)))
    if differing := _differing(text, nearest):
        parts = " and ".join(filter(None, [", ".join(differing[:-1]), differing[-1]]))
        return f"{EVIDENCE} says {nearest}: change the {parts} of your line."
    return ""


def _differing(text: str, proven: Proof) -> list[str]:
    """The parts of a claim that are not those of a proof, by their names."""
    rest = re.sub(_LEVEL, "", text, flags=re.IGNORECASE)
    sizes = [int(a or b) for a, b in re.findall(_N, rest, re.IGNORECASE)]
    rest = re.sub(_N, "", rest, flags=re.IGNORECASE)
    intervals = re.findall(_INTERVAL, rest)
    rest = re.sub(_INTERVAL, "", rest)
    shares = [(a or b, bool(a)) for a, b in re.findall(_SHARE, rest)]
    ends = [
        (given, bool(low_percent or high_percent), end)
        for low, low_percent, high, high_percent in intervals
        for given, end in zip((low, high), proven.interval or (None, None), strict=True)
    ]
    kinds = re.findall(KINDS, re.sub(_DENIED, "", rest, flags=re.IGNORECASE), re.IGNORECASE)
    agrees = {
        "metric": proven.metric.lower() in text.lower(),
        "score": bool(shares) and all(_is(one, percent, proven.score) for one, percent in shares),
        "n": all(size == proven.n for size in sizes),
        "interval": all(_is(*one) for one in ends) and bool(ends),
        "kind of data": bool(kinds) and all(kind.lower() in proven.kind for kind in kinds),
    }
    return [part for part, same in agrees.items() if not same]


def _is(given: str, percent: bool, true: float | None) -> bool:
    """Whether a number as it is written is the true share, rounded to the digits written."""
    digits = len(given.partition(".")[2]) + (2 if percent else 0)
    value = float(given) / (100 if percent else 1)
    return true is not None and abs(value - true) <= 0.5 * 10**-digits + 1e-9

"""A3.c: a sampling plan, and the decision on audited deliveries and on the people behind them.

Functions ``plan(good, bad, producer, consumer)``, ``judge(sizes, audits, limit)`` and
``people(audits, limit)``. Nobody and nothing is called bad while the interval holds the limit.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from labelschool.exercises.suites import is_number, looked_at
from labelschool.exercises.suites.lots import smallest_plan
from labelschool.generators.lots import Row, delivery
from labelschool.quality.sampling import Estimate, stratified_estimate, wilson_interval

LIMIT = 0.05
EXACT = 1e-6
NARROW, WIDE = 0.6, 1.6
"""Between these shares of the width of ours lies any sound interval."""

ACCEPT, REJECT, AGAIN = "accept", "reject", "look again"
Arguments = Sequence[Any]


def estimate(sizes: Mapping[str, int], audits: Sequence[Row]) -> Estimate:
    """The share of defects of a delivery, each class by its size."""
    looked = Counter(row["class"] for row in audits)
    wrong = Counter(row["class"] for row in audits if row["defect"])
    rows = [(size, looked[name], wrong[name]) for name, size in sizes.items()]
    return stratified_estimate(pd.DataFrame(rows, columns=["size", "n", "defects"]))


def decision(found: Estimate, limit: float) -> str:
    """What an interval says about a limit."""
    low, high = found.interval
    return ACCEPT if high <= limit else REJECT if low > limit else AGAIN


def proved(audits: Sequence[Row], limit: float) -> tuple[list[str], list[str]]:
    """Who is proved worse than the limit, and who is above it and may yet be as good."""
    n = Counter(row["annotator"] for row in audits)
    wrong = Counter(row["annotator"] for row in audits if row["defect"])
    low = {name: wilson_interval(wrong[name], n[name])[0] for name in n}
    worse = sorted(name for name in n if low[name] > limit)
    doubt = sorted(name for name in n if low[name] <= limit < wrong[name] / n[name])
    return worse, doubt


# What a call has to give --------------------------------------------------------------------------


def _rate(value: Any, sizes: Mapping[str, int], audits: Sequence[Row], limit: float) -> str:
    if not isinstance(value, dict):
        return 'it has to return a dict with "rate", "low", "high" and "decision".'
    right, given = estimate(sizes, audits).rate, value.get("rate")
    if is_number(given) and abs(given - right) <= EXACT:
        return ""
    pooled = sum(row["defect"] for row in audits) / len(audits)
    if is_number(given) and abs(given - pooled) <= EXACT:
        return (
            "you pooled the classes. As many cyclists as cars were audited, and a delivery holds "
            "far fewer: weigh each class by its size."
        )
    return f'"rate" is {given!r}; by the sizes of the classes it is {right:.4f}.'


def _interval(value: Any, sizes: Mapping[str, int], audits: Sequence[Row], limit: float) -> str:
    if wrong := _rate(value, sizes, audits, limit):
        return wrong
    low, high = value.get("low"), value.get("high")
    if not is_number(low) or not is_number(high):
        return '"low" and "high" have to be numbers.'
    if not 0 <= low <= value["rate"] <= high <= 1:
        return f"the interval {low:.4f} to {high:.4f} has to hold the rate and lie within 0 and 1."
    ours = estimate(sizes, audits).interval
    share = (high - low) / (ours[1] - ours[0])
    if not NARROW <= share <= WIDE:
        how = "narrow" if share < NARROW else "wide"
        return (
            f"the interval {low:.4f} to {high:.4f} is too {how}: 95 % are about {ours[0]:.3f} to "
            f"{ours[1]:.3f}. Each class has its own n and its own weight."
        )
    return ""


def _decided(value: Any, sizes: Mapping[str, int], audits: Sequence[Row], limit: float) -> str:
    found = estimate(sizes, audits)
    if found.rate == found.rate and (wrong := _rate(value, sizes, audits, limit)):
        return wrong
    right, said = decision(found, limit), value.get("decision") if isinstance(value, dict) else None
    if said == right:
        return ""
    if found.rate != found.rate:
        return f"a class was not audited at all, so nothing is known about it; you say {said!r}."
    low, high = found.interval
    if right == AGAIN:
        return (
            f"you say {said!r}, and the interval, {low:.3f} to {high:.3f}, holds the limit of "
            f"{limit:g}: nothing is proved either way. Look at more."
        )
    return f"the interval, {low:.3f} to {high:.3f}, says {right!r} at {limit:g}; you say {said!r}."


def _people(value: Any, audits: Sequence[Row], limit: float) -> str:
    if not isinstance(value, list):
        return "it has to return a list of names."
    worse, doubt = proved(audits, limit)
    if accused := sorted({str(name) for name in value} & {*doubt}):
        n = sum(row["annotator"] == accused[0] for row in audits)
        wrong = sum(row["defect"] for row in audits if row["annotator"] == accused[0])
        low, high = wilson_interval(wrong, n)
        return (
            f"{accused[0]} is called bad for {wrong} defects in {n}. The interval, {low:.3f} to "
            f"{high:.3f}, holds the limit of {limit:g}: that can be chance."
        )
    if sorted(map(str, value)) == worse:
        return ""
    if missed := [name for name in worse if name not in value]:
        return f"{missed[0]} is proved worse than {limit:g} and not named."
    return f"{value!r} names somebody who is not above the limit."


# Cases --------------------------------------------------------------------------------------------


def audited(seed: int, counts: Mapping[str, tuple[int, int]]) -> list[Row]:
    """Audits of people: name -> defects and n."""
    rng = random.Random(seed)
    rows = [
        {"annotator": name, "class": rng.choice(("car", "van")), "defect": number < wrong}
        for name, (wrong, n) in counts.items()
        for number in range(n)
    ]
    rng.shuffle(rows)
    return rows


def _case(seed: int, car: float, person: float, van: float, cyclist: float | None) -> Arguments:
    rates = {"car": car, "person": person, "van": van}
    made = delivery(seed, rates if cyclist is None else rates | {"cyclist": cyclist})
    return made.sizes, list(made.audits), LIMIT


GOOD = (_case(6101, 0.00, 0.02, 0.06, 0.30), _case(6102, 0.0067, 0.00, 0.10, 0.24))
"""Good as a whole, though the rare class is bad: pooled they would be rejected."""
BAD = (_case(6111, 0.16, 0.06, 0.02, 0.00), _case(6112, 0.12, 0.14, 0.00, 0.02))
DOUBT = (_case(6121, 0.06, 0.0467, 0.0667, 0.08), _case(6122, 0.04, 0.06, 0.04, 0.10))
UNSEEN = (_case(6131, 0.00, 0.00, 0.02, None), _case(6132, 0.14, 0.10, 0.06, None))
PROVED = audited(6141, {"Ada": (4, 200), "Bea": (34, 200), "Cem": (8, 180), "Dan": (40, 160)})
ABOVE = audited(6142, {"Ada": (12, 160), "Bea": (30, 150), "Cem": (9, 120), "Dan": (3, 140)})
FEW = audited(6143, {"Ada": (1, 5), "Bea": (28, 140), "Cem": (0, 3), "Dan": (1, 8)})

SUITE = (
    looked_at(
        "The plan",
        "plan",
        smallest_plan,
        "The smallest n with both risks.",
        *((0.01, 0.06, 0.05, 0.10), (0.02, 0.08, 0.10, 0.05), (0.005, 0.05, 0.05, 0.05)),
    ),
    looked_at("The share, by class", "judge", _rate, "Audits by class.", *GOOD, *BAD),
    looked_at("An interval for it", "judge", _interval, "The same audits.", *GOOD, *BAD, *DOUBT),
    looked_at("Good deliveries", "judge", _decided, "Good as a whole.", *GOOD),
    looked_at("Bad deliveries", "judge", _decided, "Bad in the large class.", *BAD),
    looked_at(
        "In doubt, nothing is rejected", "judge", _decided, "Near the limit.", *DOUBT, BAD[0]
    ),
    looked_at("A class without audits", "judge", _decided, "No cyclist.", *UNSEEN, GOOD[0]),
    looked_at("People who are proved worse", "people", _people, "Many audits.", (PROVED, LIMIT)),
    looked_at("People in doubt are not accused", "people", _people, "Above.", (ABOVE, LIMIT)),
    looked_at("Few audits, or none", "people", _people, "Few.", (FEW, LIMIT), ([], LIMIT)),
)

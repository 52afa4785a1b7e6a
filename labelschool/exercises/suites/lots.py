"""3.E: the learner's plan for lots of labels: how many, with which risks, drawn how, decided how.

Functions ``sample_size(margin, rate, lot)``, ``risks(n, c, good, bad)``, ``plan(good, bad)``,
``draw(rows, n, by, seed)``, ``estimate(strata)`` and ``decide(rows, good, bad, seed)``.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from labelschool import code_answers
from labelschool.demos.numbers import percent
from labelschool.exercises.suites import Judgement, failed, is_number, judgement, looked_at
from labelschool.generators import lots
from labelschool.quality.sampling import Plan, plan_for, sample_size, stratified_estimate

GOOD, BAD = 0.01, 0.06
RISK = 0.02
EXACT = 1e-6
SIGMAS = 4.5
"""So many standard deviations from the middle a sample by chance does not lie."""


def _near(value: object, right: float, slack: float = EXACT) -> bool:
    return is_number(value) and abs(value - right) <= slack


# Numbers ------------------------------------------------------------------------------------------


def _size(value: Any, margin: float, rate: float, lot: int | None) -> str:
    right = sample_size(margin, rate, lot=lot)
    if _near(value, right):
        return ""
    asked = f"+-{100 * margin:g} points at {100 * rate:g} %"
    if lot and _near(value, sample_size(margin, rate), 1):
        return (
            f"for {asked} in a lot of {lot} you took the n of an endless one; nothing is drawn "
            "twice, so fewer are enough."
        )
    if rate != 0.5 and _near(value, sample_size(margin, 0.5, lot=lot), 1):
        return f"for {asked} you took the worst case, 50 %. The rate that is expected is given."
    if _near(value, right, 1):
        return f"for {asked} you have {value}; round up, or the margin is missed by a little."
    return f"for {asked}{f' in a lot of {lot}' if lot else ''} n is {right}, not {value!r}."


def _risks(value: Any, n: int, c: int, good: float, bad: float) -> str:
    producer, consumer = Plan(n, c).risks(good, bad)
    if not isinstance(value, list) or len(value) != 2 or not all(map(is_number, value)):
        return "it has to return a list of two numbers: the producer's risk and the consumer's."
    if _near(value[0], producer, RISK) and _near(value[1], consumer, RISK):
        return ""
    plan = f"n = {n}, c = {c}, good {100 * good:g} %, bad {100 * bad:g} %"
    if _near(value[0], consumer, RISK) and _near(value[1], producer, RISK):
        return f"{plan}: the two are swapped. The producer's risk is that a good lot is rejected."
    if _near(value[0], 1 - producer, RISK):
        return f"{plan}: this is how often a good lot passes. The producer's risk is the rest."
    if c and _near(value[1], Plan(n, c - 1).risks(good, bad)[1], RISK):
        return f"{plan}: c defects are still accepted, so P(X <= c) and not P(X < c)."
    return f"{plan}: the risks are {producer:.3f} and {consumer:.3f}, not {value!r}."


def smallest_plan(
    value: Any, good: float, bad: float, producer: float = 0.05, consumer: float = 0.10
) -> str:
    """What is wrong with a plan [n, c] that should keep both risks with the least n."""
    right = plan_for(good, bad, producer=producer, consumer=consumer)
    if value == [right.n, right.c]:
        return ""
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_whole, value)):
        return "it has to return a list of two whole numbers, n and c."
    n, c = map(int, value)
    asked = f"good {100 * good:g} %, bad {100 * bad:g} %: {value!r}"
    if not 0 <= c < n:
        return f"{asked} is no plan, n has to be above c."
    rejected, accepted = Plan(n, c).risks(good, bad)
    if rejected > producer:
        lost, most = percent(rejected, 1), percent(producer)
        return f"{asked} rejects {lost} of the good lots; {most} are allowed."
    if accepted > consumer:
        passed, most = percent(accepted, 1), percent(consumer)
        return f"{asked} accepts {passed} of the bad lots; {most} are allowed."
    return f"{asked} keeps both risks, and so does the smaller n = {right.n}."


def _is_whole(value: object) -> bool:
    return is_number(value) and float(value).is_integer()


def _estimate(value: Any, strata: list[dict[str, Any]]) -> str:
    table = pd.DataFrame(strata)
    right = stratified_estimate(table).rate
    if _near(value, right):
        return ""
    if _near(value, table["defects"].sum() / table["n"].sum()):
        return (
            "you pooled the strata. A class of which more was looked at than its share would "
            "then count for more: weigh each stratum by its size in the lot."
        )
    if _near(value, (table["defects"] / table["n"]).mean()):
        return "you gave each stratum the same weight; weigh it by its size in the lot."
    return f"the share is {right:.4f}, not {value!r}."


# Drawing ------------------------------------------------------------------------------------------


def _each_once(value: Any, rows: list[lots.Row], n: int, by: str, seed: int) -> str:
    if not isinstance(value, list):
        return "it has to return a list of ids."
    if len(value) != n:
        return f"{n} were asked for, and {len(value)} came."
    there = {row["id"] for row in rows}
    if not all(isinstance(one, int) and one in there for one in value):
        return "an id is none of this lot."
    return "" if len({*value}) == n else "an id is drawn twice: draw without putting back."


def _over_the_day(value: Any, rows: list[lots.Row], n: int, by: str, seed: int) -> str:
    if wrong := _each_once(value, rows, n, by, seed):
        return wrong
    if early(value, rows):
        return EARLY
    return ""


EARLY = (
    "you took the first rows. The lot is sorted by time, and in the first hours a lead looked on: "
    "what you see is the best of the day. Draw by chance from all rows."
)


def early(ids: Sequence[Any], rows: Sequence[lots.Row]) -> bool:
    """Whether ids lie further towards the start of a lot than chance would put them."""
    place = {row["id"]: number / len(rows) for number, row in enumerate(rows)}
    mean = sum(place[one] for one in ids) / len(ids)
    return mean < 0.5 - SIGMAS * (1 / 12 / len(ids)) ** 0.5


def uneven(ids: Sequence[Any], rows: Sequence[lots.Row], by: str) -> str:
    """The stratum whose share of a sample is a label or more off its share of the lot."""
    there, stratum = Counter(row[by] for row in rows), {row["id"]: row[by] for row in rows}
    drawn = Counter(stratum[one] for one in ids)
    off = {name: drawn[name] - len(ids) * size / len(rows) for name, size in there.items()}
    worst = max(off, key=lambda name: abs(off[name]))
    return worst if abs(off[worst]) >= 1 + EXACT else ""


def _by_stratum(value: Any, rows: list[lots.Row], n: int, by: str, seed: int) -> str:
    if wrong := _each_once(value, rows, n, by, seed):
        return wrong
    if worst := uneven(value, rows, by):
        share = sum(row[by] == worst for row in rows) / len(rows)
        drawn = sum(row["id"] in {*value} for row in rows if row[by] == worst)
        return (
            f"the strata are ignored: {worst} is {percent(share, 1)} of the lot, so "
            f"{n * share:.1f} of {n} are due, and {drawn} were drawn. Draw within each {by} by its "
            "share."
        )
    return ""


@dataclass(frozen=True)
class Repeatable:
    """Whether a seed draws the same rows again, and another seed others."""

    name: str
    happens: str
    rows: list[lots.Row]
    n: int = 60

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """What is wrong about three samples by two seeds."""
        calls = [(self.rows, self.n, "class", seed) for seed in (7, 7, 8)]
        outcomes = code_answers.call(answer, "draw", calls, seconds=seconds)
        for call, outcome in zip(calls, outcomes, strict=True):
            if wrong := failed(outcome, "draw") or _each_once(outcome.value, *call):
                return judgement(wrong)
        first, again, other = (sorted(outcome.value) for outcome in outcomes)
        if first != again:
            return judgement("the same seed drew other rows: nobody could repeat your audit.")
        if first == other:
            return judgement(
                "another seed drew the same rows: whoever makes the labels would soon know which."
            )
        return judgement("")


# Deciding -----------------------------------------------------------------------------------------


def _decide(value: Any, rows: list[lots.Row], good: float, bad: float, seed: int) -> str:
    if not isinstance(value, dict):
        return 'it has to return a dict with "n", "c", "ids", "defects" and "decision".'
    if wrong := smallest_plan([value.get("n"), value.get("c")], good, bad):
        return wrong
    ids, plan = value.get("ids"), plan_for(good, bad)
    if wrong := _each_once(ids, rows, plan.n, "class", seed):
        return wrong
    wrong_ones = {row["id"] for row in rows if row["defect"]}
    defects, said = sum(one in wrong_ones for one in ids), value.get("decision")
    if early(ids, rows):
        return EARLY
    if value.get("defects") != defects:
        return f"{defects} of the rows that you drew are defects; you say {value.get('defects')!r}."
    if said != plan.decide(defects):
        return f"{defects} defects with c = {plan.c} is {plan.decide(defects)!r}, not {said!r}."
    rate = len(wrong_ones) / len(rows)
    right = "accept" if rate <= good else "reject"
    if said != right:
        found = f"a lot with {percent(rate, 1)} of defects"
        return f"{found} is to be {right}ed, and your sample says {said}."
    return ""


@cache
def lot(seed: int, rate: float = 0.05, size: int = 900) -> list[lots.Row]:
    """A hidden lot."""
    return lots.lot(seed, rate, size)


def blind(seed: int) -> list[lots.Row]:
    """A hidden lot whose defects are not told: what is drawn does not depend on them."""
    return [{key: value for key, value in row.items() if key != "defect"} for row in lot(seed)]


def _strata(seed: int) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    sizes = [rng.randrange(2000, 6000), rng.randrange(300, 900), rng.randrange(60, 200)]
    return [
        {"stratum": name, "size": size, "n": 60 - 10 * place, "defects": 1 + 4 * place}
        for place, (name, size) in enumerate(zip(("car", "van", "cyclist"), sizes, strict=True))
    ]


HIDDEN = ((5401, 0.004), (5402, 0.13), (5403, 0.005), (5404, 0.15))
"""Lots that nobody has seen: seed and share of defects."""

SUITE = (
    looked_at(
        "How many",
        "sample_size",
        _size,
        "An n for a margin in an endless lot.",
        *((0.03, 0.05, None), (0.02, 0.08, None), (0.05, 0.5, None), (0.01, 0.02, None)),
    ),
    looked_at(
        "How many of a small lot",
        "sample_size",
        _size,
        "The same in a lot of which nothing is drawn twice.",
        *((0.03, 0.05, 1000), (0.02, 0.08, 400), (0.05, 0.5, 250)),
    ),
    looked_at(
        "Both risks",
        "risks",
        _risks,
        "The risks of a given plan.",
        *((80, 2, 0.01, 0.05), (125, 3, 0.01, 0.05), (20, 0, 0.005, 0.1), (200, 9, 0.03, 0.08)),
    ),
    looked_at(
        "The smallest plan",
        "plan",
        smallest_plan,
        "At most 5 % of the good lots rejected, at most 10 % of the bad ones accepted.",
        *((0.01, 0.06), (0.01, 0.05), (0.005, 0.04), (0.02, 0.09)),
    ),
    looked_at(
        "Over the whole day",
        "draw",
        _over_the_day,
        "Samples of lots that are sorted by time.",
        *((blind(seed), n, "class", seed) for seed, n in ((5101, 80), (5102, 120), (5103, 200))),
    ),
    looked_at(
        "By class",
        "draw",
        _by_stratum,
        "Samples in which each class has its share.",
        *((blind(seed), n, "class", seed) for seed, n in ((5111, 90), (5112, 133), (5113, 250))),
    ),
    looked_at(
        "By annotator",
        "draw",
        _by_stratum,
        "Samples in which each annotator has their share.",
        *((blind(seed), n, "annotator", seed) for seed, n in ((5121, 90), (5122, 133))),
    ),
    Repeatable("The same seed, the same sample", "Two seeds, three samples.", blind(5131)),
    looked_at(
        "The share of a lot",
        "estimate",
        _estimate,
        "Strata of which different parts were looked at.",
        *((_strata(seed),) for seed in (5201, 5202, 5203)),
    ),
    looked_at(
        "The six lots",
        "decide",
        _decide,
        "The lots of the lesson.",
        *((rows, GOOD, BAD, place) for place, rows in enumerate(lots.six().values(), start=1)),
    ),
    looked_at(
        "Lots that nobody has seen",
        "decide",
        _decide,
        "Good and bad lots from other days.",
        *((lot(seed, rate), GOOD, BAD, seed) for seed, rate in HIDDEN),
    ),
)

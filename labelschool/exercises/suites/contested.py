"""A3.b: the learner's ``resolve(rows, contested)``, one class for each contested item.

The function gets rows ``[item, annotator, label]``, all opinions of the hidden twin of the label
store, and the 500 items whose opinions differ that are asked for; it returns a dict from item to
label. What counts is the accuracy against what the items show, between two marks of the same store:
nothing for what a majority vote reaches, everything for what Dawid-Skene reaches on all rows.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from labelschool import code_answers
from labelschool.exercises.suites import Judgement, failed, judgement
from labelschool.exercises.suites.audits import right, twins
from labelschool.exercises.suites.audits.truth import opinions
from labelschool.generators import label_store
from labelschool.quality import dawid_skene

FUNCTION = "resolve"
ITEMS = 500
SLACK = 0.01
"""By how much the accuracy may lie below ours and still earn everything."""
SECONDS = 30
"""For the one call there is, which brings some 18,000 rows."""


@dataclass(frozen=True)
class Store:
    """The opinions of a twin, the items asked for, their truth, and the accuracy of two ways."""

    rows: list[list[str]]
    contested: list[str]
    truth: Mapping[str, str]
    majority: float
    reference: float


@cache
def store(seed: int, database: Path) -> Store:
    """What the answer is called with, and judged by."""
    said = opinions(database, right("opinions"))
    told = said[["item", "annotator", "label"]].astype(str)
    ordinary = told[said["gold"] == 0]
    open_items = ordinary.groupby("item")["label"].nunique().loc[lambda n: n > 1].index
    contested = random.Random(seed).sample(sorted(open_items), ITEMS)
    truth = {str(item): cls for item, cls in label_store.truth(seed).items()}
    true = pd.Series(truth)[contested]
    votes = pd.crosstab(ordinary["item"], ordinary["label"]).loc[contested]
    most = votes.eq(votes.max(axis=1), axis=0)
    chance = most.div(most.sum(axis=1), axis=0)
    lot = sum(chance.at[item, cls] for item, cls in true.items() if cls in chance)
    consensus = dawid_skene(told).consensus[contested]
    return Store(
        told.sample(frac=1, random_state=seed % 2**32).to_numpy().tolist(),
        contested,
        true.to_dict(),
        lot / ITEMS,
        float((consensus == true).mean()),
    )


@dataclass(frozen=True)
class Contested:
    """The contested items of the twin."""

    name: str = "500 contested items of the hidden store"
    happens: str = ""

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """The share of the way from a majority vote to Dawid-Skene."""
        asked = store(twins.seed(), twins.path())
        calls = [[asked.rows, asked.contested]]
        (outcome,) = code_answers.call(answer, FUNCTION, calls, seconds=max(seconds, SECONDS))
        if wrong := failed(outcome, FUNCTION):
            return judgement(wrong)
        given = outcome.value
        if not isinstance(given, dict):
            return judgement("it has to return a dict from item to label.")
        missing = [item for item in asked.contested if item not in given]
        if missing:
            return judgement(f"{len(missing)} of the contested items have no label: {missing[0]}.")
        return _placed(given, asked)


def _placed(given: Mapping[str, object], asked: Store) -> Judgement:
    hits = sum(given[item] == true for item, true in asked.truth.items())
    full = asked.reference - SLACK
    share = (hits / ITEMS - asked.majority) / (full - asked.majority)
    share = min(max(share, 0.0), 1.0)
    said = (
        f"{hits} of {ITEMS} are right. A majority vote gets {ITEMS * asked.majority:.0f}, "
        f"Dawid-Skene on all rows {ITEMS * asked.reference:.0f}."
    )
    if share >= 1:
        return Judgement(1.0)
    if hits / ITEMS < asked.majority - 0.05:
        return Judgement(share, f"{said} Yours is worse than counting votes.")
    if share < 0.2:
        return Judgement(
            share,
            f"{said} Yours counts every annotator alike, or learns from the contested items alone. "
            "Where people agree they show what their labels are worth: use all rows.",
        )
    return Judgement(share, f"{said} Let both steps take turns until hardly anything moves.")


SUITE = (Contested(),)

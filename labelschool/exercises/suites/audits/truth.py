"""What an audit of a label store has to find: the numbers of A3.a, by the right queries.

Everything but the culprits is computed from rows of `queries`; the culprits stand in the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from labelschool import sql
from labelschool.exercises.suites.audits import right, twins
from labelschool.generators.label_store import BAR
from labelschool.quality.agreement import alpha_of_labels

COUNTS, SHARES = ("n", "correct"), ("accuracy", "low", "high")


@dataclass(frozen=True)
class Expected:
    """The numbers of one store, each computed from rows of the queries in `queries`."""

    gold: Mapping[str, Mapping[str, float | None]]
    duplicates: tuple[int, int]
    duplicated: Mapping[str, int]
    alpha: float
    alphas: Mapping[str, float]
    drift: Mapping[str, Any]
    leaked: Mapping[str, Any]

    @property
    def verdicts(self) -> dict[str, str]:
        """Annotator -> what the interval says against the bar."""
        return {who: _verdict(row["low"], row["high"]) for who, row in self.gold.items()}


def _verdict(low: float | None, high: float | None) -> str:
    if low is None or low <= BAR <= high:
        return "open"
    return "below" if high < BAR else "above"


@cache
def expected(database: Path) -> Expected:
    """What an audit of the twin has to find."""
    said = opinions(database, right("opinions"))
    key = twins.key()
    gold = gold_counts(database, right("Q7"))
    who = key["leaked_gold"]["annotator"]
    leaked = {
        "annotator": who,
        "gold": gold[str(who)]["accuracy"],
        "elsewhere": elsewhere(said)[who],
    }
    return Expected(
        gold=gold,
        duplicates=duplicates(database, right("Q2")),
        duplicated=dict.fromkeys(gold, 0) | duplicated(database, right("duplicates")),
        alpha=alpha_of_labels(said),
        alphas=_alphas(said),
        drift=key["drift"],
        leaked=leaked,
    )


def elsewhere(said: pd.DataFrame) -> pd.Series:
    """For each annotator the share of labels, gold left out, that are what most of the others say.

    An item counts where others labelled it and one class of theirs leads alone.
    """
    counts = pd.crosstab(said["item"], said["label"])
    own = pd.get_dummies(said["label"])[counts.columns].to_numpy(int)
    others = counts.loc[said["item"]].to_numpy() - own
    most = others.max(axis=1)
    leads = (most > 0) & ((others == most[:, None]).sum(axis=1) == 1)
    agrees = (others * own).sum(axis=1) == most
    counted = leads & (said["gold"] == 0)
    return pd.Series(agrees[counted]).groupby(said["annotator"][counted].to_numpy()).mean()


def gold_counts(database: Path, query: str) -> dict[str, dict[str, float | None]]:
    """Annotator -> counts and shares on gold, by a query with the columns of Q7."""
    names = (*COUNTS, *SHARES)
    return {str(who): dict(zip(names, row, strict=True)) for who, *row in _rows(database, query)}


def duplicates(database: Path, query: str) -> tuple[int, int]:
    """Groups of the same label, and the labels that are more than one in each."""
    copies = [row[-1] for row in _rows(database, query)]
    return len(copies), sum(copies) - len(copies)


def duplicated(database: Path, query: str) -> dict[str, int]:
    """Annotator -> labels in such groups; nobody without any."""
    return {str(who): labels for who, labels in _rows(database, query)}


def opinions(database: Path, query: str) -> pd.DataFrame:
    """A long table with the columns item, annotator, label and gold."""
    return pd.DataFrame(_rows(database, query), columns=["item", "annotator", "label", "gold"])


def _alphas(said: pd.DataFrame) -> dict[str, float]:
    """Alpha of each class against all others together; nan where nobody could disagree."""
    return {
        name: alpha_of_labels(said.assign(label=said["label"] == name))
        for name in sorted(said["label"].unique())
    }


def _rows(database: Path, query: str) -> tuple[tuple[sql.Value, ...], ...]:
    return sql.run(database, query, seconds=60).rows

"""The sets of judgements: their pools, and what their tests have in common."""

from __future__ import annotations

import re
from collections import Counter

from labelschool import datasets

POOLS = {
    "pairs": {"practice": 16, "counted": 24, "exam": 16},
    "factcheck20": {"practice": 6, "counted": 50},
    "codejudge10": {"practice": 2, "counted": 10},
    "search_rel": {"practice": 10, "counted": 60, "exam": 30},
    "messages20": {"practice": 4, "counted": 20},
}


def pool(name, pool):
    """Pairs of an item and its truth."""
    return list(zip(datasets.items(name, pool), datasets.truth(name, pool), strict=True))


def every(name):
    return [row for part in POOLS[name] for row in pool(name, part)]


def words(text):
    return re.findall(r"\w+", text.lower())


def sign(number):
    return (number > 0) - (number < 0)


def majority(truth):
    """Sign of most judgements, and their share."""
    side, votes = Counter(sign(judgement.step) for judgement in truth.panel).most_common(1)[0]
    return side, votes / len(truth.panel)

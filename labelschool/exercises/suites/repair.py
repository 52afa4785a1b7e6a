"""3.K: a repaired decision card, followed by simulated annotators on parcels it was not made for.

Three cases, each a third: the annotators agree more, they are right more often, and the card stayed
short. A card that costs accuracy earns nothing at all, however well they agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from math import isnan
from pathlib import Path

import pandas as pd

from labelschool.demos.numbers import percent
from labelschool.errors import LabelSchoolError
from labelschool.exercises.suites import Judgement, cards
from labelschool.generators import disagreement
from labelschool.generators.disagreement import CARD_V1, FEATURES, Card, Parcel
from labelschool.model import guidelines
from labelschool.quality.agreement import alpha_of_labels

SEED, PARCELS = 3109, 400
GAIN = 0.15
"""By how much alpha has to rise."""
NEAR = 0.7
"""The part of the gain in accuracy that counts as all of it: 7.5 or 8.5 cm are good rules too."""
FREE, STEP = 1, 0.25
"""Rules that may be added, and what each further one costs."""


@dataclass(frozen=True)
class Trial:
    """What came of a card: Krippendorff's alpha, nan for one class, and the right labels' share."""

    alpha: float
    accuracy: float


def trial(card: Card) -> Trial:
    """Five annotators label the hidden parcels by a card.

    Raises ValueError for a vague word other than that of version 1.
    """
    rows = disagreement.annotate(_items(), card, SEED)
    truth = disagreement.truth(_items())
    labels = pd.DataFrame(rows, columns=["item", "annotator", "label"])
    right = (labels["label"] == labels["item"].map(truth)).mean()
    return Trial(alpha_of_labels(labels), float(right))


@cache
def _items() -> tuple[Parcel, ...]:
    return disagreement.parcels(SEED, PARCELS)


@cache
def before() -> Trial:
    """What version 1 gives."""
    return trial(CARD_V1)


@cache
def best() -> Trial:
    """What the rule gives that the owner means."""
    return trial(disagreement.repaired(CARD_V1))


def agreement(card: Card, now: Trial) -> Judgement:
    """The rise of alpha, in full from `GAIN` on."""
    rise = now.alpha - before().alpha
    told = f"alpha {before().alpha:.2f} with version 1, {now.alpha:.2f} with yours"
    if rise >= GAIN:
        return Judgement(1.0)
    vague = [rule["id"] for rule in card["rules"] if "large" in rule["if"].values()]
    if list(card["rules"]) == list(CARD_V1["rules"]):
        why = "The rules decide as in version 1. Find the one that five people read in five ways."
    elif vague:
        why = f"Rule {vague[0]} still says large, and each annotator has a length of their own."
    else:
        why = "Another rule is still read in several ways."
    return Judgement(max(rise, 0.0) / GAIN, f"{told}; {GAIN} more are asked for. {why}")


def truth(card: Card, now: Trial) -> Judgement:
    """The rise of accuracy, in full from `NEAR` of what can be reached."""
    if now.alpha - before().alpha < GAIN:
        return Judgement(0.0, "it counts once alpha has risen enough.")
    share = (now.accuracy - before().accuracy) / (best().accuracy - before().accuracy) / NEAR
    if share >= 1:
        return Judgement(1.0)
    now_right, first, most = (percent(one.accuracy) for one in (now, before(), best()))
    return Judgement(
        share,
        f"{now_right} of the labels are what the owner means, {first} with version 1, and {most} "
        "can be reached. The bound is not where the owner puts it: look again at what was decided.",
    )


def length(card: Card, now: Trial) -> Judgement:
    """What was added, beyond the first rule."""
    if now.alpha - before().alpha < GAIN:
        return Judgement(0.0, "it counts once alpha has risen enough.")
    added = len(card["rules"]) - len(CARD_V1["rules"])
    if added <= FREE:
        return Judgement(1.0)
    return Judgement(
        max(0.0, 1 - STEP * (added - FREE)),
        f"you added {added} rules. A card is held in the head for a whole day, and each rule can "
        "be misread. Mend the rule that divides them, and take the others out.",
    )


@dataclass(frozen=True)
class Case:
    """One thing that a repaired card has to show."""

    name: str
    happens: str
    judge: Callable[[Card, Trial], Judgement]

    def judged(self, answer: Path, seconds: float) -> Judgement:
        """How right the card of a folder is; nothing where it cannot be followed or costs truth."""
        try:
            card, now = _followed(cards.text(answer))
        except (LabelSchoolError, ValueError) as error:
            return Judgement(0.0, f"the card cannot be followed. {error}")
        if isnan(now.alpha):
            return Judgement(0.0, "every parcel gets the same class, so alpha is not defined.")
        if now.accuracy < before().accuracy:
            return Judgement(
                0.0,
                "a rule contradicts the truth. The annotators follow your card to alpha "
                f"{now.alpha:.2f}, and {percent(now.accuracy)} of their labels are what the owner "
                f"means; with version 1 it was {percent(before().accuracy)}.",
            )
        return self.judge(card, now)


@lru_cache(maxsize=1)
def _followed(text: str) -> tuple[Card, Trial]:
    """The card of a guideline and what came of it; the cases ask for the same one in turn."""
    card = guidelines.card(cards.written(text), FEATURES)
    return card, trial(card)


SUITE = (
    Case("Agreement", "Five annotators label other parcels by your card.", agreement),
    Case("Truth", "Their labels are compared with what the owner means.", truth),
    Case("Length", "The rules of your card are counted.", length),
)

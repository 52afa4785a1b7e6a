"""Annotators who disagree because of one vague rule: parcels sorted by a decision card.

A card is plain data, ``{"rules": [{"id", "if": {feature: condition}, "then": class}], "default"}``;
the first rule whose conditions all hold decides. A condition is ``true`` or ``false``, an
operator with a number such as ``">= 8"``, or a vague word such as ``"large"``, which every
annotator understands in a way of their own.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from labelschool.model import guidelines

Card = Mapping[str, Any]

CLASSES = ("fine", "minor", "major", "refuse")
FEATURES: Mapping[str, type] = {"dent_cm": float, "torn": bool, "wet": bool, "label_readable": bool}
"""What a card may ask for, and whether it is a number or a yes or no."""
CARD_V1: Card = {
    "version": "parcels.v1",
    "rules": [
        {"id": 1, "if": {"wet": True}, "then": "refuse"},
        {"id": 2, "if": {"torn": True}, "then": "major"},
        {"id": 3, "if": {"dent_cm": "large"}, "then": "major"},
        {"id": 4, "if": {"dent_cm": "> 0"}, "then": "minor"},
        {"id": 5, "if": {"label_readable": False}, "then": "minor"},
    ],
    "default": "fine",
}
INTENDED = ">= 8"
"""What the owner of the guideline means by a large dent, in cm."""
LARGE = (3.0, 5.5, 8.0, 11.0, 14.5)
"""From how many cm each annotator calls a dent large."""
MEASURED = 0.6
"""Standard deviation of an annotator's reading of a length, in cm."""
OVERLOOKED = 0.03
"""Probability of getting a yes-or-no feature of an item wrong."""

_SIDES = ("long side", "short side", "lid", "bottom")


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel: the ``features`` a card may ask for, and what an annotator reads."""

    name: str
    features: Mapping[str, bool | float]
    text: str


def parcels(seed: int, n: int = 48) -> tuple[Parcel, ...]:
    """``n`` parcels, four in five of them dented."""
    rng = random.Random(seed)
    return tuple(_parcel(f"disagree48-{number:03d}", rng) for number in range(1, n + 1))


def decide(card: Card, features: Mapping[str, bool | float], large: float) -> tuple[str, int]:
    """The class a card gives, and the id of the deciding rule (0: the default).

    ``large`` is how the reader understands the vague word, in the unit of the feature. Raises
    ValueError for a condition that is no condition, KeyError for an unknown feature.
    """
    for rule in card["rules"]:
        if all(_holds(wanted, features[name], large) for name, wanted in rule["if"].items()):
            return rule["then"], rule["id"]
    return card["default"], 0


def repaired(card: Card, condition: str = INTENDED) -> dict[str, Any]:
    """The card with its vague word replaced by a condition that can be measured."""
    rules = [
        rule | {"if": {k: condition if v == "large" else v for k, v in rule["if"].items()}}
        for rule in card["rules"]
    ]
    return {**card, "version": "parcels.v2", "rules": rules}


def truth(items: Sequence[Parcel]) -> dict[str, str]:
    """What the owner of the guideline means, by item."""
    intended = repaired(CARD_V1)
    return {item.name: decide(intended, item.features, 0.0)[0] for item in items}


def annotate(items: Sequence[Parcel], card: Card, seed: int) -> list[tuple[str, str, str]]:
    """Rows (item, annotator, label) of five annotators who follow a card as they read it.

    Each measures with an error and now and then overlooks something; both depend on the seed, the
    item and the annotator and not on the card, so that two cards can be compared.
    """
    rows = []
    for item in items:
        for number, large in enumerate(LARGE, 1):
            rng = random.Random(f"{seed}/{item.name}/{number}")
            seen = {name: _seen(value, rng) for name, value in item.features.items()}
            rows.append((item.name, f"a{number}", decide(card, seen, large)[0]))
    return rows


def _seen(value: bool | float, rng: random.Random) -> bool | float:
    """A feature as one annotator perceives it; nobody sees a dent where there is none."""
    chance, error = rng.random(), rng.gauss(0, MEASURED)
    if isinstance(value, bool):
        return value ^ (chance < OVERLOOKED)
    return max(0.1, value + error) if value else 0.0


def _holds(wanted: Any, value: bool | float, large: float) -> bool:
    return value >= large if wanted == "large" else guidelines.holds(wanted, value)


def _parcel(name: str, rng: random.Random) -> Parcel:
    dent = round(rng.uniform(1, 17) * 2) / 2 if rng.random() < 0.8 else 0.0
    features = {
        "dent_cm": dent,
        "torn": rng.random() < 0.1,
        "wet": rng.random() < 0.08,
        "label_readable": rng.random() > 0.15,
    }
    shape = f"A dent of {dent:g} cm in the {rng.choice(_SIDES)}." if dent else "No dent."
    said = [
        shape,
        "A tear shows the contents." if features["torn"] else "The wrapping is closed.",
        "The cardboard is damp." if features["wet"] else "Dry.",
        "The address can be read." if features["label_readable"] else "The address is smeared.",
    ]
    rng.shuffle(said)
    return Parcel(name, features, " ".join(said))

"""Findings about answers to questions, and about the skills of job advertisements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelschool.feedback.words.phrases import Sentence, listed

_LEVELS = {
    "required": "A condition or a part of the work is required, with or without the word.",
    "welcome": "These words wish for it, they do not ask for it.",
}

_KAPPA_WITH_GAPS = (
    "Kappa needs as many labels for each item: on a table with gaps it throws labels away and "
    "answers for the full rows alone. "
)


def question(d: Mapping[str, Any]) -> Sentence:
    """One of several questions about an item."""
    right = " or ".join(f"“{label}”" for label in d["expected"])
    if not d["given"]:
        return Sentence(f"{d['question']}: no answer; it is {right}.", d["note"])
    said = " and ".join(f"“{label}”" for label in d["given"])
    why = "You gave one answer for both, and here they differ. " if d["same"] else ""
    if "gaps" in d["cases"] and any("kappa" in label for label in d["given"]):
        why += _KAPPA_WITH_GAPS
    return Sentence(f"{d['question']}: you said {said}; it is {right}.", why + d["note"])


def skill(d: Mapping[str, Any]) -> Sentence:
    """One skill of a job advertisement."""
    skill, expected, given = d["skill"], d["expected"], d["given"]
    if expected is None:
        return Sentence(
            f"You marked {skill} as {listed(given)}; the ad does not ask for it.",
            "What is not spoken of, unnecessary or held out for later stands in neither list.",
        )
    told = f"{skill} is {expected}" + (f": “{d['words']}”" if d["words"] else ".")
    if not given:
        return Sentence(f"You left out that {told}", _LEVELS[expected])
    if len(given) > 1:
        return Sentence(
            f"You put {skill} into both lists, but {told}",
            "Decide for one: of two answers one is wrong.",
        )
    return Sentence(f"You marked {skill} as {given[0]}, but {told}", _LEVELS[expected])

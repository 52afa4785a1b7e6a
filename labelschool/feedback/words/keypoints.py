"""Findings about keypoints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelschool.feedback.words.phrases import Sentence


def _person_missed(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        "There is a person here without a figure, or with points that fit nobody.",
        "Place the nine points, also on somebody who stands partly behind another.",
    )


def _figure_invented(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        "This figure fits no person in the picture.",
        "Delete it, or move its points onto the joints of the person you meant.",
    )


def _swap(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        "Left and right are exchanged in the whole figure, which costs half of it.",
        "Put yourself in the person's place. Facing you, the left hand is on the right of the "
        "picture. The key W exchanges both sides at once.",
    )


def _pair_swap(d: Mapping[str, Any]) -> Sentence:
    left, right = map(_spaced, d["pair"])
    return Sentence(
        f"The {left} and the {right} stand in each other's place.",
        "Follow the limb from the body out: it is the side of the shoulder or hip it comes from.",
    )


def _point_missed(d: Mapping[str, Any]) -> Sentence:
    if d["hidden"]:
        return Sentence(
            f"The {_spaced(d['point'])} is not labelled. It is hidden, and its place is clear.",
            "Set it where the rest of the body says it is, with visibility 1 (the key O).",
        )
    return Sentence(
        f"The {_spaced(d['point'])} is not labelled, and can be seen.",
        "Set it, with visibility 2.",
    )


def _point_off(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The {_spaced(d['point'])} is {d['px']:.0f} px off its joint: {_way(d['dx'], d['dy'])}. "
        f"At {d['tolerance']:.0f} px a point here keeps 0.61 of its worth.",
        "Zoom in and drag it to the middle of the joint, not to the edge of the clothing.",
    )


def _visibility(d: Mapping[str, Any]) -> Sentence:
    point = _spaced(d["point"])
    if d["hidden"]:
        return Sentence(
            f"You called the {point} seen. Something hides it, so it is visibility 1.",
            "Ask what the pixel under the point shows. If it is not the joint, it is hidden.",
        )
    return Sentence(
        f"You called the {point} hidden. It can be seen, so it is visibility 2.",
        "Clothing that follows the body does not hide a joint.",
    )


WORDS = {
    "person_missed": _person_missed,
    "figure_invented": _figure_invented,
    "swap": _swap,
    "pair_swap": _pair_swap,
    "point_missed": _point_missed,
    "point_off": _point_off,
    "visibility": _visibility,
}


def _spaced(name: str) -> str:
    return name.replace("_", " ")


def _way(dx: float, dy: float) -> str:
    """Where the joint is from the point: ``12 px right and 4 px up``."""
    steps = [(dx, "right" if dx > 0 else "left"), (dy, "down" if dy > 0 else "up")]
    told = [f"{abs(px):.0f} px {side}" for px, side in steps if abs(px) >= 1]
    return f"it is {' and '.join(told)}" if told else "it is beside it"

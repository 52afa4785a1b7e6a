"""Findings about work on finished labels, as words: a revision of boxes, and a review of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from labelschool.feedback.words.phrases import Sentence, a
from labelschool.scoring.taxonomy import TAXONOMY

LEAVE = (
    "Nothing in the changed rules touches it. Leave it as it was, even where you would do it "
    "better today."
)
HINTS = {
    "E1": "Before Enter, look once at every strip of the picture for what has no label.",
    "E2": "There is nothing under this label: reject it.",
    "E3": "Two labels on one object: reject one of them.",
    "E4": "It spans two objects: draw it back to one, and add the other.",
    "E5": "Two labels share one object: stretch one over the whole of it, reject the other.",
    "E6": "Zoom in: it reaches beyond the outermost visible pixels.",
    "E7": "Zoom in: it leaves out a part that can be seen.",
    "E9": "Compare occluded and truncated with what you see.",
    "E10": "A rule decides otherwise: the hidden part was guessed (4), a picture or a reflection "
    "was boxed (9, 10), or one object bears the crowd flag (14).",
}
SAID = {"fix": "fixed", "reject": "rejected"}


def _revised_class(d: Mapping[str, Any]) -> Sentence:
    left = f"you left it {a(d['given'])}" if d["given"] else "its box is gone"
    return Sentence(
        f"This {d['was']} is {d['height']} px high, so version 2 makes it {a(d['label'])}; {left}.",
        f"The list beside the picture gives the height of every box: look at each {d['was']}.",
    )


def _mirror_missing(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The street mirror shows {a(d['label'])} without a box.",
        "Version 2 asks for it: box what the mirror shows and set the mirror flag (M).",
    )


def _mirror_class(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"You called this mirror image {a(d['given'])}; it is {a(d['label'])}.",
        "A mirror image bears the class of what it shows.",
    )


def _mirror_flag(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This {d['label']} in the mirror has a box without the mirror flag.",
        "Set it (M): without the flag the box says that something stands there.",
    )


def _crowd_boxed(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This {d['label']} stands behind the seven nearest and still has a box.",
        "Delete the box: the crowd region stands for it now.",
    )


def _crowd_open(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This {d['label']} of the crowd has neither a box nor a fitting region over it.",
        "One crowd region lies over all that stand behind the seven nearest.",
    )


def _needless(d: Mapping[str, Any]) -> Sentence:
    label, given = d["label"], d["given"]
    what = {
        "added": f"You added {a(given)}.",
        "deleted": f"You deleted this {label}.",
        "relabelled": f"You made this {label} {a(given)}.",
        "flagged": f"You changed a flag of this {label}.",
        "moved": f"You moved the sides of this {label}.",
    }[d["change"]]
    if "decoy" in d:
        return Sentence(
            what, "Only street mirrors are new; what puddles and glass show still gets no box."
        )
    if (label, given) == ("van", "truck"):
        return Sentence(f"{what} It is {d['height']} px high.", "Only a lower van becomes a truck.")
    if d["change"] == "deleted" and d.get("nearest"):
        return Sentence(what, "It is one of the seven nearest, which keep their boxes.")
    return Sentence(what, LEAVE)


def _overlooked(d: Mapping[str, Any]) -> Sentence:
    if d["number"] is None:
        return Sentence(f"This {d['label']} has no label, and you did not add it.", HINTS["E1"])
    did = "you accepted it" if d["seen"] == "accepted" else "you gave no verdict"
    return Sentence(f"{_label(d)} is {_code(d['expected'])}; {did}.", _hint(d))


def _miscoded(d: Mapping[str, Any]) -> Sentence:
    said = _code(d["given"]) if d["given"] else "no code"
    return Sentence(
        f"{_label(d)} is {_code(d['expected'])}; you said {said}, which earns half.", _hint(d)
    )


def _alarm(d: Mapping[str, Any]) -> Sentence:
    code = f" as {_code(d['given'])}" if d["given"] else ""
    looks = "It looks odd because little of the object can be seen. " if d["edge_cases"] else ""
    return Sentence(
        f"{_label(d)} is right, and you {SAID[d['decision']]} it{code}.",
        f"{looks}Check its sides, class and flags against the rules before you object.",
    )


def _unjudged(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"{_label(d)} is right, and you gave no verdict.",
        "Accept what is right (A): a label without a verdict was looked at by nobody.",
    )


def _needless_box(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"You added {a(d['label'])} where nothing is missing.",
        "Look whether a label is there already, and whether the rules ask for one.",
    )


WORDS: Mapping[str, Callable[[Mapping[str, Any]], Sentence]] = {
    "revised_class": _revised_class,
    "mirror_missing": _mirror_missing,
    "mirror_class": _mirror_class,
    "mirror_flag": _mirror_flag,
    "crowd_boxed": _crowd_boxed,
    "crowd_open": _crowd_open,
    "needless": _needless,
    "overlooked": _overlooked,
    "miscoded": _miscoded,
    "alarm": _alarm,
    "unjudged": _unjudged,
    "needless_box": _needless_box,
}
"""The kind of a finding -> its words."""


def _hint(d: Mapping[str, Any]) -> str:
    if d["expected"] == "E8" and d["right"]:
        return f"It is {a(d['right'])}."
    return HINTS.get(d["expected"], TAXONOMY[d["expected"]].sentence)


def _label(d: Mapping[str, Any]) -> str:
    return f"Label {d['number']}, {d['label']},"


def _code(code: str) -> str:
    """``E6 loose``."""
    return f"{code} {TAXONOMY[code].name}" if code in TAXONOMY else code

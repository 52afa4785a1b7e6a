"""Findings about masks, and about decisions on proposed ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from labelschool.feedback.words.phrases import Sentence, a, listed

_DONE = {"accept": "accepted", "fix": "fixed", "reject": "rejected"}


def _hole(d: Mapping[str, Any]) -> Sentence:
    holes = "A hole of" if d["count"] == 1 else f"{d['count']} holes of"
    return Sentence(
        f"{holes} this {d['label']} {'is' if d['count'] == 1 else 'are'} filled: {d['px']} px of "
        "something else.",
        "Select the mask, press O and outline the hole, or erase it.",
    )


def _bridge(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"What stands in front of the {d['label']} was outlined along: {d['px']} px.",
        "Erase it. The pieces stay one mask, of several parts.",
    )


def _part(d: Mapping[str, Any]) -> Sentence:
    pieces = "A piece" if d["count"] == 1 else f"{d['count']} pieces"
    return Sentence(
        f"{pieces} of this {d['label']} {'is' if d['count'] == 1 else 'are'} left out: "
        f"{d['px']} px.",
        "Select the mask, press O and outline the piece as a further part.",
    )


def _loose(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The mask of this {d['label']} reaches up to {d['px']:.0f} px beyond it; the IoU is "
        f"{d['iou']:.2f}.",
        "Zoom in there and follow the edge within 2 px. Shadows are not part of it.",
    )


def _cut(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The mask of this {d['label']} leaves out up to {d['px']:.0f} px of it; the IoU is "
        f"{d['iou']:.2f}.",
        "Zoom in there and take in what can be seen of it, thin parts as well.",
    )


def _split(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This {d['label']} is outlined as {d['pieces']} objects.",
        "Keep one mask and add the other pieces to it as parts (O): one thing, one id.",
    )


def _objects(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"One mask covers {listed([a(label) for label in d['labels']])}.",
        "Give each of them a mask of its own.",
    )


def _label(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This is {a(d['label'])}; you called it {a(d['given'])}.",
        "Keep the mask and change its name.",
    )


def _again(d: Mapping[str, Any]) -> Sentence:
    return Sentence(f"This {d['label']} has two masks.", "Keep the better, delete the other.")


def _invented(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"Nothing here was asked for; you called it {a(d['given'])}.",
        "Delete it. Above the picture stands what to outline.",
    )


def _missed(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The {d['label']} has no mask.", "Outline it. It counts 0 in both means until then."
    )


def _overlap(d: Mapping[str, Any]) -> str:
    if d["wrong_object"]:
        return f"The mask is of another thing than the {d['label']} asked for"
    return f"The mask overlaps the {d['label']} with an IoU of {d['iou']:.2f}"


def _accepted(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"{_overlap(d)}, and you accepted it.",
        "From 0.85 on it is good enough. Estimate what is missing and what is too much, and add "
        "both.",
    )


def _object(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"{_overlap(d)}, and you accepted it.",
        "Read the name first, then look where the mask lies. A clean edge says nothing.",
    )


def _needless(d: Mapping[str, Any]) -> Sentence:
    do = {
        "accept": "Leave it alone: your time is worth more on the bad ones.",
        "fix": "At least half of it is right, so mending is quicker than drawing.",
        "reject": "Drawing anew is quicker than moving nearly every corner.",
    }
    return Sentence(
        f"{_overlap(d)}; you {_DONE[d['given']]} what is to be {_DONE[d['expected']]}.",
        do[d["expected"]],
    )


def _unjudged(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"{_overlap(d)}, and it has no decision.",
        f"It is to be {_DONE[d['expected']]}. Nobody can tell whether it was looked at.",
    )


WORDS: Mapping[str, Callable[[Mapping[str, Any]], Sentence]] = {
    "mask_hole": _hole,
    "mask_bridge": _bridge,
    "mask_part": _part,
    "mask_loose": _loose,
    "mask_cut": _cut,
    "mask_split": _split,
    "mask_objects": _objects,
    "mask_label": _label,
    "mask_again": _again,
    "mask_invented": _invented,
    "mask_missed": _missed,
    "proposal_accepted": _accepted,
    "proposal_object": _object,
    "proposal_needless": _needless,
    "proposal_unjudged": _unjudged,
}

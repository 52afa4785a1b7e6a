"""Findings about boxes, and about classes of whole pictures, by their code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelschool.feedback.words.phrases import Sentence, a, either, listed
from labelschool.model import OCCLUSION_STEPS

_SIDES = {
    "left": "on the left",
    "right": "on the right",
    "top": "at the top",
    "bottom": "at the bottom",
}
_MISTAKEN = {
    "poster": ("This {label} is on a poster.", "Delete the box: pictures of things get none."),
    "screen": ("This {label} is on a screen.", "Delete the box: pictures of things get none."),
    "statue": ("This {label} is a statue.", "Delete the box: look for a plinth and one colour."),
    "mannequin": ("This {label} is a mannequin.", "Delete the box: it stands behind the glass."),
    "reflection": ("This {label} is a reflection.", "Delete the box, and box the original."),
    "mirror": ("This {label} is in a mirror.", "Delete the box, and box the original."),
    "parked_bicycle": (
        "Nobody rides this bicycle: it is parked.",
        "Delete the box. It becomes a cyclist only with a rider on it.",
    ),
}
_TELL_APART = {
    frozenset({"van", "truck"}): "Look behind the cab: a separate cargo body makes it a truck.",
    frozenset({"car", "van"}): "Look at the roof line: a van is a box up to its full height.",
    frozenset({"bus", "truck"}): "Look for passenger windows along the side: they make it a bus.",
    frozenset({"bus", "van"}): "Look for rows of passenger windows: they make it a bus.",
    frozenset(
        {"person", "cyclist"}
    ): "A rider on a bicycle is one cyclist; on foot it is a person.",
    frozenset({"trailer", "truck"}): "What is pulled is a trailer; what pulls is a truck.",
    frozenset({"light", "sign"}): "A light has lamps; a sign is a printed face.",
}
SMALL_PX = 24


def _missed(d: Mapping[str, Any]) -> Sentence:
    if d.get("kind") == "unanswered":
        return Sentence(
            f"This one has no answer; it is {either(d['expected'])}.",
            "Choose a class, or flag it unsure: even doubt earns something, silence does not.",
        )
    noticed = d["occlusion"] > OCCLUSION_STEPS[0]
    hidden = f", about {round(100 * d['occlusion'])} % hidden" if noticed else ""
    small = min(d["width"], d["height"]) < SMALL_PX
    return Sentence(
        f"There is {a(d['label'])} here without a box "
        f"({round(d['width'])} x {round(d['height'])} px{hidden}).",
        "Zoom in and go through the picture strip by strip: small objects hide in plain sight."
        if small
        else "Box what can be seen of it. A look at every strip of the picture finds such objects.",
    )


def _invented(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"Nothing in this box is to be labelled; you called it {a(d['given'])}.",
        "Delete it: there is nothing, or it is a reflection or a picture of a thing "
        "(rules 9 and 10). If you saw something that you cannot name, escalate it instead.",
    )


def _duplicate(d: Mapping[str, Any]) -> Sentence:
    if d["given"] == d["label"]:
        return Sentence(f"This {d['label']} has two boxes.", "Keep the tighter, delete the other.")
    return Sentence(
        f"This {d['label']} has two boxes, one of them as {a(d['given'])}.",
        "Decide for one. Two answers to one question count as neither.",
    )


def _merged(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"One box spans {listed([a(label) for label in d['labels']])}.",
        "Give each of them a box of its own, even where they overlap.",
    )


def _split(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This {d['label']} is boxed in {d['pieces']} pieces.",
        "One object is one box, around all that can be seen of it, whatever stands in front.",
    )


def _loose(d: Mapping[str, Any]) -> Sentence:
    mixed = f" It also cuts off {_px(d['cut'])}." if d["cut"] else ""
    return Sentence(
        f"Your box goes beyond the {d['label']}: {_px(d['loose'])}.{mixed}",
        f"Zoom in and move {_these(d)} until the box touches the outermost visible pixels.",
    )


def _cut(d: Mapping[str, Any]) -> Sentence:
    mixed = f" It also goes beyond it: {_px(d['loose'])}." if d["loose"] else ""
    return Sentence(
        f"Your box cuts off part of this {d['label']}: {_px(d['cut'])}.{mixed}",
        f"Zoom in and move {_these(d)} to the last pixels that belong to it.",
    )


def _wrong_class(d: Mapping[str, Any]) -> Sentence:
    given = d["given"] if isinstance(d["given"], str) else either(d["given"], article=False)
    expected = d["expected"]
    if d.get("credit"):
        what = f"You called it {given} and unsure, which earns half: it is {either(expected)}."
    else:
        what = f"You called it {a(given)}; it is {either(expected)}."
    pairs = (_TELL_APART.get(frozenset({given, label})) for label in expected)
    hint = next((hint for hint in pairs if hint), None)
    if hint is None and given == "vehicle":
        hint = "Name the class when you can see it; vehicle is for honest doubt, flagged unsure."
    return Sentence(what, hint or "Compare it with the definitions of both classes.")


def _wrong_attribute(d: Mapping[str, Any]) -> Sentence:
    share = f"{round(100 * d['share'])} %"
    if d["attribute"] == "truncated":
        return Sentence(
            f"About {share} of this {d['label']} lies outside the picture; the truncated flag is "
            f"{'set' if d['given'] else 'not set'}.",
            "Set it." if d["expected"] else "Take it off: the picture's edge cuts off too little.",
        )
    hidden = f"About {share} of it" if d["share"] >= 0.005 else "Nothing of it"
    return Sentence(
        f"You gave this {d['label']} occlusion level {d['given']}. {hidden} is hidden, "
        f"which is level {d['expected']}.",
        "Picture the whole object inside the frame, then estimate the share that something covers.",
    )


def _boundary(d: Mapping[str, Any]) -> Sentence:
    kind = d["kind"]
    if kind == "extent":
        return Sentence(
            f"Your box takes in what is hidden of this {d['label']}: {_px(d['loose'])}.",
            "End the box at the last pixel you can see, and tell the rest with the occluded flag.",
        )
    if kind == "crowd":
        return _crowd(d)
    if kind == "unusable":
        return Sentence(
            f"Nothing can be recognised here, yet you said {either(d['given'], article=False)}.",
            "Flag it unsure or escalate: a guess would enter the data set as a fact.",
        )
    if kind == "unsure_clear":
        return Sentence(
            f"You flagged this one unsure, which costs 0.75 of the point: it is "
            f"{either(d['expected'])}.",
            "Decide by the rule. Unsure is for items that two classes fit.",
        )
    if kind == "unsure_ambiguous":
        return Sentence(
            "Doubt is honest here and earns half: "
            f"both {listed(list(d['expected']))} are accepted.",
            "Nothing to learn the hard way: either class would have been right.",
        )
    what, do = _MISTAKEN.get(kind, ("The guideline leaves this {label} out.", "Delete the box."))
    return Sentence(what.format(label=d["label"]), do)


def _crowd(d: Mapping[str, Any]) -> Sentence:
    if "labels" in d:
        return Sentence(
            f"A crowd region lies over {len(d['labels'])} objects that need boxes of their own.",
            "Box each of them. A crowd region begins after the ten nearest.",
        )
    if "label" in d:
        return Sentence(f"The crowd flag is set on a single {d['label']}.", "Take the flag off.")
    return Sentence("There is no crowd in this region.", "Delete it.")


def _too_fast(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"Done in {d['ms'] / 1000:.1f} s, where you usually take {d['median_ms'] / 1000:.1f} s.",
        "A second look costs less than the correction.",
    )


WORDS = {
    "E1": _missed,
    "E2": _invented,
    "E3": _duplicate,
    "E4": _merged,
    "E5": _split,
    "E6": _loose,
    "E7": _cut,
    "E8": _wrong_class,
    "E9": _wrong_attribute,
    "E10": _boundary,
    "E16": _too_fast,
}
"""The code of a finding -> its words."""


def _px(sides: Mapping[str, float]) -> str:
    """``9 px on the left and 4 px at the top``; all four sides alike become one number."""
    rounded = {side: max(round(px), 1) for side, px in sides.items()}
    if len(rounded) == 4 and max(rounded.values()) - min(rounded.values()) <= 1:
        return f"{max(rounded.values())} px on all sides"
    return listed([f"{px} px {_SIDES[side]}" for side, px in rounded.items()])


def _these(d: Mapping[str, Any]) -> str:
    sides = [*d["loose"], *d["cut"]]
    return f"the {sides[0]} side" if len(sides) == 1 else "these sides"

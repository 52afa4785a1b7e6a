"""Findings about spans in texts, tickets and preferences, as words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from labelschool.feedback.words.phrases import Sentence, listed

Details = Mapping[str, Any]

SIDES = {-1: "A", 0: "equal", 1: "B"}
FELL_FOR = {
    "longer": "You took the longer answer. Strike what adds neither fact nor help, then compare.",
    "sure_and_wrong": "Check each claim of both answers in the box, then weigh how they sound.",
    "tie": "No criterion differs by a full step: a turn of phrase is less than that.",
    "needless_tie": "Go through the criteria in their order: the first that differs decides.",
    "unsafe": "Instructions and correctness do not differ here as safety does.",
    "other_side": "Go through the criteria in their order, and name the words that decide.",
}
ASKED = {
    "intent": "Ask what the writer wants done first, not what the ticket tells most about.",
    "sentiment": "Look for a judgement on the service; politeness and trouble are none.",
    "priority": "Read the table from the top and stop at the first line that holds.",
}

HEADS = {
    "intent": ("Primary intent:",),
    "sentiment": ("Sentiment:", "Mixed:"),
    "priority": ("Priority:",),
}
"""How the sentences of a note begin that say why, by question."""


# Names and dates --------------------------------------------------------------------------------


def _span_missed(d: Details) -> Sentence:
    return Sentence(
        f"“{d['words']}” is not marked; it is {d['label']}.{_in(d)}",
        "Every mention is marked. Read once for people, once for places and firms, once for dates.",
    )


def _nested_missed(d: Details) -> Sentence:
    return Sentence(
        f"“{d['words']}” inside a longer name is not marked; it is {d['label']}.{_in(d)}",
        "Mark it inside the longer span: the annotator puts it on layer 2 by itself.",
    )


def _span_invented(d: Details) -> Sentence:
    hint = {
        "DATE": "Clock times, durations and ages are no dates.",
        "PER": "An office or a role without a name is no PER.",
    }
    return Sentence(
        f"“{d['said']}” is nothing to mark; you called it {d['given']}.{_in(d)}",
        hint.get(d["given"], "Names only: what has no name of its own is not marked."),
    )


def _span_again(d: Details) -> Sentence:
    return Sentence(
        f"“{d['words']}” is marked more than once.{_in(d)}",
        "Keep the span with the right ends, delete the other.",
    )


def _labelled(do: str) -> Callable[[Details], Sentence]:
    def words(d: Details) -> Sentence:
        right = " or ".join(d["expected"])
        return Sentence(f"You called “{d['words']}” {d['given']}; here it is {right}.{_in(d)}", do)

    return words


def _bounded(do: str) -> Callable[[Details], Sentence]:
    def words(d: Details) -> Sentence:
        return Sentence(f"You marked “{d['said']}”; it is “{d['words']}”.{_in(d)}", do)

    return words


# Errors in drafts -------------------------------------------------------------------------------


def _error_missed(d: Details) -> Sentence:
    if d["label"] == "non_translation":
        return Sentence(
            "This draft is useless as a whole, and it is not marked so.",
            "One span over the whole text, non_translation: no list of faults would mend it.",
        )
    return Sentence(
        f"“{d['words']}” is not marked; it is {d['label']}, {d['severity']}.{_in(d)}",
        "Go through the brief fact by fact and find each in the draft; then read for the language.",
    )


def _error_invented(d: Details) -> Sentence:
    return Sentence(
        f"“{d['said']}” is no error; you called it {d['given']}.{_in(d)}",
        "Ask which word has to be replaced, and what of the brief or of the language it breaks.",
    )


def _error_again(d: Details) -> Sentence:
    return Sentence(
        f"“{d['said']}” belongs to the error at “{d['words']}”, which is marked already.",
        "One error is one span: each further mark charges the author again for the same fault.",
    )


def _error_kind(d: Details) -> Sentence:
    right = " or ".join(d["expected"])
    return Sentence(
        f"You called “{d['words']}” {d['given']}; it is {right}.{_in(d)}",
        "Compare with the table of kinds: what is wrong with the words, not what follows from it.",
    )


def _severity(d: Details) -> Sentence:
    return Sentence(
        f"“{d['words']}” is {d['expected']}; you called it {d['given']}.",
        "Ask what becomes of a reader who believes it: harm, loss and the opposite are major, "
        "a second look is minor.",
    )


def _style_major(d: Details) -> Sentence:
    return Sentence(
        f"“{d['words']}” has the wrong tone; you called it major, and it is {d['expected']}.",
        "A wrong tone misleads nobody. It is major only where the text then fails its task.",
    )


# Tickets ----------------------------------------------------------------------------------------


def _ticket(d: Details) -> Sentence:
    right = " or ".join(f"“{label}”" for label in d["expected"])
    question = d["question"]
    why = "".join(
        f" {part}"
        for part in re.split(r"(?<=\.) (?=[A-Z][A-Za-z ]*:)", d["note"])
        if part.startswith(HEADS[question])
    )
    if not d["given"]:
        return Sentence(f"{question}: no answer; it is {right}.{why}", ASKED[question])
    said = listed([f"“{label}”" for label in d["given"]])
    return Sentence(f"{question}: you said {said}; it is {right}.{why}", _advice(d))


def _advice(d: Details) -> str:
    cases, question = d["cases"], d["question"]
    if question == "intent" and "two_intents" in cases:
        return "Two things are wanted here: the one that the writer puts first is the intent."
    if question == "sentiment" and "polite_complaint" in cases:
        return "Polite words around a disappointment: the disappointment counts."
    if question == "priority" and {"false_urgency", "past_date"} & set(cases):
        return "Capitals, “urgent” and a day that has passed are no deadline."
    return ASKED[question]


# Preferences ------------------------------------------------------------------------------------


def _preferred(d: Details) -> Sentence:
    return Sentence(
        f"You said {SIDES[d['given']]}; {d['votes']} of {d['judges']} of the panel said "
        f"{SIDES[d['expected']]}. One of them: {d['reason']}",
        f"{FELL_FOR[d['kind']]} {d['note']}",
    )


def _no_side(d: Details) -> Sentence:
    return Sentence(
        f"This pair has no step; {d['votes']} of {d['judges']} of the panel said "
        f"{SIDES[d['expected']]}.",
        d["note"],
    )


def _swapped(d: Details) -> Sentence:
    before = SIDES[d["before"]]
    return Sentence(
        f"This is an earlier pair the other way round. Then you said {before}, now "
        f"{SIDES[d['given']]}: the side changed and the answers did not.",
        "Decide by criteria and words, which have no left and right. Read B first now and then.",
    )


def _in(d: Details) -> str:
    return f" In: “{d['context']}”" if d.get("context") else ""


WORDS: Mapping[str, Callable[[Details], Sentence]] = {
    "span_missed": _span_missed,
    "nested_missed": _nested_missed,
    "span_invented": _span_invented,
    "span_again": _span_again,
    "team_as_place": _labelled(
        "Ask whether it could be a spot on a map here. It acts, so it is ORG."
    ),
    "place_as_team": _labelled("Something is, happens or goes there: nobody of it acts, so LOC."),
    "firm_or_goods": _labelled(
        "Who builds and decides is ORG; what is built and bought is PRODUCT."
    ),
    "span_label": _labelled("Ask what the name stands for in this sentence."),
    "title": _bounded("Title, office and profession stay outside PER."),
    "possessive": _bounded("The possessive is grammar, not a part of the name."),
    "signs": _bounded("Quotation marks, commas and the stop of the sentence stay outside."),
    "article": _bounded("A leading “the” stays outside."),
    "preposition": _bounded("The date begins after its preposition."),
    "legal_form": _bounded("An ORG is marked whole, with its legal form."),
    "bounds": _bounded("Start at the first letter of the name, end at its last."),
    "error_missed": _error_missed,
    "error_invented": _error_invented,
    "error_again": _error_again,
    "error_kind": _error_kind,
    "error_bounds": _bounded("Mark only what has to be replaced or deleted."),
    "severity": _severity,
    "style_major": _style_major,
    "ticket": _ticket,
    **dict.fromkeys(FELL_FOR, _preferred),
    "no_side": _no_side,
    "swapped": _swapped,
}
"""The kind of a finding -> its words."""

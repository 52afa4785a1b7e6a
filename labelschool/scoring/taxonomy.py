"""The error taxonomy E1..E17: one code, one name, one fixed sentence.

The codes are the course's own (syllabus 2.4) and are used by every feedback, review desk and
audit query. A sentence here is general; `labelschool.feedback` adds the numbers of the case.
"""

from __future__ import annotations

from typing import NamedTuple


class ErrorKind(NamedTuple):
    """One kind of annotation error."""

    code: str
    name: str
    sentence: str


_KINDS = (
    ErrorKind("E1", "missed", "An object that the guideline asks for has no annotation."),
    ErrorKind("E2", "invented", "There is an annotation where the guideline asks for nothing."),
    ErrorKind("E3", "duplicate", "One object was annotated more than once."),
    ErrorKind("E4", "merged", "One annotation spans two or more objects."),
    ErrorKind("E5", "split", "One object was annotated in pieces."),
    ErrorKind("E6", "loose", "The annotation reaches beyond the object."),
    ErrorKind("E7", "cut", "The annotation leaves out a part of the object."),
    ErrorKind("E8", "wrong class", "The object is found, its class is not the right one."),
    ErrorKind("E9", "wrong attribute", "The object is found, one of its flags is wrong."),
    ErrorKind("E10", "boundary of a rule", "A rule of the guideline decides this case otherwise."),
    ErrorKind("E11", "identity switch", "A track changed from one object to another."),
    ErrorKind(
        "E12",
        "wrong extent or drift",
        "A point, or a box between keyframes, is not where its object is.",
    ),
    ErrorKind("E13", "span too long or short", "The span starts or ends at the wrong place."),
    ErrorKind("E14", "format defect", "The file breaks a rule of its format."),
    ErrorKind("E15", "policy breach", "The annotation breaks a policy on privacy or safety."),
    ErrorKind("E16", "too fast", "It was done in under a tenth of your usual time, and is wrong."),
    ErrorKind("E17", "diagnosed", "A finding was interpreted instead of described."),
)

TAXONOMY: dict[str, ErrorKind] = {kind.code: kind for kind in _KINDS}
"""Every error kind by its code, in the order E1..E17."""


def code_order(code: str) -> int:
    """Position of a code in the taxonomy, for sorting E2 before E10; KeyError if unknown."""
    return list(TAXONOMY).index(TAXONOMY[code].code)

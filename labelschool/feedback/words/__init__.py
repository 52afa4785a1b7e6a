"""A finding as plain words: what is wrong, and what to do.

The words are plain text; whoever puts them into HTML escapes them. A modality has a module here
with its ``WORDS``, from the ``kind`` in the details of a finding to a function of these details;
findings without a kind, those of boxes and classes, are told by their code.
"""

from __future__ import annotations

from labelschool.feedback.words import boxes, judged, keypoints, masks, questions, texts, tracks
from labelschool.feedback.words.phrases import Sentence
from labelschool.model import TruthVerdict, Verdict
from labelschool.scoring.score import Finding
from labelschool.scoring.taxonomy import TAXONOMY

__all__ = ["Sentence", "name", "sentence", "verdict_words"]

KINDS = {**judged.WORDS, **texts.WORDS, **keypoints.WORDS, **tracks.WORDS, **masks.WORDS}
"""The kind of a finding -> its words."""

DECIDED = {"accept": "accepted", "fix": "fixed", "reject": "rejected"}


def sentence(finding: Finding) -> Sentence:
    """The words for a finding."""
    if (words := KINDS.get(finding.details.get("kind"))) is not None:
        return words(finding.details)
    if "question" in finding.details:
        return questions.question(finding.details)
    if "skill" in finding.details:
        return questions.skill(finding.details)
    return boxes.WORDS[finding.code](finding.details)


def name(code: str) -> str:
    """The short name of a code, as in ``E6 loose``."""
    return TAXONOMY[code].name


def verdict_words(verdict: Verdict | TruthVerdict | None, *, short: bool = False) -> str:
    """``rejected E3 duplicate``, in short ``rejected E3``; what nobody had labelled is ``added E1
    missed``.
    """
    if verdict is None:
        return "no verdict"
    decided = "added" if verdict.target is None else DECIDED[verdict.decision]
    code = verdict.code or ""
    known = f"{code} {name(code)}" if code in TAXONOMY and not short else code
    return f"{decided} {known}".strip()

"""What a learner writes about themselves in lesson 1.9, each text a file in ``answers/1.9/``."""

from __future__ import annotations

import re
from pathlib import Path

from labelschool.text_answers import TextAnswers

MODULE = "01-foundation"
LESSON = "1.9"
TEXTS = {
    "profile": ("profile", "headline"),
    "post": ("community", "post"),
    "platforms": ("labelbox", "supervisely", "cvat"),
    "mended": ("mended",),
}
"""The texts that are written together, by the demo that asks for them."""

KINDS = r"photograph|rendered|simulated|drawn|generated|real-tool export"
METRICS = r"DetScore|F1|IoU|accuracy|precision|recall|agreement|kappa|alpha|miss rate|d'"
NEEDED = {
    "n": r"\bn ?= ?\d|\b\d+ (objects|boxes|pictures|images|items|labels|tags|targets|texts)\b",
    "the metric": METRICS,
    "the interval": r"interval|±|\bto 0?\.\d|\d ?(-|to|\.\.) ?\d",
    "the kind of data": KINDS,
    "the file": r"\b[\w/-]+\.(json|md|csv|ipynb|py|zip)\b",
}
"""What a number needs beside it to be a claim, and how it is recognised."""

EMPTY_PHRASES = (
    "detail oriented",
    "attention to detail",
    "hard working",
    "highly motivated",
    "team player",
    "fast learner",
    "quick learner",
    "passionate",
    "results driven",
)
"""What everybody writes and nobody can check."""

POST_WORDS = 20
"""Fewest words of a post with a case, what was tried and a question: a limit of this course."""


def files(asked: str, folder: Path | None = None) -> TextAnswers:
    """The files of the texts that one demo asks for; the folder is the module's."""
    return TextAnswers(LESSON, {name: f"{name}.md" for name in TEXTS[asked]}, folder)


def read(home: Path) -> dict[str, str]:
    """All texts of a home that are not empty."""
    held: dict[str, str] = {}
    for asked in TEXTS:
        for name, content in files(asked, home / MODULE).read()[0].items():
            if text := content.decode("utf-8", "replace").strip():
                held[name] = text
    return held


def claim_lacks(text: str) -> list[str]:
    """What the number in a text needs and does not have; nothing where there is no number."""
    if not re.search(r"\d", text):
        return []
    return [what for what, how in NEEDED.items() if not re.search(how, text, re.IGNORECASE)]


def empty_phrases(text: str) -> list[str]:
    """The phrases of a text that nobody can check."""
    plain = re.sub(r"[-\s]+", " ", text).lower()
    return [phrase for phrase in EMPTY_PHRASES if re.search(rf"\b{phrase}\b", plain)]


def post_lacks(text: str) -> list[str]:
    """What a useful post needs and does not have; nothing for one that is not begun."""
    if not text.strip():
        return []
    needs = {
        f"words (there should be at least {POST_WORDS})": rf"(\S+\s+){{{POST_WORDS - 1}}}\S",
        "a case in numbers, or a rule by its number": r"\d",
        "what you did or tried": r"\b(I|we)\b",
        "one question": r"\?",
    }
    return [what for what, how in needs.items() if not re.search(how, text)]

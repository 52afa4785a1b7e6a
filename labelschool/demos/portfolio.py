"""Demos of lesson 1.9, forms whose texts are files: `profile`, `post`, `platforms` and `mended`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from labelschool.answers import Conflict
from labelschool.demos.frame import Frame, escape, note, words
from labelschool.errors import LabelSchoolError
from labelschool.portfolio import proofs
from labelschool.portfolio.claims import claim_lacks, empty_phrases, files, post_lacks
from labelschool.widgets._base import keep_replaced
from labelschool.widgets.form import Field, Form

Notes = Callable[[Mapping[str, str]], dict[str, str]]

PORTFOLIO = "portfolio"
"""The folder of a home that `labelschool.portfolio` builds."""

MOST_WORDS = {"profile": 40, "headline": 15, "post": 150}
"""Longest texts in words: a limit of this course, for readers who have a minute."""


def profile() -> Frame:
    """The profile line and the headline."""
    return _texts(
        "profile",
        "Your profile line",
        [
            Field(
                name="profile",
                kind="textarea",
                label="Profile line, at most 40 words",
                help="What you were, what you do now, one number with all that belongs to it.",
                rows=4,
            ),
            Field(
                name="headline",
                kind="text",
                label="Headline for LinkedIn, at most 15 words",
                help="The words that somebody with a data set would search for. No number.",
            ),
        ],
        profile_notes,
    )


def post() -> Frame:
    """The draft of a post and where it goes."""
    return _texts(
        "post",
        "One useful post",
        [
            Field(
                name="community",
                kind="textarea",
                label="Where it goes, and what you found out about that place",
                help="Who runs it, whom it serves, two complaints and two tips from its top posts.",
                rows=4,
            ),
            Field(
                name="post",
                kind="textarea",
                label="The post, at most 150 words",
                help="One case, what you tried, one question. No pictures of a customer.",
                rows=8,
            ),
        ],
        post_notes,
    )


def platforms() -> Frame:
    """Notes on three platforms."""
    named = {"labelbox": "Labelbox", "supervisely": "Supervisely", "cvat": "CVAT"}
    return _texts(
        "platforms",
        "Three platforms",
        [
            Field(
                name=name,
                kind="textarea",
                label=f"{title}: its words for project, task and export",
                help="And the page of its documentation where you found them.",
                rows=3,
            )
            for name, title in named.items()
        ],
        lambda texts: {},
    )


def mended() -> Frame:
    """The learner's own sentence on what went wrong."""
    return _texts(
        "mended",
        "What you got wrong",
        [
            Field(
                name="mended",
                kind="textarea",
                label="What I got wrong in the first ten, and which rule fixed it",
                help="The habit behind the mistake, the number of the rule, what you do now.",
                rows=5,
            )
        ],
        lambda texts: {},
    )


def profile_notes(texts: Mapping[str, str]) -> dict[str, str]:
    """What the profile line and the headline lack."""
    found = {}
    for name in ("profile", "headline"):
        if phrases := empty_phrases(texts.get(name, "")):
            said = ", ".join(f"“{phrase}”" for phrase in phrases)
            found[name] = f"Everybody writes {said} and nobody can check it: leave it out."
    found |= _too_long(texts)
    profile = texts.get("profile", "")
    if lacking := claim_lacks(profile):
        found["profile"] = f"A number needs more beside it: {', '.join(lacking)}."
    elif differs := proofs.unproven(profile, proofs.read(Path.cwd().parent / PORTFOLIO)):
        found["profile"] = f"Stays out of the portfolio. {differs}"
    if any(char.isdecimal() for char in texts.get("headline", "")):
        found["headline"] = "A headline has no room for n and interval, so leave the number out."
    return found


def post_notes(texts: Mapping[str, str]) -> dict[str, str]:
    """What the post lacks."""
    found = _too_long(texts)
    if lacking := post_lacks(texts.get("post", "")):
        found["post"] = f"Still missing: {', '.join(lacking)}."
    return found


def _too_long(texts: Mapping[str, str]) -> dict[str, str]:
    counted = {name: len(texts.get(name, "").split()) for name in MOST_WORDS}
    return {
        name: f"{n} words; cut it to {MOST_WORDS[name]}."
        for name, n in counted.items()
        if n > MOST_WORDS[name]
    }


def _texts(name: str, title: str, fields: list[Field], notes: Notes) -> Frame:
    return Frame(f"demo {name}", title, lambda: _parts(name, title, fields, notes))


def _parts(name: str, title: str, fields: list[Field], notes: Notes) -> list[widgets.Widget]:
    """A form whose fields are files, and where they are kept.

    A text that another tab or an editor changed meanwhile is kept beside before it is replaced.
    """
    there = files(name)
    contents, revision = there.read()
    texts = {part: content.decode("utf-8", "replace") for part, content in contents.items()}
    said = words(live=True)

    def keep(values: Mapping[str, Any]) -> None:
        nonlocal revision
        given = {part: str(values.get(part) or "") for part in there.paths}
        edits = {part: text for part, text in given.items() if text != texts.get(part, "")}
        form.notes = notes(given)
        try:
            try:
                revision = there.save(edits, revision)
            except Conflict as conflict:
                for part in edits:
                    keep_replaced(there.paths[part])
                revision = there.save(edits, str(conflict.revision))
        except (LabelSchoolError, OSError) as error:
            said.value = note(escape(error), "wrong")
            return
        texts.update(edits)
        kept = ", ".join(f"<code>answers/1.9/{path.name}</code>" for path in there.paths.values())
        said.value = note(f"Kept in {kept}.")

    form = Form(title=title, fields=fields, values=dict(texts), changed=keep)
    form.notes = notes(texts)
    return [form, said]

"""The editor for guidelines: rule cards, versions, and what changed since the last one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from labelschool import answers
from labelschool.answers import NotSaved
from labelschool.errors import LabelSchoolError
from labelschool.model import Guideline, Rule, first_error, guidelines
from labelschool.widgets._base import refuse_unknown
from labelschool.widgets._html import Html, join, tag
from labelschool.widgets._written import Written

SETTINGS = ("title", "exercise", "base", "features", "folder")
NAME = "guideline"
TEXTS = ("note", "intro", "default")
# Fields: name, label, hint.
ABOVE = (
    ("note", "What changed, and why", "for those who know the version before"),
    ("intro", "Above the rules", "what the labels are for"),
)
NAMING = (
    ("name", "Name", "two words"),
    ("short", "Rule", "one sentence that a stranger can follow"),
)
SHOWING = (
    ("positive", "Positive examples", "what falls under it, one a line"),
    ("negative", "Negative examples", "what looks like it and does not"),
    ("edge", "Edge cases", "what lies at the border, and how it is decided"),
)
AROUND = 1
"""Unchanged lines shown before and after a change."""
ALIKE = 0.4
"""How alike two lines must be for their words to be compared."""


class GuidelineEditor(Written):
    """The next version of a guideline, written to ``answers/EXERCISE/guideline.md``.

    `base` is the version in force. With `features`, which holds bool or float for each name a
    condition may ask, every rule has a condition and a class, so that a machine can follow them.
    When the learner begins a further version, the one before stays as ``guideline.vN.md``.
    """

    def __init__(
        self,
        *,
        title: str,
        exercise: str,
        base: Guideline,
        features: Mapping[str, type] | None = None,
        folder: Path | None = None,
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
        if not base.classes:
            raise LabelSchoolError("GuidelineEditor needs a guideline that names its classes.")
        self._base = base
        self._features = features or {}
        classes = list(base.classes)
        deciding = [("when", "If", "", None), ("then", "Then", "", classes)]
        spec = {
            "title": title,
            "guideline": base.title,
            "hint": _listed(self._features),
            "above": ABOVE,
            "fields": [*NAMING, *(deciding if features else ()), *SHOWING],
            "below": [("default", "Otherwise", "", classes)] if features else [],
            "rule": Rule(number=0, name="", short="").model_dump(),
        }
        draft = base.model_copy(update={"id": base.at_version(base.version + 1), "note": ""})
        super().__init__(
            mode="guideline",
            spec=spec,
            exercise=exercise,
            files={NAME: f"{NAME}.md"},
            empty={NAME: _told(draft)},
            folder=folder,
        )

    def _value(self, _name: str, text: str) -> dict[str, Any]:
        return _told(guidelines.read(text))

    def _text(self, _name: str, value: Mapping[str, Any]) -> str:
        return guidelines.text(self._made(value))

    def _made(self, value: Mapping[str, Any]) -> Guideline:
        """The guideline of what the browser sent."""
        try:
            return Guideline(
                id=self._base.at_version(value["version"]),
                title=self._base.title,
                classes=self._base.classes,
                rules={rule["number"]: Rule.model_validate(rule) for rule in value["rules"]},
                **{key: value[key] for key in TEXTS},
            )
        except ValidationError as error:
            raise NotSaved(
                f"This change cannot be saved ({first_error(error)}); undo it and go on."
            ) from error

    def _write(self, edits: list[dict[str, Any]], base: Any, replace: bool) -> str:
        """Save it; a version that is over stays beside it, and so does what was added by hand."""
        path = self._texts.paths[NAME]
        if held := _read(path):
            old = path.read_text(encoding="utf-8")
            if held.version < edits[-1]["version"]:
                answers.replace(self._kept(held.version), old)
            replace = replace or old != guidelines.text(held)
        return super()._write(edits, base, replace)

    def _kept(self, version: int) -> Path:
        return self._texts.folder / f"{NAME}.v{version}.md"

    def _hello(self, message: dict[str, Any]) -> None:
        super()._hello(message)
        self._check(message)

    def _written(self, message: dict[str, Any]) -> None:
        self._check(message)

    def _check(self, message: dict[str, Any]) -> None:
        """Tell what keeps rules from deciding, and what changed since the version before."""
        now = _read(self._texts.paths[NAME]) or self._made(self.spec["empty"][NAME])
        before = _read(self._kept(now.version - 1)) or self._base
        marks = {
            number: "changed" if number in before.rules else "new"
            for number, rule in now.rules.items()
            if rule != before.rules.get(number)
        }
        faults = guidelines.faults(now, self._features) if self._features else {}
        self.send(
            {
                "kind": "checked",
                "client": message["client"],
                "faults": faults,
                "marks": marks | dict.fromkeys(faults, "cannot decide"),
                "changes": _changes(before, now),
            }
        )


def _told(guideline: Guideline) -> dict[str, Any]:
    """What the browser edits of a guideline."""
    texts = {key: getattr(guideline, key) for key in TEXTS}
    rules = [rule.model_dump() for rule in guideline.rules.values()]
    return {"version": guideline.version, **texts, "rules": rules}


def _read(path: Path) -> Guideline | None:
    """The guideline of a file, if it holds one."""
    try:
        return guidelines.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, LabelSchoolError):
        return None


def _listed(features: Mapping[str, type]) -> str:
    """What conditions may ask, in words."""
    kinds = ((name, "yes or no" if kind is bool else "number") for name, kind in features.items())
    asked = ", ".join(f"{name} ({kind})" for name, kind in kinds)
    return asked and f"The first rule whose conditions all hold decides. They may ask {asked}."


# What changed, as in a code review --------------------------------------------------------------


def _changes(before: Guideline, now: Guideline) -> Html:
    """The lines of two versions that differ, with a line around them."""
    plain = (one.model_copy(update={"note": ""}) for one in (before, now))
    old, new = ([line for line in guidelines.body(one)[1:] if line] for one in plain)
    rows = list(_compared(old, new))
    near = {at + step for at, (sign, _) in enumerate(rows) if sign for step in (-AROUND, 0, AROUND)}
    shown, last = [], -1
    for at in sorted(near & set(range(len(rows)))):
        if at > last + 1:
            shown.append(tag("div.skipped", "…"))
        sign, words = rows[at]
        kind = {"+": "ins.diff-line", "-": "del.diff-line", "": "div.diff-line"}[sign]
        shown.append(tag(kind, tag("span.sign", sign), tag("span", *words)))
        last = at
    if not shown:
        return tag("p.hint", f"Nothing is changed since version {before.version}.")
    return join(shown)


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines with their sign, "-", "+" or "", and their pieces; what differs in a line is marked."""
    for what, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield from (("", [line]) for line in old[a:b])
            continue
        removed, added = [], []
        for one, other in zip_longest(old[a:b], new[c:d]):
            was, became = _marked(one or "", other or "")
            if one is not None:
                removed.append(("-", was))
            if other is not None:
                added.append(("+", became))
        yield from removed + added


def _marked(old: str, new: str) -> tuple[list[str], list[str]]:
    """Two lines in pieces, with the words that differ marked where the lines are alike."""
    one, other = re.findall(r"\w+|\W", old), re.findall(r"\w+|\W", new)
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [old], [new]
    sides: tuple[list[str], list[str]] = ([], [])
    for what, a, b, c, d in matcher.get_opcodes():
        for side, words in zip(sides, (one[a:b], other[c:d]), strict=True):
            if text := "".join(words):
                side.append(text if what == "equal" else tag("mark", text))
    return sides

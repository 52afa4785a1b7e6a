"""Answers to 3.K and 3.L: right, with the mistakes the course names, and blind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from labelschool import code_answers, course, datasets
from labelschool.answers import FOLDER
from labelschool.model import Guideline, Rule, guidelines

CARD, POLICY = "3.K", "3.L"


def right(folder: Path) -> None:
    """The bound that the owner means, and every statement repaired."""
    _save_card(folder, _card("dent_cm >= 8"))
    _save_policy(folder, [*_repaired().values()])


def slipped(folder: Path) -> None:
    """Four rules more than needed; a wildcard action, raw pictures for the vendor, no expiry."""
    card = _card("dent_cm >= 8")
    more = {
        n: Rule(number=n, name="dent", short="A dent.", when=f"dent_cm >= {n}", then="major")
        for n in range(10, 14)
    }
    _save_card(folder, card.model_copy(update={"rules": more | card.rules}))
    faulty = ("annotator-tasks", "vendor-pictures", "link-expiry")
    _save_policy(folder, [*(_repaired() | {name: _shown()[name] for name in faulty}).values()])


def blind(folder: Path) -> None:
    """Version 1 with a note, and everything allowed."""
    _save_card(folder, _card("dent_cm is large"))
    everything = {"Effect": "Allow", "Principal": "*", "Action": ["s3:*"], "Resource": ["*"]}
    _save_policy(folder, [everything])


def _card(when: str) -> Guideline:
    first = course.guideline(course.load().task(CARD).guideline)
    mended = first.rules[3].model_copy(update={"when": when})
    change = {"id": first.at_version(2), "note": "Rule 3.", "rules": first.rules | {3: mended}}
    return first.model_copy(update=change)


def _save_card(folder: Path, card: Guideline) -> None:
    place = folder / FOLDER / CARD
    place.mkdir(parents=True, exist_ok=True)
    (place / "guideline.md").write_text(guidelines.text(card), encoding="utf-8")


def _save_policy(folder: Path, policy: Sequence[dict[str, Any]]) -> None:
    code_answers.save(POLICY, f"def repaired():\n    return {[*policy]!r}\n", folder)


def _repaired() -> dict[str, dict[str, Any]]:
    return datasets.key("policies8", "counted")["repaired"]


def _shown() -> dict[str, dict[str, Any]]:
    text = datasets.file("policies8", "statements.json").read_text(encoding="utf-8")
    return {entry["id"]: entry["statement"] for entry in json.loads(text)["statements"]}

"""What every builder does: an empty folder, checked items and truth, datasheet, checksums."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paths import DATASETS

from labelschool.datasets.writer import write_checksums, write_key, write_pool

__all__ = [
    "CONTACT_SHEET",
    "Datasheet",
    "finish",
    "fresh_folder",
    "picture_entry",
    "write_key",
    "write_pool",
]

CONTACT_SHEET = "contact.jpg"


@dataclass(frozen=True)
class Datasheet:
    """What a reader must know of a set; every field is Markdown.

    ``composition`` and ``edge_cases`` are rows of a table, ``what`` and ``count``.
    """

    motivation: str
    composition: Sequence[tuple[str, Any]]
    making: str
    gaps: str
    edge_cases: Sequence[tuple[str, int]] = ()

    def markdown(self, name: str, guideline: str | None, sheet: bool) -> str:
        """The whole text; ``sheet`` tells whether there is a contact sheet."""
        sections = [f"# {name}", self.motivation.strip()]
        if sheet:
            sections.append(f"![Contact sheet of {name}]({CONTACT_SHEET})")
        sections += ["## What is in it", _table(self.composition)]
        if self.edge_cases:
            sections += ["## Edge cases", _table(sorted(self.edge_cases))]
        licence = f"Licence: CC0 1.0. Made again with `make data SET={name}`."
        if guideline:
            licence += f" Truth by guideline {guideline}."
        sections += ["## How it was made", self.making.strip(), licence]
        sections += ["## Known gaps", self.gaps.strip()]
        return "\n\n".join(sections) + "\n"


def fresh_folder(name: str, *subfolders: str) -> Path:
    """Empty ``datasets/NAME`` with the subfolders asked for."""
    folder = DATASETS / name
    shutil.rmtree(folder, ignore_errors=True)
    for subfolder in ("truth", *subfolders):
        (folder / subfolder).mkdir(parents=True)
    return folder


def picture_entry(item: Mapping[str, Any]) -> dict[str, Any]:
    """What a learner may know of any picture, from its truth."""
    return {key: item[key] for key in ("item", "image", "width", "height")}


def finish(
    folder: Path,
    guideline: str | None,
    datasheet: Datasheet,
    elsewhere: Mapping[str, str] | None = None,
) -> None:
    """Write the datasheet and, last of all, the checksums of every file of the set.

    ``elsewhere`` maps files of the set that do not lie in its folder to their SHA-256.
    """
    sheet = (folder / CONTACT_SHEET).exists()
    text = datasheet.markdown(folder.name, guideline, sheet)
    (folder / "datasheet.md").write_text(text, encoding="utf-8", newline="\n")
    write_checksums(folder, elsewhere)


def _table(rows: Iterable[tuple[str, Any]]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in rows)])

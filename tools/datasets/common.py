"""What every builder does: an empty folder, checked items and truth, datasheet, checksums."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paths import DATASETS

from labelschool.datasets import CHECKSUMS, TRUTH_SCHEMA
from labelschool.model import MODALITIES, Truth

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


def write_pool(
    folder: Path,
    pool: str,
    modality: str,
    guideline: str | None,
    items: Sequence[Mapping[str, Any]],
    truth: Iterable[Truth | Mapping[str, Any]],
) -> None:
    """Add one pool: its items to ``items.json`` and its truth as ``truth/POOL.json``.

    ``items`` are the entries of ``items.json``, each with ``item`` and what the annotator shows;
    ``truth`` are records of the modality, or mappings that they accept. Raises ValidationError for
    a truth that does not fit, ValueError where items and truth name different things.
    """
    record = MODALITIES[modality]
    checked = [record.model_validate(entry) for entry in truth]
    if [entry["item"] for entry in items] != [entry.item for entry in checked]:
        raise ValueError(f"{folder.name}/{pool}: items and truth differ")
    path = folder / "items.json"
    pools = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    pools[pool] = list(items)
    head = {
        "schema": TRUTH_SCHEMA,
        "dataset": folder.name,
        "pool": pool,
        "modality": modality,
        "guideline": guideline,
    }
    rows = [entry.model_dump(mode="json", exclude_defaults=True) for entry in checked]
    _write_rows(path, {name: pools[name] for name in sorted(pools)})
    _write_rows(folder / "truth" / f"{pool}.json", head | {"items": rows})


def _write_rows(path: Path, data: Mapping[str, Any]) -> None:
    """JSON with one line for each item, so that files stay small and changes can be read."""
    parts = []
    for key, value in data.items():
        if isinstance(value, list):
            lines = ",\n".join(f"  {_compact(row)}" for row in value)
            parts.append(f" {json.dumps(key)}: [\n{lines}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {_compact(value)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8", newline="\n")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def finish(folder: Path, guideline: str | None, datasheet: Datasheet) -> None:
    """Write the datasheet and, last of all, the checksums of every file of the set."""
    sheet = (folder / CONTACT_SHEET).exists()
    text = datasheet.markdown(folder.name, guideline, sheet)
    (folder / "datasheet.md").write_text(text, encoding="utf-8", newline="\n")
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != CHECKSUMS]
    digests = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    }
    lines = [f"{digest}  {path}\n" for path, digest in sorted(digests.items())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _table(rows: Iterable[tuple[str, Any]]) -> str:
    return "\n".join(["| | |", "|---|---|", *(f"| {key} | {value} |" for key, value in rows)])

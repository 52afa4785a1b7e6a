"""Write the files of a set: items, truth and checksums, in the form that the registry reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from labelschool.datasets.places import CHECKSUMS
from labelschool.datasets.registry import KEY_SCHEMA, TRUTH_SCHEMA
from labelschool.model import MODALITIES, Truth

JPEG_QUALITY = 85
"""Quality of the JPEG files of every set, shipped or drawn."""


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
    write_rows(path, {name: pools[name] for name in sorted(pools)})
    write_rows(folder / "truth" / f"{pool}.json", head | {"items": rows})


def write_key(folder: Path, pool: str, data: Mapping[str, Any]) -> None:
    """Write ``truth/POOL.json`` of a pool without items; ``data`` is what is true of it."""
    head = {"schema": KEY_SCHEMA, "dataset": folder.name, "pool": pool}
    write_rows(folder / "truth" / f"{pool}.json", {**head, **data})


def write_rows(path: Path, data: Mapping[str, Any]) -> None:
    """JSON with one line for each item, so that files stay small and changes can be read."""
    parts = []
    for key, value in data.items():
        if isinstance(value, list):
            lines = ",\n".join(f"  {_compact(row)}" for row in value)
            parts.append(f" {json.dumps(key)}: [\n{lines}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {_compact(value)}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8", newline="\n")


def write_checksums(folder: Path, elsewhere: Mapping[str, str] | None = None) -> None:
    """List every file of the set in SHA256SUMS, sorted by path.

    ``elsewhere`` adds the digests of files that do not lie in the folder (``wheel:...``).
    """
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != CHECKSUMS]
    digests = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
    } | dict(elsewhere or {})
    lines = [f"{digest}  {path}\n" for path, digest in sorted(digests.items())]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

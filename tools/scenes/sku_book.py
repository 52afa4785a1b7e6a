"""The assortment of the shelf pictures, read from `skus.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path

SKUS = Path(__file__).resolve().parent / "skus.toml"


def read_skus() -> list[dict]:
    """One row per article: id, brand, name, kind, size, price, and twin and mark where it has
    them.
    """
    return tomllib.loads(SKUS.read_text(encoding="utf-8"))["sku"]


def twins() -> dict[str, str]:
    """SKU -> the near-identical SKU."""
    return {row["id"]: row["twin"] for row in read_skus() if "twin" in row}

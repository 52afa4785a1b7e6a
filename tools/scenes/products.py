# SPDX-License-Identifier: GPL-3.0-or-later
"""The shelf products, one mesh per SKU.

Materials whose name starts with ``art_`` carry label art.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import kit
import materials
import pack_art
from materials import NodeTree
from PIL import Image
from product_makers import MAKERS
from sku_book import read_skus

ART = "art_"


@dataclass(frozen=True)
class Sku:
    """One article: ``size`` is width, depth and height in metres."""

    id: str
    brand: str
    name: str
    kind: str
    size: tuple[float, float, float]
    price: str
    twin: str | None = None
    mark: str = ""


def assortment() -> dict[str, Sku]:
    """All articles by id, in the order of `skus.toml`."""
    return {row["id"]: Sku(**row | {"size": tuple(row["size"])}) for row in read_skus()}


class ProductShop:
    """Builds product meshes on demand and keeps them; textures are written to ``folder``."""

    def __init__(self, folder: Path):
        self.folder, self.skus, self._meshes = folder, assortment(), {}
        folder.mkdir(parents=True, exist_ok=True)

    def mesh(self, sku: str):
        """The mesh of one article."""
        if sku not in self._meshes:
            made = MAKERS[self.skus[sku].kind](self, self.skus[sku])
            self._meshes[sku] = kit.join(made, sku)
        return self._meshes[sku]

    def art(self, name: str, image: Image.Image, roughness=0.4, coat=0.0, metallic=0.0):
        """A material that shows ``image``."""
        path = self.folder / f"{name}.png"
        if not path.exists():
            image.save(path)
        material = materials.picture(f"{ART}{name}", path, roughness)
        surface = NodeTree(material).surface
        surface.inputs["Coat Weight"].default_value = coat
        surface.inputs["Coat Roughness"].default_value = 0.08
        surface.inputs["Metallic"].default_value = metallic
        surface.inputs["Emission Strength"].default_value = 0
        return material

    def front(self, sku: Sku, **finish):
        return self.art(sku.id, pack_art.FRONTS[sku.id](), **finish)

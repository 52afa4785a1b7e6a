"""The annotator for masks: the visible pixels of objects."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator

ATTRIBUTES = ("unsure",)
HINT = "Click around an object, then press Enter. Press ? for all keys."
REVIEW_HINT = "Select the mask, then A accepts, C fixes, X rejects. Press ? for all keys."
CELLS = {"superpixels-fine": 8, "superpixels-medium": 16, "superpixels-coarse": 32}
"""Parts of an item that can be asked for, and about how many pixels wide their cells are."""
MOST_PIXELS = 400_000
"""A larger picture is cut into superpixels at a smaller size: learners wait for it."""


class Superpixels(Annotator):
    """An annotator whose browser may ask for the superpixels of a picture, which are cut once."""

    def __init__(self, **settings: Any) -> None:
        self._cells: dict[tuple[str, int], bytes] = {}
        self._cutting = threading.Lock()
        super().__init__(**settings)

    def _files(self, item: Item, part: str) -> list[bytes]:
        if part not in CELLS:
            return super()._files(item, part)
        key = item.name, CELLS[part]
        with self._cutting:
            if key not in self._cells:
                self._cells[key] = superpixels(item, CELLS[part])
            return [self._cells[key]]


class MaskAnnotator(Superpixels):
    """Masks as polygons with holes and several parts, painted, or picked as superpixels.

    Where items bring proposals, these are accepted, fixed or rejected, as on `ReviewDesk` but
    without reasons.

    Args:
        items: the pictures, in order; what an item has `asked` for is shown above its picture.
        classes: names in the order of the keys 1 to 9; without any, each item's `asked` names
            are its classes, or those of its proposals.
        attributes: ``unsure`` or nothing.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str] = (),
        attributes: Sequence[str] = (),
        **shared: Any,
    ) -> None:
        for name in attributes:
            if name not in ATTRIBUTES:
                raise LabelSchoolError(f"A mask has no attribute {name!r}; it has unsure.")
        for item in items:
            if item.image is None:
                raise LabelSchoolError(f"Item {item.name!r} has no picture to outline things in.")
            if not (classes or named(item)):
                raise LabelSchoolError(
                    f"Item {item.name!r} asks for nothing: give MaskAnnotator its classes."
                )
        if not classes:
            items = [item.model_copy(update={"asked": named(item)}) for item in items]
        asked = dict.fromkeys(name for item in items for name in item.asked)
        proposals = any(item.proposals for item in items)
        super().__init__(
            mode="review-mask" if proposals else "mask",
            items=items,
            classes=classes or list(asked),
            hint=REVIEW_HINT if proposals else HINT,
            settings={"attributes": list(attributes), "by_item": not classes, "codes": []},
            **shared,
        )


def named(item: Item) -> tuple[str, ...]:
    """What an item asks for: the things it names, else those of its proposals."""
    return item.asked or tuple(dict.fromkeys(proposal.label for proposal in item.proposals))


def superpixels(item: Item, side: int) -> bytes:
    """Cells of alike pixels, about `side` px wide (SLIC, Achanta et al. 2012).

    Returns numbers of 16 bits, little endian: the width and height at which the picture was cut,
    then the number of each pixel's cell, column by column.
    """
    import numpy as np
    from PIL import Image, ImageOps
    from skimage.segmentation import slic

    with Image.open(item.image) as file:
        picture = ImageOps.exif_transpose(file).convert("RGB")
    shrink = min(1.0, (MOST_PIXELS / (picture.width * picture.height)) ** 0.5)
    size = [max(1, round(length * shrink)) for length in picture.size]
    cells = slic(
        np.asarray(picture.resize(size, Image.Resampling.BOX)),
        n_segments=max(1, size[0] * size[1] // side**2),
        sigma=1,
        max_num_iter=5,
        start_label=0,
    )
    return np.concatenate([size, cells.T.ravel()]).astype("<u2").tobytes()

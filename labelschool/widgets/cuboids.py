"""The annotator for cuboids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zipfile import BadZipFile

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator

SIZES: Mapping[str, tuple[float, float, float]] = {
    "car": (4.5, 1.8, 1.5),
    "van": (5.0, 1.9, 2.1),
    "truck": (6.7, 2.4, 3.1),
    "bus": (11.7, 2.6, 3.3),
    "trailer": (3.8, 1.9, 1.6),
    "cyclist": (1.8, 0.6, 1.6),
    "person": (0.6, 0.5, 1.7),
}
"""Usual length, width and height in metres."""
OTHER = (4.5, 1.8, 1.6)
"""The size of a class without a usual one."""
CENTIMETRES = 100
"""Sweeps are stored as whole centimetres."""
HINT = "Drag over an object from above, along the way it heads. Press ? for all keys."


class CuboidAnnotator(Annotator):
    """Cuboids in point clouds, drawn from above, fitted from the side, seen in the camera picture.

    Args:
        items: the sweeps with camera picture and calibration, in order.
        classes: names in the order of the keys 1 to 9.
        sizes: usual length, width and height of a class in metres, where other than `SIZES`.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str],
        sizes: Mapping[str, tuple[float, float, float]] = {},
        **shared: Any,
    ) -> None:
        for item in items:
            if item.sweep is None or item.camera is None or item.calibration is None:
                raise LabelSchoolError(
                    f"Item {item.name!r} needs a sweep, a camera picture and their calibration."
                )
        for label, size in sizes.items():
            if label not in classes or min(size) <= 0 or len(size) != len(SIZES["car"]):
                raise LabelSchoolError(
                    f"The size of {label!r} needs a class that is shown and three lengths above 0."
                )
        usual = {**SIZES, **sizes}
        super().__init__(
            mode="cuboid",
            items=items,
            classes=classes,
            hint=HINT,
            settings={"sizes": {name: list(usual.get(name, OTHER)) for name in classes}},
            **shared,
        )

    def _files(self, item: Item, part: str) -> list[bytes]:
        """The points of a sweep from low to high as x, y, z in metres, 32-bit floats."""
        if part != "sweep":
            return super()._files(item, part)
        import numpy as np

        try:
            with np.load(item.sweep) as loaded:
                points = loaded["xyz"].astype("<f4") / CENTIMETRES
        except (EOFError, BadZipFile) as error:
            raise ValueError(f"{item.sweep} is damaged") from error
        return [points[points[:, 2].argsort(kind="stable")].tobytes()]

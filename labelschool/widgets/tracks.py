"""The annotator for tracks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.widgets._base import Annotator

HINT = "Drag over an object, go on with . and put its box where it is then. Press ? for all keys."


class TrackAnnotator(Annotator):
    """Boxes through clips, one track for each object, with keyframes where the motion changes.

    Args:
        items: the clips, in order.
        classes: names in the order of the keys 1 to 9.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str],
        **shared: Any,
    ) -> None:
        for item in items:
            if not item.frames:
                raise LabelSchoolError(f"Item {item.name!r} has no clip to draw tracks on.")
        super().__init__(
            mode="track",
            items=items,
            classes=classes,
            hint=HINT,
            settings={},
            **shared,
        )

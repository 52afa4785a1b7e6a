"""The desk where labels that somebody else made are reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.scoring.taxonomy import TAXONOMY
from labelschool.widgets.boxes import ATTRIBUTES
from labelschool.widgets.masks import Superpixels

CODES = ("E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10")
"""What can be wrong with a label in a picture; E1, missed, is what the reviewer adds."""
HINT = "Select a label, then A accepts, C fixes, X rejects. Draw what was missed. ? shows all keys."


class ReviewDesk(Superpixels):
    """Verdicts on the proposals of items: accept, fix or reject with the code of the error.

    All proposals are boxes, or all are masks. A change of a label is a fix; an object that nobody
    labelled is added.

    Args:
        items: pictures with their proposals, in order.
        classes: names that a label may have.
        codes: error codes that are asked for, of `labelschool.scoring.taxonomy`.
        attributes: which flags of a label are reviewed too, as for `BoxAnnotator`.
        shared: what all annotators are told, see `Annotator`.
    """

    def __init__(
        self,
        *,
        items: Sequence[Item],
        classes: Sequence[str],
        codes: Sequence[str] = CODES,
        attributes: Sequence[str] = (),
        **shared: Any,
    ) -> None:
        for code in codes:
            if code not in TAXONOMY:
                raise LabelSchoolError(f"There is no error code {code!r}; see the taxonomy.")
        for name in attributes:
            if name not in ATTRIBUTES:
                raise LabelSchoolError(
                    f"A label has no attribute {name!r}; it has {', '.join(ATTRIBUTES)}."
                )
        kinds = {proposal.type for item in items for proposal in item.proposals}
        if len(kinds) != 1 or not kinds <= {"box", "mask"}:
            raise LabelSchoolError(
                "ReviewDesk needs proposals that are all boxes or all masks; these are "
                f"{', '.join(sorted(kinds)) or 'none'}."
            )
        super().__init__(
            mode=f"review-{kinds.pop()}",
            items=items,
            classes=classes,
            hint=HINT,
            settings={
                "attributes": [name for name in ATTRIBUTES if name in attributes],
                "codes": [f"{code} {TAXONOMY[code].name}" for code in codes],
            },
            **shared,
        )

"""The desk where labels that somebody else made are reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import Item
from labelschool.scoring.taxonomy import TAXONOMY
from labelschool.widgets._base import Annotator, refuse_unknown
from labelschool.widgets.boxes import ATTRIBUTES

SETTINGS = ("title", "items", "answer_file", "classes", "codes", "attributes", "rules", "guideline")
CODES = ("E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9", "E10")
"""What can be wrong with a label in a picture; E1, missed, is what the reviewer adds."""
HINT = "Select a label, then A accepts, C fixes, X rejects. Draw what was missed. ? shows all keys."


class ReviewDesk(Annotator):
    """Verdicts on the proposals of items: accept, fix or reject with the code of the error.

    All proposals are boxes, or all are masks. A change of a label is a fix; an object that nobody
    labelled is added.

    Args:
        title: what the header says.
        items: pictures with their proposals, in order.
        answer_file: read on showing, written at each edit.
        classes: names that a label may have.
        codes: error codes that are asked for, of `labelschool.scoring.taxonomy`.
        attributes: which flags of a label are reviewed too, as for `BoxAnnotator`.
        rules: (number, short sentence) of the guideline, for escalation.
        guideline: id shown beside the title, such as ``G1.v1``.
    """

    def __init__(
        self,
        *,
        title: str,
        items: Sequence[Item],
        answer_file: AnswerFile,
        classes: Sequence[str],
        codes: Sequence[str] = CODES,
        attributes: Sequence[str] = (),
        rules: Sequence[tuple[int, str]] = (),
        guideline: str = "",
        **unknown: Any,
    ) -> None:
        refuse_unknown(type(self), unknown, SETTINGS)
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
            title=title,
            items=items,
            answer_file=answer_file,
            classes=classes,
            rules=rules,
            guideline=guideline,
            hint=HINT,
            settings={
                "attributes": [name for name in ATTRIBUTES if name in attributes],
                "codes": [f"{code} {TAXONOMY[code].name}" for code in codes],
            },
        )

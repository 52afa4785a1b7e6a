"""What is shown of an item beside the words: its text, its picture, the place of a finding.

Each is a function of the truth, which knows what kind of item it is; a kind without one shows
nothing. `made` are the learner's annotations of the item. What shows a picture raises `Unreadable`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from labelschool.feedback import adverts, pictures
from labelschool.feedback.answer_words import Passage
from labelschool.model import Annotation, Box, Item, ReviewTruth, TextTruth, Truth, TruthItem
from labelschool.scoring.score import Finding


@singledispatch
def passage(truth: Truth, item: Item, made: Sequence[Annotation]) -> Passage | None:
    """The text of an item with the words that decide."""
    return None


@singledispatch
def whole(
    truth: Truth, item: Item, made: Sequence[Annotation], classes: Sequence[str]
) -> bytes | None:
    """The whole item with what was made over the reference of `classes`, as JPEG."""
    return None


@singledispatch
def crop(truth: Truth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    """The place of a finding, enlarged, as JPEG; without a region the whole picture, small."""
    return None


# Boxes and classes of pictures ------------------------------------------------------------------


@whole.register
def _(
    truth: TruthItem, item: Item, made: Sequence[Annotation], classes: Sequence[str]
) -> bytes | None:
    boxes = [a for a in made if isinstance(a, Box)]
    tagged = truth.labels or truth.unusable
    return None if tagged else pictures.review_picture(truth, boxes, item, classes)


@crop.register
def _(truth: TruthItem, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    if finding.region is None:
        return pictures.thumbnail(item.image)
    drawn = finding.details
    if "answer" in drawn and "reference" in drawn:
        return pictures.crop(
            item.image, finding.region, reference=drawn["reference"], answer=drawn["answer"]
        )
    ids = {finding.truth_id, *finding.details.get("truth_ids", ())}
    return pictures.crop(
        item.image,
        finding.region,
        reference=[obj.bbox for obj in truth.objects if obj.id in ids],
        answer=[a.bbox for a in made if isinstance(a, Box) and a.id in finding.annotation_ids],
    )


# Reviews of boxes -------------------------------------------------------------------------------


@whole.register
def _(
    truth: ReviewTruth, item: Item, made: Sequence[Annotation], classes: Sequence[str]
) -> bytes | None:
    return pictures.desk_picture(truth, item)


@crop.register
def _(truth: ReviewTruth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    drawn = finding.details
    return pictures.crop(
        item.image, finding.region, reference=drawn["reference"], answer=drawn["answer"]
    )


# Questions about texts and pictures -------------------------------------------------------------


@passage.register
def _(truth: TextTruth, item: Item, made: Sequence[Annotation]) -> Passage | None:
    return adverts.passage(item, truth) if item.text is not None else None


@crop.register
def _(truth: TextTruth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    return pictures.thumbnail(item.image) if item.image else None

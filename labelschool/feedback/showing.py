"""What is shown of an item beside the words: its text, its picture, the place of a finding.

Each is a function of the truth, which knows what kind of item it is; a kind without one shows
nothing. `made` are the learner's annotations of the item. What shows a picture raises `Unreadable`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

from labelschool.feedback import adverts, mask_pictures, motion_pictures, pictures
from labelschool.feedback.answer_words import Passage, texts_of
from labelschool.feedback.brackets import Piece, pieces
from labelschool.model import (
    Annotation,
    Box,
    ClipTruth,
    Item,
    KeypointTruth,
    Mask,
    MaskTruth,
    PreferenceTruth,
    ReviewTruth,
    Span,
    TextTruth,
    Truth,
    TruthItem,
)
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
    if _of_masks(item):
        return mask_pictures.proposal(truth, item)
    return pictures.desk_picture(truth, item)


@crop.register
def _(truth: ReviewTruth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    if _of_masks(item):
        return mask_pictures.proposal_crop(truth, item)
    drawn = finding.details
    return pictures.crop(
        item.image, finding.region, reference=drawn["reference"], answer=drawn["answer"]
    )


def _of_masks(item: Item) -> bool:
    """Whether the labels under review are masks."""
    return all(isinstance(label, Mask) for label in item.proposals)


# Masks ------------------------------------------------------------------------------------------


@whole.register
def _(
    truth: MaskTruth, item: Item, made: Sequence[Annotation], classes: Sequence[str]
) -> bytes | None:
    return mask_pictures.masks(truth, item, made)


@crop.register
def _(truth: MaskTruth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    return mask_pictures.mask_crop(truth, item, made, finding)


# Questions about texts and pictures -------------------------------------------------------------


@passage.register
def _(truth: TextTruth, item: Item, made: Sequence[Annotation]) -> Passage | None:
    if item.image:
        return None
    if truth.spans and all(span.label in truth.choices for span in truth.spans):
        return adverts.passage(item, truth)
    fields = {span.field for span in truth.spans} or {*(item.fields or [None])}
    (field, text), *_ = [(f, t) for f, t in texts_of(item).items() if f in fields]
    marked = [] if truth.choices else [span for span in truth.spans if span.field == field]
    below = [truth.note] if truth.note and not truth.choices else []
    if any(span.severity for span in truth.spans):
        below.insert(0, _points(truth, item, made))
    told = [Piece(f"\n{line}") for line in below]
    return Passage((field or "").capitalize(), (*pieces(text, marked), *told))


def _points(truth: TextTruth, item: Item, made: Sequence[Annotation]) -> str:
    """What a draft costs as it was marked, and by the key."""
    from labelschool.scoring.error_spans import charged, points
    from labelschool.scoring.spans import match

    matched = match(truth, [a for a in made if isinstance(a, Span)], texts_of(item))
    return f"MQM points: {charged(matched)} by your marks, {points(truth.spans)} by the key."


@passage.register
def _(truth: PreferenceTruth, item: Item, made: Sequence[Annotation]) -> Passage | None:
    """The request and both answers."""
    told = [Piece(f"{name}: {item.fields[key]}\n") for name, key in (("A", "a"), ("B", "b"))]
    return Passage("Request", (Piece(f"{item.fields['prompt']}\n"), *told))


@crop.register
def _(truth: TextTruth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    return pictures.thumbnail(item.image) if item.image else None


# Keypoints and tracks ---------------------------------------------------------------------------


@whole.register
def _(
    truth: KeypointTruth, item: Item, made: Sequence[Annotation], classes: Sequence[str]
) -> bytes | None:
    return motion_pictures.figures(truth, item, made)


@crop.register
def _(
    truth: KeypointTruth, item: Item, made: Sequence[Annotation], finding: Finding
) -> bytes | None:
    return motion_pictures.figure_crop(truth, item, made, finding)


@whole.register
def _(
    truth: ClipTruth, item: Item, made: Sequence[Annotation], classes: Sequence[str]
) -> bytes | None:
    return motion_pictures.clip(truth, item, made, classes)


@crop.register
def _(truth: ClipTruth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes | None:
    return motion_pictures.clip_crop(truth, item, made, finding)

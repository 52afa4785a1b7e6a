"""Review tasks: finished labels with errors put in, and the verdict each of them deserves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labelschool.model import Box, ReviewTruth, TruthBox, TruthItem, TruthVerdict, iou
from labelschool.quality.injected import CODES, Injection, counts, inject

UGLY_HIDDEN, UGLY_CUT = 0.3, 0.2
"""A right label looks wrong at first sight if at least so much of its object is hidden, or lies
outside the picture.
"""
REJECTED = ("E2", "E3")
"""The label should not be there at all; all other errors are to be fixed."""


def review_tasks(
    truth: Sequence[TruthItem],
    seed: int,
    *,
    classes: Sequence[str],
    errors: Mapping[str, int],
    ugly: int = 0,
) -> tuple[dict[str, tuple[Box, ...]], tuple[ReviewTruth, ...]]:
    """Proposals by item, and the verdicts on them.

    ``errors`` says how many of each code are wanted; they are spread over the pictures as far as
    these offer a place for them. ``ugly`` labels that look wrong but are right stay as they are.
    Proposals stand in an order and bear ids that tell nothing. Raises ValueError for an unknown
    code, and where the pictures hold fewer errors or ugly labels than are wanted.
    """
    import numpy as np

    if unknown := set(errors) - set(CODES):
        raise ValueError(f"no error codes {sorted(unknown)}")
    rng = np.random.default_rng(seed)
    wanted = [code for code, count in errors.items() for _ in range(count)]
    share = -(-len(wanted) // len(truth)) + 1
    codes = [wanted[index] for index in rng.permutation(len(wanted))]
    looks = [(i.item, o.id) for i in truth for o in i.objects if counts(o, classes) and _is_ugly(o)]
    if len(looks) < ugly:
        raise ValueError(f"only {len(looks)} of {ugly} labels look wrong but are right")
    spared = [looks[index] for index in rng.permutation(len(looks))[:ugly]]
    answers, injections = inject(truth, rng, codes, classes, per_item=share, spared=spared)
    if len(injections) < len(wanted):
        raise ValueError(f"only {len(injections)} of {len(wanted)} errors fit into the pictures")
    proposals, verdicts = {}, []
    for item in truth:
        boxes = [answers[item.item][index] for index in rng.permutation(len(answers[item.item]))]
        names = {box.id: f"p{number}" for number, box in enumerate(boxes, 1)}
        proposals[item.item] = tuple(
            box.model_copy(
                update={"id": names[box.id], "bbox": tuple(round(v, 1) for v in box.bbox)}
            )
            for box in boxes
        )
        mine = [injection for injection in injections if injection.item == item.item]
        verdicts.append(
            ReviewTruth(
                item=item.item,
                scene=item.scene,
                verdicts=tuple(_verdicts(item, boxes, names, mine, classes)),
            )
        )
    return proposals, tuple(verdicts)


def _verdicts(
    item: TruthItem,
    boxes: Sequence[Box],
    names: Mapping[str, str],
    injections: Sequence[Injection],
    classes: Sequence[str],
) -> list[TruthVerdict]:
    objects = {obj.id: obj for obj in item.objects if counts(obj, classes)}
    wrong: dict[str, tuple[str, TruthBox | None]] = {}
    missed = []
    for injection in injections:
        touched = [objects[number] for number in injection.truth_ids]
        if injection.code == "E1":
            missed.append(touched[0])
            continue
        spoiled = injection.box_ids
        if injection.code == "E3":
            spoiled = spoiled[1:]
        elif injection.code == "E4":
            spoiled = spoiled[:1]
        for place, box_id in enumerate(spoiled):
            keeps = touched and not (injection.code == "E5" and place)
            wrong[box_id] = (injection.code, touched[0] if keeps else None)
    found = []
    for box in boxes:
        code, obj = wrong.get(box.id, (None, None))
        if code is None:
            obj = next(o for o in objects.values() if box.id == f"b{o.id}")
        reject = code in REJECTED or (code is not None and obj is None)
        found.append(
            TruthVerdict(
                target=names[box.id],
                decision="accept" if code is None else "reject" if reject else "fix",
                code=code,
                right=None if reject or obj is None else _right(obj),
                iou=None if obj is None else round(iou(box.bbox, obj.bbox), 3),
                edge_cases=("ugly_but_right",) if code is None and _is_ugly(obj) else (),
            )
        )
    return found + [
        TruthVerdict(target=None, decision="fix", code="E1", right=_right(obj)) for obj in missed
    ]


def _right(obj: TruthBox) -> Box:
    return Box(
        id=f"o{obj.id}",
        label=obj.label,
        bbox=obj.bbox,
        occluded=obj.occluded,
        truncated=obj.truncated,
    )


def _is_ugly(obj: TruthBox) -> bool:
    return obj.occlusion >= UGLY_HIDDEN or obj.truncation >= UGLY_CUT

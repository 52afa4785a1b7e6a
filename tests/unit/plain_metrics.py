"""One simple metric per modality, 0 to 1, for tests of the simulated annotators.

They are kept apart from `labelschool.scoring`, so that neither can hide a mistake of the other.
Whatever has to be found first is worth the total quality of the best one-to-one assignment over the
mean number of annotations and of things to find, so that inventing and missing both cost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from pycocotools import mask as coco
from scipy.optimize import linear_sum_assignment

from labelschool.model import Rle, Track, TruthTrack, encode_mask, iou
from labelschool.model.skeleton import OTHER_SIGMA, SIGMAS

from .truths import raster

Answers = Mapping[str, tuple]


def found(truth: Sequence, answers: Answers, things: str, quality: Callable) -> float:
    """Quality of what was found, `things` being the field of the truth that holds what is there."""
    total, count = 0.0, 0
    for item in truth:
        there, made = getattr(item, things), answers[item.item]
        table = np.array([quality(a, t) for a in made for t in there])
        table = table.reshape(len(made), len(there))
        total += table[linear_sum_assignment(table, maximize=True)].sum() if table.size else 0.0
        count += len(there) + len(made)
    return total / (count / 2)


def boxes(truth: Sequence, answers: Answers) -> float:
    """IoU with the class right."""
    return found(truth, answers, "objects", lambda a, t: iou(a.bbox, t.bbox) * (a.label == t.label))


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """IoU of two boolean arrays."""
    return (a & b).sum() / (a | b).sum()


def rle_iou(a: Rle, b: Rle) -> float:
    """IoU of two masks."""
    return coco.iou([a.model_dump()], [b.model_dump()], [0])[0, 0]


def masks(truth: Sequence, answers: Answers) -> float:
    """IoU with the class right."""

    def quality(made, there):
        return rle_iou(made.rle, there.rle) * (made.label == there.label)

    return found(truth, answers, "objects", quality)


def oks(made: Sequence, there: Sequence, area: float) -> float:
    """Object keypoint similarity after COCO, half of it lost where the visibility is wrong."""
    values = []
    for a, t in zip(made, there, strict=True):
        if t.visibility:
            sigma = SIGMAS.get(t.name.split("_")[-1], OTHER_SIGMA)
            near = np.exp(-((a.x - t.x) ** 2 + (a.y - t.y) ** 2) / (8 * area * sigma**2))
            values.append(near * (1 if a.visibility == t.visibility else 0.5))
    return float(np.mean(values))


def keypoints(truth: Sequence, answers: Answers) -> float:
    """Mean OKS."""
    return found(truth, answers, "figures", lambda a, t: oks(a.points, t.points, t.area))


def shown(track: Track, frames: int) -> dict[int, tuple[float, ...]]:
    """The box of a drawn track at each frame at which it claims one, linear between keyframes."""
    keys, boxes = track.keyframes, {}
    for key, after in zip(keys, (*keys[1:], None), strict=True):
        if key.occluded or key.outside:
            continue
        for frame in range(key.frame, after.frame if after else frames):
            share = (frame - key.frame) / (after.frame - key.frame) if after else 0.0
            goal = after.bbox if after else key.bbox
            boxes[frame] = tuple(np.multiply(key.bbox, 1 - share) + np.multiply(goal, share))
    return boxes


def tracks(truth: Sequence, answers: Answers) -> float:
    """Mean IoU over all frames that the drawn or the true track claims, with the class right."""
    lengths = {item.item: len(item.frames) for item in truth}

    def quality(made: dict, there: TruthTrack) -> float:
        true = {state.frame: state.bbox for state in there.states if state.bbox is not None}
        both = sum(iou(box, true[f]) for f, box in made["boxes"].items() if f in true)
        return both / len(set(true) | set(made["boxes"])) * (made["label"] == there.label)

    drawn = {
        item: tuple({"label": t.label, "boxes": shown(t, lengths[item])} for t in made)
        for item, made in answers.items()
        if item in lengths
    }
    return found(truth, drawn, "tracks", quality)


def turned(cuboid, points: np.ndarray) -> np.ndarray:
    """Points (n, 2) seen from a cuboid: its centre at 0, its heading along x."""
    cos, sin = np.cos(cuboid.yaw), np.sin(cuboid.yaw)
    return (points - cuboid.center[:2]) @ np.array([[cos, -sin], [sin, cos]])


def birdseye(a, b) -> float:
    """IoU of two cuboids from above, on a grid of points around the second."""
    reach = np.hypot(*b.size[:2])
    if np.hypot(*np.subtract(a.center, b.center)[:2]) > 2 * reach:
        return 0.0
    line = np.linspace(-reach, reach, 40)
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2) + b.center[:2]
    inside = [(np.abs(turned(c, grid)) <= np.divide(c.size[:2], 2)).all(axis=1) for c in (a, b)]
    return overlap(*inside)


def yaw_error(a, b) -> float:
    """Angle between two headings, 0 to pi."""
    return abs((a.yaw - b.yaw + np.pi) % (2 * np.pi) - np.pi)


def cuboids(truth: Sequence, answers: Answers) -> float:
    """Bird's-eye IoU with the class right, half of it lost if the heading is off by 10 degrees."""

    def quality(made, there):
        straight = 1.0 if yaw_error(made, there) <= np.radians(10) else 0.5
        return birdseye(made, there) * straight * (made.label == there.label)

    return found(truth, answers, "cuboids", quality)


def readings(truth: Sequence, answers: Answers) -> float:
    """Centre within the radius and label right; half of it is the IoU where both have outlines."""
    spacing = {id(lesion): item.spacing for item in truth for lesion in item.lesions}

    def quality(made, there):
        radius = max(there.long_axis / spacing[id(there)] / 2, 3)
        if made.label != there.label or np.hypot(*np.subtract(made.center, there.center)) > radius:
            return 0.0
        if not made.outline:
            return 1.0
        drawn = encode_mask(raster(made.outline, there.rle.size))
        return 0.5 + 0.5 * rle_iou(drawn, there.rle)

    return found(truth, answers, "lesions", quality)


def tags(truth: Sequence, answers: Answers) -> float:
    """Share of right classes; for an unusable item the right answer is unsure."""
    right = []
    for item in truth:
        (choice,) = answers[item.item]
        fits = not set(item.labels).isdisjoint(choice.labels)
        right.append(fits if item.labels else choice.unsure)
    return float(np.mean(right))


def weighted_kappa(a: Sequence[int], b: Sequence[int]) -> float:
    """Quadratic-weighted kappa of two lists of places (Cohen 1968)."""
    a, b = np.asarray(a), np.asarray(b)
    expected = ((a[:, None] - b[None, :]) ** 2).mean()
    return 1 - ((a - b) ** 2).mean() / expected if expected else 0.0


def ordinals(truth: Sequence, answers: Answers) -> float:
    """Quadratic-weighted kappa of the grades of relevance."""
    return weighted_kappa(
        [int(item.choices["relevance"][0]) for item in truth],
        [int(answers[item.item][0].labels[0]) for item in truth],
    )


def spans(truth: Sequence, answers: Answers) -> float:
    """F1 of exact spans with label and layer."""
    true = {(i.item, s.start, s.end, s.label, s.layer) for i in truth for s in i.spans}
    said = {(k, s.start, s.end, s.label, s.layer) for k, made in answers.items() for s in made}
    return 2 * len(true & said) / (len(true) + len(said))


def side(value: float) -> int:
    """-1 for A, 1 for B, 0 for a tie."""
    return 0 if abs(value) < 0.5 else int(np.sign(value))


def preferences(truth: Sequence, answers: Answers) -> float:
    """Share of pairs on which the side is that of the panel's mean."""
    panel = {item.item: side(np.mean([judged.step for judged in item.panel])) for item in truth}
    return float(np.mean([side(answers[item][0].step) == there for item, there in panel.items()]))


def reviews(truth: Sequence, answers: Answers) -> float:
    """Share of verdicts with decision and code right, unlabelled objects included."""
    right = []
    for item in truth:
        said = {verdict.target: verdict for verdict in answers[item.item]}
        for true in item.verdicts:
            made = said.get(true.target)
            expected = (true.decision, true.code)
            right.append(made is not None and (made.decision, made.code) == expected)
    return float(np.mean(right))

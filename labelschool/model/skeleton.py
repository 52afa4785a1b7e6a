"""The points of a person: which are joined by a bone, and how far people differ about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SKELETON = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    ("nose", "left_shoulder"),
    ("nose", "right_shoulder"),
    ("left_shoulder", "left_wrist"),
    ("right_shoulder", "right_wrist"),
    ("left_shoulder", "left_hip"),
    ("right_shoulder", "right_hip"),
    ("left_hip", "left_ankle"),
    ("right_hip", "right_ankle"),
)
"""Pairs of the nine points of guideline G13, a subset of the seventeen of COCO."""

SIGMAS: Mapping[str, float] = {
    "nose": 0.026,
    "eye": 0.025,
    "ear": 0.035,
    "shoulder": 0.079,
    "elbow": 0.072,
    "wrist": 0.062,
    "hip": 0.107,
    "knee": 0.087,
    "ankle": 0.089,
}
"""Joint -> root mean square distance between people, as a share of the root of the figure's area
(sigma of the COCO keypoint evaluation, https://cocodataset.org/#keypoints-eval).
"""

OTHER_SIGMA = 0.07
OPPOSITE = {"left": "right", "right": "left"}


def sigma(name: str) -> float:
    """The spread of a point, known by a word of its name."""
    words = name.split("_")
    return next((value for joint, value in SIGMAS.items() if joint in words), OTHER_SIGMA)


def twins(names: Sequence[str]) -> list[int]:
    """For each point the place in the list of its counterpart on the other side, or its own."""
    others = ["_".join(OPPOSITE.get(word, word) for word in name.split("_")) for name in names]
    return [names.index(other) if other in names else n for n, other in enumerate(others)]

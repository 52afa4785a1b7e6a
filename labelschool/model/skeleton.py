"""Which keypoints of a person are joined by a bone."""

from __future__ import annotations

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

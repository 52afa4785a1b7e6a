"""Quality work: consensus of several annotators, and annotators simulated to study it."""

from __future__ import annotations

from .consensus import DawidSkene, dawid_skene, majority_vote
from .simulated import (
    BOX_PROFILES,
    PROFILES,
    TAG_PROFILES,
    annotate_ads,
    annotate_boxes,
    annotate_cuboids,
    annotate_keypoints,
    annotate_masks,
    annotate_ordinals,
    annotate_preferences,
    annotate_readings,
    annotate_reviews,
    annotate_revisions,
    annotate_sheets,
    annotate_spans,
    annotate_tags,
    annotate_tracks,
    read_by_four,
)

__all__ = [
    "BOX_PROFILES",
    "PROFILES",
    "TAG_PROFILES",
    "DawidSkene",
    "annotate_ads",
    "annotate_boxes",
    "annotate_cuboids",
    "annotate_keypoints",
    "annotate_masks",
    "annotate_ordinals",
    "annotate_preferences",
    "annotate_readings",
    "annotate_reviews",
    "annotate_revisions",
    "annotate_sheets",
    "annotate_spans",
    "annotate_tags",
    "annotate_tracks",
    "dawid_skene",
    "majority_vote",
    "read_by_four",
]

"""Simulated annotators: answers with the errors of known kinds of people, from a seed.

They set pass marks and fill cohort labs. `people` says who they are; each modality has a module of
its own with ``annotate_<modality>(truth, profile, seed, ...)``, which takes the records of a truth
file and returns what a learner would have saved: the annotations of each item, with active times.
"""

from __future__ import annotations

from .boxes import BOX_PROFILES, annotate_boxes
from .cuboids import CUBOID_PROFILES, annotate_cuboids
from .keypoints import KEYPOINT_PROFILES, annotate_keypoints
from .masks import MASK_PROFILES, annotate_masks
from .ordinals import ORDINAL_PROFILES, annotate_ordinals
from .people import PROFILES
from .preferences import PREFERENCE_PROFILES, annotate_preferences
from .questions import (
    AD_PROFILES,
    CASE_PROFILES,
    SHEET_PROFILES,
    annotate_ads,
    annotate_cases,
    annotate_sheets,
)
from .readings import READERS, READING_PROFILES, annotate_readings, read_by_four
from .reviews import REVIEW_PROFILES, annotate_reviews
from .revisions import REVISION_PROFILES, annotate_revisions
from .spans import SPAN_PROFILES, annotate_spans
from .tags import TAG_PROFILES, annotate_tags
from .tracks import TRACK_PROFILES, annotate_tracks

__all__ = [
    "AD_PROFILES",
    "BOX_PROFILES",
    "CASE_PROFILES",
    "CUBOID_PROFILES",
    "KEYPOINT_PROFILES",
    "MASK_PROFILES",
    "ORDINAL_PROFILES",
    "PREFERENCE_PROFILES",
    "PROFILES",
    "READERS",
    "READING_PROFILES",
    "REVIEW_PROFILES",
    "REVISION_PROFILES",
    "SHEET_PROFILES",
    "SPAN_PROFILES",
    "TAG_PROFILES",
    "TRACK_PROFILES",
    "annotate_ads",
    "annotate_boxes",
    "annotate_cases",
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
    "read_by_four",
]

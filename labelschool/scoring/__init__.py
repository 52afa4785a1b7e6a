"""Scores and diagnosis, one module per modality.

from labelschool.scoring import score_boxes

score = score_boxes(truth, answers, classes=("car", "person"), attributes=("occluded",))
score.value, score.interval, score.counts()
"""

from __future__ import annotations

from .boxes import score_boxes
from .error_spans import score_error_spans
from .keypoints import score_keypoints
from .masks import score_masks
from .numbers import score_numbers
from .preferences import score_preferences
from .questions import score_questions
from .requirements import score_requirements
from .reviews import score_reviews
from .revision import score_revision
from .score import Finding, ItemScore, Score
from .spans import score_spans
from .tags import score_tags
from .taxonomy import TAXONOMY, ErrorKind
from .tickets import score_tickets
from .tracks import score_tracks
from .triage import score_triage

__all__ = [
    "TAXONOMY",
    "ErrorKind",
    "Finding",
    "ItemScore",
    "Score",
    "score_boxes",
    "score_error_spans",
    "score_keypoints",
    "score_masks",
    "score_numbers",
    "score_preferences",
    "score_questions",
    "score_requirements",
    "score_reviews",
    "score_revision",
    "score_spans",
    "score_tags",
    "score_tickets",
    "score_tracks",
    "score_triage",
]

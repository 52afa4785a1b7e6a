"""Scores and diagnosis, one module per modality.

from labelschool.scoring import score_boxes

score = score_boxes(truth, answers, classes=("car", "person"), attributes=("occluded",))
score.value, score.interval, score.counts()
"""

from __future__ import annotations

from .boxes import score_boxes
from .numbers import score_numbers
from .questions import score_questions
from .requirements import score_requirements
from .reviews import score_reviews
from .revision import score_revision
from .score import Finding, ItemScore, Score
from .tags import score_tags
from .taxonomy import TAXONOMY, ErrorKind

__all__ = [
    "TAXONOMY",
    "ErrorKind",
    "Finding",
    "ItemScore",
    "Score",
    "score_boxes",
    "score_numbers",
    "score_questions",
    "score_requirements",
    "score_reviews",
    "score_revision",
    "score_tags",
]

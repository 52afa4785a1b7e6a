"""What a learner reads and sees after a check: findings as sentences, pictures and a report."""

from __future__ import annotations

from .pictures import crop, review_picture
from .reports import Report, report, review
from .sentences import Sentence, sentence

__all__ = ["Report", "Sentence", "crop", "report", "review", "review_picture", "sentence"]

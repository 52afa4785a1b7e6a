"""What a learner reads and sees after a check: findings as sentences, pictures and a report."""

from __future__ import annotations

from .pictures import crop
from .reports import Report, report, review
from .saved import saved
from .words import Sentence, sentence

__all__ = ["Report", "Sentence", "crop", "report", "review", "saved", "sentence"]

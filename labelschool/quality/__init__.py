"""Quality work: simulated annotators now; agreement, consensus and sampling beside them."""

from __future__ import annotations

from .simulated import BOX_PROFILES, TAG_PROFILES, annotate_boxes, annotate_tags

__all__ = ["BOX_PROFILES", "TAG_PROFILES", "annotate_boxes", "annotate_tags"]

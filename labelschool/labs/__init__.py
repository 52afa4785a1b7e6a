"""What the labs run on: a label store, and the platform's interface to it, on this machine."""

from __future__ import annotations

from labelschool.labs.api import AnnotationServer
from labelschool.labs.store import LabelStore, NoBatch

__all__ = ["AnnotationServer", "LabelStore", "NoBatch"]

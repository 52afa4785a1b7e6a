"""What the labs run on: a label store, and a platform with its interface, on this machine."""

from __future__ import annotations

from labelschool.labs.faults import Clock, Fault, Faults, RateLimit
from labelschool.labs.platform import Platform
from labelschool.labs.server import AnnotationServer
from labelschool.labs.store import LabelStore, NoBatch

__all__ = [
    "AnnotationServer",
    "Clock",
    "Fault",
    "Faults",
    "LabelStore",
    "NoBatch",
    "Platform",
    "RateLimit",
]

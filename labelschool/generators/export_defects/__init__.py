"""One defect for each rule of the label check: how to break a valid export in exactly one place.

A defect takes an `Export`, changes it, and returns the file that is wrong and the id in it of what
is wrong (None where the whole file is). In VOC and YOLO files an object's id is its place, from 1.
"""

from __future__ import annotations

from .contents import CONTENTS
from .files import FILES
from .geometry import GEOMETRY
from .names import NAMES
from .places import Defect, Defects

__all__ = ["DEFECTS", "Defect"]

DEFECTS: Defects = {**FILES, **GEOMETRY, **NAMES, **CONTENTS}
"""All twenty rules, in their order."""

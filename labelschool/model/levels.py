"""How much of an object is hidden or cut off, in the levels of guideline G1."""

from __future__ import annotations

OCCLUSION_STEPS = (0.05, 0.25, 0.50)
"""G1 rule 6: more than 5 % hidden is level 1, from 25 % level 2, from 50 % level 3."""
TRUNCATED_ABOVE = 0.15
"""G1 rule 7: the share outside the picture above which an object is truncated."""


def occlusion_level(hidden: float) -> int:
    """Level 0 to 3 by G1 rule 6 of a hidden share (0 to 1)."""
    if hidden <= OCCLUSION_STEPS[0]:
        return 0
    return 1 + sum(hidden >= step for step in OCCLUSION_STEPS[1:])

"""Edge cases of clips, seen in the states of their tracks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby, pairwise

from labelschool.model import BBox, TruthState, TruthTrack

HIDDEN_RUN = (6, 12)
"""Frames of a full occlusion that counts."""
AWAY_RUN = 3
"""Least frames outside between leaving and coming back."""
SCALE = 3.0
WHOLE = 0.95
"""Visible share from which on a box shows the whole object."""
BLUR_PX = 6.0
"""Pixels an object must move while the shutter is open to look blurred."""


def runs(states: Sequence[TruthState], kind: str) -> list[int]:
    """Lengths of the runs of ``hidden`` or ``outside`` frames between frames with a box."""
    kinds = ["seen" if state.bbox else "outside" if state.outside else "hidden" for state in states]
    grouped = [(name, len(list(group))) for name, group in groupby(kinds)]
    return [
        length
        for before, (name, length), after in zip(grouped, grouped[1:], grouped[2:], strict=False)
        if name == kind and before[0] == after[0] == "seen"
    ]


def middle(bbox: BBox) -> tuple[float, float]:
    """Centre of a box in px."""
    return bbox[0] + bbox[2] / 2, bbox[1] + bbox[3] / 2


def _touch(first: BBox, second: BBox) -> bool:
    return (
        first[0] < second[0] + second[2]
        and second[0] < first[0] + first[2]
        and first[1] < second[1] + second[3]
        and second[1] < first[1] + first[3]
    )


def cross(first: TruthTrack, second: TruthTrack) -> bool:
    """Whether two tracks change sides while their boxes overlap."""
    others = {state.frame: state.bbox for state in second.states if state.bbox}
    pairs = [
        (state.bbox, others[state.frame])
        for state in first.states
        if state.bbox and state.frame in others
    ]
    sides = [middle(a)[0] < middle(b)[0] for a, b in pairs]
    return any(_touch(a, b) for a, b in pairs) and sides[0] != sides[-1]


def is_whole(state: TruthState, size: tuple[int, int]) -> bool:
    """Whether all of an object is seen, inside a frame of ``size`` (width, height) px."""
    if state.bbox is None or state.visible <= WHOLE:
        return False
    x, y, width, height = state.bbox
    return x > 0 and y > 0 and x + width < size[0] and y + height < size[1]


def fastest(track: TruthTrack, size: tuple[int, int]) -> float:
    """The longest way in px that the whole object moves from one frame to the next."""
    return max(
        (
            math.dist(middle(one.bbox), middle(two.bbox))
            for one, two in pairwise(track.states)
            if is_whole(one, size) and is_whole(two, size)
        ),
        default=0.0,
    )


def grows(track: TruthTrack, size: tuple[int, int]) -> float:
    """Height of the tallest whole box over that of the smallest."""
    heights = [state.bbox[3] for state in track.states if is_whole(state, size)]
    return max(heights, default=1) / min(heights, default=1)


def shows(
    case: str,
    track: TruthTrack,
    tracks: Sequence[TruthTrack],
    shutter: float,
    size: tuple[int, int],
) -> bool:
    """Whether a track shows the edge case it was placed for.

    ``shutter`` is the exposure in frames, ``size`` the frame's (width, height) in px.
    """
    if case == "full_occlusion":
        return any(HIDDEN_RUN[0] <= run <= HIDDEN_RUN[1] for run in runs(track.states, "hidden"))
    if case == "exit_return":
        return any(run >= AWAY_RUN for run in runs(track.states, "outside"))
    if case == "crossing":
        return any(cross(track, other) for other in tracks if other.id != track.id)
    if case == "scale_change":
        return grows(track, size) >= SCALE
    if case == "motion_blur":
        return fastest(track, size) * shutter >= BLUR_PX
    return case == "dismount" and bool(track.label_changes)

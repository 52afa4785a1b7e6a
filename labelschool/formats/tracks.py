"""Tracks of tools that know no outside: stretches of frames in which the object is seen."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from labelschool.errors import LabelSchoolError
from labelschool.formats.dataset import Box, Keyframe, Track

LATER = 1 << 31
"""A frame after any: the length of a clip whose tracks are known to end."""

MOST_FRAMES = 1_000_000
"""Frames of one track that are ever written one by one."""


def between(before: Keyframe, after: Keyframe, frame: int) -> Box:
    """The box at a frame from one keyframe to the next, in a straight line (`model.state_at`)."""
    share = (frame - before.frame) / (after.frame - before.frame)
    a, b = before.box, after.box
    return Box(
        a.x + (b.x - a.x) * share,
        a.y + (b.y - a.y) * share,
        a.w + (b.w - a.w) * share,
        a.h + (b.h - a.h) * share,
        a.angle + (b.angle - a.angle) * share,
    )


def stretches(track: Track, frames: int) -> list[list[Keyframe]]:
    """The keyframes of each stretch in which the object is seen, its last frame among them.

    A track that does not end rests until the last of so many frames; of a clip of unknown length
    (0) until its last keyframe.
    """
    found: list[list[Keyframe]] = []
    current: list[Keyframe] = []
    for key in track.keyframes:
        if not key.outside:
            current.append(key)
        elif current:
            last = current[-1]
            if key.frame - 1 > last.frame:
                box = between(last, key, key.frame - 1)
                current.append(replace(last, frame=key.frame - 1, box=box))
            found.append(current)
            current = []
    if current:
        if frames - 1 > current[-1].frame:
            current.append(replace(current[-1], frame=frames - 1))
        found.append(current)
    return found


def from_stretches(seen: list[list[Keyframe]], frames: int) -> Track:
    """The track of such stretches; outside from the frame after each, unless that is the last of
    the clip, or the last stretch of a clip of unknown length (0).
    """
    keyframes: list[Keyframe] = []
    for number, stretch in enumerate(seen, 1):
        keyframes += stretch
        end = stretch[-1].frame
        back = seen[number][0].frame if number < len(seen) else frames
        if end + 1 < back:
            keyframes.append(Keyframe(end + 1, stretch[-1].box, outside=True))
    return Track(keyframes)


def each_frame(stretch: list[Keyframe]) -> list[Keyframe]:
    """A stretch with a keyframe at every frame. Raises `LabelSchoolError` for too many."""
    count = stretch[-1].frame - stretch[0].frame + 1
    if count > MOST_FRAMES:
        raise LabelSchoolError(
            f"A track of {count:,} frames is not written frame by frame: cut the clip into shorter "
            "ones."
        )
    filled: list[Keyframe] = []
    for before, after in pairwise(stretch):
        filled += (
            replace(before, frame=frame, box=between(before, after, frame))
            for frame in range(before.frame, after.frame)
        )
    return [*filled, stretch[-1]]

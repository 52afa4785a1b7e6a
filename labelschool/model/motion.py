"""Where a track is at each frame."""

from __future__ import annotations

from labelschool.model.annotations import Keyframe, Track


def state_at(track: Track, frame: int) -> Keyframe | None:
    """The state of a track at a frame; None before its first keyframe.

    The box moves in a straight line to that of the next keyframe and rests after the last one;
    ``occluded`` and ``outside`` hold from keyframe to keyframe. The annotator's
    ``js/core/tracks.js`` computes the same to the last bit.
    """
    before = [key for key in track.keyframes if key.frame <= frame]
    if not before:
        return None
    key = before[-1]
    if key.frame == frame or len(before) == len(track.keyframes):
        return key.model_copy(update={"frame": frame})
    following = track.keyframes[len(before)]
    share = (frame - key.frame) / (following.frame - key.frame)
    bbox = tuple(a + (b - a) * share for a, b in zip(key.bbox, following.bbox, strict=True))
    return key.model_copy(update={"frame": frame, "bbox": bbox})

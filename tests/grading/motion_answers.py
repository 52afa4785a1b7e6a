"""Answers to 2.D and 2.E: right, with the mistakes the course names, and blind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from exercise_answers import save

from labelschool.model import (
    Figure,
    Keyframe,
    KeypointTruth,
    Track,
    TruthState,
    TruthTrack,
    iou,
)
from labelschool.scoring.boxes import band
from labelschool.scoring.keypoints import exchanged

FIGURES, CLIPS = "2.D", "2.E"
TIGHT = 0.9
"""Tightness that a box between two keyframes keeps at least."""


def right(folder: Path) -> None:
    """The points of the truth; keyframes of the truth where a straight line would not be tight."""
    save(folder, FIGURES, figures)
    save(folder, CLIPS, lambda clip: tuple(track(obj, len(clip.frames)) for obj in clip.tracks))


def slipped(folder: Path) -> None:
    """Left and right exchanged in every figure; tracks that end nowhere and hide nothing."""
    save(folder, FIGURES, lambda item: tuple(map(exchanged, figures(item))))
    save(folder, CLIPS, lambda clip: tuple(map(_endless, clip.tracks)))


def blind(folder: Path) -> None:
    """One figure in the middle of each picture; one box that never moves."""
    save(folder, FIGURES, lambda item: figures(item)[:1] if item.item.endswith("4") else ())
    frame = Keyframe(frame=0, bbox=(200, 120, 240, 120))
    save(folder, CLIPS, lambda clip: (Track(id="b", label="car", keyframes=(frame,)),))


def figures(item: KeypointTruth) -> tuple[Figure, ...]:
    return tuple(Figure(id=f"f{person.id}", points=person.points) for person in item.figures)


def track(obj: TruthTrack, frames: int) -> Track:
    """A track through one object, with as few keyframes as stay tight."""
    keys: list[Keyframe] = []
    run: list[TruthState] = []
    for state in obj.states:
        if state.bbox is not None:
            run.append(state)
            continue
        keys += _keyframes(run)
        run = []
        mark = (not state.outside, state.outside)
        if (keys[-1].occluded, keys[-1].outside) != mark:
            keys.append(_marked(keys[-1], state.frame, *mark))
    keys += _keyframes(run)
    after = obj.states[-1].frame + 1
    if after < frames:
        keys.append(_marked(keys[-1], after, occluded=False, outside=True))
    return Track(id=f"t{obj.id}", label=obj.label, keyframes=tuple(keys))


def _marked(key: Keyframe, frame: int, occluded: bool, outside: bool) -> Keyframe:
    return key.model_copy(update={"frame": frame, "occluded": occluded, "outside": outside})


def _keyframes(run: Sequence[TruthState]) -> list[Keyframe]:
    """The first state, and from each the farthest that a straight line still reaches."""
    if not run:
        return []
    chosen = [0]
    while chosen[-1] < len(run) - 1:
        here = chosen[-1]
        reached = [n for n in range(here + 1, len(run)) if _straight(run[here : n + 1])]
        chosen.append(max(reached))
    return [Keyframe(frame=run[n].frame, bbox=run[n].bbox) for n in chosen]


def _straight(part: Sequence[TruthState]) -> bool:
    first, last = part[0], part[-1]
    for state in part[1:-1]:
        share = (state.frame - first.frame) / (last.frame - first.frame)
        box = tuple(a + (b - a) * share for a, b in zip(first.bbox, last.bbox, strict=True))
        if band(state.bbox).tightness(iou(box, state.bbox)) < TIGHT:
            return False
    return True


def _endless(obj: TruthTrack) -> Track:
    seen = [state for state in obj.states if state.bbox is not None]
    ends = (seen[0], seen[-1]) if len(seen) > 1 else (seen[0],)
    keys = tuple(Keyframe(frame=state.frame, bbox=state.bbox) for state in ends)
    return Track(id=f"t{obj.id}", label=obj.label, keyframes=keys)

"""The score of tracks, in the manner of HOTA (Luiten et al. 2021, https://arxiv.org/abs/2009.07736).

    base = sum of q (1 + A) / 2 over all matched boxes of all frames / (TP + FP/2 + FN/2)

* **Detection.** Every frame is matched like a picture of the box exercises, and a matched box earns
  q = 0.70 tightness + 0.30 class (see `labelschool.scoring.boxes`). Without A this is DetScore over
  all frames. As in HOTA the assignment prefers pairs that belong together through the whole clip.
* **Association.** A is that of HOTA: of the frames in which the drawn track or the object shows a
  box, the share in which they are matched with each other, TPA / (TPA + FPA + FNA). A perfect box
  on a track that follows another object for half of the clip earns less than a whole one. HOTA
  takes the geometric mean of detection and association over several limits of overlap; here it is
  the plain mean, with one limit for each size.
* **Which frames count.** The truth shows a box while at least `LEAST_VISIBLE` of an object and
  `LEAST_HEIGHT` px are to be seen. Below that a box is neither right nor wrong. Where an object is
  fully hidden or gone nothing is graded, and a box that a track still shows is wrong (G4).
* **Class.** Right is the class at that frame, or the one of most of the object's frames.
* **Keyframes.** Of the frames in which the drawn tracks show a box, at most the share `BUDGET` is
  to be keyframes; marks of hidden and outside need none. The score is `base` times 1 at the budget,
  times up to 1 + `BONUS` with fewer and down to 1 - `PENALTY` where every frame is one, and never
  above 1. So of two equal answers the one with fewer keyframes is worth more.

Removing a right track, or the end of one, never helps: it takes away more than keyframes can give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from labelschool.model import ClipTruth, Track, TruthTrack, state_at

from .boxes import band
from .matching import assign
from .score import ItemScore, Part, Score, cost_scale, ratio_interval, rescale, worst_first

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_VISIBLE, LEAST_HEIGHT = 0.10, 6.0
TIGHTNESS, CLASS = 0.70, 0.30
BUDGET = 0.25
BONUS, PENALTY = 0.05, 0.30
GRIDS = (1, 2, 3, 4)


def efficiency(share: float) -> float:
    """What a share of keyframes multiplies the score by, before it is cut at 1."""
    if share <= BUDGET:
        return 1 + BONUS * (1 - share / BUDGET)
    return 1 - PENALTY * (share - BUDGET) / (1 - BUDGET)


@dataclass(frozen=True)
class ClipMatch:
    """How the tracks of one clip were matched.

    `objects` are those that count, `tracks` stand in a fixed order. Boxes are (tracks, frames, 4)
    in px, nan where none is shown; `counted` (objects, frames) says where the truth shows one that
    counts. `match` (objects, frames) is the number of the matched track or -1, `quality` q there.
    `extra` (tracks, frames) are the boxes that count as wrong.
    """

    truth: ClipTruth
    objects: tuple[TruthTrack, ...]
    tracks: tuple[Track, ...]
    true: NDArray[np.float64]
    counted: NDArray[np.bool_]
    drawn: NDArray[np.float64]
    overlap: NDArray[np.float64]
    match: NDArray[np.int64]
    quality: NDArray[np.float64]
    extra: NDArray[np.bool_]

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Whether a drawn track shows a box, (tracks, frames)."""
        return ~np.isnan(self.drawn[:, :, 0])

    @cached_property
    def together(self) -> NDArray[np.int64]:
        """In how many frames an object and a track are matched, (objects, tracks)."""
        return (self.match[:, :, None] == np.arange(len(self.tracks))).sum(axis=1)

    @cached_property
    def association(self) -> NDArray[np.float64]:
        """A of each matched frame, (objects, frames); 0 where nothing is matched."""
        graded = np.array([self._graded(number) for number in range(len(self.tracks))], int)
        both = self.together
        either = self.counted.sum(axis=1)[:, None] + graded[None, :] - both
        share = np.divide(both, either, out=np.zeros(both.shape), where=either > 0)
        found = self.match >= 0
        rows = np.broadcast_to(np.arange(len(self.objects))[:, None], self.match.shape)
        return np.where(found, share[rows, self.match], 0) if len(self.tracks) else 0.0 * found

    def _graded(self, track: int) -> int:
        """Frames of a track that are right or wrong, the neutral ones left out."""
        return int(((self.match == track).any(axis=0) | self.extra[track]).sum())

    @property
    def missed(self) -> NDArray[np.bool_]:
        return self.counted & (self.match < 0)

    @property
    def weight(self) -> float:
        """TP + FP/2 + FN/2."""
        return float((self.match >= 0).sum() + (self.missed.sum() + self.extra.sum()) / 2)

    @property
    def detection(self) -> float:
        """The sum of q."""
        return float(self.quality.sum())

    @property
    def associated(self) -> float:
        """The sum of q A."""
        return float((self.quality * self.association).sum())

    @property
    def earned(self) -> float:
        return (self.detection + self.associated) / 2

    @property
    def keyframes(self) -> int:
        """Keyframes that show a box."""
        return sum(
            not key.occluded and not key.outside for track in self.tracks for key in track.keyframes
        )


def score_tracks(
    truth: Sequence[ClipTruth], answers: Mapping[str, Sequence[Track]], *, classes: Sequence[str]
) -> Score:
    """Score the tracks of a pool; `answers` maps a clip to its tracks.

    `parts` are detection and association, without the factor of the keyframes, and the share of
    frames that are keyframes. Raises ValueError when the pool shows no object of the classes.
    """
    from .track_findings import diagnose, over_budget

    pool = tuple(sorted(truth, key=lambda item: item.item))
    matches = [match_clip(item, answers.get(item.item, ()), classes=classes) for item in pool]
    n = sum(len(match.objects) for match in matches)
    if not any(match.counted.any() for match in matches):
        raise ValueError("the pool shows no object of the asked classes, so it cannot be scored")
    blind = best_blind(pool, tuple(classes))
    raw, factor = _raw(matches), efficiency(_keyframe_share(matches))
    weights = [match.weight for match in matches]
    total = sum(weights)
    base = sum(match.earned for match in matches) / total
    share = factor * cost_scale(blind) / total
    return Score(
        metric="hota",
        value=rescale(raw, blind),
        raw=raw,
        blind=blind,
        n=n,
        interval=ratio_interval(
            [min(m.earned * factor, m.weight) for m in matches], weights, blind
        ),
        items=tuple(_item_score(match) for match in matches),
        findings=worst_first(
            [
                *(f for m in matches for f in diagnose(m, share, base)),
                *over_budget(matches, base * cost_scale(blind)),
            ]
        ),
        parts=(
            Part("detection", sum(m.detection for m in matches) / total, 0.0),
            Part("association", sum(m.associated for m in matches) / total, 0.0),
            Part("keyframes", _keyframe_share(matches), 0.0),
        ),
    )


def _raw(matches: Sequence[ClipMatch]) -> float:
    base = sum(match.earned for match in matches) / sum(match.weight for match in matches)
    return min(base * efficiency(_keyframe_share(matches)), 1.0)


def _keyframe_share(matches: Sequence[ClipMatch]) -> float:
    """Keyframes as a share of the frames in which a track shows a box; 0 where none does."""
    shown = sum(int(match.shown.sum()) for match in matches)
    return sum(match.keyframes for match in matches) / shown if shown else 0.0


def _item_score(match: ClipMatch) -> ItemScore:
    found = int((match.together.sum(axis=1) > 0).sum())
    used = int((match.together.sum(axis=0) > 0).sum())
    return ItemScore(
        item=match.truth.item,
        value=_raw([match]) if match.weight else 1.0,
        n=len(match.objects),
        right=found,
        extra=len(match.tracks) - used,
        missed=len(match.objects) - found,
    )


# Matching ---------------------------------------------------------------------------------------


def match_clip(truth: ClipTruth, tracks: Sequence[Track], *, classes: Sequence[str]) -> ClipMatch:
    """Match the tracks of one clip with its objects, frame by frame."""
    frames = len(truth.frames)
    asked = [t for t in sorted(truth.tracks, key=lambda t: t.id) if t.label in classes]
    objects = tuple(t for t in asked if t.level == "must")
    others = [t for t in truth.tracks if t not in objects]
    tracks = tuple(sorted(tracks, key=lambda t: (repr(t.keyframes), t.label, t.id)))
    true, counted = true_boxes(objects, frames)
    spare, _ = true_boxes(others, frames)
    drawn = np.array([drawn_boxes(track, frames) for track in tracks]).reshape(-1, frames, 4)
    overlap = _overlap(true, drawn)
    low = _lowest(true)
    reached = (overlap >= low[:, None, :]) & counted[:, None, :]
    match = np.full(counted.shape, -1)
    weight = overlap * _alike(overlap, counted, drawn)[:, :, None]
    for frame in np.flatnonzero(reached.any(axis=(0, 1))):
        for row, column in assign(weight[:, :, frame], reached[:, :, frame]):
            match[row, frame] = column
    neutral = (overlap >= low[:, None, :]) & ~counted[:, None, :]
    neutral = neutral.any(axis=0) | (_overlap(spare, drawn) >= _lowest(spare)[:, None, :]).any(
        axis=0
    )
    used = (match[:, None, :] == np.arange(len(tracks))[None, :, None]).any(axis=0)
    extra = ~np.isnan(drawn[:, :, 0]) & ~used & ~neutral
    quality = _quality(objects, tracks, true, overlap, match)
    return ClipMatch(truth, objects, tracks, true, counted, drawn, overlap, match, quality, extra)


def true_boxes(
    objects: Sequence[TruthTrack], frames: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Boxes (objects, frames, 4), nan where nothing can be seen, and whether they count."""
    boxes = np.full((len(objects), frames, 4), np.nan)
    counted = np.zeros((len(objects), frames), bool)
    for number, track in enumerate(objects):
        for state in track.states:
            if state.bbox is not None:
                boxes[number, state.frame] = state.bbox
                enough = state.visible >= LEAST_VISIBLE and state.bbox[3] >= LEAST_HEIGHT
                counted[number, state.frame] = enough
    return boxes, counted


def drawn_boxes(track: Track, frames: int) -> NDArray[np.float64]:
    """The box that a track shows at each frame, (frames, 4), nan where it shows none."""
    boxes = np.full((frames, 4), np.nan)
    for frame in range(frames):
        state = state_at(track, frame)
        if state is not None and not state.occluded and not state.outside:
            boxes[frame] = state.bbox
    return boxes


def _overlap(true: NDArray[np.float64], drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """IoU of every object with every track at every frame; 0 where either shows nothing."""
    a, b = true[:, None], drawn[None]
    low = np.maximum(a[..., :2], b[..., :2])
    high = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    shared = np.nan_to_num(np.clip(high - low, 0, None).prod(axis=-1))
    union = np.nan_to_num(a[..., 2:].prod(axis=-1) + b[..., 2:].prod(axis=-1)) - shared
    return np.divide(shared, union, out=np.zeros(shared.shape), where=shared > 0)


def _lowest(true: NDArray[np.float64]) -> NDArray[np.float64]:
    """The IoU that a match needs for the size of each box; beyond 1 where there is none."""
    return np.array(
        [[2.0 if np.isnan(box[0]) else band(tuple(box)).low for box in row] for row in true]
    ).reshape(true.shape[:2])


def _alike(
    overlap: NDArray[np.float64], counted: NDArray[np.bool_], drawn: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far an object and a track belong together over the clip (the prior of HOTA's matching).

    The sum of their overlaps over the sum of the frames that either shows, (objects, tracks).
    """
    soft = (overlap * counted[:, None, :]).sum(axis=2)
    shown = (~np.isnan(drawn[:, :, 0])).sum(axis=1)
    either = counted.sum(axis=1)[:, None] + shown[None, :] - soft
    return np.divide(soft, either, out=np.zeros(soft.shape), where=either > 0)


def _quality(
    objects: Sequence[TruthTrack],
    tracks: Sequence[Track],
    true: NDArray[np.float64],
    overlap: NDArray[np.float64],
    match: NDArray[np.int64],
) -> NDArray[np.float64]:
    """q of each matched frame, 0 elsewhere."""
    quality = np.zeros(match.shape)
    for number, obj in enumerate(objects):
        labels = right_labels(obj, match.shape[1])
        for frame in np.flatnonzero(match[number] >= 0):
            track = match[number, frame]
            tight = band(tuple(true[number, frame])).tightness(overlap[number, track, frame])
            label = tracks[track].label in labels[frame]
            quality[number, frame] = TIGHTNESS * tight + CLASS * label
    return quality


def right_labels(obj: TruthTrack, frames: int) -> list[set[str]]:
    """The classes that are right at each frame: the one of that frame, and that of most frames."""
    changes = dict(obj.label_changes)
    label, by_frame = obj.label, []
    for frame in range(frames):
        label = changes.get(frame, label)
        by_frame.append(label)
    seen = [by_frame[state.frame] for state in obj.states if state.bbox is not None]
    most = max(dict.fromkeys(seen), key=seen.count, default=obj.label)
    return [{label, most} for label in by_frame]


# Blind strategies -------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def best_blind(truth: tuple[ClipTruth, ...], classes: tuple[str, ...]) -> float:
    """Raw score of the best of these: boxes that never move, of the most frequent class.

    Tried are the whole frame, grids, and one constant box: that of every object of the pool in the
    middle of its frames, judged on the other clips.
    """
    from labelschool.model import Keyframe

    def still(*boxes: tuple[float, ...]) -> list[Track]:
        return [
            Track(id=str(n), label=label, keyframes=(Keyframe(frame=0, bbox=box),))
            for n, box in enumerate(boxes)
        ]

    def value(clips: Sequence[ClipTruth], tracks: Mapping[str, Sequence[Track]]) -> float:
        matches = [match_clip(c, tracks[c.item], classes=classes) for c in clips]
        return _raw(matches) if sum(m.weight for m in matches) else 0.0

    labels = [track.label for clip in truth for track in clip.tracks if track.label in classes]
    if not labels:
        return 0.0
    label = max(sorted(set(labels)), key=labels.count)
    values = []
    for count in GRIDS:
        grids = {
            clip.item: still(
                *(
                    (
                        i * clip.width / count,
                        j * clip.height / count,
                        clip.width / count,
                        clip.height / count,
                    )
                    for i in range(count)
                    for j in range(count)
                )
            )
            for clip in truth
        }
        values.append(value(truth, grids))
    for number, clip in enumerate(truth):
        others = truth[:number] + truth[number + 1 :]
        for track in clip.tracks:
            boxes = [state.bbox for state in track.states if state.bbox]
            if others and boxes:
                box = still(boxes[len(boxes) // 2])
                values.append(value(others, dict.fromkeys((o.item for o in others), box)))
    return max(values)

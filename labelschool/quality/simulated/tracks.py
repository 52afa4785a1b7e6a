"""Simulated annotators of tracks.

A person keeps the identity of an object through the clip, but at a crossing, where two objects
overlap or one hides the other, the tails of their tracks change places with probability `switches`,
and after a gap a new track is begun with probability `restarts`. Keyframes are set where the motion
departs from a straight line by more than `drift` x size, the root of the area of the box: what lies
between them drifts. At a keyframe each edge errs by Student-t(4) x hypot(`error` x size,
`click_px`) and leans outwards by `bias` x size. `flags_skipped` is the probability of leaving out
that an object is hidden or gone, so that its box stays. An object is missed with logit -3 + miss +
1.35 log2(24 / size). A slip ends the track in the middle of its first stretch. Loose: boxes too
large, keyframes too rare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from labelschool.model import ClipTruth, Keyframe, Track, TruthTrack

from .boxes import NEIGHBOURS, corners, inside
from .people import Finder, Seed, active_ms, happens, heavy_tailed, neighbour, work_pool


@dataclass(frozen=True, slots=True)
class Tracker(Finder):
    """One kind of annotator of tracks; `seconds` is the median time for one keyframe."""

    click_px: float
    drift: float
    switches: float
    restarts: float
    flags_skipped: float


# fmt: off
TRACK_PROFILES: Mapping[str, Tracker] = {
    #                   error, bias, confusion, slips, seconds, miss, invented,
    #                   click, drift, switches, restarts, flags skipped
    "expert":   Tracker(.006, .002, .01, .002, 6.0, -3.0, .005,
                        0.5, .12, .01, .02, .02),
    "trained":  Tracker(.015, .006, .03, .010, 7.0, -1.5, .010,
                        0.8, .15, .04, .06, .05),
    "loose":    Tracker(.035, .080, .05, .020, 6.0, -1.0, .020,
                        1.5, .80, .10, .25, .35),
    "hasty":    Tracker(.060, .015, .08, .080, 3.0,  0.5, .050,
                        3.0, .45, .60, .60, .60),
    "confuser": Tracker(.015, .006, .40, .010, 7.0, -1.5, .010,
                        0.8, .15, .85, .15, .08),
}
# fmt: on

CROSSING = 0.1
"""IoU from which two objects can be mistaken for each other."""


def annotate_tracks(
    truth: Sequence[ClipTruth], profile: str, seed: Seed, *, classes: Sequence[str]
) -> dict[str, tuple[Track, ...]]:
    """The tracks one simulated annotator draws on a pool of clips, by item.

    ``spammer`` draws one to four boxes that never move, ``lazy`` boxes the two largest objects
    where they appear and lets the boxes stand. Raises KeyError for a profile that does not exist.
    """

    def draw(item: ClipTruth, person: Tracker, rng: np.random.Generator) -> Iterator[Track]:
        clip = _Clip.of(item, classes)
        for number, source in enumerate(clip.followed(person.switches, rng)):
            obj = clip.objects[number]
            if happens(-3 + person.miss + 1.35 * np.log2(24 / clip.size(number)), rng):
                continue
            label = neighbour(obj.label, person.confusion, NEIGHBOURS, classes, rng)
            path, gone = clip.along(source)
            runs = _runs(~np.isnan(path[:, 0]))
            if rng.random() < person.slips:
                runs = [(first, (first + last + 1) // 2) for first, last in runs[:1]]
            for part, group in enumerate(_restarted(runs, person.restarts, rng)):
                keys = tuple(_keyframes(path, gone, group, person, item, rng))
                track_id = f"t{obj.id}-{part}" if part else f"t{obj.id}"
                ms = active_ms(person.seconds * len(keys), rng)
                yield Track(id=track_id, label=label, keyframes=keys, ms=ms)
        if rng.random() < person.invented:
            yield _static("x0", item, classes, rng)

    return work_pool(
        truth,
        profile,
        seed,
        people=TRACK_PROFILES,
        draw=draw,
        spam=lambda item, rng: [
            _static(f"s{n}", item, classes, rng) for n in range(rng.integers(1, 5))
        ],
        lazy=lambda item, rng: _lazy(item, classes, rng),
        nudge=_nudge,
    )


@dataclass(frozen=True, slots=True)
class _Clip:
    """The objects of a clip as arrays: `boxes` (objects, frames, 4) as corners, nan where nothing
    can be seen, and `gone` (objects, frames), whether the object is outside.
    """

    objects: Sequence[TruthTrack]
    boxes: np.ndarray
    gone: np.ndarray

    @classmethod
    def of(cls, item: ClipTruth, classes: Sequence[str]) -> _Clip:
        seen = [t for t in item.tracks if t.label in classes and any(s.bbox for s in t.states)]
        boxes = np.full((len(seen), len(item.frames), 4), np.nan)
        gone = np.ones(boxes.shape[:2], bool)
        for number, track in enumerate(seen):
            for state in track.states:
                gone[number, state.frame] = state.outside
                if state.bbox is not None:
                    boxes[number, state.frame] = corners(state.bbox)
        return cls(seen, boxes, gone)

    def along(self, source: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Boxes (frames, 4) and absence (frames) of the objects that a track follows."""
        frames = np.arange(len(source))
        return self.boxes[source, frames], self.gone[source, frames]

    def size(self, number: int) -> float:
        """Root of the largest area of an object's box, in px."""
        sides = self.boxes[number, :, 2:] - self.boxes[number, :, :2]
        return float(np.sqrt(np.nanmax(sides.prod(axis=1))))

    def followed(self, switches: float, rng: np.random.Generator) -> np.ndarray:
        """For each track drawn the object it follows at each frame, (objects, frames)."""
        count, frames = self.gone.shape
        source = np.tile(np.arange(count)[:, None], frames)
        filled = _filled(self.boxes)
        for a in range(count):
            for b in range(a + 1, count):
                overlap = np.where(self.gone[a] | self.gone[b], 0, _ious(filled[a], filled[b]))
                crossing = overlap.argmax() if frames else 0
                if overlap[crossing] >= CROSSING and rng.random() < switches:
                    source[[a, b], crossing:] = source[[b, a], crossing:]
        return source


def _filled(boxes: np.ndarray) -> np.ndarray:
    """The boxes with the last one seen where nothing can be seen."""
    seen = ~np.isnan(boxes[:, :, 0])
    last = np.maximum.accumulate(np.where(seen, np.arange(seen.shape[1]), 0), axis=1)
    return np.nan_to_num(np.take_along_axis(boxes, last[:, :, None], axis=1))


def _ious(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of two boxes frame by frame; corners (frames, 4) -> (frames,)."""
    shared = np.clip(np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]), 0, None)
    both = shared.prod(axis=1)
    union = (a[:, 2:] - a[:, :2]).prod(axis=1) + (b[:, 2:] - b[:, :2]).prod(axis=1) - both
    return np.divide(both, union, out=np.zeros_like(both), where=union > 0)


def _runs(seen: np.ndarray) -> list[tuple[int, int]]:
    """First and last frame of each stretch in which something can be seen."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], seen.astype(int), [0]])))
    return [(int(a), int(b) - 1) for a, b in edges.reshape(-1, 2)]


def _restarted(
    runs: Sequence[tuple[int, int]], restarts: float, rng: np.random.Generator
) -> list[list[tuple[int, int]]]:
    """The stretches grouped into tracks."""
    groups: list[list[tuple[int, int]]] = []
    for run in runs:
        if not groups or rng.random() < restarts:
            groups.append([])
        groups[-1].append(run)
    return groups


def _keyframes(
    path: np.ndarray,
    gone: np.ndarray,
    runs: Sequence[tuple[int, int]],
    person: Tracker,
    item: ClipTruth,
    rng: np.random.Generator,
) -> Iterator[Keyframe]:
    for first, last in runs:
        chosen = first + _bends(path[first : last + 1], person.drift)
        size = np.sqrt((path[chosen, 2:] - path[chosen, :2]).prod(axis=1))[:, None]
        errors = heavy_tailed(rng, (len(chosen), 4)) * np.hypot(
            person.error * size, person.click_px
        )
        drawn = path[chosen] + errors + np.array([-1, -1, 1, 1]) * person.bias * size
        for frame, box in zip(chosen, drawn, strict=True):
            bbox = inside(box, item)
            yield Keyframe(frame=int(frame), bbox=bbox)
        if last + 1 < len(path) and rng.random() >= person.flags_skipped:
            left = bool(gone[last + 1])
            yield Keyframe(frame=last + 1, bbox=bbox, occluded=not left, outside=left)


def _bends(path: np.ndarray, drift: float) -> np.ndarray:
    """Where to set keyframes so that no edge is off by more than `drift` x size in between.

    The frames of a piecewise linear path after Douglas and Peucker (1973).
    """
    size = np.sqrt((path[:, 2:] - path[:, :2]).prod(axis=1))
    chosen, todo = {0, len(path) - 1}, [(0, len(path) - 1)]
    while todo:
        first, last = todo.pop()
        if last - first < 2:
            continue
        share = (np.arange(first, last + 1) - first)[:, None] / (last - first)
        straight = path[first] * (1 - share) + path[last] * share
        off = np.abs(path[first : last + 1] - straight).max(axis=1) / size[first : last + 1]
        worst = int(off.argmax())
        if off[worst] > drift:
            chosen.add(first + worst)
            todo += [(first, first + worst), (first + worst, last)]
    return np.array(sorted(chosen))


def _static(
    track_id: str, item: ClipTruth, classes: Sequence[str], rng: np.random.Generator
) -> Track:
    sides = rng.uniform(20, 0.3 * item.height, 2)
    left, top = rng.uniform(0, (item.width - sides[0], item.height - sides[1]))
    key = Keyframe(frame=0, bbox=(float(left), float(top), float(sides[0]), float(sides[1])))
    label = str(rng.choice(list(classes)))
    return Track(id=track_id, label=label, keyframes=(key,), ms=active_ms(2.0, rng))


def _lazy(item: ClipTruth, classes: Sequence[str], rng: np.random.Generator) -> Iterator[Track]:
    clip = _Clip.of(item, classes)
    for number in sorted(range(len(clip.objects)), key=clip.size, reverse=True)[:2]:
        obj = clip.objects[number]
        first = next(state for state in obj.states if state.bbox is not None)
        key = Keyframe(frame=first.frame, bbox=first.bbox)
        yield Track(id=f"t{obj.id}", label=obj.label, keyframes=(key,), ms=active_ms(5.0, rng))


def _nudge(track: Track, rng: np.random.Generator) -> Track:
    dx, dy = rng.normal(0, 0.3, 2)
    keys = tuple(
        key.model_copy(update={"bbox": (key.bbox[0] + dx, key.bbox[1] + dy, *key.bbox[2:])})
        for key in track.keyframes
    )
    return track.model_copy(update={"keyframes": keys})

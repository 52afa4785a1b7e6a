"""What is wrong with tracks: which frames, how many px, and what it took away.

The cost of a finding is what mending it would bring: a frame that is missed or boxed in vain, a box
that is not tight, a class, or the association that an identity lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from labelschool.model import BBox, TruthTrack

from .boxes import band
from .matching import enclosing, slack
from .score import Finding
from .tracks import BUDGET, CLASS, TIGHTNESS, ClipMatch, efficiency, right_labels

TOUCHES = 0.05
"""Overlap from which a box is a bad one of an object and no box of something else."""
DRIFT_PX = 3.0
"""A box that is off by less between two keyframes does not drift."""
TOLD_FRAMES = 0.5
"""A slip that costs less than so many frames is not told."""

ONE_ID, KEYFRAME, VISIBLE, HIDDEN, LEAVING, CLASS_RULE, EVERY = 1, 2, 3, 4, 5, 6, 7
"""Rules of G4."""


def diagnose(match: ClipMatch, share: float, base: float) -> list[Finding]:
    """The findings of one clip.

    `share` is what one frame is worth of the pool, `base` the pool's score before the factor of the
    keyframes, on which the gain of another matched or of one wrong box less depends.
    """
    return list(_Clip(match, share, base).findings())


def over_budget(matches: Sequence[ClipMatch], base: float) -> list[Finding]:
    """The clips with too many keyframes, where the whole pool has; `base` is what they take from.

    Each costs its share of the keyframes that are too many.
    """
    shown = [int(match.shown.sum()) for match in matches]
    excess = [
        max(m.keyframes - BUDGET * frames, 0) for m, frames in zip(matches, shown, strict=True)
    ]
    share = sum(m.keyframes for m in matches) / sum(shown) if sum(shown) else 0.0
    if share <= BUDGET:
        return []
    lost = base * (1 - efficiency(share)) / sum(excess)
    return [
        Finding(
            "E10",
            match.truth.item,
            lost * over,
            rule=KEYFRAME,
            details={
                "kind": "track_budget",
                "keyframes": match.keyframes,
                "shown": frames,
                "frames": (0, len(match.truth.frames) - 1),
                "frame": 0,
            },
        )
        for match, frames, over in zip(matches, shown, excess, strict=True)
        if over
    ]


@dataclass(frozen=True)
class _Clip:
    match: ClipMatch
    share: float
    base: float

    def findings(self) -> Iterator[Finding]:
        for number in range(len(self.match.objects)):
            if not self.match.counted[number].any():
                continue
            if not self.match.together[number].any():
                yield self._missed(number)
                continue
            yield from self._switches(number)
            yield from self._classes(number)
            yield from self._gaps(number)
            for track in np.flatnonzero(self.match.together[number]):
                yield from self._extent(number, int(track))
        for track in range(len(self.match.tracks)):
            yield from self._extra(track)

    @cached_property
    def astray(self) -> np.ndarray:
        """Where a track is a bad one of an object that nothing is matched with, (objects, tracks,
        frames): it touches the object, or follows it in most other frames.
        """
        match = self.match
        home = np.arange(len(match.objects))[:, None] == match.together.argmax(axis=0)[None, :]
        known = (match.together > 0)[:, :, None]
        free = match.shown & match.extra
        near = (match.overlap >= TOUCHES) | home[:, :, None]
        return match.missed[:, None, :] & known & free[None] & near

    # One frame -----------------------------------------------------------------------------------

    @property
    def _miss(self) -> float:
        """What a missed frame costs."""
        return self.share * (1 - self.base / 2)

    @property
    def _wrong(self) -> float:
        """What a box in vain costs."""
        return self.share * self.base / 2

    def _found(
        self,
        code: str,
        kind: str,
        cost: float,
        rule: int,
        frames: Sequence[int],
        at: int,
        number: int | None = None,
        tracks: Sequence[int] = (),
        **more: Any,
    ) -> Finding:
        """A finding about `frames`, first and last, shown at the frame `at`."""
        match = self.match
        boxes = [match.true[number, at]] if number is not None else []
        boxes += [match.drawn[track, at] for track in tracks]
        seen = [tuple(map(float, box)) for box in boxes if not np.isnan(box[0])]
        details = {
            "kind": f"track_{kind}",
            "frames": (int(frames[0]), int(frames[-1])),
            "frame": int(at),
        }
        if number is not None:
            details["object"] = match.objects[number].label
        if tracks:
            details["given"] = match.tracks[tracks[0]].label
        return Finding(
            code,
            match.truth.item,
            float(cost),
            match.objects[number].id if number is not None else None,
            tuple(match.tracks[track].id for track in tracks),
            enclosing(seen) if seen else None,
            rule,
            details | more,
        )

    # Objects -------------------------------------------------------------------------------------

    def _missed(self, number: int) -> Finding:
        frames = np.flatnonzero(self.match.counted[number])
        middle = int(frames[len(frames) // 2])
        return self._found("E1", "missed", self._miss * len(frames), EVERY, frames, middle, number)

    def _switches(self, number: int) -> Iterator[Finding]:
        """Where the track on an object becomes another one."""
        match = self.match.match[number]
        frames = np.flatnonzero(match >= 0)
        changes = [(a, b) for a, b in pairwise(frames) if match[a] != match[b]]
        if not changes:
            return
        lost = self.match.quality[number] * (1 - self.match.association[number]) / 2
        cost = self.share * float(lost.sum()) / len(changes)
        for before, after in changes:
            tracks = (int(match[after]), int(match[before]))
            homes = [int(self.match.together[:, track].argmax()) for track in tracks]
            other = next((home for home in homes if home != number), None)
            kind, more = "restart", {}
            if other is not None:
                kind, more = "switch", {"other": self.match.objects[other].label}
            around = (before, after)
            yield self._found("E11", kind, cost, ONE_ID, around, after, number, tracks, **more)

    def _classes(self, number: int) -> Iterator[Finding]:
        match, obj = self.match.match[number], self.match.objects[number]
        labels = right_labels(obj, len(match))
        for track in np.unique(match[match >= 0]):
            given = self.match.tracks[track].label
            frames = [f for f in np.flatnonzero(match == track) if given not in labels[f]]
            if frames:
                shares = (1 + self.match.association[number, frames]) / 2
                cost = self.share * CLASS * float(shares.sum())
                expected = tuple(sorted(labels[frames[0]]))
                yield self._found(
                    "E8",
                    "class",
                    cost,
                    CLASS_RULE,
                    frames,
                    frames[0],
                    number,
                    (int(track),),
                    expected=expected,
                )

    def _gaps(self, number: int) -> Iterator[Finding]:
        """Frames in which no track shows a box near an object that has a track elsewhere."""
        near = self.astray[number].any(axis=0)
        main = int(self.match.together[number].argmax())
        keys = self.match.tracks[main].keyframes
        for first, last in runs(self.match.missed[number] & ~near):
            code, kind, rule = "E12", "gap", EVERY
            said = next((key for key in reversed(keys) if key.frame <= first), None)
            if said is None:
                kind = "late"
            elif said.outside:
                kind, rule = "ended", LEAVING
            elif said.occluded:
                code, kind, rule = "E9", "said_hidden", HIDDEN
            cost = self._miss * (last - first + 1)
            if last - first + 1 >= TOLD_FRAMES:
                yield self._found(code, kind, cost, rule, (first, last), first, number)

    # Extent --------------------------------------------------------------------------------------

    def _extent(self, number: int, track: int) -> Iterator[Finding]:
        """Drift between keyframes, and boxes that are loose or cut everywhere else."""
        match = self.match
        on = (match.match[number] == track) | self.astray[number, track]
        if not on.any():
            return
        px = _off(match.true[number], match.drawn[track])
        lost = np.array([self._lost(number, track, f) if on[f] else 0.0 for f in range(len(on))])
        keys = [k.frame for k in match.tracks[track].keyframes]
        for first, last in pairwise([*keys, len(on)]):
            inner = np.flatnonzero(on[first + 1 : last]) + first + 1
            ends = [px[f] for f in (first, last) if f < len(on) and on[f]]
            if not len(inner) or lost[inner].sum() < TOLD_FRAMES * self.share:
                continue
            worst = int(inner[px[inner].argmax()])
            if px[worst] <= max(DRIFT_PX, 2 * max(ends, default=0.0)):
                continue
            cut = next((c for c in match.truth.cuts if first < c <= worst), None)
            more = {"px": float(px[worst]), "until_end": last == len(on), "cut": cut}
            span = (first, min(last, len(on) - 1))
            cost = float(lost[inner].sum())
            yield self._found("E12", "drift", cost, KEYFRAME, span, worst, number, (track,), **more)
            lost[inner] = 0.0
        rest = np.flatnonzero(lost > 0)
        if lost.sum() >= TOLD_FRAMES * self.share:
            worst = int(rest[lost[rest].argmax()])
            box, true = _box(match.drawn[track, worst]), _box(match.true[number, worst])
            loose, cut = slack(box, true)
            code, kind, sides = ("E6", "loose", loose) if loose else ("E7", "cut", cut)
            if loose and cut and max(cut.values()) > max(loose.values()):
                code, kind, sides = "E7", "cut", cut
            cost, frames = float(lost.sum()), (rest[0], rest[-1])
            yield self._found(
                code, kind, cost, VISIBLE, frames, worst, number, (track,), sides=sides
            )

    def _lost(self, number: int, track: int, frame: int) -> float:
        """What a box that is not tight costs; one that is too far off is missed and in vain."""
        match = self.match
        if match.match[number, frame] != track:
            return self._miss + self._wrong
        size = band(_box(match.true[number, frame]))
        loss = TIGHTNESS * (1 - size.tightness(match.overlap[number, track, frame]))
        return self.share * loss * (1 + match.association[number, frame]) / 2

    # Tracks --------------------------------------------------------------------------------------

    def _extra(self, track: int) -> Iterator[Finding]:
        """Boxes in vain, and what they stand for."""
        match = self.match
        matched = match.together[:, track]
        home = int(matched.argmax()) if matched.any() else None
        wrong = match.extra[track] & ~self.astray[:, track].any(axis=0)
        for first, last in runs(wrong):
            cost = self._wrong * (last - first + 1)
            taken = [
                o
                for o in range(len(match.objects))
                if match.match[o, first] >= 0 and match.overlap[o, track, first] >= 0.5
            ]
            if home is None:
                code, kind, rule = (
                    ("E3", "duplicate", ONE_ID) if taken else ("E2", "invented", EVERY)
                )
            elif taken:
                code, kind, rule = "E3", "duplicate", ONE_ID
            else:
                code, kind, rule = _stayed(match.objects[home], first, last)
            number = taken[0] if taken else home
            yield self._found(code, kind, cost, rule, (first, last), first, number, (track,))


def _stayed(obj: TruthTrack, first: int, last: int) -> tuple[str, str, int]:
    """What a track does that shows a box from `first` to `last` while its object shows none."""
    states = {state.frame: state for state in obj.states}
    if first > max(states) or any(states[f].outside for f in range(first, last + 1) if f in states):
        return "E12", "kept", LEAVING
    if first < min(states):
        return "E12", "early", EVERY
    if states[first].bbox is None:
        return "E9", "shown_hidden", HIDDEN
    return "E12", "astray", KEYFRAME


def runs(frames: np.ndarray) -> list[tuple[int, int]]:
    """First and last frame of each stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], frames.astype(int), [0]])))
    return [(int(a), int(b) - 1) for a, b in edges.reshape(-1, 2)]


def _off(true: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """How far the worst side of a box is off at each frame in px; nan where either shows none."""
    corners = [np.hstack([b[:, :2], b[:, :2] + b[:, 2:]]) for b in (true, drawn)]
    return np.abs(corners[0] - corners[1]).max(axis=1)


def _box(values: np.ndarray) -> BBox:
    x, y, width, height = map(float, values)
    return (x, y, width, height)

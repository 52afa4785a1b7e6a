"""`clip_lite`: frames exist, tracks move like real things, all edge cases of the syllabus occur."""

from __future__ import annotations

import math
from collections import Counter
from itertools import groupby, pairwise

import numpy as np
import pytest
from PIL import Image

from labelschool import datasets

NAME = "clip_lite"
pytestmark = pytest.mark.skipif(
    NAME not in datasets.names(), reason="the frames of clip_lite are not rendered yet"
)
POOLS = {"practice": 3, "counted": 4, "exam": 3}
LABELS = {"car", "bus", "person", "cyclist"}
SIZE = (640, 360)
LEAST = {
    "crossing": 4,
    "full_occlusion": 5,
    "exit_return": 4,
    "motion_blur": 3,
    "cut": 1,
    "scale_change": 2,
    "dismount": 1,
}
HIDDEN_RUN = (6, 12)
WHOLE = 0.97
MOST_STEP = 0.9
"""A whole object moves at most this share of its longer side from one frame to the next."""
MOST_GROWTH = 1.3
BYTES = 14_000_000


def runs(states, kind: str) -> list[tuple[int, int]]:
    """(frame, length) of runs hidden or outside, seen before and after."""
    kinds = [("seen" if s.bbox else "outside" if s.outside else "hidden", s.frame) for s in states]
    grouped = [(name, list(group)) for name, group in groupby(kinds, key=lambda pair: pair[0])]
    return [
        (group[0][1], len(group))
        for before, (name, group), after in zip(grouped, grouped[1:], grouped[2:], strict=False)
        if name == kind and before[0] == after[0] == "seen"
    ]


def middle(bbox) -> tuple[float, float]:
    return bbox[0] + bbox[2] / 2, bbox[1] + bbox[3] / 2


def overlap(a, b) -> bool:
    return all(a[i] < b[i] + b[i + 2] and b[i] < a[i] + a[i + 2] for i in (0, 1))


def swaps(first, second) -> bool:
    """Whether two tracks are on other sides of each other after their boxes overlapped."""
    there = {state.frame: state.bbox for state in second.states if state.bbox}
    both = [(s.bbox, there[s.frame]) for s in first.states if s.bbox and s.frame in there]
    left = [middle(a)[0] < middle(b)[0] for a, b in both]
    return any(overlap(a, b) for a, b in both) and left[0] != left[-1]


@pytest.fixture(scope="module")
def clips():
    """[(pool, item, truth)]."""
    return [
        (pool, item, truth)
        for pool in POOLS
        for item, truth in zip(datasets.items(NAME, pool), datasets.truth(NAME, pool), strict=True)
    ]


@pytest.fixture(scope="module")
def tracks(clips):
    """[(truth, track)]."""
    return [(truth, track) for _, _, truth in clips for track in truth.tracks]


def test_each_pool_has_its_clips(clips):
    assert Counter(pool for pool, _, _ in clips) == POOLS
    lengths = Counter(len(item.frames) for _, item, _ in clips)
    assert lengths == {40: 9, 80: 1}


def test_no_scene_is_shared(clips):
    scenes = {truth.scene for _, _, truth in clips}
    assert None not in scenes
    assert len(scenes) == len(clips)


def test_frames_exist_with_the_size_stated(clips):
    size = 0
    for _, item, truth in clips:
        assert (item.width, item.height) == (truth.width, truth.height) == SIZE
        assert item.fps == truth.fps == 10
        assert [path.name for path in item.frames] == [path.split("/")[-1] for path in truth.frames]
        for path in item.frames:
            size += path.stat().st_size
            with Image.open(path) as frame:
                assert (frame.format, frame.size) == ("WEBP", SIZE)
    assert size <= BYTES


def test_the_camera_stands_still_between_cuts(clips):
    """Most of the picture is the same from frame to frame, and not across a cut."""
    for _, item, truth in clips:
        frames = [np.asarray(Image.open(path).convert("L"), float) for path in item.frames]
        changes = [np.median(np.abs(b - a)) for a, b in pairwise(frames)]
        for frame, change in enumerate(changes, 1):
            assert (change > 8) == (frame in truth.cuts), (item.name, frame)


def test_tracks_have_a_state_for_every_frame(tracks):
    for truth, track in tracks:
        frames = [state.frame for state in track.states]
        assert frames == list(range(frames[0], frames[-1] + 1))
        assert track.states[0].bbox
        assert track.states[-1].bbox
        assert frames[-1] < len(truth.frames)


def test_ids_and_classes(clips):
    for _, item, truth in clips:
        assert 3 <= len(truth.tracks) <= 8
        assert len({track.id for track in truth.tracks}) == len(truth.tracks)
        assert {track.label for track in truth.tracks} <= LABELS
        if item.batch == "long":
            assert len(truth.tracks) == 8


def test_boxes_lie_in_the_frame_and_hidden_objects_have_none(tracks):
    for _, track in tracks:
        for state in track.states:
            assert 0 <= state.visible <= 1
            assert (state.bbox is None) == (state.visible == 0)
            assert not (state.outside and state.bbox)
            if state.bbox:
                x, y, width, height = state.bbox
                assert min(width, height) >= 1
                assert x >= 0
                assert y >= 0
                assert x + width <= SIZE[0]
                assert y + height <= SIZE[1]


def test_whole_objects_move_and_grow_smoothly(tracks):
    """A swapped identity would make a box jump or change its size at once."""
    for truth, track in tracks:
        for one, two in pairwise(track.states):
            if min(one.visible, two.visible) < WHOLE or two.frame in truth.cuts:
                continue
            if any(frame == two.frame for frame, _ in track.label_changes) or _at_edge(one, two):
                continue
            (ax, ay), (bx, by) = middle(one.bbox), middle(two.bbox)
            longer = max(*one.bbox[2:], *two.bbox[2:], 12)
            assert math.hypot(bx - ax, by - ay) <= MOST_STEP * longer, (truth.item, track.id, two)
            assert 1 / MOST_GROWTH <= two.bbox[3] / one.bbox[3] <= MOST_GROWTH


def _at_edge(*states) -> bool:
    """Whether a box touches the border of the frame, where it is cut off."""
    return any(
        s.bbox[0] <= 1
        or s.bbox[1] <= 1
        or s.bbox[0] + s.bbox[2] >= SIZE[0] - 1
        or s.bbox[1] + s.bbox[3] >= SIZE[1] - 1
        for s in states
    )


def test_objects_leave_and_return_at_the_border(tracks):
    for truth, track in tracks:
        for frame, length in runs(track.states, "outside"):
            by_frame = {state.frame: state for state in track.states}
            assert _at_edge(by_frame[frame - 1]), (truth.item, track.id)
            assert _at_edge(by_frame[frame + length])


def test_every_edge_case_occurs_often_enough(clips):
    counts = Counter()
    for _, _, truth in clips:
        counts["cut"] += len(truth.cuts)
        crossing = set()
        for track in truth.tracks:
            hidden = [length for _, length in runs(track.states, "hidden")]
            low, high = HIDDEN_RUN
            counts["full_occlusion"] += any(low <= length <= high for length in hidden)
            counts["exit_return"] += bool(runs(track.states, "outside"))
            heights = [
                s.bbox[3] for s in track.states if s.bbox and s.visible >= WHOLE and not _at_edge(s)
            ]
            counts["scale_change"] += bool(heights) and max(heights) >= 3 * min(heights)
            counts["motion_blur"] += "motion_blur" in track.edge_cases
            counts["dismount"] += bool(track.label_changes)
            crossing |= {
                frozenset((track.id, other.id))
                for other in truth.tracks
                if other.id != track.id and swaps(track, other)
            }
        counts["crossing"] += len(crossing)
    assert {name: counts[name] for name in LEAST if counts[name] < LEAST[name]} == {}


def test_the_long_clip_has_what_its_exercise_asks_for(clips):
    truth = next(truth for _, item, truth in clips if item.batch == "long")
    cases = {case for track in truth.tracks for case in track.edge_cases}
    assert {"crossing", "full_occlusion", "exit_return", "dismount"} <= cases
    rider = next(track for track in truth.tracks if track.label_changes)
    ((frame, label),) = rider.label_changes
    assert (rider.label, label) == ("cyclist", "person")
    states = {state.frame: state for state in rider.states}
    around = [states[number].visible for number in range(frame - 5, frame + 6)]
    assert min(around) > 0.5


def test_blurred_objects_are_fast(tracks):
    for truth, track in tracks:
        if "motion_blur" in track.edge_cases:
            steps = [
                math.dist(middle(a.bbox), middle(b.bbox))
                for a, b in pairwise(track.states)
                if min(a.visible, b.visible) >= WHOLE and not _at_edge(a, b)
            ]
            assert max(steps) >= 12, (truth.item, track.id)

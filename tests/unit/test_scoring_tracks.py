"""The score of tracks: boxes, identities, keyframes, and what each mistake is called."""

from __future__ import annotations

import random

import numpy as np
import pytest

from labelschool import course, datasets
from labelschool.model import ClipTruth, Keyframe, Track, TruthState, TruthTrack
from labelschool.quality.simulated import annotate_tracks
from labelschool.scoring import score_tracks, tracks

TASK = course.load().task("2.E")
CLASSES = TASK.classes
TRUTH = datasets.task_truth(TASK, "counted")
PASS = 0.75
SEEDS = range(10)


def exact(track):
    """A track with a keyframe in every frame, as the truth has it."""
    keys, box = [], None
    for state in track.states:
        box = state.bbox or box
        hidden = state.bbox is None
        keys.append(
            Keyframe(
                frame=state.frame,
                bbox=box,
                occluded=hidden and not state.outside,
                outside=state.outside,
            )
        )
    end = track.states[-1].frame + 1
    keys.append(Keyframe(frame=end, bbox=box, outside=True))
    return Track(id=f"t{track.id}", label=track.label, keyframes=tuple(keys))


def right(truth=TRUTH):
    return {clip.item: [exact(track) for track in clip.tracks] for clip in truth}


def scored(answer, truth=TRUTH):
    return score_tracks(truth, answer, classes=CLASSES)


# One made-up clip: two cars that drive straight and pass each other, and one that turns back ------


def straight(number, start, speed, y=100.0, frames=21, hidden=(), gone=(), label="car"):
    states = [
        TruthState(
            frame=f,
            bbox=None if f in hidden or f in gone else (start + speed * f, y, 60.0, 40.0),
            visible=0.0 if f in hidden or f in gone else 1.0,
            outside=f in gone,
        )
        for f in range(frames)
    ]
    return TruthTrack(id=number, label=label, states=tuple(states))


def clip(*objects, frames=21):
    return ClipTruth(
        item="made", frames=tuple(map(str, range(frames))), width=640, height=360, fps=10,
        tracks=objects,
    )  # fmt: skip


def drawn(track_id, *keys, label="car"):
    """A track from (frame, x[, flag]) at y 100."""
    frames = tuple(
        Keyframe(frame=f, bbox=(x, 100.0, 60.0, 40.0), **dict.fromkeys(flags, True))
        for f, x, *flags in keys
    )
    return Track(id=track_id, label=label, keyframes=frames)


TWO = clip(straight(1, 20, 20), straight(2, 500, -20))
FIRST, SECOND = drawn("a", (0, 20), (20, 420)), drawn("b", (0, 500), (20, 100))


def told(answer, truth):
    score = score_tracks([truth], {"made": answer}, classes=CLASSES)
    return score, [
        (f.code, f.details["kind"].removeprefix("track_"), f.rule) for f in score.findings
    ]


def test_two_keyframes_a_track_are_all_that_straight_motion_needs():
    score, found = told([FIRST, SECOND], TWO)
    assert (score.value, found) == (1.0, [])
    assert [round(p.value, 3) for p in score.parts] == [1, 1, 0.095]


def test_tails_exchanged_at_a_crossing_cost_association_and_no_detection():
    """They are side by side at frame 12, and from there on each track follows the other car."""
    answer = [
        drawn("a", (0, 20), (12, 260), (20, 100)),
        drawn("b", (0, 500), (12, 260), (20, 420)),
    ]
    score, found = told(answer, TWO)
    detection, association, _ = (part.value for part in score.parts)
    assert detection == pytest.approx(1)
    assert association == pytest.approx((12 / 30 * 12 + 9 / 33 * 9) / 21, abs=0.05)
    assert found == [("E11", "switch", 1)] * 2
    assert score.findings[0].details["frames"][1] in (12, 13, 14)


def test_a_new_track_after_a_gap_is_an_identity_lost():
    truth = clip(straight(1, 20, 20, hidden=range(8, 12)))
    whole = drawn("a", (0, 20), (7, 160), (8, 160, "occluded"), (12, 260), (20, 420))
    assert told([whole], truth)[1] == []
    halves = [
        drawn("a", (0, 20), (7, 160), (8, 160, "outside")),
        drawn("b", (12, 260), (20, 420)),
    ]
    score, found = told(halves, truth)
    assert found == [("E11", "restart", 1)]
    assert score.parts[0].value == pytest.approx(1)


@pytest.mark.parametrize(
    ("truth", "answer", "expected"),
    [
        (
            clip(straight(1, 20, 20, gone=range(15, 21))),
            drawn("a", (0, 20), (14, 300)),
            ("E12", "kept", 5),
        ),
        (
            clip(straight(1, 20, 20, hidden=range(8, 12))),
            drawn("a", (0, 20), (20, 420)),
            ("E9", "shown_hidden", 4),
        ),
        (
            clip(straight(1, 20, 20)),
            drawn("a", (0, 20), (8, 180), (9, 200, "occluded"), (12, 260), (20, 420)),
            ("E9", "said_hidden", 4),
        ),
        (
            clip(straight(1, 20, 20)),
            drawn("a", (0, 20), (14, 300), (15, 320, "outside")),
            ("E12", "ended", 5),
        ),
        (clip(straight(1, 20, 20)), drawn("a", (5, 120), (20, 420)), ("E12", "late", 7)),
        (
            clip(straight(1, 20, 20)),
            drawn("a", (0, 20), (20, 420), label="bus"),
            ("E8", "class", 6),
        ),
    ],
)
def test_each_mistake_has_its_name(truth, answer, expected):
    score, found = told([answer], truth)
    assert found == [expected]
    assert score.value < 1


def test_drift_is_told_with_its_frames_and_px():
    """The car drives 20 px a frame up to frame 10 and stands; the track takes a straight line."""
    states = [
        TruthState(frame=f, bbox=(20 + 20 * min(f, 10), 100, 60, 40), visible=1) for f in range(21)
    ]
    truth = clip(TruthTrack(id=1, label="car", states=tuple(states)))
    score, found = told([drawn("a", (0, 20), (20, 220))], truth)
    assert found == [("E12", "drift", 2)]
    details = score.findings[0].details
    assert (details["frames"], details["frame"], round(details["px"])) == ((0, 20), 10, 100)
    mended, found = told([drawn("a", (0, 20), (10, 220))], truth)
    assert (mended.value, found) == (1, [])


def test_missed_invented_and_drawn_twice():
    far = Track(id="x", label="car", keyframes=(Keyframe(frame=0, bbox=(300, 300, 50, 30)),))
    assert told([FIRST], TWO)[1] == [("E1", "missed", 7)]
    assert told([FIRST, SECOND, far], TWO)[1] == [("E2", "invented", 7)]
    twin = FIRST.model_copy(update={"id": "y"})
    score, found = told([FIRST, SECOND, twin], TWO)
    assert found == [("E3", "duplicate", 1)]
    assert score.value < 1


def test_a_box_around_too_much_is_loose_everywhere_and_no_drift():
    keys = tuple(Keyframe(frame=f, bbox=(x - 10, 90, 80, 60)) for f, x in ((0, 20), (20, 420)))
    score, found = told([Track(id="a", label="car", keyframes=keys)], clip(straight(1, 20, 20)))
    assert found == [("E6", "loose", 3)]
    assert score.findings[0].details["sides"]["top"] == pytest.approx(10)


# The shipped clips --------------------------------------------------------------------------------


def test_a_keyframe_in_every_frame_is_perfect_and_does_not_pass():
    score = scored(right())
    detection, association, share = (part.value for part in score.parts)
    assert (detection, association, share) == (pytest.approx(1), pytest.approx(1), 1)
    assert score.value == pytest.approx(0.70)
    assert {(f.code, f.details["kind"], f.rule) for f in score.findings} == {
        ("E10", "track_budget", 2)
    }
    assert sum(f.cost for f in score.findings) == pytest.approx(0.30)


def test_perfect_tracks_on_some_objects_score_their_f1(monkeypatch):
    monkeypatch.setattr(tracks, "efficiency", lambda share: 1.0)
    some = {item: made[:2] for item, made in right().items()}
    frames = {
        clip.item: tracks.true_boxes(sorted(clip.tracks, key=lambda t: t.id), 40)[1].sum(axis=1)
        for clip in TRUTH
    }
    found, every = (sum(f[:n].sum() for f in frames.values()) for n in (2, None))
    assert scored(some).value == pytest.approx(2 * found / (found + every))


def test_fewer_keyframes_at_the_same_score_are_worth_more():
    factors = [tracks.efficiency(share) for share in (0.05, 0.10, 0.25, 0.40, 1.0)]
    assert factors == sorted(factors, reverse=True)
    assert factors[2:] == [1.0, pytest.approx(0.94), pytest.approx(0.70)]


@pytest.mark.parametrize("seed", range(4))
def test_removing_right_work_never_helps_and_order_does_not_matter(seed):
    rng = random.Random(seed)
    profile = ("trained", "expert", "confuser", "hasty")[seed]
    answer = annotate_tracks(TRUTH, profile, seed, classes=CLASSES)
    score = scored(answer)
    assert scored({item: rng.sample(made, len(made)) for item, made in answer.items()}) == score
    for clip_truth in TRUTH:
        match = tracks.match_clip(clip_truth, answer[clip_truth.item], classes=CLASSES)
        for number, track in enumerate(match.tracks):
            worth = match.quality * (1 + match.association) / 2
            if worth[match.match == number].sum() < 0.75 * match.shown[number].sum():
                continue
            others = [t for t in answer[clip_truth.item] if t.id != track.id]
            assert scored(answer | {clip_truth.item: others}).value <= score.value
            kept = track.keyframes[: len(track.keyframes) // 2] or track.keyframes[:1]
            end = kept[-1].model_copy(update={"frame": kept[-1].frame + 1, "outside": True})
            cut = track.model_copy(update={"keyframes": (*kept, end)})
            assert scored(answer | {clip_truth.item: [*others, cut]}).value <= score.value + 1e-9


def test_no_blind_strategy_reaches_the_limit():
    assert scored({}).blind < 0.15


def test_acceptance():
    values = {
        profile: np.array(
            [scored(annotate_tracks(TRUTH, profile, seed, classes=CLASSES)).value for seed in SEEDS]
        )
        for profile in ("expert", "trained", "loose", "hasty", "spammer", "lazy")
    }
    assert values["expert"].min() >= 0.92
    assert values["trained"].min() >= PASS
    assert max(np.median(values["loose"]), np.median(values["hasty"])) < PASS
    assert max(values["spammer"].max(), values["lazy"].max()) < 0.15

"""Findings about tracks. Frames are counted from 0, as the annotator counts them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from labelschool.feedback.words.phrases import Sentence, a, either, listed


def _missed(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"There is {a(d['object'])} without a track, to be seen {_frames(d)}.",
        "Watch the clip once for each corner of the frame. Parked ones count too.",
    )


def _invented(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This track, {a(d['given'])} to you, follows nothing that is to be tracked.",
        "Delete it, or move its boxes onto the object you meant.",
    )


def _duplicate(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This {d['object']} has two tracks {_frames(d)}.",
        "Keep one of them through the whole clip, and delete the other.",
    )


def _switch(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"At frame {d['frame']} another track takes over this {d['object']}: before, it followed "
        f"another {d['other']}."
        if d["other"] == d["object"]
        else f"At frame {d['frame']} another track takes over this {d['object']}: it also follows "
        f"{a(d['other'])}.",
        "Play the crossing slowly, back and forth: clothing, colour and pace tell who is who. Then "
        "split both tracks there (S) and join the halves that belong together (J).",
    )


def _restart(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"At frame {d['frame']} a new track begins on this {d['object']}; the one before ended at "
        f"frame {d['frames'][0]}.",
        "Join both (the key J). While it is hidden it is occluded, while it is out of the frame "
        "outside, and it is the same object after both.",
    )


def _class(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"You called this track {a(d['given'])}; it is {either(d['expected'])} {_frames(d)}.",
        "A track has the class of most of its visible frames. A rider is a cyclist.",
    )


def _gap(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"This {d['object']} has no box {_frames(d)}, where it can be seen.",
        "Look at the first and the last of these frames, and set a keyframe on each.",
    )


def _late(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The track of this {d['object']} begins too late: it can be seen {_frames(d)}.",
        "Go back frame by frame to the first one that shows it, and put its box there.",
    )


def _ended(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The track says that this {d['object']} has left. It can be seen {_frames(d)}.",
        "Take the outside mark back, or go on with the same track where it returns.",
    )


def _said_hidden(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The track is occluded {_frames(d)}, where this {d['object']} can be seen.",
        "Occluded means that not a pixel is left. Take the mark back on the frame where it comes "
        "out.",
    )


def _shown_hidden(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The box stays {_frames(d)}, where this {d['object']} is fully hidden.",
        "Mark the track hidden (the key O) on the first of these frames, and take that back after "
        "the last.",
    )


def _kept(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The box stays {_frames(d)}, after this {d['object']} has left the frame.",
        f"Mark the track outside (the key Q) on frame {d['frames'][0]}, the first without it.",
    )


def _early(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The box is there {_frames(d)}, before this {d['object']} can be seen.",
        "Begin the track on the first frame that shows it.",
    )


def _drift(d: Mapping[str, Any]) -> Sentence:
    first, last = d["frames"]
    if d["cut"] is not None:
        return Sentence(
            f"The camera changes at frame {d['cut']}, and the box of this {d['object']} slides "
            f"across the cut: at frame {d['frame']} it is {d['px']:.0f} px off.",
            f"Set keyframes on frames {d['cut'] - 1} and {d['cut']}: no motion leads over a cut.",
        )
    between = f"after its last keyframe at frame {first}"
    if not d["until_end"]:
        between = f"between the keyframes at {first} and {last}"
    return Sentence(
        f"The box leaves this {d['object']} {between}: at frame {d['frame']} a side is "
        f"{d['px']:.0f} px off.",
        f"Set a keyframe at frame {d['frame']}, where it starts, stops or turns.",
    )


def _budget(d: Mapping[str, Any]) -> Sentence:
    share = 100 * d["keyframes"] / d["shown"]
    return Sentence(
        f"{d['keyframes']} keyframes stand on the {d['shown']} boxes of this clip: {share:.0f} %, "
        "where a quarter is enough.",
        "Take out keyframes (the key A) where the box stays on its object without them.",
    )


def _extent(d: Mapping[str, Any], does: str, do: str) -> Sentence:
    sides = listed([f"{max(round(px), 1)} px at the {side}" for side, px in d["sides"].items()])
    return Sentence(f"The box {does} this {d['object']}, worst at frame {d['frame']}: {sides}.", do)


def _loose(d: Mapping[str, Any]) -> Sentence:
    return _extent(d, "goes beyond", "Zoom in at a keyframe and pull the sides in to the object.")


def _cut(d: Mapping[str, Any]) -> Sentence:
    return _extent(d, "cuts off part of", "Zoom in at a keyframe and move the sides out to it.")


def _astray(d: Mapping[str, Any]) -> Sentence:
    return Sentence(
        f"The box of this {d['object']} lies beside everything {_frames(d)}.",
        "Put it back onto the object there, or mark the track occluded or outside.",
    )


WORDS = {
    "track_missed": _missed,
    "track_invented": _invented,
    "track_duplicate": _duplicate,
    "track_switch": _switch,
    "track_restart": _restart,
    "track_class": _class,
    "track_gap": _gap,
    "track_late": _late,
    "track_ended": _ended,
    "track_said_hidden": _said_hidden,
    "track_shown_hidden": _shown_hidden,
    "track_kept": _kept,
    "track_early": _early,
    "track_drift": _drift,
    "track_budget": _budget,
    "track_loose": _loose,
    "track_cut": _cut,
    "track_astray": _astray,
}


def _frames(d: Mapping[str, Any]) -> str:
    first, last = d["frames"]
    return f"at frame {first}" if first == last else f"from frame {first} to {last}"

"""Clips with tracks: render what is missing, then derive frames and truth."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
from clip_cases import shows
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from motion import SceneError, raw, read_recipes, render_missing
from photo import camera_effects, contact_sheet
from PIL import Image
from street_truth import bounding_box, without_crumbs

from labelschool.model import ClipTruth, TruthState, TruthTrack

GUIDELINE = "G4.v1"
FPS = 10.0
LEAST_PIXELS = 12
"""An object that shows fewer pixels is hidden, or outside if its whole extent has fewer."""
WEBP_QUALITY = 80
MAKING = """Rendered, not filmed: a fixed, elevated camera sees a street in which cars, buses,
cyclists and walkers follow smooth lines with changing speed (Blender bpy 5.0.1 by `tools/scenes`).
Walkers have one mesh for each tenth of the cycle of two steps, and a foot on the ground stays
where it is. The empty street is rendered once for each shot; every frame renders anew the parts
that actors and their shadows touch, and lays the differences over the street. Boxes come from
exact ids cast through every pixel centre of every frame; fragments below 6 px or 1.5 % of an
object do not count. `bbox` is the visible part, missing while fewer than 12 px can be seen;
`outside` means that the object left the frame. Classes are car, bus, person and cyclist. `label`
is the class in the first state, `label_changes` the frame from which on it is another: a rider is
a cyclist while on or astride the bicycle and a person beside it (G1 rules 1 and 11); a pushed
bicycle carries no label. Where the shutter is open for half a frame, boxes belong to the middle of
the exposure."""
GAPS = """Wheels and pedals do not turn. Walkers are simplified figures of two steps a second.
Reflections of actors in shop windows are missing where no actor is near. Light is always day.
Cycles may give slightly different pixels on another processor, so the committed files, not a new
render, are the reference."""


def visible_part(mask: np.ndarray) -> tuple[tuple[int, int, int, int] | None, int]:
    """Box and pixels of what can be seen in a mask (height, width), fragments left out."""
    if not mask.any():
        return None, 0
    x, y, width, height = bounding_box(mask)
    part = without_crumbs(mask[y : y + height, x : x + width])
    if not part.any():
        return None, 0
    inner = bounding_box(part)
    return (x + inner[0], y + inner[1], inner[2], inner[3]), int(part.sum())


def derive_track(actor: dict, ids: np.ndarray, full: np.ndarray) -> TruthTrack:
    """Truth of one actor from the ids (frames, height, width) and its ``full`` px per frame."""
    states = []
    for frame, (picture, whole) in enumerate(zip(ids, full, strict=True)):
        box, seen = visible_part(picture == actor["id"])
        if seen < LEAST_PIXELS:
            outside = bool(whole < LEAST_PIXELS)
            states.append(TruthState(frame=frame, bbox=None, visible=0, outside=outside))
        else:
            share = min(1.0, round(seen / max(seen, int(whole)), 3))
            states.append(TruthState(frame=frame, bbox=box, visible=share))
    with_box = [state.frame for state in states if state.bbox]
    return TruthTrack(
        id=actor["id"],
        label=actor["label"],
        states=states[with_box[0] : with_box[-1] + 1],
        label_changes=actor["label_changes"],
        edge_cases=sorted(actor["edge_cases"]),
    )


def derive(name: str, recipe: dict) -> ClipTruth:
    """Truth of one clip. Raises SceneError where a track does not show what it was placed for."""
    item, note = recipe["item"], json.loads(raw(name, recipe, ".json").read_text(encoding="utf-8"))
    with np.load(raw(name, recipe) / "ids.npz") as loaded:
        ids, full = loaded["ids"], loaded["full"]
    tracks = [
        derive_track(actor, ids, full[:, index]) for index, actor in enumerate(note["actors"])
    ]
    for track in tracks:
        for case in track.edge_cases:
            if not shows(case, track, tracks, recipe.get("shutter", 0), ids.shape[:0:-1]):
                raise SceneError(f"{item}: track {track.id} does not show {case}")
    cuts = [camera["start"] for camera in recipe["cameras"][1:]]
    cases = {case for track in tracks for case in track.edge_cases} | ({"cut"} if cuts else set())
    return ClipTruth(
        item=item,
        scene=recipe["scene"],
        edge_cases=sorted(cases),
        frames=[f"frames/{item}/{frame:03d}.webp" for frame in range(len(ids))],
        width=ids.shape[2],
        height=ids.shape[1],
        fps=FPS,
        tracks=tracks,
        cuts=cuts,
    )


def write_frames(name: str, recipe: dict, truth: ClipTruth, folder: Path) -> None:
    """Finish the developed frames and save them as WebP."""
    (folder / "frames" / truth.item).mkdir()
    for number, path in enumerate(truth.frames):
        with Image.open(raw(name, recipe) / f"{number:03d}.png") as picture:
            pixels = np.asarray(picture.convert("RGB"), float)
        finished = camera_effects(pixels, "day", f"{truth.item}/{number:03d}")
        Image.fromarray(finished).save(folder / path, quality=WEBP_QUALITY, method=6)


def item_entry(recipe: dict, truth: ClipTruth) -> dict:
    """What a learner may know of a clip."""
    entry = truth.model_dump(mode="json", include={"item", "frames", "width", "height", "fps"})
    return entry | ({"batch": recipe["batch"]} if "batch" in recipe else {})


def composition(pools: dict[str, list[ClipTruth]]):
    """Rows of the datasheet, counted from the truth."""
    rows = []
    for pool, truths in pools.items():
        frames = ", ".join(str(len(truth.frames)) for truth in truths)
        tracks = ", ".join(str(len(truth.tracks)) for truth in truths)
        rows.append((pool, f"{len(truths)} clips of {frames} frames with {tracks} tracks"))
    every = [truth for truths in pools.values() for truth in truths]
    labels = Counter(track.label for truth in every for track in truth.tracks)
    rows.append(("tracks by class", ", ".join(f"{k} {n}" for k, n in labels.most_common())))
    rows.append(("frames", f"{sum(len(truth.frames) for truth in every)} of 640 x 360, WebP"))
    return rows


def edge_counts(truths) -> Counter:
    """How often each edge case occurs: by track, cuts by clip."""
    counts = Counter(case for truth in truths for t in truth.tracks for case in t.edge_cases)
    counts["cut"] = sum(len(truth.cuts) for truth in truths)
    return counts


def build(name: str) -> None:
    """Write ``datasets/NAME``; starts the renderer for frames that are missing."""
    recipes = read_recipes(name, "clip")
    render_missing("render_clip.py", name, recipes)
    truths = [derive(name, recipe) for recipe in recipes]
    folder = fresh_folder(name, "frames")
    items, pools, shown = {}, {}, []
    for recipe, truth in zip(recipes, truths, strict=True):
        write_frames(name, recipe, truth, folder)
        pools.setdefault(recipe["pool"], []).append(truth)
        items.setdefault(recipe["pool"], []).append(item_entry(recipe, truth))
        last = len(truth.frames) - 1
        shown += [folder / truth.frames[number] for number in (0, last // 2, last)]
    for pool, found in pools.items():
        write_pool(folder, pool, "tracks", GUIDELINE, items[pool], found)
    contact_sheet(shown, folder / CONTACT_SHEET, columns=6)
    sheet = Datasheet(
        motivation="Clips of a fixed camera over a street, to track every vehicle and person "
        "(exercise 2.E, the long one for 4.C).",
        composition=composition(pools),
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(edge_counts(truths).items()),
    )
    finish(folder, GUIDELINE, sheet)

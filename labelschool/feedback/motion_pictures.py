"""Pictures of keypoints and of tracks: the reference dashed green, the answer solid orange."""

from __future__ import annotations

from collections.abc import Sequence

from labelschool.feedback import pictures, views
from labelschool.feedback.drawing import Canvas, jpeg, mosaic
from labelschool.feedback.palette import ANSWER, IGNORE, REFERENCE
from labelschool.feedback.shapes import draw
from labelschool.model import (
    Annotation,
    BBox,
    ClipTruth,
    Figure,
    Item,
    KeypointTruth,
    Track,
    TruthFigure,
    TruthTrack,
    state_at,
)
from labelschool.scoring.matching import enclosing
from labelschool.scoring.score import Finding

FRAME_HEIGHT = 190
"""Largest height in px of a frame of a finding; frames stand beside each other where they fit into
the width of a crop, else below each other.
"""
LEAST_AROUND = 110.0
"""Px of the picture that the place of a point shows at least: a limb, not a patch of cloth."""


def figures(truth: KeypointTruth, item: Item, made: Sequence[Annotation]) -> bytes:
    """A whole picture with all figures, as JPEG."""
    canvas = views.picture(item.image, (item.width, item.height))
    for person in truth.figures:
        draw(person, canvas, REFERENCE)
    for figure in made:
        if isinstance(figure, Figure):
            draw(figure, canvas, ANSWER)
    return jpeg(canvas.drawn())


def figure_crop(
    truth: KeypointTruth, item: Item, made: Sequence[Annotation], finding: Finding
) -> bytes:
    """The place of a finding with its person and figure, as JPEG."""
    x, y, width, height = finding.region
    aside, down = max(LEAST_AROUND - width, 0) / 2, max(LEAST_AROUND - height, 0) / 2
    region = (x - aside, y - down, width + 2 * aside, height + 2 * down)
    size = (item.width, item.height)
    window = pictures.window(region, size)
    zoom = min(pictures.CROP_WIDTH / window[2], pictures.CROP_HEIGHT / window[3], 3)
    canvas = views.part(item.image, size, window, zoom)
    for person in truth.figures:
        if person.id == finding.truth_id:
            draw(_within(person, window), canvas, REFERENCE)
    for figure in made:
        if isinstance(figure, Figure) and figure.id in finding.annotation_ids:
            draw(_within(figure, window), canvas, ANSWER)
    return jpeg(canvas.drawn())


def _within(figure: Figure | TruthFigure, window: BBox) -> Figure | TruthFigure:
    """The figure with the points of a window alone: names of others would crowd its border."""
    x, y, width, height = window
    points = (
        point
        if x <= point.x <= x + width and y <= point.y <= y + height
        else point.model_copy(update={"visibility": 0})
        for point in figure.points
    )
    return figure.model_copy(update={"points": tuple(points)})


def clip(truth: ClipTruth, item: Item, made: Sequence[Annotation], classes: Sequence[str]) -> bytes:
    """Some frames of a clip with all tracks, as JPEG."""
    objects = [track for track in truth.tracks if track.label in classes]
    tracks = [track for track in made if isinstance(track, Track)]

    def paint(canvas: Canvas, frame: int) -> None:
        _paint(canvas, frame, objects, tracks)

    return jpeg(views.strip(item, paint))


def clip_crop(truth: ClipTruth, item: Item, made: Sequence[Annotation], finding: Finding) -> bytes:
    """The first, the worst and the last frame of a finding, as JPEG; of a box that is loose or cuts
    the worst alone.
    """
    objects = [track for track in truth.tracks if track.id == finding.truth_id]
    tracks = [t for t in made if isinstance(t, Track) and t.id in finding.annotation_ids]
    first, last = finding.details["frames"]
    worst = finding.details["frame"]
    frames = [worst] if finding.code in ("E6", "E7") else sorted({first, worst, last})
    boxes = [box for frame in frames for box in _boxes(frame, objects, tracks)]
    size = (item.width, item.height)
    window = pictures.window(enclosing(boxes) if boxes else (0, 0, *size), size)
    zoom = min(pictures.CROP_WIDTH / window[2], FRAME_HEIGHT / window[3], pictures.MAX_ZOOM)
    painted = []
    for frame in frames:
        canvas = views.part(item.frames[frame], size, window, zoom)
        _paint(canvas, frame, objects, tracks)
        canvas.plate((window[0], window[1] + window[3]), f"frame {frame}", IGNORE)
        painted.append(canvas.drawn())
    columns = max(1, pictures.CROP_WIDTH // painted[0].width)
    return jpeg(mosaic(painted, columns=min(columns, len(painted))))


def _paint(
    canvas: Canvas, frame: int, objects: Sequence[TruthTrack], tracks: Sequence[Track]
) -> None:
    for track in tracks:
        if state := state_at(track, frame):
            draw(state, canvas, ANSWER)
    for obj in objects:
        for state in obj.states:
            if state.frame == frame:
                draw(state, canvas, REFERENCE)


def _boxes(frame: int, objects: Sequence[TruthTrack], tracks: Sequence[Track]) -> list[BBox]:
    """The boxes that are drawn at a frame."""
    states = [state_at(track, frame) for track in tracks]
    drawn = [state.bbox for state in states if state and not state.outside]
    there = [s.bbox for obj in objects for s in obj.states if s.frame == frame and s.bbox]
    return drawn + there

"""What the truth holds: one record per modality.

``edge_cases`` name the situations of the syllabus that an item or object was made for; ``scene``
is the place or the subject, the same for all items that share it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import SerializerFunctionWrapHandler, field_serializer

from labelschool.model.annotations import Annotation, Keypoint, Mark
from labelschool.model.record import BBox, Point, Record, Rle

Level = Literal["must", "ignore"]


class Truth(Record):
    """What the truth of any item has."""

    item: str
    scene: str | None = None
    edge_cases: tuple[str, ...] = ()


# Pictures ---------------------------------------------------------------------------------------


class FullExtent(Record):
    """The mask of a whole object, hidden parts included, in a window that may leave the picture.

    ``offset`` is the place (x, y) of the window's first pixel in the picture.
    """

    offset: tuple[int, int]
    rle: Rle


class TruthBox(Record):
    """One object of the truth, measured on the visible and the full-extent mask.

    ``occlusion`` is the hidden share of the mask inside the frame, ``truncation`` the share outside
    the frame (0 to 1), ``area`` the visible pixels, ``depth`` metres from the camera, ``row`` the
    shelf of a rack, 1 at the bottom, ``mirror`` the image of an object in a mirror. Only objects of
    level ``must`` count; an ``ignore`` object costs nothing when missed or boxed.
    """

    id: int
    label: str
    bbox: BBox
    amodal_bbox: BBox
    area: float
    level: Level = "must"
    occlusion: float = 0
    occluded: Literal[0, 1, 2, 3] = 0
    truncation: float = 0
    truncated: bool = False
    crowd: bool = False
    mirror: bool = False
    depth: float | None = None
    row: int | None = None
    full: FullExtent | None = None
    edge_cases: tuple[str, ...] = ()


class Decoy(Record):
    """Something the guideline says not to label, with the number of the rule that says so."""

    kind: str
    rule: int
    bbox: BBox
    label: str


class TruthItem(Truth):
    """One picture and its exact truth: boxes and decoys, or the set of acceptable classes.

    A ``mirrorable`` picture shows nothing that a mirror image would give away, such as words. Where
    there is a ``bay``, the part of the picture that is to be labelled, what lies outside it is of
    level ``ignore``.
    """

    image: str
    width: int
    height: int
    ids: str | None = None
    objects: tuple[TruthBox, ...] = ()
    decoys: tuple[Decoy, ...] = ()
    labels: tuple[str, ...] = ()
    ambiguous: bool = False
    unusable: bool = False
    light: str | None = None
    weather: str | None = None
    source: str | None = None
    object: int | None = None
    mirrorable: bool = False
    bay: BBox | None = None


class TruthMask(Record):
    """The visible pixels of one object: bounds, ``area`` in px, how many pieces and holes."""

    id: int
    label: str
    bbox: BBox
    area: int
    rle: Rle
    parts: int = 1
    holes: int = 0
    level: Level = "must"
    edge_cases: tuple[str, ...] = ()


class MaskTruth(Truth):
    """One picture and the masks of what is to be outlined in it."""

    image: str
    width: int
    height: int
    objects: tuple[TruthMask, ...] = ()


class TruthFigure(Record):
    """One person: bounds and visible pixels of the body, and its keypoints."""

    id: int
    bbox: BBox
    area: int
    points: tuple[Keypoint, ...]
    edge_cases: tuple[str, ...] = ()


class KeypointTruth(Truth):
    """One picture and the people in it."""

    image: str
    width: int
    height: int
    figures: tuple[TruthFigure, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the points, the same for every figure."""
        return tuple(point.name for point in self.figures[0].points)


# Reviews ----------------------------------------------------------------------------------------


class TruthVerdict(Record):
    """What is true of one proposed label: ``code`` is None where it is right.

    ``target`` is None for an object nobody labelled. ``right`` is the label as it should be, None
    where there should be none. ``iou`` compares the proposal with the object it belongs to.
    """

    target: str | None
    decision: Literal["accept", "fix", "reject"]
    code: str | None = None
    right: Annotation | None = None
    iou: float | None = None
    edge_cases: tuple[str, ...] = ()

    @field_serializer("right", mode="wrap")
    def _keep_type(self, right: Annotation | None, dump: SerializerFunctionWrapHandler) -> Any:
        """The kind of label is written even where defaults are left out."""
        return None if right is None else {"type": right.type, **dump(right)}


class ReviewTruth(Truth):
    """One item whose proposed labels are reviewed."""

    verdicts: tuple[TruthVerdict, ...]


# Clips, sweeps and scans ------------------------------------------------------------------------


class TruthState(Record):
    """A tracked object at one frame: ``bbox`` is None while it is fully hidden or outside.

    ``visible`` is the share of its full extent inside the frame that can be seen (0 to 1).
    """

    frame: int
    bbox: BBox | None
    visible: float
    outside: bool = False


class TruthTrack(Record):
    """One object through a clip, a state for each frame from its first to its last.

    ``label`` is the class at its first state; ``label_changes`` lists (frame, label): from that
    frame on the class is another one, as when a rider gets off the bicycle (G1 rules 1 and 11).
    """

    id: int
    label: str
    states: tuple[TruthState, ...]
    label_changes: tuple[tuple[int, str], ...] = ()
    level: Level = "must"
    edge_cases: tuple[str, ...] = ()


class ClipTruth(Truth):
    """One clip: ``frames`` in order, at ``fps`` a second; ``cuts`` are the first frames of further
    shots, which show the same objects from another camera.
    """

    frames: tuple[str, ...]
    width: int
    height: int
    fps: float
    cuts: tuple[int, ...] = ()
    tracks: tuple[TruthTrack, ...]


class TruthCuboid(Record):
    """One object in space (metres, radians; see `Cuboid`) and how many ``points`` lie on it.

    ``size`` is the body without mirrors and open doors; ``size_with_mirrors`` where it differs.
    """

    id: int
    label: str
    center: tuple[float, float, float]
    size: tuple[float, float, float]
    yaw: float
    points: int
    size_with_mirrors: tuple[float, float, float] | None = None
    level: Level = "must"
    edge_cases: tuple[str, ...] = ()


class SweepTruth(Truth):
    """One sweep: cuboids, and the number of ghost points that belong to no object."""

    sweep: str
    cuboids: tuple[TruthCuboid, ...]
    ghost_points: int = 0


class Lesion(Record):
    """One finding as it was simulated: centre in px, long axis in mm, visible pixels."""

    id: int
    label: str
    texture: str
    center: Point
    long_axis: float
    rle: Rle
    edge_cases: tuple[str, ...] = ()


class ReadingTruth(Truth):
    """One slice: its findings, and what each simulated reader marked when reading blind.

    ``tissues`` is a map of what each pixel shows without the findings: 0 outside the lungs, 1 lung,
    2 vessel, 3 airway, 4 fissure.
    """

    image: str
    width: int
    height: int
    spacing: float
    tissues: str | None = None
    lesions: tuple[Lesion, ...]
    readers: Mapping[str, tuple[Mark, ...]]


# Texts and cards --------------------------------------------------------------------------------


class TruthSpan(Record):
    """A stretch of text in code points, end exclusive, and the very words it covers."""

    start: int
    end: int
    label: str
    text: str
    layer: Literal[1, 2] = 1
    field: str | None = None
    severity: Literal["minor", "major", "neutral"] | None = None
    accepted: tuple[str, ...] = ()
    """Further labels that count as right."""
    edge_cases: tuple[str, ...] = ()


class TextTruth(Truth):
    """One text or card: spans, and for each question the values accepted as right, best first."""

    spans: tuple[TruthSpan, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = {}
    rules: Mapping[str, int] = {}
    """Question -> the rule of the guideline that decides it."""
    note: str = ""
    """Why, in one sentence that names the rule; shown when the item is reviewed."""


class Judgement(Record):
    """What one member of the panel thought (steps as in `Preference`)."""

    step: Literal[-3, -2, -1, 0, 1, 2, 3]
    criteria: Mapping[str, Literal[-3, -2, -1, 0, 1, 2, 3]] = {}
    rationale: str


class PreferenceTruth(Truth):
    """One pair and its panel; ``control_of`` names the item that shows the same pair swapped."""

    panel: tuple[Judgement, ...]
    control_of: str | None = None
    note: str = ""


class RankingTruth(Truth):
    """Answers from best to worst; those that share a rank stand in one group."""

    order: tuple[tuple[str, ...], ...]
    failing: Mapping[str, tuple[str, ...]] = {}
    """Answer -> the tests it fails."""
    note: str = ""


# Forms ------------------------------------------------------------------------------------------


class Slip(Record):
    """A wrong number that is reached in a usual way, and the sentence that says which."""

    value: float
    note: str


class NumberTruth(Truth):
    """One line of a form: the right number in `unit`, and the way to it.

    `tolerance` is the share of the value by which an answer may differ.
    """

    value: float
    unit: str
    tolerance: float = 0.1
    way: str
    slips: tuple[Slip, ...] = ()

    def accepts(self, given: float) -> bool:
        """Whether a number is right within the tolerance."""
        return abs(given - self.value) <= self.tolerance * abs(self.value) + 1e-9

    def slip(self, given: float) -> Slip | None:
        """The usual slip that leads to a wrong number: the nearest within five percent.

        Rounding to two digits moves a number no further.
        """
        near = [slip for slip in self.slips if abs(given - slip.value) <= 0.05 * abs(slip.value)]
        return min(near, key=lambda slip: abs(given - slip.value), default=None)


MODALITIES: Mapping[str, type[Truth]] = {
    "boxes": TruthItem,
    "tags": TruthItem,
    "masks": MaskTruth,
    "keypoints": KeypointTruth,
    "review": ReviewTruth,
    "tracks": ClipTruth,
    "cuboids": SweepTruth,
    "readings": ReadingTruth,
    "text": TextTruth,
    "preference": PreferenceTruth,
    "ranking": RankingTruth,
    "numbers": NumberTruth,
}
"""The word in a truth file -> the record of its items."""

"""The annotation model: what is annotated, what a learner makes and what the truth holds.

Conventions, the same everywhere in the package:

* a box is ``(x, y, width, height)`` in 0-based float pixels, origin at the top left corner of the
  picture; pixel ``(0, 0)`` covers the area from 0 to 1 on both axes;
* masks are COCO run lengths; text offsets are Unicode code points, end exclusive; frames are
  0-based; angles are radians; lengths are metres for sweeps and millimetres for scans;
* times are milliseconds of active work;
* ``occluded`` is the level of guideline G1 rule 6: 0 none (at most 5 % hidden), 1 below 25 %,
  2 below 50 %, 3 at least 50 %.
"""

from __future__ import annotations

from labelschool.model.annotations import (
    Annotation,
    Box,
    Choice,
    Cuboid,
    Escalation,
    Figure,
    ItemAnswer,
    Keyframe,
    Keypoint,
    Mark,
    Mask,
    Part,
    Polygon,
    Preference,
    Ranking,
    Relation,
    Span,
    Track,
    Verdict,
    Zone,
)
from labelschool.model.geometry import (
    CUBOID_EDGES,
    cuboid_corners,
    decode_mask,
    encode_mask,
    iou,
    project,
)
from labelschool.model.guidelines import Guideline, Rule
from labelschool.model.items import Calibration, Item
from labelschool.model.levels import OCCLUSION_STEPS, TRUNCATED_ABOVE, occlusion_level
from labelschool.model.motion import state_at
from labelschool.model.record import BBox, InputMode, Point, Record, Rle, first_error
from labelschool.model.skeleton import SKELETON
from labelschool.model.truth import (
    MODALITIES,
    ClipTruth,
    Decoy,
    FullExtent,
    Judgement,
    KeypointTruth,
    Lesion,
    MaskTruth,
    PreferenceTruth,
    RankingTruth,
    ReadingTruth,
    ReviewTruth,
    SweepTruth,
    TextTruth,
    Truth,
    TruthBox,
    TruthCuboid,
    TruthFigure,
    TruthItem,
    TruthMask,
    TruthSpan,
    TruthState,
    TruthTrack,
    TruthVerdict,
)

__all__ = [
    "CUBOID_EDGES",
    "MODALITIES",
    "OCCLUSION_STEPS",
    "SKELETON",
    "TRUNCATED_ABOVE",
    "Annotation",
    "BBox",
    "Box",
    "Calibration",
    "Choice",
    "ClipTruth",
    "Cuboid",
    "Decoy",
    "Escalation",
    "Figure",
    "FullExtent",
    "Guideline",
    "InputMode",
    "Item",
    "ItemAnswer",
    "Judgement",
    "Keyframe",
    "Keypoint",
    "KeypointTruth",
    "Lesion",
    "Mark",
    "Mask",
    "MaskTruth",
    "Part",
    "Point",
    "Polygon",
    "Preference",
    "PreferenceTruth",
    "Ranking",
    "RankingTruth",
    "ReadingTruth",
    "Record",
    "Relation",
    "ReviewTruth",
    "Rle",
    "Rule",
    "Span",
    "SweepTruth",
    "TextTruth",
    "Track",
    "Truth",
    "TruthBox",
    "TruthCuboid",
    "TruthFigure",
    "TruthItem",
    "TruthMask",
    "TruthSpan",
    "TruthState",
    "TruthTrack",
    "TruthVerdict",
    "Verdict",
    "Zone",
    "cuboid_corners",
    "decode_mask",
    "encode_mask",
    "first_error",
    "iou",
    "occlusion_level",
    "project",
    "state_at",
]

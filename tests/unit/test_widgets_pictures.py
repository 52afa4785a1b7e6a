"""What the annotators of pictures refuse, in one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import SKELETON, Box, Figure, Item, Mask, encode_mask
from labelschool.widgets import KeypointAnnotator, ReviewDesk, ScanAnnotator

PICTURE = {"image": Path("a.png"), "width": 64, "height": 48}
CARD = Item(name="a", fields={"question": "?"})
BOX = Box(id="p1", label="car", bbox=(1, 2, 3, 4))
FIGURE = Figure(id="p2", points=())


def item(**more) -> Item:
    return Item(name="a", **PICTURE, **more)


def made(widget: type, *items: Item, **settings):
    return widget(
        title="t", items=items, answer_file=AnswerFile("3.F", "practice", "G1.v1"), **settings
    )


@pytest.mark.parametrize(
    ("widget", "items", "settings", "sentence"),
    [
        (ScanAnnotator, [item()], {}, "needs a picture and its spacing"),
        (ScanAnnotator, [CARD], {}, "needs a picture and its spacing"),
        (KeypointAnnotator, [CARD], {"points": ["nose"]}, "no picture"),
        (KeypointAnnotator, [item()], {"points": ["nose", "nose"]}, "each of them once"),
        (
            KeypointAnnotator,
            [item()],
            {"points": ["nose"], "skeleton": [("nose", "ear")]},
            "'ear'",
        ),
        (ReviewDesk, [item()], {"classes": ["car"]}, "these are none"),
        (ReviewDesk, [item(proposals=(BOX, FIGURE))], {"classes": ["car"]}, "box, figure"),
        (ReviewDesk, [item(proposals=(BOX,))], {"classes": ["car"], "codes": ["E99"]}, "'E99'"),
        (
            ReviewDesk,
            [item(proposals=(BOX,))],
            {"classes": ["car"], "attributes": ["blurred"]},
            "'blurred'",
        ),
        (ReviewDesk, [item(proposals=(BOX,))], {"classes": ["car"], "clases": []}, "'classes'"),
    ],
)
def test_a_wrong_setting_is_refused(widget, items, settings, sentence) -> None:
    with pytest.raises(LabelSchoolError, match=sentence):
        made(widget, *items, **settings)


def test_codes_are_told_with_their_names_and_proposals_go_along() -> None:
    desk = made(ReviewDesk, item(proposals=(BOX,)), classes=["car"], codes=["E8", "E2"])
    assert desk.spec["codes"] == ["E8 wrong class", "E2 invented"]
    assert desk.mode == "review-box"
    assert desk.spec["items"][0]["proposals"][0]["bbox"] == [1, 2, 3, 4]


def test_the_points_of_a_person_are_joined_by_the_skeleton_of_the_course() -> None:
    spec = made(KeypointAnnotator, item()).spec
    points = spec["points"]
    assert tuple((points[a], points[b]) for a, b in spec["skeleton"]) == SKELETON


def test_masks_under_review_can_be_mended_with_superpixels(tmp_path: Path) -> None:
    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    mask = Mask(id="p1", label="mug", rle=encode_mask(np.eye(48, 64, dtype=bool)))
    shown = item(proposals=(mask,)).model_copy(update={"image": tmp_path / "a.png"})
    desk = made(ReviewDesk, shown, classes=["mug"])
    sent = []
    desk.send = lambda content, buffers=None: sent.append((content["kind"], buffers))
    desk._handle_custom_msg({"kind": "media", "item": "a", "part": "superpixels-coarse"}, [])
    [(kind, [cells])] = sent
    assert kind == "media"
    assert list(np.frombuffer(cells, "<u2")[:2]) == [64, 48]

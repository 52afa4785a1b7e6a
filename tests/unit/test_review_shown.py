"""A saved answer of every kind in pictures and words, without a browser."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labelschool import datasets, feedback
from labelschool.exercises.exercise import exercise
from labelschool.feedback import drawing, shapes, views
from labelschool.feedback.brackets import bracketed
from labelschool.feedback.palette import CLASSES, MUST, class_styles
from labelschool.model import (
    Box,
    Choice,
    ClipTruth,
    Cuboid,
    Escalation,
    Figure,
    Item,
    ItemAnswer,
    Keyframe,
    Keypoint,
    KeypointTruth,
    Mark,
    Mask,
    MaskTruth,
    Part,
    Polygon,
    Preference,
    PreferenceTruth,
    Ranking,
    RankingTruth,
    ReadingTruth,
    Relation,
    ReviewTruth,
    Rle,
    Span,
    SweepTruth,
    TextTruth,
    Track,
    TruthItem,
    Verdict,
    Zone,
    decode_mask,
    encode_mask,
)

JS = Path(__file__).parents[2] / "labelschool" / "widgets" / "js"
SETS = {
    "starter10": "1 box",
    "street_tags": "Class",
    "parts16": "1 mask",
    "nuclei12": "masks",
    "figures12": "seen",
    "clip_lite": "keyframes",
    "lidar_lite": "cuboid",
    "lung_lite": "confidence",
    "street_batches": "rejected E",
    "proposals40": "accepted",
    "tickets": "Intent",
    "news_ner": "[ORG ",
    "drafts18": "[accuracy/major ",
    "pairs": "Overall",
    "codejudge10": "Rank 1",
}


def made_of(truth) -> list:
    """A perfect answer to an item."""
    match truth:
        case TruthItem(labels=(first, *_)):
            return [Choice(labels=(first,))]
        case TruthItem():
            must = [obj for obj in truth.objects if obj.level == "must"]
            flags = ("label", "bbox", "occluded", "truncated", "crowd")
            return [Box(id=str(o.id), **{name: getattr(o, name) for name in flags}) for o in must]
        case MaskTruth():
            return [Mask(id=str(obj.id), label=obj.label, rle=obj.rle) for obj in truth.objects]
        case KeypointTruth():
            return [Figure(id=str(figure.id), points=figure.points) for figure in truth.figures]
        case ReviewTruth():
            return [
                Verdict(
                    id=f"v{number}",
                    target=given.target,
                    decision=given.decision,
                    code=given.code,
                    fix=given.right if given.decision == "fix" else None,
                )
                for number, given in enumerate(truth.verdicts)
            ]
        case ClipTruth():
            return [
                Track(
                    id=str(track.id),
                    label=track.label,
                    keyframes=[
                        Keyframe(frame=state.frame, bbox=state.bbox)
                        for state in track.states
                        if state.bbox
                    ],
                )
                for track in truth.tracks
                if any(state.bbox for state in track.states)
            ]
        case SweepTruth():
            fields = {"label", "center", "size", "yaw"}
            return [Cuboid(id=str(c.id), **c.model_dump(include=fields)) for c in truth.cuboids]
        case ReadingTruth():
            return [mark for marks in truth.readers.values() for mark in marks][:2]
        case TextTruth():
            fields = {"label", "start", "end", "layer", "field", "severity"}
            return [
                *(
                    Span(id=f"s{number}", **span.model_dump(include=fields))
                    for number, span in enumerate(truth.spans)
                    if span.severity != "neutral"
                ),
                *(Choice(id=q, question=q, labels=v[:1]) for q, v in truth.choices.items()),
            ]
        case PreferenceTruth():
            judge = truth.panel[0]
            return [Preference(step=judge.step, criteria=judge.criteria, shown=("a", "b"))]
        case RankingTruth():
            order = [name for group in truth.order for name in group]
            return [Ranking(order=order, failing={n: t[0] for n, t in truth.failing.items()})]


def shown(item, *made, classes=(), **fields) -> feedback.Report:
    answer = ItemAnswer(item=item.name, annotations=made, **fields)
    return feedback.saved([item], {item.name: answer}, classes=classes)


def pictures(report) -> list[Image.Image]:
    found = re.findall(r"data:image/jpeg;base64,([^\"]+)", report.html)
    return [Image.open(io.BytesIO(base64.b64decode(data))) for data in found]


def plain(tmp_path, size=(120, 90), name="grey.png") -> Item:
    """An even grey picture as an item."""
    Image.new("RGB", size, (90, 90, 90)).save(tmp_path / name)
    return Item(name="grey", image=tmp_path / name, width=size[0], height=size[1])


def canvas(item) -> drawing.Canvas:
    return views.part(
        item.image, (item.width, item.height), (0, 0, item.width, item.height), zoom=1
    )


def changed(canvas_of, draw) -> np.ndarray:
    """Which pixels differ after drawing."""
    before, after = canvas_of(), canvas_of()
    draw(after)
    return (np.asarray(before.drawn()) != np.asarray(after.drawn())).any(2)


@pytest.fixture
def plates(monkeypatch):
    """The words on plates, as they are given to be drawn."""
    told = []
    write = drawing.Canvas.plate

    def plate(self, point, words, style):
        told.append(words)
        write(self, point, words, style)

    monkeypatch.setattr(drawing.Canvas, "plate", plate)
    return told


# Every kind on the sets of the course -----------------------------------------------------------


@pytest.mark.parametrize("name", SETS)
def test_a_perfect_answer_is_shown(name):
    said = ""
    pairs = zip(datasets.truth(name, "practice"), datasets.items(name, "practice"), strict=True)
    for truth, item in pairs:
        if made := made_of(truth):
            report = shown(item, *made, done=True)
            said += f"{report}\n"
            if item.image or item.frames or item.sweep:
                (picture,) = pictures(report)
                assert picture.format == "JPEG"
                assert max(picture.size) <= 1300
                assert len(report.html) < 250_000
            else:
                assert "data:image" not in report.html
            assert "Not shown" not in str(report)
    assert SETS[name] in said


def test_no_figure_of_matplotlib_is_touched():
    code = (
        "import sys; from labelschool import datasets, feedback; "
        "from labelschool.model import Box, ItemAnswer; "
        "item = datasets.items('starter10', 'practice')[0]; "
        "box = Box(id='a', label='car', bbox=(5, 5, 50, 50)); "
        "answer = ItemAnswer(item=item.name, annotations=(box,)); "
        "assert 'data:image' in feedback.saved([item], {item.name: answer}).html; "
        "print(sorted(name for name in sys.modules if name.startswith('matplotlib')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_truth_and_answer_are_drawn_alike():
    for name in ("starter10", "parts16", "figures12"):
        truth = datasets.truth(name, "practice")[0]
        item = datasets.items(name, "practice")[0]
        true = getattr(truth, "objects", ()) or truth.figures
        for obj, made in zip(true, made_of(truth), strict=True):
            first, second = canvas(item), canvas(item)
            shapes.draw(obj, first, MUST, "words")
            shapes.draw(made, second, MUST, "words")
            assert first.drawn() == second.drawn()


# Pictures ---------------------------------------------------------------------------------------


def test_a_mask_changes_its_pixels_and_no_other():
    truth, item = datasets.truth("parts16", "counted")[6], datasets.items("parts16", "counted")[6]
    (mask,) = made_of(truth)
    differs = changed(lambda: canvas(item), lambda on: shapes.draw(mask, on, CLASSES[0]))
    assert (differs == decode_mask(mask.rle)).all()


def test_a_polygon_leaves_its_hole_and_the_space_between_its_parts(tmp_path):
    item = plain(tmp_path)
    ring = Part(
        outline=((10, 10), (60, 10), (60, 60), (10, 60)),
        holes=(((25, 25), (45, 25), (45, 45), (25, 45)),),
    )
    other = Part(outline=((80, 10), (110, 10), (110, 60), (80, 60)))
    made = Polygon(id="p", label="ring", parts=(ring, other))
    differs = changed(lambda: canvas(item), lambda on: shapes.draw(made, on, CLASSES[0]))
    assert differs[15:20, 15:55].all()
    assert differs[20:50, 90:100].all()
    assert not differs[30:40, 30:40].any()
    assert not differs[:, 66:74].any()
    assert not differs[70:].any()


def test_a_box_is_a_line_around_its_pixels(tmp_path):
    item, box = plain(tmp_path), Box(id="b", label="car", bbox=(30, 20, 50, 40))
    differs = changed(lambda: canvas(item), lambda on: shapes.draw(box, on, CLASSES[1]))
    assert not differs[24:56, 34:76].any()
    assert all(differs[y, x] for y in (20, 60) for x in (30, 80)), "corners, whatever the dashes"
    assert differs[19:22, 28:82].mean() > 0.5
    assert not differs[:16].any()
    assert not differs[:, :26].any()


def test_shapes_lie_where_they_were_drawn_whatever_the_size_of_the_picture(tmp_path):
    for size in ((60, 40), (640, 480), (3000, 2000)):
        item = plain(tmp_path, size, f"{size[0]}.png")
        box = Box(id="b", label="car", bbox=(size[0] / 2, 0, size[0] / 2, size[1]))
        (picture,) = pictures(shown(item, box))
        pixels = np.asarray(picture).astype(int)
        blue = (pixels[..., 2] - pixels[..., 0]) > 60
        assert not blue[:, : int(picture.width * 0.48)].any()
        assert blue[:, int(picture.width * 0.48) : int(picture.width * 0.52)].any()


def test_the_class_of_a_shape_is_told_in_words(plates):
    truth, item = (
        datasets.truth("starter10", "counted")[0],
        *datasets.items("starter10", "counted")[:1],
    )
    made = made_of(truth)
    shown(item, *made)
    assert sorted(words.split()[0] for words in plates) == sorted(box.label for box in made)
    assert "car O2" in plates


def test_among_many_shapes_the_number_of_a_class_is_told_in_words(tmp_path, plates):
    item, names = plain(tmp_path, (640, 480)), [f"kind {n}" for n in range(10)]
    many = [
        Box(id=str(n), label=names[n % 10], bbox=(20 * n % 600, 18 * n, 15, 15)) for n in range(24)
    ]
    report = shown(item, *many, classes=names)
    assert set(plates) == {str(n) for n in range(1, 11)}
    assert "10 kind 9: 2 boxes" in str(report)
    assert len(set(class_styles(names).values())) == 10, "no two classes look alike"
    alike = [box.model_copy(update={"label": "cell"}) for box in many]
    plates.clear()
    assert "\n  cell: 24 boxes" in str(shown(item, *alike))
    assert not any(plates)


def test_the_styles_are_those_of_the_annotators():
    lines = (JS / "ui" / "palette.js").read_text(encoding="utf-8")
    found = re.findall(r'colour: "#(\w{6})", dash: \[(.*?)\]', lines)[: len(CLASSES)]
    assert [(bytes(s.colour).hex(), ", ".join(map(str, s.dash))) for s in CLASSES] == found


def test_plates_at_one_place_do_not_cover_each_other(tmp_path):
    item = plain(tmp_path, (300, 200))
    on = canvas(item)
    for style in CLASSES:
        on.plate((100, 100), "the same words", style)
    pixels = np.asarray(on.drawn()).reshape(-1, 3)
    areas = [(pixels == style.colour).all(1).sum() for style in CLASSES]
    assert min(areas) > 0.9 * max(areas)


def test_plates_stay_in_the_picture(tmp_path):
    item = plain(tmp_path, (200, 120))
    whole = canvas(item)
    whole.plate((100, 60), "a plate", CLASSES[0])
    area = (np.asarray(whole.drawn()) == CLASSES[0].colour).all(2).sum()
    for corner in ((-50, -50), (250, -50), (250, 170), (-50, 170), (0, 5)):
        on = canvas(item)
        on.plate(corner, "a plate", CLASSES[0])
        assert (np.asarray(on.drawn()) == CLASSES[0].colour).all(2).sum() > 0.95 * area


def test_points_tell_what_is_seen_and_what_is_hidden(plates):
    item = datasets.items("figures12", "counted")[8]
    points = [
        Keypoint(name="nose", x=100, y=100, visibility=2),
        Keypoint(name="left_wrist", x=200, y=200, visibility=1),
        Keypoint(name="right_hip", x=0, y=0, visibility=0),
    ]
    report = shown(item, Figure(id="f", points=points))
    assert "person 1: 1 seen; hidden: left wrist; not labelled: right hip" in str(report)
    assert {"nose", "L wrist", "person 1"} == set(plates)
    empty = Figure(id="f", points=[p.model_copy(update={"visibility": 0}) for p in points])
    assert "person 1: 0 seen" in str(shown(item, empty))


def test_a_clip_is_a_strip_of_six_frames_with_the_track_between_keyframes(plates):
    item = datasets.items("clip_lite", "practice")[0]
    keys = (
        Keyframe(frame=8, bbox=(100, 100, 50, 50)),
        Keyframe(frame=20, bbox=(200, 100, 50, 50), occluded=True),
        Keyframe(frame=30, bbox=(300, 100, 50, 50)),
        Keyframe(frame=35, bbox=(300, 100, 50, 50), outside=True),
    )
    report = shown(item, Track(id="x", label="bus", keyframes=keys))
    frames = [words for words in plates if words.startswith("frame")]
    assert frames == [f"frame {n}" for n in (0, 8, 16, 23, 31, 39)]
    assert plates.count("1 bus") == 4, "not before its first keyframe, not outside"
    assert "1 bus: from frame 8, 4 keyframes, hidden 20 to 29, outside from 35" in str(report)
    short = item.model_copy(update={"frames": item.frames[:2]})
    plates.clear()
    shown(short, Track(id="x", label="bus", keyframes=keys))
    assert plates == ["frame 0", "frame 1"]


def test_a_cuboid_points_where_it_heads():
    item = datasets.items("lidar_lite", "practice")[2]
    for yaw, ahead in ((0, (0, -1)), (np.pi / 2, (-1, 0)), (np.pi, (0, 1))):
        car = Cuboid(id="c", label="car", center=(8, 0, -1), size=(4, 2, 1.5), yaw=yaw)
        above = views.from_above(item, [car])
        differs = changed(
            lambda car=car: views.from_above(item, [car]),
            lambda on, car=car: shapes.draw(car, on, CLASSES[0]),
        )
        x, y = (value / drawing.SHARP for value in above.at((8, 0)))
        rows, columns = np.nonzero(differs)
        reach = {
            (0, -1): y - rows.min(),
            (0, 1): rows.max() - y,
            (-1, 0): x - columns.min(),
            (1, 0): columns.max() - x,
        }
        assert max(reach, key=reach.get) == ahead


def test_zones_and_cuboids_are_shown_from_above_and_in_the_camera(plates):
    item = datasets.items("lidar_lite", "practice")[2]
    car = Cuboid(id="c", label="car", center=(15, 3, -1), size=(4, 2, 1.5), yaw=0)
    zone = Zone(id="z", outline=((10, -9), (16, -9), (16, -3)))
    report = shown(item, car, zone)
    assert plates.count("car") == 2
    assert "no-label zone" in plates
    assert "no-label zone: 1 zone" in str(report)
    behind = car.model_copy(update={"center": (-15, 3, -1)})
    plates.clear()
    shown(item, behind)
    assert plates.count("car") == 1, "what lies behind the camera is seen from above alone"


def test_findings_name_size_and_confidence(plates):
    item = datasets.items("lung_lite", "practice")[0]
    outline = ((100, 100), (110, 100), (105, 112))
    report = shown(
        item,
        Mark(id="a", label="nodule", center=(105, 104), long_axis=6.24, outline=outline),
        Mark(id="b", label="small_nodule", center=(200, 200), confidence=1),
    )
    assert "nodule: 6.2 mm, confidence 3 of 5" in str(report)
    assert "small_nodule: a point, confidence 1 of 5" in str(report)
    assert plates == ["nodule 6.2 mm", "small_nodule"]


def test_verdicts_name_the_decision_and_its_code(plates):
    item = datasets.items("street_batches", "practice")[1]
    first, second, third, *others = item.proposals
    fix = Box(id="x", label="truck", bbox=second.bbox)
    added = Box(id="y", label="car", bbox=(10, 10, 30, 30))
    report = shown(
        item,
        Verdict(id="1", target=first.id, decision="reject", code="E3"),
        Verdict(id="2", target=second.id, decision="fix", code="E8", fix=fix),
        Verdict(id="3", target=third.id, decision="accept"),
        Verdict(id="4", target=None, decision="fix", code="E1", fix=added),
        Verdict(id="5", target="of another item", decision="reject", code="E2"),
    )
    assert f"1 {first.label}: rejected E3 duplicate" in str(report)
    assert f"2 {second.label}: fixed E8 wrong class, {second.label} to truck" in str(report)
    assert f"3 {third.label}: accepted" in str(report)
    assert f"{len(item.proposals) + 1} car: added E1 missed" in str(report)
    assert f"no verdict: {len(others)} labels" in str(report)
    assert {"1 rejected E3", "2 fixed E8", "3 accepted", "4 no verdict"} <= set(plates)


def test_masks_are_reviewed_too(plates):
    item = datasets.items("proposals40", "practice")[0]
    (proposal,) = item.proposals
    report = shown(item, Verdict(id="v", target=proposal.id, decision="reject", code="E7"))
    assert f"1 {proposal.label}: rejected E7 cut" in str(report)
    assert plates == ["1 rejected E7"]
    plates.clear()
    mended = shown(item, proposal.model_copy(update={"id": "m"}))
    assert plates == [proposal.label]
    assert "no verdict" not in str(mended)


# Texts ------------------------------------------------------------------------------------------


def text(words, *made, **fields):
    return shown(Item(name="t", text=words), *made, **fields)


def test_brackets_stand_at_code_points():
    words = "👩‍🚒🚲 José meets Åsa"
    start = words.index("Jos")
    span = Span(id="s", label="PER", start=start, end=start + len("José"))
    assert "👩‍🚒🚲 [PER José] meets Åsa" in str(text(words, span))


def test_brackets_tell_nesting_overlap_and_severity():
    def span(start, end, label, **fields):
        return Span(id=f"{start}{label}", start=start, end=end, label=label, **fields)

    words = "University of Tarn opens"
    nested = [span(14, 18, "LOC", layer=2), span(0, 18, "ORG")]
    assert bracketed(words, nested) == "[ORG University of [LOC Tarn]] opens"
    crossing = [span(0, 18, "ORG"), span(14, 24, "X")]
    assert bracketed(words, crossing) == "[ORG University of [X Tarn ORG] opens]"
    alike = [span(0, 4, "IN", layer=2), span(0, 4, "OUT")]
    assert bracketed("Tarn", alike) == "[OUT [IN Tarn]]"
    assert bracketed("ab", [span(0, 1, "A", severity="major")]) == "[A/major a]b"
    assert bracketed("ab", [span(0, 9, "A")]) == "ab"


def test_relations_name_the_words_at_both_ends():
    report = text(
        "Ana runs Tarn Mill",
        Span(id="a", label="PER", start=0, end=3),
        Span(id="b", label="ORG", start=9, end=18),
        Relation(id="r", label="leads", source="a", target="b"),
        Relation(id="q", label="owns", source="a", target="gone"),
    )
    assert "leads: “Ana” → “Tarn Mill”" in str(report)
    assert "owns: “Ana” → no span" in str(report)


def test_a_preference_is_told_in_the_order_the_answers_stood():
    item = Item(name="c", fields={"a": "Yes.", "b": "No, never.", "prompt": "Well?"})
    made = Preference(
        step=2,
        criteria={"clarity": -1, "follows_rules": 0},
        evidence=(Span(id="e", label="evidence", field="b", start=4, end=9),),
        rationale="B <says> more.",
        shown=("a", "b"),
    )
    report = shown(item, made)
    assert "Clarity: A slightly better" in str(report)
    assert "Follows rules: equal" in str(report)
    assert "Overall: B better" in str(report)
    assert "Reason: B <says> more." in str(report)
    assert "B: No, [evidence never]." in str(report)
    swapped = made.model_copy(update={"shown": ("b", "a")})
    assert "Overall: A better" in str(shown(item, swapped))
    open_still = made.model_copy(update={"step": None})
    assert "Overall: not chosen yet" in str(shown(item, open_still))


def test_a_ranking_names_the_tests_that_fail_and_open_places():
    item = Item(name="c", fields={"a": "1", "b": "2", "c": "3"})
    report = shown(item, Ranking(order=("b", "", "a"), failing={"a": "test_rest"}))
    assert "Rank 1: B\n  Rank 2: nobody yet\n  Rank 3: A, fails test_rest" in str(report)


def test_several_types_stand_in_one_answer(tmp_path):
    report = shown(
        plain(tmp_path),
        Choice(question="light", labels=("dusk", "wet"), unsure=True),
        Box(id="b", label="car", bbox=(5, 5, 20, 20), unsure=True),
        Mark(id="m", label="scratch", center=(50, 50)),
        escalate=Escalation(rule=4, note="Half a car?"),
    )
    for line in (
        "Light: dusk, wet, unsure",
        "car: 1 box, 1 unsure",
        "scratch: a point",
        "Escalated: rule 4: Half a car?",
    ):
        assert line in str(report)
    assert len(pictures(report)) == 1
    both = text("Ana", Span(id="s", label="PER", start=0, end=3), Choice(labels=("news",)))
    assert "[PER Ana]" in str(both)
    assert "Class: news" in str(both)


def test_long_texts_are_shown_around_their_spans():
    words = "x" * 50_000
    report = text(words, Span(id="s", label="PER", start=25_000, end=25_010))
    assert "x[PER xxxxxxxxxx]x" in str(report)
    assert len(report.html) < 20_000
    assert len(str(text(words, Choice(labels=("spam",))))) < 1_000


# What is wrong ----------------------------------------------------------------------------------


def test_names_of_labels_stay_text(tmp_path):
    hostile = "<script>alert(1)</script>\"'&"
    made = (
        Box(id="b", label=hostile, bbox=(5, 5, 20, 20)),
        Choice(question=hostile, labels=(hostile,)),
        Verdict(id="v", target=None, decision="reject", code=hostile),
    )
    card = Item(name=hostile, fields={hostile: f"Ana {hostile}"})
    span = Span(id="s", label=hostile, start=0, end=3, field=hostile)
    ranked = Ranking(order=(hostile,), failing={hostile: hostile}, rationale=hostile)
    link = Relation(id="r", label=hostile, source="s", target="t")
    noted = Escalation(note=hostile)
    for report in (
        shown(plain(tmp_path), *made, escalate=noted),
        shown(card, span, ranked, link, escalate=noted),
    ):
        assert "<script>" not in report.html
        assert "&lt;script&gt;" in report.html
        assert not re.search(r"""(title|alt)="[^"]*["'][^ >]""", report.html)


def test_nothing_made_is_one_sentence(tmp_path):
    item = plain(tmp_path)
    for answers in ({}, {"grey": ItemAnswer(item="grey")}):
        report = feedback.saved([item], answers)
        assert str(report) == "Nothing is saved here yet: annotate first."
        assert "annotate first" in report.html
    empty = shown(item, done=True)
    assert "picture 1 of 1, done\n  Nothing is marked on it." in str(empty)


@pytest.mark.parametrize("content", [None, b"", b"no picture", b"<svg onload='alert(1)'/>"])
def test_a_picture_that_cannot_be_read_is_one_sentence(tmp_path, content):
    path = tmp_path / "lost.png"
    if content is not None:
        path.write_bytes(content)
    box = Box(id="b", label="car", bbox=(5, 5, 20, 20))
    wanted = "lost.png is missing or damaged; run `labelschool doctor`"
    picture = Item(name="p", image=path, width=100, height=80)
    clip = Item(name="c", frames=(path,), width=100, height=80)
    sweep = Item(name="s", sweep=path)
    track = Track(id="t", label="car", keyframes=(Keyframe(frame=0, bbox=(5, 5, 9, 9)),))
    cuboid = Cuboid(id="c", label="car", center=(9, 0, 0), size=(4, 2, 2), yaw=0)
    for item, made in ((picture, box), (clip, track), (sweep, cuboid)):
        report = shown(item, made)
        assert str(report).count(wanted) == 1
        assert "car" in str(report)
        assert "data:image" not in report.html


def test_a_cut_off_picture_is_one_sentence(tmp_path):
    whole = datasets.items("starter10", "practice")[0].image.read_bytes()
    (tmp_path / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    item = Item(name="p", image=tmp_path / "cut.jpg", width=640, height=480)
    assert "damaged" in str(shown(item, Box(id="b", label="car", bbox=(5, 5, 20, 20))))


def test_what_does_not_fit_the_item_is_told(tmp_path):
    item = plain(tmp_path)
    other = encode_mask(np.ones((20, 30), bool))
    report = shown(
        item,
        Mask(id="a", label="cell", rle=other),
        Mask(id="b", label="cell", rle=Rle(size=(90, 120), counts="99")),
        Span(id="s", label="PER", start=0, end=3),
        Box(id="c", label="car", bbox=(1e300, -1e300, 1e300, 1e300)),
    )
    assert "Not shown: 2 masks, 1 span, which do not fit this picture." in str(report)
    assert "car: 1 box" in str(report)
    beyond = text("Ana", Span(id="s", label="PER", start=0, end=9))
    assert "Not shown: 1 span, which does not fit this text." in str(beyond)


@pytest.mark.parametrize("counts", ["", "0", "o3", "99", "zzzz"])
def test_runs_that_do_not_fill_their_picture_are_refused(counts):
    with pytest.raises(ValueError, match="mask"):
        decode_mask(Rle(size=(10, 10), counts=counts))


def test_pictures_are_upright_and_of_any_depth(tmp_path):
    turned = Image.new("RGB", (40, 80), (90, 90, 90))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(tmp_path / "turned.jpg", exif=exif)
    assert drawing.load(tmp_path / "turned.jpg").size == (80, 40)
    Image.fromarray(np.full((20, 30), 0x8000, np.uint16)).save(tmp_path / "deep.png")
    assert drawing.load(tmp_path / "deep.png").getpixel((0, 0)) == (128, 128, 128)
    Image.new("CMYK", (20, 20)).save(tmp_path / "print.jpg")
    assert drawing.load(tmp_path / "print.jpg").mode == "RGB"


# In a notebook ----------------------------------------------------------------------------------


@pytest.fixture
def saved_streets(tmp_path, monkeypatch):
    """Exercise 1.A with a perfect answer to one picture of the counted pool."""
    (tmp_path / "start-here.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LABELSCHOOL_HOME", raising=False)
    chosen = exercise("1.A")
    truth = datasets.task_truth(chosen.task, "counted")[2]
    answer = ItemAnswer(item=truth.item, annotations=made_of(truth), done=True)
    chosen.file.save({truth.item: answer}, base=0)
    return chosen


def test_a_review_that_is_not_open_shows_the_answer_alone(saved_streets, monkeypatch):
    def sealed(*_):
        raise AssertionError("the truth stays closed")

    monkeypatch.setattr(datasets, "task_truth", sealed)
    review = saved_streets.review()
    assert "3 of 3 attempts are left" in repr(review)
    assert "picture 3 of 7, done" in repr(review)
    assert len(pictures(review)) == 1
    assert "<code>review(give_up=True)</code>" in review.html


def test_without_truth_the_answer_is_shown(saved_streets, monkeypatch):
    monkeypatch.setattr(datasets, "has_truth", lambda *_: False)
    review = saved_streets.review()
    assert "Your instructor grades this part" in repr(review)
    assert len(pictures(review)) == 1


def test_classes_have_the_lines_of_the_annotator(saved_streets):
    (row,) = re.findall(r"<th scope=\"row\">(<svg.*?</svg>)cyclist", saved_streets.review().html)
    place = saved_streets.task.classes.index("cyclist")
    colour = bytes(CLASSES[place].colour).hex()
    assert f'stroke="#{colour}"' in row
    assert f'stroke-dasharray="{" ".join(map(str, CLASSES[place].dash))}"' in row

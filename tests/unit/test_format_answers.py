"""Answers of the course as a data set of the tools' formats, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from labelschool import datasets, formats
from labelschool.errors import LabelSchoolError
from labelschool.formats import dataset as ds
from labelschool.formats.answers import of_answer, to_answer
from labelschool.model import Choice, Cuboid, ItemAnswer, Part, Polygon, Preference, Relation, Span
from labelschool.quality import simulated as sim
from labelschool.scoring import score_boxes, score_keypoints, score_tracks

SQUARE = ((10.0, 10.0), (50.0, 10.0), (50.0, 50.0), (10.0, 50.0))
HOLE = ((20.0, 20.0), (30.0, 20.0), (30.0, 30.0))
FAR = ((100.0, 10.0), (120.0, 10.0), (120.0, 40.0))


def answers(made):
    return {
        name: ItemAnswer(item=name, annotations=annotations, done=True)
        for name, annotations in made.items()
    }


def said(answer):
    """What was said of each item, without ids and times."""
    return {
        name: [a.model_dump(exclude={"id", "ms", "mode"}) for a in item.annotations]
        for name, item in answer.items()
    }


def worked(name, annotate, **more):
    truth = datasets.truth(name, "practice")
    made = annotate(truth, "hasty", 3, **more)
    return datasets.items(name, "practice"), answers(made)


def drawn():
    text = datasets.items("news_ner", "practice")[0]
    spans = (
        Span(id="a", label="ORG", start=0, end=7),
        Span(id="b", label="LOC", start=0, end=4, layer=2, severity="minor"),
    )
    tie = Relation(id="r", label="part of", source="a", target="b")
    return [text], answers({text.name: (*spans, tie)})


CASES = {
    "boxes": lambda: worked("street_lite", sim.annotate_boxes, classes=("car", "person")),
    "masks": lambda: worked("parts16", sim.annotate_masks, classes=("mug", "pear")),
    "keypoints": lambda: worked("figures12", sim.annotate_keypoints),
    "tracks": lambda: worked("clip_lite", sim.annotate_tracks, classes=("car", "person")),
}


@pytest.mark.parametrize("case", CASES)
def test_an_answer_comes_back_as_it_was(case):
    items, answer = CASES[case]()
    assert sum(len(each.annotations) for each in answer.values()) >= 2
    dataset = of_answer(items, answer, classes=("first",))
    assert dataset.categories[0].name == "first"
    assert said(to_answer(dataset, items)) == said(answer)


def test_spans_keep_their_layer_and_relations_their_ends():
    items, answer = drawn()
    back = to_answer(of_answer(items, answer), items)
    *spans, tie = back[items[0].name].annotations
    assert said(back)[items[0].name][:2] == said(answer)[items[0].name][:2]
    assert (tie.source, tie.target) == (spans[0].id, spans[1].id)


def test_parts_keep_their_holes_and_cuboids_their_heading():
    item = datasets.items("parts16", "practice")[0]
    made = Polygon(
        id="p", label="mug", parts=(Part(outline=FAR), Part(outline=SQUARE, holes=(HOLE,)))
    )
    body = Cuboid(id="c", label="car", center=(1, 2, 3), size=(4, 2, 1.5), yaw=-0.5)
    answer = answers({item.name: (made, body)})
    assert said(to_answer(of_answer([item], answer), [item])) == said(answer)


def test_tags_of_a_question_are_one_choice_again():
    items = datasets.items("street_tags", "practice")[:3]
    made = (
        (Choice(labels=("van", "car"), unsure=True), Choice(id="q", question="q", labels=("x",))),
        (Choice(unsure=True),),
        (),
    )
    answer = answers(dict(zip((item.name for item in items), made, strict=True)))
    assert said(to_answer(of_answer(items, answer), items)) == said(answer)


def test_folders_before_a_picture_do_not_matter_and_other_pictures_are_left_out():
    items, answer = CASES["boxes"]()
    dataset = of_answer(items, answer)
    for item in dataset.items.values():
        item.name = f"upload/7/{Path(item.name).stem}.png"
    assert said(to_answer(dataset, items)) == said(answer)
    assert list(to_answer(dataset, items[2:3])) == [items[2].name]
    with pytest.raises(LabelSchoolError, match="none of the 1 items"):
        to_answer(dataset, datasets.items("parts16", "practice")[:1])


@pytest.mark.parametrize(
    ("occluded", "level"), [(True, 1), ("false", 0), ("2", 2), (3.0, 3), ("", 0)]
)
def test_flags_are_read_as_tools_write_them(occluded, level):
    item = datasets.items("starter10", "practice")[0]
    attributes = {"occluded": occluded, "truncated": "true", "unsure": 0}
    car = ds.Category(1, "car")
    label = ds.Label(9, 5, car, box=ds.Box(1, 2, 30, 40), attributes=attributes)
    dataset = ds.Dataset([car], {5: ds.Item(5, item.image.name)}, [label])
    (box,) = to_answer(dataset, [item])[item.name].annotations
    assert (box.id, box.occluded, box.truncated, box.unsure) == ("9", level, True, False)


@pytest.mark.parametrize(
    "broken",
    [
        {"box": ds.Box(1, 2, 0, 4)},
        {"box": ds.Box(1, 2, 3, 4), "attributes": {"occluded": "much"}},
        {"region": ds.Line([1, 2, 3, 4])},
        {"keypoints": ds.Keypoints([1, 2, 2])},
        {"shape": ds.Track([])},
        {"shape": ds.Span(4, 4)},
    ],
)
def test_a_label_that_the_course_cannot_hold_is_named(broken):
    item = datasets.items("starter10", "practice")[0]
    car = ds.Category(1, "car")
    label = ds.Label(77, 5, car, **broken)
    dataset = ds.Dataset([car], {5: ds.Item(5, item.image.name)}, [label])
    with pytest.raises(LabelSchoolError, match="label 77"):
        to_answer(dataset, [item])


def test_what_no_tool_holds_is_refused():
    item = datasets.items("pairs", "practice")[0]
    with pytest.raises(LabelSchoolError, match="'preference'"):
        of_answer([item], answers({item.name: (Preference(step=1),)}))


STREET = ("car", "person")


def judged(case, items, answer):
    """The score of an answer to the practice pool of a case."""
    made = {name: item.annotations for name, item in answer.items()}
    truth = datasets.truth(items[0].name.rpartition("-")[0], "practice")
    if case == "keypoints":
        return score_keypoints(truth, made)
    if case == "tracks":
        return score_tracks(truth, made, classes=STREET)
    return score_boxes(truth, made, classes=STREET, attributes=("occluded", "truncated"))


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("boxes", "coco"),
        ("boxes", "cvat"),
        ("boxes", "label-studio"),
        ("boxes", "labelbox"),
        ("keypoints", "coco"),
        ("keypoints", "cvat"),
        ("tracks", "cvat"),
        ("tracks", "labelbox"),
    ],
)
def test_the_export_of_a_pool_earns_what_the_pool_earned(tmp_path, case, name):
    """Through the file of a tool and back, as an annotator who works there would hand it in.

    Labelbox closes an open track by one more keyframe, which its share of keyframes feels.
    """
    items, answer = CASES[case]()
    formats.write(of_answer(items, answer, classes=STREET), tmp_path / "out", name)
    back = to_answer(formats.read(tmp_path / "out", name), items)
    before, after = judged(case, items, answer), judged(case, items, back)
    assert after.value == pytest.approx(before.value, abs=1e-3)
    assert after.counts() == before.counts()
    assert 0 < after.value < 1

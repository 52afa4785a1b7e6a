"""Texts as CoNLL columns and as JSONL."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from labelschool import formats
from labelschool.formats.dataset import Category, Dataset, Item, Label, Relation, Span

from .format_datasets import texts, written

quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(texts())
def test_jsonl_keeps_all(dataset: Dataset) -> None:
    with written(dataset, "jsonl") as (folder, losses):
        assert losses == []
        assert formats.recognise(folder).name == "jsonl"
        found = formats.read(folder)
        assert found.items == dataset.items
        # Spans, relations and tags stand in lists of their own.
        ours, theirs = (
            sorted(
                str((x.item, x.id, x.category.name, x.category.group, x.shape)) for x in each.labels
            )
            for each in (dataset, found)
        )
        assert ours == theirs


@quick
@given(texts())
def test_conll_keeps_the_text_and_names_what_it_cannot_hold(dataset: Dataset) -> None:
    with tempfile.TemporaryDirectory() as place:
        losses = formats.write(dataset, Path(place) / "out", "conll")
        found = formats.read(Path(place) / "out", "conll")
        assert [i.text for i in found.items.values()] == [i.text for i in dataset.items.values()]
        spans = [x for x in dataset.labels if isinstance(x.shape, Span)]
        if losses == []:
            assert sorted((x.item, x.shape.start, x.shape.end, x.category.name) for x in spans) == [
                (x.item, x.shape.start, x.shape.end, x.category.name) for x in found.labels
            ]
        before = sum(isinstance(label.shape, Span) for label in dataset.labels)
        lost = sum(
            loss.count
            for loss in losses
            if loss.what in ("nested and overlapping spans", "spans without a token")
        )
        assert len(list(found.labels)) == before - lost


def test_conll_widens_a_span_that_cuts_a_token_and_drops_the_inner_one(tmp_path: Path) -> None:
    place, person = Category(1, "LOC"), Category(2, "PER")
    text = "Boston's mayor"
    labels = [
        Label(1, 1, place, shape=Span(0, 3)),
        Label(2, 1, person, shape=Span(0, 14)),
    ]
    dataset = Dataset([place, person], {1: Item(1, "a.txt", text=text)}, labels)
    losses = formats.write(dataset, tmp_path / "out", "conll")
    assert [str(loss) for loss in losses] == [
        "1 spans that cut a token widened to whole tokens",
        "1 nested and overlapping spans dropped for the longer one",
    ]
    lines = (tmp_path / "out" / "texts.conll").read_text(encoding="utf-8").splitlines()
    assert lines[2:6] == ["Boston\tB-PER", "'\tI-PER", "s\tI-PER", "mayor\tI-PER"]


def test_conll_of_others(tmp_path: Path) -> None:
    path = tmp_path / "a.conll"
    path.write_text(
        "-DOCSTART- -X- O O\n\nU.N. NNP I-NP I-ORG\nofficial NN I-NP O\n\n"
        "Bob NNP I-NP S-PER\nNew NNP I-NP B-LOC\nYork NNP I-NP E-LOC\n",
        encoding="utf-8",
    )
    told: list[formats.Defect] = []
    found = formats.read(path, on_defect=told.append)
    (item,) = found.items.values()
    assert item.text == "U.N. official\nBob New York"
    assert [(item.text[x.shape.start : x.shape.end], x.category.name) for x in found.labels] == [
        ("U.N.", "ORG"),
        ("Bob", "PER"),
        ("New York", "LOC"),
    ]
    assert [(defect.rule, defect.id) for defect in told] == [("R18", "line 3")]


@pytest.mark.parametrize(
    "content",
    [
        {"text": "I see Bob", "label": [[6, 9, "PER"]]},
        {"text": "I see Bob", "labels": [[6, 9, "PER"]]},
        {"text": "I see Bob", "spans": [{"start": 6, "end": 9, "label": "PER"}]},
        {"text": "I see Bob", "entities": [{"start_offset": 6, "end_offset": 9, "label": "PER"}]},
    ],
)
def test_spans_in_all_the_usual_ways(tmp_path: Path, content: dict[str, object]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(content) + "\n", encoding="utf-8")
    (label,) = formats.read(path).labels
    assert (label.shape, label.category.name) == (Span(6, 9), "PER")


def test_classes_of_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [{"text": "good", "label": "positive"}, {"text": "both", "label": ["a", "b"]}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found = formats.read(path)
    assert [(label.item, label.category.name) for label in found.labels] == [
        (1, "positive"),
        (2, "a"),
        (2, "b"),
    ]


def test_a_bad_line_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        '{"id": 1, "text": "a"}',
        '{"id": 1, "text": "again"}',
        '{"text": 3}',
        '{"id": 3, "text": "a", "relations": [{"from_id": 1, "to_id": 2}]}',
        "{",
        '{"id": 9, "text": "b"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    told: list[formats.Defect] = []
    assert list(formats.read(path, on_defect=told.append).items) == [1, 9]
    assert [(defect.id, defect.rule) for defect in told] == [
        ("line 2", "R3"),
        ("line 3", "R2"),
        ("line 4", "R4"),
        ("line 5", "R1"),
    ]
    with pytest.raises(formats.Unreadable, match="line 2"):
        formats.read(path)


def test_relations_name_spans(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    spans = [{"id": n, "start_offset": n, "end_offset": n + 1, "label": "X"} for n in (0, 1)]
    relation = {"from_id": 0, "to_id": 1, "type": "then"}
    line = {"text": "ab", "entities": spans, "relations": [relation]}
    path.write_text(json.dumps(line), encoding="utf-8")
    *_, label = formats.read(path).labels
    assert (label.shape, label.category.name) == (Relation(0, 1), "then")

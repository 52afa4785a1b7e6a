"""The export v2 of Labelbox into the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from labelschool.formats.contract import Defect, OnDefect, Options, tell
from labelschool.formats.dataset import (
    Box,
    Dataset,
    Item,
    Keyframe,
    Label,
    Relation,
    Track,
    Value,
)
from labelschool.formats.files import safe_name, shown
from labelschool.formats.labelbox.features import (
    UNGROUPED,
    Content,
    box_of,
    content_of,
    files,
    flag,
    place,
    rows,
    set_attributes,
)
from labelschool.formats.rows import (
    Classes,
    Odd,
    joined,
    listing,
    mapping,
    number,
    row,
    string,
    whole,
)
from labelschool.formats.tracks import from_stretches


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The data rows and labels of a file, or of the files of a folder."""
    reader = _Reader(on_defect)
    for file in files(path):
        for place_, line in rows(file):
            with row(on_defect, shown(file), f"line {place_}"):
                reader.take(content_of(line, shown(file)), shown(file))
    return Dataset(reader.classes.all(), reader.items, reader.labels)


class _Reader:
    def __init__(self, on_defect: OnDefect | None) -> None:
        self.classes = Classes()
        self.items: dict[int | str, Item] = {}
        self.labels: list[Label] = []
        self._ids: set[int | str] = set()
        self._on_defect = on_defect
        self._file = ""

    def take(self, content: Content, file: str) -> None:
        """One data row."""
        self._file = file
        item = _item(content, file)
        if item.id in self.items:
            raise Odd("the data row comes twice", "R3")
        self.items[item.id] = item
        found: list[Content] = []
        for project in mapping(content.get("projects", {}), "projects").values():
            for each in listing(mapping(project, "the project").get("labels", []), "labels"):
                found.append(mapping(each, "the label"))
        if len(found) > 1:
            message = "the data row has more than one label, of which the last is read."
            fix = "Export the benchmark or one labeler's work alone."
            tell(self._on_defect, Defect("R3", str(item.id), file, message, fix))
        if found:
            annotations = mapping(found[-1].get("annotations", {}), "annotations")
            if "frames" in annotations or "segments" in annotations:
                self._clip(annotations, item)
            else:
                self._still(annotations, item)
            self._answers(annotations, item)

    def _fresh(self, wanted: Any, item: Item) -> str:
        base = wanted if isinstance(wanted, str) and wanted else f"{item.id}-{len(self._ids) + 1}"
        id, count = base, 1
        while id in self._ids:
            count += 1
            id = f"{base}-{count}"
        self._ids.add(id)
        return id

    def _still(self, annotations: Content, item: Item) -> None:
        known: dict[str, str] = {}
        for each in listing(annotations.get("objects", []), "objects"):
            with row(self._on_defect, self._file, item.id):
                content = mapping(each, "an object")
                category = self.classes.get(string(content.get("name"), "the name"))
                label = Label("", item.id, category)
                place(label, content)
                set_attributes(label, dict(_nested(content.get("classifications", []))))
                label.id = self._fresh(content.get("feature_id"), item)
                known[str(content.get("feature_id"))] = label.id
                self.labels.append(label)
        for each in listing(annotations.get("relationships", []), "relationships"):
            with row(self._on_defect, self._file, item.id):
                content = mapping(each, "a relationship")
                joins = content.get("unidirectional_relationship")
                joins = joins or content.get("bidirectional_relationship")
                ends = [mapping(joins, "the relationship").get(n) for n in ("source", "target")]
                if not all(isinstance(end, str) and end in known for end in ends):
                    raise Odd("the relationship joins an object that is not there", "R4")
                category = self.classes.get(string(content.get("name"), "the name"))
                label = Label(self._fresh(content.get("feature_id"), item), item.id, category)
                label.shape = Relation(known[ends[0]], known[ends[1]])
                self.labels.append(label)

    def _answers(self, annotations: Content, item: Item) -> None:
        """What is answered about the whole: choices are tags, texts its attributes."""
        texts: dict[str, Value] = {}
        for each in listing(annotations.get("classifications", []), "classifications"):
            with row(self._on_defect, self._file, item.id):
                content = mapping(each, "a classification")
                question = string(content.get("name"), "the name")
                if "text_answer" in content:
                    texts[question] = _text(content)
                for answer in _chosen(content):
                    group = "" if question == UNGROUPED else question
                    category = self.classes.get(string(answer.get("name"), "the answer"), group)
                    id = self._fresh(answer.get("feature_id"), item)
                    self.labels.append(Label(id, item.id, category))
        item.attributes = joined(texts)

    # Videos ------------------------------------------------------------------------------------

    def _clip(self, annotations: Content, item: Item) -> None:
        features: dict[str, dict[int, tuple[Box, dict[str, Value]]]] = {}
        names: dict[str, str] = {}
        for key, each in mapping(annotations.get("frames", {}), "frames").items():
            with row(self._on_defect, self._file, item.id):
                frame = whole(key, "the frame") - 1
                content = mapping(each, "the frame")
                if content.get("classifications"):
                    raise Odd("a classification of single frames is not read")
                for id, one in mapping(content.get("objects", {}), "objects").items():
                    feature = mapping(one, "an object")
                    if "bounding_box" not in feature:
                        raise Odd("a track of another shape than boxes is not read")
                    nested = dict(_nested(feature.get("classifications", [])))
                    names[id] = string(feature.get("name"), "the name")
                    features.setdefault(id, {})[frame] = (box_of(feature["bounding_box"]), nested)
        marked = mapping(annotations.get("key_frame_feature_map", {}), "key_frame_feature_map")
        segments = mapping(annotations.get("segments", {}), "segments")
        for id in dict.fromkeys((*(id for id in segments if id in features), *features)):
            boxes = features[id]
            with row(self._on_defect, self._file, id):
                seen = _stretches(boxes, _marked(marked.get(id)), segments.get(id))
                if not seen:
                    raise Odd("the object is in no segment", "R17")
                label = Label(self._fresh(id, item), item.id, self.classes.get(names[id]))
                label.shape = from_stretches(seen, item.frames)
                set_attributes(label, _shared(label.shape))
                self.labels.append(label)


def _item(content: Content, file: str) -> Item:
    data = mapping(content.get("data_row"), "data_row")
    media = mapping(content.get("media_attributes") or {}, "media_attributes")
    id = string(data.get("id"), "the id")
    source = data.get("row_data")
    source = source if isinstance(source, str) else ""
    named = [data.get(key) for key in ("external_id", "global_key")]
    name = next((each for each in named if isinstance(each, str) and each), "")
    try:
        name = name or PurePosixPath(unquote(urlsplit(source).path)).name or id
    except ValueError:
        name = id
    item = Item(id, safe_name(name, file))
    item.width, item.height = (number(media.get(n) or 0, n) for n in ("width", "height"))
    item.frames = whole(media.get("frame_count") or 0, "frame_count")
    item.fps = number(media.get("frame_rate") or 0, "frame_rate")
    kind = str(media.get("asset_type") or media.get("mime_type") or "")
    if kind.startswith("text") and "://" not in source[:20]:
        item.text = source
    return item


def _chosen(content: Content) -> list[Content]:
    answers = listing(content.get("checklist_answers") or [], "checklist_answers")
    if radio := content.get("radio_answer"):
        answers = [radio]
    return [mapping(answer, "the answer") for answer in answers]


def _text(content: Content) -> str:
    answer = mapping(content["text_answer"], "text_answer").get("content")
    if not isinstance(answer, str):
        raise Odd("an answer is no text")
    return answer


def _nested(classifications: Any) -> Iterator[tuple[str, Value]]:
    """The attributes in the classifications of an object."""
    for each in listing(classifications, "classifications"):
        content = mapping(each, "a classification")
        name = string(content.get("name"), "the name")
        if "text_answer" in content:
            yield name, _text(content)
        for answer in _chosen(content):
            told = string(answer.get("name"), "the answer")
            if "radio_answer" in content:
                yield name, flag(told)
            else:
                yield f"{name}: {told}", True


def _marked(value: Any) -> set[int] | None:
    """The frames from 0 that somebody set; None where the export does not say."""
    if isinstance(value, dict):
        return {whole(frame, "a frame") - 1 for frame, mark in value.items() if mark}
    if isinstance(value, list):
        return {whole(frame, "a frame") - 1 for frame in value}
    return None


def _stretches(
    boxes: Mapping[int, tuple[Box, dict[str, Value]]], marked: set[int] | None, segments: Any
) -> list[list[Keyframe]]:
    """The keyframes of each segment: the frames somebody set, and its first and last."""
    frames = sorted(boxes)
    ends = [
        [whole(frame, "a segment") - 1 for frame in listing(each, "a segment")]
        for each in listing(segments or [], "segments")
    ]
    if any(len(each) != 2 for each in ends):
        raise Odd("a segment is no pair of frames")
    if not ends:
        gaps = [n for n, frame in enumerate(frames) if not n or frames[n - 1] != frame - 1]
        after = [*gaps[1:], len(frames)]
        ends = [[frames[a], frames[b - 1]] for a, b in zip(gaps, after, strict=True)]
    seen = []
    for first, last in ends:
        within = [frame for frame in frames if first <= frame <= last]
        kept = [f for f in within if marked is None or f in marked or f in (within[0], last)]
        stretch = [_keyframe(frame, *boxes[frame]) for frame in kept]
        if stretch and stretch[-1].frame < last:
            end = stretch[-1]
            stretch.append(Keyframe(last, end.box, end.occluded, attributes=dict(end.attributes)))
        if stretch:
            seen.append(stretch)
    return seen


def _keyframe(frame: int, box: Box, attributes: Mapping[str, Value]) -> Keyframe:
    own = dict(attributes)
    return Keyframe(frame, box, own.pop("occluded", False) is True, attributes=own)


def _shared(track: Track) -> dict[str, Value]:
    """The attributes that all keyframes share, taken away from them."""
    visible = [key for key in track.keyframes if not key.outside]
    shared = {
        name: value
        for name, value in visible[0].attributes.items()
        if all(key.attributes.get(name) == value for key in visible)
    }
    for key in visible:
        key.attributes = joined({n: v for n, v in key.attributes.items() if n not in shared})
    return shared

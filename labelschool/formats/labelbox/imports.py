"""The annotations that Labelbox's import takes, a line each."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from labelschool.formats.contract import Loss, Losses, OnDefect, Options
from labelschool.formats.dataset import (
    Dataset,
    Item,
    Keyframe,
    Label,
    Mask,
    Relation,
    Span,
    Track,
    Value,
)
from labelschool.formats.files import safe_name, shown
from labelschool.formats.labelbox.features import (
    HOLDS,
    UNGROUPED,
    Content,
    answered,
    box_of,
    content_of,
    files,
    flag,
    kind_of,
    place,
    rows,
    set_attributes,
    shapes,
    told_box,
)
from labelschool.formats.output import Folder
from labelschool.formats.pieces import by_item, count_unheld, count_unused, pieces
from labelschool.formats.rows import Classes, Odd, joined, listing, mapping, row, string, whole
from labelschool.formats.tracks import LATER, from_stretches, stretches

# Reading ------------------------------------------------------------------------------------------


def read(path: Path, on_defect: OnDefect | None, options: Options) -> Dataset:
    """The annotations of a file, or of the files of a folder, by the data row they name."""
    reader = _Reader()
    relations: list[tuple[str, int, Content]] = []
    for file in files(path):
        for number, line in rows(file):
            with row(on_defect, shown(file), f"line {number}"):
                content = content_of(line, shown(file))
                if "relationship" in content:
                    relations.append((shown(file), number, content))
                else:
                    reader.take(content, shown(file))
    for name, number, content in relations:
        with row(on_defect, name, f"line {number}"):
            reader.relation(content, name)
    return Dataset(reader.classes.all(), reader.items, reader.labels)


class _Reader:
    def __init__(self) -> None:
        self.classes = Classes()
        self.items: dict[int | str, Item] = {}
        self.labels: list[Label] = []
        self._known: dict[str, Label] = {}
        self._ids = count(1)

    def _item(self, content: Content, file: str) -> Item:
        owner = mapping(content.get("dataRow"), "dataRow")
        name = string(owner.get("globalKey", owner.get("id")), "the data row")
        if name not in self.items:
            self.items[name] = Item(name, safe_name(name, file))
        return self.items[name]

    def _label(self, content: Content, item: Item, name: str, group: str = "") -> Label:
        wanted = content.get("uuid")
        free = isinstance(wanted, str) and wanted and wanted not in self._known
        id = wanted if free else f"{item.id}#{next(self._ids)}"
        return Label(id, item.id, self.classes.get(name, group))

    def _add(self, label: Label) -> None:
        self._known[str(label.id)] = label
        self.labels.append(label)

    def take(self, content: Content, file: str) -> None:
        """One annotation."""
        item = self._item(content, file)
        name = string(content.get("name", content.get("schemaId")), "the name")
        if "answer" in content or "answers" in content:
            self._answer(content, item, name)
            return
        label = self._label(content, item, name)
        if "segments" in content:
            label.shape, attributes = _track(listing(content["segments"], "segments"))
        else:
            place(label, content)
            attributes = dict(_nested(content.get("classifications", [])))
        if isinstance(label.region, Mask):
            item.width = item.width or label.region.width
            item.height = item.height or label.region.height
        set_attributes(label, attributes)
        self._add(label)

    def _answer(self, content: Content, item: Item, name: str) -> None:
        answer = content.get("answer", content.get("answers"))
        if isinstance(answer, str):
            item.attributes = joined({**item.attributes, name: answer})
            return
        group = "" if name == UNGROUPED else name
        for each in answer if isinstance(answer, list) else [answer]:
            chosen = string(mapping(each, "the answer").get("name"), "the answer")
            self._add(self._label(content, item, chosen, group))

    def relation(self, content: Content, file: str) -> None:
        """What holds between two annotations, which have all been read."""
        item = self._item(content, file)
        joins = mapping(content["relationship"], "the relationship")
        ends = [joins.get(name) for name in ("source", "target")]
        if not all(isinstance(end, str) and end in self._known for end in ends):
            raise Odd("the relationship joins an annotation that is not there", "R4")
        label = self._label(content, item, string(content.get("name"), "the name"))
        label.shape = Relation(ends[0], ends[1])
        self._add(label)


def _nested(classifications: Any) -> Iterator[tuple[str, Value]]:
    for each in listing(classifications, "classifications"):
        content = mapping(each, "a classification")
        name = string(content.get("name"), "the name")
        answer = content.get("answer", content.get("answers"))
        if isinstance(answer, str):
            yield name, answer
        elif isinstance(answer, dict):
            yield name, flag(string(answer.get("name"), "the answer"))
        else:
            for one in listing(answer, "the answers"):
                yield f"{name}: {string(mapping(one, 'the answer').get('name'), 'it')}", True


def _track(segments: list[Any]) -> tuple[Track, dict[str, Value]]:
    """The track of segments, and the attributes of its first keyframe: those of others are its
    keyframes' own.
    """
    seen: list[list[Keyframe]] = []
    for each in segments:
        stretch = []
        for one in listing(mapping(each, "a segment").get("keyframes"), "keyframes"):
            content = mapping(one, "a keyframe")
            if "bbox" not in content:
                raise Odd("a track of another shape than boxes is not read")
            attributes = dict(_nested(content.get("classifications", [])))
            hidden = attributes.pop("occluded", False) is True
            frame = whole(content.get("frame"), "the frame") - 1
            box = box_of(content["bbox"])
            stretch.append(Keyframe(frame, box, hidden, attributes=attributes))
        if stretch:
            seen.append(stretch)
    if not seen:
        raise Odd("the track has no keyframes", "R17")
    keys = [key for stretch in seen for key in stretch]
    shared = {
        name: value
        for name, value in keys[0].attributes.items()
        if all(key.attributes.get(name) == value for key in keys)
    }
    for key in keys:
        key.attributes = joined({n: v for n, v in key.attributes.items() if n not in shared})
    return from_stretches(seen, LATER), shared


# Writing ------------------------------------------------------------------------------------------


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """``import.ndjson``; data rows are named by the names of the items, as their global keys."""
    losses = Losses()
    labels = by_item(dataset, losses)
    count_unused(dataset, losses)
    out = []
    for item in dataset.items.values():
        losses.dropped("splits", count=bool(item.split))
        losses.dropped("sizes and texts of items", count=bool(item.width or item.text))
        found = list(_annotations(item, labels[item.id], losses))
        losses.dropped("items without labels", count=not found)
        for each in found:
            line = {"dataRow": {"globalKey": item.name}, **each}
            out.append(json.dumps(line, ensure_ascii=False) + "\n")
    Folder(folder).put("import.ndjson", "".join(out))
    return losses.list()


def _annotations(item: Item, labels: list[Label], losses: Losses) -> Iterator[Content]:
    kind = kind_of(item, labels)
    groups: dict[str, list[Content]] = {}
    for label in labels:
        name, id = label.category.name, _uuid(item, label.id)
        if isinstance(label.shape, Relation):
            ends = {
                "source": _uuid(item, label.shape.source),
                "target": _uuid(item, label.shape.target),
            }
            joins = {**ends, "type": "unidirectional"}
            yield {"uuid": id, "name": name, "relationship": joins}
        elif isinstance(label.shape, Span) and kind == "text":
            where = {"start": label.shape.start, "end": label.shape.end - 1}
            more = _classified(answered(label.attributes, label.crowd, losses))
            yield {"uuid": id, "name": name, "location": where, "classifications": more}
        elif isinstance(label.shape, Track) and kind == "video":
            yield {"uuid": id, "name": name, "segments": _segments(label, item, losses)}
        elif count_unheld(label, losses):
            continue
        elif label.box or label.region or label.keypoints:
            for number, (_, shape) in enumerate(_shapes(label, item, losses)):
                own = id if not number else _uuid(item, f"{label.id}-{number}")
                more = _classified(answered(label.attributes, label.crowd, losses))
                yield {"uuid": own, "name": name, **shape, "classifications": more}
        else:
            losses.dropped("attributes of tags", count=len(label.attributes))
            groups.setdefault(label.category.group or UNGROUPED, []).append({"name": name})
    for name, answers in groups.items():
        yield {"uuid": _uuid(item, f"answer {name}"), "name": name, "answer": answers}
    for name, value in answered(item.attributes, False, losses).items():
        told = str(value).lower() if isinstance(value, bool) else value
        yield {"uuid": _uuid(item, f"text {name}"), "name": name, "answer": told}


def _shapes(label: Label, item: Item, losses: Losses) -> Iterator[tuple[str, Content]]:
    for piece in pieces(label, item, HOLDS, losses):
        yield from shapes(piece, "import", losses)


def _uuid(item: Item, id: int | str) -> str:
    """The id of a label as a UUID, the same for the same id."""
    try:
        return str(uuid.UUID(str(id)))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{item.name}#{id}"))


def _classified(attributes: Mapping[str, Value]) -> list[Content]:
    return [
        {"name": name, "answer": {"name": str(value).lower()} if isinstance(value, bool) else value}
        for name, value in attributes.items()
    ]


def _segments(label: Label, item: Item, losses: Losses) -> list[Content]:
    assert isinstance(label.shape, Track)
    lasting = answered(label.attributes, label.crowd, losses)
    turned = sum(bool(key.box.angle) for key in label.shape.keyframes)
    losses.dropped("turns of boxes in tracks", count=turned)
    segments = []
    for stretch in stretches(label.shape, item.frames):
        keyframes = []
        for key in stretch:
            nested = lasting | answered(key.attributes, False, losses)
            nested |= {"occluded": True} if key.occluded else {}
            more = {"bbox": told_box(key.box), "classifications": _classified(nested)}
            keyframes.append({"frame": key.frame + 1, **more})
        segments.append({"keyframes": keyframes})
    return segments

"""The model into the export v2 of Labelbox."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from labelschool.formats.contract import Loss, Losses, Options
from labelschool.formats.dataset import (
    Dataset,
    Item,
    Label,
    Relation,
    Span,
    Track,
    Value,
)
from labelschool.formats.labelbox.features import (
    HOLDS,
    UNGROUPED,
    Content,
    answered,
    kind_of,
    shapes,
    told_box,
)
from labelschool.formats.output import Folder
from labelschool.formats.pieces import by_item, count_unheld, count_unused, pieces
from labelschool.formats.tracks import stretches


def write(dataset: Dataset, folder: Path, options: Options) -> list[Loss]:
    """``export.ndjson``."""
    losses = Losses()
    labels = by_item(dataset, losses)
    count_unused(dataset, losses)
    out = [
        json.dumps(_row(item, labels[item.id], losses), ensure_ascii=False) + "\n"
        for item in dataset.items.values()
    ]
    Folder(folder).put("export.ndjson", "".join(out))
    return losses.list()


def _row(item: Item, labels: list[Label], losses: Losses) -> Content:
    losses.dropped("splits", count=bool(item.split))
    kind = kind_of(item, labels)
    media: Content = {"asset_type": kind}
    if kind != "text":
        media |= {"width": item.width, "height": item.height}
    if kind == "video":
        media |= {"frame_count": item.frames, "frame_rate": item.fps}
    data = {"id": str(item.id), "global_key": item.name, "external_id": item.name}
    data["row_data"] = item.name if item.text is None else item.text
    annotations = (_frames if kind == "video" else _objects)(item, labels, losses)
    annotations["classifications"] = list(_global(item, labels, losses))
    label = {"label_kind": "Video" if kind == "video" else "Default", "version": "1.0.0"}
    label |= {"id": f"label-{item.id}", "annotations": annotations}
    project = {"name": "Label School", "labels": [label]}
    return {"data_row": data, "media_attributes": media, "projects": {"label-school": project}}


def _global(item: Item, labels: list[Label], losses: Losses) -> Iterator[Content]:
    groups: dict[str, list[Content]] = {}
    for label in labels:
        if not (label.box or label.region or label.keypoints or label.shape):
            losses.dropped("attributes of tags", count=len(label.attributes))
            answer = {"feature_id": str(label.id), "name": label.category.name}
            groups.setdefault(label.category.group or UNGROUPED, []).append(answer)
    for name, answers in groups.items():
        yield {"name": name, "value": name, "checklist_answers": answers}
    for name, value in answered(item.attributes, False, losses).items():
        told = str(value).lower() if isinstance(value, bool) else value
        yield {"name": name, "value": name, "text_answer": {"content": told}}


def _objects(item: Item, labels: list[Label], losses: Losses) -> Content:
    objects: list[Content] = []
    relations: list[Content] = []
    for label in labels:
        start = {"name": label.category.name, "value": label.category.name}
        if isinstance(label.shape, Relation):
            ends = {"source": str(label.shape.source), "target": str(label.shape.target)}
            more = {"feature_id": str(label.id), "unidirectional_relationship": ends}
            relations.append(start | more)
            continue
        for count, (kind, shape) in enumerate(_shapes(label, item, losses)):
            id = str(label.id) if not count else f"{label.id}-{count}"
            nested = _classified(answered(label.attributes, label.crowd, losses))
            more = {"feature_id": id, "annotation_kind": kind, "classifications": nested}
            objects.append(start | more | shape)
    return {"objects": objects, "relationships": relations}


def _shapes(label: Label, item: Item, losses: Losses) -> Iterator[tuple[str, Content]]:
    if isinstance(label.shape, Span) and item.text is not None:
        start, end = label.shape.start, label.shape.end
        where = {"start": start, "end": end - 1, "token": item.text[start:end]}
        yield "TextEntity", {"location": where}
    elif not count_unheld(label, losses):
        for piece in pieces(label, item, HOLDS, losses):
            yield from shapes(piece, "export", losses)


def _classified(attributes: Mapping[str, Value]) -> list[Content]:
    found = []
    for name, value in attributes.items():
        entry: Content = {"name": name, "value": name}
        if isinstance(value, bool):
            told = str(value).lower()
            entry["radio_answer"] = {"name": told, "value": told, "classifications": []}
        else:
            entry["text_answer"] = {"content": value}
        found.append(entry)
    return found


def _frames(item: Item, labels: list[Label], losses: Losses) -> Content:
    frames: dict[str, Content] = {}
    segments: dict[str, list[list[int]]] = {}
    marked: dict[str, dict[str, bool]] = {}
    for label in labels:
        if not isinstance(label.shape, Track):
            if not count_unheld(label, losses) and (label.box or label.region or label.keypoints):
                losses.dropped("shapes in clips")
            continue
        id = str(label.id)
        own = {key.frame for key in label.shape.keyframes if not key.outside}
        lasting = answered(label.attributes, label.crowd, losses)
        turned = sum(bool(key.box.angle) for key in label.shape.keyframes)
        losses.dropped("turns of boxes in tracks", count=turned)
        seen = stretches(label.shape, item.frames)
        segments[id] = [[stretch[0].frame + 1, stretch[-1].frame + 1] for stretch in seen]
        marked[id] = {}
        for key in (key for stretch in seen for key in stretch):
            nested = lasting | answered(key.attributes, False, losses)
            nested |= {"occluded": True} if key.occluded else {}
            frame = frames.setdefault(str(key.frame + 1), {"objects": {}, "classifications": []})
            frame["objects"][id] = {
                **{"feature_id": id, "name": label.category.name, "value": label.category.name},
                **{"annotation_kind": "VideoBoundingBox", "classifications": _classified(nested)},
                "bounding_box": told_box(key.box),
            }
            marked[id][str(key.frame + 1)] = key.frame in own
    ordered = dict(sorted(frames.items(), key=lambda entry: int(entry[0])))
    return {"frames": ordered, "segments": segments, "key_frame_feature_map": marked}

"""The course's own answers as a `Dataset`, and the labels of a file as answers.

dataset = of_answer(items, answer.items, classes=task.classes)
answer = to_answer(formats.read(Path("export.zip")), items)

An item is known by the name of its picture, a clip, text or card by its own. What only the course
has is not in a dataset and comes back as its default: whether an item is done, escalations, times
and the ids of annotations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import singledispatch
from pathlib import PurePosixPath
from typing import Any

from labelschool import model
from labelschool.errors import LabelSchoolError
from labelschool.formats import dataset as ds
from labelschool.formats.contract import printable
from labelschool.formats.rasters import rings
from labelschool.formats.rle import pack
from labelschool.formats.rows import Classes
from labelschool.formats.shapes import around, corners

FLAGS = ("truncated", "unsure", "mirror")
UNSURE = "unsure"
"""The tag of an item that was answered by "unsure" alone."""

Answers = Mapping[str, model.ItemAnswer]
_Arguments = dict[str, Any]
_Parts = Iterator[tuple[_Arguments, _Arguments]]


# To a dataset -----------------------------------------------------------------------------------


def of_answer(
    items: Sequence[model.Item], answer: Answers, *, classes: Sequence[str] = ()
) -> ds.Dataset:
    """The items and what was made on them, labels numbered from 1.

    `classes` come first in the ontology, in this order; those that only an annotation names follow.
    Raises `LabelSchoolError` for annotations that no file of a tool holds, such as preferences.
    """
    made = {name: each.annotations for name, each in answer.items()}
    rows = {
        item.name: [(a.id, *parts) for a in made.get(item.name, ()) for parts in _parts(a)]
        for item in items
    }
    named = {category["name"]: category for row in rows.values() for _, category, _ in row}
    known = Classes()
    for name in classes:
        known.get(**named.get(name, {"name": name}))
    labels: list[ds.Label] = []
    for name, row in rows.items():
        labels += _labels(name, row, known, len(labels))
    described = {item.name: _item(item) for item in items}
    return ds.Dataset(known.all(), described, labels)


def _item(item: model.Item) -> ds.Item:
    name = item.image.name if item.image else item.name
    return ds.Item(
        item.name,
        name,
        item.width,
        item.height,
        frames=len(item.frames),
        fps=item.fps or 0,
        text=item.text,
        attributes=item.fields or ds.NONE,
    )


def _labels(
    item: str, rows: Sequence[tuple[str, _Arguments, _Arguments]], known: Classes, before: int
) -> list[ds.Label]:
    """The labels of one item; relations name those of the same item."""
    ids = {old: before + number for number, (old, _, _) in enumerate(rows, 1)}
    labels = []
    for number, (_, category, parts) in enumerate(rows, before + 1):
        shape = parts.get("shape")
        if isinstance(shape, ds.Relation):
            parts = parts | {"shape": ds.Relation(ids[shape.source], ids[shape.target])}
        labels.append(ds.Label(number, item, known.get(**category), **parts))
    return labels


def _attributes(annotation: model.Annotation, *names: str) -> ds.Attributes:
    """The attributes of these names that are set."""
    said = {name: getattr(annotation, name) for name in names}
    return {name: value for name, value in said.items() if value} or ds.NONE


@singledispatch
def _parts(annotation: model.Annotation) -> _Parts:
    """The arguments of its category and of its label, once for each label it becomes: a choice of
    two classes is two tags.
    """
    raise LabelSchoolError(
        f"An annotation of the kind {annotation.type!r} is held by no file of a tool: export "
        "labels of pictures, clips, sweeps or texts."
    )


@_parts.register
def _(box: model.Box) -> _Parts:
    attributes = _attributes(box, "occluded", *FLAGS)
    shape = {"box": ds.Box(*box.bbox), "crowd": box.crowd, "attributes": attributes}
    yield {"name": box.label}, shape


@_parts.register
def _(polygon: model.Polygon) -> _Parts:
    parts = [_flat(part.outline) for part in polygon.parts]
    holes = [_flat(hole) for part in polygon.parts for hole in part.holes]
    shape = {"region": ds.Polygon(parts, holes), "attributes": _attributes(polygon, "unsure")}
    yield {"name": polygon.label}, shape


@_parts.register
def _(mask: model.Mask) -> _Parts:
    region = ds.Mask(*mask.rle.size, mask.rle.counts)
    yield {"name": mask.label}, {"region": region, "attributes": _attributes(mask, "unsure")}


@_parts.register
def _(figure: model.Figure) -> _Parts:
    names = tuple(point.name for point in figure.points)
    place = {name: number for number, name in enumerate(names)}
    bones = tuple((place[a], place[b]) for a, b in model.SKELETON if a in place and b in place)
    values = [v for point in figure.points for v in (point.x, point.y, point.visibility)]
    category = {"name": figure.label, "keypoints": names, "skeleton": bones}
    yield category, {"keypoints": ds.Keypoints(values)}


@_parts.register
def _(track: model.Track) -> _Parts:
    keys = [
        ds.Keyframe(key.frame, ds.Box(*key.bbox), key.occluded, key.outside)
        for key in track.keyframes
    ]
    yield {"name": track.label}, {"shape": ds.Track(keys)}


@_parts.register
def _(cuboid: model.Cuboid) -> _Parts:
    yield {"name": cuboid.label}, {"shape": ds.Cuboid(cuboid.center, cuboid.size, cuboid.yaw)}


@_parts.register
def _(span: model.Span) -> _Parts:
    attributes = dict(_attributes(span, "field", "severity"))
    attributes |= {"layer": 2} if span.layer == 2 else {}
    shape = {"shape": ds.Span(span.start, span.end), "attributes": attributes or ds.NONE}
    yield {"name": span.label}, shape


@_parts.register
def _(relation: model.Relation) -> _Parts:
    yield {"name": relation.label}, {"shape": ds.Relation(relation.source, relation.target)}


@_parts.register
def _(choice: model.Choice) -> _Parts:
    group = choice.question or ""
    attributes = _attributes(choice, "unsure") if choice.labels else ds.NONE
    for label in choice.labels or ((UNSURE,) if choice.unsure else ()):
        yield {"name": label, "group": group}, {"attributes": attributes}


def _flat(points: Iterable[model.Point]) -> list[float]:
    return [value for point in points for value in point]


# From a dataset ---------------------------------------------------------------------------------


def to_answer(dataset: ds.Dataset, items: Sequence[model.Item]) -> dict[str, model.ItemAnswer]:
    """What a file says about these items, each one done; an item without labels is empty.

    Tools put folders before the name of a picture, which do not matter. Items of the file that are
    none of these are left out. A turned box becomes the box around it. Raises `LabelSchoolError`
    when the file holds none of the items, or a label that the course cannot hold.
    """
    found = _matched(dataset, items)
    made: dict[str, list[ds.Label]] = {item.name: [] for item in items}
    for label in dataset.labels:
        if label.item in found:
            made[found[label.item]].append(label)
    return {
        name: model.ItemAnswer(item=name, annotations=tuple(_annotations(labels)), done=True)
        for name, labels in made.items()
    }


def _matched(dataset: ds.Dataset, items: Sequence[model.Item]) -> dict[int | str, str]:
    """The ids of the dataset's items, with the names of those they are."""
    wanted = {item.image.stem if item.image else item.name: item.name for item in items}
    found = {}
    for item_id, item in dataset.items.items():
        for name in (item.name, PurePosixPath(item.name).name, PurePosixPath(item.name).stem):
            if name in wanted:
                found[item_id] = wanted[name]
                break
    if not found:
        first = next((item.name for item in dataset.items.values()), "")
        there = f"it begins with {printable(first)!r}" if first else "it has none"
        raise LabelSchoolError(
            f"The file holds none of the {len(items)} items of this exercise ({there}): export the "
            f"project that has the item {items[0].name!r}, with its file names unchanged."
        )
    return found


def _annotations(labels: Sequence[ds.Label]) -> Iterator[model.Annotation]:
    """The annotations of one item: the tags of a question are one choice."""
    tags: dict[str, list[ds.Label]] = {}
    for label in labels:
        if _is_tag(label):
            tags.setdefault(label.category.group, []).append(label)
        else:
            try:
                yield _annotation(label)
            except ValueError as error:
                raise LabelSchoolError(
                    f"The label {printable(label.id)} of {printable(label.item)} is none that the "
                    f"course can hold ({_reason(error)}): mend it in the tool, or check the file "
                    "with `labelschool lint`."
                ) from error
    for question, chosen in tags.items():
        names = tuple(label.category.name for label in chosen)
        unsure = names == (UNSURE,) or any(_flag(label, "unsure") for label in chosen)
        yield model.Choice(
            id=question or "choice",
            labels=() if names == (UNSURE,) else names,
            unsure=unsure,
            question=question or None,
        )


def _is_tag(label: ds.Label) -> bool:
    return all(part is None for part in (label.box, label.region, label.keypoints, label.shape))


def _reason(error: ValueError) -> str:
    errors = getattr(error, "errors", None)
    return model.first_error(error) if errors else str(error)


def _annotation(label: ds.Label) -> model.Annotation:
    """The annotation that a label is; of several shapes the most exact one."""
    told = {"id": str(label.id), "label": label.category.name}
    if label.shape is not None:
        return _shaped(label.shape, label, told)
    if label.keypoints is not None:
        return model.Figure(**told, points=_points(label))
    if isinstance(label.region, ds.Polygon):
        parts = tuple(
            model.Part(outline=_pairs(part), holes=tuple(map(_pairs, holes)))
            for part, holes in rings(label.region)
        )
        return model.Polygon(**told, parts=parts, unsure=_flag(label, "unsure"))
    if isinstance(label.region, ds.Mask):
        runs = label.region.runs
        counts = runs if isinstance(runs, str) else pack(runs)
        rle = model.Rle(size=(label.region.height, label.region.width), counts=counts)
        return model.Mask(**told, rle=rle, unsure=_flag(label, "unsure"))
    if label.box is None:
        raise ValueError("it is a line or a point")
    flags = {name: _flag(label, name) for name in FLAGS}
    occluded = _level(label.attributes.get("occluded", 0))
    return model.Box(**told, bbox=_bbox(label.box), occluded=occluded, crowd=label.crowd, **flags)


@singledispatch
def _shaped(shape: ds.Shape, label: ds.Label, told: dict[str, str]) -> model.Annotation:
    raise TypeError(type(shape).__name__)


@_shaped.register
def _(shape: ds.Track, label: ds.Label, told: dict[str, str]) -> model.Annotation:
    keys = (
        model.Keyframe(
            frame=key.frame, bbox=_bbox(key.box), occluded=key.occluded, outside=key.outside
        )
        for key in shape.keyframes
    )
    return model.Track(**told, keyframes=tuple(keys))


@_shaped.register
def _(shape: ds.Span, label: ds.Label, told: dict[str, str]) -> model.Annotation:
    return model.Span(
        **told,
        start=shape.start,
        end=shape.end,
        layer=int(label.attributes.get("layer", 1)),
        field=label.attributes.get("field"),
        severity=label.attributes.get("severity"),
    )


@_shaped.register
def _(shape: ds.Relation, label: ds.Label, told: dict[str, str]) -> model.Annotation:
    return model.Relation(**told, source=str(shape.source), target=str(shape.target))


@_shaped.register
def _(shape: ds.Cuboid, label: ds.Label, told: dict[str, str]) -> model.Annotation:
    return model.Cuboid(**told, center=shape.center, size=shape.size, yaw=shape.yaw)


def _points(label: ds.Label) -> tuple[model.Keypoint, ...]:
    """The points of a figure by the names of its class. Raises ValueError for other ones."""
    values, names = label.keypoints.values, label.category.keypoints
    triples = zip(names, values[0::3], values[1::3], values[2::3], strict=True)
    return tuple(
        model.Keypoint(name=name, x=x, y=y, visibility=int(seen)) for name, x, y, seen in triples
    )


def _pairs(flat: Sequence[float]) -> tuple[model.Point, ...]:
    return tuple(zip(flat[0::2], flat[1::2], strict=True))


def _bbox(box: ds.Box) -> model.BBox:
    upright = around(corners(box)) if box.angle else box
    return (upright.x, upright.y, upright.w, upright.h)


def _flag(label: ds.Label, name: str) -> bool:
    """Whether a flag is set: tools write true, 1, "true", "yes"."""
    return str(label.attributes.get(name, "")).lower() in ("true", "1", "1.0", "yes")


def _level(value: ds.Value) -> int:
    """A level of occlusion: the number, or 1 where a tool has only yes and no."""
    text = str(value).lower()
    if text in ("true", "yes"):
        return 1
    return int(float(text)) if text not in ("", "false", "no") else 0

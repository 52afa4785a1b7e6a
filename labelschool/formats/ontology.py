"""One ontology, written once in YAML, as the configuration of four tools.

    project: Crossing, batch 1
    classes:
      - {name: car, shape: box, attributes: [occluded, truncated]}
      - {name: walker, shape: keypoints, points: [head, hip], bones: [[head, hip]]}
    attributes:
      - {name: occluded, choose: one, values: ["0", "1", "2", "3"]}
      - {name: truncated}
    tags:
      - {name: weather, choose: one, values: [dry, wet]}
    spans: [PLACE, TIME]

Attributes are asked of each object of the classes that list them; one without values is yes or no.
Tags are asked of the whole item, spans are stretches of its text. What a tool's configuration has
no place for is told as losses, as when labels are written. Names of elements and fields were read
in label-studio-sdk 2.1.2, cvat-sdk 2.80, labelbox 7.17 and supervisely 6.74.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from xml.etree import ElementTree

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from labelschool.errors import LabelSchoolError
from labelschool.formats.contract import Loss, Losses
from labelschool.model import first_error

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00", "#444444")
"""Colours of classes in their order, told apart with any colour vision (after Okabe and Ito)."""


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(_Entry):
    """What is asked of an object or an item: one of the values, or any number of them."""

    name: str
    choose: Literal["one", "many"] = "one"
    values: tuple[str, ...] = ()


class Class(_Entry):
    """A kind of object in a picture, and how it is drawn. Points are named in their order."""

    name: str
    shape: Literal["box", "polygon", "mask", "line", "keypoints"] = "box"
    attributes: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    bones: tuple[tuple[str, str], ...] = ()

    @model_validator(mode="after")
    def _skeleton(self) -> Class:
        if (self.shape == "keypoints") != bool(self.points):
            raise ValueError(f"{self.name}: the shape keypoints needs points, no other has any")
        if unknown := {end for bone in self.bones for end in bone} - set(self.points):
            raise ValueError(f"{self.name}: a bone ends at {min(unknown)!r}, which is no point")
        return self


class Ontology(_Entry):
    """What may be labelled in a project."""

    project: str
    classes: tuple[Class, ...] = ()
    attributes: tuple[Question, ...] = ()
    tags: tuple[Question, ...] = Field(default=())
    spans: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _names(self) -> Ontology:
        known = [question.name for question in self.attributes]
        for names in ([c.name for c in self.classes], known, [t.name for t in self.tags]):
            if twice := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"the name {min(twice)!r} is used twice")
        for each in self.classes:
            if unknown := set(each.attributes) - set(known):
                raise ValueError(f"{each.name}: there is no attribute {min(unknown)!r}")
        if flags := [tag.name for tag in self.tags if not tag.values]:
            raise ValueError(f"the tag {flags[0]!r} needs values")
        return self

    def colour(self, place: int) -> str:
        """The colour of the class or span at a place."""
        return COLOURS[place % len(COLOURS)]

    def asked(self, each: Class) -> tuple[Question, ...]:
        """The attributes of a class, in the order of the ontology."""
        return tuple(question for question in self.attributes if question.name in each.attributes)


@dataclass(frozen=True)
class Config:
    """The text that a tool takes, the name a file of it usually has, and what it leaves out."""

    tool: str
    file: str
    text: str
    losses: tuple[Loss, ...]


def parse(text: str) -> Ontology:
    """The ontology of a YAML text. Raises `LabelSchoolError`."""
    try:
        return Ontology.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise LabelSchoolError(f"The ontology is no YAML{where}: {error.problem}.") from error
    except ValidationError as error:
        raise LabelSchoolError(f"The ontology is wrong: {first_error(error)}.") from error


def configs(ontology: Ontology) -> dict[str, Config]:
    """The configuration of each tool, by its name as `labelschool.formats` has it."""
    made = {}
    for name, (tool, file, write) in _TOOLS.items():
        losses = Losses()
        text = write(ontology, losses)
        made[name] = Config(tool, file, text, tuple(losses.list()))
    return made


# Label Studio -----------------------------------------------------------------------------------

_CONTROLS = {
    "box": ("RectangleLabels", {"canRotate": "false"}),
    "polygon": ("PolygonLabels", {}),
    "mask": ("BrushLabels", {}),
    "line": ("VectorLabels", {}),
    "keypoints": ("KeyPointLabels", {"model_index": "0"}),
}


def _label_studio(ontology: Ontology, losses: Losses) -> str:
    """A labelling interface. The points of a skeleton are labels, and nothing joins them."""
    view = ElementTree.Element("View")
    if ontology.classes or ontology.tags:
        ElementTree.SubElement(view, "Image", name="image", value="$image")
    for shape, (control, options) in _CONTROLS.items():
        chosen = [(n, c) for n, c in enumerate(ontology.classes) if c.shape == shape]
        if chosen:
            labels = ElementTree.SubElement(view, control, name=shape, toName="image", **options)
            for place, each in chosen:
                losses.dropped("bones", count=len(each.bones))
                for name in [f"{each.name}: {point}" for point in each.points] or [each.name]:
                    colour = ontology.colour(place)
                    ElementTree.SubElement(labels, "Label", value=name, background=colour)
    for question in ontology.attributes:
        having = [each for each in ontology.classes if question.name in each.attributes]
        values = [f"{each.name}: {point}" for each in having for point in each.points] + [
            each.name for each in having if not each.points
        ]
        _choices(view, question, perRegion="true", whenLabelValue=",".join(values))
    for question in ontology.tags:
        _choices(view, question)
    if ontology.spans:
        ElementTree.SubElement(view, "Text", name="text", value="$text")
        labels = ElementTree.SubElement(view, "Labels", name="span", toName="text")
        for place, name in enumerate(ontology.spans):
            ElementTree.SubElement(labels, "Label", value=name, background=ontology.colour(place))
    ElementTree.indent(view)
    return ElementTree.tostring(view, encoding="unicode") + "\n"


def _choices(view: ElementTree.Element, question: Question, **options: str) -> None:
    """Choices do not show their own name, so each says it; its alias is what is exported."""
    choice = "multiple" if question.choose == "many" or not question.values else "single"
    made = ElementTree.SubElement(
        view,
        "Choices",
        name=question.name,
        toName="image",
        choice=choice,
        showInline="true",
        **options,
    )
    for value in question.values:
        ElementTree.SubElement(made, "Choice", value=f"{question.name} {value}", alias=value)
    if not question.values:
        ElementTree.SubElement(made, "Choice", value=question.name, alias="yes")


# CVAT -------------------------------------------------------------------------------------------

_CVAT_TYPES = {"box": "rectangle", "polygon": "polygon", "mask": "mask", "line": "polyline"}


def _cvat(ontology: Ontology, losses: Losses) -> str:
    """The list of labels that stands in the raw editor of a project."""
    labels = []
    for place, each in enumerate(ontology.classes):
        label = {
            "name": each.name,
            "color": ontology.colour(place),
            "type": _CVAT_TYPES.get(each.shape, "skeleton"),
            "attributes": [a for question in ontology.asked(each) for a in _cvat_asked(question)],
        }
        if each.points:
            colour = ontology.colour(place)
            label["sublabels"] = [
                {"name": point, "type": "points", "color": colour, "attributes": []}
                for point in each.points
            ]
            label["svg"] = _drawn(each)
        labels.append(label)
    for tag in ontology.tags:
        if tag.choose == "one":
            labels.append({"name": tag.name, "type": "tag", "attributes": _cvat_asked(tag)})
        else:
            labels += [
                {"name": f"{tag.name}: {value}", "type": "tag", "attributes": []}
                for value in tag.values
            ]
    losses.dropped("spans", count=len(ontology.spans))
    return _json(labels)


def _cvat_asked(question: Question) -> list[dict[str, Any]]:
    """Attributes of a label: a list to choose from, or a box to tick for each of several values."""
    if question.choose == "one" and question.values:
        kinds = [(question.name, "select", list(question.values))]
    else:
        ticked = [f"{question.name}: {value}" for value in question.values] or [question.name]
        kinds = [(name, "checkbox", ["false", "true"]) for name in ticked]
    return [
        {
            "name": name,
            "mutable": False,
            "input_type": kind,
            "default_value": values[0],
            "values": values,
        }
        for name, kind, values in kinds
    ]


def _drawn(each: Class) -> str:
    """The picture of a skeleton, whose points are numbered from 1: they stand below one another."""
    places = {point: (50, round(100 * n / len(each.points), 1)) for n, point in _from_one(each)}
    lines = [
        f'<line x1="{places[a][0]}" y1="{places[a][1]}" x2="{places[b][0]}" y2="{places[b][1]}" '
        f'data-type="edge" data-node-from="{each.points.index(a) + 1}" '
        f'data-node-to="{each.points.index(b) + 1}"></line>'
        for a, b in each.bones
    ]
    nodes = [
        f'<circle r="1.5" cx="{places[point][0]}" cy="{places[point][1]}" '
        f'data-type="element node" data-element-id="{n}" data-node-id="{n}" '
        f'data-label-name="{_quoted(point)}"></circle>'
        for n, point in _from_one(each)
    ]
    return "".join(lines + nodes)


def _from_one(each: Class) -> list[tuple[int, str]]:
    return list(enumerate(each.points, 1))


def _quoted(text: str) -> str:
    from xml.sax.saxutils import escape

    return escape(text, {'"': "&quot;"})


# Labelbox ---------------------------------------------------------------------------------------

_LABELBOX_TOOLS = {
    "box": "rectangle",
    "polygon": "polygon",
    "mask": "raster-segmentation",
    "line": "line",
}


def _labelbox(ontology: Ontology, losses: Losses) -> str:
    """What `OntologyBuilder.from_dict` takes. A skeleton becomes a point tool for each point."""
    tools = []
    for place, each in enumerate(ontology.classes):
        losses.dropped("bones", count=len(each.bones))
        asked = [_labelbox_asked(question) for question in ontology.asked(each)]
        for name in [f"{each.name}: {point}" for point in each.points] or [each.name]:
            kind = _LABELBOX_TOOLS.get(each.shape, "point")
            tools.append(_tool(name, kind, ontology.colour(place), asked))
    tools += [
        _tool(name, "named-entity", ontology.colour(place), [])
        for place, name in enumerate(ontology.spans)
    ]
    tags = [_labelbox_asked(question) | {"scope": "global"} for question in ontology.tags]
    return _json({"tools": tools, "classifications": tags})


def _tool(name: str, kind: str, colour: str, asked: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "tool": kind,
        "color": colour,
        "required": False,
        "classifications": asked,
    }


def _labelbox_asked(question: Question) -> dict[str, Any]:
    kind = "radio" if question.choose == "one" and question.values else "checklist"
    values = question.values or ("yes",)
    return {
        "name": question.name,
        "instructions": question.name,
        "type": kind,
        "required": False,
        "options": [{"label": value, "value": value} for value in values],
    }


# Supervisely ------------------------------------------------------------------------------------

_SUPERVISELY_SHAPES = {
    "box": "rectangle",
    "polygon": "polygon",
    "mask": "bitmap",
    "line": "line",
    "keypoints": "graph",
}


def _supervisely(ontology: Ontology, losses: Losses) -> str:
    """The meta.json of a project of pictures."""
    classes = [
        {
            "title": each.name,
            "description": "",
            "shape": _SUPERVISELY_SHAPES[each.shape],
            "color": ontology.colour(place),
            "geometry_config": _graph(each, ontology.colour(place)) if each.points else {},
            "hotkey": "",
        }
        for place, each in enumerate(ontology.classes)
    ]
    tags = []
    for question in ontology.attributes:
        having = [each.name for each in ontology.classes if question.name in each.attributes]
        tags += _supervisely_asked(question, "objectsOnly", having)
    for question in ontology.tags:
        tags += _supervisely_asked(question, "imagesOnly", [])
    losses.dropped("spans", count=len(ontology.spans))
    return _json({"classes": classes, "tags": tags, "projectType": "images"})


def _graph(each: Class, colour: str) -> dict[str, Any]:
    """A template: its points stand below one another."""
    nodes = {
        point: {"label": point, "loc": [0, 10 * number], "color": colour}
        for number, point in _from_one(each)
    }
    return {"nodes": nodes, "edges": [{"src": a, "dst": b, "color": colour} for a, b in each.bones]}


def _supervisely_asked(question: Question, to: str, classes: list[str]) -> list[dict[str, Any]]:
    """A tag with one of several values, or a tag without a value for each that may be chosen."""
    if question.choose == "one" and question.values:
        kinds = [(question.name, {"value_type": "oneof_string", "values": list(question.values)})]
    else:
        names = [f"{question.name}: {value}" for value in question.values] or [question.name]
        kinds = [(name, {"value_type": "none"}) for name in names]
    about = {"color": COLOURS[-1], "hotkey": "", "applicable_type": to, "classes": classes}
    return [{"name": name, **kind, **about} for name, kind in kinds]


# ------------------------------------------------------------------------------------------------


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


_TOOLS: Mapping[str, tuple[str, str, Callable[[Ontology, Losses], str]]] = {
    "label-studio": ("Label Studio", "label_config.xml", _label_studio),
    "cvat": ("CVAT", "labels.json", _cvat),
    "labelbox": ("Labelbox", "ontology.json", _labelbox),
    "supervisely": ("Supervisely", "meta.json", _supervisely),
}

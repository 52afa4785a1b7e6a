"""One ontology in YAML, and the configuration of four tools that is made of it."""

from __future__ import annotations

import json
import subprocess
from xml.etree import ElementTree

import pytest

from labelschool import course
from labelschool.demos.tools_ontology import CROSSING
from labelschool.errors import LabelSchoolError
from labelschool.formats import ontology

FULL = """
project: Crossing
classes:
  - {name: car, shape: box, attributes: [occluded, truncated]}
  - {name: person, shape: box, attributes: [occluded]}
  - {name: road, shape: mask}
  - {name: "stop & go", shape: polygon, attributes: [seen]}
  - {name: walker, shape: keypoints, points: [head, hip, '"foot"'], bones: [[head, hip]]}
  - {name: kerb, shape: line}
attributes:
  - {name: occluded, choose: one, values: ["0", "1", "2", "3"]}
  - {name: truncated}
  - {name: seen, choose: many, values: [front, back]}
tags:
  - {name: weather, choose: one, values: [dry, wet]}
  - {name: doubts, choose: many, values: [dark, "far < 8 px"]}
spans: [PLACE, TIME]
"""


@pytest.fixture(scope="module")
def made():
    return ontology.configs(ontology.parse(FULL))


def losses(config):
    return {(loss.what, loss.count) for loss in config.losses}


def test_label_studio_has_a_control_for_each_shape(made):
    view = ElementTree.fromstring(made["label-studio"].text)
    controls = {control.get("name"): control for control in view if control.get("toName")}
    labels = {name: [entry.get("value") for entry in c] for name, c in controls.items()}
    assert labels["box"] == ["car", "person"]
    assert labels["polygon"] == ["stop & go"]
    assert labels["keypoints"] == ["walker: head", "walker: hip", 'walker: "foot"']
    assert labels["span"] == ["PLACE", "TIME"]
    assert labels["doubts"] == ["doubts dark", "doubts far < 8 px"]
    assert labels["truncated"] == ["truncated"]
    exported = {name: [entry.get("alias") for entry in c] for name, c in controls.items()}
    assert exported["doubts"] == ["dark", "far < 8 px"]
    assert exported["truncated"] == ["yes"]
    assert controls["span"].get("toName") == "text"
    assert controls["keypoints"].get("model_index") is not None
    occluded = controls["occluded"]
    assert (occluded.get("perRegion"), occluded.get("whenLabelValue")) == ("true", "car,person")
    assert [controls[name].get("choice") for name in ("occluded", "truncated", "weather")] == [
        "single",
        "multiple",
        "single",
    ]
    assert losses(made["label-studio"]) == {("bones", 1)}


def test_cvat_has_labels_with_attributes_skeletons_and_tags(made):
    labels = {label["name"]: label for label in json.loads(made["cvat"].text)}
    assert {name: label["type"] for name, label in labels.items()} == {
        "car": "rectangle",
        "person": "rectangle",
        "road": "mask",
        "stop & go": "polygon",
        "walker": "skeleton",
        "kerb": "polyline",
        "weather": "tag",
        "doubts: dark": "tag",
        "doubts: far < 8 px": "tag",
    }
    asked = {a["name"]: (a["input_type"], a["values"]) for a in labels["car"]["attributes"]}
    assert asked == {
        "occluded": ("select", ["0", "1", "2", "3"]),
        "truncated": ("checkbox", ["false", "true"]),
    }
    drawn = ElementTree.fromstring(f"<svg>{labels['walker']['svg']}</svg>")
    points = [node.get("data-label-name") for node in drawn.iter("circle")]
    assert points == [sub["name"] for sub in labels["walker"]["sublabels"]]
    assert points == ["head", "hip", '"foot"']
    (bone,) = drawn.iter("line")
    assert (bone.get("data-node-from"), bone.get("data-node-to")) == ("1", "2")
    assert losses(made["cvat"]) == {("spans", 2)}


def test_labelbox_has_tools_and_classifications(made):
    built = json.loads(made["labelbox"].text)
    tools = {tool["name"]: tool for tool in built["tools"]}
    assert {tool["tool"] for tool in built["tools"]} == {
        "rectangle",
        "raster-segmentation",
        "polygon",
        "point",
        "line",
        "named-entity",
    }
    kinds = {c["name"]: (c["type"], len(c["options"])) for c in tools["car"]["classifications"]}
    assert kinds == {"occluded": ("radio", 4), "truncated": ("checklist", 1)}
    assert [c["scope"] for c in built["classifications"]] == ["global", "global"]
    assert losses(made["labelbox"]) == {("bones", 1)}


def test_supervisely_has_classes_and_tags_bound_to_them(made):
    meta = json.loads(made["supervisely"].text)
    shapes = {entry["title"]: entry["shape"] for entry in meta["classes"]}
    assert shapes["walker"] == "graph"
    assert shapes["road"] == "bitmap"
    tags = {tag["name"]: tag for tag in meta["tags"]}
    assert tags["occluded"]["classes"] == ["car", "person"]
    assert tags["occluded"]["applicable_type"] == "objectsOnly"
    assert tags["truncated"]["value_type"] == "none"
    assert (tags["weather"]["applicable_type"], tags["weather"]["values"]) == (
        "imagesOnly",
        ["dry", "wet"],
    )
    assert losses(made["supervisely"]) == {("spans", 2)}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("project: [", "no YAML at line 1"),
        ("classes: []", "project"),
        ("project: a\nclasses: [{name: car, shape: circle}]", "shape"),
        ("project: a\nclasses: [{name: car}, {name: car}]", "'car' is used twice"),
        ("project: a\nclasses: [{name: car, attributes: [far]}]", "no attribute 'far'"),
        ("project: a\nclasses: [{name: car, shape: keypoints}]", "needs points"),
        (
            "project: a\nclasses: [{name: b, shape: keypoints, points: [c], bones: [[c, d]]}]",
            "ends at 'd'",
        ),
        ("project: a\ntags: [{name: weather}]", "'weather' needs values"),
        ("just a text", "The ontology is wrong"),
    ],
)
def test_a_wrong_ontology_is_one_sentence(text, says):
    with pytest.raises(LabelSchoolError, match=says) as raised:
        ontology.parse(text)
    assert "\n" not in str(raised.value)


VENDORS = {
    "a": """
import json, sys
from labelbox.schema.ontology import OntologyBuilder
from label_studio_sdk.label_interface import LabelInterface
texts = json.load(sys.stdin)
interface = LabelInterface(texts["label-studio"])
interface.validate()
built = OntologyBuilder.from_dict(json.loads(texts["labelbox"]))
print(json.dumps({
    "label-studio": {name: list(c.labels) for name, c in interface._controls.items()},
    "labelbox": [tool.name for tool in built.tools],
}))
""",
    "b": """
import json, sys
import supervisely as sly
meta = sly.ProjectMeta.from_json(json.loads(json.load(sys.stdin)["supervisely"]))
print(json.dumps({"supervisely": [c.name for c in meta.obj_classes]}))
""",
}


@pytest.mark.parametrize("venv", VENDORS)
def test_the_tools_own_packages_take_it(made, venv):
    python = course.root() / "build" / "oracles" / venv / "bin" / "python"
    if not python.exists():
        pytest.skip("`make oracles` installs the tools' packages")
    for configs in (made, ontology.configs(ontology.parse(CROSSING))):
        texts = {name: config.text for name, config in configs.items()}
        done = subprocess.run(
            [python, "-W", "ignore", "-c", VENDORS[venv]],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        read = json.loads(done.stdout.splitlines()[-1])
    names = {"label-studio": "box", "labelbox": "car", "supervisely": "car"}
    assert all(names[tool] in found for tool, found in read.items())

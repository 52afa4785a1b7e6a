"""Runs in the venv with supervisely: reads the projects we wrote and writes one that we read.
Takes the folder of `run.py`; prints a JSON object on its last line.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path

import numpy as np
import supervisely as sly
from supervisely.geometry.graph import KeypointsTemplate, Node

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

Rows = list[list]


def numbers(geometry: object) -> tuple[str, list[float]]:
    """A geometry of the SDK in continuous px, as a kind and its numbers."""
    kind = geometry.geometry_name()
    if kind == "rectangle":
        area = [geometry.left, geometry.top, geometry.width, geometry.height]
        assert geometry.area == geometry.width * geometry.height
        return "box", area
    if kind == "oriented_bbox":
        turn = float(np.degrees(geometry.angle))
        return "box", [geometry.left, geometry.top, geometry.width, geometry.height, turn]
    if kind == "bitmap":
        box = geometry.to_bbox()
        return "mask", [box.left, box.top, box.width, box.height, int(geometry.data.sum())]
    if kind == "graph":
        nodes = geometry.nodes.values()
        return "keypoints", [v for n in nodes for v in (n.location.col, n.location.row)]
    if kind == "multipolygon":
        return "multipolygon", [len(geometry.parts)]
    if kind == "point":
        return "line", [geometry.col + 0.5, geometry.row + 0.5]
    points = geometry.exterior
    return kind, [v + 0.5 for p in points for v in (p.col, p.row)]


def read(folder: Path) -> Rows:
    """The labels of a project of pictures."""
    project = sly.Project(str(folder), sly.OpenMode.READ)
    rows = []
    for dataset in project.datasets:
        for name in dataset.get_items_names():
            found = dataset.get_ann(name, project.meta)
            stem = name.removesuffix(".png")
            rows += [[stem, tag.value or tag.meta.name, "tag", []] for tag in found.img_tags]
            rows += [
                [stem, label.obj_class.name, *numbers(label.geometry)] for label in found.labels
            ]
    return rows


def read_clips(folder: Path) -> Rows:
    """The number of figures of each object of a project of videos."""
    project = sly.VideoProject(str(folder), sly.OpenMode.READ)
    rows = []
    for dataset in project.datasets:
        for name in dataset.get_items_names():
            found = dataset.get_ann(name, project.meta)
            frames: dict[str, list[int]] = {}
            for figure in found.figures:
                frames.setdefault(figure.video_object.obj_class.name, []).append(figure.frame_index)
            rows += [[name, *entry[:1], "track", sorted(entry[1])] for entry in frames.items()]
    return rows


def write(out: Path) -> Rows:
    """A project with a label of each kind, and what it is to hold."""
    template = KeypointsTemplate()
    template.add_point("nose", 10, 10)
    template.add_point("tail", 20, 20)
    template.add_edge("nose", "tail")
    kinds = {
        "car": sly.Rectangle,
        "blob": sly.Bitmap,
        "lake": sly.Polygon,
        "lane": sly.Polyline,
        "dot": sly.Point,
    }
    classes = {name: sly.ObjClass(name, kind) for name, kind in kinds.items()}
    classes["dog"] = sly.ObjClass("dog", sly.GraphNodes, geometry_config=template)
    place = sly.PointLocation
    mask = np.zeros((20, 30), bool)
    mask[2:9, 3:20] = True
    triangle = [place(1, 1), place(1, 30), place(20, 30)]
    nodes = {
        "nose": Node(place(5, 6)),
        "tail": Node(place(15, 16)),
    }
    shapes = {
        "car": sly.Rectangle(10, 20, 30, 40),
        "blob": sly.Bitmap(mask, origin=place(4, 5)),
        "lake": sly.Polygon(triangle, []),
        "lane": sly.Polyline([place(1, 1), place(9, 9)]),
        "dot": sly.Point(7, 8),
        "dog": sly.GraphNodes(nodes),
    }
    labels = [sly.Label(shape, classes[name]) for name, shape in shapes.items()]
    weather = sly.TagMeta("weather", sly.TagValueType.ONEOF_STRING, possible_values=["sun", "rain"])
    project = sly.Project(str(out), sly.OpenMode.CREATE)
    project.set_meta(sly.ProjectMeta(list(classes.values()), [weather]))
    dataset = project.create_dataset("dataset")
    tags = sly.TagCollection([sly.Tag(weather, "sun")])
    found = sly.Annotation((100, 200), labels, img_tags=tags)
    picture = np.zeros((100, 200, 3), np.uint8)
    dataset.add_item_np("a.png", picture, ann=found)
    dataset.add_item_np("b.png", picture, ann=sly.Annotation((100, 200)))
    points = [1.5, 1.5, 30.5, 1.5, 30.5, 20.5]
    return [
        ["a", "sun", "tag", []],
        ["a", "car", "box", [20, 10, 21, 21]],
        ["a", "blob", "mask", [8, 6, 17, 7, 119]],
        ["a", "lake", "polygon", points],
        ["a", "lane", "line", [1.5, 1.5, 9.5, 9.5]],
        ["a", "dot", "line", [8.5, 7.5]],
        ["a", "dog", "keypoints", [6.5, 5.5, 2, 16.5, 15.5, 2]],
    ]


def main(base: Path) -> None:
    """All readings and writings of supervisely."""
    found = {
        "supervisely reads supervisely": read(base / "supervisely"),
        "supervisely reads supervisely shapes": read(base / "supervisely-shapes"),
        "supervisely reads clips": read_clips(base / "supervisely-clips"),
        "supervisely writes a project": write(base / "from-supervisely"),
    }
    sly.convert.to_coco(str(base / "supervisely"), str(base / "from-supervisely-coco"))
    sly.convert.to_yolo(str(base / "supervisely"), str(base / "from-supervisely-yolo"))
    print(json.dumps(found, default=float))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

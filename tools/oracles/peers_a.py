"""Runs in the venv with datumaro, globox, label-studio-sdk and labelbox: reads what we wrote and
writes what we read. Takes the folder of `run.py`; prints a JSON object on its last line.
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

Rows = list[list]


def stem(name: str) -> str:
    """The name of a picture without its folders and its suffix."""
    name = name.split("__", 1)[-1].rpartition("/")[2]
    return name.removesuffix(".png")


# datumaro -----------------------------------------------------------------------------------------


def datumaro_read(folder: Path, format: str) -> Rows:
    import datumaro as dm
    from datumaro.util.mask_tools import mask_to_rle

    dataset = dm.Dataset.import_from(str(folder), format)
    names = dataset.categories()[dm.AnnotationType.label]
    rows = []
    for item in dataset:
        for one in item.annotations:
            name = names[one.label].name
            if one.type == dm.AnnotationType.bbox:
                rows.append([stem(item.id), name, "box", [one.x, one.y, one.w, one.h]])
            elif one.type == dm.AnnotationType.rotated_bbox:
                x, y = one.cx - one.w / 2, one.cy - one.h / 2
                rows.append([stem(item.id), name, "box", [x, y, one.w, one.h, one.r]])
            elif one.type == dm.AnnotationType.mask:
                assert mask_to_rle(one.image)
                rows.append([stem(item.id), name, "mask", [*one.get_bbox(), one.get_area()]])
            elif one.type == dm.AnnotationType.label:
                rows.append([stem(item.id), name, "tag", []])
            else:
                kind = one.type.name.replace("polyline", "line")
                kind = "line" if kind == "points" and len(one.points) == 2 else kind
                rows.append([stem(item.id), name, kind, [float(v) for v in one.points]])
    return rows


def datumaro_write(source: Path, out: Path, format: str) -> None:
    import datumaro as dm

    dataset = dm.Dataset.import_from(str(source), "coco_instances")
    if format == "yolo_ultralytics":
        # It writes nothing without a part for validation.
        dataset.transform("random_split", splits=[("train", 0.6), ("val", 0.4)], seed=1)
    dataset.export(str(out), format, save_media=True)


# globox -------------------------------------------------------------------------------------------


def globox_rows(found: object) -> Rows:
    return [
        [stem(item.image_id), box.label, "box", [box.xmin, box.ymin, box.width, box.height]]
        for item in found
        for box in item.boxes
    ]


def globox_read(folder: Path, format: str) -> Rows:
    from globox import AnnotationSet

    if format == "coco":
        return globox_rows(AnnotationSet.from_coco(folder / "annotations.json"))
    if format == "cvat":
        return globox_rows(AnnotationSet.from_cvat(folder / "annotations.xml"))
    if format == "voc":
        return globox_rows(AnnotationSet.from_pascal_voc(folder / "Annotations"))
    pictures = folder.parent / "pictures"
    found = AnnotationSet.from_yolo_v5(
        folder / "labels", image_folder=pictures, image_extension=".png"
    )
    names = [line.split(": ", 1)[1] for line in (folder / "data.yaml").read_text().splitlines()[4:]]
    return [[a, names[int(label)], *rest] for a, label, *rest in globox_rows(found)]


def globox_write(source: Path, out: Path, format: str) -> None:
    from globox import AnnotationSet

    found = AnnotationSet.from_coco(source / "annotations.json")
    out.mkdir()
    if format == "coco":
        found.save_coco(out / "annotations.json", auto_ids=True)
    elif format == "cvat":
        found.save_cvat(out / "annotations.xml")
    elif format == "yolo":
        found.save_yolo_v5(out / "labels", label_to_id={"car": 0, "crowd": 1})
        names = "path: .\ntrain: images\nval: images\nnames: [car, crowd]\n"
        (out / "data.yaml").write_text(names, encoding="utf-8")
        shutil.copytree(source.parent / "pictures", out / "images")
    else:
        found.save_pascal_voc(out)


# label-studio-sdk ---------------------------------------------------------------------------------


def label_studio_accepts(folder: Path) -> int:
    """How many annotations fit their config."""
    from label_studio_sdk.label_interface import LabelInterface

    count = 0
    for config in folder.glob("*label_config.xml"):
        interface = LabelInterface(config.read_text(encoding="utf-8"))
        name = config.name.replace("label_config.xml", "tasks.json")
        tasks = json.loads((folder / name).read_text(encoding="utf-8"))
        for task in tasks:
            assert all(map(interface.validate_annotation, task["annotations"])), task["id"]
            count += len(task["annotations"])
    return count


def label_studio_convert(folder: Path, out: Path, format: str) -> None:
    from label_studio_sdk.converter import Converter

    config = (folder / "label_config.xml").read_text(encoding="utf-8")
    converter = Converter(config, project_dir=None, download_resources=False)
    tasks = str(folder / "tasks.json")
    pictures = str(out / "images")
    if format == "coco":
        converter.convert_to_coco(tasks, str(out), output_image_dir=pictures, is_dir=False)
    elif format == "voc":
        converter.convert_to_voc(tasks, str(out), output_image_dir=pictures, is_dir=False)
    elif format == "json-min":
        converter.convert_to_json_min(tasks, str(out), is_dir=False)


def label_studio_brushes(file: Path) -> Rows:
    """The brush strokes of a file, as the SDK decodes them."""
    import numpy as np
    from label_studio_sdk.converter.brush import decode_rle

    rows = []
    for task in json.loads(file.read_text(encoding="utf-8")):
        for annotation in task["annotations"]:
            for result in annotation["result"]:
                if result["type"] == "brushlabels":
                    size = result["original_height"], result["original_width"], 4
                    flat = decode_rle(result["value"]["rle"])
                    mask = np.reshape(flat, size)[:, :, 3] > 0
                    ys, xs = np.nonzero(mask)
                    left, top = int(xs.min()), int(ys.min())
                    box = [left, top, int(xs.max()) - left + 1, int(ys.max()) - top + 1]
                    (name,) = result["value"]["brushlabels"]
                    rows.append([str(task["id"]), name, "mask", [*box, int(mask.sum())]])
    return rows


# labelbox -----------------------------------------------------------------------------------------


def labelbox_accepts(folder: Path) -> Rows:
    """The annotations of our import file, as the SDK's own models understand them."""
    from labelbox.data.serialization.ndjson.label import AnnotationType
    from pydantic import TypeAdapter

    adapter = TypeAdapter(AnnotationType)
    rows = []
    for line in (folder / "import.ndjson").read_text(encoding="utf-8").splitlines():
        one = adapter.validate_python(json.loads(line))
        name, kind = stem(one.data_row.global_key), type(one).__name__
        if kind == "NDRectangle":
            box = one.bbox
            rows.append([name, one.name, "box", [box.left, box.top, box.width, box.height]])
        elif kind == "NDPolygon":
            points = one.polygon[:-1]
            rows.append([name, one.name, "polygon", [v for p in points for v in (p.x, p.y)]])
        elif kind == "NDMask":
            mask = one.to_common().mask.value[..., 0] > 0
            rows.append([name, one.name, "mask", [int(mask.sum())]])
        elif kind in ("NDPoint", "NDLine"):
            points = [one.point] if kind == "NDPoint" else one.line
            rows.append([name, one.name, "line", [v for p in points for v in (p.x, p.y)]])
        elif kind == "NDTextEntity":
            where = [one.location.start, one.location.end]
            rows.append([name, one.name, "span", where])
        elif kind == "NDSegments":
            keys = [key for each in one.segments for key in each.keyframes]
            rows.append([name, one.name, "track", [key.frame for key in keys]])
        elif kind == "NDRelationship":
            rows.append([name, one.name, "relation", []])
        else:
            rows.append([name, one.name, "tag", []])
    return rows


def labelbox_write(out: Path) -> Rows:
    """An import file that the SDK writes, and what it is to hold."""
    import labelbox.types as lb
    from labelbox.data.serialization import NDJsonConverter

    point, answer = lb.Point, lb.ClassificationAnswer
    box = lb.Rectangle(start=point(x=1, y=2), end=point(x=5, y=9))
    outline = lb.Polygon(points=[point(x=1, y=1), point(x=9, y=1), point(x=9, y=9)])
    line = lb.Line(points=[point(x=1, y=1), point(x=4, y=5)])
    state = lb.ClassificationAnnotation(name="parked", value=lb.Radio(answer=answer(name="true")))
    scene = lb.ClassificationAnnotation(name="scene", value=lb.Radio(answer=answer(name="day")))
    annotations = [
        lb.ObjectAnnotation(name="car", value=box, classifications=[state]),
        lb.ObjectAnnotation(name="lake", value=outline),
        lb.ObjectAnnotation(name="lane", value=line),
        lb.ObjectAnnotation(name="nose", value=point(x=6, y=5)),
        scene,
    ]
    entity = lb.ObjectAnnotation(name="PER", value=lb.TextEntity(start=3, end=5))
    labels = [
        lb.Label(data={"global_key": "a.png"}, annotations=annotations),
        lb.Label(data={"global_key": "b.txt"}, annotations=[entity]),
    ]
    lines = [json.dumps(line) + "\n" for line in NDJsonConverter.serialize(labels)]
    out.mkdir()
    (out / "import.ndjson").write_text("".join(lines), encoding="utf-8")
    return [
        ["a", "car", "box", [1, 2, 4, 7]],
        ["a", "lake", "polygon", [1, 1, 9, 1, 9, 9]],
        ["a", "lane", "line", [1, 1, 4, 5]],
        ["a", "nose", "line", [6, 5]],
        ["a", "day", "tag", []],
        ["b.txt", "PER", "span", [3, 6]],
    ]


def main(base: Path) -> None:
    """All readings and writings of these peers."""
    found: dict[str, object] = {}
    formats = {"coco": "coco_instances", "voc": "voc_detection", "yolo": "yolo", "cvat": "cvat"}
    for name, format in formats.items():
        found[f"datumaro reads {name}"] = datumaro_read(base / f"datumaro-{name}", format)
    for name in ("coco", "cvat"):
        found[f"datumaro reads {name} shapes"] = datumaro_read(
            base / f"datumaro-{name}-shapes", formats[name]
        )
    writes = {"coco": "coco_instances", "voc": "voc_detection", "yolo": "yolo_ultralytics"}
    for name, format in {**writes, "cvat": "cvat"}.items():
        datumaro_write(base / "datumaro-coco", base / f"from-datumaro-{name}", format)
    crowds = base / "from-datumaro-crowds"
    datumaro_write(base / "datumaro-coco-crowds", crowds, "yolo_ultralytics")
    for name in ("coco", "voc", "yolo", "cvat"):
        found[f"globox reads {name}"] = globox_read(base / name, name)
    for name in ("coco", "voc", "cvat"):
        globox_write(base / "coco", base / f"from-globox-{name}", name)
    globox_write(base / "coco-crowds", base / "from-globox-crowds", "yolo")
    for name in ("label-studio", "label-studio-shapes", "label-studio-rest"):
        found[f"label-studio-sdk accepts {name}"] = label_studio_accepts(base / name)
    for name in ("coco", "voc", "json-min"):
        label_studio_convert(base / "label-studio", base / f"from-label-studio-sdk-{name}", name)
    found["label-studio-sdk reads brushes"] = label_studio_brushes(
        base / "label-studio-shapes" / "tasks.json"
    )
    found["label-studio-sdk reads the brush of a server"] = label_studio_brushes(
        base / "server.json"
    )
    for name in ("labelbox-import", "labelbox-import-shapes", "labelbox-import-rest"):
        found[f"labelbox reads {name}"] = labelbox_accepts(base / name)
    found["labelbox writes import"] = labelbox_write(base / "from-labelbox-import")
    print(json.dumps(found, default=float))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""A right answer to exercise 2.J, as a learner may write it."""

from pathlib import PurePosixPath
from xml.etree import ElementTree


def unique(entries):
    by_id = {entry["id"]: entry for entry in entries}
    if len(by_id) < len(entries):
        raise ValueError("an id is used twice")
    return by_id


def shown(picture):
    sides = picture["width"], picture["height"]
    return sides[::-1] if picture["orientation"] >= 5 else sides


def label_file(picture, suffix):
    return str(PurePosixPath(picture).with_suffix(suffix))


def objects(coco):
    """The annotations of each picture by its name, and the ids of crowds, which are left out."""
    images, categories = unique(coco["images"]), unique(coco["categories"])
    unique(coco["annotations"])
    found = {image["file_name"]: [] for image in images.values()}
    lost = []
    for entry in coco["annotations"]:
        if entry["iscrowd"]:
            lost.append(entry["id"])
        else:
            picture = images[entry["image_id"]]["file_name"]
            found[picture].append((categories[entry["category_id"]]["name"], entry["bbox"]))
    return found, lost


def coco_to_yolo(coco, pictures):
    found, lost = objects(coco)
    names = [entry["name"] for entry in coco["categories"]]
    files = {}
    for picture, boxes in found.items():
        width, height = shown(pictures[picture])
        rows = []
        for name, (x, y, w, h) in boxes:
            cx, cy = (x + w / 2) / width, (y + h / 2) / height
            row = f"{names.index(name)} {cx:.7f} {cy:.7f} {w / width:.7f} {h / height:.7f}\n"
            rows.append(row)
        files[label_file(picture, ".txt")] = "".join(rows)
    return {"names": names, "files": files, "lost": lost}


def yolo_to_coco(yolo, pictures):
    images, annotations = [], []
    for picture, about in pictures.items():
        width, height = shown(about)
        image = {"id": len(images) + 1, "file_name": picture, "width": width, "height": height}
        images.append(image)
        text = yolo["files"].get(label_file(picture, ".txt"), "")
        for row in text.splitlines():
            number, *values = row.split()
            cx, cy, w, h = map(float, values)
            w, h = w * width, h * height
            x, y = cx * width - w / 2, cy * height - h / 2
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image["id"],
                    "category_id": int(number) + 1,
                    "bbox": [x, y, w, h],
                    "area": w * h,
                    "iscrowd": 0,
                }
            )
    categories = [{"id": number, "name": name} for number, name in enumerate(yolo["names"], 1)]
    return {"images": images, "annotations": annotations, "categories": categories}


def coco_to_voc(coco, pictures):
    found, lost = objects(coco)
    files = {}
    for picture, boxes in found.items():
        root = ElementTree.Element("annotation")
        ElementTree.SubElement(root, "filename").text = picture
        size = ElementTree.SubElement(root, "size")
        for side, value in zip(("width", "height"), shown(pictures[picture]), strict=True):
            ElementTree.SubElement(size, side).text = str(value)
        for name, (x, y, w, h) in boxes:
            entry = ElementTree.SubElement(root, "object")
            ElementTree.SubElement(entry, "name").text = name
            box = ElementTree.SubElement(entry, "bndbox")
            sides = {"xmin": x + 1, "ymin": y + 1, "xmax": x + w, "ymax": y + h}
            for side, value in sides.items():
                ElementTree.SubElement(box, side).text = str(round(value))
        text = ElementTree.tostring(root, encoding="unicode")
        files[label_file(picture, ".xml")] = text
    return {"files": files, "lost": lost}

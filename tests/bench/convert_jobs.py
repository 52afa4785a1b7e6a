"""One conversion of a COCO file by one library, measured inside a process of its own.

    python convert_jobs.py baseline|ours|globox|datumaro yolo|voc SOURCE.json OUT

Prints a JSON object: CPU seconds of the conversion without imports, peak memory of the process in
MB (1e6 bytes), and how many label files and rows were written.
"""

from __future__ import annotations

import importlib
import json
import logging
import os
import resource
import sys
import time
import warnings
from collections import defaultdict
from pathlib import Path

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)


def baseline(source: Path, out: Path, to: str) -> None:
    """What anybody writes who needs it once: json and f-strings, no check of anything."""
    data = json.loads(source.read_text(encoding="utf-8"))
    names = {row["id"]: row["name"] for row in data["categories"]}
    index = {id_: number for number, id_ in enumerate(names)}
    rows = defaultdict(list)
    for row in data["annotations"]:
        if not row["iscrowd"]:
            rows[row["image_id"]].append(row)
    out.mkdir(parents=True)
    for image in data["images"]:
        width, height, name = image["width"], image["height"], image["file_name"]
        parts = []
        for row in rows[image["id"]]:
            x, y, w, h = row["bbox"]
            if to == "yolo":
                parts.append(
                    f"{index[row['category_id']]} {(x + w / 2) / width:.6f} "
                    f"{(y + h / 2) / height:.6f} {w / width:.6f} {h / height:.6f}\n"
                )
            else:
                parts.append(
                    f"\t<object>\n\t\t<name>{names[row['category_id']]}</name>\n"
                    "\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n"
                    "\t\t<difficult>0</difficult>\n"
                    f"\t\t<bndbox>\n\t\t\t<xmin>{round(x) + 1}</xmin>\n"
                    f"\t\t\t<ymin>{round(y) + 1}</ymin>\n\t\t\t<xmax>{round(x + w)}</xmax>\n"
                    f"\t\t\t<ymax>{round(y + h)}</ymax>\n\t\t</bndbox>\n\t</object>\n"
                )
        text = "".join(parts)
        if to == "voc":
            text = (
                f"<annotation>\n\t<filename>{name}</filename>\n\t<size>\n"
                f"\t\t<width>{width}</width>\n\t\t<height>{height}</height>\n"
                f"\t\t<depth>3</depth>\n\t</size>\n{text}</annotation>\n"
            )
        suffix = "txt" if to == "yolo" else "xml"
        (out / f"{Path(name).stem}.{suffix}").write_text(text, encoding="utf-8")
    if to == "yolo":
        (out / "classes.names").write_text("\n".join(names.values()), encoding="utf-8")


def ours(source: Path, out: Path, to: str) -> None:
    """`labelschool convert`."""
    from labelschool import formats

    formats.write(formats.read(source), out, to)


def globox(source: Path, out: Path, to: str) -> None:
    """globox keeps crowds."""
    from globox import AnnotationSet

    found = AnnotationSet.from_coco(source)
    out.mkdir(parents=True)
    if to == "voc":
        found.save_pascal_voc(out)
    else:
        ids = {label: number for number, label in enumerate(sorted(found._labels()))}
        found.save_yolo_v5(out, label_to_id=ids)


def datumaro(source: Path, out: Path, to: str) -> None:
    """datumaro wants COCO's folders, and writes no file for a picture without objects."""
    import datumaro as dm

    found = dm.Dataset.import_from(str(source.parents[1]), "coco_instances")
    found.export(str(out), to, save_media=False)


IMPORTS = {
    "baseline": (),
    "ours": ("labelschool.formats", "yaml"),
    "globox": ("globox",),
    "datumaro": ("datumaro",),
}


def main() -> None:
    """Run the job that the arguments name."""
    name, to, source, out = sys.argv[1:]
    for module in IMPORTS[name]:
        importlib.import_module(module)
    if name == "ours":
        importlib.import_module("labelschool.formats").known()
    before = time.process_time()
    globals()[name](Path(source), Path(out), to)
    seconds = time.process_time() - before
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    suffix = ".txt" if to == "yolo" else ".xml"
    files = [
        Path(folder) / file
        for folder, _, names in os.walk(out)
        for file in names
        if file.endswith(suffix) and file != "val2017.txt"
    ]
    texts = [path.read_text(encoding="utf-8") for path in files]
    rows = sum(len(t.splitlines()) if to == "yolo" else t.count("<object>") for t in texts)
    print(json.dumps({"cpu": seconds, "memory": memory, "files": len(files), "rows": rows}))


if __name__ == "__main__":
    main()

"""COCO to YOLO and to Pascal VOC beside 40 lines of json and f-strings, globox and datumaro.

    .venv/bin/python tests/bench/bench_formats.py            # val2017's scale, two minutes
    .venv/bin/python tests/bench/bench_formats.py --train    # also train2017's, for its memory

The file is generated: as many pictures, annotations and crowds as the real one, category ids with
gaps, a polygon or run lengths for each object. Every conversion runs in a process of its own and
is told by its CPU seconds without imports, the least of the rounds, in turns. globox and datumaro
run where `make oracles` has made their environment. Aims: within 1.2 times the plain script, ahead
of both, and below 600 MB at train2017's scale.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[1] / "build" / "oracles" / "a" / "bin" / "python"
ROUNDS = 5
RATIO_AIM, MEMORY_AIM = 1.2, 600
VAL, TRAIN = (5_000, 36_781, 455), (118_287, 860_001, 10_498)
GAPS = {12, 26, 29, 30, 45, 66, 68, 69, 71, 83}


def generate(path: Path, pictures: int, annotations: int, crowds: int) -> None:
    """Write a COCO file with its parts in the order of the real ones."""
    draw = random.Random(2017)
    ids = [number for number in range(1, 91) if number not in GAPS]
    images = [_image(draw, number) for number in range(1, pictures + 1)]
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8") as out:
        out.write('{"info": {"description": "generated"}, "licenses": [], "images": ')
        json.dump(images, out)
        out.write(', "annotations": [')
        for number in range(annotations):
            row = _annotation(draw, number, draw.choice(images), draw.choice(ids), crowds)
            out.write((", " if number else "") + json.dumps(row))
        categories = [{"supercategory": "thing", "id": id_, "name": f"class {id_}"} for id_ in ids]
        out.write(f'], "categories": {json.dumps(categories)}}}')


def _image(draw: random.Random, number: int) -> dict[str, object]:
    server = "http://images.cocodataset.org/val2017"
    return {
        "license": draw.randint(1, 8),
        "file_name": f"{number:012d}.jpg",
        "coco_url": f"{server}/{number:012d}.jpg",
        "height": draw.choice((427, 480, 640)),
        "width": 640,
        "date_captured": "2013-11-14 17:02:52",
        "flickr_url": f"http://farm7.staticflickr.com/6116/{number}_02bbd94621_z.jpg",
        "id": number,
    }


def _annotation(
    draw: random.Random, number: int, image: dict, category: int, crowds: int
) -> dict[str, object]:
    width, height = image["width"], image["height"]
    w, h = round(draw.uniform(4, width / 2), 2), round(draw.uniform(4, height / 2), 2)
    x, y = round(draw.uniform(0, width - w), 2), round(draw.uniform(0, height - h), 2)
    if number < crowds:
        runs = [draw.randint(1, 900) for _ in range(300)]
        segmentation = {"counts": [*runs, width * height - sum(runs)], "size": [height, width]}
    else:
        corners = range(draw.randint(10, 40))
        points = [(draw.uniform(x, x + w), draw.uniform(y, y + h)) for _ in corners]
        segmentation = [[round(value, 2) for point in points for value in point]]
    return {
        "segmentation": segmentation,
        "area": round(w * h * 0.7, 4),
        "iscrowd": int(number < crowds),
        "image_id": image["id"],
        "bbox": [x, y, w, h],
        "category_id": category,
        "id": number + 1,
    }


def run(name: str, to: str, source: Path, folder: Path) -> dict[str, float]:
    """The figures of one conversion; see `convert_jobs`."""
    out = folder / "out"
    python = PEERS if name in ("globox", "datumaro") else Path(sys.executable)
    command = [python, HERE / "convert_jobs.py", name, to, source, out]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    shutil.rmtree(out, ignore_errors=True)
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout.splitlines()[-1])


def compare(to: str, source: Path, folder: Path) -> bool:
    """Print all contestants; whether the aims are met."""
    names = ["baseline", "ours", *(("globox", "datumaro") if PEERS.exists() else ())]
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for number in range(ROUNDS):
        for name in names:
            if number < 2 or name in ("baseline", "ours"):
                found[name].append(run(name, to, source, folder))
    best = {name: min(runs, key=lambda one: one["cpu"]) for name, runs in found.items()}
    base = best["baseline"]["cpu"]
    print(f"COCO to {to}: CPU seconds, times the plain script, peak MB, files, rows")
    for name, one in best.items():
        print(
            f"  {name:9} {one['cpu']:6.2f} s {one['cpu'] / base:6.2f}x {one['memory']:6.0f} MB "
            f"{one['files']:6,} {one['rows']:7,}"
        )
    ratio = best["ours"]["cpu"] / base
    ahead = all(best["ours"]["cpu"] < best[name]["cpu"] for name in names[2:])
    return ratio <= RATIO_AIM and ahead


def main() -> int:
    """Print the figures; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--train", action="store_true", help="also at train2017's scale")
    options = parser.parse_args()
    met = True
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "coco" / "images").mkdir(parents=True)
        source = folder / "coco" / "annotations" / "instances_val2017.json"
        generate(source, *VAL)
        print(f"{VAL[0]:,} pictures, {VAL[1]:,} annotations, {source.stat().st_size / 1e6:.0f} MB")
        if not PEERS.exists():
            print("globox and datumaro are not here: run make oracles first.")
        for to in ("yolo", "voc"):
            met &= compare(to, source, folder)
        if options.train:
            source = folder / "train" / "annotations" / "instances_train2017.json"
            generate(source, *TRAIN)
            size = source.stat().st_size / 1e6
            print(f"{TRAIN[0]:,} pictures, {TRAIN[1]:,} annotations, {size:.0f} MB")
            for to in ("yolo", "voc"):
                one = run("ours", to, source, folder)
                print(f"  ours to {to}: {one['cpu']:.1f} s, peak {one['memory']:.0f} MB")
                met &= one["memory"] < MEMORY_AIM
    print(f"Aims (within {RATIO_AIM}x, ahead of both, below {MEMORY_AIM} MB): ", end="")
    print("met" if met else "missed")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())

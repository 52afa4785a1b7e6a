"""The kernel's half of the cuboid annotator, and that both halves see cuboids alike."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labelschool import datasets
from labelschool.answers import AnswerFile
from labelschool.errors import LabelSchoolError
from labelschool.model import CUBOID_EDGES, Calibration, Cuboid, Item, cuboid_corners, project
from labelschool.widgets import CuboidAnnotator
from labelschool.widgets.cuboids import SIZES

CORE = Path(__file__).parents[2] / "labelschool" / "widgets" / "js" / "core"
NEAR = 0.1
SEEN = """
import { corners, LINES, wireframe } from "./cuboids.js";
const { cuboids, calibrations } = task;
const made = cuboids.map((cuboid, at) => [corners(cuboid), wireframe(cuboid, calibrations[at])]);
answer({ lines: LINES, made });
"""
FITTED = """
import { pointCloud } from "./cloud.js";
answer(task.map(([points, cuboids]) => {
  const cloud = pointCloud(Buffer.from(points, "base64"));
  return cuboids.map((cuboid) => cloud.fitted(cuboid));
}));
"""
needs_node = pytest.mark.skipif(
    shutil.which("node") is None, reason="no Node.js to ask the browser's half"
)


def in_javascript(script: str, task: Any) -> Any:
    """What a script of the browser's half answers to a task."""
    script = script.replace("./", f"{CORE.as_uri()}/")
    frame = f"""
        import fs from "node:fs";
        const task = JSON.parse(fs.readFileSync(0, "utf8"));
        const answer = (value) => fs.writeSync(1, JSON.stringify(value));
        {script}
    """
    command = ["node", "--input-type=module", "-e", frame]
    ran = subprocess.run(
        command, input=json.dumps(task), capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


@pytest.fixture
def items() -> list[Item]:
    return list(datasets.items("lidar_lite", "counted"))


def some_cuboid(rng: random.Random, number: int) -> Cuboid:
    return Cuboid(
        id=str(number),
        label="car",
        center=(rng.uniform(-20, 60), rng.uniform(-20, 20), rng.uniform(-2, 1)),
        size=tuple(rng.uniform(0.2, 12) for _ in range(3)),
        yaw=rng.uniform(-7, 7),
    )


def annotator(items: list[Item], folder: Path, **more: Any) -> CuboidAnnotator:
    file = AnswerFile("4.B", "counted", "G5.v1", folder)
    return CuboidAnnotator(
        title="LiDAR", items=items, answer_file=file, **{"classes": ["car", "person"], **more}
    )


def some_camera(rng: np.random.Generator) -> Calibration:
    """A camera that looks anywhere from near the sensor."""
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    rotation[0] *= np.linalg.det(rotation)
    extrinsics = np.eye(4)
    extrinsics[:3, :3], extrinsics[:3, 3] = rotation, rng.normal(size=3)
    focal, middle = rng.uniform(200, 2000, 2), rng.uniform(100, 900, 2)
    intrinsics = [[focal[0], rng.normal(), middle[0]], [0, focal[1], middle[1]], [0, 0, 1]]
    return Calibration(intrinsics=intrinsics, extrinsics=extrinsics.tolist())


def cut_lines(
    corners: np.ndarray, calibration: Calibration, lines: list[tuple[int, int]]
) -> list[np.ndarray]:
    """The ends in px of lines between corners, nearer end first, cut off NEAR before the camera."""
    depths = np.array(project(corners, calibration))[:, 2]
    seen = []
    for ends in lines:
        near, far = sorted(ends, key=lambda n: depths[n])
        if depths[far] <= NEAR:
            continue
        share = max(0.0, (NEAR - depths[near]) / (depths[far] - depths[near]))
        start = corners[near] + share * (corners[far] - corners[near])
        seen.append(np.array(project([start, corners[far]], calibration))[:, :2])
    return seen


@needs_node
def test_browser_and_kernel_see_the_same_cuboids(items: list[Item]) -> None:
    rng = random.Random(37)
    cameras = np.random.default_rng(38)
    cuboids = [some_cuboid(rng, number) for number in range(600)]
    real = [item.calibration for item in items]
    calibrations = [
        real[n % len(real)] if n % 2 else some_camera(cameras) for n in range(len(cuboids))
    ]
    task = {
        "cuboids": [cuboid.model_dump(mode="json") for cuboid in cuboids],
        "calibrations": [calibration.model_dump(mode="json") for calibration in calibrations],
    }
    answer = in_javascript(SEEN, task)
    lines = [tuple(line) for line in answer["lines"]]
    assert set(CUBOID_EDGES) < set(lines)
    whole = cut = 0
    for cuboid, calibration, (corners, seen) in zip(
        cuboids, calibrations, answer["made"], strict=True
    ):
        expected = np.array(cuboid_corners(cuboid))
        np.testing.assert_allclose(corners, expected, rtol=0, atol=1e-9)
        drawn = cut_lines(expected, calibration, lines)
        assert len(seen) == len(drawn)
        whole += len(drawn) == len(lines)
        cut += 0 < len(drawn) < len(lines)
        for ends, wanted in zip(seen, drawn, strict=True):
            np.testing.assert_allclose(ends, wanted, rtol=1e-6, atol=1e-6)
    assert min(whole, cut) > 10


@needs_node
def test_fitting_finds_ground_and_roof(items: list[Item], tmp_path: Path) -> None:
    """Footprints ten centimetres off, at no height: each finds its object between road and roof,
    even one of a single point."""
    task, truths = [], []
    of_item = {truth.item: truth for truth in datasets.truth("lidar_lite", "counted")}
    for item in items:
        [points] = annotator([item], tmp_path)._files(item, "sweep")
        seen = [cuboid for cuboid in of_item[item.name].cuboids if cuboid.level == "must"]
        rough = [
            {
                "center": (cuboid.center[0] + 0.1, cuboid.center[1] - 0.1, 0),
                "size": (cuboid.size[0] + 0.1, cuboid.size[1] + 0.1, SIZES[cuboid.label][2]),
                "yaw": cuboid.yaw,
            }
            for cuboid in seen
        ]
        task.append([base64.b64encode(points).decode(), rough])
        truths.append(seen)
    for cuboids, made in zip(truths, in_javascript(FITTED, task), strict=True):
        for cuboid, fit in zip(cuboids, made, strict=True):
            for side in (-0.5, 0.5):
                wanted = cuboid.center[2] + side * cuboid.size[2]
                assert fit["center"][2] + side * fit["size"][2] == pytest.approx(wanted, abs=0.35)
            assert fit["yaw"] == pytest.approx(cuboid.yaw, abs=1e-4)


def test_a_sweep_is_sent_in_metres(items: list[Item], tmp_path: Path) -> None:
    widget = annotator(items[:1], tmp_path)
    sent: list = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    widget._handle_custom_msg({"kind": "media", "item": items[0].name, "part": "sweep"}, [])
    [(message, [points])] = sent
    assert message["kind"] == "media"
    with np.load(items[0].sweep) as loaded:
        stored = loaded["xyz"]
    received = np.frombuffer(points, dtype="<f4").reshape(-1, 3)
    # From low to high, as they are drawn.
    rising = stored[np.argsort(stored[:, 2], kind="stable")]
    np.testing.assert_allclose(received, rising / 100, atol=1e-5)
    told = widget.spec["items"][0]
    assert set(told) == {"name", "width", "height", "calibration"}


def test_a_damaged_sweep_is_told_in_a_sentence(items: list[Item], tmp_path: Path) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(b"")
    widget = annotator([items[0].model_copy(update={"sweep": broken})], tmp_path)
    sent: list = []
    widget.send = lambda content, buffers=None: sent.append(content)
    widget._handle_custom_msg({"kind": "media", "item": items[0].name, "part": "sweep"}, [])
    assert sent[0]["kind"] == "nomedia"
    assert "point cloud of lidar_lite-007 is missing or damaged" in sent[0]["sentence"]


def test_usual_sizes_are_those_of_the_classes(items: list[Item], tmp_path: Path) -> None:
    widget = annotator(items[:1], tmp_path, sizes={"person": (0.7, 0.7, 1.8)})
    assert widget.spec["sizes"] == {"car": [4.5, 1.8, 1.5], "person": [0.7, 0.7, 1.8]}


@pytest.mark.parametrize("size", [(1, 2), (1, 0, 2)])
def test_an_impossible_size_is_refused(items: list[Item], tmp_path: Path, size: tuple) -> None:
    with pytest.raises(LabelSchoolError, match="three lengths above 0"):
        annotator(items[:1], tmp_path, sizes={"car": size})


def test_an_item_without_a_sweep_is_refused(tmp_path: Path) -> None:
    item = Item(name="still", image=tmp_path / "still.png", width=640, height=480)
    with pytest.raises(LabelSchoolError, match="'still' needs a sweep"):
        annotator([item], tmp_path)

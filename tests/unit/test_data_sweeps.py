"""`lidar_lite`: sweeps, pictures and cuboids agree, and every edge case of the syllabus occurs."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from labelschool import datasets
from labelschool.model import cuboid_corners, project

NAME = "lidar_lite"
POOLS = {"practice": 6, "counted": 10, "exam": 8}
LEAST = {
    "few_points": 12,
    "l_shape": 20,
    "side_mirror": 10,
    "open_door": 5,
    "ghost_point": 6,
    "no_label_zone": 4,
}
OVERLAPPING_PAIRS = 4
GROUND = 0.12
"""Metres above its lower face from which on a return in a cuboid is the object's own."""
NOISE = 0.10
SIZES = {
    "car": ((3.8, 5.0), (1.7, 2.0), (1.4, 2.0)),
    "person": ((0.2, 1.1), (0.35, 0.8), (1.3, 2.0)),
    "cyclist": ((1.6, 2.0), (0.4, 0.8), (1.3, 2.0)),
}


def points(item) -> np.ndarray:
    """Points of a sweep in metres, shape (n, 3)."""
    with np.load(item.sweep) as sweep:
        return sweep["xyz"] / 100


def inside(xyz, cuboid, grow=0.0, lift=0.0, size=None) -> np.ndarray:
    """Which points lie in a cuboid, from ``lift`` above its lower face."""
    offset = xyz - np.array(cuboid.center)
    cosine, sine = math.cos(cuboid.yaw), math.sin(cuboid.yaw)
    along = offset[:, 0] * cosine + offset[:, 1] * sine
    across = offset[:, 1] * cosine - offset[:, 0] * sine
    length, width, height = size or cuboid.size
    return (
        (np.abs(along) <= length / 2 + grow)
        & (np.abs(across) <= width / 2 + grow)
        & (offset[:, 2] <= height / 2 + grow)
        & (offset[:, 2] >= -height / 2 - grow + lift)
    )


@pytest.fixture(scope="module", params=POOLS)
def pool(request):
    """(name of the pool, [(item, truth)])."""
    items, truths = datasets.items(NAME, request.param), datasets.truth(NAME, request.param)
    return request.param, list(zip(items, truths, strict=True))


@pytest.fixture(scope="module")
def everything():
    return [
        pair
        for name in POOLS
        for pair in zip(datasets.items(NAME, name), datasets.truth(NAME, name), strict=True)
    ]


def test_each_pool_has_its_sweeps(pool):
    name, pairs = pool
    assert len(pairs) == POOLS[name]
    for item, truth in pairs:
        assert item.name == truth.item
        with Image.open(item.camera) as picture:
            assert picture.size == (item.width, item.height) == (640, 480)


def test_no_scene_is_shared(everything):
    scenes = [truth.scene for _, truth in everything]
    assert len(set(scenes)) == len(scenes)
    assert all(scenes)


def test_a_sweep_is_what_the_format_says(everything):
    for item, _truth in everything:
        with np.load(item.sweep) as sweep:
            assert set(sweep.files) == {"xyz", "intensity", "ring"}
            assert sweep["xyz"].dtype == np.int16
            assert sweep["xyz"].shape[1] == 3
            assert sweep["intensity"].dtype == sweep["ring"].dtype == np.uint8
            assert len(sweep["xyz"]) == len(sweep["intensity"]) == len(sweep["ring"])
            assert sweep["ring"].max() < 32
            elevation = np.arctan2(
                sweep["xyz"][:, 2], np.hypot(sweep["xyz"][:, 0], sweep["xyz"][:, 1])
            )
        assert math.radians(-24.6) < elevation.min()
        assert elevation.max() < math.radians(4.6)


def test_practice_sweeps_are_small_and_the_others_whole(pool):
    name, pairs = pool
    for item, _ in pairs:
        count = len(points(item))
        assert 800 <= count <= 3000 if name == "practice" else count > 15_000


def test_cuboids_are_sane(everything):
    for _, truth in everything:
        assert len({cuboid.id for cuboid in truth.cuboids}) == len(truth.cuboids)
        for cuboid in truth.cuboids:
            assert -math.pi < cuboid.yaw <= math.pi
            assert cuboid.points >= 1
            for (low, high), value in zip(SIZES.get(cuboid.label, ()), cuboid.size, strict=False):
                assert low <= value <= high, cuboid
            if cuboid.size_with_mirrors:
                wider = cuboid.size_with_mirrors[1] - cuboid.size[1]
                assert 0.2 < wider < 0.8
                assert cuboid.size_with_mirrors[0] == cuboid.size[0]


def test_a_cuboid_holds_its_points(everything):
    for item, truth in everything:
        xyz = points(item)
        for cuboid in truth.cuboids:
            assert inside(xyz, cuboid, NOISE).sum() >= cuboid.points, (item.name, cuboid.id)
            others = [c for c in truth.cuboids if c is not cuboid]
            own = inside(xyz, cuboid, -0.02, GROUND)
            for other in others:
                own &= ~inside(xyz, other, 0.3)
            assert own.sum() <= cuboid.points + 3, (item.name, cuboid.id)


def test_cuboids_stand_on_the_ground(everything):
    """Returns beside an object, at its foot, lie at the height of its lower face."""
    checked = 0
    for item, truth in everything:
        xyz = points(item)
        for cuboid in truth.cuboids:
            foot = cuboid.center[2] - cuboid.size[2] / 2
            length, width, _ = cuboid.size
            around = inside(xyz, cuboid, size=(length + 0.6, width + 0.6, 9.0))
            around &= ~inside(xyz, cuboid, NOISE, GROUND)
            low = xyz[around & (np.abs(xyz[:, 2] - foot) < 0.4)]
            if len(low) >= 10 and cuboid.label in ("car", "van"):
                assert abs(np.median(low[:, 2]) - foot) < 0.16, (item.name, cuboid.id)
                checked += 1
    assert checked > 30


def test_returns_of_an_object_fall_on_its_projected_cuboid(everything):
    checked = 0
    for item, truth in everything:
        xyz = points(item)
        for cuboid in truth.cuboids:
            corners = np.array(project(cuboid_corners(cuboid), item.calibration))
            own = inside(xyz, cuboid)
            if (corners[:, 2] < 1).any() or not own.any():
                continue
            seen = np.array(project(xyz[own], item.calibration))
            low, high = corners[:, :2].min(0) - 0.5, corners[:, :2].max(0) + 0.5
            assert ((seen[:, :2] >= low) & (seen[:, :2] <= high)).all()
            checked += 1
    assert checked > 60


def test_the_picture_shows_no_sky_where_something_was_measured(everything):
    """A wrong calibration would put roofs and trees onto the sky."""
    for item, truth in everything:
        pixels = np.asarray(Image.open(item.camera).convert("RGB"), float)
        xyz = points(item)
        solid = (np.hypot(xyz[:, 0], xyz[:, 1]) < 25) & (xyz[:, 2] > 0.2) & (xyz[:, 0] > 3)
        if solid.sum() < 50 or truth.ghost_points:
            continue
        seen = np.array(project(xyz[solid], item.calibration)).round().astype(int)
        inside_picture = (
            (seen[:, 0] >= 0) & (seen[:, 0] < 640) & (seen[:, 1] >= 0) & (seen[:, 1] < 480)
        )
        red, _, blue = pixels[seen[inside_picture, 1], seen[inside_picture, 0]].T
        sky = (blue - red > 35) & (blue > 140)
        assert sky.mean() < 0.10, item.name


def test_zones_hold_what_is_ignored(everything):
    for item, truth in everything:
        in_zone = {
            cuboid.id
            for cuboid in truth.cuboids
            for zone in item.zones
            if min(x for x, _ in zone) < cuboid.center[0] < max(x for x, _ in zone)
            and min(y for _, y in zone) < cuboid.center[1] < max(y for _, y in zone)
        }
        assert in_zone == {c.id for c in truth.cuboids if c.level == "ignore"}
        assert bool(item.zones) == bool(in_zone)


def test_every_edge_case_occurs_often_enough(everything):
    counts = Counter()
    for item, truth in everything:
        must = [cuboid for cuboid in truth.cuboids if cuboid.level == "must"]
        few = sum(1 <= cuboid.points <= 3 for cuboid in must)
        assert few == sum("few_points" in cuboid.edge_cases for cuboid in must)
        counts["few_points"] += few
        counts["l_shape"] += sum("l_shape" in cuboid.edge_cases for cuboid in must)
        counts["side_mirror"] += sum(
            "side_mirror" in cuboid.edge_cases and cuboid.size_with_mirrors is not None
            for cuboid in must
        )
        counts["open_door"] += sum("open_door" in cuboid.edge_cases for cuboid in must)
        counts["ghost_point"] += truth.ghost_points >= 20
        counts["no_label_zone"] += bool(item.zones)
    assert {name: counts[name] for name in LEAST if counts[name] < LEAST[name]} == {}


def test_mirrors_and_doors_have_returns_outside_the_body(everything):
    for item, truth in everything:
        xyz = points(item)
        for cuboid in truth.cuboids:
            length, width, height = cuboid.size
            beside = inside(xyz, cuboid, size=(length, width + 2.6, height), lift=0.35)
            beside &= ~inside(xyz, cuboid)
            if "side_mirror" in cuboid.edge_cases or "open_door" in cuboid.edge_cases:
                assert beside.any(), (item.name, cuboid.id)


def test_people_overlap_in_enough_places(everything):
    pairs = 0
    for _, truth in everything:
        people = [c for c in truth.cuboids if "overlapping_people" in c.edge_cases]
        for index, first in enumerate(people):
            for second in people[index + 1 :]:
                gap = math.dist(first.center[:2], second.center[:2])
                pairs += gap < (max(first.size[:2]) + max(second.size[:2])) / 2
    assert pairs >= OVERLAPPING_PAIRS


def test_echo_points_lie_behind_the_house_fronts(everything):
    """Beyond the plane in which most returns above the scanner lie, on either side."""
    found = 0
    for item, truth in everything:
        if truth.ghost_points < 20:
            continue
        xyz = points(item)
        aside = np.abs(xyz[:, 1])
        counts, edges = np.histogram(aside[xyz[:, 2] > 0], bins=np.arange(3, 30, 0.5))
        front = edges[counts.argmax() + 1]
        assert (aside > front + 0.5).sum() >= 0.3 * truth.ghost_points, item.name
        found += 1
    assert found >= LEAST["ghost_point"]

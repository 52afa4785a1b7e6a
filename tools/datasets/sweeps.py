"""Point clouds with cuboids: cast what is missing, then derive sweeps, pictures and truth."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
from common import CONTACT_SHEET, Datasheet, finish, fresh_folder, write_pool
from motion import SceneError, raw, read_recipes, render_missing
from photo import contact_sheet, write_photo
from PIL import Image, ImageDraw
from scipy.spatial import ConvexHull, Delaunay

from labelschool.model import Calibration, TruthCuboid, cuboid_corners, project

GUIDELINE = "G5.v1"
GHOST = 255
BODY, MIRROR, DOOR = range(3)
END, SIDE = 1, 2
SIDED = ("car", "van", "truck", "bus", "trailer")
"""Classes with flat ends and sides."""
FEW = 3
TWO_SIDES, DOOR_POINTS, GHOST_POINTS = 8, 5, 20
"""Returns from which on a side, a door or an echo can be recognised as such."""
SURFACE = 0.10
"""Metres by which noise may lift a return off its object."""
PICTURE_SLACK = 2.0
"""Pixels by which an object's id may leave its projected cuboid."""
PRACTICE_POINTS = (800, 3000)
VIEW = (-16.0, 48.0, -11.0, 11.0)
"""Metres shown on the contact sheet: x from, x to, y from, y to."""
MAKING = """Simulated, not measured: a scanner of 32 rings x 900 directions (-24 to +4 degrees,
reach 80 m, 1.85 m above the road) is cast into the street that the camera picture is rendered
from (Blender bpy 5.0.1 by `tools/scenes`): the calibration is exact. Ranges carry 18 mm of noise;
grazing pulses and pulses on car windows get lost; intensity follows material, angle and distance.
Side mirrors and open doors are geometry of their own: `size` is the body, `size_with_mirrors` the
same box with mirrors, doors are in neither, and `points` counts the returns of the body. Shop
windows mirror two thirds of the pulses, which come back as echo points behind the glass
(`ghost_points`). `sweeps/*.npz` holds `xyz` (int16, centimetres, x forward, y left, z up),
`intensity` and `ring` (uint8). Practice sweeps are cropped. Objects without a return are not in the
truth; objects inside a zone of `items.json` are `ignore`."""
GAPS = """Surfaces are opaque, so nothing is scanned through windows, and nothing moves during the
turn of the scanner. Cars beyond 30 m have few returns at 32 rings. Walkers are simplified figures.
A person or cyclist beyond 45 m often has a single return or none."""


def kept_points(recipe: dict, arrays: dict) -> np.ndarray:
    """Which returns the learner gets: all, or those inside the recipe's crop."""
    xyz = arrays["xyz"]
    if "crop" not in recipe:
        return np.ones(len(xyz), bool)
    x0, x1, y0, y1 = recipe["crop"]
    return (xyz[:, 0] > x0) & (xyz[:, 0] < x1) & (xyz[:, 1] > y0) & (xyz[:, 1] < y1)


def inside_cuboid(xyz: np.ndarray, cuboid: TruthCuboid, grow: float = 0.0) -> np.ndarray:
    """Which points (n, 3) lie in a cuboid grown by ``grow`` metres on every side."""
    offset = xyz - np.array(cuboid.center)
    cosine, sine = np.cos(cuboid.yaw), np.sin(cuboid.yaw)
    local = np.column_stack(
        [
            offset[:, 0] * cosine + offset[:, 1] * sine,
            offset[:, 1] * cosine - offset[:, 0] * sine,
            offset[:, 2],
        ]
    )
    return (np.abs(local) <= np.array(cuboid.size) / 2 + grow).all(axis=1)


def footprints_overlap(first: TruthCuboid, second: TruthCuboid) -> bool:
    """Whether two cuboids share ground (separating axes of the two rectangles)."""
    corners = [np.array(cuboid_corners(cuboid))[:4, :2] for cuboid in (first, second)]
    for yaw in (first.yaw, second.yaw):
        for axis in ((np.cos(yaw), np.sin(yaw)), (-np.sin(yaw), np.cos(yaw))):
            a, b = (points @ np.array(axis) for points in corners)
            if a.max() <= b.min() or b.max() <= a.min():
                return False
    return True


def in_zone(cuboid: dict, zones) -> bool:
    """Whether the centre of a cuboid lies in one of the convex zones."""
    return any(Delaunay(np.array(zone)).find_simplex(cuboid["center"][:2]) >= 0 for zone in zones)


def derive_cuboid(entry: dict, arrays: dict, zones) -> TruthCuboid | None:
    """Truth of one object from the kept returns; None where the scanner did not meet it."""
    own = arrays["owner"] == entry["id"]
    body = own & (arrays["part"] == BODY)
    points = int(body.sum())
    if not points:
        return None
    ends, sides = (int((body & (arrays["face"] == face)).sum()) for face in (END, SIDE))
    cases = {
        "few_points": points <= FEW,
        "l_shape": entry["label"] in SIDED and min(ends, sides) >= TWO_SIDES,
        "side_mirror": bool((own & (arrays["part"] == MIRROR)).any()),
        "open_door": int((own & (arrays["part"] == DOOR)).sum()) >= DOOR_POINTS,
    }
    return TruthCuboid(
        id=entry["id"],
        label=entry["label"],
        center=entry["center"],
        size=entry["size"],
        yaw=entry["yaw"],
        points=points,
        size_with_mirrors=entry.get("mirrored"),
        level="ignore" if in_zone(entry, zones) else "must",
        edge_cases=tuple(sorted(name for name, shown in cases.items() if shown)),
    )


def check(recipe: dict, entry: dict, cuboid: TruthCuboid, arrays: dict, calibration: Calibration):
    """Raise SceneError unless returns and picture agree with the cuboid."""
    own = (arrays["owner"] == entry["id"]) & (arrays["part"] == BODY)
    if not inside_cuboid(arrays["xyz"][own], cuboid, SURFACE).all():
        raise SceneError(f"{recipe['item']}: returns of object {entry['id']} leave its cuboid")
    rows, columns = np.nonzero(arrays["ids"] == entry["id"])
    whole = cuboid.model_copy(update={"size": cuboid.size_with_mirrors or cuboid.size})
    corners = np.array(project(cuboid_corners(whole), calibration))
    if not len(rows) or (corners[:, 2] < 0.3).any():
        return
    hull = ConvexHull(corners[:, :2])
    pixels = np.column_stack([columns + 0.5, rows + 0.5, np.ones(len(rows))])
    outside = (pixels @ hull.equations.T).max(axis=1)
    if outside.max() > PICTURE_SLACK:
        raise SceneError(
            f"{recipe['item']}: object {entry['id']} is seen {outside.max():.1f} px outside"
        )


def derive(name: str, recipe: dict):
    """(items.json entry, truth, learner's arrays) of one sweep."""
    item, note = recipe["item"], json.loads(raw(name, recipe, ".json").read_text(encoding="utf-8"))
    with np.load(raw(name, recipe, ".npz")) as loaded:
        arrays = dict(loaded)
    kept = kept_points(recipe, arrays)
    arrays = {key: value if key == "ids" else value[kept] for key, value in arrays.items()}
    calibration = Calibration.model_validate(note["calibration"])
    cuboids = []
    for entry in note["cuboids"]:
        if cuboid := derive_cuboid(entry, arrays, note["zones"]):
            check(recipe, entry, cuboid, arrays, calibration)
            cuboids.append(cuboid)
    cuboids = mark_overlapping_people(cuboids)
    ghosts = int((arrays["owner"] == GHOST).sum())
    of_item = {"ghost_point": ghosts >= GHOST_POINTS, "no_label_zone": bool(note["zones"])}
    cases = {case for cuboid in cuboids if cuboid.level == "must" for case in cuboid.edge_cases}
    cases |= {case for case, shown in of_item.items() if shown}
    entry = {
        "item": item,
        "sweep": f"sweeps/{item}.npz",
        "camera": f"images/{item}.jpg",
        "width": arrays["ids"].shape[1],
        "height": arrays["ids"].shape[0],
        "calibration": note["calibration"],
    } | ({"zones": note["zones"]} if note["zones"] else {})
    truth = {
        "item": item,
        "scene": recipe["scene"],
        "edge_cases": sorted(cases),
        "sweep": entry["sweep"],
        "cuboids": cuboids,
        "ghost_points": ghosts,
    }
    learner = {
        "xyz": np.round(arrays["xyz"] * 100).astype(np.int16),
        "intensity": arrays["intensity"],
        "ring": arrays["ring"],
    }
    low, high = PRACTICE_POINTS
    if recipe["pool"] == "practice" and not low <= len(learner["xyz"]) <= high:
        raise SceneError(f"{item}: {len(learner['xyz'])} points; change its crop")
    return entry, truth, learner


def mark_overlapping_people(cuboids: list[TruthCuboid]) -> list[TruthCuboid]:
    """The same cuboids, people who share ground marked as such."""
    marked = []
    for cuboid in cuboids:
        others = [other for other in cuboids if other.label == "person" and other != cuboid]
        if cuboid.label == "person" and any(footprints_overlap(cuboid, one) for one in others):
            cases = tuple(sorted({*cuboid.edge_cases, "overlapping_people"}))
            cuboid = cuboid.model_copy(update={"edge_cases": cases})
        marked.append(cuboid)
    return marked


def bird_eye(learner: dict, zones, width: int, height: int) -> Image.Image:
    """The points from above, forward to the right; brighter is stronger, zones are outlined."""
    x0, x1, y0, y1 = VIEW
    scale = min(width / (x1 - x0), height / (y1 - y0))
    view = np.zeros((height, width), np.uint8)
    columns = ((learner["xyz"][:, 0] / 100 - x0) * scale).astype(int)
    rows = ((y1 - learner["xyz"][:, 1] / 100) * scale).astype(int)
    seen = (columns >= 0) & (columns < width) & (rows >= 0) & (rows < height)
    light = np.minimum(255, 110 + learner["intensity"].astype(int)).astype(np.uint8)
    np.maximum.at(view, (rows[seen], columns[seen]), light[seen])
    picture = Image.fromarray(view).convert("RGB")
    for zone in zones:
        outline = [((x - x0) * scale, (y1 - y) * scale) for x, y in zone]
        ImageDraw.Draw(picture).polygon(outline, outline=(255, 210, 0))
    return picture


def tile(camera: Path, learner: dict, zones, target: Path) -> Path:
    """One picture for the contact sheet: the points from above and the middle of the camera's."""
    with Image.open(camera) as opened:
        width, height = opened.size
        view = bird_eye(learner, zones, width, height // 2)
        sheet = Image.new("RGB", (width, height))
        sheet.paste(view, (0, 0))
        sheet.paste(opened.crop((0, height // 4, width, height * 3 // 4)), (0, height // 2))
    sheet.save(target)
    return target


def edge_counts(truths) -> Counter:
    """How often each edge case occurs: by object, and by sweep for zones and echo points."""
    counts = Counter()
    for truth in truths:
        for cuboid in truth["cuboids"]:
            counts.update(cuboid.edge_cases if cuboid.level == "must" else ())
        counts.update({"ghost_point", "no_label_zone"} & set(truth["edge_cases"]))
    return counts


def composition(pools: dict, points: dict):
    """Rows of the datasheet, counted from the truth of ``{pool: truths}``."""
    rows = [("pools", ", ".join(f"{pool} {len(truths)}" for pool, truths in pools.items()))]
    for pool, truths in pools.items():
        counts = [sum(c.level == "must" for c in truth["cuboids"]) for truth in truths]
        sizes = [points[truth["item"]] for truth in truths]
        rows.append(
            (
                f"{pool}",
                f"{sum(counts)} `must` objects, at most {max(counts)} a sweep; "
                f"{min(sizes)} to {max(sizes)} points",
            )
        )
    cuboids = [c for truths in pools.values() for truth in truths for c in truth["cuboids"]]
    labels = Counter(cuboid.label for cuboid in cuboids if cuboid.level == "must")
    rows.append(("`must` by class", ", ".join(f"{k} {n}" for k, n in labels.most_common())))
    rows.append(("`ignore`", sum(cuboid.level == "ignore" for cuboid in cuboids)))
    return rows


def build(name: str) -> None:
    """Write ``datasets/NAME``; starts the renderer for sweeps that are missing."""
    recipes = read_recipes(name, "sweep")
    render_missing("render_sweep.py", name, recipes)
    folder = fresh_folder(name, "sweeps", "images")
    items, pools, points, tiles = {}, {}, {}, []
    for recipe in recipes:
        entry, truth, learner = derive(name, recipe)
        np.savez_compressed(folder / entry["sweep"], **learner)
        camera = folder / entry["camera"]
        write_photo(raw(name, recipe, ".png"), camera, recipe.get("light", "day"))
        target = raw(name, recipe, ".tile.png")
        tiles.append(tile(camera, learner, entry.get("zones", []), target))
        items.setdefault(recipe["pool"], []).append(entry)
        pools.setdefault(recipe["pool"], []).append(truth)
        points[recipe["item"]] = len(learner["xyz"])
    for pool, truths in pools.items():
        write_pool(folder, pool, "cuboids", GUIDELINE, items[pool], truths)
    contact_sheet(tiles, folder / CONTACT_SHEET, columns=6)
    sheet = Datasheet(
        motivation="Point clouds of a spinning scanner, each with a camera picture and the exact "
        "calibration between them, to fit cuboids to (exercise 4.B and exam P2).",
        composition=composition(pools, points),
        making=MAKING,
        gaps=GAPS,
        edge_cases=list(edge_counts([t for truths in pools.values() for t in truths]).items()),
    )
    finish(folder, GUIDELINE, sheet)

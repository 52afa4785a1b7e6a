"""Full recipes from short rows, by seed.

A short row says what a picture is for: ``item``, ``pool``, ``scene``, ``seed``, ``layout``,
``camera``, and where they differ from the default ``batch``, ``light``, ``weather``, ``wants`` (the
situations of ``situations.PLACERS``, or ``empty``), ``must`` (about how many objects), ``size``,
``samples``, ``edge`` (edge cases of the whole picture) and ``place`` (a seed of the surroundings
that two pictures share). The same row and ``take`` give the same recipe. Whether
a recipe shows what it should is decided by rendering its ids; where it does not, the next take is
tried.
"""

from __future__ import annotations

import random

from draft import CARS, Draft, NoRoom
from layouts import LAYOUTS
from situations import PLACERS, clear

DEFAULT_MUST = 6
ATTEMPTS = 12
TRIES = 60
"""Places drawn for one thing of the ordinary traffic."""
TRAFFIC = {
    "car": 34,
    "walker": 26,
    "cyclist": 9,
    "van": 9,
    "truck": 6,
    "bus": 11,
    "sign": 6,
    "light": 8,
}
"""What ordinary traffic consists of, by weight."""
COPIED = (
    "item",
    "pool",
    "batch",
    "scene",
    "layout",
    "light",
    "weather",
    "size",
    "samples",
    "edge",
)
"""What a recipe takes over from its row."""
SIGNS = ("stop", "speed30", "speed50", "yield", "no_entry", "crossing", "parking")
LIGHTS = ("red", "amber", "green")


def compose(row: dict, take: int = 0) -> dict:
    """The full recipe of a short row. Raises NoRoom if nothing fits in several attempts."""
    for attempt in range(ATTEMPTS):
        try:
            return _compose(row, f"{row['seed']}/{take}/{attempt}")
        except NoRoom as problem:
            reason = problem
    raise NoRoom(f"{row['item']}: {reason}")


def _compose(row, seed):
    chance, place = random.Random(seed), row.get("place", row["seed"])
    wants, light = row.get("wants", []), row.get("light", "day")
    street = _street(row["layout"], wants, random.Random(place))
    camera = _camera(row, street, chance)
    size = row.get("size", [640, 480])
    draft = Draft(row["layout"], street, camera, light, size, seed)
    draft.shuffle_paint()
    for name, placer in PLACERS.items():
        for _ in range(wants.count(name)):
            draft.add(placer(draft, name))
    if "empty" in wants:
        _furnish(draft)
    else:
        _fill(draft, row.get("must", DEFAULT_MUST))
    recipe = {key: row[key] for key in COPIED if key in row}
    recipe |= {"seed": place, "sun": _sun(light, chance), "street": street, "camera": camera}
    if keep := _keep_clear(row, wants):
        recipe["keep_clear"] = keep
    return recipe | {"objects": draft.rows}


def _street(layout, wants, chance):
    """Trees, lamps and now and then a crossing, so that a layout does not look the same twice."""
    street = LAYOUTS[layout]
    sides = [["left"], ["right"], ["left", "right"]]
    settings = {"lamps": chance.choice(sides)}
    if "window" in wants:
        return settings | {"trees": [], "lamps": ["left"]}
    if "mirror" in wants or street.width < 8:
        settings["trees"] = [] if street.width < 8 else ["left"]
    else:
        settings["trees"] = chance.choice([[], *sides])
    straight = not street.bend and street.width >= 8.5
    if straight and chance.random() < 0.35:
        settings["crossing"] = round(chance.uniform(17, 30), 1)
    return settings


def _camera(row, street, chance):
    """A camera of the kind the row asks for; ``at`` and ``look`` as in ``scene``."""
    layout, kind = LAYOUTS[row["layout"]], row["camera"]
    half, edge = layout.half, layout.half + layout.pavement

    def between(low, high):
        return round(chance.uniform(low, high), 2)

    if kind == "window":
        at, look = (
            [between(half + 0.7, half + 1.2), -2.0, 1.6],
            [between(edge - 3, edge - 2.4), 20, 1.3],
        )
        fov = 62
    elif kind == "mirror":
        at, look, fov = [between(1.5, 2.1), -2.0, 1.6], [between(1.2, 1.7), 30, 2.2], 62
    elif kind in ("left", "right"):
        side = 1 if kind == "right" else -1
        at = [side * between(half + 0.5, min(half + 1.6, edge - 0.6)), -2.0, between(1.55, 1.7)]
        look, fov = [side * between(0.0, half * 0.35), 24, between(1.0, 1.4)], between(58, 66)
    elif kind == "mast":
        at = [between(-half, half), -4.0, between(4.4, 6.2)]
        look, fov = [between(-1, 1), between(20, 26), 0.4], between(58, 66)
    elif kind == "bus":
        at, look = [between(0.6, half - 2.2), -2.0, between(2.2, 2.8)], [between(-0.6, 1), 30, 1.3]
        fov = between(58, 66)
    elif kind == "tele":
        at, look = [between(-0.4, 1.2), -2.0, between(1.5, 2.0)], [between(-0.2, 0.6), 30, 1.6]
        fov = between(44, 50)
    else:
        at = [between(0.4, max(0.8, half - 2.9)), -2.0, between(1.35, 1.75)]
        look, fov = [between(-0.8, 1.2), 30, between(1.1, 1.5)], between(56, 66)
    return {"at": at, "look": look, "fov": row.get("fov", fov)}


def _sun(light, chance):
    """Elevation and rotation in degrees; mostly behind the camera or beside it."""
    elevation = chance.uniform(2.0, 3.6) if light == "dusk" else chance.uniform(24, 58)
    rotation = chance.choice(
        (chance.uniform(110, 250), chance.uniform(20, 110), chance.uniform(250, 340))
    )
    return [round(elevation, 1), round(rotation) % 360]


def _keep_clear(row, wants):
    """Stretches of the street without trees and furniture of their own."""
    if {"window", "mirror"} & set(wants):
        return [[0, 40]]
    if {"crowd", "poster", "statue", "mannequin", "parked_bicycle", "mounting"} & set(wants):
        return [[2, 18]]
    return [[-4, 12]] if row["camera"] in ("left", "right", "mast") else []


def _fill(draft, must):
    """Ordinary traffic until about ``must`` objects count."""
    misses = 0
    while _counting(draft) < must and misses < 6:
        kind = draft.chance.choices(list(TRAFFIC), TRAFFIC.values())[0]
        for _ in range(TRIES):
            rows = [_ordinary(draft, kind)]
            seen = draft.look(rows)
            if seen is not None and clear(seen[0], 0.05, height=22):
                draft.add(rows)
                break
        else:
            misses += 1


def _counting(draft):
    """About how many objects of the draft will be ``must``."""
    crowd = sum(row["kind"] == "crowd" for row in draft.rows)
    return 10 * crowd + sum(
        "color" in row
        or row["kind"]
        in (
            "walk",
            "stand",
            "phone",
            "cyclist",
            "mount",
            "sign",
            "light",
            "trailer_box",
            "trailer_open",
        )
        for row in draft.rows
        if row["at"][1] > 0
    )


def _ordinary(draft, kind):
    chance, street = draft.chance, draft.street
    side = chance.choice((-1, 1))
    reach = 46 if draft.view.size[0] > 640 else 34
    if kind == "walker":
        if draft.crossing and chance.random() < 0.3:
            return draft.person(chance.uniform(-0.9, 0.9) * street.half, draft.crossing - 7.5)
        return draft.person(draft.pavement(side), chance.uniform(6, reach - 8))
    if kind == "cyclist":
        return draft.cyclist(side, chance.uniform(7, reach - 12))
    if kind == "sign":
        at = draft.place(side * (street.half + 0.5), chance.uniform(9, 20))
        return {"kind": "sign", "at": at, "variant": chance.choice(SIGNS)}
    if kind == "light":
        near = draft.crossing - 5.5 if draft.crossing else chance.uniform(10, 18)
        at = draft.place(side * (street.half + 0.6), near)
        return {"kind": "light", "at": at, "variant": chance.choice(LIGHTS)}
    kinds = {
        "car": CARS,
        "van": ("compact_van", "panel_van"),
        "truck": ("truck", "flatbed", "small_truck"),
        "bus": ("bus",),
    }[kind]
    parks = kind in ("car", "van") and chance.random() < 0.4
    across = draft.parked(side) if parks else draft.lane(side)
    if draft.crossing and chance.random() < 0.12 and kind == "car":
        row = draft.vehicle(kinds, chance.uniform(-6, 6), draft.crossing + 0.4)
        return row | {"facing": chance.choice(("left", "right"))}
    return draft.vehicle(kinds, across, chance.uniform(7, reach))


def _furnish(draft):
    """Things that are not labelled, for a picture without objects."""
    chance = draft.chance
    for kind in chance.sample(("bench", "bin", "planter", "bush", "column"), 3):
        side = chance.choice((-1, 1))
        row = {"kind": kind, "at": draft.place(draft.pavement(side), chance.uniform(7, 18))}
        if kind == "bench":
            row["facing"] = "right" if side > 0 else "left"
        if draft.look([row]) is not None:
            draft.add([row])

"""How the situations that guideline G1 speaks of are set up in a street.

A placer gets the draft of a picture and returns rows for it, or raises `NoRoom`; it draws places
until the sketch shows what is wanted. Lengths are metres, positions (across, along).
"""

from __future__ import annotations

from draft import CARS, Draft, NoRoom

TRIES = 160
OPEN_DOORS = ("sedan", "suv", "compact_van")
HIDDEN = {"occluded_20": (0.13, 0.27), "occluded_50": (0.42, 0.60), "occluded_80": (0.68, 0.8)}
"""Hidden share the sketch must show; the renderer then decides by the wider true range."""
LIGHTLY, STRONGLY = ("parked", "queue", "large", "kerb"), ("people", "cyclist")
"""Pairs in which one hides the other; of thin things a small share is hard to hit."""
WIDE_PAVEMENT = 3.6


def attempt(draft: Draft, make, accept):
    """Rows of the first ``make()`` that fits and whose sketch passes ``accept(seen)``."""
    for _ in range(TRIES):
        rows = make()
        seen = draft.look(rows)
        if seen is not None and accept(seen):
            return rows
    raise NoRoom(make.__qualname__)


def clear(seen, hidden=0.06, outside=0.02, height=0.0):
    """Whether something is in full view and at least ``height`` px high."""
    return (
        seen is not None
        and seen.hidden <= hidden
        and seen.outside <= outside
        and seen.height >= height
    )


def occluded(draft: Draft, name: str):
    """Something in front of something else, so that a given share of it is hidden."""
    chance, (low, high) = draft.chance, HIDDEN[name]
    pair = chance.choice(LIGHTLY if name == "occluded_20" else (*LIGHTLY, *STRONGLY))

    def make():
        side, along = chance.choice((-1, 1)), chance.uniform(6.5, 17)
        behind = along + chance.uniform(1.0, 7.0)
        if pair == "parked":
            front = draft.vehicle(CARS, draft.parked(side), along)
            rear = draft.vehicle(CARS, draft.parked(side), along + chance.uniform(5.2, 9))
        elif pair == "queue":
            front = draft.vehicle(CARS, draft.lane(side), along + 3)
            rear = draft.vehicle(CARS, draft.lane(side), along + chance.uniform(9, 18))
        elif pair == "large":
            kinds = ("bus", "truck", "panel_van", "small_truck", "flatbed")
            front = draft.vehicle(kinds, draft.lane(side), along + 8)
            kinds = (*CARS, "panel_van", "truck", "compact_van")
            rear = draft.vehicle(kinds, draft.lane(side), along + chance.uniform(18, 32))
        elif pair == "kerb":
            front = draft.vehicle((*CARS, "compact_van"), draft.parked(side), along)
            rear = draft.person(side * (draft.street.half + chance.uniform(0.2, 1.4)), behind)
        elif pair == "people":
            front = draft.person(draft.pavement(side), along)
            rear = draft.person(front["at"][0] + chance.uniform(-0.8, 0.8), along + 1.5)
        else:
            front = draft.vehicle(CARS, draft.lane(side), along)
            rear = draft.cyclist(side, behind + 3)
        return [front, rear | {"edge": [name]}]

    def accept(seen):
        front, rear = seen
        return (
            clear(front, 0.1)
            and rear is not None
            and low <= rear.hidden <= high
            and rear.outside <= 0.02
            and rear.height >= (42 if name == "occluded_80" else 32)
        )

    return attempt(draft, make, accept)


def truncated(draft: Draft, name: str):
    """A vehicle or a person that the edge of the picture cuts."""
    chance = draft.chance

    def make():
        side = chance.choice((-1, 1))
        if chance.random() < 0.25:
            row = draft.person(draft.pavement(side), chance.uniform(3, 9))
        else:
            across = draft.parked(side) if chance.random() < 0.5 else draft.lane(side)
            kinds = (*CARS, *CARS, "compact_van", "panel_van", "bus", "small_truck")
            row = draft.vehicle(kinds, across, chance.uniform(2.5, 9))
        return [row | {"edge": [name]}]

    def accept(seen):
        seen = seen[0]
        return seen is not None and 0.24 <= seen.outside <= 0.66 and seen.hidden <= 0.2

    return attempt(draft, make, accept)


def small(draft: Draft, name: str):
    """Something far away, less than 16 px high."""
    chance, size = draft.chance, draft.view.focal

    def make():
        kinds = CARS if draft.light != "day" or chance.random() < 0.7 else ("walk",)
        along = size * (1.5 if kinds is CARS else 1.7) / chance.uniform(9.5, 14) - 2
        if along > draft.street.length - 8:
            along = draft.street.length - chance.uniform(4, 14)
        if kinds is CARS:
            across = draft.lane(chance.choice((-1, 1))) * chance.uniform(0.5, 1.5)
            row = draft.vehicle(CARS, across, along)
        else:
            row = draft.person(chance.uniform(-1, 1) * draft.street.half, along)
        return [row | {"edge": [name]}]

    def accept(seen):
        return clear(seen[0], 0.3) and 7.5 <= seen[0].height <= 14.6

    return attempt(draft, make, accept)


def decoy_on_pavement(draft: Draft, name: str):
    """A poster, a statue or a parked bicycle."""
    chance = draft.chance
    kind = "bicycle" if name == "parked_bicycle" else name

    def make():
        side = chance.choice((-1, 1))
        at = draft.place(draft.pavement(side), chance.uniform(6.5, 14))
        row = {"kind": kind, "at": at}
        if kind == "poster":
            row |= {"turn": round(-side * chance.uniform(4, 20)), "variant": chance.randrange(2)}
        elif kind == "bicycle":
            row |= {"variant": chance.randrange(3), "turn": round(chance.uniform(-28, 28))}
        else:
            row |= {"facing": "towards", "variant": chance.randrange(2)}
            row |= {"scale": round(chance.uniform(1.0, 1.25), 2)}
        return [row]

    return attempt(draft, make, lambda seen: clear(seen[0], 0.12, height=40))


def mannequin(draft: Draft, name: str):
    """A pair of mannequins in front of a shop."""
    chance, street = draft.chance, draft.street
    sides = [side for side, kind in ((-1, street.left), (1, street.right)) if kind == "town"]

    def make():
        side = chance.choice(sides)
        across = side * (street.half + street.pavement - 0.8)
        along = chance.uniform(7, 14)
        facing = "right" if side < 0 else "left"
        turn = round(side * chance.uniform(15, 35))
        return [
            {
                "kind": name,
                "at": draft.place(across, along + 1.2 * index),
                "facing": facing,
                "turn": turn,
                "variant": 2 + index,
            }
            for index in range(2)
        ]

    if not sides:
        raise NoRoom("no shops")
    return attempt(draft, make, lambda seen: clear(seen[0], 0.2, height=32))


def mounting(draft: Draft, name: str):
    """A rider astride with one foot still on the ground."""
    chance = draft.chance

    def make():
        side = chance.choice((-1, 1))
        across = side * (draft.street.half + chance.uniform(-0.8, 1.0))
        row = {
            "kind": "mount",
            "at": draft.place(across, chance.uniform(6, 13)),
            "facing": chance.choice(("away", "towards", "left", "right")),
            "turn": round(chance.uniform(-25, 25)),
            "variant": chance.randrange(4),
            "edge": [name],
        }
        return [row]

    return attempt(draft, make, lambda seen: clear(seen[0], height=52))


def trailer(draft: Draft, name: str):
    """A car with a trailer; trailer and car have a box each."""
    chance = draft.chance

    def make():
        side = chance.choice((-1, 1))
        across = draft.lane(side) + chance.uniform(-0.3, 0.3)
        along, gap = chance.uniform(8, 16), chance.uniform(4.6, 4.9)
        kind = chance.choice(("trailer_box", "trailer_open"))
        ahead, behind = (along + gap, along) if side > 0 else (along, along + gap)
        car = draft.vehicle(CARS, across, ahead)
        row = {
            "kind": kind,
            "at": [car["at"][0], round(behind, 2)],
            "facing": car.get("facing", "away"),
        }
        return [row | {"edge": [name]}, car]

    def accept(seen):
        return clear(seen[0], 0.45, height=24) and clear(seen[1], 0.6, height=24)

    return attempt(draft, make, accept)


def open_door(draft: Draft, name: str):
    """A parked car with its door open."""
    chance = draft.chance

    def make():
        side = chance.choice((-1, 1))
        row = draft.vehicle(OPEN_DOORS, draft.parked(side), chance.uniform(6.5, 13))
        return [row | {"door_open": True, "parked": True}]

    return attempt(draft, make, lambda seen: clear(seen[0], height=40))


def on_carrier(draft: Draft, name: str):
    """A recovery truck with a car on its deck, seen from behind: a truck and a car."""
    chance = draft.chance

    def make():
        across = draft.parked(1) if chance.random() < 0.3 else draft.lane(1)
        truck = draft.vehicle(("carrier",), across, chance.uniform(10, 20))
        across, along = truck["at"]
        car = draft.vehicle(CARS, across, along) | {"at": draft.place(across, along - 1.15)}
        return [truck, car | {"height": draft.deck, "edge": [name], "parked": True}]

    return attempt(draft, make, lambda seen: clear(seen[0], 0.2, height=40))


def van_truck(draft: Draft, name: str):
    """A parcel van or small truck seen from behind, where van and truck look alike."""
    chance = draft.chance

    def make():
        kind = chance.choice(("parcel_van", "parcel_van", "small_truck"))
        along = chance.uniform(13, 26) if kind == "parcel_van" else chance.uniform(18, 32)
        across = draft.parked(1) if chance.random() < 0.3 else draft.lane(1)
        return [draft.vehicle((kind,), across, along) | {"edge": [name]}]

    return attempt(draft, make, lambda seen: clear(seen[0], 0.15, height=36))


def side_mirror(draft: Draft, name: str):
    """A vehicle in full view, so near that one sees its side mirrors."""
    chance = draft.chance

    def make():
        side = chance.choice((-1, 1))
        row = draft.vehicle((*CARS, "compact_van"), draft.lane(side), chance.uniform(6, 22))
        return [row | {"edge": [name]}]

    return attempt(draft, make, lambda seen: clear(seen[0], height=75))


def crowd(draft: Draft, name: str):
    """More than ten people close together."""
    chance, street = draft.chance, draft.street
    sides = [-1, 1] if street.pavement >= WIDE_PAVEMENT else []
    side = chance.choice([*sides, 0])
    if side:
        across = side * (street.half + street.pavement / 2 - 0.2)
        spread = [round(street.pavement - 1.2, 1), round(chance.uniform(6, 8), 1)]
    else:
        across, spread = chance.uniform(-1, 1), [round(chance.uniform(5, 6.5), 1), 5.0]
    along = draft.crossing - 5.2 if draft.crossing and not side else chance.uniform(11, 15)
    row = {"kind": "crowd", "at": draft.place(across, along), "spread": spread}
    return [row | {"count": chance.randint(13, 18)}]


def mirror(draft: Draft, name: str):
    """A street mirror that shows two cars behind the camera."""
    chance, half = draft.chance, draft.street.half
    row = {
        "kind": "street_mirror",
        "at": draft.place(half + chance.uniform(0.1, 0.4), chance.uniform(5.2, 6.4)),
        "turn": round(chance.uniform(-26, -18)),
    }
    left = draft.vehicle(CARS, draft.lane(-1), chance.uniform(-8.5, -6.5)) | {"facing": "away"}
    right = draft.vehicle(CARS, draft.lane(1), chance.uniform(-6.6, -5.2)) | {"facing": "away"}
    return [row, left, right]


def window(draft: Draft, name: str):
    """Two polished shop fronts beside a pavement, with a car and a person in front of them."""
    chance, street = draft.chance, draft.street
    across, along = street.half + street.pavement - 0.2, chance.uniform(8, 9.5)
    panes = [{"kind": "shop_glass", "at": draft.place(across, along + 6.1 * i)} for i in range(2)]
    car = draft.vehicle((*CARS, "panel_van"), draft.parked(1), along + chance.uniform(1, 3))
    walker = draft.person(street.half + chance.uniform(1.2, 2.4), along + chance.uniform(3, 6))
    return [*panes, car, walker]


def puddle(draft: Draft, name: str):
    """A puddle with a car or a rider behind it."""
    chance = draft.chance

    def make():
        side = chance.choice((-1, 1))
        across, along = draft.lane(side) + chance.uniform(-0.3, 0.3), chance.uniform(7.5, 9)
        water = {"kind": "puddle", "at": draft.place(across, along), "turn": 90}
        if chance.random() < 0.3:
            row = draft.cyclist(side, along + chance.uniform(3.2, 4.4))
            row["at"][0] = round(across, 2)
        else:
            kinds = (*CARS, "compact_van")
            row = draft.vehicle(kinds, across, along + chance.uniform(4.4, 5.6))
        return [water, row]

    return attempt(draft, make, lambda seen: clear(seen[1], height=40))


PLACERS = {
    "window": window,
    "mirror": mirror,
    "crowd": crowd,
    "puddle": puddle,
    "on_carrier": on_carrier,
    "trailer": trailer,
    "mannequin": mannequin,
    "statue": decoy_on_pavement,
    "poster": decoy_on_pavement,
    "parked_bicycle": decoy_on_pavement,
    "mounting": mounting,
    "open_door": open_door,
    "truncated": truncated,
    "van_truck": van_truck,
    "side_mirror": side_mirror,
    "occluded_80": occluded,
    "occluded_50": occluded,
    "occluded_20": occluded,
    "small": small,
}
"""Situation -> placer, in the order in which they are placed."""

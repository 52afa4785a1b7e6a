"""Five weeks in the life of a labelling project, simulated: who labelled and reviewed what, when.

Fourteen people label street objects, one class and one box for each item; some of them also review.
The faults are those that audits meet in real stores: clients that write class names in their own
way, double submissions, imports without an item, retracted rows, work re-opened after acceptance.
`labelschool.generators.label_store` writes the outcome as a database.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

LABELS, ITEMS_PER_BATCH, GOLD_PER_BATCH = 20_000, 240, 20
WEEKS = 5
DAYS_A_WEEK = 7
HOUR = 3600
DAY = 24 * HOUR

VERSIONS = {
    1: ("car", "van", "truck", "bus", "person", "cyclist", "vehicle"),
    2: ("car", "van", "truck", "bus", "person", "cyclist", "trailer"),
    3: ("car", "van", "truck", "bus", "person", "cyclist", "trailer", "scooter"),
}
"""Classes of each ontology version."""
VERSION_DAYS = {1: -14, 2: 14, 3: 24}
"""First day of each version, UTC, counted from the first Monday."""
SHARES = {"car": 34, "van": 18, "truck": 14, "bus": 8, "person": 14, "cyclist": 12}
LATER_SHARES = {"trailer": 9, "scooter": 7}
"""How common each class is among the items, once its ontology version is there."""
CONFUSED = {
    "car": ("van", "truck"),
    "van": ("truck", "car"),
    "truck": ("van", "bus"),
    "bus": ("truck", "van"),
    "person": ("cyclist",),
    "cyclist": ("person",),
    "trailer": ("truck",),
    "scooter": ("cyclist", "person"),
}
SWAPPED = {"van": "truck", "truck": "van"}
KINDS = {"clear": 9_000, "crowded": 18_000, "night": 26_000}
"""Kind of item -> median time for a label in ms."""
SITES = {"Manila": (480, 6), "Hyderabad": (330, 9), "Accra": (0, 9), "Bogota": (-300, 14)}
"""Site -> minutes ahead of UTC (no summer time), local hour at which work begins."""
SHIFT_HOURS = 7
# fmt: off
NAMES = (
    "Abena", "Bela", "Chiku", "Dalia", "Emeka", "Farid", "Gita", "Hana", "Imara", "Jomo", "Kavya",
    "Lani", "Maya", "Nilo", "Oda", "Pilar", "Quyen", "Rosa", "Suda", "Tala", "Uma", "Vero", "Yaw",
)
# fmt: on

PARTS = {
    "drifting": (0.96, 1.0),
    "leaked": (0.80, 1.0),
    "spammer": (0.0, 0.45),
    "confuser": (0.96, 1.0),
    "speeder": (0.60, 0.055),
    "speeder-2": (0.62, 0.065),
    "quick": (0.97, 0.075),
    "newcomer": (0.93, 1.3),
    "borderline": (0.885, 0.9),
    "borderline-2": (0.88, 1.1),
    "careful": (0.97, 1.1),
    "careful-2": (0.98, 1.2),
    "rubber_stamp": (0.96, 0.9),
    "self_reviewer": (0.96, 1.0),
}
"""Part played -> share of right labels, time taken as a share of the median."""
HONEST_REVIEWERS = ("careful", "careful-2", "borderline")
DRIFTED = 0.55
NEWCOMER_DAY = 30


@dataclass(frozen=True, slots=True)
class Person:
    """An annotator. ``away`` and ``joined`` are days from the start."""

    id: int
    name: str
    part: str
    site: str
    accuracy: float
    away: frozenset[int]
    joined: int = 0
    old_client: bool = False
    """Writes class names with capitals and spaces now and then."""

    @property
    def offset(self) -> int:
        """Minutes that the clocks of the site are ahead of UTC; below 0 west of Greenwich."""
        return SITES[self.site][0]


@dataclass(slots=True)
class Item:
    """One object to label; ``box`` is (x, y, width, height) in px."""

    id: int
    day: int
    kind: str
    width: int
    height: int
    true: str
    box: tuple[int, int, int, int]
    split: str
    gold: bool
    withdrawn: bool = False


@dataclass(slots=True, eq=False)
class Label:
    """One label; ``created`` and ``deleted`` are seconds since 1970, UTC."""

    item: int | None
    person: Person
    cls: str
    box: tuple[int, int, int, int]
    split: str
    created: int
    ms: int
    version: int = 1
    deleted: int | None = None
    reviewed: bool = False

    @property
    def hash(self) -> str:
        """CRC-32 of the box as eight hexadecimal digits: the same for boxes equal to the pixel."""
        return f"{zlib.crc32(','.join(map(str, self.box)).encode()):08x}"


@dataclass(slots=True, eq=False)
class Review:
    """One decision on one label: accept, reject or reopen."""

    label: Label
    reviewer: Person
    decision: str
    created: int
    ms: int


@dataclass(slots=True)
class History:
    """All that happened. Days count from 0, the Monday on which the project begins."""

    start: date
    people: tuple[Person, ...]
    drift_day: int
    leak_day: int
    items: list[Item] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)

    def person(self, part: str) -> Person:
        """The first of the people who plays a part, a key of `PARTS`.

        Raises StopIteration for a part that nobody plays.
        """
        return next(person for person in self.people if person.part == part)

    def midnight(self, day: int) -> int:
        """The first second of a day in UTC."""
        moment = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)
        return int((moment + timedelta(days=day)).timestamp())


def labelled(rng: random.Random) -> History:
    """A project in which everything was labelled once and nothing yet reviewed or broken."""
    people = tuple(_people(rng))
    start = date(2026, 1, 5) + timedelta(weeks=rng.randrange(30))
    drift_day = rng.choice([day for day in range(15, 25) if works(people[0], day)])
    leak_day = rng.choice([day for day in range(10, 22) if works(people[1], day)])
    by_id = tuple(sorted(people, key=lambda person: person.id))
    history = History(start, by_id, drift_day, leak_day, list(_items(rng)))
    for item in history.items:
        present = [person for person in people if works(person, item.day)]
        if item.gold:
            present = [person for person in present if person.part != "newcomer"]
        for person in rng.sample(present, 5 if item.gold else 3):
            history.labels.append(label_item(history, item, person, rng))
    return history


def works(person: Person, day: int) -> bool:
    """Whether somebody labels on a day: from Monday to Friday, once here and not away."""
    return day % DAYS_A_WEEK < 5 and day >= person.joined and day not in person.away


def label_item(history: History, item: Item, person: Person, rng: random.Random) -> Label:
    """A first label, made some time in the person's shift of the item's day."""
    begin = SITES[person.site][1] * HOUR - person.offset * 60
    created = history.midnight(item.day) + begin + rng.randrange(SHIFT_HOURS * HOUR)
    pace = PARTS[person.part][1]
    ms = int(KINDS[item.kind] * pace * rng.lognormvariate(0, 0.35))
    cls = _class(history, item, person, rng)
    if person.old_client and rng.random() < 0.06:
        cls = rng.choice((cls.capitalize(), cls.upper(), f"{cls} ", f" {cls}"))
    return Label(item.id, person, cls, draw_box(item, person, rng), item.split, created, ms)


def valid_classes(day: int) -> tuple[str, ...]:
    """The classes of the ontology version in force on a day."""
    return VERSIONS[max(version for version, first in VERSION_DAYS.items() if first <= day)]


def draw_box(item: Item, person: Person, rng: random.Random) -> tuple[int, int, int, int]:
    """A box drawn by hand, inside the picture."""
    if person.part == "spammer":
        return _random_box(item.width, item.height, rng)
    left, top, width, height = item.box
    edges = (left, top, left + width, top + height)
    x1, y1, x2, y2 = (round(edge + rng.gauss(0, 2.5)) for edge in edges)
    x1, y1 = max(x1, 0), max(y1, 0)
    x2, y2 = min(x2, item.width), min(y2, item.height)
    return (x1, y1, x2 - x1, y2 - y1)


def _people(rng: random.Random) -> Iterator[Person]:
    """All fourteen in the order of `PARTS`, with ids and names that tell nothing."""
    ids = rng.sample(range(1, len(PARTS) + 1), len(PARTS))
    names = rng.sample(NAMES, len(PARTS))
    able = [part for part in PARTS if part not in ("spammer", "newcomer")]
    old_clients = rng.sample(able, 3)
    sites = rng.sample(list(SITES) * 4, len(PARTS))
    workdays = [day for day in range(NEWCOMER_DAY) if day % DAYS_A_WEEK < 5]
    for number, name, part, site in zip(ids, names, PARTS, sites, strict=True):
        accuracy = PARTS[part][0] + rng.uniform(-0.01, 0.01)
        away = frozenset(rng.sample(workdays, 3))
        joined = NEWCOMER_DAY if part == "newcomer" else 0
        yield Person(number, name, part, site, accuracy, away, joined, part in old_clients)


def _items(rng: random.Random) -> Iterator[Item]:
    number = 0
    for day in range(WEEKS * DAYS_A_WEEK):
        if day % DAYS_A_WEEK >= 5:
            continue
        known = valid_classes(day)
        shares = SHARES | {cls: share for cls, share in LATER_SHARES.items() if cls in known}
        gold = set(rng.sample(range(ITEMS_PER_BATCH), GOLD_PER_BATCH))
        for place in range(ITEMS_PER_BATCH):
            number += 1
            width, height = rng.choice(((640, 480), (800, 600), (1280, 720)))
            true = rng.choices(list(shares), list(shares.values()))[0]
            kind = rng.choices(list(KINDS), (5, 3, 2))[0]
            split = rng.choices(("train", "val", "test"), (70, 15, 15))[0]
            box = _random_box(width, height, rng)
            yield Item(number, day, kind, width, height, true, box, split, place in gold)


def _random_box(width: int, height: int, rng: random.Random) -> tuple[int, int, int, int]:
    w, h = rng.randint(24, width // 3), rng.randint(24, height // 3)
    return (rng.randint(0, width - w), rng.randint(0, height - h), w, h)


def _class(history: History, item: Item, person: Person, rng: random.Random) -> str:
    valid = valid_classes(item.day)
    if person.part == "spammer":
        return "car" if rng.random() < 0.9 else rng.choice(valid)
    accuracy = person.accuracy
    if person.part == "drifting" and item.day >= history.drift_day:
        accuracy = DRIFTED
    if person.part == "leaked" and item.gold and item.day >= history.leak_day:
        return item.true
    if person.part == "confuser" and rng.random() < 0.85:
        return SWAPPED.get(item.true, item.true)
    return item.true if rng.random() < accuracy else rng.choice(CONFUSED[item.true])
